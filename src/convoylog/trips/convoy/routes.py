"""How much of two ways is one road, whenever it was driven.

Both are resampled every 50 m without standing. A sample of the first matches where the second
passes within 75 m and 45°; of all matches the longest chain that rises along both ways counts, by
patience sorting, so that nothing is matched twice. O(N log N). Source: Fredman 1975.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from convoylog import geo
from convoylog.model.convoy import ConvoyRules, Likeness, SameRoute
from convoylog.model.tracks import Floats, Track, take
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


def compare(a: Line, b: Line) -> SameRoute:
    """How much of two lines is one road, in the same direction; and how much in the opposite."""
    if not (a.total_m and b.total_m):
        return SameRoute(0.0, 0.0, 0.0)
    on_a, on_b, runs = _shared(a, b, reverse=False)
    back_a, back_b, _ = _shared(a, b, reverse=True)
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
    return {(a, b): compare(one, other) for (a, one), (b, other) in combinations(lines, 2)}


def _likeness(a: Line, b: Line, of_a: float, of_b: float) -> Likeness:
    ends = geo.apart_m(a.lat[[0, -1]], a.lon[[0, -1]], b.lat[[0, -1]], b.lon[[0, -1]])
    if min(of_a, of_b) >= SAME and (ends <= ENDS_M).all():
        return "same"
    if max(of_a, of_b) >= SAME:
        return "part"
    return "partly" if max(of_a, of_b) >= PARTLY else ""


def _shared(a: Line, b: Line, *, reverse: bool) -> tuple[float, float, int]:
    """Metres of either line in common runs, and how many there are."""
    sample, metres = _matches(a, b, reverse)
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


def _matches(a: Line, b: Line, reverse: bool) -> tuple[Indices, Floats]:
    """(sample of a, metres along b) wherever b passes: once a pass, at its nearest point."""
    net = make_net(2.0 * _REACH_M)
    filed, cells = net.touched(b.lat, b.lon, np.full(len(b.lat), _REACH_M))
    order = np.argsort(cells, kind="stable")
    filed, cells = filed[order], cells[order]
    _, mine = net.touched(a.lat, a.lon, np.zeros(len(a.lat)))
    mine = mine[: len(a.lat)]
    lo, hi = np.searchsorted(cells, mine, side="left"), np.searchsorted(cells, mine, side="right")
    counts = hi - lo
    starts = np.cumsum(counts) - counts
    own = np.repeat(np.arange(len(a.lat)), counts)
    j = filed[np.arange(int(counts.sum())) + (lo - starts)[own]]
    # a piece of b from each sample to the next
    keep = b.joint[j]
    own, j = own[keep], j[keep]
    up, across = scale(a.lat[own])
    x = turn(b.lon[j] - a.lon[own]) * across
    y = (b.lat[j] - a.lat[own]) * up
    length = b.metres[j + 1] - b.metres[j]
    chord = np.hypot((b.lon[j + 1] - b.lon[j]) * across, (b.lat[j + 1] - b.lat[j]) * up)
    f = np.clip(-(x * b.east[j] + y * b.north[j]) / np.where(chord > 0.0, chord, 1.0), 0.0, 1.0)
    square = (x + f * chord * b.east[j]) ** 2 + (y + f * chord * b.north[j]) ** 2
    # the last sample of a stretch has the course it came by
    course = np.minimum(own, len(a.lat) - 1)
    course = np.where(a.joint[course], course, np.maximum(course - 1, 0))
    aligned = a.east[course] * b.east[j] + a.north[course] * b.north[j]
    aligned = -aligned if reverse else aligned
    keep = (square <= NEAR_M**2) & (aligned >= np.cos(np.radians(COURSE_DEG)))
    own, j, square = own[keep], j[keep], square[keep]
    at = b.metres[j] + f[keep] * length[keep]
    if not len(own):
        return own, at
    order = np.lexsort((j, own))
    own, j, square, at = own[order], j[order], square[order], at[order]
    fresh = np.concatenate([[True], (own[1:] != own[:-1]) | (j[1:] > j[:-1] + 1)])
    begins = np.flatnonzero(fresh)
    least = np.minimum.reduceat(square, begins)
    passes = np.cumsum(fresh) - 1
    best = np.flatnonzero(square == least[passes])
    best = best[np.concatenate([[True], passes[best][1:] != passes[best][:-1]])]
    return own[best], at[best]


def _longest_chain(sample: Indices, value: Floats) -> Indices:
    """Rows of a longest chain rising strictly in both. sample: rising, equals allowed.

    Of equal samples at most one can be in the chain: they are taken by falling value.
    """
    order = np.lexsort((-value, sample))
    if len(order) < 2 or (
        (np.diff(sample[order]) > 0).all() and (np.diff(value[order]) > 0.0).all()
    ):
        return order
    tails: list[float] = []
    heads: list[int] = []
    before = np.full(len(order), -1, dtype=np.intp)
    for row, seen in enumerate(value[order].tolist()):
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
    return order[chain]
