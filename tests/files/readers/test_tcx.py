"""TCX, as watches and their web pages export it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest

from convoylog.errors import BadInput
from convoylog.files.readers import HEAD, READERS, recognise, tcx
from convoylog.files.readers.limits import Limits

NOON = datetime(2024, 6, 1, 10, tzinfo=UTC).timestamp()


def point(n: int, more: str = "", lat: float | str = 51.5, lon: float | str = -0.25) -> str:
    return (
        f"<Trackpoint><Time>2024-06-01T10:{n // 60:02d}:{n % 60:02d}.000Z</Time><Position>"
        f"<LatitudeDegrees>{lat}</LatitudeDegrees><LongitudeDegrees>{lon}</LongitudeDegrees></Position>"
        f"<AltitudeMeters>{n}.5</AltitudeMeters>{more}</Trackpoint>\n"
    )


def lap(*tracks: str) -> str:
    inside = "".join(f"<Track>{points}</Track>" for points in tracks)
    return f'<Lap StartTime="2024-06-01T10:00:00Z">{inside}</Lap>'


def activity(inside: str, before: str = "", behind: str = "") -> str:
    return f'<Activity Sport="Biking">{before}{inside}{behind}</Activity>'


def document(inside: str, prefix: str = "") -> bytes:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<TrainingCenterDatabase '
        'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" '
        f'xmlns:x="http://www.garmin.com/xmlschemas/ActivityExtension/v2">{inside}'
        "</TrainingCenterDatabase>\n"
    )
    if prefix:
        text = text.replace("</", "\0").replace("<", f"<{prefix}:").replace("\0", f"</{prefix}:")
        text = text.replace(f"<{prefix}:?", "<?").replace("xmlns=", f"xmlns:{prefix}=")
    return text.encode()


def day(points: str) -> bytes:
    return document(f"<Activities>{activity(lap(points))}</Activities>")


THREE = "".join(map(point, range(3)))
DAY = day(THREE)


def test_a_trackpoint_has_all_its_columns() -> None:
    more = (
        "<HeartRateBpm><Value>121</Value></HeartRateBpm><Cadence>83</Cadence>"
        "<Extensions><x:TPX><x:Speed>13.5</x:Speed><x:Watts>240</x:Watts></x:TPX></Extensions>"
    )
    found = tcx.read(day(point(7, more)))
    (track,) = found.tracks
    assert [NOON + 7, 51.5, -0.25, 7.5] == [
        column[0] for column in (track.time, track.lat, track.lon, track.ele)
    ]
    assert {"speed": 13.5, "heart_rate": 121.0, "cadence": 83.0, "power": 240.0} == {
        name: column[0] for name, column in track.more.items()
    }
    assert ("TCX", "utc", ()) == (found.format, found.time_from, found.warnings)


def test_the_cadence_of_runners_is_one_too() -> None:
    more = "<Extensions><x:TPX><x:RunCadence>88</x:RunCadence></x:TPX></Extensions>"
    assert 88 == tcx.read(day(point(0, more))).tracks[0].more["cadence"][0]


def test_any_prefix_will_do() -> None:
    found = tcx.read(document(f"<Activities>{activity(lap(THREE))}</Activities>", "ns3"))
    assert 3 == found.points


def test_a_lap_is_no_break_and_a_second_track_in_one_is() -> None:
    two = THREE + point(3)
    laps = document(f"<Activities>{activity(lap(THREE) + lap(two))}</Activities>")
    pause = document(f"<Activities>{activity(lap(THREE, two))}</Activities>")
    assert [2, 2] == [tcx.read(content).segments for content in (laps, pause)]
    assert 1 == len(tcx.read(laps).tracks)


def test_every_activity_is_a_track_named_by_its_notes_or_sport() -> None:
    noted = activity(lap(THREE), "<Id>2024-06-01T10:00:00Z</Id>", "<Notes>To the sea\nrain</Notes>")
    named = activity(lap(THREE), "<Id>Stage 2</Id>")
    found = tcx.read(document(f"<Activities>{noted}{named}{activity(lap(THREE))}</Activities>"))
    assert ["To the sea", "Stage 2", "Biking"] == [track.name for track in found.tracks]


def test_a_course_is_a_plan_and_its_points_are_waypoints() -> None:
    mark = (
        "<CoursePoint><Name>Turn</Name><Time>2024-06-01T10:00:00Z</Time><Position>"
        "<LatitudeDegrees>51</LatitudeDegrees><LongitudeDegrees>7</LongitudeDegrees></Position>"
        "<PointType>Left</PointType></CoursePoint>"
    )
    course = f"<Course><Name>Pass</Name><Track>{THREE}</Track>{mark}</Course>"
    found = tcx.read(document(f"<Courses>{course}</Courses>"))
    assert () == found.tracks
    assert [("Pass", 3)] == [(route.name, len(route.lat)) for route in found.routes]
    assert [("Turn", 51.0, 7.0)] == [(w.name, w.lat, w.lon) for w in found.waypoints]


def test_the_device_is_named_before_the_program_that_wrote() -> None:
    creator = (
        "<Creator><Name>Edge 530</Name><Version><VersionMajor>9</VersionMajor>"
        "<VersionMinor>75</VersionMinor><BuildMajor>0</BuildMajor></Version></Creator>"
    )
    author = "<Author><Name>Connect Api</Name></Author>"
    both = document(f"<Activities>{activity(lap(THREE), behind=creator)}</Activities>{author}")
    assert "Edge 530 9.75" == tcx.read(both).creator
    alone = document(f"<Activities>{activity(lap(THREE))}</Activities>{author}")
    assert "Connect Api" == tcx.read(alone).creator


def test_trackpoints_without_a_position_are_counted_and_not_kept() -> None:
    indoors = "<Trackpoint><Time>2024-06-01T10:00:09Z</Time></Trackpoint>"
    found = tcx.read(day(THREE + indoors * 2))
    assert 3 == found.points
    assert ("2 trackpoints without a position, not kept",) == found.warnings


@pytest.mark.parametrize("lat", ["91", "-90.1", "NaN", "1e999", "51,5", "٥١", "5_1", ""])
def test_an_impossible_position_is_left_out_and_told_with_its_line(lat: str) -> None:
    found = tcx.read(day(point(0) + point(1, lat=lat) + point(2)))
    assert 2 == found.points
    (odd,) = found.warnings
    assert odd == "1 point with an impossible position left out (first in line 3)"


def test_times_and_heights_that_cannot_be_read_are_unknown_and_told() -> None:
    bad = point(1).replace("2024-06-01T10:00:01.000Z", "yesterday").replace(">1.5<", ">high<")
    found = tcx.read(day(point(0) + bad))
    assert [False, True] == np.isnan(found.tracks[0].time).tolist()
    assert [False, True] == np.isnan(found.tracks[0].ele).tolist()
    assert 2 == len(found.warnings)


def test_an_offset_is_taken_off_and_a_missing_zone_told() -> None:
    east = day(point(0).replace(".000Z", "+02:00"))
    assert NOON - 7200 == tcx.read(east).tracks[0].time[0]
    bare = tcx.read(day(point(0).replace(".000Z", "")))
    assert NOON == bare.tracks[0].time[0]
    assert "without a zone" in bare.warnings[0]


def test_a_cut_anywhere_keeps_what_came_whole_and_says_so() -> None:
    counts = []
    for end in range(DAY.index(b"<Track>"), len(DAY) - 2):
        try:
            found = tcx.read(DAY[:end])
        except BadInput:
            counts.append(0)
            continue
        counts.append(found.points)
        assert any("what came whole before is kept" in told for told in found.warnings)
    assert {0, 1, 2, 3} == set(counts)
    assert all(one <= later for one, later in pairwise(counts))


def test_no_position_at_all_is_told() -> None:
    assert ("it holds no position",) == tcx.read(document("<Activities/>")).warnings


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<TrainingCenterDatabase>", "before anything"),
        (b"<gpx/>", "its root is another"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><TrainingCenterDatabase/>', "document type"),
        (document("<a>" * 70 + "</a>" * 70), "nested deeper"),
        (day("<Trackpoint>" + "<a/>" * 1100 + "</Trackpoint>"), "over 1,000 elements"),
        (day(point(0, f"<Cadence>{'x' * 3_000_000}</Cadence>")), "a text of over 64 KiB"),
    ],
)
def test_hostile_ones_are_refused_with_a_reason(content: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        tcx.read(content)


def test_more_points_than_the_limit_are_refused() -> None:
    with pytest.raises(BadInput, match="more than 2 points"):
        tcx.read(DAY, Limits(points=2))


def test_its_root_tells_it_whatever_its_name() -> None:
    assert READERS["tcx"] is recognise(DAY[:HEAD], "day.gpx")
