"""Bringing tracks and photos into a logbook: told apart by content, copied, never moved."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from convoylog.errors import BadInput, ConvoylogError
from convoylog.files import layout, renditions, toml, zips
from convoylog.files.memory import Memory, no_memory
from convoylog.files.readers import HEAD, READERS, reader_for, recognise, sidecar
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.files.safely import read_file
from convoylog.files.scan import MEDIA, MediaFile, Scan, claim_of, read_media
from convoylog.files.store import Writer, new_version
from convoylog.model.holding import kind_of
from convoylog.model.photos import Photograph, Sidecar
from convoylog.model.tracks import Recording
from convoylog.model.versions import Version, View

#: endings of files that may tell about a photo beside them; their content decides
_SIDECARS = (".xmp", ".json")

#: instants before satellite navigation and cameras with clocks are no instants of a recording
_EARLIEST = datetime(1980, 1, 6, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Examined:
    """One file as `add` sees it.

    result: added, already, refused (with --dry-run: what it would be), or beside: it tells about
    another file. kind: track, photo or "". reason: why refused, or where it is already.
    path: in the logbook, once it is there; before, the ending it will have. same_as: the path of
    a recording that this one is an export of. sidecar: what it tells about a photo.
    converted: the GPX another program made of it.
    record: what is written down about it beside it.
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
    same_as: str = ""
    converted: bytes = b""
    sidecar: Sidecar | None = None
    record: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be added. shown: as the person knows it. why: it cannot be, and why.

    path: on the disk, or of the zip it is in. member: its name in that zip, else "".
    """

    shown: str
    path: Path
    why: str = ""
    member: str = ""

    @property
    def name(self) -> str:
        return (self.member or self.path.name).rpartition("/")[2]

    @property
    def size(self) -> int:
        """Bytes, as far as they are known before it is read."""
        try:
            return self.path.stat().st_size if not self.member else 0
        except OSError:
            return 0

    @property
    def folder(self) -> str:
        """What files that belong together have in common."""
        return (
            f"{self.path}/{self.member.rpartition('/')[0]}"
            if self.member
            else str(self.path.parent)
        )


def gather(paths: Iterable[Path], skip: Path | None = None) -> Iterator[Candidate]:
    """Every regular file below the paths and in zips among them, in order, and what is none.

    Hidden files and folders inside a given folder are passed over; links are not followed.
    skip: a folder left out (the logbook itself, when it lies inside what is added).
    """
    for path in paths:
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            yield Candidate(str(path), path, "no such file")
            continue
        except OSError as error:
            yield Candidate(str(path), path, (error.strerror or "cannot be read").lower())
            continue
        if stat.S_ISREG(mode):
            yield from _file(path)
        elif stat.S_ISDIR(mode):
            yield from _below(path, skip)
        else:
            why = "a link; add what it points to" if stat.S_ISLNK(mode) else "no regular file"
            yield Candidate(str(path), path, why)


def _below(folder: Path, skip: Path | None) -> Iterator[Candidate]:
    try:
        inside = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        yield Candidate(str(folder), folder, (error.strerror or "cannot be read").lower())
        return
    for path in inside:
        if path.name.startswith(".") or (skip and path.resolve() == skip):
            continue
        if path.is_symlink():
            yield Candidate(str(path), path, "a link; add what it points to")
        elif path.is_dir():
            yield from _below(path, skip)
        elif path.is_file():
            yield from _file(path)


def _file(path: Path) -> Iterator[Candidate]:
    """A file, or what is in it if it is a zip of files; a KMZ and a bundle are one file."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        head = b""  # told when it is read
    if not head.startswith(b"PK\x03\x04") or recognise(head, path.name) is not READERS["zip"]:
        yield Candidate(str(path), path)
        return
    try:
        names = sorted(zips.open_zip(path, alike=True).members)
    except (BadInput, OSError) as error:
        yield Candidate(str(path), path, str(error))
        return
    if layout.LOGBOOK in {name.rpartition("/")[2] for name in names}:
        yield Candidate(str(path), path)
        return
    for name in names:
        parts = name.split("/")
        # resource forks of a Mac, and hidden files
        if not any(part.startswith((".", "__MACOSX")) for part in parts):
            yield Candidate(f"{path}/{name}", path, member=name)


def content_of(candidate: Candidate, limits: Limits = LIMITS) -> bytes:
    """The bytes of a candidate. Raises BadInput, ConvoylogError and OSError."""
    cap = max(limits.track_bytes, limits.photo_bytes)
    if candidate.member:
        known = candidate.path.stat()
        opened = _opened(candidate.path, known.st_size, known.st_mtime_ns)
        return opened.read(candidate.member, cap)
    return read_file(candidate.path, cap=cap)


@lru_cache(maxsize=4)
def _opened(path: Path, _size: int, _mtime_ns: int) -> zips.Zip:
    """A zip, opened once for all its members: each opening reads the whole list of them."""
    return zips.open_zip(path, alike=True)


def examine(
    candidate: Candidate, memory: Memory | None = None, columns: Mapping[str, str] | None = None
) -> tuple[Examined, bytes]:
    """Read one file and say what it is; its bytes if it can be kept, else none.

    columns: what the person says about the columns of tables.
    """
    shown = candidate.shown
    if candidate.why:
        return Examined(shown, "refused", reason=candidate.why), b""
    memory = memory or no_memory()
    try:
        content = content_of(candidate, memory.limits)
    except FileNotFoundError:
        return Examined(shown, "refused", reason="no such file"), b""
    except (BadInput, ConvoylogError) as error:
        return Examined(shown, "refused", reason=str(error)), b""
    except OSError as error:
        return Examined(shown, "refused", reason=(error.strerror or "cannot be read").lower()), b""
    if candidate.member and recognise(content) is READERS["zip"]:
        return Examined(shown, "refused", reason="a zip inside a zip: unpack it first"), b""
    row = recognised(content, shown, memory, columns)
    return row, content if row.result in ("added", "beside") else b""


def examine_via(candidate: Candidate, form: str, memory: Memory) -> tuple[Examined, bytes]:
    """As `examine`, of a file that GPSBabel reads as `form`."""
    from convoylog.files import babel

    shown = candidate.shown
    try:
        content = content_of(candidate, memory.limits)
        made = babel.convert(content, form, memory.limits.track_bytes)
        row = recognised(made, shown, memory)
    except BadInput as error:
        return Examined(shown, "refused", reason=str(error)), b""
    except OSError as error:
        return Examined(shown, "refused", reason=(error.strerror or "cannot be read").lower()), b""
    if row.result != "added" or row.recording is None:
        return row, b""
    ending = candidate.name.rpartition(".")[2].lower()
    plain = ending.isalnum() and ending.isascii() and len(ending) <= 5 and ending != "gpx"
    record = {"gpx": row.sha256, "made_by": f"gpsbabel {form}"}
    return replace(
        row,
        sha256=hashlib.sha256(content).hexdigest(),
        format=f"{form} through GPSBabel",
        path=f".{ending if plain else 'bin'}",
        converted=made,
        record=record,
    ), content


def recognised(
    content: bytes,
    shown: str,
    memory: Memory | None = None,
    columns: Mapping[str, str] | None = None,
) -> Examined:
    """What some bytes are. shown: the file's path or name, as the person knows it."""
    memory = memory or no_memory()
    sha256 = hashlib.sha256(content).hexdigest()
    name = Path(shown).name
    try:
        if name.lower().endswith(_SIDECARS) and (told := sidecar.recognise(content)) is not None:
            ending = f".{name.rpartition('.')[2].lower()}"
            return Examined(shown, "beside", "sidecar", told.source, sha256=sha256,
                            path=ending, sidecar=told, warnings=told.warnings)  # fmt: skip
        reader = READERS["csv"] if columns else reader_for(content, name)
        if reader.kind in ("entry", "bundle"):
            reader.read(content)  # says what to do with it
        found = memory.read(content, sha256, name, columns)
    except BadInput as error:
        return Examined(shown, "refused", reason=str(error), sha256=sha256)
    row = Examined(shown, "added", format=found.format, sha256=sha256, warnings=found.warnings)
    if columns:
        row = replace(row, record={"columns": dict(columns)})
    if isinstance(found, Photograph):
        ending = f".{found.ending}" if found.ending else reader.ending
        return replace(row, kind="photo", photograph=found, path=ending)
    if found.points or found.waypoints or found.routes:
        return replace(row, kind="track", recording=found, path=reader.ending)
    reason = "; ".join(("it holds no point, waypoint or route", *found.warnings))
    return replace(row, result="refused", kind="track", reason=reason)


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


def add_beside(
    writer: Writer | None,
    row: Examined,
    content: bytes,
    shelf: Shelf,
    photo: Examined,
    at: datetime | None,
) -> Examined:
    """Keep a file that tells about a photo, and write down which. photo: as it was added."""
    there = shelf.where(row.sha256)
    path = there or place_for(row, shelf, at)
    if writer is not None:
        if not there:
            writer.create(path, content, act="media", note=Path(row.file).name[:200])
        told = replace(photo, record={"sidecars": [row.sha256]})
        write_record(writer, shelf, told, "", at)
        writer.commit()
    shelf.put(row.sha256, path)
    result = "already" if there else "added"
    return replace(row, result=result, path=path, reason=f"here as {there}" if there else "")


def add_one(
    writer: Writer | None,
    row: Examined,
    content: bytes,
    shelf: Shelf,
    views: Iterable[View],
    when: Callable[[Examined], datetime | None],
    made_from: str = "",
) -> Examined:
    """Put one examined file on its shelf, unless it is there. writer None: a dry run.

    made_from: the name of a file about which more is written down than its content says.
    """
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
        if row.recording is not None and (rendition := renditions.rendition_of(path)):
            made = renditions.write_rendition(row.recording, row.sha256)
            writer.create(rendition, made, act="made")
        if row.converted:
            digest = hashlib.sha256(row.converted).hexdigest()
            beside = replace(row, sha256=digest, path=".gpx")
            writer.create(place_for(beside, shelf, when(row)), row.converted, act="media")
        if row.record:
            write_record(writer, shelf, row, made_from, when(row))
        writer.commit()
    return replace(row, path=path)


def write_record(
    writer: Writer, shelf: Shelf, row: Examined, name: str, at: datetime | None
) -> None:
    """Write down what an original does not say itself."""
    fields = {"kind": "original", "car": shelf.car, "media": row.sha256, "name": name[:200],
              **row.record}  # fmt: skip
    # the same original with the same words is the same record on every laptop
    seed = f"original {shelf.car} {row.sha256} {sorted(row.record.items())}".encode()
    version = toml.write_version(fields, entry_id=layout.id_from(seed, at))
    writer.add(version, shelf.folder)


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
