"""All generations of Google's timeline, in miniature."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime

import numpy as np
import pytest

from convoylog.errors import BadInput
from convoylog.files.readers import jsons
from convoylog.model.tracks import Recording

NOON = datetime(2024, 6, 1, 10, tzinfo=UTC).timestamp()


def read(document: object) -> Recording:
    return jsons.read(json.dumps(document).encode())


def record(n: int, **more: object) -> dict[str, object]:
    return {"latitudeE7": 510000000 + n, "longitudeE7": 70000000,
            "timestamp": f"2024-06-01T10:00:0{n}.500Z"} | more  # fmt: skip


RECORDS = {"locations": [record(0, accuracy=12, altitude=100, velocity=3, heading=90), record(1)]}
VISIT = {
    "location": {
        "latitudeE7": 510000000,
        "longitudeE7": 70000000,
        "name": "Inn",
        "address": "Road 1",
    },
    "duration": {"startTimestamp": "2024-06-01T10:00:00Z", "endTimestamp": "2024-06-01T11:00:00Z"},
}
MOVE = {
    "startLocation": {"latitudeE7": 510000000, "longitudeE7": 70000000},
    "endLocation": {"latitudeE7": 520000000, "longitudeE7": 80000000},
    "duration": {"startTimestampMs": "1717236000000", "endTimestampMs": "1717239600000"},
    "simplifiedRawPath": {"points": [{"latE7": 515000000, "lngE7": 75000000, "timestampMs": "1717237800000"}]},
}  # fmt: skip
MONTHS = {"timelineObjects": [{"placeVisit": VISIT}, {"activitySegment": MOVE}]}
PHONE = {
    "semanticSegments": [
        {"startTime": "2024-06-01T12:00:00.000+02:00", "endTime": "2024-06-01T13:00:00.000+02:00",
         "timelinePath": [{"point": "51.5°, 7.5°", "time": "2024-06-01T12:30:00.000+02:00"}]},
        {"startTime": "2024-06-01T13:00:00.000+02:00", "endTime": "2024-06-01T14:00:00.000+02:00",
         "visit": {"topCandidate": {"placeLocation": {"latLng": "51.6°, 7.6°"}}}},
    ],
}  # fmt: skip
SIGNALS = {
    "rawSignals": [
        {"position": {"LatLng": "51.2°, 7.2°", "accuracyMeters": 9, "altitudeMeters": 50.5,
                      "timestamp": "2024-06-01T12:00:10.000+02:00", "speedMetersPerSecond": 2}},
        {"wifiScan": {}},
        {"position": {"LatLng": "51.1°, 7.1°", "timestamp": "2024-06-01T12:00:00.000+02:00"}},
    ],
}  # fmt: skip
IOS = [
    {"startTime": "2024-06-01T12:00:00+02:00", "endTime": "2024-06-01T12:30:00+02:00",
     "activity": {"start": "geo:51.1,7.1", "end": "geo:51.2,7.2"}},
    {"startTime": "2024-06-01T12:30:00+02:00", "endTime": "2024-06-01T13:00:00+02:00",
     "timelinePath": [{"point": "geo:51.3,7.3", "durationMinutesOffsetFromStartTime": "10"}]},
]  # fmt: skip


def test_records_have_time_place_and_quality() -> None:
    found = read(RECORDS)
    (track,) = found.tracks
    assert [0.5, 1.5] == (track.time - NOON).tolist()
    assert [51.0, 51.0000001] == track.lat.tolist()
    assert (100.0, 12.0, 3.0, 90.0) == (
        track.ele[0], *(track.more[name][0] for name in ("accuracy", "speed", "course"))
    )  # fmt: skip
    assert "Google timeline (Records)" == found.format


def test_old_records_count_milliseconds() -> None:
    old = {"latitudeE7": 510000000, "longitudeE7": 70000000, "timestampMs": "1717236000250"}
    assert NOON + 0.25 == read({"locations": [old]}).tracks[0].time[0]


def test_devices_are_kept_apart() -> None:
    rows = [record(n, deviceTag=tag) for n, tag in enumerate((1, 2, 1))]
    assert [2, 1] == [len(track) for track in read({"locations": rows}).tracks]


def test_a_place_beyond_half_the_world_wraps_back() -> None:
    # for years Google wrote longitudes of the west with 2^32 added
    west = record(0) | {"longitudeE7": 2**32 - 70000000}
    assert -7.0 == read({"locations": [west]}).tracks[0].lon[0]


def test_an_entry_without_a_position_is_told() -> None:
    found = read({"locations": [record(0), {"timestamp": "2024-06-01T10:00:00Z"}]})
    assert 1 == found.points
    assert any(told.startswith("1 entry without a position") for told in found.warnings)


def test_months_give_moves_as_points_and_visits_as_waypoints() -> None:
    found = read(MONTHS)
    assert [0, 1800, 3600] == (found.tracks[0].time - NOON).tolist()
    (inn,) = found.waypoints
    assert ("Inn", NOON) == (inn.name, inn.at)


def test_ways_without_times_are_geometry_between_the_ends() -> None:
    moved = {key: value for key, value in MOVE.items() if key != "simplifiedRawPath"}
    moved["waypointPath"] = {"waypoints": [{"latE7": 515000000, "lngE7": 75000000}]}
    time = read({"timelineObjects": [{"activitySegment": moved}]}).tracks[0].time
    assert [False, True, False] == np.isnan(time).tolist()


def test_a_phones_own_export_has_paths_and_visits() -> None:
    found = read(PHONE)
    assert [1800] == (found.tracks[0].time - NOON).tolist()
    assert [51.6] == [waypoint.lat for waypoint in found.waypoints]
    assert "offset" == found.time_from


def test_what_was_measured_counts_before_what_google_made_of_it() -> None:
    found = read(PHONE | SIGNALS)
    track = found.tracks[0]
    assert [0, 10] == (track.time - NOON).tolist()
    assert (50.5, 9.0, 2.0) == (track.ele[1], track.more["accuracy"][1], track.more["speed"][1])
    assert any("the raw signals hold what was measured" in told for told in found.warnings)


def test_an_iphones_export_is_a_list() -> None:
    found = read(IOS)
    assert [0, 1800, 2400] == (found.tracks[0].time - NOON).tolist()
    assert [51.1, 51.2, 51.3] == found.tracks[0].lat.tolist()


def test_settings_are_no_timeline() -> None:
    with pytest.raises(BadInput, match="no position is in it"):
        read({"gaiaId": 1, "deviceSettings": []})


@pytest.mark.parametrize("time", ["yesterday", 1e300, [], {}, True])
def test_a_time_that_is_none_is_told_and_the_place_kept(time: object) -> None:
    found = read({"locations": [record(0) | {"timestamp": time}]})
    assert np.isnan(found.tracks[0].time[0])
    assert found.warnings


@pytest.mark.parametrize("document", [RECORDS, MONTHS, PHONE, PHONE | SIGNALS, IOS])
def test_values_of_any_other_type_raise_nothing_but_bad_input(document: object) -> None:
    text = json.dumps(document)
    for odd in ("null", "[]", "{}", "-1", '"x"', "1e999", "true", "[[[]]]"):
        for value in ('"2024', "51", '"geo:51.1,7.1"', "{", "["):
            at = text.find(value, 1)
            while at >= 0:
                broken = text[:at] + odd + text[at + len(value) :]
                with suppress(BadInput):
                    jsons.read(broken.encode())
                at = text.find(value, at + 1)
