"""The cars' logs in words: what they took, cost and showed. One line a car, for those that wrote one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from convoylog.model.carlog import CarLog, mpg
from convoylog.reports import words


@dataclass(frozen=True, slots=True)
class LogLine:
    """car: its name. fuel: what went in. used: consumption from full to full. spent: by currency. odometer: its
    metres beside the track's. What nobody wrote down is a dash."""

    car: str
    fuel: str
    used: str
    spent: str
    odometer: str


def log_lines(logs: Iterable[tuple[str, CarLog]]) -> tuple[LogLine, ...]:
    """A line for every car that wrote anything of its log. logs: with the cars' names."""
    return tuple(
        LogLine(name, _fuel(log), _used(log), _spent(log), _odometer(log))
        for name, log in logs
        if log.fills or log.paid or log.compared
    )


def _fuel(log: CarLog) -> str:
    parts = [f"{number:,.1f} {unit}" for unit, number in log.filled.items()]
    return " and ".join(parts) or words.UNKNOWN


def _used(log: CarLog) -> str:
    parts = []
    for unit in log.filled:
        used = log.per_100km(unit)
        if used is not None:
            gallons = f" ({mpg(used):.0f} mpg US)" if unit == "l" else ""
            parts.append(f"{used:.1f} {unit}/100 km{gallons}")
    return ", ".join(parts) or words.UNKNOWN


def _spent(log: CarLog) -> str:
    return ", ".join(f"{n:,f} {currency}" for currency, n in log.spent().items()) or words.UNKNOWN


def _odometer(log: CarLog) -> str:
    rows = [row for row in log.compared if row.track_m is not None and row.verdict != "falls"]
    if not rows:
        return words.UNKNOWN
    shown = sum(row.odometer_m for row in rows)
    track = sum(row.track_m or 0.0 for row in rows)
    return f"{words.distance_km(shown)}, the track {words.distance_km(track)}"
