"""What lies in a logbook: entries, kept versions and originals, as found.

Nothing is written and nothing is judged twice: what cannot be read is told as a problem and its
neighbours are kept. A folder or bundle from someone else is read the same way.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from convoylog.errors import BadInput, ConvoylogError, Problem
from convoylog.files import door, layout, toml
from convoylog.files.source import Source
from convoylog.model.holding import Claim, Holding, MediaKind
from convoylog.model.versions import Version

#: bytes of one original; a day at ten fixes a second is 60 MiB, a 100-megapixel photo 120
LARGEST: dict[MediaKind, int] = {"tracks": 64 * 1024 * 1024, "photos": 256 * 1024 * 1024}
#: kind of problem of a file that the disk would not give; whoever writes must not go on without it
UNREAD = "unread"
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
    """entries: logbook.toml first, then by path. folders: folder name → car id.

    renditions: paths of GPX files that were made from originals beside them.
    """

    source: Source
    entries: tuple[EntryFile, ...]
    media: tuple[MediaFile, ...]
    folders: Mapping[str, str]
    problems: tuple[Problem, ...]
    renditions: tuple[str, ...] = ()

    def by_id(self) -> dict[str, list[EntryFile]]:
        groups: dict[str, list[EntryFile]] = {}
        for entry in self.entries:
            groups.setdefault(entry.version.id, []).append(entry)
        return groups


def scan(source: Source, *, cars_only: bool = False) -> Scan:
    """Read every entry of the tree, and list the originals.

    cars_only: leave notes and legs unread; a new entry needs none of them.
    """
    problems: list[Problem] = []
    entries: list[EntryFile] = []
    media: list[MediaFile] = []
    renditions: list[str] = []
    folders: dict[str, str] = {}
    for name in source.names(""):
        if name.startswith("logbook") and name.endswith(".toml"):
            found = read_entry(source, name, problems, kind="logbook")
            entries.extend([found] if found else [])
    # "logbook.toml" before "logbook-1a2b3c4d.toml"
    entries.sort(key=lambda entry: (entry.path != layout.LOGBOOK, entry.path))
    for folder in source.names(layout.CARS):
        base = f"{layout.CARS}/{folder}"
        if not source.is_folder(base):
            continue
        cars = [
            found
            for name in source.names(base)
            if name.startswith("car") and name.endswith(".toml")
            if (found := read_entry(source, f"{base}/{name}", problems, kind="car"))
        ]
        # without a car.toml the folder's name tells one car from another
        implied = layout.id_from(folder.encode(), None)
        car = min((c.version.id for c in cars), default=implied)
        before = len(entries) + len(media) + len(problems)
        entries.extend(cars)
        for part, kind in () if cars_only else (("legs", "leg"), ("notes", "note")):
            for name in source.names(f"{base}/{part}"):
                if name.endswith(".toml"):
                    path = f"{base}/{part}/{name}"
                    found = read_entry(source, path, problems, kind=kind, car=car)
                    entries.extend([found] if found else [])
        for media_kind in MEDIA:
            for name in source.names(f"{base}/{media_kind}"):
                path = f"{base}/{media_kind}/{name}"
                if media_kind == "tracks" and layout.is_rendition(name):
                    renditions.append(path)
                elif not source.is_folder(path):
                    media.append(MediaFile(path, car, media_kind))
        # an empty folder, as a car that was renamed leaves it, is no car
        if len(entries) + len(media) + len(problems) > before:
            folders[folder] = car
    return Scan(source, tuple(entries), tuple(media), folders, tuple(problems), tuple(renditions))


def read_entry(
    source: Source, path: str, problems: list[Problem], *, kind: str, car: str = ""
) -> EntryFile | None:
    """One entry's file; None and a problem if it is damaged.

    kind, car: what its folder says, for a hand-written file that does not say so itself.
    """
    try:
        content = source.read(path, toml.LARGEST)
        version = toml.read_version(content)
        fields = dict(version.fields)
        fields.setdefault("kind", kind)
        if car:
            fields.setdefault("car", car)
        door.check(fields)
    except FileNotFoundError:
        return None  # gone between listing and reading
    except (BadInput, ConvoylogError, OSError) as error:
        problems.append(_problem(path, error, "mend it in an editor"))
        return None
    return EntryFile(path, content, replace(version, fields=fields))


def _problem(path: str, error: Exception, hint: str, what: str = "") -> Problem:
    """Damaged, or there and not to be read now: a failing disk is no reason to call a file lost."""
    cause = error.__cause__ if isinstance(error, ConvoylogError) else error
    if isinstance(cause, OSError) and cause.errno not in (errno.ELOOP, errno.EMLINK):
        reason = (cause.strerror or str(error)).lower()
        return Problem(
            path, UNREAD, f"cannot be read: {reason}", "look at the disk, then try again"
        )
    if isinstance(error, BadInput):
        return Problem(path, "damaged", f"{what}{error.message}", hint, error.line)
    return Problem(path, "damaged", f"{what}{error}", hint)


def read_kept(source: Source, path: str) -> Version:
    """One version copy, which must be what its name says. Raises BadInput and what reading raises."""
    version = toml.read_version(source.read(path, toml.LARGEST))
    if version.seal != "sealed" or path != layout.version_path(version.id, version.hash):
        raise BadInput("not the version its name says")
    # the seal forgives line ends, and would forgive a copy whose last one is cut
    if toml.sealed(toml.split_seal(version.text)[0]) != version.text:
        raise BadInput("its last line is not whole")
    if not version.deleted:
        door.check({"kind": "note", **version.fields})
    return version


def kept_versions(
    source: Source, ids: Iterable[str] | None = None
) -> tuple[dict[str, tuple[Version, ...]], list[Problem]]:
    """Every version copy, or those of some ids."""
    result: dict[str, tuple[Version, ...]] = {}
    problems: list[Problem] = []
    for entry_id in source.names(layout.VERSIONS) if ids is None else sorted(set(ids)):
        if not layout.is_id(entry_id):
            continue
        group = []
        for name in source.names(f"{layout.VERSIONS}/{entry_id}"):
            path = f"{layout.VERSIONS}/{entry_id}/{name}"
            try:
                group.append(read_kept(source, path))
            except FileNotFoundError:
                continue
            except (BadInput, ConvoylogError, OSError) as error:
                problems.append(_problem(path, error, "convoylog doctor", "version copy: "))
        if group:
            result[entry_id] = tuple(group)
    return result, problems


def read_media(source: Source, media: MediaFile) -> bytes:
    """The bytes of an original. Raises BadInput, ConvoylogError or OSError."""
    return source.read(media.path, LARGEST[media.kind])


def claim_of(media: MediaFile, content: bytes, prefix: str = "undated") -> Claim:
    """The claim of an original. prefix: used where its name isn't one of ours."""
    name = media.path.rpartition("/")[2]
    sha256 = hashlib.sha256(content).hexdigest()
    ours = layout.read_media_name(name)
    ending = ours[2] if ours else name.rpartition(".")[2].lower()
    plain = ending.isalnum() and ending.isascii() and len(ending) <= 5
    if ours and sha256.startswith(ours[1]):
        prefix = ours[0]
    ending = ending if plain and ending != name.lower() else "bin"
    return Claim(media.car, media.kind, sha256, prefix, ending, media.path, len(content))


def holding(found: Scan) -> tuple[Holding, list[Problem]]:
    """All that a scanned logbook holds, its kept versions too. Reads every original to hash it."""
    versions: dict[str, dict[str, Version]] = {}
    kept, problems = kept_versions(found.source)
    # the tree first: there a hand-written file has been told its car by its folder
    for version in (
        *(entry.version for entry in found.entries),
        *(version for group in kept.values() for version in group),
    ):
        versions.setdefault(version.id, {}).setdefault(version.hash, version)
    claims = []
    for media in found.media:
        try:
            claims.append(claim_of(media, read_media(found.source, media)))
        except (BadInput, ConvoylogError, OSError) as error:
            problems.append(Problem(media.path, "unreadable", str(error)))
    return Holding(
        {key: tuple(rows.values()) for key, rows in versions.items()}, tuple(claims)
    ), problems
