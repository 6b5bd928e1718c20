"""What cars came through, on the ground as the package knows it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import tzfpy

from convoylog import geo
from convoylog.model.borders import shares
from convoylog.model.logbook import Car, Logbook, RecordedTrack
from convoylog.model.tracks import Recording, Track, make_track
from convoylog.model.trip import CarTrip
from convoylog.places.regions import regions_along
from convoylog.trips.account import work_out
from tests.corpus import corpus
from tests.trips.drives import NOON, shuffled

Places = Sequence[tuple[float, float]]


def way(*places: tuple[float, float], speed: float = 25.0, step: float = 10.0) -> Track:
    """Straight from place to place at one speed; longitudes may run over ±180."""
    lat, lon = np.array(places).T
    metres = np.concatenate([[0.0], np.cumsum(geo.hops_m(lat, lon))])
    t = np.arange(0.0, metres[-1] / speed + step, step)
    share = np.interp(t * speed, metres, np.arange(len(places)))
    y, x = (np.interp(share, np.arange(len(places)), column) for column in (lat, lon))
    return make_track(NOON + t, y, geo.wrapped(x))


def driven(track: Track) -> CarTrip:
    row = RecordedTrack("c1", "a.gpx", "a", Recording("GPX 1.1", "x", (track,)))
    return work_out(Logbook("l", "T", "", (Car("c1", "Anna", "anna"),), (), (row,), ())).cars[0]


def codes(trip: CarTrip) -> list[str]:
    return [stay.region.code if stay.region else "" for stay in trip.stays]


def names(trip: CarTrip) -> list[str]:
    return [stay.zone for stay in trip.zones]


DODGE, GARDEN = (37.7528, -100.0171), (37.9717, -100.8727)
SYRACUSE, LAMAR = (37.9806, -101.7504), (38.0872, -102.6208)
PUEBLO, SPRINGS, DENVER = (38.2544, -104.6091), (38.8339, -104.8214), (39.7392, -104.9903)


def test_towns_from_dodge_city_to_denver() -> None:
    trip = driven(way(DODGE, GARDEN, SYRACUSE, LAMAR, PUEBLO, SPRINGS, DENVER))
    told = [town.name for town in trip.towns]
    expected = ["Dodge City", "Garden City", "Lamar", "Pueblo", "Colorado Springs", "Denver"]
    assert [name for name in told if name in expected] == expected
    assert len(told) <= 41
    assert [town.at for town in trip.towns] == sorted(town.at for town in trip.towns)
    ways = [town.at * 25.0 for town in trip.towns]
    assert min(np.diff(ways)) >= 15_000.0 - 250.0
    garden = next(town for town in trip.towns if town.name == "Garden City")
    assert garden.away_m < 2_000.0
    assert garden.people > 20_000


def test_a_town_passed_at_a_distance_is_no_town_on_the_way() -> None:
    # 10 km north of Garden City, which reaches 5 km
    trip = driven(way((38.07, -100.4), (38.07, -101.3)))
    assert "Garden City" not in [town.name for town in trip.towns]


def test_a_town_within_a_time_not_recorded_was_not_passed() -> None:
    track = way((37.9717, -100.3), (37.9717, -101.4))
    apart = np.abs(track.lon + 100.8727) > 0.12
    hole = make_track(track.time[apart], track.lat[apart], track.lon[apart])
    assert "Garden City" in [town.name for town in driven(track).towns]
    assert "Garden City" not in [town.name for town in driven(hole).towns]


def test_the_zone_ends_where_its_border_is_and_not_the_states() -> None:
    trip = driven(way(DODGE, GARDEN, SYRACUSE, LAMAR))
    assert names(trip) == ["America/Chicago", "America/Denver"]
    change, (crossing,) = trip.zones[0].to_at, trip.crossings
    assert crossing.at is not None
    assert crossing.at - change > 1000.0
    # the county line east of Syracuse, at 101.54° west: within what tzfpy is right to
    track = way(DODGE, GARDEN, SYRACUSE, LAMAR)
    assert np.interp(change, track.time, track.lon) == pytest.approx(-101.54, abs=0.02)


@pytest.mark.parametrize(
    ("a", "b", "zones", "regions"),
    [
        # Phoenix keeps its clocks, and so do the Hopi; the Navajo around them do not
        ((33.4484, -112.0740), (35.6809, -109.0526), ["America/Phoenix", "America/Denver"], ["US-AZ"]),
        ((36.1627, -86.7816), (35.9606, -83.9207), ["America/Chicago", "America/New_York"], ["US-TN"]),
        ((39.3508, -101.7102), (39.1309, -100.8530), ["America/Denver", "America/Chicago"], ["US-KS"]),
        ((60.55, 27.60), (60.70, 28.70), ["Europe/Helsinki", "Europe/Moscow"], ["FI-09", "RU-LEN"]),
    ],
)  # fmt: skip
def test_zone_borders_are_not_state_borders(
    a: tuple[float, float], b: tuple[float, float], zones: list[str], regions: list[str]
) -> None:
    trip = driven(way(a, b))
    assert names(trip) == zones
    assert list(dict.fromkeys(codes(trip))) == regions


def test_through_the_hopi_land_the_clocks_turn_three_times() -> None:
    # Flagstaff – Tuba City – Second Mesa – Chinle: Phoenix, Navajo, Hopi within it, Navajo
    trip = driven(way((35.1983, -111.6513), (36.1350, -111.2399), (35.80, -110.50), (36.1544, -109.5526)))  # fmt: skip
    changes = [*names(trip)]
    assert changes[0] == "America/Phoenix"
    assert changes[-1] == "America/Denver"
    assert len(changes) >= 4
    assert set(changes) == {"America/Phoenix", "America/Denver"}
    assert set(codes(trip)) == {"US-AZ"}


def test_every_point_has_the_zone_tzfpy_gives_it_but_for_those_at_a_border() -> None:
    west = (36.7281, -108.2187), (35.1983, -111.6513), (34.0522, -118.2437)
    track = way(DODGE, GARDEN, SYRACUSE, LAMAR, PUEBLO, *west)
    trip = driven(track)
    begins = np.array([stay.from_at for stay in trip.zones])
    which = np.searchsorted(begins, track.time, side="right") - 1
    near = np.min(np.abs(track.time[:, None] - begins[1:]), axis=1) < 60.0
    told = [
        (names(trip)[k], tzfpy.get_tz(x, y))
        for k, x, y, close in zip(which, track.lon, track.lat, near, strict=True)
        if not close
    ]
    assert len(told) > 5000
    # what is left are corners cut for less than two minutes and 500 m
    assert sum(pair[0] != pair[1] for pair in told) <= len(told) // 500


def test_every_point_has_its_region_but_for_those_at_a_border() -> None:
    track = way((52.5, 13.4), (50.1, 14.4), (48.2, 16.4), (47.4, 8.5), (45.8, 4.8), (48.9, 2.4))
    trip = driven(track)
    begins = np.array([stay.from_at for stay in trip.stays])
    which = np.searchsorted(begins, track.time, side="right") - 1
    far = np.min(np.abs(track.time[:, None] - begins[1:]), axis=1) > 120.0
    from convoylog.places.regions import all_regions

    numbers = regions_along(track.lat, track.lon)
    told = [
        (codes(trip)[k], all_regions()[n].code if n >= 0 else "")
        for k, n, clear in zip(which, numbers, far, strict=True)
        if clear
    ]
    wrong = [pair for pair in told if pair[0] != pair[1]]
    # what is left are corners cut for less than two minutes and 500 m
    assert len(wrong) <= len(told) // 200


def test_the_four_corners_passed_beside_the_monument() -> None:
    # 300 m east of it, from Arizona's north-east into Colorado by a bit of New Mexico
    trip = driven(way((36.95, -109.10), (36.997, -109.043), (37.05, -108.99), speed=15.0, step=1.0))
    assert codes(trip)[0] == "US-AZ"
    assert codes(trip)[-1] == "US-CO"
    assert "US-UT" not in codes(trip)


def test_along_state_line_avenue_no_border_is_crossed() -> None:
    # Texarkana: the avenue is the border, and noise throws each fix over it
    rng = np.random.default_rng(2)
    lat = np.linspace(33.40, 33.50, 900)
    edge = _border_lon(lat)
    lon = edge + rng.normal(0.0, 8.0, 900) / 92_900
    trip = driven(make_track(NOON + np.arange(900) * 1.0, lat, lon))
    assert len(codes(trip)) == 1
    assert trip.crossings == ()


def _border_lon(lat: np.ndarray) -> np.ndarray:
    """Where Texas ends and Arkansas begins, by halving."""
    low, high = np.full(len(lat), -94.3), np.full(len(lat), -93.8)
    texas = regions_along(lat[:1], low[:1])[0]
    for _ in range(40):
        middle = (low + high) / 2
        inside = regions_along(lat, middle) == texas
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return low


def test_lesotho_is_an_enclave() -> None:
    trip = driven(way((-29.1, 26.2), (-29.9, 28.3), (-29.0, 29.9)))
    told = [stay.region.country_code if stay.region else "" for stay in trip.stays]
    assert list(dict.fromkeys(told)) == ["ZA", "LS"]
    assert [told[0], told[-1]] == ["ZA", "ZA"]


@pytest.mark.parametrize(
    ("a", "b", "country"),
    [((41.85, 12.35), (41.96, 12.56), "IT"), ((45.90, 8.90), (46.02, 9.03), "CH")],
)
def test_what_is_smaller_than_the_scale_is_not_in_the_data(
    a: tuple[float, float], b: tuple[float, float], country: str
) -> None:
    # through the Vatican (700 m), and Campione (1,5 km): the borders are generalised to 1 km
    trip = driven(way(a, b, speed=10.0, step=2.0))
    found = {stay.region.country_code for stay in trip.stays if stay.region}
    assert country in found
    assert not found - {"IT", "CH"}


def test_a_ferry_is_over_the_sea_which_is_no_region() -> None:
    trip = driven(way((51.20, 1.00), (51.12, 1.31), (50.97, 1.86), (50.90, 2.10), speed=9.0))
    assert codes(trip) == ["GB-KEN", "", "FR-62"]
    assert trip.crossings[0].to_region is None
    assert sum(row.distance_m for row in shares(trip.stays)) == pytest.approx(trip.distance_m)
    assert names(trip) == ["Europe/London", "Europe/Paris"]


def test_a_bay_on_a_coast_road_is_no_voyage() -> None:
    # along Murat Bay at Ceduna, where the generalised coast is up to a kilometre off
    trip = driven(way((-32.10, 133.62), (-32.1270, 133.6720), (-32.14, 133.72), speed=15.0))
    assert codes(trip) == ["AU-SA"]


@pytest.mark.parametrize("turn", [0.0, 360.0])
def test_over_the_date_line_the_region_goes_on(turn: float) -> None:
    trip = driven(way((66.5, 178.0 + turn), (66.6, 182.0 + turn)))
    assert codes(trip) == ["RU-CHU"]
    assert trip.crossings == ()
    assert names(trip)[0] == "Asia/Anadyr"


@pytest.mark.parametrize("lat", [89.5, -89.5])
def test_at_a_pole_there_is_an_account(lat: float) -> None:
    trip = driven(way((lat, 10.0), (lat * 0.9999, 170.0), (lat, 300.0), speed=10.0))
    assert sum(s.distance_m for s in trip.stays) == pytest.approx(trip.distance_m, abs=1e-6)
    assert trip.zones


def test_shuffled_points_tell_the_same() -> None:
    track = way(DODGE, GARDEN, SYRACUSE, LAMAR)
    one, other = driven(track), driven(shuffled(track))
    assert (one.stays, one.crossings, one.zones, one.towns) == (
        other.stays,
        other.crossings,
        other.zones,
        other.towns,
    )


@pytest.mark.parametrize("n", [0, 1, 2])
def test_of_few_points_little_is_told(n: int) -> None:
    trip = driven(make_track(NOON + np.arange(float(n)), np.full(n, 39.74), np.full(n, -104.99)))
    assert codes(trip) == ["US-CO"] * bool(n)
    assert names(trip) == ["America/Denver"] * bool(n)
    assert [town.name for town in trip.towns] == ["Denver"] * bool(n)


# --- real recordings


@pytest.mark.parametrize(
    "folder", ["gpx_trips/yosemite_2015_with_photos", "gpx_trips/sir_2013_ios"]
)
def test_real_trips_add_up(folder: str) -> None:
    gpx = pytest.importorskip("convoylog.files.readers.gpx")
    for path in sorted(corpus(folder).glob("*.gpx")):
        row = RecordedTrack("c1", path.name, "a", gpx.read(path.read_bytes()))
        book = Logbook("l", "T", "", (Car("c1", "Anna", "anna"),), (), (row,), ())
        (trip,) = work_out(book).cars
        rows = shares(trip.stays)
        assert sum(row.distance_m for row in rows) == pytest.approx(trip.distance_m, abs=1e-6)
        assert sum(row.time_s for row in rows) == pytest.approx(trip.elapsed_s, abs=2e-3)
        assert all(stay.region is not None or not stay.known for stay in trip.stays)


def test_where_the_data_is_coarser_than_the_way_is_deep_a_crossing_is_unsure() -> None:
    # Duluth: the interstate along the harbour, in Minnesota, lies beyond the generalised border
    gpx = pytest.importorskip("convoylog.files.readers.gpx")
    path = corpus("gpx_trips/sir_2013_ios") / "2013-08-13.gpx"
    row = RecordedTrack("c1", path.name, "a", gpx.read(path.read_bytes()))
    (trip,) = work_out(Logbook("l", "T", "", (Car("c1", "Anna", "anna"),), (), (row,), ())).cars
    assert codes(trip) == ["US-MN", "US-WI", "US-MN"]
    assert [crossing.unsure for crossing in trip.crossings] == [True, True]


def test_a_crossing_far_on_both_sides_is_sure() -> None:
    (crossing,) = driven(way(DODGE, LAMAR)).crossings
    assert not crossing.unsure
