"""The exact smallest distance of two cars at one instant, by closed form between their points.

From tick to tick a car keeps near the straight line; by how much it strays bounds what can hide
there. Only where the bound allows anything nearer, the points themselves are asked.
"""

from __future__ import annotations

import numpy as np

from convoylog import geo
from convoylog.model.convoy import Closest, ConvoyRules
from convoylog.model.tracks import Floats
from convoylog.trips.convoy.together import Side
from convoylog.trips.convoy.ways import Indices, Way, scale, turn

#: stretches asked in the first round: the most promising ones, to have a bound for the rest
_FIRST = 200
#: the bound knows no curvature of the Earth and no change of scale
_GRAIN = 0.999


def strays_m(way: Way, rules: ConvoyRules) -> Floats:
    """How far a car's points lie from the straight line to its next tick; inf where none follows."""
    m = len(way.tick)
    if m < 2:
        return np.full(m, np.inf)
    # the points between two ticks are those after the one's hop began, up to the other's
    counts = np.diff(way.hop)
    row = np.repeat(np.arange(m - 1), counts)
    points = slice(int(way.hop[0]) + 1, int(way.hop[-1]) + 1)
    per_tick = np.where(np.diff(way.tick) == 1, 1.0 / rules.tick_s, np.nan)
    dy, dx = np.diff(way.y), np.diff(way.x)
    f = way.time[points] * per_tick[row] - way.tick[row]
    up, across = scale(way.y[:-1])
    y = (way.lat[points] - way.y[row] - f * dy[row]) * up[row]
    x = (way.lon[points] - way.x[row] - f * dx[row]) * across[row]
    off = np.sqrt(y * y + x * x)
    found = np.zeros(m)
    full = np.flatnonzero(counts)
    if len(full):
        found[full] = np.maximum.reduceat(off, (np.cumsum(counts) - counts)[full])
    found[:-1][np.isnan(per_tick)] = np.inf
    found[-1] = np.inf
    return found


def find_closest(
    a: Way,
    b: Way,
    strays: tuple[Floats, Floats],
    side: Side,
    rules: ConvoyRules,
    window: tuple[float, float],
) -> Closest | None:
    """The smallest distance in a window of time; None where the cars are never known at once."""
    begins, ends = _partial(a, b, rules)
    begins, ends = np.maximum(begins, window[0]), np.minimum(ends, window[1])
    begins, ends = begins[begins < ends], ends[begins < ends]
    tick_s = float(rules.tick_s)
    if len(side.tick) > 1:
        i = np.flatnonzero(np.diff(side.tick) == 1)
        low = _straight_m(a, b, side, i)
        stray = strays[0][side.in_a[i]] + strays[1][side.in_b[i]]
        bound = _GRAIN * low - stray
        best = float(side.away_m.min()) * (1.0 + 1e-6)
        order = np.argsort(bound)[:_FIRST]
        near = order[bound[order] <= best]
        t = np.asarray(side.tick[i] * tick_s, dtype=np.float64)
        first = _among(a, b, t[near], t[near] + tick_s)
        best = min(best, first[0] * (1.0 + 1e-6))
        rest = np.flatnonzero(bound <= best)
        begins = np.concatenate([begins, t[rest]])
        ends = np.concatenate([ends, t[rest] + tick_s])
    if not len(begins):
        return None
    metres, at = _among(a, b, begins, ends)
    if not np.isfinite(metres):
        return None
    when = np.array([at])
    (y1, x1), (y2, x2) = a.position_at(when), b.position_at(when)
    x1, x2 = geo.wrapped(x1), geo.wrapped(x2)
    return Closest(
        float(geo.apart_m(y1, x1, y2, x2)[0]),
        at,
        (float(y1[0]), float(x1[0])),
        (float(y2[0]), float(x2[0])),
    )


def _partial(a: Way, b: Way, rules: ConvoyRules) -> tuple[Floats, Floats]:
    """Parts of the time known for both that no two ticks enclose."""
    sa, sb = (way.time[way.spans()] for way in (a, b))
    # every overlap of spans: those of b that end after one of a begins, and begin before it ends
    lo = np.searchsorted(sb[:, 1], sa[:, 0], side="right")
    hi = np.searchsorted(sb[:, 0], sa[:, 1], side="left")
    counts = np.maximum(hi - lo, 0)
    starts = np.cumsum(counts) - counts
    own = np.repeat(np.arange(len(sa)), counts)
    other = np.arange(int(counts.sum())) + (lo - starts)[own]
    low = np.maximum(sa[own, 0], sb[other, 0])
    high = np.minimum(sa[own, 1], sb[other, 1])
    first = np.ceil(low / rules.tick_s) * rules.tick_s
    last = (np.ceil(high / rules.tick_s) - 1) * rules.tick_s
    none = first > last  # no tick in between
    begins = np.concatenate([low, last[~none]])
    ends = np.concatenate([np.where(none, high, first), high[~none]])
    real = ends > begins
    return begins[real], ends[real]


def _straight_m(a: Way, b: Way, side: Side, i: Indices) -> Floats:
    """Smallest distance between ticks i and i + 1 if both drove straight and evenly."""
    up, across = scale((a.y[side.in_a] + b.y[side.in_b]) / 2.0)
    y = (a.y[side.in_a] - b.y[side.in_b]) * up
    x = turn(a.x[side.in_a] - b.x[side.in_b]) * across
    return np.sqrt(_least(x[i], y[i], x[i + 1], y[i + 1])[0])


def _least(x0: Floats, y0: Floats, x1: Floats, y1: Floats) -> tuple[Floats, Floats]:
    """Least squared length of a vector that changes evenly, and at what share of the time."""
    dx, dy = x1 - x0, y1 - y0
    length = dx * dx + dy * dy
    f = np.clip(-(x0 * dx + y0 * dy) / np.where(length > 0.0, length, 1.0), 0.0, 1.0)
    x, y = x0 + f * dx, y0 + f * dy
    return x * x + y * y, f


def _among(a: Way, b: Way, begins: Floats, ends: Floats) -> tuple[float, float]:
    """Smallest distance within stretches of time known for both, and its (first) instant."""
    if not len(begins):
        return np.inf, np.inf
    number = np.arange(len(begins))
    parts, owners = [begins, ends], [number, number]
    for way in (a, b):
        lo = np.searchsorted(way.time, begins, side="right")
        hi = np.searchsorted(way.time, ends, side="left")
        counts = np.maximum(hi - lo, 0)
        starts = np.cumsum(counts) - counts
        own = np.repeat(number, counts)
        parts.append(way.time[np.arange(int(counts.sum())) + (lo - starts)[own]])
        owners.append(own)
    when, own = np.concatenate(parts), np.concatenate(owners)
    order = np.lexsort((when, own))
    when, own = when[order], own[order]
    (y1, x1), (y2, x2) = a.position_at(when), b.position_at(when)
    up, across = scale((y1 + y2) / 2.0)
    y, x = (y1 - y2) * up, turn(x1 - x2) * across
    same = own[1:] == own[:-1]
    square, f = _least(x[:-1], y[:-1], x[1:], y[1:])
    square = np.where(same, square, np.inf)
    at = when[:-1] + f * np.diff(when)
    least = float(square.min())
    return float(np.sqrt(least)), float(at[square == least].min())
