"""When a car's odometer showed a number: along its track, from readings whose time is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convoylog.trips.instants import moment
from convoylog.trips.ledger import Ledger

#: odometers may be wrong by so much (UNECE Regulation 39, 2018: ±4 %)
ODOMETER = 0.04
#: the same odometer against the same receiver, once both were compared over `COMPARED_M`
COMPARED = 0.005
COMPARED_M = 20_000.0
#: roads are longer than the straight line over a hole: by 0.2 in the USA, 0.3 to 0.5 in Europe
#: (Ballou, Rahardja and Sakai 2002)
DETOUR = 0.3
#: odometer and track further apart than this tell of a hole, a tow or a slip of the hand
PLAUSIBLE = (0.85, 1.2)
#: an instant less sure than this puts no clock right
USEFUL_S = 7200.0


@dataclass(frozen=True, slots=True)
class Reading:
    """An odometer read at a known instant. metres: as shown. step_m: its last digit, in metres."""

    at: float
    metres: float
    step_m: float
    said: str


@dataclass(frozen=True, slots=True)
class Found:
    """at: UTC seconds, None if not to be told, and why. error_s: how wrong it may be."""

    at: float | None
    error_s: float = 0.0
    why: str = ""
    evidence: tuple[str, ...] = ()


def when_shown(ledger: Ledger, readings: Sequence[Reading], metres: float, step_m: float) -> Found:
    """The instant at which the odometer showed `metres`.

    Between two readings the odometer is laid along the track between them; else the track's own
    metres are counted from the nearest one. An odometer shows what it has passed: the last digit
    counts half, and half is unsure.
    """
    if not len(ledger.odometer_at):
        return Found(None, why="the car has no track with times")
    known = sorted(readings, key=lambda reading: (reading.metres, reading.at))
    if not known:
        return Found(None, why="no odometer reading of this car has a known time")
    shown = metres + step_m / 2
    values = [reading.metres + reading.step_m / 2 for reading in known]
    track = [float(ledger.metres_at(reading.at)) for reading in known]
    right = int(np.searchsorted(values, shown))
    if 0 < right < len(known) and values[right] > values[right - 1]:
        a, b = right - 1, right
        scale = (track[b] - track[a]) / (values[b] - values[a])
        if not PLAUSIBLE[0] <= scale <= PLAUSIBLE[1]:
            told = f"{known[a].said} and {known[b].said}"
            return Found(None, why=f"the track has {scale:.2f} km for each km between {told}")
        place = track[a] + (shown - values[a]) * scale
        unsure = scale * (step_m + max(known[a].step_m, known[b].step_m)) / 2
        said = (
            f"between {known[a].said} and {known[b].said}, where the track has {scale:.4f} km a km"
        )
    else:
        k = min(range(len(known)), key=lambda k: abs(values[k] - shown))
        scale, share = _scale(values, track)
        way = (shown - values[k]) * scale
        place = track[k] + way
        unsure = (step_m + known[k].step_m) / 2 + share * abs(way)
        unsure += DETOUR * _unrecorded(ledger, *sorted((track[k], place)))
        said = f"{abs(way) / 1000:.1f} km {'after' if way >= 0 else 'before'} {known[k].said}"
    return _instant(ledger, place, unsure, said)


def _scale(values: list[float], track: list[float]) -> tuple[float, float]:
    """Track metres for each metre of the odometer, and how wrong that may be."""
    way = values[-1] - values[0]
    if way >= COMPARED_M:
        scale = (track[-1] - track[0]) / way
        if PLAUSIBLE[0] <= scale <= PLAUSIBLE[1]:
            return scale, COMPARED
    return 1.0, ODOMETER


def _unrecorded(ledger: Ledger, begin: float, end: float) -> float:
    """Metres over holes between two places of the track's own odometer."""
    at = ledger.metres_at(ledger.time)
    inside = ledger.hole & (at[1:] > begin) & (at[:-1] < end)
    return float(ledger.hop_m[inside].sum())


def _instant(ledger: Ledger, place: float, unsure: float, said: str) -> Found:
    total = ledger.distance_m
    if place < -unsure or place > total + unsure:
        over, which = (
            (-place, "before the begin") if place < 0 else (place - total, "after the end")
        )
        return Found(
            None, why=f"that is {over / 1000:.1f} km {which} of the car's track", evidence=(said,)
        )
    low, high = max(0.0, place - unsure), min(total, place + unsure)
    begin, end = _reached(ledger, low, first=True), _reached(ledger, high, first=False)
    error = (end - begin) / 2
    evidence = (said, f"between {moment(begin)} and {moment(end)}, ±{unsure:.0f} m of the odometer")
    if error > USEFUL_S:
        return Found(
            None, error, f"the car was there from {moment(begin)} to {moment(end)}", evidence
        )
    return Found((begin + end) / 2, error, "", evidence)


def _reached(ledger: Ledger, metres: float, *, first: bool) -> float:
    """The first or last instant at which the track's own odometer stood so."""
    at, way = ledger.odometer_at, ledger.odometer_m
    if first:
        k = int(np.searchsorted(way, metres, side="left"))
        if k == 0 or way[min(k, len(way) - 1)] == metres:
            return float(at[min(k, len(at) - 1)])
        k = min(k, len(way) - 1)
    else:
        k = int(np.searchsorted(way, metres, side="right"))
        if k == len(way) or way[max(k - 1, 0)] == metres:
            return float(at[max(k - 1, 0)])
    f = (metres - way[k - 1]) / (way[k] - way[k - 1])
    return float(at[k - 1] + f * (at[k] - at[k - 1]))
