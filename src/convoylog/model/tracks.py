"""What a recording holds: trackpoints as columns, waypoints, routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One recording's trackpoints as read-only columns of equal length n.

    time: seconds since 1970-01-01T00:00:00Z, NaN where unknown.
    lat, lon: degrees WGS84. ele: metres, NaN where missing (missing is not 0).
    segment: 0, 1, 2 …, never falling; a new number is a break in the recording.
    Build it with `make_track`. Nothing here is sorted or cleaned.
    """

    time: Floats
    lat: Floats
    lon: Floats
    ele: Floats
    segment: Ints
    name: str = ""

    def __len__(self) -> int:
        return len(self.lat)


def make_track(
    time: ArrayLike,
    lat: ArrayLike,
    lon: ArrayLike,
    ele: ArrayLike | None = None,
    segment: ArrayLike | None = None,
    name: str = "",
) -> Track:
    """A Track of copied, read-only columns. Missing ele is all NaN, missing segment all 0.

    Raises ValueError if the columns differ in length.
    """
    n = len(np.atleast_1d(np.asarray(lat)))
    floats = [
        np.array(np.full(n, np.nan) if column is None else column, dtype=np.float64, ndmin=1)
        for column in (time, lat, lon, ele)
    ]
    numbers = np.array(np.zeros(n) if segment is None else segment, dtype=np.int64, ndmin=1)
    for column in (*floats, numbers):
        if column.shape != (n,):
            raise ValueError(f"columns of {column.shape} and {n} trackpoints")
        column.flags.writeable = False
    return Track(floats[0], floats[1], floats[2], floats[3], numbers, name)


def join_tracks(tracks: Sequence[Track], name: str = "") -> Track:
    """All points of the tracks in the order given, segments renumbered so that none are shared."""
    if not tracks:
        return make_track([], [], [], name=name)
    segments = []
    base = 0
    for track in tracks:
        segments.append(track.segment + base)
        base += int(track.segment.max(initial=-1)) + 1
    return make_track(
        np.concatenate([t.time for t in tracks]),
        np.concatenate([t.lat for t in tracks]),
        np.concatenate([t.lon for t in tracks]),
        np.concatenate([t.ele for t in tracks]),
        np.concatenate(segments),
        name,
    )


def take(track: Track, which: NDArray[np.bool_] | NDArray[np.intp]) -> Track:
    """The points chosen by a mask or by indices, in that order."""
    return make_track(
        track.time[which],
        track.lat[which],
        track.lon[which],
        track.ele[which],
        track.segment[which],
        track.name,
    )


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A marked position. at: UTC seconds or None. ele: metres or None."""

    lat: float
    lon: float
    name: str = ""
    text: str = ""
    at: float | None = None
    ele: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """A plan, not what was driven: degrees, equal length."""

    name: str
    lat: Floats
    lon: Floats


@dataclass(frozen=True, slots=True)
class Recording:
    """All that one track file holds.

    format: "GPX 1.1". creator: device or program, as the file says. warnings: what was odd or
    not kept, counted, in plain words.
    """

    format: str
    creator: str
    tracks: tuple[Track, ...]
    waypoints: tuple[Waypoint, ...] = ()
    routes: tuple[Route, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        return sum(len(track) for track in self.tracks)

    @property
    def segments(self) -> int:
        """Segments that hold a point."""
        return sum(len(np.unique(track.segment)) for track in self.tracks)

    def bounds(self) -> tuple[float, float] | None:
        """Earliest and latest known instant of usable points, UTC seconds; None without any."""
        known = [track.time[np.isfinite(track.time)] for track in self.tracks]
        known = [times for times in known if len(times)]
        if not known:
            return None
        return float(min(t.min() for t in known)), float(max(t.max() for t in known))
