"""The columns against brute force straight from the definitions, on random small drives."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convoylog.model.convoy import ConvoyRules
from convoylog.model.tracks import Floats, Track, make_track
from convoylog.trips.convoy.places import find_places
from convoylog.trips.convoy.visits import ask, lags
from convoylog.trips.convoy.ways import make_way
from tests.trips.convoy import brute

RULES = ConvoyRules()


def wander(rng: np.random.Generator, n: int) -> tuple[Floats, Floats, Floats]:
    """Streets at right angles, stops, turns back, recorders fast and slow: time, east, north."""
    step = rng.choice([1.0, 5.0, 10.0, 30.0], n)
    if rng.random() < 0.3:
        step[rng.integers(n)] = rng.choice([150.0, 600.0, 4000.0])
    speed = rng.choice([0.0, 0.0, 1.0, 8.0, 15.0, 30.0], n)
    if rng.random() < 0.6:
        speed = np.repeat(speed[::6], 6)[:n]
    turns = rng.choice([0.0, 90.0, 180.0, -90.0, 45.0], n) * (rng.random(n) < 0.08)
    course = np.radians(rng.choice([0.0, 90.0, 180.0, 270.0]) + np.cumsum(turns))
    noise = rng.choice([0.5, 4.0, 30.0])
    east = np.cumsum(speed * step * np.sin(course)) + rng.normal(0.0, noise, n)
    north = np.cumsum(speed * step * np.cos(course)) + rng.normal(0.0, noise, n)
    return np.cumsum(step) + rng.uniform(0.0, 40.0), east, north


def two_cars(seed: int) -> tuple[Track, Track]:
    rng = np.random.default_rng(seed)
    lat = float(rng.choice([0.0, 38.0, -70.0, 85.0]))
    lon = float(rng.choice([10.0, 180.0, -179.999]))
    up, across = brute.scale(lat)

    def placed(time: Floats, east: Floats, north: Floats) -> Track:
        broken = np.cumsum(rng.random(len(time)) < rng.choice([0.0, 0.1]))
        x = np.remainder(lon + east / across + 180.0, 360.0) - 180.0
        return make_track(time, lat + north / up, x, None, broken)

    time, east, north = wander(rng, 60)
    first = placed(time, east, north)
    if rng.random() < 0.5:  # the same road later
        later = float(rng.choice([7.0, 60.0, 200.0]))
        noise = rng.normal(0.0, 5.0, (2, len(time)))
        return first, placed(time + later, east + noise[0], north + noise[1])
    return first, placed(*wander(rng, 60))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_lags_are_those_of_brute_force(seed: int) -> None:
    tracks = two_cars(seed)
    a, b = (make_way(track, RULES) for track in tracks)
    if not (a.known.any() and b.known.any()):
        return
    got = lags(a, find_places(a, RULES), ask(b, RULES), RULES)
    first, second = (
        brute.plain(t.time.tolist(), t.lat.tolist(), t.lon.tolist(), t.segment.tolist())
        for t in tracks
    )
    wanted = [brute.lag(first, second, t, RULES) for t in (b.tick * 10.0).tolist()]
    assert pytest.approx(wanted, abs=1e-3) == got.tolist()


def test_the_drives_are_worth_comparing() -> None:
    """Brute force finds visits in them, and places nobody came by."""
    found = []
    for seed in range(20):
        tracks = two_cars(seed)
        first, second = (
            brute.plain(t.time.tolist(), t.lat.tolist(), t.lon.tolist(), t.segment.tolist())
            for t in tracks
        )
        ticks = np.arange(0.0, 600.0, 50.0).tolist()
        found += [brute.lag(first, second, t, RULES) for t in ticks if second.hop_at(t)]
    assert 20 < sum(math.isinf(lag) for lag in found)
    assert 20 < sum(0.0 < lag < math.inf for lag in found)
    assert 20 < sum(lag == 0.0 for lag in found)
