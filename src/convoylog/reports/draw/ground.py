"""The ground of a map: land, visited regions, water, towns' ground, borders, from the bottom up.

Lines are thinned arc by arc, so that a border two regions share stays one line at every zoom.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from convoylog.model.tracks import Floats
from convoylog.places import world
from convoylog.places.packing import KINDS
from convoylog.reports.draw.clip import clip_area, clip_line
from convoylog.reports.draw.shapes import Shape
from convoylog.reports.draw.thin import thinned
from convoylog.reports.draw.view import View

#: metres across from which on state lines are left out
_WIDEST_WITH_STATES_M = 7_000_000.0
#: bytes a vertex takes in the page, measured
_BYTES = 5.6
#: pixels what lies off the map may lose: it only closes areas
_UNSEEN_PX = 40.0
#: square pixels of the smallest island or lake at first
_LEAST_PX2 = 4.0
#: rounds of coarsening until the ground fits its budget
_ROUNDS = 5

Region = tuple[str, str, str]


def draw_ground(
    view: View, visited: Collection[Region], *, thin_px: float = 0.6, budget: int = 125_000
) -> tuple[Shape, ...]:
    """The shapes of a view.

    thin_px: pixels a line may lose. budget: bytes it may take in a page; what is too large is drawn
    coarser, small islands and lakes first. visited: regions to be tinted.
    """
    found = _find(view, thin_px)
    least, shapes = _LEAST_PX2, _shapes(view, found, visited, thin_px, _LEAST_PX2)
    for _ in range(_ROUNDS):
        size = _BYTES * sum(len(line) for shape in shapes for line in shape.lines)
        if size <= budget:
            break
        least *= 2.5
        thin_px *= min(max(size / budget, 1.15), 2.0)
        found = found.thinned(thin_px)
        shapes = _shapes(view, found, visited, thin_px, least)
    return shapes


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """All that touches a view, in pixels. arcs: by number; what they make: regions."""

    regions: Sequence[world.RegionShape]
    arcs: dict[int, Floats]
    rivers: list[Floats]
    lakes: list[Floats]
    urban: list[Floats]

    def thinned(self, thin_px: float) -> _Found:
        """The same with fewer points."""
        return _Found(
            self.regions,
            dict(zip(self.arcs, thinned(list(self.arcs.values()), thin_px), strict=True)),
            *(thinned(rows, thin_px) for rows in (self.rivers, self.lakes, self.urban)),
        )


def _find(view: View, thin_px: float) -> _Found:
    packed = world.load_world()
    regions = packed.regions_in(view.box)
    # the wider the map, the fewer the rivers: ranks from Natural Earth, 0 the largest
    deepest = int(np.interp(view.metres_wide / 1000, [100, 400, 1500, 4000], [12, 9, 6, 4]))
    rivers = [line.points for line in packed.lines("river", view.box) if line.rank <= deepest]
    lakes = [r for a in packed.areas("lake", view.box) for r in a.rings]
    urban = [r for a in packed.areas("urban", view.box) for r in a.rings]
    return _Found(
        regions,
        _thin_arcs(view, packed, regions, thin_px),
        _lines(view, rivers, thin_px),
        _areas(view, lakes, thin_px),
        _areas(view, urban, thin_px),
    )


def _shapes(
    view: View, found: _Found, visited: Collection[Region], thin_px: float, least: float
) -> tuple[Shape, ...]:
    land: list[Floats] = []
    bright: list[Floats] = []
    for region in found.regions:
        rows = bright if (region.country_code, region.code, region.name) in visited else land
        for references in region.arcs:
            ring = _ring(found.arcs, references)
            # the one island a trip went to is drawn, however small
            if len(ring) > 2 and (rows is bright or area(ring) >= least):
                cut = clip_area(ring, view.frame)
                if len(cut) > 2:
                    rows.append(cut)
    borders = _borders(view, found.arcs, least)
    return tuple(
        Shape(kind, tuple(rows), closed)
        for kind, rows, closed in (
            ("land", land, True),
            ("visited", bright, True),
            ("urban", [ring for ring in found.urban if area(ring) >= least], True),
            ("lake", [ring for ring in found.lakes if area(ring) >= 2 * least], True),
            ("river", [line for line in found.rivers if _spread(line) >= thin_px], False),
            ("shore", borders["coast"], False),
            ("state", borders["state"], False),
            ("country", borders["country"], False),
        )
        if rows
    )


def _spread(line: Floats) -> float:
    return float(np.ptp(line, axis=0).max())


def _thin_arcs(
    view: View, packed: world.World, regions: Sequence[world.RegionShape], thin_px: float
) -> dict[int, Floats]:
    """Number of an arc → its points in pixels. Off the map an arc keeps only its coarse course."""
    numbers = sorted({r >> 1 for region in regions for ring in region.arcs for r in ring})
    if not numbers:
        return {}
    rows = [packed.arc(n) for n in numbers]
    ends = np.cumsum([len(row) for row in rows])
    starts = np.concatenate([[0], ends[:-1]])
    whole = np.concatenate(rows)
    pixels = view.pixels(whole[:, 0], whole[:, 1])
    low, high = np.minimum.reduceat(pixels, starts), np.maximum.reduceat(pixels, starts)
    left, top, right, bottom = view.frame
    seen = (high[:, 0] >= left) & (low[:, 0] <= right) & (high[:, 1] >= top) & (low[:, 1] <= bottom)
    size = (high - low).max(axis=1)
    lines = np.split(pixels, ends[:-1])
    small = size <= thin_px
    found = {n: line[[0, -1]] for n, line, tiny in zip(numbers, lines, small, strict=True) if tiny}
    for which, tolerance in ((seen & ~small, thin_px), (~seen & ~small, _UNSEEN_PX)):
        chosen = np.flatnonzero(which).tolist()
        rows = thinned([lines[k] for k in chosen], tolerance)
        found |= {numbers[k]: line for k, line in zip(chosen, rows, strict=True)}
    return {number: found[number] for number in numbers}


def _ring(arcs: dict[int, Floats], references: tuple[int, ...]) -> Floats:
    parts = [arcs[r >> 1][::-1] if r & 1 else arcs[r >> 1] for r in references]
    return np.concatenate([part[:-1] for part in parts])


def _borders(view: View, arcs: dict[int, Floats], least: float) -> dict[str, list[Floats]]:
    kinds = world.load_world().arc_kinds
    borders: dict[str, list[Floats]] = {kind: [] for kind in world.BORDERS}
    # on a map of half the world, provinces are only noise
    wide = view.metres_wide >= _WIDEST_WITH_STATES_M
    for number, line in arcs.items():
        kind = KINDS[kinds[number]]
        if kind not in borders or (wide and kind == "state"):
            continue
        closed = len(line) > 2 and bool((line[0] == line[-1]).all())
        if (closed and area(line) < least) or _leaps(view, line):
            continue
        borders[kind] += clip_line(line, view.frame)
    return borders


def _on_screen(view: View, lines: Sequence[Floats], smallest: float) -> list[Floats]:
    """Lines in pixels, projected together; what lies off the map or is smaller is left out."""
    if not lines:
        return []
    ends = np.cumsum([len(line) for line in lines])
    whole = np.concatenate(lines)
    pixels = view.pixels(whole[:, 0], whole[:, 1])
    starts = np.concatenate([[0], ends[:-1]])
    low = np.minimum.reduceat(pixels, starts)
    high = np.maximum.reduceat(pixels, starts)
    left, top, right, bottom = view.frame
    seen = (high[:, 0] >= left) & (low[:, 0] <= right) & (high[:, 1] >= top) & (low[:, 1] <= bottom)
    seen &= (high - low).max(axis=1) >= smallest
    return [pixels[starts[n] : ends[n]] for n in np.flatnonzero(seen)]


def _areas(view: View, rings: Sequence[Floats], thin_px: float) -> list[Floats]:
    """Rings cut to the frame and thinned; what is left of too few points is no area."""
    rows = (clip_area(ring, view.frame) for ring in _on_screen(view, rings, _LEAST_PX2**0.5))
    return [ring for ring in thinned(list(rows), thin_px) if len(ring) > 2]


def _lines(view: View, lines: Sequence[Floats], thin_px: float) -> list[Floats]:
    """Lines thinned, then cut to the frame."""
    result: list[Floats] = []
    for thin in thinned(_on_screen(view, lines, thin_px), thin_px):
        if not _leaps(view, thin):
            result += clip_line(thin, view.frame)
    return result


def _leaps(view: View, line: Floats) -> bool:
    """A line around the far side of the earth has no business on this map."""
    farthest = float(np.abs(np.diff(line, axis=0)).max(initial=0))
    return farthest > 4 * max(view.width, view.height)


def area(ring: Floats) -> float:
    """Square pixels within a ring."""
    x, y = ring[:, 0], ring[:, 1]
    return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2
