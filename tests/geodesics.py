"""Places at a distance, to test others by."""

from __future__ import annotations

from geographiclib.geodesic import Geodesic


def destination(lat: float, lon: float, bearing: float, metres: float) -> tuple[float, float]:
    """The place that many metres along the geodesic: degrees, longitude within ±180."""
    end = Geodesic.WGS84.Direct(lat, lon, bearing, metres, Geodesic.LATITUDE | Geodesic.LONGITUDE)
    return float(end["lat2"]), float(end["lon2"])
