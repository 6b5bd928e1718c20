"""The hot path of the GPX reader: trackpoints, one after another, into columns.

Nearly all of a recording is this one shape, so expat calls these two functions directly as long
as trackpoints follow each other. They share variables instead of an object's attributes, which
makes the whole reader a third faster.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np

from convoylog.errors import BadInput
from convoylog.files.readers.gpx_more import column_of, meant
from convoylog.files.readers.gpx_scan import Stretch
from convoylog.files.readers.instants import SECONDS, InstantReader
from convoylog.files.readers.oddities import BAD_HEIGHT, BAD_TIME, IMPOSSIBLE, Oddities
from convoylog.files.readers.xml import MAX_DEPTH, number
from convoylog.model.tracks import Track, make_track

#: latitudes by which some apps (My Tracks and its heirs) mark that recording paused and went on
PAUSES = (100.0, 200.0)

BAD_READING = (
    "reading of a sensor that is no number",
    "readings of sensors that are no numbers",
)
MISPLACED = (
    "trackpoint in a place where none belongs, not read",
    "trackpoints in places where none belong, not read",
)

#: different names of sensors remembered; the most met in one file are 9
_MOST_NAMES = 1000
plain_number = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?", re.ASCII).fullmatch

#: gpx, trk, trkseg and trkpt are above
_MAX_DEPTH = MAX_DEPTH - 4

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


@dataclass
class Columns:
    """Points as they come in: four numbers each, no object.

    starts, numbers: the index of a point, and the segment number from there on.
    """

    name: str = ""
    time: array[float] = field(default_factory=lambda: array("d"))
    lat: array[float] = field(default_factory=lambda: array("d"))
    lon: array[float] = field(default_factory=lambda: array("d"))
    ele: array[float] = field(default_factory=lambda: array("d"))
    more: dict[str, array[float]] = field(default_factory=dict)
    starts: array[int] = field(default_factory=lambda: array("q"))
    numbers: array[int] = field(default_factory=lambda: array("q"))

    def add_more(self, found: dict[str, float]) -> None:
        """Further values of the point that was added last."""
        for name, value in found.items():
            column = self.more.setdefault(name, array("d"))
            column.extend(repeat(math.nan, len(self.lat) - 1 - len(column)))
            column.append(value)

    def add_stretch(self, found: Stretch) -> None:
        """Many points of the current segment that were read at once."""
        before = len(self.lat)
        for column, values in (
            (self.time, found.time),
            (self.lat, found.lat),
            (self.lon, found.lon),
            (self.ele, found.ele),
        ):
            column.frombytes(values.data.cast("B"))
        for name, values in found.more.items():
            column = self.more.setdefault(name, array("d"))
            column.extend(repeat(math.nan, before - len(column)))
            column.frombytes(values.data.cast("B"))

    def track(self) -> Track:
        for column in self.more.values():
            column.extend(repeat(math.nan, len(self.lat) - len(column)))
        lengths = np.diff(np.array([*self.starts, len(self.lat)]))
        segment = np.repeat(np.array(self.numbers, dtype=np.int64), lengths)
        return make_track(
            np.frombuffer(self.time),
            np.frombuffer(self.lat),
            np.frombuffer(self.lon),
            np.frombuffer(self.ele),
            segment,
            self.name,
            meant({name: np.frombuffer(column) for name, column in self.more.items()}),
        )


class Values:
    """Reads the values of points of any kind; what cannot be is NaN or None, and counted."""

    def __init__(self, odd: Oddities, line: Callable[[], int]) -> None:
        self.instants = InstantReader()
        self._odd = odd
        self._line = line

    def impossible(self) -> None:
        self._odd.add(IMPOSSIBLE, self._line())

    def belongs_nowhere(self) -> None:
        self._odd.add(MISPLACED, self._line())

    def position(self, attributes: dict[str, str]) -> tuple[float, float] | None:
        lat, lon = attributes.get("lat"), attributes.get("lon")
        if lat is not None and lon is not None:
            y, x = number(lat), number(lon)
            if -90.0 <= y <= 90.0 and -180.0 <= x <= 180.0:
                return y, x
        self.impossible()
        return None

    def reading(self, text: str) -> float:
        """A value of `more`; one that cannot be read is counted."""
        value = number(text.strip())
        if not math.isfinite(value):
            self._odd.add(BAD_READING, self._line())
            return math.nan
        return value

    def instant(self, text: str) -> float:
        text = text.strip()
        if not text:
            return math.nan
        instant = self.instants.read(text)
        if math.isnan(instant):
            self._odd.add(BAD_TIME, self._line())
        return instant

    def height(self, text: str) -> float:
        text = text.strip()
        if not text:
            return math.nan
        height = number(text)
        if not math.isfinite(height):
            self._odd.add(BAD_HEIGHT, self._line())
            return math.nan
        return height


@dataclass(frozen=True, slots=True)
class PointHandlers:
    """start, end: for expat, while `begin` was the last thing called from outside.

    begin(columns, segment): the points that follow go there. inside(): in the text of a value.
    """

    begin: Callable[[Columns, int], None]
    start: Start
    end: End
    inside: Callable[[], bool]


def point_handlers(
    names: tuple[str, str, str],
    values: Values,
    parts: list[str],
    pass_over: Callable[[], None],
    proved_here: Callable[[], Stretch | None],
    paused: Callable[[], None],
    leave_to_start: Start,
    leave_to_end: End,
) -> PointHandlers:
    """names: of trackpoint, height and time, with prefix. parts: where expat leaves texts.

    pass_over: called for an element inside a value. proved_here: what stands for a trackpoint
    without attributes, if anything. paused: called for a marker of a pause. leave_to_start, leave_to_end:
    called with any tag that is not part of a point.
    """
    point_name, ele_name, time_name = names
    minutes, infinite, nan = values.instants.minutes, math.inf, math.nan
    columns = Columns()
    add_time, add_lat, add_lon, add_ele = (
        c.append for c in (columns.time, columns.lat, columns.lon, columns.ele)
    )
    in_point = in_text = placed = False
    depth = 0
    y = x = 0.0
    ele = stamp = ""
    kept = columns
    found: dict[str, float] = {}
    column = ""  # of the element in whose text we are, at `column_depth`
    column_depth = 0
    columns_of: dict[str, str] = {}

    def begin(into: Columns, segment: int) -> None:
        nonlocal add_time, add_lat, add_lon, add_ele, kept
        kept = into
        into.starts.append(len(into.lat))
        into.numbers.append(segment)
        add_time, add_lat, add_lon, add_ele = (
            c.append for c in (into.time, into.lat, into.lon, into.ele)
        )

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal in_point, in_text, depth, placed, y, x, ele, stamp, column, column_depth
        if depth:
            # extensions; their texts gather in `parts`, which the next value clears
            depth += 1
            if depth > _MAX_DEPTH or name == point_name:
                odd_place(depth)
            # called for every sensor of every point, so no function is asked
            column = columns_of[name] if name in columns_of else meaning(name)
            if column:
                column_depth = depth
                parts.clear()
        elif in_point:
            if in_text:
                pass_over()  # markup inside a number: its text must not count
            elif name in (ele_name, time_name):
                in_text = True
                parts.clear()
            else:
                depth = column_depth = 1
                column = columns_of[name] if name in columns_of else meaning(name)
                if column:
                    parts.clear()
        elif name == point_name:
            in_point = True
            ele = stamp = ""
            y = nan
            if found:
                found.clear()
            try:
                lat, lon = attributes["lat"], attributes["lon"]
                y, x = float(lat), float(lon)
            except (KeyError, ValueError):
                placed = False
            else:
                # as in `number`
                plain = lat.isascii() and lon.isascii() and "_" not in lat and "_" not in lon
                placed = plain and -90.0 <= y <= 90.0 and -180.0 <= x <= 180.0
            if not placed:
                stretch = None if attributes else proved_here()
                if stretch is not None:
                    kept.add_stretch(stretch)
                elif y in PAUSES:
                    paused()
                else:
                    values.impossible()
        else:
            leave_to_start(name, attributes)

    def meaning(name: str) -> str:
        """The column of an element's text, "" for none; remembered, up to a point."""
        known = column_of(name)
        if len(columns_of) < _MOST_NAMES:
            columns_of[name] = known
        return known

    def odd_place(depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise BadInput(f"nested deeper than {MAX_DEPTH} levels")
        values.belongs_nowhere()

    def end(name: str) -> None:
        nonlocal in_point, in_text, depth, ele, stamp, column
        if depth:
            # markup inside a value takes its column away
            if column and depth == column_depth:
                text = parts[0] if len(parts) == 1 else "".join(parts)
                if column in found or not text or text.isspace():
                    pass  # the first of several counts
                elif plain_number(text):
                    found[column] = float(text)
                else:
                    found[column] = values.reading(text)
            column = ""
            depth -= 1
        elif in_text:
            in_text = False
            text = parts[0] if len(parts) == 1 else "".join(parts)
            if name == time_name:
                stamp = text
            else:
                ele = text
        elif in_point:
            in_point = False
            if not placed:
                return
            add_lat(y)
            add_lon(x)
            try:
                height = float(ele) if ele.isascii() and "_" not in ele else nan
            except ValueError:
                height = nan
            # NaN is not less than anything
            add_ele(height if -infinite < height < infinite else values.height(ele))
            try:
                instant = minutes[stamp[:17]] + SECONDS[stamp[17:]]
            except KeyError:
                instant = values.instant(stamp)
            add_time(instant)
            if found:
                kept.add_more(found)
        else:
            leave_to_end(name)

    return PointHandlers(begin, start, end, lambda: in_text or column != "")
