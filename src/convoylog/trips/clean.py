"""Bad fixes left out of sight: a view of the trackpoints, the files stay as they are.

The order of the steps is part of the definition. Ends and clumps go before single spikes: judged
one by one first, dozens of good points around a clump would go with it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convoylog import geo
from convoylog.model.tracks import Floats, Track, take

#: metres a second no car on a road does (252 km/h)
TOO_FAST = 70.0
#: instants a car can have, UTC seconds: from 1900 to 2200; others are a broken clock's
EARLIEST, LATEST = -2_208_988_800.0, 7_258_118_400.0
#: bad points that a recorder may begin or end with while it looks for satellites
MOST_AT_AN_END = 3
#: a clump of reflected fixes: so many points, so many seconds
EXCURSION_POINTS, EXCURSION_S = 10, 60.0
#: a spike lies further from its neighbours' line than noise plus what braking and turning explain
SPIKE_M, SPIKE_MPS2 = 30.0, 4.0
#: so far from the poles 10 km on a flat map are right to 2 %
_NO_POLE, _BENT = 85.0, 0.05

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Hops:
    """The way from each point to the next, n - 1 values: so dear that it is worked out once.

    dt: seconds. metres: by `geo.near_m`, beyond 10 km only "far". fast: what no car does.
    """

    dt: Floats
    metres: Floats
    fast: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Cleaned:
    """track: timed points, times strictly rising. dropped: reason → points left out, none of 0.

    Reasons: "no time", "duplicate", "impossible", "same time", "bad end", "excursion", "spike".
    hops: of the track.
    """

    track: Track
    dropped: Mapping[str, int]
    hops: Hops


def clean(track: Track) -> Cleaned:
    """The points worth counting, in time order. track: any points in any order.

    The result depends only on the set of points. O(n log n).
    """
    dropped: dict[str, int] = {}

    def keep(now: Track, good: Bools, reason: str) -> Track:
        bad = len(good) - int(np.count_nonzero(good))
        if bad:
            dropped[reason] = dropped.get(reason, 0) + bad
            return take(now, good)
        return now

    rest = track
    rises = _rises(rest.time)
    if not rises:
        rest = keep(rest, np.isfinite(rest.time), "no time")
        rest = take(rest, np.lexsort((rest.ele, rest.lon, rest.lat, rest.time)))
        rest = keep(rest, first_of_equals(rest.time, rest.lat, rest.lon), "duplicate")
    if not _all_possible(rest.lat, rest.lon):
        rest = keep(rest, possible(rest.lat, rest.lon), "impossible")
    if not rises:
        rest = keep(rest, _one_of_each_time(rest), "same time")
    hops = hops_of(rest)
    for reason, judge in STEPS:
        good = judge(rest, hops)
        fewer = keep(rest, good, reason)
        if fewer is not rest:
            rest, hops = fewer, _hops_left(fewer, hops, good)
    return Cleaned(rest, dropped, hops)


def _rises(time: Floats) -> bool:
    """Whether all times are known, each after the one before: then nothing needs to be sorted."""
    if len(time) == 0:
        return True
    ends = np.isfinite(time[[0, -1]]).all()
    return bool(ends and (time[1:] > time[:-1]).all())


def _all_possible(lat: Floats, lon: Floats) -> bool:
    """Whether `possible` holds for all, by the extremes: NaN is among them where there is one."""
    if len(lat) == 0:
        return True
    south, north, west, east = lat.min(), lat.max(), lon.min(), lon.max()
    off_zero = south > 0.0 or north < 0.0 or west > 0.0 or east < 0.0
    return bool(south >= -90.0 and north <= 90.0 and west >= -180.0 and east <= 180.0 and off_zero)


def hops_of(track: Track) -> Hops:
    """The hops of a track in time order, times strictly rising."""
    dt = np.diff(track.time)
    metres = geo.near_hops_m(track.lat, track.lon)
    return Hops(dt, metres, _too_fast(metres, track.lat, track.lon, dt))


def _hops_left(track: Track, before: Hops, kept: Bools) -> Hops:
    """The hops of what is left: those between neighbours as before are as they were."""
    which = np.flatnonzero(kept)
    new = np.flatnonzero(np.diff(which) > 1)
    metres = before.metres[which[:-1]]
    metres[new] = geo.near_m(track.lat[new], track.lon[new], track.lat[new + 1], track.lon[new + 1])
    dt = np.diff(track.time)
    return Hops(dt, metres, _too_fast(metres, track.lat, track.lon, dt))


def possible(lat: Floats, lon: Floats) -> Bools:
    """Which places exist; (0, 0) is what a recorder without satellites writes."""
    with np.errstate(invalid="ignore"):
        inside = (np.abs(lat) <= 90.0) & (np.abs(lon) <= 180.0)
    return np.asarray(inside & ~((lat == 0.0) & (lon == 0.0)), dtype=np.bool_)


def first_of_equals(*columns: Floats) -> Bools:
    """Of neighbouring rows equal in every column, the first. Rows sorted."""
    n = len(columns[0])
    first = np.ones(n, dtype=np.bool_)
    if n > 1:
        first[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return first


def _too_fast(rough: Floats, lat: Floats, lon: Floats, dt: Floats) -> Bools:
    """Which hops are too fast for a car. rough: `near_m` of each. dt: seconds, above 0.

    The local formula decides, wherever a geodesic (70 times the cost) could not decide otherwise:
    even around half the Earth the two differ by less than a factor of two.
    """
    limit = TOO_FAST * dt
    fast = np.asarray(rough > limit, dtype=np.bool_)
    if rough.max(initial=0.0) <= geo.FAR_M:
        return fast
    doubt = np.flatnonzero((rough > geo.FAR_M) & (rough > limit / 2) & (rough < limit * 2))
    if len(doubt):
        exact = geo.apart_m(lat[doubt], lon[doubt], lat[doubt + 1], lon[doubt + 1])
        fast[doubt] = exact > limit[doubt]
    return fast


def _leaps(lat1: float, lon1: float, lat2: float, lon2: float, dt: float) -> bool:
    """`_too_fast` of one hop."""
    limit = TOO_FAST * dt
    rough = geo.near_by_m(lat1, lon1, lat2, lon2)
    if rough <= geo.FAR_M or not limit / 2 < rough < limit * 2:
        return rough > limit
    return geo.distance_m(lat1, lon1, lat2, lon2) > limit


def _one_of_each_time(track: Track) -> Bools:
    """Where one instant has several places, the one nearest to the line of the sure neighbours."""
    keep = np.ones(len(track), dtype=np.bool_)
    begins = np.flatnonzero(first_of_equals(track.time))
    sizes = np.diff(np.append(begins, len(track)))
    if not len(begins) or sizes.max() == 1:
        return keep
    sure = begins[sizes == 1]
    rows = np.flatnonzero(np.repeat(sizes > 1, sizes))
    keep[rows] = False
    if len(sure):
        lon = geo.unwrapped(track.lon[sure])
        lat_there = np.interp(track.time[rows], track.time[sure], track.lat[sure])
        lon_there = np.interp(track.time[rows], track.time[sure], lon)
        off = geo.near_m(track.lat[rows], track.lon[rows], lat_there, lon_there)
    else:
        off = np.zeros(len(rows))
    order = np.lexsort((rows, off, track.time[rows]))  # a tie goes to the first in row order
    best = order[first_of_equals(track.time[rows][order])]
    keep[rows[best]] = True
    return keep


def _without_bad_ends(track: Track, hops: Hops) -> Bools:
    keep = np.ones(len(track), dtype=np.bool_)
    if len(track) < 3:
        return keep  # of two points nobody can say which is wrong
    keep[: _bad_lead(hops.fast)] = False
    tail = _bad_lead(hops.fast[::-1])
    keep[len(track) - tail :] = False
    return keep


def _bad_lead(fast: Bools) -> int:
    """How many first points to drop: each left by a hop too fast, the hop after them sound."""
    ahead = fast[: MOST_AT_AN_END + 1]
    return 0 if ahead.all() else int(np.argmin(ahead))  # the length of the leading run of leaps


def _without_excursions(track: Track, hops: Hops) -> Bools:
    """Short runs between two leaps, out and back. Works on the leaps alone, of which few are."""
    keep = np.ones(len(track), dtype=np.bool_)
    fast = np.flatnonzero(hops.fast).tolist()
    if len(fast) < 2:
        return keep
    time, lat, lon = track.time.tolist(), track.lat.tolist(), track.lon.tolist()
    # leap k goes from point start[k] to point end[k]; between[k] points lie between it and the next
    start, end = list(fast), [leap + 1 for leap in fast]
    before, after = list(range(-1, len(fast) - 1)), [*range(1, len(fast)), -1]
    between = [start[k + 1] - end[k] + 1 for k in range(len(fast) - 1)] + [0]
    alive = [True] * len(fast)
    stamp = [0] * len(fast)
    heap = [(between[k], end[k], k, 0) for k in range(len(fast) - 1)]
    heapq.heapify(heap)
    while heap:
        _, _, k, stamped = heapq.heappop(heap)
        j = after[k]
        if not alive[k] or stamped != stamp[k] or j < 0:
            continue
        if between[k] > EXCURSION_POINTS or time[start[j]] - time[end[k]] > EXCURSION_S:
            continue
        a, b = start[k], end[j]
        if _leaps(lat[a], lon[a], lat[b], lon[b], time[b] - time[a]):
            continue
        keep[end[k] : start[j] + 1] = False
        alive[k] = alive[j] = False
        left, right = before[k], after[j]
        if right >= 0:
            before[right] = left
        if left >= 0:
            after[left] = right
            between[left] += between[j]
            stamp[left] += 1
            heapq.heappush(heap, (between[left], end[left], left, stamp[left]))
    return keep


def _without_spikes(track: Track, hops: Hops) -> Bools:
    """Single points off the line of their neighbours, the worst first."""
    n = len(track)
    keep = np.ones(n, dtype=np.bool_)
    suspects = _off_the_line(track, hops)
    if not len(suspects):
        return keep
    lon = geo.unwrapped(track.lon)
    middle = suspects + 1
    dt1, dt2 = hops.dt[suspects], hops.dt[middle]
    f = dt1 / (dt1 + dt2)
    lat0, lat2, lon0, lon2 = (
        track.lat[suspects],
        track.lat[middle + 1],
        lon[suspects],
        lon[middle + 1],
    )
    off = geo.near_m(
        track.lat[middle], lon[middle], lat0 + f * (lat2 - lat0), lon0 + f * (lon2 - lon0)
    )
    ratio = off / (SPIKE_M + SPIKE_MPS2 * dt1 * dt2)
    worst = ratio > 1.0
    suspects, ratio = suspects[worst], ratio[worst]
    if not len(suspects):
        return keep
    heap = [(-r, i + 1, 0) for r, i in zip(ratio.tolist(), suspects.tolist(), strict=True)]
    heapq.heapify(heap)
    time, lats, lons = track.time.tolist(), track.lat.tolist(), lon.tolist()
    before, after = list(range(-1, n - 1)), [*range(1, n), -1]
    stamp: dict[int, int] = {}

    def judge(i: int) -> None:
        """Weighs point i against the neighbours it has now."""
        a, b = before[i], after[i]
        if a < 0 or b < 0:
            return
        stamp[i] = stamp.get(i, 0) + 1
        d1, d2 = time[i] - time[a], time[b] - time[i]
        f = d1 / (d1 + d2)
        off = geo.near_by_m(
            lats[i],
            lons[i],
            lats[a] + f * (lats[b] - lats[a]),
            lons[a] + f * (lons[b] - lons[a]),
        )
        ratio = off / (SPIKE_M + SPIKE_MPS2 * d1 * d2)
        if ratio > 1.0:
            heapq.heappush(heap, (-ratio, i, stamp[i]))

    while heap:
        _, i, stamped = heapq.heappop(heap)
        if not keep[i] or stamped != stamp.get(i, 0):
            continue
        a, b = before[i], after[i]
        if _leaps(lats[a], lons[a], lats[b], lons[b], time[b] - time[a]):
            continue  # a lasting jump is no spike
        keep[i] = False
        after[a], before[b] = b, a
        judge(a)
        judge(b)
    return keep


def _off_the_line(track: Track, hops: Hops) -> NDArray[np.intp]:
    """Hops after which a spike may be; all others cannot, by the lengths of their two hops alone.

    A point is no further from its neighbours' line than their distances, weighed by time. Near a
    pole, and over many kilometres, the flat formula bends that; there every point is looked at.
    """
    if len(track) < 3:
        return np.zeros(0, dtype=np.intp)
    if max(track.lat.max(), -track.lat.min()) > _NO_POLE:
        return np.arange(len(track) - 2)
    # of its two hops one must be long, whatever their times
    shortest = (SPIKE_M + SPIKE_MPS2 * hops.dt.min() ** 2) / (1.0 + _BENT)
    long = np.flatnonzero(hops.metres > shortest)
    beside = np.zeros(len(track), dtype=np.bool_)
    beside[long] = beside[long + 1] = True
    first = np.flatnonzero(beside[1:-1])
    dt1, dt2, h1, h2 = (
        hops.dt[first],
        hops.dt[first + 1],
        hops.metres[first],
        hops.metres[first + 1],
    )
    limit = (SPIKE_M + SPIKE_MPS2 * dt1 * dt2) * (dt1 + dt2)
    maybe = (dt2 * h1 + dt1 * h2) * (1.0 + _BENT) > limit
    return first[maybe | (np.maximum(h1, h2) > geo.FAR_M)]


#: what is judged by the hops, in this order: single spikes last
STEPS: tuple[tuple[str, Callable[[Track, Hops], Bools]], ...] = (
    ("bad end", _without_bad_ends),
    ("excursion", _without_excursions),
    ("spike", _without_spikes),
)
