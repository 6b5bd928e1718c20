"""What a strip over the time axis is made of, for whoever paints it: a ribbon, or a chart."""

from __future__ import annotations

from dataclasses import dataclass

from convoylog.model.tracks import Floats

#: lines come in a drawing so wide and high, and are stretched to their place
WIDTH, HEIGHT = 1000.0, 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """lines: (colour, pieces (n, 2)) by car. hollow: pieces drawn empty. heads: (colour, label, share
    of the height) of roundels at the left. ticks: (share of the height, text). days: (name, share of
    the left edge, of the right one)."""

    lines: tuple[tuple[int, tuple[Floats, ...]], ...]
    hollow: tuple[Floats, ...] = ()
    heads: tuple[tuple[int, str, float], ...] = ()
    ticks: tuple[tuple[float, str], ...] = ()
    days: tuple[tuple[str, float, float], ...] = ()
