"""Logs of others, wherever they lie: bundles, folders, sticks with several of both, copies in copies.

What is half copied or damaged is told and left out; its neighbours count. Nothing is written here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from convoylog.errors import BadInput, ConvoylogError, Problem
from convoylog.files import bundle, layout, toml
from convoylog.files.disk import REAL, Disk
from convoylog.files.scan import (
    LARGEST,
    MediaFile,
    Scan,
    claim_of,
    kept_versions,
    read_media,
    scan,
)
from convoylog.files.source import Folder, Source
from convoylog.model.holding import Claim, Holding
from convoylog.model.versions import Version

#: folders below the one that was named; a stick has its logs at the top, a backup some deeper
_DEEPEST = 5
#: folders looked into: a whole home folder named by mistake ends here
_MOST_FOLDERS = 2_000
#: how programs call a file they have not finished
_HALF = (".part", ".partial", ".crdownload", ".filepart", ".download", ".tmp")
#: what systems leave in folders of photos
_LITTER = frozenset({"thumbs.db", "desktop.ini"})
#: a name of ours, and what file-sharing programs put behind it:
#: `…-9be0417d (Anna's conflicted copy 2027-05-03).jpg`, `…-9be0417d.sync-conflict-20270503-….jpg`
_COPIED_NAME = re.compile(
    r"((?:[0-9]{8}t[0-9]{6}z|undated)-[0-9a-f]{8,46})[^0-9a-f-].*\.([A-Za-z0-9]{1,5})"
)


@dataclass(frozen=True, slots=True)
class Other:
    """One log that was found. problems: what of it is left out, and why."""

    source: Source
    holding: Holding
    problems: tuple[Problem, ...] = ()
    #: files of it that cannot be taken: name → bytes, to be laid aside with their reasons
    damaged: tuple[tuple[str, bytes, str], ...] = ()

    def fetch(self, claim: Claim) -> bytes:
        return self.source.read(claim.source, LARGEST[claim.kind])


def find(path: Path, disk: Disk = REAL) -> tuple[list[Source], list[Problem]]:
    """Every log at a path, and why what looks like one is none.

    A bundle (or a zip of folders); a logbook's folder with the copies in it; or a folder that
    holds such. Raises ConvoylogError if there is nothing of the name.
    """
    if not disk.exists(path) and not disk.leads_to_folder(path):
        raise ConvoylogError(
            f"no such file: {path}",
            hint="name a bundle from `convoylog pack`, or a logbook's folder",
        )
    if not disk.leads_to_folder(path):
        try:
            return list(bundle.open_bundles(path)), []
        except BadInput as error:
            return [], [_no_bundle(path, str(error))]
        except OSError as error:
            return [], [_no_bundle(path, (error.strerror or "cannot be read").lower())]
    sources: list[Source] = []
    problems: list[Problem] = []
    waiting = [(path, 0)]
    seen = 0
    while waiting and seen < _MOST_FOLDERS:
        folder, depth = waiting.pop(0)
        seen += 1
        try:
            names = sorted(disk.list_dir(folder))
        except OSError as error:
            problems.append(Problem(str(folder), "unread", (error.strerror or "").lower()))
            continue
        is_log = _is_log(names) and (_has_logbook(names) or _has_cars(folder, disk))
        if is_log:
            sources.append(Folder(folder, disk))
            if not _has_logbook(names):
                told = f"no `{layout.LOGBOOK}` here: half copied? What is here is taken"
                problems.append(Problem(str(folder), "half", told))
        for name in names:
            inner = folder / name
            if name.startswith((".", "~")) or disk.is_link(inner):
                continue
            if disk.is_dir(inner):
                if depth < _DEEPEST and not (is_log and name in (layout.CARS, "reports")):
                    waiting.append((inner, depth + 1))
            elif name.lower().endswith(".zip"):
                found, wrong = find(inner, disk)
                sources += found
                # a stick holds other zips too; what calls itself a bundle should be one
                problems += wrong if ".convoylog" in name.lower() else []
            elif name.lower().endswith(_HALF) and ".convoylog" in name.lower():
                problems.append(_no_bundle(inner, "half copied: its name says it is not finished"))
    if waiting:
        told = f"more than {_MOST_FOLDERS:,} folders: the rest was not looked into"
        problems.append(Problem(str(path), "many", told, "name the log's own folder"))
    return sources, problems


def _no_bundle(path: Path, reason: str) -> Problem:
    return Problem(str(path), "refused", reason, "ask for a new bundle, made with `convoylog pack`")


def _has_logbook(names: list[str]) -> bool:
    # also `logbook (Anna's conflicted copy).toml`
    return any(name.startswith("logbook") and name.endswith(".toml") for name in names)


def _is_log(names: list[str]) -> bool:
    return _has_logbook(names) or layout.CARS in names


def _has_cars(folder: Path, disk: Disk) -> bool:
    """A folder `cars` is a log's only if a car is in it."""
    cars = folder / layout.CARS
    if not disk.is_dir(cars):
        return False
    return any(
        disk.is_dir(cars / name) and disk.exists(cars / name / "car.toml")
        for name in disk.list_dir(cars)
    )


def look_into(source: Source) -> Other:
    """All that a log of somebody else holds. Raises BadInput for one that a later program wrote."""
    found = scan(source)
    for entry in found.entries:
        if entry.version.kind == "logbook" and entry.version.format > layout.FORMAT:
            raise BadInput(
                f"of format {entry.version.format}, newer than this program's {layout.FORMAT}"
            )
    kept, wrong = kept_versions(source)
    problems = [*found.problems, *wrong]
    damaged = [_bytes_of(source, p) for p in found.problems if p.kind == "damaged"]
    groups: dict[str, dict[str, Version]] = {}
    for version in (
        *(entry.version for entry in found.entries),
        *(version for group in kept.values() for version in group),
    ):
        groups.setdefault(version.id, {}).setdefault(version.hash, version)
    for key, rows in list(groups.items()):
        newer = max(version.format for version in rows.values())
        if newer > layout.FORMAT:
            told = f"of format {newer}, newer than this program's {layout.FORMAT}: not taken yet"
            problems.append(Problem(_place(found, key), "newer", told, "update convoylog"))
            damaged += [(f"{v.id}.toml", v.text.encode(), told) for v in rows.values()]
            del groups[key]
    claims, unread = _claims(source, found)
    return Other(
        source,
        Holding({key: tuple(rows.values()) for key, rows in groups.items()}, claims),
        tuple(
            Problem(f"{source.name}: {p.file}", p.kind, p.message, "", p.line)
            for p in (*problems, *unread)
        ),
        tuple(row for row in damaged if row[1]),
    )


def _place(found: Scan, key: str) -> str:
    return next((e.path for e in found.entries if e.version.id == key), key)


def _bytes_of(source: Source, problem: Problem) -> tuple[str, bytes, str]:
    """A damaged entry as it lies there; no bytes where even that cannot be read."""
    name = problem.file.rpartition("/")[2]
    try:
        return name, source.read(problem.file, toml.LARGEST), problem.message
    except (BadInput, ConvoylogError, OSError):
        return name, b"", problem.message


def _claims(source: Source, found: Scan) -> tuple[tuple[Claim, ...], list[Problem]]:
    claims = []
    problems = []
    for media in found.media:
        name = media.path.rpartition("/")[2]
        if name.lower() in _LITTER:
            continue
        try:
            if name.lower().endswith(_HALF):
                raise BadInput("half copied: its name says it is not finished")
            content = read_media(source, media)
            claims.append(_claim(media, name, content))
        except (BadInput, ConvoylogError, OSError) as error:
            problems.append(Problem(media.path, "unreadable", str(error)))
    return tuple(claims), problems


def _claim(media: MediaFile, name: str, content: bytes) -> Claim:
    """The claim of an original. Raises BadInput where its own name says that it was cut."""
    if not content:
        raise BadInput("the file is empty: half copied?")
    copied = _COPIED_NAME.fullmatch(name)
    ours = layout.read_media_name(f"{copied[1]}.{copied[2].lower()}" if copied else name)
    claim = claim_of(media, content)
    if ours is None:
        return claim
    if not claim.sha256.startswith(ours[1]):
        raise BadInput("not the content its name says: half copied, or changed")
    # a copy by a file-sharing program is the original under another name
    return replace(claim, prefix=ours[0], ending=ours[2])


def without_cut(other: Other, known: Mapping[str, tuple[Version, ...]]) -> Other:
    """Leave out entries that were cut on the way; a cut TOML file often still parses.

    The beginning of a version that somebody has whole would only be a doubt beside it; one that
    ends within a line is laid aside until the whole comes. known: versions of all sides by id.
    """
    told: list[Problem] = []
    damaged: list[tuple[str, bytes, str]] = []
    groups: dict[str, tuple[Version, ...]] = {}
    for key, group in other.holding.versions.items():
        kept = []
        for version in group:
            if version.seal != "unsealed":
                kept.append(version)
                continue
            whole = [v.text for v in (*known.get(key, ()), *group) if v.seal == "sealed"]
            reason = ""
            if any(text.startswith(version.text.rstrip("\n")) for text in whole):
                reason = "is cut; the whole of it is known, so this copy is left out"
            elif _ends_early(version):
                reason = "is cut: it ends within a line, before its seal"
                damaged.append((f"{key}.toml", version.text.encode(), reason))
            if reason:
                told.append(Problem(f"{other.source.name}: {key}", "cut", reason))
            else:
                kept.append(version)
        if kept:
            groups[key] = tuple(kept)
    if not told:
        return other
    return replace(
        other,
        holding=Holding(groups, other.holding.claims),
        problems=(*other.problems, *told),
        damaged=(*other.damaged, *damaged),
    )


def _ends_early(version: Version) -> bool:
    """A text of ours, as its `format` and `id` say, that lacks the end of its last line."""
    last = version.text.rpartition("\n")[2]
    ours = version.text.startswith("format =") and f'\nid = "{version.id}"\n' in version.text
    return ours and bool(last)
