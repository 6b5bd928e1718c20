"""Cars on the same road, drawn side by side: the last colour must not hide the convoy.

Each line gets a slot in every cell it shares, to the left or right of its own way of travel, so
that a winding road bends the whole bundle and never flips it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats

#: vertices over which a line eases into its slot, so that it does not jump
_SMOOTH = 11
#: vertices in a cell: enough that no line steps over one
_A_CELL = 3
#: lanes a bundle is wide at the most; more cars stand closer
_WIDEST = 7.0
#: cars told apart; any beyond lie where they drove
_MOST = 63

Keys = NDArray[np.int64]
Bits = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """One line with more vertices and the lane of each.

    points: (n, 2), y down. origin: for each vertex, how far along the given line it lies (3.5: half
    way from its fourth to its fifth point). lane: in lanes, right of the way of travel positive.
    """

    points: Floats
    origin: Floats
    lane: Floats


def find_lanes(cars: Sequence[Sequence[Floats]], cell: float) -> list[list[Lanes]]:
    """Lanes of every line of each car. lines: (n, 2), y down. cell: what one road is wide, in the
    same unit."""
    dense = [[_densified(line, cell / _A_CELL) for line in lines] for lines in cars]
    if not any(len(points) for rows in dense for points, _ in rows):
        return [
            [Lanes(points, origin, np.zeros(len(points))) for points, origin in rows]
            for rows in dense
        ]
    flat = [(n, points, origin) for n, rows in enumerate(dense) for points, origin in rows]
    number = np.concatenate([np.full(len(points), min(n, _MOST)) for n, points, _ in flat])
    points = np.concatenate([points for _, points, _ in flat])
    heading = np.concatenate([headings(points) for _, points, _ in flat])
    lane = _lanes(number, points, heading, cell)
    ends = np.cumsum([len(points) for _, points, _ in flat])
    parts = iter(np.split(lane, ends[:-1]))
    return [[Lanes(p, o, _smoothed(next(parts))) for p, o in rows] for rows in dense]


def beside(points: Floats, lane: Floats, width: float) -> Floats:
    """The line moved into its lanes. width: of a lane, in the unit of the points."""
    if len(points) < 2 or not lane.any():
        return points
    along = headings(points)
    return points + np.stack([-along[:, 1], along[:, 0]], axis=1) * (lane * width)[:, None]


def headings(points: Floats) -> Floats:
    """Unit vectors of travel at each vertex, smoothed over its neighbours: (n, 2)."""
    if len(points) < 2:
        return np.zeros((len(points), 2))
    d = np.stack(
        [np.gradient(_smoothed(points[:, 0], 5)), np.gradient(_smoothed(points[:, 1], 5))], axis=1
    )
    length = np.hypot(d[:, 0], d[:, 1])[:, None]
    return np.asarray(np.divide(d, length, out=np.zeros_like(d), where=length > 0))


def _densified(line: Floats, step: float) -> tuple[Floats, Floats]:
    """The line with a vertex at least every step; its own vertices stay. Also where each lies."""
    if len(line) < 2:
        return line, np.arange(float(len(line)))
    hops = np.hypot(*np.diff(line, axis=0).T)
    counts = np.maximum(np.ceil(hops / step).astype(int), 1)
    start = np.repeat(np.arange(len(hops)), counts)
    inside = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    t = inside / counts[start]
    points = line[start] + t[:, None] * (line[start + 1] - line[start])
    return np.concatenate([points, line[-1:]]), np.append(start + t, float(len(line) - 1))


def _lanes(number: Keys, points: Floats, heading: Floats, cell: float) -> Floats:
    """The lane of every point, before it is smoothed."""
    bit = np.left_shift(np.uint64(1), number.astype(np.uint64))
    # two grids, half a cell apart: a road along an edge of one lies inside the other
    grids = [_Grid(points / cell + shift, number, bit) for shift in (0.0, 0.5)]
    members = np.bitwise_or(*(grid.members for grid in grids))
    count = _count_bits(members)
    rank = _count_bits(members & (bit - np.uint64(1)))
    first = _count_bits((members & (~members + np.uint64(1))) - np.uint64(1))
    # all agree on the way the first of them went
    leading = np.full(len(number), -1)
    for grid in grids:
        found = grid.first_of(first)
        leading = np.where(leading < 0, found, leading)
    same = (heading * heading[leading]).sum(axis=1) >= 0
    slot = (rank - (count - 1) / 2) * np.minimum(1.0, _WIDEST / np.maximum(count, 1))
    return np.where(same, slot, -slot) * (count > 1)


class _Grid:
    """Points sorted into cells. members: for every point, the cars of its cell as bits."""

    def __init__(self, places: Floats, number: Keys, bit: Bits) -> None:
        whole = np.floor(places).astype(np.int64)
        whole -= whole.min(axis=0)
        keys = whole[:, 0] * (whole[:, 1].max() + 1) + whole[:, 1]
        _, self._cell = np.unique(keys, return_inverse=True)
        masks = np.zeros(int(self._cell.max()) + 1, dtype=np.uint64)
        np.bitwise_or.at(masks, self._cell, bit)
        self.members: Bits = masks[self._cell]
        self._seen, self._at = np.unique(self._cell * 64 + number, return_index=True)

    def first_of(self, number: Keys) -> Keys:
        """Where a car, one for each point, first passed that point's cell; -1 where it never did."""
        wanted = self._cell * 64 + number
        found = np.minimum(np.searchsorted(self._seen, wanted), len(self._seen) - 1)
        return np.where(self._seen[found] == wanted, self._at[found], -1)


def _count_bits(values: Bits) -> Keys:
    return np.asarray(
        np.unpackbits(values.view(np.uint8).reshape(-1, 8), axis=1).sum(axis=1), dtype=np.int64
    )


def _smoothed(values: Floats, window: int = _SMOOTH) -> Floats:
    """Mean over a window; beyond its ends a line goes on as it began."""
    half = min(window // 2, (len(values) - 1) // 2)
    if half < 1:
        return values
    padded = np.concatenate([np.full(half, values[0]), values, np.full(half, values[-1])])
    kernel = np.full(2 * half + 1, 1 / (2 * half + 1))
    return np.convolve(padded, kernel, mode="valid")
