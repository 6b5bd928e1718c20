"""The directories of TIFF, in which EXIF and most raw pictures keep their facts.

Each row is judged by itself: one that points outside the file, or is longer than anything meant,
is left out, and the rest is kept. Source: TIFF 6.0, section 2.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Container
from dataclasses import dataclass, field

#: rows of one directory; cameras write up to 100
_MOST_ROWS = 2000
#: bytes of one value that is decoded; maker notes have up to 100 kB, all else a few
_LONGEST = 2**18

#: type → letter for struct and bytes; 5 and 10 are pairs
_TYPES = {1: ("B", 1), 2: ("s", 1), 3: ("H", 2), 4: ("I", 4), 5: ("I", 8), 6: ("b", 1), 7: ("s", 1),
          8: ("h", 2), 9: ("i", 4), 10: ("i", 8), 11: ("f", 4), 12: ("d", 8), 13: ("I", 4),
          129: ("s", 1)}  # fmt: skip
_TEXT, _RATIONAL, _BYTES, _SIGNED_RATIONAL, _UTF8 = 2, 5, 7, 10, 129


@dataclass(slots=True)
class Directory:
    """rows: tag → (type, count, place of its value). following: where the next one is, or 0.

    damaged: some row was left out.
    """

    rows: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    following: int = 0
    damaged: bool = False


def order_of(content: bytes) -> str:
    """Of bytes, as struct says it; "" where the content is no TIFF."""
    return {b"II": "<", b"MM": ">"}.get(content[:2], "")


def first_directory(content: bytes) -> int:
    order = order_of(content)
    return int(struct.unpack_from(f"{order}I", content, 4)[0]) if order and len(content) >= 8 else 0


def directory(content: bytes, at: int) -> Directory:
    """The directory at a place; empty and damaged if there is none."""
    order = order_of(content)
    found = Directory()
    if not order or not 8 <= at <= len(content) - 2:
        found.damaged = True
        return found
    (count,) = struct.unpack_from(f"{order}H", content, at)
    end = at + 2 + 12 * count
    if count > _MOST_ROWS or end > len(content):
        found.damaged = True
        count = min(count, _MOST_ROWS, (len(content) - at - 2) // 12)
    row = struct.Struct(f"{order}HHII").unpack_from
    for place in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind, number, value = row(content, place)
        size = _TYPES.get(kind, ("", 0))[1] * number
        where = value if size > 4 else place + 8
        if not size or where + size > len(content):
            # a text of no letters says nothing, and is no damage
            found.damaged |= bool(number)
            continue
        found.rows.setdefault(tag, (kind, number, where))
    if end + 4 <= len(content):
        (found.following,) = struct.unpack_from(f"{order}I", content, end)
    return found


def whole_numbers(content: bytes, found: Directory, tag: int) -> tuple[int, ...]:
    """The values of a row of whole numbers; none for all else."""
    kind, count, at = found.rows.get(tag, (0, 0, 0))
    letter, size = _TYPES.get(kind, ("", 0))
    if (
        letter not in ("B", "H", "I", "i")
        or kind in (_RATIONAL, _SIGNED_RATIONAL)
        or count * size > _LONGEST
    ):
        return ()
    return struct.unpack_from(f"{order_of(content)}{count}{letter}", content, at)


def values(content: bytes, found: Directory, wanted: Container[int]) -> dict[int, object]:
    """Tag → value, for the tags wanted: text, bytes, number, or a tuple of numbers.

    A rational over zero is NaN.
    """
    result: dict[int, object] = {}
    order = order_of(content)
    for tag, (kind, count, at) in found.rows.items():
        if tag not in wanted:
            continue
        letter, size = _TYPES[kind]
        if count * size > _LONGEST:
            found.damaged = True
            continue
        if kind in (_TEXT, _UTF8):
            result[tag] = _text(content[at : at + count])
        elif kind == _BYTES:
            result[tag] = content[at : at + count]
        elif kind in (_RATIONAL, _SIGNED_RATIONAL):
            pairs = struct.unpack_from(f"{order}{2 * count}{letter}", content, at)
            ratios = tuple(
                a / b if b else math.nan for a, b in zip(pairs[::2], pairs[1::2], strict=True)
            )
            result[tag] = ratios[0] if count == 1 else ratios
        else:
            numbers = struct.unpack_from(f"{order}{count}{letter}", content, at)
            result[tag] = numbers[0] if count == 1 else numbers
    return result


def _text(content: bytes) -> str:
    """Up to the first zero; what is no UTF-8 is Latin-1, as older cameras wrote."""
    content = content.partition(b"\x00")[0]
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")
