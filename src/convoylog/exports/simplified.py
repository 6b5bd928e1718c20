"""Fewer points of what leaves, without changing what the line tells: stops, days, borders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from convoylog import geo
from convoylog.exports.exported import Exported, days_of
from convoylog.model.tracks import Floats, Track, take
from convoylog.model.trip import Trip
from convoylog.simplify import significance, tolerance_for

Bools = NDArray[np.bool_]
#: where a line of latitudes and longitudes meets borders: hop + share of the hop, ascending
Cuts = Callable[[Floats, Floats], Floats]
#: hops asked about together: borders are looked for around all of them
_PIECE = 512


def pins_of(trip: Trip) -> dict[str, Floats]:
    """Car's name → instants that stay, ascending: stops, notes and photos, borders, midnights."""
    pins = {}
    for car in trip.cars:
        at = [t for stop in car.stops for t in (stop.from_at, stop.to_at)]
        at += [t.placed.at for t in trip.story if t.car == car.car.id and t.placed.at is not None]
        for crossing in car.crossings:
            at += crossing.between or ([] if crossing.at is None else [crossing.at])
        turns = np.flatnonzero(np.diff(days_of(car)))
        at += [*car.track.time[turns].tolist(), *car.track.time[turns + 1].tolist()]
        pins[car.car.name] = np.array(sorted(at))
    return pins


def simplified(
    exported: Exported,
    pins: Mapping[str, Floats],
    metres: float,
    most: int | None,
    cuts: Cuts | None = None,
) -> Exported:
    """With fewer points: each left out lies within the stated metres of the line.

    pins: car → instants whose points, before and after, stay. metres: 0 or more. most: points in all.
    cuts: of the borders that the line must not come to lie beyond: where a way meets one, or would
    meet one without some of its points, they stay.
    """
    tracks = [line.track for line in exported.lines]
    pinned = [_pinned(line.track, pins.get(line.car)) for line in exported.lines]
    if cuts is not None:
        pinned = [
            stays | _at_borders(track, np.ones(len(track), dtype=np.bool_), cuts)
            for track, stays in zip(tracks, pinned, strict=True)
        ]
    needed = [_needed(*pair, metres) for pair in zip(tracks, pinned, strict=True)]
    tolerance = metres
    if most is not None and needed:
        tolerance = max(metres, tolerance_for(np.concatenate(needed), most))
    lines = []
    for line, column in zip(exported.lines, needed, strict=True):
        kept = column > tolerance if tolerance > 0.0 else np.ones(len(column), dtype=np.bool_)
        if cuts is not None:
            kept |= _at_borders(line.track, kept, cuts)
        lines.append(replace(line, track=take(line.track, kept)))
    told = exported.told
    left = sum(len(line.track) for line in lines)
    if most is not None and left > most:
        why = "ends, stops, notes, photos, midnights or borders"
        told = (*told, f"{left:,} points are {why} and stay: more than {most:,}.")
    return replace(exported, lines=tuple(lines), tolerance_m=tolerance, told=told)


def _pinned(track: Track, pins: Floats | None) -> Bools:
    """The points before and after each instant."""
    stays = np.zeros(len(track), dtype=np.bool_)
    if pins is not None and len(pins) and len(track) and np.isfinite(track.time).all():
        last = len(track) - 1
        stays[np.clip(np.searchsorted(track.time, pins, side="left"), 0, last)] = True
        stays[np.clip(np.searchsorted(track.time, pins, side="right") - 1, 0, last)] = True
    return stays


def _at_borders(track: Track, kept: Bools, cuts: Cuts) -> Bools:
    """The points of all hops of the line through the kept ones that meet a border, and between."""
    stays = np.zeros(len(track), dtype=np.bool_)
    points = np.flatnonzero(kept)
    if len(points) > 1:
        lat, lon = track.lat[points], geo.unwrapped(track.lon[points])
        met = [
            begin + cuts(lat[begin : begin + _PIECE + 1], lon[begin : begin + _PIECE + 1])
            for begin in range(0, len(points) - 1, _PIECE)
        ]
        hops = np.unique(np.minimum(np.concatenate(met).astype(np.int64), len(points) - 2))
        # marks where a stretch begins and where it has ended, summed up
        edges = np.zeros(len(track) + 1, dtype=np.int64)
        edges[points[hops]] += 1
        np.subtract.at(edges, points[hops + 1] + 1, 1)
        stays = np.cumsum(edges)[:-1] > 0
    return stays


def _needed(track: Track, pinned: Bools, floor_m: float) -> Floats:
    """Significance of every point, segment by segment, ends of segments always."""
    breaks = np.flatnonzero(np.diff(track.segment)) + 1
    edges = [0, *breaks.tolist(), len(track)]
    found = np.zeros(len(track))
    for a, b in pairwise(edges):
        found[a:b] = significance(track.lat[a:b], track.lon[a:b], pinned[a:b], floor_m=floor_m)
    return found
