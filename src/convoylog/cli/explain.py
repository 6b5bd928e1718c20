"""`convoylog explain`: why an entry or a photo stands where it stands."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import completing, context, here, screen
from convoylog.cli.log import entry_row, found_in, how_told, local_time
from convoylog.cli.options import JsonOption, LogbookOption
from convoylog.cli.stats_carlog import about
from convoylog.errors import UsageError

if TYPE_CHECKING:
    from convoylog.model.logbook import Logbook
    from convoylog.model.trip import Told, Trip
    from convoylog.trips.cameras import Seen, Shot


def explain(
    entry: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="An entry's or photo's id, or a beginning of it; or the name a photo had.",
            autocompletion=completing.entries,
        ),
    ],
    json: JsonOption = False,
    logbook: LogbookOption = None,
) -> int:
    """Why an entry or photo stands where it stands: step by step, and what would make it surer.

    Example:

        convoylog explain 20270503t101512z-9be0
    """
    from convoylog.files import load
    from convoylog.trips.account import work_out

    root = context.find_logbook(logbook)
    whole = load.load(root, memory=here.memory())
    trip = work_out(whole, drawn=False)
    row, seen, shot = _picked(root, whole, trip, entry)
    better = _better(row, seen, shot)
    logged = [line for c in trip.cars if c.car.id == row.car for line in about(c.log, row.id)]
    names = {c.car.id: c.car.name for c in trip.cars}
    if json:
        paths = {photo.sha256: photo.path for photo in whole.photos}
        document = entry_row(row, names, paths)
        document |= {
            "camera": seen.key if seen else None,
            "clock_by": (shot.instant.by or None) if shot else None,
            "evidence": list(row.placed.evidence),
            "better": list(better),
            "car_log": logged,
        }
        screen.json_out(document)
        return 0
    date = local_time(row)
    screen.tell((row.id, "bold"), f"  {row.kind} of {screen.visible(names.get(row.car, '?'))}")
    screen.tell(
        f"  when   {date:%a} {date.day} {date:%b %Y, %H:%M:%S %z} {row.placed.zone}"
        if date
        else "  when   not known"
    )
    screen.tell(f"  where  {_where(row)} ({how_told(row)})")
    if seen is not None:
        called = f"{seen.name} ({seen.key})" if seen.name else seen.key
        screen.tell(f"  camera {screen.visible(called)}")
    _lines("because", row.placed.evidence)
    _lines("of the car's log", tuple(logged))
    _lines("in doubt", row.placed.unsure, "yellow")
    _lines("surer with", better)
    return 0


def _where(row: Told) -> str:
    placed = row.placed
    if placed.lat is None or placed.lon is None:
        return "not known"
    return f"{placed.lat:.5f}, {placed.lon:.5f}  {screen.visible(row.place)}".rstrip()


def _lines(heading: str, lines: tuple[str, ...], style: str = "") -> None:
    if lines:
        screen.tell((f"  {heading}", style))
    for line in lines:
        screen.tell((f"  - {screen.visible(line)}", style))


def _picked(
    root: Path, whole: Logbook, trip: Trip, wanted: str
) -> tuple[Told, Seen | None, Shot | None]:
    """The row meant; for a photo also its camera and reading, also where a note shows it."""
    from convoylog.cli.cameras import find_photo
    from convoylog.trips.cameras import cameras_of

    try:
        row = found_in(trip, wanted)
        if row.kind != "photo":
            return row, None, None
        sha256, car = row.photos[0], row.car
    except UsageError as error:
        try:
            photo = find_photo(root, whole, wanted)
        except UsageError:
            raise error from None
        row, sha256, car = None, photo.sha256, photo.car
    for seen in cameras_of(whole, cars={car}):
        for shot in seen.shots:
            if shot.photo.sha256 == sha256:
                return row or _shown(whole, seen, shot), seen, shot
    raise UsageError(f"{wanted} belongs to no car here", hint="convoylog car list")


def _shown(whole: Logbook, seen: Seen, shot: Shot) -> Told:
    """A photo that is told with a note, as if it stood alone: where it was taken."""
    from dataclasses import replace

    from convoylog.model.trip import Told
    from convoylog.trips.packed import PackedGround

    placed, place = shot.placed, ""
    if placed.lat is not None and placed.lon is not None:
        ground = PackedGround()
        place = ground.stop_name(placed.lat, placed.lon) or ground.end_name(placed.lat, placed.lon)
    notes = [entry.id for entry in whole.entries if shot.photo.sha256 in entry.photos]
    told = (
        *placed.evidence,
        *(f"the entry {note} shows it, and has a time of its own" for note in notes),
    )
    name = PurePosixPath(shot.photo.path).stem
    placed = replace(placed, evidence=told)
    return Told(name, "photo", seen.car.id, placed, photos=(shot.photo.sha256,), place=place)


def _better(row: Told, seen: Seen | None, shot: Shot | None) -> tuple[str, ...]:
    from convoylog.trips import advice

    if seen is None or shot is None:
        return advice.for_entry(row.placed)
    return advice.for_photo(shot, seen, PurePosixPath(shot.photo.path).stem)
