"""Towns of the world, and what to call a place after them.

Data: GeoNames (geonames.org), CC BY 4.0; see `LICENSES.md` beside this file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from convoylog import geo
from convoylog.model.borders import Region
from convoylog.model.tracks import Floats
from convoylog.places import packing
from convoylog.places.regions import region_at
from convoylog.places.world import Box

CREDIT = "Towns: GeoNames, CC BY 4.0"

#: metres a village reaches; a town reaches farther by the root of its people
_REACH_M = 2000.0
_REACH_PER_ROOT_M = 600.0
#: metres to the nearest town worth naming a place after, and how many people that needs
_FAR_M = 40_000.0
_FEWEST = 500
#: countries whose people call their states by the letters ISO does: CO, NSW, BC
_LETTERED = ("US", "CA", "AU")
#: places of a way whose towns are looked for together: some 25 km of it
_TOGETHER = 50
#: below this latitude flat courses and metres over 40 km err by less than this
_POLAR_DEG, _DOUBT_DEG, _FLAT_M = 80.0, 2.0, 20.0
_WINDS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")

Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Town:
    """lat, lon: degrees. population: people, as GeoNames counts them."""

    name: str
    lat: float
    lon: float
    population: int
    country_code: str

    @property
    def region(self) -> Region | None:
        """The state or province it lies in, by our borders (right to 1 km); looked up each time."""
        return region_at(self.lat, self.lon)


class _Towns:
    """Columns of all towns, and their order by latitude."""

    def __init__(self, content: bytes) -> None:
        points, _ = packing.read_lines(packing.read_section(content, "points"))
        self.people = packing.read_varints(packing.read_section(content, "people")).astype(np.int64)
        self.names: list[str] = packing.read_section(content, "names").decode().split("\n")
        self.countries = packing.read_section(content, "countries").decode()
        self.lon, self.lat = points[:, 0] / 1e4, points[:, 1] / 1e4
        self.by_lat = np.argsort(self.lat, kind="stable")
        self.sorted_lat = self.lat[self.by_lat]
        self.reach = _REACH_M + _REACH_PER_ROOT_M * np.sqrt(self.people / 1000)
        #: the few whose name reaches farther than we look for others: Tokyo's to 57 km
        self.giants = np.flatnonzero(self.reach > _FAR_M)

    def town(self, n: int) -> Town:
        return Town(
            self.names[n],
            float(self.lat[n]),
            float(self.lon[n]),
            int(self.people[n]),
            self.countries[2 * n : 2 * n + 2],
        )

    def within(self, south: float, north: float, west: float, east: float) -> Numbers:
        """Numbers of towns in a box; west > east crosses 180°."""
        begin = np.searchsorted(self.sorted_lat, south)
        band = self.by_lat[begin : np.searchsorted(self.sorted_lat, north, "right")]
        lon = self.lon[band]
        inside = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
        return np.sort(band[inside])

    def away(self, lat: float, lon: float, numbers: Numbers) -> Floats:
        """Metres to some towns."""
        return geo.apart_m(lat, lon, self.lat[numbers], self.lon[numbers])

    def near(self, lat: float, lon: float, metres: float) -> tuple[Numbers, Floats]:
        """(numbers, metres away) of all towns within some metres, by number."""
        found = self.around(lat, lon, metres)
        away = self.away(lat, lon, found)
        inside = away <= metres
        return found[inside], away[inside]

    def around(self, lat: float, lon: float, metres: float) -> Numbers:
        """Numbers of all towns within some metres, and of a few beyond."""
        up = metres / 110_000  # a degree of latitude is at least 110,574 m
        # a circle is widest nearer to the pole than its middle; over a pole every longitude is near
        across = up / max(float(np.cos(np.radians(min(abs(lat) + up, 90.0)))), 1e-9)
        west, east = -180.0, 180.0
        if across < 180:
            west, east = (lon - across + 540) % 360 - 180, (lon + across + 540) % 360 - 180
        return self.within(lat - up, lat + up, west, east)


@cache
def _towns() -> _Towns:
    return _Towns(files("convoylog.places").joinpath("towns.bin").read_bytes())


def reach_m(population: float) -> float:
    """How far from its middle a town gives its name: 2 km + 0.6 km per root of 1,000 people."""
    return _REACH_M + _REACH_PER_ROOT_M * float(np.sqrt(population / 1000))


def nearby(lat: float, lon: float, metres: float) -> list[tuple[Town, float]]:
    """(town, metres away) within a distance, nearest first, ties by name."""
    found, away = _towns().near(lat, lon, metres)
    rows = [(_towns().town(int(n)), float(d)) for n, d in zip(found, away, strict=True)]
    return sorted(rows, key=lambda row: (row[1], row[0].name))


def towns_in(box: Box, at_least: int = 0) -> list[Town]:
    """Towns of a box, most people first, ties in the order of the file: the same everywhere."""
    west, south, east, north = box
    towns = _towns()
    found = towns.within(south, north, west, east)
    found = found[towns.people[found] >= at_least]
    return [towns.town(int(n)) for n in found[np.argsort(-towns.people[found], kind="stable")]]


def towns_along(lat: Floats, lon: Floats) -> list[tuple[Town, int, float]]:
    """(town, number of the nearest place, metres away) of towns a line of places comes through.

    lat, lon: n places in order, degrees within ±180; a few hundred metres apart. In order of the
    places; a town comes once for each time the line enters it, which is half as near to its middle
    as its name reaches.
    """
    towns = _towns()
    radius = towns.reach / 2
    inside: list[tuple[NDArray[np.intp], NDArray[np.intp], Floats]] = []
    for begin in range(0, len(lat), _TOGETHER):
        y, x = lat[begin : begin + _TOGETHER], lon[begin : begin + _TOGETHER]
        up = _FAR_M / 2 / 110_000
        aside = up / max(float(np.cos(np.radians(min(float(np.abs(y).max()) + up, 90.0)))), 1e-9)
        west, east = float(x.min()) - aside, float(x.max()) + aside
        if float(x.max()) - float(x.min()) > 180.0:  # over the date line
            west, east = float(x[x > 0].min()) - aside, float(x[x < 0].max()) + aside
        elif west < -180.0 or east > 180.0:
            west, east = (west + 540) % 360 - 180, (east + 540) % 360 - 180
        if aside >= 90.0:
            west, east = -180.0, 180.0
        near = towns.within(float(y.min()) - up, float(y.max()) + up, west, east)
        near = np.union1d(near, towns.giants)
        # flat first, and generously; then exactly what is left
        across = np.remainder(towns.lon[near, None] - x + 180.0, 360.0) - 180.0
        scale = float(np.cos(np.radians(min(float(np.abs(y).max()) + up, 90.0))))
        flat = (towns.lat[near, None] - y) ** 2 + (across * scale) ** 2
        rows, places = np.nonzero(flat <= (radius[near, None] / 110_000) ** 2)
        away = geo.near_m(towns.lat[near[rows]], towns.lon[near[rows]], y[places], x[places])
        within = away <= radius[near[rows]]
        rows, places, away = rows[within], places[within], away[within]
        inside.append((near[rows], begin + places, away))
    if not inside:
        return []
    town, place, metres = (np.concatenate(column) for column in zip(*inside, strict=True))
    order = np.lexsort((place, town))
    town, place, metres = town[order], place[order], metres[order]
    new = (np.diff(town, prepend=-1) != 0) | (np.diff(place, prepend=-9) > 1)
    found = []
    for rows in np.split(np.arange(len(town)), np.flatnonzero(new)[1:]):
        if len(rows):
            best = rows[np.argmin(metres[rows])]
            found.append((int(place[best]), int(town[best]), float(metres[best])))
    return [(towns.town(n), at, away) for at, n, away in sorted(found)]


def name_of(lat: float, lon: float) -> str:
    """What to call the end of a leg, "" for what is no position.

    The town of most people in whose reach it lies; else "12 km NW of X" after the nearest within
    40 km; else coordinates.
    """
    if not _is_position(lat, lon):
        return ""
    near = _towns().around(lat, lon, _FAR_M)
    numbers, away = _reaching(lat, lon, near)
    if not len(numbers):
        return _beside(lat, lon, near)
    towns = _towns()
    # by people, then nearest, then name: the same on every laptop
    rows = zip((-towns.people[numbers]).tolist(), away.tolist(), numbers.tolist(), strict=True)
    ranked: list[tuple[int, float, str]] = [
        (people, metres, towns.names[n]) for people, metres, n in rows
    ]
    return min(ranked)[2]


def stop_name(lat: float, lon: float) -> str:
    """What to call a stop: the nearest town in whose reach it lies, else as `name_of`."""
    if not _is_position(lat, lon):
        return ""
    near = _towns().around(lat, lon, _FAR_M)
    numbers, away = _reaching(lat, lon, near)
    if not len(numbers):
        return _beside(lat, lon, near)
    rows = zip(away.tolist(), numbers.tolist(), strict=True)
    ranked: list[tuple[float, str]] = [(metres, _towns().names[n]) for metres, n in rows]
    return min(ranked)[1]


def coordinates(lat: float, lon: float) -> str:
    """A place without a name, to a hundredth of a degree: `39.74° N, 104.99° W`."""
    y, x = round(lat, 2), round(lon, 2)
    return f"{abs(y):.2f}° {'N' if y >= 0 else 'S'}, {abs(x):.2f}° {'E' if x >= 0 else 'W'}"


def told_apart(towns: Sequence[Town]) -> tuple[str, ...]:
    """The towns' names; those of equal names with their state: "Aurora, IL", "Aurora, CO".

    Elsewhere than in _LETTERED with the state's name and the country's code: "Neustadt, Hesse, DE".
    """
    places = {(town.name, town.lat, town.lon) for town in towns}
    counts = Counter(name for name, _, _ in places)
    return tuple(town.name if counts[town.name] < 2 else _with_state(town) for town in towns)


def _with_state(town: Town) -> str:
    region = town.region
    if region is None:
        return f"{town.name}, {town.country_code}"
    if town.country_code in _LETTERED and region.code:
        return f"{town.name}, {region.code.partition('-')[2]}"
    return f"{town.name}, {region.name}, {town.country_code}"


def _is_position(lat: float, lon: float) -> bool:
    """Longitudes may run on past ±180°, as those of a track made continuous do."""
    return abs(lat) <= 90.0 and abs(lon) <= 540.0


def _reaching(lat: float, lon: float, near: Numbers) -> tuple[Numbers, Floats]:
    """(numbers, metres away) of the towns in whose reach a position lies, a giant maybe twice."""
    towns = _towns()
    numbers = np.append(near, towns.giants)
    # most towns are small, and far from them the flat formula is good enough
    rough = geo.near_m(lat, lon, towns.lat[numbers], towns.lon[numbers])
    numbers = numbers[rough <= (1.01 if abs(lat) < _POLAR_DEG else 2.0) * towns.reach[numbers]]
    away = towns.away(lat, lon, numbers)
    inside = away <= towns.reach[numbers]
    return numbers[inside], away[inside]


def _beside(lat: float, lon: float, near: Numbers) -> str:
    towns = _towns()
    numbers = near[towns.people[near] >= _FEWEST]
    rough = geo.near_m(lat, lon, towns.lat[numbers], towns.lon[numbers])
    nearest = numbers[rough <= 1.01 * rough.min(initial=_FAR_M)]
    metres = float(rough.min(initial=np.inf))
    if len(nearest) > 1 or abs(lat) > _POLAR_DEG or abs(metres % 1000.0 - 500.0) < _FLAT_M:
        away = towns.away(lat, lon, nearest)
        rows = zip(away.tolist(), nearest.tolist(), strict=True)
        metres, _, n = min(
            ((metres, towns.names[n], n) for metres, n in rows), default=(np.inf, "", -1)
        )
    elif len(nearest):
        n = int(nearest[0])
    if metres > _FAR_M:
        return coordinates(lat, (lon + 180.0) % 360.0 - 180.0 if abs(lon) > 180.0 else lon)
    name = towns.names[n]
    wind = _wind(float(towns.lat[n]), float(towns.lon[n]), lat, lon)
    return f"{max(metres / 1000, 1):.0f} km {wind} of {name}"


def _wind(lat1: float, lon1: float, lat2: float, lon2: float) -> str:
    """The wind that blows from one place to the other; the geodesic is asked only in doubt."""
    bearing = float(geo.courses_deg(np.array([lat1, lat2]), np.array([lon1, lon2]))[0])
    if abs(bearing % 45.0 - 22.5) < _DOUBT_DEG or abs(lat1) > _POLAR_DEG:
        bearing = geo.bearing_deg(lat1, lon1, lat2, lon2)
    return _WINDS[round(bearing / 45) % 8]
