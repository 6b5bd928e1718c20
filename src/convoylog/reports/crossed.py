"""Borders passed, in words: when, who, from where to where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convoylog.model.borders import Crossing, Region
from convoylog.model.clocks import local_time
from convoylog.model.trip import CarTrip
from convoylog.places import zones
from convoylog.reports.words import UNKNOWN, Words


@dataclass(frozen=True, slots=True)
class CrossingLine:
    """car: its id. at: UTC seconds. day: ISO, local. clock: local time, or the two it lies between;
    "" if hidden.

    left, entered: regions, "" where there is none, as at sea.
    """

    car: str
    at: float
    day: str
    clock: str
    left: str
    entered: str


def crossing_lines(
    cars: Sequence[CarTrip], words: Words, *, hide_times: bool = False
) -> tuple[CrossingLine, ...]:
    """A line for every border any car passed, in order of time."""
    rows = [(_begin(crossing), car.car.id, crossing) for car in cars for crossing in car.crossings]
    rows.sort(key=lambda row: row[:2])
    return tuple(
        CrossingLine(
            car,
            begin,
            _local(crossing, begin)[0],
            "" if hide_times else _clock(crossing),
            _name(crossing.from_region, crossing.to_region, words),
            _name(crossing.to_region, crossing.from_region, words),
        )
        for begin, car, crossing in rows
    )


def days_of(
    rows: Sequence[CrossingLine], cars: Sequence[str]
) -> tuple[tuple[tuple[CrossingLine, ...], ...], ...]:
    """What each car passed on each day: cars in their own order, their days in order of time."""
    found: dict[str, dict[str, list[CrossingLine]]] = {car: {} for car in cars}
    for row in rows:
        found[row.car].setdefault(row.day, []).append(row)
    return tuple(tuple(tuple(day) for day in days.values()) for days in found.values() if days)


def _begin(crossing: Crossing) -> float:
    if crossing.at is not None:
        return crossing.at
    return crossing.between[0] if crossing.between else 0.0


def _clock(crossing: Crossing) -> str:
    if crossing.at is not None:
        return _local(crossing, crossing.at)[1]
    if crossing.between is None:
        return UNKNOWN
    return "–".join(_local(crossing, at)[1] for at in crossing.between)


def _local(crossing: Crossing, at: float) -> tuple[str, str]:
    """(ISO date, clock) at the border."""
    local = local_time(at, zones.zone_at(crossing.lat, crossing.lon))
    if local is None:
        return "", UNKNOWN
    return f"{local:%Y-%m-%d}", f"{local:%H:%M}"


def _name(region: Region | None, other: Region | None, words: Words) -> str:
    """A region's name; with its country where the other side is another."""
    if region is None:
        return ""
    abroad = other is not None and other.country_code != region.country_code
    country = words.country(region.country_code, region.country)
    return f"{region.name}, {country}" if abroad and country else region.name
