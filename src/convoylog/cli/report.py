"""`convoylog report`: the trip as a page or a post, cut first and audited after."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, here, screen, units
from convoylog.cli.options import (
    DayOption,
    LegOption,
    LocaleOption,
    LogbookOption,
    OnlyCarOption,
    UnitsOption,
)
from convoylog.cli.report_audit import audited, forbidden
from convoylog.cli.report_photos import EMBEDDED, Choice, Photos, chosen, with_photos
from convoylog.errors import BadInput, ConvoylogError, Problem, UsageError

if TYPE_CHECKING:
    from convoylog.model.convoy import Convoy
    from convoylog.model.pages import Pages
    from convoylog.model.photos import Picture
    from convoylog.model.trip import Trip
    from convoylog.places.world import World
    from convoylog.reports.edition import Edition
    from convoylog.reports.fitting import Reduced
    from convoylog.reports.outline import Report
    from convoylog.reports.words import Words

LEVELS = ("public", "convoy", "full")
#: bytes; a template is a page of text
_LONGEST_TEMPLATE = 2**20


@dataclass(frozen=True, slots=True)
class Part:
    """What part of a trip is meant, as it was typed; empty for all."""

    car: str | None = None
    leg: str = ""
    day: str = ""


WHOLE = Part()


def report(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FOLDER...",
            help="With --hub: logbooks, or folders of logbooks.",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="FORMAT",
            help="html, markdown, hugo, jekyll, eleventy, astro, wordpress, ghost, thread.",
        ),
    ] = "html",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR",
            help="Where to write. [default: reports/ in the logbook]",
            show_default=False,
        ),
    ] = None,
    car: OnlyCarOption = None,
    leg: LegOption = "",
    day: DayOption = "",
    privacy: Annotated[
        str,
        typer.Option("--privacy", metavar="LEVEL", help="public, convoy, or full (for yourself)."),
    ] = "public",
    hide_times: Annotated[
        bool, typer.Option("--hide-times", help="Leave dates and order, no clock times.")
    ] = False,
    base_url: Annotated[
        str,
        typer.Option(
            "--base-url", metavar="URL", help="Where the site is, for links that must be absolute."
        ),
    ] = "",
    draft: Annotated[
        bool, typer.Option("--draft", help="A post that its engine keeps back for now.")
    ] = False,
    layout: Annotated[
        str,
        typer.Option("--layout", metavar="NAME", help="The engine's layout around a post."),
    ] = "",
    figures: Annotated[
        bool,
        typer.Option(
            "--html-figures", help="Photos and map as HTML, where the engine lets HTML through."
        ),
    ] = False,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template", metavar="FILE", help="Your own Jinja2 text for the body of a post."
        ),
    ] = None,
    photos: Annotated[
        str,
        typer.Option(
            "--photos",
            metavar="HOW",
            help="embed (1600 pixels), small (800), medium, large (2560); folder: beside the page;"
            " none.",
        ),
    ] = "embed",
    max_size: Annotated[
        str,
        typer.Option(
            "--max-size",
            metavar="SIZE",
            help="20MB: the page takes no more; photos get smaller, coarser, then fewer, those of"
            " notes tagged `star` last.",
        ),
    ] = "",
    purpose: Annotated[
        str, typer.Option("--for", metavar="PURPOSE", help="email: as --max-size 15MB.")
    ] = "",
    length: Annotated[
        int,
        typer.Option(
            "--length", metavar="LETTERS", help="Of the texts of a thread.", min=100, max=10_000
        ),
    ] = 500,
    locale: LocaleOption = "en",
    units: UnitsOption = "",
    hub: Annotated[
        bool, typer.Option("--hub", help="One page over several logbooks: trips, cars, meetings.")
    ] = False,
    title: Annotated[
        str, typer.Option("--title", metavar="TEXT", help="Of the page over several logbooks.")
    ] = "",
    logbook: LogbookOption = None,
) -> int:
    """Tell the trip: one HTML file, or a post for your blog with its pictures.

    Examples:

        convoylog report --privacy convoy

        convoylog report --for email

        convoylog report --to hugo -o ~/blog --draft --day 3

        convoylog report --hub ~/rally2025 ~/rally2026 --title "Old Cars Club" -o ~/site
    """
    from convoylog.reports.edition import Edition
    from convoylog.reports.formats import FORMATS
    from convoylog.reports.words import words_for

    if to not in FORMATS:
        raise UsageError(f"no format {to!r}", hint=f"one of {', '.join(FORMATS)}")
    if privacy not in LEVELS:
        raise UsageError(f"no level {privacy!r}", hint=f"one of {', '.join(LEVELS)}")
    words = words_for(locale, units)
    if not hub and (folders or title):
        raise UsageError(
            "folders and --title are for --hub",
            hint="convoylog report --hub FOLDER..., or convoylog --logbook FOLDER report",
        )
    choice = chosen(photos, max_size, purpose, to)
    if hub and (to != "html" or car or leg or day or choice != EMBEDDED):
        raise UsageError(
            "--hub is one HTML page over whole trips, without photos",
            hint="leave --to, --car, --leg, --day, --photos, --max-size and --for out",
        )
    root = None if hub else context.find_logbook(logbook)
    target = output or (root or _place_of_hub()) / "reports" / ("hub" if hub else to)
    edition = Edition(
        base_url=checked_url(base_url),
        layout=layout,
        draft=draft,
        figures=figures,
        template=_template(template),
        length=length,
        feed=(target / "atom.xml").is_file(),
        beside=choice.beside,
    )
    if root is None:
        from convoylog.cli.hub import build_hub, find_logbooks

        roads, damaged = _roads()
        first, said, unread = build_hub(
            find_logbooks(folders or [], logbook),
            target,
            privacy=privacy,
            hide_times=hide_times,
            edition=replace(edition, roads=roads),
            title=title,
            words=words,
        )
        problems = [*damaged, *unread]
    else:
        first, said, problems = build(
            root, to, target, privacy, hide_times, edition, Part(car, leg, day), words, choice
        )
    for problem in problems:
        screen.warn_problem(problem)
    for line in said:
        screen.talk(screen.visible(line))
    screen.tell(str(first))
    return 1 if any(p.kind in ("broken-picture", "unread-logbook") for p in problems) else 0


def _place_of_hub() -> Path:
    """Where a page over several logbooks goes unless said: the logbook one stands in, else here."""
    here_and_above = (Path.cwd(), *Path.cwd().parents)
    return next((folder for folder in here_and_above if context.is_logbook(folder)), Path())


def checked_url(text: str) -> str:
    """An address without its last slash. Raises UsageError."""
    from urllib.parse import urlsplit

    if not text:
        return ""
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query
    except ValueError:
        sound = False
    if not sound or any(c in text for c in " \"'<>()[]{}|\\^`#") or not text.isprintable():
        raise UsageError(
            f"no address: --base-url {text!r}", hint="--base-url https://example.org/blog"
        )
    return text.rstrip("/")


def _template(path: Path | None) -> str:
    """The driver's own template; never one that came with another car's log."""
    from convoylog.files import safely

    if path is None:
        return ""
    try:
        return safely.read_file(path, cap=_LONGEST_TEMPLATE).decode()
    except UnicodeDecodeError:
        raise ConvoylogError(f"{path}: no text in UTF-8") from None
    except BadInput as error:
        raise ConvoylogError(f"{path}: {error}") from None
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise ConvoylogError(f"{path}: {reason}", hint="--template FILE, a text of yours") from None


def build(
    root: Path,
    to: str,
    target: Path,
    privacy: str,
    hide_times: bool = False,
    edition: Edition | None = None,
    part: Part = WHOLE,
    words: Words | None = None,
    choice: Choice = EMBEDDED,
) -> tuple[Path, tuple[str, ...], list[Problem]]:
    """Write a report. Returns (the file to open, what was left out or is to be done, problems).

    Raises ConvoylogError: nothing is written that the audit objects to.
    """
    from convoylog.files.drawings import Drawings
    from convoylog.reports.edition import PLAIN
    from convoylog.reports.formats import FORMATS

    roads, damaged = _roads()
    drawings = Drawings(here.cache_folder())
    whole_edition = replace(edition or PLAIN, roads=roads, remembered=drawings)
    first, said, problems = tell(
        root,
        target,
        lambda report: FORMATS[to](report, whole_edition),
        privacy=privacy,
        hide_times=hide_times,
        part=part,
        words=words,
        choice=choice,
    )
    return first, said, [*problems, *damaged]


def _roads() -> tuple[World | None, list[Problem]]:
    """The roads somebody added to the maps; without them a map is as good."""
    from convoylog.files import basemap

    folder = here.basemap_folder()
    try:
        found = basemap.find_roads(folder)
    except (BadInput, ConvoylogError) as error:
        path = str(basemap.road_file(folder))
        hint = "`convoylog basemap add FILE` makes it anew"
        return None, [Problem(path, "damaged", f"no roads on the maps: {error}", hint)]
    return (found.world if found else None), []


def tell(
    root: Path,
    target: Path,
    render: Callable[[Report], Pages],
    *,
    privacy: str,
    hide_times: bool = False,
    part: Part = WHOLE,
    words: Words | None = None,
    choice: Choice = EMBEDDED,
) -> tuple[Path, tuple[str, ...], list[Problem]]:
    """As `build`, rendered by any function."""
    from convoylog.files import load, output
    from convoylog.privacy import cut
    from convoylog.reports.fitting import sentences
    from convoylog.reports.outline import make_report
    from convoylog.reports.words import words_for
    from convoylog.trips.account import work_out

    memory = here.memory()
    whole = load.load(root, memory=memory)
    mine = here.own_of(whole.id, whole.cars)
    seen = cut.cut(whole, privacy, mine=mine)  # type: ignore[arg-type]
    all_of_it = work_out(seen.logbook)
    trip = _part(root, all_of_it, part)
    shown = {sha for told in trip.story for sha in told.photos}
    photos = Photos(root, seen.logbook, shown)
    company = _company(trip, all_of_it)
    reduced: tuple[str, ...] = ()

    def with_pictures(
        pictures: Mapping[str, Picture], without: Collection[str], done: Reduced | None
    ) -> Pages:
        nonlocal reduced
        reduced = sentences(done, words_for()) if done else ()
        return render(
            make_report(
                trip,
                pictures=pictures,
                left_out=seen.left_out,
                hide_times=hide_times,
                convoy=company,
                words=words,
                without=without,
                reduced=done,
            )
        )

    try:
        pages = with_photos(with_pictures, photos, trip, choice)
    except BadInput as error:
        raise ConvoylogError(
            f"the template: {error}", hint="docs/cli.md says what a template may use"
        ) from None
    audited(pages, forbidden(whole, seen.logbook, trip, root))
    found = output.write_pages(pages, target)
    said = (*seen.left_out, *reduced, *pages.told, *found)
    return target / pages.first, said, [*trip.problems, *photos.problems]


def _part(root: Path, trip: Trip, part: Part) -> Trip:
    """The part that is meant. Raises UsageError where there is none."""
    from convoylog.files import load
    from convoylog.trips.part import part_of

    if part == WHOLE:
        return trip
    left = part_of(
        trip,
        cars={here.pick_car(load.read_cars(root), part.car).id} if part.car else None,
        day=here.pick_day(trip, part.day) if part.day else None,
        legs=here.pick_legs(trip, part.leg) if part.leg else None,
    )
    if not left.cars:
        raise UsageError(
            f"{part.car or 'no car'} did not drive the leg {part.leg!r}",
            hint="`convoylog leg list` shows who drove which",
        )
    return left


def _company(told: Trip, whole: Trip) -> Convoy:
    """Who drove with whom in what is told, judged by all that is known of those cars."""
    from convoylog.trips.convoy import convoy_of
    from convoylog.trips.part import span_of

    ids = {car.car.id for car in told.cars}
    judged = replace(whole, cars=tuple(car for car in whole.cars if car.car.id in ids))
    return convoy_of(judged, routes=False, window=span_of(told))


def sizes(folder: Path) -> str:
    """How large a report is, all files together."""
    return units.size(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))
