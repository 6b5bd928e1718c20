"""The boxes that HEIF pictures, Canon's CR3 and films are made of, walked without trust.

Source: ISO/IEC 14496-12, section 4.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

#: the most met in one file are 900, in a burst of Live Photos
MOST_BOXES = 20_000


@dataclass(frozen=True, slots=True)
class Box:
    """kind: four letters. start, end: of what is inside, in the whole file."""

    kind: bytes
    start: int
    end: int


def boxes(content: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes between two places, one after another; what does not fit ends them."""
    at = start
    for _ in range(MOST_BOXES):
        if at + 8 > end:
            return
        size = int.from_bytes(content[at : at + 4])
        kind = content[at + 4 : at + 8]
        inside = at + 8
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16])
            inside = at + 16
        elif size == 0:
            size = end - at
        stop = at + size
        if stop < inside or stop > end:
            return
        yield Box(kind, inside, stop)
        at = stop


def find(content: bytes, box: Box, *kinds: bytes) -> Box | None:
    """The first box on the way down through kinds; None if one is missing."""
    for kind in kinds:
        found = next((b for b in boxes(content, box.start, box.end) if b.kind == kind), None)
        if found is None:
            return None
        box = found
    return box


def whole(content: bytes) -> Box:
    """The file as if it were in a box."""
    return Box(b"", 0, len(content))
