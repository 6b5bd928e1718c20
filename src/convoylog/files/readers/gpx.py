"""Reading GPX 1.0 and 1.1 that came from anywhere.

expat with handlers, fed in pieces; nothing is fetched, no entity is expanded, no object is made
per trackpoint. Elements are known by their place and their local name: any prefix and any
namespace will do, as long as it is the root's. What is odd is counted and told.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

import numpy as np

from convoylog.errors import BadInput
from convoylog.files.readers.instants import InstantReader
from convoylog.files.readers.oddities import Oddities
from convoylog.files.readers.xml import MAX_DEPTH, MAX_TEXT, feed, new_parser, number, was_cut
from convoylog.model.tracks import Recording, Route, Track, Waypoint, make_track

#: 23 days at one point a second
MAX_POINTS = 2_000_000
#: each becomes an object, so 22 bytes of file must not become 300 of memory too often;
#: the most met are 2,000 tracks and 706 waypoints
MAX_OBJECTS = 50_000
_NAN = math.nan

#: element → the children read in it; all else is passed over with everything below it
_CHILDREN = {
    "": {"gpx"},
    "gpx": {"trk", "wpt", "rte", "trkseg", "trkpt"},
    "trk": {"name", "trkseg", "trkpt"},
    "trkseg": {"trkpt"},
    "trkpt": {"ele", "time"},
    "wpt": {"name", "desc", "cmt", "ele", "time"},
    "rte": {"name", "rtept"},
    "rtept": set[str](),
}
_LEAVES = {"name", "desc", "cmt", "ele", "time"}


def read(content: bytes) -> Recording:
    """All tracks, waypoints and routes of a GPX file, in file order.

    Points without a possible position are left out, bad times and heights become NaN; both are
    counted in the warnings. A file that is cut or broken gives what was whole before that place.
    Tracks without a point are left out. Raises BadInput.
    Source: https://www.topografix.com/GPX/1/1/, https://www.topografix.com/GPX/1/0/
    """
    reading = _Reading(new_parser(content))
    reading.feed(content)
    return reading.recording()


@dataclass
class _Columns:
    """Points as they come in: five numbers each, no object."""

    name: str = ""
    time: array[float] = field(default_factory=lambda: array("d"))
    lat: array[float] = field(default_factory=lambda: array("d"))
    lon: array[float] = field(default_factory=lambda: array("d"))
    ele: array[float] = field(default_factory=lambda: array("d"))
    segment: array[int] = field(default_factory=lambda: array("q"))

    def track(self) -> Track:
        return make_track(
            np.frombuffer(self.time),
            np.frombuffer(self.lat),
            np.frombuffer(self.lon),
            np.frombuffer(self.ele),
            np.frombuffer(self.segment, dtype=np.int64),
            self.name,
        )


IMPOSSIBLE = (
    "point with an impossible position left out",
    "points with an impossible position left out",
)
BAD_TIME = ("time that cannot be read", "times that cannot be read")
BAD_HEIGHT = ("height that cannot be read", "heights that cannot be read")
ZONELESS = ("time without a zone, taken as UTC", "times without a zone, taken as UTC")
LOOSE = (
    "point outside a segment, kept as a segment of its own",
    "points outside a segment, kept as segments of their own",
)
MISPLACED = (
    "trackpoint in a place where none belongs, not read",
    "trackpoints in places where none belong, not read",
)
BACKWARDS = ("point earlier than the one before it", "points earlier than the one before them")


class _Reading:
    """The state between the parser's calls."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.format = "GPX"
        self.creator = ""
        self.tracks: list[_Columns] = []
        self.waypoints: list[Waypoint] = []
        self.routes: list[Route] = []
        self.warnings: list[str] = []
        self.odd = Oddities()
        self._instants = InstantReader()
        self._parser = parser
        self._ended = False
        self._place = [""]
        self._known: dict[str, str] = {"gpx": "gpx"}
        self._passing = 0  # levels below an element that is passed over
        self._text: list[str] = []
        self._leaf: dict[str, str] = {}
        self._at: tuple[float, float] | None = None
        self._points = 0
        self._track: _Columns | None = None
        self._segment = 0
        self._used = False  # the current segment has a point
        self._loose = False  # the current segment is one of points outside a segment
        self._route: tuple[array[float], array[float]] = (array("d"), array("d"))
        self._route_name = ""
        self._opens: dict[str, Callable[[dict[str, str]], None]] = {
            "gpx": self._open_gpx,
            "trk": self._open_track,
            "trkseg": self._open_segment,
            "trkpt": self._open_trackpoint,
            "wpt": self._open_position,
            "rte": self._open_route,
            "rtept": self._open_position,
        }
        self._closes: dict[str, Callable[[], None]] = {
            "trk": self._close_track,
            "trkseg": self._close_segment,
            "trkpt": self._close_trackpoint,
            "wpt": self._close_waypoint,
            "rte": self._close_route,
            "rtept": self._close_routepoint,
        }

    # -- feeding -----------------------------------------------------------------------------

    def feed(self, content: bytes) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text.append
        try:
            for _ in feed(self._parser, content):
                if self._place[-1] not in _LEAVES:
                    self._text.clear()
                self._check_text()
        except expat.ExpatError as error:
            self._salvage(error)

    def _salvage(self, error: expat.ExpatError) -> None:
        """The rest cannot be read: keep what was whole before, and say so."""
        what = "cut off" if was_cut(error) else "broken XML"
        if not self._holds_something():
            raise BadInput(f"{what} in line {error.lineno}, before anything that could be kept")
        if self._ended:
            self.warnings.append("what follows the end of the document was not read")
            return
        self.warnings.append(f"{what} in line {error.lineno}: what came whole before is kept")
        if len(self._route[0]):
            self._close_route()

    def _holds_something(self) -> bool:
        track = self._track is not None and len(self._track.lat)
        return bool(track or self.tracks or self.waypoints or self.routes or len(self._route[0]))

    def _check_text(self) -> None:
        if self._text and sum(map(len, self._text)) > MAX_TEXT:
            line = self._parser.CurrentLineNumber
            raise BadInput(f"a text of over {MAX_TEXT // 2**10} KiB in line {line}")

    # -- elements ----------------------------------------------------------------------------

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._passing:
            self._passing += 1
            if self._known.get(name) == "trkpt":
                self.odd.add(MISPLACED, self._parser.CurrentLineNumber)
            if self._passing + len(self._place) > MAX_DEPTH:
                raise BadInput(f"nested deeper than {MAX_DEPTH} levels")
            return
        place = self._place
        if len(place) == 1:
            self._open_root(name)
        local = self._known.get(name, "")
        if local not in _CHILDREN.get(place[-1], ()):
            self._passing = 1
            self._parser.CharacterDataHandler = None
            return
        place.append(local)
        if local in _LEAVES:
            self._text.clear()
        else:
            self._opens[local](attributes)

    def _end(self, _name: str) -> None:
        if self._passing:
            self._passing -= 1
            if not self._passing:
                self._parser.CharacterDataHandler = self._text.append
            return
        local = self._place.pop()
        if local == "gpx":
            self._ended = True
        if local in _LEAVES:
            self._check_text()
            text = "".join(self._text).strip()
            self._text.clear()
            owner = self._place[-1]
            if owner == "trk" and self._track is not None:
                self._track.name = text
            elif owner == "rte":
                self._route_name = text
            else:
                self._leaf[local] = text
        elif local in self._closes:
            self._closes[local]()

    def _open_root(self, name: str) -> None:
        prefix, colon, local = name.rpartition(":")
        if local != "gpx":
            raise BadInput("XML, but no GPX: its root is another")
        every = {child for children in _CHILDREN.values() for child in children}
        self._known = {f"{prefix}{colon}{child}": child for child in every}

    def _open_gpx(self, attributes: dict[str, str]) -> None:
        self.creator = attributes.get("creator", "").strip()[:MAX_TEXT]
        version = attributes.get("version", "").strip()
        if version in ("1.0", "1.1"):
            self.format = f"GPX {version}"
        elif version:
            self.warnings.append("says it is of a GPX version we do not know; read as 1.1")

    # -- tracks ------------------------------------------------------------------------------

    def _open_track(self, _attributes: dict[str, str]) -> None:
        self._close_track()
        self._begin_track()

    def _begin_track(self) -> _Columns:
        self._count_object(len(self.tracks))
        self._track = _Columns()
        self._segment = 0
        self._used = False
        self._loose = False
        return self._track

    def _close_track(self) -> None:
        if self._track is not None and len(self._track.lat):
            self.tracks.append(self._track)
        self._track = None

    def _open_segment(self, _attributes: dict[str, str]) -> None:
        self._break()

    def _close_segment(self) -> None:
        self._break()

    def _break(self) -> None:
        """The next point starts a segment. Empty ones get no number."""
        if self._used:
            self._segment += 1
        self._used = False
        self._loose = False

    def _open_position(self, attributes: dict[str, str]) -> None:
        if self._leaf:
            self._leaf.clear()
        self._at = None
        lat, lon = attributes.get("lat"), attributes.get("lon")
        if lat is not None and lon is not None:
            y, x = number(lat), number(lon)
            if -90.0 <= y <= 90.0 and -180.0 <= x <= 180.0:
                self._at = (y, x)
                self._points += 1
                if self._points > MAX_POINTS:
                    raise BadInput(f"more than {MAX_POINTS:,} points")
                return
        self.odd.add(IMPOSSIBLE, self._parser.CurrentLineNumber)

    def _open_trackpoint(self, attributes: dict[str, str]) -> None:
        if self._place[-2] != "trkseg" and not self._loose:
            self._break()
            self._loose = True
        self._open_position(attributes)

    def _close_trackpoint(self) -> None:
        at = self._at
        if at is None:
            return
        self._at = None
        track = self._track
        if track is None:
            # no <trk> around it: the points are real all the same
            track = self._begin_track()
            self._loose = self._place[-1] != "trkseg"
        leaf = self._leaf
        track.time.append(self._instant(leaf.get("time")))
        track.ele.append(self._height(leaf.get("ele")))
        track.lat.append(at[0])
        track.lon.append(at[1])
        track.segment.append(self._segment)
        self._used = True
        if self._loose:
            self.odd.add(LOOSE, self._parser.CurrentLineNumber)

    def _instant(self, text: str | None) -> float:
        if not text:
            return _NAN
        instant = self._instants.read(text)
        if instant != instant:
            self.odd.add(BAD_TIME, self._parser.CurrentLineNumber)
        return instant

    def _height(self, text: str | None) -> float:
        if not text:
            return _NAN
        height = number(text)
        if not -math.inf < height < math.inf:
            self.odd.add(BAD_HEIGHT, self._parser.CurrentLineNumber)
            return _NAN
        return height

    # -- waypoints and routes ----------------------------------------------------------------

    def _close_waypoint(self) -> None:
        if self._at is None:
            return
        self._count_object(len(self.waypoints))
        leaf = self._leaf
        at, ele = self._instant(leaf.get("time")), self._height(leaf.get("ele"))
        self.waypoints.append(
            Waypoint(
                *self._at,
                name=leaf.get("name", ""),
                text=leaf.get("desc") or leaf.get("cmt", ""),
                at=None if math.isnan(at) else at,
                ele=None if math.isnan(ele) else ele,
            )
        )

    def _open_route(self, _attributes: dict[str, str]) -> None:
        self._route = (array("d"), array("d"))
        self._route_name = ""

    def _close_routepoint(self) -> None:
        if self._at is not None:
            self._route[0].append(self._at[0])
            self._route[1].append(self._at[1])

    def _close_route(self) -> None:
        self._count_object(len(self.routes))
        columns = [np.array(column, dtype=np.float64) for column in self._route]
        for column in columns:
            column.flags.writeable = False
        self.routes.append(Route(self._route_name, *columns))
        self._route = (array("d"), array("d"))

    def _count_object(self, already: int) -> None:
        if already >= MAX_OBJECTS:
            raise BadInput(f"more than {MAX_OBJECTS:,} tracks, routes or waypoints")

    # -- the end -----------------------------------------------------------------------------

    def recording(self) -> Recording:
        self._close_track()
        tracks = tuple(columns.track() for columns in self.tracks)
        if self._instants.zoneless:
            self.odd.add(ZONELESS, count=self._instants.zoneless)
        backwards = sum(_backwards(track) for track in tracks)
        if backwards:
            self.odd.add(BACKWARDS, count=backwards)
        return Recording(
            self.format,
            self.creator,
            tracks,
            tuple(self.waypoints),
            tuple(self.routes),
            (*self.warnings, *self.odd.told()),
        )


def _backwards(track: Track) -> int:
    known = track.time[np.isfinite(track.time)]
    return int(np.count_nonzero(np.diff(known) < 0))
