"""The cars' logs in words: what they took, cost and showed. One line a car, for those that wrote one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from convoylog.model.amounts import Gallon
from convoylog.model.carlog import CarLog
from convoylog.reports.words import UNKNOWN, Words


@dataclass(frozen=True, slots=True)
class LogLine:
    """car: its id. fuel: what went in. used: consumption from full to full. spent: by currency. odometer: its
    metres beside the track's. What nobody wrote down is a dash."""

    car: str
    fuel: str
    used: str
    spent: str
    odometer: str


def log_lines(logs: Iterable[tuple[str, CarLog]], words: Words) -> tuple[LogLine, ...]:
    """A line for every car that wrote anything of its log. logs: with the cars' ids.

    All in one kind of gallon: the one that was typed, if it is one.
    """
    wrote = [(car, log) for car, log in logs if log.fills or log.paid or log.compared]
    typed = {gallon for _, log in wrote for gallon in log.gallons}
    gallon = typed.pop() if len(typed) == 1 else words.gallon
    return tuple(
        LogLine(
            car,
            words.fuel(log.typed, gallon),
            _used(log, words, gallon),
            _spent(log, words),
            _odometer(log, words),
        )
        for car, log in wrote
    )


def _used(log: CarLog, words: Words, gallon: Gallon) -> str:
    used = {unit: log.per_100km(unit) for unit in log.filled}
    parts = [words.consumption(each, unit, gallon) for unit, each in used.items() if each]
    return ", ".join(parts) or UNKNOWN


def _spent(log: CarLog, words: Words) -> str:
    parts = [f"{words.written(n)} {currency}" for currency, n in log.spent().items()]
    return ", ".join(parts) or UNKNOWN


def _odometer(log: CarLog, words: Words) -> str:
    rows = [row for row in log.compared if row.track_m is not None and row.verdict != "falls"]
    if not rows:
        return UNKNOWN
    return words.say(
        "odometer_beside",
        shown=words.distance(sum(row.odometer_m for row in rows)),
        track=words.distance(sum(row.track_m or 0.0 for row in rows)),
    )
