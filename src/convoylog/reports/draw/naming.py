"""Which towns and regions a map the reader moves may name, important ones first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from convoylog.model.tracks import Floats
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
#: big towns wanted in each part of the ground, so that no corner is empty
_GRID, _A_CELL = 9, 6


@dataclass(frozen=True, slots=True)
class Name:
    """x, y: pixels of the view. weight: the higher, the sooner it is named."""

    text: str
    x: float
    y: float
    weight: int
    near: bool = False


@dataclass(frozen=True, slots=True)
class RegionName:
    """wide: pixels of the region from west to east, at the view's scale."""

    text: str
    x: float
    y: float
    wide: float


def name_towns(view: View, route: Sequence[Floats], ends: Collection[str]) -> list[Name]:
    """Towns of the ground. route: lines in pixels of the view. ends: names to be told in any case."""
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
        name, people = columns.names[found[k]], int(weights[k])
        x, y = places[k].tolist()
        if near[k]:
            close += 1
            if close > _NEAR and name not in ends:
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
        weight = people * (_NEARNESS if near[k] else 1)
        rows.append(Name(name, x, y, weight, bool(near[k]) and name in ends))
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
