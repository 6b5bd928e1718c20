"""What a car did minute by minute: height, speed, kilometres; for charts and read-outs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convoylog import geo
from convoylog.model.tracks import Floats
from convoylog.model.trip import CarTrip
from convoylog.reports.draw.axis import Axis
from convoylog.reports.draw.pieces import HOLE_S, broken

#: seconds over which a speed is a mean
_SPEED_S = 60.0
#: slower is a fix that wanders about a parked car
_CREEP_MPS = 1.0
#: samples of all cars and days together: some 30 kB in the page
MOST = 9000


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Columns for one car on one axis day. time: UTC seconds, step apart. NaN: not known.

    height: metres. speed: m/s. metres: driven since the car's first point.
    """

    time: Floats
    height: Floats
    speed: Floats
    metres: Floats


def step_of(axis: Axis, cars: int) -> float:
    """Seconds between samples: a minute, or as many as the page can hold."""
    minutes = sum(day.end - day.begin for day in axis.days) / 60.0 * max(cars, 1)
    return 60.0 * max(1, int(np.ceil(minutes / MOST)))


def series_of(trip: CarTrip, axis: Axis, step: float) -> list[Series]:
    """The series of each axis day on which the car recorded anything."""
    t = trip.track
    if not len(t):
        return []
    hops = geo.hops_m(t.lat, t.lon)
    metres = np.concatenate([[0.0], np.cumsum(hops)])
    if metres[-1] > 0 and trip.distance_m > 0:
        # a parked car's wandering counts here and not in the account, which is right
        metres *= trip.distance_m / metres[-1]
    cuts = broken(t.time, t.segment, trip.car)
    found = []
    for day in axis.days:
        time = np.arange(day.begin, day.end + step, step)
        known = _known(time, t.time, cuts)
        if not known.any():
            continue
        driven = np.interp(time, t.time, metres)
        half = max(step, _SPEED_S) / 2
        ahead, behind = (np.interp(time + d, t.time, metres) for d in (half, -half))
        speed = np.maximum(ahead - behind, 0) / (2 * half)
        speed[speed < _CREEP_MPS] = 0
        height = _heights(time, t.time, t.ele)
        first, last = np.flatnonzero(known)[[0, -1]]
        rows = [np.where(known, row, np.nan)[first : last + 1] for row in (height, speed, driven)]
        found.append(Series(time[first : last + 1], *rows))
    return found


def _known(time: Floats, recorded: Floats, broken: np.ndarray) -> np.ndarray:
    """Whether each instant lies between two points without a hole."""
    after = np.searchsorted(recorded, time, side="right")
    inside = (after > 0) & (after < len(recorded))
    at_end = (after == len(recorded)) & (time <= recorded[-1])
    hop = np.clip(after - 1, 0, max(len(recorded) - 2, 0))
    whole = ~broken[hop] if len(broken) else np.ones(len(time), dtype=bool)
    return np.asarray((inside & whole) | at_end)


def _heights(time: Floats, recorded: Floats, ele: Floats) -> Floats:
    known = np.isfinite(ele)
    if not known.any():
        return np.full(len(time), np.nan)
    height = np.interp(time, recorded[known], ele[known])
    # a height more than ten minutes away tells nothing
    away = np.abs(
        time - recorded[known][np.clip(np.searchsorted(recorded[known], time), 0, known.sum() - 1)]
    )
    before = np.abs(
        time - recorded[known][np.clip(np.searchsorted(recorded[known], time) - 1, 0, None)]
    )
    return np.where(np.minimum(away, before) <= HOLE_S, height, np.nan)
