"""Taking the last command back.

What was written stays written: an edit or a removal is undone by a new version with the earlier
content, a new entry by a tombstone. Files that `add` or `merge` brought move to the trash without
tombstones, so that they can come again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from convoylog.errors import ConvoylogError
from convoylog.files import receipts, tree
from convoylog.files.disk import REAL, Disk
from convoylog.files.receipts import Receipt
from convoylog.files.revisions import adopted, new_version, tombstone
from convoylog.files.scan import holding, kept_versions
from convoylog.files.source import Folder
from convoylog.files.store import Writer, open_scan, refuse_unread, versions_of
from convoylog.model.versions import Version, View, heads, view

_NOT_UNDONE = frozenset({"undo", "init", "doctor", "trash", "migrate", "demo"})


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command on this device, as its receipts tell."""

    op: str
    command: str
    receipts: tuple[Receipt, ...]


def last_run(root: Path, device: str, disk: Disk = REAL) -> Run:
    """The last command of this device that can be taken back. Raises ConvoylogError without any."""
    own, _ = receipts.read(root, device, disk)
    undone = {receipt.note for receipt in own if receipt.act == "undone"}
    runs: dict[str, list[Receipt]] = {}
    for receipt in own:
        if receipt.command not in _NOT_UNDONE and receipt.op not in undone:
            runs.setdefault(receipt.op, []).append(receipt)
    if not runs:
        raise ConvoylogError(
            "nothing to take back: this laptop wrote nothing here that is not undone already",
            hint="see what there is with `convoylog log`",
        )
    # in the order written, not by clock: a wrong clock must not choose another command
    op = list(runs)[-1]
    return Run(op, runs[op][0].command, tuple(runs[op]))


def undo(writer: Writer, run: Run) -> list[str]:
    """Take a run back. Returns what was done, a line each, in plain words."""
    if run.command == "merge":
        told = _undo_merge(writer, run)
    else:
        told = _restore_media(writer, run) + _undo_media(writer, run) + _undo_entries(writer, run)
    writer.remark("undone", run.op)
    writer.commit()
    return told


def _undo_media(writer: Writer, run: Run) -> list[str]:
    told = []
    for receipt in run.receipts:
        if receipt.act in ("media", "made") and writer.disk.exists(writer.root / receipt.path):
            told.append(f"{receipt.path} moved to trash")
            writer.to_trash(receipt.path)
    return told


def _restore_media(writer: Writer, run: Run) -> list[str]:
    """Bring back originals that the run had moved to trash."""
    told = []
    for receipt in run.receipts:
        place = receipt.note.partition(" (")[0]
        is_media = "/tracks/" in receipt.path or "/photos/" in receipt.path
        if receipt.act != "trash" or not is_media or not writer.disk.exists(writer.root / place):
            continue
        if not writer.disk.exists(writer.root / receipt.path):
            writer.move(place, receipt.path)
            told.append(f"{receipt.path} brought back")
    return told


def _undo_entries(writer: Writer, run: Run) -> list[str]:
    told = []
    found = open_scan(writer)
    written: dict[str, set[str]] = {}
    for receipt in run.receipts:
        if receipt.act == "version":
            written.setdefault(receipt.id, set()).add(Path(receipt.path).stem)
    for entry_id, hashes in written.items():
        entry_files = found.by_id().get(entry_id, [])
        everything = versions_of(writer, entry_id, entry_files)
        now = view(adopted(everything))
        later = _with_descendants(hashes, everything)
        before = [version for version in everything if version.hash not in later]
        earlier = view(heads(before)) if before else None
        writer_version = _back_to(now, earlier)
        if writer_version is None:
            continue
        for version in now.live:
            writer.keep(version)
        writer.put(writer_version, found)
        told.append(f"{entry_id} {'removed' if writer_version.deleted else 'as it was before'}")
    return told


def _with_descendants(hashes: set[str], versions: list[Version]) -> set[str]:
    """The versions a run wrote, and all that were made from them (edits undone before it)."""
    result = set(hashes)
    grown = True
    while grown:
        more = {v.hash for v in versions if v.hash not in result and result & set(v.made_from)}
        result |= more
        grown = bool(more)
    return result


def _back_to(now: View, earlier: View | None) -> Version | None:
    """The version that makes an entry what it was; None if it is that already."""
    if now.fields.get("kind") == "removal":
        # what had removed an original no longer does
        return new_version(now, dict(now.fields)) if now.deleted else None
    if earlier is None or earlier.deleted:
        return None if now.deleted else tombstone(now)
    return new_version(now, dict(earlier.fields))


def _undo_merge(writer: Writer, run: Run) -> list[str]:
    """Move what the merge brought to trash, and lay the tree as it was without it."""
    brought = {r.path for r in run.receipts if r.act == "version"}
    media = [r.path for r in run.receipts if r.act == "media" and not _moved(run, r.path)]
    made = [r.path for r in run.receipts if r.act == "made"]
    for path in sorted(brought) + media + made:
        if writer.disk.exists(writer.root / path):
            writer.to_trash(path)
    writer.commit()
    found = open_scan(writer)
    hashes = {Path(path).stem for path in brought}
    kept, problems = kept_versions(Folder(writer.root, writer.disk))
    refuse_unread(problems)
    rows = {key: tuple(v for v in group if v.hash not in hashes) for key, group in kept.items()}
    # what the merge laid, and nobody touched since, is known by hash; the rest stays
    for entry in found.entries:
        if entry.version.hash not in hashes:
            group = rows.get(entry.version.id, ())
            if all(v.hash != entry.version.hash for v in group):
                rows[entry.version.id] = (*group, entry.version)
    rows = {key: group for key, group in rows.items() if group}
    views = {key: view(group) for key, group in rows.items()}
    have = {entry.path: entry for entry in found.entries}
    claims = holding(found)[0].claims
    wanted = tree.all_places(views, tree.folders_of(views.values(), claims))
    writer.lay(wanted, have)
    told = [f"{len(brought)} versions and {len(media)} originals moved to trash"]
    return told + _restore_media(writer, run)


def _moved(run: Run, path: str) -> bool:
    """True if the run only gave an original of ours another name."""
    return any(r.act == "trash" and r.note == path for r in run.receipts)
