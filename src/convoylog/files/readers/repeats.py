"""Whether positions repeat those of a line, and where on it they lie."""

from __future__ import annotations

from array import array
from bisect import bisect_right

import numpy as np

from convoylog.files.readers.drawn import Drawn
from convoylog.model.tracks import Floats, Ints

#: positions are the same to this part of a degree, 0.1 m: writers print 6 to 15 decimals
_PARTS = 1e6


def keys_of(lat: Floats | array[float], lon: Floats | array[float]) -> Ints:
    """One number for each position, -1 for impossible ones."""
    y, x = np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        good = (np.abs(y) <= 90.0) & (np.abs(x) <= 180.0)
    keys = np.full(len(y), -1, dtype=np.int64)
    rows = np.rint((y[good] + 90.0) * _PARTS).astype(np.int64)
    keys[good] = rows * np.int64(400 * _PARTS) + np.rint((x[good] + 180.0) * _PARTS).astype(
        np.int64
    )
    return keys


def share_of(keys: Ints, known: Ints) -> float:
    """How many of the keys are among the known, sorted ones: 0 to 1."""
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return float(((known[at] == keys) & (keys >= 0)).mean())


def points_at(line: Ints, points: Ints) -> Ints:
    """For each vertex of the line the index of the next point at its place, or -1; in order."""
    if len(line) == len(points) and (line == points).all():
        return np.where(line >= 0, np.arange(len(line)), -1)
    places: dict[int, list[int]] = {}
    for i, key in enumerate(points.tolist()):
        places.setdefault(key, []).append(i)
    found = np.full(len(line), -1, dtype=np.int64)
    last = -1
    for i, key in enumerate(line.tolist()):
        there = places.get(key) if key >= 0 else None
        if there:
            at = bisect_right(there, last)
            if at < len(there):
                last = found[i] = there[at]
    return found


class LineIndex:
    """Which line or track a position is on."""

    def __init__(self, drawn: list[Drawn]) -> None:
        keys = [keys_of(d.columns.lat, d.columns.lon) for d in drawn]
        owners = [np.full(len(found), i) for i, found in enumerate(keys)]
        whole = np.concatenate(keys) if keys else np.empty(0, dtype=np.int64)
        order = np.argsort(whole, kind="stable")
        self._keys = whole[order]
        self._owners = np.concatenate(owners)[order] if owners else whole

    def owner(self, keys: Ints) -> int:
        """The index of the line that most of these positions are on, or -1."""
        if not len(self._keys):
            return -1
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        on = self._owners[at[(self._keys[at] == keys) & (keys >= 0)]]
        return int(np.bincount(on).argmax()) if len(on) else -1
