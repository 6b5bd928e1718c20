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

#: a digit for each digit
_SAMPLE = b"0000-00-00T00:00:00"
#: the part of a stamp before its seconds
_TO_SECONDS = 17


def numbers(buffer: Bytes, start: Places, end: Places) -> Floats:
    """float() of each text buffer[start:end], which must be digits with perhaps a sign and a point.

    start, end: shape (n,). Every text holds a digit before and, if there is a point, behind it.
    """
    width = end - start
    result = np.empty(len(start))
    # devices write a column in very few widths
    for each in np.flatnonzero(np.bincount(width)).tolist():
        mine = slice(None) if (width == each).all() else np.flatnonzero(width == each)
        # with its point one digit more would still do; be on the safe side
        read = _exactly if each <= _EXACT_DIGITS else _with_strtod
        result[mine] = read(buffer, start[mine], each)
    return result


def _exactly(buffer: Bytes, start: Places, width: int) -> Floats:
    """Numbers of `width` bytes each, as whole number by power of ten."""
    points = [at for at in range(width) if buffer[start[0] + at] == _DOT]
    at_point = points[0] if points else width
    signed = buffer[start] == _MINUS
    mantissa = np.zeros(len(start), dtype=np.int64)
    for at in range(width):
        code = buffer[start + at]
        if at == at_point:
            if not (code == _DOT).all():
                return _with_strtod(buffer, start, width)
            continue
        # an odd one out has its point elsewhere
        if at_point == width and (code == _DOT).any():
            return _with_strtod(buffer, start, width)
        mantissa *= 10
        mantissa += code
        mantissa -= _ZERO
        if not at and signed.any():
            mantissa[signed] = 0
    value: Floats = mantissa / _POWERS[max(width - at_point - 1, 0)]
    value[signed] *= -1.0
    return value


def _with_strtod(buffer: Bytes, start: Places, width: int) -> Floats:
    """Texts of any kind, at a third of the speed: numpy asks Python's own conversion."""
    texts = buffer[start[:, None] + np.arange(width)]
    result: Floats = texts.view(f"S{width}").ravel().astype(np.float64)
    return result


def instants(buffer: Bytes, start: Places, end: Places, east: int = 0) -> Floats | None:
    """UTC seconds of stamps "2024-06-01T10:00:05.25"; None if one of them is no instant.

    start, end: shape (n,), of texts of at least 19 bytes, a fraction behind these checked. east: seconds that
    their clock is ahead of UTC. The sum is made as
    `InstantReader` makes it: whole minutes plus the number that the seconds are.
    """
    if not len(start):
        return np.empty(0)
    digit = {}
    for at, sample in enumerate(_SAMPLE):
        code = buffer[start + at]
        if sample == _ZERO:
            # below "0" wraps around, so one comparison does
            code = code - np.uint8(_ZERO)
            if (code > 9).any():
                return None
            digit[at] = code.astype(np.int64)
        elif (code != sample).any():
            return None

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
