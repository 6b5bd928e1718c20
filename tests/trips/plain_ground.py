"""A ground for tests: two zones that meet at 102° west, and a handful of towns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from convoylog import geo
from convoylog.model.tracks import Floats

TOWNS = {
    "Dodge City": (37.7528, -100.0171),
    "Lamar": (38.0872, -102.6208),
    "Denver": (39.7392, -104.9903),
    "Garden City": (37.9717, -100.8727),
}
NEAR_M = 12_000.0


class PlainGround:
    """Answers known by heart; see `convoylog.trips.ground.Ground`."""

    def zone_at(self, lat: float, lon: float) -> str:
        if abs(lat) < 5.0:
            return "UTC"
        return "America/Denver" if lon < -102.0 else "America/Chicago"

    def offset_at(self, zone: str, at: float) -> int:
        there = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at)
        offset = there.astimezone(ZoneInfo(zone)).utcoffset()
        assert offset is not None
        return int(offset.total_seconds())

    def instants_of(self, zone: str, naive: datetime) -> tuple[float, ...]:
        wall = naive.replace(tzinfo=UTC).timestamp()
        offsets = {self.offset_at(zone, wall + hours * 3600) for hours in (-24, 24)}
        return tuple(sorted(wall - o for o in offsets if self.offset_at(zone, wall - o) == o))

    def stop_name(self, lat: float, lon: float) -> str:
        apart = {name: geo.distance_m(lat, lon, *place) for name, place in TOWNS.items()}
        name = min(apart, key=lambda name: apart[name])
        return name if apart[name] <= NEAR_M else ""

    def end_name(self, lat: float, lon: float) -> str:
        return self.stop_name(lat, lon) or f"{lat:.2f}, {lon:.2f}"

    def region_name(self, lat: float, lon: float) -> str:  # noqa: ARG002
        return "Colorado" if lon < -102.05 else "Kansas"

    def regions_along(
        self,
        lat: Floats,  # noqa: ARG002
        lon: Floats,
    ) -> tuple[tuple[str, str, str], ...]:
        west = np.asarray(lon) < -102.05
        names = {False: ("US", "US-KS", "Kansas"), True: ("US", "US-CO", "Colorado")}
        return tuple(names[bool(side)] for side in dict.fromkeys(west.tolist()))
