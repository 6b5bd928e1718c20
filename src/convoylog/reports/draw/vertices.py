"""Tracks for the page's script: few vertices, each true to its time, packed into text."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats
from convoylog.model.trip import CarTrip
from convoylog.reports.draw.bundle import find_lanes
from convoylog.reports.draw.pieces import kept_in_time, pieces_of, within_map
from convoylog.reports.draw.view import View

#: vertices of all cars together: some 250 kB
MOST = 40_000
#: metres a vertex may be off at first; doubled until there are few enough
_TOLERANCE_M = 15.0
#: metres of a unit, on a short trip and a long one; what is long, metres
_UNITS_M, _LONG_M = (5.0, 20.0), 200_000.0
#: metres that are one road: two sides of a motorway, and GPS on both
_ROAD_M = 900.0
#: quarters of a lane are what an eye can see
LANE_STEPS = 4
_LANE_TOLERANCE = 0.15

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Packed:
    """cars: for each, text in base64. unit: pixels of the view that a unit is. corners: of the box
    around all vertices, upper left and lower right, in pixels of the view; none without vertices.

    Zig-zag varints of differences: the number of pieces; for each the number of its vertices; then
    seconds, x and y of every vertex; then runs of (vertices until the next change of lane, change).
    """

    cars: tuple[str, ...]
    unit: float
    corners: tuple[tuple[float, float], ...]


def pack_tracks(cars: Sequence[CarTrip], view: View, when: Callable[[Floats], Floats]) -> Packed:
    """The tracks of some cars in whole units of a view's projection.

    when: from UTC seconds to the seconds that are told.
    """
    pieces = [within_map(pieces_of(trip), view.projection) for trip in cars]
    metres = [
        [view.pixels(p.lon, p.lat) / view.scale for p in rows] for rows in pieces
    ]  # y down, as on a screen
    tolerance = _TOLERANCE_M
    while True:
        index = [
            [kept_in_time(p.time, m, tolerance) for p, m in zip(rows, line, strict=True)]
            for rows, line in zip(pieces, metres, strict=True)
        ]
        count = sum(len(i) for rows in index for i in rows)
        if count <= MOST * 0.9:  # changes of lane add a few
            break
        tolerance *= 2
    lines = [[m[i] for m, i in zip(*pair, strict=True)] for pair in zip(metres, index, strict=True)]
    times = [
        [p.time[i] for p, i in zip(*pair, strict=True)] for pair in zip(pieces, index, strict=True)
    ]
    unit = _UNITS_M[view.metres_wide > _LONG_M]
    made = []
    places = [np.zeros((0, 2))]
    for rows, lanes in zip(times, find_lanes(lines, _ROAD_M), strict=True):
        columns = []
        for time, lane in zip(rows, lanes, strict=True):
            keep = np.union1d(
                np.flatnonzero(lane.origin % 1 == 0),
                _changes(lane.lane),
            )
            at = np.interp(lane.origin[keep], np.arange(len(time)), time)
            columns.append((when(at), lane.points[keep], lane.lane[keep]))
            places.append(lane.points[keep])
        made.append(_packed(columns, unit))
    told = np.round(np.concatenate(places) / unit) * unit * view.scale
    corners = (
        tuple((float(x), float(y)) for x, y in (told.min(0), told.max(0))) if len(told) else ()
    )
    return Packed(tuple(made), unit * view.scale, corners)


def _changes(lane: Floats) -> NDArray[np.intp]:
    """The vertices without which a change of lane would begin or end elsewhere."""
    if not lane.any():
        return np.zeros(0, dtype=np.intp)
    course = np.arange(float(len(lane)))
    return kept_in_time(course, np.stack([lane, np.zeros(len(lane))], axis=1), _LANE_TOLERANCE)


def _packed(columns: Sequence[tuple[Floats, Floats, Floats]], unit: float) -> str:
    if not columns:
        return ""
    counts = np.array([len(at) for at, _, _ in columns], dtype=np.int64)
    at = np.round(np.concatenate([c[0] for c in columns])).astype(np.int64)
    places = np.round(np.concatenate([c[1] for c in columns]) / unit).astype(np.int64)
    lane = np.round(np.concatenate([c[2] for c in columns]) * LANE_STEPS).astype(np.int64)
    rows = np.stack([at, places[:, 0], places[:, 1]], axis=1)
    steps = np.diff(rows, axis=0, prepend=np.zeros((1, 3), dtype=np.int64))
    change = np.diff(lane, prepend=0)
    where = np.flatnonzero(change)
    runs = np.stack([np.diff(where, prepend=0), change[where]], axis=1)
    return encode(np.concatenate([[len(counts)], counts, steps.ravel(), runs.ravel()]))


def encode(values: Ints) -> str:
    """Zig-zag varints (seven bits a byte, the lowest first), as base64."""
    zigzag = np.where(values < 0, -2 * values - 1, 2 * values).astype(np.uint64)
    parts = bytearray()
    for value in zigzag.tolist():
        left = value
        while left >= 128:
            parts.append(left & 127 | 128)
            left >>= 7
        parts.append(left)
    return base64.b64encode(bytes(parts)).decode()
