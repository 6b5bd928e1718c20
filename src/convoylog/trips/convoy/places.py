"""Where a car passed: places along its way, filed under cells, the latest found by halving.

A place every 200 m and every 8 points, so that a standstill costs little. Each is filed in every
cell its corridor touches; whoever stands in a cell finds there all that could have passed him.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convoylog.model.convoy import ConvoyRules
from convoylog.model.tracks import Floats, Ints
from convoylog.trips.convoy.cells import Indices, Net, make_net
from convoylog.trips.convoy.straights import Straights, find_straights
from convoylog.trips.convoy.ways import Way

#: a place stands for all within half of this along the way
EVERY_M = 200.0
#: points between two places at most: what one look at a standstill reads
EVERY_POINTS = 8
#: a long hop cuts bends: so much of both hops' lengths the corridor widens, at most so many metres
CHORD_SHARE, CHORD_M = 8.0, 250.0
#: bits for the number of a place
_BITS = 26


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """k places of one car in the order driven.

    at: position among the points, 3.25 a quarter on from point 3. lat, lon: degrees, unwrapped.
    metres: known way so far. reach: metres from which the hops beside it may be passed, without
    what the other's hop adds. first: hop a stretch from this place to the next begins in; last: the
    hop it ends in. before: the place at or before the hop that precedes `first`. floor: the last
    place of the known stretch before this one, -1 for none. ends: instant the stretch ends.
    keys: sorted cell and place, as one number. filed_in: cells that have any. so_far: known metres
    at each point of the way. straights: where the way is straight.
    """

    at: Floats
    lat: Floats
    lon: Floats
    metres: Floats
    reach: Floats
    first: Indices
    last: Indices
    before: Indices
    floor: Indices
    ends: Floats
    keys: Ints
    filed_in: Ints
    so_far: Floats
    straights: tuple[Straights, ...]

    def latest(self, cell: Ints, most: Indices) -> Indices:
        """The latest place in a cell, not beyond place `most`; -1 if there is none."""
        wanted = (cell << _BITS) | np.maximum(most, 0)
        where = np.searchsorted(self.keys, wanted, side="right") - 1
        key = self.keys[np.maximum(where, 0)]
        found = (where >= 0) & (key >> _BITS == cell) & (most >= 0)
        return np.where(found, key & ((1 << _BITS) - 1), -1)

    def filed(self, time: Floats) -> tuple[Ints, Floats, Floats]:
        """(cell, begin, end) of everything filed: a place stands for the stretch behind it.

        time: of the car's points.
        """
        place = self.keys & ((1 << _BITS) - 1)
        cell = self.keys >> _BITS
        begins = time[np.minimum(self.at.astype(np.intp), len(time) - 1)]
        return cell, begins[place], self.ends[place]


def net_for(rules: ConvoyRules) -> Net:
    """Cells so wide that a place's reach touches four at most."""
    return make_net(2.0 * (rules.corridor_m + CHORD_M + EVERY_M / 2 + 1.0))


def chord_m(metres: Floats) -> Floats:
    """What hops of such lengths, of both cars together, widen the corridor by."""
    return np.minimum(metres / CHORD_SHARE, CHORD_M)


def find_places(way: Way, rules: ConvoyRules) -> Places:
    """The places of a way with at least one known hop."""
    n = len(way.time)
    so_far = np.concatenate([[0.0], np.cumsum(np.where(way.known, way.metres, 0.0))])
    spans = way.spans()
    marks = np.arange(EVERY_M, so_far[-1], EVERY_M)
    at = np.concatenate(
        [
            np.interp(marks, so_far, np.arange(n, dtype=np.float64)),
            np.arange(0, n, EVERY_POINTS, dtype=np.float64),
            spans.ravel().astype(np.float64),
        ]
    )
    at.sort(kind="stable")  # three sorted columns, merged
    at = at[np.concatenate([[True], np.diff(at) > 0.0])]
    # only what touches a known hop: else the way back from it would leap over a break
    point = np.minimum(at.astype(np.intp), n - 2)
    at = at[way.known[point] | ((at == point) & (point > 0) & way.known[point - 1]) | (at == n - 1)]
    point = np.minimum(at.astype(np.intp), n - 2)
    f = at - point
    lat = way.lat[point] + f * (way.lat[point + 1] - way.lat[point])
    lon = way.lon[point] + f * (way.lon[point + 1] - way.lon[point])
    following = np.append(at[1:], n - 1.0)
    last = np.maximum(np.ceil(following).astype(np.intp) - 1, point)
    # the longest hop of each stretch, and of the two stretches a place lies between
    known_m = np.where(way.known, way.metres, 0.0)
    longest = np.maximum(np.maximum.reduceat(known_m, point), known_m[last])
    longest[1:] = np.maximum(longest[1:], longest[:-1].copy())
    reach = rules.corridor_m + chord_m(longest) + EVERY_M / 2 + 1.0
    which, cells = net_for(rules).touched(lat, lon, reach)
    keys = (cells << _BITS) | which
    keys.sort()
    begins = np.searchsorted(at, spans[:, 0].astype(np.float64))
    mine = np.searchsorted(begins, np.arange(len(at)), side="right") - 1
    floor = np.where(mine >= 0, begins[np.maximum(mine, 0)] - 1, -1)
    metres = so_far[point] + f * known_m[point]
    before = np.searchsorted(at, point.astype(np.float64), side="left") - 1
    ends = way.time[np.minimum(last + 1, n - 1)]
    return Places(
        at, lat, lon, metres, reach, point, last, before, floor, ends, keys,
        np.unique(keys >> _BITS), so_far,
        find_straights(way),
    )  # fmt: skip
