"""`convoylog export`: tracks, notes and photos in the forms other programs read."""

from __future__ import annotations

import json as json_text
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from convoylog.cli import completing, context, here, screen, units
from convoylog.cli.options import (
    DayOption,
    HideTimesOption,
    JsonOption,
    LegOption,
    LogbookOption,
    PrivacyOption,
)
from convoylog.cli.report_build import LEVELS
from convoylog.cli.wanted import Wanted
from convoylog.errors import Problem, UsageError

if TYPE_CHECKING:
    from convoylog.exports.exported import Exported, Line
    from convoylog.model.pages import Pages

#: of which files we wrote, the last so many are remembered
_MOST_REMEMBERED = 5000


def export(
    to: Annotated[
        str,
        typer.Option("--to", metavar="FORM", help="gpx, geojson, kml, kmz, csv or geoparquet."),
    ] = "gpx",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="PATH",
            help="A file, a folder, or - for standard output. [default: reports/export in the logbook]",
            show_default=False,
        ),
    ] = None,
    car: Annotated[
        list[str] | None,
        typer.Option(
            "--car",
            metavar="NAME",
            help="Only this car; may be said again. [default: all cars]",
            show_default=False,
            autocompletion=completing.cars,
        ),
    ] = None,
    per_car: Annotated[bool, typer.Option("--per-car", help="A file for every car.")] = False,
    leg: LegOption = "",
    day: DayOption = "",
    simplify: Annotated[
        float,
        typer.Option(
            "--simplify",
            metavar="METRES",
            help="Leave out points that lie no further than this from the line without them.",
            min=0.0,
            max=100_000.0,
        ),
    ] = 0.0,
    max_points: Annotated[
        int | None,
        typer.Option(
            "--max-points",
            metavar="N",
            help="At most so many points in all; says how far the line may be off.",
            min=2,
        ),
    ] = None,
    photos: Annotated[
        bool,
        typer.Option("--photos/--no-photos", help="Photos too, beside the file or in it."),
    ] = True,
    privacy: PrivacyOption = "public",
    hide_times: HideTimesOption = False,
    json: JsonOption = False,
    logbook: LogbookOption = None,
) -> int:
    """The tracks, notes and photos for other programs, cut like a report.

    Ways as the account of the trip tells them: recorders of one car joined, leaping fixes left out.
    What sensors read goes along with --privacy full, speed and course with convoy.

    Examples:

        convoylog export --to kmz -o rally.kmz

        convoylog export --to gpx --per-car --simplify 10 --privacy convoy
    """
    from convoylog.exports.formats import FORMS

    if to not in FORMS:
        raise UsageError(f"no form {to!r}", hint=f"one of {', '.join(FORMS)}")
    if privacy not in LEVELS:
        raise UsageError(f"no level {privacy!r}", hint=f"one of {', '.join(LEVELS)}")
    stream = str(output) == "-"
    if stream and (per_car or json):
        raise UsageError("standard output takes one file and nothing else", hint="give -o a folder")
    root = context.find_logbook(logbook)
    # a row a trackpoint needs no other car's; a number of points is shared among all of them
    by_car = to == "geoparquet" and max_points is None and not (stream or per_car)
    wanted = Wanted(
        root, to, car or [], leg, day, privacy, hide_times, photos and not stream, by_car
    )
    if wanted.by_car:
        return _write_by_car(wanted, output, simplify, json)
    exported = wanted.exported(simplify, max_points)
    named = _named(exported, to, output, root, per_car)
    pages = [(told, wanted.pages(told, path.name)) for told, path in named]
    for _, page in pages:
        wanted.audit(page.contents())
    if stream:
        wanted.tell()
        contents = pages[0][1]
        screen.bytes_out(next(iter(contents.files.values()), b"") or _archive(contents))
        return 0
    _write([(path.parent, page) for (_, path), (_, page) in zip(named, pages, strict=True)])
    wanted.tell()
    for line in exported.told:
        screen.talk(line)
    rows = []
    for (told, path), (_, page) in zip(named, pages, strict=True):
        cars = dict.fromkeys(line.car for line in told.lines)
        # a table has rows for trackpoints alone
        notes = len(told.marks) if FORMS[to].photos else 0
        row = _row(path, to, list(cars), told.points, notes, len(told.photos()))
        rows.append((row, len(page.files) - 1))
    if json:
        screen.json_out({"files": [row for row, _ in rows], "tolerance_m": exported.tolerance_m,
                         "left_out": list(wanted.said)})  # fmt: skip
    else:
        for row, beside in rows:
            _tell(row, max(beside, 0), exported.tolerance_m)
    return 1 if any(p.kind == "broken-picture" for p in wanted.problems) else 0


def _named(
    exported: Exported, to: str, output: Path | None, root: Path, per_car: bool
) -> list[tuple[Exported, Path]]:
    """Every file to write, with what goes into it."""
    from convoylog.exports.exported import by_car
    from convoylog.exports.formats import FORMS
    from convoylog.reports.outline import slug_of

    folder = output or root / "reports" / "export"
    if per_car:
        names: set[str] = set()
        rows = []
        for name, of_it in by_car(exported):
            stem = f"{exported.slug}-{slug_of(name) or 'car'}"
            unique = next(
                n for n in (stem, *(f"{stem}-{k}" for k in range(2, 9999))) if n not in names
            )
            names.add(unique)
            rows.append((replace(of_it, told=()), folder / f"{unique}.{FORMS[to].ending}"))
        return rows
    return [(exported, _one_place(exported.slug, to, output, root))]


def _one_place(slug: str, to: str, output: Path | None, root: Path) -> Path:
    from convoylog.exports.formats import FORMS

    if output is None or output.is_dir():
        return (output or root / "reports" / "export") / f"{slug}.{FORMS[to].ending}"
    return output


def _write_by_car(wanted: Wanted, output: Path | None, metres: float, json: bool) -> int:
    """One file, of which no more than a car is in memory at a time."""
    from convoylog.exports.geoparquet import write_geoparquet
    from convoylog.files.output import write_export_by

    path = _one_place(wanted.slug, wanted.to, output, wanted.root)
    counts = dict.fromkeys(wanted.names, 0)

    def lines() -> Iterator[Line]:
        for of_car in wanted.cars(metres):
            for line in of_car.lines:
                counts[line.car] += len(line.track)
                yield line

    def fill(sink: BinaryIO) -> None:
        hidden = wanted.choice.hide_times
        write_geoparquet(lines(), sink, readings=wanted.readings(), days=hidden)
        if not any(counts.values()):
            raise wanted.nothing()

    # the only texts in it
    wanted.audit({path.name: "\n".join(counts).encode()})
    known = _known()
    _remember({**known, **write_export_by(fill, path, known)})
    wanted.tell()
    cars = [car for car, points in counts.items() if points]
    tolerance = metres or None
    row = _row(path, wanted.to, cars, sum(counts.values()))
    if json:
        screen.json_out({"files": [row], "tolerance_m": tolerance, "left_out": list(wanted.said)})
    else:
        _tell(row, 0, tolerance)
    return 1 if any(p.kind == "broken-picture" for p in wanted.problems) else 0


def _archive(pages: Pages) -> bytes:
    from convoylog.files.output import packed

    return packed(next(iter(pages.archives.values())))


def _write(rows: list[tuple[Path, Pages]]) -> None:
    from convoylog.files import output

    known = _known()
    for folder, pages in rows:
        written = output.write_export(pages, folder, known)
        known = {**{k: v for k, v in known.items() if k not in written}, **written}
        stale = output.left_from_before(written, known)
        if stale:
            screen.warn_problem(
                Problem(
                    str(Path(stale[0]).parent),
                    "earlier-pictures",
                    f"{units.counted(len(stale), 'picture')} of an earlier export still there",
                    "delete that folder before you hand it on",
                )
            )
    _remember(known)


def _known() -> dict[str, str]:
    """Path → SHA-256 of what was written from this laptop."""
    try:
        found = json_text.loads((here.state_folder() / "exports.json").read_bytes())
        return {str(k): str(v) for k, v in found.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _remember(known: dict[str, str]) -> None:
    here.keep_state("exports.json", dict(list(known.items())[-_MOST_REMEMBERED:]))


def _row(
    path: Path, to: str, cars: Sequence[str], points: int, notes: int = 0, photos: int = 0
) -> dict[str, object]:
    return {
        "file": str(path),
        "form": to,
        "cars": list(cars),
        "points": points,
        "notes": notes,
        "photos": photos,
        "bytes": path.stat().st_size,
    }


def _tell(row: dict[str, Any], beside: int, tolerance_m: float | None) -> None:
    """beside: pictures that lie beside the file."""
    parts = [units.counted(row["points"], "point")]
    if row["notes"]:
        parts.append(units.counted(row["notes"], "note or photo", "notes and photos"))
    if beside:
        parts.append(f"{units.counted(beside, 'picture')} beside it")
    if tolerance_m is not None:
        parts.append(f"the line within {tolerance_m:.1f} m")
    parts.append(units.size(row["bytes"]))
    screen.tell(row["file"])
    screen.talk(f"  {', '.join(parts)}")
