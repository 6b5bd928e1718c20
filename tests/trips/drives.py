"""Small drives for tests: along geodesics, by closed forms, so that the answers are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from geographiclib.geodesic import Geodesic

from convoylog.model.tracks import Floats, Track, make_track

#: a UTC instant: 2026-05-02T12:00:00Z
NOON = 1_777_723_200.0
ROAD = (37.7528, -100.0171, 285.0)


def along(metres: Floats, road: tuple[float, float, float] = ROAD) -> tuple[Floats, Floats]:
    """Places that many metres along a geodesic; a table of 100 m steps, straight between."""
    line = Geodesic.WGS84.Line(*road)
    knots = np.arange(np.floor(metres.min() / 100.0), np.ceil(metres.max() / 100.0) + 1) * 100.0
    ends = [line.Position(float(m), Geodesic.STANDARD | Geodesic.LONG_UNROLL) for m in knots]
    lat = np.interp(metres, knots, [end["lat2"] for end in ends])
    lon = np.interp(metres, knots, [end["lon2"] for end in ends])
    return lat, lon


def drive(
    metres: Floats | Callable[[Floats], Floats],
    seconds: Floats,
    *,
    start: float = NOON,
    road: tuple[float, float, float] = ROAD,
    ele: Floats | None = None,
) -> Track:
    """A track along the road: metres so far at each second since the start."""
    way = metres(seconds) if callable(metres) else metres
    lat, lon = along(way, road)
    lon = np.remainder(lon + 180.0, 360.0) - 180.0
    return make_track(start + seconds, lat, lon, ele)


def plan(*parts: tuple[float, float]) -> Callable[[Floats], Floats]:
    """Metres over time from (seconds, metres a second) parts, one after the other."""
    knots = np.cumsum([0.0, *(s for s, _ in parts)])
    way = np.cumsum([0.0, *(s * v for s, v in parts)])
    return lambda seconds: np.interp(seconds, knots, way)


def shuffled(track: Track, seed: int = 1) -> Track:
    order = np.random.default_rng(seed).permutation(len(track))
    return make_track(track.time[order], track.lat[order], track.lon[order], track.ele[order])


def wandering(track: Track, seed: int, metres: float = 4.0, minute_s: float = 60.0) -> Track:
    """The track with noise as GPS has it: it wanders over a minute, and does not jump about."""
    rng = np.random.default_rng(seed)
    dt = np.diff(track.time, prepend=track.time[0] - 1.0)
    stay = np.exp(-dt / minute_s)
    noise = np.zeros((2, len(track)))
    for row in noise:
        kicks = rng.normal(size=len(row)) * metres * np.sqrt(1.0 - stay**2)
        value = rng.normal() * metres
        for i, kick in enumerate(kicks):
            value = value * stay[i] + kick
            row[i] = value
    lat = track.lat + noise[0] / 111_000.0
    lon = track.lon + noise[1] / 111_000.0 / np.cos(np.radians(track.lat))
    return make_track(track.time, lat, lon, track.ele)
