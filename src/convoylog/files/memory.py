"""What was read before, remembered: photo facts and columns by content, to be thrown away at will.

The memory lives in the user's cache folder. Deleting it changes nothing but time. It is never
pickled: facts are JSON, columns are plain `.npy`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

import numpy as np

from convoylog.errors import BadInput
from convoylog.files.disk import REAL, Disk
from convoylog.files.readers import reader_for
from convoylog.files.safely import read_file
from convoylog.files.scan import LARGEST
from convoylog.model.photos import Photograph
from convoylog.model.tracks import Recording, Route, Waypoint, make_track

#: changes whenever a reader gives other values for the same bytes
_EDITION = 1


class Memory:
    """Reads originals, and what it read before from the cache folder `where` (None: no cache)."""

    def __init__(self, where: Path | None = None) -> None:
        self._where = where / f"edition-{_EDITION}" if where else None

    def recording(self, path: Path, disk: Disk = REAL) -> tuple[str, Recording]:
        """(SHA-256, recording) of a track file. Raises what reading raises."""
        known = self._sha_of(path)
        if known and (found := self._load_recording(known)) is not None:
            return known, found
        content = read_file(path, cap=LARGEST["tracks"], disk=disk)
        sha256 = hashlib.sha256(content).hexdigest()
        if not known:
            self._remember_sha(path, sha256)
        if (found := self._load_recording(sha256)) is not None:
            return sha256, found
        reader = reader_for(content, path.name)
        recording = reader.read(content)
        if not isinstance(recording, Recording):
            raise BadInput(f"{reader.name} is no track")
        self._save_recording(sha256, recording)
        return sha256, recording

    def photograph(self, path: Path, disk: Disk = REAL) -> tuple[str, Photograph]:
        """(SHA-256, facts) of a photo file. Raises what reading raises."""
        known = self._sha_of(path)
        if known and (row := self._load(f"photo-{known}")) is not None:
            return known, _photograph(row)
        content = read_file(path, cap=LARGEST["photos"], disk=disk)
        sha256 = hashlib.sha256(content).hexdigest()
        if not known:
            self._remember_sha(path, sha256)
        reader = reader_for(content, path.name)
        photograph = reader.read(content)
        if not isinstance(photograph, Photograph):
            raise BadInput(f"{reader.name} is no photo")
        self._save(f"photo-{sha256}", asdict(photograph))
        return sha256, photograph

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

    def _load_recording(self, sha256: str) -> Recording | None:
        row = self._load(f"track-{sha256}")
        path = self._path(f"track-{sha256}.npy")
        if row is None or path is None:
            return None
        try:
            columns = np.load(path, mmap_mode="r", allow_pickle=False)
            return _recording(row, columns)
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return None

    def _save_recording(self, sha256: str, recording: Recording) -> None:
        if self._where is None:
            return
        import io

        columns = np.concatenate(
            [
                np.empty((5, 0)),
                *(np.stack([t.time, t.lat, t.lon, t.ele, t.segment]) for t in recording.tracks),
            ],
            axis=1,
        )
        buffer = io.BytesIO()
        np.save(buffer, columns, allow_pickle=False)
        self._put(f"track-{sha256}.npy", buffer.getvalue())
        row: dict[str, object] = {
            "format": recording.format,
            "creator": recording.creator,
            "tracks": [[track.name, len(track)] for track in recording.tracks],
            "waypoints": [asdict(waypoint) for waypoint in recording.waypoints],
            "routes": [[r.name, r.lat.tolist(), r.lon.tolist()] for r in recording.routes],
            "warnings": list(recording.warnings),
        }
        # last: without it the columns are not looked for
        self._save(f"track-{sha256}", row)


def no_memory() -> Memory:
    return Memory(None)


@contextmanager
def _forgiving() -> Iterator[None]:
    with suppress(OSError):
        yield


def _photograph(row: dict[str, object]) -> Photograph:
    return Photograph(**{**row, "warnings": tuple(row["warnings"])})  # type: ignore[arg-type]


def _recording(
    row: dict[str, object], columns: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> Recording:
    tracks = []
    start = 0
    for name, length in row["tracks"]:  # type: ignore[attr-defined]
        part = columns[:, start : start + length]
        tracks.append(make_track(part[0], part[1], part[2], part[3], part[4], name))
        start += length
    if start != columns.shape[1]:
        raise ValueError("columns of another length")
    return Recording(
        str(row["format"]),
        str(row["creator"]),
        tuple(tracks),
        tuple(Waypoint(**waypoint) for waypoint in row["waypoints"]),  # type: ignore[attr-defined]
        tuple(Route(n, np.array(lat), np.array(lon)) for n, lat, lon in row["routes"]),  # type: ignore[attr-defined]
        tuple(row["warnings"]),  # type: ignore[arg-type]
    )
