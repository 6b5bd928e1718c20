"""A car's way as columns of hops, and where it was at every tick of the common clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convoylog import geo
from convoylog.model.convoy import ConvoyRules
from convoylog.model.tracks import Floats, Ints, Track
from convoylog.trips.ledger import ASLEEP_M, HOLE_S

Bools = NDArray[np.bool_]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One car: n points, n - 1 hops, m ticks at which it is known.

    lon: unwrapped. known: hops whose way is recorded, sleeping ones too. metres: length of hops.
    east, north: courses as unit vectors, 0 where it stays put. slow: too slow for a course.
    tick: numbers of ticks, rising; hop: in which hop each falls; y, x: degrees there (x unwrapped).
    """

    time: Floats
    lat: Floats
    lon: Floats
    known: Bools
    metres: Floats
    east: Floats
    north: Floats
    slow: Bools
    tick: Ints
    hop: Indices
    y: Floats
    x: Floats

    def spans(self) -> NDArray[np.intp]:
        """(k, 2) first and last points of the stretches known without a break."""
        edges = np.flatnonzero(np.diff(self.known, prepend=False, append=False))
        return edges.reshape(-1, 2)

    def position_at(self, at: Floats) -> tuple[Floats, Floats]:
        """Latitude and unwrapped longitude on the straight line between the points."""
        return np.interp(at, self.time, self.lat), np.interp(at, self.time, self.lon)


def turn(degrees: Floats) -> Floats:
    """Differences of longitude the short way round."""
    if len(degrees) and (degrees.max() > 180.0 or degrees.min() < -180.0):
        return degrees - 360.0 * np.rint(degrees / 360.0)
    return degrees


def scale(lat: Floats) -> tuple[Floats, Floats]:
    """Metres of a degree of latitude and of longitude at latitudes in degrees, WGS84."""
    cosine = np.cos(np.radians(lat))
    w2 = (1.0 - geo.E2) + geo.E2 * (cosine * cosine)
    per = np.pi / 180.0 * geo.A / np.sqrt(w2)
    return (1.0 - geo.E2) * per / w2, per * cosine


def make_way(track: Track, rules: ConvoyRules) -> Way:
    """The way of a cleaned track: times strictly rising, a new segment where the way is unknown."""
    time, lat = track.time, track.lat
    lon = geo.unwrapped(track.lon)
    known = track.segment[1:] == track.segment[:-1]
    dt = np.diff(time)
    up, across = scale((lat[1:] + lat[:-1]) / 2.0)
    north, east = np.diff(lat) * up, np.diff(lon) * across
    metres = np.sqrt(north * north + east * east)
    with np.errstate(divide="ignore", invalid="ignore"):
        unit = np.where(metres > 0.0, 1.0 / metres, 0.0)
    # a recorder that slept stood still, whatever noise says of its metres
    slow = (metres < rules.slow_mps * dt) | (known & (dt > HOLE_S) & (metres <= ASLEEP_M))
    tick, hop = _ticks(time, known, rules.tick_s)
    f = (tick * float(rules.tick_s) - time[hop]) / dt[hop] if len(tick) else np.zeros(0)
    y = lat[hop] + f * (lat[hop + 1] - lat[hop]) if len(tick) else np.zeros(0)
    x = lon[hop] + f * (lon[hop + 1] - lon[hop]) if len(tick) else np.zeros(0)
    return Way(time, lat, lon, known, metres, east * unit, north * unit, slow, tick, hop, y, x)


def _ticks(time: Floats, known: Bools, tick_s: int) -> tuple[Ints, Indices]:
    """Numbers of the ticks inside known hops, and the hop of each. A hop owns its begin."""
    edges = np.flatnonzero(np.diff(known, prepend=False, append=False)).reshape(-1, 2)
    first = np.ceil(time[edges[:, 0]] / tick_s).astype(np.int64)
    stop = np.ceil(time[edges[:, 1]] / tick_s).astype(np.int64)
    counts = np.maximum(stop - first, 0)
    starts = np.cumsum(counts) - counts
    tick = np.arange(int(counts.sum())) + np.repeat(first - starts, counts)
    hop = np.searchsorted(time, tick * float(tick_s), side="right") - 1
    return tick, hop
