"""`convoylog note`: one entry in the driver's own words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import completing, context, here, screen
from convoylog.cli.options import CarOption, LogbookOption
from convoylog.errors import ConvoylogError, UsageError

if TYPE_CHECKING:
    from convoylog.files.load import Book
    from convoylog.files.store import Writer
    from convoylog.model.logbook import Car
    from convoylog.model.versions import Version

TextArgument = Annotated[
    str | None,
    typer.Argument(
        metavar='["TEXT"]',
        help="The words; `-` reads standard input, none opens the editor.",
        show_default=False,
    ),
]
AtOption = Annotated[
    str,
    typer.Option(
        "--at",
        metavar="WHEN",
        help="When it was: 18:30, yesterday 9pm, 2010-08-05 18:30. [default: now]",
        show_default=False,
    ),
]
TagOption = Annotated[
    list[str] | None,
    typer.Option(
        "--tag",
        metavar="T",
        help="A tag; may be given again.",
        show_default=False,
        autocompletion=completing.tags,
    ),
]
ReplyOption = Annotated[
    str,
    typer.Option(
        "--reply-to",
        metavar="ID",
        help="The entry it answers, in any car's log.",
        show_default=False,
        autocompletion=completing.entries,
    ),
]
ShareOption = Annotated[
    str,
    typer.Option(
        "--share",
        metavar="LEVEL",
        help="public, convoy or private. [default: the car's]",
        show_default=False,
    ),
]


def note(
    text: TextArgument = None,
    at: AtOption = "",
    car: CarOption = None,
    tag: TagOption = None,
    photo: Annotated[
        list[Path] | None,
        typer.Option(
            "--photo",
            metavar="FILE",
            help="A photo to show with it; may be given again.",
            show_default=False,
        ),
    ] = None,
    reply_to: ReplyOption = "",
    title: Annotated[str, typer.Option("--title", help="A heading.", show_default=False)] = "",
    share: ShareOption = "",
    logbook: LogbookOption = None,
) -> int:
    """Write one note into your car's log.

    Example:

        convoylog note "Lost the others in the rain." --at 16:40 --tag rain
    """
    from convoylog.cli.car import check_share
    from convoylog.files import load, store

    root = context.find_logbook(logbook)
    check_share(share)
    book = load.read_book(root) if reply_to else load.read_cars(root)
    whose = here.pick_car(book, car)
    whom = answered(book, reply_to)
    instant, zone, understood = here.instant(root, book, whose, at)
    words = text_of(text)
    if not words.strip():
        raise UsageError("a note without words", hint='convoylog note "Rain over the pass."')
    fields: dict[str, object] = {
        "kind": "note", "at": instant, "title": title, "text": words.strip(),
        "tags": tags_of(tag), "reply_to": whom, "share": share,
    }  # fmt: skip
    with store.writing(root, "note", now=context.now(), device=here.device()) as writer:
        if photo:
            fields["photos"] = [add_photo(writer, book, whose, path) for path in photo]
        version = add_entry(writer, book, whose, fields)
    here.remember_car(book.id, whose.id)
    told(version.id, "note", whose, understood, zone)
    return warn_receipt(writer)


def answered(book: Book, wanted: str) -> str:
    """The id of the entry that is answered, of whichever car; a whole id may still be on its way.

    Raises UsageError.
    """
    from convoylog.files import layout

    if not wanted:
        return ""
    if layout.is_id(wanted.lower()) and all(e.id != wanted.lower() for e in book.entries):
        screen.talk("it answers a note that has not arrived here")
        return wanted.lower()
    return here.pick_entry(book.entries, wanted).id


def add_entry(writer: Writer, book: Book, car: Car, fields: dict[str, object]) -> Version:
    """Write a new entry of a car. Empty values are left out. Raises UsageError."""
    from convoylog.files import door, layout, load, toml

    kept = {key: value for key, value in fields.items() if value not in ("", (), [], None, False)}
    kept = {"kind": kept.pop("kind"), "car": car.id, **kept}
    with context.as_typed():
        door.check(kept)
        at = kept.get("at", writer.now)
        version = toml.write_version(kept, entry_id=layout.new_id(at))  # type: ignore[arg-type]
    if car.id not in book.views:
        load_car = layout.entry_path(car.folder, "car", car.id)
        raise ConvoylogError(
            f"no {load_car}: this folder is no car yet", hint=f'convoylog car add "{car.name}"'
        )
    writer.add(version, load.folder_of(book, car.id) or car.folder)
    return version


def add_photo(writer: Writer, book: Book, car: Car, path: Path) -> str:
    """Bring a photo in, if it is not here, and return its SHA-256. Raises UsageError."""
    from convoylog.cli.adder import instant_of
    from convoylog.files import adding
    from convoylog.files.candidates import Candidate
    from convoylog.files.examining import examine

    row, content = examine(Candidate(str(path), path))
    if row.kind != "photo":
        raise UsageError(
            f"{path}: {row.reason or 'is no photo'}", hint="tracks come in with `convoylog add`"
        )
    shelf = adding.Shelf(book.found, car.id, car.folder)
    done = adding.add_one(
        writer, row, content, shelf, book.views.values(), lambda r: instant_of(r, car.zone)
    )
    return done.sha256


def text_of(given: str | None) -> str:
    """The words: as given, from standard input for `-`, from the editor without any."""
    if given == "-":
        return sys.stdin.read()
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise UsageError("a note without words", hint="`convoylog note -` reads standard input")
    from convoylog.cli.edit import from_editor

    return from_editor("", suffix=".md")


def tags_of(given: list[str] | None) -> list[str]:
    """Tags without their sign, each once, in the order given. Raises UsageError for an empty one."""
    tags = [tag.strip().lstrip("#") for tag in given or []]
    if any(not tag for tag in tags):
        raise UsageError("an empty tag", hint="--tag rain")
    return list(dict.fromkeys(tags))


def told(entry_id: str, kind: str, car: Car, understood: str, zone: str) -> None:
    """Say what was saved, and the instant as it was understood."""
    screen.tell(
        f"saved {kind} {entry_id} of {screen.visible(car.name)}: {understood}"
        + (f" ({zone})" if zone and zone not in understood else "")
    )


def warn_receipt(writer: Writer) -> int:
    """The exit code: 0, also where only the receipt is missing, which is said."""
    if writer.receipt_missing:
        screen.talk("saved, but its receipt could not be written; run `convoylog check`")
    return 0
