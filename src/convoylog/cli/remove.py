"""`convoylog remove` and `convoylog undo`."""

from __future__ import annotations

from typing import Annotated

import typer

from convoylog.cli import completing, context, here, screen
from convoylog.cli.options import LogbookOption
from convoylog.errors import UsageError


def remove(
    what: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="An entry's id, or a photo's or track's file name, also the one it had.",
            autocompletion=completing.entries,
        ),
    ],
    logbook: LogbookOption = None,
) -> None:
    """Remove an entry, photo or track. Its file goes to the trash; `undo` brings it back.

    Example:

        convoylog remove 20270503t101500z-k7
    """
    from convoylog.files import adding, load, receipts, scan, store
    from convoylog.files.source import Folder

    root = context.find_logbook(logbook)
    book = load.read_book(root)
    media = [
        m for m in book.found.media if m.path.rpartition("/")[2].startswith(what) or m.path == what
    ]
    entries = [
        e
        for e in book.entries
        if e.id.startswith(what.lower()) or e.id[17:].startswith(what.lower())
    ]
    if not media and not entries:
        names = receipts.added_as(root, what)
        media = [m for m in book.found.media if m.path in names]
    if len(media) == 1 and not entries:
        content = scan.read_media(Folder(root), media[0])
        claim = scan.claim_of(media[0], content)
        kind = "track" if claim.kind == "tracks" else "photo"
        with store.writing(root, "remove", now=context.now(), device=here.device()) as writer:
            writer.keep(adding.removal(claim.car, claim.sha256, kind, writer.now))
            writer.to_trash(media[0].path)
        screen.tell(f"removed {screen.visible(media[0].path)}; `convoylog undo` brings it back")
        return
    if len(media) > 1 and not entries:
        listed = ", ".join(m.path for m in media[:3])
        raise UsageError(f"{len(media)} files are called {what!r}", hint=f"say which: {listed}")
    found = here.pick_entry(book.entries, what)
    with store.writing(root, "remove", now=context.now(), device=here.device()) as writer:
        store.delete(writer, found.id)
    screen.tell(f"removed {found.kind} {found.id}; `convoylog undo` brings it back")


def undo(logbook: LogbookOption = None) -> None:
    """Take the last command of this laptop back.

    Example:

        convoylog undo
    """
    from convoylog.files import store
    from convoylog.files import undo as undoing

    root = context.find_logbook(logbook)
    device = here.device()
    run = undoing.last_run(root, device)
    with store.writing(root, "undo", now=context.now(), device=device) as writer:
        told = undoing.undo(writer, run)
    day, clock = run.op[:8], run.op[9:13]
    when = f"{day[:4]}-{day[4:6]}-{day[6:]} {clock[:2]}:{clock[2:]}Z"
    screen.tell(f"took back `{run.command}` of {when}")
    for line in told:
        screen.tell(f"  {screen.visible(line)}")
