"""Bringing tracks and photos into a logbook: told apart by content, copied, never moved."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from convoylog.errors import BadInput, ConvoylogError
from convoylog.files import layout, toml
from convoylog.files.readers import reader_for
from convoylog.files.safely import read_file
from convoylog.files.scan import LARGEST, MEDIA, MediaFile, Scan, claim_of, read_media
from convoylog.files.store import Writer, new_version
from convoylog.model.holding import kind_of
from convoylog.model.photos import Photograph
from convoylog.model.tracks import Recording
from convoylog.model.versions import Version, View

#: instants before satellite navigation and cameras with clocks are no instants of a recording
_EARLIEST = datetime(1980, 1, 6, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Examined:
    """One file as `add` sees it.

    result: added, already, refused (with --dry-run: what it would be). kind: track, photo or "".
    reason: why refused, or where it is already. path: in the logbook, once it is there.
    """

    file: str
    result: str
    kind: str = ""
    format: str = ""
    reason: str = ""
    path: str = ""
    sha256: str = ""
    recording: Recording | None = None
    photograph: Photograph | None = None
    warnings: tuple[str, ...] = ()


def gather(paths: Iterable[Path], skip: Path | None = None) -> Iterator[tuple[Path, str]]:
    """(file, "") for every regular file below the paths, in order; (path, why) for what is not.

    Hidden files and folders inside a given folder are passed over; links are not followed.
    skip: a folder left out (the logbook itself, when it lies inside what is added).
    """
    for path in paths:
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            yield path, "no such file"
            continue
        except OSError as error:
            yield path, (error.strerror or "cannot be read").lower()
            continue
        if stat.S_ISREG(mode):
            yield path, ""
        elif stat.S_ISDIR(mode):
            yield from _below(path, skip)
        else:
            yield path, "a link; add what it points to" if stat.S_ISLNK(mode) else "no regular file"


def _below(folder: Path, skip: Path | None) -> Iterator[tuple[Path, str]]:
    try:
        inside = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        yield folder, (error.strerror or "cannot be read").lower()
        return
    for path in inside:
        if path.name.startswith(".") or (skip and path.resolve() == skip):
            continue
        if path.is_symlink():
            yield path, "a link; add what it points to"
        elif path.is_dir():
            yield from _below(path, skip)
        elif path.is_file():
            yield path, ""


def examine(path: Path, shown: str) -> tuple[Examined, bytes]:
    """Read one file and say what it is; its bytes if it can be added, else none."""
    try:
        content = read_file(path, cap=max(LARGEST.values()))
    except FileNotFoundError:
        return Examined(shown, "refused", reason="no such file"), b""
    except ConvoylogError as error:
        return Examined(shown, "refused", reason=str(error)), b""
    except OSError as error:
        return Examined(shown, "refused", reason=(error.strerror or "cannot be read").lower()), b""
    row = recognised(content, shown)
    return row, content if row.result == "added" else b""


def recognised(content: bytes, shown: str) -> Examined:
    """What some bytes are. shown: the file's path or name, as the person knows it."""
    try:
        reader = reader_for(content, Path(shown).name)
        if reader.kind not in ("track", "photo"):
            raise BadInput(f"{reader.name}: join it with `convoylog merge`")
        if reader.kind == "track" and len(content) > LARGEST["tracks"]:
            raise BadInput(f"larger than {LARGEST['tracks'] >> 20} MiB")
        found = reader.read(content)
    except BadInput as error:
        return Examined(shown, "refused", reason=str(error))
    sha256 = hashlib.sha256(content).hexdigest()
    if isinstance(found, Recording) and not (found.points or found.waypoints or found.routes):
        reason = "; ".join(("it holds no point, waypoint or route", *found.warnings))
        return Examined(shown, "refused", "track", found.format, reason=reason)
    if isinstance(found, Recording):
        row = Examined(
            shown,
            "added",
            "track",
            found.format,
            sha256=sha256,
            recording=found,
            warnings=found.warnings,
        )
    else:
        row = Examined(
            shown,
            "added",
            "photo",
            found.format,
            sha256=sha256,
            photograph=found,
            warnings=found.warnings,
        )
    return replace(row, path=f".{reader.ending.lstrip('.')}")


@dataclass(slots=True)
class Shelf:
    """The originals of one car that are here already, known by content."""

    found: Scan
    car: str
    folder: str
    known: dict[str, str] = field(default_factory=dict)
    _listed: dict[str, list[MediaFile]] = field(default_factory=dict)

    def where(self, sha256: str) -> str:
        """Path of the original with this content, or ""."""
        if sha256 in self.known:
            return self.known[sha256]
        if not self._listed:
            for media in self.found.media:
                named = layout.read_media_name(media.path.rpartition("/")[2])
                # a file under a name of its own may be anything: look into it once
                self._listed.setdefault(named[1][:8] if named else "", []).append(media)
        for media in (*self._listed.get(sha256[:8], ()), *self._listed.pop("", ())):
            if media.car == self.car:
                try:
                    claim = claim_of(media, read_media(self.found.source, media))
                except (BadInput, ConvoylogError, OSError):
                    continue
                self.known[claim.sha256] = media.path
        return self.known.get(sha256, "")

    def put(self, sha256: str, path: str) -> None:
        self.known[sha256] = path


def place_for(row: Examined, shelf: Shelf, at: datetime | None) -> str:
    """The path a new original gets: its UTC second, the start of its SHA-256, its ending."""
    kind = MEDIA[0] if row.kind == "track" else MEDIA[1]
    taken = {*(m.path for m in shelf.found.media), *shelf.known.values()}
    prefix = layout.media_prefix(at if at and at > _EARLIEST else None)
    for digits in (8, 46):
        name = f"{prefix}-{row.sha256[:digits]}.{row.path.lstrip('.')}"
        path = f"{layout.CARS}/{shelf.folder}/{kind}/{name}"
        if path not in taken:
            return path
    return path


def add_one(
    writer: Writer | None,
    row: Examined,
    content: bytes,
    shelf: Shelf,
    views: Iterable[View],
    when: Callable[[Examined], datetime | None],
) -> Examined:
    """Put one examined file on its shelf, unless it is there. writer None: a dry run."""
    if row.result != "added":
        return row
    there = shelf.where(row.sha256)
    if there:
        if writer is not None:
            writer.assure(there, row.sha256, len(content))
        return replace(row, result="already", path=there, reason=f"here as {there}")
    path = place_for(row, shelf, when(row))
    shelf.put(row.sha256, path)
    if writer is not None:
        _take_back_removal(writer, row, shelf.car, views)
        writer.create(path, content, act="media", note=Path(row.file).name[:200])
        writer.commit()
    return replace(row, path=path)


def _take_back_removal(writer: Writer, row: Examined, car: str, views: Iterable[View]) -> None:
    """Whoever adds a removed original again wants it: the removal gets a version that ends it."""
    for v in views:
        if (
            kind_of(v) == "removal"
            and v.deleted
            and v.fields.get("media") == row.sha256
            and v.fields.get("car") == car
        ):
            writer.keep(new_version(v, dict(v.fields)))


def removal(car: str, sha256: str, kind: str, now: datetime) -> Version:
    """The tombstone of an original: a version of its own id that names the content."""
    fields = {"kind": "removal", "car": car, "media": sha256, "of": kind}
    return toml.write_version(fields, entry_id=layout.new_id(now), deleted=True)


def first_instant(recording: Recording) -> datetime | None:
    """The earliest known instant of a recording, or None."""
    bounds = recording.bounds()
    if bounds is None:
        return None
    try:
        return datetime.fromtimestamp(bounds[0], UTC)
    except (OverflowError, ValueError, OSError):
        return None
