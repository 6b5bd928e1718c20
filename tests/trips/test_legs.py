"""Legs: found, joined, declared."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from convoylog.model.tracks import take
from convoylog.model.trip import Stop
from convoylog.trips.ledger import Ledger, keep_ledger
from convoylog.trips.legs import Declared, Span, find_legs, settle
from convoylog.trips.stops import find_stops
from tests.trips.drives import NOON, drive, plan
from tests.trips.plain_ground import PlainGround

H, M = 3600.0, 60.0
GROUND = PlainGround()


def offset(lat: float, lon: float, at: float) -> int:
    return GROUND.offset_at(GROUND.zone_at(lat, lon), at)


def legs(
    *parts: tuple[float, float], cut_s: float = 1800.0, start: float = NOON, **more: object
) -> tuple[Ledger, tuple[Stop, ...], tuple[Span, ...]]:
    t = np.arange(0.0, sum(s for s, _ in parts) + 1, 10.0)
    ledger = keep_ledger(drive(plan(*parts), t, start=start))
    stops = find_stops(ledger, offset)
    return ledger, stops, find_legs(ledger, stops, cut_s=cut_s, **more)  # type: ignore[arg-type]


DODGE_TO_DENVER = (
    (90 * M, 28.0), (12 * M, 0.0), (90 * M, 28.0), (50 * M, 0.0),
    (60 * M, 28.0), (25 * M, 0.0), (220 * M, 28.0), (12 * H, 0.0),
)  # fmt: skip


def test_dodge_city_to_denver_is_two_legs() -> None:
    start = NOON + 1 * H  # 08:00 in Dodge City
    counts = {
        cut: len(legs(*DODGE_TO_DENVER, cut_s=cut * M, start=start)[2]) for cut in (30, 20, 10)
    }
    assert counts == {30: 2, 20: 3, 10: 4}


def test_metres_of_legs_sum_to_the_total() -> None:
    ledger, _, found = legs(*DODGE_TO_DENVER)
    assert sum(leg.distance_m for leg in found) == pytest.approx(ledger.distance_m, abs=1e-6)
    assert sum(leg.moving_s for leg in found) == pytest.approx(ledger.moving_s, abs=0.1)


def test_legs_and_the_stops_between_tile_the_time() -> None:
    ledger, stops, found = legs(*DODGE_TO_DENVER)
    cuts = [stop for stop in stops if stop.duration_s >= 1800.0]
    edges = [float(ledger.time[0])]
    for leg, stop in zip(found, cuts, strict=True):
        assert (leg.begin, leg.end) == (edges[-1], stop.from_at)
        edges.append(stop.to_at)


def test_midnight_does_not_cut() -> None:
    _, _, found = legs((70 * M, 28.0), start=NOON + 16.5 * H)
    assert len(found) == 1


def test_moving_the_car_after_lunch_is_no_leg() -> None:
    _, _, found = legs((2 * H, 28.0), (50 * M, 0.0), (2 * M, 10.0), (40 * M, 0.0), (2 * H, 28.0))
    assert len(found) == 2
    # joined across the shorter stop: the small move belongs to what comes after it
    assert found[1].begin == pytest.approx(NOON + 2 * H + 50 * M, abs=30.0)


def test_nothing_is_joined_across_a_night() -> None:
    _, stops, found = legs((2 * H, 28.0), (9 * H, 0.0), (5 * M, 10.0), (9 * H, 0.0), (2 * H, 28.0))
    assert [stop.overnight for stop in stops] == [True, True]
    assert len(found) == 3


def test_a_long_hole_is_a_leg_of_its_own_not_recorded() -> None:
    t = np.arange(0.0, 4 * H + 1, 10.0)
    track = drive(t * 28.0, t)
    track = take(track, (t <= H) | (t >= 2 * H))
    ledger = keep_ledger(track)
    found = find_legs(ledger, ())
    assert [leg.recorded for leg in found] == [True, False, True]
    assert found[1].distance_m == pytest.approx(H * 28.0, rel=1e-6)
    assert sum(leg.distance_m for leg in found) == pytest.approx(ledger.distance_m)


def test_declared_legs_win_and_found_ones_fill_the_rest() -> None:
    noon = (Declared(NOON + H, NOON + 6 * H, "The plains"),)
    ledger, _, found = legs(*DODGE_TO_DENVER, declared=noon)
    assert [leg.declared for leg in found] == [False, True, False]
    assert (found[1].begin, found[1].end) == (NOON + H, NOON + 6 * H)
    assert found[1].title == "The plains"
    assert sum(leg.distance_m for leg in found) == pytest.approx(ledger.distance_m)


def test_a_declared_leg_ends_where_the_next_begins() -> None:
    a, b = Declared(0.0, 100.0, "a"), Declared(50.0, 80.0, "b")
    assert settle((b, a)) == (Declared(0.0, 50.0, "a"), b)
    assert settle((Declared(10.0, 5.0),)) == ()


def test_a_leg_just_begun_is_a_leg() -> None:
    assert settle((Declared(10.0, 10.0, "now"),)) == (Declared(10.0, 10.0, "now"),)


def test_a_car_without_track_has_its_declared_legs_only() -> None:
    t = np.zeros(0)
    ledger = keep_ledger(drive(np.zeros(1), np.zeros(1)))
    assert find_legs(ledger, ()) == ()
    assert len(find_legs(ledger, (), (Declared(NOON, NOON + H, "x"),))) == 1
    assert len(t) == 0


def test_a_few_steps_between_a_night_and_a_hole_are_no_leg() -> None:
    t = np.concatenate([np.arange(0.0, 2 * H, 10.0), np.arange(12 * H, 12 * H + 100.0, 10.0)])
    metres = np.minimum(t, 2 * H) * 28.0 + np.maximum(t - 12 * H, 0.0) * 1.5 + (t > 3 * H) * 9000.0
    ledger = keep_ledger(drive(metres, t))
    found = find_legs(ledger, find_stops(ledger, offset))
    assert [leg.recorded for leg in found] == [True, False]
    assert sum(leg.distance_m for leg in found) == pytest.approx(ledger.distance_m)
    # alone in the world, the same steps are all there is to tell
    steps = keep_ledger(drive(np.arange(0.0, 100.0, 10.0) * 1.5, np.arange(0.0, 100.0, 10.0)))
    assert len(find_legs(steps, ())) == 1


def test_a_car_that_only_stood_has_no_leg() -> None:
    assert legs((3 * H, 0.0))[2] == ()


@pytest.mark.parametrize("seed", range(4))
def test_legs_tile_whatever_the_drive(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts = [
        (float(rng.choice([5, 20, 45, 120, 400])) * M, float(rng.choice([0.0, 12.0, 30.0])))
        for _ in range(25)
    ]
    declared = (Declared(NOON + 3 * H, NOON + 4.5 * H), Declared(NOON + 20 * H, NOON + 30 * H))
    ledger, _, found = legs(*parts, declared=declared)
    assert sum(leg.distance_m for leg in found) == pytest.approx(ledger.distance_m)
    assert all(a.end <= b.begin for a, b in itertools.pairwise(found))
    inside = sum(leg.moving_s for leg in found)
    assert inside == pytest.approx(ledger.moving_s, abs=0.1)
