"""Which towns and regions a map the reader moves may name, important ones first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from convoylog import geo
from convoylog.model.tracks import Floats
from convoylog.model.trip import CarTrip
from convoylog.places import world
from convoylog.places.atlas import mapped_towns
from convoylog.places.towns import all_towns
from convoylog.reports.draw.view import View

#: names by people over the whole ground, and beside the route: some 20 kB in the page
_FAR, _NEAR = 260, 420
#: metres from the route within which a village counts, and fewest people of one
_BESIDE_M, _FEWEST = 3_000.0, 400
#: how much more a town beside the route matters
_NEARNESS = 6
#: and one where something was told
_TOLD = 30
#: big towns wanted in each part of the ground, so that no corner is empty
_GRID, _A_CELL = 9, 6


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """What the story calls its places, each with where that is: names alone are no towns, as there is
    a Lisbon beside New York. ends: where cars set out and arrived. told: where something was told.

    Each a name → places, degrees.
    """

    ends: Mapping[str, Sequence[tuple[float, float]]]
    told: Mapping[str, Sequence[tuple[float, float]]]

    @classmethod
    def of(cls, cars: Iterable[CarTrip], told: Iterable[tuple[str, float, float]]) -> Named:
        """told: (name, latitude, longitude)."""
        ends = [
            (place, float(car.track.lat[k]), float(car.track.lon[k]))
            for car in cars
            if len(car.track)
            for k, place in ((0, car.start_place), (-1, car.end_place))
        ]
        return cls(_by_name(ends), _by_name(told))

    def is_end(self, town: int) -> bool:
        """town: its number among all."""
        return _is_at(town, self.ends)

    def is_told(self, town: int) -> bool:
        return _is_at(town, self.told)

    def weight(self, town: int, people: float, near: bool) -> int:
        """The higher, the sooner it is named. near: whether the route comes by."""
        return int(people) * (_TOLD if self.is_told(town) else _NEARNESS if near else 1)


def _by_name(
    rows: Iterable[tuple[str, float, float]],
) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}
    for name, lat, lon in rows:
        if name:
            found.setdefault(name, []).append((lat, lon))
    return found


def _is_at(town: int, places: Mapping[str, Sequence[tuple[float, float]]]) -> bool:
    """Whether a place of the town's name lies where the town does."""
    columns = all_towns()
    here = places.get(columns.names[town], ())
    lat, lon, reach = (
        column[town : town + 1] for column in (columns.lat, columns.lon, columns.reach)
    )
    return any(float(geo.apart_m(*place, lat, lon)[0]) <= 1.5 * float(reach[0]) for place in here)


def short_name(name: str) -> str:
    """As a map has it: of "Zürich (Kreis 1) / Lindenhof" the last."""
    return name.rpartition(" / ")[2]


@dataclass(frozen=True, slots=True)
class Name:
    """x, y: pixels of the view. weight: the higher, the sooner it is named."""

    text: str
    x: float
    y: float
    weight: int
    end: bool = False


@dataclass(frozen=True, slots=True)
class RegionName:
    """wide: pixels of the region from west to east, at the view's scale."""

    text: str
    x: float
    y: float
    wide: float


def name_towns(view: View, route: Sequence[Floats], named: Named) -> list[Name]:
    """Towns of the ground. route: lines in pixels of the view. named: what is told in any case."""
    columns = all_towns()
    found, weights = mapped_towns(view.box, _FEWEST)
    if not len(found):
        return []
    places = view.pixels(columns.lon[found], columns.lat[found])
    left, top, right, bottom = view.frame
    inside = (
        (places[:, 0] > left)
        & (places[:, 0] < right)
        & (places[:, 1] > top)
        & (places[:, 1] < bottom)
    )
    near = inside & _beside(places, route, _BESIDE_M * view.scale)
    cells: dict[tuple[int, int], int] = {}
    rows: list[Name] = []
    far, close = 0, 0
    for k in np.flatnonzero(inside).tolist():  # those that stand for most people first
        number = int(found[k])
        x, y = places[k].tolist()
        end = named.is_end(number)
        wanted = end or named.is_told(number)
        if near[k] or wanted:
            close += 1
            if close > _NEAR and not wanted:
                continue
        else:
            cell = (
                int((x - left) / (right - left) * _GRID),
                int((y - top) / (bottom - top) * _GRID),
            )
            cells[cell] = cells.get(cell, 0) + 1
            if cells[cell] > _A_CELL or far >= _FAR:
                continue
            far += 1
        weight = named.weight(number, float(weights[k]), bool(near[k]))
        rows.append(Name(short_name(columns.names[number]), x, y, weight, end))
    return sorted(rows, key=lambda name: (-name.weight, name.text, name.x))


def _beside(places: Floats, route: Sequence[Floats], reach: float) -> np.ndarray:
    """Whether a line passes within about reach of each place."""
    cell = max(reach, 1e-9)
    taken: set[tuple[int, int]] = set()
    for line in route:
        hops = np.hypot(*np.diff(line, axis=0).T) if len(line) > 1 else np.zeros(0)
        counts = np.maximum(np.ceil(hops / cell).astype(int), 1)
        for a, b, n in zip(line[:-1], line[1:], counts, strict=False):
            for t in np.linspace(0, 1, int(n) + 1):
                x, y = np.floor((a + t * (b - a)) / cell).astype(int)
                taken.add((int(x), int(y)))
    grown = {(x + dx, y + dy) for x, y in taken for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
    whole = np.floor(places / cell).astype(int)
    return np.array([(x, y) in grown for x, y in whole.tolist()], dtype=bool)


def name_regions(view: View) -> list[RegionName]:
    """States and provinces of the ground whose label has a place."""
    left, top, right, bottom = view.frame
    rows = []
    for region in world.load_world().regions_in(view.box):
        if region.label is None or not view.names_regions:
            continue
        x, y = view.pixels(np.array([region.label[0]]), np.array([region.label[1]]))[0].tolist()
        if left < x < right and top < y < bottom:
            wide = (region.box[2] - region.box[0]) * 111_000 * np.cos(np.radians(region.label[1]))
            rows.append(RegionName(region.name, x, y, float(wide * view.scale)))
    return sorted(rows, key=lambda row: (-row.wide, row.text))
