"""A fleet in slices says what all pairs compared whole say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from convoylog.model.convoy import Convoy, ConvoyRules, Pair
from convoylog.model.tracks import Floats, Track, make_track, take
from convoylog.model.trip import CarTrip
from convoylog.trips.convoy import find_convoy, fleet
from tests.trips.convoy.brute import scale
from tests.trips.convoy.cars import BEGIN, drive, worked
from tests.trips.convoy.test_brute import wander

RULES = ConvoyRules()


def member(car: CarTrip) -> fleet.Member:
    track = car.track

    def part(begin: float, end: float) -> Track:
        first, last = np.searchsorted(track.time, [begin, end]).tolist()
        return take(track, np.arange(max(first - 1, 0), min(last + 1, len(track))))

    return fleet.Member(car.car.id, float(track.time[0]), float(track.time[-1]), len(track), part)


def facts(found: Convoy) -> dict[tuple[str, str], tuple[object, ...]]:
    def row(pair: Pair) -> tuple[object, ...]:
        return (pair.episodes, pair.both_known_s, pair.together_s, pair.share)

    return {(pair.a, pair.b): row(pair) for pair in found.pairs if pair.episodes}


def both_ways(cars: tuple[CarTrip, ...], slice_s: float, rules: ConvoyRules = RULES) -> Convoy:
    known = [member(car) for car in cars if len(car.track) > 1]
    company = fleet.find_company(known, rules, slice_s=slice_s)
    assert facts(find_convoy(cars, rules, routes=False)) == facts(company)
    return company


def town(seed: int, count: int, lons: tuple[float, ...] = (10.0, 180.0)) -> tuple[CarTrip, ...]:
    """Cars wandering about one small town, some of them the same way a little later."""
    rng = np.random.default_rng(seed)
    lat, lon = float(rng.choice([0.0, 38.0, -70.0])), float(rng.choice(lons))
    up, across = scale(lat)
    tracks: dict[str, Track] = {}
    last: tuple[Floats, Floats, Floats] | None = None
    for n in range(count):
        if last is not None and rng.random() < 0.6:
            way = last[0] + rng.choice([5.0, 120.0, 290.0, 320.0, 900.0]), last[1], last[2]
        else:
            way = wander(rng, 150)
        last = way
        x = np.remainder(lon + way[1] / across + 180.0, 360.0) - 180.0
        tracks[f"c{n}"] = make_track(1_777_723_200.0 + way[0], lat + way[2] / up, x)
    return worked(**tracks)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([300.0, 1000.0, 3600.0, 90_000.0]))
@example(269581, 300.0)  # somebody was at one place for longer than a slice looks back
def test_slices_change_nothing(seed: int, slice_s: float) -> None:
    both_ways(town(seed, 6), slice_s)


@pytest.mark.parametrize("delay", [0.0, 60.0, 299.0, 301.0, 900.0])
def test_a_column_on_one_road(delay: float) -> None:
    seconds = np.arange(0.0, 9000.0, 5.0)
    way = drive(lambda s: 28.0 * s, seconds)
    tracks = {f"c{n}": make_track(way.time + n * delay, way.lat, way.lon) for n in range(4)}
    found = both_ways(worked(**tracks), 1800.0)
    assert bool(found.groups) == (delay <= 300.0)


def test_a_car_that_circled_about_a_place_for_long_was_there_when_it_was_nearest() -> None:
    # at the place itself long ago, then around it, a little nearer with each round, and away;
    # a look back into the rounds alone takes the last of them for the nearest
    up, across = scale(38.0)
    round_ = np.arange(0.0, 700.0, 5.0)
    far = np.where(round_ < 10.0, 0.0, 65.0 - 0.05 * round_)
    away = np.arange(28.0, 28.0 * 600.0, 28.0 * 5.0)
    east = np.concatenate([far * np.cos(0.06 * round_), away])
    north = np.concatenate([far * np.sin(0.06 * round_), np.zeros(len(away))])
    time = BEGIN + 5.0 * np.arange(len(east))
    first = make_track(time, 38.0 + north / up, -100.0 + east / across)
    at = BEGIN + np.arange(730.0, 1300.0, 5.0)
    second = make_track(at, np.full(len(at), 38.0), np.full(len(at), -100.0))
    rules = replace(RULES, shortest_s=60.0)
    for slice_s in (100.0, 200.0, 90_000.0):
        assert not both_ways(worked(a=first, b=second), slice_s, rules).pairs


@pytest.mark.parametrize(("aside", "together"), [(400.0, True), (600.0, False)])
def test_cars_on_roads_side_by_side_are_together_by_nearness(aside: float, together: bool) -> None:
    seconds = np.arange(0.0, 3000.0, 5.0)
    tracks = {
        "a": drive(lambda s: 28.0 * s, seconds),
        "b": drive(lambda s: 28.0 * s, seconds, aside),
    }
    assert bool(both_ways(worked(**tracks), 900.0).pairs) == together


@pytest.mark.parametrize("north", range(0, 800, 100))
def test_neighbours_are_found_wherever_the_net_is_cut(north: float) -> None:
    time = 1_777_723_200.0 + np.arange(0.0, 3000.0, 10.0)
    here = np.full(len(time), 38.0) + north / 111_000
    lon = np.full(len(time), 10.0)
    found = both_ways(
        worked(a=make_track(time, here, lon), b=make_track(time, here + 490.0 / 111_000, lon)),
        900.0,
    )
    assert 1 == len(found.pairs)


def test_a_parked_car_is_passed_by_one_that_stops_beside_it() -> None:
    parked = drive(lambda s: 0.0 * s, np.array([0.0, 20_000.0, 40_000.0]))
    guest = drive(
        lambda s: np.clip(15_000.0 - 10.0 * (s - 9000.0), 0.0, 15_000.0),
        np.arange(8000.0, 14_000.0, 10.0),
    )
    found = both_ways(worked(parked=parked, guest=guest), 1000.0)
    assert 1 == len(found.pairs)


def test_companies_over_time_are_components() -> None:
    runs = {(0, 1): [[0, 100]], (1, 2): [[50, 150]], (3, 4): [[0, 150]], (2, 3): [[80, 90]]}
    episodes = {pair: np.array(spans) for pair, spans in runs.items()}
    assert [
        (0, 50, (0, 1)), (0, 80, (3, 4)), (50, 80, (0, 1, 2)), (80, 90, (0, 1, 2, 3, 4)),
        (90, 100, (0, 1, 2)), (90, 150, (3, 4)), (100, 150, (1, 2)),
    ] == fleet._groups(episodes)  # fmt: skip


def test_nobody_and_one_alone_are_no_company() -> None:
    assert Convoy(rules=RULES) == fleet.find_company([], RULES)
    (alone,) = worked(one=drive(lambda s: 20.0 * s, np.arange(0.0, 4000.0, 10.0)))
    assert () == fleet.find_company([member(alone)], RULES).pairs


def test_a_fleet_that_rests_for_weeks_takes_no_longer() -> None:
    seconds = np.arange(0.0, 1200.0, 5.0)
    first = drive(lambda s: 28.0 * s, seconds)
    cars = worked(
        a=first,
        b=make_track(first.time + 30.0, first.lat, first.lon),
        c=make_track(first.time + 40 * 86_400.0, first.lat, first.lon),
    )
    done: list[float] = []
    found = fleet.find_company([member(car) for car in cars], RULES, tick=done.append)
    assert 1 == len(found.pairs)
    assert len(done) < 5
    assert 1.0 == done[-1]
