"""Tables of positions: whoever wrote them, whatever their columns are called."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from convoylog.errors import BadInput
from convoylog.files.readers import READERS, recognise, tables
from convoylog.files.readers.limits import Limits
from convoylog.model.tracks import Recording

NOON = datetime(2024, 6, 1, 10, tzinfo=UTC).timestamp()


def read(text: str, **columns: str) -> Recording:
    return tables.read(text.encode(), columns=columns or None)


TABLE = (
    "time,lat,lon,ele\n2024-06-01T10:00:00Z,51.5,-0.25,100\n2024-06-01T10:00:01Z,51.6,-0.26,101\n"
)


def test_rows_are_points_in_their_order() -> None:
    (track,) = read(TABLE).tracks
    assert [NOON, NOON + 1] == track.time.tolist()
    assert [51.5, 51.6] == track.lat.tolist()
    assert [-0.25, -0.26] == track.lon.tolist()
    assert [100, 101] == track.ele.tolist()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_recognised(delimiter: str) -> None:
    assert 2 == read(TABLE.replace(",", delimiter)).points


def test_decimal_commas_are_read_where_commas_part_nothing_and_never_cut() -> None:
    (track,) = read("Zeit;Breite;Länge;Höhe\n2024-06-01T10:00:00Z;51,5;-0,25;100,5\n").tracks
    assert (51.5, -0.25, 100.5) == (track.lat[0], track.lon[0], track.ele[0])


def test_names_may_stand_below_a_title_and_the_file_in_utf_16() -> None:
    content = f"Report of car 44\n\n{TABLE}".encode("utf-16")
    assert 2 == tables.read(content).points


def test_a_person_says_which_column_is_which() -> None:
    text = "Stamp,Y0,X0\n2024-06-01T10:00:00Z,51.5,-0.25\n"
    with pytest.raises(BadInput, match="say which with --columns"):
        read(text)
    found = read(text, time="Stamp", lat="Y0", lon="X0")
    assert (NOON, 51.5) == (found.tracks[0].time[0], found.tracks[0].lat[0])


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"lat": "Nord", "lon": "lon"}, "without a column 'Nord'"),
        ({"lat": "lat", "lon": "lon", "time": "When"}, "without a column 'When'"),
        ({"lat": "lat", "lon": "lon", "depth": "ele"}, "knows no 'depth'"),
    ],
)
def test_what_a_person_says_wrongly_is_told(columns: dict[str, str], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read(TABLE, **columns)


def test_traccars_knots_and_owntracks_kilometres_are_known() -> None:
    traccar = (
        "protocol,deviceId,fixTime,latitude,longitude,speed\nh02,1,2024-06-01T10:00:00Z,51,7,10\n"
    )
    found = read(traccar)
    assert ("Traccar", 10 * 1852 / 3600) == (
        found.creator,
        pytest.approx(found.tracks[0].more["speed"][0]),
    )
    owntracks = "tst,tid,lat,lon,vel\n1717236000,aa,51,7,36\n"
    found = read(owntracks)
    assert ("OwnTracks", NOON, 10.0) == (
        found.creator, found.tracks[0].time[0], pytest.approx(found.tracks[0].more["speed"][0])
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("speed (km/h)", 10 / 3.6),
        ("speed_mph", 4.4704),
        ("Speed [m/s]", 10),
        ("speed (kn)", 5.1444),
    ],
)
def test_a_unit_in_a_name_is_used(name: str, value: float) -> None:
    found = read(f"time,lat,lon,{name}\n2024-06-01T10:00:00Z,51,7,10\n")
    assert value == pytest.approx(found.tracks[0].more["speed"][0], rel=1e-4)


def test_a_speed_whose_unit_nobody_says_is_left_out_and_told() -> None:
    found = read("time,lat,lon,speed\n2024-06-01T10:00:00Z,51,7,10\n")
    assert {} == dict(found.tracks[0].more)
    assert ("1 column whose unit nobody says, left out",) == found.warnings


@pytest.mark.parametrize(
    ("stamp", "seconds"),
    [
        ("1717236000", 0), ("1717236000250", 0.25), ("2024-06-01 10:00:00", 0),
        ("2024-06-01T12:00:00+02:00", 0), ("2024/06/01 10:00:05", 5), ("01.06.2024 10:00", 0),
    ],
)  # fmt: skip
def test_instants_in_many_spellings(stamp: str, seconds: float) -> None:
    assert NOON + seconds == read(f"time,lat,lon\n{stamp},51,7\n").tracks[0].time[0]


def test_a_time_without_zone_is_utc_and_told() -> None:
    assert "without a zone" in read("time,lat,lon\n2024-06-01 10:00:00,51,7\n").warnings[0]


def test_day_and_month_are_told_apart_by_another_row_or_not_at_all() -> None:
    told = read("time,lat,lon\n06/01/2024 10:00,51,7\n06/13/2024 10:00,51,7\n")
    assert NOON == told.tracks[0].time[0]
    never = read("time,lat,lon\n06/01/2024 10:00,51,7\n")
    assert np.isnan(never.tracks[0].time[0])
    assert "cannot be told apart" in never.warnings[0]


def test_a_logger_writes_date_time_and_hemispheres_apart() -> None:
    text = (
        "INDEX,TAG,DATE,TIME,LATITUDE N/S,LONGITUDE E/W,HEIGHT,SPEED\n"
        "1,T,240601,100000,51.500000N,000.250000W,100,36\n"
    )
    found = read(text)
    track = found.tracks[0]
    assert (NOON, 51.5, -0.25, 100.0) == (track.time[0], track.lat[0], track.lon[0], track.ele[0])
    assert 10.0 == pytest.approx(track.more["speed"][0])


def test_degrees_minutes_and_seconds_are_degrees() -> None:
    found = read("lat;lon\n51° 30' 0\" N;0° 15' 0\" W\n")
    assert (51.5, -0.25) == (found.tracks[0].lat[0], found.tracks[0].lon[0])


def test_e7_is_tens_of_millionths() -> None:
    assert 51.5 == read("latitudeE7,longitudeE7\n515000000,-2500000\n").tracks[0].lat[0]


def test_segments_and_cars_are_kept_apart() -> None:
    text = "device,segment,lat,lon\na,1,51,7\na,2,52,7\nb,1,53,7\n"
    found = read(text)
    assert [[0, 1], [0]] == [track.segment.tolist() for track in found.tracks]
    assert ["a", "b"] == [track.name for track in found.tracks]


@pytest.mark.parametrize("lat", ["91", "NaN", "", "north", "1e999", "٥١", "5_1"])
def test_rows_without_a_possible_position_are_left_out_and_told(lat: str) -> None:
    found = read(f"lat,lon\n51,7\n{lat},7\n")
    assert 1 == found.points
    assert "line 3" in found.warnings[0]


def test_an_endless_height_is_unknown_and_told() -> None:
    found = read("lat,lon,ele,accuracy\n51,7,1e999,1e999\n")
    assert np.isnan(found.tracks[0].ele[0])
    assert {} == dict(found.tracks[0].more)
    assert found.warnings


def test_lines_may_end_as_on_old_macs_and_the_file_be_latin() -> None:
    assert 2 == tables.read(TABLE.replace("\n", "\r").encode()).points
    assert 1 == tables.read("Breite;Länge\n51,5;7\n".encode("latin-1")).points


def test_quoted_fields_may_hold_anything() -> None:
    assert 1 == read('lat,lon,label\n51,7,"a, ""b""\nc"\n').points


def test_no_row_at_all_is_refused_with_what_was_odd() -> None:
    with pytest.raises(BadInput, match="2 rows that cannot be read"):
        read("lat,lon\nx,y\nx,y\n")


def test_a_field_of_megabytes_is_told_and_its_row_left_out() -> None:
    found = read(f"lat,lon,label\n51,7,a\n51,7,{'x' * 100_000}\n52,7,b\n")
    assert 2 == found.points
    assert found.warnings


def test_more_points_than_the_limit_are_refused() -> None:
    with pytest.raises(BadInput, match="more than 1 points"):
        tables.read(TABLE.encode(), Limits(points=1))


def test_its_line_of_names_tells_it_whatever_its_name() -> None:
    assert READERS["csv"] is recognise(TABLE.encode(), "day.gpx")
