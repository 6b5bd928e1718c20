"""The fast road: long stretches of trackpoints from bytes to columns, no object and no call per point.

Devices write thousands of trackpoints in one shape. The shape is learned from the first of them
(`gpx_shape`) and proves of every byte of those that follow that they differ in nothing but numbers and
plain texts. numpy then finds the texts and reads the numbers.

What is proved is taken out of the document; the careful reader gets the rest and puts the columns
where they belong. A trackpoint that leaves the slightest doubt stays in and is read there, so both
roads give the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from convoylog.files.readers.digits import Bytes, Places, instants, numbers
from convoylog.files.readers.gpx_shape import WINDOW, Shape, after_space, learn
from convoylog.model.tracks import Floats

#: shapes of trackpoints in one file: with and without each of four sensors, and one spare level
_MOST_SHAPES = 32
_WINDOW_BYTES = 1 << 20
#: trackpoints of no learned shape after which learning more would cost more than it saves
_MOST_ODD = 100
#: bytes of a stretch below which the careful reader is done sooner than numpy has begun
_SHORTEST = 16 * 1024

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


def _stretches(content: bytes) -> Iterator[tuple[int, int, Stretch]]:
    """(start, end, columns) of what is proved and long enough, in file order."""
    buffer = np.frombuffer(content, dtype=np.uint8)
    shapes: list[Shape] = []
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


def _window(content: bytes, start: int, shapes: list[Shape]) -> list[_Run]:
    """Runs from `start` on, without a byte between them; none if the next trackpoint is odd."""
    at, last = start, 0
    window: list[_Run] = []
    # one match may fill a window; short ones gather
    while len(window) < WINDOW // 8 and at - start < _WINDOW_BYTES:
        shape, stop = _next_run(content, at, shapes, last)
        if stop is None:
            break
        window.append((at, stop, shape))
        at, last = stop, shape
    return window


def _next_run(content: bytes, at: int, shapes: list[Shape], last: int) -> tuple[int, int | None]:
    """(index of the shape, where the run of it that begins at `at` ends), None if there is none."""
    order = range(len(shapes))
    for number in sorted(order, key=lambda n: n != last) if len(order) > 1 else order:
        if match := shapes[number].run.match(content, at):
            return number, match.end()
    if len(shapes) < _MOST_SHAPES and (shape := learn(content, at)) is not None:
        match = shape.run.match(content, at)
        if match is not None:
            shapes.append(shape)
            return len(shapes) - 1, match.end()
    return 0, None


@dataclass(slots=True)
class _Columns:
    """The windows of one stretch, in order: name of the column → values, NaN where missing."""

    parts: list[dict[str, Floats]] = field(default_factory=list)
    zoneless: int = 0
    offsets: int = 0

    def fill(
        self, content: bytes, buffer: Bytes, start: int, shapes: list[Shape]
    ) -> tuple[int, int]:
        """Take what is proved from `start` on. (where that ends, where to go on looking)."""
        at = start
        while window := _window(content, at, shapes):
            stop = window[-1][1]
            if stop - start < _SHORTEST or not self.take(buffer, window, shapes):
                return at, stop
            at = stop
        return at, after_space(content, at) + 1

    def take(self, buffer: Bytes, window: list[_Run], shapes: list[Shape]) -> bool:
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
    view: Bytes, tags: Places, quotes: Places, tag: Places, quote: Places, shape: Shape
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
