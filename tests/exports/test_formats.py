"""What leaves in any form comes back as it went."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import xml.dom.minidom
import zipfile
from itertools import pairwise
from pathlib import Path

import gpxpy
import numpy as np
import pytest

from convoylog import geo
from convoylog.exports.exported import Choice, Exported, Line, Mark, choose
from convoylog.exports.formats import FORMS, render
from convoylog.exports.simplified import simplified
from convoylog.exports.tables import quoted
from convoylog.files.output import packed
from convoylog.files.readers import HEAD, reader_for
from convoylog.model.pages import Pages
from convoylog.model.tracks import Recording, Track, make_track
from tests.reports.trips import converging, picture

HOSTILE = '=1+1, "a" <b>&\'c\x07 ]]> {{ 7 }} \u202e😀'
NAN = float("nan")


def drive(n: int = 500, lon: float = 10.0, name: str = "Anna") -> Track:
    chance = np.random.default_rng(7)
    step = chance.normal(0, 1e-5, (2, n)).cumsum(axis=1).cumsum(axis=1)
    ele = np.where(np.arange(n) % 7 == 0, NAN, 100 + np.arange(n) / 8)
    time = 1_800_000_000 + np.arange(n) * 1.5
    return make_track(
        time, 47 + step[0], geo.wrapped(lon + step[1]), ele, np.arange(n) * 3 // n, name
    )


def of(*tracks: Track, marks: tuple[Mark, ...] = ()) -> Exported:
    lines = tuple(Line(track.name, n, track) for n, track in enumerate(tracks))
    return Exported("A & B", "a-b", lines, marks)


def content(pages: Pages) -> bytes:
    if pages.archives:
        return packed(pages.archives[pages.first])
    return pages.files[pages.first]


def back(exported: Exported, form: str) -> Recording:
    found = content(render(exported, form, f"x.{FORMS[form].ending}"))
    seen = reader_for(found[:HEAD]).read(found)
    assert isinstance(seen, Recording)
    return seen


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_is_read_back_with_the_same_distances(form: str) -> None:
    track = drive()
    recording = back(of(track), form)
    (seen,) = recording.tracks
    assert 3 == recording.segments
    np.testing.assert_allclose(seen.lat, track.lat, atol=0.51e-7, rtol=0)
    np.testing.assert_allclose(seen.lon, track.lon, atol=0.51e-7, rtol=0)
    np.testing.assert_allclose(seen.ele, track.ele, atol=0.51e-3, rtol=0)
    np.testing.assert_allclose(seen.time, track.time, atol=0.51e-3, rtol=0)
    whole, again = (geo.hops_m(t.lat, t.lon).sum() for t in (track, seen))
    assert again == pytest.approx(whole, rel=2e-3)


@pytest.mark.parametrize("form", FORMS)
def test_a_line_over_the_antimeridian_is_as_long_as_before(form: str) -> None:
    track = drive(lon=-179.9999)
    assert (track.lon > 0).any()
    recording = back(of(track), form)
    metres = sum(
        geo.hops_m(t.lat[t.segment == s], t.lon[t.segment == s]).sum()
        for t in recording.tracks
        for s in np.unique(t.segment)
    )
    expected = sum(
        geo.hops_m(track.lat[track.segment == s], track.lon[track.segment == s]).sum()
        for s in range(3)
    )
    assert metres == pytest.approx(expected, rel=2e-3)


def test_geojson_lines_never_cross_the_antimeridian_and_have_two_ends() -> None:
    one = make_track([0], [1], [2], name="one point")
    document = json.loads(content(render(of(drive(lon=-179.9999), one), "geojson", "x")))
    for feature in document["features"]:
        lines = feature["geometry"]["coordinates"]
        times = feature["properties"]["coordTimes"]
        assert [len(line) for line in lines] == [len(column) for column in times]
        for line in lines:
            assert len(line) >= 2
            lon = [position[0] for position in line]
            assert max(abs(b - a) for a, b in pairwise(lon)) < 180


@pytest.mark.parametrize("form", FORMS)
def test_without_times_a_line_is_still_a_line(form: str) -> None:
    track = drive()
    track = make_track([NAN] * len(track), track.lat, track.lon, track.ele, track.segment)
    recording = back(of(track), form)
    assert len(track) == recording.points + sum(len(r.lat) for r in recording.routes)


NOTE = Mark(HOSTILE, "note", HOSTILE, HOSTILE * 3, 1.5, -2.5, 1_800_000_000.0, "2027-01-15")


@pytest.mark.parametrize("form", ["gpx", "kml", "kmz", "geojson"])
def test_foreign_text_stays_text_and_marks_are_waypoints(form: str) -> None:
    recording = back(of(drive(name=HOSTILE), marks=(NOTE,)), form)
    (mark,) = recording.waypoints
    assert (1.5, -2.5, 1_800_000_000.0) == (mark.lat, mark.lon, mark.at)
    # our readers take what looks like a tag for one
    assert "=1+1" in mark.name
    assert "]]> {{ 7 }}" in mark.name
    assert "=1+1" in recording.tracks[0].name


def test_a_table_holds_no_formula() -> None:
    text = content(render(of(drive(name=HOSTILE)), "csv", "x")).decode()
    rows = list(csv.reader(io.StringIO(text)))
    assert ["car", "time", "lat", "lon", "ele", "segment"] == rows[0]
    assert all(row[0].startswith("'=1+1") for row in rows[1:])
    assert {6} == {len(row) for row in rows}
    for text in ("=x", "+x", "-x", "@x", "\tx", "\rx"):
        assert quoted(text).lstrip('"').startswith("'")


def test_photos_lie_beside_or_within_and_every_link_leads_to_one() -> None:
    shown = Mark("Anna", "photo", "Photo", "", 1.0, 2.0, None, "", (("photo-001.jpg", picture()),))
    exported = of(drive(), marks=(shown,))
    kmz = render(exported, "kmz", "x.kmz")
    with zipfile.ZipFile(io.BytesIO(content(kmz))) as archive:
        assert ["doc.kml", "photos/photo-001.jpg"] == archive.namelist()
        assert b"photos/photo-001.jpg" in archive.read("doc.kml")
    gpx = render(exported, "gpx", "my trip.gpx")
    assert {"my trip.gpx", "my trip-photos/photo-001.jpg"} == set(gpx.files)
    assert b'href="my%20trip-photos/photo-001.jpg"' in gpx.files["my trip.gpx"]
    assert 1 == len(render(exported, "csv", "x.csv").files)


def test_the_same_trip_gives_the_same_bytes() -> None:
    for form in FORMS:
        one, two = (content(render(of(drive(), marks=(NOTE,)), form, "x")) for _ in range(2))
        assert one == two


SCHEMA = Path(__file__).with_name("gpx11.xsd")


def test_gpx_keeps_to_its_schema(tmp_path: Path) -> None:
    program = shutil.which("xmllint")
    if program is None:
        pytest.skip("no xmllint here")
    track = drive(name=HOSTILE)
    sensors = {
        "heart_rate": np.where(np.arange(500) % 2, 90.0, NAN),
        "satellites": np.full(500, 7.0),
    }
    rich = make_track(track.time, track.lat, track.lon, track.ele, track.segment, "rich", sensors)
    path = tmp_path / "x.gpx"
    path.write_bytes(content(render(of(track, rich, marks=(NOTE,)), "gpx", "x")))
    checking = [program, "--noout", "--nonet", "--schema", str(SCHEMA)]
    seen = subprocess.run([*checking, str(path)], capture_output=True, text=True)
    assert 0 == seen.returncode, seen.stderr
    path.write_bytes(path.read_bytes().replace(b"<ele>", b"<time>now</time><ele>", 1))
    assert 0 != subprocess.run([*checking, str(path)], capture_output=True).returncode


def test_gpxpy_agrees_on_points_and_length() -> None:
    track = drive()
    theirs = gpxpy.parse(content(render(of(track), "gpx", "x")))
    assert len(track) == theirs.get_points_no()
    ours = sum(
        geo.hops_m(track.lat[track.segment == s], track.lon[track.segment == s]).sum()
        for s in np.unique(track.segment)
    )
    # gpxpy takes the Earth for a sphere
    assert theirs.length_2d() == pytest.approx(ours, rel=6e-3)


def test_gpsbabel_agrees_on_points(tmp_path: Path) -> None:
    program = shutil.which("gpsbabel")
    if program is None:
        pytest.skip("no gpsbabel here")
    path = tmp_path / "x.gpx"
    track = drive()
    path.write_bytes(content(render(of(track), "gpx", "x")))
    reading = [program, "-t", "-i", "gpx", "-f", str(path), "-o", "unicsv,utc=0", "-F", "-"]
    done = subprocess.run(reading, capture_output=True, text=True, check=True)
    seen = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(track) == len(seen)
    lat = [float(row["Latitude"]) for row in seen]
    lon = [float(row["Longitude"]) for row in seen]
    np.testing.assert_allclose(lat, track.lat, atol=2e-6)
    assert geo.hops_m(np.array(lat), np.array(lon)).sum() == pytest.approx(
        geo.hops_m(track.lat, track.lon).sum(), rel=3e-2
    )


def test_gdal_reads_our_geojson(tmp_path: Path) -> None:
    pyogrio = pytest.importorskip("pyogrio", reason="no pyogrio here")
    path = tmp_path / "x.geojson"
    path.write_bytes(content(render(of(drive(), marks=(NOTE,)), "geojson", "x")))
    assert 2 == pyogrio.read_info(path)["features"]
    assert "EPSG:4326" == pyogrio.read_info(path)["crs"]


def test_kml_is_sound_xml() -> None:
    xml.dom.minidom.parseString(content(render(of(drive(), marks=(NOTE,)), "kml", "x")))  # noqa: S318  our own


def test_geoparquet_says_what_it_is() -> None:
    pa = pytest.importorskip("pyarrow", reason="no pyarrow here: the extra geoparquet")
    import pyarrow.parquet as pq

    track = drive()
    table = pq.read_table(pa.BufferReader(content(render(of(track, drive(9)), "geoparquet", "x"))))
    assert ["car", "time", "lat", "lon", "ele", "segment", "geometry"] == table.column_names
    about = json.loads(table.schema.metadata[b"geo"])
    assert "1.1.0" == about["version"]
    assert {"encoding": "WKB", "geometry_types": ["Point"]}.items() <= about["columns"][
        "geometry"
    ].items()
    assert len(track) + 9 == table.num_rows
    wkb = table["geometry"][3].as_py()
    assert (track.lon[3], track.lat[3]) == tuple(np.frombuffer(wkb[5:], "<f8"))
    assert track.ele[0] != table["ele"][0].as_py() is None


FIVE = converging()
ALL = frozenset(car.car.id for car in FIVE.cars)


def test_a_day_and_a_leg_are_parts_of_the_whole() -> None:
    whole = choose(FIVE, Choice(ALL), slug="x", pictures={})
    days = [choose(FIVE, Choice(ALL, day=d.day), slug="x", pictures={}) for d in FIVE.days]
    assert whole.points == sum(day.points for day in days)
    assert all(day.points for day in days)
    leg = FIVE.cars[0].legs[0].title
    part = choose(FIVE, Choice(ALL, legs=frozenset({leg})), slug="x", pictures={})
    assert 0 < part.points < whole.points


@pytest.mark.parametrize("form", FORMS)
def test_hidden_times_are_nowhere(form: str) -> None:
    hidden = choose(FIVE, Choice(ALL, hide_times=True), slug="x", pictures={})
    text = content(render(hidden, form, "x"))
    if form == "kmz":
        with zipfile.ZipFile(io.BytesIO(text)) as archive:
            text = archive.read("doc.kml")
    assert b":00Z" not in text
    assert b"T1" not in text
    assert b"2026-06-11" in text


def test_fewer_points_keep_stops_and_say_their_bound() -> None:
    whole = choose(FIVE, Choice(ALL), slug="x", pictures={})
    pins = {car.car.name: car.track.time[[100]] for car in FIVE.cars}
    fewer = simplified(whole, pins, 0.0, 300)
    assert fewer.points <= 300
    assert fewer.tolerance_m is not None
    assert 0 < fewer.tolerance_m < 50_000
    for car, line in zip(FIVE.cars, fewer.lines, strict=True):
        assert car.track.time[100] in line.track.time
    assert simplified(whole, {}, 50.0, None).tolerance_m == 50.0
