"""The fast road: long stretches of trackpoints from bytes to columns, no object and no call per point.

Devices write thousands of trackpoints in one shape. The shape is learned from the file itself: the
first trackpoint is cut into its markup and the texts between, expat proves that it is well formed,
and a regular expression made from it proves of every byte of those that follow that they differ in
nothing but numbers and plain texts. numpy then finds the texts and reads the numbers.

What is proved is taken out of the document; the careful reader gets the rest and puts the columns
where they belong. A trackpoint that leaves the slightest doubt stays in and is read there, so both
roads give the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from xml.parsers import expat

import numpy as np

from convoylog.files.readers.digits import Bytes, Places, instants, numbers
from convoylog.files.readers.gpx_more import column_of
from convoylog.model.tracks import Floats

#: shapes of trackpoints in one file: with and without each of four sensors, and one spare level
_MOST_SHAPES = 32
#: levels inside a trackpoint; the deepest met has 3
_DEEPEST = 16
#: trackpoints looked at together: enough for numpy, little enough for the processor's cache
_WINDOW = 8192
_WINDOW_BYTES = 1 << 20
#: trackpoints of no learned shape after which learning more would cost more than it saves
_MOST_ODD = 100
#: bytes of a stretch below which the careful reader is done sooner than numpy has begun
_SHORTEST = 16 * 1024
#: a trackpoint longer than this is no device's
_LONGEST_POINT = 16 * 1024

_OPEN, _CLOSE = b"<trkseg>", b"</trkseg>"
_FOLLOWING = re.compile(rb"<trkpt(?=[ \t\r\n])|</trkseg>")
#: what stands for a stretch in the document that is left
_PLACE = b"<trkpt/>"
_LT, _QUOTE, _APOSTROPHE = ord("<"), ord('"'), ord("'")

#: encodings in which bytes below 128 are ASCII; of others we know nothing
_ASCII_LIKE = re.compile(
    rb"utf-?8|us-ascii|ascii|iso-8859-\d\d?|latin-?1|windows-125\d", re.IGNORECASE
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]+)[\"']")

_SPACE = rb"[ \t\r\n]*+"
#: single characters repeated are what the expression engine does quickest; "5." is a number too
_NUMBER = rb"-?+[0-9]++\.?+[0-9]*+"
#: `instants` looks which of these stands where; zone and fraction are learned with the shape
_STAMP = rb"[0-9T:-]{19}"
_FRACTION = rb"\.[0-9]{1,9}+"
_ENDING = re.compile(_STAMP + rb"(" + _FRACTION + rb")?+(Z|([+-])([0-9]{2}):?([0-9]{2})|)")
#: no markup, no reference, no quotes, nothing but ASCII
_TEXT = rb"[\t\r\n !#-%(-;=?-~]*+"

_NAME = rb"[A-Za-z_][A-Za-z0-9_.-]*+(?::[A-Za-z_][A-Za-z0-9_.-]*+)?+"
_TAG = re.compile(
    rb"<(/?)(" + _NAME + rb")((?:[ \t\r\n]++" + _NAME + rb"=(?:\"[^\"<&]*+\"|'[^'<&]*+'))*+)"
    rb"[ \t\r\n]*+(/?)>"
)
_ATTRIBUTE = re.compile(rb"([ \t\r\n]++)(" + _NAME + rb")=([\"'])([^\"'<&]*+)([\"'])")
_IS_NUMBER = re.compile(_NUMBER)
_IS_TEXT = re.compile(_TEXT)
_IS_SPACE = re.compile(_SPACE)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Proved trackpoints that follow each other, as columns. lines: counts their line ends.

    zoneless, offsets: how many times said no zone, or an offset from UTC.
    """

    time: Floats
    lat: Floats
    lon: Floats
    ele: Floats
    more: Mapping[str, Floats]
    lines: Callable[[], int]
    zoneless: int
    offsets: int


@dataclass(frozen=True, slots=True)
class Proof:
    """rest: the document with a trackpoint that has no attributes in place of every stretch.

    stretches: index in `rest` of that trackpoint's "<" → what was there.
    """

    rest: bytes
    stretches: Mapping[int, Stretch]


def prove(content: bytes) -> Proof | None:
    """What can be read on the fast road; None if nothing can.

    content: a GPX file, as bytes. Its length is the caller's business.
    """
    declared = _DECLARED.search(content[:512])
    if declared is not None and not _ASCII_LIKE.fullmatch(declared[1]):
        return None
    view = memoryview(content)
    kept: list[bytes | memoryview] = []
    stretches: dict[int, Stretch] = {}
    done = length = 0
    for start, end, stretch in _stretches(content):
        length += start - done
        stretches[length] = stretch
        length += len(_PLACE)
        kept += (view[done:start], _PLACE)
        done = end
    if not stretches:
        return None
    kept.append(view[done:])
    return Proof(b"".join(kept), stretches)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A text to be read: of which column, behind which of the point's tags, and how long that is."""

    column: str
    tag: int
    width: int


@dataclass(frozen=True, slots=True)
class _Shape:
    """What trackpoints of one kind have in common.

    run: as many of them as one window holds. tags, quotes: how many "<" and quotation marks each
    has. apostrophes: whether some of these are single. lat, lon: which one opens the attribute.
    zone: what stands behind every time of day. east: seconds it is east of UTC.
    """

    run: re.Pattern[bytes]
    tags: int
    quotes: int
    apostrophes: bool
    lat: int
    lon: int
    leaves: tuple[_Leaf, ...]
    zone: bytes
    east: int


def _stretches(content: bytes) -> Iterator[tuple[int, int, Stretch]]:
    """(start, end, columns) of what is proved and long enough, in file order."""
    buffer = np.frombuffer(content, dtype=np.uint8)
    shapes: list[_Shape] = []
    odd = 0
    behind = content.find(_OPEN)
    while behind >= 0 and odd < _MOST_ODD:
        at = behind + len(_OPEN)
        while at >= 0 and odd < _MOST_ODD:
            columns = _Columns()
            end, behind = columns.fill(content, buffer, at, shapes)
            if end > at:
                yield at, end, columns.stretch(partial(content.count, b"\n", at, end))
            # what is odd stays in the document, and proof goes on behind it
            following = _FOLLOWING.search(content, behind)
            if following is None:
                return
            is_point = following[0] != _CLOSE
            at = following.start() if is_point else -1
            odd += is_point
        behind = content.find(_OPEN, behind)


#: (start, end, index of the shape) of trackpoints that follow each other
_Run = tuple[int, int, int]


def _window(content: bytes, start: int, shapes: list[_Shape]) -> list[_Run]:
    """Runs from `start` on, without a byte between them; none if the next trackpoint is odd."""
    at, last = start, 0
    window: list[_Run] = []
    # one match may fill a window; short ones gather
    while len(window) < _WINDOW // 8 and at - start < _WINDOW_BYTES:
        shape, stop = _next_run(content, at, shapes, last)
        if stop is None:
            break
        window.append((at, stop, shape))
        at, last = stop, shape
    return window


def _next_run(content: bytes, at: int, shapes: list[_Shape], last: int) -> tuple[int, int | None]:
    """(index of the shape, where the run of it that begins at `at` ends), None if there is none."""
    order = range(len(shapes))
    for number in sorted(order, key=lambda n: n != last) if len(order) > 1 else order:
        if match := shapes[number].run.match(content, at):
            return number, match.end()
    if len(shapes) < _MOST_SHAPES and (shape := _learn(content, at)) is not None:
        match = shape.run.match(content, at)
        if match is not None:
            shapes.append(shape)
            return len(shapes) - 1, match.end()
    return 0, None


def _learn(content: bytes, at: int) -> _Shape | None:
    """The shape of the trackpoint that follows; None if it is nothing that can be proved."""
    first = _TAG.match(content, _after_space(content, at))
    if first is None or first[1] or first[2] != b"trkpt":
        return None
    stop = first.end()
    if not first[4]:
        close = content.find(b"</trkpt", stop, stop + _LONGEST_POINT)
        stop = content.find(b">", close) + 1 if close >= 0 else 0
    point = content[first.start() : stop]
    try:
        # whatever _TAG lets pass: expat has the last word on what is well formed
        expat.ParserCreate("utf-8").Parse(point, True)
    except expat.ExpatError:
        return None
    return _Learning().shape(point)


def _after_space(content: bytes, at: int) -> int:
    space = _IS_SPACE.match(content, at)
    return space.end() if space is not None else at


@dataclass(slots=True)
class _Learning:
    """The pattern of one trackpoint as it grows."""

    pattern: list[bytes] = field(default_factory=list)
    open: list[bytes] = field(default_factory=list)
    leaves: list[_Leaf] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    quotes: int = 0
    apostrophes: bool = False
    sides: dict[bytes, int] = field(default_factory=dict)
    zone: bytes = b"Z"
    east: int = 0

    def shape(self, point: bytes) -> _Shape | None:
        tags = 0
        at = 0
        width = 0
        opened = False
        while at < len(point):
            tag = _TAG.search(point, at)
            if tag is None or b"<" in point[at : tag.start()]:
                return None
            text = point[at : tag.start()]
            if not self._text(text, tags - 1, width, opened and tag[1] == b"/"):
                return None
            if not self._tag(tag, first=not tags):
                return None
            opened = not tag[1] and not tag[4]
            width = tag.end() - tag.start()
            tags += 1
            at = tag.end()
        if self.open or self.sides.keys() != {b"lat", b"lon"}:
            return None
        run = b"(?:" + _SPACE + b"".join(self.pattern) + b"){1,%d}+" % _WINDOW
        return _Shape(
            re.compile(run),
            tags,
            self.quotes,
            self.apostrophes,
            self.sides[b"lat"],
            self.sides[b"lon"],
            tuple(self.leaves),
            self.zone,
            self.east,
        )

    def _text(self, text: bytes, tag: int, width: int, is_leaf: bool) -> bool:
        """The pattern of what stands between two tags; False if it cannot be proved."""
        column = _column(self.open) if is_leaf else ""
        if column and not self._first(column):
            return False
        if not text.strip(b" \t\r\n"):
            self.pattern.append(_SPACE)
            return _IS_SPACE.fullmatch(text) is not None
        if column:
            self.leaves.append(_Leaf(column, tag, width))
        if column == "time":
            return self._stamp(text)
        self.pattern.append(_NUMBER if column else _TEXT)
        return is_leaf and (_IS_NUMBER if column else _IS_TEXT).fullmatch(text) is not None

    def _stamp(self, text: bytes) -> bool:
        match = _ENDING.fullmatch(text)
        if match is None:
            return False
        fraction, self.zone, sign, hours, minutes = match.groups()
        if sign:
            # as far as `InstantReader` believes an offset
            self.east = int(hours) * 3600 + int(minutes) * 60
            if int(minutes) > 59 or self.east > 16 * 3600:
                return False
            self.east = -self.east if sign == b"-" else self.east
        self.pattern.append(_STAMP + (_FRACTION if fraction else b"") + re.escape(self.zone))
        return True

    def _first(self, column: str) -> bool:
        """False for the second text of one column: which of them counts, the careful reader knows."""
        new = column not in self.seen
        self.seen.add(column)
        return new

    def _tag(self, tag: re.Match[bytes], *, first: bool) -> bool:
        closing, name, attributes, empty = tag.groups()
        if closing:
            self.pattern.append(re.escape(tag[0]))
            return bool(self.open) and self.open.pop() == name
        column = _column([*self.open, name])
        if (name == b"trkpt" and not first) or (empty and column and not self._first(column)):
            return False
        self.pattern.append(b"<" + re.escape(name))
        read = 0
        for match in _ATTRIBUTE.finditer(attributes):
            space, key, quote, value, other = match.groups()
            if quote != other or match.start() != read:
                return False
            read = match.end()
            self.apostrophes |= quote == b"'"
            self.pattern.append(re.escape(space + key + b"=" + quote))
            if first and key in (b"lat", b"lon"):
                self.sides[key] = self.quotes
                self.pattern.append(_NUMBER)
                if not _IS_NUMBER.fullmatch(value):
                    return False
            else:
                self.pattern.append(_TEXT)
                if not _IS_TEXT.fullmatch(value):
                    return False
            self.pattern.append(quote)
            self.quotes += 2
        if read != len(attributes):
            return False
        self.pattern.append(re.escape(tag[0][tag.end(3) - tag.start() :]))
        if not empty:
            self.open.append(name)
        return len(self.open) <= _DEEPEST


def _column(path: list[bytes]) -> str:
    """time, ele, a column in MORE, or "" for the text of the element at `path`."""
    if len(path) == 2 and path[1] in (b"time", b"ele"):
        return path[1].decode()
    return column_of(path[-1].decode()) if len(path) > 1 else ""


@dataclass(slots=True)
class _Columns:
    """The windows of one stretch, in order: name of the column → values, NaN where missing."""

    parts: list[dict[str, Floats]] = field(default_factory=list)
    zoneless: int = 0
    offsets: int = 0

    def fill(
        self, content: bytes, buffer: Bytes, start: int, shapes: list[_Shape]
    ) -> tuple[int, int]:
        """Take what is proved from `start` on. (where that ends, where to go on looking)."""
        at = start
        while window := _window(content, at, shapes):
            stop = window[-1][1]
            if stop - start < _SHORTEST or not self.take(buffer, window, shapes):
                return at, stop
            at = stop
        return at, _after_space(content, at) + 1

    def take(self, buffer: Bytes, window: list[_Run], shapes: list[_Shape]) -> bool:
        """Read the numbers of a window; False if one of them is impossible."""
        first, last = window[0][0], window[-1][1]
        view = buffer[first:last]
        tags = np.flatnonzero(view == _LT)
        marks = view == _QUOTE
        if any(shape.apostrophes for shape in shapes):
            marks |= view == _APOSTROPHE
        quotes = np.flatnonzero(marks)
        starts = np.array([run[0] for run in window]) - first
        kinds = np.array([run[2] for run in window])
        tag_edges = [*np.searchsorted(tags, starts).tolist(), len(tags)]
        quote_edges = np.searchsorted(quotes, starts)
        sizes = np.array([shapes[kind].tags for kind in kinds])
        counts = np.diff(tag_edges) // sizes
        before = np.cumsum(counts) - counts
        total = int(counts.sum())
        part: dict[str, Floats] = {}
        for kind in np.unique(kinds).tolist():
            shape = shapes[kind]
            mine = kinds == kind
            rows = _rows(before[mine], counts[mine], 1)
            tag = _rows(np.array(tag_edges[:-1])[mine], counts[mine], shape.tags)
            quote = _rows(quote_edges[mine], counts[mine], shape.quotes)
            values = _values(view, tags, quotes, tag, quote, shape)
            if values is None:
                return False
            if "time" in values and shape.zone != b"Z":
                self.zoneless += 0 if shape.zone else len(rows)
                self.offsets += len(rows) if shape.zone else 0
            for column, numbers_found in values.items():
                if len(rows) == total:
                    part[column] = numbers_found
                else:
                    part.setdefault(column, np.full(total, np.nan))[rows] = numbers_found
        self.parts.append(part)
        return True

    def stretch(self, lines: Callable[[], int]) -> Stretch:
        def whole(name: str) -> Floats:
            return np.concatenate(
                [part.get(name, np.full(len(part["lat"]), np.nan)) for part in self.parts]
            )

        names = {name for part in self.parts for name in part}
        more = {name: whole(name) for name in sorted(names - {"time", "lat", "lon", "ele"})}
        return Stretch(
            whole("time"),
            whole("lat"),
            whole("lon"),
            whole("ele"),
            more,
            lines,
            self.zoneless,
            self.offsets,
        )


def _rows(first: Places, counts: Places, step: int) -> Places:
    """first, first + step … (counts of them) for each run, one after another."""
    before = np.cumsum(counts) - counts
    return np.repeat(first - before * step, counts) + np.arange(int(counts.sum())) * step


def _values(
    view: Bytes, tags: Places, quotes: Places, tag: Places, quote: Places, shape: _Shape
) -> dict[str, Floats] | None:
    """The columns of the points whose first "<" and first quotation mark are these."""
    result = {}
    for name, side, limit in (("lat", shape.lat, 90.0), ("lon", shape.lon, 180.0)):
        degrees = numbers(view, quotes[quote + side] + 1, quotes[quote + side + 1])
        if not (np.abs(degrees) <= limit).all():
            return None
        result[name] = degrees
    for leaf in shape.leaves:
        start = tags[tag + leaf.tag] + leaf.width
        end = tags[tag + leaf.tag + 1]
        if leaf.column == "time":
            time = instants(view, start, end - len(shape.zone), shape.east)
            if time is None:
                return None
            result["time"] = time
        else:
            result[leaf.column] = numbers(view, start, end)
            # 400 digits are a number to the grammar, and infinite
            if not np.isfinite(result[leaf.column]).all():
                return None
    return result
