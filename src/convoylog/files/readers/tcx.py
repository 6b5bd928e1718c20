"""Reading TCX, the Training Center's XML, as Garmin Connect, Strava and most watches export it.

expat with handlers, fed in pieces. Elements are known by their local name, whatever the prefix.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from math import inf, isfinite, nan
from xml.parsers import expat

import numpy as np

from convoylog.errors import BadInput
from convoylog.files.readers.building import Building, salvaged
from convoylog.files.readers.instants import SECONDS, InstantReader
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.files.readers.oddities import IMPOSSIBLE
from convoylog.files.readers.xml import (
    MAX_DEPTH,
    MAX_TEXT,
    fault,
    feed,
    lines_before,
    new_parser,
    number,
)
from convoylog.model.tracks import Recording

#: 64 MiB of real trackpoints have 2.5 million; millions of empty ones hold no trip
MAX_ELEMENTS = 3_000_000
#: of one trackpoint; a real one has up to 20
MAX_PARTS = 1_000

NO_POSITION = (
    "trackpoint without a position, not kept",
    "trackpoints without a position, not kept",
)

#: column in MORE → the part of a trackpoint that gives it
_MORE = {"speed": "Speed", "heart_rate": "Value", "cadence": "Cadence", "power": "Watts"}
#: what a trackpoint is made of, by local name wherever inside it
_PARTS = {
    part: part
    for part in ("Time", "LatitudeDegrees", "LongitudeDegrees", "AltitudeMeters", *_MORE.values())
} | {"RunCadence": "Cadence", "Trackpoint": "Trackpoint"}
_POINT = "Trackpoint"
#: the folders of sports in version 1
_SPORTS = {"Running", "Biking"}
#: what is read outside trackpoints: the element around it, its own name
_TEXTS = {
    *((outer, inner) for outer in ("Activity", "Run") for inner in ("Id", "Notes")),
    *(("CoursePoint", inner) for inner in ("Name", "Notes", "PointType", "AltitudeMeters")),
    *(("Version", part + size) for part in ("Version", "Build") for size in ("Major", "Minor")),
    ("Course", "Name"),
    ("Creator", "Name"),
    ("Author", "Name"),
    ("Position", "LatitudeDegrees"),
    ("Position", "LongitudeDegrees"),
}

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


def read(content: bytes, limits: Limits = LIMITS) -> Recording:
    """The activities of a TCX file as tracks, its courses as plans, their marks as waypoints.

    A file that is cut or broken gives what was whole before that place. Raises BadInput.
    Source: https://www8.garmin.com/xmlschemas/TrainingCenterDatabasev2.xsd, and v1
    """
    if len(content) > limits.track_bytes:
        raise BadInput(f"larger than {limits.track_bytes // 2**20} MiB")
    reading = _Reading(new_parser(content), lines_before(content), limits)
    reading.feed(content)
    return reading.recording()


class _Parts(dict[str, str]):
    """Name of an element in a trackpoint as written → one of _PARTS, or ""."""

    def __missing__(self, name: str) -> str:
        part = self[name] = _PARTS.get(_local(name), "")
        return part


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Points:
    """The trackpoints of one activity or course, as columns. starts: where segments begin."""

    def __init__(self) -> None:
        self.time, self.lat, self.lon, self.ele = (array("d") for _ in range(4))
        self.more = {name: array("d") for name in _MORE}
        self.adds = [column.append for column in (self.time, self.lat, self.lon, self.ele)]
        #: with the part of a trackpoint that each column is read from
        self.adds_more = [(self.more[name].append, part) for name, part in _MORE.items()]
        self.starts: list[int] = []


class _Reading:
    """The state between the parser's calls.

    Two pairs of handlers take turns: these here, and a shorter one inside trackpoints.
    """

    def __init__(self, parser: expat.XMLParserType, lines_before: int, limits: Limits) -> None:
        self._parser = parser
        self._lines_before = lines_before
        self._building = Building(limits)
        self._instants = InstantReader()
        self._warnings: list[str] = []
        self._place: list[str] = []
        self._text: list[str] = []
        self._texts: dict[tuple[str, str], str] = {}
        self._elements = 0
        self._ended = False
        self._points = _Points()
        self._sport = ""
        self._creators: dict[str, str] = {}
        self._opens: dict[str, Callable[[dict[str, str]], None]] = {
            "Activity": self._open_activity,
            "Run": self._open_activity,
            "Course": lambda _: self._close_track(),
            "Track": lambda _: self._points.starts.append(len(self._points.lat)),
            "CoursePoint": lambda _: self._forget("CoursePoint", "Position"),
            "Creator": lambda _: self._forget("Creator", "Version"),
            "Author": lambda _: self._forget("Author", "Version"),
        }
        self._closes: dict[str, Callable[[], None]] = {
            "Activity": self._close_track,
            "Run": self._close_track,
            "Course": self._close_course,
            "CoursePoint": self._close_course_point,
            "Creator": lambda: self._close_creator("Creator"),
            "Author": lambda: self._close_creator("Author"),
        }
        self._start_point, self._end_point = self._point_handlers()

    # -- feeding -----------------------------------------------------------------------------

    def feed(self, content: bytes) -> None:
        self._listen()
        self._parser.CharacterDataHandler = self._text.append
        try:
            for _ in feed(self._parser, content):
                self._check_text()
        except expat.ExpatError as error:
            self._salvage(fault(error, self._parser, content), error.lineno + self._lines_before)

    def recording(self) -> Recording:
        self._close_track()
        creator = self._creators.get("Creator") or self._creators.get("Author", "")
        if self._building.empty and not any(self._building.odd.told()):
            self._warnings.append("it holds no position")
        zoneless = self._instants.zoneless
        return self._building.recording("TCX", creator, zoneless=zoneless, warnings=self._warnings)

    def _listen(self) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def _line(self) -> int:
        return self._parser.CurrentLineNumber + self._lines_before

    def _check_text(self) -> None:
        if sum(map(len, self._text)) > MAX_TEXT:
            if "".join(self._text).strip():
                raise BadInput(f"a text of over {MAX_TEXT // 2**10} KiB in line {self._line()}")
            self._text.clear()

    def _salvage(self, what: str, line: int) -> None:
        """The rest cannot be read: keep what was whole before, and say so."""
        if "Course" in self._place:
            self._close_course()
        self._close_track()
        nothing = self._building.empty
        self._warnings.append(salvaged(what, line, nothing=nothing, ended=self._ended))

    # -- elements ----------------------------------------------------------------------------

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if not self._place and local != "TrainingCenterDatabase":
            raise BadInput("XML, but no TCX: its root is another")
        self._count_elements()
        self._text.clear()
        if local == _POINT:
            self._parser.StartElementHandler = self._start_point
            self._parser.EndElementHandler = self._end_point
            self._start_point(name, attributes)
            return
        self._place.append(local)
        if len(self._place) > MAX_DEPTH:
            raise BadInput(f"nested deeper than {MAX_DEPTH} levels")
        if opens := self._opens.get(local):
            opens(attributes)

    def _end(self, _name: str) -> None:
        local = self._place.pop()
        if not self._place:
            self._ended = True
            return
        key = (self._place[-1], local)
        if key in _TEXTS:
            self._texts[key] = "".join(self._text).strip()
        elif closes := self._closes.get(local):
            closes()
        self._text.clear()

    def _count_elements(self, count: int = 1) -> None:
        self._elements += count
        if self._elements > MAX_ELEMENTS:
            raise BadInput("more elements than any recording has")

    def _forget(self, *outers: str) -> None:
        self._texts = {key: text for key, text in self._texts.items() if key[0] not in outers}

    def _take(self, outer: str, inner: str) -> str:
        return self._texts.pop((outer, inner), "")

    # -- trackpoints -------------------------------------------------------------------------

    def _point_handlers(self) -> tuple[Start, End]:
        """For trackpoints that follow each other.

        They share variables, which is quicker than attributes.
        """
        text, part_of = self._text, _Parts()
        values: dict[str, str] = {}
        depth = count = 0  # levels from the trackpoint down, 0 outside; its elements

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth, count
            text.clear()
            if depth:
                depth += 1
                count += 1
                if count > MAX_PARTS:
                    raise BadInput(f"a trackpoint of over {MAX_PARTS:,} elements")
            elif part_of[name] == _POINT:
                depth = count = 1
            else:
                self._listen()
                self._start(name, attributes)

        def end(name: str) -> None:
            nonlocal depth
            if depth > 1:
                depth -= 1
                part = part_of[name]
                if part:
                    values[part] = text[0] if len(text) == 1 else "".join(text)
            elif depth:
                depth = 0
                self._count_elements(count)
                self._add(values)
                values.clear()
            else:
                self._listen()
                self._end(name)

        return start, end

    def _add(self, values: dict[str, str]) -> None:
        """A trackpoint, from the texts of its parts."""
        get = values.get
        lat, lon = get("LatitudeDegrees"), get("LongitudeDegrees")
        if lat is None or lon is None:
            self._building.odd.add(NO_POSITION)
            return
        y, x = number(lat), number(lon)
        if not (-90.0 <= y <= 90.0 and -180.0 <= x <= 180.0):
            self._building.odd.add(IMPOSSIBLE, self._line())
            return
        add_time, add_lat, add_lon, add_ele = self._points.adds
        add_lat(y)
        add_lon(x)
        add_time(self._instant(get("Time", "")))
        add_ele(self._height(get("AltitudeMeters", "")))
        for add, part in self._points.adds_more:
            found = get(part)
            if found:
                value = number(found)
                add(value if -inf < value < inf else nan)
            else:
                add(nan)

    def _instant(self, text: str) -> float:
        try:
            return self._instants.minutes[text[:17]] + SECONDS[text[17:]]
        except KeyError:
            text = text.strip()
        instant = self._instants.read(text) if text else nan
        return instant if isfinite(instant) or not text else self._building.bad_time(self._line())

    def _height(self, text: str) -> float:
        height = number(text) if text else nan
        if isfinite(height) or not text.strip():
            return height
        return self._building.bad_height(self._line())

    # -- activities --------------------------------------------------------------------------

    def _open_activity(self, attributes: dict[str, str]) -> None:
        self._close_track()
        self._forget("Activity", "Run")
        folders = [place for place in self._place if place in _SPORTS]
        self._sport = attributes.get("Sport", "").strip() or "".join(folders[-1:])

    def _close_track(self) -> None:
        """What was collected is a track: of an activity, or without one around it."""
        points, self._points = self._points, _Points()
        if len(points.lat):
            self._building.track(self._name())
            self._building.columns(
                np.array(points.time),
                np.array(points.lat),
                np.array(points.lon),
                np.array(points.ele),
                {name: np.array(column) for name, column in points.more.items()},
                starts=points.starts,
            )
        self._sport = ""

    def _name(self) -> str:
        """The Id if it is more than the time of the start, else the notes, else the sport."""
        for outer in ("Activity", "Run"):
            name = self._take(outer, "Id")
            if name and not isfinite(InstantReader().read(name)):
                return name
            if notes := self._take(outer, "Notes"):
                return notes.splitlines()[0]
        return "" if self._sport == "Other" else self._sport

    def _close_creator(self, which: str) -> None:
        """Creator: the device. Author: the program that wrote the file."""
        name = self._take(which, "Name")
        version = [
            self._take("Version", part)
            for part in ("VersionMajor", "VersionMinor", "BuildMajor", "BuildMinor")
        ]
        if not any(digit in "123456789" for part in version for digit in part):
            version = []
        elif not any(digit in "123456789" for part in version[2:] for digit in part):
            version = version[:2]
        told = ".".join(filter(None, version))
        # some write it into the name as well
        if name and told and "version" not in name.lower():
            name = f"{name} {told}"
        if name:
            self._creators.setdefault(which, name)

    # -- courses -----------------------------------------------------------------------------

    def _close_course(self) -> None:
        """Its trackpoints are a plan, also where they have times."""
        points, self._points = self._points, _Points()
        name = self._take("Course", "Name")
        if len(points.lat):
            self._building.route(name, points.lat, points.lon)

    def _close_course_point(self) -> None:
        name, text, kind = (self._take("CoursePoint", k) for k in ("Name", "Notes", "PointType"))
        self._building.waypoint(
            number(self._take("Position", "LatitudeDegrees")),
            number(self._take("Position", "LongitudeDegrees")),
            name or kind,
            text or ("" if kind in ("Generic", name) or not name else kind),
            ele=self._height(self._take("CoursePoint", "AltitudeMeters")),
            place=self._line(),
        )
