"""GeoJSON, with times wherever its many writers put them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from convoylog.errors import BadInput
from convoylog.files.readers import HEAD, READERS, jsons, recognise
from convoylog.files.readers.limits import Limits
from convoylog.model.tracks import Recording

NOON = datetime(2024, 6, 1, 10, tzinfo=UTC).timestamp()
PLACES = [[7 + n / 1000, 51 + n / 1000, 100 + n] for n in range(3)]
STAMPS = [f"2024-06-01T10:00:0{n}Z" for n in range(3)]


def feature(kind: str, coordinates: object, **properties: object) -> dict[str, object]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features: object, **more: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def read(*features: object, **more: object) -> Recording:
    return jsons.read(collection(*features, **more))


DAY = collection(feature("LineString", PLACES, name="Day", coordTimes=STAMPS))


def test_a_line_with_coord_times_is_a_track() -> None:
    found = jsons.read(DAY)
    (track,) = found.tracks
    assert ("GeoJSON", "Day") == (found.format, track.name)
    assert [0, 1, 2] == (track.time - NOON).tolist()
    assert [51.0, 51.001, 51.002] == track.lat.tolist()
    assert [100, 101, 102] == track.ele.tolist()
    assert () == found.warnings


@pytest.mark.parametrize(
    "times",
    [
        {"times": STAMPS},
        {"coordinateProperties": {"times": STAMPS}},
        {"timestamps": [1717236000 + n for n in range(3)]},
        {"times": [1717236000000 + n * 1000 for n in range(3)]},
    ],
)
def test_times_beside_the_coordinates_in_many_places(times: dict[str, object]) -> None:
    found = read(feature("LineString", PLACES, **times))
    assert [0, 1, 2] == (found.tracks[0].time - NOON).tolist()


def test_a_fourth_coordinate_may_be_the_time() -> None:
    places = [[*place, 1717236000 + n] for n, place in enumerate(PLACES)]
    found = read(feature("LineString", places))
    assert [0, 1, 2] == (found.tracks[0].time - NOON).tolist()


def test_another_number_of_times_than_of_points_is_told_and_not_used() -> None:
    found = read(feature("LineString", PLACES, coordTimes=STAMPS[:2]))
    assert np.isnan(found.tracks[0].time).all()
    assert "another number of times" in found.warnings[0]


def test_lines_of_a_multi_line_are_segments() -> None:
    found = read(feature("MultiLineString", [PLACES, PLACES[:2]], coordTimes=[STAMPS, STAMPS[:2]]))
    assert [0, 0, 0, 1, 1] == found.tracks[0].segment.tolist()


def test_times_that_do_not_fit_each_line_are_told_and_not_used() -> None:
    found = read(feature("MultiLineString", [PLACES, PLACES[:2]], coordTimes=[STAMPS[:2], STAMPS]))
    assert np.isnan(found.tracks[0].time).all()
    assert "another number of times" in found.warnings[0]


def test_points_with_times_are_the_drive_of_what_recorded_them() -> None:
    rows = [
        feature("Point", place, timestamp=stamp, speed=13.5, device_id=car)
        for car in ("a", "b")
        for place, stamp in zip(PLACES, STAMPS, strict=True)
    ]
    found = read(*rows)
    assert ["a", "b"] == [track.name for track in found.tracks]
    assert [13.5] * 3 == found.tracks[0].more["speed"].tolist()
    assert 0 == len(found.waypoints)


def test_traccars_speeds_are_knots() -> None:
    rows = [
        feature("Point", place, fixTime=stamp, speed=10)
        for place, stamp in zip(PLACES, STAMPS, strict=True)
    ]
    assert 10 * 1852 / 3600 == pytest.approx(read(*rows).tracks[0].more["speed"][0])


def test_minus_one_is_how_phones_say_unknown() -> None:
    rows = [
        feature("Point", place, timestamp=stamp, speed=-1, course=-1)
        for place, stamp in zip(PLACES, STAMPS, strict=True)
    ]
    assert {} == dict(read(*rows).tracks[0].more)


def test_a_place_somebody_named_is_a_waypoint() -> None:
    found = read(json.loads(DAY)["features"][0], feature("Point", PLACES[1], name="Lunch"))
    assert ["Lunch"] == [waypoint.name for waypoint in found.waypoints]
    assert 3 == found.points


def test_a_line_known_as_a_route_is_a_plan() -> None:
    found = read(feature("LineString", PLACES, name="Pass", _gpxType="rte"))
    assert [("Pass", 3)] == [(route.name, len(route.lat)) for route in found.routes]


def test_latitudes_that_can_only_be_longitudes_are_told_as_perhaps_swapped() -> None:
    with_swapped = feature("LineString", [*PLACES, [51.5, 107.25]], coordTimes=[*STAMPS, STAMPS[2]])
    found = read(with_swapped)
    assert 3 == found.points
    assert any("are they swapped?" in told for told in found.warnings)


@pytest.mark.parametrize("place", [[7, 91], [181, 51], ["7", None], [], None, [7], [1e999, 51]])
def test_impossible_positions_are_left_out_and_told(place: object) -> None:
    found = read(feature("LineString", [*PLACES, place]))
    assert 3 == found.points
    assert found.warnings


def test_areas_and_features_without_a_position_are_told() -> None:
    found = read(
        feature("Polygon", [PLACES]),
        {"type": "Feature", "geometry": None, "properties": None},
        json.loads(DAY)["features"][0],
    )
    assert {"1 area not read", "1 feature without a position"} == set(found.warnings)


def test_another_coordinate_system_is_refused() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    with pytest.raises(BadInput, match="another coordinate system"):
        read(feature("LineString", PLACES), crs=crs)


def test_a_bare_geometry_a_feature_and_lines_of_features_are_read() -> None:
    one = feature("LineString", PLACES, coordTimes=STAMPS)
    bare = {"type": "LineString", "coordinates": PLACES}
    lines = "\n".join(json.dumps(one) for _ in range(2))
    assert [3, 3, 6] == [
        jsons.read(content.encode()).points
        for content in (json.dumps(bare), json.dumps(one), lines)
    ]


def test_overlands_locations_are_features_too() -> None:
    rows = [
        feature("Point", place, timestamp=stamp, horizontal_accuracy=5, speed=1)
        for place, stamp in zip(PLACES, STAMPS, strict=True)
    ]
    found = jsons.read(json.dumps({"locations": rows}).encode())
    assert 3 == found.points
    assert [5.0] * 3 == found.tracks[0].more["accuracy"].tolist()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[" * 100_000, "nested too deeply|broken JSON"),
        (b'{"type": "FeatureCollection", ', "broken JSON in line 1"),
        (b'{"a": 1}', "neither GeoJSON nor"),
        (b"{}", "neither GeoJSON nor"),
        (b"\xff\xfe\x00", "no encoding|broken JSON"),
    ],
)
def test_what_is_none_is_refused_with_a_reason(content: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        jsons.read(content)


def test_a_number_of_thousands_of_digits_is_unknown_and_quick() -> None:
    content = DAY.replace(b"51.001", b"9" * 100_000)
    found = jsons.read(content)
    assert 2 == found.points


def test_a_height_beyond_all_numbers_is_unknown() -> None:
    rows = [
        feature("Point", place, timestamp=stamp)
        for place, stamp in zip(PLACES, STAMPS, strict=True)
    ]
    found = jsons.read(collection(*rows).replace(b"101", b"1e999"))
    assert [100, np.nan, 102] == pytest.approx(found.tracks[0].ele.tolist(), nan_ok=True)


def test_more_points_than_the_limit_are_refused() -> None:
    with pytest.raises(BadInput, match="more than 2 points"):
        jsons.read(DAY, Limits(points=2))


def test_its_first_brace_tells_it_whatever_its_name() -> None:
    assert READERS["json"] is recognise(DAY[:HEAD], "day.gpx")
