"""Reading KML 2.0 to 2.3 that came from anywhere.

expat with handlers, fed in pieces; nothing is fetched, no tree is built. Elements are known by
their local names, whatever the prefix or namespace. What each placemark holds is gathered here;
`drives` then says which of it is a recording, a plan or a marked position.
Source: OGC 12-007r2 (KML 2.3), https://developers.google.com/kml/documentation/kmlreference
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

import numpy as np

from convoylog.errors import BadInput
from convoylog.files.readers import drives
from convoylog.files.readers.building import MAX_OBJECTS, Building, salvaged
from convoylog.files.readers.drawn import Drawn, Folder, Marks
from convoylog.files.readers.kml_elements import CHILDREN, HOT, LEAVES, TOLD
from convoylog.files.readers.kml_points import (
    KINDS,
    NO_POSITION,
    CoordinateText,
    TrackText,
    heights,
)
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.files.readers.plain import plain
from convoylog.files.readers.sensors import column_for, value_with_unit
from convoylog.files.readers.times import Times
from convoylog.files.readers.xml import (
    MAX_DEPTH,
    MAX_TEXT,
    Passing,
    fault,
    feed,
    lines_before,
    new_parser,
    number,
)
from convoylog.model.tracks import Floats, Recording

#: elements besides times, positions and values: 150,000 placemarks of the 13 that GPSBabel writes
MAX_ELEMENTS = 2_000_000
#: characters of a name; longer ones are no names
_MAX_NAME = 500
#: columns that are not kept are told by name, the first ones
_MAX_NAMES = 10

NOWHERE = ("placemark without a position", "placemarks without a position")
CLIPPED = ("text of over 64 KiB, its end left out", "texts of over 64 KiB, their ends left out")
UNPAIRED = (
    "column of further values that does not fit its track, left out",
    "columns of further values that do not fit their tracks, left out",
)

_VERSION = re.compile(r"kml/(2\.\d)$")
_MADE_BY = re.compile(
    r"\s{0,20}(?:generated|created|produced|exported|written) (?:by|with|from|using):? (.{1,200})",
    re.IGNORECASE,
)
#: where people's programs put a time that is no TimeStamp, e.g. ogr2ogr
_TIME_NAMES = {"time", "timestamp", "when", "datetime"}


def read(content: bytes, limits: Limits = LIMITS) -> Recording:
    """Tracks, waypoints and routes of a KML document.

    A file that is cut or broken gives what was whole before that place. Raises BadInput.
    """
    if len(content) > limits.track_bytes:
        raise BadInput(f"larger than {limits.track_bytes // 2**20} MiB")
    reading = _Reading(new_parser(content), lines_before(content), limits)
    reading.feed(content)
    return reading.recording()


@dataclass(slots=True)
class _Placemark:
    name: str = ""
    text: str = ""
    begin: float = math.nan
    end: float = math.nan
    extra: dict[str, str] = field(default_factory=dict)
    track: Drawn | None = None
    line: Drawn | None = None
    points: list[tuple[float, float, float]] = field(default_factory=list)
    other: bool = False


class _Reading:
    """The state between the parser's calls.

    Three pairs of handlers take turns: these here for the frame, those of TrackText inside tracks
    and arrays of values, and a short pair for what is passed over.
    """

    def __init__(self, parser: expat.XMLParserType, lines_before: int, limits: Limits) -> None:
        self._parser = parser
        self._lines_before = lines_before
        self._limits = limits
        self._building = Building(limits)
        self._odd = self._building.odd
        self._times = Times(self._odd)
        self._format = "KML"
        self._creator = ""
        self._warnings: list[str] = []
        self._place = [""]
        self._local: dict[str, str] = {}
        self._text: list[str] = []
        self._passing = Passing(parser, self._count_element, self._listen)
        self._elements = 0
        self._ended = False

        self._folders = [Folder()]
        self._home = [0]  # indices of the open folders
        self._drawn: list[Drawn] = []
        self._marks = Marks()
        self._placemark = _Placemark()
        self._mode = ""
        self._coordinates = CoordinateText(self._odd)
        self._point = ""
        self._more: dict[str, Floats] = {}
        self._column: tuple[str, float, float] | None = None
        self._field = ""
        self._shown: dict[str, str] = {}  # names for people of columns, from the schema
        self._not_kept: dict[str, None] = {}
        self._positions = 0
        self._track = TrackText(
            self._times,
            self._odd,
            self._text,
            self._pass_over,
            self._leave_to_start,
            self._leave_to_end,
        )
        self._opens: dict[str, Callable[[dict[str, str]], None]] = {
            "kml": self._open_kml,
            "Document": self._open_folder,
            "Folder": self._open_folder,
            "Placemark": self._open_placemark,
            "Point": self._open_shape,
            "LineString": self._open_shape,
            "Track": self._open_track,
            "MultiTrack": self._open_shape,
            "Data": self._open_field,
            "SimpleData": self._open_field,
            "SimpleArrayField": self._open_field,
            "SimpleArrayData": self._open_array,
        }
        self._closes: dict[str, Callable[[], None]] = {
            "kml": self._close_kml,
            "Document": self._close_folder,
            "Folder": self._close_folder,
            "Placemark": self._close_placemark,
            "Point": self._close_point,
            "LineString": self._close_line,
            "Track": self._close_track,
            "SimpleArrayData": self._close_array,
        }

    # -- feeding -----------------------------------------------------------------------------

    def feed(self, content: bytes) -> None:
        self._listen()
        self._parser.CommentHandler = self._comment
        try:
            for _ in feed(self._parser, content):
                self._between_pieces()
        except expat.ExpatError as error:
            self._salvage(fault(error, self._parser, content), error.lineno + self._lines_before)

    def _listen(self) -> None:
        """Let the handlers of the frame or of a track hear what comes next."""
        hot = self._place[-1] in HOT
        self._parser.StartElementHandler = self._track.start if hot else self._start
        self._parser.EndElementHandler = self._track.end if hot else self._end
        self._parser.CharacterDataHandler = self._text.append

    def _line(self) -> int:
        return self._parser.CurrentLineNumber + self._lines_before

    def _between_pieces(self) -> None:
        """What came becomes numbers, so that texts never fill the memory."""
        self._track.flush()
        leaf = self._place[-1]
        if leaf == "coordinates":
            self._coordinates.add("".join(self._text))
            self._text.clear()
        elif leaf in LEAVES or self._track.inside():
            # the end tag tells it: the rest of a long text is not kept
            text = "".join(self._text)
            self._text[:] = [text[: MAX_TEXT + 1]]
        else:
            self._text.clear()
        points = self._positions + self._track.count + self._coordinates.count
        if points > self._limits.points:
            raise BadInput(f"more than {self._limits.points:,} points")

    def _salvage(self, what: str, line: int) -> None:
        """The rest cannot be read: keep what was whole before, and say so."""
        if not self._ended:
            if "Track" in self._place:
                self._close_track()
            elif "LineString" in self._place:
                self._text.clear()  # the position that was cut
                self._close_line()
            if "Placemark" in self._place and (self._placemark.track or self._placemark.line):
                self._close_placemark()
        nothing = not (self._drawn or len(self._marks))
        self._warnings.append(salvaged(what, line, nothing=nothing, ended=self._ended))

    # -- elements ----------------------------------------------------------------------------

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count_element()
        local = self._local.get(name) or self._local_of(name)
        place = self._place
        if local not in CHILDREN.get(place[-1], ()):
            if len(place) == 1:
                raise BadInput("XML, but no KML: its root is another")
            if place[-1] != "LookAt" and local in TOLD:
                self._odd.add(TOLD[local], self._line())
                self._placemark.other = True
            self._pass_over(name)
            return
        if len(place) > MAX_DEPTH:
            raise BadInput(f"nested deeper than {MAX_DEPTH} levels")
        place.append(local)
        if local in LEAVES:
            self._text.clear()
        if local in self._opens:
            self._opens[local](attributes)
        if local in HOT:
            self._listen()

    def _end(self, _name: str) -> None:
        local = self._place.pop()
        if local in LEAVES:
            text = "".join(self._text)
            self._text.clear()
            self._leaf(local, self._place[-1], text)
        elif local in self._closes:
            self._closes[local]()
        if self._place[-1] in HOT:
            self._listen()

    def _leave_to_start(self, name: str, attributes: dict[str, str]) -> None:
        kind = KINDS.get(self._local_of(name))
        if kind:
            self._track.kinds[name] = kind
            self._track.start(name, attributes)
            return
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._start(name, attributes)

    def _leave_to_end(self, name: str) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._end(name)

    def _pass_over(self, name: str) -> None:
        self._passing.over(name, len(self._place))

    def _count_element(self, _name: str = "") -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise BadInput(f"more than {MAX_ELEMENTS:,} elements besides trackpoints")

    def _local_of(self, name: str) -> str:
        local = self._local.get(name)
        if local is None:
            local = self._local[name] = name.rpartition(":")[2]
        return local

    def _comment(self, text: str) -> None:
        if not self._creator and (match := _MADE_BY.match(text)):
            self._creator = " ".join(match[1].split())

    def _leaf(self, local: str, owner: str, text: str) -> None:
        if local == "coordinates":
            if owner == "Point" and self._coordinates.fresh:
                self._point = text
            else:
                self._coordinates.add(text)
            return
        if len(text) > MAX_TEXT:
            self._odd.add(CLIPPED, self._line())
            text = text[:MAX_TEXT]
        mark, folder = self._placemark, self._folders[self._home[-1]]
        match local, owner:
            case "name", "Placemark":
                mark.name = plain(text)[:_MAX_NAME]
            case "name", "author":
                self._creator = plain(text)[:_MAX_NAME]
            case "name", _:
                folder.name = plain(text)[:_MAX_NAME]
            case "generator", _:
                self._creator = self._creator or plain(text)[:_MAX_NAME]
            case "description", _:
                mark.text = text
            case (("when" | "begin"), _):
                self._span().begin = self._times.read(text, self._line())
            case "end", _:
                self._span().end = self._times.read(text, self._line())
            case "altitudeMode", _:
                self._mode = text.strip()
            case (("value" | "SimpleData"), _):
                mark.extra[self._field] = text.strip()
            case "displayName", _:
                self._shown[self._field] = plain(text)[:_MAX_NAME]

    def _span(self) -> _Placemark | Folder:
        inside = "Placemark" in self._place
        return self._placemark if inside else self._folders[self._home[-1]]

    # -- folders and placemarks --------------------------------------------------------------

    def _open_kml(self, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            if key.startswith("xmlns") and (match := _VERSION.search(value.strip())):
                self._format = f"KML {match[1]}"

    def _close_kml(self) -> None:
        self._ended = True

    def _open_folder(self, _attributes: dict[str, str]) -> None:
        if len(self._folders) > MAX_OBJECTS:
            raise BadInput(f"more than {MAX_OBJECTS:,} folders")
        self._folders.append(Folder(above=self._home[-1], document=self._place[-1] == "Document"))
        self._home.append(len(self._folders) - 1)

    def _close_folder(self) -> None:
        self._home.pop()

    def _open_placemark(self, _attributes: dict[str, str]) -> None:
        self._placemark = _Placemark()

    def _close_placemark(self) -> None:
        mark = self._placemark
        home = self._home[-1]
        for drawn in (mark.track, mark.line):
            if drawn is not None and len(drawn.columns.lat):
                drawn.name = mark.name
                self._draw(drawn, mark)
        if mark.points:
            at, more = self._of_point(mark)
            for lon, lat, ele in mark.points:
                self._marks.add(home, mark.name, mark.text, (at, lat, lon, ele), more)
        elif not (mark.track or mark.line or mark.other):
            self._odd.add(NOWHERE, self._line())
        self._placemark = _Placemark()

    def _draw(self, drawn: Drawn, mark: _Placemark) -> None:
        if drawn is mark.line:
            drawn.spanned(mark.begin, mark.end)
            if self._drawn and self._drawn[-1].goes_on_in(drawn):
                self._drawn[-1].take(drawn)
                return
        self._drawn.append(drawn)
        if len(self._drawn) > MAX_OBJECTS:
            raise BadInput(f"more than {MAX_OBJECTS:,} lines")

    def _of_point(self, mark: _Placemark) -> tuple[float, dict[str, float]]:
        """The time and the further values of a point: TimeStamp first, then its ExtendedData."""
        at = mark.begin if not math.isnan(mark.begin) else mark.end
        more = {}
        for name, text in mark.extra.items():
            value, unit = value_with_unit(text)
            if math.isnan(at) and name.lower() in _TIME_NAMES:
                # ogr2ogr writes 2024/06/01 10:00:00+00
                at = self._times.instants.read(text.replace("/", "-"))
            elif (found := column_for(name, unit=unit)) is not None and not math.isnan(value):
                more[found[0]] = value * found[1] + found[2]
        return at, more

    def _open_field(self, attributes: dict[str, str]) -> None:
        self._field = attributes.get("name", "")[:_MAX_NAME]

    # -- shapes ------------------------------------------------------------------------------

    def _open_shape(self, _attributes: dict[str, str]) -> None:
        self._mode = self._point = ""
        if not self._coordinates.fresh:
            self._coordinates = CoordinateText(self._odd)

    def _close_point(self) -> None:
        point = self._plain_point()
        if point is None:
            self._coordinates.add(self._point)
            lon, lat, ele = self._coordinates.rows()
            if not len(lon):
                self._odd.add(NOWHERE, self._line())
                self._placemark.other = True
                return
            ele = heights(ele[:1], self._mode, self._odd)
            point = float(lon[0]), float(lat[0]), float(ele[0])
        self._placemark.points.append(point)
        self._positions += 1

    def _plain_point(self) -> tuple[float, float, float] | None:
        """The quick way for three numbers, as nearly all points are; else None."""
        parts = self._point.split(",")
        if len(parts) != 3 or self._mode not in ("", "absolute", "clampToGround"):
            return None
        lon, lat, ele = map(number, parts)
        good = -90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0 and 0.0 < abs(ele) < math.inf
        return (lon, lat, ele) if good else None

    def _close_line(self) -> None:
        lon, lat, ele = self._coordinates.rows()
        self._coordinates = CoordinateText(self._odd)
        self._positions += len(lat)
        if self._placemark.line is None:
            self._placemark.line = Drawn(self._home[-1])
        ele = heights(ele, self._mode, self._odd)
        self._placemark.line.segment(None, lat, lon, ele, join=True)

    def _open_track(self, _attributes: dict[str, str]) -> None:
        if self._place[-2] != "MultiTrack":
            self._mode = ""
        self._track.begin()
        self._more = {}

    def _close_track(self) -> None:
        time, lon, lat, ele = self._track.columns()
        self._positions += len(lat)
        self._track.begin()
        there = ~np.isinf(lat)
        if missing := int((~there & ~np.isnan(time)).sum()):
            self._odd.add(NO_POSITION, count=missing)
        more = {}
        for key, values in self._more.items():
            if len(values) != len(lat):
                self._odd.add(UNPAIRED, self._line())
            else:
                more[key] = values[there]
        if self._placemark.track is None:
            self._placemark.track = Drawn(self._home[-1], recorded=True)
        ele = heights(ele[there], self._mode, self._odd)
        self._placemark.track.segment(time[there], lat[there], lon[there], ele, more)
        self._more = {}

    def _open_array(self, attributes: dict[str, str]) -> None:
        name = attributes.get("name", "")[:_MAX_NAME]
        self._column = column_for(name, self._shown.get(name, ""))
        if self._column is None and len(self._not_kept) < _MAX_NAMES:
            self._not_kept[name] = None
        self._track.begin_values()

    def _close_array(self) -> None:
        values = self._track.numbers()
        self._track.begin_values()
        if self._column is not None and len(values):
            key, factor, offset = self._column
            self._more[key] = values * factor + offset

    # -- the end -----------------------------------------------------------------------------

    def recording(self) -> Recording:
        time_from = self._times.how_known(drives.times_known(self._drawn, self._marks))
        drives.settle(self._drawn, self._marks, self._folders, self._building)
        if self._not_kept:
            names = ", ".join(" ".join(name.split()) or "nameless" for name in self._not_kept)
            self._warnings.append(f"further columns not kept: {names[:_MAX_NAME]}")
        title = next((f.name for f in self._folders if f.document and f.name), "")
        return self._building.recording(
            self._format,
            self._creator,
            title=title,
            time_from=time_from,
            zoneless=self._times.instants.zoneless,
            warnings=self._warnings,
        )
