"""Drawn lines with fewer points that look the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats
from convoylog.simplify import significance_on_paper


def kept(x: Floats, y: Floats, tolerance: float) -> NDArray[np.intp]:
    """Indices of the points to keep: every point left out lies within tolerance of the segment
    that replaces it. First and last stay."""
    return np.flatnonzero(significance_on_paper(x, y, floor=tolerance) > tolerance)


def thinned(lines: Sequence[Floats], tolerance: float) -> list[Floats]:
    """Each line, (n, 2), as `kept` leaves it; all in one pass, since a map has thousands."""
    lengths = np.array([len(line) for line in lines], dtype=np.intp)
    if not lengths.sum():
        return list(lines)
    whole = np.concatenate(list(lines))
    stops = np.cumsum(lengths)
    starts = stops - lengths
    # what lies between two pinned points is split by itself, and between two lines lies nothing
    pinned = np.zeros(len(whole), dtype=np.bool_)
    pinned[starts[lengths > 0]] = pinned[stops[lengths > 0] - 1] = True
    keep = significance_on_paper(whole[:, 0], whole[:, 1], pinned, floor=tolerance) > tolerance
    left = np.cumsum(np.concatenate([[0], keep]))[stops]
    return np.split(whole[keep], left[:-1])
