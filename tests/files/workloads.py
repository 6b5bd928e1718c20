"""Every operation that writes into a logbook, small, and what must be true after any of them was

stopped anywhere. Used by the tests and by the full runs in tests/benchmarks.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from convoylog.errors import ConvoylogError
from convoylog.files import adding, carry, doctor, layout, store, toml, undo
from convoylog.files.candidates import Candidate
from convoylog.files.check import Checked, check
from convoylog.files.disk import REAL, Disk
from convoylog.files.examining import examine
from convoylog.files.scan import LARGEST, holding, scan
from convoylog.files.source import Folder
from convoylog.files.store import Writer
from convoylog.model.holding import Claim
from convoylog.model.versions import Version

Said = Callable[[str], None]

NOW = datetime(2027, 5, 3, 10, 15, tzinfo=UTC)
DEVICE = "a1b2c3d4e5f60718"
OTHER_DEVICE = "ffeeddccbbaa9988"

_GPX = """<?xml version="1.0"?>
<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="39.7{n}" lon="-104.9"><time>2027-05-03T1{n}:00:00Z</time></trkpt>
<trkpt lat="39.8{n}" lon="-104.9"><time>2027-05-03T1{n}:10:00Z</time></trkpt>
</trkseg></trk></gpx>
"""


def gpx(number: int) -> bytes:
    """A track of two points, another for each number of one digit."""
    return _GPX.format(n=number).encode()


def photo(number: int) -> bytes:
    """A small picture, another for each number."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (8, 8), (number * 20 % 256, 90, 90)).save(out, "JPEG")
    return out.getvalue()


def note(car: str, text: str, *, at: datetime = NOW) -> Version:
    fields = {"kind": "note", "car": car, "at": at, "text": text}
    return toml.write_version(fields, entry_id=layout.new_id(at))


def new_car(name: str, folder: str) -> Version:
    fields = {"kind": "car", "name": name, "folder": folder, "share": "convoy"}
    return toml.write_version(fields, entry_id=layout.new_id(NOW))


@dataclass(frozen=True)
class Base:
    """A small logbook to work on. files: relative path → content. other: a second logbook's,
    begun from the same one, with news of its own. inbox: files to add, name → content."""

    files: Mapping[str, bytes]
    other: Mapping[str, bytes]
    car: str
    plain: str
    edited: str
    inbox: Mapping[str, bytes] = field(default_factory=dict)


def read_files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


def write_files(root: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def add_media(
    root: Path, disk: Disk, said: Said, inbox: Path, car: str, *, device: str = DEVICE
) -> None:
    """What `convoylog add` does: each file is acknowledged when its line is printed."""
    found = scan(Folder(root, disk))
    folder = next((name for name, owner in found.folders.items() if owner == car), "")
    if not folder:
        raise ConvoylogError("no such car")  # its file could not be read
    shelf = adding.Shelf(found, car, folder)
    with store.writing(root, "add", now=NOW, device=device, disk=disk) as writer:
        for path in sorted(inbox.iterdir()):
            row, content = examine(Candidate(path.name, path))
            row = adding.add_one(writer, row, content, shelf, (), lambda _: NOW)
            said(f"media {row.sha256}")


def build(folder: Path) -> Base:
    """Two logbooks that know each other's beginnings, made by the program itself."""
    ours, inbox = folder / "ours", folder / "first"
    ours.mkdir(parents=True)
    store.init(ours, "Rally 2027", now=NOW, device=DEVICE)
    car = new_car("Anna", "44-anna")
    plain, edited, gone = (note(car.id, text) for text in ("plain", "edited", "gone"))
    with store.writing(ours, "note", now=NOW, device=DEVICE) as writer:
        writer.add(car, "44-anna")
        for version in (plain, edited, gone):
            writer.add(version, "44-anna")
    write_files(inbox, {"0.gpx": gpx(0), "0.jpg": photo(0)})
    add_media(ours, REAL, lambda _: None, inbox, car.id)
    other = folder / "other"
    write_files(other, read_files(ours))
    with store.writing(ours, "edit", now=NOW, device=DEVICE) as writer:
        store.edit(writer, edited.id, {"text": "edited here"})
    with store.writing(ours, "remove", now=NOW, device=DEVICE) as writer:
        store.delete(writer, gone.id)
    second = new_car("Bert", "7-bert")
    with store.writing(other, "note", now=NOW, device=OTHER_DEVICE) as writer:
        writer.add(second, "7-bert")
        writer.add(note(second.id, "hello from the other car"), "7-bert")
        store.edit(writer, edited.id, {"text": "edited there"})
        store.edit(writer, plain.id, {"title": "a heading from there"})
    write_files(folder / "second", {"1.gpx": gpx(1), "1.jpg": photo(1)})
    add_media(other, REAL, lambda _: None, folder / "second", second.id, device=OTHER_DEVICE)
    news = {"2.gpx": gpx(2), "2.jpg": photo(2), "3.jpg": photo(3)}
    write_files(folder / "inbox", news)
    return Base(read_files(ours), read_files(other), car.id, plain.id, edited.id, news)


# -- the operations; each can be repeated after it was stopped, as a person would repeat it

Operation = Callable[[Path, Disk, Said, Base, Path], None]


def _begin(root: Path, command: str, disk: Disk) -> AbstractContextManager[Writer]:
    return store.writing(root, command, now=NOW + timedelta(hours=1), device=DEVICE, disk=disk)


def op_init(root: Path, disk: Disk, said: Said, base: Base, folder: Path) -> None:
    fresh = root / "new"
    if not disk.exists(fresh / layout.LOGBOOK):  # else the person is told that it is there
        store.init(fresh, "New", now=NOW, device=DEVICE, disk=disk)
        said("init")


def op_note(root: Path, disk: Disk, said: Said, base: Base, folder: Path) -> None:
    for text in ("first", "second"):
        with _begin(root, "note", disk) as writer:
            version = note(base.car, text)
            writer.add(version, "44-anna")
        said(f"version {version.id} {version.hash}")


def op_add(root: Path, disk: Disk, said: Said, base: Base, folder: Path) -> None:
    add_media(root, disk, said, folder / "inbox", base.car)


def op_edit(root: Path, disk: Disk, said: Said, base: Base, folder: Path) -> None:
    for title in ("one title", "another title"):
        with _begin(root, "edit", disk) as writer:
            version = store.edit(writer, base.edited, {"title": title})
        said(f"version {version.id} {version.hash}")


def op_hand_edit(root: Path, disk: Disk, said: Said, base: Base, folder: Path) -> None:
    """An edit of a file that a hand changed, which becomes a version, too."""
    with _begin(root, "edit", disk) as writer:
        version = store.edit(writer, base.plain, {"title": "a title"})
    said(f"version {version.id} {version.hash}")


def op_remove(root: Path, disk: Disk, said: Said, base: Base, folder: Path) -> None:
    with _begin(root, "remove", disk) as writer:
        version = store.delete(writer, base.plain)
    said(f"version {version.id} {version.hash}")


def op_remove_media(root: Path, disk: Disk, said: Said, base: Base, folder: Path) -> None:
    found = scan(Folder(root, disk))
    for media in found.media:
        with _begin(root, "remove", disk) as writer:
            sha = _sha(root, disk, media.path)
            writer.keep(adding.removal(base.car, sha, media.kind[:-1], NOW))
            writer.to_trash(media.path)
        said(f"gone {media.path}")


def op_undo(root: Path, disk: Disk, said: Said, base: Base, folder: Path) -> None:
    run = undo.last_run(root, DEVICE, disk)
    with _begin(root, "undo", disk) as writer:
        undo.undo(writer, run)
    said("undone")


def op_merge(root: Path, disk: Disk, said: Said, base: Base, folder: Path) -> None:
    theirs = Folder(folder / "other")
    held, _ = holding(scan(theirs))
    with _begin(root, "merge", disk) as writer:
        found = store.open_scan(writer)
        mine, _ = holding(found)

        def fetch(claim: Claim) -> bytes:
            return theirs.read(claim.source, LARGEST[claim.kind])

        problems = carry.carry_out(writer, found, mine, [(held, fetch)])
        assert problems == []
    for group in held.versions.values():
        for version in group:
            said(f"version {version.id} {version.hash}")
    for claim in held.claims:
        said(f"media {claim.sha256}")


def op_doctor(root: Path, disk: Disk, said: Said, base: Base, folder: Path) -> None:
    with _begin(root, "doctor", disk) as writer:
        doctor.mend(writer, check(Folder(root, disk)))
    said("mended")


OPERATIONS: dict[str, Operation] = {
    "init": op_init,
    "note": op_note,
    "add": op_add,
    "edit": op_edit,
    "hand edit": op_hand_edit,
    "remove": op_remove,
    "remove media": op_remove_media,
    "undo": op_undo,
    "merge": op_merge,
    "doctor": op_doctor,
}


def begins_with(operation: str, base: Base) -> dict[str, bytes]:
    """The files a workload finds."""
    files = dict(base.files)
    if operation in ("hand edit", "doctor"):
        path = layout.entry_path("44-anna", "note", base.plain)
        files[path] = files[path].replace(b'"plain"', b'"plain, said better"')
        assert files[path] != base.files[path]
    return files


def _sha(root: Path, disk: Disk, path: str) -> str:
    return hashlib.sha256(Folder(root, disk).read(path, 1 << 20)).hexdigest()


# -- what must be true

#: what `check` may say of work that was stopped; all of it is mended by a repeat or by `doctor`
STOPPED = frozenset({"unlisted", "leftover", "missing-entry", "deleted", "receipts", "edited"})


def verify(root: Path, disk: Disk, said: tuple[str, ...], base: Base, operation: str) -> None:
    """Raises AssertionError if what was acknowledged or older is lost, or anything half there."""
    if operation == "init":
        if "init" in said:
            assert disk.exists(root / "new" / layout.LOGBOOK), "the new logbook is lost"
        root_now = root / "new"
        if not disk.exists(root_now / layout.LOGBOOK):
            return
    else:
        root_now = root
    checked = check(Folder(root_now, disk))
    wrong = [p for p in checked.problems if p.kind not in STOPPED]
    assert not wrong, f"check says {wrong[0].file}: {wrong[0].kind}: {wrong[0].message}"
    if operation == "init":
        assert checked.found.entries, "a logbook without its own entry"
        return
    kept = {version.hash for group in checked.kept.values() for version in group}
    media = set(checked.media_hashes.values())
    for what in said:
        word, _, rest = what.partition(" ")
        if word == "version":
            entry_id, _, wanted = rest.partition(" ")
            assert wanted in kept, f"version {wanted[:8]} of {entry_id} is lost"
            _check_shown(checked, entry_id, wanted)
        elif word == "media":
            assert rest in media, f"original {rest[:8]} is lost"
        elif word == "gone":
            assert not disk.exists(root / rest), f"{rest} is back"
    _nothing_older_lost(root, disk, base, kept, media)


def _check_shown(checked: Checked, entry_id: str, wanted: str) -> None:
    """The tree shows an acknowledged version, or one that was made from it; nothing if deleted."""
    shown = {entry.version.hash for entry in checked.found.entries if entry.version.id == entry_id}
    versions = checked.kept[entry_id]
    if checked.views[entry_id].deleted:
        assert not shown or all(version.hash != wanted for version in checked.views[entry_id].live)
        return
    fine = {wanted}
    while more := {v.hash for v in versions if fine & set(v.made_from)} - fine:
        fine |= more
    is_tombstone = any(version.hash == wanted and version.deleted for version in versions)
    assert is_tombstone or fine & shown, f"{entry_id} is not shown"


def _nothing_older_lost(
    root: Path, disk: Disk, base: Base, kept: set[str], media: set[str]
) -> None:
    everything = kept | media
    missing = [
        path
        for path in base.files
        if path.startswith(layout.VERSIONS) and Path(path).stem not in everything
    ]
    assert not missing, f"{missing} is lost"
    trash = _below(root / layout.TRASH, disk) if disk.is_dir(root / layout.TRASH) else []
    for path, content in base.files.items():
        if "/photos/" in path or "/tracks/" in path:
            there = [root / path, *(p for p in trash if p.name == Path(path).name)]
            assert any(_holds(p, content, root, disk) for p in there), f"{path} is lost"


def _below(folder: Path, disk: Disk) -> list[Path]:
    found: list[Path] = []
    for name in disk.list_dir(folder):
        path = folder / name
        found += _below(path, disk) if disk.is_dir(path) else [path]
    return found


def _holds(path: Path, content: bytes, root: Path, disk: Disk) -> bool:
    if not disk.exists(path):
        return False
    return Folder(root, disk).read(path.relative_to(root).as_posix(), 1 << 20) == content
