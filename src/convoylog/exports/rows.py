"""Text of many rows at once: columns of numbers become columns of letters.

A block is an (n, w) array of bytes, 0 where a row has no letter. Blocks side by side are rows; the
zeros go when they are joined. That is ten times as quick as formatting number by number.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats

Block = NDArray[np.uint8]

#: instants that four digits of a year can name: 0001 to 9999
_EARLIEST, _LATEST = -62_135_596_800.0, 253_402_300_799.0
#: a number of more whole digits than this is no measurement
_MOST_DIGITS = 12


def text(n: int, letters: str, where: NDArray[np.bool_] | None = None) -> Block:
    """The same letters in n rows, or only where told."""
    row = np.frombuffer(letters.encode(), dtype=np.uint8)
    if where is None:
        return np.broadcast_to(row, (n, len(row)))
    return np.where(where[:, None], row, np.uint8(0))


def numbers(column: Floats, decimals: int) -> Block:
    """Decimal numbers without needless zeros, nothing for NaN; never "-0", never an exponent."""
    n = len(column)
    with np.errstate(invalid="ignore"):
        known = np.isfinite(column) & (np.abs(column) < 10.0**_MOST_DIGITS)
    scaled = np.rint(np.where(known, column, 0.0) * 10.0**decimals).astype(np.int64)
    negative = scaled < 0
    left = np.abs(scaled)
    whole = left // 10**decimals
    width = max(len(str(int(whole.max(initial=0)))), 1)
    block = np.zeros((n, 1 + width + (1 + decimals if decimals else 0)), dtype=np.uint8)
    block[negative, 0] = ord("-")
    fraction = left - whole * 10**decimals
    written = np.zeros(n, dtype=np.bool_)
    for place in range(decimals):
        rest = fraction // 10
        digit = (fraction - rest * 10).astype(np.uint8)
        written |= digit > 0
        block[:, -1 - place] = np.where(written, digit + ord("0"), 0)
        fraction = rest
    if decimals:
        block[:, 1 + width] = np.where(written, ord("."), 0)
    for place in range(width):
        rest = whole // 10
        digit = (whole - rest * 10).astype(np.uint8) + np.uint8(ord("0"))
        block[:, width - place] = digit if place == 0 else np.where(whole > 0, digit, 0)
        whole = rest
    if not known.all():
        block[~known] = 0
    return block


def dated(column: Floats) -> NDArray[np.bool_]:
    """Which instants a date of four digits can tell."""
    with np.errstate(invalid="ignore"):
        return np.asarray((column >= _EARLIEST) & (column <= _LATEST), dtype=np.bool_)


def instants(column: Floats) -> Block:
    """ISO 8601 in UTC, with milliseconds only where there are any, nothing for NaN."""
    n = len(column)
    known = dated(column)
    milliseconds = np.rint(np.where(known, column, 0.0) * 1000.0).astype(np.int64)
    letters = np.datetime_as_string(milliseconds.astype("datetime64[ms]"), unit="ms")
    block = np.zeros((n, 24), dtype=np.uint8)
    block[:, :23] = letters.astype("S23").view(np.uint8).reshape(n, 23) if n else 0
    block[milliseconds % 1000 == 0, 19:23] = 0
    block[:, 23] = ord("Z")
    if not known.all():
        block[~known] = 0
    return block


def joined(blocks: Iterable[Block]) -> bytes:
    """All rows, one after another."""
    rows = np.concatenate(list(blocks), axis=1)
    return bytes(rows[rows != 0].tobytes())
