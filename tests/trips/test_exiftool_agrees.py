"""ExifTool, another program that places photos by tracks, as an oracle at our limits.

It knows no parked cars, so these drives have none. Debian: libimage-exiftool-perl.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from convoylog.model.logbook import Camera, Car
from convoylog.model.photos import Photograph
from convoylog.model.tracks import Track, make_track
from convoylog.trips.ledger import keep_ledger
from convoylog.trips.place import place_photo
from convoylog.trips.whereabouts import BETWEEN_S, HELD_S, whereabouts
from tests.trips.drives import drive
from tests.trips.plain_ground import PlainGround

ROADS = {
    "west of Dodge City": (37.7528, -100.0171, 285.0),
    "south of the equator": (-33.86, 151.2, 210.0),
    "far north": (69.6, 18.9, 60.0),
}


def _exiftool() -> str:
    program = shutil.which("exiftool")
    if program is None:
        pytest.skip("exiftool is not installed")
    return program


def _track(rng: np.random.Generator, road: tuple[float, float, float]) -> Track:
    # points from 1 s to 10 min apart, so that each kind of hop comes
    t = np.cumsum(np.round(rng.choice([1.0, 30.0, 200.0, 299.0, 301.0, 600.0], 60)))
    track = drive(t * 15.0, t, road=road)
    return make_track(track.time, np.round(track.lat, 7), np.round(track.lon, 7))


def _photo(path: Path, shown: float) -> None:
    """A picture whose camera showed a time, seconds as if it were UTC."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = f"{datetime.fromtimestamp(shown, UTC):%Y:%m:%d %H:%M:%S}"
    Image.new("RGB", (8, 8)).save(path, exif=exif)


@pytest.mark.parametrize("road", ROADS)
def test_positions_are_those_of_exiftool_at_our_limits(tmp_path: Path, road: str) -> None:
    program = _exiftool()
    rng = np.random.default_rng(len(road))
    track = _track(rng, ROADS[road])
    begin, end = int(track.time[0]), int(track.time[-1])
    at = np.sort(rng.integers(begin - 300, end + 300, 50)).astype(float)
    _gpx(tmp_path / "track.gpx", track.time, track.lat, track.lon)
    for n, moment in enumerate(at.tolist()):
        _photo(tmp_path / f"{n:03}.jpg", moment)
    where = whereabouts(keep_ledger(track), PlainGround())
    theirs = _theirs(program, tmp_path)
    placed = 0
    for n, moment in enumerate(at.tolist()):
        spot = where.spot(moment)
        there = theirs[f"{n:03}.jpg"]
        assert (spot is None) == (there is None), (n, spot, there)
        if spot is not None and there is not None:
            placed += 1
            assert (spot.lat, spot.lon) == pytest.approx(there, abs=2e-7), (n, spot.how)
    assert 10 < placed < len(at)


def test_a_clock_that_drifts_between_two_sync_points_is_theirs(tmp_path: Path) -> None:
    program = _exiftool()
    rng = np.random.default_rng(5)
    track = _track(rng, ROADS["west of Dodge City"])
    begin, end = float(track.time[0]), float(track.time[-1])
    _gpx(tmp_path / "track.gpx", track.time, track.lat, track.lon)
    camera = Camera("k", sync=((begin, 100.0), (end, 160.0)))
    shown = np.sort(rng.integers(int(begin) + 110, int(end) + 150, 40)).astype(float)
    for n, wall in enumerate(shown.tolist()):
        _photo(tmp_path / f"{n:03}.jpg", wall)
    syncs = [f"-geosync={_clock(at)}@{_clock(at + off)}" for at, off in camera.sync]
    theirs = _theirs(program, tmp_path, *syncs)
    where = whereabouts(keep_ledger(track), PlainGround())
    placed = 0
    for n, wall in enumerate(shown.tolist()):
        taken = datetime.fromtimestamp(wall, UTC).replace(tzinfo=None).isoformat()
        facts = Photograph("JPEG", 8, 8, taken, camera="k")
        told = place_photo(facts, Car("c", "C", "c", cameras=(camera,)), where, PlainGround())
        there = theirs[f"{n:03}.jpg"]
        assert (told.lat is None) == (there is None), (n, told, there)
        if there is not None:
            placed += 1
            assert (told.lat, told.lon) == pytest.approx(there, abs=2e-7)
    assert placed > 10


def _clock(at: float) -> str:
    return f"{datetime.fromtimestamp(round(at), UTC):%Y:%m:%d %H:%M:%S}Z"


def _gpx(path: Path, time: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> None:
    points = "".join(
        f'<trkpt lat="{y:.7f}" lon="{x:.7f}">'
        f"<time>{datetime.fromtimestamp(t, UTC):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        for t, y, x in zip(time.tolist(), lat.tolist(), lon.tolist(), strict=True)
    )
    path.write_text(f'<gpx version="1.1"><trk><trkseg>{points}</trkseg></trk></gpx>')


def _theirs(program: str, folder: Path, *more: str) -> dict[str, tuple[float, float] | None]:
    limits = ["-api", f"GeoMaxIntSecs={BETWEEN_S:.0f}", "-api", f"GeoMaxExtSecs={HELD_S:.0f}"]
    place = ["-geotag", "track.gpx", "-geotime<${DateTimeOriginal}+00:00"]
    run = [program, "-q", "-q", "-overwrite_original", *limits, *more, *place, "-ext", "jpg", "."]
    subprocess.run(run, cwd=folder, check=False, capture_output=True)
    told = subprocess.run(
        [program, "-j", "-n", "-GPSLatitude", "-GPSLongitude", "-ext", "jpg", "."],
        cwd=folder,
        check=True,
        capture_output=True,
    ).stdout
    rows = {Path(row["SourceFile"]).name: row for row in json.loads(told)}
    return {
        name: (row["GPSLatitude"], row["GPSLongitude"]) if "GPSLatitude" in row else None
        for name, row in rows.items()
    }
