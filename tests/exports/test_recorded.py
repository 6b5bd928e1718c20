"""Readings and waypoints come along with the ways, and come back as they went."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convoylog.exports.exported import Choice, Exported, choose
from convoylog.exports.formats import FORMS, render
from convoylog.exports.recorded import waypoints_of, with_readings
from convoylog.files.readers import HEAD, reader_for
from convoylog.model.logbook import Logbook, RecordedTrack
from convoylog.model.tracks import MORE, Recording, Track, Waypoint, make_track
from convoylog.trips.account import work_out
from tests.exports.test_formats import content
from tests.reports.trips import BEGIN, car

NAN = float("nan")
ANNA, BO = car(1, "Anna"), car(2, "Bo")
INN = Waypoint(47.1, 8.1, "Inn", "pie", BEGIN.timestamp() + 60, 512.5)
MUM = Waypoint(47.2, 8.2, "Mum's")


def drive(lat: float, n: int = 400, **more: list[float]) -> Track:
    time = BEGIN.timestamp() + np.arange(n)
    return make_track(time, lat + np.arange(n) * 2e-4, np.full(n, 8.0), more=more)


def rich() -> Track:
    n = np.arange(400)
    return drive(
        47.0,
        heart_rate=np.where(n % 5 == 0, NAN, 90.0 + n % 60).tolist(),
        cadence=(n % 90).astype(float).tolist(),
        power=np.where(n < 200, 180.0 + n, NAN).tolist(),
        temperature=(-3.5 + n / 100).tolist(),
        speed=(7.125 + n / 1000).tolist(),
        course=(n % 360).astype(float).tolist(),
        satellites=(4 + n % 9).astype(float).tolist(),
        hdop=(0.75 + n % 3).tolist(),
    )


def exported(**choice: object) -> Exported:
    """Two cars apart, of whom one has sensors and marked places."""
    recordings = (
        RecordedTrack(ANNA.id, "a.gpx", "a", Recording("GPX", "x", (rich(),), (INN, MUM))),
        RecordedTrack(ANNA.id, "b.gpx", "b", Recording("GPX", "x", (), (MUM,))),
        RecordedTrack(BO.id, "c.gpx", "c", Recording("GPX", "x", (drive(49.0),))),
    )
    book = Logbook("b", "T", "", (ANNA, BO), (), recordings, ())
    wanted = Choice(frozenset({ANNA.id, BO.id}), **choice)  # type: ignore[arg-type]
    return choose(work_out(book), wanted, slug="t", pictures={}, recordings=recordings)


def back(form: str, of: Exported) -> Recording:
    found = content(render(of, form, f"x.{FORMS[form].ending}"))
    seen = reader_for(found[:HEAD]).read(found)
    assert isinstance(seen, Recording)
    return seen


@pytest.mark.parametrize("form", FORMS)
def test_cars_points_and_readings_come_back(form: str) -> None:
    whole = exported()
    seen = back(form, whole)
    assert ["Anna", "Bo"] == [track.name for track in seen.tracks]
    assert () == tuple(line for line in seen.warnings if "wpt" not in line)
    for line, track in zip(whole.lines, seen.tracks, strict=True):
        for ours, read in ((line.track.time, track.time), (line.track.lat, track.lat)):
            np.testing.assert_allclose(read, ours, atol=1e-6, rtol=0)
        assert set(line.track.more) == set(track.more)
        for name, column in line.track.more.items():
            np.testing.assert_allclose(track.more[name], column, atol=0.051, rtol=0, err_msg=name)
    assert set(MORE) - {"accuracy", "vdop", "pdop"} == set(seen.tracks[0].more)


@pytest.mark.parametrize("form", ["gpx", "geojson", "kml", "kmz"])
def test_waypoints_come_back_as_they_were_and_once(form: str) -> None:
    assert (INN, MUM) == back(form, exported()).waypoints


def test_of_a_part_only_waypoints_marked_then() -> None:
    (day,) = {INN} & set(waypoints_of([back("gpx", exported(day=BEGIN.date().isoformat()))]))
    assert "Inn" == day.name
    assert 0 == len(exported(day="2001-01-01").marks)


def test_hidden_times_hide_those_of_waypoints() -> None:
    assert [None, None] == [mark.at for mark in exported(hide_times=True).marks]


def test_a_reading_belongs_to_its_very_point() -> None:
    track = drive(47.0)
    other = Recording("GPX", "", (drive(47.00001, heart_rate=[99.0] * 400),))
    assert track is with_readings(track, [Recording("GPX", "", (track,))])
    assert np.isnan(with_readings(track, [other]).more["heart_rate"]).all()
    one, two = (Recording("GPX", "", (drive(47.0, power=[w] * 400),)) for w in (1.0, 2.0))
    assert {1.0} == set(with_readings(track, [one, two]).more["power"].tolist())


def test_what_the_schemas_have_no_room_for_is_left_out() -> None:
    odd = drive(47.0, 4, heart_rate=[0.0, 300.0, 1.0, 255.0], course=[360.0, 359.999, -1.0, 180.5])
    text = content(render(replace_tracks(odd), "gpx", "x")).decode()
    assert 2 == text.count("<gpxtpx:hr>")
    assert ["0", "0", "359", "180.5"] == [
        part.partition("<")[0] for part in text.split("<gpxtpx:course>")[1:]
    ]


def replace_tracks(*tracks: Track) -> Exported:
    from tests.exports.test_formats import of

    return of(*tracks)


def test_kml_keeps_to_the_schemas_of_ogc_and_google(tmp_path: Path) -> None:
    """fastkml brings both schemas, and reads what Google Earth would draw."""
    pytest.importorskip("lxml", reason="no lxml here")
    fastkml = pytest.importorskip("fastkml", reason="no fastkml here")
    from fastkml.gx import Track as DrawnTrack
    from fastkml.utils import find_all

    path = tmp_path / "x.kml"
    whole = exported()
    path.write_bytes(content(render(whole, "kml", "x.kml")))
    seen = fastkml.KML.parse(path, validate=True)
    names = [mark.name for mark in find_all(seen, of_type=fastkml.Placemark)]
    assert ["Anna", "Inn", "Mum's", "Bo"] == names
    tracks = [drawn.track_items for drawn in find_all(seen, of_type=DrawnTrack)]
    assert [len(line.track) for line in whole.lines] == [len(items) for items in tracks]
    for line, items in zip(whole.lines, tracks, strict=True):
        lat = [item.coord.y for item in items]
        np.testing.assert_allclose(lat, line.track.lat, atol=0.51e-7, rtol=0)
        at = [item.when.dt.timestamp() for item in items]
        np.testing.assert_allclose(at, line.track.time, atol=0.51e-3, rtol=0)
    path.write_bytes(path.read_bytes().replace(b"<styleUrl>", b"<styleUri>").replace(
        b"</styleUrl>", b"</styleUri>"))  # fmt: skip
    with pytest.raises(Exception, match="styleUri"):
        fastkml.KML.parse(path, validate=True)


@pytest.mark.parametrize("form", ["kml", "kmz", "geojson"])
def test_gdal_draws_the_same_lines(form: str, tmp_path: Path) -> None:
    pyogrio = pytest.importorskip("pyogrio", reason="no pyogrio here")
    whole = exported()
    path = tmp_path / f"x.{form}"
    path.write_bytes(content(render(whole, form, path.name)))
    shapes = [
        bytes(shape)
        for layer, _ in pyogrio.list_layers(path)
        for shape in pyogrio.raw.read(path, layer=layer)[2]
    ]
    lines = [found for shape in shapes if (found := positions(shape)) is not None]
    assert 2 == len(lines)
    for line, found in zip(whole.lines, lines, strict=True):
        np.testing.assert_allclose(found[:, 0], line.track.lon, atol=0.51e-7, rtol=0)
        np.testing.assert_allclose(found[:, 1], line.track.lat, atol=0.51e-7, rtol=0)


def positions(wkb: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]] | None:
    """Of a WKB line of one part, with heights or without; None for a point."""
    kind, parts = np.frombuffer(wkb[1:9], "<u4").tolist()
    if kind & 0xFF != 5:
        return None
    assert 1 == parts
    (count,) = np.frombuffer(wkb[14:18], "<u4").tolist()
    return np.frombuffer(wkb[18:], "<f8").reshape(count, -1)
