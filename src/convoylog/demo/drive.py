"""Driving a road: from a line and a plan to what a recorder in the car would have kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from convoylog.demo.roads import Road, road
from convoylog.model.tracks import Floats, Track, make_track

#: metres a second squared: what passengers with coffee accept, along the road and in bends
_BRAKE, _SIDEWAYS = 0.8, 2.0
#: metres a second: through a town, off a ramp and up to a pump
_TOWN, _CRAWL = 14.0, 4.0
#: metres of town at both ends of a road
_TOWN_M = 3000.0
#: a stop lies beside the road: metres from the line, and over how many metres a car leaves it
_BESIDE_M, _RAMP_M = 70.0, 220.0
#: metres: what a good receiver under an open sky errs by, and a standing one
_NOISE_M, _PARKED_M, _HEIGHT_NOISE_M = 1.8, 2.2, 2.5
#: samples over which such errors change
_DRIFT = 12

Places = Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Drive:
    """One road driven once by whoever leads.

    at: UTC seconds, never falling; along: metres from the road's begin, never falling; a stop is
    two instants at one place. stops: name → (arrival, departure).
    """

    road: Road
    at: Floats
    along: Floats
    stops: Mapping[str, tuple[float, float]]

    @property
    def ends(self) -> float:
        return float(self.at[-1])


def drive(name: str, departs: float, stops: Places, *, pace: float, wobble: float) -> Drive:
    """Drive a road. departs: UTC seconds. stops: named place → minutes.

    pace: 1 is as everybody drives. wobble: any number, another mood of the foot each.
    """
    way = road(name)
    line = way.line
    s = line.at
    speed = np.minimum(way.cruise * pace * _mood(s, wobble), _in_bends(line.lat, line.lon))
    ends = np.minimum(s, s[-1] - s)
    speed = np.minimum(speed, np.where(ends < _TOWN_M, _TOWN, np.inf))
    halts = [int(np.argmin(np.abs(s - way.marks[stop]))) for stop in stops]
    for i in (0, len(s) - 1, *halts):
        speed[i] = _CRAWL
    speed = _eased(s, speed)
    seconds = np.diff(s) / ((speed[1:] + speed[:-1]) / 2)
    at = departs + np.concatenate([[0.0], np.cumsum(seconds)])
    along = s
    told: dict[str, tuple[float, float]] = {}
    for n, (i, stop) in enumerate(sorted(zip(halts, stops, strict=True))):
        # n points were put in before this one: each stop is its place a second time
        begin, pause = float(at[i + n]), stops[stop] * 60.0
        at = np.concatenate([at[: i + n + 1], at[i + n :] + pause])
        along = np.insert(along, i + n, s[i])
        told[stop] = (begin, begin + pause)
    return Drive(way, at, along, told)


def _mood(s: Floats, wobble: float) -> Floats:
    waves = (0.025, 11_000.0), (0.018, 4_300.0), (0.012, 31_000.0)
    total = np.ones_like(s)
    for k, (height, length) in enumerate(waves):
        total += height * np.sin(2 * np.pi * s / length + wobble * (k + 1.7))
    return total


def _in_bends(lat: Floats, lon: Floats) -> Floats:
    """The speed at which bends push no more than passengers accept."""
    y = lat * 111_200.0
    x = lon * 111_300.0 * np.cos(np.radians(lat))
    dx, dy = np.gradient(x), np.gradient(y)
    bend = np.abs(dx * np.gradient(dy) - dy * np.gradient(dx)) / np.hypot(dx, dy) ** 3
    return np.asarray(np.sqrt(_SIDEWAYS / np.maximum(bend, 1e-4)), dtype=np.float64)


def _eased(s: Floats, speed: Floats) -> Floats:
    """Nobody brakes or starts harder than _BRAKE: v² grows by 2a a metre, both ways."""
    energy = speed**2 / (2 * _BRAKE)
    ahead = np.minimum.accumulate(energy - s) + s
    behind = np.minimum.accumulate((energy + s)[::-1])[::-1] - s
    return np.asarray(np.sqrt(2 * _BRAKE * np.minimum(ahead, behind)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Place:
    """A car's place in a convoy on one road: seconds behind the leader.

    at the begin, and passing each named place; in between it changes evenly. Where a car passes
    another it gets the smaller number.
    """

    behind: float = 0.0
    later: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorder:
    """every: seconds between points. late: seconds after departure it was switched on.

    before, after: seconds before departure and after arrival it runs. tunnel: names of two places between which it
    hears no satellite.
    """

    every: float = 10.0
    late: float = 0.0
    before: float = 150.0
    after: float = 240.0
    tunnel: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DayDriven:
    """One car's day. track: as recorded. events: place → (arrival, departure), UTC seconds; with
    "start" and "end". Passed places have one instant twice. along: place → metres driven."""

    track: Track
    events: Mapping[str, tuple[float, float]]
    along: Mapping[str, float]


def ride(
    stages: Sequence[tuple[Drive, Place]],
    rng: np.random.Generator,
    recorder: Recorder,
    slot: int,
    name: str,
) -> DayDriven:
    """One car's day: the roads it drove, one after another. slot: where it parks beside others."""
    at, lat, lon, ele, quiet = [], [], [], [], []
    events: dict[str, tuple[float, float]] = {}
    metres_to: dict[str, float] = {"start": 0.0}
    before = 0.0
    for driven, place in stages:
        marks = driven.road.marks
        knots = sorted([(0.0, place.behind), *((marks[k], v) for k, v in place.later.items())])
        behind = np.interp(driven.along, [k for k, _ in knots], [v for _, v in knots])
        line = driven.road.line
        when = driven.at + behind
        y, x = _parked_beside(driven, slot)
        at.append(when)
        lat.append(y)
        lon.append(x)
        ele.append(np.interp(driven.along, line.at, line.ele))
        mute = np.zeros(len(when), dtype=bool)
        if recorder.tunnel and recorder.tunnel[0] in marks and recorder.tunnel[1] in marks:
            enter, leave = (marks[end] for end in recorder.tunnel)
            mute = (driven.along > enter) & (driven.along < leave)
        quiet.append(mute)
        for mark, metres in marks.items():
            shift = float(np.interp(metres, [k for k, _ in knots], [v for _, v in knots]))
            passed = float(np.interp(metres, driven.along, driven.at))
            first, last = driven.stops.get(mark, (passed, passed))
            # where one road ends and the next begins, a car has come only once
            came = events.get(mark, (first + shift, 0.0))[0]
            events[mark] = (came, last + shift)
            metres_to.setdefault(mark, before + metres)
        before += line.length_m
    times = np.concatenate(at)
    events["start"] = (float(times[0]), float(times[0]))
    events["end"] = (float(times[-1]), float(times[-1]))
    metres_to["end"] = before
    # a few minutes standing at both ends, as recorders are switched on before and off after
    samples = np.arange(
        times[0] - recorder.before + recorder.late, times[-1] + recorder.after, recorder.every
    )
    samples = np.round(samples)
    silent = np.interp(samples, times, np.concatenate(quiet)) > 0.0
    samples = samples[~silent]
    segment = np.cumsum(np.concatenate([[0], np.diff(samples) > 5 * recorder.every]))
    track = _noisy(
        samples,
        *(np.interp(samples, times, np.concatenate(column)) for column in (lat, lon, ele)),
        segment=segment,
        rng=rng,
        name=name,
    )
    return DayDriven(track, events, metres_to)


def _parked_beside(driven: Drive, slot: int) -> tuple[Floats, Floats]:
    """The line of the road, left for a parking place at each stop and at both ends."""
    line = driven.road.line
    lat = np.interp(driven.along, line.at, line.lat)
    lon = np.interp(driven.along, line.at, line.lon)
    halts = [0.0, line.length_m, *(driven.road.marks[stop] for stop in driven.stops)]
    away = np.min(np.abs(driven.along[:, None] - np.array(halts)), axis=1)
    share = np.clip(1.0 - away / _RAMP_M, 0.0, 1.0)
    # cars side by side, 4 m apart; the same corner of the town for all of them
    north = (_BESIDE_M + 4.0 * slot) * share**2 * (3 - 2 * share)
    return lat + north / 111_200.0, lon + 0.4 * north / (111_300.0 * np.cos(np.radians(lat)))


def _noisy(
    time: Floats,
    lat: Floats,
    lon: Floats,
    ele: Floats,
    *,
    segment: np.typing.NDArray[np.int64],
    rng: np.random.Generator,
    name: str,
) -> Track:
    metres = np.hypot(np.gradient(lat) * 111_200.0, np.gradient(lon) * 86_000.0)
    standing = metres < 0.5
    size = np.where(standing, _PARKED_M, _NOISE_M)
    north, east, up = (_drifting(len(time), rng) for _ in range(3))
    return make_track(
        time,
        np.round(lat + north * size / 111_200.0, 6),
        np.round(lon + east * size / (111_300.0 * np.cos(np.radians(lat))), 6),
        np.round(ele + up * _HEIGHT_NOISE_M, 1),
        segment,
        name,
    )


def _drifting(n: int, rng: np.random.Generator) -> Floats:
    """n numbers of spread 1 that wander: errors of a receiver do not jump."""
    white = rng.random(n + _DRIFT) - 0.5
    # the mean of _DRIFT uniform numbers of variance 1/12
    steady = np.convolve(white, np.ones(_DRIFT), mode="valid")[:n] / np.sqrt(_DRIFT / 12)
    return np.asarray(0.9 * steady + 0.4 * white[:n] * np.sqrt(12) * 0.5, dtype=np.float64)
