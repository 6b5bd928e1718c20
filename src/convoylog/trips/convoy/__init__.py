"""Who drove with whom, worked out of the cars' tracks.

Metres at one instant say little about a convoy: a column is kilometres long, oncoming cars are
near. As with cameras for number plates we ask for the same place within a window of time.

The modules, each a step: `ways` (columns, ticks), `cells` and `places` (where each car passed, filed
by cell), `straights` (where the way is straight), `asked` and `visits` (the lag at every tick;
`passing`: its short cuts), `together` (gap, episodes), `groups`, `overtakes`, `nearest`, `meetings`,
`clocks`, `routes` (the same road on any day).

**Slices.** Nothing here looks further back than look_back_s or needs more than one pair at once. A
fleet is cut into slices of time (6 h, each with the look_back_s before it), its places filed by
(cell, time); pairs to compare are those that share a cell within a slice, so no table of all pairs
exists. `side_by_side` of a pair in a slice gives ticks, gaps and raw company; these columns joined
over slices go through `find_episodes`, `find_spans`, `tell_groups` whole.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import TypeVar

import numpy as np

from convoylog.model.convoy import (
    Converged,
    Convoy,
    ConvoyRules,
    Episode,
    Event,
    Overtake,
    Pair,
    Rendezvous,
)
from convoylog.model.trip import CarTrip, Trip
from convoylog.trips.convoy.asked import ask
from convoylog.trips.convoy.clocks import date_hints, half_hours, hour_hint
from convoylog.trips.convoy.groups import find_spans, tell_events, tell_groups
from convoylog.trips.convoy.meetings import find_convergence, find_rendezvous
from convoylog.trips.convoy.nearest import find_closest, strays_m
from convoylog.trips.convoy.overtakes import find_overtakes
from convoylog.trips.convoy.places import find_places
from convoylog.trips.convoy.together import (
    Seen,
    Side,
    is_moving,
    lead_seconds,
    side_by_side,
    sides,
    spread,
    within,
)
from convoylog.trips.convoy.ways import make_way
from convoylog.trips.ground import Ground

#: a window that leaves nothing out
ALWAYS = (-math.inf, math.inf)
#: a year without a break is a broken clock, and each tick costs memory
LONGEST_S = 366 * 86_400.0
#: what happened at one place
Met = TypeVar("Met", Event, Rendezvous, Converged)

__all__ = ["convoy_of", "find_convoy", "see", "side_by_side"]


def find_convoy(
    cars: Sequence[CarTrip],
    rules: ConvoyRules | None = None,
    *,
    ground: Ground | None = None,
    now: float | None = None,
    routes: bool = True,
    closest: bool = True,
    window: tuple[float, float] | None = None,
) -> Convoy:
    """The account of the cars' company.

    cars: worked out, in the order of the logbook. ground: to name places and zones; without it they
    stay "". now: UTC seconds, to see dates that lie ahead. routes: whether to compare whole ways,
    which takes two or three times as long again. closest: whether to seek how near two cars came at
    one instant, which the page of a trip does not tell. window: only what happened between two
    instants is told, judged by all that is known.
    """
    rules = rules or ConvoyRules()
    first, stop = _ticks_of(window, rules)
    ids = [car.car.id for car in cars]
    known = [number for number, car in enumerate(cars) if 0.0 < _known_s(car) <= LONGEST_S]
    seen = {number: see(cars[number], rules) for number in known}
    strays = {number: strays_m(seen[number].way, rules) for number in known} if closest else {}
    compared = sides(seen, rules)
    if window is not None:
        compared = {pair: within(side, first, stop) for pair, side in compared.items()}
    pairs = []
    warnings = date_hints(cars, now)
    warnings += [
        f"{car.car.name} is known for over a year: too long to compare with others"
        for car in cars
        if _known_s(car) > LONGEST_S
    ]
    for a, b in combinations(range(len(cars)), 2):
        pair = Pair(ids[a], ids[b])
        if (a, b) in compared:
            side = compared[a, b]
            pair = _pair(pair, (seen[a], seen[b]), side, rules)
            if closest:
                near = find_closest(
                    seen[a].way, seen[b].way, (strays[a], strays[b]), side, rules, window or ALWAYS
                )
                pair = replace(pair, closest=near)
            halves = half_hours(side)
            if halves:
                warnings.append(hour_hint(cars[a].car.name, cars[b].car.name, halves))
        pairs.append(pair)
    # the rest knows cars by their place among those with data
    rank = {number: place for place, number in enumerate(known)}
    company = [seen[number] for number in known]
    numbered = {(rank[a], rank[b]): side for (a, b), side in compared.items()}
    spans, changes = find_spans(company, numbered, first, stop)
    names = [ids[number] for number in known]
    groups = tell_groups(company, names, numbered, spans, rules)
    convoy = Convoy(
        tuple(pairs),
        groups,
        tell_events(company, names, numbered, changes, rules),
        tuple(r for r in find_rendezvous(cars, rules) if _meets((r.from_at, r.to_at), window)),
        find_convergence(cars, groups) if window is None else (),
        tuple(warnings),
        rules,
    )
    if routes:
        from convoylog.trips.convoy.routes import find_same_routes

        shared = find_same_routes(cars, window)
        convoy = replace(
            convoy, pairs=tuple(replace(p, same_route=shared.get((p.a, p.b))) for p in pairs)
        )
    return convoy if ground is None else _named(convoy, ground)


def convoy_of(
    trip: Trip,
    *,
    ground: Ground | None = None,
    now: float | None = None,
    routes: bool = True,
    closest: bool = True,
    window: tuple[float, float] | None = None,
) -> Convoy:
    """The company of a trip's cars by the logbook's own rules, with the names of places.

    ground, now, routes, closest, window: as for `find_convoy`.
    """
    if ground is None:
        from convoylog.trips.packed import PackedGround

        ground = PackedGround()
    return find_convoy(
        trip.cars,
        trip.convoy_rules,
        ground=ground,
        now=now,
        routes=routes,
        closest=closest,
        window=window,
    )


def _ticks_of(window: tuple[float, float] | None, rules: ConvoyRules) -> tuple[int, int]:
    """The ticks in a window, the end excluded."""
    if window is None:
        return -(2**62), 2**62
    return math.ceil(window[0] / rules.tick_s), math.ceil(window[1] / rules.tick_s)


def _meets(span: tuple[float, float], window: tuple[float, float] | None) -> bool:
    return window is None or (span[0] < window[1] and span[1] > window[0])


def see(car: CarTrip, rules: ConvoyRules) -> Seen:
    """A car with at least one known hop, ready to be compared."""
    way = make_way(car.track, rules)
    return Seen(car.car.name, way, find_places(way, rules), ask(way, rules), is_moving(way, rules))


def _known_s(car: CarTrip) -> float:
    """Seconds within known hops."""
    time, segment = car.track.time, car.track.segment
    return float(np.diff(time)[segment[1:] == segment[:-1]].sum()) if len(time) > 1 else 0.0


def _pair(
    pair: Pair,
    cars: tuple[Seen, Seen],
    side: Side,
    rules: ConvoyRules,
) -> Pair:
    a, b = cars
    tick_s = float(rules.tick_s)
    together = int(side.inside.sum())
    moving = a.moving[side.in_a] & b.moving[side.in_b]
    ids = (pair.b, pair.a)
    return replace(
        pair,
        both_known_s=len(side.tick) * tick_s,
        together_s=together * tick_s,
        share=together / len(side.tick) if len(side.tick) else None,
        episodes=tuple(Episode(f * tick_s, s * tick_s) for f, s in side.episodes.tolist()),
        gap_s=spread(a, b, side),
        lead_s=dict(zip((pair.a, pair.b), lead_seconds(a, b, side, rules), strict=True)),
        overtakes=tuple(
            Overtake(at, ids[first]) for at, first in find_overtakes(side, moving, rules)
        ),
    )


def _named(convoy: Convoy, ground: Ground) -> Convoy:
    """With the names and zones of the places."""

    def name(lat: float, lon: float) -> tuple[str, str]:
        return ground.stop_name(lat, lon) or ground.end_name(lat, lon), ground.zone_at(lat, lon)

    def told(rows: tuple[Met, ...]) -> tuple[Met, ...]:
        return tuple(replace(row, place=place, zone=zone)
                     for row in rows for place, zone in [name(row.lat, row.lon)])  # fmt: skip

    return replace(
        convoy,
        events=told(convoy.events),
        rendezvous=told(convoy.rendezvous),
        convergence=told(convoy.convergence),
    )
