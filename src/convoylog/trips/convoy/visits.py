"""When a car was last where another one is: the lag, tick by tick, whole columns at once.

*Visit* of a place p (where B is at t) by A: a maximal run of consecutive known hops of A within the
corridor of p and on B's course, as seen at t: hops begun by t + 1 s. It passes at its closest point;
where it stood, it lasts until the last standing hop ended, and on to the closest point after that.
A visit that passes later than t + 1 s has not begun: later data change nothing.

The latest place of A in p's cell is found by halving; while it is too far from p, a leap back along
A's way by as many places as the missing metres need at least.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convoylog.model.convoy import ConvoyRules
from convoylog.model.tracks import Floats
from convoylog.trips.convoy.asked import Asked
from convoylog.trips.convoy.passing import NEXT_S, comes_later, pass_straight, stands_there
from convoylog.trips.convoy.places import Places, chord_m
from convoylog.trips.convoy.ways import Bools, Indices, Way, turn

#: further away than this, and the corridor, a car is sought by its cells instead of along its way
FAR_M = 1000.0
#: what of a distance is as long by anybody's scale
_SHARE = 0.99
#: so few questions are asked over longer stretches at once
_FEW = 200
#: cosines are compared with a grain of salt, so that equal courses a turn apart agree everywhere
_GRAIN = 1e-12


def lags(
    way: Way,
    places: Places,
    asked: Asked,
    rules: ConvoyRules,
    most_s: Floats | None = None,
    *,
    cut: bool = False,
) -> Floats:
    """Seconds since a car's latest visit of each place asked for ended; 0: it is there; else inf.

    way, places: of the car that may have passed. asked: m rows in time order. most_s: longer lags
    are of no interest, and may be told as inf. cut: the recording goes on before the way; a visit
    that reaches back to there may have passed earlier, and its lag is NaN.
    """
    t = asked.t
    lag = np.full(len(t), np.inf)
    # hops below `limit` are looked at, places up to `most`
    limit = np.searchsorted(way.time, t + NEXT_S, side="right")
    most = np.minimum(np.searchsorted(places.at, limit.astype(np.float64)), len(places.at) - 1)
    oldest = t - rules.look_back_s
    if most_s is not None:
        oldest = np.maximum(oldest, t - most_s)
    widen = chord_m(asked.metres)
    reach = float(places.reach.max())
    lost = 2.0 * reach + FAR_M
    todo = np.flatnonzero(limit > 0)
    seen = np.minimum(limit[todo] - 1, len(way.metres) - 1)
    stands = stands_there(way, asked, todo, seen, rules)
    lag[todo] = np.where(stands, np.maximum(t[todo] - way.time[seen + 1], 0.0), np.inf)
    rest = ~stands
    if most_s is not None:  # nobody drives straight for the whole look back
        rest &= ~comes_later(way, places, asked, todo, seen, oldest[todo], rules)
    todo = todo[rest]
    steps = 1
    k = _latest(places, asked, todo, most[todo])
    while len(todo):
        alive = (k >= 0) & (places.ends[k] >= oldest[todo])
        if not alive.all():
            todo, k = todo[alive], k[alive]
        x = turn(places.lon[k] - asked.x[todo]) * asked.across[todo]
        y = (places.lat[k] - asked.y[todo]) * asked.up[todo]
        away = np.sqrt(x * x + y * y)
        apart = away - widen[todo]
        near = apart <= places.reach[k]
        far, kf, away = todo[~near], k[~near], apart[~near]
        # nobody comes nearer than by the metres of his way
        least = places.metres[kf] - _SHARE * (away - reach)
        back = np.minimum(np.searchsorted(places.metres, least, side="right"), kf) - 1
        back = np.maximum(back, places.floor[kf])
        away_long = np.flatnonzero(away > lost)
        if len(away_long):
            back[away_long] = _latest(places, asked, far[away_long], back[away_long])
        todo, k = todo[near], k[near]
        if len(todo):
            hi = np.minimum(places.last[k], limit[todo] - 1)
            passes = pass_straight(way, places, asked, todo, k, hi, rules)
            told = passes <= t[todo] + NEXT_S
            lag[todo[told]] = np.maximum(t[todo[told]] - passes[told], 0.0)
            todo, k = todo[~told], k[~told]
        if len(todo):
            j = _back(places, k, steps)
            hi = np.minimum(places.last[k], limit[todo] - 1)
            ends, begins, first = _visit(way, places, asked, todo, j, hi, rules)
            counts = begins <= t[todo] + NEXT_S
            lag[todo[counts]] = np.maximum(t[todo[counts]] - ends[counts], 0.0)
            if cut:  # whoever stood on the way passed after that
                lag[todo[counts & (first == 0) & np.isfinite(begins)]] = np.nan
            again = np.flatnonzero(~counts)
            # no visit so near: look before; one that passes later: before its first hop
            todo, k, first = todo[again], np.minimum(k - 1, j)[again], first[again]
            later = first >= 0
            limit[todo[later]] = first[later]
            k[later] = np.searchsorted(places.at, first[later].astype(np.float64))
            k = _latest(places, asked, todo, np.minimum(k, len(places.at) - 1))
            far, back = np.concatenate([far, todo]), np.concatenate([back, k])
        todo, k = far, back
        # the few that stand near it for long without a visit: in longer and longer strides
        steps = 2 * steps if len(todo) * steps < _FEW else 1
    lag[lag > rules.look_back_s] = np.inf
    return lag


def _back(places: Places, k: Indices, steps: int) -> Indices:
    """Places so many stretches before others, or the first of all."""
    for _ in range(steps):
        before = places.before[k]
        k = np.where(before >= 0, before, k)
    return k


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
    j: Indices,
    hi: Indices,
    rules: ConvoyRules,
) -> tuple[Floats, Floats, Indices]:
    """The latest visit that touches the hops from the first of places j up to hi.

    Returns per row when it ends, when it begins (inf: there is none) and its first hop (-1: none).
    Where the car stood, the begin is only a bound: it has begun by then.
    """
    m = len(rows)
    nearest = np.full(m, np.inf)
    passes, stood = np.full(m, np.inf), np.full(m, -np.inf)
    first = np.full(m, -1, dtype=np.intp)
    live = np.arange(m)
    lo = places.first[j]
    begun = hi >= lo
    if not begun.all():
        live, j, lo, hi = live[begun], j[begun], lo[begun], hi[begun]
    while len(live):
        seen = _stretch(way, asked, rows[live], lo, hi, rules)
        # a run goes on only from hop to hop
        joins = seen.found & ((first[live] < 0) | (seen.last == hi))
        who = live[joins]
        first[who] = seen.first[joins]
        nearer = joins & (seen.nearest <= nearest[live])
        passes[live[nearer]] = seen.passes[nearer]
        nearest[live[nearer]] = seen.nearest[nearer]
        stood[who] = np.maximum(stood[who], seen.stood[joins])
        going = joins & ~seen.closed & (places.before[j] >= 0)
        live, j = live[going], places.before[j[going]]
        lo, hi = places.first[j], places.last[j]
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
    hop = number + np.repeat(lo - starts, counts)
    here = [
        np.repeat(column[rows], counts)
        for column in (asked.x, asked.y, asked.across, asked.up, asked.metres)
    ]
    square, f = _nearest(way, here, hop)
    wide = rules.corridor_m + chord_m(way.metres[hop] + here[4])
    aligned = way.east[hop] * np.repeat(asked.east[rows], counts)
    aligned += way.north[hop] * np.repeat(asked.north[rows], counts)
    slow = way.slow[hop]
    course = np.cos(np.radians(rules.course_deg)) - _GRAIN
    aligned = (aligned >= course) | slow | np.repeat(asked.slow[rows], counts)
    ok = way.known[hop] & (square <= wide * wide) & aligned
    last = np.maximum.reduceat(np.where(ok, number, -1), starts)
    upto = number <= np.repeat(last, counts)
    broken = np.maximum.reduceat(np.where(upto & ~ok, number, -1), starts)
    begin = np.maximum(broken + 1, starts)
    still = np.full(len(rows), -1)
    since = begin
    if slow.any():
        slow &= upto & (number >= np.repeat(begin, counts))
        still = np.maximum.reduceat(np.where(slow, number, -1), starts)
        since = np.maximum(begin, still)
    inside = upto & (number >= np.repeat(since, counts))
    square = np.where(inside, square, np.inf)
    nearest = np.minimum.reduceat(square, starts)
    at = way.time[hop] + f * (way.time[hop + 1] - way.time[hop])
    least = inside & (square == np.repeat(nearest, counts))
    passes = np.minimum.reduceat(np.where(least, at, np.inf), starts)
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


def _nearest(way: Way, here: list[Floats], hop: Indices) -> tuple[Floats, Floats]:
    """Squared metres from places to hops, and the share of the hop before its nearest point."""
    px, py, across, up, _ = here
    x0, y0 = way.lon[hop], way.lat[hop]
    dx, dy = (way.lon[hop + 1] - x0) * across, (way.lat[hop + 1] - y0) * up
    x, y = turn(x0 - px) * across, (y0 - py) * up
    length = dx * dx + dy * dy
    f = np.clip(-(x * dx + y * dy) / np.where(length > 0.0, length, 1.0), 0.0, 1.0)
    x += f * dx
    y += f * dy
    return x * x + y * y, f
