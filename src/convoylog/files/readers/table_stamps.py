"""Reading the times of tables, in whatever form and order of day and month they are written."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

from convoylog.files.readers.instants import InstantReader
from convoylog.files.readers.json_values import instant

_SLASHED = re.compile(
    r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})(?:[ T,]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:[.,]\d{1,9})?))?"
    r"\s*([AaPp][Mm])?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_PACKED_DATE = re.compile(r"(\d\d)(\d\d)(\d\d)", re.ASCII)
_PACKED_TIME = re.compile(r"(\d\d):?(\d\d):?(\d\d)(?:\.\d*)?", re.ASCII)


class StampReader:
    """Reads the stamps of one table. utc: its names say that they are of UTC."""

    def __init__(self, *, utc: bool) -> None:
        self._utc = utc
        self._instants = InstantReader()
        self._day_first: bool | None = None

    @property
    def zoneless(self) -> int:
        """How many times said no zone, where no name says it either."""
        return 0 if self._utc else self._instants.zoneless

    @property
    def offsets(self) -> int:
        """How many times said their offset from UTC."""
        return self._instants.offsets

    def read(self, text: str) -> float:
        """UTC seconds, NaN where the text must wait for another row, or is none."""
        if not text:
            return math.nan
        at = instant(text, self._instants)
        if not math.isnan(at) and not re.fullmatch(r"\d{1,8}", text):
            return at
        if re.fullmatch(r"\d{9,17}(\.\d+)?", text):
            return at
        return self.read_again(text)

    def read_again(self, text: str) -> float:
        """As `read`, of a text that had to wait: another row may have told day from month since."""
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

    def waits(self, text: str) -> bool:
        """Whether its day and month cannot be told apart so far."""
        match = _SLASHED.fullmatch(text.strip())
        return match is not None and len(match[1]) < 3 and self._day_first is None

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
            self._instants.offsets += 1
        elif not zone and not self._utc:
            self._instants.zoneless += 1
        return midnight + hour * 3600 + minute * 60 + second - east


def together(date: str, time: str) -> str:
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
