"""Names on a map: each where it covers nothing else, or not at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats

#: pixels of a cell in which it is known that something is there
_CELL = 4
#: width of a letter as a share of its height, on average, in the map's face
_LETTER = 0.56
#: pixels high
SIZES = {"end": 13.0, "town": 11.5, "region": 12.0}
#: pixels between dot and name; where a trip begins there is a roundel of 13 px, whose middle may be beside
#: the dot, and ends must be named: farther off, if it cannot be nearer
_GAPS = {"end": (9.0, 19.0, 30.0), "town": (7.0, 10.0)}
#: and beside a flower of roundels
_BESIDE_FLOWER = 46.0
#: how many towns a map of so many pixels names at the most, not to become a list; smaller ones name fewer
_MOST, _MOST_ON = 34, 1000 * 620
#: pixels within which two places are one for the eye
_ONE_SPOT = 16.0
#: share of a state's size by which its name may leave the middle: a third would be the neighbour's
_ASIDE = 0.25


@dataclass(frozen=True, slots=True)
class Label:
    """kind: end (where the trip begins or ends), town or region. x, y: pixels of the text's anchor
    (start, middle or end) on its baseline. dot: where the town lies, None for a region. afar: x, y and
    anchor where the map is shown small and marks and names are enlarged; None: there is no room then."""

    kind: str
    text: str
    x: float
    y: float
    anchor: str
    dot: tuple[float, float] | None = None
    afar: tuple[float, float, str] | None = None


class Labels:
    """Places labels one by one, most important first."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._taken: NDArray[np.bool_] = np.zeros(
            (height // _CELL + 2, width // _CELL + 2), dtype=bool
        )
        self._lines = np.zeros_like(self._taken)
        self._flowers: list[tuple[float, float]] = []
        self._most = round(_MOST * min(1.0, math.sqrt(width * height / _MOST_ON)))
        self._placed: list[Label] = []

    @property
    def placed(self) -> tuple[Label, ...]:
        return tuple(self._placed)

    def avoid_line(self, line: Floats) -> None:
        """Keep a line free: (n, 2) pixels."""
        if len(line) < 2:
            return
        steps = np.maximum(np.ceil(np.hypot(*np.diff(line, axis=0).T) / _CELL), 1).astype(int)
        for a, b, n in zip(line[:-1], line[1:], steps, strict=True):
            t = np.linspace(0, 1, int(n) + 1)[:, None]
            points = a + t * (b - a)
            columns = np.clip(points[:, 0] // _CELL, 0, self._taken.shape[1] - 1).astype(int)
            rows = np.clip(points[:, 1] // _CELL, 0, self._taken.shape[0] - 1).astype(int)
            self._lines[rows, columns] = True

    def avoid_circle(self, x: float, y: float, radius: float) -> None:
        self._fill(x - radius, y - radius, x + radius, y + radius)

    def avoid_flower(self, x: float, y: float) -> None:
        """Roundels around a place, each of which is avoided by itself: its name may be farther off."""
        self._flowers.append((x, y))

    def avoid_box(self, left: float, top: float, right: float, bottom: float) -> None:
        self._fill(left, top, right, bottom)

    def hides(self, left: float, top: float, right: float, bottom: float) -> int:
        """How much of what is there a box would cover, in cells."""
        cells = self._cells(left, top, right, bottom)
        return int((self._taken[cells] | self._lines[cells]).sum())

    def place_town(
        self, text: str, x: float, y: float, kind: str, ends: Sequence[tuple[float, float]] = ()
    ) -> Label | None:
        """A town's name beside its dot, at the first free of seven positions; None where none is.
        An end's name may at the last lie on a line, which still shows around its letters.

        ends: pixels of places to none of which the name may be nearer than to its own.
        """
        towns = sum(label.kind != "region" for label in self._placed)
        if towns >= self._most and kind != "end":
            return None
        size = SIZES[kind]
        wide = len(text) * size * _LETTER
        others = [end for end in ends if max(abs(end[0] - x), abs(end[1] - y)) >= _ONE_SPOT]
        gaps = _GAPS[kind]
        if kind == "end" and any(math.dist((x, y), at) < _BESIDE_FLOWER for at in self._flowers):
            gaps = (*gaps, _BESIDE_FLOWER)
        tries = [(gap, over) for over in (False, True)[: 1 + (kind == "end")] for gap in gaps]
        for gap, over in tries:
            for dx, dy, anchor in (
                (gap, size * 0.35, "start"), (-gap, size * 0.35, "end"),
                (gap * 0.7, -gap, "start"), (gap * 0.7, gap + size * 0.6, "start"),
                (-gap * 0.7, -gap, "end"), (0, -gap - 1, "middle"), (0, gap + size * 0.8, "middle"),
            ):  # fmt: skip
                left = x + dx - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
                box = (left - 2, y + dy - size, left + wide + 2, y + dy + size * 0.25)
                own = _away(box, x, y)
                if self._free(*box, over=over) and all(
                    _away(box, *other) >= own for other in others
                ):
                    self._fill(*box)
                    self._fill(x - 3, y - 3, x + 3, y + 3)  # its dot
                    self._placed.append(Label(kind, text, x + dx, y + dy, anchor, (x, y)))
                    return self._placed[-1]
        return None

    def place_region(self, text: str, x: float, y: float, size_px: tuple[float, float]) -> None:
        """A state's name at its middle, or a little beside it, where that is still the same state.

        size_px: how wide and high the state is.
        """
        size = SIZES["region"]
        wide = len(text) * size * 0.78  # capitals, spaced
        for dx, dy in (
            (0, 0), (0, 24), (0, -24), (0, 48), (0, -48), (60, 0), (-60, 0), (60, 30), (-60, -30),
        ):  # fmt: skip
            if abs(dx) > size_px[0] * _ASIDE or abs(dy) > size_px[1] * _ASIDE:
                continue
            left = x + dx - wide / 2
            box = (left, y + dy - size, left + wide, y + dy + 3)
            if self._free(*box):
                self._fill(*box)
                self._placed.append(Label("region", text.upper(), x + dx, y + dy, "middle"))
                return

    def _cells(self, left: float, top: float, right: float, bottom: float) -> tuple[slice, slice]:
        return (
            slice(max(int(top // _CELL), 0), max(int(bottom // _CELL) + 1, 0)),
            slice(max(int(left // _CELL), 0), max(int(right // _CELL) + 1, 0)),
        )

    def _free(
        self, left: float, top: float, right: float, bottom: float, *, over: bool = False
    ) -> bool:
        """over: lines do not count."""
        inside = left >= 2 and top >= 2 and right <= self._width - 2 and bottom <= self._height - 2
        cells = self._cells(left, top, right, bottom)
        return inside and not (self._taken[cells].any() or (not over and self._lines[cells].any()))

    def _fill(self, left: float, top: float, right: float, bottom: float) -> None:
        self._taken[self._cells(left, top, right, bottom)] = True


def _away(box: tuple[float, float, float, float], x: float, y: float) -> float:
    """Pixels from a box to a point, 0 inside."""
    left, top, right, bottom = box
    return math.hypot(max(left - x, 0.0, x - right), max(top - y, 0.0, y - bottom))
