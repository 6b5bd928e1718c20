"""A bar that says how long a round distance is on a map, where that is one length all over it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convoylog.reports.draw.project import RADIUS_M
from convoylog.reports.draw.view import View
from convoylog.reports.words import Words

#: the bar at its longest, and how far it stays from the edges, in pixels
_MOST_PX, _EDGE_PX = 110.0, 14.0
#: by how much a map's lengths may differ from those at its middle before a bar would be a lie
_TRUE = 0.1
#: what stands at the head of a round number
_ROUND = (5.0, 2.0, 1.0)
#: latitudes asked, and a step to a neighbour of each, degrees
_ASKED, _STEP = np.linspace(-89.0, 89.0, 713), 1e-3


@dataclass(frozen=True, slots=True)
class Bar:
    """x, y: its left end, pixels. width: pixels. text: how long it is."""

    x: float
    y: float
    width: float
    text: str


def is_true(view: View) -> bool:
    """Whether a metre is about as long everywhere on the map as `view.scale` says, in each direction."""
    lon = np.full_like(_ASKED, view.projection.lon0)
    here = view.flat(lon, _ASKED)
    _, top, _, bottom = view.frame
    shown = (here[:, 1] >= top) & (here[:, 1] <= bottom)
    if not shown.any():
        return False
    metres = np.radians(_STEP) * RADIUS_M * view.scale
    north = np.hypot(*(view.flat(lon, _ASKED + _STEP) - here).T) / metres
    east = np.hypot(*(view.flat(lon + _STEP, _ASKED) - here).T) / metres
    east /= np.cos(np.radians(_ASKED))
    lengths = np.concatenate([north[shown], east[shown]])
    return bool(np.abs(lengths - 1).max() <= _TRUE)


def scale_bar(view: View, words: Words) -> Bar | None:
    """The bar of a map, at its lower right; None where it would be a lie."""
    if not is_true(view):
        return None
    far, near, _, _ = words.per_metre()
    longest = _MOST_PX / view.scale
    unit = far if longest * far >= 1 else near
    power = 10 ** np.floor(np.log10(longest * unit))
    number = next(n * power for n in _ROUND if n * power <= longest * unit)
    metres = float(number / unit)
    text = words.round_distance(metres) if unit == far else words.height(metres)
    width = metres * view.scale
    return Bar(view.width - _EDGE_PX - width, view.height - _EDGE_PX, width, text)
