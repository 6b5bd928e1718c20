"""Lines with fewer points that look the same. Source: Ramer 1972; Douglas and Peucker 1973."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats


def kept(x: Floats, y: Floats, tolerance: float) -> NDArray[np.intp]:
    """Indices of the points to keep: every point left out lies within tolerance of the segment
    that replaces it. First and last stay."""
    n = len(x)
    keep = np.zeros(n, dtype=bool)
    if n:
        keep[[0, -1]] = True
    waiting = [(0, n - 1)]
    while waiting:
        a, b = waiting.pop()
        if b - a < 2:
            continue
        dx, dy = x[b] - x[a], y[b] - y[a]
        px, py = x[a + 1 : b] - x[a], y[a + 1 : b] - y[a]
        length2 = dx * dx + dy * dy
        t = np.clip((px * dx + py * dy) / length2, 0.0, 1.0) if length2 else np.zeros(b - a - 1)
        away = np.hypot(px - t * dx, py - t * dy)
        far = int(away.argmax())
        if away[far] > tolerance:
            keep[a + 1 + far] = True
            waiting += [(a, a + 1 + far), (a + 1 + far, b)]
    return np.flatnonzero(keep)
