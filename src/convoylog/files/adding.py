"""Bringing tracks and photos into a logbook: each original once on its car's shelf, never moved."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from convoylog.errors import BadInput, ConvoylogError
from convoylog.files import layout, renditions, toml
from convoylog.files.examining import Examined
from convoylog.files.revisions import new_version
from convoylog.files.scan import MEDIA, MediaFile, Scan, claim_of, read_media
from convoylog.files.store import Writer
from convoylog.model.holding import kind_of
from convoylog.model.tracks import Recording
from convoylog.model.versions import Version, View

#: instants before satellite navigation and cameras with clocks are no instants of a recording
_EARLIEST = datetime(1980, 1, 6, tzinfo=UTC)


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
