"""Lists of points that phones' servers export: OwnTracks, its recorder, Dawarich and others."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from convoylog.errors import BadInput
from convoylog.files.readers import jsons
from convoylog.model.tracks import Recording

NOON = int(datetime(2024, 6, 1, 10, tzinfo=UTC).timestamp())


def read(document: object) -> Recording:
    return jsons.read(json.dumps(document).encode())


def message(n: int, **more: object) -> dict[str, object]:
    return {"_type": "location", "tst": NOON + n, "lat": 51.0 + n, "lon": 7.0, "alt": 100,
            "vel": 36, "acc": 8, "cog": 90, "tid": "aa"} | more  # fmt: skip


OWNTRACKS = [message(0), message(1)]
DAWARICH = [
    {"id": 1, "timestamp": NOON, "latitude": "51.5", "longitude": "-0.25", "altitude": 100,
     "velocity": "13.5", "accuracy": 5, "tracker_id": "phone"},
    {"id": 2, "timestamp": NOON + 1, "lonlat": "POINT (-0.26 51.6)", "tracker_id": "phone"},
]  # fmt: skip


def test_owntracks_speeds_are_kilometres_an_hour() -> None:
    found = read(OWNTRACKS)
    (track,) = found.tracks
    assert ("OwnTracks", [0, 1]) == (found.format, (track.time - NOON).tolist())
    assert {"accuracy": 8.0, "course": 90.0, "speed": pytest.approx(10.0)} == {
        name: column[0] for name, column in track.more.items()
    }


def test_one_message_and_the_recorders_answer_are_read_too() -> None:
    assert [1, 2] == [read(content).points for content in (message(0), {"data": OWNTRACKS})]


def test_the_recorders_log_has_a_time_and_a_topic_before_each_message() -> None:
    lines = "".join(f"2024-06-01T10:00:0{n}Z\t*\t{json.dumps(message(n))}\n" for n in range(2))
    assert 2 == jsons.read(lines.encode()).points


def test_cars_of_one_file_are_kept_apart_and_other_messages_passed_over() -> None:
    rows = [message(0, topic="owntracks/x/a"), message(1, topic="owntracks/x/b"),
            message(2, _type="transition")]  # fmt: skip
    assert [("x/a", 1), ("x/b", 1)] == [(track.name, len(track)) for track in read(rows).tracks]


def test_dawarichs_points_come_as_numbers_texts_and_geometry() -> None:
    found = read(DAWARICH)
    (track,) = found.tracks
    assert "Dawarich" == found.format
    assert [51.5, 51.6] == track.lat.tolist()
    assert [-0.25, -0.26] == track.lon.tolist()
    assert [13.5, True] == [track.more["speed"][0], np.isnan(track.more["speed"][1])]


def test_a_list_of_another_program_has_no_speed_since_nobody_says_its_unit() -> None:
    found = read({"points": [{"lat": 51, "lng": 7, "time": "2024-06-01T10:00:00Z", "speed": 10}]})
    assert ("JSON points", {}) == (found.format, dict(found.tracks[0].more))
    assert [NOON] == found.tracks[0].time.tolist()


@pytest.mark.parametrize("odd", [{"lat": 91}, {"lat": "x"}, {"lon": None}, {"lat": True}])
def test_impossible_positions_are_left_out_and_told(odd: dict[str, object]) -> None:
    found = read([message(0), message(1, **odd)])
    assert 1 == found.points
    assert found.warnings


def test_times_that_are_none_are_told_and_the_places_kept() -> None:
    found = read([message(0), message(0, tst="soon")])
    assert [False, True] == np.isnan(found.tracks[0].time).tolist()
    assert found.warnings


def test_a_list_of_anything_else_is_refused() -> None:
    with pytest.raises(BadInput, match="neither GeoJSON nor a timeline"):
        read([1, "a", None, {"latitude": "north"}])
