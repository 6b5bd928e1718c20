"""Who drove with whom among many cars: a cell for every two, where a line for each pair would be hundreds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convoylog.reports.company import PairLine
from convoylog.reports.words import Words

#: cars whose pairs are still a table one reads: sixty-six lines at most; more are a matrix
MANY = 12
#: how many shades there are between nothing and the longest company
_SHADES = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """text: hours, "" of a car with itself or of two that never drove together. look: s1 to s5 by how
    long, `few` below an hour, `self`, or "" of two that never did."""

    text: str = ""
    look: str = ""


def matrix_of(
    ids: Sequence[str], pairs: Sequence[PairLine], words: Words
) -> tuple[tuple[Cell, ...], ...]:
    """A row for each car, in it a cell for each car; the same on both sides of its diagonal."""
    driven = {frozenset((pair.a, pair.b)): pair.driven_s for pair in pairs}
    longest = max(driven.values(), default=0.0)
    return tuple(
        tuple(
            Cell(look="self")
            if a == b
            else _cell(driven.get(frozenset((a, b)), 0.0), longest, words)
            for b in ids
        )
        for a in ids
    )


def _cell(seconds: float, longest: float, words: Words) -> Cell:
    if seconds <= 0:
        return Cell()
    hours = seconds / 3600
    if hours < 1:
        # the style sheet makes a dot of it: a hundred of these words would hide the hours among them
        return Cell(f"<{words.number(1)}", "few")
    return Cell(words.number(hours), f"s{min(_SHADES, 1 + int(_SHADES * seconds / longest))}")
