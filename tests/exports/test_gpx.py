"""GPX we write is GPX that we and others read."""

from __future__ import annotations

from datetime import UTC, datetime

import gpxpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convoylog.exports.gpx import write_gpx
from convoylog.files.readers import gpx
from convoylog.model.tracks import Track, Waypoint, make_track

NAN = float("nan")


def line(content: bytes, holding: str) -> str:
    (found,) = [line for line in content.decode().splitlines() if holding in line]
    return found


def test_a_point_is_written_short_and_plain() -> None:
    track = make_track([1717236000.0], [52.1234567891], [-0.00000001], [12.5])
    assert line(write_gpx([track], title=""), "<trkpt") == (
        '<trkpt lat="52.1234568" lon="0"><ele>12.5</ele><time>2024-06-01T10:00:00Z</time></trkpt>'
    )


def test_unknown_height_and_time_are_left_out() -> None:
    content = write_gpx([make_track([NAN], [1], [2])], title="")
    assert line(content, "<trkpt") == '<trkpt lat="1" lon="2"></trkpt>'


def test_milliseconds_are_written_where_there_are_any() -> None:
    track = make_track([0.25, 1.0, 1.9999999], [1] * 3, [2] * 3)
    content = write_gpx([track], title="").decode()
    assert "<time>1970-01-01T00:00:00.250Z</time>" in content
    assert content.count("<time>1970-01-01T00:00:01Z</time>") == 1
    assert content.count("<time>1970-01-01T00:00:02Z</time>") == 1


def test_points_without_a_position_are_left_out() -> None:
    track = make_track([0, 1, 2], [1, NAN, 3], [1, 2, 3])
    assert gpx.read(write_gpx([track], title="")).tracks[0].lat.tolist() == [1.0, 3.0]


@pytest.mark.parametrize("tracks", [(), (make_track([], [], []),)])
def test_nothing_at_all_is_a_valid_document(tracks: tuple[Track, ...]) -> None:
    content = write_gpx(tracks, title="")
    assert gpx.read(content).points == 0
    assert gpxpy.parse(content).tracks == []


HOSTILE = "a<b>&\"'c ]]> <!-- \x00\x07\x1b\ufffe\ud800 😀 Zürich"
SHOWN = "a<b>&\"'c ]]> <!--  😀 Zürich"


def test_foreign_text_stays_text() -> None:
    track = make_track([0], [1], [2], name=HOSTILE)
    waypoint = Waypoint(1.0, 2.0, HOSTILE, HOSTILE)
    content = write_gpx([track], [waypoint], title=HOSTILE, creator=HOSTILE, original="ff")
    ours, theirs = gpx.read(content), gpxpy.parse(content)
    assert [ours.creator, ours.tracks[0].name, ours.waypoints[0].name, ours.waypoints[0].text] == [
        SHOWN
    ] * 4
    assert [theirs.creator, theirs.name, theirs.tracks[0].name] == [SHOWN] * 3
    assert theirs.keywords == "original:ff"
    assert ours.warnings == ()


def test_waypoints_keep_what_they_know() -> None:
    waypoints = (Waypoint(1.5, -2.5, "Inn", "pie", 1717236000.5, 7.25), Waypoint(3.0, 4.0))
    assert gpx.read(write_gpx((), waypoints, title="t")).waypoints == waypoints


def test_segments_and_tracks_stay_apart() -> None:
    one = make_track([0, 1, 2, 3], [1] * 4, [2] * 4, segment=[0, 0, 4, 7], name="one")
    two = make_track([0], [1], [2])
    back = gpx.read(write_gpx([one, two], title="")).tracks
    assert [track.segment.tolist() for track in back] == [[0, 0, 1, 2], [0]]


_column = st.lists(
    st.tuples(
        st.floats(-90, 90),
        st.floats(-180, 180),
        st.none() | st.floats(-500, 9000),
        st.none() | st.floats(-1e9, 4e9),
        st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(_column)
def test_what_is_written_reads_back_here_and_in_gpxpy(
    rows: list[tuple[float, float, float | None, float | None, bool]],
) -> None:
    lat, lon, ele, time, cut = ([row[i] for row in rows] for i in range(5))
    known = [np.array([NAN if v is None else v for v in c], dtype=float) for c in (time, ele)]
    segment = np.cumsum(cut) - (int(cut[0]) if cut else 0)
    content = write_gpx([make_track(known[0], lat, lon, known[1], segment)], title="x")
    theirs = [p for t in gpxpy.parse(content).tracks for s in t.segments for p in s.points]
    assert len(theirs) == len(rows)
    recording = gpx.read(content)
    if not rows:
        return
    (back,) = recording.tracks
    np.testing.assert_allclose(back.lat, lat, rtol=0, atol=0.51e-7)
    np.testing.assert_allclose(back.lon, lon, rtol=0, atol=0.51e-7)
    np.testing.assert_allclose(back.ele, known[1], rtol=0, atol=0.51e-3)
    np.testing.assert_allclose(back.time, known[0], rtol=0, atol=0.51e-3)
    assert back.segment.tolist() == segment.tolist()
    for point, at in zip(theirs, back.time.tolist(), strict=True):
        there = point.time
        assert (there is None) == np.isnan(at)
        if there is not None:
            whole = datetime.fromtimestamp(0, UTC).timestamp()
            assert there.timestamp() - whole == pytest.approx(at, abs=1e-3)


def test_a_long_track_is_written_in_several_pieces_without_a_seam() -> None:
    n = 45_000
    track = make_track(np.arange(n), np.linspace(0, 1, n), np.linspace(0, 2, n))
    back = gpx.read(write_gpx([track], title=""))
    assert back.tracks[0].time.tolist() == track.time.tolist()
    assert back.segments == 1
