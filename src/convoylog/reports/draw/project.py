"""From longitude and latitude to a flat map fitted to the trip.

Lambert's conformal conic between the poles, azimuthal equidistant near one, Mercator along the
equator. On a sphere: a map is looked at, not measured. Source: Snyder, Map Projections, 1987.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convoylog.model.tracks import Floats

#: metres, the sphere of equal volume
RADIUS_M = 6_371_000.0
#: degrees: beyond this a cone closes in on itself, below it it opens into a cylinder
_POLAR, _TROPIC = 72.0, 8.0


@dataclass(frozen=True, slots=True)
class Projection:
    """kind: conic, polar or mercator. lon0: the meridian that stands upright, degrees.

    n, f, rho0: the cone's constants; for the polar one, n is the pole's sign.
    """

    kind: str
    lon0: float
    n: float = 1.0
    f: float = 1.0
    rho0: float = 0.0

    def __call__(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """x east and y north in metres, of degrees of any shape."""
        # to the near side of the middle meridian: a trip over 180° stays in one piece
        x = np.radians((np.asarray(lon) - self.lon0 + 540.0) % 360.0 - 180.0)
        phi = np.radians(np.clip(lat, -89.5, 89.5))
        if self.kind == "mercator":
            return RADIUS_M * x, RADIUS_M * np.log(np.tan(np.pi / 4 + phi / 2))
        if self.kind == "polar":
            rho = RADIUS_M * (np.pi / 2 - self.n * phi)
            return rho * np.sin(x), -self.n * rho * np.cos(x)
        rho = RADIUS_M * self.f / np.tan(np.pi / 4 + phi / 2) ** self.n
        return rho * np.sin(self.n * x), self.rho0 - rho * np.cos(self.n * x)


def fit(lon: Floats, lat: Floats) -> Projection:
    """The projection for some places, degrees; for none, one of the whole world."""
    if not len(lon):
        return Projection("mercator", 0.0)
    lon0 = middle_longitude(lon)
    south, north = float(lat.min()), float(lat.max())
    middle = (south + north) / 2
    if abs(middle) > _POLAR:
        return Projection("polar", lon0, n=float(np.sign(middle)))
    if abs(middle) < _TROPIC or south * north < 0:
        return Projection("mercator", lon0)
    # standard parallels a sixth inside the trip keep the error small everywhere
    spread = max(north - south, 1.0)
    a, b = np.radians(south + spread / 6), np.radians(north - spread / 6)
    if abs(a - b) < 1e-6:
        n = np.sin(a)
    else:
        ta, tb = np.tan(np.pi / 4 + a / 2), np.tan(np.pi / 4 + b / 2)
        n = np.log(np.cos(a) / np.cos(b)) / np.log(tb / ta)
    f = np.cos(a) * np.tan(np.pi / 4 + a / 2) ** n / n
    rho0 = RADIUS_M * f / np.tan(np.pi / 4 + np.radians(middle) / 2) ** n
    return Projection("conic", lon0, float(n), float(f), float(rho0))


def middle_longitude(lon: Floats) -> float:
    """The middle of the shortest arc that holds all longitudes, in degrees."""
    around = np.unique(lon % 360.0)
    gaps = np.diff(np.concatenate([around, [around[0] + 360.0]]))
    widest = int(gaps.argmax())
    start = around[(widest + 1) % len(around)]
    middle = start + (360.0 - gaps[widest]) / 2
    return float((middle + 180.0) % 360.0 - 180.0)
