"""Bad fixes left out, good ones kept."""

from __future__ import annotations

import numpy as np
import pytest

from convoylog.model.tracks import Track, make_track
from convoylog.trips.clean import clean
from tests.trips.drives import NOON, drive, shuffled


def steady(n: int = 101, step: float = 1.0) -> Track:
    t = np.arange(n) * step
    return drive(t * 20.0, t)


def moved(track: Track, which: list[int], metres: float) -> Track:
    lat = track.lat.copy()
    lat[which] += metres / 111_000.0
    return make_track(track.time, lat, track.lon, track.ele)


def test_a_clean_track_stays_whole_whatever_its_order() -> None:
    track = steady()
    cleaned = clean(shuffled(track))
    assert cleaned.dropped == {}
    assert np.array_equal(cleaned.track.time, track.time)
    assert np.array_equal(cleaned.track.lat, track.lat)


def test_what_cannot_be_is_refused_by_reason() -> None:
    lat = [38.0, np.nan, 91.0, 38.0, 0.0, 38.0, np.inf]
    lon = [-100.0, -100.0, -100.0, 181.0, 0.0, -100.0, -100.0]
    time = [NOON, NOON + 1, NOON + 2, NOON + 3, NOON + 4, np.nan, NOON + 6]
    cleaned = clean(make_track(time, lat, lon))
    assert cleaned.dropped == {"no time": 1, "impossible": 5}
    assert len(cleaned.track) == 1


def test_exact_duplicates_count_once() -> None:
    track = steady()
    twice = make_track(np.tile(track.time, 2), np.tile(track.lat, 2), np.tile(track.lon, 2))
    cleaned = clean(twice)
    assert cleaned.dropped == {"duplicate": 101}
    assert len(cleaned.track) == 101


def test_of_one_instant_at_two_places_the_likelier_stays() -> None:
    track = steady()
    time = np.append(track.time, track.time[50])
    lat, lon = np.append(track.lat, track.lat[50] + 0.01), np.append(track.lon, track.lon[50])
    cleaned = clean(shuffled(make_track(time, lat, lon)))
    assert cleaned.dropped == {"same time": 1}
    assert np.array_equal(cleaned.track.lat, track.lat)


@pytest.mark.parametrize("which", [[0], [100]])
def test_a_bad_end_goes(which: list[int]) -> None:
    cleaned = clean(moved(steady(), which, 5_000.0))
    assert cleaned.dropped == {"bad end": 1}


def test_up_to_three_leaping_fixes_go_from_an_end_and_not_four() -> None:
    far = steady()
    lat = far.lat.copy()
    lat[:3] += np.array([0.3, 0.1, 0.2])
    assert clean(make_track(far.time, lat, far.lon)).dropped == {"bad end": 3}
    lat[:4] = far.lat[:4] + np.array([0.3, 0.1, 0.2, 0.1])
    assert "bad end" not in clean(make_track(far.time, lat, far.lon)).dropped


@pytest.mark.parametrize("aside_m", [100.0, 3_000.0])
def test_a_clump_of_reflections_goes_whole_and_alone(aside_m: float) -> None:
    cleaned = clean(moved(steady(), list(range(40, 48)), aside_m))
    assert cleaned.dropped == {"excursion": 8}
    # judged one by one first, the good points beside the clump would go too
    assert len(cleaned.track) == 93


def test_eleven_points_or_more_than_a_minute_are_no_excursion() -> None:
    assert "excursion" not in clean(moved(steady(), list(range(40, 51)), 3_000.0)).dropped
    slow = steady(41, 15.0)
    assert "excursion" not in clean(moved(slow, list(range(20, 26)), 30_000.0)).dropped


def test_a_nested_excursion_goes_from_the_inside() -> None:
    track = moved(moved(steady(), list(range(40, 47)), 3_000.0), [43], 4_000.0)
    assert clean(track).dropped == {"excursion": 7}


def test_a_spike_goes_and_braking_stays() -> None:
    assert clean(moved(steady(), [50], 60.0)).dropped == {"spike": 1}
    assert clean(moved(steady(), [50], 30.0)).dropped == {}
    t = np.arange(0.0, 101.0)
    braking = drive(np.where(t < 50, 30.0 * t, 1500.0 + 0 * t), t)
    assert clean(braking).dropped == {}


def test_a_lasting_jump_is_no_spike() -> None:
    t = np.arange(0.0, 101.0)
    cleaned = clean(drive(20.0 * t + np.where(t > 50, 9_000.0, 0.0), t))
    assert cleaned.dropped == {}


def test_across_180_degrees_nothing_is_dropped() -> None:
    t = np.arange(0.0, 601.0)
    assert clean(drive(t * 25.0, t, road=(-17.0, 179.95, 90.0))).dropped == {}


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_points_are_kept_as_they_are(n: int) -> None:
    assert len(clean(steady(n)).track if n else clean(make_track([], [], [])).track) == n


def test_thirty_thousand_leaps_end_soon() -> None:
    rng = np.random.default_rng(1)
    n = 30_000
    track = make_track(NOON + np.arange(n), rng.uniform(37, 38, n), rng.uniform(-101, -100, n))
    cleaned = clean(track)
    assert len(cleaned.track) + sum(cleaned.dropped.values()) == n
