"""Commands of a small program, to try the shell of the real one."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path
from typing import Annotated

import typer

from convoylog.cli import screen
from convoylog.cli.options import LogbookOption
from convoylog.errors import ConvoylogError


def hello(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who is greeted.")],
    times: Annotated[int, typer.Option("--times", help="How often.")] = 1,
    logbook: LogbookOption = None,
) -> None:
    """Greet somebody, and say
    which logbook was meant.

    Example:

        shelf hello Anna --times 2
        shelf hello Berta
    """
    for _ in range(times):
        screen.tell(f"hello {screen.visible(name)}, {logbook}")


def problem() -> int:
    """End with the exit code of a logbook that has a problem."""
    return 1


def fail(how: str) -> None:
    """Fail in one of the ways there are."""
    if how == "error":
        raise ConvoylogError("no `x` in \x1b[31mred\n", hint="try `y`")
    if how == "disk":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "cars/a.gpx")
    if how == "denied":
        Path("/proc/1/mem").write_text("no")
    if how == "fault":
        empty: dict[str, str] = {}
        screen.tell(empty["nothing"])
    if how == "interrupt":
        raise KeyboardInterrupt
    if how == "wait":
        screen.talk("waiting")
        time.sleep(60)
    if how == "memory":
        raise MemoryError
    if how == "abort":
        raise typer.Abort


def list_boxes(logbook: LogbookOption = None) -> None:
    """List the boxes."""
    screen.tell(f"boxes in {logbook}")
