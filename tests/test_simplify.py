"""Fewer points within a stated bound, by brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest

from convoylog import geo
from convoylog.simplify import significance, significance_on_paper, tolerance_for


def winding(n: int, lat: float, seed: int, lon: float = 10.0) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    step = chance.normal(0, 1, (2, n)).cumsum(axis=1).cumsum(axis=1) * 2e-6
    return lat + step[0], geo.wrapped(lon + step[1] / max(math.cos(math.radians(lat)), 0.1))


def off_m(lat: np.ndarray, lon: np.ndarray, p: int, a: int, b: int) -> float:
    """Metres of a point from a segment, by trying very many places on it."""
    f = np.linspace(0, 1, 2001)
    across = np.remainder(lon[b] - lon[a] + 180, 360) - 180
    near = geo.near_m(lat[a] + f * (lat[b] - lat[a]), lon[a] + f * across, lat[p], lon[p])
    return float(near.min())


@pytest.mark.parametrize("lat", [0.0, 38.0, 60.0, -70.0])
@pytest.mark.parametrize("metres", [1.0, 10.0, 100.0])
@pytest.mark.parametrize("lon", [10.0, 180.0])
def test_every_point_left_out_lies_within_the_bound(lat: float, metres: float, lon: float) -> None:
    y, x = winding(300, lat, int(abs(lat) + metres), lon)
    kept = np.flatnonzero(significance(y, x) > metres)
    assert [0, 299] == [kept[0], kept[-1]]
    for p in sorted(set(range(300)) - set(kept.tolist())):
        after = int(np.searchsorted(kept, p))
        # the grid of places tried, and the metre scale at another latitude, err by little
        assert off_m(y, x, p, kept[after - 1], kept[after]) <= metres * 1.001 + 0.05


def test_a_coarser_line_has_no_point_that_a_finer_one_lacks() -> None:
    needed = significance(*winding(2000, 45, 3))
    for fine, coarse in ((1, 10), (10, 100), (3, 3.5)):
        assert set(np.flatnonzero(needed > coarse)) <= set(np.flatnonzero(needed > fine))


def test_simplifying_twice_changes_nothing() -> None:
    y, x = winding(2000, 45, 4)
    keep = significance(y, x) > 10
    assert (significance(y[keep], x[keep]) > 10).all()


def test_a_floor_changes_no_point_above_it() -> None:
    y, x = winding(2000, 45, 5)
    whole, quick = significance(y, x), significance(y, x, floor_m=10)
    assert np.array_equal(whole[whole > 10], quick[whole > 10])
    assert (quick[whole <= 10] == 0).all()


def test_pinned_points_stay() -> None:
    lat, lon = np.zeros(9), np.linspace(0, 1, 9)
    pinned = np.arange(9) == 4
    assert [0, 4, 8] == np.flatnonzero(significance(lat, lon, pinned) > 1e9).tolist()


@pytest.mark.parametrize("most", [2, 3, 50, 999, 5000])
def test_a_number_of_points_is_kept_to_and_its_tolerance_is_the_least(most: int) -> None:
    needed = significance(*winding(1000, 45, 6))
    metres = tolerance_for(needed, most)
    kept = int((needed > metres).sum()) if metres else len(needed)
    assert kept <= most
    if metres:
        assert int((needed >= metres).sum()) > most


def test_out_and_back_keeps_its_turn() -> None:
    lat, lon = np.zeros(5), np.array([0.0, 0.5, 1.0, 0.5, 0.0])
    assert [0, 2, 4] == np.flatnonzero(significance(lat, lon) > 1.0).tolist()


def test_a_line_made_to_need_a_round_for_every_point_ends_soon() -> None:
    n = 20_000
    lat = np.where(np.arange(n) % 2 == 0, 1.0, -1.0) * np.linspace(1, 0, n)
    assert n == len(significance(lat, np.linspace(0, 1e-3, n)))


@pytest.mark.parametrize("n", [0, 1, 2])
def test_what_is_short_stays_whole(n: int) -> None:
    assert [math.inf] * n == significance(np.zeros(n), np.arange(n) * 1.0).tolist()


def test_points_without_a_place_are_needed_by_nobody() -> None:
    lat = np.array([0.0, 1.0, math.nan, 1.0, 0.0])
    needed = significance(lat, np.arange(5) * 1.0)
    assert 0.0 == needed[2]
    assert needed[1] > 1000


def test_on_paper_the_units_are_those_of_the_paper() -> None:
    assert [math.inf, 3.0, math.inf] == significance_on_paper(
        np.array([0.0, 5.0, 10.0]), np.array([0.0, 3.0, 0.0])
    ).tolist()
