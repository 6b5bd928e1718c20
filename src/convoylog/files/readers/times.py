"""Times of documents that may name a day as well as an instant: KML and GeoJSON."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterable

from convoylog.files.readers.instants import SECONDS, InstantReader
from convoylog.files.readers.oddities import BAD_TIME, Oddities
from convoylog.model.tracks import TimeFrom

DAY_ONLY = (
    "time that names only a day, month or year, which is no instant",
    "times that name only a day, month or year, which is no instant",
)

#: KML's date, gYearMonth and gYear. Source: OGC 12-007r2, 15.2 (kml:dateTimeType)
_DAY = re.compile(r"\d{4}(?:-\d\d?(?:-\d\d?)?)?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_OFFSET = re.compile(r"[+-]\d\d(?::?\d\d)?$", re.ASCII)


class Times:
    """Reads the times of one file; counts those that are none, and those that carry an offset."""

    def __init__(self, odd: Oddities) -> None:
        self.instants = InstantReader()
        self.offset = 0
        self._odd = odd

    def read(self, text: str, line: int = 0) -> float:
        """UTC seconds; NaN where nothing stands, and NaN counted where no instant does."""
        text = text.strip()
        if not text:
            return math.nan
        instant = self.instants.read(text)
        if not math.isnan(instant):
            self.offset += _OFFSET.search(text[10:]) is not None
        else:
            self._odd.add(DAY_ONLY if _DAY.fullmatch(text) else BAD_TIME, line)
        return instant

    def column(self, texts: Iterable[str], into: array[float]) -> None:
        minutes, append = self.instants.minutes, into.append
        for text in texts:
            try:
                append(minutes[text[:17]] + SECONDS[text[17:]])
            except KeyError:
                append(self._fraction(text))

    def _fraction(self, text: str) -> float:
        """Seconds with a fraction in a minute met before: how phones write every stamp."""
        minute = self.instants.minutes.get(text[:17])
        if minute is not None and text[-1] == "Z" and text[19:20] == "." and text.isascii():
            seconds = text[17:19] + text[20:-1]
            # 60 and more is left to the careful way
            if len(text) < 32 and seconds.isdigit() and seconds < "6":
                return minute + float(text[17:-1])
        return self.read(text)

    def how_known(self, known: int) -> TimeFrom:
        """How those times said their zone that said it. known: times in all."""
        if not self.offset:
            return "utc"
        return "offset" if self.offset >= known - self.instants.zoneless else "mixed"
