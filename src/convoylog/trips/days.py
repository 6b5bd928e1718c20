"""Days: local dates at the place, with what happened on them and how far each car came."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from convoylog.model.phrase import Phrase
from convoylog.model.trip import CarTrip, Day, Leg, Spent, Told
from convoylog.trips.naming import local_day
from convoylog.trips.whereabouts import Whereabouts

#: declared titles shown for one day; more make no title
_TITLES = 3
#: less is noise of a parked car
_DRIVEN_M = 1000.0
#: ordinal of 1970-01-01
_EPOCH = 719_163


@dataclass(frozen=True, slots=True)
class DayOfCar:
    """What one car did on one local date. distance_m: metres of the hops that begin on it."""

    distance_m: float
    spent: Spent


def by_day(where: Whereabouts) -> dict[str, DayOfCar]:
    """ISO date → what the car did on that date at its place. Metres and seconds sum to all.

    A stay over midnight is parted there; a hole of more than a day is the date's it begins on.
    """
    ledger = where.ledger
    if not len(ledger.time):
        return {}
    pieces = _pieces(where)
    begins = np.array([begin for begin, _ in pieces])
    # the metres of a hop are those of the odometer's end, told on the date of its begin
    at = np.minimum(np.searchsorted(ledger.odometer_at, begins), len(ledger.odometer_at) - 1)
    metres = np.diff(ledger.odometer_m[at], append=ledger.odometer_m[-1])
    found: dict[str, DayOfCar] = {}
    ends = [*begins[1:].tolist(), float(ledger.time[-1])]
    for (begin, day), end, more in zip(pieces, ends, metres.tolist(), strict=True):
        here = DayOfCar(more, ledger.spent_between(begin, end))
        found[day] = _both(found[day], here) if day in found else here
    return found


def _both(a: DayOfCar, b: DayOfCar) -> DayOfCar:
    """Two parts of one date: clocks put back at midnight bring a date twice."""
    x, y = a.spent, b.spent
    spent = Spent(
        round(x.elapsed_s + y.elapsed_s, 3),
        round(x.moving_s + y.moving_s, 3),
        round(x.halted_s + y.halted_s, 3),
        round(x.unknown_s + y.unknown_s, 3),
    )
    return DayOfCar(a.distance_m + b.distance_m, spent)


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
    cars: Sequence[CarTrip], done: Mapping[str, Mapping[str, DayOfCar]], story: Sequence[Told]
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
        )
        for number, day in enumerate(sorted(dates), start=1)
    )


def _title(
    day: str,
    cars: Sequence[CarTrip],
    metres: Mapping[str, Mapping[str, float]],
    places: Sequence[str],
) -> str:
    """What people called the legs of the day; else the ends of the farthest car's legs.

    Where nobody departed: the leg that went on past midnight, or where it had ended.
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
        (metres[car.car.id][day] > _DRIVEN_M, leg.to_at, leg.title, leg.end_place)
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
