"""Metres and bearings on the ellipsoid."""

from __future__ import annotations

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from convoylog import geo
from tests.geodesics import destination


@pytest.mark.parametrize(
    ("expected", "ends"),
    [
        (88_129.375, (37.75, -100.0, 37.75, -101.0)),
        (111_001.220, (37.75, -100.0, 38.75, -100.0)),
        (22_263.898, (0.0, 179.9, 0.0, -179.9)),
        (111_420.728, (60.0, 10.0, 61.0, 10.0)),
    ],
)
def test_far_hops_are_geodesics_also_across_180(
    expected: float, ends: tuple[float, float, float, float]
) -> None:
    # a mean sphere gives 87,922 for the first
    assert geo.distance_m(*ends) == pytest.approx(expected, abs=0.001)
    assert geo.apart_m(*ends)[0] == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize("azimuth", [285.0, 0.0, 90.0, 45.0])
def test_a_hundred_kilometres_in_4000_hops(azimuth: float) -> None:
    line = Geodesic.WGS84.Line(37.75, -100.0, azimuth)
    ends = [line.Position(25.0 * i) for i in range(4001)]
    lat = np.array([end["lat2"] for end in ends])
    lon = np.array([end["lon2"] for end in ends])
    assert geo.hops_m(lat, lon).sum() == pytest.approx(100_000.0, abs=0.05)
    assert geo.hops_m(lat.round(7), lon.round(7)).sum() == pytest.approx(100_000.0, abs=10.0)


@pytest.mark.parametrize("lat", [0.0, 38.0, 60.0, -70.0])
@pytest.mark.parametrize(("metres", "right_to"), [(1_000.0, 1e-8), (9_900.0, 8e-7)])
def test_the_local_formula_is_as_good_as_told(lat: float, metres: float, right_to: float) -> None:
    for bearing in (0.0, 30.0, 90.0, 200.0):
        end = destination(lat, 10.0, bearing, metres)
        assert float(geo.near_m(lat, 10.0, *end)) == pytest.approx(metres, rel=right_to)


def test_the_scalar_and_the_column_agree() -> None:
    lat, lon = np.array([10.0, 10.01, 12.0]), np.array([20.0, 20.02, 20.0])
    pairs = zip(lat[:-1], lon[:-1], lat[1:], lon[1:], strict=True)
    assert geo.hops_m(lat, lon) == pytest.approx([geo.distance_m(*pair) for pair in pairs])


def test_no_hop_has_no_length() -> None:
    assert len(geo.hops_m(np.zeros(0), np.zeros(0))) == 0
    assert len(geo.hops_m(np.zeros(1), np.zeros(1))) == 0


def test_unknown_stays_unknown() -> None:
    assert math.isnan(geo.apart_m(1.0, math.nan, 2.0, 2.0)[0])


def test_there_and_the_bearing_back_to_it() -> None:
    end = destination(0.0, 179.95, 90.0, 20_000.0)
    assert end[1] < -179.8
    assert geo.bearing_deg(0.0, 179.95, *end) == pytest.approx(90.0)
    assert geo.bearing_deg(50.0, 0.0, 49.0, 0.0) == pytest.approx(180.0)


def test_the_course_of_a_hop() -> None:
    ends = [destination(37.0, -100.0, bearing, 500.0) for bearing in (10.0, 190.0, 285.0)]
    for bearing, end in zip((10.0, 190.0, 285.0), ends, strict=True):
        course = geo.course_deg(np.array([37.0]), np.array([-100.0]), *np.array([end]).T)
        assert course[0] == pytest.approx(bearing, abs=0.01)


def test_longitudes_are_unwrapped_and_brought_back() -> None:
    lon = np.array([179.0, -179.0, 180.0])
    assert geo.unwrapped(lon) == pytest.approx([179.0, 181.0, 180.0])
    assert geo.wrapped(np.array([179.0, 181.0, -180.0])) == pytest.approx([179.0, -179.0, -180.0])


def test_a_column_of_geodesics_agrees_with_geographiclib() -> None:
    rng = np.random.default_rng(4)
    n = 500
    lat1, lat2 = rng.uniform(-90, 90, n), rng.uniform(-90, 90, n)
    lon1, lon2 = rng.uniform(-180, 180, n), rng.uniform(-180, 180, n)
    # along the equator, from pole to pole, along a meridian, and almost antipodal
    lat1[:4], lon1[:4], lat2[:4], lon2[:4] = (
        [0, 90, 10, 0],
        [0, 0, 5, 0],
        [0, -90, 60, 0.3],
        [9, 0, 5, 179.7],
    )
    pairs = zip(lat1, lon1, lat2, lon2, strict=True)
    exact = [geo.distance_m(*map(float, pair)) for pair in pairs]
    assert geo.apart_m(lat1, lon1, lat2, lon2) == pytest.approx(exact, abs=0.001)


@pytest.mark.parametrize("lat", [0.0, 38.0, -45.0, 60.0, 84.0, 89.0, 89.99])
@pytest.mark.parametrize("step", [1e-4, 1e-3, 0.02])
def test_hops_by_a_polynomial_are_those_of_the_formula(lat: float, step: float) -> None:
    # steps of 0.02 degrees leave the band in which the polynomial holds
    rng = np.random.default_rng(4)
    lats = np.clip(lat + np.cumsum(rng.normal(size=3000)) * step, -90.0, 90.0)
    lons = 179.9 + np.cumsum(rng.normal(size=3000)) * 1e-3
    lons = np.remainder(lons + 180.0, 360.0) - 180.0
    want = geo.near_m(lats[:-1], lons[:-1], lats[1:], lons[1:])
    assert geo.near_hops_m(lats, lons) == pytest.approx(want, rel=1e-11, abs=1e-8)
    # without a step over 180 degrees, where each pair is looked at by itself
    lons = np.unwrap(lons, period=360.0)
    assert geo.near_hops_m(lats, lons) == pytest.approx(want, rel=1e-11, abs=1e-8)


def test_hops_are_not_bent_over_a_long_day() -> None:
    lats, lons = np.linspace(37.0, 38.9, 16_000), np.linspace(-100.0, -97.0, 16_000)
    want = geo.near_m(lats[:-1], lons[:-1], lats[1:], lons[1:])
    # 1e-13 of it is what rounding leaves; a polynomial of one node less errs by 1e-12
    assert np.abs(geo.near_hops_m(lats, lons) / want - 1.0).max() < 1e-13
