"""`convoylog export`: tracks, notes and photos in the forms other programs read."""

from __future__ import annotations

import json as json_text
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import completing, context, here, screen, units
from convoylog.cli.options import DayOption, JsonOption, LegOption, LogbookOption
from convoylog.cli.report import LEVELS, forbidden
from convoylog.cli.report_photos import Photos
from convoylog.errors import ConvoylogError, Problem, UsageError

if TYPE_CHECKING:
    from convoylog.exports.exported import Exported
    from convoylog.model.logbook import Logbook
    from convoylog.model.pages import Pages
    from convoylog.model.trip import Trip

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
    privacy: Annotated[
        str,
        typer.Option("--privacy", metavar="LEVEL", help="public, convoy, or full (for yourself)."),
    ] = "public",
    hide_times: Annotated[
        bool, typer.Option("--hide-times", help="Leave dates and order, no clock times.")
    ] = False,
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
    wanted = _Wanted(root, to, car or [], leg, day, privacy, hide_times, photos and not stream)
    exported = wanted.exported(simplify, max_points)
    named = _named(exported, to, output, root, per_car)
    pages = [(told, wanted.pages(told, path.name)) for told, path in named]
    for _, page in pages:
        wanted.audit(page)
    if stream:
        wanted.tell()
        contents = pages[0][1]
        screen.bytes_out(next(iter(contents.files.values()), b"") or _archive(contents))
        return 0
    _write([(path.parent, page) for (_, path), (_, page) in zip(named, pages, strict=True)])
    wanted.tell()
    for line in exported.told:
        screen.talk(line)
    rows = [(path, told, page) for (_, path), (told, page) in zip(named, pages, strict=True)]
    if json:
        screen.json_out({"files": [_row(path, told, to) for path, told, _ in rows],
                         "tolerance_m": exported.tolerance_m, "left_out": list(wanted.said)})  # fmt: skip
    else:
        for path, told, page in rows:
            _tell(path, told, page)
    return 1 if any(p.kind == "broken-picture" for p in wanted.problems) else 0


class _Wanted:
    """The trip as the level shows it, and what of it was asked for."""

    def __init__(
        self,
        root: Path,
        to: str,
        cars: list[str],
        leg: str,
        day: str,
        privacy: str,
        hide_times: bool,
        photos: bool,
    ) -> None:
        from convoylog.exports.exported import Choice, choose
        from convoylog.exports.formats import FORMS
        from convoylog.files import load
        from convoylog.privacy import cut
        from convoylog.reports.outline import slug_of
        from convoylog.trips.account import work_out

        self.root, self.to = root, to
        self.whole = load.load(root, memory=here.memory())
        mine = here.own_of(self.whole.id, self.whole.cars)
        book = load.read_cars(root)
        chosen = {here.pick_car(book, name).id for name in cars}
        seen = cut.cut(self.whole, privacy, mine=mine)  # type: ignore[arg-type]
        self.seen = seen.logbook
        self.trip: Trip = work_out(seen.logbook)
        known = {i: c.car.id for c in self.trip.cars for i in (c.car.id, *c.car.also)}
        ids = frozenset(known.get(i, i) for i in chosen) or frozenset(
            c.car.id for c in self.trip.cars
        )
        self.said = (*seen.left_out, *_kept_back(self.whole, seen.logbook, ids))
        self.problems = [*self.trip.problems]
        if day:
            day = here.pick_day(self.trip, day).day
        legs = here.pick_legs(self.trip, leg) if leg else frozenset()
        shown = {sha for t in self.trip.story if t.car in ids for sha in t.photos}
        wanted = Photos(root, seen.logbook, shown if photos and FORMS[to].photos else set())
        pictures = wanted.made()
        self.problems += wanted.problems
        choice = Choice(ids, legs, day, hide_times)
        slug = slug_of(self.trip.title) or "trip"
        self._chosen = choose(
            self.trip, choice, slug=slug, pictures=pictures, recordings=self.seen.tracks
        )
        if not self._chosen.points and not self._chosen.marks:
            raise ConvoylogError(
                "nothing of that is there to export"
                + (" at this level" if privacy != "full" else ""),
                hint="`convoylog stats --by leg` shows legs and days; --privacy full shows all",
            )

    def exported(self, metres: float, most: int | None) -> Exported:
        """As asked for, with fewer points if wanted."""
        from convoylog.exports.simplified import pins_of, simplified
        from convoylog.places import regions

        if not metres and most is None:
            return self._chosen
        pins = pins_of(self.trip)
        return simplified(self._chosen, pins, metres, most, regions.packed().cuts)

    def pages(self, told: Exported, name: str) -> Pages:
        from convoylog.exports.formats import render

        return render(told, self.to, name)

    def tell(self) -> None:
        """What was left out, and what is wrong."""
        for line in self.said:
            screen.talk(screen.visible(line))
        for problem in self.problems:
            screen.warn_problem(problem)

    def audit(self, pages: Pages) -> None:
        """Raises ConvoylogError where the finished files tell what they must not."""
        from convoylog.privacy import audit

        wrong = audit.audit(
            pages.contents(), forbidden(self.whole, self.seen, self.trip, self.root)
        )
        if wrong:
            raise ConvoylogError(
                f"the finished export would tell what it must not: {wrong[0]}",
                hint="this is a fault of convoylog; nothing was written",
            )


def _kept_back(whole: Logbook, seen: Logbook, cars: frozenset[str]) -> list[str]:
    """What stays of the cars' waypoints and readings of sensors, in a sentence."""
    points, readings = 0, set()
    for before, after in zip(whole.tracks, seen.tracks, strict=True):
        if before.car in cars:
            points += len(before.recording.waypoints) - len(after.recording.waypoints)
            for one, other in zip(before.recording.tracks, after.recording.tracks, strict=True):
                readings |= one.more.keys() - other.more.keys()
    parts = [units.counted(points, "waypoint")] if points else []
    parts += [name.replace("_", " ") for name in sorted(readings)]
    if not parts:
        return []
    return [f"Kept back: {', '.join(parts)}. --privacy full takes them along, for yourself."]


def _named(
    exported: Exported, to: str, output: Path | None, root: Path, per_car: bool
) -> list[tuple[Exported, Path]]:
    """Every file to write, with what goes into it."""
    from convoylog.exports.exported import by_car
    from convoylog.exports.formats import FORMS
    from convoylog.reports.outline import slug_of

    ending = FORMS[to].ending
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
            rows.append((replace(of_it, told=()), folder / f"{unique}.{ending}"))
        return rows
    if output is None or output.is_dir():
        return [(exported, folder / f"{exported.slug}.{ending}")]
    return [(exported, output)]


def _archive(pages: Pages) -> bytes:
    from convoylog.files.output import packed

    return packed(next(iter(pages.archives.values())))


def _write(rows: list[tuple[Path, Pages]]) -> None:
    from convoylog.files import output

    place = here.state_folder() / "exports.json"
    try:
        found = json_text.loads(place.read_bytes())
        known = {str(k): str(v) for k, v in found.items()}
    except (OSError, ValueError, AttributeError):
        known = {}
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
    here.keep_state("exports.json", dict(list(known.items())[-_MOST_REMEMBERED:]))


def _row(path: Path, told: Exported, to: str) -> dict[str, object]:
    return {
        "file": str(path),
        "form": to,
        "cars": list(dict.fromkeys(line.car for line in told.lines)),
        "points": told.points,
        "notes": len(told.marks),
        "photos": len(told.photos()),
        "bytes": path.stat().st_size,
    }


def _tell(path: Path, told: Exported, page: Pages) -> None:
    parts = [units.counted(told.points, "point")]
    if told.marks:
        parts.append(units.counted(len(told.marks), "note or photo", "notes and photos"))
    if len(page.files) > 1:
        parts.append(f"{units.counted(len(page.files) - 1, 'picture')} beside it")
    if told.tolerance_m is not None:
        parts.append(f"the line within {told.tolerance_m:.1f} m")
    parts.append(units.size(path.stat().st_size))
    screen.tell(str(path))
    screen.talk(f"  {', '.join(parts)}")
