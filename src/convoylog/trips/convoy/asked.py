"""What a car asks all others at each of its ticks: when were you last where I am?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convoylog.model.convoy import ConvoyRules
from convoylog.model.tracks import Floats, Ints
from convoylog.trips.convoy.places import chord_m, net_for
from convoylog.trips.convoy.straights import ANY, Sectors, sectors_of
from convoylog.trips.convoy.ways import Bools, Indices, Way, scale


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Where a car is at its ticks, and what others need to know to have passed it. m rows.

    t: seconds. y, x: degrees. up, across: metres a degree there. east, north, slow, metres: of its
    hop. cells: one or more columns of the cells within its reach; -1 where there is no further one.
    sectors: of its course, for each of TURNS_DEG; ANY where it is slow.
    """

    t: Floats
    y: Floats
    x: Floats
    up: Floats
    across: Floats
    east: Floats
    north: Floats
    slow: Bools
    metres: Floats
    cells: tuple[Ints, ...]
    sectors: tuple[Sectors, ...]

    def only(self, rows: Indices | slice) -> Asked:
        """The questions of some rows."""
        return Asked(
            self.t[rows],
            self.y[rows],
            self.x[rows],
            self.up[rows],
            self.across[rows],
            self.east[rows],
            self.north[rows],
            self.slow[rows],
            self.metres[rows],
            tuple(column[rows] for column in self.cells),
            tuple(column[rows] for column in self.sectors),
        )


def joined(parts: Sequence[Asked]) -> Asked:
    """The questions of several, one after another."""

    def column(of: Callable[[Asked], NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate([of(part) for part in parts])

    def cells(n: int) -> Callable[[Asked], Ints]:
        return lambda one: one.cells[n] if n < len(one.cells) else np.full(len(one.t), -1)

    def sectors(n: int) -> Callable[[Asked], Sectors]:
        return lambda one: one.sectors[n]

    return Asked(
        column(lambda one: one.t),
        column(lambda one: one.y),
        column(lambda one: one.x),
        column(lambda one: one.up),
        column(lambda one: one.across),
        column(lambda one: one.east),
        column(lambda one: one.north),
        column(lambda one: one.slow),
        column(lambda one: one.metres),
        tuple(column(cells(n)) for n in range(max(len(part.cells) for part in parts))),
        tuple(column(sectors(n)) for n in range(len(parts[0].sectors))),
    )


def ask(way: Way, rules: ConvoyRules) -> Asked:
    """The questions of one car to all others."""
    up, across = scale(way.y)
    t = np.asarray(way.tick * float(rules.tick_s), dtype=np.float64)
    metres = way.metres[way.hop]
    m = len(way.tick)
    which, cell = net_for(rules).touched(way.y, way.x, chord_m(metres))
    cells = [cell[:m]]
    which, cell = which[m:], cell[m:]
    while len(which):  # at most three times
        once = np.ones(len(which), dtype=np.bool_)
        order = np.argsort(which, kind="stable")
        which, cell = which[order], cell[order]
        once[1:] = which[1:] != which[:-1]
        column = np.full(m, -1, dtype=np.int64)
        column[which[once]] = cell[once]
        cells.append(column)
        which, cell = which[~once], cell[~once]
    east, north, slow = way.east[way.hop], way.north[way.hop], way.slow[way.hop]
    sectors = tuple(np.where(slow, ANY, mine) for mine in sectors_of(east, north))
    return Asked(t, way.y, way.x, up, across, east, north, slow, metres, tuple(cells), sectors)
