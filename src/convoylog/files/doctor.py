"""Mending what can be mended. Only adds and moves, after the plan was shown."""

from __future__ import annotations

from dataclasses import dataclass

from convoylog.errors import BadInput
from convoylog.files import layout, renditions, tree
from convoylog.files.check import Checked
from convoylog.files.memory import Memory, no_memory
from convoylog.files.revisions import adopt
from convoylog.files.scan import LARGEST, EntryFile
from convoylog.files.source import Folder
from convoylog.files.store import Writer, refuse_unread
from convoylog.model.holding import kind_of
from convoylog.model.versions import Version


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing `doctor` would do. act: seal, keep, show, list, render, hide. told: for the person."""

    act: str
    path: str
    told: str


def plan(checked: Checked) -> list[Remedy]:
    """What can be mended of what `check` found."""
    remedies: list[Remedy] = []
    for problem in (*checked.problems, *checked.notices):
        match problem.kind:
            case "edited":
                remedies.append(
                    Remedy("seal", problem.file, f"seal the hand edit of {problem.file}")
                )
            case "missing" if problem.file.startswith(layout.VERSIONS):
                remedies.append(Remedy("keep", problem.file, f"keep a copy again: {problem.file}"))
            case "missing-entry":
                remedies.append(Remedy("show", problem.file, f"put back {problem.message}"))
            case "unlisted":
                remedies.append(Remedy("list", problem.file, f"write a receipt for {problem.file}"))
            case "no-rendition":
                remedies.append(Remedy("render", problem.file, f"make {problem.file} again"))
            case "leftover" | "deleted" | "old" | "old-rendition":
                remedies.append(Remedy("hide", problem.file, f"move {problem.file} to the trash"))
            case "damaged" if problem.file.startswith(layout.VERSIONS):
                remedies.append(
                    Remedy("hide", problem.file, f"move the damaged {problem.file} to the trash")
                )
            case "damaged" if problem.message.startswith(
                ("the line with the seal", "some line ends")
            ):
                remedies.append(Remedy("reseal", problem.file, f"write {problem.file} whole again"))
            case "receipts" if problem.file == layout.RECEIPTS:
                remedies.append(
                    Remedy("list all", problem.file, "write receipts for all that is here")
                )
            case _:
                pass
    return remedies


def mend(writer: Writer, checked: Checked, memory: Memory | None = None) -> None:
    """Carry the plan out. Repeat `check` afterwards: one remedy may uncover another's need."""
    refuse_unread(checked.problems)
    entries = {entry.path: entry for entry in checked.found.entries}
    for remedy in plan(checked):
        match remedy.act:
            case "seal" | "reseal":
                _seal(writer, entries[remedy.path])
            case "list":
                _list(writer, remedy.path)
            case "list all":
                _list_all(writer, checked)
            case "hide":
                _hide(writer, remedy.path, checked)
            case _:
                pass
    for entry in checked.found.entries:
        writer.keep(entry.version)  # nothing happens where the copy is there
    _show_missing(writer, checked)
    renditions.complete(writer, checked.found, memory or no_memory())
    writer.commit()


def _seal(writer: Writer, entry: EntryFile) -> None:
    try:
        version = adopt(entry.version)
    except BadInput:
        return  # stays as it is, and is told again
    writer.keep(version)
    writer.change(entry.path, version.text.encode(), entry.content, entry_id=version.id)


def _list(writer: Writer, path: str) -> None:
    content = Folder(writer.root, writer.disk).read(path, LARGEST["photos"])
    act = (
        "version"
        if path.startswith(layout.VERSIONS)
        else "entry"
        if path.endswith(".toml")
        else "media"
    )
    entry_id = path.split("/")[2] if act == "version" else ""
    # the file is there already, so this only writes the receipt
    writer.create(path, content, act=act, entry_id=entry_id)


def _list_all(writer: Writer, checked: Checked) -> None:
    for entry in checked.found.entries:
        _list(writer, entry.path)
    for media in checked.found.media:
        _list(writer, media.path)
    for key, group in checked.kept.items():
        for version in group:
            _list(writer, layout.version_path(key, version.hash))


def _hide(writer: Writer, path: str, checked: Checked) -> None:
    if path in checked.views:  # an entry that was removed, by its id
        for entry in checked.found.by_id().get(path, []):
            writer.to_trash(entry.path)
    elif writer.disk.exists(writer.root / path):
        writer.to_trash(path)


def _show_missing(writer: Writer, checked: Checked) -> None:
    """Lay again what the kept versions say and the tree does not show."""
    folders = tree.folders_of(checked.views.values()) | {
        car: name for name, car in checked.found.folders.items()
    }
    by_id = checked.found.by_id()
    for key, v in sorted(checked.views.items(), key=lambda pair: kind_of(pair[1]) != "car"):
        have: dict[str, EntryFile] = {entry.path: entry for entry in by_id.get(key, [])}
        shown = {entry.version.hash for entry in have.values()}
        if (
            v.deleted
            or kind_of(v) in ("removal", "logbook")
            or all(x.hash in shown for x in v.live)
        ):
            continue
        if any(entry.version.seal != "sealed" for entry in have.values()):
            continue  # sealed above, or waiting for a person to resolve it
        wanted: dict[str, Version] = tree.entry_places(v, folders)
        if len(wanted) == 1 and len(have) == 1:
            wanted = {next(iter(have)): next(iter(wanted.values()))}
        writer.lay(wanted, have)
