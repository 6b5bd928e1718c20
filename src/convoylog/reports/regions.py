"""States and countries the cars came through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convoylog.reports.cast import Cast


@dataclass(frozen=True, slots=True)
class Visited:
    """A state or country crossed. code: ISO 3166-2 or the country's. cars: whose tracks touch it.

    at: UTC seconds when the first of them came there, None where that is not known; by: its id.
    """

    country_code: str
    code: str
    name: str
    cars: tuple[Cast, ...]
    at: float | None = None
    by: str = ""


#: outlines that are looked at one by one: four rows of a desk, three of paper
_OUTLINES = 24


@dataclass(frozen=True, slots=True)
class Land:
    """A country in words. code: ISO 3166-1. visited: its regions. cars: whose tracks touch it."""

    code: str
    visited: tuple[Visited, ...]
    cars: tuple[Cast, ...]

    @property
    def parts(self) -> tuple[Visited, ...]:
        """What of it has a name of its own."""
        return tuple(visit for visit in self.visited if visit.code != self.code)


def lands_of(visited: Sequence[Visited]) -> tuple[Land, ...]:
    """Countries in the order anybody first came there, where several hold more regions than outlines
    tell apart; else none."""
    rows: dict[str, list[Visited]] = {}
    for visit in visited:
        rows.setdefault(visit.country_code, []).append(visit)
    if len(rows) < 2 or len(visited) <= _OUTLINES:
        return ()
    return tuple(
        Land(
            code,
            tuple(visits),
            tuple({car.id: car for visit in visits for car in visit.cars}.values()),
        )
        for code, visits in rows.items()
    )


def visited_by(cast: Sequence[Cast]) -> tuple[Visited, ...]:
    """States crossed, in the order anybody first came there."""
    rows: dict[tuple[str, str, str], list[Cast]] = {}
    came: dict[tuple[str, str, str], tuple[float, str]] = {}
    for member in cast:
        for region in member.trip.regions:
            rows.setdefault(region, []).append(member)
        for stay in member.trip.stays:
            if (r := stay.region) is not None:
                region = (r.country_code, r.code, r.name)
                began = (stay.from_at, member.id)
                came[region] = min(came.get(region, began), began)
    return tuple(
        Visited(*region, tuple(cars), *came.get(region, (None, "")))
        for region, cars in rows.items()
    )
