"""Where the time and the metres of one car went: moving, halted, unknown; driven, not recorded.

Hops are sorted into known ones, holes and jumps; halts come from windows of net displacement,
never from path length, since jitter invents paths. Metres come as an odometer, a broken line over
time, so that legs, days and stops share one account and their sums are exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convoylog import geo
from convoylog.model.tracks import Floats, Track
from convoylog.trips.clean import Bools, leaps

#: a slower recorder than one point in two minutes may raise it
HOLE_S = 120.0
#: parked with the recorder asleep: no further apart than noise and a parking place, within a day
ASLEEP_M, ASLEEP_S = 200.0, 86_400.0
#: a halt moves less than this in a window; walking pace is 40 m in 30 s
WINDOW_S, HALT_M = 30.0, 30.0
#: points nearer to each other than a fix's own error add noise, not way
THIN_M = 10.0
#: one fix pair is too noisy for a top speed
TOP_S = 10.0
#: windows looked at in one go: 8 MB a column
_CHUNK = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """One car's time and metres. n points, n - 1 hops, cleaned, times strictly rising.

    lon: unwrapped. hole: hops whose way is unknown; jump: hops no car drives; asleep: parked.
    halts: (k, 2) instants, apart and in order. odometer_at, odometer_m: a broken line, m values.
    """

    time: Floats
    lat: Floats
    lon: Floats
    hop_m: Floats
    hole: Bools
    jump: Bools
    asleep: Bools
    halts: Floats
    odometer_at: Floats
    odometer_m: Floats

    @property
    def unknown(self) -> Bools:
        return self.hole | self.jump

    @property
    def elapsed_s(self) -> float:
        return round(float(self.time[-1] - self.time[0]), 3) if len(self.time) else 0.0

    @property
    def unknown_s(self) -> float:
        return round(float(np.diff(self.time)[self.unknown].sum()), 3)

    @property
    def halted_s(self) -> float:
        return round(float((self.halts[:, 1] - self.halts[:, 0]).sum()), 3)

    @property
    def moving_s(self) -> float:
        """What is left, so that the three make the elapsed time, to the millisecond."""
        return round(self.elapsed_s - self.unknown_s - self.halted_s, 3)

    @property
    def distance_m(self) -> float:
        return float(self.odometer_m[-1]) if len(self.odometer_m) else 0.0

    @property
    def unrecorded_m(self) -> float:
        return float(self.hop_m[self.hole].sum())

    def metres_at(self, at: ArrayLike) -> Floats:
        """Odometer at instants; outside the recording it stands still."""
        when = np.asarray(at, dtype=np.float64)
        if not len(self.odometer_at):
            return np.zeros(when.shape)
        return np.asarray(np.interp(when, self.odometer_at, self.odometer_m), dtype=np.float64)

    def metres_between(self, begin: float, end: float) -> float:
        first, last = self.metres_at([begin, end])
        return float(last - first)

    def moving_between(self, begin: float, end: float) -> float:
        """Seconds moving within a part of the time."""
        if not len(self.time):
            return 0.0
        begin, end = max(begin, float(self.time[0])), min(end, float(self.time[-1]))
        if end <= begin:
            return 0.0
        holes = np.stack([self.time[:-1][self.unknown], self.time[1:][self.unknown]], axis=1)
        still = overlap_s(self.halts, begin, end) + overlap_s(holes, begin, end)
        return max(0.0, round(end - begin - still, 3))

    def position_at(self, at: ArrayLike) -> tuple[Floats, Floats]:
        """Latitude and unwrapped longitude on the straight line between the points, in degrees."""
        when = np.asarray(at, dtype=np.float64)
        return (
            np.asarray(np.interp(when, self.time, self.lat), dtype=np.float64),
            np.asarray(np.interp(when, self.time, self.lon), dtype=np.float64),
        )


def overlap_s(spans: Floats, begin: float, end: float) -> float:
    """Seconds of (k, 2) disjoint spans within [begin, end]."""
    inside = np.minimum(spans[:, 1], end) - np.maximum(spans[:, 0], begin)
    return float(np.maximum(inside, 0.0).sum())


def runs_of(hops: Bools) -> list[tuple[int, int]]:
    """Maximal runs of true hops as (first point, last point)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], hops.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def keep_ledger(track: Track, hole_s: float = HOLE_S) -> Ledger:
    """The account of a cleaned track. hole_s: longest hop, in seconds, that counts as recorded.

    Raises ValueError if times do not rise strictly.
    """
    time, lat = track.time, track.lat
    lon = geo.unwrapped(track.lon)
    dt = np.diff(time)
    if not (dt > 0).all():
        raise ValueError("times must rise strictly: clean the track first")
    jump = leaps(lat, lon, dt)
    hop_m = _hops(lat, lon, jump)
    long = ~jump & (dt > hole_s)
    asleep = long & (hop_m <= ASLEEP_M) & (dt <= ASLEEP_S)
    hole = long & ~asleep
    halts = find_halts(time, lat, lon, known=~(hole | jump), asleep=asleep)
    at, metres = _odometer(time, lat, lon, hole, jump, halts)
    return Ledger(time, lat, lon, hop_m, hole, jump, asleep, halts, at, metres)


def _hops(lat: Floats, lon: Floats, jump: Bools) -> Floats:
    """Metres of each hop. A jump counts none, so a rough length does, at 1/70 of the cost."""
    metres = geo.near_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
    far = np.flatnonzero((metres > geo.FAR_M) & ~jump)
    metres[far] = geo.apart_m(lat[far], lon[far], lat[far + 1], lon[far + 1])
    return metres


def find_halts(time: Floats, lat: Floats, lon: Floats, *, known: Bools, asleep: Bools) -> Floats:
    """Union of the windows, one begun each second of a known stretch, that end where they began.

    Sleeping hops are halts whole. Returns (k, 2) instants, apart and in order.
    """
    spans = [np.stack([time[:-1][asleep], time[1:][asleep]], axis=1)]
    for first, last in runs_of(known):
        begin, end = float(time[first]), float(time[last])
        for a, b in runs_of(known[first:last] & ~asleep[first:last]):
            # windows that touch a wakeful hop; those deep inside a sleep tell nothing new
            low = max(0.0, np.ceil(float(time[first + a]) - WINDOW_S - begin))
            high = np.floor(min(float(time[first + b]), end - WINDOW_S) - begin)
            for base in np.arange(low, high + 1, _CHUNK):
                starts = begin + np.arange(base, min(base + _CHUNK, high + 1))
                spans.append(_still_windows(starts, time, lat, lon))
    found = np.concatenate(spans)
    return union(found[np.argsort(found[:, 0], kind="stable")])


def _still_windows(starts: Floats, time: Floats, lat: Floats, lon: Floats) -> Floats:
    ends = starts + WINDOW_S
    moved = geo.near_m(
        np.interp(starts, time, lat),
        np.interp(starts, time, lon),
        np.interp(ends, time, lat),
        np.interp(ends, time, lon),
    )
    still = moved < HALT_M
    return union(np.stack([starts[still], ends[still]], axis=1))


def union(spans: Floats) -> Floats:
    """(k, 2) spans sorted by their begin, joined where they touch."""
    if not len(spans):
        return np.zeros((0, 2))
    ends = np.maximum.accumulate(spans[:, 1])
    apart = np.flatnonzero(spans[1:, 0] > ends[:-1])
    begins = spans[np.append(0, apart + 1), 0]
    return np.stack([begins, ends[np.append(apart, len(spans) - 1)]], axis=1)


def _odometer(
    time: Floats,
    lat: Floats,
    lon: Floats,
    hole: Bools,
    jump: Bools,
    halts: Floats,
) -> tuple[Floats, Floats]:
    """Metres so far at the points worth keeping, at both ends of halts, holes and jumps."""
    if not len(time):
        return np.zeros(0), np.zeros(0)
    n = len(time)
    inside = np.zeros(n, dtype=np.bool_)
    if len(halts):
        which = np.searchsorted(halts[:, 0], time, side="right") - 1
        inside = (which >= 0) & (time <= halts[np.maximum(which, 0), 1])
    at = np.concatenate([time[~inside], halts.ravel()])
    order = np.argsort(at, kind="stable")
    edge = np.concatenate([np.zeros(int((~inside).sum()), np.bool_), np.ones(halts.size, np.bool_)])
    at, edge = at[order], edge[order]
    y, x = np.interp(at, time, lat), np.interp(at, time, lon)
    # a piece is broken at the ends of halts, holes, jumps and of the recording itself
    broken = hole | jump
    ends = np.zeros(n, dtype=np.bool_)
    ends[[0, -1]] = True
    ends[:-1] |= broken
    ends[1:] |= broken
    fixed = edge | np.isin(at, time[ends])
    kept = _thin(y, x, fixed)
    at, y, x = at[kept], y[kept], x[kept]
    if len(at) < 2:
        return at, np.zeros(len(at))
    hop = np.clip(np.searchsorted(time, at[:-1], side="right") - 1, 0, n - 2)
    steps = np.where(jump[hop], 0.0, _hops(y, x, jump[hop]))
    return at, np.concatenate([[0.0], np.cumsum(steps)])


def _thin(lat: Floats, lon: Floats, fixed: Bools) -> NDArray[np.intp]:
    """Indices of points at least 10 m from the one kept before, and of the fixed ones.

    Long hops are kept in one go; only where hops are short the points are walked one by one.
    """
    n = len(lat)
    kept = np.ones(n, dtype=np.bool_)
    hops = geo.near_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
    short = np.flatnonzero((hops < THIN_M) & ~fixed[1:]).tolist()
    walked = 0
    ys, xs, held = lat.tolist(), lon.tolist(), fixed.tolist()
    for start in short:
        if start < walked:
            continue
        base, i = start, start + 1
        while i < n:
            if held[i] or geo.distance_m(ys[base], xs[base], ys[i], xs[i]) >= THIN_M:
                base = i
                if i + 1 < n and hops[i] >= THIN_M:
                    break
            else:
                kept[i] = False
            i += 1
        walked = i
    return np.flatnonzero(kept)


def top_speed(ledger: Ledger) -> float | None:
    """Largest straight-line speed over 10 s, or longer where three points need it; m/s.

    No window crosses a hole or a jump. None where no window fits.
    """
    time = ledger.time
    n = len(time)
    if n < 3:
        return None
    awake = ~(ledger.unknown | ledger.asleep)
    run_end = np.full(n, -np.inf)
    for first, last in runs_of(awake):
        run_end[first:last] = time[last]
    begins = time[:-2]
    ends = np.maximum(begins + TOP_S, time[2:])
    fits = np.flatnonzero(ends <= run_end[:-2])
    if not len(fits):
        return None
    lat, lon = ledger.position_at(ends[fits])
    metres = geo.near_m(ledger.lat[fits], ledger.lon[fits], lat, lon)
    return float((metres / (ends[fits] - begins[fits])).max())
