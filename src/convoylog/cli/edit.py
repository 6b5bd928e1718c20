"""`convoylog edit`: change an entry in an editor; checked before it is kept."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from convoylog.cli import context, here, screen
from convoylog.cli.options import IdArgument, LogbookOption
from convoylog.errors import BadInput, ConvoylogError, UsageError

if TYPE_CHECKING:
    from convoylog.model.versions import View


def edit(entry: IdArgument, logbook: LogbookOption = None) -> int:
    """Change an entry in your editor ($VISUAL, $EDITOR). Its old state is kept.

    Example:

        convoylog edit 20270503t101500z-k7
    """
    from convoylog.files import door, load, revisions, store, toml
    from convoylog.model.versions import view

    root = context.find_logbook(logbook)
    found = here.pick_entry(load.read_book(root).entries, entry)
    with store.writing(root, "edit", now=context.now(), device=here.device()) as writer:
        seen, everything = store.current(writer, found.id)
        now = view(everything)
    shown = _shown(now)
    text = shown
    while True:
        text = from_editor(text, suffix=".toml")
        if text.strip() == shown.strip():
            screen.talk("nothing was changed")
            return 0
        try:
            fields = toml.parse(toml.plain_text(text.encode()))
            door.check({"kind": "note", **fields})
            if fields.get("id", found.id) != found.id:
                raise BadInput("`id` cannot be changed")
            break
        except BadInput as error:
            screen.show_error(ConvoylogError(f"not kept: {error}"))
            if not screen.ask_yes("edit again?"):
                kept = Path(tempfile.mkstemp(prefix="convoylog-", suffix=".toml")[1])
                kept.write_text(text)
                raise UsageError("nothing was changed", hint=f"your text is in {kept}") from None
    # while the editor was open the lock was free: whoever wrote meanwhile must not be overwritten
    with store.writing(root, "edit", now=context.now(), device=here.device()) as writer:
        seen, everything = store.current(writer, found.id)
        again = view(everything)
        if [v.hash for v in again.live] != [v.hash for v in now.live]:
            raise ConvoylogError(
                f"{found.id} was changed by someone else meanwhile",
                hint=f"convoylog edit {found.id}",
            )
        for version in now.live:
            writer.keep(version)
        if len(now.live) == 1:
            version = toml.reseal(text, made_from=(now.live[0].hash,), add={"id": found.id})
        else:
            version = revisions.new_version(
                now,
                {
                    k: v
                    for k, v in fields.items()
                    if k not in ("format", "id", "made_from", "undecided")
                },
            )
        writer.put(version, seen)
    screen.tell(f"saved {found.id}")
    return 0


def _shown(now: View) -> str:
    """The text to edit: the file's own without its seal, or all live versions as one."""
    from convoylog.files import toml

    if len(now.live) == 1:
        return toml.split_seal(now.live[0].text)[0]
    whole = toml.write_version(dict(now.fields), entry_id=now.id)
    notes = "".join(
        f"# `{dispute.field}` was changed apart: {' | '.join(str(value) for _, value in dispute.values)}".replace(
            "\n", " "
        )
        + "\n"
        for dispute in now.disputed
    )
    return notes + toml.split_seal(whole.text)[0]


def from_editor(text: str, *, suffix: str) -> str:
    """What the person's editor makes of a text. Raises ConvoylogError if the editor fails."""
    command = here.editor()
    with tempfile.TemporaryDirectory(prefix="convoylog-") as folder:
        path = Path(folder) / f"entry{suffix}"
        path.write_text(text, encoding="utf-8")
        try:
            code = subprocess.run([*command, str(path)], check=False).returncode  # noqa: S603 - the person's own editor
        except OSError as error:
            raise ConvoylogError(
                f"{command[0]}: {(error.strerror or 'cannot be started').lower()}",
                hint="set EDITOR",
            ) from None
        if code != 0:
            raise ConvoylogError(f"{command[0]} ended with {code}; nothing was changed")
        return path.read_text(encoding="utf-8", errors="replace")
