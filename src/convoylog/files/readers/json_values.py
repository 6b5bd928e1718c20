"""Careful values out of parsed JSON, of which nothing may be taken on trust."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import suppress

from convoylog.files.readers.instants import InstantReader
from convoylog.files.readers.xml import MAX_TEXT, number

#: seconds since 1970 above this are milliseconds: the year 5138, against 1973
_MILLISECONDS = 1e11
#: and above this microseconds; in these the year 5138 ends here
_MICROSECONDS, _NO_TIME = 1e14, 1e17
#: the degree of E7 values that have run over 32 bits, as a version of Google's export wrote them
_E7, _RUN_OVER, _WRAP = 1e7, 1_800_000_000, 2**32

_PAIR = re.compile(
    r"\s*(?:geo:)?\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*°?\s*,\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*°?\s*",
    re.ASCII,
)


def real(value: object) -> float:
    """A number, also one written as text; NaN for all else, 1e999 too."""
    found = math.nan
    if isinstance(value, str) and len(value) < 400:
        found = number(value.strip())
    elif isinstance(value, int | float) and not isinstance(value, bool):
        with suppress(OverflowError):
            found = float(value)
    return found if math.isfinite(found) else math.nan


def e7(value: object) -> float:
    """Degrees of a whole number of ten-millionths."""
    whole = real(value)
    if whole > _RUN_OVER:
        whole -= _WRAP
    return whole / _E7


def words(value: object) -> str:
    """A text, cut to what people read; "" for all else."""
    return value.strip()[:MAX_TEXT] if isinstance(value, str) else ""


def instant(value: object, stamps: InstantReader) -> float:
    """UTC seconds of an ISO text or of a number of seconds, milliseconds or microseconds; else NaN."""
    if isinstance(value, str):
        at = stamps.read(value) if "-" in value[1:] or "T" in value else math.nan
        if not math.isnan(at):
            return at
    whole = real(value)
    if not 0 < whole < _NO_TIME:
        return math.nan
    if whole >= _MICROSECONDS:
        return whole / 1e6
    return whole / 1e3 if whole >= _MILLISECONDS else whole


def pair(value: object) -> tuple[float, float]:
    """(lat, lon) of "geo:48.1,11.5" or "48.1°, 11.5°"; NaN if it is none."""
    match = _PAIR.fullmatch(value) if isinstance(value, str) and len(value) < 100 else None
    return (float(match[1]), float(match[2])) if match else (math.nan, math.nan)


def rows(value: object) -> Iterator[dict[str, object]]:
    """The objects of a list; nothing of anything else."""
    if isinstance(value, list):
        for row in value:
            if isinstance(row, dict):
                yield row


def inside(value: object, *keys: str) -> object:
    """value[key][key]…, None where one is missing."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value
