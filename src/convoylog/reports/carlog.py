"""The cars' logs in words: what they took, cost and showed. One line a car, for those that wrote one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from convoylog.model.carlog import CarLog
from convoylog.reports.words import UNKNOWN, Words


@dataclass(frozen=True, slots=True)
class LogLine:
    """car: its name. fuel: what went in. used: consumption from full to full. spent: by currency. odometer: its
    metres beside the track's. What nobody wrote down is a dash."""

    car: str
    fuel: str
    used: str
    spent: str
    odometer: str


def log_lines(logs: Iterable[tuple[str, CarLog]], words: Words) -> tuple[LogLine, ...]:
    """A line for every car that wrote anything of its log. logs: with the cars' names."""
    return tuple(
        LogLine(
            name, _fuel(log, words), _used(log, words), _spent(log, words), _odometer(log, words)
        )
        for name, log in logs
        if log.fills or log.paid or log.compared
    )


def _fuel(log: CarLog, words: Words) -> str:
    parts = [words.fuel(number, unit) for unit, number in log.filled.items()]
    return words.joined(parts) or UNKNOWN


def _used(log: CarLog, words: Words) -> str:
    used = {unit: log.per_100km(unit) for unit in log.filled}
    parts = [words.consumption(each, unit) for unit, each in used.items() if each]
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
