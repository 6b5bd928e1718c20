"""What most readers share: points as they come in, checked and counted, made into a recording.

The GPX reader has a quicker way of its own (`gpx_points`); every other format comes through here.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from convoylog.errors import BadInput
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.files.readers.oddities import (
    BACKWARDS,
    BAD_HEIGHT,
    BAD_TIME,
    IMPOSSIBLE,
    ZONELESS,
    Oddities,
)
from convoylog.model.tracks import (
    MORE,
    Floats,
    Recording,
    Route,
    TimeFrom,
    Track,
    Waypoint,
    make_track,
)

#: each becomes an object; the most met are 2,000 tracks and 706 waypoints in one file
MAX_OBJECTS = 50_000


class Building:
    """A recording under construction. One of these per file.

    Readers say what they meet, in file order; this checks positions, counts what is odd and keeps
    the caps. NaN is unknown; a reader that meets a value that is there but cannot be read says so
    through `odd`.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.odd = Oddities()
        self._limits = limits
        self._tracks: list[Track] = []
        self._waypoints: list[Waypoint] = []
        self._routes: list[Route] = []
        self._name = ""
        self._columns = [array("d") for _ in range(4)]
        self._segment = array("q")
        self._more: dict[str, array[float]] = {}
        self._number = 0
        self._objects = 0
        self._points = 0

    # -- tracks ------------------------------------------------------------------------------

    def track(self, name: str = "") -> None:
        """The points that follow are of another track."""
        self._close()
        self._name = name

    def segment(self) -> None:
        """The next point starts a segment. Empty ones get no number."""
        if self._segment and self._segment[-1] == self._number:
            self._number += 1

    def point(
        self,
        time: float,
        lat: float,
        lon: float,
        ele: float = math.nan,
        more: Mapping[str, float] | None = None,
        *,
        place: int = 0,
    ) -> bool:
        """One trackpoint; False, and counted, if its position is impossible.

        time: UTC seconds. lat, lon: degrees. ele: metres. more: values of columns in MORE.
        place: line or record in the file, told with the first oddity.
        """
        if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0):
            self.odd.add(IMPOSSIBLE, place)
            return False
        for column, value in zip(self._columns, (time, lat, lon, ele), strict=True):
            column.append(value)
        self._segment.append(self._number)
        count = len(self._segment)
        for key, value in (more or {}).items():
            found = self._more.get(key)
            if found is None:
                found = self._more[key] = array("d")
            found.extend([math.nan] * (count - 1 - len(found)))
            found.append(value)
        if count + self._points > self._limits.points:
            raise BadInput(f"more than {self._limits.points:,} points")
        return True

    def columns(
        self,
        time: Floats,
        lat: Floats,
        lon: Floats,
        ele: Floats | None = None,
        more: Mapping[str, Floats] | None = None,
        *,
        starts: Sequence[int] = (),
    ) -> None:
        """Many points at once, as `point` takes them, behind those of the current track.

        starts: indices at which a segment begins, besides the first of the columns.
        """
        count = len(lat)
        with np.errstate(invalid="ignore"):
            good = (np.abs(lat) <= 90.0) & (np.abs(lon) <= 180.0)
        if count - int(good.sum()):
            self.odd.add(IMPOSSIBLE, count=count - int(good.sum()))
        begins = np.zeros(count, dtype=np.int64)
        begins[[i for i in starts if 0 < i < count]] = 1
        number = self._number + np.cumsum(begins)
        before = len(self._segment)
        heights = np.full(count, np.nan) if ele is None else ele
        for column, values in zip(self._columns, (time, lat, lon, heights), strict=True):
            column.frombytes(np.ascontiguousarray(values[good], dtype=np.float64).tobytes())
        self._segment.frombytes(np.ascontiguousarray(number[good]).tobytes())
        self._number = int(number[-1]) if count else self._number
        for key, values in (more or {}).items():
            found = self._more.setdefault(key, array("d"))
            found.extend([math.nan] * (before - len(found)))
            found.frombytes(np.ascontiguousarray(values[good], dtype=np.float64).tobytes())
        if len(self._segment) + self._points > self._limits.points:
            raise BadInput(f"more than {self._limits.points:,} points")

    def _close(self) -> None:
        count = len(self._segment)
        if count:
            self._count()
            time, lat, lon, ele = (np.array(column) for column in self._columns)
            more: dict[str, ArrayLike] = {}
            for key in MORE:
                if (found := self._more.get(key)) is not None:
                    found.extend([math.nan] * (count - len(found)))
                    more[key] = np.array(found)
            # empty segments between points must not leave a gap in the numbers
            numbers = np.unique(np.array(self._segment), return_inverse=True)[1]
            self._tracks.append(make_track(time, lat, lon, ele, numbers, self._name, more))
            self._points += count
        self._columns = [array("d") for _ in range(4)]
        self._segment = array("q")
        self._more = {}
        self._number = 0
        self._name = ""

    def _count(self) -> None:
        self._objects += 1
        if self._objects > MAX_OBJECTS:
            raise BadInput(f"more than {MAX_OBJECTS:,} tracks, routes and waypoints")

    # -- waypoints and routes ----------------------------------------------------------------

    def waypoint(
        self,
        lat: float,
        lon: float,
        name: str = "",
        text: str = "",
        at: float = math.nan,
        ele: float = math.nan,
        *,
        place: int = 0,
    ) -> None:
        """A marked position; left out and counted if impossible."""
        if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0):
            self.odd.add(IMPOSSIBLE, place)
            return
        self._count()
        self._waypoints.append(
            Waypoint(
                lat,
                lon,
                name,
                text,
                at if math.isfinite(at) else None,
                ele if math.isfinite(ele) else None,
            )
        )

    def route(self, name: str, lat: Sequence[float], lon: Sequence[float]) -> None:
        """A plan: positions in order; impossible ones are left out and counted."""
        y, x = np.array(lat, dtype=np.float64), np.array(lon, dtype=np.float64)
        with np.errstate(invalid="ignore"):
            good = (np.abs(y) <= 90.0) & (np.abs(x) <= 180.0)
        if len(y) - int(good.sum()):
            self.odd.add(IMPOSSIBLE, count=len(y) - int(good.sum()))
        y, x = y[good], x[good]
        y.flags.writeable = x.flags.writeable = False
        self._count()
        self._points += len(y)
        if self._points > self._limits.points:
            raise BadInput(f"more than {self._limits.points:,} points")
        self._routes.append(Route(name, y, x))

    # -- what values tell --------------------------------------------------------------------

    def bad_time(self, place: int = 0) -> float:
        """NaN, counted: there was a time, and it cannot be read."""
        self.odd.add(BAD_TIME, place)
        return math.nan

    def bad_height(self, place: int = 0) -> float:
        """NaN, counted: there was a height, and it cannot be read."""
        self.odd.add(BAD_HEIGHT, place)
        return math.nan

    # -- the end -----------------------------------------------------------------------------

    @property
    def empty(self) -> bool:
        """Nothing came in so far that could be kept."""
        return not (self._tracks or self._segment or self._waypoints or self._routes)

    def recording(
        self,
        format_name: str,
        creator: str = "",
        *,
        title: str = "",
        time_from: TimeFrom = "utc",
        zoneless: int = 0,
        warnings: Sequence[str] = (),
    ) -> Recording:
        """All that came in. zoneless: times without a zone, taken as UTC.

        time_from: of the other times. warnings: told before those that were counted.
        """
        self._close()
        tracks = tuple(self._tracks)
        if zoneless:
            self.odd.add(ZONELESS, count=zoneless)
        if backwards := sum(backwards_of(track) for track in tracks):
            self.odd.add(BACKWARDS, count=backwards)
        return Recording(
            format_name,
            creator,
            tracks,
            tuple(self._waypoints),
            tuple(self._routes),
            (*warnings, *self.odd.told()),
            how_known(tracks, zoneless, time_from),
            title,
        )


def salvaged(what: str, line: int, *, nothing: bool, ended: bool) -> str:
    """What is told of a document that could not be read beyond a line. what: why.

    ended: it had ended before that. Raises BadInput where nothing was kept of it.
    """
    if nothing:
        raise BadInput(f"{what} in line {line}, before anything that could be kept")
    if ended:
        return "what follows the end of the document was not read"
    return f"{what} in line {line}: what came whole before is kept"


def backwards_of(track: Track) -> int:
    """How many points are earlier than the last one with a time before them."""
    known = track.time[np.isfinite(track.time)]
    return int(np.count_nonzero(np.diff(known) < 0))


def how_known(tracks: Sequence[Track], zoneless: int, otherwise: TimeFrom) -> TimeFrom:
    """How the zone of times was known, where `zoneless` of them did not say it."""
    timed = sum(int(np.isfinite(track.time).sum()) for track in tracks)
    if not timed:
        return ""
    if not zoneless:
        return otherwise
    return "assumed" if zoneless >= timed else "mixed"
