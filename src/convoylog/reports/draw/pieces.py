"""A car's track in the pieces that may be drawn as a line, and the same with fewer vertices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convoylog.model.logbook import Car
from convoylog.model.tracks import Floats, Ints
from convoylog.model.trip import CarTrip
from convoylog.reports.draw.project import Projection

#: seconds of silence from which on a track is drawn as two, unless its recorder is known to be slow
HOLE_S = 600.0


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Columns of equal length: UTC seconds, degrees."""

    time: Floats
    lat: Floats
    lon: Floats

    def __len__(self) -> int:
        return len(self.time)


def pieces_of(trip: CarTrip, begin: float | None = None, end: float | None = None) -> list[Piece]:
    """A track between its holes, from begin to end (UTC seconds) if given.

    Of a car without any instant, what it recorded without a clock, its times between 0 and 1.
    """
    if not len(trip.track) and begin is None and end is None:
        return untimed_of(trip)
    t = trip.track
    which = np.ones(len(t), dtype=bool)
    if begin is not None:
        which &= t.time >= begin
    if end is not None:
        which &= t.time <= end
    lat, lon, time, segment = t.lat[which], t.lon[which], t.time[which], t.segment[which]
    if not len(lat):
        return []
    cuts = broken(time, segment, trip.car)
    return _split(cuts, time, lat, lon)


def broken(time: Floats, segment: Ints, car: Car) -> NDArray[np.bool_]:
    """Between which fixes no line is drawn: where the account knows no way, and over long silences."""
    longest = max(HOLE_S, float(car.hole_s or 0))
    cuts: NDArray[np.bool_] = (np.diff(segment) != 0) | (np.diff(time) > longest)
    return cuts


def untimed_of(trip: CarTrip) -> list[Piece]:
    """What a car recorded without a clock."""
    t = trip.untimed
    if not len(t):
        return []
    return _split(np.diff(t.segment) != 0, np.linspace(0.0, 1.0, len(t)), t.lat, t.lon)


def _split(cuts: NDArray[np.bool_], *columns: Floats) -> list[Piece]:
    """Columns in pieces. cuts: between which values."""
    at = np.flatnonzero(cuts) + 1
    return [Piece(*rows) for rows in zip(*(np.split(c, at) for c in columns), strict=True)]


def within_map(pieces: Sequence[Piece], projection: Projection) -> list[Piece]:
    """The pieces, each also cut where it leaves a map at one side and comes in at the other."""
    rows = []
    for piece in pieces:
        leaps = np.abs(np.diff(projection.near(piece.lon))) > 180.0
        cuts = np.flatnonzero(leaps) + 1
        parts = (np.split(column, cuts) for column in (piece.time, piece.lat, piece.lon))
        rows += [Piece(*columns) for columns in zip(*parts, strict=True)]
    return rows


def kept_in_time(time: Floats, points: Floats, tolerance: float) -> NDArray[np.intp]:
    """Indices of the vertices to keep: every one left out was, at its time, within tolerance of
    where the line that replaces it would be. First and last stay.

    points: (n, 2) in the unit of tolerance. Source: Meratnia and de By, 2004.
    """
    n = len(time)
    keep = np.zeros(n, dtype=bool)
    if n:
        keep[[0, -1]] = True
    waiting = [(0, n - 1)]
    while waiting:
        a, b = waiting.pop()
        if b - a < 2:
            continue
        span = time[b] - time[a]
        t = (time[a + 1 : b] - time[a]) / span if span > 0 else np.zeros(b - a - 1)
        away = points[a + 1 : b] - points[a] - t[:, None] * (points[b] - points[a])
        far2 = away[:, 0] ** 2 + away[:, 1] ** 2
        far = int(far2.argmax())
        if far2[far] > tolerance * tolerance:
            keep[a + 1 + far] = True
            waiting += [(a, a + 1 + far), (a + 1 + far, b)]
    return np.flatnonzero(keep)
