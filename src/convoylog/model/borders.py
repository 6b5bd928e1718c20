"""Regions and zones a car came through, the borders between them, and the towns on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """A state or province. code: ISO 3166-2 or "". postal: short form (CO) or "".

    country_code: ISO 3166-1, two letters, or "".
    """

    country_code: str
    country: str
    code: str
    name: str
    postal: str = ""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A border passed, from one region (None: none, as at sea) to another.

    at: UTC seconds, None where it fell into a time not recorded: then between tells its bounds.
    lat, lon: degrees, on the straight way. error_m: how far that may be off the way driven; None
    where the way was recorded. speed_mps: over the border, 0 where unknown.
    """

    at: float | None
    between: tuple[float, float] | None
    lat: float
    lon: float
    from_region: Region | None
    to_region: Region | None
    error_m: float | None = None
    speed_mps: float = 0.0
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """From one crossing to the next. Stays tile a car's time and metres, first to last point.

    region: None outside of all, as at sea. known: False for a time not recorded over which the
    region changed; its metres are a straight line's.
    """

    region: Region | None
    from_at: float
    to_at: float
    distance_m: float
    known: bool = True


@dataclass(frozen=True, slots=True)
class Share:
    """What a car drove in one region, all stays together. distance_m, time_s: metres, seconds."""

    region: Region | None
    distance_m: float
    time_s: float
    known: bool = True


@dataclass(frozen=True, slots=True)
class ZoneStay:
    """How long a car was in one time zone. zone: IANA name. from_at, to_at: UTC seconds.

    The next begins where this one ends, or after a time not recorded.
    """

    zone: str
    from_at: float
    to_at: float


@dataclass(frozen=True, slots=True)
class Passed:
    """A town on the way. at: UTC seconds, when nearest. lat, lon: of its middle. people: or 0."""

    name: str
    at: float
    lat: float
    lon: float
    away_m: float
    people: int


def shares(stays: Iterable[Stay]) -> tuple[Share, ...]:
    """What was driven in each region, in order of first visit, what is not known last."""
    rows: dict[tuple[bool, Region | None], tuple[float, float]] = {}
    for stay in stays:
        metres, seconds = rows.get((stay.known, stay.region), (0.0, 0.0))
        key = (stay.known, stay.region)
        rows[key] = (metres + stay.distance_m, seconds + stay.to_at - stay.from_at)
    known = sorted(rows, key=lambda key: not key[0])
    return tuple(
        Share(region, rows[known, region][0], round(rows[known, region][1], 3), known)
        for known, region in known
    )
