"""The time axis: driving days side by side, the nights between them shrunk.

Axis seconds run like seconds by day; a night of any length takes 25 minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convoylog.model.tracks import Floats

#: axis seconds of a night
NIGHT_S = 1500.0
#: a day of a single instant is shown as so many seconds around it
_LEAST_S = 1200.0


@dataclass(frozen=True, slots=True)
class AxisDay:
    """number: of the chapter. begin, end: UTC seconds. left, right: the same on the axis."""

    number: int
    begin: float
    end: float
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Axis:
    """days: in time order, apart. length: axis seconds."""

    days: tuple[AxisDay, ...]

    @property
    def length(self) -> float:
        return self.days[-1].right if self.days else 0.0

    def at(self, time: Floats | float) -> Floats:
        """Axis seconds of instants; beyond the ends, the end."""
        t = [edge for day in self.days for edge in (day.begin, day.end)]
        u = [edge for day in self.days for edge in (day.left, day.right)]
        return np.asarray(np.interp(time, t, u))

    def share(self, time: Floats | float) -> Floats:
        """Where on the axis, 0 … 1."""
        return np.asarray(self.at(time) / max(self.length, 1e-9))


def make_axis(spans: Sequence[tuple[int, float, float]]) -> Axis:
    """The axis of some days: (number, first and last instant in UTC seconds)."""
    days: list[AxisDay] = []
    for number, begin, end in sorted(spans, key=lambda span: span[1:]):
        short = max(_LEAST_S - (end - begin), 0.0) / 2
        first, last = begin - short, end + short
        left = 0.0
        if days:
            # somebody who drives into the next day does not make it twice as long
            first = max(first, days[-1].end)
            last = max(last, first + 60.0)
            left = days[-1].right + min(NIGHT_S, first - days[-1].end)
        days.append(AxisDay(number, first, last, left, left + last - first))
    return Axis(tuple(days))
