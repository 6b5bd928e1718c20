"""How much of two ways is one road, whenever it was driven.

Both are resampled every 50 m without standing. A sample of the first matches where the second
passes within 75 m and 45°; of all matches the longest chain that rises along both ways counts, by
patience sorting, so that nothing is matched twice. O(N log N). Source: Fredman 1975.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from convoylog import geo
from convoylog.model.convoy import ConvoyRules, Likeness, SameRoute
from convoylog.model.tracks import Floats, Ints, Track, take
from convoylog.model.trip import CarTrip
from convoylog.trips.convoy.cells import Indices, make_net
from convoylog.trips.convoy.ways import Bools, make_way, scale, turn

EVERY_M = 50.0
NEAR_M, COURSE_DEG = 75.0, 45.0
#: runs nearer to each other are one, shorter ones are crossings and chance
JOIN_M, SHORTEST_M = 300.0, 1000.0
#: whole ways alike
SAME, PARTLY, ENDS_M = 0.90, 0.25, 2000.0
#: a sample's half of the way to the next, added to the reach; and a grain
_REACH_M = float(np.hypot(NEAR_M, EVERY_M)) + 1.0
#: cells in which a piece touches four at most
_CELL_M = 2.0 * _REACH_M
#: bits for the number of a sample
_BITS = 27
#: rows of samples and pieces looked at in one go: they stay in the processor's cache
BLOCK = 50_000
#: samples, and metres along the other line
Matches = tuple[Indices, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A way resampled: n samples. metres: along the whole; joint: reaches the next without a break.

    total_m: length of all that is recorded, without standing. east, north: unit course onwards.
    """

    lat: Floats
    lon: Floats
    metres: Floats
    joint: Bools
    east: Floats
    north: Floats
    total_m: float


def make_line(track: Track) -> Line:
    """A cleaned track every 50 m of its known, moving hops."""
    way = make_way(track, ConvoyRules())
    counts = way.known & ~way.slow
    so_far = np.concatenate([[0.0], np.cumsum(np.where(counts, way.metres, 0.0))])
    total = float(so_far[-1]) if len(way.time) > 1 else 0.0
    if total <= 0.0:
        none = np.zeros(0)
        return Line(none, none, none, np.zeros(0, np.bool_), none, none, 0.0)
    marks = np.append(np.arange(0.0, total, EVERY_M), total)
    # of equal metres the last point: there the way goes on
    hop = np.clip(np.searchsorted(so_far, marks, side="right") - 1, 0, len(way.metres) - 1)
    hop = np.where(counts[hop], hop, np.maximum(np.searchsorted(so_far, marks) - 1, 0))
    f = np.clip((marks - so_far[hop]) / np.where(counts[hop], way.metres[hop], 1.0), 0.0, 1.0)
    lat = way.lat[hop] + f * (way.lat[hop + 1] - way.lat[hop])
    lon = way.lon[hop] + f * (way.lon[hop + 1] - way.lon[hop])
    breaks = np.concatenate([[0], np.cumsum(~way.known)])
    joint = breaks[hop[1:]] == breaks[hop[:-1]]
    up, across = scale((lat[1:] + lat[:-1]) / 2.0)
    north, east = np.diff(lat) * up, np.diff(lon) * across
    length = np.hypot(north, east)
    joint &= length > 0.0
    length = np.where(length > 0.0, length, 1.0)
    return Line(
        lat, lon, marks, np.append(joint, False),
        np.append(east / length, 0.0), np.append(north / length, 0.0), total,
    )  # fmt: skip


def compare(a: Line, b: Line, filed: Filed | None = None) -> SameRoute:
    """How much of two lines is one road, in the same direction; and how much in the opposite.

    filed: of b, where it is compared with several.
    """
    if not (a.total_m and b.total_m):
        return SameRoute(0.0, 0.0, 0.0)
    forth, back = _matches(a, b, filed or file_line(b))
    on_a, on_b, runs = _shared(a, *forth, reverse=False)
    back_a, back_b, _ = _shared(a, *back, reverse=True)
    of_a, of_b = min(1.0, on_a / a.total_m), min(1.0, on_b / b.total_m)
    return SameRoute(
        (on_a + on_b) / 2.0, of_a, of_b, (back_a + back_b) / 2.0, _likeness(a, b, of_a, of_b), runs
    )


def find_same_routes(
    cars: Sequence[CarTrip], window: tuple[float, float] | None = None
) -> Mapping[tuple[str, str], SameRoute]:
    """For every two cars with a way, in their order. window: only what was driven then."""
    lines = []
    for car in cars:
        track = car.track
        if window is not None:
            track = take(track, (track.time >= window[0]) & (track.time <= window[1]))
        if len(track) > 1:
            lines.append((car.car.id, make_line(track)))
    found = {}
    for number, (b, other) in enumerate(lines):
        filed = file_line(other)  # of one line at a time
        found.update({(a, b): compare(one, other, filed) for a, one in lines[:number]})
    return found


def _likeness(a: Line, b: Line, of_a: float, of_b: float) -> Likeness:
    ends = geo.apart_m(a.lat[[0, -1]], a.lon[[0, -1]], b.lat[[0, -1]], b.lon[[0, -1]])
    if min(of_a, of_b) >= SAME and (ends <= ENDS_M).all():
        return "same"
    if max(of_a, of_b) >= SAME:
        return "part"
    return "partly" if max(of_a, of_b) >= PARTLY else ""


def _shared(a: Line, sample: Indices, metres: Floats, *, reverse: bool) -> tuple[float, float, int]:
    """Metres of either line in common runs, and how many there are. sample, metres: matches."""
    if not len(sample):
        return 0.0, 0.0, 0
    chain = _longest_chain(sample, -metres if reverse else metres)
    along, other = a.metres[sample[chain]], metres[chain]
    step, across = np.diff(along), np.abs(np.diff(other))
    breaks = np.flatnonzero((step > JOIN_M) | (across > JOIN_M))
    first, last = np.append(0, breaks + 1), np.append(breaks, len(chain) - 1)
    on_a, on_b = along[last] - along[first], np.abs(other[last] - other[first])
    long = np.maximum(on_a, on_b) >= SHORTEST_M
    return float(on_a[long].sum()), float(on_b[long].sum()), int(long.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Filed:
    """A line's pieces, from each sample to the next without a break, under the cells about them.

    keys: sorted cell and sample, as one number.
    """

    keys: Ints


def file_line(line: Line) -> Filed:
    """The pieces of a line, to be found by whoever passes within NEAR_M."""
    pieces = np.flatnonzero(line.joint)
    reach = np.full(len(pieces), _REACH_M)
    which, cells = make_net(_CELL_M).touched(line.lat[pieces], line.lon[pieces], reach)
    keys = (cells << _BITS) | pieces[which]
    keys.sort()
    return Filed(keys)


def _matches(a: Line, b: Line, filed: Filed) -> tuple[Matches, Matches]:
    """(sample of a, metres along b) wherever b passes: once a pass, at its nearest point.

    First in the direction of a, then in the opposite one.
    """
    _, cells = make_net(_CELL_M).touched(a.lat, a.lon, np.zeros(len(a.lat)))
    cells = cells[: len(a.lat)]
    # samples that follow each other in a cell ask but once
    fresh = np.flatnonzero(np.diff(cells, prepend=cells[0] - 1))
    sizes = np.diff(fresh, append=len(cells))
    lo = np.searchsorted(filed.keys, cells[fresh] << _BITS)
    counts = np.searchsorted(filed.keys, (cells[fresh] + 1) << _BITS) - lo
    lo, counts = np.repeat(lo, sizes), np.repeat(counts, sizes)
    # the last sample of a stretch has the course it came by
    course = np.arange(len(a.lat))
    course = np.where(a.joint, course, np.maximum(course - 1, 0))
    up, across = scale(a.lat)
    asked = _Samples(a.lat, a.lon, up, across, a.east[course], a.north[course])
    rows = np.cumsum(counts)
    edges = np.searchsorted(rows, np.arange(BLOCK, int(rows[-1]) + BLOCK, BLOCK)).tolist()
    forth, back = [], []
    for first, stop in pairwise([0, *edges[:-1], len(cells)]):
        n = counts[first:stop]
        own = np.repeat(np.arange(first, stop), n)
        j = filed.keys[np.arange(len(own)) + np.repeat(lo[first:stop] - np.cumsum(n) + n, n)]
        one, other = _passes(asked, own, j & ((1 << _BITS) - 1), b)
        forth.append(one)
        back.append(other)
    return _joined(forth), _joined(back)


def _joined(parts: list[Matches]) -> Matches:
    return np.concatenate([s for s, _ in parts]), np.concatenate([m for _, m in parts])


@dataclass(frozen=True, slots=True, eq=False)
class _Samples:
    """Samples of a line that ask: degrees, metres a degree there, course as a unit vector."""

    lat: Floats
    lon: Floats
    up: Floats
    across: Floats
    east: Floats
    north: Floats


def _passes(a: _Samples, own: Indices, j: Indices, b: Line) -> tuple[Matches, Matches]:
    """Rows of samples `own` and pieces j of b, rising in both: the nearest of each run of rows."""
    across, up = a.across[own], a.up[own]
    y0, x0, east, north = b.lat[j], b.lon[j], b.east[j], b.north[j]
    x = turn(x0 - a.lon[own]) * across
    y = (y0 - a.lat[own]) * up
    chord = np.hypot((b.lon[j + 1] - x0) * across, (b.lat[j + 1] - y0) * up)
    f = np.clip(-(x * east + y * north) / np.where(chord > 0.0, chord, 1.0), 0.0, 1.0)
    square = (x + f * chord * east) ** 2 + (y + f * chord * north) ** 2
    aligned = a.east[own] * east + a.north[own] * north
    near = square <= NEAR_M**2
    course = np.cos(np.radians(COURSE_DEG))

    def nearest(keep: Indices) -> Matches:
        mine, piece, away = own[keep], j[keep], square[keep]
        at = b.metres[piece] + f[keep] * (b.metres[piece + 1] - b.metres[piece])
        if not len(keep):
            return mine, at
        fresh = np.ones(len(keep), dtype=np.bool_)
        fresh[1:] = (mine[1:] != mine[:-1]) | (piece[1:] > piece[:-1] + 1)
        least = np.minimum.reduceat(away, np.flatnonzero(fresh))
        number = np.cumsum(fresh) - 1
        best = np.flatnonzero(away == least[number])
        best = best[np.diff(number[best], prepend=-1) > 0]
        return mine[best], at[best]

    return (
        nearest(np.flatnonzero(near & (aligned >= course))),
        nearest(np.flatnonzero(near & (-aligned >= course))),
    )


def _longest_chain(sample: Indices, value: Floats) -> Indices:
    """Rows of a longest chain rising strictly in both. sample: rising, equals allowed.

    Of equal samples at most one can be in the chain: they are taken by falling value.
    """
    order = np.lexsort((-value, sample))
    if len(order) < 2 or (
        (np.diff(sample[order]) > 0).all() and (np.diff(value[order]) > 0.0).all()
    ):
        return order
    # where all before lie below all after, the chain goes through: each part has its own
    seen = value[order]
    below = np.minimum.accumulate(seen[::-1])[::-1]
    cuts = np.flatnonzero(np.maximum.accumulate(seen)[:-1] < below[1:]) + 1
    firsts, stops = np.append(0, cuts), np.append(cuts, len(seen))
    whole = stops - firsts == 1
    chain = [firsts[whole]]
    for first, stop in zip(firsts[~whole].tolist(), stops[~whole].tolist(), strict=True):
        chain.append(first + _rising(seen[first:stop].tolist()))
    rows: Indices = np.sort(np.concatenate(chain))
    return np.asarray(order[rows], dtype=np.intp)


def _rising(values: list[float]) -> Indices:
    """Rows of a longest strictly rising chain, by patience."""
    tails: list[float] = []
    heads: list[int] = []
    before = np.full(len(values), -1, dtype=np.intp)
    for row, seen in enumerate(values):
        place = bisect_left(tails, seen)
        if place:
            before[row] = heads[place - 1]
        if place == len(tails):
            tails.append(seen)
            heads.append(row)
        else:
            tails[place], heads[place] = seen, row
    chain = np.empty(len(tails), dtype=np.intp)
    row = heads[-1]
    for place in range(len(tails) - 1, -1, -1):
        chain[place] = row
        row = int(before[row])
    return chain
