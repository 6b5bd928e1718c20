"""What a recording holds: trackpoints as columns, waypoints, routes."""

from __future__ import annotations

import mmap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: further columns a device may record, by name, with their units
MORE = {
    "speed": "m/s over ground",
    "course": "degrees from true north, clockwise",
    "accuracy": "metres, horizontal, as the device estimates it",
    "hdop": "horizontal dilution of precision",
    "vdop": "vertical dilution of precision",
    "pdop": "dilution of precision",
    "satellites": "how many were used for the fix",
    "heart_rate": "beats per minute",
    "cadence": "turns per minute",
    "power": "watts",
    "temperature": "degrees Celsius",
}
#: those of them that other drivers get to see: how the car went, not how a heart beats
OF_THE_DRIVE = ("speed", "course")


def _no_more() -> Mapping[str, Floats]:
    return MappingProxyType({})


#: how the zone of a recording's times was known. utc: each says so itself, or the format does (FIT,
#: NMEA). offset: each carries its offset. assumed: none is said, taken as UTC. mixed: some of each.
#: "": there are no times
TimeFrom = Literal["utc", "offset", "assumed", "mixed", ""]


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One recording's trackpoints as read-only columns of equal length n.

    time: seconds since 1970-01-01T00:00:00Z, NaN where unknown.
    lat, lon: degrees WGS84. ele: metres, NaN where missing (missing is not 0).
    segment: 0, 1, 2 …, never falling; a new number is a break in the recording.
    more: name in MORE → column, NaN where missing; only what the device recorded at all.
    Build it with `make_track`. Nothing here is sorted or cleaned.
    """

    time: Floats
    lat: Floats
    lon: Floats
    ele: Floats
    segment: Ints
    name: str = ""
    more: Mapping[str, Floats] = field(default_factory=_no_more)

    def __len__(self) -> int:
        return len(self.lat)


def make_track(
    time: ArrayLike,
    lat: ArrayLike,
    lon: ArrayLike,
    ele: ArrayLike | None = None,
    segment: ArrayLike | None = None,
    name: str = "",
    more: Mapping[str, ArrayLike] | None = None,
) -> Track:
    """A Track of copied, read-only columns. Missing ele is all NaN, missing segment all 0.

    Columns of `more` without any value are left out. Raises ValueError if the columns differ in
    length, or have a name that is not in MORE.
    """
    n = len(np.atleast_1d(np.asarray(lat)))
    floats = [
        np.array(np.full(n, np.nan) if column is None else column, dtype=np.float64, ndmin=1)
        for column in (time, lat, lon, ele)
    ]
    numbers = np.array(np.zeros(n) if segment is None else segment, dtype=np.int64, ndmin=1)
    extra = {}
    for key, values in (more or {}).items():
        if key not in MORE:
            raise ValueError(f"a column of an unknown kind: {key}")
        extra[key] = np.array(values, dtype=np.float64, ndmin=1)
    for column in (*floats, numbers, *extra.values()):
        if column.shape != (n,):
            raise ValueError(f"columns of {column.shape} and {n} trackpoints")
        column.flags.writeable = False
    extra = {key: extra[key] for key in MORE if key in extra and not np.isnan(extra[key]).all()}
    return Track(floats[0], floats[1], floats[2], floats[3], numbers, name, MappingProxyType(extra))


#: no trackpoint at all
NO_TRACK = make_track((), (), ())


def join_tracks(tracks: Sequence[Track], name: str = "") -> Track:
    """All points of the tracks in the order given, segments renumbered so that none are shared."""
    if not tracks:
        return make_track([], [], [], name=name)
    if len(tracks) == 1 and tracks[0].name == name:
        return tracks[0]
    segments = []
    base = 0
    for track in tracks:
        segments.append(track.segment + base)
        base += int(track.segment.max(initial=-1)) + 1
    return _frozen(
        np.concatenate([t.time for t in tracks]),
        np.concatenate([t.lat for t in tracks]),
        np.concatenate([t.lon for t in tracks]),
        np.concatenate([t.ele for t in tracks]),
        np.concatenate(segments),
        name,
        _joined(tracks),
    )


def _frozen(
    time: Floats,
    lat: Floats,
    lon: Floats,
    ele: Floats,
    segment: Ints,
    name: str,
    more: Mapping[str, Floats],
) -> Track:
    """A Track of columns that need no copy, unless they are a view of what others hold."""
    time, lat, lon, ele = (c if c.base is None else c.copy() for c in (time, lat, lon, ele))
    segment = segment if segment.base is None else segment.copy()
    more = {key: np.array(column) for key, column in more.items() if not np.isnan(column).all()}
    for column in (time, lat, lon, ele, segment, *more.values()):
        column.flags.writeable = False
    return Track(time, lat, lon, ele, segment, name, MappingProxyType(more))


def _joined(tracks: Sequence[Track]) -> dict[str, Floats]:
    """Every further column that any of the tracks has, NaN over the others."""
    names = [name for name in MORE if any(name in track.more for track in tracks)]
    return {
        name: np.concatenate([t.more.get(name, np.full(len(t), np.nan)) for t in tracks])
        for name in names
    }


def take(track: Track, which: NDArray[np.bool_] | NDArray[np.intp]) -> Track:
    """The points chosen by a mask or by indices, in that order."""
    return _frozen(
        track.time[which],
        track.lat[which],
        track.lon[which],
        track.ele[which],
        track.segment[which],
        track.name,
        {name: column[which] for name, column in track.more.items()},
    )


def let_go(track: Track) -> None:
    """Give back the memory of columns that lie in a file; whoever asks for them reads them again.

    Does nothing to columns in memory, and where the system has no such thing.
    """
    base: object = track.time
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        base.madvise(mmap.MADV_DONTNEED)


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A marked position. at: UTC seconds or None. ele: metres or None.

    kind, link: only of what we write: "note", "photo"; address of a picture.
    """

    lat: float
    lon: float
    name: str = ""
    text: str = ""
    at: float | None = None
    ele: float | None = None
    kind: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """A plan, not what was driven: degrees, equal length."""

    name: str
    lat: Floats
    lon: Floats


@dataclass(frozen=True, slots=True)
class Recording:
    """All that one track file holds.

    format: "GPX 1.1". creator: device or program, as the file says. title: of the whole file.
    time_from: how the zone of its times was known. warnings: what was odd or not kept, counted,
    in plain words.
    """

    format: str
    creator: str
    tracks: tuple[Track, ...]
    waypoints: tuple[Waypoint, ...] = ()
    routes: tuple[Route, ...] = ()
    warnings: tuple[str, ...] = ()
    time_from: TimeFrom = ""
    title: str = ""

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
