"""`convoylog stats`: how far, how long, how fast, and what is not known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, here, screen, units
from convoylog.cli.options import DayOption, JsonOption, LegOption, LogbookOption, OnlyCarOption
from convoylog.cli.rows import instant
from convoylog.errors import UsageError

if TYPE_CHECKING:
    from convoylog.model.trip import CarTrip, Day, Leg, Trip


def stats(
    car: OnlyCarOption = None,
    leg: LegOption = "",
    day: DayOption = "",
    by: Annotated[str, typer.Option("--by", metavar="WHAT", help="car, leg or day.")] = "car",
    json: JsonOption = False,
    logbook: LogbookOption = None,
) -> int:
    """Distances and times of every car: moving, standing, not known; fuel, money, odometer.

    Top speed and climb are known of the whole trip alone.

    Example:

        convoylog stats --by day
    """
    if by not in ("car", "leg", "day"):
        raise UsageError(f"no way to tell by {by!r}", hint="--by car, --by leg or --by day")
    from convoylog.cli import stats_carlog

    trip, chosen = worked_out(logbook, car, drawn=bool(leg or day))
    if leg or day:
        trip = _part(trip, chosen, leg, day)
        chosen = trip.cars
    if json:
        screen.json_out({"cars": [car_row(c) for c in chosen], "trip": _trip_row(trip)})
        return 0
    if by == "day":
        _tell_days(trip, chosen)
        stats_carlog.tell_parts("day", [(c, stats_carlog.by_day(c, trip)) for c in chosen])
    elif by == "leg":
        tell_legs(chosen)
        stats_carlog.tell_parts("leg", [(c, stats_carlog.by_leg(c)) for c in chosen])
    elif leg:
        _tell_each_leg(chosen)
    elif day:
        _tell_each_day(trip, chosen)
    else:
        for c in chosen:
            _tell(c)
    if not chosen:
        screen.talk("no car here yet")
    for problem in trip.problems:
        screen.warn_problem(problem)
    return 0


def _part(trip: Trip, chosen: tuple[CarTrip, ...], leg: str, day: str) -> Trip:
    """The trip as its cars know it of some legs, of a day, or of both, each car's log with it."""
    from convoylog.trips.part import part_of

    part = part_of(
        trip,
        cars={c.car.id for c in chosen},
        day=here.pick_day(trip, day) if day else None,
        legs=here.pick_legs(trip, leg) if leg else None,
    )
    if leg and not part.cars:
        raise UsageError(f"that car has no leg {leg!r}", hint="`convoylog leg list` shows the legs")
    return part


def _tell_each_day(trip: Trip, chosen: tuple[CarTrip, ...]) -> None:
    """Where the time of a day went, a block a car."""
    for day in trip.days:
        screen.tell((day.day, "bold"), f"  {screen.visible(day.title)}")
    for c in chosen:
        if c.from_at is None:
            screen.tell((screen.visible(c.car.name), "bold"), ": no recording touches this day")
            _tell_log(c)
            continue
        screen.tell((screen.visible(c.car.name), "bold"))
        rows = [("distance", units.km(c.distance_m)), *_times(c), ("stops", f"{len(c.stops)}")]
        for word, value in rows:
            screen.tell(f"  {word:<10}{value}")
        _tell_log(c)


def _tell_each_leg(chosen: tuple[CarTrip, ...]) -> None:
    """Where the time of each leg went, and what was filled and paid on it, a block a leg."""
    from convoylog.cli import stats_carlog
    from convoylog.model.clocks import from_to

    for c in chosen:
        for leg, (_, log) in zip(c.legs, stats_carlog.by_leg(c), strict=False):
            screen.tell((screen.visible(c.car.name), "bold"), f"  {screen.visible(leg.title)}")
            rows = [
                ("when", f"{leg.day}, {from_to(leg)} local time"),
                ("distance", units.km(leg.distance_m)),
                *_times(leg),
                *stats_carlog.lines(log),
            ]
            for word, value in rows:
                screen.tell(f"  {word:<10}{value}")


def _times(spent: Leg | CarTrip) -> list[tuple[str, str]]:
    return [
        ("moving", units.duration(spent.moving_s)),
        ("standing", units.duration(spent.halted_s)),
        ("unknown", units.duration(spent.unknown_s)),
        ("elapsed", units.duration(spent.elapsed_s)),
    ]


def _tell_days(trip: Trip, chosen: tuple[CarTrip, ...]) -> None:
    """A line a day: of one car where its time went, of several a column each."""
    if len(chosen) == 1:
        _tell_days_of(trip, chosen[0])
        return
    rows = [[day.day, day.title, *(_kilometres(day, c) for c in chosen)] for day in trip.days]
    heads = ["day", "", *(c.car.name for c in chosen)]
    screen.table(heads, rows, right=set(range(2, len(heads))))


def _tell_days_of(trip: Trip, c: CarTrip) -> None:
    rows = []
    for day in trip.days:
        spent = day.spent.get(c.car.id)
        times = (
            [units.duration(s) for s in (spent.moving_s, spent.halted_s, spent.unknown_s)]
            if spent
            else [units.UNKNOWN] * 3
        )
        rows.append([day.day, day.title, _kilometres(day, c), *times])
    heads = ["day", "", "distance", "moving", "standing", "unknown"]
    screen.table(heads, rows, right=set(range(2, len(heads))))


def _kilometres(day: Day, c: CarTrip) -> str:
    """How far a car came on a day, and how much of that nobody recorded."""
    metres, over = (part.get(c.car.id, 0.0) for part in (day.distance_m, day.unrecorded_m))
    told = units.km(metres) if metres else units.UNKNOWN
    # as the report: less, an odometer errs by
    return f"{told}, {units.km(over)} not recorded" if over > 0.04 * metres else told


def tell_legs(chosen: tuple[CarTrip, ...]) -> None:
    """A line a leg, car by car."""
    from convoylog.model.clocks import from_to

    table = [
        [
            c.car.name,
            leg.day,
            leg.title + (" *" if leg.declared else ""),
            from_to(leg),
            units.km(leg.distance_m),
            units.duration(leg.moving_s) if leg.recorded else "not recorded",
        ]
        for c in chosen
        for leg in c.legs
    ]
    if not table:
        screen.talk("no leg yet: `convoylog add` tracks, or `convoylog leg start`")
        return
    screen.table(["car", "day", "leg", "local time", "distance", "moving"], table, right={4, 5})
    if any(leg.declared for c in chosen for leg in c.legs):
        screen.talk("* declared")


def worked_out(
    logbook: Path | None, car: str | None, *, drawn: bool = False
) -> tuple[Trip, tuple[CarTrip, ...]]:
    """The trip of a logbook, and the cars meant. drawn: as parts of it need."""
    from convoylog.files import load
    from convoylog.trips.account import work_out

    root = context.find_logbook(logbook)
    whole = load.load(root, memory=here.memory())
    trip = work_out(whole, drawn=drawn)
    if car is None:
        return trip, trip.cars
    wanted = here.pick_car(load.read_cars(root), car)
    return trip, tuple(c for c in trip.cars if c.car.id == wanted.id)


def _tell(c: CarTrip) -> None:
    name = screen.visible(c.car.name)
    if c.from_at is None:
        timeless = not c.points or set(c.dropped) <= {"no time"}
        said = "no recording with times" if timeless else f"no usable point: {_dropped(c)}"
        screen.tell((name, "bold"), f": {said} ({units.counted(c.points, 'point')})")
        _tell_log(c)
        return
    if not _has_way(c):
        screen.tell((name, "bold"), f": one point with a time, {screen.visible(c.start_place)}")
        _tell_log(c)
        return
    screen.tell(
        (name, "bold"), f"  {screen.visible(c.start_place)} – {screen.visible(c.end_place)}"
    )
    moving, *others = _times(c)
    nights = sum(stop.overnight for stop in c.stops)
    rows = [
        (
            "distance",
            units.km(c.distance_m)
            + (f", of it {units.km(c.unrecorded_m)} not recorded" if c.unrecorded_m else ""),
        ),
        ("moving", moving[1] + _average(c)),
        *others,
        ("top speed", units.kmh(c.max_speed_mps)),
        ("climb", _climb(c)),
        ("stops", f"{len(c.stops)}" + (f", {nights} overnight" if nights else "")),
        ("points", f"{c.points:,}" + (f", left out: {_dropped(c)}" if c.dropped else "")),
    ]
    for word, value in rows:
        screen.tell(f"  {word:<10}{value}")
    _tell_log(c)


def _tell_log(c: CarTrip) -> None:
    from convoylog.cli import stats_carlog

    for word, value in stats_carlog.lines(c.log):
        screen.tell(f"  {word:<10}{value}")
    for doubt in stats_carlog.doubts(c.log):
        screen.tell((f"  ? {screen.visible(doubt)}", "yellow"))


def _has_way(c: CarTrip) -> bool:
    """Whether there are two instants at least: of fewer there is no distance, and not one of 0."""
    return c.from_at is not None and c.to_at is not None and c.to_at > c.from_at


def _average(c: CarTrip) -> str:
    driven = c.distance_m - c.unrecorded_m - c.crept_m
    return f", {units.kmh(driven / c.moving_s)} on average" if c.moving_s else ""


def _climb(c: CarTrip) -> str:
    if c.ascent_m is None or c.descent_m is None:
        return "unknown: no heights recorded on the way"
    error = units.metres(c.climb_error_m)
    how = ", by air pressure" if c.barometric else ""
    return f"{units.metres(c.ascent_m)} up, {units.metres(c.descent_m)} down, ±{error}{how}"


def _dropped(c: CarTrip) -> str:
    return ", ".join(f"{count:,} {reason}" for reason, count in c.dropped.items())


def leg_row(leg: Leg) -> dict[str, object]:
    """A leg as `cli.md` promises it."""
    return {
        "title": leg.title, "from": instant(leg.from_at), "to": instant(leg.to_at),
        "distance_m": leg.distance_m, "unrecorded_m": leg.unrecorded_m, "elapsed_s": leg.elapsed_s,
        "moving_s": leg.moving_s, "halted_s": leg.halted_s, "unknown_s": leg.unknown_s, "start_place": leg.start_place,
        "end_place": leg.end_place, "declared": leg.declared, "recorded": leg.recorded, "day": leg.day,
    }  # fmt: skip


def car_row(c: CarTrip) -> dict[str, object]:
    """A car's account as `cli.md` promises it."""
    from convoylog.cli import stats_carlog

    way = _has_way(c)
    return {
        "car": c.car.name, "id": c.car.id, "from": instant(c.from_at), "to": instant(c.to_at),
        "elapsed_s": None if c.from_at is None else c.elapsed_s,
        "moving_s": c.moving_s if way else None, "halted_s": c.halted_s if way else None,
        "unknown_s": c.unknown_s if way else None, "distance_m": c.distance_m if way else None,
        "unrecorded_m": c.unrecorded_m if way else None, "crept_m": c.crept_m if way else None,
        "max_speed_mps": c.max_speed_mps, "ascent_m": c.ascent_m, "descent_m": c.descent_m,
        "climb_error_m": c.climb_error_m, "barometric": c.barometric, "points": c.points, "dropped": dict(c.dropped),
        "stops": [
            {
                "from": instant(s.from_at), "to": instant(s.to_at), "lat": round(s.lat, 7),
                "lon": round(s.lon, 7), "duration_s": round(s.duration_s, 3),
                "place": s.place, "overnight": s.overnight,
            }
            for s in c.stops
        ],
        "legs": [
            leg_row(leg) | stats_carlog.part_row(log)
            for leg, (_, log) in zip(c.legs, stats_carlog.by_leg(c), strict=False)
        ],
        "rules": _rules(c), **stats_carlog.left_rows(c),
        "fuel": stats_carlog.fuel_row(c.log), "odometer": stats_carlog.odometer_row(c.log),
        "expenses": stats_carlog.expenses_row(c.log),
    }  # fmt: skip


def _rules(c: CarTrip) -> dict[str, float]:
    """The numbers that a logbook may override, as they were used."""
    from convoylog.trips.account import Rules

    usual = Rules()
    return {"hole_s": c.car.hole_s or usual.hole_s, "stop_s": usual.stop_s, "cut_s": usual.cut_s}


def _trip_row(trip: Trip) -> dict[str, object]:
    from dataclasses import asdict

    from convoylog.cli import stats_carlog

    return {
        "title": trip.title, "from": instant(trip.from_at), "to": instant(trip.to_at),
        "cars": len(trip.cars), "entries": len(trip.story), "days": len(trip.days),
        "distance_m": sum(c.distance_m for c in trip.cars),
        "unrecorded_m": sum(c.unrecorded_m for c in trip.cars),
        "elapsed_s": sum(c.elapsed_s for c in trip.cars), "moving_s": sum(c.moving_s for c in trip.cars),
        "halted_s": sum(c.halted_s for c in trip.cars), "unknown_s": sum(c.unknown_s for c in trip.cars),
        "expenses": _spent_by_all(trip),
        "by_day": [
            {
                "day": d.day, "number": d.number, "title": d.title, "distance_m": dict(d.distance_m),
                "unrecorded_m": dict(d.unrecorded_m),
                "spent": {car: asdict(spent) for car, spent in d.spent.items()},
                "log": {c.car.id: stats_carlog.part_row(c.log.of(d.told)) for c in trip.cars},
            }
            for d in trip.days
        ],
    }  # fmt: skip


def _spent_by_all(trip: Trip) -> dict[str, str]:
    """Currency → what all cars spent; exact, so it is text."""
    from decimal import Decimal

    sums: dict[str, Decimal] = {}
    for currency, number in (pair for c in trip.cars for pair in c.log.spent().items()):
        sums[currency] = sums.get(currency, Decimal(0)) + number
    return {currency: f"{number:f}" for currency, number in sorted(sums.items())}
