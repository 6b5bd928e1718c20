"""The ground of a map: land, visited regions, water, towns' ground, borders, from the bottom up.

Lines are thinned arc by arc, so that a border two regions share stays one line at every zoom.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats
from convoylog.places import world
from convoylog.places.packing import KINDS, REGION_UNIT
from convoylog.reports.draw.clip import clip_area, clip_line
from convoylog.reports.draw.graticule import graticule
from convoylog.reports.draw.shapes import Shape
from convoylog.reports.draw.thin import thinned
from convoylog.reports.draw.view import View

#: degrees: the data ends at ±179.9, and two halves of an island must meet at 180; any nearer shore
#: is a shore, and stays
_END, _SEAM = 179.9 - REGION_UNIT / 2, 180.0
#: the same for the ice around the southern pole
_LAST, _POLE = 89.9 - REGION_UNIT / 2, 90.0
#: bytes a vertex takes in the page, measured
_BYTES = 5.6
#: pixels what lies off the map may lose: it only closes areas
_UNSEEN_PX = 40.0
#: square pixels of the smallest island or lake at first
_LEAST_PX2 = 4.0
#: bytes of roads beside that budget, so that they push nothing else off the map
_ROADS_BUDGET = 50_000
#: what lies above roads
_LINES_ABOVE = ("shore", "state", "country")
#: rounds of coarsening until the ground fits its budget
_ROUNDS = 5

Region = tuple[str, str, str]


def draw_ground(
    view: View,
    visited: Collection[Region],
    *,
    thin_px: float = 0.6,
    budget: int = 125_000,
    roads: world.World | None = None,
) -> tuple[Shape, ...]:
    """The shapes of a view.

    thin_px: pixels a line may lose. budget: bytes it may take in a page; what is too large is drawn
    coarser, small islands and lakes first. visited: regions to be tinted. roads: a layer with lines of kind road.
    """
    ways = _roads(view, roads, thin_px) if roads else []
    found = _find(view, visited, thin_px)
    least, shapes = _LEAST_PX2, _shapes(view, found, thin_px, _LEAST_PX2)
    for _ in range(_ROUNDS):
        size = _BYTES * sum(len(line) for shape in shapes for line in shape.lines)
        if size <= budget:
            break
        least *= 2.5
        thin_px *= min(max(size / budget, 1.15), 2.0)
        found = found.thinned(thin_px)
        shapes = _shapes(view, found, thin_px, least)
    under = [shape for shape in shapes if shape.kind not in _LINES_ABOVE]
    road = [Shape("road", tuple(ways))] if ways else []
    return (*under, *road, *shapes[len(under) :])


def _roads(view: View, roads: world.World, thin_px: float) -> list[Floats]:
    """As many ranks of roads, the important ones first, as their part of a page has room for."""
    by_rank: dict[int, list[Floats]] = {}
    for line in roads.lines("road", view.box):
        by_rank.setdefault(line.rank, []).append(line.points)
    found: list[Floats] = []
    room = _ROADS_BUDGET / _BYTES
    for rank in sorted(by_rank):
        rows = _lines(view, by_rank[rank], thin_px)
        room -= sum(map(len, rows))
        if room < 0 and found:
            break
        found += rows
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """All that touches a view. land, visited: rings of references into arcs, see `World.outline`.

    arcs: by number, (n, 4): x and y in pixels, longitude and latitude. The others: in pixels.
    """

    land: Sequence[tuple[int, ...]]
    visited: Sequence[tuple[int, ...]]
    arcs: dict[int, Floats]
    rivers: list[Floats]
    lakes: list[Floats]
    urban: list[Floats]

    def thinned(self, thin_px: float) -> _Found:
        """The same with fewer points."""
        return _Found(
            self.land,
            self.visited,
            dict(zip(self.arcs, thinned(list(self.arcs.values()), thin_px), strict=True)),
            *(thinned(rows, thin_px) for rows in (self.rivers, self.lakes, self.urban)),
        )


def _find(view: View, visited: Collection[Region], thin_px: float) -> _Found:
    packed = world.load_world()
    regions = packed.regions_in(view.box)
    bright = [r for r in regions if (r.country_code, r.code, r.name) in visited]
    # the wider the map, the fewer the rivers: ranks from Natural Earth, 0 the largest
    deepest = int(np.interp(view.metres_wide / 1000, [100, 400, 1500, 4000], [12, 9, 6, 4]))
    rivers = [line.points for line in packed.lines("river", view.box) if line.rank <= deepest]
    lakes = [r for a in packed.areas("lake", view.box) for r in a.rings]
    urban = [r for a in packed.areas("urban", view.box) for r in a.rings]
    land, lit = packed.outline(regions), packed.outline(bright)
    wanted = {r >> 1 for ring in (*land, *lit) for r in ring}
    kinds = _drawn(view)
    wanted |= {
        number
        for region in regions
        for ring in region.arcs
        for number in (r >> 1 for r in ring)
        if KINDS[packed.arc_kinds[number]] in kinds
    }
    return _Found(
        land,
        lit,
        _thin_arcs(view, packed, sorted(wanted), thin_px),
        _lines(view, rivers, thin_px),
        _areas(view, lakes, thin_px),
        _areas(view, urban, thin_px),
    )


def _drawn(view: View) -> tuple[str, ...]:
    """The kinds of borders a map shows."""
    return tuple(kind for kind in world.BORDERS if view.names_regions or kind != "state")


def _shapes(view: View, found: _Found, thin_px: float, least: float) -> tuple[Shape, ...]:
    land = [ring for r in found.land if area(ring := _ring(view, found.arcs, r)) >= least]
    # the one island a trip went to is drawn, however small
    bright = [_ring(view, found.arcs, references) for references in found.visited]
    borders = _borders(view, found.arcs, least)
    return tuple(
        Shape(kind, tuple(rows), closed)
        for kind, rows, closed in (
            ("land", _cut(view, land), True),
            ("visited", _cut(view, bright), True),
            ("urban", [ring for ring in found.urban if area(ring) >= least], True),
            ("graticule", thinned(graticule(view), thin_px), False),
            ("lake", [ring for ring in found.lakes if area(ring) >= 2 * least], True),
            ("river", [line for line in found.rivers if _spread(line) >= thin_px], False),
            ("shore", borders.get("coast", []), False),
            ("state", borders.get("state", []), False),
            ("country", borders.get("country", []), False),
        )
        if rows
    )


def _spread(line: Floats) -> float:
    return float(np.ptp(line, axis=0).max())


def _thin_arcs(
    view: View, packed: world.World, numbers: Sequence[int], thin_px: float
) -> dict[int, Floats]:
    """The arcs by number, as in `_Found`. Off the map an arc keeps only its coarse course."""
    if not numbers:
        return {}
    parts = [packed.arc(n) for n in numbers]
    ends = np.cumsum([len(part) for part in parts])
    starts = np.concatenate([[0], ends[:-1]])
    whole = np.concatenate(parts)
    at_end = np.abs(whole[:, 0]) > _END
    whole[at_end, 0] = np.copysign(_SEAM, whole[at_end, 0])
    at_pole = np.abs(whole[:, 1]) > _LAST
    whole[at_pole, 1] = np.copysign(_POLE, whole[at_pole, 1])
    columns = np.concatenate([view.lines(whole[:, 0], whole[:, 1], starts), whole], axis=1)
    seen, size = _seen(view, columns[:, :2], starts)
    lines = np.split(columns, ends[:-1])
    small = size <= thin_px
    found = {n: line[[0, -1]] for n, line, tiny in zip(numbers, lines, small, strict=True) if tiny}
    for which, tolerance in ((seen & ~small, thin_px), (~seen & ~small, _UNSEEN_PX)):
        chosen = np.flatnonzero(which).tolist()
        rows = thinned([lines[k] for k in chosen], tolerance)
        found |= {numbers[k]: line for k, line in zip(chosen, rows, strict=True)}
    return {number: found[number] for number in numbers}


def _seen(view: View, pixels: Floats, starts: NDArray[np.intp]) -> tuple[np.ndarray, Floats]:
    """(whether each line may touch the map, its larger extent in pixels)."""
    low, high = np.minimum.reduceat(pixels, starts), np.maximum.reduceat(pixels, starts)
    left, top, right, bottom = view.frame
    level = (high[:, 1] >= top) & (low[:, 1] <= bottom)
    beside = [(high[:, 0] + x >= left) & (low[:, 0] + x <= right) for x in _turns(view)]
    return level & np.logical_or.reduce(beside), (high - low).max(axis=1)


def _turns(view: View) -> tuple[float, ...]:
    """How far to the right a map shows the same once more."""
    return (-view.turn, 0.0, view.turn) if view.turn else (0.0,)


def _again(view: View, lines: Iterable[Floats]) -> Iterator[Floats]:
    """Lines as often as the map may show them."""
    for line in lines:
        for x in _turns(view):
            yield line + np.array([x, 0.0]) if x else line


def _cut(view: View, rings: Iterable[Floats]) -> list[Floats]:
    rows = (clip_area(ring, view.frame) for ring in _again(view, rings))
    return [ring for ring in rows if len(ring) > 2]


def _ring(view: View, arcs: dict[int, Floats], references: tuple[int, ...]) -> Floats:
    """A ring in pixels, in one piece also where its arcs begin on different sides of the map."""
    parts = [arcs[r >> 1][::-1] if r & 1 else arcs[r >> 1] for r in references]
    points = np.concatenate([part[:-1] for part in parts])
    lon, lat = points[:, 2], points[:, 3]
    torn = np.abs(np.diff(view.projection.near(np.append(lon, lon[0])))) > 180.0
    if not torn.any():
        return points[:, :2]
    # the data ends at 180°, so no ring goes over it, and the one around a pole goes by the pole
    middle = np.array([(lon.min() + lon.max()) / 2])
    lon = lon + view.projection.near(middle) - middle
    return view.flat(lon, lat)


def _borders(view: View, arcs: dict[int, Floats], least: float) -> dict[str, list[Floats]]:
    kinds = world.load_world().arc_kinds
    borders: dict[str, list[Floats]] = {kind: [] for kind in _drawn(view)}
    for number, arc in arcs.items():
        kind, line = KINDS[kinds[number]], arc[:, :2]
        closed = len(line) > 2 and bool((line[0] == line[-1]).all())
        if kind not in borders or (closed and area(line) < least):
            continue
        if (np.abs(arc[:, 2]) == _SEAM).all():
            continue  # where the data ends is no border
        for same in _again(view, [line]):
            borders[kind] += clip_line(same, view.frame)
    return borders


def _on_screen(view: View, lines: Sequence[Floats], smallest: float) -> list[Floats]:
    """Lines in pixels, projected together; what lies off the map or is smaller is left out."""
    if not lines:
        return []
    ends = np.cumsum([len(line) for line in lines])
    starts = np.concatenate([[0], ends[:-1]])
    whole = np.concatenate(lines)
    pixels = view.lines(whole[:, 0], whole[:, 1], starts)
    seen, size = _seen(view, pixels, starts)
    return [pixels[starts[n] : ends[n]] for n in np.flatnonzero(seen & (size >= smallest))]


def _areas(view: View, rings: Sequence[Floats], thin_px: float) -> list[Floats]:
    """Rings cut to the frame and thinned; what is left of too few points is no area."""
    rows = _cut(view, _on_screen(view, rings, _LEAST_PX2**0.5))
    return [ring for ring in thinned(rows, thin_px) if len(ring) > 2]


def _lines(view: View, lines: Sequence[Floats], thin_px: float) -> list[Floats]:
    """Lines thinned, then cut to the frame."""
    thin = thinned(_on_screen(view, lines, thin_px), thin_px)
    return [piece for line in _again(view, thin) for piece in clip_line(line, view.frame)]


def area(ring: Floats) -> float:
    """Square pixels within a ring."""
    x, y = ring[:, 0], ring[:, 1]
    return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2
