"""The ground as the package knows it: zones, towns and regions of `convoylog.places`."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from convoylog.model.tracks import Floats
from convoylog.places import regions, towns, zones


class PackedGround:
    """Answers from the data in the package; see `ground.Ground`."""

    def zone_at(self, lat: float, lon: float) -> str:
        return zones.zone_at(lat, lon)

    def offset_at(self, zone: str, at: float) -> int:
        return zones.offset_at(zone, at)

    def instants_of(self, zone: str, naive: datetime) -> tuple[float, ...]:
        return zones.instants_of(zone, naive)

    def end_name(self, lat: float, lon: float) -> str:
        return towns.name_of(lat, lon)

    def stop_name(self, lat: float, lon: float) -> str:
        return towns.stop_name(lat, lon)

    def regions_along(self, lat: Floats, lon: Floats) -> tuple[tuple[str, str, str], ...]:
        which = regions.regions_along(lat, lon)
        known = regions.all_regions()
        numbers, first = np.unique(which, return_index=True)
        visited = numbers[np.argsort(first)].tolist()
        rows = [known[i] for i in visited if i >= 0]
        return tuple((row.country_code, row.code, row.name) for row in rows)

    def region_name(self, lat: float, lon: float) -> str:
        region = regions.region_at(lat, lon)
        return region.name if region else ""
