from __future__ import annotations

import numpy as np
import pytest

from convoylog import geo
from convoylog.places import towns
from tests.geodesics import destination
from tests.places.test_atlas import ranked

_OAKLEY = (39.1333, -100.8638)


def test_a_town_reaches_farther_by_the_root_of_its_people() -> None:
    # Denver: 2 km + 0.6 km · √716
    assert 18_055 == pytest.approx(towns.reach_m(716_000), abs=1)
    assert 2_600 == pytest.approx(towns.reach_m(1_000))
    assert 2_000 == towns.reach_m(0)


def test_across_180_a_town_on_the_other_side_is_near() -> None:
    # Egvekinot lies at 179.1° W; 120 km to the west is east of 180°
    (egvekinot, _), *_ = ranked((-179.5, 66.0, -179.0, 66.6), 0)
    place = destination(egvekinot.lat, egvekinot.lon, 270.0, 60_000.0)
    assert place[1] > 179
    known = towns.all_towns()
    found, _ = known.near(*place, 61_000.0)
    assert [egvekinot.name] == [known.town(int(n)).name for n in found]
    assert 0 == len(known.near(*place, 59_000.0)[0])


def test_towns_come_with_their_metres() -> None:
    known = towns.all_towns()
    for n, metres in list(zip(*known.near(39.7392, -104.9903, 30_000.0), strict=True))[:5]:
        town = known.town(int(n))
        assert metres == pytest.approx(
            geo.distance_m(39.7392, -104.9903, town.lat, town.lon), abs=1
        )


def test_the_credit_that_the_licence_needs_is_there() -> None:
    assert "GeoNames" in towns.CREDIT
    assert "CC BY 4.0" in towns.CREDIT


def test_a_town_knows_its_state() -> None:
    (denver, _), *_ = ranked((-106.0, 39.0, -104.0, 41.0), 500_000)
    assert denver.region is not None
    assert "US-CO" == denver.region.code


@pytest.mark.parametrize(
    ("lat", "lon", "step"),
    [
        (50.0, 8.0, 0.01),
        (35.6, 139.7, 0.02),  # Tokyo, whose name reaches farthest
        (-17.8, 179.9, 0.02),  # Fiji, on both sides of 180°
        (66.3, -179.5, 0.03),
        (-0.2, -78.5, 0.02),  # over the equator
        (71.0, 25.8, 0.05),
        (-89.9, 0.0, 0.05),  # around a pole: all longitudes in a few steps
        (40.0, -100.0, 3.0),  # leaps over a continent
    ],
)
def test_a_way_comes_through_the_towns_that_each_place_of_it_is_near(
    lat: float, lon: float, step: float
) -> None:
    random = np.random.default_rng(5)
    y = np.clip(lat + np.cumsum(random.normal(0.0, step, 400)), -90.0, 90.0)
    x = geo.wrapped(lon + np.cumsum(random.normal(0.0, 2 * step, 400)))
    everywhere = towns.all_towns()
    inside = {}
    for k, place in enumerate(zip(y.tolist(), x.tolist(), strict=True)):
        away = geo.near_m(everywhere.lat, everywhere.lon, *place)
        for n in np.flatnonzero(away <= everywhere.reach / 2).tolist():
            inside[n, k] = float(away[n])
    # where the way enters a town, and the nearest place until it leaves
    entered = [(n, k) for n, k in inside if (n, k - 1) not in inside]
    expected = []
    for n, first in entered:
        k = nearest = first
        while (n, k) in inside:
            nearest = min(nearest, k, key=lambda at: inside[n, at])
            k += 1
        expected.append((nearest, n, inside[n, nearest]))
    found = towns.towns_along(y, x)
    assert [(everywhere.town(n), k) for k, n, _ in sorted(expected)] == [row[:2] for row in found]
    assert [row[2] for row in found] == pytest.approx([away for _, _, away in sorted(expected)])


def test_a_way_of_no_place_comes_through_no_town() -> None:
    assert [] == towns.towns_along(np.zeros(0), np.zeros(0))
