"""Reading TCX, Garmin's Training Center XML, that came from anywhere.

Elements are known by their local names: any prefix and any namespace will do. Activities and
sessions become tracks, each `<Track>` in them a segment; a course is a plan, so a route.
Source: https://www8.garmin.com/xmlschemas/TrainingCenterDatabasev2.xsd, ActivityExtensionv2.xsd
"""

from __future__ import annotations

import math
from xml.parsers import expat

from convoylog.errors import BadInput
from convoylog.files.readers.building import Building
from convoylog.files.readers.instants import InstantReader
from convoylog.files.readers.limits import LIMITS, Limits
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

NOWHERE = ("trackpoint without a position", "trackpoints without a position")
BAD_READING = (
    "reading of a sensor that is no number",
    "readings of sensors that are no numbers",
)

#: child of a trackpoint, wherever in it → column; Garmin writes 0 for "no heart rate"
_MORE = {"Speed": "speed", "Cadence": "cadence", "RunCadence": "cadence", "Watts": "power"}


def read(content: bytes, limits: Limits = LIMITS) -> Recording:
    """All activities and courses of a TCX file, in file order. Raises BadInput.

    A trackpoint without a position is left out and counted. A file that is cut or broken gives what
    was whole before that place.
    """
    if len(content) > limits.track_bytes:
        raise BadInput(f"larger than {limits.track_bytes // 2**20} MiB")
    reading = _Reading(content, limits)
    warnings = reading.feed(content)
    return reading.recording(warnings)


class _Reading:
    """The state between expat's calls."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._parser = new_parser(content)
        self._before = lines_before(content)
        self._building = Building(limits)
        self._instants = InstantReader()
        self._path: list[str] = []
        self._locals: dict[str, str] = {}
        self._text: list[str] = []
        self._texts: dict[str, str] = {}  # of the trackpoint or course point we are in
        self._creator: dict[str, str] = {}
        self._author = ""
        self._name = self._sport = ""
        self._route: tuple[list[float], list[float]] = ([], [])
        self._in_course = False
        self._tracks_in_lap = 0
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text.append

    def feed(self, content: bytes) -> list[str]:
        """What is wrong with the document, if anything."""
        try:
            for _ in feed(self._parser, content):
                if sum(map(len, self._text)) > MAX_TEXT:
                    raise BadInput(f"a text of over {MAX_TEXT // 2**10} KiB in line {self._line()}")
        except expat.ExpatError as error:
            what, line = fault(error, self._parser, content), error.lineno + self._before
            self._end_course()
            if self._building.empty:
                raise BadInput(
                    f"{what} in line {line}, before anything that could be kept"
                ) from error
            return [f"{what} in line {line}: what came whole before is kept"]
        return []

    def _line(self) -> int:
        return self._parser.CurrentLineNumber + self._before

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._locals.get(tag)
        if name is None:
            name = self._locals[tag] = tag.rpartition(":")[2]
        path = self._path
        if not path and name != "TrainingCenterDatabase":
            raise BadInput("XML, but no TCX: its root is another")
        path.append(name)
        if len(path) > MAX_DEPTH:
            raise BadInput(f"nested deeper than {MAX_DEPTH} levels")
        self._text.clear()
        if name == "Trackpoint" or name == "CoursePoint":
            self._texts = {}
        elif name == "Lap":
            self._tracks_in_lap = 0
        elif name == "Track":
            # a lap is a button pressed, no break; a second track in one is
            if self._tracks_in_lap:
                self._building.segment()
            self._tracks_in_lap += 1
        elif name == "Activity":
            self._sport = attributes.get("Sport", "").strip()[:100]
            self._name = ""
            # its name is known only at its end, or never
            self._building.track(self._sport if self._sport != "Other" else "")
        elif name == "Course":
            self._in_course = True
            self._name = ""
            self._route = ([], [])

    def _end(self, _tag: str) -> None:
        path = self._path
        name = path.pop()
        owner = path[-1] if path else ""
        if name == "Trackpoint":
            self._trackpoint()
        elif name == "CoursePoint":
            self._course_point()
        elif name == "Course":
            self._end_course()
        elif self._text:
            self._leaf(name, owner, "".join(self._text).strip())
        self._text.clear()

    def _leaf(self, name: str, owner: str, text: str) -> None:
        if len(text) > MAX_TEXT:
            raise BadInput(f"a text of over {MAX_TEXT // 2**10} KiB in line {self._line()}")
        if owner == "Creator" or (owner == "Version" and "Creator" in self._path):
            self._creator.setdefault(name, text)
        elif owner == "Author" and name == "Name":
            self._author = self._author or text
        elif owner == "Course" and name == "Name":
            self._name = text
        elif name == "Value":
            self._texts.setdefault(owner, text)
        else:
            # the first of several: extensions repeat what stood before
            self._texts.setdefault(name, text)

    def _number(self, name: str) -> float:
        text = self._texts.get(name, "")
        if not text:
            return math.nan
        value = number(text)
        if not math.isfinite(value):
            self._building.odd.add(BAD_READING, self._line())
            return math.nan
        return value

    def _trackpoint(self) -> None:
        texts = self._texts
        lat, lon = texts.get("LatitudeDegrees"), texts.get("LongitudeDegrees")
        if lat is None and lon is None:
            if not self._in_course:
                self._building.odd.add(NOWHERE, self._line())
            return
        y, x = number(lat or ""), number(lon or "")
        if self._in_course:
            if -90.0 <= y <= 90.0 and -180.0 <= x <= 180.0:
                self._route[0].append(y)
                self._route[1].append(x)
            return
        more = {column: value for name, column in _MORE.items()
                if not math.isnan(value := self._number(name))}  # fmt: skip
        if (heart := self._number("HeartRateBpm")) > 0:
            more["heart_rate"] = heart
        self._building.point(self._time(), y, x, self._height(), more, place=self._line())

    def _time(self) -> float:
        text = self._texts.get("Time", "")
        if not text:
            return math.nan
        at = self._instants.read(text)
        return self._building.bad_time(self._line()) if math.isnan(at) else at

    def _height(self) -> float:
        text = self._texts.get("AltitudeMeters", "")
        if not text:
            return math.nan
        height = number(text)
        return height if math.isfinite(height) else self._building.bad_height(self._line())

    def _course_point(self) -> None:
        texts = self._texts
        self._building.waypoint(
            number(texts.get("LatitudeDegrees", "")),
            number(texts.get("LongitudeDegrees", "")),
            texts.get("Name", ""),
            texts.get("Notes", "") or texts.get("PointType", "").replace("Generic", ""),
            ele=number(texts.get("AltitudeMeters", "")),
            place=self._line(),
        )

    def _end_course(self) -> None:
        if self._in_course and self._route[0]:
            self._building.route(self._name, *self._route)
        self._in_course = False
        self._route = ([], [])

    def recording(self, warnings: list[str]) -> Recording:
        seen = self._instants
        return self._building.recording(
            "TCX",
            self._made_by(),
            time_from="offset" if seen.offsets else "utc",
            zoneless=seen.zoneless,
            warnings=warnings,
        )

    def _made_by(self) -> str:
        name = self._creator.get("Name", "") or self._author
        major, minor = (self._creator.get(key, "") for key in ("VersionMajor", "VersionMinor"))
        # devices without a version write 0.0
        version = f" {major}.{minor}" if major and minor and (major, minor) != ("0", "0") else ""
        return f"{name}{version}" if name else ""
