"""The ground as the package knows it: zones, towns and regions of `convoylog.places`."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from convoylog.model.tracks import Floats
from convoylog.places import names, regions, towns, zones


class PackedGround:
    """Answers from the data in the package; see `ground.Ground`. others: regions instead of the package's."""

    def __init__(self, others: regions.Regions | None = None) -> None:
        self._others = others
        self._zones = zones.Zones()

    def zone_at(self, lat: float, lon: float) -> str:
        return zones.zone_at(lat, lon)

    def offset_at(self, zone: str, at: float) -> int:
        return zones.offset_at(zone, at)

    def instants_of(self, zone: str, naive: datetime) -> tuple[float, ...]:
        return zones.instants_of(zone, naive)

    def end_name(self, lat: float, lon: float) -> str:
        return names.name_of(lat, lon)

    def stop_name(self, lat: float, lon: float) -> str:
        return names.stop_name(lat, lon)

    def end_names(self, lat: Floats, lon: Floats) -> list[str]:
        return names.names_of(lat, lon)

    def stop_names(self, lat: Floats, lon: Floats) -> list[str]:
        return names.stop_names(lat, lon)

    @property
    def regions(self) -> regions.Regions:
        """Unpacked when first asked for: a note's zone needs none."""
        return regions.packed() if self._others is None else self._others

    @property
    def scale_m(self) -> float | None:
        return self.regions.scale_m

    @property
    def zones(self) -> zones.Zones:
        return self._zones

    def towns_along(
        self, lat: Floats, lon: Floats
    ) -> list[tuple[str, float, float, int, int, float]]:
        found = towns.towns_along(lat, lon)
        called = names.told_apart([town for town, _, _ in found])
        return [
            (name, town.lat, town.lon, town.population, at, away)
            for name, (town, at, away) in zip(called, found, strict=True)
        ]

    def region_name(self, lat: float, lon: float) -> str:
        region = self.regions.at(int(self.regions.numbers(np.array([lat]), np.array([lon]))[0]))
        return region.name if region else ""
