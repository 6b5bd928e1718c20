from __future__ import annotations

import pytest

from convoylog import geo
from convoylog.places import towns
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
    place = geo.destination(egvekinot.lat, egvekinot.lon, 270.0, 60_000.0)
    assert place[1] > 179
    assert [egvekinot.name] == [town.name for town, _ in towns.nearby(*place, 61_000.0)]
    assert [] == towns.nearby(*place, 59_000.0)


def test_towns_come_nearest_first_and_with_their_metres() -> None:
    rows = towns.nearby(39.7392, -104.9903, 30_000.0)
    away = [metres for _, metres in rows]
    assert away == sorted(away)
    for town, metres in rows[:5]:
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
