"""Meridians and parallels: what an atlas has where nothing else is, at sea, on the ice, in a car park."""

from __future__ import annotations

import numpy as np

from convoylog.model.tracks import Floats
from convoylog.reports.draw.clip import clip_line
from convoylog.reports.draw.view import View

#: degrees between two lines, in steps that people count by
_STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0)
#: parallels on a map's height, about
_WANTED = 5
#: metres of a degree of latitude
_DEGREE_M = 111_000.0
#: degrees at which meridians end: nearer to a pole they are a tangle
_NEAR_POLE = 88.0
#: points of a line: a circle around a pole still looks round
_POINTS = 73


def graticule(view: View) -> list[Floats]:
    """Lines in pixels, cut to the frame."""
    west, south, east, north = view.box
    middle = view.projection.lon0
    half = min(((east - west) % 360.0 or 360.0) / 2, 180.0)
    up = _step(view.height / view.scale / _DEGREE_M / _WANTED)
    shrunk = float(np.cos(np.radians(min(abs(south + north) / 2, 80.0))))
    across = _step(up / shrunk)
    top, bottom = min(north, _NEAR_POLE), max(south, -_NEAR_POLE)
    course = np.linspace(0.0, 1.0, _POINTS)
    lines = [
        view.flat(np.full(_POINTS, lon), bottom + course * (top - bottom))
        for lon in _multiples(across, middle - half, middle + half)
    ]
    lines += [
        view.flat(middle - half + course * 2 * half, np.full(_POINTS, lat))
        for lat in _multiples(up, bottom, top)
    ]
    turns = (-view.turn, 0.0, view.turn) if view.turn else (0.0,)
    moved = (line + np.array([x, 0.0]) for line in lines for x in turns)
    return [piece for line in moved for piece in clip_line(line, view.frame)]


def _step(degrees: float) -> float:
    return next((step for step in _STEPS if step >= degrees), _STEPS[-1])


def _multiples(step: float, begin: float, end: float) -> list[float]:
    first, last = int(np.ceil(begin / step)), int(np.floor(end / step))
    return [n * step for n in range(first, last + 1)]
