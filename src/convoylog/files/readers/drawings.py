"""Which of a map's lines and points is a drive, a plan or a marked position: KML and GeoJSON.

These formats draw; they do not say. Programs draw the same drive up to three times: as a track
with times, as a line and as one mark for each point (GPSBabel, inReach, flight trackers). Here
each drive is kept once, with all that is known of it.
"""

from __future__ import annotations

import math
import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field

import numpy as np

from convoylog.files.readers.building import Building
from convoylog.files.readers.plain import plain
from convoylog.model.tracks import Floats, Ints

#: two lists of positions are of one drive if so many of the shorter are in the longer: the rest is
#: what writers drop, such as points without time or repeated ones
SAME = 0.8
#: so many placemarks beside lines that they do not lie on can be a drive of their own; fewer are
#: places people marked
MANY = 10
#: positions are the same to this part of a degree, 0.1 m: writers print 6 to 15 decimals
_PARTS = 1e6

ENDS_ONLY = (
    "line of which only the times of its ends are known",
    "lines of which only the times of their ends are known",
)
REPEATED_LINE = (
    "line that repeats a track, not kept twice",
    "lines that repeat tracks, not kept twice",
)
REPEATED_POINTS = (
    "placemark that repeats a point of a track, not kept twice",
    "placemarks that repeat points of tracks, not kept twice",
)
TIMES_GIVEN = (
    "point that has its time from the placemark at its place",
    "points that have their times from the placemarks at their places",
)
POINTS_AS_TRACK = (
    "placemark with a time, taken as a trackpoint",
    "placemarks with times, taken as trackpoints",
)
#: what GPSBabel calls the folder of plans, and each line
_PLANS, _PATH = "Routes", "Path"
#: programs number their points or write times; what is left without these is a name
_NUMBERING = re.compile(r"[\W\d_]+")


def _numbers() -> array[float]:
    return array("d")


@dataclass(slots=True)
class Columns:
    """Positions of one line, track or heap of points, as they come in."""

    time: array[float] = field(default_factory=_numbers)
    lat: array[float] = field(default_factory=_numbers)
    lon: array[float] = field(default_factory=_numbers)
    ele: array[float] = field(default_factory=_numbers)
    more: dict[str, array[float]] = field(default_factory=dict)

    def extend(
        self,
        time: Floats | None,
        lat: Floats,
        lon: Floats,
        ele: Floats,
        more: dict[str, Floats] | None = None,
    ) -> None:
        before, count = len(self.lat), len(lat)
        times = np.full(count, np.nan) if time is None else time
        for column, values in zip(
            (self.time, self.lat, self.lon, self.ele), (times, lat, lon, ele), strict=True
        ):
            column.frombytes(np.ascontiguousarray(values, dtype=np.float64).tobytes())
        for key, values in (more or {}).items():
            found = self.more.setdefault(key, array("d"))
            found.extend([math.nan] * (before - len(found)))
            found.frombytes(np.ascontiguousarray(values, dtype=np.float64).tobytes())

    def filled(self) -> dict[str, Floats]:
        """The further columns, NaN to the end where they stopped earlier."""
        count = len(self.lat)
        for column in self.more.values():
            column.extend([math.nan] * (count - len(column)))
        return {key: np.array(column) for key, column in self.more.items()}


@dataclass(slots=True)
class Folder:
    """A Folder or Document. above: index of the one around it."""

    above: int = 0
    document: bool = False
    name: str = ""
    begin: float = math.nan
    end: float = math.nan


@dataclass(slots=True)
class Drawn:
    """A thing drawn as a line. home: its folder. starts: of segments.

    recorded: it was drawn with times of its own, such as a gx:Track. plan: known to be one.
    joined: its pieces were drawn apart.
    """

    home: int
    recorded: bool = False
    plan: bool = False
    name: str = ""
    columns: Columns = field(default_factory=Columns)
    starts: list[int] = field(default_factory=list)
    span: tuple[float, float] = (math.nan, math.nan)
    joined: bool = False

    def segment(
        self,
        time: Floats | None,
        lat: Floats,
        lon: Floats,
        ele: Floats,
        more: dict[str, Floats] | None = None,
        *,
        join: bool = False,
    ) -> None:
        """One more segment. join: one that begins where the one before ends goes on in it."""
        columns = self.columns
        before = len(columns.lat)
        if before and join and len(lat) and _touches(columns, lat[0], lon[0]):
            columns.extend(None, lat[1:], lon[1:], ele[1:])
        else:
            self.starts.append(before)
            columns.extend(time, lat, lon, ele, more)

    def spanned(self, begin: float, end: float) -> None:
        """The first and the last point get the times between which the line was driven."""
        self.span = (begin, end)
        if len(self.columns.lat):
            self.columns.time[-1] = end
            if len(self.columns.lat) > 1 or math.isnan(end):
                self.columns.time[0] = begin

    def goes_on_in(self, other: Drawn) -> bool:
        """The other is the next piece of one line: drawn in pieces to colour them by speed."""
        return (
            not self.recorded
            and self.home == other.home
            and self.name == other.name
            and _touches(self.columns, other.columns.lat[0], other.columns.lon[0])
        )

    def take(self, other: Drawn) -> None:
        mine, its = self.columns, other.columns
        if math.isnan(mine.time[-1]):
            mine.time[-1] = its.time[0]
        before = len(mine.lat) - 1
        self.starts.extend(before + start for start in other.starts if start)
        for column, more in (
            (mine.time, its.time), (mine.lat, its.lat), (mine.lon, its.lon), (mine.ele, its.ele)
        ):  # fmt: skip
            column.extend(more[1:])
        self.joined = True

    @property
    def timed(self) -> bool:
        return any(not math.isnan(at) for at in self.columns.time)


def _touches(columns: Columns, lat: float, lon: float) -> bool:
    return columns.lat[-1] == lat and columns.lon[-1] == lon


class Marks:
    """Points drawn one by one, in file order. segment: a number that changes at a break."""

    def __init__(self) -> None:
        self.columns = Columns()
        self.home = array("q")
        self.segment = array("q")
        self.names: list[str] = []
        self.texts: list[str] = []

    def __len__(self) -> int:
        return len(self.names)

    def add(
        self,
        home: int,
        name: str,
        text: str,
        values: tuple[float, float, float, float],
        more: dict[str, float],
        segment: int = 0,
    ) -> None:
        """values: time, lat, lon, ele."""
        columns = self.columns
        for column, value in zip(
            (columns.time, columns.lat, columns.lon, columns.ele), values, strict=True
        ):
            column.append(value)
        for key, value in more.items():
            found = columns.more.setdefault(key, array("d"))
            found.extend([math.nan] * (len(self.names) - len(found)))
            found.append(value)
        self.home.append(home)
        self.segment.append(segment)
        self.names.append(name)
        self.texts.append(text)


def settle(drawn: list[Drawn], marks: Marks, folders: list[Folder], building: Building) -> None:
    """Give the building each drive once, plans as routes, and what people marked."""
    _Settling(drawn, marks, folders, building).settle()


class _Settling:
    def __init__(
        self, drawn: list[Drawn], marks: Marks, folders: list[Folder], building: Building
    ) -> None:
        self._drawn = drawn
        self._marks = marks
        self._folders = folders
        self._building = building
        self._odd = building.odd
        self._time = np.array(marks.columns.time)
        self._lat = np.array(marks.columns.lat)
        self._lon = np.array(marks.columns.lon)
        self._ele = np.array(marks.columns.ele)
        self._more = marks.columns.filled()
        self._keys = _keys(self._lat, self._lon)
        self._waypoints = np.ones(len(marks), dtype=bool)
        self._heaps: list[tuple[str, Ints]] = []  # placemarks that are tracks of their own

    def settle(self) -> None:
        self._ends_from_folders()
        self._drop_repeated_lines()
        if len(self._marks):
            self._settle_marks()
        self._tell_ends()
        for drawn in self._drawn:
            self._give(drawn)
        for name, which in self._heaps:
            self._give_heap(name, which)
        for i in np.flatnonzero(self._waypoints):
            self._building.waypoint(
                float(self._lat[i]),
                float(self._lon[i]),
                self._marks.names[i],
                plain(self._marks.texts[i]),
                float(self._time[i]),
                float(self._ele[i]),
            )

    def _give_heap(self, name: str, which: Ints) -> None:
        segments = np.array(self._marks.segment)[which]
        self._building.track(name)
        self._building.columns(
            self._time[which],
            self._lat[which],
            self._lon[which],
            _known(self._ele[which]),
            {key: values[which] for key, values in self._more.items()},
            starts=(np.flatnonzero(np.diff(segments)) + 1).tolist(),
        )
        self._odd.add(POINTS_AS_TRACK, count=len(which))

    # -- lines -------------------------------------------------------------------------------

    def _ends_from_folders(self) -> None:
        """A folder with a span and one line in it: dash cameras' flavour by GPSBabel."""
        alone: dict[int, list[Drawn]] = {}
        for drawn in self._drawn:
            alone.setdefault(drawn.home, []).append(drawn)
        for home, lines in alone.items():
            folder = self._folders[home]
            if len(lines) == 1 and not lines[0].recorded and not lines[0].timed:
                lines[0].spanned(folder.begin, folder.end)

    def _tell_ends(self) -> None:
        count = sum(
            not d.recorded and not d.joined and not all(map(math.isnan, d.span))
            and len(d.columns.lat) > 2 and int(np.isfinite(d.columns.time).sum()) <= 2
            for d in self._drawn
        )  # fmt: skip
        if count:
            self._odd.add(ENDS_ONLY, count=count)

    def _drop_repeated_lines(self) -> None:
        recorded = [d for d in self._drawn if d.recorded]
        if not recorded or len(recorded) == len(self._drawn):
            return
        known = np.sort(np.concatenate([_keys(d.columns.lat, d.columns.lon) for d in recorded]))
        kept = []
        for drawn in self._drawn:
            keys = _keys(drawn.columns.lat, drawn.columns.lon)
            if not drawn.recorded and len(keys) > 1 and _share(keys, known) >= SAME:
                self._odd.add(REPEATED_LINE)
            else:
                kept.append(drawn)
        self._drawn = kept

    def _give(self, drawn: Drawn) -> None:
        columns = drawn.columns
        unknown = not drawn.recorded and not drawn.timed
        if drawn.plan or (unknown and self._under(drawn.home, _PLANS)):
            self._building.route(self._named(drawn), columns.lat.tolist(), columns.lon.tolist())
            return
        self._building.track(self._named(drawn))
        self._building.columns(
            np.array(columns.time),
            np.array(columns.lat),
            np.array(columns.lon),
            _known(np.array(columns.ele)),
            columns.filled(),
            starts=drawn.starts,
        )

    def _named(self, drawn: Drawn) -> str:
        home = self._folders[drawn.home]
        if drawn.name in ("", _PATH) and not home.document:
            return home.name or drawn.name
        return drawn.name

    def _under(self, home: int, name: str) -> bool:
        while home:
            if self._folders[home].name == name:
                return True
            home = self._folders[home].above
        return False

    # -- point placemarks --------------------------------------------------------------------

    def _settle_marks(self) -> None:
        homes = np.array(self._marks.home)
        if not self._drawn:
            # nothing else is drawn: whatever has a time is the recording, by outermost folder
            homes = np.array([self._outermost(home) for home in homes.tolist()])
        order = np.argsort(homes, kind="stable")
        bounds = np.flatnonzero(np.diff(homes[order])) + 1
        index = _Index(self._drawn)
        replaced: set[int] = set()
        for which in np.split(order, bounds):
            if len(which) > 1:
                self._settle_group(which, index, replaced)
        self._drawn = [d for i, d in enumerate(self._drawn) if i not in replaced]

    def _outermost(self, home: int) -> int:
        while home and not self._folders[self._folders[home].above].document:
            above = self._folders[home].above
            if not above:
                break
            home = above
        return home

    def _settle_group(self, which: Ints, index: _Index, replaced: set[int]) -> None:
        owner = index.owner(self._keys[which])
        free = owner >= 0 and owner not in replaced
        if free and self._settle_on_line(which, owner, replaced):
            return
        timed = which[np.isfinite(self._time[which])]
        numbered = not self._named_by_people(timed)
        forward = not (np.diff(self._time[timed]) < 0).any()
        alone = not self._drawn and len(timed) > 1
        if alone or (numbered and forward and len(timed) >= MANY):
            self._make_track(timed, numbered)

    def _settle_on_line(self, which: Ints, owner: int, replaced: set[int]) -> bool:
        """Placemarks on a line or track: they repeat it, or tell its times. False: neither."""
        drawn = self._drawn[owner]
        keys = _keys(drawn.columns.lat, drawn.columns.lon)
        match = _match(keys, self._keys[which])
        on_line = match >= 0
        hits = int(on_line.sum())
        covers = hits >= SAME * len(keys)
        numbered = not self._named_by_people(which)
        if not covers and not (hits >= SAME * len(which) and numbered and len(which) >= MANY):
            return False
        if covers and hits < SAME * len(which) and not drawn.timed:
            # more points than the line has: it is a drawing of them
            timed = which[np.isfinite(self._time[which])]
            if len(timed) < len(keys):
                return False
            replaced.add(owner)
            self._odd.add(REPEATED_LINE)
            self._make_track(timed, numbered)
            return True
        if not drawn.recorded:
            self._give_times(drawn, match, which)
        if numbered or len(which) >= MANY:
            self._waypoints[which] = False
            self._odd.add(REPEATED_POINTS, count=len(which))
        return True

    def _give_times(self, drawn: Drawn, match: Ints, which: Ints) -> None:
        columns = drawn.columns
        on_line = np.flatnonzero(match >= 0)
        source = which[match[on_line]]
        time, ele = np.array(columns.time), np.array(columns.ele)
        known = np.isfinite(self._time[source])
        time[on_line[known]] = self._time[source[known]]
        if known.any():
            self._odd.add(TIMES_GIVEN, count=int(known.sum()))
        ele[on_line] = np.where(np.isfinite(ele[on_line]), ele[on_line], self._ele[source])
        columns.time, columns.ele = array("d", time.tobytes()), array("d", ele.tobytes())
        for key, values in self._more.items():
            column = np.full(len(time), np.nan)
            column[on_line] = values[source]
            columns.more[key] = array("d", column.tobytes())

    def _make_track(self, which: Ints, numbered: bool) -> None:
        """numbered: their names say nothing; others stay as waypoints too."""
        if numbered:
            self._waypoints[which] = False
        self._heaps.append((self._folders[self._marks.home[which[0]]].name, which))

    def _named_by_people(self, which: Ints) -> bool:
        words = {_NUMBERING.sub("", self._marks.names[i]) for i in which} - {""}
        return len(words) > len(which) / 2


# -- the same positions --------------------------------------------------------------------------


def _known(ele: Floats) -> Floats:
    """Heights that are all 0 are those of a writer that knew none."""
    return np.full(len(ele), np.nan) if not (np.isfinite(ele) & (ele != 0)).any() else ele


def _keys(lat: Floats | array[float], lon: Floats | array[float]) -> Ints:
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


def _share(keys: Ints, known: Ints) -> float:
    """How many of the keys are among the known, sorted ones: 0 to 1."""
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return float(((known[at] == keys) & (keys >= 0)).mean())


def _match(line: Ints, points: Ints) -> Ints:
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


class _Index:
    """Which line or track a position is on."""

    def __init__(self, drawn: list[Drawn]) -> None:
        keys = [_keys(d.columns.lat, d.columns.lon) for d in drawn]
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
