"""What the GPX reader keeps, what it leaves out, and what it says about it."""

from __future__ import annotations

import gpxpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convoylog.errors import BadInput
from convoylog.files.readers import gpx
from convoylog.files.readers.limits import Limits
from convoylog.files.readers.xml import MAX_TEXT
from convoylog.model.tracks import Recording

AT = "2024-06-01T10:00:00Z"


def point(lat: object = 52, lon: object = 5, inside: str = "") -> str:
    return f'<trkpt lat="{lat}" lon="{lon}">{inside}</trkpt>'


def document(inside: str, version: str = "1.1", before: str = "") -> bytes:
    space = f'xmlns="http://www.topografix.com/GPX/{version.replace(".", "/")}"'
    root = f'<gpx version="{version}" creator="c" {space}>'
    return f"{before}{root}{inside}</gpx>".encode()


def track(*points: str) -> str:
    return "<trk><trkseg>" + "".join(points) + "</trkseg></trk>"


def read(inside: str) -> Recording:
    return gpx.read(document(inside))


def test_a_point_has_position_height_and_time() -> None:
    recording = read(track(point(52.5, -5.25, f"<ele>12.5</ele><time>{AT}</time>")))
    (only,) = recording.tracks
    assert [float(column[0]) for column in (only.lat, only.lon, only.ele, only.time)] == [
        52.5,
        -5.25,
        12.5,
        1717236000.0,
    ]
    assert recording.warnings == ()
    assert (recording.format, recording.creator) == ("GPX 1.1", "c")


def test_gpx_1_0_is_read_and_named() -> None:
    assert gpx.read(document(track(point()), "1.0")).format == "GPX 1.0"


def test_missing_height_and_time_are_unknown_and_not_zero() -> None:
    (only,) = read(track(point())).tracks
    assert np.isnan(only.ele[0])
    assert np.isnan(only.time[0])


def test_values_are_what_float_makes_of_the_text() -> None:
    texts = ["52.123456789012345678", "-0.1e-3", "+7.000", " 8.5 "]
    (only,) = read(track(*(point(text) for text in texts))).tracks
    assert [float(text) for text in texts] == only.lat.tolist()


@pytest.mark.parametrize(
    ("lat", "lon"),
    [("90.001", "0"), ("0", "-180.5"), ("nan", "0"), ("inf", "0"), ("52,1", "5"), ("", "5"),
     ("٥٢", "5"), ("5_2", "5"), ("0x10", "5")],
)  # fmt: skip
def test_a_point_with_an_impossible_position_is_left_out_and_counted(lat: str, lon: str) -> None:
    recording = read("\n" + track(point(), point(lat, lon), point()))
    assert recording.points == 2
    assert recording.warnings == ("1 point with an impossible position left out (first in line 2)",)


def test_a_point_without_longitude_is_left_out() -> None:
    assert read(track('<trkpt lat="52"/>', point())).points == 1


def test_both_ends_of_the_world_are_kept() -> None:
    (only,) = read(track(point(90, 180), point(-90, -180))).tracks
    assert only.lon.tolist() == [180.0, -180.0]


def test_bad_times_and_heights_are_unknown_and_counted_once() -> None:
    bad = "<ele>high</ele><time>yesterday</time>"
    recording = read(track(point(inside=bad), "\n", point(inside=bad)))
    assert recording.points == 2
    assert recording.bounds() is None
    assert recording.warnings == (
        "2 heights that cannot be read (first in line 1)",
        "2 times that cannot be read (first in line 1)",
    )


def test_a_time_without_zone_is_utc_and_told() -> None:
    recording = read(track(point(inside="<time>2024-06-01T10:00:00</time>")))
    assert recording.bounds() == (1717236000.0, 1717236000.0)
    assert recording.warnings == ("1 time without a zone, taken as UTC",)


def test_points_that_go_back_in_time_are_kept_in_file_order_and_counted() -> None:
    times = ["2024-06-01T10:00:05Z", AT, "2024-06-01T10:00:09Z"]
    recording = read(track(*(point(inside=f"<time>{t}</time>") for t in times)))
    assert recording.tracks[0].time.tolist() == [1717236005.0, 1717236000.0, 1717236009.0]
    assert recording.warnings == ("1 point earlier than the one before it",)


def test_segments_are_breaks_and_empty_ones_have_no_number() -> None:
    inside = f"<trkseg>{point()}</trkseg><trkseg/><trkseg>{point()}{point()}</trkseg>"
    (only,) = read(f"<trk>{inside}</trk>").tracks
    assert only.segment.tolist() == [0, 1, 1]


def test_every_track_is_its_own_and_one_without_points_is_none() -> None:
    named = "<trk><name> a </name><trkseg>" + point() + "</trkseg></trk>"
    recording = read(named + "<trk><name>empty</name></trk>" + track(point(), point()))
    assert [(t.name, len(t)) for t in recording.tracks] == [("a", 1), ("", 2)]


def test_points_outside_a_segment_are_kept_as_a_segment_and_told() -> None:
    recording = read(f"<trk>{point()}{point()}<trkseg>{point()}</trkseg>{point()}</trk>")
    assert recording.tracks[0].segment.tolist() == [0, 0, 1, 2]
    assert recording.warnings[0].startswith("3 points outside a segment, kept as segments")


def test_points_without_any_track_around_them_are_kept() -> None:
    assert read(f"<trkseg>{point()}</trkseg>{point()}").tracks[0].segment.tolist() == [0, 1]


def test_waypoints_and_routes_are_read_and_routes_are_no_tracks() -> None:
    inside = f"<ele>3</ele><time>{AT}</time><name>Inn</name><desc>good pie</desc>"
    rpt = '<extensions><x:rpt lat="1" lon="1"/></extensions>'
    recording = read(
        f'<wpt lat="1" lon="2">{inside}</wpt><rte><name>plan</name>'
        f'<rtept lat="3" lon="4">{rpt}</rtept><rtept lat="5" lon="6"/></rte>'
    )
    (waypoint,) = recording.waypoints
    assert (
        waypoint.lat, waypoint.lon, waypoint.name, waypoint.text, waypoint.at, waypoint.ele
    ) == (1.0, 2.0, "Inn", "good pie", 1717236000.0, 3.0)  # fmt: skip
    (route,) = recording.routes
    assert (route.name, route.lat.tolist()) == ("plan", [3.0, 5.0])
    assert recording.tracks == ()


def test_what_a_waypoint_does_not_say_is_not_taken_from_the_one_before() -> None:
    recording = read('<wpt lat="1" lon="2"><name>Inn</name></wpt><wpt lat="3" lon="4"/>')
    assert recording.waypoints[1].name == ""


def test_the_same_words_in_extensions_are_not_the_points_own() -> None:
    extra = "<extensions><ele>99</ele><time>1999-01-01T00:00:00Z</time></extensions>"
    foreign = "<nmea:ele>98</nmea:ele>"
    (only,) = read(track(point(inside=f"<ele>1</ele>{extra}{foreign}"))).tracks
    assert only.ele.tolist() == [1.0]
    assert np.isnan(only.time[0])


def test_any_prefix_and_any_namespace_will_do() -> None:
    text = document(track(point(inside="<ele>1</ele>"))).decode()
    prefixed = text.replace("</", "</g:").replace("<", "<g:").replace("<g:/g:", "</g:")
    recording = gpx.read(prefixed.replace("xmlns=", "xmlns:g=").encode())
    assert recording.tracks[0].ele.tolist() == [1.0]
    assert gpx.read(text.replace("topografix", "example").encode()).points == 1


def test_comments_and_cdata_inside_a_number_do_not_matter() -> None:
    (only,) = read(track(point(inside="<ele>1<!-- x --><![CDATA[0]]></ele>"))).tracks
    assert only.ele.tolist() == [10.0]


def test_trackpoints_in_a_place_where_none_belong_are_told() -> None:
    recording = read(f"<metadata>{track(point())}</metadata>" + track(point()))
    assert recording.points == 1
    assert recording.warnings[0].startswith("1 trackpoint in a place where none belongs")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_wide_encodings_are_read_whatever_they_declare(codec: str) -> None:
    text = document(
        "<trk><name>Zürich 😀</name><trkseg>" + point() + "</trkseg></trk>",
        before='<?xml version="1.0" encoding="UTF-8"?>\n',
    ).decode()
    assert gpx.read(text.encode(codec)).tracks[0].name == "Zürich 😀"


@pytest.mark.parametrize("codec", ["iso-8859-1", "windows-1252"])
def test_declared_narrow_encodings_are_read(codec: str) -> None:
    text = document("<wpt lat='1' lon='2'><name>Zürich</name></wpt>").decode()
    content = f'<?xml version="1.0" encoding="{codec}"?>{text}'.encode(codec)
    assert gpx.read(content).waypoints[0].name == "Zürich"


def test_blank_lines_before_and_zeros_behind_the_document_do_no_harm() -> None:
    content = b"\n\n" + document(track(point()), before="<?xml version='1.0'?>") + b"\0" * 600
    assert gpx.read(content).warnings == ()


def test_a_cut_file_gives_its_whole_points_and_says_so() -> None:
    content = document(track(point(1), "\n", point(2), "\n", point(3)))
    recording = gpx.read(content[: content.index(b'lat="3"')])
    assert recording.tracks[0].lat.tolist() == [1.0, 2.0]
    assert recording.warnings == ("cut off in line 3: what came whole before is kept",)


def test_a_point_that_was_not_closed_is_not_kept() -> None:
    content = document(track(point(1), point(2, inside="<ele>5</ele>")))
    assert gpx.read(content[: content.rindex(b"</trkpt>")]).points == 1


def test_a_broken_file_gives_what_came_before() -> None:
    recording = read(track(point()) + "\n<trk><name>fish & chips</name></trk>")
    assert recording.points == 1
    assert recording.warnings == ("broken XML in line 2: what came whole before is kept",)


def test_a_second_document_behind_the_first_is_told() -> None:
    content = document(track(point()))
    recording = gpx.read(content + content)
    assert recording.points == 1
    assert recording.warnings == ("what follows the end of the document was not read",)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"\n \0", "the file holds nothing but blanks"),
        (b"hello", "broken XML in line 1, before anything that could be kept"),
        (b"<kml></kml>", "XML, but no GPX: its root is another"),
        (b"<gpx><trk>", "cut off in line 1, before anything that could be kept"),
        (b"<?xml version='1.0' encoding='klingon'?><gpx/>", "its text is not in the encoding"),
        (
            "\n<gpx>\n<trk><name>Zürich</name>".encode("latin-1"),
            "text in another encoding than the file says in line 3, before anything",
        ),
        (b"<!DOCTYPE gpx><gpx/>", "it declares a document type or entities"),
        (b'<!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/passwd">]><gpx>&x;</gpx>', "it declares"),
    ],
)
def test_what_is_no_recording_is_refused_with_a_reason(content: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=f"^{says}"):
        gpx.read(content)


def test_a_text_of_64_kib_is_kept_and_a_longer_one_refused() -> None:
    name = "x" * MAX_TEXT
    assert read(f"<trk><name>{name}</name>{point()}</trk>").tracks[0].name == name
    with pytest.raises(BadInput, match="a text of over 64 KiB"):
        read(f"<trk><name>{name}x</name>{point()}</trk>")
    with pytest.raises(BadInput, match="a text of over 64 KiB"):
        # far longer than one fed piece, and never ended
        gpx.read(document(f"<trk><name>{name * 40}")[:-6])


def test_long_texts_that_are_not_read_do_no_harm() -> None:
    assert read(f"<trk><cmt>{'x' * 3_000_000}</cmt>{point()}</trk>").points == 1


def test_64_levels_are_passed_over_and_more_refused() -> None:
    assert read("<x>" * 60 + "</x>" * 60 + track(point())).points == 1
    with pytest.raises(BadInput, match="nested deeper than 64 levels"):
        read("<x>" * 70 + "</x>" * 70)
    assert read(track(point(inside="<x>" * 60 + "</x>" * 60))).points == 1
    with pytest.raises(BadInput, match="nested deeper than 64 levels"):
        read(track(point(inside="<x>" * 61 + "</x>" * 61)))


def test_markup_inside_a_number_does_not_add_digits_to_it() -> None:
    (only,) = read(track(point(inside="<ele>1<b>2</b></ele>"), point(inside="<ele>3</ele>"))).tracks
    assert only.ele.tolist() == [1.0, 3.0]


def test_text_of_extensions_is_not_the_value_behind_them() -> None:
    inside = "<extensions>7<x>8</x></extensions><ele>3</ele><x>9</x><time>" + AT + "</time>"
    (only,) = read(track(point(inside=inside))).tracks
    assert (only.ele[0], only.time[0]) == (3.0, 1717236000.0)


def test_a_point_inside_a_point_is_told_and_not_read() -> None:
    recording = read(track(point(1, 1, "<extensions>" + point(2, 2) + "</extensions>")))
    assert recording.tracks[0].lat.tolist() == [1.0]
    assert recording.warnings[0].startswith("1 trackpoint in a place where none belongs")


@pytest.mark.parametrize("size", [7, 64, 1000])
def test_it_does_not_matter_where_the_pieces_end(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr("convoylog.files.readers.xml._PIECE", size)
    recording = gpx.read(_SMALL)
    assert recording.tracks[0].ele.tolist() == [0.0, 1.0, 2.0]
    assert recording.tracks[0].time.tolist() == [1717236000.0] * 3
    assert recording.waypoints[0].name == "é"
    assert recording.warnings == ()


def test_one_tag_of_many_mebibytes_is_refused() -> None:
    with pytest.raises(BadInput, match="a single tag of over 4 MiB"):
        gpx.read(b"<gpx><x a='" + b"x" * (8 * 2**20))


def test_too_many_points_or_objects_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    three = Limits(points=3)
    assert gpx.read(document(track(*[point()] * 3)), three).points == 3
    with pytest.raises(BadInput, match="more than 3 points"):
        gpx.read(document(track(*[point()] * 4)), three)
    monkeypatch.setattr(gpx, "MAX_OBJECTS", 2)
    with pytest.raises(BadInput, match="more than 2 tracks"):
        read(track(point()) * 3)


def test_elements_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpx, "MAX_ELEMENTS", 20)
    assert read(track(*[point(inside="<a/>")] * 30)).points == 30
    for inside in ("<a/>" * 30, "<x>" + "<a/>" * 30 + "</x>", "<trk/>" * 30):
        with pytest.raises(BadInput, match="more than 20 elements"):
            read(inside)


def test_names_without_end_are_refused() -> None:
    names = "".join(f"<a{number}/>" for number in range(60_000))
    with pytest.raises(BadInput, match="more than 50,000 different names"):
        read(track(point(inside=names)))


def test_an_unknown_version_is_read_and_told() -> None:
    recording = gpx.read(document(track(point()), "2"))
    assert recording.points == 1
    assert len(recording.warnings) == 1


# -- laws ------------------------------------------------------------------------------------

_degrees = st.floats(-90, 90, allow_nan=False)
_points = st.lists(
    st.tuples(
        _degrees, _degrees, st.none() | st.floats(-1e4, 1e4), st.none() | st.integers(0, 4e9)
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_points, max_size=4))
def test_what_gpxpy_writes_and_reads_is_read_the_same(segments: list[list[tuple]]) -> None:  # type: ignore[type-arg]
    from datetime import UTC, datetime

    theirs = gpxpy.gpx.GPX()
    one = gpxpy.gpx.GPXTrack()
    theirs.tracks.append(one)
    for points in segments:
        one.segments.append(
            gpxpy.gpx.GPXTrackSegment(
                [
                    gpxpy.gpx.GPXTrackPoint(
                        lat, lon, ele, None if at is None else datetime.fromtimestamp(at, UTC)
                    )
                    for lat, lon, ele, at in points
                ]
            )
        )
    again = gpxpy.parse(theirs.to_xml())
    rows = [
        (p.latitude, p.longitude, p.elevation, p.time and p.time.timestamp(), number)
        for number, segment in enumerate(s for s in again.tracks[0].segments if s.points)
        for p in segment.points
    ] if again.tracks else []  # fmt: skip
    recording = gpx.read(theirs.to_xml().encode())
    assert recording.points == len(rows)
    if rows:
        (ours,) = recording.tracks
        columns = (ours.lat, ours.lon, ours.ele, ours.time, ours.segment)
        for column, wanted in zip(columns, zip(*rows, strict=True), strict=True):
            np.testing.assert_array_equal(column, np.array(wanted, dtype=float))


_SMALL = document(
    '<wpt lat="1" lon="2"><name>é</name></wpt><rte><rtept lat="3" lon="4"/></rte>'
    + track(*(point(52 + i, 5, f"<ele>{i}</ele><time>{AT}</time>") for i in range(3))),
    before='<?xml version="1.0" encoding="UTF-8"?>',
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(_SMALL) - 1), st.integers(0, 255)), max_size=4),
    st.integers(0, len(_SMALL)),
)
def test_damaged_bytes_raise_bad_input_and_nothing_else(
    flips: list[tuple[int, int]], end: int
) -> None:
    content = bytearray(_SMALL)
    for at, value in flips:
        content[at] = value
    for damaged in (bytes(content), bytes(content[:end])):
        try:
            recording = gpx.read(damaged)
        except BadInput:
            continue
        for one in recording.tracks:
            assert np.all(np.abs(one.lat) <= 90)
            assert np.all(np.abs(one.lon) <= 180)
