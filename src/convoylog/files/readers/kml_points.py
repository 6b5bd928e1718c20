"""The hot path of the KML reader: times, coordinates and values by the ten thousand.

expat calls `start` and `end` of TrackText directly while a gx:Track or an array of values is open.
Texts gather in lists and become columns whenever a piece of the file has been fed.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Callable
from itertools import chain

import numpy as np

from convoylog.errors import BadInput
from convoylog.files.readers.oddities import BAD_HEIGHT, Oddities
from convoylog.files.readers.times import Times
from convoylog.files.readers.xml import MAX_TOKEN, number
from convoylog.model.tracks import Floats, Ints

NO_POSITION = ("record without a position", "records without a position")
UNEQUAL = (
    "track with unequally many times and positions, paired by what stands beside what",
    "tracks with unequally many times and positions, paired by what stands beside what",
)
BAD_VALUE = ("further value that cannot be read", "further values that cannot be read")
ABOVE_GROUND = (
    "height above ground or sea floor, which is none above the sea, left out",
    "heights above ground or sea floor, which are none above the sea, left out",
)


Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
#: what an element means to the hot path, by its local name
KINDS = {"when": 1, "coord": 2, "angles": 3, "value": 4}


def heights(ele: Floats, mode: str, odd: Oddities) -> Floats:
    """Metres above the sea, or NaN. mode: the altitudeMode beside them, "" if none.

    Without one, or clamped to the ground, a 0 is what programs write that know no height; above
    ground is not above the sea. Source: OGC 12-007r2, 9.20.
    """
    known = np.isfinite(ele) & (ele != 0)
    if mode.startswith("relative"):
        if known.any():
            odd.add(ABOVE_GROUND, count=int(known.sum()))
        return np.full(len(ele), np.nan)
    if mode == "absolute":
        return ele
    return np.where(known, ele, np.nan)


# -- coordinates ---------------------------------------------------------------------------------


class CoordinateText:
    """The text of one <coordinates>, fed in pieces. rows: lon, lat, ele of each position."""

    def __init__(self, odd: Oddities) -> None:
        self._odd = odd
        self._rest = ""
        self._rows: list[Floats] = []
        self.count = 0

    @property
    def fresh(self) -> bool:
        """Nothing came in yet."""
        return not (self._rest or self.count)

    def add(self, text: str) -> None:
        """Takes what is whole and keeps the rest for the next piece."""
        text = self._rest + text
        cut = text.rfind("\n") + 1
        if not cut:
            # between two positions, not within one that has blanks behind its commas
            tail = max(0, len(text) - 1_000)
            for match in _BETWEEN.finditer(text, tail):
                cut = match.end()
        self._take(text[:cut])
        self._rest = text[cut:]
        if len(self._rest) > MAX_TOKEN:
            raise BadInput(f"a position of over {MAX_TOKEN // 2**20} MiB")

    def rows(self) -> tuple[Floats, Floats, Floats]:
        """lon, lat, ele; a position that cannot be read is NaN, an unknown height too."""
        self._take(self._rest)
        self._rest = ""
        rows = np.concatenate(self._rows) if self._rows else np.empty((0, 3))
        return rows[:, 0], rows[:, 1], rows[:, 2]

    def _take(self, text: str) -> None:
        rows = positions(text, self._odd)
        if len(rows):
            self._rows.append(rows)
            self.count += len(rows)


#: a blank with no comma on either side
_BETWEEN = re.compile(r"[^\s,](?P<gap>\s)(?=[^\s,])")


def positions(text: str, odd: Oddities) -> Floats:
    """n rows of lon, lat and ele from "lon,lat[,ele] lon,lat[,ele] …"; unknown is NaN."""
    tokens = text.split()
    if not tokens:
        return np.empty((0, 3))
    commas = {token.count(",") for token in tokens}
    width = commas.pop() + 1
    if not commas and width in (2, 3) and text.isascii() and "_" not in text:
        try:
            return _rows(list(map(float, ",".join(tokens).split(","))), width, odd)
        except ValueError:
            pass
    rows = [_row(parts, odd) for line in text.splitlines() for parts in _tuples(line.split())]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def _rows(values: list[float], width: int, odd: Oddities) -> Floats:
    rows = np.full((len(values) // width, 3), np.nan)
    rows[:, :width] = np.array(values).reshape(-1, width)
    if width == 3 and (bad := ~np.isfinite(rows[:, 2])).any():
        odd.add(BAD_HEIGHT, count=int(bad.sum()))
        rows[bad, 2] = np.nan
    return rows


def _tuples(tokens: list[str]) -> list[list[str]]:
    """One line's positions, however its writer put blanks and commas."""
    if all("," in token.strip(",") for token in tokens):
        return [token.strip(",").split(",") for token in tokens]
    if len(tokens) in (2, 3) and not any("," in token for token in tokens):
        return [tokens]
    joined: list[list[str]] = []
    follows = False
    for token in tokens:
        if joined and (follows or token.startswith(",")):
            joined[-1].append(token)
        else:
            joined.append([token])
        follows = token.endswith(",")
    return ["".join(parts).strip(",").split(",") for parts in joined]


def _row(parts: list[str], odd: Oddities) -> tuple[float, float, float]:
    lon = number(parts[0])
    lat = number(parts[1]) if len(parts) > 1 else math.nan
    ele = math.nan
    if len(parts) > 2 and parts[2].strip():
        ele = number(parts[2])
        if not math.isfinite(ele):
            odd.add(BAD_HEIGHT)
            ele = math.nan
    # more than three numbers are two positions run together
    return (lon, lat, ele) if len(parts) <= 3 else (math.nan, math.nan, math.nan)


# -- gx:Track ------------------------------------------------------------------------------------


class TrackText:
    """What stands in a gx:Track or an array of values: text until `flush`, then numbers.

    start, end: for expat. inside(): in the text of a value. kinds: element name as written → one
    of KINDS; the frame adds a name when it first meets it through leave_to_start.
    """

    def __init__(
        self,
        times: Times,
        odd: Oddities,
        parts: list[str],
        pass_over: Callable[[str], None],
        leave_to_start: Start,
        leave_to_end: End,
    ) -> None:
        self._times, self._odd = times, odd
        self.kinds: dict[str, int] = {}
        self._whens: list[str] = []
        self._coords: list[str] = []
        self._values: list[str] = []
        # how many times of the file had come when a position came
        self._after = array("q")
        self._flushed = 0
        self.start, self.end, self.inside = _handlers(
            self.kinds,
            (self._whens, self._coords, self._values),
            self._after,
            parts,
            (pass_over, leave_to_start, leave_to_end),
        )
        self.begin()
        self.begin_values()

    # -- a track

    def begin(self) -> None:
        """What follows is of another track."""
        self.flush()
        del self._after[:]
        self._base = self._flushed
        self._when, self._lon, self._lat, self._ele = (array("d") for _ in range(4))

    @property
    def count(self) -> int:
        """Positions of this track, as far as they are numbers."""
        return len(self._lat)

    def columns(self) -> tuple[Floats, Floats, Floats, Floats]:
        """time, lon, lat, ele of the positions that came; infinite lat: an empty position.

        Times and positions pair in the order they come in; where they are not equally many, by
        which stands beside which. What has no partner is counted.
        """
        self.flush()
        when, lon = np.array(self._when), np.array(self._lon)
        lat, ele = np.array(self._lat), np.array(self._ele)
        if len(when) == len(lat):
            return when, lon, lat, ele
        after = np.array(self._after, dtype=np.int64)[: len(lat)] - self._base
        if len(when) > len(lat):
            self._odd.add(NO_POSITION, count=len(when) - len(lat))
        if len(when):
            self._odd.add(UNEQUAL)
        return _paired(when, after), lon, lat, ele

    # -- an array of values

    def begin_values(self) -> None:
        self._values.clear()
        self._numbers = array("d")

    def numbers(self) -> Floats:
        """The values of the array that ended, NaN for empty ones."""
        self.flush()
        return np.array(self._numbers)

    # -- both

    def flush(self) -> None:
        """Turn the texts that came so far into numbers."""
        if self._whens:
            self._times.column(self._whens, self._when)
            self._flushed += len(self._whens)
            self._whens.clear()
        if self._coords:
            for column, values in zip(
                (self._lon, self._lat, self._ele), self._coordinates().T, strict=True
            ):
                column.frombytes(np.ascontiguousarray(values).tobytes())
            self._coords.clear()
        if self._values:
            self._numbers.extend(_values(self._values, self._odd))
            self._values.clear()

    def _coordinates(self) -> Floats:
        texts = self._coords
        if any("," in text for text in texts):
            texts = [text.replace(",", " ") for text in texts]
        split = [text.split() for text in texts]
        sizes = set(map(len, split))
        joined = "".join(texts)
        if sizes in ({2}, {3}) and joined.isascii() and "_" not in joined:
            try:
                return _rows(list(map(float, chain.from_iterable(split))), sizes.pop(), self._odd)
            except ValueError:
                pass
        return np.array([_row(part, self._odd) if part else EMPTY for part in split])


#: stands for a record without a position, until the frame counts it
EMPTY = (math.inf, math.inf, math.nan)


def _paired(when: Floats, after: Ints) -> Floats:
    """A time for each position, where times and positions are not equally many.

    after: how many times had come when each position came.
    """
    time = np.full(len(after), np.nan)
    if not len(after):
        return time
    first, last = int(after[0]), int(after[-1])
    if first == last:
        # all of one, then all of the other
        count = min(len(when), len(after))
        time[:count] = when[:count]
    elif first:
        # each time stands before its position
        fresh = np.diff(after, prepend=0) > 0
        time[fresh] = when[after[fresh] - 1]
    else:
        fresh = np.diff(after, append=len(when)) > 0
        time[fresh] = when[after[fresh]]
    return time


def _values(texts: list[str], odd: Oddities) -> list[float]:
    try:
        if "_" not in "".join(texts):
            return list(map(float, texts))
    except ValueError:
        pass
    found = []
    for text in texts:
        value = number(text) if text.strip() else math.nan
        if math.isnan(value) and text.strip():
            odd.add(BAD_VALUE)
        found.append(value)
    return found


def _handlers(
    kinds: dict[str, int],
    texts: tuple[list[str], list[str], list[str]],
    after: array[int],
    parts: list[str],
    leave: tuple[Callable[[str], None], Start, End],
) -> tuple[Start, End, Callable[[], bool]]:
    """start and end for expat, and whether the parser stands in the text of a value."""
    pass_over, leave_to_start, leave_to_end = leave
    add_when, add_coord, add_value = (found.append for found in texts)
    add_after, clear, find = after.append, parts.clear, kinds.get
    kind, count = 0, 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal kind
        if kind:
            pass_over(name)  # markup inside a number: its text must not count
            return
        kind = find(name, 0)
        if kind:
            clear()
        else:
            leave_to_start(name, attributes)

    def end(name: str) -> None:
        nonlocal kind, count
        if kind == 1:
            count += 1
            add_when(parts[0] if len(parts) == 1 else "".join(parts))
        elif kind == 2:
            add_after(count)
            add_coord(parts[0] if len(parts) == 1 else "".join(parts))
        elif kind == 4:
            add_value(parts[0] if len(parts) == 1 else "".join(parts))
        elif not kind:
            leave_to_end(name)
        kind = 0

    return start, end, lambda: kind > 0
