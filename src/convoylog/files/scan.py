"""What lies in a logbook folder: entries, kept versions and originals, as found.

Nothing is written and nothing is judged twice: what cannot be read is told as a problem and its
neighbours are kept. A folder from someone else is read the same way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from convoylog.errors import BadInput, ConvoylogError, Problem
from convoylog.files import door, layout, toml
from convoylog.files.disk import REAL, Disk
from convoylog.files.safely import read_file
from convoylog.model.holding import Claim, Holding, MediaKind
from convoylog.model.versions import Version

#: bytes of one original; a day at ten fixes a second is 60 MiB, a 100-megapixel photo 120
LARGEST_TRACK = 64 * 1024 * 1024
LARGEST_PHOTO = 256 * 1024 * 1024
LARGEST = {"tracks": LARGEST_TRACK, "photos": LARGEST_PHOTO}

MEDIA: tuple[MediaKind, ...] = ("tracks", "photos")


@dataclass(frozen=True, slots=True)
class EntryFile:
    """An entry's file in the tree. path: relative, with slashes. content: its bytes."""

    path: str
    content: bytes
    version: Version


@dataclass(frozen=True, slots=True)
class MediaFile:
    """An original in the tree, not yet read."""

    path: str
    car: str
    kind: MediaKind


@dataclass(frozen=True, slots=True)
class Scan:
    """entries: logbook.toml first, then by path. folders: folder name → car id."""

    root: Path
    entries: tuple[EntryFile, ...]
    media: tuple[MediaFile, ...]
    folders: Mapping[str, str]
    problems: tuple[Problem, ...]

    def by_id(self) -> dict[str, list[EntryFile]]:
        groups: dict[str, list[EntryFile]] = {}
        for entry in self.entries:
            groups.setdefault(entry.version.id, []).append(entry)
        return groups


def _names(folder: Path, disk: Disk) -> list[str]:
    """Names in a folder in order, without hidden ones (ours while writing, and other programs')."""
    try:
        return sorted(name for name in disk.list_dir(folder) if not name.startswith((".", "~")))
    except (FileNotFoundError, NotADirectoryError):
        return []


def scan(root: Path, disk: Disk = REAL) -> Scan:
    """Read every entry of the tree, and list the originals."""
    problems: list[Problem] = []
    entries: list[EntryFile] = []
    media: list[MediaFile] = []
    folders: dict[str, str] = {}
    for name in _names(root, disk):
        if name.startswith("logbook") and name.endswith(".toml"):
            found = read_entry(root, name, disk, problems, kind="logbook")
            entries.extend([found] if found else [])
    # "logbook.toml" before "logbook-1a2b3c4d.toml"
    entries.sort(key=lambda entry: (entry.path != layout.LOGBOOK, entry.path))
    for folder in _names(root / layout.CARS, disk):
        base = f"{layout.CARS}/{folder}"
        if not disk.is_dir(root / base):
            continue
        cars = [
            found
            for name in _names(root / base, disk)
            if name.startswith("car") and name.endswith(".toml")
            if (found := read_entry(root, f"{base}/{name}", disk, problems, kind="car"))
        ]
        # without a car.toml the folder's name tells one car from another
        car = min((c.version.id for c in cars), default="") or layout.id_from(folder.encode(), None)
        folders[folder] = car
        entries.extend(cars)
        for part in ("legs", "notes"):
            for name in _names(root / base / part, disk):
                if not name.endswith(".toml"):
                    continue
                kind = "leg" if part == "legs" else "note"
                found = read_entry(
                    root, f"{base}/{part}/{name}", disk, problems, kind=kind, car=car
                )
                entries.extend([found] if found else [])
        for part in MEDIA:
            for name in _names(root / base / part, disk):
                if not disk.is_dir(root / base / part / name):
                    media.append(MediaFile(f"{base}/{part}/{name}", car, part))
    return Scan(root, tuple(entries), tuple(media), folders, tuple(problems))


def read_entry(
    root: Path, path: str, disk: Disk, problems: list[Problem], *, kind: str, car: str = ""
) -> EntryFile | None:
    """One entry's file; None and a problem if it is damaged."""
    try:
        content = read_file(root / path, cap=toml.LARGEST, disk=disk)
        version = toml.read_version(content)
        fields = dict(version.fields)
        fields.setdefault("kind", kind)
        if car:
            fields.setdefault("car", car)
        door.check(fields)
    except (BadInput, ConvoylogError) as error:
        problems.append(
            Problem(
                path, "damaged", str(error), hint="mend it in an editor, or see `convoylog check`"
            )
        )
        return None
    except FileNotFoundError:
        return None  # gone between listing and reading: nothing to tell
    return EntryFile(path, content, replace(version, fields=fields))


def kept_versions(
    root: Path, disk: Disk = REAL, ids: Iterable[str] | None = None
) -> tuple[dict[str, tuple[Version, ...]], list[Problem]]:
    """Every version copy, or those of some ids. A copy must be what its name says."""
    result: dict[str, tuple[Version, ...]] = {}
    problems: list[Problem] = []
    base = root / layout.VERSIONS
    for entry_id in _names(base, disk) if ids is None else sorted(set(ids)):
        if not layout.is_id(entry_id):
            continue
        group = []
        for name in _names(base / entry_id, disk):
            path = f"{layout.VERSIONS}/{entry_id}/{name}"
            try:
                version = toml.read_version(read_file(root / path, cap=toml.LARGEST, disk=disk))
                if (
                    version.id != entry_id
                    or name != f"{version.hash}.toml"
                    or version.seal != "sealed"
                ):
                    raise BadInput("not the version its name says")
                door.check(
                    {"kind": "note", **version.fields}
                    if not version.deleted
                    else {"kind": "removal"}
                )
                group.append(version)
            except (BadInput, ConvoylogError, FileNotFoundError) as error:
                problems.append(
                    Problem(path, "damaged", f"version copy: {error}", hint="convoylog doctor")
                )
        if group:
            result[entry_id] = tuple(group)
    return result, problems


def read_media(root: Path, media: MediaFile, disk: Disk = REAL) -> bytes:
    """The bytes of an original. Raises ConvoylogError or OSError."""
    return read_file(root / media.path, cap=LARGEST[media.kind], disk=disk)


def claim_of(media: MediaFile, content: bytes, prefix: str) -> Claim:
    """The claim of an original. prefix: used where its name isn't one of ours."""
    name = media.path.rpartition("/")[2]
    sha256 = hashlib.sha256(content).hexdigest()
    ours = layout.read_media_name(name)
    ending = ours[2] if ours else (name.rpartition(".")[2].lower() if "." in name else "bin")
    return Claim(
        media.car,
        media.kind,
        sha256,
        ours[0] if ours and sha256.startswith(ours[1]) else prefix,
        ending if ending.isalnum() and ending.isascii() and len(ending) <= 5 else "bin",
        media.path,
        len(content),
    )


def holding(found: Scan, disk: Disk = REAL) -> tuple[Holding, list[Problem]]:
    """All that a scanned logbook holds, its kept versions too. Reads every original to hash it."""
    versions: dict[str, dict[str, Version]] = {}
    kept, problems = kept_versions(found.root, disk)
    for version in _all(kept, found):
        versions.setdefault(version.id, {}).setdefault(version.hash, version)
    claims = []
    for media in found.media:
        try:
            claims.append(claim_of(media, read_media(found.root, media, disk), "undated"))
        except (ConvoylogError, OSError) as error:
            problems.append(Problem(media.path, "unreadable", str(error)))
    rows = {key: tuple(group.values()) for key, group in versions.items()}
    return Holding(rows, tuple(claims)), problems


def _all(kept: Mapping[str, tuple[Version, ...]], found: Scan) -> Iterator[Version]:
    # the tree first: there a hand-written file has been told its car by its folder
    for entry in found.entries:
        yield entry.version
    for group in kept.values():
        yield from group
