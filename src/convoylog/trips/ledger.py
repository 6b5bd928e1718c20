"""Where the time and the metres of one car went: moving, halted, unknown; driven, not recorded.

Hops are sorted into known ones, holes and jumps; halts come from windows of net displacement,
never from path length, since jitter invents paths. Metres come as an odometer, a broken line over
time, so that legs, days and stops share one account and their sums are exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from convoylog import geo
from convoylog.model.tracks import Floats, Track
from convoylog.model.trip import Spent
from convoylog.trips.clean import Bools, Hops, hops_of
from convoylog.trips.odometer import flag_runs, keep_odometer, places_at

#: a slower recorder than one point in two minutes may raise it
HOLE_S = 120.0
#: parked with the recorder asleep: no further apart than noise and a parking place, within a day
ASLEEP_M, ASLEEP_S = 200.0, 86_400.0
#: a halt moves less than this in a window; walking pace is 40 m in 30 s
WINDOW_S, HALT_M = 30.0, 30.0
#: one fix pair is too noisy for a top speed
TOP_S = 10.0
#: metres a second, each second, that a car's mean speed over ten seconds does not gain on the ten
#: before: from 0 to 171 km/h in 20 s
GAIN_MPS2 = 2.5
#: with a top speed that is none, the windows down to nine tenths of it are looked at too
_NEXT = 0.81
#: windows looked at in one go: 8 MB a column
_CHUNK = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """One car's time and metres. n points, n - 1 hops, cleaned, times strictly rising.

    lon: unwrapped. hole: hops whose way is unknown; jump: hops no car drives; asleep: parked.
    halts: (k, 2) instants, apart and in order; within: points in a halt or at its ends.
    odometer_at, odometer_m: a broken line, m values; metres: the same at each point.
    halted_line, unknown_line: seconds so far over instants, broken lines as well.
    """

    time: Floats
    lat: Floats
    lon: Floats
    hop_m: Floats
    hole: Bools
    jump: Bools
    asleep: Bools
    halts: Floats
    within: Bools
    odometer_at: Floats
    odometer_m: Floats
    metres: Floats
    halted_line: tuple[Floats, Floats]
    unknown_line: tuple[Floats, Floats]

    @property
    def unknown(self) -> Bools:
        return self.hole | self.jump

    @property
    def spent(self) -> Spent:
        """The whole time, from the first point to the last."""
        if not len(self.time):
            return Spent(0.0, 0.0, 0.0, 0.0)
        return self.spent_between(float(self.time[0]), float(self.time[-1]))

    @property
    def elapsed_s(self) -> float:
        return self.spent.elapsed_s

    @property
    def unknown_s(self) -> float:
        return self.spent.unknown_s

    @property
    def halted_s(self) -> float:
        return self.spent.halted_s

    @property
    def moving_s(self) -> float:
        return self.spent.moving_s

    def spent_between(self, begin: float, end: float) -> Spent:
        """A part of the time, in whole milliseconds; what is not recorded is unknown.

        Each line is rounded where the parts meet, so that parts which tile a time sum to it exactly.
        """
        if end <= begin or not len(self.time):
            elapsed = round(max(0.0, round(end, 3) - round(begin, 3)), 3)
            return Spent(elapsed, 0.0, 0.0, elapsed)
        elapsed = round(round(end, 3) - round(begin, 3), 3)
        first, last = np.clip([begin, end], self.time[0], self.time[-1]).tolist()
        inside = round(round(last, 3) - round(first, 3), 3)
        halted, unknown = (
            _grown(self.halted_line, first, last),
            _grown(self.unknown_line, first, last),
        )
        moving = round(inside - halted - unknown, 3)
        if moving < 0.0:  # times finer than a millisecond
            halted, moving = round(halted + moving, 3), 0.0
        return Spent(elapsed, moving, halted, round(unknown + elapsed - inside, 3))

    @property
    def distance_m(self) -> float:
        return float(self.odometer_m[-1]) if len(self.odometer_m) else 0.0

    @property
    def unrecorded_m(self) -> float:
        return float(self.hop_m[self.hole].sum())

    @property
    def unrecorded_line(self) -> Floats:
        """Metres over holes so far, at each point."""
        over = np.where(self.hole, self.hop_m, 0.0)
        return np.concatenate([[0.0], np.cumsum(over)])[: len(self.time)]

    @property
    def crept_m(self) -> float:
        """Metres within halts: of a car next to none, of who walks a good part."""
        return float(np.diff(self.metres_at(self.halts), axis=1).sum())

    def points_between(self, begin: float, end: float) -> slice:
        """The points recorded within a span, both ends included."""
        first, last = np.searchsorted(self.time, begin), np.searchsorted(self.time, end, "right")
        return slice(int(first), int(last))

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
        return self.spent_between(begin, end).moving_s

    def position_at(self, at: ArrayLike) -> tuple[Floats, Floats]:
        """Latitude and unwrapped longitude on the straight line between the points, in degrees."""
        when = np.asarray(at, dtype=np.float64)
        if len(self.time) < 2:
            return np.resize(self.lat, when.shape), np.resize(self.lon, when.shape)
        return places_at(self.time, self.lat, self.lon, when)


def _grown(line: tuple[Floats, Floats], begin: float, end: float) -> float:
    """By how much a line of seconds so far grows, in whole milliseconds."""
    first, last = (round(float(np.interp(at, *line)), 3) for at in (begin, end))
    return round(last - first, 3)


def _so_far(spans: Floats) -> tuple[Floats, Floats]:
    """Seconds so far of (k, 2) disjoint spans in order, as a broken line."""
    if not len(spans):
        return np.zeros(1), np.zeros(1)
    sums = np.cumsum(spans[:, 1] - spans[:, 0])
    before = np.concatenate([[0.0], sums[:-1]])
    return spans.ravel(), np.stack([before, sums], axis=1).ravel()


def runs_of(hops: Bools) -> list[tuple[int, int]]:
    """Maximal runs of true hops as (first point, last point)."""
    return [(a, b) for a, b in flag_runs(hops).tolist()]


def keep_ledger(track: Track, hole_s: float = HOLE_S, hops: Hops | None = None) -> Ledger:
    """The account of a cleaned track. hole_s: longest hop, in seconds, that counts as recorded.

    hops: of the track, where they are known already. Raises ValueError if times do not rise strictly.
    """
    time, lat = track.time, track.lat
    lon = geo.unwrapped(track.lon)
    hops = hops or hops_of(track)
    dt, rough, jump = hops.dt, hops.metres, hops.fast
    if len(dt) and not dt.min() > 0.0:
        raise ValueError("times must rise strictly: clean the track first")
    hop_m = rough
    far = np.flatnonzero((rough > geo.FAR_M) & ~jump)
    if len(far):  # of a jump no metre counts, so its rough length does
        hop_m = rough.copy()
        hop_m[far] = geo.apart_m(lat[far], lon[far], lat[far + 1], lon[far + 1])
    long = ~jump & (dt > hole_s)
    asleep = long & (hop_m <= ASLEEP_M) & (dt <= ASLEEP_S)
    hole = long & ~asleep
    halts = find_halts(time, lat, lon, known=~(hole | jump), asleep=asleep)
    stretches = _stretches(halts, time)
    within = np.ones(len(time), dtype=np.bool_)
    for first, last in stretches:
        within[first:last] = False
    at, metres, at_points = keep_odometer(
        time, lat, lon, hop_m, hole, jump, halts, within, stretches
    )
    gone = np.flatnonzero(hole | jump)
    unknown = np.stack([time[gone], time[gone + 1]], axis=1)
    return Ledger(
        time, lat, lon, hop_m, hole, jump, asleep, halts, within, at, metres, at_points,
        _so_far(halts), _so_far(unknown),
    )  # fmt: skip


def _stretches(halts: Floats, time: Floats) -> list[tuple[int, int]]:
    """The points before, between and behind halts, as (first, one past the last); some have none."""
    begins = np.searchsorted(time, halts[:, 0], side="left").tolist()
    ends = np.searchsorted(time, halts[:, 1], side="right").tolist()
    return list(zip([0, *ends], [*begins, len(time)], strict=True))


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
                spans.append(
                    _still_windows(begin, base, min(base + _CHUNK - 1, high), time, lat, lon)
                )
    found = np.concatenate(spans)
    return union(found[np.argsort(found[:, 0], kind="stable")])


def _still_windows(
    begin: float, low: float, high: float, time: Floats, lat: Floats, lon: Floats
) -> Floats:
    """The still ones of the windows that start `low` to `high` whole seconds after `begin`."""
    width = int(WINDOW_S)
    at = begin + np.arange(low, high + 1 + width)
    # the first and the last windows reach beyond the points of this stretch
    last = max(width, len(at) - width)
    parts = [
        _on_the_line(time, lat, lon, at[part])
        for part in (slice(width), slice(width, last), slice(last, None))
    ]
    y, x = (np.concatenate(column) for column in zip(*parts, strict=True))
    still = geo.nearer(y[:-width], x[:-width], y[width:], x[width:], HALT_M)
    runs = flag_runs(still)
    return union(np.stack([at[runs[:, 0]], at[runs[:, 1] - 1 + width]], axis=1))


def _on_the_line(time: Floats, lat: Floats, lon: Floats, at: Floats) -> tuple[Floats, Floats]:
    """Places at instants in order; as they are recorded, where those are the points' own."""
    if not len(at):
        return at, at
    first = max(int(np.searchsorted(time, at[0], side="right")) - 1, 0)
    own = slice(first, int(np.searchsorted(time, at[-1], side="left")) + 1)
    if np.array_equal(time[own], at):
        return lat[own], lon[own]
    return np.interp(at, time[own], lat[own]), np.interp(at, time[own], lon[own])


def union(spans: Floats) -> Floats:
    """(k, 2) spans sorted by their begin, joined where they touch."""
    if not len(spans):
        return np.zeros((0, 2))
    ends = np.maximum.accumulate(spans[:, 1])
    apart = np.flatnonzero(spans[1:, 0] > ends[:-1])
    begins = spans[np.append(0, apart + 1), 0]
    return np.stack([begins, ends[np.append(apart, len(spans) - 1)]], axis=1)


def top_speed(ledger: Ledger) -> float | None:
    """Largest straight-line speed over 10 s, or longer where three points need it; m/s.

    No window crosses a hole or a jump, and none counts that is faster than the ten seconds before by
    more than a car gains: a fix that lagged catches up so. None where no window fits.
    """
    time, lat, lon = ledger.time, ledger.lat, ledger.lon
    fastest: float | None = None
    for first, last in runs_of(~(ledger.unknown | ledger.asleep)):
        begins = time[first : last - 1]
        ends = np.maximum(begins + TOP_S, time[first + 2 : last + 1])
        count = int(np.searchsorted(ends, time[last], side="right"))
        if count < 1:
            continue
        own = slice(first, first + count)
        begins, ends = begins[:count], ends[:count]
        y, x = _on_the_line(time, lat, lon, ends)
        per_north, per_east, share = geo.flat_scale(lat[first : last + 1])
        squares, east, spans = y - lat[own], x - lon[own], ends - begins
        squares *= per_north
        squares *= squares
        east *= per_east
        east *= east
        squares += east
        squares /= spans * spans
        # the exact speeds of the fastest, by a flat map; of the next, while none can be believed
        if not squares.any():
            fastest = fastest or 0.0
        while (top := float(squares.max())) > 0.0:
            if fastest is not None and top * (1.0 + share) ** 2 < fastest**2:
                break
            near = np.flatnonzero(squares >= top * min((1.0 - share) ** 4, _NEXT))
            there = geo.near_m(lat[own][near], lon[own][near], y[near], x[near])
            speeds = there / spans[near]
            squares[near] = 0.0
            # the very fastest is believed mostly, so that the others need no look at what came before
            order = np.argsort(-speeds, kind="stable")
            for part in (order[:1], order[1:]):
                gains = speeds[part] - _speeds_before(ledger, first, begins[near][part])
                believed = speeds[part][gains <= GAIN_MPS2 * TOP_S]
                if len(believed):
                    fastest = max(fastest or 0.0, float(believed[0]))
                    break
    return fastest


def _speeds_before(ledger: Ledger, first: int, at: Floats) -> Floats:
    """Straight-line speeds over the 10 s before some instants; infinite where they are not recorded.

    first: the point that the recorded stretch begins with.
    """
    known = at - TOP_S >= ledger.time[first]
    speeds = np.full(len(at), np.inf)
    (y1, x1), (y2, x2) = ledger.position_at(at[known] - TOP_S), ledger.position_at(at[known])
    speeds[known] = geo.near_m(y1, x1, y2, x2) / TOP_S
    return speeds
