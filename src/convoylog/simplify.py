"""Lines with fewer points that lie where they lay, within a bound that is stated.

Every point gets a *significance*: the metres a line loses at most without it. One pass serves every
tolerance and every number of points. Source: Ramer 1972; Douglas and Peucker 1973.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from convoylog import geo
from convoylog.model.tracks import Floats

#: rounds after which stretches are halved instead of split at their farthest point: real lines need
#: forty, and one made to need a round for every point must not
_MOST_ROUNDS = 200


def significance(
    lat: Floats, lon: Floats, pinned: NDArray[np.bool_] | None = None, *, floor_m: float = 0.0
) -> Floats:
    """Metres by which each point is needed; infinite for the ends and for pinned points.

    lat, lon: one unbroken line of n points, degrees; straight in longitude and latitude between
    them, the short way round, with the scale of metres at each point. floor_m: what is needed by
    no more may be told as 0, which is quicker.

    Keep the points of more than ε: every other lies within ε of the segment that replaces it.
    """
    y = np.asarray(lat, dtype=np.float64)
    return _needed(geo.unwrapped(lon), y, *_scale(y), pinned, floor_m)


def significance_on_paper(
    x: Floats, y: Floats, pinned: NDArray[np.bool_] | None = None, *, floor: float = 0.0
) -> Floats:
    """As `significance`, of a line drawn on a plane, in its units."""
    one = np.ones(len(x))
    return _needed(x, y, one, one, pinned, floor)


def _needed(
    x: Floats,
    y: Floats,
    up: Floats,
    across: Floats,
    pinned: NDArray[np.bool_] | None,
    floor: float,
) -> Floats:
    """Round by round, all stretches at once: each is split at its farthest point."""
    n = len(x)
    found = np.zeros(n)
    if n == 0:
        return found
    ends: NDArray[np.bool_] = np.zeros(n, dtype=np.bool_) if pinned is None else pinned.copy()
    ends[[0, -1]] = True
    found[ends] = np.inf
    borders = np.flatnonzero(ends)
    a, b = borders[:-1], borders[1:]
    cap = np.full(len(a), np.inf)
    rounds = 0
    while True:
        wide = b - a >= 2
        a, b, cap = a[wide], b[wide], cap[wide]
        if not len(a):
            return found
        counts = b - a - 1
        starts = np.cumsum(counts) - counts
        own = np.repeat(np.arange(len(a)), counts)
        p = np.arange(int(counts.sum())) + (a + 1 - starts)[own]
        away = _from_segment(x, y, up[p], across[p], p, a[own], b[own])
        most = np.maximum.reduceat(away, starts)
        if rounds < _MOST_ROUNDS:
            hits = np.flatnonzero(away == most[own])
            far = p[hits[np.searchsorted(hits, starts)]]
        else:
            far = (a + b) // 2
        here = np.minimum(most, cap)
        needed = here > floor
        found[far[needed]] = here[needed]
        a, far, b, here = a[needed], far[needed], b[needed], here[needed]
        a, b, cap = np.concatenate([a, far]), np.concatenate([far, b]), np.concatenate([here, here])
        rounds += 1


def tolerance_for(needed: Floats, most: int) -> float:
    """The least tolerance in metres that leaves at most so many points of these significances.

    Points of equal significance stay or go together. Infinite ones (ends, pins) stay always.
    """
    if len(needed) <= most:
        return 0.0
    finite = np.sort(needed[np.isfinite(needed)])[::-1]
    room = most - (len(needed) - len(finite))
    return float(finite[max(room, 0)]) if len(finite) else 0.0


def _scale(lat: Floats) -> tuple[Floats, Floats]:
    """Metres of a degree of latitude, and of longitude, at each point."""
    phi = np.radians(lat)
    w2 = 1.0 - geo.E2 * np.sin(phi) ** 2
    w = np.sqrt(w2)
    per = np.pi / 180.0 * geo.A
    return per * (1.0 - geo.E2) / (w2 * w), per / w * np.cos(phi)


def _from_segment(
    x: Floats,
    y: Floats,
    up: Floats,
    across: Floats,
    p: NDArray[np.intp],
    a: NDArray[np.intp],
    b: NDArray[np.intp],
) -> Floats:
    """Metres from points p to the segments between points a and b, not to their endless lines."""
    dx, dy = (x[b] - x[a]) * across, (y[b] - y[a]) * up
    px, py = (x[p] - x[a]) * across, (y[p] - y[a]) * up
    square = dx * dx + dy * dy
    with np.errstate(divide="ignore", invalid="ignore"):
        f = np.where(square > 0.0, np.clip((px * dx + py * dy) / square, 0.0, 1.0), 0.0)
    away = np.hypot(px - f * dx, py - f * dy)
    # what has no place is needed by nobody
    return np.asarray(np.where(np.isnan(away), 0.0, away), dtype=np.float64)
