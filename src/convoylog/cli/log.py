"""`convoylog log`, `show`: the story so far, and one entry of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, here, screen, units
from convoylog.cli.options import CarOption, JsonOption, LogbookOption
from convoylog.cli.rows import instant
from convoylog.errors import UsageError

if TYPE_CHECKING:
    from convoylog.model.trip import Told, Trip


def log(
    car: CarOption = None,
    leg: Annotated[
        str,
        typer.Option("--leg", help="Only this leg, by a part of its title.", show_default=False),
    ] = "",
    day: Annotated[
        str,
        typer.Option("--day", help="Only this day: 2027-05-03, or its number.", show_default=False),
    ] = "",
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", help="Only entries with this tag.", show_default=False),
    ] = None,
    begin: Annotated[
        str, typer.Option("--from", metavar="WHEN", help="Only from then on.", show_default=False)
    ] = "",
    end: Annotated[
        str, typer.Option("--to", metavar="WHEN", help="Only until then.", show_default=False)
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
        rows = [row for row in rows if leg.casefold() in row.leg.casefold()]
    if day:
        wanted_day = _day(trip, day)
        rows = [row for row in rows if row.id in wanted_day]
    for word in tag or []:
        rows = [row for row in rows if word.lstrip("#") in row.tags]
    if grep:
        rows = [
            row
            for row in rows
            if grep.casefold() in f"{row.title}\n{row.text}\n{' '.join(row.tags)}".casefold()
        ]
    for bound, after in ((begin, True), (end, False)):
        if bound:
            whose = here.pick_car(book, car) if len(book.cars) != 1 and car else book.cars[0]
            limit = here.instant(root, book, whose, bound)[0].timestamp()
            rows = [r for r in rows if r.placed.at is not None and (r.placed.at >= limit) == after]
    names = {c.car.id: c.car.name for c in trip.cars}
    if json:
        paths = {photo.sha256: photo.path for photo in whole.photos}
        screen.json_out({"entries": [entry_row(row, names, paths) for row in rows]})
        return 0
    last = ""
    for row in rows:
        date = local_time(row)
        heading = f"{date:%A} {date.day} {date:%B %Y}" if date else "when is not known"
        if heading != last:
            screen.tell(("" if not last else "\n"), (heading, "bold"))
            last = heading
        _tell(row, names, trip)
    if not rows:
        screen.talk(
            "nothing to tell" if trip.story else 'nothing yet: write with `convoylog note "..."`'
        )
    for problem in trip.problems:
        screen.warn_problem(problem)
    return 0


def _day(trip: Trip, day: str) -> set[str]:
    for found in trip.days:
        if day in (found.day, str(found.number)):
            return set(found.told)
    known = ", ".join(f"{d.number} = {d.day}" for d in trip.days) or "none yet"
    raise UsageError(f"no day {day!r}", hint=f"days are {known}")


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


def _tell(row: Told, names: dict[str, str], trip: Trip) -> None:
    date = local_time(row)
    clock = f"{date:%H:%M}" if date else "--:--"
    place = f", {screen.visible(row.place)}" if row.place else ""
    what = "" if row.kind == "note" else f" [{row.kind}]"
    screen.tell(
        (f"{clock} ", ""),
        (screen.visible(names.get(row.car, "?")), "bold"),
        f"{what}{place} ",
        (f"({how_told(row)}) {row.id}", "dim"),
    )
    answered = next((r for r in trip.story if r.id == row.reply_to), None)
    if row.reply_to:
        quoted = (
            f"{names.get(answered.car, '?')}: {answered.text.split(chr(10))[0][:60]}"
            if answered
            else "a note that has not arrived"
        )
        screen.tell(("      > ", "dim"), (screen.visible(quoted), "dim"))
    for line in (row.title, *row.text.split("\n")):
        if line.strip():
            screen.tell(f"      {screen.visible(line)}")
    entry = row.entry
    facts = [fact for fact in (entry.amount, entry.cost, entry.odometer) if fact] if entry else []
    if facts:
        screen.tell(f"      {screen.visible(', '.join(facts))}")
    if row.photos:
        screen.tell((f"      {units.counted(len(row.photos), 'photo')}", "dim"))
    if row.tags:
        screen.tell((f"      {' '.join('#' + screen.visible(tag) for tag in row.tags)}", "dim"))
    for doubt in row.placed.unsure:
        screen.tell((f"      ? {screen.visible(doubt)}", "yellow"))
    if entry and entry.disputed:
        screen.tell((f"      changed in two ways: `convoylog resolve {row.id}`", "yellow"))


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
        "versions": len(row.entry.versions) if row.entry else 1, "unsure": list(row.placed.unsure),
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
    entry: Annotated[
        str, typer.Argument(metavar="ID", help="An entry's id, or any unique beginning of it.")
    ],
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
    _tell(row, names, trip)
    screen.tell(f"      {row.id}, shared {row.share}")
    answers = [r for r in trip.story if r.reply_to == row.id]
    for answer in answers:
        first_line = answer.text.split("\n")[0][:60]
        who = screen.visible(names.get(answer.car, "?"))
        screen.tell(f"      answered by {who}: {screen.visible(first_line)}")
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
