"""Towns of the world, and what to call a place after them.

Data: GeoNames (geonames.org), CC BY 4.0; see `LICENSES.md` beside this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from convoylog import geo
from convoylog.model.tracks import Floats
from convoylog.places import packing
from convoylog.places.world import Box

CREDIT = "Towns: GeoNames, CC BY 4.0"

#: metres a village reaches; a town reaches farther by the root of its people
_REACH_M = 2000.0
_REACH_PER_ROOT_M = 600.0
#: metres to the nearest town worth naming a place after, and how many people that needs
_FAR_M = 40_000.0
_FEWEST = 500
_WINDS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


@dataclass(frozen=True, slots=True)
class Town:
    """lat, lon: degrees. population: people, as GeoNames counts them."""

    name: str
    lat: float
    lon: float
    population: int
    country_code: str


class _Towns:
    """Columns of all towns, and their order by latitude."""

    def __init__(self, content: bytes) -> None:
        points, _ = packing.read_lines(packing.read_section(content, "points"))
        self.people = packing.read_varints(packing.read_section(content, "people")).astype(np.int64)
        self.names = packing.read_section(content, "names").decode().split("\n")
        self.countries = packing.read_section(content, "countries").decode()
        self.lon, self.lat = points[:, 0] / 1e4, points[:, 1] / 1e4
        self.by_lat = np.argsort(self.lat, kind="stable")
        self.sorted_lat = self.lat[self.by_lat]

    def town(self, n: int) -> Town:
        return Town(
            self.names[n], float(self.lat[n]), float(self.lon[n]), int(self.people[n]),
            self.countries[2 * n : 2 * n + 2],
        )  # fmt: skip

    def within(self, south: float, north: float, west: float, east: float) -> NDArray[np.intp]:
        """Numbers of towns in a box; west > east crosses 180°."""
        band = self.by_lat[
            np.searchsorted(self.sorted_lat, south) : np.searchsorted(
                self.sorted_lat, north, "right"
            )
        ]
        lon = self.lon[band]
        inside = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
        return np.sort(band[inside])


@cache
def _towns() -> _Towns:
    return _Towns(files("convoylog.places").joinpath("towns.bin").read_bytes())


def _near(lat: float, lon: float, metres: float) -> tuple[NDArray[np.intp], Floats]:
    """(numbers, distances in metres) of all towns within some metres."""
    towns = _towns()
    up = metres / 110_000
    # near a pole every longitude is near
    across = up / max(np.cos(np.radians(min(abs(lat) + up, 90.0))), 1e-9)
    if across >= 180:
        west, east = -180.0, 180.0
    else:
        west, east = (lon - across + 540) % 360 - 180, (lon + across + 540) % 360 - 180
    found = towns.within(lat - up, lat + up, west, east)
    away = geo.apart_m(
        np.full(len(found), lat), np.full(len(found), lon), towns.lat[found], towns.lon[found]
    )
    inside = away <= metres
    return found[inside], away[inside]


def reach_m(population: float) -> float:
    """How far from its middle a town gives its name: 2 km + 0.6 km per root of 1,000 people."""
    return _REACH_M + _REACH_PER_ROOT_M * float(np.sqrt(population / 1000))


def nearby(lat: float, lon: float, metres: float) -> list[tuple[Town, float]]:
    """(town, metres away) within a distance, nearest first, ties by name."""
    found, away = _near(lat, lon, metres)
    rows = [(_towns().town(int(n)), float(d)) for n, d in zip(found, away, strict=True)]
    return sorted(rows, key=lambda row: (row[1], row[0].name))


def name_of(lat: float, lon: float) -> str:
    """What to call the end of a leg.

    The town of most people in whose reach it lies; else "12 km NW of X"; else coordinates.
    """
    rows = nearby(lat, lon, _FAR_M)
    inside = [town for town, away in rows if away <= reach_m(town.population)]
    if inside:
        # by people, then name: the same on every laptop
        return min(inside, key=lambda town: (-town.population, town.name)).name
    return _beside(lat, lon, rows)


def stop_name(lat: float, lon: float) -> str:
    """What to call a stop on the way: the nearest town in whose reach it lies, else as `name_of`."""
    rows = nearby(lat, lon, _FAR_M)
    for town, away in rows:
        if away <= reach_m(town.population):
            return town.name
    return _beside(lat, lon, rows)


def _beside(lat: float, lon: float, rows: list[tuple[Town, float]]) -> str:
    for town, away in rows:
        if town.population >= _FEWEST:
            bearing = geo.bearing_deg(town.lat, town.lon, lat, lon)
            wind = _WINDS[round(bearing / 45) % 8]
            return f"{max(away / 1000, 1):.0f} km {wind} of {town.name}"
    return coordinates(lat, lon)


def coordinates(lat: float, lon: float) -> str:
    """A place without a name, to a hundredth of a degree: `39.74° N, 104.99° W`."""
    return f"{abs(lat):.2f}° {'N' if lat >= 0 else 'S'}, {abs(lon):.2f}° {'E' if lon >= 0 else 'W'}"


def towns_in(box: Box, at_least: int = 0) -> list[Town]:
    """Towns of a box (west, south, east, north), most people first, ties by name."""
    west, south, east, north = box
    towns = _towns()
    found = towns.within(south, north, west, east)
    found = found[towns.people[found] >= at_least]
    return sorted((towns.town(int(n)) for n in found), key=lambda t: (-t.population, t.name, t.lat))
