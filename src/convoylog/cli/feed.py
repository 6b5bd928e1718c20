"""`convoylog feed`: what happened, for feed readers of those who could not come along."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convoylog.cli import context, screen
from convoylog.cli.options import (
    DayOption,
    LegOption,
    LocaleOption,
    LogbookOption,
    OnlyCarOption,
    UnitsOption,
)
from convoylog.cli.report import checked_url
from convoylog.cli.report_build import Part, tell
from convoylog.errors import UsageError


def feed(
    base_url: Annotated[
        str, typer.Option("--base-url", metavar="URL", help="Where the folder will be published.")
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR",
            help="Where to write. [default: reports/feed in the logbook]",
            show_default=False,
        ),
    ] = None,
    car: OnlyCarOption = None,
    leg: LegOption = "",
    day: DayOption = "",
    locale: LocaleOption = "en",
    units: UnitsOption = "",
    logbook: LogbookOption = None,
) -> int:
    """Write an Atom and a JSON feed of public entries, with their photos, to publish as they are.

    A car's, leg's or day's feed goes into a folder of its own beside that of the whole trip.

    Examples:

        convoylog feed --base-url https://example.org/rally -o ~/site/rally

        convoylog feed --base-url https://example.org/rally -o ~/site/rally --day 3
    """
    from convoylog.reports.edition import Edition
    from convoylog.reports.feeds import feeds
    from convoylog.reports.share import PAGE
    from convoylog.reports.words import words_for

    if not base_url:
        raise UsageError(
            "a feed must know where it will be published",
            hint="convoylog feed --base-url https://example.org/rally",
        )
    words = words_for(locale, units)
    root = context.find_logbook(logbook)
    target = output or root / "reports" / "feed"
    edition = Edition(base_url=checked_url(base_url), page=(target / PAGE).is_file())
    first, said, problems = tell(
        root,
        target,
        lambda report: feeds(report, edition),
        privacy="public",
        part=Part(car, leg, day),
        words=words,
    )
    for problem in problems:
        screen.warn_problem(problem)
    for line in said:
        screen.talk(screen.visible(line))
    screen.tell(str(first))
    screen.tell(str(first.parent / "feed.json"))
    return 1 if any(p.kind == "broken-picture" for p in problems) else 0
