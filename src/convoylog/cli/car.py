"""`convoylog car add|list|set`: the cars of a logbook."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, here, screen
from convoylog.cli.options import JsonOption, LogbookOption
from convoylog.errors import UsageError
from convoylog.model.alike import COLOURS, Clash

if TYPE_CHECKING:
    from pathlib import Path

    from convoylog.files.load import Book
    from convoylog.model.logbook import Car
    from convoylog.model.versions import Version

#: what `car set` may change, and what it means
KEYS = {
    "name": "what everybody calls it",
    "driver": "who drives it",
    "vehicle": "what it is",
    "number": "the number on its door",
    "colour": "its colour in reports",
    "zone": "home time zone, like America/Denver",
    "share": "public, convoy or private",
    "odometer": "its odometer at the start, with unit",
    "hole_s": "longest silence of its recorder that is no hole, in seconds",
}


def add(
    name: Annotated[str, typer.Argument(help="What everybody calls the car.")],
    driver: Annotated[str, typer.Option("--driver", help="Who drives it.")] = "",
    vehicle: Annotated[str, typer.Option("--vehicle", help="What it is: VW bus '78.")] = "",
    number: Annotated[str, typer.Option("--number", help="The number on its door.")] = "",
    colour: Annotated[str, typer.Option("--colour", help=f"One of {', '.join(COLOURS)}.")] = "",
    zone: Annotated[str, typer.Option("--zone", help="Home time zone, an IANA name.")] = "",
    share: Annotated[str, typer.Option("--share", help="public, convoy or private.")] = "convoy",
    odometer: Annotated[str, typer.Option("--odometer", help="At the start: 154010 mi.")] = "",
    logbook: LogbookOption = None,
) -> None:
    """Add a car to this logbook.

    Example:

        convoylog car add Marigold --driver "Priya and Sam" --number 2
    """
    from convoylog.files import load, store

    root = context.find_logbook(logbook)
    given = {
        "driver": driver, "vehicle": vehicle, "number": number, "colour": colour,
        "zone": zone, "share": share, "odometer": odometer,
    }  # fmt: skip
    for key, value in given.items():
        check_value(key, value)
    book = load.read_book(root)
    if any(car.name.casefold() == name.strip().casefold() for car in book.cars):
        raise UsageError(f"there is a car {name!r} already", hint="convoylog car list")
    now = context.now()
    version = car_version(name, given, now, book.found.folders)
    with store.writing(root, "car add", now=now, device=here.device()) as writer:
        writer.add(version, str(version.fields["folder"]))
    here.remember_car(book.id, version.id)
    screen.tell(f"added the car {screen.visible(name)} in cars/{version.fields['folder']}")


def car_version(
    name: str, given: Mapping[str, str], now: datetime, taken: Collection[str]
) -> Version:
    """The first version of a car. given: key → value, empty ones left out."""
    from convoylog.files import door, layout, toml

    if not name.strip():
        raise UsageError("a car needs a name", hint="convoylog car add Pepper")
    car_id = layout.new_id(now)
    wanted = layout.car_folder(name, given.get("number", ""))
    folder = f"{wanted}-{car_id[-10:]}" if wanted in taken else wanted
    fields = {"kind": "car", "name": name.strip(), "folder": folder}
    fields |= {key: value for key, value in given.items() if value}
    with context.as_typed():
        door.check(fields)
        return toml.write_version(fields, entry_id=car_id)


def list_cars(logbook: LogbookOption = None, json: JsonOption = False) -> None:
    """The cars of this logbook.

    Example:

        convoylog car list
    """
    from convoylog.files import load
    from convoylog.model.alike import find_clashes

    book = load.read_book(context.find_logbook(logbook))
    mine = here.own_of(book.id, book.cars)
    if json:
        rows = [
            {
                "id": car.id, "name": car.name, "folder": car.folder, "driver": car.driver,
                "vehicle": car.vehicle, "number": car.number, "colour": car.colour,
                "zone": car.zone, "share": car.share, "odometer": car.odometer,
                "hole_s": car.hole_s,
                "mine": car.id in mine, "also": list(car.also), "called": list(car.called),
            }
            for car in book.cars
        ]  # fmt: skip
        screen.json_out({"cars": rows})
        return
    rows_told = [
        [
            car.number,
            car.name + (" *" if car.id in mine else ""),
            car.driver,
            car.vehicle,
            car.colour,
            car.share,
        ]
        for car in book.cars
    ]
    screen.table(["No", "car", "driver", "vehicle", "colour", "share"], rows_told)
    if mine:
        screen.talk("* the car this laptop writes for")
    for car in book.cars:
        if car.also:
            names = ", ".join(screen.visible(name) for name in car.called) or "its other file"
            screen.talk(f"{screen.visible(car.name)} is also {names}")
    for clash in find_clashes({car.id: _told_apart(car) for car in book.cars}):
        rivals = [car.folder for car in book.cars if car.id in clash.cars]
        screen.talk(clash_words(clash, rivals[-1], " ".join(rivals)))
    for problem in book.problems:
        screen.warn_problem(problem)


def _told_apart(car: Car) -> dict[str, object]:
    """What tells a car from others; its name as it was given."""
    name = car.called[-1] if car.called and not car.also else car.name
    return {"name": name, "number": car.number, "colour": car.colour}


def clash_words(clash: Clash, last: str, all_of_them: str = "") -> str:
    """One sentence on cars that share what should tell them apart, and what to type.

    last: what to type for one of them; all_of_them: for all, if they could be one.
    """
    value, count = screen.visible(clash.value), len(clash.cars)
    free = clash.free or "…"
    if clash.key != "name":
        way = f"`convoylog car set {last} {clash.key}={free}`"
        return f"{count} cars have the {clash.key} {value}: {way} gives one another"
    way = f"`convoylog car set {last} name={free}` renames one"
    if all_of_them:
        way += f"; if they are one car, say `convoylog car same {all_of_them}`"
    return f"{count} cars are called {value}: {way}"


def same(
    names: Annotated[
        list[str], typer.Argument(metavar="CAR CAR...", help="Two cars or more that are one.")
    ],
    elsewhere: Annotated[
        str,
        typer.Option(
            "--elsewhere",
            metavar="ID",
            help="The id of the same car in another logbook, for `report --hub`.",
        ),
    ] = "",
    logbook: LogbookOption = None,
) -> int:
    """Say that a car was entered twice, under two names: its recordings count as one car's.

    Both folders stay as they are. `convoylog car apart` or `undo` takes it back.

    Example:

        convoylog car same Pepper "Pepper the van"
    """
    from convoylog.files import load, store

    if elsewhere:
        return _same_elsewhere(names, elsewhere, context.find_logbook(logbook))
    if len(names) < 2:
        raise UsageError(
            "which two cars are one?", hint='convoylog car same Pepper "Pepper the van"'
        )
    root = context.find_logbook(logbook)
    book = load.read_book(root)
    # each by the id of its own file, since names may be joined already
    cars = {car.id: car for car in (here.pick_car(book, name) for name in names)}
    if len(cars) < 2:
        screen.tell(f"{screen.visible(next(iter(cars.values())).name)} is one car already")
        return 0
    first, *others = sorted(cars)
    for car in cars.values():
        if car.id not in book.views:
            raise UsageError(
                f"cars/{car.folder} has no car.toml", hint=f'convoylog car add "{car.folder}"'
            )
    with store.writing(root, "car same", now=context.now(), device=here.device()) as writer:
        for other in others:
            # one that says already whom it is the same as keeps saying so
            free = [
                key
                for key in (other, *cars[other].also)
                if not book.views[key].fields.get("same_as")
            ]
            store.edit(writer, (free or [other])[0], {"same_as": first})
    told = " and ".join(screen.visible(cars[key].name) for key in (first, *others))
    screen.tell(f"{told} are one car now, told as {screen.visible(cars[first].name)}")
    return 0


def _same_elsewhere(names: list[str], other: str, root: Path) -> int:
    """Say in this logbook that one of its cars is one of another's."""
    import re

    from convoylog.files import load, store

    if len(names) != 1 or not re.fullmatch(r"\d{8}t\d{6}z-[0-9a-z]{10}", other):
        raise UsageError(
            "one car of this logbook, and the id of one of another",
            hint="convoylog --logbook OTHER car list --json shows ids",
        )
    book = load.read_book(root)
    car = here.pick_car(book, names[0])
    ids = (car.id, *car.also)
    name = screen.visible(car.name)
    if other in (*ids, *car.elsewhere):
        screen.tell(f"{name} is said to be {other} already")
        return 0
    free = [key for key in ids if key in book.views and not book.views[key].fields.get("same_as")]
    if not free:
        raise UsageError(
            f"{car.name} is said to be another car already",
            hint=f'convoylog car apart "{car.name}"',
        )
    with store.writing(root, "car same", now=context.now(), device=here.device()) as writer:
        store.edit(writer, free[0], {"same_as": other})
    screen.tell(f"{name} is {other} of another logbook; `report --hub` tells them as one")
    return 0


def apart(
    name: Annotated[str, typer.Argument(help="A car, by any of its names.")],
    logbook: LogbookOption = None,
) -> int:
    """Take back that a car is the same as others.

    Example:

        convoylog car apart Pepper
    """
    from convoylog.files import load, store

    root = context.find_logbook(logbook)
    book = load.read_book(root)
    car = here.pick_car(book, name)
    claims = [key for key in (car.id, *car.also) if book.views[key].fields.get("same_as")]
    if not car.also and not car.elsewhere:
        screen.tell(f"{screen.visible(car.name)} is one car under one name; nothing to part")
        return 0
    with store.writing(root, "car apart", now=context.now(), device=here.device()) as writer:
        for key in claims:
            store.edit(writer, key, {"same_as": ""})
    if not car.also:
        screen.tell(f"{screen.visible(car.name)} is no car of another logbook any more")
        return 0
    screen.tell(f"{len(car.also) + 1} cars again: {', '.join(_names(book, car))}")
    return 0


def _names(book: Book, car: Car) -> list[str]:
    return [screen.visible(c.name) for c in book.apart if c.id in (car.id, *car.also)]


def set_car(
    name: Annotated[str, typer.Argument(help="The car, by name, number or folder.")],
    settings: Annotated[
        list[str], typer.Argument(metavar="KEY=VALUE...", help=f"Keys: {', '.join(KEYS)}.")
    ],
    logbook: LogbookOption = None,
) -> None:
    """Change what is said about a car. An empty value takes it out.

    Example:

        convoylog car set Pepper driver="Anna and Tom" number=44
    """
    from convoylog.files import load, store

    root = context.find_logbook(logbook)
    changes: dict[str, str | int] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or key not in KEYS:
            raise UsageError(
                f"{setting!r} is no KEY=VALUE this knows", hint=f"keys are {', '.join(KEYS)}"
            )
        check_value(key, value.strip())
        changes[key] = int(value) if key == "hole_s" and value.strip() else value.strip()
    if not changes.get("name", "x"):
        raise UsageError("a car needs a name")
    book = load.read_book(root)
    car = here.pick_car(book, name)
    if car.id not in book.views:
        raise UsageError(
            f"cars/{car.folder} has no car.toml", hint=f'convoylog car add "{car.folder}"'
        )
    writing = store.writing(root, "car set", now=context.now(), device=here.device())
    with context.as_typed(), writing as writer:
        store.edit(writer, car.id, changes)
    screen.tell(
        f"{screen.visible(car.name)}: "
        + ", ".join(f"{k} {screen.visible(str(v)) or 'taken out'}" for k, v in changes.items())
    )


def check_value(key: str, value: str) -> None:
    """Raises UsageError for a value a car cannot have."""
    if key == "zone":
        check_zone(value)
    elif key == "share":
        check_share(value)
    elif key == "hole_s" and value and not (value.isdecimal() and 30 <= int(value) <= 3600):
        raise UsageError(f"no silence of {value!r} s", hint="30 to 3600 seconds; usual are 120")
    elif key == "colour" and value and value not in COLOURS:
        raise UsageError(f"no colour {value!r}", hint=f"one of {', '.join(COLOURS)}")


def check_zone(zone: str) -> None:
    """Raises UsageError for a zone the time zone tables do not have."""
    if not zone:
        return
    import difflib
    from zoneinfo import available_timezones

    known = available_timezones()
    if zone not in known:
        near = difflib.get_close_matches(zone, known, 1, 0.5)
        raise UsageError(
            f"no time zone {zone!r}",
            hint=f"did you mean {near[0]}?" if near else "an IANA name like America/Denver",
        )


def check_share(share: str) -> None:
    """Raises UsageError for a level that is none."""
    if share not in ("", "public", "convoy", "private"):
        raise UsageError(f"no level {share!r}", hint="one of public, convoy, private")
