"""What was read before, remembered: photo facts and columns by content, to be thrown away at will.

The memory lives in the user's cache folder. Deleting it changes nothing but time. It is never
pickled: facts are JSON, columns are plain `.npy`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from convoylog.errors import BadInput
from convoylog.files.carefully import read_file
from convoylog.files.disk import REAL, Disk
from convoylog.files.readers import READERS, reader_for
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.photos import Photograph
from convoylog.model.tracks import MORE, Floats, Recording, Route, Track, Waypoint

#: changes whenever a reader gives other values for the same bytes
_EDITION = 5


class Memory:
    """Reads originals, and what it read before from the cache folder `where` (None: no cache).

    limits: how much of one file is read.
    """

    def __init__(self, where: Path | None = None, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self._where = where / f"edition-{_EDITION}" if where else None

    def recording(
        self, path: Path, disk: Disk = REAL, columns: Mapping[str, str] | None = None
    ) -> tuple[str, Recording]:
        """(SHA-256, recording) of a track file. Raises what reading raises.

        columns: what a person said about the columns of a table.
        """
        known = self._sha_of(path)
        if known and (found := self._load_recording(known, columns)) is not None:
            return known, found
        content = read_file(path, cap=self.limits.track_bytes, disk=disk)
        sha256 = hashlib.sha256(content).hexdigest()
        if not known:
            self._remember_sha(path, sha256)
        found_here = self.read(content, sha256, path.name, columns)
        if not isinstance(found_here, Recording):
            raise BadInput("a picture, no track")
        return sha256, found_here

    def photograph(self, path: Path, disk: Disk = REAL) -> tuple[str, Photograph]:
        """(SHA-256, facts) of a photo file. Raises what reading raises."""
        known = self._sha_of(path)
        if known and (found := self._load_photograph(known)) is not None:
            return known, found
        content = read_file(path, cap=self.limits.photo_bytes, disk=disk)
        sha256 = hashlib.sha256(content).hexdigest()
        if not known:
            self._remember_sha(path, sha256)
        found_here = self.read(content, sha256, path.name)
        if not isinstance(found_here, Photograph):
            raise BadInput("a recording, no photo")
        return sha256, found_here

    def read(
        self, content: bytes, sha256: str, name: str = "", columns: Mapping[str, str] | None = None
    ) -> Recording | Photograph:
        """What some bytes hold, remembered or read now. Raises BadInput.

        sha256: of the bytes. name: as the person knows the file. columns: as in `recording`.
        """
        # who names the columns says that it is a table
        reader = READERS["csv"] if columns else reader_for(content, name)
        known: Recording | Photograph | None = None
        if reader.kind == "track":
            known = self._load_recording(sha256, columns)
        elif reader.kind == "photo":
            known = self._load_photograph(sha256)
        if known is not None:
            return known
        if columns:
            from convoylog.files.readers import tables

            found: Recording | Photograph = tables.read(content, self.limits, columns)
        else:
            found = reader.read(content, self.limits)
        if isinstance(found, Recording):
            self._save_recording(sha256, found, columns)
        else:
            self._save(f"photo-{sha256}", asdict(found))
        return found

    def _load_photograph(self, sha256: str) -> Photograph | None:
        row = self._load(f"photo-{sha256}")
        try:
            return None if row is None else _photograph(row)
        except (TypeError, ValueError):
            return None

    def sha256(self, path: Path, disk: Disk = REAL) -> str:
        """Of a file's bytes. Raises what reading raises."""
        known = self._sha_of(path)
        if not known:
            content = read_file(path, cap=self.limits.photo_bytes, disk=disk)
            known = hashlib.sha256(content).hexdigest()
            self._remember_sha(path, known)
        return known

    # -- which bytes a file holds, without reading them again

    def _stamp(self, path: Path) -> str:
        status = path.stat()
        text = f"{path.resolve()}|{status.st_size}|{status.st_mtime_ns}|{status.st_ino}"
        return f"file-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"

    def _sha_of(self, path: Path) -> str:
        if self._where is None:
            return ""
        with _forgiving():
            row = self._load(self._stamp(path))
            if row is not None and isinstance(row.get("sha256"), str):
                return str(row["sha256"])
        return ""

    def _remember_sha(self, path: Path, sha256: str) -> None:
        if self._where is not None:
            with _forgiving():
                self._save(self._stamp(path), {"sha256": sha256})

    # -- files of the cache; whatever goes wrong there is as if nothing were remembered

    def _path(self, name: str) -> Path | None:
        # a folder for every 256th: thousands of files in one folder are slow on some systems
        return self._where / name.partition("-")[2][:2] / name if self._where else None

    def _load(self, name: str) -> dict[str, object] | None:
        path = self._path(f"{name}.json")
        if path is None:
            return None
        try:
            row = json.loads(path.read_bytes())
        except (OSError, ValueError):
            return None
        return row if isinstance(row, dict) else None

    def _save(self, name: str, row: dict[str, object]) -> None:
        self._put(f"{name}.json", json.dumps(row).encode())

    def _put(self, name: str, content: bytes) -> None:
        path = self._path(name)
        if path is None:
            return
        with _forgiving():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(f".{id(content):x}.part")
            temporary.write_bytes(content)
            temporary.replace(path)

    def _load_recording(
        self, sha256: str, columns: Mapping[str, str] | None = None
    ) -> Recording | None:
        name = _track_name(sha256, columns)
        row = self._load(name)
        path = self._path(f"{name}.npy")
        if row is None or path is None:
            return None
        try:
            return _recording(row, _mapped(path))
        except (OSError, EOFError, ValueError, KeyError, TypeError, IndexError, AttributeError):
            return None

    def _save_recording(
        self, sha256: str, recording: Recording, columns: Mapping[str, str] | None = None
    ) -> None:
        if self._where is None:
            return
        import io

        tracks = recording.tracks
        names = [name for name in MORE if any(name in track.more for track in tracks)]
        points = sum(len(track) for track in tracks)
        block = np.full((_FIXED + len(names), points), np.nan)
        start = 0
        for track in tracks:
            part = block[:, start : start + len(track)]
            part[:4] = track.time, track.lat, track.lon, track.ele
            # whole numbers bit by bit, so that all columns are one array and none is copied
            part[4] = track.segment.view(np.float64)
            for at, name in enumerate(names, _FIXED):
                if name in track.more:
                    part[at] = track.more[name]
            start += len(track)
        buffer = io.BytesIO()
        np.save(buffer, block, allow_pickle=False)
        name = _track_name(sha256, columns)
        self._put(f"{name}.npy", buffer.getvalue())
        row: dict[str, object] = {
            "format": recording.format,
            "creator": recording.creator,
            "title": recording.title,
            "time_from": recording.time_from,
            "more": names,
            "tracks": [[track.name, len(track), list(track.more)] for track in tracks],
            "waypoints": [asdict(waypoint) for waypoint in recording.waypoints],
            "routes": [[r.name, r.lat.tolist(), r.lon.tolist()] for r in recording.routes],
            "warnings": list(recording.warnings),
        }
        # last: without it the columns are not looked for
        self._save(name, row)


#: time, lat, lon, ele and segment stand before the further columns
_FIXED = 5


#: the header numpy writes before an array of doubles; its length stands in two bytes at 8
_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '<f8', 'fortran_order': False, 'shape': \((\d+), (\d+)\), \} *\n",
    re.DOTALL,
)
#: numpy fills it up to a multiple of 64 bytes
_LONGEST_HEADER = 256


def _mapped(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The array of a `.npy` file, left on the disk. Raises OSError and ValueError.

    numpy.load takes the header apart with Python's own parser, which in CPython 3.11 can break
    when two threads use it at once ("AST constructor recursion depth mismatch").
    """
    with path.open("rb") as file:
        head = _HEADER.match(file.read(_LONGEST_HEADER))
    if head is None:
        raise ValueError("no columns of ours")
    shape = (int(head[1]), int(head[2]))
    if not shape[1]:
        return np.empty(shape)
    return np.memmap(path, dtype="<f8", mode="r", offset=head.end(), shape=shape)


def _track_name(sha256: str, columns: Mapping[str, str] | None) -> str:
    if not columns:
        return f"track-{sha256}"
    said = json.dumps(sorted(columns.items())).encode()
    return f"track-{sha256}-{hashlib.sha256(said).hexdigest()[:16]}"


def no_memory() -> Memory:
    return Memory(None)


@contextmanager
def _forgiving() -> Iterator[None]:
    with suppress(OSError):
        yield


def _photograph(row: dict[str, object]) -> Photograph:
    return Photograph(**{**row, "warnings": tuple(row["warnings"])})  # type: ignore[arg-type]


def _recording(
    row: dict[str, Any], columns: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> Recording:
    """The recording of a remembered row; its columns stay where they are, in the file."""
    names = list(row["more"])
    points = sum(length for _, length, _ in row["tracks"])
    if columns.dtype != np.float64 or columns.shape != (_FIXED + len(names), points):
        raise ValueError("columns of another shape")
    tracks = []
    start = 0
    for name, length, has in row["tracks"]:
        part = columns[:, start : start + length]
        more = {key: part[names.index(key) + _FIXED] for key in has}
        tracks.append(
            Track(part[0], part[1], part[2], part[3], part[4].view(np.int64), name,
                  MappingProxyType(more))
        )  # fmt: skip
        start += length
    return Recording(
        str(row["format"]),
        str(row["creator"]),
        tuple(tracks),
        tuple(Waypoint(**waypoint) for waypoint in row["waypoints"]),
        tuple(Route(n, _fixed(lat), _fixed(lon)) for n, lat, lon in row["routes"]),
        tuple(row["warnings"]),
        row["time_from"],
        str(row["title"]),
    )


def _fixed(values: list[float]) -> Floats:
    column = np.array(values, dtype=np.float64)
    column.flags.writeable = False
    return column
