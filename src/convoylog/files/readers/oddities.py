"""Counting what is odd in a file, so that it is told once and not a thousand times."""

from __future__ import annotations

from collections.abc import Iterator

#: what every reader may meet: the words after the number, for one and for many
IMPOSSIBLE = (
    "point with an impossible position left out",
    "points with an impossible position left out",
)
BAD_TIME = ("time that cannot be read", "times that cannot be read")
BAD_HEIGHT = ("height that cannot be read", "heights that cannot be read")
ZONELESS = ("time without a zone, taken as UTC", "times without a zone, taken as UTC")
BACKWARDS = ("point earlier than the one before it", "points earlier than the one before them")


class Oddities:
    """How often something was odd, and in which line first."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[int, int]] = {}

    def add(self, what: tuple[str, str], line: int = 0, count: int = 1) -> None:
        """what: the words after the number, for one and for many. line: 0 if it has none."""
        before, first = self._found.get(what, (0, line))
        self._found[what] = (before + count, first)

    def told(self) -> Iterator[str]:
        for (one, many), (count, line) in self._found.items():
            where = f" (first in line {line})" if line else ""
            yield f"{count:,} {one if count == 1 else many}{where}"
