"""A net of cells over the Earth: places near each other share a cell, also across ±180°.

Rows are as high everywhere; each row has as many columns as keep it wide enough at its end nearer
the pole, and its columns close to a ring.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats, Ints

#: no degree of latitude is shorter (at the equator), and no degree of longitude there is shorter
#: than this many metres times the cosine of the latitude
LAT_M, LON_M = 110_574.0, 111_319.0
#: room for the columns of a row: cells are no smaller than some 80 m
_COLUMN_BITS = 19

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """Cells at least so many metres high and wide. Columns over rows: count, metres a degree."""

    row_deg: float
    columns: Ints
    degree_m: Floats

    def touched(self, lat: Floats, lon: Floats, reach_m: Floats) -> tuple[Indices, Ints]:
        """Cells within reach of places: (which place, cell) rows, the first n for every place one.

        reach_m: at most half a cell, so that a place touches at most four.
        """
        tall = reach_m / LAT_M
        south = self._row(lat - tall)
        north = self._row(lat + tall)
        every = np.arange(len(lat))
        which, cells = self._in_row(every, south, lon, reach_m)
        two = np.flatnonzero(north != south)
        more, further = self._in_row(two, north[two], lon[two], reach_m[two])
        return np.concatenate([which, more]), np.concatenate([cells, further])

    def _row(self, lat: Floats) -> Ints:
        row = np.floor((lat + 90.0) / self.row_deg).astype(np.int64)
        return np.clip(row, 0, len(self.columns) - 1)

    def _in_row(
        self, which: Indices, row: Ints, lon: Floats, reach_m: Floats
    ) -> tuple[Indices, Ints]:
        columns = self.columns[row]
        per_degree = columns / 360.0
        wide = reach_m / self.degree_m[row]
        west = np.floor((lon - wide) * per_degree).astype(np.int64)
        east = np.floor((lon + wide) * per_degree).astype(np.int64)
        base = row << _COLUMN_BITS
        two = np.flatnonzero(east != west)
        return (
            np.concatenate([which, which[two]]),
            np.concatenate([base + west % columns, base[two] + east[two] % columns[two]]),
        )


@lru_cache(maxsize=8)
def make_net(cell_m: float) -> Net:
    """A net of cells of at least that many metres, 80 or more."""
    row_deg = cell_m / LAT_M
    rows = int(np.ceil(180.0 / row_deg))
    edges = np.minimum(np.arange(rows + 1) * row_deg - 90.0, 90.0)
    # the narrower end of a row; at the very poles one cell holds all
    degree_m = LON_M * np.cos(np.radians(np.maximum(np.abs(edges[:-1]), np.abs(edges[1:]))))
    degree_m = np.maximum(degree_m, 1e-6)
    columns = np.maximum(1, np.floor(360.0 * degree_m / cell_m)).astype(np.int64)
    return Net(row_deg, columns, degree_m)
