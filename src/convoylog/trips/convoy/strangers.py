"""Cars of different logbooks that were near each other, though nobody ever merged their logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from convoylog.model.convoy import Convoy, ConvoyRules, Pair, Passing
from convoylog.model.tracks import Track
from convoylog.model.trip import CarTrip
from convoylog.trips.convoy import find_convoy
from convoylog.trips.ground import Ground

#: degrees around a car's box: a kilometre, twice what counts as near
_AROUND = 0.01


@dataclass(frozen=True, slots=True)
class Reach:
    """When and where a car was at all: UTC seconds, degrees. Tells which cars need a closer look."""

    car: str
    from_at: float
    to_at: float
    south: float
    north: float
    west: float
    east: float

    def could_meet(self, other: Reach) -> bool:
        """False only where the two were never within a kilometre at one time."""
        return (
            self.from_at <= other.to_at
            and other.from_at <= self.to_at
            and self.south - _AROUND <= other.north
            and other.south - _AROUND <= self.north
            # towards the poles a kilometre is more degrees; there the latitudes must tell
            and self.west - 3 * _AROUND <= other.east
            and other.west - 3 * _AROUND <= self.east
        )


def reach_of(car: CarTrip) -> Reach | None:
    """None for a car without any instant."""
    track = car.track
    if car.from_at is None or car.to_at is None or not len(track):
        return None
    return Reach(
        car.car.id, car.from_at, car.to_at,
        float(track.lat.min()), float(track.lat.max()),
        float(track.lon.min()), float(track.lon.max()),
    )  # fmt: skip


def find_passings(
    ours: Sequence[CarTrip],
    theirs: Sequence[CarTrip],
    rules: ConvoyRules | None = None,
    *,
    ground: Ground | None = None,
) -> tuple[Passing, ...]:
    """Every two cars, one of each logbook, that drove together, stopped together or passed nearby.

    By the same analysis as within a logbook. In order of time. ground: to name the places.
    """
    rules = rules or ConvoyRules()
    reaches = {car.car.id: reach_of(car) for car in (*ours, *theirs)}
    wanted = {
        (a.car.id, b.car.id)
        for a in ours
        for b in theirs
        if (one := reaches[a.car.id]) and (two := reaches[b.car.id]) and one.could_meet(two)
    }
    ids = {car for pair in wanted for car in pair}
    cars = {car.car.id: car for car in (*ours, *theirs) if car.car.id in ids}
    convoy = find_convoy(tuple(cars.values()), rules, routes=False)
    rows = [
        _passing(pair, convoy, cars[pair.a].track, rules)
        for pair in convoy.pairs
        if (pair.a, pair.b) in wanted or (pair.b, pair.a) in wanted
    ]
    found = sorted((row for row in rows if row is not None), key=lambda r: (r.at, r.a, r.b))
    return tuple(found if ground is None else (_named(row, ground) for row in found))


def _passing(pair: Pair, convoy: Convoy, track: Track, rules: ConvoyRules) -> Passing | None:
    """track: of the pair's first car, which tells where it was."""
    met = [row for row in convoy.rendezvous if {pair.a, pair.b} <= set(row.cars)]
    starts = [row.from_at for row in met] + [row.from_at for row in pair.episodes]
    if pair.closest and pair.closest.distance_m <= rules.near_m:
        starts = starts or [pair.closest.at]
    if not starts:
        return None
    at = min(starts)
    return Passing(
        pair.a,
        pair.b,
        at,
        float(np.interp(at, track.time, track.lat)),
        float(np.interp(at, track.time, track.lon)),
        together_s=pair.together_s,
        stood_s=sum(row.to_at - row.from_at for row in met),
        closest_m=pair.closest.distance_m if pair.closest else None,
    )


def _named(row: Passing, ground: Ground) -> Passing:
    place = ground.stop_name(row.lat, row.lon) or ground.end_name(row.lat, row.lon)
    return replace(row, place=place, zone=ground.zone_at(row.lat, row.lon))
