"""From a logbook to a written report: read, cut, worked out, a part of it chosen, rendered, audited."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from convoylog.cli import here, units
from convoylog.cli.report_audit import audited, forbidden
from convoylog.cli.report_photos import EMBEDDED, Choice, Photos, with_photos
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

#: gives a text by the fingerprint of what it is made of, from a memory or made by the function given along
Remembered = Callable[[str, Callable[[], str]], str]
LEVELS = ("public", "convoy", "full")


@dataclass(frozen=True, slots=True)
class Part:
    """What part of a trip is meant, as it was typed; empty for all."""

    car: str | None = None
    leg: str = ""
    day: str = ""


WHOLE = Part()


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

    roads, damaged = find_roads()
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
        remembered=drawings,
    )
    return first, said, [*problems, *damaged]


def find_roads() -> tuple[World | None, list[Problem]]:
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
    remembered: Remembered | None = None,
) -> tuple[Path, tuple[str, ...], list[Problem]]:
    """As `build`, rendered by any function. remembered: as of an edition; None: nothing is."""
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
    company = company_of(trip, all_of_it, remembered)
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


def company_of(told: Trip, whole: Trip, remembered: Remembered | None) -> Convoy:
    """Who drove with whom in what is told, judged by all that is known of those cars."""
    from convoylog.files.company import read_text, text_of
    from convoylog.reports.fingerprint import fingerprint
    from convoylog.trips.convoy import convoy_of
    from convoylog.trips.part import span_of

    ids = {car.car.id for car in told.cars}
    judged = replace(whole, cars=tuple(car for car in whole.cars if car.car.id in ids))
    window = span_of(told)

    def work_out() -> str:
        return text_of(convoy_of(judged, routes=False, closest=False, window=window))

    if remembered is None:
        return read_text(work_out())
    known = fingerprint((judged.cars, judged.convoy_rules, window))
    return read_text(remembered(f"company {known}", work_out))


def sizes(folder: Path) -> str:
    """How large a report is, all files together."""
    return units.size(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))
