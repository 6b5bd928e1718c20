"""Ascent and descent."""

from __future__ import annotations

import numpy as np
import pytest

from convoylog.model.tracks import Floats
from convoylog.trips.climb import Climb, find_climb
from convoylog.trips.ledger import keep_ledger
from tests.trips.drives import drive

T = np.arange(0.0, 4001.0)
WAY = T * 25.0


def climbed(ele: Floats, t: Floats = T) -> Climb | None:
    return find_climb(keep_ledger(drive(t * 25.0, t, ele=ele)), ele)


@pytest.mark.parametrize(
    ("expected", "ele"),
    [
        (999.0, 100.0 + WAY * 0.01),
        (198.0, 200.0 * np.exp(-(((WAY - 50_000.0) / 5_000.0) ** 2))),
        (
            198.0,
            100.0 - 100.0 * np.cos(2 * np.pi * np.clip(WAY - 40_000.0, 0.0, 20_000.0) / 20_000.0),
        ),
    ],
)
def test_a_slope_and_a_hill(expected: float, ele: Floats) -> None:
    climb = climbed(ele)
    assert climb is not None
    assert climb.ascent_m == pytest.approx(expected, abs=3.0)


def test_waves_of_four_metres_are_no_climb_unless_a_barometer_says_so() -> None:
    ele = 300.0 + 4.0 * np.sin(2 * np.pi * WAY / 2_000.0)
    climb = climbed(ele)
    assert climb is not None
    assert (0.0, 0.0) == (climb.ascent_m, climb.descent_m)
    ledger = keep_ledger(drive(WAY, T, ele=ele))
    barometer = find_climb(ledger, ele, barometric=True)
    assert barometer is not None
    assert barometer.ascent_m == pytest.approx(50 * 8.0, rel=0.15)


def test_up_and_down_differ_by_the_height_won() -> None:
    rng = np.random.default_rng(2)
    ele = np.cumsum(rng.normal(size=len(T)))
    climb = climbed(ele)
    assert climb is not None
    assert climb.ascent_m - climb.descent_m == pytest.approx(ele[-1] - ele[0], abs=20.0)
    # the sum of all small rises is not the climb
    assert climb.ascent_m < np.maximum(np.diff(ele), 0.0).sum() / 3


def test_a_missing_height_is_not_zero() -> None:
    ele = 1000.0 + WAY * 0.01
    ele[1000:1200] = np.nan
    climb = climbed(ele)
    assert climb is not None
    assert climb.ascent_m == pytest.approx(999.0, abs=3.0)
    assert climbed(np.full(len(T), np.nan)) is None


def test_down_first_then_up() -> None:
    ele = 500.0 - np.minimum(WAY, 100_000.0 - WAY) * 0.01
    climb = climbed(ele)
    assert climb is not None
    assert (climb.ascent_m, climb.descent_m) == (
        pytest.approx(500, abs=3),
        pytest.approx(500, abs=3),
    )
    assert climb.error_m == pytest.approx(170.0, abs=1.0)


def test_heights_wandering_while_the_car_stands_do_not_count() -> None:
    t = np.arange(0.0, 7200.0)
    ele = 300.0 + 30.0 * np.sin(t / 300.0)
    assert find_climb(keep_ledger(drive(t * 0.0, t, ele=ele)), ele) is None
