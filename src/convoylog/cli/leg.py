"""`convoylog leg start|stop|add|list`: legs a person declares, and those the tracks tell."""

from __future__ import annotations

from typing import Annotated

import typer

from convoylog.cli import context, here, screen
from convoylog.cli.note import AtOption, add_entry, told, warn_receipt
from convoylog.cli.options import CarOption, JsonOption, LogbookOption
from convoylog.errors import UsageError

TitleArgument = Annotated[str, typer.Argument(metavar="TITLE", help="What the leg is called.")]


def start(
    title: TitleArgument, at: AtOption = "", car: CarOption = None, logbook: LogbookOption = None
) -> int:
    """Begin a leg now, or at another time.

    Example:

        convoylog leg start "Over the Divide"
    """
    from convoylog.files import load, store

    root = context.find_logbook(logbook)
    book = load.read_book(root)
    whose = here.pick_car(book, car)
    running = [e for e in book.entries if e.kind == "leg" and e.car == whose.id and e.until is None]
    if running:
        raise UsageError(
            f"the leg {running[-1].title!r} is still running", hint="convoylog leg stop"
        )
    instant, zone, understood = here.instant(root, book, whose, at)
    with store.writing(root, "leg start", now=context.now(), device=here.device()) as writer:
        version = add_entry(writer, book, whose, {"kind": "leg", "at": instant, "title": title})
    here.remember_car(book.id, whose.id)
    told(version.id, "leg", whose, understood, zone)
    return warn_receipt(writer)


def stop(at: AtOption = "", car: CarOption = None, logbook: LogbookOption = None) -> int:
    """End the leg that is running.

    Example:

        convoylog leg stop
    """
    from convoylog.files import load, store

    root = context.find_logbook(logbook)
    book = load.read_book(root)
    whose = here.pick_car(book, car)
    running = [e for e in book.entries if e.kind == "leg" and e.car == whose.id and e.until is None]
    if not running:
        raise UsageError("no leg is running", hint='convoylog leg start "Over the Divide"')
    leg = running[-1]
    instant, _, understood = here.instant(root, book, whose, at)
    if leg.at is not None and leg.at.tzinfo is not None and instant <= leg.at:
        raise UsageError(f"{understood} is before the leg began", hint=f"convoylog show {leg.id}")
    with store.writing(root, "leg stop", now=context.now(), device=here.device()) as writer:
        store.edit(writer, leg.id, {"until": instant})
    screen.tell(f"ended the leg {screen.visible(leg.title)}: {understood}")
    return warn_receipt(writer)


def add(
    title: TitleArgument,
    begin: Annotated[str, typer.Option("--from", metavar="WHEN", help="When it began.")],
    end: Annotated[str, typer.Option("--to", metavar="WHEN", help="When it ended.")],
    car: CarOption = None,
    logbook: LogbookOption = None,
) -> int:
    """Declare a leg of the past.

    Example:

        convoylog leg add "Over the Divide" --from "2027-05-03 09:00" --to "2027-05-03 17:30"
    """
    from convoylog.files import load, store

    root = context.find_logbook(logbook)
    book = load.read_cars(root)
    whose = here.pick_car(book, car)
    first, _, began = here.instant(root, book, whose, begin)
    last, _, ended = here.instant(root, book, whose, end)
    if last <= first:
        raise UsageError(f"it would end ({ended}) before it begins ({began})")
    fields: dict[str, object] = {"kind": "leg", "at": first, "until": last, "title": title}
    with store.writing(root, "leg add", now=context.now(), device=here.device()) as writer:
        version = add_entry(writer, book, whose, fields)
    here.remember_car(book.id, whose.id)
    told(version.id, "leg", whose, f"{began} to {ended}", "")
    return warn_receipt(writer)


def list_legs(
    car: CarOption = None, json: JsonOption = False, logbook: LogbookOption = None
) -> None:
    """The legs of the trip: declared ones, and those found in the tracks.

    Example:

        convoylog leg list
    """
    from convoylog.cli.stats import leg_row, tell_legs, worked_out

    _, chosen = worked_out(logbook, car)
    if json:
        rows = [{"car": c.car.name, "legs": [leg_row(leg) for leg in c.legs]} for c in chosen]
        screen.json_out({"cars": rows})
        return
    tell_legs(chosen)
