"""Numbers and instants out of columns of bytes, many at once, each equal to what `float` would say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats

Bytes = NDArray[np.uint8]
Places = NDArray[np.intp]

_ZERO, _MINUS, _DOT = ord("0"), ord("-"), ord(".")

#: so many digits make a whole number below 2**53, and powers of ten up to 10**22 are exact: one
#: division of exact numbers is rounded once, as float() rounds. Source: Clinger, "How to read
#: floating point numbers accurately", 1990
_EXACT_DIGITS = 15
_POWERS = 10.0 ** np.arange(_EXACT_DIGITS + 1)

#: "2024-06-01T10:00:": the part of a stamp before its seconds
_TO_SECONDS = 17


def numbers(buffer: Bytes, start: Places, end: Places) -> Floats:
    """float() of each text buffer[start:end], which must be digits with perhaps a sign and a point.

    start, end: shape (n,). Every text holds a digit before and, if there is a point, behind it.
    """
    width = end - start
    widest = int(width.max(initial=0))
    if widest > _EXACT_DIGITS:  # with its point one digit more would still do; be on the safe side
        result = np.empty(len(start))
        long = width > _EXACT_DIGITS
        result[long] = _with_strtod(buffer, start[long], width[long])
        result[~long] = numbers(buffer, start[~long], end[~long])
        return result
    mantissa = np.zeros(len(start), dtype=np.int64)
    point = np.full(len(start), -1)
    last = len(buffer) - 1
    for at in range(widest):
        there = at < width
        code = buffer[np.minimum(start + at, last)].astype(np.int64) - _ZERO
        mantissa = np.where(there & (code >= 0), mantissa * 10 + code, mantissa)
        point = np.where(there & (code == _DOT - _ZERO), at, point)
    decimals = np.where(point >= 0, width - point - 1, 0)
    value = mantissa / _POWERS[decimals]
    return np.where(buffer[np.minimum(start, last)] == _MINUS, -value, value)


def _with_strtod(buffer: Bytes, start: Places, width: Places) -> Floats:
    """Texts of any length, at a third of the speed: numpy asks Python's own conversion."""
    widest = int(width.max(initial=1))
    columns = np.arange(widest)
    texts = buffer[np.minimum(start[:, None] + columns, len(buffer) - 1)]
    texts[columns >= width[:, None]] = 0
    result: Floats = texts.view(f"S{widest}").ravel().astype(np.float64)
    return result


def instants(buffer: Bytes, start: Places, end: Places, east: int = 0) -> Floats | None:
    """UTC seconds of stamps "2024-06-01T10:00:05.25"; None if one of them is no instant.

    start, end: shape (n,), of texts with digits and signs in these places. east: seconds that
    their clock is ahead of UTC. The sum is made as
    `InstantReader` makes it: whole minutes plus the number that the seconds are.
    """
    if not len(start):
        return np.empty(0)
    digit = {at: buffer[start + at].astype(np.int64) - _ZERO for at in range(_TO_SECONDS)
             if at not in (4, 7, 10, 13, 16)}  # fmt: skip

    def two(at: int) -> NDArray[np.int64]:
        return digit[at] * 10 + digit[at + 1]

    year, month, day = two(0) * 100 + two(2), two(5), two(8)
    hour, minute = two(11), two(14)
    seconds = numbers(buffer, start + _TO_SECONDS, end)
    possible = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (hour <= 23)
    if not (possible & (minute <= 59) & (seconds < 60)).all():
        return None
    first = (year * 12 + month - 1 - 1970 * 12).astype("datetime64[M]")
    days = first.astype("datetime64[D]").astype(np.int64) + day - 1
    if not (days < (first + 1).astype("datetime64[D]").astype(np.int64)).all():
        return None
    minutes = ((days * 24 + hour) * 60 + minute) * 60 - east
    return minutes.astype(np.float64) + seconds
