"""A ground for tests: two zones that meet at 102° west, and a handful of towns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from convoylog import geo
from convoylog.model.borders import Region
from convoylog.model.tracks import Floats
from convoylog.places.outlines import Outlines
from convoylog.places.regions import Regions

TOWNS = {
    "Dodge City": (37.7528, -100.0171),
    "Lamar": (38.0872, -102.6208),
    "Denver": (39.7392, -104.9903),
    "Garden City": (37.9717, -100.8727),
}
NEAR_M = 12_000.0


class Zones(Regions):
    """Parts known by a name."""

    def at(self, number: int) -> str | None:  # type: ignore[override]
        return self.all[number].name if number >= 0 else None


def halves(lon: float, west: Region, east: Region) -> Regions:
    """The Earth in two parts that meet at a meridian, and where it ends."""
    lines = [
        [(a, -90.0), (b, -90.0), (b, 90.0), (a, 90.0), (a, -90.0)]
        for a, b in ((-180.0, lon), (lon, 180.0))
    ]
    numbers = np.array([0, 5, 10]), np.arange(2), np.arange(3)
    return Regions((west, east), Outlines(np.concatenate(lines), *numbers))


KANSAS = Region("US", "United States", "US-KS", "Kansas", "KS")
COLORADO = Region("US", "United States", "US-CO", "Colorado", "CO")
REGIONS = halves(-102.05, COLORADO, KANSAS)
_MEET = halves(-102.0, Region("", "", "", "America/Denver"), Region("", "", "", "America/Chicago"))
ZONES = Zones(_MEET.all, _MEET.outlines)


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

    def stop_names(self, lat: Floats, lon: Floats) -> list[str]:
        return list(map(self.stop_name, lat.tolist(), lon.tolist()))

    def end_names(self, lat: Floats, lon: Floats) -> list[str]:
        return list(map(self.end_name, lat.tolist(), lon.tolist()))

    def region_name(self, lat: float, lon: float) -> str:  # noqa: ARG002
        return "Colorado" if lon < -102.05 else "Kansas"

    def towns_along(
        self, lat: Floats, lon: Floats
    ) -> list[tuple[str, float, float, int, int, float]]:
        found = []
        for name, (y, x) in TOWNS.items():
            away = geo.near_m(y, x, lat, lon)
            k = int(np.argmin(away))
            if away[k] <= NEAR_M:
                found.append((name, y, x, len(name), k, float(away[k])))
        return found

    @property
    def regions(self) -> Regions:
        return REGIONS

    @property
    def scale_m(self) -> float | None:
        return self.regions.scale_m

    @property
    def zones(self) -> Zones:
        return ZONES
