"""What goes into a bundle: everything others may see, and nothing else.

Photos and tracks are made again from pixels and positions unless originals are asked for; beside
each copy lies a record of what its original said, so that the receiver can place it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from convoylog.errors import BadInput, ConvoylogError, Problem
from convoylog.exports.gpx import write_gpx
from convoylog.files import layout, toml, tree
from convoylog.files.revisions import adopt
from convoylog.files.scan import MediaFile, Scan, claim_of, kept_versions, read_media
from convoylog.model.holding import kind_of
from convoylog.model.photos import Photograph, Picture
from convoylog.model.tracks import OF_THE_DRIVE, Recording, Track
from convoylog.model.versions import Version, view

#: makes a photo again from its pixels: (content, SHA-256) → picture. Raises BadInput
Remake = Callable[[bytes, str], Picture]
#: (car, SHA-256) → what an original holds; None for one that tells about another, or cannot be read
Facts = Callable[[str, str], Recording | Photograph | None]
#: takes away what a level hides from a car's track
Cut = Callable[[str, Track], Track]


@dataclass(slots=True)
class Packed:
    """members: path → content. counts: what goes out, by car name and kind. kept_back: what stays."""

    members: dict[str, bytes] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    kept_back: dict[str, dict[str, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def choose(
    found: Scan,
    *,
    level: str,
    originals: bool,
    facts: Facts,
    remake: Remake,
    cut: Cut,
    camera_key: Callable[[Photograph], str],
    tick: Callable[[], None] = lambda: None,
) -> Packed:
    """Everything of a logbook that may go out at a level (public or convoy).

    facts: what is known about each original. cut: applied to every track that is made again.
    camera_key: a camera's name without its serial.
    """
    packed = Packed()
    groups = _all_versions(found, packed)
    views = {key: view(group) for key, group in groups.items()}
    folders = tree.folders_of(views.values())
    cars = {key: v for key, v in views.items() if kind_of(v) == "car"}
    allowed = {"public"} if level == "public" else {"public", "convoy"}

    def share(car: str, fields: Mapping[str, object]) -> str:
        own = fields.get("share")
        return str(own or (cars[car].fields.get("share") if car in cars else "") or "convoy")

    names = {car: str(v.fields.get("name", car)) for car, v in cars.items()}
    private_photos: set[tuple[str, object]] = set()
    shown_photos: set[tuple[str, object]] = set()
    outgoing: dict[str, tuple[Version, ...]] = {}
    for key, v in sorted(views.items()):
        kind = kind_of(v)
        car = str(v.fields.get("car", ""))
        photos = {(car, sha) for sha in v.fields.get("photos", []) or []}  # type: ignore[attr-defined]
        if kind == "logbook":
            outgoing[key] = groups[key]  # which one is *the* logbook, the tree decides
        elif kind in ("car", "removal"):
            outgoing[key] = groups[key]
        elif kind == "original":
            # it speaks of originals, and knows the names they had
            if originals:
                outgoing[key] = groups[key]
        elif v.deleted:
            # that it was removed is told, what it said is not
            outgoing[key] = tuple(version for version in groups[key] if version.deleted)
        elif share(car, v.fields) in allowed and all(
            share(car, x.fields) in allowed for x in v.live
        ):
            outgoing[key] = tuple(
                x for x in groups[key] if x.deleted or share(car, x.fields) in allowed
            )
            shown_photos |= photos
            _count(packed.counts, names.get(car, car), kind)
        else:
            private_photos |= photos
            _count(packed.kept_back, names.get(car, car), kind)
    for key, group in outgoing.items():
        for version in group:
            if version.seal == "sealed":
                packed.members[layout.version_path(key, version.hash)] = version.text.encode()
    shown = {key: view(group) for key, group in outgoing.items() if group}
    for path, version in tree.all_places(shown, folders).items():
        packed.members[path] = version.text.encode()
    hidden = private_photos - shown_photos
    copied = {
        (x.car, x.fields.get("file")) for g in outgoing.values() for x in g if x.kind == "copy"
    }
    for media in found.media:
        tick()
        car = media.car
        try:
            content = read_media(found.source, media)
            claim = claim_of(media, content)
            if (car, claim.sha256) in hidden or share(car, {}) not in allowed:
                _count(packed.kept_back, names.get(car, car), media.kind)
                continue
            known = facts(car, claim.sha256)
            if known is None and not originals:
                continue  # a file beside another, or one that nobody can read, which `check` tells
            _count(packed.counts, names.get(car, car), media.kind)
            base = f"{layout.CARS}/{folders.get(car, 'car')}"
            if originals or (car, claim.sha256) in copied:
                path = f"{base}/{media.kind}/{claim.prefix}-{claim.sha256[:8]}.{claim.ending}"
                packed.members[path] = content
            elif known is not None:
                _add_copy(
                    packed,
                    media,
                    known,
                    content,
                    claim.sha256,
                    claim.prefix,
                    base,
                    remake,
                    cut,
                    camera_key,
                )
        except (BadInput, ConvoylogError, OSError) as error:
            packed.problems.append(Problem(media.path, "left out", str(error)))
    return packed


def _all_versions(found: Scan, packed: Packed) -> dict[str, tuple[Version, ...]]:
    kept, problems = kept_versions(found.source)
    packed.problems += problems
    groups: dict[str, dict[str, Version]] = {}
    for entry in found.entries:
        version = entry.version
        try:
            version = replace(adopt(version), fields=version.fields)
        except BadInput as error:
            packed.problems.append(Problem(entry.path, "damaged", f"packed as it is: {error}"))
        groups.setdefault(version.id, {}).setdefault(version.hash, version)
    for group in kept.values():
        for version in group:
            groups.setdefault(version.id, {}).setdefault(version.hash, version)
    return {key: tuple(rows.values()) for key, rows in groups.items()}


def _count(table: dict[str, dict[str, int]], car: str, kind: str) -> None:
    row = table.setdefault(car, {})
    row[kind] = row.get(kind, 0) + 1


def _add_copy(
    packed: Packed,
    media: MediaFile,
    facts: Recording | Photograph,
    content: bytes,
    sha256: str,
    prefix: str,
    base: str,
    remake: Remake,
    cut: Cut,
    camera_key: Callable[[Photograph], str],
) -> None:
    row: dict[str, object] = {"kind": "copy", "car": media.car, "of": sha256}
    if isinstance(facts, Recording):
        tracks = tuple(cut(media.car, _for_others(track)) for track in facts.tracks)
        copy = write_gpx(tracks, title="", original=sha256)
        ending = "gpx"
        row["media"] = "track"
    else:
        copy = remake(content, sha256).jpeg
        ending = "jpg"
        row |= {"media": "photo", **_facts(facts, camera_key)}
    digest = hashlib.sha256(copy).hexdigest()
    row["file"] = digest
    # the same original packed again is the same record, so nothing is ever in dispute about it
    seed = f"{media.car} {sha256} {digest}".encode()
    version = toml.write_version(row, entry_id=layout.id_from(seed, _time_of(prefix)))
    packed.members[f"{base}/{media.kind}/{prefix}-{digest[:8]}.{ending}"] = copy
    packed.members[layout.version_path(version.id, version.hash)] = version.text.encode()
    packed.members[f"{base}/notes/{version.id}.toml"] = version.text.encode()


def _for_others(track: Track) -> Track:
    """A track with what concerns the drive; how fast a heart beats is nobody's business."""
    return replace(track, more={key: track.more[key] for key in OF_THE_DRIVE if key in track.more})


def _time_of(prefix: str) -> datetime | None:
    try:
        return datetime.strptime(prefix, "%Y%m%dt%H%M%Sz").replace(tzinfo=UTC)
    except ValueError:
        return None


def _facts(photo: Photograph, camera_key: Callable[[Photograph], str]) -> dict[str, object]:
    """What a photo says that its receiver needs to place it; neither serial nor free text."""
    facts: dict[str, object | None] = {
        "taken": photo.taken or None,
        "offset_s": photo.offset_s,
        "gps_at": None if photo.gps_at is None else datetime.fromtimestamp(photo.gps_at, UTC),
        "lat": photo.lat,
        "lon": photo.lon,
        "ele": photo.ele,
        "camera": camera_key(photo) or None,
    }
    return {key: value for key, value in facts.items() if value is not None}
