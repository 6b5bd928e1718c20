"""`convoylog fuel`, `expense` and `odometer`: what the car took, cost and showed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, here, screen
from convoylog.cli.note import AtOption, ReplyOption, ShareOption, TagOption
from convoylog.cli.options import CarOption, LogbookOption
from convoylog.errors import UsageError

if TYPE_CHECKING:
    from convoylog.files.load import Book
    from convoylog.model.amounts import Amount, Kind
    from convoylog.model.logbook import Car, Entry

OdometerOption = Annotated[
    str,
    typer.Option(
        "--odometer", metavar="DISTANCE", help="What it showed: 154010 mi.", show_default=False
    ),
]
PhotoOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--photo",
        metavar="FILE",
        help="A photo to show with it; may be given again.",
        show_default=False,
    ),
]


def fuel(
    amount: Annotated[
        list[str], typer.Argument(metavar="AMOUNT", help="What went in: 32.1 l, 8.5 gal, 41 kWh.")
    ],
    cost: Annotated[
        str, typer.Option("--cost", metavar="MONEY", help="45.20 EUR", show_default=False)
    ] = "",
    odometer: OdometerOption = "",
    partial: Annotated[bool, typer.Option("--partial", help="It was not filled up.")] = False,
    missed: Annotated[
        bool, typer.Option("--missed", help="A fill before this one is not in the log.")
    ] = False,
    text: Annotated[str, typer.Option("--text", help="Words to it.", show_default=False)] = "",
    at: AtOption = "",
    car: CarOption = None,
    tag: TagOption = None,
    photo: PhotoOption = None,
    reply_to: ReplyOption = "",
    share: ShareOption = "",
    logbook: LogbookOption = None,
) -> int:
    """Write down a fuel stop.

    From one full tank to the next, `convoylog stats` tells what the car took. A gallon is that of
    the United States; write `impgal` for the imperial one.

    Example:

        convoylog fuel 32.1 l --cost "58.40 EUR" --odometer "154010 km"
    """
    found = _amount(amount, "fuel")
    fields: dict[str, object] = {
        "kind": "fuel", "amount": found.text, "partial": partial, "missed": missed, "text": text,
    }  # fmt: skip
    return _write(fields, cost, odometer, at, car, tag, photo, reply_to, share, logbook)


def expense(
    money: Annotated[
        list[str],
        typer.Argument(metavar='MONEY "WHAT"', help="How much, and what for: 12.50 EUR Lunch."),
    ],
    at: AtOption = "",
    car: CarOption = None,
    tag: TagOption = None,
    photo: PhotoOption = None,
    reply_to: ReplyOption = "",
    share: ShareOption = "",
    logbook: LogbookOption = None,
) -> int:
    """Write down what something cost. Currencies are kept apart, never converted.

    Example:

        convoylog expense "34.00 USD" "Motel in Goodland"
    """
    cost, what = _money(money)
    fields: dict[str, object] = {"kind": "expense", "title": what}
    return _write(fields, cost, "", at, car, tag, photo, reply_to, share, logbook)


def odometer(
    distance: Annotated[
        list[str], typer.Argument(metavar="DISTANCE", help="What it shows: 154010 mi.")
    ],
    at: AtOption = "",
    car: CarOption = None,
    tag: TagOption = None,
    photo: PhotoOption = None,
    reply_to: ReplyOption = "",
    share: ShareOption = "",
    logbook: LogbookOption = None,
) -> int:
    """Write down what the odometer shows; `convoylog stats` compares it with the track.

    Example:

        convoylog odometer "154010 mi" --at 8:15
    """
    shown = _amount(distance, "distance").text
    return _write({"kind": "odometer"}, "", shown, at, car, tag, photo, reply_to, share, logbook)


def _amount(words: list[str], kind: Kind) -> Amount:
    """An amount typed as one word or two: "32.1l", 32.1 l."""
    from convoylog.model.amounts import read_amount

    return read_amount(" ".join(words), kind)


def _money(words: list[str]) -> tuple[str, str]:
    """(money, what for), where the money may be two words. Raises UsageError."""
    from convoylog.model.amounts import read_amount

    fault: UsageError | None = None
    for count in (1, 2):
        try:
            money = read_amount(" ".join(words[:count]), "money").text
        except UsageError as error:
            fault = fault if fault is not None and "no unit" not in fault.message else error
            continue
        what = " ".join(" ".join(words[count:]).split())
        if not what:
            raise UsageError(
                "an expense without words", hint=f'convoylog expense "{money}" "Lunch"'
            )
        return money, what
    raise fault or UsageError("no money", hint='convoylog expense "12.50 EUR" "Lunch"')


def _write(
    fields: dict[str, object],
    cost: str,
    odometer: str,
    at: str,
    car: str | None,
    tag: list[str] | None,
    photo: list[Path] | None,
    reply_to: str,
    share: str,
    logbook: Path | None,
) -> int:
    """Write an entry of the car's log and say what was understood."""
    from convoylog.cli.car import check_share
    from convoylog.cli.note import add_entry, add_photo, answered, tags_of, told, warn_receipt
    from convoylog.files import load, store
    from convoylog.model.amounts import read_amount

    check_share(share)
    if cost:
        fields["cost"] = read_amount(cost, "money").text
    if odometer:
        fields["odometer"] = read_amount(odometer, "distance").text
    root = context.find_logbook(logbook)
    book = load.read_book(root) if odometer or reply_to else load.read_cars(root)
    whose = here.pick_car(book, car)
    fields["reply_to"] = answered(book, reply_to)
    instant, zone, understood = here.instant(root, book, whose, at)
    kind = str(fields["kind"])
    fields |= {"at": instant, "tags": tags_of(tag), "share": share}
    with store.writing(root, kind, now=context.now(), device=here.device()) as writer:
        if photo:
            fields["photos"] = [add_photo(writer, book, whose, path) for path in photo]
        version = add_entry(writer, book, whose, fields)
    here.remember_car(book.id, whose.id)
    told(version.id, kind, whose, understood, zone)
    said = [str(fields[key]) for key in ("amount", "cost", "odometer") if key in fields]
    screen.tell(f"  {', '.join(said)}")
    if odometer and (doubt := _falls(book, whose, str(fields["odometer"]), instant)):
        screen.talk(doubt)
        screen.talk(f"  if that is a slip of the hand: `convoylog edit {version.id}`")
    return warn_receipt(writer)


def _falls(book: Book, car: Car, shown: str, at: object) -> str:
    """A word about a reading that is lower than one before it, "" for none."""
    from datetime import datetime

    from convoylog.model.amounts import read_amount

    def before(entry: Entry) -> bool:
        return (
            entry.car == car.id
            and bool(entry.odometer)
            and entry.at is not None
            and entry.at.tzinfo is not None
            and isinstance(at, datetime)
            and entry.at < at
        )

    earlier = [entry for entry in book.entries if before(entry)]
    if not earlier:
        return ""
    last = max(earlier, key=lambda entry: (entry.at.timestamp() if entry.at else 0.0, entry.id))
    try:
        was = read_amount(last.odometer, "distance").metres or 0.0
    except UsageError:
        return ""
    now = read_amount(shown, "distance").metres or 0.0
    return f"{shown} is less than {screen.visible(last.odometer)} of {last.id}" if now < was else ""
