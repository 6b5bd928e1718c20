"""`convoylog trash list|empty`: what was taken out of the logbook."""

from __future__ import annotations

from typing import Annotated

import typer

from convoylog.cli import context, here, screen, units
from convoylog.cli.options import JsonOption, LogbookOption


def list_trash(json: JsonOption = False, logbook: LogbookOption = None) -> None:
    """What lies in the trash, run by run.

    Example:

        convoylog trash list
    """
    from convoylog.files import trash

    runs = trash.look(context.find_logbook(logbook))
    if json:
        rows = [{"run": run.name, "files": list(run.files), "bytes": run.size} for run in runs]
        screen.json_out({"runs": rows})
        return
    for run in runs:
        count = units.counted(len(run.files), "file")
        screen.tell((run.name, "bold"), f"  {count}, {units.size(run.size)}")
        for path in run.files:
            screen.tell(f"  {screen.visible(path)}")
    if not runs:
        screen.talk("the trash is empty")


def empty(
    yes: Annotated[bool, typer.Option("--yes", help="Empty it without asking.")] = False,
    logbook: LogbookOption = None,
) -> int:
    """Delete what lies in the trash for good. Nothing else ever deletes a file.

    Example:

        convoylog trash empty --yes
    """
    from convoylog.files import store, trash

    root = context.find_logbook(logbook)
    runs = trash.look(root)
    count = sum(len(run.files) for run in runs)
    if not count:
        screen.talk("the trash is empty")
        return 0
    asked = (
        f"delete {units.counted(count, 'file')} ({units.size(sum(r.size for r in runs))}) for good?"
    )
    if not yes and not screen.ask_yes(asked):
        screen.talk("nothing was deleted; `--yes` does it without asking")
        return 1
    with store.writing(root, "trash", now=context.now(), device=here.device()) as writer:
        trash.empty(writer)
    screen.tell(f"deleted {units.counted(count, 'file')}")
    return 0
