"""Cutting lines and areas at the edge of a map."""

from __future__ import annotations

import itertools

import numpy as np

from convoylog.model.tracks import Floats

#: left, top, right, bottom, in map units
Frame = tuple[float, float, float, float]


def clip_area(ring: Floats, frame: Frame) -> Floats:
    """A closed ring (n, 2) cut to a frame; empty if it lies outside.

    Source: Sutherland and Hodgman, 1974.
    """
    points = ring
    for axis, bound, keep_less in (
        (0, frame[0], False), (0, frame[2], True), (1, frame[1], False), (1, frame[3], True),
    ):  # fmt: skip
        if not len(points):
            break
        inside = points[:, axis] <= bound if keep_less else points[:, axis] >= bound
        if inside.all():
            continue
        if not inside.any():
            return np.zeros((0, 2))
        after = np.roll(points, -1, axis=0)
        crossing = inside != np.roll(inside, -1)
        span = after[:, axis] - points[:, axis]
        t = np.where(crossing, (bound - points[:, axis]) / np.where(span, span, 1), 0)[:, None]
        cut = points + t * (after - points)
        rows = np.stack([points, cut], axis=1).reshape(-1, 2)
        points = rows[np.stack([inside, crossing], axis=1).reshape(-1)]
    return points


def clip_line(line: Floats, frame: Frame) -> list[Floats]:
    """A line (n, 2) in the pieces that lie within a frame, ends cut at its edge."""
    left, top, right, bottom = frame
    x, y = line[:, 0], line[:, 1]
    if x.max() < left or x.min() > right or y.max() < top or y.min() > bottom:
        return []
    inside = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
    if inside.all():
        return [line]
    pieces: list[Floats] = []
    current: list[Floats] = []
    for a, b in itertools.pairwise(line):
        cut = _segment(a, b, frame)
        if cut is None:
            if current:
                pieces.append(np.array(current))
                current = []
            continue
        start, end = cut
        if not current or not np.array_equal(current[-1], start):
            if current:
                pieces.append(np.array(current))
            current = [start]
        current.append(end)
    if current:
        pieces.append(np.array(current))
    return [piece for piece in pieces if len(piece) > 1]


def _segment(a: Floats, b: Floats, frame: Frame) -> tuple[Floats, Floats] | None:
    """The part of a segment within a frame. Source: Liang and Barsky, 1984."""
    t0, t1 = 0.0, 1.0
    d = b - a
    for p, q in (
        (-d[0], a[0] - frame[0]), (d[0], frame[2] - a[0]),
        (-d[1], a[1] - frame[1]), (d[1], frame[3] - a[1]),
    ):  # fmt: skip
        if p == 0:
            if q < 0:
                return None
            continue
        t = q / p
        if p < 0:
            t0 = max(t0, t)
        else:
            t1 = min(t1, t)
        if t0 > t1:
            return None
    return (a if t0 == 0 else a + t0 * d), (b if t1 == 1 else a + t1 * d)
