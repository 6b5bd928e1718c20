"""Which state, which country. Edges are straight in longitude and latitude, as the data means them.

Places are sorted into cells; most cells lie in one region whole and are asked once. Where an edge
runs through a cell, its places are tested one by one, exactly (even-odd rule).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from convoylog import geo
from convoylog.model.tracks import Floats, Ints
from convoylog.places import packing
from convoylog.places.world import Box, load_world, touches

#: metres: the layer is generalised, so a harbour may lie outside of every polygon
NEAR_M = 2000.0
#: the same in degrees of latitude, rounded up (a degree is at least 110,574 m)
_NEAR_DEG = NEAR_M / 110_000
#: degrees of a block and of a cell in it: edges are looked up for a block, then sifted for a cell
_BLOCK, _CELLS = 1.0, 10
#: degrees: the source is clipped at ±179.9 and -89.9; what lies beyond is asked just inside
_EAST_END, _SOUTH_END = 179.9 - packing.REGION_UNIT / 2, -89.9 + packing.REGION_UNIT / 2
#: places × edges held at once: some ten megabytes a column
_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class Region:
    """A state or province. code: ISO 3166-2 or "". postal: short form (CO) or ""."""

    country_code: str
    country: str
    code: str
    name: str
    postal: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Straight edges: both ends, (n, 2) longitude and latitude, and the number of the arc."""

    a: Floats
    b: Floats
    arc: Ints

    def of(self, which: NDArray[np.bool_]) -> _Edges:
        return _Edges(self.a[which], self.b[which], self.arc[which])

    def touching(self, box: Box) -> _Edges:
        """The edges whose bounds touch the box."""
        west, south, east, north = box
        (ax, ay), (bx, by) = self.a.T, self.b.T
        return self.of(
            (np.minimum(ax, bx) <= east)
            & (np.maximum(ax, bx) >= west)
            & (np.minimum(ay, by) <= north)
            & (np.maximum(ay, by) >= south)
        )


@cache
def all_regions() -> tuple[Region, ...]:
    """Every region, by its number."""
    return tuple(Region(*row[:5]) for row in load_world().region_texts)


def region_at(lat: float, lon: float) -> Region | None:
    """The region of a place; the nearest within 2 km if it lies in none, else None."""
    number = int(regions_along(np.array([lat]), np.array([lon]))[0])
    return all_regions()[number] if number >= 0 else None


def regions_along(lat: Floats, lon: Floats) -> Ints:
    """Number of the region of each of n places, -1 where there is none within 2 km.

    lat, lon: degrees WGS84, within ±90 and ±180; -1 for what is not, or not finite. On a border
    the even-odd rule gives a place to one side, and at equal distance the lowest number wins.
    """
    result = np.full(len(lat), -1, dtype=np.int64)
    with np.errstate(invalid="ignore"):
        known = np.flatnonzero((np.abs(lat) <= 90.0) & (np.abs(lon) <= 180.0))
    y = np.maximum(lat[known], _SOUTH_END)
    x = np.clip(lon[known], -_EAST_END, _EAST_END)
    found = np.full(len(known), -1, dtype=np.int64)
    for members, block in _grouped(x, y, _BLOCK):
        near = _edges_of(_grown(block))
        if not len(near.touching(block).arc):
            # far inside a state, or at sea: the whole block is one cell
            found[members] = _in_cell(x[members], y[members], block, near)
            continue
        for some, cell in _grouped(x[members], y[members], _BLOCK / _CELLS):
            chosen = members[some]
            found[chosen] = _in_cell(x[chosen], y[chosen], cell, near)
    result[known] = found
    return result


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


def _in_cell(x: Floats, y: Floats, cell: Box, near: _Edges) -> Ints:
    """Region of each place of one cell. near: all edges that touch the cell, grown by 2 km."""
    result = np.full(len(x), -1, dtype=np.int64)
    reach = near.touching(_grown(cell))
    crossing = reach.touching(cell)
    asked = _owners(crossing.arc)
    for region in asked:
        waiting = np.flatnonzero(result < 0)
        if len(waiting):
            inside = _inside(region, x[waiting], y[waiting])
            result[waiting[inside]] = region
    if (result < 0).any():
        # a region without an edge here holds the cell whole, or not at all
        whole = _holding(cell, set(asked))
        result[result < 0] = whole
        if whole < 0 and len(reach.arc):
            outside = np.flatnonzero(result < 0)
            result[outside] = _nearest(x[outside], y[outside], reach)
    return result


def _holding(cell: Box, asked: set[int]) -> int:
    """The region that holds the middle of a cell, of those not asked yet; -1 for none."""
    x, y = np.array([(cell[0] + cell[2]) / 2]), np.array([(cell[1] + cell[3]) / 2])
    # the middle of an outermost cell may lie beyond the end of the data
    x, y = np.clip(x, -_EAST_END, _EAST_END), np.maximum(y, _SOUTH_END)
    box = (float(x[0]), float(y[0]), float(x[0]), float(y[0]))
    for region in np.flatnonzero(touches(load_world().region_boxes, box)).tolist():
        if region not in asked and _inside(region, x, y)[0]:
            return int(region)
    return -1


@cache
def _all_edges() -> _Edges:
    """Every edge of every arc, once, in the order of arcs."""
    world = load_world()
    points, starts = world.arc_points, world.arc_starts
    begins = np.ones(len(points), dtype=bool)
    begins[starts[1:] - 1] = False  # from the last point of an arc no edge begins
    at = np.flatnonzero(begins)
    arc = np.repeat(np.arange(len(starts) - 1), np.diff(starts) - 1)
    return _Edges(points[at], points[at + 1], arc)


@cache
def _arc_owners() -> tuple[Ints, Ints]:
    """(regions of all arcs, where each arc's begin), the lowest region of an arc first."""
    world = load_world()
    arcs, starts = world.region_arcs
    regions = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    order = np.lexsort((regions, arcs))
    return regions[order], np.searchsorted(arcs[order], np.arange(len(world.arc_starts)))


def _owners(arcs: Ints) -> list[int]:
    """The regions of some arcs, lowest first."""
    regions, starts = _arc_owners()
    return sorted({r for n in np.unique(arcs) for r in regions[starts[n] : starts[n + 1]].tolist()})


def _edges_of(box: Box) -> _Edges:
    """The edges that touch a box, looked up by the bounds of their arcs."""
    world, edges = load_world(), _all_edges()
    arcs = np.flatnonzero(touches(world.arc_boxes, box))
    firsts = world.arc_starts[arcs] - arcs  # each arc before has one edge less than points
    counts = world.arc_starts[arcs + 1] - world.arc_starts[arcs] - 1
    runs = np.repeat(firsts - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    which = runs + np.arange(len(runs))
    return _Edges(edges.a[which], edges.b[which], edges.arc[which]).touching(box)


def _grown(box: Box) -> Box:
    """A box and all within 2 km of it. Near a pole that is every longitude."""
    west, south, east, north = box
    farthest = min(max(abs(south), abs(north)) + _NEAR_DEG, 90.0)
    aside = min(_NEAR_DEG / max(float(np.cos(np.radians(farthest))), 1e-9), 360.0)
    return west - aside, south - _NEAR_DEG, east + aside, north + _NEAR_DEG


@cache
def _outline(region: int) -> tuple[Floats, Floats]:
    """All edges of a region: both ends, (n, 2). Their order and direction do not matter."""
    world, edges = load_world(), _all_edges()
    arcs, starts = world.region_arcs
    # a seam is used twice, and even-odd then counts it twice
    own = arcs[starts[region] : starts[region + 1]]
    rows = [np.arange(*(world.arc_starts[[n, n + 1]] - [n, n + 1])) for n in own]
    which = np.concatenate(rows)
    return edges.a[which], edges.b[which]


def _inside(region: int, x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Even-odd rule, a ray to the east. Only edges beside the places are looked at."""
    a, b = _outline(region)
    low, high = np.minimum(a[:, 1], b[:, 1]), np.maximum(a[:, 1], b[:, 1])
    beside = (high >= y.min()) & (low <= y.max()) & (np.maximum(a[:, 0], b[:, 0]) >= x.min())
    (ax, ay), (bx, by) = a[beside].T, b[beside].T
    inside = np.zeros(len(x), dtype=bool)
    step = max(1, _AT_ONCE // max(len(ax), 1))
    for start in range(0, len(x), step):
        px, py = x[start : start + step, None], y[start : start + step, None]
        # half-open, so that a corner counts once
        spans = (ay > py) != (by > py)
        with np.errstate(divide="ignore", invalid="ignore"):
            cut = ax + (py - ay) * (bx - ax) / (by - ay)
        inside[start : start + step] = (spans & (px < cut)).sum(axis=1) % 2 == 1
    return inside


def _nearest(x: Floats, y: Floats, edges: _Edges) -> Ints:
    """The region whose border lies nearest to each place, -1 if farther than 2 km."""
    regions, starts = _arc_owners()
    owner = regions[starts[edges.arc]]
    order = np.argsort(owner, kind="stable")  # the first of equals is the lowest
    (ax, ay), (bx, by), owner = edges.a[order].T, edges.b[order].T, owner[order]
    result = np.full(len(x), -1, dtype=np.int64)
    step = max(1, _AT_ONCE // len(owner))
    for start in range(0, len(x), step):
        px, py = x[start : start + step, None], y[start : start + step, None]
        scale = np.cos(np.radians(py))  # flat is right enough to tell which edge is nearest
        dx, dy = (bx - ax) * scale, by - ay
        sx, sy = (px - ax) * scale, py - ay
        length2 = dx * dx + dy * dy
        t = np.clip((sx * dx + sy * dy) / np.where(length2 > 0, length2, 1.0), 0.0, 1.0)
        best = np.argmin((sx - t * dx) ** 2 + (sy - t * dy) ** 2, axis=1)
        along = t[np.arange(len(best)), best]
        fx, fy = ax[best] + along * (bx - ax)[best], ay[best] + along * (by - ay)[best]
        away = geo.near_m(py[:, 0], px[:, 0], fy, fx)
        result[start : start + step] = np.where(away <= NEAR_M, owner[best], -1)
    return result
