"""`convoylog convoy`: who drove with whom, who led, where they met, waited and parted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, convoy_rows, convoy_told, here, screen
from convoylog.cli.options import (
    DayOption,
    JsonOption,
    LegOption,
    LogbookOption,
    OnlyCarOption,
)
from convoylog.errors import UsageError

if TYPE_CHECKING:
    from convoylog.model.convoy import Convoy
    from convoylog.model.logbook import Car
    from convoylog.model.trip import Trip

#: more cars are not compared two by two: 1,225 pairs, each asked whole, take a minute
FLEET = 50


def convoy(
    car: OnlyCarOption = None,
    leg: LegOption = "",
    day: DayOption = "",
    rules: Annotated[
        bool, typer.Option("--rules", help="Print the numbers company is judged by.")
    ] = False,
    json: JsonOption = False,
    logbook: LogbookOption = None,
) -> int:
    """Who drove with whom, when and how far apart; who led; where they met and parted.

    A car without data is unknown: neither together nor apart. A logbook may
    set its own numbers in its logbook.toml; `--rules` prints those in use.
    Of more than 50 cars it tells who was together, and of `--car` all.

    Example:

        convoylog convoy --day 2
    """
    from convoylog.files import load
    from convoylog.trips.account import work_out
    from convoylog.trips.convoy import convoy_of

    root = context.find_logbook(logbook)
    whole = load.load(root, memory=here.memory())
    if rules and not json:
        convoy_told.tell_rules(whole.convoy)
        return 0
    wanted = here.pick_car(load.read_cars(root), car).id if car is not None else ""
    if len(whole.cars) > FLEET:
        from convoylog.cli import convoy_fleet

        company = convoy_fleet.find(whole)
        names = _names(whole.cars)
        near = {i for pair in company.pairs if wanted in (pair.a, pair.b) for i in (pair.a, pair.b)}
        if not wanted or len(near) > FLEET:
            if day or leg:
                raise UsageError(
                    f"{len(whole.cars)} cars: a day or leg is told of one car's company",
                    hint="convoylog convoy --car NAME --day 2",
                )
            shown = _only(company, wanted) if wanted else company
            if json:
                screen.json_out(convoy_rows.document(shown, names))
            else:
                convoy_fleet.tell(shown, names)
            return 0
        # those who were ever near that car are few: they are told like any convoy
        whole = replace(whole, cars=tuple(c for c in whole.cars if c.id in near | {wanted}))
    trip = work_out(whole)
    window = _window(trip, day, leg, wanted)
    found = convoy_of(trip, now=context.now().timestamp(), window=window)
    told = _only(found, wanted) if wanted else found
    names = _names([c.car for c in trip.cars])
    if json:
        screen.json_out(convoy_rows.document(told, names))
        return 0
    if sum(c.from_at is not None for c in trip.cars) < 2:
        screen.talk("a convoy needs the tracks of two cars: `convoylog merge` what others hand you")
    else:
        # one car's strip stands among those it ever was with, and those are told whole
        mine = {i for group in told.groups for i in group.cars} | {wanted}
        rows = [c for c in trip.cars if not wanted or c.car.id in mine]
        convoy_told.tell_strip(rows, found, names, window)
        convoy_told.tell(told, names)
    for problem in trip.problems:
        screen.warn_problem(problem)
    return 0


def _names(cars: Sequence[Car]) -> dict[str, str]:
    """Car id → its name; cars of one name with their folders."""
    names = Counter(car.name for car in cars)
    return {
        car.id: car.name if names[car.name] == 1 else f"{car.name} ({car.folder})" for car in cars
    }


def _window(trip: Trip, day: str, leg: str, car: str) -> tuple[float, float] | None:
    """The span of time meant, UTC seconds; None for all. Raises UsageError."""
    from convoylog.trips.part import part_of

    if not day and not leg:
        return None
    part = part_of(
        trip,
        cars={car} if car else None,
        day=here.pick_day(trip, day) if day else None,
        legs=here.pick_legs(trip, leg) if leg else None,
    )
    if leg and not part.cars:
        raise UsageError(f"no leg {leg!r}", hint="`convoylog leg list` shows who drove which")
    known = [at for c in part.cars for at in (c.from_at, c.to_at) if at is not None]
    if not known:
        raise UsageError(f"no recording of {leg or day!r}", hint="`convoylog stats --by day`")
    return min(known), max(known)


def _only(found: Convoy, car: str) -> Convoy:
    """What concerns one car."""
    return replace(
        found,
        pairs=tuple(pair for pair in found.pairs if car in (pair.a, pair.b)),
        groups=tuple(group for group in found.groups if car in group.cars),
        events=tuple(e for e in found.events if car in (*e.cars, *e.others)),
        rendezvous=tuple(row for row in found.rendezvous if car in row.cars),
        convergence=tuple(row for row in found.convergence if car in (row.car, *row.joined)),
    )
