"""GPX beside every recording that is not GPX, so that other programs can read the logbook.

A rendition is made from its original, says so, and is read by nobody here: deleting it loses
nothing, and it can be made again at will.
"""

from __future__ import annotations

from convoylog.files import layout, load
from convoylog.files.memory import Memory
from convoylog.files.readers import READERS
from convoylog.files.scan import Scan
from convoylog.files.store import Writer
from convoylog.model.tracks import Recording

#: of recordings that are read and are not GPX themselves
_ENDINGS = frozenset(r.ending.lstrip(".") for r in READERS.values() if r.kind == "track") - {"gpx"}


def rendition_of(path: str) -> str:
    """The path of the rendition of a track; "" for one that needs none."""
    folder, _, name = path.rpartition("/")
    ending = name.rpartition(".")[2]
    if layout.read_media_name(name) is None or ending not in _ENDINGS:
        return ""
    return f"{folder}/{layout.rendition_name(name)}"


def write_rendition(recording: Recording, sha256: str) -> bytes:
    """The GPX of a recording. sha256: of its original."""
    from convoylog.exports.gpx import (
        write_gpx,
    )  # needs gpxpy, 100 ms for who adds GPX and photos only

    made = f"convoylog, made from {recording.format}"
    if recording.creator:
        made = f"{made} by {recording.creator[:100]}"
    return write_gpx(
        recording.tracks,
        recording.waypoints,
        recording.routes,
        title=recording.title,
        creator=made,
        original=sha256,
    )


def missing(found: Scan) -> dict[str, str]:
    """Path of a rendition that should be there → path of its original."""
    here = set(found.renditions)
    wanted = {rendition_of(m.path): m.path for m in found.media if m.kind == "tracks"}
    return {path: original for path, original in wanted.items() if path and path not in here}


def complete(writer: Writer, found: Scan, memory: Memory) -> list[str]:
    """Make the renditions that are missing; their paths. What cannot be read has none."""
    wanted = {original: path for path, original in missing(found).items()}
    if not wanted:
        return []
    made = []
    for track in load.load(writer.root, memory=memory, disk=writer.disk).tracks:
        if path := wanted.get(track.path):
            content = write_rendition(track.recording, track.sha256)
            writer.create(path, content, act="made")
            made.append(path)
    return made


def orphans(found: Scan) -> list[str]:
    """Renditions whose original is not here any more."""
    wanted = {rendition_of(media.path) for media in found.media}
    return sorted(set(found.renditions) - wanted)
