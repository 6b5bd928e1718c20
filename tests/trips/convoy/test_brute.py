"""The columns against brute force straight from the definitions, on random small drives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convoylog.model.convoy import ConvoyRules
from convoylog.model.logbook import Car
from convoylog.model.tracks import Floats, Track, make_track
from convoylog.model.trip import CarTrip
from convoylog.trips.convoy import find_convoy, see, side_by_side, visits
from convoylog.trips.convoy.asked import ask
from convoylog.trips.convoy.passing import pass_straight
from convoylog.trips.convoy.places import find_places
from convoylog.trips.convoy.visits import lags
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


def winding(seed: int) -> tuple[Track, Track]:
    """Two cars on one road with bends, rests and ways back, by recorders of a second and more."""
    rng = np.random.default_rng(seed)
    metres = np.arange(0.0, 40_000.0, 20.0)
    turns = np.convolve(rng.normal(0.0, rng.choice([0.01, 0.05]), len(metres)), np.ones(9) / 9.0)
    course = rng.uniform(0.0, 6.28) + np.cumsum(turns[: len(metres)])
    if rng.random() < 0.3:
        course[len(course) // 2 :] += np.pi
    tracks = []
    knots = np.cumsum(rng.choice([30.0, 200.0, 400.0], 16))
    speed = rng.choice([0.0, 4.0, 15.0, 28.0, 28.0], 16)
    for later in (0.0, float(rng.choice([2.0, 20.0, 90.0, 250.0]))):
        time = np.arange(0.0, 1500.0, rng.choice([1.0, 2.0, 5.0])) + later
        way = np.interp(time - later, knots, np.cumsum(speed * np.diff(knots, prepend=0.0)))
        noise = rng.normal(0.0, rng.choice([0.5, 3.0, 12.0]), (2, len(time)))
        north = np.interp(way, metres, np.cumsum(20.0 * np.cos(course))) + noise[0]
        east = np.interp(way, metres, np.cumsum(20.0 * np.sin(course))) + noise[1]
        broken = np.cumsum(rng.random(len(time)) < rng.choice([0.0, 0.003]))
        tracks.append(
            make_track(time, 38.0 + north / 111_000.0, 10.0 + east / 88_000.0, None, broken)
        )
    return tracks[0], tracks[1]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 5.0, 60.0, 300.0]), st.booleans())
def test_short_cuts_on_straight_roads_are_right(seed: int, most_s: float, turned: bool) -> None:
    tracks = winding(seed)[:: -1 if turned else 1]
    a, b = (make_way(track, RULES) for track in tracks)
    questions = ask(b, RULES)
    whole = lags(a, find_places(a, RULES), questions, RULES)
    first, second = (
        brute.plain(t.time.tolist(), t.lat.tolist(), t.lon.tolist(), t.segment.tolist())
        for t in tracks
    )
    rows = range(0, len(b.tick), 10)
    wanted = [brute.lag(first, second, float(b.tick[row]) * 10.0, RULES) for row in rows]
    assert pytest.approx(wanted, abs=1e-3) == whole[::10].tolist()
    # a lag no longer than asked for is told as ever, a longer one perhaps not
    most = np.full(len(b.tick), most_s)
    some = lags(a, find_places(a, RULES), questions, RULES, most)
    told = whole <= most_s
    assert np.array_equal(whole[told], some[told])
    assert np.all((some[~told] == whole[~told]) | np.isinf(some[~told]))


def test_straight_roads_are_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many questions are answered by the short cuts, and not otherwise than in full."""
    told = 0

    def counted(*given: Any) -> Floats:
        nonlocal told
        found = pass_straight(*given)
        told += int((~np.isnan(found)).sum())
        return found

    def gaps(seed: int) -> Floats:
        tracks = zip("ab", winding(seed), strict=True)
        return side_by_side(*(see(CarTrip(Car(n, n, n), t), RULES) for n, t in tracks), RULES).gap

    for seed in range(25):
        monkeypatch.setattr(visits, "pass_straight", counted)
        short = gaps(seed)
        monkeypatch.setattr(visits, "pass_straight", lambda *given: np.full(len(given[3]), np.nan))
        monkeypatch.setattr(visits, "comes_later", lambda *given: np.zeros(len(given[3]), bool))
        monkeypatch.setattr(visits, "stands_there", lambda *given: np.zeros(len(given[2]), bool))
        assert np.array_equal(gaps(seed), short, equal_nan=True)
        monkeypatch.undo()
    assert told > 500


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


def companions(seed: int) -> tuple[Track, Track]:
    """Two cars on one long road that stop, fall back, lose their recorders and turn round."""
    rng = np.random.default_rng(seed)
    up, across = brute.scale(38.0)
    tracks = []
    speed = rng.choice([0.0, 10.0, 25.0, 30.0], 12)
    for _ in range(2):
        step = float(rng.choice([20.0, 45.0]))
        time = np.arange(0.0, 5400.0, step) + rng.uniform(0.0, 300.0)
        mine = np.where(rng.random(12) < 0.7, speed, rng.choice([0.0, 20.0, 33.0], 12))
        mine = mine * np.where(rng.random(12) < 0.1, -1.0, 1.0)
        way = np.concatenate([[0.0], np.cumsum(np.repeat(mine, 100))[:-1] * 4.5])
        east = np.interp(time, np.arange(1200) * 4.5, way) + rng.normal(0.0, 2.0, len(time))
        north = rng.normal(rng.choice([0.0, 0.0, 650.0]), 2.0, len(time))
        holes = rng.random(len(time)) < rng.choice([0.0, 0.05])
        if rng.random() < 0.4:
            low = int(rng.integers(len(time)))
            holes[low : low + int(rng.choice([300.0, 2000.0]) / step)] = True
        tracks.append(
            make_track(time, 38.0 + north / up, -100.0 + east / across, None, np.cumsum(holes))
        )
    return tracks[0], tracks[1]


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_episodes_and_the_closest_approach_are_those_of_brute_force(seed: int) -> None:
    tracks = companions(seed)
    first, second = (
        brute.plain(t.time.tolist(), t.lat.tolist(), t.lon.tolist(), t.segment.tolist())
        for t in tracks
    )
    a, b = (CarTrip(Car(n, n, n), track) for n, track in zip("ab", tracks, strict=True))
    (found,) = find_convoy((a, b), RULES, routes=False).pairs
    got = [(e.from_at, e.to_at) for e in found.episodes]
    assert brute.episodes(first, second, RULES) == got
    nearest = brute.closest(first, second)
    if found.closest is None:
        assert math.isinf(nearest)
    else:
        assert pytest.approx(nearest, abs=0.01, rel=1e-6) == found.closest.distance_m


def test_companions_part_and_meet() -> None:
    """The drives have episodes that begin, end, and bridge holes."""
    counts = []
    for seed in range(30):
        a, b = (CarTrip(Car(n, n, n), t) for n, t in zip("ab", companions(seed), strict=True))
        (found,) = find_convoy((a, b), RULES, routes=False).pairs
        counts.append(len(found.episodes))
        assert found.together_s <= found.both_known_s
    assert {0, 1} <= set(counts)
    assert max(counts) > 1
