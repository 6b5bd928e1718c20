from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from convoylog import geo
from convoylog.places import towns

_OAKLEY = (39.1333, -100.8638)


def test_a_town_reaches_farther_by_the_root_of_its_people() -> None:
    # Denver: 2 km + 0.6 km · √716
    assert 18_055 == pytest.approx(towns.reach_m(716_000), abs=1)
    assert 2_600 == pytest.approx(towns.reach_m(1_000))
    assert 2_000 == towns.reach_m(0)


@pytest.mark.parametrize(
    ("expected", "lat", "lon"),
    [
        ("Denver", 39.7392, -104.9903), ("Dodge City", 37.7528, -100.0171),
        ("Oslo", 59.9139, 10.7522), ("Sydney", -33.8688, 151.2093),
    ],
)  # fmt: skip
def test_a_leg_ends_in_the_town_it_ends_in(expected: str, lat: float, lon: float) -> None:
    assert expected == towns.name_of(lat, lon)


def test_a_legs_end_is_named_after_the_city_and_a_stop_after_the_suburb() -> None:
    englewood = (39.6478, -104.9878)
    assert "Denver" == towns.name_of(*englewood)
    assert "Englewood" == towns.stop_name(*englewood)


@pytest.mark.parametrize(
    ("wind", "bearing"),
    [("N", 0), ("NE", 45), ("E", 90), ("SE", 135), ("S", 180), ("SW", 225), ("W", 270), ("NW", 315),
     ("N", 350), ("NW", 330)],
)  # fmt: skip
def test_beside_a_town_the_way_is_told_from_the_town(wind: str, bearing: float) -> None:
    place = geo.destination(*_OAKLEY, bearing, 12_000.0)
    # the known-wrong variant tells the way back to the town
    assert f"12 km {wind} of Oakley" == towns.name_of(*place) == towns.stop_name(*place)


@pytest.mark.parametrize(
    ("expected", "lat", "lon"),
    [
        ("40.00° S, 120.00° W", -40.0, -120.0), ("0.00° N, 30.00° W", 0.0, -30.0),
        ("90.00° N, 0.00° E", 90.0, 0.0), ("90.00° S, 180.00° E", -90.0, 180.0),
    ],
)  # fmt: skip
def test_far_from_all_towns_coordinates_must_do(expected: str, lat: float, lon: float) -> None:
    assert expected == towns.name_of(lat, lon) == towns.stop_name(lat, lon)


def test_across_180_a_town_on_the_other_side_is_near() -> None:
    # Egvekinot lies at 179.1° W; 120 km to the west is east of 180°
    egvekinot = towns.towns_in((-179.5, 66.0, -179.0, 66.6))[0]
    place = geo.destination(egvekinot.lat, egvekinot.lon, 270.0, 60_000.0)
    assert place[1] > 179
    assert [egvekinot.name] == [town.name for town, _ in towns.nearby(*place, 61_000.0)]
    assert [] == towns.nearby(*place, 59_000.0)


def test_a_box_across_180_holds_both_sides_and_no_more() -> None:
    longitudes = [town.lon for town in towns.towns_in((170.0, 60.0, -170.0, 70.0))]
    assert longitudes
    assert all(abs(lon) >= 170 for lon in longitudes)
    assert {True, False} == {lon > 0 for lon in longitudes}


def test_towns_come_nearest_first_and_with_their_metres() -> None:
    rows = towns.nearby(39.7392, -104.9903, 30_000.0)
    away = [metres for _, metres in rows]
    assert away == sorted(away)
    for town, metres in rows[:5]:
        assert metres == pytest.approx(
            geo.distance_m(39.7392, -104.9903, town.lat, town.lon), abs=1
        )


def test_towns_of_a_box_come_by_people_and_the_small_are_left_out() -> None:
    found = towns.towns_in((-106.0, 39.0, -104.0, 41.0), at_least=100_000)
    assert "Denver" == found[0].name
    people = [town.population for town in found]
    assert people == sorted(people, reverse=True)
    assert people[-1] >= 100_000


def test_the_same_place_has_the_same_name_each_time() -> None:
    before = [(towns.name_of(39.0 + n / 7, -105.0), towns.stop_name(39.0 + n / 7, -105.0))
              for n in range(20)]  # fmt: skip
    towns._towns.cache_clear()
    after = [(towns.name_of(39.0 + n / 7, -105.0), towns.stop_name(39.0 + n / 7, -105.0))
             for n in range(20)]  # fmt: skip
    assert before == after


def test_the_credit_that_the_licence_needs_is_there() -> None:
    assert "GeoNames" in towns.CREDIT
    assert "CC BY 4.0" in towns.CREDIT


def test_a_city_of_millions_reaches_farther_than_we_look_for_villages() -> None:
    (tokyo,) = [t for t in towns.towns_in((139, 35, 140, 36), 5_000_000) if t.name == "Tokyo"]
    # the known-wrong variant looks 40 km far and takes a suburb
    for metres, named in ((45_000.0, True), (towns.reach_m(tokyo.population) + 1_000.0, False)):
        place = geo.destination(tokyo.lat, tokyo.lon, 270.0, metres)
        assert named == (towns.name_of(*place) == "Tokyo")


def test_names_are_those_that_looking_at_every_town_gives() -> None:
    rng = np.random.default_rng(11)
    every = towns._towns()
    for lat, lon in zip(rng.uniform(34, 44, 15), rng.uniform(-112, -80, 15), strict=True):
        away = geo.apart_m(lat, lon, every.lat, every.lon)
        reaching = np.flatnonzero(away <= every.reach)
        nearest = int(away.argmin())
        if len(reaching):
            most = reaching[every.people[reaching].argmax()]
            assert every.names[most] == towns.name_of(lat, lon)
            assert every.names[reaching[away[reaching].argmin()]] == towns.stop_name(lat, lon)
        elif away[nearest] <= 40_000:
            assert towns.name_of(lat, lon).endswith(f" of {every.names[nearest]}")
        else:
            assert "°" in towns.name_of(lat, lon)


@pytest.mark.parametrize("lon", [-180.0, 180.0, 190.0, 540.0, 0.0])
@pytest.mark.parametrize("lat", [-90.0, 0.0, 90.0])
def test_every_position_has_a_name(lat: float, lon: float) -> None:
    assert towns.name_of(lat, lon)
    assert towns.stop_name(lat, lon)


@pytest.mark.parametrize(("lat", "lon"), [(math.nan, 0.0), (0.0, math.inf), (90.1, 0.0)])
def test_what_is_no_position_has_no_name(lat: float, lon: float) -> None:
    assert "" == towns.name_of(lat, lon) == towns.stop_name(lat, lon)


def test_longitudes_that_run_on_past_180_are_the_same_places() -> None:
    assert towns.name_of(-17.0, 179.2) == towns.name_of(-17.0, 179.2 - 360.0)
    assert towns.name_of(-40.0, 190.0) == "40.00° S, 170.00° W"


def test_a_coordinate_that_rounds_to_nothing_has_no_minus() -> None:
    assert "0.00° N, 0.00° E" == towns.coordinates(-0.001, -0.001)


def test_equal_names_get_the_state_and_others_do_not() -> None:
    box = (-110.0, 37.0, -85.0, 43.0)
    auroras = [t for t in towns.towns_in(box, 100_000) if t.name in ("Aurora", "Denver")]
    assert {"Aurora, CO", "Aurora, IL", "Denver"} == set(towns.told_apart(auroras))
    assert ("Aurora",) * 2 == towns.told_apart([auroras[1], auroras[1]])


def test_elsewhere_equal_names_get_the_state_by_name_and_the_country() -> None:
    found = [
        t for t in towns.towns_in((5.0, 47.0, 19.0, 53.0), 20_000) if t.name == "Frankfurt am Main"
    ]
    (frankfurt,) = found
    other = replace(frankfurt, lat=52.34714, lon=14.55062)
    assert ("Frankfurt am Main, Hesse, DE", "Frankfurt am Main, Brandenburg, DE") == (
        towns.told_apart([frankfurt, other])
    )


def test_a_town_knows_its_state() -> None:
    denver = towns.towns_in((-106.0, 39.0, -104.0, 41.0), at_least=500_000)[0]
    assert denver.region is not None
    assert "US-CO" == denver.region.code
