"""Who passed whom: where the gap changes its sign and keeps it."""

from __future__ import annotations

import numpy as np

from convoylog.model.convoy import ConvoyRules
from convoylog.model.tracks import Floats, Ints
from convoylog.trips.convoy.together import Side
from convoylog.trips.convoy.ways import Bools


def find_overtakes(side: Side, moving: Bools, rules: ConvoyRules) -> tuple[tuple[float, bool], ...]:
    """(instant of no gap, whether the first car leads from then on), within episodes, by time.

    moving: ticks of `side` at which both drive. On both sides of the instant the gap is held: at
    least order_s over ticks that follow each other for held_s.
    """
    rows = np.flatnonzero(side.inside & ~np.isnan(side.gap))
    if not len(rows):
        return ()
    gap, tick = side.gap[rows], side.tick[rows]
    sign = np.where(np.abs(gap) >= rules.order_s, np.sign(gap), 0.0)
    fresh = np.ones(len(rows), dtype=np.bool_)
    fresh[1:] = (sign[1:] != sign[:-1]) | (tick[1:] != tick[:-1] + 1)
    begins = np.flatnonzero(fresh)
    sizes = np.diff(np.append(begins, len(rows)))
    held = begins[(sizes * rules.tick_s >= rules.held_s) & (sign[begins] != 0.0)]
    found = []
    # a row for each held stretch: few, however many ticks
    stops = begins[np.searchsorted(begins, held)] + sizes[np.searchsorted(begins, held)]
    which = np.searchsorted(side.episodes[:, 0], tick[held], side="right")
    for i in np.flatnonzero((np.diff(sign[held]) != 0.0) & (np.diff(which) == 0)).tolist():
        low, high = int(stops[i]) - 1, int(held[i + 1])
        found.append((_zero(tick, gap, moving[rows], low, high, rules), bool(sign[high] > 0)))
    return tuple(found)


def _zero(tick: Ints, gap: Floats, moving: Bools, low: int, high: int, rules: ConvoyRules) -> float:
    """The instant of no gap between two rows of opposite sign, at the last change between them.

    Gaps of a second or less read as none, so the line is drawn over those. Where somebody stood in
    between, nobody passed until the new leader drove off.
    """
    side = np.sign(gap[low : high + 1])
    old = low + int(np.flatnonzero(side == side[0])[-1])
    new = old + int(np.flatnonzero(side[old - low :] == side[-1])[0])
    share = 1.0
    if moving[old : new + 1].all():
        share = float(gap[old] / (gap[old] - gap[new]))
    return float(tick[old] + share * (tick[new] - tick[old])) * rules.tick_s
