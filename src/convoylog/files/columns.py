"""Columns of many cars laid down on the disk, to be read again in parts: more than memory holds.

They lie in a folder of their own in the cache, which is gone when the work is done.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType

import numpy as np

from convoylog.model.tracks import Track, make_track


class Columns:
    """Tracks by number. Use it as a context manager."""

    def __init__(self, cache: Path) -> None:
        cache.mkdir(parents=True, exist_ok=True)
        self._folder = tempfile.TemporaryDirectory(prefix="columns-", dir=cache)

    def __enter__(self) -> Columns:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def put(self, number: int, track: Track) -> None:
        """Lay a track down. Its times rise. Raises OSError where the disk is full."""
        rows = (track.time, track.lat, track.lon, track.ele, track.segment.astype(np.float64))
        np.save(self._path(number), np.stack(rows), allow_pickle=False)

    def part(self, number: int, begin: float, end: float) -> Track:
        """What is between two instants, with the points around them."""
        # opened each time: what stays open stays in memory, as far as it was ever looked at
        block = np.load(self._path(number), mmap_mode="r", allow_pickle=False)
        first, last = np.searchsorted(block[0], [begin, end]).tolist()
        rows = block[:, max(first - 1, 0) : last + 1]
        return make_track(rows[0], rows[1], rows[2], rows[3], rows[4])

    def _path(self, number: int) -> Path:
        return Path(self._folder.name) / f"{number}.npy"
