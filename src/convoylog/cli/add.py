"""`convoylog add`: tracks and photos, told apart by content."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import add_told, context, here, screen
from convoylog.cli.adder import PICTURES, Adder
from convoylog.cli.options import CarOption, DryRunOption, JsonOption, LogbookOption

if TYPE_CHECKING:
    from convoylog.files.store import Writer


def add(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...", help="Files, folders and zips; they are copied, never moved."
        ),
    ],
    car: CarOption = None,
    columns: Annotated[
        str,
        typer.Option(
            metavar="COLUMNS",
            help="The columns of a table, where their names do not tell: time=Stamp,lat=Y,lon=X",
        ),
    ] = "",
    via: Annotated[
        str,
        typer.Option(
            metavar="PROGRAM:FORMAT",
            help="Let another program read the files first: gpsbabel:igc",
        ),
    ] = "",
    limit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT=NUMBER",
            help="Read more of one file, from now on: points=5000000, track=200MB, photo=1GB,"
            " megapixels=150",
        ),
    ] = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
    logbook: LogbookOption = None,
) -> int:
    """Bring tracks and photos into your car's log, whatever recorded them.

    GPX, FIT, TCX, KML and KMZ, NMEA, GeoJSON, tables (CSV), phone timelines, packed with gzip,
    bzip2 or zip; JPEG, PNG, WebP, HEIC, AVIF and raw photos, clips, and the files beside them.

    Example:

        convoylog add ~/Downloads/day1.gpx ~/Pictures/rally
    """
    from convoylog.errors import ConvoylogError
    from convoylog.files import ahead, load, store
    from convoylog.files.candidates import gather

    for words in limit or ():
        _raise_limit(words)
    root = context.find_logbook(logbook)
    book = load.read_cars(root)
    whose = here.pick_car(book, car)
    memory = here.memory()
    # tracks first: they tell in which zone a photo without one was taken
    files = sorted(
        gather(paths, skip=root.resolve()), key=lambda c: c.name.lower().endswith(PICTURES)
    )
    told = _columns(columns)
    adder = Adder(root, book, whose, memory, via=_via(via), columns=told, dry_run=dry_run)
    recordings = [c.path for c in files if not (c.member or c.name.lower().endswith(PICTURES))]
    ahead.warm(recordings, here.cache_folder(), memory.limits)

    def work(writer: Writer | None) -> None:
        adder.begin(writer, files)
        # closed at once also when interrupted, since threads wait behind it
        with closing(ahead.in_order(files, adder.examine, lambda c: c.size)) as seen:
            for candidate in screen.progress(files, "adding"):
                row = adder.take(candidate, *next(seen))
                if row is not None and not json:
                    add_told.tell(row, dry_run)
        for row in adder.finish():
            if not json:
                add_told.tell(row, dry_run)

    try:
        if dry_run:
            work(None)
        else:
            with store.writing(root, "add", now=context.now(), device=here.device()) as writer:
                work(writer)
            here.remember_car(book.id, whose.id)
    except KeyboardInterrupt:
        done = sum(row.result != "refused" for row in adder.rows)
        stopped = ConvoylogError(
            f"{done} of {len(files)} added",
            hint="repeat the command to go on; what is here is not added twice",
        )
        stopped.code = 130
        raise stopped from None
    rows = adder.rows
    if json:
        screen.json_out({"files": [add_told.row_of(row) for row in rows]})
    else:
        add_told.sum_up(rows, dry_run, whose)
    return 1 if any(row.result == "refused" for row in rows) or not rows else 0


def _columns(text: str) -> dict[str, str]:
    """ "time=Stamp,lat=Y" as a table; "," between quotes is not meant to be used. Raises UsageError."""
    from convoylog.errors import UsageError

    found = {}
    for part in filter(None, text.split(",")):
        key, equals, value = part.partition("=")
        if not equals or not key.strip() or not value:
            raise UsageError(
                f"not understood: --columns {text!r}", hint="--columns time=Stamp,lat=Y,lon=X"
            )
        found[key.strip()] = value
    return found


def _via(text: str) -> str:
    """The format of GPSBabel that is meant, "" for none. Raises UsageError."""
    from convoylog.errors import UsageError

    program, _, form = text.partition(":")
    if text and (program != "gpsbabel" or not form):
        raise UsageError(f"not understood: --via {text!r}", hint="--via gpsbabel:igc")
    return form


def _raise_limit(text: str) -> None:
    from convoylog.errors import UsageError

    match = re.fullmatch(r"(points|track|photo|megapixels)=([0-9]{1,12})(?:(M|G)B)?", text)
    if match is None:
        raise UsageError(f"not understood: --limit {text!r}", hint="--limit track=200MB")
    what, number, unit = match.groups()
    value = int(number) * {"M": 10**6, "G": 10**9, None: 1}[unit]
    name = {"points": "points", "track": "track_bytes", "photo": "photo_bytes"}.get(what, "pixels")
    here.raise_limits(**{name: value * 10**6 if what == "megapixels" else value})
