"""`convoylog preview`: the report in a browser, made again whenever the logbook changes."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, screen
from convoylog.cli.options import LocaleOption, LogbookOption, PrivacyOption, UnitsOption
from convoylog.errors import ConvoylogError, UsageError

if TYPE_CHECKING:
    from convoylog.cli.serving import Server
    from convoylog.reports.words import Words

#: seconds between two looks at the logbook; an editor saves in several steps
_EVERY_S = 0.5
#: what changes without the trip changing
_PASSED_OVER = {"reports", ".git", "cache", "lock"}


def preview(
    privacy: PrivacyOption = "full",
    port: Annotated[
        int,
        typer.Option(
            "--port",
            metavar="NUMBER",
            help="[default: any free one]",
            min=0,
            max=65_535,
            show_default=False,
        ),
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open it in a browser.")
    ] = True,
    locale: LocaleOption = "en",
    units: UnitsOption = "",
    logbook: LogbookOption = None,
) -> None:
    """Show the report in a browser on this machine, made again whenever the logbook changes.

    Example:

        convoylog preview
    """
    from convoylog.cli.report_build import LEVELS
    from convoylog.cli.serving import Server
    from convoylog.reports.words import words_for

    words = words_for(locale, units)
    if privacy not in LEVELS:
        raise UsageError(f"no level {privacy!r}", hint=f"one of {', '.join(LEVELS)}")
    root = context.find_logbook(logbook)
    try:
        server = Server(port)
    except OSError as error:
        reason = (error.strerror or "it cannot be used").lower()
        raise ConvoylogError(f"port {port}: {reason}", hint="leave out --port") from None
    try:
        seen = fingerprint(root)
        _renew(server, root, privacy, words, first=True)
        screen.tell(server.address)
        screen.talk("Ctrl-C ends it")
        if browser:
            import webbrowser

            webbrowser.open(server.address)
        while True:
            time.sleep(_EVERY_S)
            now = fingerprint(root)
            if now != seen:
                seen = now
                _renew(server, root, privacy, words)
    except KeyboardInterrupt:
        screen.talk("the preview has ended")
    finally:
        server.close()


def _renew(server: Server, root: Path, privacy: str, words: Words, *, first: bool = False) -> None:
    """Build the report and show it; later faults are shown in the browser and here."""
    from convoylog.cli.report_build import build

    with tempfile.TemporaryDirectory(prefix="convoylog-") as folder:
        try:
            target, _, _ = build(root, "html", Path(folder), privacy, words=words)
        except ConvoylogError as error:
            if first:
                raise
            server.tell(str(error))
            screen.show_error(error)
            return
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in Path(folder).rglob("*")
            if path.is_file()
        }
        server.show(files, target.relative_to(folder).as_posix())


def fingerprint(root: Path) -> frozenset[tuple[str, int, int]]:
    """Path, size and time of every file of the logbook that the report is made from."""
    found = []
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if name not in _PASSED_OVER]
        for name in files:
            path = os.path.join(folder, name)  # noqa: PTH118 - ten thousand files twice a second
            with suppress(OSError):
                status = os.lstat(path)
                found.append((path, status.st_size, status.st_mtime_ns))
    return frozenset(found)
