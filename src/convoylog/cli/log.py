"""`convoylog log`, `show`: the story so far, and one entry of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import completing, context, here, screen, units
from convoylog.cli.options import (
    DayOption,
    IdArgument,
    JsonOption,
    LegOption,
    LogbookOption,
    OnlyCarOption,
)
from convoylog.cli.rows import instant
from convoylog.errors import UsageError
from convoylog.model.threads import threaded

if TYPE_CHECKING:
    from convoylog.cli.when import WholeDay
    from convoylog.model.trip import Told, Trip


def log(
    car: OnlyCarOption = None,
    leg: LegOption = "",
    day: DayOption = "",
    tag: Annotated[
        list[str] | None,
        typer.Option(
            "--tag",
            metavar="T",
            help="Only entries with this tag; said again, with all of them.",
            show_default=False,
            autocompletion=completing.tags,
        ),
    ] = None,
    begin: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="WHEN",
            help="Only from then, or from that day, on.",
            show_default=False,
        ),
    ] = "",
    end: Annotated[
        str,
        typer.Option(
            "--to", metavar="WHEN", help="Only until then, or through that day.", show_default=False
        ),
    ] = "",
    grep: Annotated[
        str,
        typer.Option(
            "--grep", metavar="WORDS", help="Only where these words stand.", show_default=False
        ),
    ] = "",
    json: JsonOption = False,
    logbook: LogbookOption = None,
) -> int:
    """The story so far: all cars interleaved, in the local time of each place.

    Example:

        convoylog log --day 1 --grep rain
    """
    from convoylog.files import load
    from convoylog.trips.account import work_out

    root = context.find_logbook(logbook)
    book = load.read_cars(root)
    whole = load.load(root, memory=here.memory())
    trip = work_out(whole, drawn=False)
    rows = list(trip.story)
    if car is not None:
        wanted = here.pick_car(book, car).id
        rows = [row for row in rows if row.car == wanted]
    if leg:
        wanted_legs = here.pick_legs(trip, leg)
        rows = [row for row in rows if row.leg in wanted_legs]
    if day:
        told_then = set(here.pick_day(trip, day).told)
        rows = [row for row in rows if row.id in told_then]
    for word in tag or []:
        rows = [row for row in rows if word.lstrip("#") in row.tags]
    if grep:
        rows = [
            row
            for row in rows
            if grep.casefold() in f"{row.title}\n{row.text}\n{' '.join(row.tags)}".casefold()
        ]
    bounds: tuple[tuple[str, bool, WholeDay], ...] = ((begin, True, "start"), (end, False, "end"))
    for bound, after, whole_day in bounds:
        if bound:
            whose = here.pick_car(book, car) if car or not book.cars else book.cars[0]
            found = here.instant(root, book, whose, bound, whole_day=whole_day)
            limit = found[0].timestamp()
            rows = [r for r in rows if r.placed.at is not None and (r.placed.at >= limit) == after]
    names = {c.car.id: c.car.name for c in trip.cars}
    if json:
        paths = {photo.sha256: photo.path for photo in whole.photos}
        screen.json_out({"entries": [entry_row(row, names, paths) for row in rows]})
        return 0
    telling = _Telling(trip, names)
    last = ""
    for heading, group in itertools.groupby(rows, _heading):
        if heading != last:
            screen.tell(("" if not last else "\n"), (heading, "bold"))
            last = heading
        for depth, row in threaded(list(group)):
            telling.tell(row, depth)
    if not rows:
        screen.talk(
            "nothing to tell" if trip.story else 'nothing yet: write with `convoylog note "..."`'
        )
    for problem in trip.problems:
        screen.warn_problem(problem)
    return 0


def local_time(row: Told) -> datetime | None:
    """The local time of an entry's place, with its offset."""
    if row.placed.at is None:
        return None
    try:
        zone = timezone(timedelta(seconds=row.placed.offset_s))
        return datetime.fromtimestamp(row.placed.at, UTC).astimezone(zone)
    except (ValueError, OverflowError, OSError):
        return None


def how_told(row: Told) -> str:
    """In words how an entry got its place: "by time, ±40 m"."""
    placed = row.placed
    words = {
        "given": "as told",
        "gps": "by its own GPS",
        "between": "by time",
        "parked": "parked",
        "held": "near by time",
    }
    if placed.how == "unplaced":
        return "place not known"
    error = f", ±{placed.error_m:,.0f} m" if placed.error_m is not None else ""
    return f"{words.get(placed.how, placed.how)}{error}"


def _heading(row: Told) -> str:
    date = local_time(row)
    return f"{date:%A} {date.day} {date:%B %Y}" if date else "when is not known"


class _Telling:
    """The story's rows as lines. Answers of the same day stand below what they answer, others are
    named there."""

    def __init__(self, trip: Trip, names: dict[str, str]) -> None:
        self.names = names
        self.by_id = {row.id: row for row in trip.story}
        self.answers: dict[str, list[Told]] = {}
        for row in trip.story:
            if row.reply_to:
                self.answers.setdefault(row.reply_to, []).append(row)

    def tell(self, row: Told, depth: int = 0) -> None:
        # nobody reads a fourth indent
        edge = "      " * min(depth, 3)
        date = local_time(row)
        clock = f"{date:%H:%M}" if date else "--:--"
        place = f", {screen.visible(row.place)}" if row.place else ""
        what = "" if row.kind == "note" else f" [{row.kind}]"
        screen.tell(
            f"{edge[:-2]}{'↳ ' if edge else ''}{clock} ",
            (self._who(row), "bold"),
            f"{what}{place} ",
            (f"({how_told(row)}) {row.id}", "dim"),
        )
        edge += "      "
        if row.reply_to and not depth:
            screen.tell((f"{edge}> {self._answered(row)}", "dim"))
        if row.title.strip():
            screen.tell(f"{edge}{screen.visible(row.title)}")
        for pieces in _lines(row):
            screen.tell(edge, *pieces)
        entry = row.entry
        facts = [f for f in (entry.amount, entry.cost, entry.odometer) if f] if entry else []
        facts += ["not filled up"] if entry and entry.partial else []
        facts += ["a fill before it is missing"] if entry and entry.missed else []
        if facts:
            screen.tell(f"{edge}{screen.visible(', '.join(facts))}")
        if row.photos and row.kind != "photo":  # which says so itself
            screen.tell((f"{edge}{units.counted(len(row.photos), 'photo')}", "dim"))
        if row.tags:
            screen.tell((f"{edge}{' '.join('#' + screen.visible(tag) for tag in row.tags)}", "dim"))
        for doubt in row.placed.unsure:
            screen.tell((f"{edge}? {screen.visible(doubt)}", "yellow"))
        if entry and entry.disputed:
            screen.tell((f"{edge}changed in two ways: `convoylog resolve {row.id}`", "yellow"))
        for answer in self.answers.get(row.id, ()):
            if _heading(answer) != _heading(row):
                screen.tell((f"{edge}< {self._who(answer)}, {self._when(answer)}", "dim"))

    def _who(self, row: Told) -> str:
        return screen.visible(self.names.get(row.car, "?"))

    def _when(self, row: Told) -> str:
        date = local_time(row)
        when = f"{date:%a} {date.day} {date:%b, %H:%M}" if date else "when is not known"
        return f"{when}: {_first_line(row)}"

    def _answered(self, row: Told) -> str:
        answered = self.by_id.get(row.reply_to)
        if answered is None:
            return "answers a note that has not arrived"
        if _heading(answered) == _heading(row):
            return f"{self._who(answered)}: {_first_line(answered)}"
        return f"{self._who(answered)}, {self._when(answered)}"


def _first_line(row: Told) -> str:
    line = (row.title or row.text).strip().split("\n")[0]
    return screen.visible(line[:60]) + ("…" if len(line) > 60 else "") or row.kind


def _lines(row: Told) -> Iterator[list[screen.Piece]]:
    """The text line by line, the cars it speaks to in colour."""
    begin = 0
    for line in row.text.split("\n"):
        end = begin + len(line)
        pieces: list[screen.Piece] = []
        at = begin
        for mention in row.mentions:
            # a name broken over two lines is not coloured
            if begin <= mention.begin and mention.end <= end:
                pieces.append(screen.visible(row.text[at : mention.begin]))
                pieces.append((screen.visible(row.text[mention.begin : mention.end]), "cyan"))
                at = mention.end
        pieces.append(screen.visible(row.text[at:end]))
        if line.strip():
            yield pieces
        begin = end + 1


def entry_row(row: Told, names: dict[str, str], paths: dict[str, str]) -> dict[str, object]:
    """An entry of the story as `cli.md` promises it. paths: SHA-256 of a photo → its file."""
    date = local_time(row)
    photos = [paths.get(sha) for sha in row.photos]
    return {
        "id": row.id, "kind": row.kind, "at": instant(row.placed.at), "local": date.isoformat() if date else None,
        "zone": row.placed.zone or None, "car": names.get(row.car, ""), "title": row.title, "text": row.text,
        "tags": list(row.tags), "photo": next(iter(photos), None), "photos": photos,
        "lat": row.placed.lat, "lon": row.placed.lon, "how": row.placed.how, "error_m": row.placed.error_m,
        "place": row.place or None, "leg": row.leg or None, "reply_to": row.reply_to or None, "share": row.share,
        "mentions": list(dict.fromkeys(names.get(m.car, "") for m in row.mentions)),
        "versions": len(row.entry.versions) if row.entry else 1, "unsure": list(row.placed.unsure),
        "amount": (row.entry.amount or None) if row.entry else None,
        "cost": (row.entry.cost or None) if row.entry else None,
        "odometer": (row.entry.odometer or None) if row.entry else None,
        "partial": row.entry.partial if row.entry else False, "missed": row.entry.missed if row.entry else False,
    }  # fmt: skip


def found_in(logbook_trip: Trip, wanted: str) -> Told:
    """The row whose id, or its part after the time, begins so. Raises UsageError."""
    text = wanted.lower()
    found = [r for r in logbook_trip.story if r.id.startswith(text)] or [
        r for r in logbook_trip.story if r.id[17:].startswith(text)
    ]
    if len(found) != 1:
        raise UsageError(
            f"{len(found)} entries begin with {wanted!r}" if found else f"no entry {wanted!r} here",
            hint="`convoylog log` shows the ids",
        )
    return found[0]


def show(
    entry: IdArgument,
    json: JsonOption = False,
    logbook: LogbookOption = None,
) -> int:
    """One entry whole, with what it was before and what is in dispute.

    Example:

        convoylog show 20270503t101500z-k7
    """
    from convoylog.files import load
    from convoylog.files.scan import kept_versions
    from convoylog.files.source import Folder
    from convoylog.trips.account import work_out

    root = context.find_logbook(logbook)
    whole = load.load(root, memory=here.memory())
    trip = work_out(whole, drawn=False)
    row = found_in(trip, entry)
    names = {c.car.id: c.car.name for c in trip.cars}
    kept = kept_versions(Folder(root), [row.id])[0].get(row.id, ()) if row.entry else ()
    live = set(row.entry.versions) if row.entry else set()
    if json:
        document = entry_row(row, names, {photo.sha256: photo.path for photo in whole.photos})
        document["disputed"] = [
            {"field": d.field, "values": [{"version": h, "value": value} for h, value in d.values]}
            for d in (row.entry.disputed if row.entry else ())
        ]
        document["kept"] = [version.hash for version in kept]
        screen.json_out(document)
        return 0
    telling = _Telling(trip, names)
    telling.tell(row)
    screen.tell(f"      {row.id}, shared {row.share}")
    for answer in telling.answers.get(row.id, ()):
        who = screen.visible(names.get(answer.car, "?"))
        screen.tell(f"      answered by {who}: {_first_line(answer)}")
    for dispute in row.entry.disputed if row.entry else ():
        screen.tell((f"  {screen.visible(dispute.field)} was changed in two ways:", "yellow"))
        for version, value in dispute.values:
            screen.tell(
                f"    {version[:8]}  {screen.visible(str(value)) if value is not None else '(taken out)'}"
            )
    older = [version for version in kept if version.hash not in live]
    if older:
        screen.tell(
            (
                f"      {units.counted(len(older), 'earlier version')} kept in .convoylog/versions/{row.id}",
                "dim",
            )
        )
    return 0
