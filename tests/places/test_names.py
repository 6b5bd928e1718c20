from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from convoylog import geo
from convoylog.model.phrase import Phrase
from convoylog.places import names, towns
from tests.geodesics import destination
from tests.places.test_atlas import ranked

_OAKLEY = (39.1333, -100.8638)


@pytest.mark.parametrize(
    ("expected", "lat", "lon"),
    [
        ("Denver", 39.7392, -104.9903), ("Dodge City", 37.7528, -100.0171),
        ("Oslo", 59.9139, 10.7522), ("Sydney", -33.8688, 151.2093),
    ],
)  # fmt: skip
def test_a_leg_ends_in_the_town_it_ends_in(expected: str, lat: float, lon: float) -> None:
    assert expected == names.name_of(lat, lon)


def test_a_legs_end_is_named_after_the_city_and_a_stop_after_the_suburb() -> None:
    englewood = (39.6478, -104.9878)
    assert "Denver" == names.name_of(*englewood)
    assert "Englewood" == names.stop_name(*englewood)


@pytest.mark.parametrize(
    ("wind", "bearing"),
    [("N", 0), ("NE", 45), ("E", 90), ("SE", 135), ("S", 180), ("SW", 225), ("W", 270), ("NW", 315),
     ("N", 350), ("NW", 330)],
)  # fmt: skip
def test_beside_a_town_the_way_is_told_from_the_town(wind: str, bearing: float) -> None:
    place = destination(*_OAKLEY, bearing, 12_000.0)
    # the known-wrong variant tells the way back to the town
    assert f"12 km {wind} of Oakley" == names.name_of(*place) == names.stop_name(*place)


@pytest.mark.parametrize(
    ("expected", "lat", "lon"),
    [
        ("40.00° S, 120.00° W", -40.0, -120.0), ("0.00° N, 30.00° W", 0.0, -30.0),
        ("90.00° N, 0.00° E", 90.0, 0.0), ("90.00° S, 180.00° E", -90.0, 180.0),
    ],
)  # fmt: skip
def test_far_from_all_towns_coordinates_must_do(expected: str, lat: float, lon: float) -> None:
    assert expected == names.name_of(lat, lon) == names.stop_name(lat, lon)


def test_the_same_place_has_the_same_name_each_time() -> None:
    before = [(names.name_of(39.0 + n / 7, -105.0), names.stop_name(39.0 + n / 7, -105.0))
              for n in range(20)]  # fmt: skip
    towns.all_towns.cache_clear()
    after = [(names.name_of(39.0 + n / 7, -105.0), names.stop_name(39.0 + n / 7, -105.0))
             for n in range(20)]  # fmt: skip
    assert before == after


def test_a_city_of_millions_reaches_farther_than_we_look_for_villages() -> None:
    (tokyo,) = [t for t, _ in ranked((139, 35, 140, 36), 5_000_000) if t.name == "Tokyo"]
    # the known-wrong variant looks 40 km far and takes a suburb
    for metres, named in ((45_000.0, True), (towns.reach_m(tokyo.population) + 1_000.0, False)):
        place = destination(tokyo.lat, tokyo.lon, 270.0, metres)
        assert named == (names.name_of(*place) == "Tokyo")


def test_names_are_those_that_looking_at_every_town_gives() -> None:
    rng = np.random.default_rng(11)
    every = towns.all_towns()
    for lat, lon in zip(rng.uniform(34, 44, 15), rng.uniform(-112, -80, 15), strict=True):
        away = geo.apart_m(lat, lon, every.lat, every.lon)
        reaching = np.flatnonzero(away <= every.reach)
        nearest = int(away.argmin())
        if len(reaching):
            most = reaching[every.people[reaching].argmax()]
            assert every.names[most] == names.name_of(lat, lon)
            assert every.names[reaching[away[reaching].argmin()]] == names.stop_name(lat, lon)
        elif away[nearest] <= 40_000:
            assert names.name_of(lat, lon).endswith(f" of {every.names[nearest]}")
        else:
            assert "°" in names.name_of(lat, lon)


@pytest.mark.parametrize("lon", [-180.0, 180.0, 190.0, 540.0, 0.0])
@pytest.mark.parametrize("lat", [-90.0, 0.0, 90.0])
def test_every_position_has_a_name(lat: float, lon: float) -> None:
    assert names.name_of(lat, lon)
    assert names.stop_name(lat, lon)


@pytest.mark.parametrize(("lat", "lon"), [(math.nan, 0.0), (0.0, math.inf), (90.1, 0.0)])
def test_what_is_no_position_has_no_name(lat: float, lon: float) -> None:
    assert "" == names.name_of(lat, lon) == names.stop_name(lat, lon)


def test_longitudes_that_run_on_past_180_are_the_same_places() -> None:
    assert names.name_of(-17.0, 179.2) == names.name_of(-17.0, 179.2 - 360.0)
    assert names.name_of(-40.0, 190.0) == "40.00° S, 170.00° W"


def test_a_coordinate_that_rounds_to_nothing_has_no_minus() -> None:
    assert "0.00° N, 0.00° E" == names.coordinates(-0.001, -0.001)


def test_equal_names_get_the_state_and_others_do_not() -> None:
    box = (-110.0, 37.0, -85.0, 43.0)
    auroras = [t for t, _ in ranked(box, 100_000) if t.name in ("Aurora", "Denver")]
    assert {"Aurora, CO", "Aurora, IL", "Denver"} == set(names.told_apart(auroras))
    assert ("Aurora",) * 2 == names.told_apart([auroras[1], auroras[1]])


def test_elsewhere_equal_names_get_the_state_by_name_and_the_country() -> None:
    found = [t for t, _ in ranked((5.0, 47.0, 19.0, 53.0), 20_000) if t.name == "Frankfurt am Main"]
    (frankfurt,) = found
    other = replace(frankfurt, lat=52.34714, lon=14.55062)
    assert ("Frankfurt am Main, Hesse, DE", "Frankfurt am Main, Brandenburg, DE") == (
        names.told_apart([frankfurt, other])
    )


def test_from_afar_a_bare_position_is_told_after_the_nearest_town() -> None:
    north, ice = names.name_of(85.0, 15.0), names.name_of(-80.0, 179.99)
    assert "85.00° N, 15.00° E" == north
    told = names.from_afar(north)
    assert "757 km N of Longyearbyen" == told
    assert "757 km N of Longyearbyen – Denver" == names.from_afar(
        Phrase("{a} – {b}", a=north, b="Denver")
    )
    # two positions that are one from so far are told once
    assert told == names.from_afar(Phrase("{a} – {b}", a=north, b=names.name_of(85.001, 15.0)))
    assert " S of " in names.from_afar(ice)
    kept = Phrase("Around {a}", a="Denver")
    assert "Around Denver" == names.from_afar(kept)
    assert "41° somebody's own" == names.from_afar("41° somebody's own")
