"""Laws of company, and the four old mistakes, each of which some test here must see."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from convoylog.model.convoy import Convoy, ConvoyRules
from convoylog.model.logbook import Car
from convoylog.model.tracks import Track, make_track, take
from convoylog.model.trip import CarTrip
from convoylog.trips.convoy import find_convoy, see, side_by_side, together, visits
from tests.trips.convoy.cars import BEGIN, convoy, drive, pair, spans
from tests.trips.convoy.test_brute import companions
from tests.trips.convoy.test_cases import every, later
from tests.trips.drives import plan

RULES = ConvoyRules()


def cars(seed: int, names: str = "abcd") -> tuple[CarTrip, ...]:
    """Cars of two companies of random drives, on one road."""
    tracks = [*companions(seed), *companions(seed + 1)][: len(names)]
    return tuple(CarTrip(Car(f"c-{n}", n, n), t) for n, t in zip(names, tracks, strict=True))


def find(trips: tuple[CarTrip, ...]) -> Convoy:
    return find_convoy(trips, RULES, routes=False)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_sums(seed: int) -> None:
    trips = cars(seed)
    found = find(trips)
    assert 6 == len(found.pairs)
    for two in found.pairs:
        assert 0.0 <= two.together_s <= two.both_known_s
        assert two.share is None or 0.0 <= two.share <= 1.0
        assert sum(two.lead_s.values()) <= two.together_s
        for first, second in zip(two.episodes, two.episodes[1:], strict=False):
            assert first.to_at < second.from_at
    for car in trips:
        ticks = set(see(car, RULES).way.tick.tolist())
        told: set[int] = set()
        for group in found.groups:
            assert set(group.order) == set(group.cars)
            if car.car.id in group.cars:
                mine = set(range(int(group.from_at // 10), int(group.to_at // 10)))
                assert not mine & told
                told |= mine
        assert ticks == told


def test_without_the_closest_approach_all_else_is_the_same() -> None:
    trips = cars(3)
    whole, less = find(trips), find_convoy(trips, RULES, routes=False, closest=False)
    assert any(two.closest for two in whole.pairs)
    assert less == replace(whole, pairs=tuple(replace(two, closest=None) for two in whole.pairs))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_order_and_names_of_cars_change_nothing(seed: int) -> None:
    trips = cars(seed)
    here, there = find(trips), find(trips[::-1])
    mirrored = {frozenset((p.a, p.b)): p for p in there.pairs}
    for two in here.pairs:
        other = mirrored[frozenset((two.a, two.b))]
        assert (two.episodes, two.share, two.gap_s) == (other.episodes, other.share, other.gap_s)
        assert two.lead_s == other.lead_s
        assert two.overtakes == other.overtakes
        if two.closest is not None and other.closest is not None:
            assert pytest.approx(two.closest.distance_m) == other.closest.distance_m
    assert {(g.from_at, frozenset(g.cars), g.order) for g in here.groups} == {
        (g.from_at, frozenset(g.cars), g.order) for g in there.groups
    }
    # ids are only names: given anew, everything follows
    renamed = tuple(replace(t, car=replace(t.car, id=f"x-{t.car.id}")) for t in trips)
    text = repr(find(renamed)).replace("x-c-", "c-")
    assert repr(here) == text


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_an_unrelated_car_changes_nothing_for_the_others(seed: int) -> None:
    trips = cars(seed, "ab")
    far = drive(lambda t: 30.0 * t, every(5, 5400), road=(10.0, 10.0, 0.0))
    other = make_track(far.time - BEGIN, far.lat, far.lon)
    alone, with_it = find(trips), find((*trips, CarTrip(Car("c-z", "z", "z"), other)))
    assert alone.pairs[0] == with_it.pairs[0]
    assert alone.groups == tuple(g for g in with_it.groups if "c-z" not in g.cars)
    assert alone.events == with_it.events


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.floats(1000.0, 5000.0))
@example(0, 1659.0)  # no two points of one segment so early
def test_what_comes_later_changes_no_gap(seed: int, until: float) -> None:
    whole = [see(car, RULES) for car in cars(seed, "ab")]
    early_tracks = [take(car.track, car.track.time <= until) for car in cars(seed, "ab")]
    if not all((track.segment[1:] == track.segment[:-1]).any() for track in early_tracks):
        return
    cut = [
        see(replace(car, track=track), RULES)
        for car, track in zip(cars(seed, "ab"), early_tracks, strict=True)
    ]
    before, after = side_by_side(*cut, RULES), side_by_side(*whole, RULES)
    # a hop that is cut off is not known any more
    last = min(float(car.way.time[-1]) for car in cut) - 1.0
    early = before.tick * 10.0 < last
    rows = np.searchsorted(after.tick, before.tick[early])
    assert np.array_equal(before.gap[early], after.gap[rows], equal_nan=True)
    assert np.array_equal(before.raw[early], after.raw[rows])


@pytest.mark.parametrize("east", [90.0, 279.999, -80.0])
def test_longitude_shifts_and_the_date_line(east: float) -> None:
    def moved(car: CarTrip) -> CarTrip:
        t = car.track
        lon = np.remainder(t.lon + east + 180.0, 360.0) - 180.0
        return replace(car, track=make_track(t.time, t.lat, lon, t.ele, t.segment))

    for seed in range(5):
        trips = cars(seed, "abc")
        here, there = find(trips), find(tuple(moved(car) for car in trips))
        assert [p.episodes for p in here.pairs] == [p.episodes for p in there.pairs]
        assert [p.share for p in here.pairs] == [p.share for p in there.pairs]
        assert [g.order for g in here.groups] == [g.order for g in there.groups]


# --- the four old mistakes


def test_a_visit_to_come_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    a = drive(lambda t: 30.0 * t, every(5, 5400))

    def gap() -> float:
        found = pair(A=a, B=later(a, 200.0)).gap_s
        assert found is not None
        return found.median

    assert pytest.approx(200.0, abs=1.0) == gap()
    monkeypatch.setattr(visits, "NEXT_S", 1e6)  # wrong: whoever will come counts as there
    assert pytest.approx(200.0, abs=1.0) != gap()


def test_the_latest_visit_counts_though_an_earlier_one_was_nearer() -> None:
    """A drives the road, comes back on it and drives it again 40 m aside; B follows at the end."""
    forth = drive(lambda t: 30.0 * t, every(5, 900))
    back = later(drive(lambda t: 27_000.0 - 30.0 * t, every(5, 900)), 905.0)
    again = later(drive(lambda t: 30.0 * t, every(5, 900), 40.0), 1810.0)
    a = make_track(
        np.concatenate([t.time for t in (forth, back, again)]),
        np.concatenate([t.lat for t in (forth, back, again)]),
        np.concatenate([t.lon for t in (forth, back, again)]),
    )
    found = pair(A=a, B=later(forth, 1810.0 + 100.0))
    assert found.gap_s is not None
    # the nearest visit was half an hour and more before
    assert pytest.approx(100.0, abs=1.0) == found.gap_s.median
    assert 1.0 == found.share


def test_two_whose_recorders_sleep_side_by_side_are_together() -> None:
    """Nine hours without a point, 40 m apart: known, standing, not a hole."""
    seconds = np.concatenate([every(10, 1800), every(10, 1800) + 34_000.0])
    way = plan((1800.0, 20.0), (32_200.0, 0.0), (1800.0, 20.0))
    found = convoy(A=drive(way, seconds), B=drive(way, seconds, 40.0))
    (two,) = found.pairs
    assert pytest.approx(35_800.0, abs=20.0) == two.both_known_s == two.together_s
    assert 1 == len(two.episodes)
    assert (1, 0) == (len(found.groups), len(found.events))


def test_a_sleeping_car_does_not_keep_company_with_all_who_pass() -> None:
    """A sleeps at the roadside all day; B drives by at noon: no company of ten minutes."""
    asleep = drive(plan((600.0, 20.0), (40_000.0, 0.0)), np.array([*every(10, 600), 30_000.0]))
    passing = later(drive(lambda t: 30.0 * t, every(5, 1800)), 15_000.0)
    assert () == pair(A=asleep, B=passing).episodes


def test_what_is_not_known_is_neither_together_nor_apart() -> None:
    """B's recorder is dead for twenty minutes in the middle of a common drive."""
    a = drive(lambda t: 30.0 * t, every(5, 5400))
    t = every(5, 5400)
    b = later(drive(lambda t: 30.0 * t, t[(t <= 2000) | (t >= 3200)]), 60.0)
    found = convoy(A=a, B=b)
    (two,) = found.pairs
    assert pytest.approx(5340.0 - 1200.0, abs=20.0) == two.both_known_s
    assert two.both_known_s == two.together_s
    assert 1.0 == two.share
    assert 1 == len(two.episodes)  # the hole is inside of it
    # A goes on, alone in our knowledge; nobody left, nobody came
    assert () == found.events
    hole = [g for g in found.groups if g.cars == ("c-A",) and g.from_at > BEGIN + 1000]
    assert [pytest.approx(1200.0, abs=20.0)] == [g.to_at - g.from_at for g in hole]


def test_a_hole_of_half_an_hour_ends_an_episode_without_a_parting() -> None:
    t = every(5, 9000)
    a = drive(lambda t: 30.0 * t, t)
    b = later(drive(lambda t: 30.0 * t, t[(t <= 3000) | (t >= 5000)]), 60.0)
    found = convoy(A=a, B=b)
    assert 2 == len(found.pairs[0].episodes)
    assert () == found.events


def test_no_car_one_car_and_cars_without_tracks() -> None:
    assert Convoy() == convoy()
    nothing: dict[str, Any] = {"A": make_track([], [], []), "B": make_track([BEGIN], [38.0], [9.0])}
    found = convoy(**nothing)
    assert (0.0, None, None) == (
        found.pairs[0].both_known_s,
        found.pairs[0].share,
        found.pairs[0].closest,
    )
    assert () == found.groups


# --- overtakes, order, events


def swapping() -> tuple[Track, Track]:
    """B is 60 s behind, faster, and 60 s ahead after 2400 s."""
    a = drive(lambda t: 25.0 * t, every(5, 2400))
    b = drive(lambda t: 25.0 * (t - 60.0) + 25.0 * t * 120.0 / 2400.0, every(5, 2400))
    return a, b


def test_an_overtake_is_where_the_gap_is_zero() -> None:
    a, b = swapping()
    found = convoy(A=a, B=b)
    (passed,) = found.pairs[0].overtakes
    assert "c-B" == passed.leader
    assert pytest.approx(1200.0, abs=10.0) == passed.at - BEGIN
    (group,) = [g for g in found.groups if len(g.cars) == 2]
    assert ("c-A", "c-B") == group.orders[0].cars
    assert ("c-B", "c-A") == group.orders[-1].cars


def test_weaving_within_three_seconds_is_no_overtake() -> None:
    a = drive(lambda t: 25.0 * t, every(5, 3000))
    b = drive(lambda t: 25.0 * t + 50.0 * np.sin(t / 100.0), every(5, 3000))
    found = convoy(B=a, A=b)
    assert () == found.pairs[0].overtakes
    assert ("c-A", "c-B") == found.groups[0].order  # by name, since nothing told


def test_a_car_that_turns_off_splits_at_its_rear_and_a_third_leaves() -> None:
    a = drive(lambda t: 25.0 * t, every(5, 7200))
    b = later(a, 60.0)
    # C stops for good after half an hour
    c = later(drive(plan((1800.0, 25.0), (5400.0, 0.0)), every(5, 7200)), 120.0)
    found = convoy(A=a, B=b, C=c)
    (left,) = found.events
    assert ("leave", ("c-C",), ("c-A", "c-B")) == (left.kind, left.cars, left.others)
    # five minutes after B passed where C stands
    assert pytest.approx(1860.0 + 300.0, abs=30.0) == left.at - BEGIN


def test_clocks_an_hour_apart_are_hinted_and_not_mended() -> None:
    a = drive(lambda t: 25.0 * t, every(5, 14_400))
    found = convoy(Anna=a, Ben=later(a, 3600.0))
    assert () == found.pairs[0].episodes
    (hint,) = found.warnings
    assert "Ben" in hint
    assert "1 hour " in hint
    assert () == convoy(Anna=a, Ben=later(a, 2500.0)).warnings


def test_a_receiver_that_lost_1024_weeks_is_hinted() -> None:
    a = drive(lambda t: 25.0 * t, every(5, 3600))
    (hint,) = convoy(Anna=a, Ben=later(a, -7168 * 86_400.0)).warnings
    assert "7168 days" in hint
    assert "Ben" in hint


def test_dates_before_2005_and_after_tomorrow_are_hinted() -> None:
    a = drive(lambda t: 25.0 * t, every(5, 3600))
    old = CarTrip(Car("c-o", "Old", "o"), later(a, -9000 * 86_400.0), 0.0, 3600.0)
    new = CarTrip(Car("c-n", "New", "n"), a, BEGIN, BEGIN + 3600.0)
    assert 1 == len(find_convoy((old,), now=BEGIN).warnings)
    assert () == find_convoy((new,), now=BEGIN).warnings
    (hint,) = find_convoy((new,), now=BEGIN - 3 * 86_400.0).warnings
    assert "tomorrow" in hint


def test_episodes_of_a_window_are_cut_to_it() -> None:
    a = drive(lambda t: 30.0 * t, every(5, 5400))
    from tests.trips.convoy.cars import worked

    trips = worked(A=a, B=later(a, 60.0))
    window = (BEGIN + 1000.0, BEGIN + 2000.0)
    found = find_convoy(trips, window=window)
    assert [(1000.0, 2000.0)] == spans(found.pairs[0])
    assert 1000.0 == found.pairs[0].together_s == found.pairs[0].both_known_s
    assert (window, ()) == ((found.groups[0].from_at, found.groups[0].to_at), found.events)
    closest = found.pairs[0].closest
    assert closest is not None
    assert window[0] <= closest.at <= window[1]


def test_a_clock_that_stands_for_centuries_costs_no_memory() -> None:
    """A point a day for two centuries: each night asleep, all of it known."""
    days = np.arange(200 * 365) * 86_000.0
    old = make_track(BEGIN - days[::-1], np.full(len(days), 38.0), np.full(len(days), -100.0))
    a = drive(lambda t: 30.0 * t, every(5, 5400))
    trips = tuple(
        CarTrip(Car(f"c-{n}", n, n), t) for n, t in (("A", a), ("B", later(a, 60.0)), ("C", old))
    )
    found = find_convoy(trips, routes=False)
    assert [1.0, None, None] == [two.share for two in found.pairs]
    (hint,) = found.warnings
    assert "C is known for over a year" in hint


def test_blocks_of_ticks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(5):
        whole = find(cars(seed, "ab"))
        monkeypatch.setattr(together, "BLOCK", 7)
        assert whole == find(cars(seed, "ab"))
        monkeypatch.undo()


@pytest.mark.parametrize("block", [7, 1_000, together.BLOCK])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_cars_asked_at_once_say_what_two_alone_say(
    seed: int, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {number: see(car, RULES) for number, car in enumerate(cars(seed))}
    alone = {(a, b): side_by_side(seen[a], seen[b], RULES) for a, b in combinations(seen, 2)}
    monkeypatch.setattr(together, "BLOCK", block)
    found = together.sides(seen, RULES)
    assert list(alone) == list(found)
    assert any((~np.isnan(side.gap)).sum() > 20 for side in found.values())
    for pair_, side in found.items():
        for name in ("tick", "gap", "away_m", "episodes", "inside"):
            expected = getattr(alone[pair_], name)
            assert np.array_equal(
                expected, getattr(side, name), equal_nan=expected.dtype.kind == "f"
            )
