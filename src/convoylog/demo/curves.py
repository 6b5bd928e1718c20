"""Roads as lines: through their known points like a pen, with bends as the ground asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convoylog import geo
from convoylog.model.tracks import Floats

#: metres between points of a road: fewer than a car drives in two samples
STEP_M = 50.0
#: bends on flat ground and where it climbs: metres to the side, metres from bend to bend.
#: Slopes are where roads wind: a height gain of 4 % gets all of it
_FLAT_BENDS = ((60.0, 7300.0), (35.0, 3100.0))
_STEEP_BENDS = ((95.0, 1700.0), (45.0, 760.0), (120.0, 4100.0))
_STEEP = 0.04
#: metres from an end over which bends grow, so that roads meet where they should
_TAPER_M = 2500.0
#: rolling ground, metres up and down, metres from crest to crest
_HILLS = ((7.0, 5200.0), (4.0, 2300.0), (2.0, 900.0))


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """n points about STEP_M apart. at: metres from the begin. lat, lon: degrees. ele: metres."""

    at: Floats
    lat: Floats
    lon: Floats
    ele: Floats

    @property
    def length_m(self) -> float:
        return float(self.at[-1])


def smooth(points: Sequence[tuple[float, float, float]]) -> tuple[Line, tuple[float, ...]]:
    """A road through (lat, lon, ele) points, and how far along it each of them is, in metres.

    Centripetal Catmull-Rom (Yuksel, Schaefer and Keyser 2011: no loops, no cusps), then bends and
    hills that depend on nothing but the points.
    """
    rows = np.array(points)
    # metres on a plane through the middle; what that squeezes over 600 km, nobody sees
    scale = np.array([111_100.0, 111_300.0 * np.cos(np.radians(rows[:, 0].mean()))])
    knots = rows[:, :2] * scale
    spread, heights, parts = _spline(knots, rows[:, 2])
    path = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(spread, axis=0).T))])
    at = np.linspace(0.0, path[-1], max(2, round(path[-1] / STEP_M) + 1))
    plane = np.stack([np.interp(at, path, spread[:, k]) for k in (0, 1)], axis=1)
    ele = np.interp(at, path, heights)
    plane, ele = _bent(at, plane, ele)
    lat, lon = (plane / scale).T
    metres = np.concatenate([[0.0], np.cumsum(geo.near_m(lat[:-1], lon[:-1], lat[1:], lon[1:]))])
    marks = np.interp(path[parts], at, metres)
    return Line(metres, lat, lon, ele), tuple(marks.tolist())


def _spline(knots: Floats, ele: Floats) -> tuple[Floats, Floats, list[int]]:
    """Positions and heights along the curve, and where in them each knot is."""
    before, after = 2 * knots[0] - knots[1], 2 * knots[-1] - knots[-2]
    p = np.vstack([before, knots, after])
    t = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(p, axis=0).T) ** 0.5)])
    places, heights, parts = [], [], [0]
    for i in range(1, len(p) - 2):
        length = float(np.hypot(*(p[i + 1] - p[i])))
        u = np.linspace(t[i], t[i + 1], max(4, round(length / STEP_M)), endpoint=False)[:, None]
        a1 = _mix(p[i - 1], p[i], t[i - 1], t[i], u)
        a2 = _mix(p[i], p[i + 1], t[i], t[i + 1], u)
        a3 = _mix(p[i + 1], p[i + 2], t[i + 1], t[i + 2], u)
        b1 = _mix(a1, a2, t[i - 1], t[i + 1], u)
        b2 = _mix(a2, a3, t[i], t[i + 2], u)
        places.append(_mix(b1, b2, t[i], t[i + 1], u))
        share = np.linspace(0.0, 1.0, len(u), endpoint=False)
        heights.append(ele[i - 1] + (ele[i] - ele[i - 1]) * share)
        parts.append(parts[-1] + len(u))
    return np.vstack([*places, knots[-1]]), np.concatenate([*heights, ele[-1:]]), parts


def _mix(a: Floats, b: Floats, ta: float, tb: float, u: Floats) -> Floats:
    return np.asarray((tb - u) / (tb - ta) * a + (u - ta) / (tb - ta) * b, dtype=np.float64)


def _bent(at: Floats, plane: Floats, ele: Floats) -> tuple[Floats, Floats]:
    slope = np.abs(np.gradient(ele, at))
    # a moving mean of 4 km, since a road does not begin to wind at a point
    width = max(1, min(80, len(at) // 4))
    steep = np.convolve(np.minimum(slope / _STEEP, 1.0), np.ones(width) / width, mode="same")
    ends = np.minimum(np.minimum(at, at[-1] - at) / _TAPER_M, 1.0)
    way = np.gradient(plane, axis=0)
    sideways = np.stack([-way[:, 1], way[:, 0]], axis=1) / np.hypot(*way.T)[:, None]
    # where the road lies on the globe gives the phase: other roads bend elsewhere
    phase = float(np.abs(plane[0]).sum()) % 6.283
    shift = (1.0 - steep) * _waves(at, _FLAT_BENDS, phase) + steep * _waves(at, _STEEP_BENDS, phase)
    rolling = _waves(at, _HILLS, phase + 1.0) * (1.0 + 2.0 * steep)
    return plane + sideways * (ends * shift)[:, None], ele + ends * rolling


def _waves(at: Floats, waves: Sequence[tuple[float, float]], phase: float) -> Floats:
    total = np.zeros_like(at)
    for k, (height, length) in enumerate(waves):
        # a second, slower wave keeps bends from looking combed
        slow = 0.6 + 0.4 * np.sin(at / (length * 3.7) + phase * (k + 2))
        total += height * slow * np.sin(2 * np.pi * at / length + phase * (k + 1))
    return total
