"""Several recorders in one car."""

from __future__ import annotations

import numpy as np
import pytest

from convoylog.model.tracks import Track, make_track, take
from convoylog.trips.clean import clean
from convoylog.trips.fuse import Fused, Source, fuse
from convoylog.trips.ledger import Ledger, keep_ledger
from tests.trips.drives import drive, shuffled, wandering


def minutes(first: float, last: float, step: float = 1.0) -> Track:
    t = np.arange(first * 60.0, last * 60.0 + step / 2, step)
    return drive(t * 25.0, t)


def ledger(fused: Fused) -> Ledger:
    return keep_ledger(clean(fused.track).track)


def same(a: Fused, b: Fused) -> bool:
    columns = (
        (x, y)
        for x, y in zip((a.track.time, a.track.lat), (b.track.time, b.track.lat), strict=True)
    )
    return all(np.array_equal(x, y) for x, y in columns) and (a.points, a.other) == (
        b.points,
        b.other,
    )


@pytest.mark.parametrize("late_s", [0.0, 0.5])
def test_two_phones_of_one_drive_fill_each_other(late_s: float) -> None:
    one = Source(wandering(minutes(0, 60), 1), "one")
    t = np.arange(40 * 60.0, 120 * 60.0 + 0.5) + late_s
    two = Source(wandering(drive(t * 25.0, t), 2), "two")
    fused = fuse([one, two])
    told = ledger(fused)
    assert told.elapsed_s == 7200.0 + late_s
    assert told.unknown_s == 0.0
    assert told.distance_m == pytest.approx(180_000.0, rel=0.005)
    assert fused.points == len(fused.track) + fused.other == 3601 + 4801
    assert fused.astray == ()


def test_files_shuffled_split_and_doubled_tell_the_same() -> None:
    a, b = wandering(minutes(0, 60), 1), wandering(minutes(10, 90, 3.0), 2)
    whole = fuse([Source(a, "x"), Source(b, "y")])
    half = a.time < a.time[1800]
    parts = [
        Source(take(a, ~half), "x", "late"),
        Source(shuffled(b), "y"),
        Source(take(a, half), "x", "early"),
        Source(shuffled(a), "x", "all"),
        Source(b, "y", "again"),
    ]
    assert same(fuse(parts), whole)
    assert same(fuse(parts[::-1]), whole)


def test_the_richer_recorder_speaks() -> None:
    rich, poor = wandering(minutes(0, 60, 1.0), 1), wandering(minutes(0, 60, 10.0), 2)
    fused = fuse([Source(poor, "poor"), Source(rich, "rich")])
    assert np.array_equal(fused.track.lat, rich.lat)
    assert fused.other == len(poor)


def test_the_hole_of_the_richer_is_filled() -> None:
    rich = wandering(minutes(0, 60), 1)
    rich = take(rich, (rich.time < rich.time[600]) | (rich.time > rich.time[1500]))
    fused = fuse([Source(rich, "rich"), Source(wandering(minutes(0, 60, 5.0), 2), "poor")])
    assert ledger(fused).unknown_s == 0.0


def test_a_wrong_clock_is_outvoted_and_told() -> None:
    right = [Source(wandering(minutes(0, 60, 2.0), k), f"p{k}", f"p{k}.gpx") for k in range(2)]
    late = minutes(0, 60)
    wrong = Source(make_track(late.time + 1200.0, late.lat, late.lon), "wrong", "wrong.gpx")
    fused = fuse([wrong, *right])
    names = {name for a, b, _ in fused.astray for name in (a, b)}
    assert "wrong.gpx" in names
    inside = fused.track.time <= late.time[-1]
    assert np.diff(fused.track.time[inside]).min() == 2.0


def test_points_without_time_are_a_shape_only() -> None:
    plan = make_track([np.nan] * 3, [1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    fused = fuse([Source(plan), Source(minutes(0, 1)), Source(plan, name="again")])
    assert len(fused.shape) == 3
    assert len(fused.track) == 61
    assert fused.points == 64


def test_impossible_times_are_no_times() -> None:
    odd = make_track([1e300, -1e18, np.inf, 0.0], [1.0] * 4, [1.0] * 4)
    fused = fuse([Source(odd)])
    assert (len(fused.track), len(fused.shape)) == (1, 3)


def test_nothing_is_nothing() -> None:
    assert fuse([]).points == 0
    assert len(fuse([Source(make_track([], [], []))]).track) == 0


def test_a_line_without_times_turned_round_is_the_same_line() -> None:
    lat = [1.0, 2.0, 3.0]
    there, back = (make_track([np.nan] * 3, way, [1.0] * 3) for way in (lat, lat[::-1]))
    assert fuse([Source(there), Source(back, name="back")]).points == 3


def test_one_export_of_another_with_fewer_points_counts_nothing_twice() -> None:
    whole = wandering(minutes(0, 60), 1)
    fewer = take(whole, np.arange(0, len(whole), 3))
    rounded = make_track(fewer.time, fewer.lat.round(5), fewer.lon.round(5))
    fused = fuse([Source(whole, "phone"), Source(rounded, "website")])
    assert np.array_equal(fused.track.lat, whole.lat)
    assert fused.other == fused.points - len(whole) > 0.99 * len(rounded)
    assert ledger(fused).distance_m == pytest.approx(ledger(fuse([Source(whole)])).distance_m)
