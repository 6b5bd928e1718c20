"""Days: local dates at the place, with what happened on them and how far each car came."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from convoylog.model.phrase import Phrase
from convoylog.model.tracks import Floats
from convoylog.model.trip import CarTrip, Day, Leg, OnDay, Told
from convoylog.trips.ledger import Ledger
from convoylog.trips.naming import local_day
from convoylog.trips.whereabouts import Whereabouts

#: declared titles shown for one day; more make no title
_TITLES = 3
#: less is noise of a parked car
_DRIVEN_M = 1000.0
#: ordinal of 1970-01-01
_EPOCH = 719_163


def by_day(where: Whereabouts) -> dict[str, OnDay]:
    """ISO date → what the car did on that date at its place. Metres and seconds sum to all.

    A stay over midnight is parted there; a hole of more than a day is the date's it begins on.
    """
    ledger = where.ledger
    if not len(ledger.time):
        return {}
    pieces = _pieces(where)
    begins = [begin for begin, _ in pieces]
    metres = np.diff(_told_from(ledger, begins), append=ledger.odometer_m[-1]).tolist()
    holes = ledger.unrecorded_line
    unseen = np.diff(_unseen_from(ledger, holes, begins), append=holes[-1]).tolist()
    ends = [*begins[1:], float(ledger.time[-1])]
    return _by_date(
        (day, OnDay(more, ledger.spent_between(begin, end), over))
        for (begin, day), end, more, over in zip(pieces, ends, metres, unseen, strict=True)
    )


def parted(where: Whereabouts, legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """The legs with what of each falls on which date: parted at the midnights it drove over.

    The metres of the stop behind it, which are the leg's, are its last date's.
    """
    ledger = where.ledger
    if not len(ledger.time):
        return tuple(replace(leg, by_day={leg.day: OnDay(0.0, leg.spent)}) for leg in legs)
    pieces = _pieces(where)
    holes = ledger.unrecorded_line
    legs = list(legs)
    # metres tile, from one leg's begin to the next's
    edges = [0.0, *np.interp([leg.from_at for leg in legs[1:]], ledger.time, holes), holes[-1]]
    parts = []
    for k, leg in enumerate(legs):
        inside = [(leg.from_at, leg.day)]
        inside += [(at, day) for at, day in pieces if leg.from_at < at < leg.to_at]
        begins = [at for at, _ in inside]
        # metres tile, so the first leg begins with the recording
        before = float(ledger.metres_at(leg.from_at)) if k else 0.0
        so_far = np.clip(_told_from(ledger, begins[1:]) - before, 0.0, leg.distance_m).tolist()
        metres = np.diff([0.0, *so_far, leg.distance_m]).tolist()
        over = np.clip(_unseen_from(ledger, holes, begins[1:]), edges[k], edges[k + 1])
        unseen = np.diff([edges[k], *over, edges[k + 1]]).tolist()
        rows = zip(inside, [*begins[1:], leg.to_at], metres, unseen, strict=True)
        parts.append(
            replace(
                leg,
                by_day=_by_date(
                    (day, OnDay(more, ledger.spent_between(begin, end), over))
                    for (begin, day), end, more, over in rows
                ),
            )
        )
    return tuple(parts)


def _told_from(ledger: Ledger, begins: Sequence[float]) -> Floats:
    """Metres so far where dates begin: of a hop over midnight all are told on the date of its begin,
    so they are those of the odometer's end of it."""
    at = np.searchsorted(ledger.odometer_at, begins)
    return np.asarray(ledger.odometer_m[np.minimum(at, len(ledger.odometer_at) - 1)])


def _unseen_from(ledger: Ledger, holes: Floats, begins: Sequence[float]) -> Floats:
    """As `_told_from`, of the metres over holes so far."""
    return np.asarray(holes[np.minimum(np.searchsorted(ledger.time, begins), len(holes) - 1)])


def _by_date(parts: Iterable[tuple[str, OnDay]]) -> dict[str, OnDay]:
    """Clocks put back at midnight bring a date twice."""
    found: dict[str, OnDay] = {}
    for day, part in parts:
        found[day] = found[day] + part if day in found else part
    return found


def _pieces(where: Whereabouts) -> list[tuple[float, str]]:
    """Instants from which on the local date is another, each with that date; the first begins all."""
    time = where.ledger.time
    first, last = float(time[0]), float(time[-1])
    offsets = where.offsets
    turns = np.append(0, np.flatnonzero(np.diff(offsets)) + 1)
    begins = [first, *where.looks[turns[1:]].tolist()]
    pieces: list[tuple[float, str]] = []
    for begin, end, offset in zip(
        begins, [*begins[1:], last], offsets[turns].tolist(), strict=True
    ):
        at = begin
        while True:
            day = _date(at + offset)
            if not pieces or pieces[-1][1] != day:
                pieces.append((at, day))
            # midnight; or the first point after it, where years without a point lie between
            at = (math.floor((at + offset) / 86_400.0) + 1) * 86_400.0 - offset
            k = int(np.searchsorted(time, at, side="right"))
            if 0 < k < len(time) and time[k] - time[k - 1] > 86_400.0:
                at = float(time[k])
            if at >= end:
                break
    return pieces


def _date(local_s: float) -> str:
    number = math.floor(local_s / 86_400.0) + _EPOCH
    return date.fromordinal(
        min(max(number, date.min.toordinal()), date.max.toordinal())
    ).isoformat()


def find_days(
    cars: Sequence[CarTrip], done: Mapping[str, Mapping[str, OnDay]], story: Sequence[Told]
) -> tuple[Day, ...]:
    """The days of a trip in order. done: car id → ISO date → what the car did."""
    told: dict[str, list[str]] = {}
    for row in story:
        if row.placed.at is not None:
            told.setdefault(local_day(row.placed.at, row.placed.offset_s), []).append(row.id)
    dates = set(told) | {day for days in done.values() for day in days}
    dates |= {leg.day for car in cars for leg in car.legs}
    places = {row.id: row.place for row in story}
    metres = {car: {day: one.distance_m for day, one in days.items()} for car, days in done.items()}
    return tuple(
        Day(
            day,
            number,
            _title(day, cars, metres, [places[key] for key in told.get(day, ())]),
            {car.car.id: m for car in cars if (m := metres[car.car.id].get(day, 0.0)) > 0.0},
            tuple(told.get(day, ())),
            {car.car.id: done[car.car.id][day].spent for car in cars if day in done[car.car.id]},
            {
                car.car.id: over
                for car in cars
                if day in done[car.car.id] and (over := done[car.car.id][day].unrecorded_m) > 0.0
            },
        )
        for number, day in enumerate(sorted(dates), start=1)
    )


def titled_for(days: Sequence[Day], cars: Sequence[CarTrip], story: Sequence[Told]) -> list[Day]:
    """The days of a trip as some of its cars drove them: the farthest of all may be none of these."""
    ids = {car.car.id for car in cars}
    places = {row.id: row.place for row in story if row.car in ids}
    return [
        replace(
            day,
            title=_title(
                day.day,
                cars,
                {
                    id_: {day.day: day.distance_m.get(id_, 0.0)} if id_ in day.spent else {}
                    for id_ in ids
                },
                [places[key] for key in day.told if key in places],
            ),
        )
        for day in days
    ]


def _title(
    day: str,
    cars: Sequence[CarTrip],
    metres: Mapping[str, Mapping[str, float]],
    places: Sequence[str],
) -> str:
    """What people called the legs of the day; else the ends of the farthest car's legs.

    Where nobody departed: where the leg leads that went on past midnight, or where it had ended.
    """
    by_car = [[leg for leg in car.legs if leg.day == day] for car in cars]
    declared = sorted(
        {(leg.from_at, leg.title) for legs in by_car for leg in legs if leg.declared and leg.title}
    )
    titles = list(dict.fromkeys(title for _, title in declared))
    if 0 < len(titles) <= _TITLES:
        return " · ".join(titles)
    driven = [legs for legs in by_car if legs]
    if driven:
        legs = max(driven, key=lambda legs: (sum(leg.distance_m for leg in legs), -legs[0].from_at))
        return _ends(legs)
    before = [
        (metres[car.car.id][day] > _DRIVEN_M, leg.to_at, _led_on(leg, day), leg.end_place)
        for car in cars
        for leg in car.legs
        if leg.day < day and day in metres[car.car.id]
    ]
    driven_on, _, title, end = max(before, default=(False, 0.0, "", ""))
    return title if driven_on else next((place for place in places if place), end)


def _ends(legs: Sequence[Leg]) -> str:
    """From where to where was driven; a hole over night leads nowhere by itself."""
    legs = [leg for leg in legs if leg.recorded] or legs
    a, b = legs[0].start_place, legs[-1].end_place
    if len(legs) > 1 and a and b and a != b:
        return Phrase("{a} – {b}", a=a, b=b)
    return max(legs, key=lambda leg: (leg.distance_m, -leg.from_at)).title


def _led_on(leg: Leg, day: str) -> str:
    """A later day of a leg, which its first day's title would tell twice."""
    end = leg.end_place
    if not end:
        return leg.title
    if day < max(leg.by_day, default=leg.day):
        return Phrase("On the way to {end}", end=end)
    # beside a town, or far from any, one is rather than goes
    return end if isinstance(end, Phrase) else Phrase("On to {end}", end=end)
