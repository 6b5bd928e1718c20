"""Regions by their outlines: any GeoJSON, many places and few, how far, where a way is cut."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from convoylog import geo
from convoylog.errors import BadInput
from convoylog.places import outlines
from convoylog.places.regions import Regions, from_geojson, packed
from tests.geodesics import destination


def feature(
    name: object, rings: object, kind: str = "Polygon", **more: object
) -> dict[str, object]:
    geometry = {"type": kind, "coordinates": rings}
    return {"type": "Feature", "properties": {"name": name, **more}, "geometry": geometry}


def ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def collection(*features: object) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(features)}


def found(regions: Regions, lat: float, lon: float) -> str:
    region = regions.at(int(regions.numbers(np.array([lat]), np.array([lon]))[0]))
    return region.name if region else ""


def test_polygons_multipolygons_and_holes_are_read() -> None:
    regions = from_geojson(
        collection(
            feature("Land", [ring(0, 0, 10, 10), ring(4, 4, 6, 6)]),
            feature("Isles", [[ring(20, 0, 21, 1)], [ring(22, 0, 23, 1)]], "MultiPolygon"),
            feature("Lake", [ring(4.5, 4.5, 5.5, 5.5)], country="Nowhere", iso_a2="nw"),
        )
    )
    assert [r.name for r in regions.all] == ["Land", "Isles", "Lake"]
    assert found(regions, 1.0, 1.0) == "Land"
    assert found(regions, 4.2, 5.0) == ""
    assert found(regions, 5.0, 5.0) == "Lake"
    assert (found(regions, 0.5, 20.5), found(regions, 0.5, 21.5), found(regions, 0.5, 22.5)) == (
        "Isles",
        "",
        "Isles",
    )
    assert (regions.all[2].country, regions.all[2].country_code) == ("Nowhere", "NW")
    assert regions.scale_m is None


def test_a_ring_need_not_be_closed_nor_run_a_certain_way() -> None:
    regions = from_geojson(collection(feature("A", [ring(0, 0, 1, 1)[:-1][::-1]])))
    assert (found(regions, 0.5, 0.5), found(regions, 1.5, 0.5)) == ("A", "")


def test_features_without_a_name_or_an_area_are_passed_over() -> None:
    regions = from_geojson(
        collection(
            feature("", [ring(0, 0, 1, 1)]),
            feature("Point", [0, 0], "Point"),
            {"type": "Feature", "properties": None, "geometry": None},
            "rubbish",
            feature("A", [ring(0, 0, 1, 1)]),
        )
    )
    assert [r.name for r in regions.all] == ["A"]


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"features": 3},
        collection(),
        collection(feature("A", [[[0, 0], [1, 1]]])),
        collection(feature("A", [[[0, 0], [1, 1], [2, 99]]])),
        collection(feature("A", [[[0, 0], [1, 1], [math.nan, 0]]])),
        collection(feature("A", [[[0, 0], [1, 1], ["2", 0]]])),
        collection(feature("A", [[[0, 0], [1, 1], [True, 0]]])),
        collection(feature("A", "x")),
        collection(feature("A", [["x", "y", "z"]])),
    ],
)
def test_what_is_no_set_of_regions_is_bad_input(document: object) -> None:
    with pytest.raises(BadInput):
        from_geojson(document)


def test_names_are_made_one_line() -> None:
    regions = from_geojson(collection(feature("A\n\tB" + "x" * 500, [ring(0, 0, 1, 1)])))
    assert regions.all[0].name.startswith("A Bx")
    assert len(regions.all[0].name) == 200


def test_all_corners_and_sides_belong_to_the_first() -> None:
    regions = from_geojson(
        collection(
            *(feature(f"{x}{y}", [ring(x, y, x + 1, y + 1)]) for x in (0, 1) for y in (0, 1))
        )
    )
    lat = np.array([0.0, 0.5, 1.0, 1.0, 1.0, 1.5, 2.0])
    lon = np.array([0.0, 1.0, 1.0, 0.5, 1.5, 1.0, 2.0])
    assert regions.numbers(lat, lon).tolist() == [0, 0, 0, 0, 2, 1, 3]


def test_many_places_cell_by_cell_are_as_few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    lat, lon = rng.uniform(45.0, 48.0, 3000), rng.uniform(5.0, 12.0, 3000)
    few = packed().numbers(lat, lon)
    monkeypatch.setattr(outlines, "_FEW", 0)
    cells = packed().numbers(lat, lon)
    monkeypatch.setattr(outlines, "_FEW", 10**9)
    assert few.tolist() == cells.tolist() == packed().numbers(lat, lon).tolist()
    assert len(set(few.tolist())) > 20


CROOKED = [[0.0, 0.0], [0.05, 0.01], [0.03, 0.04], [0.06, 0.07], [-0.02, 0.06], [0.01, 0.03]]


def test_how_far_from_a_region_is_as_by_hand() -> None:
    regions = from_geojson(collection(feature("A", [CROOKED]), feature("B", [ring(1, 1, 2, 2)])))
    rng = np.random.default_rng(5)
    lat, lon = rng.uniform(-0.03, 0.1, 300), rng.uniform(-0.05, 0.1, 300)
    outside = regions.numbers(lat, lon) != 0
    lat, lon = lat[outside], lon[outside]
    share = np.linspace(0.0, 1.0, 2001)[:, None]
    corners = np.array(CROOKED)
    edge = np.concatenate(
        [a + share * (b - a) for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)]
    )
    away = np.array(
        [geo.near_m(y, x, edge[:, 1], edge[:, 0]).min() for y, x in zip(lat, lon, strict=True)]
    )
    for metres in (100.0, 500.0, 2000.0):
        sure = np.abs(away - metres) > 2.0
        clear = regions.clear_of(0, -1, lat, lon, metres)
        assert (clear == (away >= metres))[sure].all()
    assert regions.clear_of(1, -1, lat, lon, 500.0).all()


def test_where_a_way_meets_edges_is_as_by_hand() -> None:
    regions = from_geojson(collection(feature("A", [CROOKED])))
    rng = np.random.default_rng(6)
    lat, lon = rng.uniform(-0.02, 0.08, 40), rng.uniform(-0.03, 0.07, 40)
    expected = []
    for hop in range(39):
        p, d = (
            complex(lon[hop], lat[hop]),
            complex(lon[hop + 1] - lon[hop], lat[hop + 1] - lat[hop]),
        )
        for a, b in zip(CROOKED, CROOKED[1:] + CROOKED[:1], strict=True):
            # sides of the hop on which the ends of the edge lie, and the other way round
            u, v = ((complex(*end) - p) / d for end in (a, b))
            if (u.imag > 0) != (v.imag > 0):
                at = u.real + (v.real - u.real) * u.imag / (u.imag - v.imag)
                if 0 <= at <= 1:
                    expected.append(hop + at)
    assert len(expected) > 40
    assert regions.cuts(lat, lon) == pytest.approx(sorted(expected), abs=1e-9)


def test_a_packed_harbour_reaches_two_kilometres_out_and_is_left_500_metres_further() -> None:
    # the Great Australian Bight, by steps off the cliffs at Eucla
    places = [destination(-31.72, 128.88, 180.0, 250.0 * n) for n in range(60)]
    lat, lon = (np.array(column) for column in zip(*places, strict=True))
    numbers = packed().numbers(lat, lon)
    here = int(numbers[0])
    wet = int(np.argmax(numbers != here))
    assert here >= 0
    assert set(numbers[wet:].tolist()) == {-1}
    clear = packed().clear_of(here, -1, lat[wet:], lon[wet:], 500.0)
    first = int(np.argmax(clear))
    assert not clear[:first].any()
    assert clear[first:].all()
    assert 1 <= first <= 4


def test_a_file_of_a_hundred_thousand_corners_is_read_in_good_time() -> None:
    turn = np.linspace(0.0, 2 * math.pi, 100_000, endpoint=False)
    round_ = np.stack([np.cos(turn), np.sin(turn)], axis=1).tolist()
    text = json.dumps(collection(feature("Round", [round_])))
    regions = from_geojson(json.loads(text))
    assert (found(regions, 0.5, 0.5), found(regions, 0.8, 0.8)) == ("Round", "")
