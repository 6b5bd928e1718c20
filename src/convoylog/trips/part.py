"""A part of a trip: some cars, one day, some legs, as the whole account tells them.

No number is worked out anew: a part's metres and seconds are those of the days and legs it is made of,
so that what is told of a day adds up to what is told of the trip. What the account knows of the whole
alone (top speed, climb) is unknown of a part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np

from convoylog import geo
from convoylog.model.carlog import NO_LOG
from convoylog.model.tracks import Track, take
from convoylog.model.trip import CarTrip, Day, Leg, Spent, Told, Trip
from convoylog.trips.clean import TOO_FAST

Span = tuple[float, float]


def part_of(
    trip: Trip,
    *,
    cars: Collection[str] | None = None,
    day: Day | None = None,
    legs: Collection[str] | None = None,
) -> Trip:
    """What is left of a trip. cars: ids; legs: titles; None for all. day: one of the trip's.

    An answer of these cars stays with what it answers, whenever it was given. The title tells the part.
    """
    chosen = [car for car in trip.cars if cars is None or car.car.id in cars]
    title, marks = trip.title, []
    if cars is not None:
        marks.append(" ".join(car.car.name for car in chosen))
        title = _joined(title, ", ".join(car.car.name for car in chosen))
    if day is not None:
        title = _joined(
            title, f"Day {day.number}: {day.title}" if day.title else f"Day {day.number}"
        )
        # without its title, which changes with what is added
        marks.append(f"day {day.number}")
        chosen = [_on_day(car, day) for car in chosen]
    if legs is not None:
        meant = {leg.title for car in chosen for leg in car.legs if leg.title in legs}
        marks.append(" ".join(sorted(meant)))
        title = _joined(title, ", ".join(sorted(meant)))
        chosen = [_on_legs(car, meant) for car in chosen]
        # who did not drive the leg is no part of it
        chosen = [car for car in chosen if car.legs]
    story = _story(trip, chosen, day, legs)
    kept = {row.id for row in story}
    days = [_day(one, chosen, kept, whole=legs is None) for one in trip.days]
    if day is not None:
        days = [one for one in days if one.day == day.day]
    days = [one for one in days if one.told or one.distance_m]
    known = [at for car in chosen for at in (car.from_at, car.to_at) if at is not None]
    known = known or [row.placed.at for row in story if row.placed.at is not None]
    return replace(
        trip,
        title=title,
        part=(trip.title, *marks) if marks else trip.part,
        cars=tuple(chosen),
        story=tuple(story),
        days=tuple(days),
        from_at=min(known, default=None),
        to_at=max(known, default=None),
    )


def _joined(title: str, more: str) -> str:
    return f"{title} – {more}" if title and more else title or more


def _on_day(car: CarTrip, day: Day) -> CarTrip:
    """A car on one local date. Where its recordings do not touch it, nothing is known."""
    spent = day.spent.get(car.car.id)
    legs = tuple(leg for leg in car.legs if leg.day == day.day)
    if spent is None:
        return _nothing(car)
    ends = _bounds(car, day)
    return _part(car, legs, spent, day.distance_m.get(car.car.id, 0.0), [ends] if ends else [])


def _bounds(car: CarTrip, day: Day) -> Span | None:
    """First and last instant of a local date within a car's recordings, by the zones it was in."""
    from datetime import UTC, date, datetime, time, timedelta
    from zoneinfo import ZoneInfo

    if car.from_at is None or car.to_at is None:
        return None
    first = date.fromisoformat(day.day)
    found: list[Span] = []
    for stay in car.zones:
        try:
            zone = ZoneInfo(stay.zone) if stay.zone else UTC
        except (KeyError, ValueError, OSError):
            zone = UTC
        begin = datetime.combine(first, time(), zone).timestamp()
        end = datetime.combine(first + timedelta(days=1), time(), zone).timestamp()
        if begin < stay.to_at and end > stay.from_at:
            found.append((max(begin, stay.from_at), min(end, stay.to_at)))
    if not found:
        return None
    return min(a for a, _ in found), max(b for _, b in found)


def _on_legs(car: CarTrip, titles: Collection[str]) -> CarTrip:
    legs = tuple(leg for leg in car.legs if leg.title in titles)
    if not legs:
        return _nothing(car)
    spent = Spent(
        round(sum(leg.elapsed_s for leg in legs), 3),
        round(sum(leg.moving_s for leg in legs), 3),
        round(sum(leg.halted_s for leg in legs), 3),
        round(sum(leg.unknown_s for leg in legs), 3),
    )
    spans = [(leg.from_at, leg.to_at) for leg in legs]
    return _part(car, legs, spent, sum(leg.distance_m for leg in legs), spans)


def _nothing(car: CarTrip) -> CarTrip:
    """A car of which the part knows no recording."""
    return CarTrip(car.car, take(car.track, np.zeros(len(car.track), dtype=np.bool_)))


def _part(
    car: CarTrip, legs: tuple[Leg, ...], spent: Spent, metres: float, spans: list[Span]
) -> CarTrip:
    track = _within(car.track, spans)
    stays = tuple(stay for stay in car.stays if _touches(spans, stay.from_at, stay.to_at))
    regions = [(s.region.country_code, s.region.code, s.region.name) for s in stays if s.region]
    return replace(
        car,
        track=track,
        from_at=spans[0][0] if spans else None,
        to_at=spans[-1][1] if spans else None,
        elapsed_s=spent.elapsed_s,
        moving_s=spent.moving_s,
        halted_s=spent.halted_s,
        unknown_s=spent.unknown_s,
        distance_m=metres,
        unrecorded_m=_unrecorded_m(track),
        crept_m=0.0,
        max_speed_mps=None,
        ascent_m=None,
        descent_m=None,
        highest_m=None,
        climb_error_m=None,
        points=len(track),
        dropped={},
        stops=tuple(s for s in car.stops if _touches(spans, s.from_at, s.to_at)),
        legs=legs,
        regions=tuple(dict.fromkeys(regions)),
        log=NO_LOG,
        stays=stays,
        crossings=tuple(
            c for c in car.crossings if c.at is not None and _touches(spans, c.at, c.at)
        ),
        zones=tuple(z for z in car.zones if _touches(spans, z.from_at, z.to_at)),
        towns=tuple(t for t in car.towns if _touches(spans, t.at, t.at)),
        start_place=legs[0].start_place if legs else "",
        end_place=legs[-1].end_place if legs else "",
    )


def _within(track: Track, spans: Iterable[Span]) -> Track:
    """The points within spans; a new segment behind what is left out."""
    wanted = np.zeros(len(track), dtype=np.bool_)
    for begin, end in spans:
        wanted |= (track.time >= begin) & (track.time <= end)
    segment = track.segment + np.cumsum(~wanted)
    return take(replace(track, segment=segment), wanted)


def _unrecorded_m(track: Track) -> float:
    """Metres as the crow flies between segments."""
    a = np.flatnonzero(np.diff(track.segment))
    metres = geo.apart_m(track.lat[a], track.lon[a], track.lat[a + 1], track.lon[a + 1])
    # faster than any car it is a jump, which is no way
    return float(metres[metres <= TOO_FAST * (track.time[a + 1] - track.time[a])].sum())


def _touches(spans: Iterable[Span], begin: float, end: float) -> bool:
    return any(begin <= last and end >= first for first, last in spans)


def _story(
    trip: Trip, cars: list[CarTrip], day: Day | None, legs: Collection[str] | None
) -> list[Told]:
    """What belongs to the part, and the answers to it."""
    ids = {car.car.id for car in cars}
    spans = {car.car.id: [(leg.from_at, leg.to_at) for leg in car.legs] for car in cars}

    def inside(row: Told) -> bool:
        if row.car not in ids or (day is not None and row.id not in day.told):
            return False
        at = row.placed.at
        return legs is None or (at is not None and _touches(spans[row.car], at, at))

    kept = {row.id for row in trip.story if inside(row)}
    while True:
        answers = {row.id for row in trip.story if row.reply_to in kept and row.car in ids} - kept
        if not answers:
            return [row for row in trip.story if row.id in kept]
        kept |= answers


def _day(day: Day, cars: list[CarTrip], told: Collection[str], *, whole: bool) -> Day:
    """A day with what is left of it. whole: the cars' days are; else only their legs."""
    ids = {car.car.id for car in cars}
    if whole:
        metres = {car: m for car, m in day.distance_m.items() if car in ids}
        spent = {car: s for car, s in day.spent.items() if car in ids}
    else:
        metres = {
            car.car.id: sum(leg.distance_m for leg in car.legs if leg.day == day.day)
            for car in cars
            if any(leg.day == day.day for leg in car.legs)
        }
        spent = {}
    kept = tuple(row for row in day.told if row in told)
    return replace(day, distance_m=metres, spent=spent, told=kept)
