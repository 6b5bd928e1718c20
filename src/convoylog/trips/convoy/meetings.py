"""Where cars waited for each other, and how they found together from their several cities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from convoylog import geo
from convoylog.model.convoy import Converged, ConvoyRules, Group, Rendezvous
from convoylog.model.tracks import take
from convoylog.model.trip import CarTrip, Stop
from convoylog.trips.ledger import keep_ledger


def find_rendezvous(cars: Sequence[CarTrip], rules: ConvoyRules) -> tuple[Rendezvous, ...]:
    """Stops of two or more cars at one place and time, as many cars at once as there were.

    For every arrival: who stood there already and stayed. A smaller company that is part of a
    larger one is told there.
    """
    stops = sorted(
        ((stop, number) for number, car in enumerate(cars) for stop in car.stops),
        key=lambda row: (row[0].from_at, row[1]),
    )
    companies: list[tuple[tuple[Stop, int], ...]] = []
    there: list[tuple[Stop, int]] = []
    for last in stops:
        since = last[0].from_at + rules.meet_s
        there = [row for row in there if row[0].to_at >= since]
        company = [last] if last[0].to_at >= since else []
        for row in reversed(there):
            if company and all(
                row[1] != other[1] and _apart_m(row[0], other[0]) <= rules.meet_m
                for other in company
            ):
                company.append(row)
        if len(company) > 1:
            companies.append(tuple(company))
        there.append(last)
    sets = [frozenset((number, stop.from_at) for stop, number in c) for c in companies]
    whole = [
        c for c, s in zip(companies, sets, strict=True) if not any(s < other for other in sets)
    ]
    return tuple(_met(cars, company) for company in whole)


def _apart_m(a: Stop, b: Stop) -> float:
    return geo.distance_m(a.lat, a.lon, b.lat, b.lon)


def _met(cars: Sequence[CarTrip], company: tuple[tuple[Stop, int], ...]) -> Rendezvous:
    rows = sorted(company, key=lambda row: row[1])
    last = max(stop.from_at for stop, _ in rows)
    leaves = min(stop.to_at for stop, _ in rows)
    lon = geo.unwrapped(np.array([stop.lon for stop, _ in rows]))
    return Rendezvous(
        last,
        leaves,
        tuple(cars[number].car.id for _, number in rows),
        float(np.median([stop.lat for stop, _ in rows])),
        float(geo.wrapped(np.array([np.median(lon)]))[0]),
        {cars[number].car.id: last - stop.from_at for stop, number in rows},
    )


def find_convergence(cars: Sequence[CarTrip], groups: Sequence[Group]) -> tuple[Converged, ...]:
    """For every car that ever found another: what it drove alone before, by the ledger."""
    found = []
    for car in cars:
        first = next((g for g in groups if len(g.cars) > 1 and car.car.id in g.cars), None)
        if first is None or car.from_at is None:
            continue
        # a tick may lie a few seconds before the car's first point
        at = max(first.from_at, car.from_at)
        time = car.track.time
        upto = take(car.track, np.arange(len(time)) <= np.searchsorted(time, at))
        ledger = keep_ledger(upto)
        y, x = ledger.position_at([at])
        found.append(
            Converged(
                car.car.id,
                ledger.metres_between(car.from_at, at),
                at - car.from_at,
                at,
                tuple(other for other in first.cars if other != car.car.id),
                float(y[0]),
                float(geo.wrapped(x)[0]),
            )
        )
    return tuple(sorted(found, key=lambda row: (row.joined_at, row.car)))
