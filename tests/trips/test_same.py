"""The same recording exported twice is known as one; two recorders in one car are not."""

from __future__ import annotations

import numpy as np
import pytest

from convoylog.model.tracks import Recording, Track, make_track, take
from convoylog.trips.same import may_be_same, outline, same_recording

N = 600
AT = 1_800_000_000.0


def drive(seed: int = 0) -> Track:
    """Ten minutes at one point a second, 20 m/s north-east, winding."""
    n = np.arange(N, dtype=float)
    chance = np.random.default_rng(seed)
    lat = 39.0 + n * 1.3e-4 + 3e-4 * np.sin(n / 40)
    lon = -100.0 + n * 1.6e-4
    return make_track(AT + n, lat + chance.normal(0, 3e-9, N), lon, n)


def noisy(track: Track, metres: float, seed: int) -> Track:
    chance = np.random.default_rng(seed)
    degrees = metres / 111_000
    return make_track(
        track.time,
        track.lat + chance.normal(0, degrees, len(track)),
        track.lon + chance.normal(0, degrees / 0.78, len(track)),
    )


def recording(*tracks: Track) -> Recording:
    return Recording("GPX 1.1", "test", tracks)


def rounded(track: Track, decimals: int, seconds: int = 3) -> Track:
    return make_track(
        np.round(track.time, seconds), np.round(track.lat, decimals), np.round(track.lon, decimals)
    )


def test_itself() -> None:
    found = same_recording(recording(drive()), recording(drive()))
    assert found is not None
    assert (found.shift_s, found.points) == (0.0, (N, N))


@pytest.mark.parametrize("decimals", [5, 6, 7])
def test_other_rounding_of_degrees(decimals: int) -> None:
    assert same_recording(recording(drive()), recording(rounded(drive(), decimals)))


def test_whole_seconds_instead_of_tenths() -> None:
    track = drive()
    shifted = make_track(track.time + 0.3, track.lat, track.lon)
    assert same_recording(recording(shifted), recording(rounded(shifted, 6, 0)))


def test_fewer_points_cut_into_two_tracks() -> None:
    thin = take(drive(), np.arange(0, N, 3))
    halves = recording(take(thin, np.arange(100)), take(thin, np.arange(100, len(thin))))
    found = same_recording(halves, recording(drive()))
    assert found is not None
    assert found.points == (N // 3, N)


@pytest.mark.parametrize("hours", [-7, 1, 5.5, 12])
def test_a_clock_that_is_zones_off_is_named(hours: float) -> None:
    track = drive()
    wrong = make_track(track.time + hours * 3600, track.lat, track.lon)
    found = same_recording(recording(wrong), recording(track))
    assert found is not None
    assert found.shift_s == hours * 3600


def test_two_receivers_in_one_car_are_two() -> None:
    assert (
        same_recording(recording(noisy(drive(), 2.5, 1)), recording(noisy(drive(), 2.5, 2))) is None
    )


def test_a_car_ten_seconds_behind_is_another() -> None:
    track = drive()
    behind = make_track(track.time + 10, track.lat, track.lon)
    assert same_recording(recording(behind), recording(track)) is None


def test_the_same_road_an_hour_later_is_another_drive() -> None:
    # an hour and eight seconds: no zone is so far off
    track = drive()
    later = make_track(track.time + 3608, track.lat, track.lon)
    assert same_recording(recording(later), recording(track)) is None


def test_lines_without_times() -> None:
    track = drive()
    bare = make_track(np.full(N, np.nan), track.lat, track.lon)
    other = make_track(np.full(N, np.nan), track.lat[::-1], track.lon[::-1])
    assert same_recording(recording(bare), recording(rounded(bare, 5)))
    assert same_recording(recording(bare), recording(other)) is None
    assert same_recording(recording(bare), recording(track)) is None


def test_too_few_points_say_nothing() -> None:
    few = take(drive(), np.arange(5))
    assert same_recording(recording(few), recording(few)) is None
    assert same_recording(recording(), recording(drive())) is None


@pytest.mark.parametrize("seed", range(40))
def test_what_is_one_recording_is_never_told_apart_by_its_outline(seed: int) -> None:
    chance = np.random.default_rng(seed)
    track = drive(seed)
    # anywhere, over the date line and near the poles too
    lat = np.clip(track.lat + chance.uniform(-125, 48), -89.9, 89.9)
    lon = (track.lon + chance.choice([0.0, -80.0, 280.0, 279.96]) + 180.0) % 360.0 - 180.0
    one = make_track(track.time, lat, lon, track.ele)
    other = take(one, np.sort(chance.permutation(N)[: N - chance.integers(0, 20)]))
    far = chance.permutation(len(other))[:20]
    moved = other.lat.copy()
    moved[far] = 0.0  # some fixes that are wrong in one export
    other = make_track(
        other.time + 900 * chance.integers(-60, 61),
        np.round(moved, 5),
        np.where(other.lon < -179.999, other.lon + 360.0, np.round(other.lon, 5)),
    )
    a, b = recording(one), recording(other)
    assert same_recording(a, b) is not None
    assert may_be_same(outline(a), outline(b))
    assert may_be_same(outline(b), outline(a))


def test_another_day_another_place_and_geometry_are_told_apart_at_once() -> None:
    track = drive()
    mine = outline(recording(track))
    later = make_track(track.time + 86_400, track.lat, track.lon)
    north = make_track(track.time, track.lat + 1, track.lon)
    untimed = make_track(np.full(N, np.nan), track.lat, track.lon)
    for other in (later, north, untimed):
        assert not may_be_same(mine, outline(recording(other)))
    assert not may_be_same(mine, outline(recording()))
    assert may_be_same(mine, outline(recording(rounded(track, 5))))
