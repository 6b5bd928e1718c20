"""`convoylog report`: the trip as a page or a post, cut first and audited after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from convoylog.cli import context, screen
from convoylog.cli.options import (
    DayOption,
    HideTimesOption,
    LegOption,
    LocaleOption,
    LogbookOption,
    OnlyCarOption,
    PrivacyOption,
    UnitsOption,
)
from convoylog.cli.report_build import LEVELS, Part, build, find_roads
from convoylog.cli.report_photos import EMBEDDED, chosen
from convoylog.errors import BadInput, ConvoylogError, UsageError

#: bytes; a template is a page of text
_LONGEST_TEMPLATE = 2**20
#: engines that know a draft from a post
_ENGINES = ("hugo", "jekyll", "eleventy", "astro", "wordpress", "ghost")
#: options that act on some formats alone
_ONLY = {
    "--draft": _ENGINES,
    "--layout": ("jekyll", "eleventy"),
    "--html-figures": ("markdown", *_ENGINES),
    "--template": ("markdown", *_ENGINES),
    "--length": ("thread",),
}


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
    privacy: PrivacyOption = "public",
    hide_times: HideTimesOption = False,
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
        int | None,
        typer.Option(
            "--length",
            metavar="LETTERS",
            help="Of the texts of a thread. [default: 500]",
            min=100,
            max=10_000,
            show_default=False,
        ),
    ] = None,
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
    from convoylog.reports.edition import PLAIN, Edition
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
    _refuse_idle(
        to,
        {
            "--draft": draft,
            "--layout": bool(layout),
            "--html-figures": figures,
            "--template": template is not None,
            "--length": length is not None,
        },
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
        length=length or PLAIN.length,
        feed=(target / "atom.xml").is_file(),
        beside=choice.beside,
    )
    if root is None:
        from convoylog.cli.hub import build_hub, find_logbooks

        roads, damaged = find_roads()
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


def _refuse_idle(to: str, given: Mapping[str, bool]) -> None:
    """Raises UsageError for an option that would change nothing. given: whether each was typed."""
    for option, formats in _ONLY.items():
        if given[option] and to not in formats:
            raise UsageError(
                f"{option} does nothing with --to {to}",
                hint=f"leave it out; it is for --to {', '.join(formats)}",
            )


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
    from convoylog.files import carefully

    if path is None:
        return ""
    try:
        return carefully.read_file(path, cap=_LONGEST_TEMPLATE).decode()
    except UnicodeDecodeError:
        raise ConvoylogError(f"{path}: no text in UTF-8") from None
    except BadInput as error:
        raise ConvoylogError(f"{path}: {error}") from None
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise ConvoylogError(f"{path}: {reason}", hint="--template FILE, a text of yours") from None
