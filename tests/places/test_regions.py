from __future__ import annotations

import numpy as np
import pytest

from convoylog import geo
from convoylog.places import regions
from convoylog.places.world import load_world
from tests.geodesics import destination


@pytest.mark.parametrize(
    ("place", "lat", "lon", "expected"),
    [
        ("Denver", 39.7392, -104.9903, "US-CO"),
        ("Dodge City", 37.7528, -100.0171, "US-KS"),
        ("Oslo", 59.9139, 10.7522, "NO-03"),
        ("Sydney", -33.8688, 151.2093, "AU-NSW"),
    ],
)
def test_a_town_lies_in_its_state(place: str, lat: float, lon: float, expected: str) -> None:
    found = regions.region_at(lat, lon)
    assert found is not None, place
    assert expected == found.code


@pytest.mark.parametrize(("lat", "expected"), [(36.999, "US-NM"), (37.001, "US-CO")])
def test_a_straight_border_is_where_the_map_has_it(lat: float, expected: str) -> None:
    # 3 km south of Branson; a great circle between the corners would bulge 20 km to the north
    found = regions.region_at(lat, -104.0)
    assert found is not None
    assert expected == found.code


@pytest.mark.parametrize(
    ("lat", "lon"), [(-40.0, -120.0), (0.0, -30.0), (90.0, 0.0), (90.0, 180.0), (-40.0, 180.0)]
)
def test_the_open_sea_and_the_pole_are_nobodys(lat: float, lon: float) -> None:
    assert regions.region_at(lat, lon) is None


@pytest.mark.parametrize("lat", [90.0, -90.0, 89.9999, -89.9999])
@pytest.mark.parametrize("lon", [-180.0, 0.0, 180.0])
def test_a_pole_is_asked_without_a_warning(lat: float, lon: float) -> None:
    regions.region_at(lat, lon)


def _strictly_inside(lat: float, lon: float) -> bool:
    return any(_in_rings(shape.rings, lat, lon) for shape in load_world().regions)


def test_a_harbour_off_the_coast_is_its_nearest_states_within_2_km() -> None:
    # from Ceduna south-west into Murat Bay, by 200 m: jetties stand off the generalised coast
    ceduna = (-32.1270, 133.6720)
    walk = [destination(*ceduna, 225.0, 200.0 * n) for n in range(40)]
    wet = next(n for n, place in enumerate(walk) if not _strictly_inside(*place))
    for jetty in walk[wet : wet + 5]:
        found = regions.region_at(*jetty)
        assert found is not None
        assert "AU-SA" == found.code


def test_farther_out_than_2_km_is_the_sea() -> None:
    # the Great Australian Bight, 100 km off its cliffs
    assert regions.region_at(-32.6, 130.0) is None


def test_what_is_unknown_is_minus_one() -> None:
    nan = float("nan")
    found = regions.regions_along(
        np.array([nan, 39.7392, 0.0, nan]), np.array([nan, -104.9903, nan, 0.0])
    )
    assert [True, False, True, True] == (found == -1).tolist()
    assert regions.region_at(nan, 0.0) is None
    assert 0 == len(regions.regions_along(np.zeros(0), np.zeros(0)))


def _in_rings(rings: tuple[np.ndarray, ...], lat: float, lon: float) -> bool:
    """Even-odd rule, edge by edge: slow and plain."""
    inside = False
    for ring in rings:
        if not (ring[:, 1].min() <= lat <= ring[:, 1].max()):
            continue
        points = ring.tolist()
        for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
            if (y0 > lat) != (y1 > lat) and lon < x0 + (lat - y0) * (x1 - x0) / (y1 - y0):
                inside = not inside
    return inside


@pytest.mark.parametrize(
    ("west", "south", "east", "north"),
    [
        (-109.5, 36.5, -101.5, 41.5),  # Colorado and its neighbours
        (9.0, 58.5, 12.5, 61.0),  # the fjord of Oslo
        (-110.0, 36.9, -108.0, 37.1),  # the corner of four states
    ],
)
def test_many_places_at_once_are_as_each_alone_by_the_plain_rule(
    west: float, south: float, east: float, north: float
) -> None:
    rng = np.random.default_rng(7)
    lat, lon = rng.uniform(south, north, 60), rng.uniform(west, east, 60)
    near = load_world().regions_in((west, south, east, north))
    for y, x, found in zip(lat, lon, regions.regions_along(lat, lon), strict=True):
        expected = [s.index for s in near if _in_rings(s.rings, float(y), float(x))]
        if expected:
            assert int(found) in expected, (y, x)
        else:
            alone = regions.region_at(float(y), float(x))
            assert (regions.all_regions()[found] if found >= 0 else None) == alone


def test_a_drive_over_a_border_changes_state_once() -> None:
    lon = np.linspace(-104.99, -100.02, 400)
    codes = [regions.all_regions()[n].code for n in regions.regions_along(np.full(400, 38.0), lon)]
    assert ["US-CO", "US-KS"] == list(dict.fromkeys(codes))
    assert codes == sorted(codes)


@pytest.mark.parametrize("lon", [179.95, 180.0, -180.0, -179.95])
def test_beyond_the_clip_of_the_data_the_region_goes_on(lon: float) -> None:
    found = regions.region_at(67.0, lon)
    assert found is not None
    assert "RU-CHU" == found.code


def test_the_south_pole_is_in_antarctica() -> None:
    for lon in (-180.0, 0.0, 180.0):
        found = regions.region_at(-90.0, lon)
        assert found is not None
        assert "AQ" == found.country_code


def _by_hand(lat: float, lon: float) -> int:
    """The rule, over all edges near by, one place at a time."""
    near = load_world().regions_in((lon - 0.2, lat - 0.2, lon + 0.2, lat + 0.2))
    inside = [s.index for s in near if _in_rings(s.rings, lat, lon)]
    if inside:
        return min(inside)
    best = (regions.NEAR_M, -1)
    for shape in near:
        for ring in shape.rings:
            a, b = ring, np.roll(ring, -1, axis=0)
            t = np.linspace(0.0, 1.0, 201)[:, None]
            beside = (np.abs(a - [lon, lat]).max(axis=1) < 0.3) | (
                np.abs(b - [lon, lat]).max(axis=1) < 0.3
            )
            for p, q in zip(a[beside], b[beside], strict=True):
                along = p + t * (q - p)
                metres = float(geo.near_m(lat, lon, along[:, 1], along[:, 0]).min())
                best = min(best, (metres, shape.index))
    return best[1]


def test_off_a_ragged_coast_every_place_is_as_by_hand() -> None:
    # the fjord of Oslo: islands, sounds wider and narrower than 2 km, two countries
    rng = np.random.default_rng(3)
    lat, lon = rng.uniform(58.7, 59.5, 120), rng.uniform(10.2, 11.4, 120)
    found = regions.regions_along(lat, lon)
    expected = [_by_hand(float(y), float(x)) for y, x in zip(lat, lon, strict=True)]
    assert expected == found.tolist()
    assert {True, False} == {n >= 0 for n in expected}


def test_the_order_of_places_and_their_company_change_no_answer() -> None:
    rng = np.random.default_rng(5)
    lat, lon = rng.uniform(-60, 75, 400), rng.uniform(-180, 180, 400)
    found = regions.regions_along(lat, lon)
    order = rng.permutation(400)
    assert found[order].tolist() == regions.regions_along(lat[order], lon[order]).tolist()
    alone = [int(regions.regions_along(lat[[n]], lon[[n]])[0]) for n in range(0, 400, 8)]
    assert found[::8].tolist() == alone


def test_a_place_on_the_corner_of_cells_or_on_a_border_has_one_region() -> None:
    y, x = (v.ravel() for v in np.meshgrid(np.arange(37, 41.01, 0.1), np.arange(-109, -102, 0.1)))
    found = regions.regions_along(y, x)
    assert (found >= 0).all()
    shifted = regions.regions_along(y + 1e-9, x + 1e-9)
    states = {"US-CO", "US-KS", "US-NE", "US-NM", "US-OK", "US-UT", "US-WY", "US-AZ"}
    assert {regions.all_regions()[n].code for n in {*found, *shifted}} <= states


def test_a_place_out_of_range_has_no_region() -> None:
    assert [-1, -1] == regions.regions_along(np.array([91.0, 0.0]), np.array([0.0, 181.0])).tolist()


def test_a_place_level_with_a_corner_of_a_border_is_still_inside() -> None:
    # a ray through a corner must count it once; the known-wrong variants count it twice or never
    (colorado,) = [s for s in load_world().regions if s.code == "US-CO"]
    levels = np.unique(np.concatenate(colorado.rings)[:, 1])
    levels = levels[(levels > 37.01) & (levels < 40.98)]
    assert len(levels)
    found = regions.regions_along(levels, np.full(len(levels), -105.5))
    assert {colorado.index} == set(found.tolist())


def test_a_shore_in_the_next_square_of_degrees_is_near_too() -> None:
    # off the south of Antigua: the land begins north of 17°
    found = regions.region_at(16.996, -61.8515)
    assert found is not None
    assert "AG" == found.country_code
