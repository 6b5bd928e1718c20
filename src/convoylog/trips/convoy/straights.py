"""Where a way is straight: runs of hops whose courses lie within one sector of 60°."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats
from convoylog.trips.convoy.ways import Way

Sectors = NDArray[np.int8]

#: as wide as two courses may differ on one road; begun anew at 30°, so that a road along the bound
#: of one sector, which noise would cut, is amid another
SECTOR_DEG = 60.0
TURNS_DEG = (0.0, 30.0)
#: the sector of a car too slow for a course: all
ANY = np.int8(-1)
#: longer hops, and those nearer to the poles, are no part of a straight: a metre east differs there
LONGEST_M, LAT_DEG = 400.0, 70.0


@dataclass(frozen=True, slots=True, eq=False)
class Straights:
    """Over n - 1 hops: known, moving, none twice as long as its neighbour, all of one sector.

    begin: first hop of the straight a hop is in, n where it is in none. sector: of its course.
    """

    begin: NDArray[np.int32]
    sector: Sectors


def sectors_of(east: Floats, north: Floats) -> tuple[Sectors, ...]:
    """The sectors of courses, for each of TURNS_DEG: on which side of three lines they lie."""
    found = []
    for turned in TURNS_DEG:
        sector = np.zeros(len(east), dtype=np.int8)
        for bit, line in enumerate(np.radians(np.arange(3) * SECTOR_DEG + turned)):
            side = np.cos(line) * north >= np.sin(line) * east
            sector += side.view(np.int8) << np.int8(bit)
        found.append(sector)
    return tuple(found)


def _middles() -> Iterator[tuple[Floats, Floats]]:
    for number, turned in enumerate(TURNS_DEG):
        middle = np.radians((np.arange(6) + 0.5) * SECTOR_DEG + turned)
        columns = np.zeros(8), np.zeros(8)
        for column, middles in zip(columns, (np.cos(middle), np.sin(middle)), strict=True):
            column[sectors_of(np.cos(middle), np.sin(middle))[number]] = middles
        yield columns


#: east and north of the middle of each sector, for each of TURNS_DEG
MIDDLES = tuple(_middles())


def find_straights(way: Way) -> tuple[Straights, ...]:
    """The straights of a way, for each of TURNS_DEG."""
    n, metres = len(way.time), way.metres
    fit = way.known & ~way.slow & (metres <= LONGEST_M) & (np.abs(way.lat[:-1]) < LAT_DEG)
    joins = fit[1:] & fit[:-1]
    joins &= (metres[1:] <= 2.0 * metres[:-1]) & (metres[:-1] <= 2.0 * metres[1:])
    found = []
    for mine in sectors_of(way.east, way.north):
        fresh = np.ones(n - 1, dtype=np.bool_)
        fresh[1:] = ~joins | (mine[1:] != mine[:-1])
        begin = np.maximum.accumulate(np.where(fresh, np.arange(n - 1, dtype=np.int32), 0))
        begin[~fit] = n
        found.append(Straights(begin, mine))
    return tuple(found)
