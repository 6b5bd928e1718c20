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
from datetime import UTC, datetime
from itertools import islice, repeat

import numpy as np

from convoylog.errors import BadInput
from convoylog.files.readers.building import MAX_OBJECTS, Building
from convoylog.files.readers.instants import InstantReader
from convoylog.files.readers.json_values import instant
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.files.readers.oddities import IMPOSSIBLE
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
_MOST_COLUMNS = 500
_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_FIELD = 64 * 1024

#: name without blanks and signs, in lower case → what it is
_NAMES = {
    "lat": ("lat", "latitude", "gpslat", "gpslatitude", "latitudedeg", "latitudee7", "late7", "latitudens",
            "latituden/s", "y",
            "positionlat", "startlat", "locationlatitude", "breitengrad", "breite"),
    "lon": ("lon", "lng", "long", "longitude", "gpslon", "gpslong", "gpslongitude", "longitudedeg",
            "longitudee7", "lone7", "lnge7", "longitudeew", "longitudee/w", "x", "positionlong", "positionlon",
            "startlon",
            "locationlongitude", "laengengrad", "längengrad", "länge"),
    "time": ("time", "timestamp", "datetime", "date/time", "utctime", "timeutc", "gpstime", "gpsdatetime",
             "isotime", "isotst", "tst", "unixtime", "epoch", "epochms", "timestampms", "fixtime",
             "recordedat", "createdat", "devicetime", "localtime", "zeit", "utcdatetime", "locationtimestamp"),
    "date": ("date", "utcdate", "dateutc", "gpsdate", "datum"),
    "ele": ("ele", "elevation", "alt", "altitude", "height", "gpsaltitude", "hmsl", "altitudem",
            "elevationm", "altm", "elem", "heightm", "höhe", "hoehe"),
    "speed": ("speed", "velocity", "vel", "gpsspeed", "spd", "sog", "groundspeed", "geschwindigkeit"),
    "course": ("course", "heading", "bearing", "cog", "direction", "track angle", "azimuth", "gpsbearing"),
    "accuracy": ("accuracy", "acc", "horizontalaccuracy", "hacc", "gpsaccuracy"),
    "hdop": ("hdop",), "vdop": ("vdop",), "pdop": ("pdop",),
    "satellites": ("sat", "sats", "satellites", "nsat", "numsats", "satellitesused", "gpssatellites"),
    "heart_rate": ("hr", "heartrate", "bpm", "pulse"),
    "cadence": ("cad", "cadence"), "power": ("power", "watts"),
    "temperature": ("temp", "temperature", "atemp"),
    "segment": ("segment", "seg", "trksegid", "tracksegid", "segmentid"),
    "track": ("car", "device", "deviceid", "trackid", "trackfid", "tripid", "topic", "tid", "vehicle", "userid",
              "trackname"),
    "ns": ("n/s", "ns", "latref", "latitudehemisphere"),
    "ew": ("e/w", "ew", "lonref", "longitudehemisphere"),
    "name": ("name", "label"), "type": ("type", "tag"),
}  # fmt: skip
_MEANING = {name: key for key, names in _NAMES.items() for name in names}

#: unit in a name → factor to metres per second, to metres
_SPEED_UNITS = {"kmh": 1 / 3.6, "km/h": 1 / 3.6, "kph": 1 / 3.6, "m/s": 1.0, "mps": 1.0, "ms": 1.0,
                "mph": 0.44704, "kn": 1852 / 3600, "kt": 1852 / 3600, "kts": 1852 / 3600,
                "knots": 1852 / 3600, "meters/second": 1.0, "metres/second": 1.0}  # fmt: skip
_LENGTH_UNITS = {"m": 1.0, "meters": 1.0, "metres": 1.0, "meter": 1.0, "ft": 0.3048, "feet": 0.3048,
                 "km": 1000.0}  # fmt: skip
_UNIT = re.compile(r"[(\[_ ]\s*([a-zA-Z/°]{1,14})\s*[)\]]?\s*$")

_DMS = re.compile(
    r"([NSEW])?\s*(-?\d{1,3})\s*[°d:\s]\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:['′m:\s]\s*(?:(\d{1,2}(?:[.,]\d+)?)"
    r"\s*[\"″s]?\s*)?)?([NSEW])?",
    re.ASCII | re.IGNORECASE,
)
_SIDED = re.compile(
    r"\s*([NSEW])?\s*(-?\d{1,3}(?:[.,]\d+)?)\s*°?\s*([NSEW])?\s*", re.ASCII | re.IGNORECASE
)
_NUMBER = re.compile(r"[+-]?\d{1,20}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_SLASHED = re.compile(
    r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})(?:[ T,]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:[.,]\d{1,9})?))?"
    r"\s*([AaPp][Mm])?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_PACKED_DATE = re.compile(r"(\d\d)(\d\d)(\d\d)", re.ASCII)
_PACKED_TIME = re.compile(r"(\d\d):?(\d\d):?(\d\d)(?:\.\d*)?", re.ASCII)


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
    start, delimiter, names = _names(head, delimiter, said)
    layout = _Layout(names, said)
    reading = _Reading(limits, layout, delimiter)
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


def _plain(name: str) -> str:
    """A column's name without unit, blanks and signs, in lower case."""
    stripped = re.sub(r"[(\[].*?[)\]]", "", name).strip().strip('"').lower()
    return re.sub(r"[\s_.\-]+", "", stripped) or re.sub(r"[\s_.\-()\[\]]+", "", name.lower())


def _meaning(name: str) -> str:
    plain = _plain(name)
    found = _MEANING.get(plain, "")
    if not found and "_" in name:
        # altitude_ft, speed_kmh
        base, _, unit = name.strip().lower().rpartition("_")
        if unit in _SPEED_UNITS or unit in _LENGTH_UNITS:
            found = _MEANING.get(_plain(base), "")
    return found


def _names(
    lines: Sequence[str], delimiter: str, said: Mapping[str, str]
) -> tuple[int, str, list[str]]:
    """(index of the line of names, delimiter, names). Raises BadInput."""
    wanted = {said.get("lat", ""), said.get("lon", "")} - {""}
    for at, line in enumerate(lines):
        for letter in (delimiter,) if delimiter else _DELIMITERS:
            if letter not in line:
                continue
            try:
                names = [
                    n.strip()
                    for n in next(csv.reader([line.lstrip("#").strip()], delimiter=letter))
                ]
            except (csv.Error, StopIteration):
                continue
            meanings = {_meaning(name) for name in names[:_MOST_COLUMNS]}
            if (wanted and wanted <= set(names)) or {"lat", "lon"} <= meanings:
                return at, letter, names[:_MOST_COLUMNS]
    if wanted:
        told = " and ".join(sorted(repr(name) for name in wanted))
        raise BadInput(f"a table without the columns {told}")
    raise BadInput(
        "a table whose columns of latitude and longitude are not known: say which with --columns"
    )


class _Layout:
    """Which column is what, and by which factor it comes to our units."""

    def __init__(self, names: Sequence[str], said: Mapping[str, str]) -> None:
        self.names = names
        self.at: dict[str, int] = {}
        self.factor: dict[str, float] = {}
        self.unknown: list[str] = []
        for key, name in said.items():
            if key not in {*_NAMES, *MORE}:
                raise BadInput(f"--columns knows no {key[:40]!r}; it knows {', '.join(_KNOWN)}")
            if name not in names:
                raise BadInput(f"a table without a column {name[:60]!r}")
            self.at[key] = names.index(name)
        for n, name in enumerate(names):
            key = _meaning(name)
            if key and key not in self.at and n not in self.at.values():
                self.at[key] = n
        plain = {_plain(name) for name in names}
        self.maker = _maker(plain)
        self._units(said)
        lat = _plain(names[self.at["lat"]]) if "lat" in self.at else ""
        self.e7 = lat.endswith("e7")
        self.utc = any("utc" in name.lower() or "gmt" in name.lower() for name in names)

    def _units(self, said: Mapping[str, str]) -> None:
        for key, units in (
            ("speed", _SPEED_UNITS),
            ("ele", _LENGTH_UNITS),
            ("accuracy", _LENGTH_UNITS),
        ):
            if key not in self.at:
                continue
            name = self.names[self.at[key]]
            match = _UNIT.search(name)
            unit = match[1].lower() if match else ""
            if unit in units:
                self.factor[key] = units[unit]
            elif key == "speed" and key not in said:
                factor = _SPEED_OF.get(self.maker)
                if factor is None:
                    self.unknown.append(name)
                    del self.at[key]
                else:
                    self.factor[key] = factor


_KNOWN = (*(key for key in _NAMES if key not in ("ns", "ew", "name", "type")), "delimiter")

#: exporter → factor of its speed to m/s
_SPEED_OF = {"Traccar": 1852 / 3600, "OwnTracks": 1 / 3.6, "GPSLogger": 1.0, "Columbus": 1 / 3.6,
             "PhoneTrack": 1.0}  # fmt: skip


def _maker(plain: set[str]) -> str:
    """The program that writes such columns, "" if no one we know."""
    if {"isotst", "tst", "vel"} <= plain or {"tst", "tid"} <= plain:
        return "OwnTracks"
    if {"deviceid", "fixtime", "servertime"} & plain and "protocol" in plain:
        return "Traccar"
    if {"valid", "attributes", "address"} <= plain:
        return "Traccar"
    if {"annotation", "bearing", "geoidheight"} & plain and {"sat", "provider", "hdop"} & plain:
        return "GPSLogger"
    if {"index", "tag", "latitudens"} <= plain or {"latituden/s", "longitudee/w"} <= plain:
        return "Columbus"
    if {"useragent", "batterylevel"} & plain and "satellites" in plain:
        return "PhoneTrack"
    return ""


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

    def __init__(self, limits: Limits, layout: _Layout, delimiter: str) -> None:
        self.building = Building(limits)
        self._layout = layout
        self._comma = delimiter != ","
        self._stamps = InstantReader()
        self._day_first: bool | None = None
        self._most = limits.points
        self._count = 0
        self._tracks: dict[str, _Rows] = {}
        #: column in MORE, the factor to our unit, the least that means something
        self._more = [
            (key, layout.factor.get(key, 1.0), -273.15 if key == "temperature" else 0.0)
            for key in MORE
            if key in layout.at
        ]
        if layout.unknown:
            self.building.odd.add(UNKNOWN_UNIT, count=len(layout.unknown))

    def _text(self, row: Sequence[str], key: str) -> str:
        at = self._layout.at.get(key, -1)
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
        ele = self._real(ele_text) * self._layout.factor.get("ele", 1.0)
        if ele_text and math.isnan(ele) and ele_text.lower() not in ("nan", "null", "none", "-"):
            ele = self.building.bad_height(line)
        stamp = self._text(row, "time")
        if "date" in self._layout.at:
            stamp = _together(self._text(row, "date"), stamp)
        name, segment = self._text(row, "track"), self._text(row, "segment")
        track = self._tracks.get(name)
        if track is None:
            track = self._tracks[name] = _Rows(segment)
            if len(self._tracks) > MAX_OBJECTS:
                raise BadInput(f"more than {MAX_OBJECTS:,} tracks")
        if segment != track.segment:
            track.segment = segment
            track.starts.append(len(track.line))
        at = self._instant(stamp)
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
            value = value / 1e7 if self._layout.e7 else value
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
        if side_key in self._layout.at and self._text(row, side_key).upper() in ("S", "W"):
            value = -abs(value)
        return value

    def _instant(self, text: str) -> float:
        """UTC seconds, NaN where the text must wait for another row, or is none."""
        if not text:
            return math.nan
        at = instant(text, self._stamps)
        if not math.isnan(at) and not re.fullmatch(r"\d{1,8}", text):
            return at
        if re.fullmatch(r"\d{9,17}(\.\d+)?", text):
            return at
        return self._slashed(text)

    def _slashed(self, text: str) -> float:
        match = _SLASHED.fullmatch(text.strip())
        if match is None:
            return math.nan
        first, second, third = match[1], int(match[2]), match[3]
        if len(first) == 4:
            return self._made(int(first), second, int(third), match)
        if len(third) not in (2, 4):
            return math.nan
        year = int(third) + (2000 if len(third) == 2 else 0)
        if int(first) > 12:
            self._day_first = True
        elif second > 12:
            self._day_first = False
        elif "." in text[:6]:
            self._day_first = True  # only days stand before a full stop
        if self._day_first is None:
            return math.nan
        day, month = (int(first), second) if self._day_first else (second, int(first))
        return self._made(year, month, day, match)

    def _made(self, year: int, month: int, day: int, match: re.Match[str]) -> float:
        hour, minute = int(match[4] or 0), int(match[5] or 0)
        second = float((match[6] or "0").replace(",", "."))
        half = (match[7] or "").lower()
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        if match[4] is None or hour > 23 or minute > 59 or second >= 61:
            return math.nan  # a day is no instant
        try:
            midnight = datetime(year, month, day, tzinfo=UTC).timestamp()
        except ValueError:
            return math.nan
        zone = match[8] or ""
        east = 0
        if zone[:1] in ("+", "-"):
            digits = zone[1:].replace(":", "")
            east = (int(digits[:2]) * 60 + int(digits[2:])) * (-60 if zone[0] == "-" else 60)
            self._stamps.offsets += 1
        elif not zone and not self._layout.utc:
            self._stamps.zoneless += 1
        return midnight + hour * 3600 + minute * 60 + second - east

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
        zoneless = 0 if self._layout.utc else self._stamps.zoneless
        return self.building.recording(
            "CSV",
            self._layout.maker,
            time_from="offset" if self._stamps.offsets else "utc",
            zoneless=zoneless,
        )

    def _late(self, stamp: str, line: int) -> float:
        """A stamp that could not be read when its row came; another row may have told since."""
        at = self._slashed(stamp)
        if math.isnan(at):
            match = _SLASHED.fullmatch(stamp.strip())
            waits = match is not None and len(match[1]) < 3 and self._day_first is None
            self.building.odd.add(AMBIGUOUS, line) if waits else self.building.bad_time(line)
        return at


def _together(date: str, time: str) -> str:
    """One stamp of a date and a time in columns of their own; loggers pack them as yymmdd, hhmmss."""
    if match := _PACKED_DATE.fullmatch(date):
        date = f"20{match[1]}-{match[2]}-{match[3]}"
    if match := _PACKED_TIME.fullmatch(time):
        time = (
            f"{match[1]}:{match[2]}:{time[time.rfind(match[3]) :]}"
            if ":" in time
            else (f"{match[1]}:{match[2]}:{time[4:]}")
        )
    return f"{date} {time}".strip() if date else time
