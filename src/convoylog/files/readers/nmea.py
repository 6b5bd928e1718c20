"""Reading NMEA 0183, as receivers, dash cameras and loggers write it into files.

Sentences of one time of day are one fix. Dates come from RMC and ZDA; fixes before the first date are
of the same night or day, fixes after midnight of the next. Without any date a time of day is no
instant, and the points are kept as geometry.
Source: NMEA 0183; gpsd's "NMEA Revealed".
"""

from __future__ import annotations

import math
from array import array
from datetime import UTC, datetime

import numpy as np

from convoylog.errors import BadInput
from convoylog.files.readers.building import Building
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.tracks import Recording

BAD_SUM = ("sentence with a wrong check sum, not used", "sentences with wrong check sums, not used")
BROKEN = ("sentence that is broken, not used", "sentences that are broken, not used")
VOID = (
    "fix that the receiver calls invalid, not used",
    "fixes that the receiver calls invalid, not used",
)
DATELESS = (
    "time of day without any date: kept as a point without time",
    "times of day without any date: kept as points without time",
)

WEEKS = (
    "date that jumps by 1,024 weeks: a receiver that lost count of them",
    "dates that jump by 1,024 weeks: a receiver that lost count of them",
)

_KNOTS = 1852 / 3600
_DAY = 86400.0
_HALF_DAY = 43200.0
#: after so many a receiver may begin to count anew. Source: IS-GPS-200, 20.3.3.3.1.1
_COUNTED = 1024 * 7 * _DAY
#: the longest sentence of the standard has 82 letters; some receivers write more
_LONGEST = 400
#: from this two-digit year on, the 1900s: satellite navigation began in 1980
_CENTURY = 80

#: type of sentence → places of: time, latitude, hemisphere, longitude, hemisphere
_POSITIONS = {
    b"RMC": (1, 3, 4, 5, 6),
    b"GGA": (1, 2, 3, 4, 5),
    b"GNS": (1, 2, 3, 4, 5),
    b"GLL": (5, 1, 2, 3, 4),
}
_OTHERS = frozenset({b"ZDA", b"GSA"})
_COLUMNS = ("speed", "course", "hdop", "vdop", "pdop", "satellites")


def read(content: bytes, limits: Limits = LIMITS) -> Recording:
    """All fixes of a log, in file order, as one track. Raises BadInput."""
    if len(content) > limits.track_bytes:
        raise BadInput(f"larger than {limits.track_bytes // 2**20} MiB")
    reading = _Reading(limits)
    for number, line in enumerate(content.splitlines(), 1):
        at = line.rfind(b"$")
        if at >= 0:
            reading.sentence(line[at + 1 :], number)
    return reading.recording()


class _Fix:
    """What the sentences of one time of day say together."""

    __slots__ = ("date", "ele", "kind", "lat", "line", "lon", "more", "time", "void")

    def __init__(self, time: bytes, kind: bytes, line: int) -> None:
        self.time, self.kind, self.line = time, kind, line
        self.lat = self.lon = self.ele = math.nan
        self.date = b""
        self.more: dict[str, float] = {}
        self.void = False


class _Reading:
    """A log on its way to columns."""

    def __init__(self, limits: Limits) -> None:
        self._building = Building(limits)
        self._limits = limits
        self._fix: _Fix | None = None
        self._points = [array("d") for _ in range(4)]
        self._more = {name: array("d") for name in _COLUMNS}
        #: GLL repeats what the others say, some a second late: used only where there is nothing else
        self._main = False
        self._seen = False  # a sentence that could say a position
        self._late: list[_Fix] = []
        self._midnight = math.nan  # of the day that fixes are of
        self._before = math.nan  # time of day of the last fix
        self._waiting: list[tuple[int, int]] = []  # (point, days since the first) before any date
        self._days = 0
        self._zda = b""

    def sentence(self, text: bytes, line: int) -> None:
        if len(text) > _LONGEST:
            self._building.odd.add(BROKEN, line)
            return
        kind = text[2:5]
        if kind not in _POSITIONS and kind not in _OTHERS:
            return
        body, star, said = text.partition(b"*")
        if star:
            try:
                right = int(said[:2], 16) == _check_sum(body)
            except ValueError:
                right = False
            if not right:
                self._building.odd.add(BAD_SUM, line)
                return
        fields = body.split(b",")
        if kind == b"ZDA":
            self._zda_date(fields)
        elif kind == b"GSA":
            self._dilutions(fields)
        else:
            self._position(kind, fields, line)

    def _position(self, kind: bytes, fields: list[bytes], line: int) -> None:
        places = _POSITIONS[kind]
        if len(fields) <= max(places):
            self._building.odd.add(BROKEN, line)
            return
        time = fields[places[0]]
        fix = self._fix
        # 222508 and 222508.00 are one time; receivers mix them
        if fix is None or not _same(fix.time, time) or (kind == b"GLL") != (fix.kind == b"GLL"):
            if kind == b"GLL" and fix is not None and _same(fix.time, time):
                return
            self._end()
            fix = self._fix = _Fix(time, kind, line)
        if _void(kind, fields):
            fix.void = True
            return
        lat = _degrees(fields[places[1]], fields[places[2]], b"N", b"S")
        lon = _degrees(fields[places[3]], fields[places[4]], b"E", b"W")
        if not (math.isnan(lat) or math.isnan(lon)):
            fix.lat, fix.lon = lat, lon
        if kind == b"RMC":
            fix.date = fields[9] if len(fields) > 9 else b""
            self._keep(fix, "speed", fields, 7, _KNOTS)
            self._keep(fix, "course", fields, 8)
        elif kind == b"GGA" or kind == b"GNS":
            self._keep(fix, "satellites", fields, 7)
            self._keep(fix, "hdop", fields, 8)
            fix.ele = _number(fields[9]) if len(fields) > 9 else math.nan

    @staticmethod
    def _keep(fix: _Fix, name: str, fields: list[bytes], at: int, factor: float = 1.0) -> None:
        value = _number(fields[at]) * factor if at < len(fields) else math.nan
        if value >= 0:
            fix.more[name] = value

    def _dilutions(self, fields: list[bytes]) -> None:
        if self._fix is not None and len(fields) > 17:
            for name, at in (("pdop", 15), ("hdop", 16), ("vdop", 17)):
                value = _number(fields[at])
                # 99.99 is what receivers write for "none"
                if 0 < value < 99:
                    self._fix.more.setdefault(name, value)

    def _zda_date(self, fields: list[bytes]) -> None:
        if len(fields) > 4 and len(fields[4]) == 4:
            self._zda = fields[2] + fields[3] + fields[4][2:]
            if self._fix is not None and not self._fix.date and _same(self._fix.time, fields[1]):
                self._fix.date = self._zda

    def _end(self) -> None:
        """The fix is complete: no further sentence has its time."""
        fix, self._fix = self._fix, None
        if fix is None:
            return
        self._seen = True
        if fix.kind == b"GLL":
            self._late.append(fix)
        else:
            self._main = True
            self._late.clear()
            self._take(fix)

    def _take(self, fix: _Fix) -> None:
        if fix.void:
            self._building.odd.add(VOID, fix.line)
            return
        if math.isnan(fix.lat):
            self._building.odd.add(BROKEN, fix.line)
            return
        point = len(self._points[0])
        if point >= self._limits.points:
            raise BadInput(f"more than {self._limits.points:,} points")
        for column, value in zip(
            self._points, (self._time(fix, point), fix.lat, fix.lon, fix.ele), strict=True
        ):
            column.append(value)
        for name, values in self._more.items():
            values.append(fix.more.get(name, math.nan))

    def _time(self, fix: _Fix, point: int) -> float:
        of_day = _of_day(fix.time)
        if math.isnan(of_day):
            return self._building.bad_time(fix.line) if fix.time else math.nan
        # midnight passed; a step back by less is a receiver finding its time
        passed = of_day < self._before - _HALF_DAY
        self._before = of_day
        midnight = _midnight(fix.date)
        if not math.isnan(midnight):
            # NaN is not near anything
            if abs(abs(midnight - self._midnight) - _COUNTED) <= _DAY:
                self._building.odd.add(WEEKS, fix.line)
            self._midnight = midnight
            for before, days in self._waiting:
                self._points[0][before] += midnight - (self._days + passed - days) * _DAY
            self._waiting.clear()
            self._days = 0
        elif math.isnan(self._midnight):
            self._days += passed
            self._waiting.append((point, self._days))
            return of_day
        elif passed:
            self._midnight += _DAY
        return self._midnight + of_day

    def recording(self) -> Recording:
        self._end()
        if not self._main:
            for fix in self._late:
                self._take(fix)
        time, lat, lon, ele = (np.array(column) for column in self._points)
        if not len(lat) and not self._seen:
            raise BadInput("no sentence of NMEA that says a position")
        if self._waiting:
            self._building.odd.add(DATELESS, count=len(self._waiting))
            time[[point for point, _ in self._waiting]] = np.nan
        more = {name: np.array(values) for name, values in self._more.items()}
        self._building.columns(time, lat, lon, ele, more)
        return self._building.recording("NMEA 0183")


def _check_sum(body: bytes) -> int:
    """XOR of all bytes: a number as long as the text, folded in half until one byte is left."""
    folded = int.from_bytes(body)
    width = 2048  # bits of the longest half; bodies are shorter
    while width >= 8:
        folded ^= folded >> width
        width //= 2
    return folded & 0xFF


def _same(one: bytes, other: bytes) -> bool:
    return one == other or (
        one[:6] == other[:6] and len(one) >= 6 and one[6:].strip(b".0") == other[6:].strip(b".0")
    )


def _void(kind: bytes, fields: list[bytes]) -> bool:
    if kind == b"RMC":
        return fields[2] == b"V" or (len(fields) > 12 and fields[12] == b"N")
    if kind == b"GLL":
        return len(fields) > 6 and fields[6] == b"V"
    quality = fields[6] if len(fields) > 6 else b""
    if kind == b"GGA":
        return quality in (b"0", b"")
    return set(quality) <= set(b"N")  # a letter for each system of satellites


def _number(text: bytes) -> float:
    """As float() reads it, but digits, sign and point only; NaN for all else."""
    if len(text) > 40 or not text.lstrip(b"-+").replace(b".", b"", 1).isdigit():
        return math.nan
    return float(text)


def _degrees(text: bytes, side: bytes, plus: bytes, minus: bytes) -> float:
    """Degrees of "dddmm.mmmm" and its hemisphere; NaN for all else."""
    value = _number(text)
    if not value >= 0 or side not in (plus, minus):
        return math.nan
    degrees, minutes = divmod(value, 100.0)
    if minutes >= 60:
        return math.nan
    total = degrees + minutes / 60
    return -total if side == minus else total


def _of_day(text: bytes) -> float:
    """Seconds of the day of "hhmmss.sss"; NaN for all else."""
    if len(text) < 6 or not text[:6].isdigit():
        return math.nan
    seconds = _number(text[4:])
    hours, minutes = int(text[:2]), int(text[2:4])
    # 60 is a leap second
    if hours > 23 or minutes > 59 or not seconds < 61:
        return math.nan
    return hours * 3600 + minutes * 60 + seconds


def _midnight(date: bytes) -> float:
    """UTC seconds of the midnight that begins "ddmmyy"; NaN for all else."""
    if len(date) != 6 or not date.isdigit():
        return math.nan
    year = int(date[4:])
    try:
        day = datetime(
            year + (1900 if year >= _CENTURY else 2000), int(date[2:4]), int(date[:2]), tzinfo=UTC
        )
    except ValueError:
        return math.nan
    return day.timestamp()
