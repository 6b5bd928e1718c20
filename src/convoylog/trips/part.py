"""A part of a trip: some cars, one day, some legs, as the whole account tells them.

No number is worked out anew: a part's metres and seconds are those of the days and legs it is made of,
so that what is told of a day adds up to what is told of the trip. A car's log is what the part's own
entries say by themselves. What the account knows of the whole alone (top speed, climb) is unknown of a part.
A day is titled by what the part's own cars and legs did of it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from convoylog.model.borders import Crossing
from convoylog.model.phrase import Phrase
from convoylog.model.tracks import NO_TRACK, Track, take
from convoylog.model.trip import CarTrip, Day, Leg, OnDay, Spent, Stop, Trip
from convoylog.trips.days import titled_for

Span = tuple[float, float]

_NO_TIME = Spent(0.0, 0.0, 0.0, 0.0)


def part_of(
    trip: Trip,
    *,
    cars: Collection[str] | None = None,
    day: Day | None = None,
    legs: Collection[str] | None = None,
) -> Trip:
    """What is left of a trip. cars: ids; legs: titles; None for all. day: one of the trip's; with
    legs what of them falls on it.

    An answer stays with what it answers, whoever gave it and whenever: on that day, and without its
    car becoming one of the part's, nor its bill one of the part's bills. The title tells the part.
    """
    begins = {car.car.id: car.from_at for car in trip.cars}
    chosen = [car for car in trip.cars if cars is None or car.car.id in cars]
    title, days = trip.title, list(trip.days)
    marks: list[str] = []
    if cars is not None:
        marks.append(" ".join(car.car.name for car in chosen))
        title = _joined(title, ", ".join(car.car.name for car in chosen))
        days = titled_for(days, chosen, trip.story)
    if day is not None:
        day = next(one for one in days if one.day == day.day)
        title = _joined(title, _day_titled(day))
        # without its title, which changes with what is added
        marks.append(f"day {day.number}")
        if legs is None:
            chosen = [_on_day(car, day) for car in chosen]
    if legs is not None:
        meant = {leg.title for car in chosen for leg in car.legs if leg.title in legs}
        marks.append(" ".join(sorted(meant)))
        title = _joined(title, ", ".join(sorted(meant)))
        chosen = [_on_legs(car, meant, day) for car in chosen]
        # who did not drive the leg is no part of it
        chosen = [car for car in chosen if car.legs]
        days = titled_for(days, chosen, trip.story)
    inside = _inside(trip, chosen, day, legs)
    if day is not None or legs is not None:
        chosen = [_logged(car, inside, begins[car.car.id]) for car in chosen]
    answers = _answers(trip, inside)
    story = [row for row in trip.story if row.id in inside or row.id in answers]
    kept = [_day(one, chosen, inside, answers, whole=legs is None) for one in days]
    if day is not None:
        kept = [one for one in kept if one.day == day.day]
    kept = [one for one in kept if one.told or one.distance_m]
    known = [at for car in chosen for at in (car.from_at, car.to_at) if at is not None]
    known = known or [row.placed.at for row in story if row.placed.at is not None]
    return replace(
        trip,
        title=title,
        part=(trip.title, *marks) if marks else trip.part,
        cars=tuple(chosen),
        everyone=trip.everyone or tuple(car.car for car in trip.cars if marks),
        story=tuple(story),
        days=tuple(kept),
        from_at=min(known, default=None),
        to_at=max(known, default=None),
    )


def span_of(trip: Trip) -> Span | None:
    """From when to when a part is told, UTC seconds; None for a whole trip, which has no bounds.

    Of a part of which no instant is known nothing is told: an empty span.
    """
    if not trip.part:
        return None
    if trip.from_at is None or trip.to_at is None:
        return 0.0, 0.0
    return trip.from_at, trip.to_at


def _day_titled(day: Day) -> str:
    if day.title:
        return Phrase("Day {number}: {title}", number=day.number, title=day.title)
    return Phrase("Day {number}", number=day.number)


def _joined(title: str, more: str) -> str:
    return Phrase("{title} – {more}", title=title, more=more) if title and more else title or more


def _on_day(car: CarTrip, day: Day) -> CarTrip:
    """A car on one local date. Where its recordings do not touch it, nothing is known."""
    spent = day.spent.get(car.car.id)
    legs = tuple(leg for leg in car.legs if leg.day == day.day)
    if spent is None:
        return _nothing(car)
    ends = _bounds(car, day)
    on_day = OnDay(
        day.distance_m.get(car.car.id, 0.0), spent, day.unrecorded_m.get(car.car.id, 0.0)
    )
    return _part(car, legs, on_day, [ends] if ends else [])


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


def _on_legs(car: CarTrip, titles: Collection[str], day: Day | None) -> CarTrip:
    """A car on its legs of these titles; of a day, on what of them falls on it."""
    legs = tuple(leg for leg in car.legs if leg.title in titles)
    if day is not None:
        bounds = _bounds(car, day) or (-math.inf, math.inf)
        legs = tuple(_of_day(leg, day.day, bounds) for leg in legs if day.day in leg.by_day)
    if not legs:
        return _nothing(car)
    on_legs = OnDay(
        sum(leg.distance_m for leg in legs),
        sum((leg.spent for leg in legs), _NO_TIME),
        sum(leg.unrecorded_m for leg in legs),
    )
    return _part(car, legs, on_legs, [(leg.from_at, leg.to_at) for leg in legs])


def _of_day(leg: Leg, day: str, bounds: Span) -> Leg:
    """What of a leg falls on a date. bounds: of the date."""
    part = leg.by_day[day]
    spent = part.spent
    return replace(
        leg,
        from_at=max(leg.from_at, bounds[0]),
        to_at=min(leg.to_at, bounds[1]),
        distance_m=part.distance_m,
        moving_s=spent.moving_s,
        halted_s=spent.halted_s,
        unknown_s=spent.unknown_s,
        day=day,
        by_day={day: part},
    )


def _nothing(car: CarTrip) -> CarTrip:
    """A car of which the part knows no recording."""
    nowhere = take(car.track, np.zeros(len(car.track), dtype=np.bool_))
    return CarTrip(car.car, nowhere, log=car.log)


def _part(car: CarTrip, legs: tuple[Leg, ...], done: OnDay, spans: list[Span]) -> CarTrip:
    track = _within(car.track, spans)
    stays = tuple(stay for stay in car.stays if _touches(spans, stay.from_at, stay.to_at))
    regions = [(s.region.country_code, s.region.code, s.region.name) for s in stays if s.region]
    return replace(
        car,
        track=track,
        untimed=NO_TRACK,
        from_at=spans[0][0] if spans else None,
        to_at=spans[-1][1] if spans else None,
        elapsed_s=done.spent.elapsed_s,
        moving_s=done.spent.moving_s,
        halted_s=done.spent.halted_s,
        unknown_s=done.spent.unknown_s,
        distance_m=done.distance_m,
        unrecorded_m=done.unrecorded_m,
        crept_m=0.0,
        max_speed_mps=None,
        ascent_m=None,
        descent_m=None,
        highest_m=None,
        climb_error_m=None,
        barometric=None,
        points=len(track),
        dropped={},
        stops=tuple(_stops(car.stops, spans)),
        legs=legs,
        regions=tuple(dict.fromkeys(regions)),
        stays=stays,
        crossings=tuple(c for c in car.crossings if _crossed(c, spans)),
        zones=tuple(z for z in car.zones if _touches(spans, z.from_at, z.to_at)),
        towns=tuple(t for t in car.towns if _touches(spans, t.at, t.at)),
        start_place=legs[0].start_place if legs else "",
        end_place=legs[-1].end_place if legs else "",
    )


def _stops(stops: Iterable[Stop], spans: Iterable[Span]) -> Iterator[Stop]:
    """What of every stop falls into spans: a night is one day's evening and the next one's morning."""
    for stop in stops:
        for begin, end in spans:
            a, b = max(stop.from_at, begin), min(stop.to_at, end)
            if a < b:
                yield replace(stop, from_at=a, to_at=b)


def _crossed(crossing: Crossing, spans: Iterable[Span]) -> bool:
    """Whether a border was passed within; over a hole, whether that may have been so from its begin."""
    at = crossing.at if crossing.at is not None else (crossing.between or (math.nan,))[0]
    return _touches(spans, at, at)


def _within(track: Track, spans: Iterable[Span]) -> Track:
    """The points within spans; a new segment behind what is left out."""
    wanted = np.zeros(len(track), dtype=np.bool_)
    for begin, end in spans:
        wanted |= (track.time >= begin) & (track.time <= end)
    segment = track.segment + np.cumsum(~wanted)
    return take(replace(track, segment=segment), wanted)


def _touches(spans: Iterable[Span], begin: float, end: float) -> bool:
    return any(begin <= last and end >= first for first, last in spans)


def _logged(car: CarTrip, inside: Collection[str], begin: float | None) -> CarTrip:
    """A car with what the entries inside say of its log. begin: of its recordings, which is when the
    odometer was read that the car itself tells; in the log it has no id."""
    first = {""} if begin is not None and car.from_at == begin else set()
    return replace(car, log=car.log.of({*inside, *first}))


def _inside(
    trip: Trip, cars: list[CarTrip], day: Day | None, legs: Collection[str] | None
) -> set[str]:
    """Ids of what these cars told of the part. Where one leg ends and the next begins, that speaks."""
    if legs is None:
        ids = {car.car.id for car in cars}
        told = trip.story if day is None else [row for row in trip.story if row.id in day.told]
        return {row.id for row in told if row.car in ids}
    whole = {car.car.id: car for car in trip.cars if car.car.id in {one.car.id for one in cars}}
    found = set()
    for row in trip.story:
        leg = whole[row.car].leg_at(row.placed.at) if row.car in whole else None
        if leg and leg.title in legs and (day is None or row.id in day.told):
            found.add(row.id)
    return found


def _answers(trip: Trip, inside: set[str]) -> dict[str, str]:
    """What else answers it: id → the note inside that it answers, or that an answer to it does."""
    found: dict[str, str] = {}
    while True:
        more = {
            row.id: found.get(row.reply_to, row.reply_to)
            for row in trip.story
            if row.id not in inside
            and row.id not in found
            and (row.reply_to in inside or row.reply_to in found)
        }
        if not more:
            return found
        found |= more


def _day(
    day: Day,
    cars: list[CarTrip],
    inside: Collection[str],
    answers: Mapping[str, str],
    *,
    whole: bool,
) -> Day:
    """A day with what is left of it, and the answers to that. whole: the cars' days are; else what of
    their legs falls on it."""
    ids = {car.car.id for car in cars}
    if whole:
        metres = {car: m for car, m in day.distance_m.items() if car in ids}
        unseen = {car: m for car, m in day.unrecorded_m.items() if car in ids}
        spent = {car: s for car, s in day.spent.items() if car in ids}
    else:
        parts = {
            car.car.id: [leg.by_day[day.day] for leg in car.legs if day.day in leg.by_day]
            for car in cars
        }
        metres = {car: sum(part.distance_m for part in rows) for car, rows in parts.items() if rows}
        unseen = {
            car: sum(part.unrecorded_m for part in rows) for car, rows in parts.items() if rows
        }
        spent = {
            car: sum((part.spent for part in rows), _NO_TIME) for car, rows in parts.items() if rows
        }
    kept = tuple(row for row in day.told if row in inside)
    more = tuple(answer for answer, note in answers.items() if note in kept)
    return replace(day, distance_m=metres, unrecorded_m=unseen, spent=spent, told=kept + more)
