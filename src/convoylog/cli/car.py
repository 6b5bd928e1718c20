"""`convoylog car add|list|set`: the cars of a logbook."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, here, screen
from convoylog.cli.options import JsonOption, LogbookOption
from convoylog.errors import UsageError

if TYPE_CHECKING:
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
}
COLOURS = (
    "blue", "orange", "magenta", "green", "violet", "sky",
    "brown", "lilac", "red", "olive", "navy", "slate",
)  # fmt: skip


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
    from convoylog.errors import BadInput
    from convoylog.files import layout, toml

    if not name.strip():
        raise UsageError("a car needs a name", hint="convoylog car add Pepper")
    car_id = layout.new_id(now)
    wanted = layout.car_folder(name, given.get("number", ""))
    folder = f"{wanted}-{car_id[-10:]}" if wanted in taken else wanted
    fields = {"kind": "car", "name": name.strip(), "folder": folder}
    fields |= {key: value for key, value in given.items() if value}
    try:
        return toml.write_version(fields, entry_id=car_id)
    except BadInput as error:
        raise UsageError(f"this car cannot be written: {error}") from None


def list_cars(logbook: LogbookOption = None, json: JsonOption = False) -> None:
    """The cars of this logbook.

    Example:

        convoylog car list
    """
    from convoylog.files import load

    book = load.read_book(context.find_logbook(logbook))
    mine = here.own_cars(book.id)
    if json:
        rows = [
            {
                "id": car.id, "name": car.name, "folder": car.folder, "driver": car.driver,
                "vehicle": car.vehicle, "number": car.number, "colour": car.colour,
                "zone": car.zone, "share": car.share, "odometer": car.odometer,
                "mine": car.id in mine,
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
    for problem in book.problems:
        screen.warn_problem(problem)


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
    changes: dict[str, str] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or key not in KEYS:
            raise UsageError(
                f"{setting!r} is no KEY=VALUE this knows", hint=f"keys are {', '.join(KEYS)}"
            )
        check_value(key, value.strip())
        changes[key] = value.strip()
    if not changes.get("name", "x"):
        raise UsageError("a car needs a name")
    book = load.read_book(root)
    car = here.pick_car(book, name)
    if car.id not in book.views:
        raise UsageError(
            f"cars/{car.folder} has no car.toml", hint=f'convoylog car add "{car.folder}"'
        )
    with store.writing(root, "car set", now=context.now(), device=here.device()) as writer:
        store.edit(writer, car.id, changes)
    screen.tell(
        f"{screen.visible(car.name)}: "
        + ", ".join(f"{k} {screen.visible(v) or 'taken out'}" for k, v in changes.items())
    )


def check_value(key: str, value: str) -> None:
    """Raises UsageError for a value a car cannot have."""
    if key == "zone":
        check_zone(value)
    elif key == "share":
        check_share(value)
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
