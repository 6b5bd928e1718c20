"""The shape of trackpoints: what a device writes again and again, learned from the first of them.

A trackpoint is cut into its markup and the texts between, expat proves that it is well formed, and a
regular expression made from it fits those that differ from it in nothing but numbers and plain texts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from convoylog.files.readers.gpx_more import column_of

#: levels inside a trackpoint; the deepest met has 3
_DEEPEST = 16
#: trackpoints looked at together: enough for numpy, little enough for the processor's cache
WINDOW = 8192
#: a trackpoint longer than this is no device's
_LONGEST_POINT = 16 * 1024

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
class Leaf:
    """A text to be read: of which column, behind which of the point's tags, and how long that is."""

    column: str
    tag: int
    width: int


@dataclass(frozen=True, slots=True)
class Shape:
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
    leaves: tuple[Leaf, ...]
    zone: bytes
    east: int


def learn(content: bytes, at: int) -> Shape | None:
    """The shape of the trackpoint that follows; None if it is nothing that can be proved."""
    first = _TAG.match(content, after_space(content, at))
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


def after_space(content: bytes, at: int) -> int:
    """Where what follows the blanks at `at` begins."""
    space = _IS_SPACE.match(content, at)
    return space.end() if space is not None else at


@dataclass(slots=True)
class _Learning:
    """The pattern of one trackpoint as it grows."""

    pattern: list[bytes] = field(default_factory=list)
    open: list[bytes] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    quotes: int = 0
    apostrophes: bool = False
    sides: dict[bytes, int] = field(default_factory=dict)
    zone: bytes = b"Z"
    east: int = 0

    def shape(self, point: bytes) -> Shape | None:
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
        run = b"(?:" + _SPACE + b"".join(self.pattern) + b"){1,%d}+" % WINDOW
        return Shape(
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
            self.leaves.append(Leaf(column, tag, width))
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
