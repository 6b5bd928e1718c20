"""Cars on the same road, drawn side by side: the last colour must not hide the convoy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats

#: pixels of a cell: lines that pass one cell share a road as far as a map can show
_CELL = 7.0
#: pixels between two neighbours; a line is 2.6 wide
_SLOT = 3.0
#: vertices over which a line eases into its slot, so that it does not jump
_SMOOTH = 11
#: pixels between vertices while slots are worked out
_STEP = 5.0


def side_by_side(cars: Sequence[Sequence[Floats]]) -> list[list[Floats]]:
    """Lines of each car moved to their slots. lines: (n, 2) pixels; the result has other points."""
    dense = [[_densified(line) for line in lines] for lines in cars]
    passing: dict[tuple[int, int], set[int]] = {}
    for number, lines in enumerate(dense):
        for line in lines:
            for cell in _cells(line):
                passing.setdefault(cell, set()).add(number)
    return [[_moved(line, n, passing) for line in lines] for n, lines in enumerate(dense)]


def _densified(line: Floats) -> Floats:
    """The line with a vertex at least every few pixels; its own vertices stay."""
    if len(line) < 2:
        return line
    hops = np.hypot(*np.diff(line, axis=0).T)
    counts = np.maximum(np.ceil(hops / _STEP).astype(int), 1)
    start = np.repeat(np.arange(len(hops)), counts)
    inside = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    t = (inside / counts[start])[:, None]
    return np.concatenate([line[start] + t * (line[start + 1] - line[start]), line[-1:]])


def _cells(line: Floats) -> list[tuple[int, int]]:
    """Cells of the vertices, and their neighbours half a cell away."""
    grid = np.concatenate([np.floor(line / _CELL), np.floor(line / _CELL + 0.5) - 0.5])
    return [(int(x * 2), int(y * 2)) for x, y in np.unique(grid, axis=0)]


def _moved(line: Floats, number: int, passing: dict[tuple[int, int], set[int]]) -> Floats:
    """One line in its slot of each cell it passes, perpendicular to a direction all agree on."""
    if len(line) < 2:
        return line
    offsets = np.zeros(len(line))
    for i, (x, y) in enumerate(line):
        near = passing.get((int(np.floor(x / _CELL) * 2), int(np.floor(y / _CELL) * 2)), {number})
        other = (
            int((np.floor(x / _CELL + 0.5) - 0.5) * 2),
            int((np.floor(y / _CELL + 0.5) - 0.5) * 2),
        )
        members = sorted(near | passing.get(other, set()) | {number})
        offsets[i] = (members.index(number) - (len(members) - 1) / 2) * _SLOT
    if not offsets.any():
        return line
    smooth = _smoothed(offsets)
    dx, dy = np.gradient(_smoothed(line[:, 0])), np.gradient(_smoothed(line[:, 1]))
    # opposite ways along one road still need the same side: turn every direction to the east
    turn = np.where((dx < 0) | ((dx == 0) & (dy < 0)), -1.0, 1.0)
    length = np.hypot(dx, dy)
    length[length == 0] = 1.0
    normal = np.stack([-dy * turn / length, dx * turn / length], axis=1)
    return line + normal * smooth[:, None]


def _smoothed(values: Floats) -> NDArray[np.float64]:
    """Mean over a window that shrinks at the ends."""
    half = min(_SMOOTH // 2, (len(values) - 1) // 2)
    if half < 1:
        return values
    padded = np.concatenate([np.full(half, values[0]), values, np.full(half, values[-1])])
    kernel = np.full(2 * half + 1, 1 / (2 * half + 1))
    return np.convolve(padded, kernel, mode="valid")
