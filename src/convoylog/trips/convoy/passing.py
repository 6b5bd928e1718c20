"""The quick answer where a car drove straight past: one hop is looked at instead of all around it.

Let c be the point of hop g nearest to the place p asked for, at d metres, on a straight. From c on
the way only adds steps within 60° of each other, so at every further point q of it, with course e:

    (q - p)·e = (c - p)·e + (q - c)·e >= -d sin 60° + |c … q| cos 60°

That is above 0 once c … q, a hop's length at least, exceeds 1.73 d: the distance from p grows from
hop to hop, and beyond the corridor by an eighth of the hop at least, if d is below 0.27 of the
corridor's half width; by less the corridor widens, as no hop is twice as long as the one before.
So the hops in the corridor are one run around g, g is the nearest of them, and the run ends within
the straight if that reaches back further than the corridor. A course of B in the same sector is
within 60° of all of them. Whatever does not fulfil this is left to `visits`, which looks at each hop.
"""

from __future__ import annotations

import numpy as np

from convoylog.model.convoy import ConvoyRules
from convoylog.model.tracks import Floats
from convoylog.trips.convoy.asked import Asked
from convoylog.trips.convoy.places import Places, chord_m
from convoylog.trips.convoy.straights import ANY, LONGEST_M, MIDDLES, SECTOR_DEG
from convoylog.trips.convoy.ways import Bools, Indices, Way, turn

#: a place further aside than this share of the corridor, or of the next hop, is asked in full
_OF_CORRIDOR, _OF_HOP = 0.26, 0.5
#: a visit that begins within the next second counts: clocks are read by whole seconds
NEXT_S = 1.0
#: metres of doubt: scales are taken at the place in one sum, at the hop in another
_GRAIN_M = 0.1


def pass_straight(
    way: Way,
    places: Places,
    asked: Asked,
    rows: Indices,
    k: Indices,
    hi: Indices,
    rules: ConvoyRules,
) -> Floats:
    """Instants the latest visits pass; NaN where it takes more than a look at one hop to know.

    rows: of the questions. k: places near theirs. hi: no later hop counts, or comes near.
    """
    if rules.course_deg < SECTOR_DEG:
        return np.full(len(rows), np.nan)
    px, py, across, up = asked.x[rows], asked.y[rows], asked.across[rows], asked.up[rows]
    # from the place to the hop beside p, as if all hops there were as long; then once more
    at = places.at[k]
    hop = np.minimum(at.astype(np.intp), hi)
    along = turn(px - places.lon[k]) * across * way.east[hop]
    along += (py - places.lat[k]) * up * way.north[hop]
    hop = np.clip((at + along / np.maximum(way.metres[hop], 1.0)).astype(np.intp), 0, hi)
    x, y, dx, dy, f = _beside(way, hop, px, py, across, up)
    off = np.flatnonzero((f < 0.0) | (f > 1.0))
    if len(off):
        hop[off] = np.clip(
            hop[off] + np.clip(np.floor(f[off]), -9.0, 9.0).astype(np.intp), 0, hi[off]
        )
        for column, better in zip(
            (x, y, dx, dy, f),
            _beside(way, hop[off], px[off], py[off], across[off], up[off]),
            strict=True,
        ):
            column[off] = better
    nx, ny = x + f * dx, y + f * dy
    aside = nx * nx + ny * ny
    before, after = np.maximum(hop - 1, 0), np.minimum(hop + 1, len(way.metres) - 1)
    last = hop == hi
    aside_m = _OF_CORRIDOR * rules.corridor_m
    most = np.minimum(way.metres[before], np.where(last, np.inf, way.metres[after]))
    most = np.minimum(_OF_HOP * most, aside_m)
    sure = (f >= 0.0) & (f <= 1.0) & (aside <= most * most)
    sure &= x * way.east[before] + y * way.north[before] <= -_GRAIN_M
    sure &= last | ((x + dx) * way.east[after] + (y + dy) * way.north[after] >= _GRAIN_M)
    enough = _out_of_reach_m(asked.metres[rows], aside_m, rules)
    straight = np.zeros(len(rows), dtype=np.bool_)
    for stretch, sectors in zip(places.straights, asked.sectors, strict=True):
        begin = stretch.begin[hi]
        back = places.so_far[hop] - places.so_far[np.minimum(begin, hop) + 1]
        mine = sectors[rows]
        straight |= (
            (begin < hop) & (back >= enough) & ((mine == stretch.sector[hi]) | (mine == ANY))
        )
    sure &= straight
    time = way.time[hop]
    return np.where(sure, time + f * (way.time[hop + 1] - time), np.nan)


def _out_of_reach_m(metres: Floats, aside_m: float, rules: ConvoyRules) -> Floats:
    """Metres along a straight that lead out of the corridor: steps are within 30° of its middle."""
    wide = rules.corridor_m + aside_m + chord_m(metres + LONGEST_M)
    return wide / float(np.cos(np.radians(SECTOR_DEG / 2.0)))


def comes_later(
    way: Way,
    places: Places,
    asked: Asked,
    rows: Indices,
    hop: Indices,
    oldest: Floats,
    rules: ConvoyRules,
) -> Bools:
    """Where the straight a car is on leads towards the place, so that no visit on it has begun.

    rows: of the questions. hop: the last one seen, over after that. oldest: visits before this
    instant are of no interest; the straight is as old.

    The place lies within 45° of the sector's middle, seen from the end of the hop; so all along the
    straight the car came nearer, by more than the corridor may widen, and is nearest at that end.
    Where both courses lie in one sector, that holds for the hops in the corridor: they are one run.
    """
    if rules.course_deg < SECTOR_DEG:
        return np.zeros(len(rows), dtype=np.bool_)
    end = hop + 1
    x = turn(asked.x[rows] - way.lon[end]) * asked.across[rows]
    y = (asked.y[rows] - way.lat[end]) * asked.up[rows]
    most = np.sqrt(0.5 * (x * x + y * y)) + _GRAIN_M
    found = np.zeros(len(rows), dtype=np.bool_)
    over = way.time[end] > asked.t[rows] + NEXT_S
    enough = _out_of_reach_m(asked.metres[rows], 0.0, rules)
    for stretch, (east, north), sectors in zip(
        places.straights, MIDDLES, asked.sectors, strict=True
    ):
        sector, mine = stretch.sector[hop], sectors[rows]
        towards = x * east[sector] + y * north[sector] >= most
        begin = np.minimum(stretch.begin[hop], hop)
        old = way.time[begin + 1] < oldest
        # a stand before the straight, still in the corridor, would make one visit of both
        far = places.so_far[end] - places.so_far[begin + 1] >= enough
        found |= over & towards & old & far & ((mine == sector) | (mine == ANY))
    return found


def stands_there(way: Way, asked: Asked, rows: Indices, hop: Indices, rules: ConvoyRules) -> Bools:
    """Where a car stands at the place in the last hop seen: that visit is the latest."""
    found = way.slow[hop] & way.known[hop]
    some = np.flatnonzero(found)
    if len(some):
        rows, hop = rows[some], hop[some]
        x, y, dx, dy, f = _beside(
            way, hop, asked.x[rows], asked.y[rows], asked.across[rows], asked.up[rows]
        )
        f = np.clip(f, 0.0, 1.0)
        x += f * dx
        y += f * dy
        wide = rules.corridor_m + chord_m(way.metres[hop] + asked.metres[rows])
        found[some] = x * x + y * y <= wide * wide
    return found


def _beside(
    way: Way, hop: Indices, px: Floats, py: Floats, across: Floats, up: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Metres from places to where hops begin, of the hops, and the share before the nearest point
    of the line they lie on."""
    x0, y0 = way.lon[hop], way.lat[hop]
    dx, dy = (way.lon[hop + 1] - x0) * across, (way.lat[hop + 1] - y0) * up
    x, y = turn(x0 - px) * across, (y0 - py) * up
    length = dx * dx + dy * dy
    return x, y, dx, dy, -(x * dx + y * dy) / np.where(length > 0.0, length, 1.0)
