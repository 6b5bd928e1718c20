"""Reading the time stamps of trackpoints: quick for the usual form, careful for the rest."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

#: "05Z" → 5.0: how nearly every stamp ends, with ".000" if it is from Garmin Connect
SECONDS = {f"{s:02d}{zone}": float(s) for s in range(60) for zone in ("Z", ".000Z")}

#: minutes kept at hand: ten weeks of a recording that never pauses, 10 MB at most
_MANY_MINUTES = 100_000

_STAMP = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)[Tt ](\d\d?):(\d\d?):(\d\d?(?:[.,]\d{1,30})?) ?"
    r"(Z|z|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)


class InstantReader:
    """Reads stamps of one file.

    minutes: "2024-06-01T10:00:" → UTC seconds, for the minutes met so far; with SECONDS all that
    nearly every stamp needs. zoneless: how many had no zone and were taken as UTC. offsets: how
    many said their offset.
    """

    __slots__ = ("minutes", "offsets", "zoneless")

    def __init__(self) -> None:
        self.minutes: dict[str, float] = {}
        self.zoneless = 0
        self.offsets = 0

    def read(self, text: str) -> float:
        """UTC seconds since 1970, NaN where the text is no instant.

        Tolerated: a leap second, 24:00, lower-case t and z, a blank for the T, a decimal comma,
        numbers of one digit (an old iPhone app writes 2009-2-24T7:41:5Z), and no zone at all,
        which GPX says is UTC.
        Source: W3C XML Schema 1.1 part 2, dateTime; GPX 1.1 schema, "Universal Coordinated Time".
        """
        try:
            return self.minutes[text[:17]] + SECONDS[text[17:]]
        except KeyError:
            return self._carefully(text.strip())

    def _carefully(self, text: str) -> float:
        match = _STAMP.fullmatch(text)
        if match is None:
            return math.nan
        year, month, day, hours, minutes, seconds, zone = match.groups()
        hour, minute, second = int(hours), int(minutes), float(seconds.replace(",", "."))
        # 61 leaves room for the leap second and its fraction; 24 is the midnight that ends a day
        if hour > 24 or minute > 59 or second >= 61 or (hour == 24 and (minute or second)):
            return math.nan
        try:
            midnight = datetime(int(year), int(month), int(day), tzinfo=UTC).timestamp()
        except ValueError:
            return math.nan
        east = 0
        if zone is None:
            self.zoneless += 1
        elif zone not in "Zz":
            digits = zone[1:].replace(":", "")
            zone_minutes = int(digits[2:] or 0)
            east = int(digits[:2]) * 60 + zone_minutes
            # no place was ever further from UTC than 15:14 (Alaska, before 1867)
            if zone_minutes > 59 or east > 16 * 60:
                return math.nan
            self.offsets += 1
            if zone[0] == "-":
                east = -east
        start = midnight + hour * 3600 + minute * 60
        if zone == "Z" and match.start(6) == 17 and hour < 24:
            if len(self.minutes) >= _MANY_MINUTES:
                self.minutes.clear()
            self.minutes[text[:17]] = start
        return start - east * 60 + second
