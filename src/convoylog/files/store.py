"""Writing into a logbook: the one way to change it.

Order instead of a journal: originals, then the version copy, then the entry, then the receipt.
Whatever moment the battery dies, what was acknowledged is there, nothing is half written, and the
same command again finishes the work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from convoylog.errors import BadInput, ConvoylogError, Problem
from convoylog.files import carefully, disk_errors, door, layout, receipts, safely, toml, tree
from convoylog.files.disk import REAL, Disk
from convoylog.files.lock import hold
from convoylog.files.receipts import Receipt
from convoylog.files.revisions import adopted, new_version, tombstone
from convoylog.files.scan import LARGEST, UNREAD, EntryFile, Scan, kept_versions, scan
from convoylog.files.source import Folder
from convoylog.model.holding import kind_of
from convoylog.model.versions import Version, view


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(slots=True)
class Writer:
    """One command at work in one logbook. Make it with `writing`.

    op: id of this run; receipts and the trash carry it. pending: receipts not yet on disk.
    """

    root: Path
    command: str
    op: str
    now: datetime
    device: str
    disk: Disk
    locked: bool = True
    pending: list[Receipt] = field(default_factory=list)
    receipt_missing: bool = False
    _seq: int = -1
    _kept: set[str] = field(default_factory=set)
    _listed: set[str] | None = None

    # -- single files

    def create(
        self, path: str, content: bytes, *, act: str = "entry", entry_id: str = "", note: str = ""
    ) -> None:
        """Write a new file; one with the same content counts as written, another goes to trash.

        Another content under a name of ours is a damaged file: its bytes stay, in the trash.
        """
        try:
            safely.create(self.root / path, content, disk=self.disk)
        except FileExistsError:
            there = carefully.read_file(self.root / path, cap=LARGEST["photos"], disk=self.disk)
            if there != content:
                self.to_trash(path, note="another content was in the way")
                safely.create(self.root / path, content, disk=self.disk)
            else:  # whoever wrote it may have died before it was durable
                safely.settle(self.root / path, disk=self.disk)
        self._note(act, entry_id, path, _sha(content), len(content), note)

    def change(self, path: str, content: bytes, seen: bytes, *, entry_id: str) -> None:
        """Replace a file of which the person saw `seen`; refuses if it is another by now."""
        if not self.locked:
            raise ConvoylogError(
                "this folder knows no locks, so nothing in it is changed, only added",
                hint="copy the logbook to a local disk to edit",
            )
        safely.replace(self.root / path, content, expected=seen, disk=self.disk)
        self._note("entry", entry_id, path, _sha(content), len(content))

    def to_trash(self, path: str, *, note: str = "") -> str:
        """Move a file to this run's trash; returns where it lies."""
        target = f"{layout.TRASH}/{self.now:%Y-%m-%d}-{self.op}/{path}"
        while self.disk.exists(self.root / target):
            target += "-again"
        safely.make_folder((self.root / target).parent, disk=self.disk)
        safely.move(self.root / path, self.root / target, disk=self.disk)
        self._note("trash", "", path, "", 0, target if not note else f"{target} ({note})")
        return target

    def move(self, path: str, target: str) -> None:
        """Give a file another name; never over an existing one."""
        safely.make_folder((self.root / target).parent, disk=self.disk)
        safely.move(self.root / path, self.root / target, disk=self.disk)
        self._note("trash", "", path, "", 0, target)
        content = carefully.read_file(self.root / target, cap=LARGEST["photos"], disk=self.disk)
        act = "media" if "/tracks/" in target or "/photos/" in target else "entry"
        self._note(act, "", target, _sha(content), len(content))

    def assure(self, path: str, sha256: str, size: int) -> None:
        """Before "already here" is said: bring a file to the drive, and list it if nobody has."""
        if self._listed is None:
            self._listed = {r.path for r in receipts.read_all(self.root, self.disk)[0]}
        if path in self._listed:
            return
        safely.settle(self.root / path, disk=self.disk)
        self._note("media", "", path, sha256, size)
        self.commit()

    # -- versions and entries

    def keep(self, version: Version, act: str = "version", *, again: bool = False) -> None:
        """Keep a copy of a sealed version for ever, before any file of the tree shows it.

        again: also write the receipt of a copy that is there already.
        """
        if version.seal != "sealed" or version.hash in self._kept:
            return
        path = layout.version_path(version.id, version.hash)
        if not again and self.disk.exists(self.root / path):
            # another run wrote it, which may have died before it was on the drive
            safely.settle(self.root / path, disk=self.disk)
            self._kept.add(version.hash)
            return
        self.create(path, version.text.encode(), act=act, entry_id=version.id)
        self._kept.add(version.hash)

    def add(self, version: Version, folder: str) -> str:
        """A new entry: its version copy and its file. Returns the file's path.

        Parses no other entry, so it costs the same in a logbook of 5,000.
        """
        self.keep(version)
        path = layout.entry_path(folder, version.kind, version.id)
        self.create(path, version.text.encode(), entry_id=version.id)
        self.commit()
        return path

    def put(self, version: Version, found: Scan) -> None:
        """One more version of an entry that is here: the tree shows what is live afterwards."""
        self.keep(version)
        entry_files = found.by_id().get(version.id, [])
        # a hand edit counts as the sealed version it becomes, which the new one was made from
        everything = adopted(versions_of(self, version.id, entry_files))
        group = {v.hash: v for v in (*everything, version)}
        views = {version.id: view(group.values())}
        folders = tree.folders_of(
            [view(rows) for rows in _groups(found).values()] + list(views.values())
        )
        # a folder that a person gave another name keeps it until logbooks are merged
        folders |= {car: name for name, car in found.folders.items()}
        wanted = tree.entry_places(views[version.id], folders)
        if len(wanted) == 1 and len(entry_files) == 1:
            wanted = {entry_files[0].path: next(iter(wanted.values()))}
        self.lay(wanted, {entry.path: entry for entry in entry_files})
        for folder in found.folders:
            # a run that died here may have moved a file away that a power cut would bring back
            place = self.root / layout.entry_path(folder, version.kind, version.id)
            if self.disk.is_dir(place.parent):
                self.disk.sync_folder(place.parent)
        self.commit()

    def lay(self, wanted: Mapping[str, Version], have: Mapping[str, EntryFile]) -> None:
        """Make the files of `have` into those of `wanted`; what is wanted no more goes to trash."""
        for path, version in wanted.items():
            there = have.get(path)
            if there is None:
                self.create(path, version.text.encode(), entry_id=version.id)
            elif there.version.hash != version.hash or there.version.seal != version.seal:
                self.change(path, version.text.encode(), there.content, entry_id=version.id)
        for path in have:
            if path not in wanted:
                self.to_trash(path)

    # -- receipts

    def _note(
        self, act: str, entry_id: str, path: str, sha256: str, size: int, note: str = ""
    ) -> None:
        self.pending.append(
            Receipt(self.op, self.command, act, entry_id, path, sha256, size, 0, self.device, note)
        )

    def remark(self, act: str, note: str) -> None:
        """A receipt about the run itself, not about a file."""
        self._note(act, "", "", "", 0, note)

    def commit(self) -> None:
        """Put the pending receipts on disk. After it returns, "saved" may be said."""
        if not self.pending:
            return
        if self._seq < 0:
            own, _ = receipts.read(self.root, self.device, self.disk)
            self._seq = max((receipt.seq for receipt in own), default=0)
        lines = b""
        for receipt in self.pending:
            self._seq += 1
            lines += receipts.line_of(
                Receipt(
                    receipt.op, receipt.command, receipt.act, receipt.id, receipt.path,
                    receipt.sha256, receipt.bytes, self._seq, receipt.device, receipt.note,
                )
            )  # fmt: skip
        path = self.root / layout.RECEIPTS / f"{self.device}.jsonl"
        try:
            safely.make_folder(path.parent, disk=self.disk)
            safely.append_line(path, lines.removesuffix(b"\n"), disk=self.disk)
        except (OSError, ConvoylogError):
            # the files are whole and on disk; only the line about them is missing
            self.receipt_missing = True
        self.pending.clear()


@contextmanager
def writing(
    root: Path, command: str, *, now: datetime, device: str, disk: Disk = REAL
) -> Iterator[Writer]:
    """Hold the logbook's lock and hand out the Writer of one command's run.

    Raises ConvoylogError: another program holds the lock, the folder cannot be written, or the
    logbook is of a newer format.
    """
    refuse_newer(root, disk)
    try:
        with hold(root / layout.OURS) as locked:
            writer = Writer(root, command, layout.new_id(now), now, device, disk, locked=locked)
            yield writer
            writer.commit()
    except OSError as error:
        raise disk_errors.told(error, root) from error


def refuse_newer(root: Path, disk: Disk = REAL) -> None:
    """Raises ConvoylogError if the logbook's format number is higher than ours."""
    try:
        version = toml.read_version(
            carefully.read_file(root / layout.LOGBOOK, cap=toml.LARGEST, disk=disk)
        )
    except (BadInput, FileNotFoundError, ConvoylogError):
        return
    if version.format > layout.FORMAT:
        raise ConvoylogError(
            f"{layout.LOGBOOK} is of format {version.format}, newer than this program's {layout.FORMAT}",
            hint="update convoylog; reading and reports still work",
        )


def _groups(found: Scan) -> dict[str, list[Version]]:
    return {key: [entry.version for entry in group] for key, group in found.by_id().items()}


def versions_of(writer: Writer, entry_id: str, entry_files: Iterable[EntryFile]) -> list[Version]:
    """All versions of one entry: in the tree and kept."""
    kept, problems = kept_versions(Folder(writer.root, writer.disk), [entry_id])
    refuse_unread(problems)
    group = {entry.version.hash: entry.version for entry in entry_files}
    for version in kept.get(entry_id, ()):
        group.setdefault(version.hash, version)
    return list(group.values())


def init(
    root: Path, title: str, *, zone: str = "", now: datetime, device: str, disk: Disk = REAL
) -> str:
    """A new logbook in a folder that has none. Returns its id. Raises ConvoylogError, BadInput."""
    if disk.exists(root / layout.LOGBOOK):
        raise ConvoylogError(
            f"{root} is a logbook already", hint="see what it holds with `convoylog log`"
        )
    fields = {"kind": "logbook", "title": title, **({"zone": zone} if zone else {})}
    door.check(fields)
    try:
        safely.make_folder(root / layout.OURS, disk=disk)
    except OSError as error:
        raise disk_errors.told(error, root) from error
    with writing(root, "init", now=now, device=device, disk=disk) as writer:
        version = toml.write_version(fields, entry_id=layout.new_id(now))
        for name, text in layout.KEEP_OUT.items():
            if not disk.exists(root / name):
                writer.create(name, text.encode(), act="other")
        # the logbook's own file comes last: a folder is a logbook once everything else is there
        writer.keep(version)
        writer.create(layout.LOGBOOK, version.text.encode(), entry_id=version.id)
    return version.id


def open_scan(writer: Writer) -> Scan:
    """The logbook as it lies there now. Raises ConvoylogError if a file of it cannot be read."""
    found = scan(Folder(writer.root, writer.disk))
    refuse_unread(found.problems)
    return found


def refuse_unread(problems: Iterable[Problem]) -> None:
    """Raises ConvoylogError if the disk would not give a file: what it says is not known now."""
    for problem in problems:
        if problem.kind == UNREAD:
            raise ConvoylogError(f"{problem.file} {problem.message}", hint=problem.hint)


def edit(writer: Writer, entry_id: str, changes: Mapping[str, object]) -> Version:
    """Change keys of an entry; an empty value takes its key out. Returns the new version.

    Every other byte of a single live version stays as it was. Raises ConvoylogError, BadInput.
    """
    found, everything = current(writer, entry_id)
    now = view(everything)
    for version in now.live:
        writer.keep(version)
    if len(now.live) == 1:
        version = toml.rewrite(now.live[0].text, changes, made_from=(now.live[0].hash,))
    else:
        fields = {**now.fields, **changes}
        version = new_version(
            now, {key: value for key, value in fields.items() if value not in ("", (), [])}
        )
    door.check({"kind": kind_of(now), **version.fields})
    writer.put(version, found)
    return version


def current(writer: Writer, entry_id: str) -> tuple[Scan, list[Version]]:
    """A fresh scan, and all versions of one entry, hand edits sealed. Raises ConvoylogError."""
    found = open_scan(writer)
    entry_files = found.by_id().get(entry_id, [])
    everything = versions_of(writer, entry_id, entry_files)
    if not everything:
        raise ConvoylogError(f"no entry {entry_id} here", hint="`convoylog log` shows the ids")
    return found, adopted(everything)


def delete(writer: Writer, entry_id: str) -> Version:
    """Remove an entry: a tombstone is written, its file goes to trash. Returns the tombstone."""
    found, everything = current(writer, entry_id)
    now = view(everything)
    for version in now.live:
        writer.keep(version)
    version = tombstone(now)
    writer.put(version, found)
    return version
