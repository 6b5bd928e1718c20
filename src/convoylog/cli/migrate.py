"""`convoylog migrate`: from an older form of the logbook to a newer one, when somebody says so."""

from __future__ import annotations

from convoylog.cli import context, screen
from convoylog.cli.options import JsonOption, LogbookOption


def migrate(json: JsonOption = False, logbook: LogbookOption = None) -> None:
    """Bring a logbook of an older format to the newest.

    Nothing migrates by itself, and there is one format so far: this tells
    which one the logbook has.

    Example:

        convoylog migrate
    """
    from convoylog.files import layout, store

    root = context.find_logbook(logbook)
    store.refuse_newer(root)
    if json:
        screen.json_out({"format": layout.FORMAT, "newest": layout.FORMAT, "changed": []})
    else:
        screen.tell(f"format {layout.FORMAT}, the newest there is: nothing to change")
