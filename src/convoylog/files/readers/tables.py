"""Reading tables of positions: CSV with named columns, whoever wrote it.

The line of names is found by its latitude and longitude; delimiter, decimal sign, units and the
form of times follow from names and values. What cannot be decided is left out and told. A person
can say which column is which (`add --columns`).
Sources: exports of GPSLogger, OwnTracks, Traccar, PhoneTrack, GPSBabel (unicsv), Columbus and Holux
loggers, Torque, Android dash cameras.
"""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
from array import array
from collections.abc import Mapping, Sequence
from itertools import islice, repeat

import numpy as np

from convoylog.errors import BadInput
from convoylog.files.readers.building import MAX_OBJECTS, Building
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.files.readers.oddities import IMPOSSIBLE
from convoylog.files.readers.table_columns import TableColumns, line_of_names
from convoylog.files.readers.table_stamps import StampReader, together
from convoylog.model.tracks import MORE, Recording

ROWS = ("row that cannot be read, left out", "rows that cannot be read, left out")
UNKNOWN_UNIT = (
    "column whose unit nobody says, left out",
    "columns whose units nobody says, left out",
)
AMBIGUOUS = (
    "date whose day and month cannot be told apart, kept as a point without time",
    "dates whose days and months cannot be told apart, kept as points without time",
)

#: lines before the line of names: titles and remarks of reports
_MOST_BEFORE = 40
_LONGEST_FIELD = 64 * 1024

_DMS = re.compile(
    r"([NSEW])?\s*(-?\d{1,3})\s*[°d:\s]\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:['′m:\s]\s*(?:(\d{1,2}(?:[.,]\d+)?)"
    r"\s*[\"″s]?\s*)?)?([NSEW])?",
    re.ASCII | re.IGNORECASE,
)
_SIDED = re.compile(
    r"\s*([NSEW])?\s*(-?\d{1,3}(?:[.,]\d+)?)\s*°?\s*([NSEW])?\s*", re.ASCII | re.IGNORECASE
)
_NUMBER = re.compile(r"[+-]?\d{1,20}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?", re.ASCII)


def read(
    content: bytes, limits: Limits = LIMITS, columns: Mapping[str, str] | None = None
) -> Recording:
    """The rows of a table, in order. Raises BadInput.

    columns: what a person says: `time`, `date`, `lat`, `lon`, `ele`, a name in MORE, `segment` or
    `track` → the name in the table; `delimiter` → a letter, or "tab".
    """
    if len(content) > limits.track_bytes:
        raise BadInput(f"larger than {limits.track_bytes // 2**20} MiB")
    said = dict(columns or {})
    delimiter = said.pop("delimiter", "").replace("tab", "\t")
    lines = _lines(content)
    head = list(islice(lines, _MOST_BEFORE))
    if not head:
        raise BadInput("the file is empty")
    start, delimiter, names = line_of_names(head, delimiter, said)
    reading = _Reading(limits, TableColumns(names, said), delimiter)
    csv.field_size_limit(_LONGEST_FIELD)
    lines.seek(0)
    rows = csv.reader(islice(lines, start + 1, None), delimiter=delimiter)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error:
            reading.building.odd.add(ROWS, start + 1 + rows.line_num)
            continue
        if any(row):
            reading.row(row, start + 1 + rows.line_num)
    return reading.recording()


def _lines(content: bytes) -> io.TextIOWrapper:
    """The text, line by line: a million lines at once are as many objects."""
    encoding = "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            encoding = "latin-1"
    return io.TextIOWrapper(io.BytesIO(content), encoding, errors="replace")


class _Rows:
    """The rows of one track as columns. starts: of segments. waiting: stamps of rows to be read late."""

    __slots__ = ("columns", "line", "more", "segment", "starts", "waiting")

    def __init__(self, segment: str) -> None:
        #: time, lat, lon, ele
        self.columns = [array("d") for _ in range(4)]
        self.line = array("q")
        self.more: dict[str, array[float]] = {}
        self.segment = segment
        self.starts: list[int] = []
        self.waiting: list[tuple[int, str]] = []

    def add(self, values: tuple[float, float, float, float], line: int) -> None:
        for column, value in zip(self.columns, values, strict=True):
            column.append(value)
        self.line.append(line)

    def add_more(self, key: str, value: float) -> None:
        """A further value of the row added last."""
        column = self.more.setdefault(key, array("d"))
        column.extend(repeat(math.nan, len(self.line) - 1 - len(column)))
        column.append(value)


class _Reading:
    """Rows on their way to points."""

    def __init__(self, limits: Limits, columns: TableColumns, delimiter: str) -> None:
        self.building = Building(limits)
        self._columns = columns
        self._comma = delimiter != ","
        self._stamps = StampReader(utc=columns.utc)
        self._most = limits.points
        self._count = 0
        self._tracks: dict[str, _Rows] = {}
        #: column in MORE, the factor to our unit, the least that means something
        self._more = [
            (key, columns.factor.get(key, 1.0), -273.15 if key == "temperature" else 0.0)
            for key in MORE
            if key in columns.at
        ]
        if columns.unknown:
            self.building.odd.add(UNKNOWN_UNIT, count=len(columns.unknown))

    def _text(self, row: Sequence[str], key: str) -> str:
        at = self._columns.at.get(key, -1)
        return row[at].strip() if 0 <= at < len(row) else ""

    def row(self, row: Sequence[str], line: int) -> None:
        lat = self._degrees(row, "lat", "ns")
        lon = self._degrees(row, "lon", "ew")
        if math.isnan(lat) or math.isnan(lon):
            self.building.odd.add(ROWS, line)
            return
        if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0):
            self.building.odd.add(IMPOSSIBLE, line)
            return
        ele_text = self._text(row, "ele")
        ele = self._real(ele_text) * self._columns.factor.get("ele", 1.0)
        if ele_text and math.isnan(ele) and ele_text.lower() not in ("nan", "null", "none", "-"):
            ele = self.building.bad_height(line)
        stamp = self._text(row, "time")
        if "date" in self._columns.at:
            stamp = together(self._text(row, "date"), stamp)
        name, segment = self._text(row, "track"), self._text(row, "segment")
        track = self._tracks.get(name)
        if track is None:
            track = self._tracks[name] = _Rows(segment)
            if len(self._tracks) > MAX_OBJECTS:
                raise BadInput(f"more than {MAX_OBJECTS:,} tracks")
        if segment != track.segment:
            track.segment = segment
            track.starts.append(len(track.line))
        at = self._stamps.read(stamp)
        if math.isnan(at) and stamp:
            # its day and month may wait for a row that tells them apart
            track.waiting.append((len(track.line), stamp))
        track.add((at, lat, lon, ele), line)
        for key, factor, least in self._more:
            value = self._real(self._text(row, key)) * factor
            if value >= least:
                track.add_more(key, value)
        self._count += 1
        if self._count > self._most:
            raise BadInput(f"more than {self._most:,} points")

    def _real(self, text: str) -> float:
        if self._comma and text.count(",") == 1 and "." not in text:
            text = text.replace(",", ".")
        value = float(text) if _NUMBER.fullmatch(text) else math.nan
        return value if math.isfinite(value) else math.nan

    def _degrees(self, row: Sequence[str], key: str, side_key: str) -> float:
        text = self._text(row, key)
        value = self._real(text)
        if not math.isnan(value):
            value = value / 1e7 if self._columns.e7 else value
        elif match := _SIDED.fullmatch(text):
            value = float(match[2].replace(",", "."))
            if (match[1] or match[3] or "").upper() in ("S", "W"):
                value = -value
        elif match := _DMS.fullmatch(text.strip()):
            first, degrees, minutes, seconds, last = match.groups()
            value = abs(int(degrees)) + float(minutes.replace(",", ".")) / 60
            value += float((seconds or "0").replace(",", ".")) / 3600
            if degrees.startswith("-") or (first or last or "").upper() in ("S", "W"):
                value = -value
        if side_key in self._columns.at and self._text(row, side_key).upper() in ("S", "W"):
            value = -abs(value)
        return value

    def recording(self) -> Recording:
        for name, track in self._tracks.items():
            for at, stamp in track.waiting:
                track.columns[0][at] = self._late(stamp, track.line[at])
            time, lat, lon, ele = map(np.array, track.columns)
            for column in track.more.values():
                column.extend(repeat(math.nan, len(track.line) - len(column)))
            more = {key: np.array(column) for key, column in track.more.items()}
            self.building.track(name if len(self._tracks) > 1 else "")
            self.building.columns(time, lat, lon, ele, more, starts=track.starts)
        if self.building.empty:
            raise BadInput(
                "; ".join(("a table without a row that can be read", *self.building.odd.told()))
            )
        return self.building.recording(
            "CSV",
            self._columns.maker,
            time_from="offset" if self._stamps.offsets else "utc",
            zoneless=self._stamps.zoneless,
        )

    def _late(self, stamp: str, line: int) -> float:
        """A stamp that could not be read when its row came; another row may have told since."""
        at = self._stamps.read_again(stamp)
        if math.isnan(at):
            if self._stamps.waits(stamp):
                self.building.odd.add(AMBIGUOUS, line)
            else:
                self.building.bad_time(line)
        return at
