"""Reading GPX 1.0 and 1.1 that came from anywhere.

expat with handlers, fed in pieces; nothing is fetched, no entity is expanded, no object is made
per trackpoint. Elements are known by their place and their local name: any prefix and any
namespace will do, as long as it is the root's. What is odd is counted and told.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from math import isnan
from xml.parsers import expat

import numpy as np

from convoylog.errors import BadInput
from convoylog.files.readers.building import backwards_of, how_known, salvaged
from convoylog.files.readers.gpx_points import Columns, PointHandlers, Values, point_handlers
from convoylog.files.readers.gpx_scan import Stretch, prove
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.files.readers.oddities import BACKWARDS, ZONELESS, Oddities
from convoylog.files.readers.xml import (
    MAX_TEXT,
    Passing,
    blanks_before,
    fault,
    feed,
    lines_before,
    new_parser,
)
from convoylog.model.tracks import Floats, Recording, Route, TimeFrom, Track, Waypoint

#: each becomes an object, so 22 bytes of file must not become 300 of memory too often;
#: the most met are 2,000 tracks and 706 waypoints
MAX_OBJECTS = 50_000
#: elements outside trackpoints: 50,000 waypoints with 20 each. Millions of them hold no trip
MAX_ELEMENTS = 1_000_000

#: element → the children read in it; all else is passed over with everything below it
_CHILDREN = {
    "": {"gpx"},
    "gpx": {"trk", "wpt", "rte", "trkseg", "trkpt", "metadata", "name"},
    "metadata": {"name"},
    "trk": {"name", "trkseg", "trkpt"},
    "trkseg": {"trkpt"},
    "trkpt": {"ele", "time"},
    "wpt": {"name", "desc", "cmt", "ele", "time"},
    "rte": {"name", "rtept"},
    "rtept": set[str](),
}
_LEAVES = {"name", "desc", "cmt", "ele", "time"}

PAUSE = (
    "marker of a pause, taken as a break in the recording",
    "markers of pauses, taken as breaks in the recording",
)
LOOSE = (
    "point outside a segment, kept as a segment of its own",
    "points outside a segment, kept as segments of their own",
)


def read(content: bytes, limits: Limits = LIMITS) -> Recording:
    """All tracks, waypoints and routes of a GPX file, in file order.

    Points without a possible position are left out, bad times and heights become NaN; both are
    counted in the warnings. A file that is cut or broken gives what was whole before that place.
    Tracks without a point are left out. Raises BadInput.
    Source: https://www.topografix.com/GPX/1/1/, https://www.topografix.com/GPX/1/0/
    """
    if len(content) > limits.track_bytes:
        raise BadInput(f"larger than {limits.track_bytes // 2**20} MiB")
    if (proof := prove(content)) is not None:
        try:
            return _read(proof.rest, limits, proof.stretches)
        except (_Doubt, BadInput):
            pass  # the careful road says what is wrong, and in which line
    return _read(content, limits, {})


def read_carefully(content: bytes, limits: Limits = LIMITS) -> Recording:
    """As `read`, by the one road that never hurries."""
    return _read(content, limits, {})


def _read(content: bytes, limits: Limits, proved: Mapping[int, Stretch]) -> Recording:
    # the parser counts from the first byte it is given
    before = blanks_before(content)
    here = {at - before: stretch for at, stretch in proved.items()}
    reading = _Reading(new_parser(content), lines_before(content), limits, here)
    reading.feed(content)
    return reading.recording()


class _Doubt(Exception):  # noqa: N818 - no error, a change of mind
    """A proved stretch does not stand where trackpoints can be."""


class _Reading:
    """The state between the parser's calls.

    Three pairs of handlers take turns: these here for the frame, those of `gpx_points` while
    trackpoints follow each other, and a short pair for what is passed over.
    """

    def __init__(
        self,
        parser: expat.XMLParserType,
        lines_before: int,
        limits: Limits,
        proved: Mapping[int, Stretch],
    ) -> None:
        self._proved = dict(proved)
        self._parser = parser
        self._limits = limits
        self._format = "GPX"
        self._creator = self._title = ""
        self._tracks: list[Columns] = []
        self._waypoints: list[Waypoint] = []
        self._routes: list[Route] = []
        self._warnings: list[str] = []
        self._odd = Oddities()
        self._lines_before = lines_before
        self._uncounted: list[Callable[[], int]] = []
        self._values = Values(self._odd, self._line)
        self._place = [""]
        self._known: dict[str, str] = {}
        self._text: list[str] = []
        self._leaf: dict[str, str] = {}
        self._at: tuple[float, float] | None = None
        self._ended = False

        self._points: PointHandlers | None = None
        self._in_points = False
        self._passing = Passing(parser, self._count_passed, self._listen)

        self._track: Columns | None = None
        self._segment_start = 0  # points in the track when the current segment began
        self._segment = 0
        self._loose = False  # the current segment is one of points outside a segment
        self._objects = 0
        self._elements = 0
        self._route = (array("d"), array("d"))
        self._route_name = ""
        self._opens: dict[str, Callable[[dict[str, str]], None]] = {
            "gpx": self._open_gpx,
            "metadata": lambda _: None,
            "trk": self._open_track,
            "trkseg": lambda _: self._break(),
            "wpt": self._open_position,
            "rte": lambda _: self._begin_route(),
            "rtept": self._open_position,
        }
        self._closes: dict[str, Callable[[], None]] = {
            "gpx": self._close_gpx,
            "metadata": lambda: None,
            "trk": self._close_track,
            "trkseg": self._break,
            "wpt": self._close_waypoint,
            "rte": self._close_route,
            "rtept": self._close_routepoint,
        }

    # -- feeding -----------------------------------------------------------------------------

    def feed(self, content: bytes) -> None:
        self._listen()
        try:
            for _ in feed(self._parser, content):
                self._check_sizes()
        except expat.ExpatError as error:
            self._salvage(
                fault(error, self._parser, content),
                error.lineno + self._line() - self._parser.CurrentLineNumber,
            )
        self._check_sizes()

    def _listen(self) -> None:
        """Let the handlers of the frame or of the points hear what comes next."""
        if self._in_points and self._points is not None:
            self._parser.StartElementHandler = self._points.start
            self._parser.EndElementHandler = self._points.end
        else:
            self._parser.StartElementHandler = self._start
            self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text.append

    def _line(self) -> int:
        while self._uncounted:
            self._lines_before += self._uncounted.pop()()
        return self._parser.CurrentLineNumber + self._lines_before

    def _check_sizes(self) -> None:
        points = sum(len(track.lat) for track in self._tracks)
        points += len(self._track.lat) if self._track is not None else 0
        points += sum(len(route.lat) for route in self._routes) + len(self._route[0])
        if points > self._limits.points:
            raise BadInput(f"more than {self._limits.points:,} points")
        wanted = self._place[-1] in _LEAVES or (self._points is not None and self._points.inside())
        if wanted:
            self._check_text()
        else:
            self._text.clear()

    def _check_text(self) -> None:
        if self._text and sum(map(len, self._text)) > MAX_TEXT:
            line = self._line()
            raise BadInput(f"a text of over {MAX_TEXT // 2**10} KiB in line {line}")

    def _salvage(self, what: str, line: int) -> None:
        """The rest cannot be read: keep what was whole before, and say so."""
        if len(self._route[0]):
            self._close_route()
        self._close_track()
        nothing = not (self._tracks or self._waypoints or self._routes)
        self._warnings.append(salvaged(what, line, nothing=nothing, ended=self._ended))

    # -- elements ----------------------------------------------------------------------------

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count_element()
        place = self._place
        if len(place) == 1:
            self._open_root(name)
        local = self._known.get(name, "")
        if local not in _CHILDREN.get(place[-1], ()):
            self._pass_over(name)
        elif local == "trkpt":
            self._enter_points(name, attributes)
        else:
            place.append(local)
            if local in _LEAVES:
                self._text.clear()
            else:
                self._opens[local](attributes)

    def _end(self, _name: str) -> None:
        local = self._place.pop()
        if local not in _LEAVES:
            self._closes[local]()
            return
        self._check_text()
        text = "".join(self._text).strip()
        self._text.clear()
        owner = self._place[-1]
        if owner == "trk" and self._track is not None:
            self._track.name = text
        elif owner in ("metadata", "gpx"):
            self._title = self._title or text
        elif owner == "rte":
            self._route_name = text
        else:
            self._leaf[local] = text

    def _pass_over(self, name: str = "") -> None:
        self._passing.over(name, len(self._place))

    def _count_passed(self, name: str) -> None:
        self._count_element()
        if self._known.get(name) == "trkpt":
            self._values.belongs_nowhere()

    def _open_root(self, name: str) -> None:
        prefix, colon, local = name.rpartition(":")
        if local != "gpx":
            raise BadInput("XML, but no GPX: its root is another")
        every = {child for children in _CHILDREN.values() for child in children}
        self._known = {f"{prefix}{colon}{child}": child for child in every}
        self._points = point_handlers(
            (f"{prefix}{colon}trkpt", f"{prefix}{colon}ele", f"{prefix}{colon}time"),
            self._values,
            self._text,
            self._pass_over,
            self._proved_here,
            self._pause,
            self._leave_points_at_start,
            self._leave_points_at_end,
        )

    def _open_gpx(self, attributes: dict[str, str]) -> None:
        self._creator = attributes.get("creator", "").strip()[:MAX_TEXT]
        version = attributes.get("version", "").strip()
        if version in ("1.0", "1.1"):
            self._format = f"GPX {version}"
        elif version:
            self._warnings.append("says it is of a GPX version we do not know; read as 1.1")

    def _close_gpx(self) -> None:
        self._ended = True

    # -- tracks ------------------------------------------------------------------------------

    def _open_track(self, _attributes: dict[str, str]) -> None:
        self._begin_track()

    def _begin_track(self) -> Columns:
        self._close_track()
        self._track = Columns()
        self._segment = self._segment_start = 0
        self._loose = False
        return self._track

    def _close_track(self) -> None:
        if self._track is not None and len(self._track.lat):
            self._count_object()
            self._count_loose()
            self._tracks.append(self._track)
        self._track = None

    def _proved_here(self) -> Stretch | None:
        """What stood where the parser is now, if that was read at once."""
        found = self._proved.pop(self._parser.CurrentByteIndex, None)
        if found is not None:
            self._uncounted.append(found.lines)
            self._values.instants.zoneless += found.zoneless
            self._values.instants.offsets += found.offsets
        return found

    def _pause(self) -> None:
        """A marker between two points: recording stopped there, and went on."""
        self._odd.add(PAUSE, self._line())
        self._break()
        if self._points is not None and self._track is not None:
            self._points.begin(self._track, self._segment)

    def _break(self) -> None:
        """The next point starts a segment. Empty ones get no number."""
        self._count_loose()
        points = len(self._track.lat) if self._track is not None else 0
        if points > self._segment_start:
            self._segment += 1
        self._segment_start = points

    def _count_loose(self) -> None:
        if self._loose and self._track is not None:
            count = len(self._track.lat) - self._segment_start
            if count:
                self._odd.add(LOOSE, self._line(), count)
        self._loose = False

    def _enter_points(self, name: str, attributes: dict[str, str]) -> None:
        # without a <trk> around them the points are real all the same
        track = self._track if self._track is not None else self._begin_track()
        if self._place[-1] != "trkseg" and not self._loose:
            self._break()
            self._loose = True
        if self._points is not None:
            self._points.begin(track, self._segment)
            self._in_points = True
            self._listen()
            self._points.start(name, attributes)

    def _leave_points_at_start(self, name: str, attributes: dict[str, str]) -> None:
        self._in_points = False
        self._listen()
        self._start(name, attributes)

    def _leave_points_at_end(self, name: str) -> None:
        self._in_points = False
        self._listen()
        self._end(name)

    # -- waypoints and routes ----------------------------------------------------------------

    def _open_position(self, attributes: dict[str, str]) -> None:
        self._leaf.clear()
        self._at = self._values.position(attributes)

    def _close_waypoint(self) -> None:
        if self._at is None:
            return
        self._count_object()
        leaf = self._leaf
        at = self._values.instant(leaf.get("time", ""))
        ele = self._values.height(leaf.get("ele", ""))
        self._waypoints.append(
            Waypoint(
                *self._at,
                name=leaf.get("name", ""),
                text=leaf.get("desc") or leaf.get("cmt", ""),
                at=None if isnan(at) else at,
                ele=None if isnan(ele) else ele,
            )
        )

    def _begin_route(self) -> None:
        self._route = (array("d"), array("d"))
        self._route_name = ""

    def _close_routepoint(self) -> None:
        if self._at is not None:
            self._route[0].append(self._at[0])
            self._route[1].append(self._at[1])

    def _close_route(self) -> None:
        self._count_object()
        lat, lon = map(_read_only, self._route)
        self._routes.append(Route(self._route_name, lat, lon))
        self._begin_route()

    def _count_element(self) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise BadInput(f"more than {MAX_ELEMENTS:,} elements besides trackpoints")

    def _count_object(self) -> None:
        self._objects += 1
        if self._objects > MAX_OBJECTS:
            raise BadInput(f"more than {MAX_OBJECTS:,} tracks, routes and waypoints")

    # -- the end -----------------------------------------------------------------------------

    def recording(self) -> Recording:
        if self._proved:
            raise _Doubt
        self._close_track()
        tracks = tuple(columns.track() for columns in self._tracks)
        zoneless = self._values.instants.zoneless
        if zoneless:
            self._odd.add(ZONELESS, count=zoneless)
        backwards = sum(backwards_of(track) for track in tracks)
        if backwards:
            self._odd.add(BACKWARDS, count=backwards)
        return Recording(
            self._format,
            self._creator,
            tracks,
            tuple(self._waypoints),
            tuple(self._routes),
            (*self._warnings, *self._odd.told()),
            self._time_from(tracks),
            self._title,
        )

    def _time_from(self, tracks: tuple[Track, ...]) -> TimeFrom:
        seen = self._values.instants
        return how_known(tracks, seen.zoneless, "offset" if seen.offsets else "utc")


def _read_only(column: array[float]) -> Floats:
    copied = np.array(column, dtype=np.float64)
    copied.flags.writeable = False
    return copied
