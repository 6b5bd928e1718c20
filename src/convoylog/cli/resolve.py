"""`convoylog resolve`: choosing between values that were written apart."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import completing, context, here, screen, units
from convoylog.cli.options import LogbookOption
from convoylog.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from convoylog.files.load import Book
    from convoylog.files.store import Writer
    from convoylog.model.logbook import Disputed
    from convoylog.model.versions import View


def resolve(
    entry: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            help="An entry that was changed in two ways, or a car's name; without it, all of them.",
            show_default=False,
            autocompletion=completing.entries,
        ),
    ] = None,
    take: Annotated[
        list[str] | None,
        typer.Option(
            "--take",
            metavar="FIELD=N",
            help="Settle a field without asking: its N-th value.",
            show_default=False,
        ),
    ] = None,
    logbook: LogbookOption = None,
) -> int:
    """Choose between values that were written apart. What you don't choose stays open.

    Without an ID it goes through all of them on a terminal, and lists them elsewhere. Each choice
    is kept when its entry is done, also if you leave with `q` or Ctrl-C.

    Example:

        convoylog resolve 20270503t101500z-k7 --take text=1
    """
    from convoylog.files import load

    root = context.find_logbook(logbook)
    book = load.read_book(root)
    chosen = _chosen(take or [])
    if entry is not None:
        return _one(root, book, _picked(book, entry), chosen)
    if chosen:
        raise UsageError(
            "whose field? Say it with the ID", hint="convoylog resolve ID --take text=1"
        )
    open_ones = [v for _, v in sorted(book.views.items()) if v.disputed]
    if not open_ones:
        screen.tell("nothing was changed in two ways; nothing to choose")
        return 0
    if not sys.stdin.isatty():
        for v in open_ones:
            _tell_entry(book, v)
            for dispute in v.disputed:
                _tell_values(dispute)
        screen.talk("settle one with `convoylog resolve ID --take FIELD=N`")
        return 1
    return _walk(root, book, [v.id for v in open_ones])


def _chosen(takes: Sequence[str]) -> dict[str, int]:
    chosen: dict[str, int] = {}
    for choice in takes:
        name, _, number = choice.partition("=")
        if not number.isdecimal() or int(number) < 1:
            raise UsageError(f"{choice!r} is no FIELD=N", hint="--take text=1")
        chosen[name] = int(number)
    return chosen


def _picked(book: Book, wanted: str) -> str:
    """The id of an entry or car. Raises UsageError."""
    text = wanted.lower()
    found = [key for key in book.views if key.startswith(text)] or [
        key for key in book.views if key[17:].startswith(text)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        try:
            return here.pick_car(book, wanted).id
        except UsageError:
            pass
    return here.pick_entry(book.entries, wanted).id


def _one(root: Path, book: Book, entry_id: str, chosen: dict[str, int]) -> int:
    """Settle one entry: by the fields chosen already, else by asking."""
    from convoylog.files import store

    with store.writing(root, "resolve", now=context.now(), device=here.device()) as writer:
        now = _now(writer, entry_id)
        if len(now.live) == 1 and not now.disputed:
            screen.tell(f"{entry_id} says one thing only; nothing to choose")
            return 0
        _tell_entry(book, now)
        known = {dispute.field for dispute in now.disputed}
        if set(chosen) - known:
            raise UsageError(
                f"{', '.join(sorted(set(chosen) - known))}: not in dispute here",
                hint=f"convoylog show {entry_id}",
            )
        asked = _ask(now, chosen)
        if asked.settled or not now.disputed:
            _settle(writer, now, asked.settled)
    left = len(now.disputed) - len(asked.settled)
    screen.tell(
        f"settled {units.counted(len(asked.settled), 'field')}"
        + (f", {left} left open" if left else "")
    )
    if asked.stopped:
        raise KeyboardInterrupt
    if left and not chosen and not sys.stdin.isatty():
        screen.talk("settle it with `convoylog resolve ID --take FIELD=N`")
        return 1
    return 0


def _walk(root: Path, book: Book, entries: Sequence[str]) -> int:
    """All disputes one after another; each entry is written before the next is asked about."""
    from convoylog.files import store

    settled = fields = 0
    for number, entry_id in enumerate(entries, 1):
        with store.writing(root, "resolve", now=context.now(), device=here.device()) as writer:
            now = _now(writer, entry_id)
            if not now.disputed:
                continue
            screen.tell((f"{number} of {len(entries)}  ", "dim"))
            _tell_entry(book, now)
            asked = _ask(now, {})
            if asked.settled:
                _settle(writer, now, asked.settled)
                settled += 1
                fields += len(asked.settled)
        if asked.stopped or asked.quit:
            _told_so_far(fields, settled)
            if asked.stopped:
                raise KeyboardInterrupt
            return 0
    _told_so_far(fields, settled)
    return 0


def _told_so_far(fields: int, entries: int) -> None:
    words = "entry" if entries == 1 else "entries"
    screen.tell(f"settled {units.counted(fields, 'field')} in {entries} {words}")


def _now(writer: Writer, entry_id: str) -> View:
    from convoylog.files import store
    from convoylog.model.versions import view

    return view(store.current(writer, entry_id)[1])


class _Asked:
    """settled: field → value chosen. quit: the person had enough. stopped: by Ctrl-C."""

    def __init__(self) -> None:
        self.settled: dict[str, object] = {}
        self.quit = self.stopped = False


def _ask(now: View, chosen: dict[str, int]) -> _Asked:
    asked = _Asked()
    for dispute in now.disputed:
        _tell_values(dispute)
        wanted = chosen.get(dispute.field, 0)
        if not wanted and not chosen:
            answer = _answer(len(dispute.values), asked)
            if asked.quit or asked.stopped:
                break
            wanted = answer
        if wanted > len(dispute.values):
            raise UsageError(f"{dispute.field} has only {len(dispute.values)} values")
        if wanted:
            asked.settled[dispute.field] = dispute.values[wanted - 1][1]
    return asked


def _answer(most: int, asked: _Asked) -> int:
    """A number typed on a terminal; 0 leaves it open. `q` and Ctrl-C are noted in `asked`."""
    if not sys.stdin.isatty():
        return 0
    while True:
        screen.talk(f"which one? 1 to {most}, nothing to leave it open, q to stop")
        try:
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            asked.stopped = True
            return 0
        answer = line.strip().lower()
        if not line or answer in ("q", "quit"):
            asked.quit = True
            return 0
        if not answer:
            return 0
        if answer.isdecimal() and 0 < int(answer) <= most:
            return int(answer)


def _settle(writer: Writer, now: View, settled: dict[str, object]) -> None:
    from convoylog.files import revisions, store

    version = revisions.settle(now, {**now.fields, **settled}, settled)
    for old in now.live:
        writer.keep(old)
    writer.put(version, store.open_scan(writer))


def _tell_entry(book: Book, v: View) -> None:
    fields = v.fields
    kind = str(fields.get("kind", "note"))
    names = {car.id: car.name for car in book.cars}
    who = names.get(v.id if kind == "car" else str(fields.get("car", "")), "")
    at = fields.get("at")
    when = f", {at:%a} {at.day} {at:%b %Y %H:%M}" if hasattr(at, "day") else ""
    screen.tell(
        (f"{screen.visible(who or kind)}", "bold"),
        f", {kind}{when} " if who else f"{when} ",
        (v.id, "dim"),
    )


def _tell_values(dispute: Disputed) -> None:
    screen.tell(f"  {screen.visible(dispute.field)}:")
    for place, (_, value) in enumerate(dispute.values, 1):
        lines = str(value).split("\n") if value is not None else ["(taken out)"]
        screen.tell(f"    {place}  {screen.visible(lines[0])}")
        for line in lines[1:]:
            screen.tell(f"       {screen.visible(line)}")
