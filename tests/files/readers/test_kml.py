"""KML as phones, dash cameras, Google Earth and GPSBabel draw it: each drive once."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest

from convoylog.errors import BadInput
from convoylog.files.readers import HEAD, READERS, kml, recognise
from convoylog.files.readers.limits import Limits
from convoylog.model.tracks import Recording

NOON = datetime(2024, 6, 1, 10, tzinfo=UTC).timestamp()


def document(*inside: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2" '
        f'xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>{"".join(inside)}</Document></kml>'
    ).encode()


def read(*inside: str) -> Recording:
    return kml.read(document(*inside))


def stamp(n: int) -> str:
    return f"2024-06-01T10:{n // 60:02d}:{n % 60:02d}Z"


def place(n: int, comma: str = ",") -> str:
    return comma.join((f"{7 + n / 1000:.6f}", f"{51 + n / 1000:.6f}", f"{100 + n}"))


def when(n: int) -> str:
    return f"<when>{stamp(n)}</when>\n"


def coord(n: int) -> str:
    return f"<gx:coord>{place(n, ' ')}</gx:coord>\n"


def gx_track(numbers: range, more: str = "") -> str:
    rows = "".join(map(when, numbers)) + "".join(map(coord, numbers))
    return f"<gx:Track>{rows}{more}</gx:Track>"


def line(numbers: range) -> str:
    return f"<LineString><coordinates>{' '.join(map(place, numbers))}</coordinates></LineString>"


def placemark(inside: str, name: str = "") -> str:
    return f"<Placemark><name>{name}</name>{inside}</Placemark>\n"


def spot(n: int, name: str, timed: bool = True) -> str:
    at = f"<TimeStamp><when>{stamp(n)}</when></TimeStamp>" if timed else ""
    return placemark(f"{at}<Point><coordinates>{place(n)}</coordinates></Point>", name)


DAY = document(placemark(gx_track(range(3)), "Day"), spot(1, "Lunch", timed=False))


def test_a_gx_track_gives_times_positions_and_heights() -> None:
    (track,) = kml.read(DAY).tracks
    assert "Day" == track.name
    assert [0, 1, 2] == (track.time - NOON).tolist()
    assert [51.0, 51.001, 51.002] == track.lat.tolist()
    assert [7.0, 7.001, 7.002] == track.lon.tolist()
    assert [100, 101, 102] == track.ele.tolist()


def test_times_and_places_in_turn_are_the_same() -> None:
    turns = "".join(when(n) + coord(n) for n in range(3))
    (track,) = read(placemark(f"<gx:Track>{turns}</gx:Track>")).tracks
    assert [0, 1, 2] == (track.time - NOON).tolist()


def test_a_place_left_empty_takes_its_time_with_it() -> None:
    rows = when(0) + when(1) + when(2) + coord(0) + "<gx:coord/>" + coord(2)
    found = read(placemark(f"<gx:Track>{rows}</gx:Track>"))
    assert [0, 2] == (found.tracks[0].time - NOON).tolist()
    assert any("without a position" in warning for warning in found.warnings)


def test_times_without_any_place_are_counted() -> None:
    found = read(placemark(f"<gx:Track>{when(0)}{when(1)}</gx:Track>"), spot(1, "Lunch"))
    assert (0, 1) == (found.points, len(found.waypoints))
    assert any("2 records without a position" in warning for warning in found.warnings)


def test_values_of_a_schema_become_columns_by_name_and_unit() -> None:
    values = "".join(
        f'<gx:SimpleArrayData name="{name}">'
        + "".join(f"<gx:value>{value}</gx:value>" for value in column)
        + "</gx:SimpleArrayData>"
        for name, column in {"heart_rate": (90, "", 92), "speed": (36, 72, 0), "mood": (1, 2, 3)}.items()
    )  # fmt: skip
    schema = (
        '<Schema id="s"><gx:SimpleArrayField name="speed" type="float">'
        "<displayName>Speed (km/h)</displayName></gx:SimpleArrayField></Schema>"
    )
    more = f'<ExtendedData><SchemaData schemaUrl="#s">{values}</SchemaData></ExtendedData>'
    found = read(schema, placemark(gx_track(range(3), more)))
    assert [10.0, 20.0, 0.0] == pytest.approx(found.tracks[0].more["speed"].tolist())
    assert [False, True, False] == np.isnan(found.tracks[0].more["heart_rate"]).tolist()
    assert ("further columns not kept: mood",) == found.warnings


def test_a_column_of_another_length_is_left_out_and_told() -> None:
    more = (
        '<ExtendedData><SchemaData><gx:SimpleArrayData name="heart_rate"><gx:value>9</gx:value>'
        "</gx:SimpleArrayData></SchemaData></ExtendedData>"
    )
    found = read(placemark(gx_track(range(3), more)))
    assert {} == dict(found.tracks[0].more)
    assert "does not fit its track" in found.warnings[0]


def test_tracks_of_a_multitrack_are_segments() -> None:
    both = f"<gx:MultiTrack>{gx_track(range(3))}{gx_track(range(60, 62))}</gx:MultiTrack>"
    (track,) = read(placemark(both)).tracks
    assert [0, 0, 0, 1, 1] == track.segment.tolist()


def test_a_line_with_a_time_span_knows_its_ends_and_says_so() -> None:
    span = f"<TimeSpan><begin>{stamp(0)}</begin><end>{stamp(30)}</end></TimeSpan>"
    found = read(placemark(span + line(range(4))))
    time = found.tracks[0].time - NOON
    assert [0, 30] == [time[0], time[-1]]
    assert np.isnan(time[1:-1]).all()
    assert ("1 line of which only the times of its ends are known",) == found.warnings


def test_a_line_without_times_is_geometry() -> None:
    found = read(placemark(line(range(4)), "Ridge"))
    assert ("Ridge", 4) == (found.tracks[0].name, found.points)
    assert np.isnan(found.tracks[0].time).all()


def test_blanks_behind_the_commas_part_no_position() -> None:
    text = "7.5, 51.5, 0\n 7.6, 51.6, 0\n"
    found = read(placemark(f"<LineString><coordinates>{text}</coordinates></LineString>"))
    assert [51.5, 51.6] == found.tracks[0].lat.tolist()
    assert np.isnan(found.tracks[0].ele).all()  # heights that are all 0 are unknown


def test_one_drive_drawn_as_track_line_and_points_is_kept_once() -> None:
    points = "".join(spot(n, f"Point {n}") for n in range(12))
    found = read(
        placemark(gx_track(range(12)), "Track"),
        f"<Folder><name>Points</name>{points}</Folder>",
        placemark(line(range(12)), "Path"),
    )
    assert (1, 12, 0) == (len(found.tracks), found.points, len(found.waypoints))
    assert ("1 line that repeats a track, not kept twice",
            "12 placemarks that repeat points of tracks, not kept twice") == found.warnings  # fmt: skip


def test_a_line_gets_its_times_from_the_placemarks_on_it() -> None:
    points = "".join(spot(n, str(n)) for n in range(12))
    found = read(placemark(line(range(12))), points)
    assert list(range(12)) == (found.tracks[0].time - NOON).tolist()
    assert 0 == len(found.waypoints)


def test_places_that_people_named_stay_waypoints_beside_a_track() -> None:
    found = read(placemark(gx_track(range(3))), spot(1, "Lunch"), spot(2, "Ferry"))
    assert ["Lunch", "Ferry"] == [waypoint.name for waypoint in found.waypoints]
    assert 3 == found.points


def test_plans_of_gpsbabel_are_routes() -> None:
    found = read(f"<Folder><name>Routes</name>{placemark(line(range(4)), 'Home')}</Folder>")
    assert ["Home"] == [route.name for route in found.routes]
    assert () == found.tracks


def test_areas_pictures_and_links_are_told_and_never_fetched() -> None:
    found = read(
        placemark(gx_track(range(2))),
        placemark("<Polygon><outerBoundaryIs/></Polygon>"),
        "<NetworkLink><Link><href>http://example.org/x.kml</href></Link></NetworkLink>",
        "<GroundOverlay><Icon><href>file:///etc/passwd</href></Icon></GroundOverlay>",
    )
    assert 3 == len(found.warnings)
    assert "1 link to another document, not fetched" in " ".join(found.warnings)


@pytest.mark.parametrize("lat", ["91", "no", "NaN", "1e999", "٥١"])
def test_an_impossible_position_is_left_out_and_told(lat: str) -> None:
    rows = when(0) + when(1) + coord(0) + f"<gx:coord>7 {lat} 1</gx:coord>"
    found = read(placemark(f"<gx:Track>{rows}</gx:Track>"))
    assert 1 == found.points
    assert any("position" in warning for warning in found.warnings)


def test_a_cut_anywhere_keeps_what_came_whole_and_says_so() -> None:
    counts = []
    for end in range(len(DAY) - 1):
        try:
            found = kml.read(DAY[:end])
        except BadInput:
            counts.append(0)
            continue
        counts.append(found.points)
        assert any("is kept" in told or "not read" in told for told in found.warnings)
    assert {0, 1, 2, 3} == set(counts)
    assert all(one <= later for one, later in pairwise(counts))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<kml>", "before anything"),
        (b"<gpx/>", "its root is another"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><kml/>', "document type"),
        (document("<Folder>" * 70 + "</Folder>" * 70), "nested deeper"),
        (document("<Folder/>" * 60_000), "folders"),
    ],
)
def test_hostile_ones_are_refused_with_a_reason(content: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        kml.read(content)


def test_a_description_of_megabytes_is_cut_and_told() -> None:
    at = f"<description>{'x' * 2_000_000}</description>"
    found = read(placemark(f"{at}<Point><coordinates>7,51</coordinates></Point>", "Here"))
    assert len(found.waypoints[0].text) <= 2**16
    assert "its end left out" in found.warnings[0]


def test_more_points_than_the_limit_are_refused() -> None:
    with pytest.raises(BadInput, match="more than 2 points"):
        kml.read(DAY, Limits(points=2))


def test_its_root_tells_it_whatever_its_name() -> None:
    assert READERS["kml"] is recognise(DAY[:HEAD], "day.gpx")
