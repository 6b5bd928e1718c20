"""Straight edges in longitude and latitude: which touch a box, which is nearest, where a way meets them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convoylog import geo
from convoylog.model.tracks import Floats, Ints
from convoylog.places.world import Box

#: places × edges held at once: some ten megabytes a column
AT_ONCE = 1_000_000

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Straight edges: both ends, (n, 2) longitude and latitude, and the number of the line."""

    a: Floats
    b: Floats
    line: Ints

    def of(self, which: Bools) -> Edges:
        return Edges(self.a[which], self.b[which], self.line[which])

    def touching(self, box: Box) -> Edges:
        """The edges whose bounds touch the box."""
        west, south, east, north = box
        (ax, ay), (bx, by) = self.a.T, self.b.T
        return self.of(
            (np.minimum(ax, bx) <= east)
            & (np.maximum(ax, bx) >= west)
            & (np.minimum(ay, by) <= north)
            & (np.maximum(ay, by) >= south)
        )


# --- boxes


def box_of(lat: Floats, lon: Floats) -> Box:
    """The bounds of some places."""
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def middle_of(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def grown(box: Box, metres: float) -> Box:
    """A box and all within some metres of it. Near a pole that is every longitude."""
    west, south, east, north = box
    up = metres / 110_000  # a degree of latitude is at least 110,574 m
    farthest = min(max(abs(south), abs(north)) + up, 90.0)
    aside = min(up / max(float(np.cos(np.radians(farthest))), 1e-9), 360.0)
    return west - aside, south - up, east + aside, north + up


def turns(box: Box) -> list[float]:
    """Whole turns at which a box may meet edges within ±180°."""
    return [turn for turn in (-360.0, 0.0, 360.0) if box[0] - turn <= 180 and box[2] - turn >= -180]


# --- edges


def turned(box: Box, edges: Edges) -> tuple[Floats, Floats]:
    """Both ends of the edges that touch a box, turned to where it is."""
    parts = []
    for turn in turns(box):
        some = edges.touching((box[0] - turn, box[1], box[2] - turn, box[3]))
        aside = np.array([turn, 0.0])
        parts.append((some.a + aside, some.b + aside))
    return np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts])


def meetings(
    px: Floats | float, py: Floats | float, dx: Floats, dy: Floats, a: Floats, b: Floats
) -> tuple[Floats, Bools]:
    """Where straight ways meet edges: (share of the way, whether it does), (n, m) for n ways, m edges.

    px, py: where the ways begin, dx, dy: how far they lead, (n, 1). a, b: the ends of the edges, (m, 2).
    """
    (ax, ay), (ex, ey) = a.T, (b - a).T
    with np.errstate(divide="ignore", invalid="ignore"):
        turn = dx * ey - dy * ex
        share = ((ax - px) * ey - (ay - py) * ex) / turn
        along = ((ax - px) * dy - (ay - py) * dx) / turn
        hit = (share >= 0.0) & (share <= 1.0) & (along >= 0.0) & (along <= 1.0)
    return share, hit


def any_between(begin: tuple[float, float], ends: Floats, edges: Edges) -> Bools:
    """Whether an edge meets the straight line from one place to each of n others, (n, 2)."""
    px, py = begin
    _, hit = meetings(px, py, ends[:, :1] - px, ends[:, 1:] - py, edges.a, edges.b)
    return np.asarray(hit.any(axis=1), dtype=np.bool_)


def nearest(x: Floats, y: Floats, a: Floats, b: Floats) -> tuple[Floats, Ints]:
    """(metres, number) of the edge nearest to each of n places; the first of equals."""
    (ax, ay), (bx, by) = a.T, b.T
    metres, which = np.zeros(len(x)), np.zeros(len(x), dtype=np.int64)
    step = max(1, AT_ONCE // len(a))
    for start in range(0, len(x), step):
        px, py = x[start : start + step, None], y[start : start + step, None]
        scale = np.cos(np.radians(py))  # flat is right enough to tell which edge is nearest
        dx, dy = (bx - ax) * scale, by - ay
        sx, sy = (px - ax) * scale, py - ay
        length2 = dx * dx + dy * dy
        t = np.clip((sx * dx + sy * dy) / np.where(length2 > 0, length2, 1.0), 0.0, 1.0)
        best = np.argmin((sx - t * dx) ** 2 + (sy - t * dy) ** 2, axis=1)
        along = t[np.arange(len(best)), best]
        fx, fy = ax[best] + along * (bx - ax)[best], ay[best] + along * (by - ay)[best]
        metres[start : start + step] = geo.near_m(py[:, 0], px[:, 0], fy, fx)
        which[start : start + step] = best
    return metres, which
