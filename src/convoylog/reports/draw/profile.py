"""Elevation and speed over the time axis, as lines in a drawing that is stretched to its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convoylog.model.tracks import Floats
from convoylog.reports.draw.axis import Axis
from convoylog.reports.draw.thin import kept

WIDTH, HEIGHT = 1000.0, 100.0
#: pixels a line may lose: what a screen cannot show
_THIN_PX = 0.55
#: pixels high the chart stands on a screen, against HEIGHT
_REAL_PX = 80.0


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """lines: for each car, pieces (n, 2). ticks: (share of the height from the top, value)."""

    lines: tuple[tuple[Floats, ...], ...]
    ticks: tuple[tuple[float, float], ...]


def draw_profile(
    axis: Axis,
    cars: Sequence[Sequence[tuple[Floats, Floats]]],
    *,
    from_zero: bool,
    thin_px: float = _THIN_PX,
) -> Profile | None:
    """cars: for each, (UTC seconds, values) by day, NaN where unknown. None without any line.

    thin_px: pixels a line may lose.
    """
    values = np.concatenate([v for rows in cars for _, v in rows] or [np.zeros(0)])
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    low, high = (0.0 if from_zero else float(values.min())), float(values.max())
    step = nice_step(max(high - low, 1.0) / 4)
    bottom, top = np.floor(low / step) * step, max(high, low + step) * 1.0
    span = max(top - bottom, 1e-9) * 1.04

    def y(value: Floats | float) -> Floats:
        return np.asarray((1 - (value - bottom) / span) * HEIGHT)

    lines = []
    for rows in cars:
        pieces = []
        for time, value in rows:
            known = np.isfinite(value)
            cuts = np.flatnonzero(np.diff(known.astype(int))) + 1
            for index in np.split(np.arange(len(time)), cuts):
                if len(index) > 1 and known[index[0]]:
                    x = axis.share(time[index]) * WIDTH
                    line = np.stack([x, y(value[index])], axis=1)
                    pieces.append(line[kept(x, line[:, 1] * _REAL_PX / HEIGHT, thin_px)])
        lines.append(tuple(pieces))
    if not any(lines):
        return None
    ticks = np.arange(bottom + step, top + step * 0.01, step)
    return Profile(tuple(lines), tuple((float(y(t)) / HEIGHT, float(t)) for t in ticks))


def nice_step(rough: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(rough))
    return float(next(m * power for m in (1, 2, 5, 10) if m * power >= rough * 0.999))
