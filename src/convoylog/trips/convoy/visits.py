"""When a car was last where another one is: the lag, tick by tick, whole columns at once.

*Visit* of a place p (where B is at t) by A: a maximal run of consecutive known hops of A within the
corridor of p and on B's course, as seen at t: hops begun by t + 1 s. It passes at its closest point;
where it stood, it lasts until the last standing hop ended, and on to the closest point after that.
A visit that passes later than t + 1 s has not begun: later data change nothing.

The latest place of A in p's cell is found by halving; while it is too far from p, a leap back along
A's way by the missing metres, since nobody comes nearer faster than along his way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convoylog.model.convoy import ConvoyRules
from convoylog.model.tracks import Floats, Ints
from convoylog.trips.convoy.places import Places, chord_m, net_for
from convoylog.trips.convoy.ways import Bools, Indices, Way, scale, turn

#: a visit that begins within the next second counts: clocks are read by whole seconds
NEXT_S = 1.0


#: cosines are compared with a grain of salt, so that equal courses a turn apart agree everywhere
_GRAIN = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Where a car is at its ticks, and what others need to know to have passed it. m rows.

    t: seconds. y, x: degrees. up, across: metres a degree there. east, north, slow, metres: of its
    hop. cells: one or more columns of the cells within its reach; -1 where there is no further one.
    """

    t: Floats
    y: Floats
    x: Floats
    up: Floats
    across: Floats
    east: Floats
    north: Floats
    slow: Bools
    metres: Floats
    cells: tuple[Ints, ...]

    def only(self, rows: Indices) -> Asked:
        """The questions of some rows."""
        return Asked(
            self.t[rows],
            self.y[rows],
            self.x[rows],
            self.up[rows],
            self.across[rows],
            self.east[rows],
            self.north[rows],
            self.slow[rows],
            self.metres[rows],
            tuple(column[rows] for column in self.cells),
        )


def ask(way: Way, rules: ConvoyRules) -> Asked:
    """The questions of one car to all others."""
    up, across = scale(way.y)
    t = np.asarray(way.tick * float(rules.tick_s), dtype=np.float64)
    metres = way.metres[way.hop]
    m = len(way.tick)
    which, cell = net_for(rules).touched(way.y, way.x, chord_m(metres))
    cells = [cell[:m]]
    which, cell = which[m:], cell[m:]
    while len(which):  # at most three times
        once = np.ones(len(which), dtype=np.bool_)
        order = np.argsort(which, kind="stable")
        which, cell = which[order], cell[order]
        once[1:] = which[1:] != which[:-1]
        column = np.full(m, -1, dtype=np.int64)
        column[which[once]] = cell[once]
        cells.append(column)
        which, cell = which[~once], cell[~once]
    return Asked(
        t,
        way.y,
        way.x,
        up,
        across,
        way.east[way.hop],
        way.north[way.hop],
        way.slow[way.hop],
        metres,
        tuple(cells),
    )


def lags(way: Way, places: Places, asked: Asked, rules: ConvoyRules) -> Floats:
    """Seconds since a car's latest visit of each place asked for ended; 0: it is there; else inf.

    way, places: of the car that may have passed. asked: m rows in time order.
    """
    t = asked.t
    lag = np.full(len(t), np.inf)
    # hops below `limit` are looked at, places up to `most`
    limit = np.searchsorted(way.time, t + NEXT_S, side="right")
    most = np.minimum(np.searchsorted(places.at, limit.astype(np.float64)), len(places.at) - 1)
    oldest = t - rules.look_back_s
    widen = chord_m(asked.metres)
    reach = float(places.reach.max()) + widen
    todo = np.flatnonzero(limit > 0)
    while len(todo):
        k = _latest(places, asked, todo, most[todo])
        alive = (k >= 0) & (places.ends[k] >= oldest[todo])
        todo, k = todo[alive], k[alive]
        away = np.hypot(
            turn(places.lon[k] - asked.x[todo]) * asked.across[todo],
            (places.lat[k] - asked.y[todo]) * asked.up[todo],
        )
        near = away <= places.reach[k] + widen[todo]
        far, kf = todo[~near], k[~near]
        back = places.metres[kf] - (away[~near] - reach[far])
        there = np.searchsorted(places.metres, back, side="right") - 1
        most[far] = np.maximum(np.minimum(there, kf - 1), places.floor[kf])
        here, kn = todo[near], k[near]
        ends, begins, first = _visit(way, places, asked, here, kn, limit[here], rules)
        counts = begins <= t[here] + NEXT_S
        lag[here[counts]] = np.maximum(t[here[counts]] - ends[counts], 0.0)
        # no visit near that place: look before it; one that passes later: before its first hop
        later = ~counts & (first >= 0)
        most[here] = kn - 1
        limit[here[later]] = first[later]
        most[here[later]] = np.minimum(
            np.searchsorted(places.at, first[later].astype(np.float64)), len(places.at) - 1
        )
        todo = np.concatenate([far, here[~counts]])
    lag[lag > rules.look_back_s] = np.inf
    return lag


def _latest(places: Places, asked: Asked, rows: Indices, most: Indices) -> Indices:
    """The latest place up to `most` in any cell within reach of each row; -1 if there is none."""
    found = places.latest(asked.cells[0][rows], most)
    for column in asked.cells[1:]:
        cell = column[rows]
        more = np.flatnonzero(cell >= 0)
        found[more] = np.maximum(found[more], places.latest(cell[more], most[more]))
    return found


def _visit(
    way: Way,
    places: Places,
    asked: Asked,
    rows: Indices,
    k: Indices,
    limit: Indices,
    rules: ConvoyRules,
) -> tuple[Floats, Floats, Indices]:
    """The latest visit that touches the two stretches beside places k, by hops below limit.

    Returns per row when it ends, when it begins (inf: there is none) and its first hop (-1: none).
    Where the car stood, the begin is only a bound: it has begun by then.
    """
    m = len(rows)
    nearest = np.full(m, np.inf)
    passes, stood = np.full(m, np.inf), np.full(m, -np.inf)
    first = np.full(m, -1, dtype=np.intp)
    live, j = np.arange(m), k
    for round_ in range(len(places.at) + 1):
        lo = places.first[j]
        hi = np.minimum(places.last[j], limit[live] - 1)
        full = hi >= lo
        if not full.all():
            # nothing of this stretch has begun yet: look at the one before
            skip = ~full & (first[live] < 0) & (round_ == 0) & (places.before[j] >= 0)
            empty, before = live[skip], places.before[j[skip]]
            live, j, lo, hi = live[full], j[full], lo[full], hi[full]
        else:
            empty, before = np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
        going = np.zeros(len(live), dtype=np.bool_)
        if len(live):
            seen = _stretch(way, asked, rows[live], lo, hi, rules)
            started = first[live] >= 0
            # a run goes on only from hop to hop
            joins = seen.found & (~started | (seen.last == hi))
            who = live[joins]
            first[who] = seen.first[joins]
            nearer = seen.nearest[joins] <= nearest[who]
            passes[who[nearer]] = seen.passes[joins][nearer]
            nearest[who[nearer]] = seen.nearest[joins][nearer]
            stood[who] = np.maximum(stood[who], seen.stood[joins])
            going = joins & ~seen.closed
            if round_ == 0:
                going |= ~started & ~seen.found
        going &= places.before[j] >= 0
        live = np.concatenate([live[going], empty])
        j = np.concatenate([places.before[j[going]], before])
        if not len(live):
            break
    ends = np.maximum(passes, stood)
    return ends, np.where(np.isfinite(stood), -np.inf, passes), first


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """The last run in each stretch. first, last: its hops. closed: it begins within the stretch.

    nearest: squared metres; passes: instant; both since it last stood. stood: end of the last
    standing hop, -inf without. found: there is one.
    """

    found: Bools
    first: Indices
    last: Indices
    closed: Bools
    nearest: Floats
    passes: Floats
    stood: Floats


def _stretch(
    way: Way, asked: Asked, rows: Indices, lo: Indices, hi: Indices, rules: ConvoyRules
) -> _Seen:
    """Hops lo … hi of a way against the place of each row, all hops of all rows in one column."""
    counts = hi - lo + 1
    starts = np.cumsum(counts) - counts
    number = np.arange(int(counts.sum()))
    own = np.repeat(np.arange(len(rows)), counts)
    hop = number + (lo - starts)[own]
    q = rows[own]
    square, f = _nearest(way, asked, hop, q)
    wide = rules.corridor_m + chord_m(way.metres[hop] + asked.metres[q])
    aligned = way.east[hop] * asked.east[q] + way.north[hop] * asked.north[q]
    slow = way.slow[hop]
    course = np.cos(np.radians(rules.course_deg)) - _GRAIN
    ok = way.known[hop] & (square <= wide * wide) & ((aligned >= course) | slow | asked.slow[q])
    last = np.maximum.reduceat(np.where(ok, number, -1), starts)
    upto = number <= last[own]
    broken = np.maximum.reduceat(np.where(upto & ~ok, number, -1), starts)
    begin = np.maximum(broken + 1, starts)
    inside = upto & (number >= begin[own])
    still = np.maximum.reduceat(np.where(inside & slow, number, -1), starts)
    inside &= number >= still[own]
    nearest = np.minimum.reduceat(np.where(inside, square, np.inf), starts)
    at = way.time[hop] + f * (way.time[hop + 1] - way.time[hop])
    passes = np.minimum.reduceat(np.where(inside & (square == nearest[own]), at, np.inf), starts)
    stood = np.where(still >= 0, way.time[hop[np.maximum(still, 0)] + 1], -np.inf)
    return _Seen(
        last >= 0,
        hop[np.minimum(begin, len(hop) - 1)],
        hop[np.maximum(last, 0)],
        (broken >= 0) | (still >= 0),
        nearest,
        passes,
        stood,
    )


def _nearest(way: Way, asked: Asked, hop: Indices, q: Indices) -> tuple[Floats, Floats]:
    """Squared metres from places to hops, and the share of the hop before its nearest point."""
    px, py, across, up = asked.x[q], asked.y[q], asked.across[q], asked.up[q]
    x = turn(way.lon[hop] - px) * across
    y = (way.lat[hop] - py) * up
    dx = (way.lon[hop + 1] - way.lon[hop]) * across
    dy = (way.lat[hop + 1] - way.lat[hop]) * up
    length = dx * dx + dy * dy
    f = np.clip(-(x * dx + y * dy) / np.where(length > 0.0, length, 1.0), 0.0, 1.0)
    x, y = x + f * dx, y + f * dy
    return x * x + y * y, f
