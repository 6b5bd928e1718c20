"""What a command needs to know of its surroundings: the logbook meant, the time, the laptop."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from convoylog.errors import BadInput, ConvoylogError, UsageError

LOGBOOK_FILE = "logbook.toml"
BEGIN = "make a logbook with `convoylog init`, or name one with `--logbook DIR`"


def now() -> datetime:
    """This instant, in UTC. Only `cli` asks for it."""
    return datetime.now(UTC)


@contextmanager
def as_typed() -> Iterator[None]:
    """Raises UsageError where what was typed is nothing a file may hold."""
    try:
        yield
    except BadInput as error:
        raise UsageError(
            f"this cannot be written: {error}", hint="docs/format.md says what each key may hold"
        ) from None


def given_logbook(ctx: Any) -> Path | None:
    """`--logbook` as it was given before the command's name, nearest to it first."""
    while ctx is not None:
        given = ctx.params.get("logbook")
        if given is not None:
            return Path(given)
        ctx = ctx.parent
    return None


def find_logbook(given: Path | None = None) -> Path:
    """The folder of the logbook meant: `given`, else $CONVOYLOG, else upward from here.

    Raises ConvoylogError where there is none. A folder that was named is not searched upward:
    a slip of the pen must not write into another trip.
    """
    named = os.environ.get("CONVOYLOG", "")
    if given is not None or named:
        folder = given if given is not None else Path(named)
        said = f"{folder}" if given is not None else f"{folder} (from $CONVOYLOG)"
        if not folder.is_dir():
            what = "is not a folder" if folder.exists() else "does not exist"
            raise ConvoylogError(f"{said} {what}", hint=BEGIN)
        if not is_logbook(folder):
            raise ConvoylogError(f"no `{LOGBOOK_FILE}` in {said}", hint=BEGIN)
        return folder
    here = Path.cwd()
    for folder in (here, *here.parents):
        if is_logbook(folder):
            return folder
    raise ConvoylogError(f"no `{LOGBOOK_FILE}` in {here} or above", hint=BEGIN)


def logbooks_in(folder: Path) -> Iterator[Path]:
    """The folder, if it is a logbook; else the logbooks one level below it, by name."""
    if is_logbook(folder):
        yield folder
        return
    yield from (path for path in sorted(folder.iterdir()) if path.is_dir() and is_logbook(path))


def is_logbook(folder: Path) -> bool:
    # two versions of the logbook's own entry are kept as logbook-<hash>.toml until they are
    # resolved, see docs/format.md
    return (folder / LOGBOOK_FILE).is_file() or any(
        path.is_file() for path in folder.glob("logbook-????????.toml")
    )
