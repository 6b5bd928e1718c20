"""Days: local dates at the place, with what happened on them and how far each car came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from convoylog.model.trip import CarTrip, Day, Leg, Told
from convoylog.trips.naming import local_day
from convoylog.trips.whereabouts import Whereabouts

#: declared titles shown for one day; more make no title
_TITLES = 3
#: less is noise of a parked car
_DRIVEN_M = 1000.0
#: ordinal of 1970-01-01
_EPOCH = 719_163


def metres_by_day(where: Whereabouts) -> dict[str, float]:
    """ISO date → metres on that local date; a hop belongs to the date of its begin. Sums to all."""
    ledger = where.ledger
    steps = np.diff(ledger.odometer_m)
    if not len(steps):
        return {}
    at = ledger.odometer_at[:-1]
    numbers = np.floor((at + where.offset_at(at)) / 86_400.0).astype(np.int64)
    dates, which = np.unique(numbers, return_inverse=True)
    metres = np.bincount(which, weights=steps)
    low, high = date.min.toordinal(), date.max.toordinal()
    return {
        date.fromordinal(min(max(int(d) + _EPOCH, low), high)).isoformat(): float(m)
        for d, m in zip(dates, metres, strict=True)
    }


def find_days(
    cars: Sequence[CarTrip], metres: Mapping[str, Mapping[str, float]], story: Sequence[Told]
) -> tuple[Day, ...]:
    """The days of a trip in order. metres: car id → ISO date → metres."""
    told: dict[str, list[str]] = {}
    for row in story:
        if row.placed.at is not None:
            told.setdefault(local_day(row.placed.at, row.placed.offset_s), []).append(row.id)
    dates = set(told) | {day for by_day in metres.values() for day in by_day}
    dates |= {leg.day for car in cars for leg in car.legs}
    places = {row.id: row.place for row in story}
    return tuple(
        Day(
            day,
            number,
            _title(day, cars, metres, [places[key] for key in told.get(day, ())]),
            {car.car.id: metres[car.car.id][day] for car in cars if day in metres[car.car.id]},
            tuple(told.get(day, ())),
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
    a, b = legs[0].start_place, legs[-1].end_place
    if len(legs) > 1 and a and b and a != b:
        return f"{a} – {b}"
    return max(legs, key=lambda leg: (leg.distance_m, -leg.from_at)).title
