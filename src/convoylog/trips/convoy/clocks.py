"""Hints that a clock is wrong. Never applied: a person knows, we guess."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from convoylog.model.trip import CarTrip
from convoylog.trips.convoy.together import Side

HALF_HOUR_S, NEAR_S, MEDIAN_S = 1800.0, 60.0, 120.0
#: weeks of GPS are counted to 1024 and begin anew: an old receiver is wrong by so many days
ROLLOVER_S = 7168 * 86_400.0
#: recordings of one trip lie so near each other
FIT_S = 30 * 86_400.0
#: nobody kept a convoy's log by GPS before 2005
EARLIEST = datetime(2005, 1, 1, tzinfo=UTC).timestamp()
DAY_S = 86_400.0


def half_hours(side: Side) -> int:
    """By how many half-hours the second car seems to follow the first; 0 without evidence.

    Never together, yet over half the time one passes where the other was just so much earlier.
    """
    if not len(side.tick) or len(side.episodes):
        return 0
    gap = side.gap[~np.isnan(side.gap)]
    if 2 * len(gap) <= len(side.gap):
        return 0
    k = round(float(np.median(gap)) / HALF_HOUR_S)
    off = np.abs(gap - k * HALF_HOUR_S)
    near = int((off <= NEAR_S).sum())
    if k == 0 or 2 * near <= len(side.gap) or float(np.median(off)) >= MEDIAN_S:
        return 0
    return k


def hour_hint(a: str, b: str, halves: int) -> str:
    """The hint in words. halves: as `half_hours` tells."""
    first, last = (a, b) if halves > 0 else (b, a)
    hours = abs(halves) / 2
    told = f"{hours:g} hour" + ("" if hours == 1 else "s")
    return (
        f"{last} is never with {first}, but passes everywhere {told} after: "
        f"is one of their clocks wrong by {told}?"
    )


def date_hints(cars: Sequence[CarTrip], now: float | None) -> list[str]:
    """Cars whose dates cannot be. now: UTC seconds; without it nothing is after tomorrow."""
    hints = []
    spans = [(c.from_at, c.to_at) for c in cars]
    for number, car in enumerate(cars):
        begin, end = spans[number]
        if begin is None or end is None:
            continue
        name = car.car.name
        others = [
            (b, e)
            for n, (b, e) in enumerate(spans)
            if n != number and b is not None and e is not None
        ]
        if _none_near(begin, end, others) and not _none_near(
            begin + ROLLOVER_S, end + ROLLOVER_S, others
        ):
            hints.append(
                f"{name}'s dates fit the others only 7168 days later: "
                "its receiver counts the weeks of GPS from the wrong beginning"
            )
        elif begin < EARLIEST:
            hints.append(f"{name} has recordings from before 2005: was its clock not set?")
        if now is not None and end > now + DAY_S:
            hints.append(f"{name} has recordings from after tomorrow: is its clock wrong?")
    return hints


def _none_near(begin: float, end: float, others: list[tuple[float, float]]) -> bool:
    """There are others, and none lies within a month."""
    return bool(others) and all(b > end + FIT_S or e < begin - FIT_S for b, e in others)
