"""Regions by their outlines: which holds a place, how far it is, where a way meets a border.

Edges are straight in longitude and latitude, as maps and GeoJSON mean them. Places are sorted into
cells; most cells lie in one region whole and are asked once. Where an edge runs through a cell, its
places are tested one by one, exactly (even-odd rule). On a line, the first region by number has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from convoylog import geo
from convoylog.model.tracks import Floats, Ints
from convoylog.places.edges import (
    AT_ONCE,
    Bools,
    Edges,
    any_between,
    box_of,
    grown,
    meetings,
    middle_of,
    nearest,
    turned,
    turns,
)
from convoylog.places.world import Box, bounds, touches

#: degrees of a block and of a cell in it: edges are looked up for a block, then sifted for a cell
_BLOCK, _CELLS = 1.0, 10
#: a box that touches no more blocks is put together from them
_FEW_BLOCKS = 4
#: places of a block that are tested at once rather than cell by cell
_FEW = 150
#: blocks whose edges are remembered, and cells whose region is: cars of one convoy come through the
#: same
_BLOCKS, _REMEMBERED = 500, 50_000


class Outlines:
    """n regions, each the inside of some lines by the even-odd rule.

    points, starts: all lines one after the other, (m, 2) longitude and latitude in degrees, and
    where each begins, and the last ends. lines, rows: numbers of the lines of all regions one after
    the other, and where each region's begin, and the last's end; lines may be shared.
    near_m: metres that a region reaches beyond its lines where no other is; at most 5,000.
    ends: the data's west, south, east and north; what lies beyond is asked just inside.
    """

    def __init__(
        self,
        points: Floats,
        starts: Ints,
        lines: Ints,
        rows: Ints,
        *,
        near_m: float = 0.0,
        ends: Box = (-180.0, -90.0, 180.0, 90.0),
    ) -> None:
        self._points, self._starts = points, starts
        self._lines, self._rows = lines, rows
        self._near_m, self._ends = near_m, ends
        self._line_boxes = bounds(points, starts)
        used = self._line_boxes[lines]
        low = np.minimum.reduceat(used[:, :2], rows[:-1])
        high = np.maximum.reduceat(used[:, 2:], rows[:-1])
        self._region_boxes: Floats = np.concatenate([low, high], axis=1)
        self._by_block: dict[Box, Edges] = {}
        self._by_region: dict[int, Edges] = {}
        self._by_cell: dict[Box, int] = {}

    # --- which region

    def numbers(self, lat: Floats, lon: Floats) -> Ints:
        """Number of the region of each of n places, -1 where there is none within `near_m`.

        lat, lon: degrees WGS84, within ±90 and ±180; -1 for what is not, or not finite. On a line
        and at equal distance the lowest number wins.
        """
        result = np.full(len(lat), -1, dtype=np.int64)
        with np.errstate(invalid="ignore"):
            known = np.flatnonzero((np.abs(lat) <= 90.0) & (np.abs(lon) <= 180.0))
        x, y = self._within(lon[known], lat[known])
        found = np.full(len(known), -1, dtype=np.int64)
        for members, block in _grouped(x, y, _BLOCK):
            near = self._edges_of_block(block)
            crossing = near.touching(block)
            if not len(crossing.line):
                # far inside a state, or at sea: the whole block is one cell
                found[members] = self._in_plain(x[members], y[members], block, near)
                continue
            if len(members) <= _FEW:
                found[members] = self._in_mixed(x[members], y[members], block, near, crossing)
                continue
            plain: list[tuple[Ints, Box]] = []
            for some, cell in _grouped(x[members], y[members], _BLOCK / _CELLS):
                chosen = members[some]
                crossing = near.touching(cell)
                if len(crossing.line):
                    found[chosen] = self._in_mixed(x[chosen], y[chosen], cell, near, crossing)
                else:
                    plain.append((chosen, cell))
            self._settle(plain, near, x, y, found)
        result[known] = found
        return result

    def _within(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        west, south, east, north = self._ends
        return np.clip(x, west, east), np.clip(y, south, north)

    def _settle(
        self, plain: list[tuple[Ints, Box]], near: Edges, x: Floats, y: Floats, found: Ints
    ) -> None:
        """Cells of one block without an edge. Those with none between them lie in one region."""
        while plain:
            begin = middle_of(plain[0][1])
            ends = np.array([middle_of(cell) for _, cell in plain])
            apart = any_between(begin, ends, near)
            whole = self._holding(plain[0][1])
            rest = []
            for (chosen, cell), other in zip(plain, apart.tolist(), strict=True):
                if other:
                    rest.append((chosen, cell))
                else:
                    found[chosen] = whole
                    if whole < 0:
                        found[chosen] = self._beside(x[chosen], y[chosen], cell, near)
            plain = rest

    def _in_plain(self, x: Floats, y: Floats, cell: Box, near: Edges) -> Ints:
        """Region of each place of one cell that no edge touches."""
        whole = self._holding(cell)
        return np.full(len(x), whole) if whole >= 0 else self._beside(x, y, cell, near)

    def _in_mixed(self, x: Floats, y: Floats, cell: Box, near: Edges, crossing: Edges) -> Ints:
        """Region of each place of one cell. crossing: the edges that touch it."""
        result = np.full(len(x), -1, dtype=np.int64)
        asked = self._owners(crossing.line)
        fit = touches(self._region_boxes[asked], box_of(y, x))
        for region in [
            region for region, near_it in zip(asked, fit.tolist(), strict=True) if near_it
        ]:
            waiting = np.flatnonzero(result < 0)
            if len(waiting):
                inside = self._inside(region, x[waiting], y[waiting])
                result[waiting[inside]] = region
        if (result < 0).any():
            # a region without an edge here holds the cell whole, or not at all
            whole = self._holding(cell, set(asked))
            outside = np.flatnonzero(result < 0)
            result[outside] = (
                whole if whole >= 0 else self._beside(x[outside], y[outside], cell, near)
            )
        return result

    def _beside(self, x: Floats, y: Floats, cell: Box, near: Edges) -> Ints:
        """For places of one cell that no region holds: the nearest within `near_m`, else -1."""
        reach = near.touching(grown(cell, self._near_m))
        if not self._near_m or not len(reach.line):
            return np.full(len(x), -1, dtype=np.int64)
        # of one line's regions the lowest
        owner = self._lowest_owner[reach.line]
        order = np.argsort(owner, kind="stable")  # the first of equals is the lowest
        away, which = nearest(x, y, reach.a[order], reach.b[order])
        return np.where(away <= self._near_m, owner[order][which], -1)

    def _holding(self, cell: Box, asked: set[int] | None = None) -> int:
        """The region that holds the middle of a cell, of those not asked yet; -1 for none.

        asked: always the regions whose edges touch that cell.
        """
        found = self._by_cell.get(cell)
        if found is None:
            if len(self._by_cell) >= _REMEMBERED:
                self._by_cell.clear()
            found = self._by_cell[cell] = self._at_middle(cell, asked or set())
        return found

    def _at_middle(self, cell: Box, asked: set[int]) -> int:
        across, up = middle_of(cell)
        # the middle of an outermost cell may lie beyond the end of the data
        x, y = self._within(np.array([across]), np.array([up]))
        box = (float(x[0]), float(y[0]), float(x[0]), float(y[0]))
        for region in np.flatnonzero(touches(self._region_boxes, box)).tolist():
            if region not in asked and self._inside(region, x, y)[0]:
                return int(region)
        return -1

    def _inside(self, region: int, x: Floats, y: Floats) -> Bools:
        """Even-odd rule, a ray to the east, or on a line. Only edges beside the places count."""
        outline = self._outline(region)
        a, b = outline.a, outline.b
        low, high = np.minimum(a[:, 1], b[:, 1]), np.maximum(a[:, 1], b[:, 1])
        beside = (high >= y.min()) & (low <= y.max()) & (np.maximum(a[:, 0], b[:, 0]) >= x.min())
        (ax, ay), (bx, by) = a[beside].T, b[beside].T
        inside = np.zeros(len(x), dtype=bool)
        step = max(1, AT_ONCE // max(len(ax), 1))
        for start in range(0, len(x), step):
            px, py = x[start : start + step, None], y[start : start + step, None]
            # half-open, so that a corner counts once
            spans = (ay > py) != (by > py)
            with np.errstate(divide="ignore", invalid="ignore"):
                cut = ax + (py - ay) * (bx - ax) / (by - ay)
            odd = (spans & (px < cut)).sum(axis=1) % 2 == 1
            level = (ay == py) & (by == py) & ((ax >= px) != (bx > px))
            on = ((spans & (px == cut)) | level).any(axis=1)
            corner = ((px == ax) & (py == ay)) | ((px == bx) & (py == by))
            inside[start : start + step] = odd | on | corner.any(axis=1)
        return inside

    # --- how far, and where a way meets a border

    def clear_of(self, before: int, after: int, lat: Floats, lon: Floats, metres: float) -> Bools:
        """Whether places in one part are at least so far from another; -1: what is no region.

        lon: continuous, within ±540. Regions reach `near_m` into what is none.
        """
        if before < 0:
            return self._clear_of_none(lat, lon, metres)
        least = metres if after >= 0 else metres + self._near_m
        box = grown(box_of(lat, lon), least)
        a, b = turned(box, self._outline(before))
        if not len(a):
            return np.ones(len(lat), dtype=np.bool_)
        away, _ = nearest(lon, lat, a, b)
        return np.asarray(away >= least, dtype=np.bool_)

    def _clear_of_none(self, lat: Floats, lon: Floats, metres: float) -> Bools:
        """Places in some region: how far inside, counted from `near_m` off its lines."""
        a, b = self._around(grown(box_of(lat, lon), metres))
        if not len(a):
            return np.ones(len(lat), dtype=np.bool_)
        away, _ = nearest(lon, lat, a, b)
        inward = np.where(self._outside(lat, lon), -away, away) if self._near_m else away
        return np.asarray(self._near_m + inward >= metres, dtype=np.bool_)

    def _outside(self, lat: Floats, lon: Floats) -> Bools:
        """Whether places lie in no region, however near."""
        x, y = self._within(geo.wrapped(lon), lat)
        lies = np.zeros(len(lat), dtype=np.bool_)
        for region in np.flatnonzero(touches(self._region_boxes, box_of(y, x))).tolist():
            waiting = np.flatnonzero(~lies)
            if len(waiting):
                lies[waiting] = self._inside(region, x[waiting], y[waiting])
        return ~lies

    def cuts(self, lat: Floats, lon: Floats) -> Floats:
        """Where a line of n places meets edges: hop + share of the hop, ascending, 0 … n - 1.

        lon: continuous, so it may leave ±180. Edges that run along a hop do not count: where it
        leaves them, others end.
        """
        a, b = self._around(box_of(lat, lon))
        if not len(a) or len(lat) < 2:
            return np.zeros(0)
        found = []
        step = max(1, AT_ONCE // len(a))
        for start in range(0, len(lat) - 1, step):
            rows = slice(start, min(start + step, len(lat) - 1))
            px, py = lon[:-1][rows, None], lat[:-1][rows, None]
            share, hit = meetings(px, py, np.diff(lon)[rows, None], np.diff(lat)[rows, None], a, b)
            hop, edge = np.nonzero(hit)
            found.append(start + hop + share[hop, edge])
        return np.unique(np.concatenate(found))

    # --- edges

    @cached_property
    def _all(self) -> Edges:
        """Every edge of every line, once, in the order of lines."""
        points, starts = self._points, self._starts
        begins = np.ones(len(points), dtype=bool)
        begins[starts[1:] - 1] = False  # from the last point of a line no edge begins
        at = np.flatnonzero(begins)
        line = np.repeat(np.arange(len(starts) - 1), np.diff(starts) - 1)
        return Edges(points[at], points[at + 1], line)

    @cached_property
    def _line_owners(self) -> tuple[Ints, Ints]:
        """(regions of all lines, where each line's begin), the lowest region of a line first."""
        regions = np.repeat(np.arange(len(self._rows) - 1), np.diff(self._rows))
        order = np.lexsort((regions, self._lines))
        edges = np.arange(len(self._starts))
        return regions[order], np.searchsorted(self._lines[order], edges)

    @cached_property
    def _lowest_owner(self) -> Ints:
        regions, starts = self._line_owners
        return regions[np.minimum(starts[:-1], len(regions) - 1)]

    def _owners(self, lines: Ints) -> list[int]:
        """The regions of some lines, lowest first."""
        regions, starts = self._line_owners
        return sorted(
            {r for n in np.unique(lines) for r in regions[starts[n] : starts[n + 1]].tolist()}
        )

    def _edges_of(self, box: Box) -> Edges:
        """The edges that touch a box, looked up by the bounds of their lines."""
        edges, starts = self._all, self._starts
        lines = np.flatnonzero(touches(self._line_boxes, box))
        firsts = starts[lines] - lines  # each line before has one edge less than points
        counts = starts[lines + 1] - starts[lines] - 1
        runs = np.repeat(firsts - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
        which = runs + np.arange(len(runs))
        return Edges(edges.a[which], edges.b[which], edges.line[which]).touching(box)

    def _edges_of_block(self, block: Box) -> Edges:
        found = self._by_block.get(block)
        if found is None:
            if len(self._by_block) >= _BLOCKS:
                self._by_block.clear()
            found = self._by_block[block] = self._edges_of(grown(block, self._near_m))
        return found

    def _around(self, box: Box) -> tuple[Floats, Floats]:
        """Both ends of the edges that touch a box, also one that reaches over ±180°; some twice."""
        parts = []
        for turn in turns(box):
            there = (box[0] - turn, box[1], box[2] - turn, box[3])
            blocks = _blocks(there)
            aside = np.array([turn, 0.0])
            for found in (
                [self._edges_of_block(block).touching(there) for block in blocks]
                if len(blocks) <= _FEW_BLOCKS
                else [self._edges_of(there)]
            ):
                parts.append((found.a + aside, found.b + aside))
        return np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts])

    def _outline(self, region: int) -> Edges:
        """All edges of a region. Their order and direction do not matter."""
        found = self._by_region.get(region)
        if found is None:
            edges, starts = self._all, self._starts
            # a seam is used twice, and even-odd then counts it twice
            own = self._lines[self._rows[region] : self._rows[region + 1]]
            which = np.concatenate([np.arange(*(starts[[n, n + 1]] - [n, n + 1])) for n in own])
            found = Edges(edges.a[which], edges.b[which], edges.line[which])
            self._by_region[region] = found
        return found


def _blocks(box: Box) -> list[Box]:
    """The blocks that a box touches."""
    west, south, east, north = (int(np.floor(side / _BLOCK)) for side in box)
    if (east - west + 1) * (north - south + 1) > _FEW_BLOCKS:
        return [box] * (_FEW_BLOCKS + 1)
    return [
        (x * _BLOCK, y * _BLOCK, (x + 1) * _BLOCK, (y + 1) * _BLOCK)
        for x in range(west, east + 1)
        for y in range(south, north + 1)
    ]


def _grouped(x: Floats, y: Floats, size: float) -> Iterator[tuple[NDArray[np.intp], Box]]:
    """(numbers of the places, bounds) of every square of some degrees that holds any."""
    across, up = np.floor(x / size).astype(np.int64), np.floor(y / size).astype(np.int64)
    # 2**20 is far more than the rows there are
    key = (across << 20) + up
    order = np.argsort(key, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(key[order])) + 1):
        if len(members):
            west, south = across[members[0]] * size, up[members[0]] * size
            yield members, (float(west), float(south), float(west + size), float(south + size))
