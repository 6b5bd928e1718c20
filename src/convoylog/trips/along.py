"""What a car came through: regions with their metres and seconds, borders, time zones, towns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from convoylog import geo
from convoylog.model.borders import Crossing, Passed, Region, Stay, ZoneStay
from convoylog.model.trip import CarTrip
from convoylog.trips.crossings import Passage, find_looks, find_passages
from convoylog.trips.ground import Ground
from convoylog.trips.ledger import Ledger

#: towns are looked for along the way at steps of some hundred metres
_STEP_M = 500.0
#: places of a stay at which its depth is measured
_DEPTHS = 1000
#: towns told: at most some forty a car, and none nearer to a greater one than 15 km of way
_TOWNS, _APART_M = 40, 15_000.0


def with_places(trip: CarTrip, ledger: Ledger, ground: Ground) -> CarTrip:
    """The trip with what the car came through. Its stays tile the ledger's time and metres."""
    if not len(ledger.time):
        return trip
    looks = find_looks(ledger)
    first, passages = find_passages(ledger, ground.regions, looks)
    zone, changes = find_passages(ledger, ground.zones, looks)
    stays = _stays(ledger, ground, first, passages)
    visited = dict.fromkeys(stay.region for stay in stays if stay.region is not None)
    return replace(
        trip,
        regions=tuple((region.country_code, region.code, region.name) for region in visited),
        stays=stays,
        crossings=_crossings(ledger, ground, passages),
        zones=_zone_stays(ledger, ground, zone, changes),
        towns=find_towns(ledger, ground),
    )


def _crossings(
    ledger: Ledger, ground: Ground, passages: tuple[Passage, ...]
) -> tuple[Crossing, ...]:
    begins = [float(ledger.time[0]), *(passage.end for passage in passages)]
    ends = [*(passage.begin for passage in passages), float(ledger.time[-1])]
    found = []
    for k, p in enumerate(passages):
        sides = ((p.after, p.before, begins[k], ends[k]), (p.before, p.after, begins[k + 1], ends[k + 1]))  # fmt: skip
        seen = p.begin == p.end
        found.append(
            Crossing(
                p.begin if seen else None,
                None if seen else (p.begin, p.end),
                p.lat,
                p.lon,
                ground.regions.at(p.before),
                ground.regions.at(p.after),
                p.error_m,
                p.speed_mps,
                not all(_came_deep(ledger, ground, *side) for side in sides),
            )
        )
    return tuple(found)


def _came_deep(
    ledger: Ledger, ground: Ground, other: int, part: int, begin: float, end: float
) -> bool:
    """Whether a car was as far from another region as borders are right to, within some time."""
    if ground.scale_m is None:
        return True
    first, last = np.searchsorted(ledger.time, [begin, end])
    points = np.arange(max(first, 0), min(last + 1, len(ledger.time)))
    # the middle is mostly the deepest; else all are asked, of a long stay some
    for some in (points[[len(points) // 2]], points[:: max(1, len(points) // _DEPTHS)]):
        lon = ledger.lon[some] - 360.0 * round(float(ledger.lon[some[0]]) / 360.0)
        if ground.regions.clear_of(other, part, ledger.lat[some], lon, ground.scale_m).any():
            return True
    return False


def _stays(
    ledger: Ledger, ground: Ground, first: int, passages: tuple[Passage, ...]
) -> tuple[Stay, ...]:
    """The parts between passages, and those passages whose instant is not known."""
    begin, end = float(ledger.time[0]), float(ledger.time[-1])
    rows: list[tuple[Region | None, float, float, bool]] = []
    at, number = begin, first
    for passage in passages:
        rows.append((ground.regions.at(number), at, passage.begin, True))
        if passage.end > passage.begin:
            rows.append((None, passage.begin, passage.end, False))
        at, number = passage.end, passage.after
    rows.append((ground.regions.at(number), at, end, True))
    metres = ledger.metres_at([row[2] for row in rows])
    return tuple(
        Stay(region, since, until, float(driven), known)
        for (region, since, until, known), driven in zip(
            rows, np.diff(metres, prepend=0.0), strict=True
        )
    )


def _zone_stays(
    ledger: Ledger, ground: Ground, first: int, changes: tuple[Passage, ...]
) -> tuple[ZoneStay, ...]:
    begins = [float(ledger.time[0]), *(change.end for change in changes)]
    ends = [*(change.begin for change in changes), float(ledger.time[-1])]
    numbers = [first, *(change.after for change in changes)]
    rows = zip((ground.zones.at(n) for n in numbers), begins, ends, strict=True)
    return tuple(ZoneStay(name, since, until) for name, since, until in rows if name)


def find_towns(ledger: Ledger, ground: Ground) -> tuple[Passed, ...]:
    """The towns on the way worth telling, in order: great ones first chosen, then those between.

    A town is told unless a greater one is told within 15 km of way, or a fortieth of the whole.
    """
    metres = ledger.metres_at(ledger.time)
    steps = np.flatnonzero(np.diff(np.floor(metres / _STEP_M), prepend=-1.0))
    lat, lon = ledger.lat[steps], geo.wrapped(ledger.lon[steps])
    found = [
        (-people, float(ledger.time[steps[k]]), name, y, x, away, float(metres[steps[k]]))
        for name, y, x, people, k, away in ground.towns_along(lat, lon)
    ]
    apart = max(_APART_M, ledger.distance_m / _TOWNS)
    told: list[Passed] = []
    ways: list[float] = []
    for people, at, name, y, x, away, way in sorted(found):
        if all(abs(way - other) >= apart for other in ways):
            ways.append(way)
            told.append(Passed(name, at, y, x, away, -people))
    return tuple(sorted(told, key=lambda town: (town.at, town.name)))
