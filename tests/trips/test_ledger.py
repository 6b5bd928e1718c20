"""The time ledger: moving, halted, unknown; metres; top speed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from convoylog import geo
from convoylog.model.tracks import Floats, make_track, take
from convoylog.model.trip import Spent
from convoylog.trips.clean import clean
from convoylog.trips.ledger import Ledger, keep_ledger, top_speed, union
from convoylog.trips.stops import find_stops
from tests.trips.drives import NOON, along, drive, plan, shuffled, wandering


def utc(_lat: float, _lon: float, _at: float) -> int:
    return 0


def account(ledger: Ledger) -> float:
    return ledger.moving_s + ledger.halted_s + ledger.unknown_s


@pytest.mark.parametrize("azimuth", [285.0, 0.0, 90.0, 45.0])
def test_a_hundred_kilometres_are_a_hundred(azimuth: float) -> None:
    seconds = np.arange(4001.0)
    track = drive(seconds * 25.0, seconds, road=(37.75, -100.0, azimuth))
    assert keep_ledger(track).distance_m == pytest.approx(100_000.0, abs=0.05)
    for decimals, too_short, too_long in ((7, 10.0, 10.0), (5, 1.0, 20.0)):
        rounded = make_track(track.time, track.lat.round(decimals), track.lon.round(decimals))
        metres = keep_ledger(clean(rounded).track).distance_m
        assert 100_000.0 - too_short <= metres <= 100_000.0 + too_long


def _stop_and_go() -> tuple[Floats, Floats]:
    """30 m/s, ±2 m/s² at every halt; three stops of 600 s and ten lights of 40 s."""
    halts = [600.0 if k in (3, 7, 11) else 40.0 for k in range(13)]
    seconds, speed = [0.0], [0.0]
    for halt in halts:
        for length, end in ((15.0, 30.0), (300.0, 30.0), (15.0, 0.0), (halt, 0.0)):
            seconds.append(seconds[-1] + length)
            speed.append(end)
    for length, end in ((15.0, 30.0), (300.0, 30.0)):
        seconds.append(seconds[-1] + length)
        speed.append(end)
    t = np.arange(seconds[-1] + 1)
    v = np.interp(t, seconds, speed)
    return t, np.concatenate([[0.0], np.cumsum((v[1:] + v[:-1]) / 2.0)])


@pytest.mark.parametrize("noise_m", [0.0, 4.0])
def test_three_stops_and_ten_lights(noise_m: float) -> None:
    t, metres = _stop_and_go()
    track = drive(metres, t)
    track = wandering(track, 7, noise_m)
    ledger = keep_ledger(clean(track).track)
    assert len(ledger.halts) == 13
    assert 2200.0 <= ledger.halted_s <= 2200.0 + 13 * 15.0
    assert len(find_stops(ledger, utc)) == 3
    assert account(ledger) == ledger.elapsed_s


@pytest.mark.parametrize(
    ("silent", "unknown", "lost"), [(90.0, 0.0, 0.0), (500.0, 500.0, 15_000.0)]
)
def test_a_silence_is_unknown_but_its_way_counts(
    silent: float, unknown: float, lost: float
) -> None:
    t = np.arange(0.0, 3601.0, 5.0)
    t = t[(t <= 1000.0) | (t >= 1000.0 + silent)]
    ledger = keep_ledger(drive(t * 30.0, t))
    assert ledger.unknown_s == unknown
    assert ledger.unrecorded_m == pytest.approx(lost, abs=1.0)
    assert ledger.distance_m == pytest.approx(108_000.0, abs=1.0)
    assert account(ledger) == ledger.elapsed_s == 3600.0


@pytest.mark.parametrize(("winding_m", "right_to"), [(0.0, 0.002), (300.0, 0.01)])
def test_one_second_or_ten_tell_the_same_distance(winding_m: float, right_to: float) -> None:
    t = np.arange(0.0, 3601.0)
    lat, lon = along(t * 25.0)
    lat = lat + winding_m * np.sin(t * 25.0 / 5000.0 * 2 * np.pi) / 111_000.0
    track = make_track(NOON + t, lat, lon)
    every, tenth = keep_ledger(track), keep_ledger(take(track, np.arange(0, len(t), 10)))
    assert tenth.distance_m == pytest.approx(every.distance_m, rel=right_to)


def test_the_top_speed_is_held_for_ten_seconds() -> None:
    t = np.arange(0.0, 201.0)
    burst = plan((100.0, 20.0), (5.0, 30.0), (95.0, 20.0))
    assert top_speed(keep_ledger(drive(burst, t))) == pytest.approx(25.0, abs=0.01)


def test_no_top_speed_across_a_hole_or_from_two_points() -> None:
    t = np.array([0.0, 5.0, 10.0, 15.0, 600.0, 605.0, 610.0, 615.0])
    metres = np.array([0.0, 50.0, 100.0, 150.0, 36_000.0, 36_050.0, 36_100.0, 36_150.0])
    assert top_speed(keep_ledger(drive(metres, t))) == pytest.approx(10.0, abs=0.01)
    assert top_speed(keep_ledger(drive(np.array([0.0, 100.0]), np.array([0.0, 10.0])))) is None


def test_a_fix_that_lags_and_catches_up_is_no_top_speed() -> None:
    # seen with a phone at 86 km/h: 11 s of 36 km/h, then 5 s of 210
    t = np.array([*np.arange(0.0, 60.0, 2.0), 71.0, 75.0, *np.arange(76.0, 140.0, 2.0)])
    metres = t * 24.0
    metres[t == 71.0] -= 150.0
    assert top_speed(keep_ledger(drive(metres, t))) == pytest.approx(24.0, abs=0.1)
    # who accelerates hard is believed: 0 to 108 km/h in ten seconds
    t = np.arange(0.0, 121.0)
    metres = np.cumsum(np.clip((t - 60.0) * 3.0, 0.0, 30.0))
    assert top_speed(keep_ledger(drive(metres, t))) == pytest.approx(30.0, abs=0.1)


def test_a_car_that_stood_had_a_top_speed_of_nothing() -> None:
    t = np.arange(0.0, 601.0, 5.0)
    assert top_speed(keep_ledger(make_track(NOON + t, t * 0.0 + 38.0, t * 0.0 - 100.0))) == 0.0


def test_metres_while_standing_are_told_apart() -> None:
    t = np.arange(0.0, 3601.0, 5.0)
    walked = keep_ledger(drive(t * 0.9, t))
    assert walked.moving_s == 0.0
    assert walked.crept_m == pytest.approx(walked.distance_m) == pytest.approx(3240.0, abs=1.0)
    assert keep_ledger(drive(t * 20.0, t)).crept_m == 0.0


def test_a_jump_is_unknown_time_and_no_distance() -> None:
    t = np.arange(0.0, 1001.0, 10.0)
    metres = t * 20.0 + np.where(t > 500.0, 50_000.0, 0.0)
    ledger = keep_ledger(drive(metres, t))
    assert ledger.unknown_s == 10.0
    assert ledger.distance_m == pytest.approx(19_800.0, abs=1.0)
    assert ledger.unrecorded_m == 0.0
    assert account(ledger) == ledger.elapsed_s


def test_a_sleeping_recorder_in_a_parked_car_is_standing() -> None:
    t = np.concatenate([np.arange(0.0, 601.0), np.arange(50_000.0, 50_601.0)])
    metres = np.where(t <= 600.0, t, t - 49_400.0 + 150.0) * 10.0 - np.where(t > 600.0, 1400.0, 0.0)
    ledger = keep_ledger(drive(metres, t))
    assert ledger.unknown_s == 0.0
    assert ledger.halted_s == pytest.approx(49_400.0, abs=30.0)
    nights = find_stops(ledger, utc)
    assert [stop.overnight for stop in nights] == [True]


def test_a_sleep_of_more_than_a_day_is_unknown() -> None:
    t = np.concatenate([np.arange(0.0, 601.0), np.arange(90_000.0, 90_601.0)])
    metres = np.where(t <= 600.0, t * 10.0, 6000.0 + (t - 90_000.0) * 10.0)
    assert keep_ledger(drive(metres, t)).unknown_s == 89_400.0


def test_a_parked_car_with_jitter_drives_nowhere() -> None:
    t = np.arange(0.0, 7200.0)
    rng = np.random.default_rng(3)
    track = make_track(
        NOON + t, 38.0 + rng.normal(size=len(t)) * 4e-5, -100 + rng.normal(size=len(t)) * 4e-5
    )
    ledger = keep_ledger(clean(track).track)
    # the path through all the points is 40 km long
    assert geo.hops_m(track.lat, track.lon).sum() > 30_000.0
    assert ledger.distance_m < 30.0
    assert ledger.halted_s == ledger.elapsed_s


def test_crossing_180_degrees_is_no_leap() -> None:
    t = np.arange(0.0, 1001.0, 5.0)
    ledger = keep_ledger(drive(t * 25.0, t, road=(-17.0, 179.9, 90.0)))
    assert ledger.distance_m == pytest.approx(25_000.0, abs=0.5)
    assert ledger.unknown_s == 0.0


@pytest.mark.parametrize("n", [0, 1])
def test_nothing_and_one_point(n: int) -> None:
    ledger = keep_ledger(make_track([NOON] * n, [38.0] * n, [-100.0] * n))
    assert (ledger.elapsed_s, ledger.distance_m, len(ledger.halts)) == (0.0, 0.0, 0)
    assert ledger.moving_between(0.0, 1e12) == 0.0
    assert list(ledger.metres_at([0.0, 1e12])) == [0.0, 0.0]
    assert top_speed(ledger) is None
    assert find_stops(ledger, utc) == ()


def test_times_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="rise"):
        keep_ledger(make_track([NOON, NOON], [38.0, 38.1], [-100.0, -100.0]))


@pytest.mark.parametrize("seed", range(6))
def test_the_three_times_make_the_elapsed_time(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 400
    t = np.cumsum(rng.choice([0.1, 1.0, 7.3, 60.0, 400.0, 40_000.0], size=n))
    v = rng.choice([0.0, 0.0, 15.0, 30.0], size=n)
    metres = np.concatenate([[0.0], np.cumsum(np.minimum(np.diff(t), 900.0) * v[1:])])
    ledger = keep_ledger(drive(metres, t))
    assert account(ledger) == pytest.approx(ledger.elapsed_s, abs=1e-6)
    assert ledger.moving_s >= 0.0
    cut = float(rng.uniform(t[0], t[-1])) + NOON
    first, last = float(ledger.time[0]), float(ledger.time[-1])
    halves = ledger.moving_between(first, cut) + ledger.moving_between(cut, last)
    assert halves == pytest.approx(ledger.moving_s, abs=0.01)


def test_parts_of_the_time_sum_to_the_whole_to_the_millisecond() -> None:
    t, metres = _stop_and_go()
    ledger = keep_ledger(drive(metres, t))
    begin, end = float(ledger.time[0]), float(ledger.time[-1])
    cuts = [begin, *np.sort(np.random.default_rng(1).uniform(begin, end, 40)).tolist(), end]
    parts = [ledger.spent_between(a, b) for a, b in itertools.pairwise(cuts)]
    for name in ("elapsed_s", "moving_s", "halted_s", "unknown_s"):
        assert getattr(ledger, name) == round(sum(getattr(part, name) for part in parts), 3)


def test_what_lies_outside_of_the_recording_is_unknown() -> None:
    t = np.arange(0.0, 101.0)
    ledger = keep_ledger(drive(t * 20.0, t))
    assert ledger.spent_between(NOON - 50.0, NOON + 150.0) == Spent(200.0, 100.0, 0.0, 100.0)
    assert ledger.spent_between(NOON + 200.0, NOON + 300.0) == Spent(100.0, 0.0, 0.0, 100.0)
    empty = keep_ledger(make_track([], [], []))
    assert empty.spent_between(0.0, 10.0) == Spent(10.0, 0.0, 0.0, 10.0)


def test_points_put_between_known_ones_change_nothing() -> None:
    t, metres = _stop_and_go()
    tenth = slice(None, None, 10)
    coarse = drive(metres[tenth], t[tenth])
    middle = make_track(
        np.concatenate([coarse.time, (coarse.time[1:] + coarse.time[:-1]) / 2]),
        np.concatenate([coarse.lat, (coarse.lat[1:] + coarse.lat[:-1]) / 2]),
        np.concatenate([coarse.lon, (coarse.lon[1:] + coarse.lon[:-1]) / 2]),
    )
    before, after = keep_ledger(coarse), keep_ledger(clean(shuffled(middle)).track)
    assert after.distance_m == pytest.approx(before.distance_m, rel=1e-4)
    assert after.halted_s == pytest.approx(before.halted_s, rel=1e-4)


def test_spans_are_joined_where_they_touch() -> None:
    spans = np.array([[0.0, 5.0], [1.0, 2.0], [5.0, 6.0], [7.0, 8.0]])
    assert union(spans).tolist() == [[0.0, 6.0], [7.0, 8.0]]


@pytest.mark.parametrize("step_s", [0.5, 0.02])
def test_short_hops_are_thinned_as_by_walking_every_point(step_s: float) -> None:
    rng = np.random.default_rng(5)
    t = np.arange(0.0, 1200.0 * step_s, step_s)
    metres = np.cumsum(rng.uniform(0.0, 16.0 * step_s, size=len(t))) + t
    track = drive(metres, t)
    kept, base = 0.0, 0
    for i in range(1, len(t)):
        hop = geo.distance_m(track.lat[base], track.lon[base], track.lat[i], track.lon[i])
        if hop >= 10.0 or i == len(t) - 1:
            kept, base = kept + hop, i
    ledger = keep_ledger(track)
    assert len(ledger.halts) == 0
    assert ledger.distance_m == pytest.approx(kept, abs=1e-6)
