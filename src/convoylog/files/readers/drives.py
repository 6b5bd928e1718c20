"""Which of a map's lines and points is a drive, a plan or a marked position: KML and GeoJSON.

These formats draw; they do not say. Programs draw the same drive up to three times: as a track
with times, as a line and as one mark for each point (GPSBabel, inReach, flight trackers). Here
each drive is kept once, with all that is known of it.
"""

from __future__ import annotations

import math
import re
from array import array

import numpy as np

from convoylog.files.readers.building import Building
from convoylog.files.readers.drawn import Drawn, Folder, Marks
from convoylog.files.readers.plain import plain
from convoylog.files.readers.repeats import LineIndex, keys_of, points_at, share_of
from convoylog.model.tracks import Floats, Ints

#: two lists of positions are of one drive if so many of the shorter are in the longer: the rest is
#: what writers drop, such as points without time or repeated ones
SAME = 0.8
#: so many placemarks beside lines that they do not lie on can be a drive of their own; fewer are
#: places people marked
MANY = 10

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


def times_known(drawn: list[Drawn], marks: Marks) -> int:
    """How many times were read, before lines and marks lend theirs to each other."""
    columns = [marks.columns.time, *(line.columns.time for line in drawn)]
    return sum(int(np.isfinite(np.array(column)).sum()) for column in columns)


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
        self._keys = keys_of(self._lat, self._lon)
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
        known = np.sort(np.concatenate([keys_of(d.columns.lat, d.columns.lon) for d in recorded]))
        kept = []
        for drawn in self._drawn:
            keys = keys_of(drawn.columns.lat, drawn.columns.lon)
            if not drawn.recorded and len(keys) > 1 and share_of(keys, known) >= SAME:
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
        index = LineIndex(self._drawn)
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

    def _settle_group(self, which: Ints, index: LineIndex, replaced: set[int]) -> None:
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
        keys = keys_of(drawn.columns.lat, drawn.columns.lon)
        match = points_at(keys, self._keys[which])
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


def _known(ele: Floats) -> Floats:
    """Heights that are all 0 are those of a writer that knew none."""
    return np.full(len(ele), np.nan) if not (np.isfinite(ele) & (ele != 0)).any() else ele
