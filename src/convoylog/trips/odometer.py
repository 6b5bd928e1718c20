"""Metres so far along a car's way: jitter thinned, halts straight, jumps nothing.

What is looked at more than once is only what is slower than the receiver is exact.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from convoylog import geo
from convoylog.model.tracks import Floats
from convoylog.trips.clean import Bools

#: points nearer to each other than a fix's own error add noise, not way
THIN_M = 10.0
#: points looked at from every point at once: a fix a second at walking pace has so many within 10 m;
#: where there are more, only what is reached goes on looking, in blocks
_ROUNDS, _BLOCK = 16, 512

_Kind = TypeVar("_Kind", np.float64, np.bool_)


def flag_runs(flags: Bools) -> NDArray[np.intp]:
    """Maximal runs of true flags: (k, 2) first, and one past the last."""
    edges = np.flatnonzero(flags[1:] != flags[:-1]) + 1
    if len(flags) and flags[0]:
        edges = np.append(0, edges)
    if len(flags) and flags[-1]:
        edges = np.append(edges, len(flags))
    return edges.reshape(-1, 2)


def places_at(time: Floats, lat: Floats, lon: Floats, at: Floats) -> tuple[Floats, Floats]:
    """Places at instants on the line of two points or more, held past its ends.

    As `np.interp`, which would copy a read-only column whole, also for one instant.
    """
    k = np.clip(np.searchsorted(time, at, side="right") - 1, 0, len(time) - 2)
    after, dt = np.clip(at, time[0], time[-1]) - time[k], time[k + 1] - time[k]
    end = at >= time[-1]
    y = np.where(end, lat[-1], (lat[k + 1] - lat[k]) / dt * after + lat[k])
    x = np.where(end, lon[-1], (lon[k + 1] - lon[k]) / dt * after + lon[k])
    return y, x


def keep_odometer(
    time: Floats,
    lat: Floats,
    lon: Floats,
    hop_m: Floats,
    hole: Bools,
    jump: Bools,
    halts: Floats,
    within: Bools,
    stretches: list[tuple[int, int]],
) -> tuple[Floats, Floats, Floats]:
    """Metres so far at the points outside of halts and at both ends of each halt.

    Returns those instants and metres, and the metres at every point.
    """
    n = len(time)
    if n < 2:
        return time, np.zeros(n), np.zeros(n)
    # a piece is broken at the ends of halts, holes, jumps and of the recording itself
    ends = np.zeros(n, dtype=np.bool_)
    ends[[0, -1]] = True
    ends[:-1] |= hole | jump
    ends[1:] |= hole | jump

    def told(column: Floats, at_halts: Floats) -> Floats:
        return np.concatenate(_outside(column, stretches, at_halts))

    # the ends of halts lie between points mostly
    at = told(time, halts)
    y, x = map(told, (lat, lon), places_at(time, lat, lon, halts))
    fixed = np.concatenate(_outside(ends, stretches, np.ones(halts.shape, dtype=np.bool_)))
    steps = told(np.append(hop_m, 0.0), np.zeros(halts.shape))[:-1]
    counts = [last - first for first, last in stretches]
    edge = np.cumsum(counts)[:-1] + 2 * np.arange(len(halts))  # the begins of halts
    made = np.concatenate([edge - 1, edge, edge + 1])
    made = made[(made >= 0) & (made < len(steps))]
    steps[made] = geo.apart_m(y[made], x[made], y[made + 1], x[made + 1])
    kept = _thin(y, x, fixed, steps)
    if jump.any():  # what is no way counts none
        hop = np.clip(np.searchsorted(time, at[:-1], side="right") - 1, 0, n - 2)
        steps[jump[hop]] = 0.0
    # a run of points too near: its way is that from the point kept before to the one after
    runs = flag_runs(~kept)
    before, after = runs[:, 0] - 1, runs[:, 1]
    ways = geo.near_m(y[before], x[before], y[after], x[after])
    left = np.flatnonzero(~kept)
    steps[left - 1] = 0.0
    steps[after - 1] = ways
    so_far = np.zeros(len(at))
    np.cumsum(steps, out=so_far[1:])
    # the run a point is in, and how far on between the two kept points around it
    run = np.repeat(np.arange(len(runs)), after - before - 1)
    share = (at[left] - at[before][run]) / (at[after] - at[before])[run]
    so_far[left] = so_far[before][run] + share * ways[run]
    at_points = np.empty(n)
    begin = 0
    for (first, last), count in zip(stretches, counts, strict=True):
        at_points[first:last] = so_far[begin : begin + count]
        begin += count + 2
    inside = np.flatnonzero(within)
    at_points[inside] = np.interp(time[inside], at, so_far)
    return at, so_far, at_points


def _outside(
    column: NDArray[_Kind], stretches: list[tuple[int, int]], at_halts: NDArray[_Kind]
) -> list[NDArray[_Kind]]:
    """A column in parts: without the points in halts, but with a pair of values for each halt."""
    parts = [column[slice(*stretches[0])]]
    for pair, (first, last) in zip(at_halts, stretches[1:], strict=True):
        parts += [pair, column[first:last]]
    return parts


def _thin(lat: Floats, lon: Floats, fixed: Bools, hops: Floats) -> Bools:
    """Which points are at least 10 m from the one kept before, or fixed, as the last one is."""
    # wherever the next point is too near: the first behind it that is not
    short = np.flatnonzero((hops < THIN_M) & ~fixed[1:])
    onward, y, x = short + 1, lat[short], lon[short]
    left = np.arange(len(short))
    for _ in range(_ROUNDS):
        there = onward[left] + 1
        onward[left] = there
        near = geo.near_m(y[left], x[left], lat[there], lon[there]) < THIN_M
        left = left[near & ~fixed[there]]
    crowded = np.zeros(len(short), dtype=np.bool_)
    crowded[left] = True
    # only those count that are kept themselves: from each, on to the next
    after = np.searchsorted(short, onward).tolist()
    kept, k = [], 0
    while k < len(after):
        kept.append(k)
        if crowded[k]:
            onward[k] = _first_away(lat, lon, fixed, int(short[k]), int(onward[k]) + 1)
            k = int(np.searchsorted(short, onward[k]))
        else:
            k = after[k]
    # what lies between a point and where it goes on is dropped
    turns = np.zeros(len(lat), dtype=np.int8)
    turns[short[kept] + 1] = 1
    turns[onward[kept]] = -1
    return np.asarray(np.cumsum(turns, dtype=np.int8) == 0, dtype=np.bool_)


def _first_away(lat: Floats, lon: Floats, fixed: Bools, here: int, there: int) -> int:
    """The first point from `there` on that is not near `here`, or fixed."""
    while True:
        block = slice(there, there + _BLOCK)
        away = geo.near_m(lat[here], lon[here], lat[block], lon[block]) >= THIN_M
        away |= fixed[block]
        if away.any():
            return there + int(away.argmax())
        there += _BLOCK
