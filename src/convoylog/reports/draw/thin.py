"""Drawn lines with fewer points that look the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats
from convoylog.simplify import significance_on_paper


def kept(x: Floats, y: Floats, tolerance: float) -> NDArray[np.intp]:
    """Indices of the points to keep: every point left out lies within tolerance of the segment
    that replaces it. First and last stay."""
    return np.flatnonzero(significance_on_paper(x, y, floor=tolerance) > tolerance)
