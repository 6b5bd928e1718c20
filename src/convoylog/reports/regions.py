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
