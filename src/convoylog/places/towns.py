"""Towns of the world.

Data: GeoNames (geonames.org), CC BY 4.0; see `LICENSES.md` beside this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convoylog import geo
from convoylog.model.borders import Region
from convoylog.model.tracks import Floats
from convoylog.places import packing
from convoylog.places.regions import region_at

CREDIT = "Towns: GeoNames, CC BY 4.0"

#: metres a village reaches; a town reaches farther by the root of its people
_REACH_M = 2000.0
_REACH_PER_ROOT_M = 600.0
#: metres to the nearest town worth naming a place after
FAR_M = 40_000.0
#: metres; a degree of latitude is at least 110,574
_DEGREE_M = 110_000
#: degrees of latitude that places are looked for together in; a circle of 40 km touches two or three
_BAND_DEG = 0.5

Numbers = NDArray[np.intp]
_Number = TypeVar("_Number", np.float64, np.intp)


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


class Places:
    """Places by number, in degrees within ±180, and their order by bands of latitude, then by longitude."""

    def __init__(self, lat: Floats, lon: Floats) -> None:
        self.lat, self.lon = lat, lon
        key = _key(_band(lat), lon)
        self._by_band = np.argsort(key, kind="stable")
        self._keys = key[self._by_band]

    def in_bands(self, south: float, north: float) -> Numbers:
        """Numbers of the places of a band of latitudes, and of some beside it, by their order."""
        ends = _band(np.array([south, north])) + np.array([0.0, 1.0])
        first, last = np.searchsorted(self._keys, _key(ends, np.array([-180.0, -180.0])))
        return self._by_band[first:last]

    def within(self, south: float, north: float, west: float, east: float) -> Numbers:
        """Numbers of places in a box; west > east crosses 180°."""
        box = (np.array([side]) for side in (south, north, west, east))
        return np.sort(self.boxed(*box)[0])

    def boxed(
        self, south: Floats, north: Floats, west: Floats, east: Floats
    ) -> tuple[Numbers, Numbers]:
        """(numbers of places, number of the box each is in) of n boxes."""
        over = np.flatnonzero(west > east)  # these are two, on both sides of 180°
        box = np.append(np.arange(len(south)), over)
        begin, end = np.append(west, np.full(len(over), -180.0)), np.append(east, east[over])
        end[over] = 180.0
        first = _band(south[box])
        bands = (_band(north[box]) - first + 1.0).astype(np.intp)
        band = _counted(first, bands)
        box, begin, end = (np.repeat(column, bands) for column in (box, begin, end))
        begins = np.searchsorted(self._keys, _key(band, begin), side="left")
        counts = np.searchsorted(self._keys, _key(band, end), side="right") - begins
        numbers = self._by_band[_counted(begins, counts)]
        box = np.repeat(box, counts)
        inside = (self.lat[numbers] >= south[box]) & (self.lat[numbers] <= north[box])
        return numbers[inside], box[inside]

    def around(self, lat: Floats, lon: Floats, metres: float | Floats) -> tuple[Numbers, Numbers]:
        """(number of a place, number of the middle) of all pairs within some metres, and of a few beyond.

        lat, lon: n middles. metres: of each, or of all.
        """
        up = np.asarray(metres) / _DEGREE_M
        # a circle is widest nearer to the pole than its middle; over a pole every longitude is near
        across = up / np.maximum(np.cos(np.radians(np.minimum(np.abs(lat) + up, 90.0))), 1e-9)
        west = np.where(across < 180.0, (lon - across + 540.0) % 360.0 - 180.0, -180.0)
        east = np.where(across < 180.0, (lon + across + 540.0) % 360.0 - 180.0, 180.0)
        return self.boxed(lat - up, lat + up, west, east)


class Towns(Places):
    """Columns of all towns."""

    def __init__(self, content: bytes) -> None:
        points, _ = packing.read_lines(packing.read_section(content, "points"))
        self.people = packing.read_varints(packing.read_section(content, "people")).astype(np.int64)
        self.names: list[str] = packing.read_section(content, "names").decode().split("\n")
        self.countries = packing.read_section(content, "countries").decode()
        super().__init__(points[:, 1] / 1e4, points[:, 0] / 1e4)
        self.reach = reach_m(self.people)
        self.farthest = float(self.reach.max())

    def town(self, n: int) -> Town:
        return Town(
            self.names[n],
            float(self.lat[n]),
            float(self.lon[n]),
            int(self.people[n]),
            self.countries[2 * n : 2 * n + 2],
        )

    def near(self, lat: float, lon: float, metres: float) -> tuple[Numbers, Floats]:
        """(numbers, metres away) of all towns within some metres, by number."""
        found = np.sort(self.around(np.array([lat]), np.array([lon]), metres)[0])
        away = geo.apart_m(lat, lon, self.lat[found], self.lon[found])
        inside = away <= metres
        return found[inside], away[inside]


def _band(lat: Floats) -> Floats:
    return np.floor(lat / _BAND_DEG)


def _key(band: Floats, lon: Floats) -> Floats:
    """Sorts by band, then by longitude, which 1000 degrees hold."""
    return band * 1000.0 + lon


def _counted(begins: NDArray[_Number], counts: Numbers) -> NDArray[_Number]:
    """So many numbers from each begin on: begin, begin + 1 …, all in one row."""
    ends = np.cumsum(counts)
    so_far = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    return np.repeat(begins, counts) + so_far.astype(begins.dtype)


@cache
def all_towns() -> Towns:
    """Unpacked once."""
    return Towns(files("convoylog.places").joinpath("towns.bin").read_bytes())


def reach_m(people: ArrayLike) -> Floats:
    """How far from its middle a town gives its name: 2 km + 0.6 km per root of 1,000 people."""
    return _REACH_M + _REACH_PER_ROOT_M * np.sqrt(np.asarray(people, dtype=np.float64) / 1000)


def towns_along(lat: Floats, lon: Floats) -> list[tuple[Town, int, float]]:
    """(town, number of the nearest place, metres away) of towns a line of places comes through.

    lat, lon: n places in order, degrees within ±180; a few hundred metres apart. In order of the
    places; a town comes once for each time the line enters it, which is half as near to its middle
    as its name reaches.
    """
    if not len(lat):
        return []
    towns = all_towns()
    up = towns.farthest / 2 / _DEGREE_M
    near = towns.in_bands(float(lat.min()) - up, float(lat.max()) + up)
    radius = towns.reach[near] / 2
    # of thousands of places few are in a circle, so the circles ask for their places
    place, circle = Places(lat, lon).around(towns.lat[near], towns.lon[near], radius)
    town = near[circle]
    metres = geo.near_m(towns.lat[town], towns.lon[town], lat[place], lon[place])
    inside = metres <= radius[circle]
    town, place, metres = town[inside], place[inside], metres[inside]
    order = np.lexsort((place, town))
    town, place, metres = town[order], place[order], metres[order]
    new = (np.diff(town, prepend=-1) != 0) | (np.diff(place, prepend=-9) > 1)
    found = []
    for rows in np.split(np.arange(len(town)), np.flatnonzero(new)[1:]):
        if len(rows):
            best = rows[np.argmin(metres[rows])]
            found.append((int(place[best]), int(town[best]), float(metres[best])))
    return [(towns.town(n), at, away) for at, n, away in sorted(found)]
