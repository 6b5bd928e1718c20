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

from convoylog.model.tracks import make_track
from convoylog.trips.ledger import keep_ledger
from convoylog.trips.whereabouts import BETWEEN_S, HELD_S, whereabouts
from tests.trips.drives import NOON, drive
from tests.trips.plain_ground import PlainGround


@pytest.mark.parametrize("seed", [1, 2])
def test_positions_are_those_of_exiftool_at_our_limits(tmp_path: Path, seed: int) -> None:
    program = shutil.which("exiftool")
    if program is None:
        pytest.skip("exiftool is not installed")
    rng = np.random.default_rng(seed)
    # points from 1 s to 10 min apart, so that each kind of hop comes
    t = np.cumsum(np.round(rng.choice([1.0, 30.0, 200.0, 299.0, 301.0, 600.0], 60)))
    track = drive(t * 15.0, t)
    track = make_track(track.time, np.round(track.lat, 7), np.round(track.lon, 7))
    at = NOON + np.sort(rng.integers(int(t[0]) - 300, int(t[-1]) + 300, 50))
    _gpx(tmp_path / "track.gpx", track.time, track.lat, track.lon)
    for n, moment in enumerate(at.tolist()):
        exif = Image.Exif()
        shown = datetime.fromtimestamp(moment, UTC)
        exif.get_ifd(0x8769)[0x9003] = f"{shown:%Y:%m:%d %H:%M:%S}"
        Image.new("RGB", (8, 8)).save(tmp_path / f"{n:03}.jpg", exif=exif)
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


def _gpx(path: Path, time: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> None:
    points = "".join(
        f'<trkpt lat="{y:.7f}" lon="{x:.7f}">'
        f"<time>{datetime.fromtimestamp(t, UTC):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        for t, y, x in zip(time.tolist(), lat.tolist(), lon.tolist(), strict=True)
    )
    path.write_text(f'<gpx version="1.1"><trk><trkseg>{points}</trkseg></trk></gpx>')


def _theirs(program: str, folder: Path) -> dict[str, tuple[float, float] | None]:
    limits = ["-api", f"GeoMaxIntSecs={BETWEEN_S:.0f}", "-api", f"GeoMaxExtSecs={HELD_S:.0f}"]
    place = ["-geotag", "track.gpx", "-geotime<${DateTimeOriginal}+00:00"]
    run = [program, "-q", "-q", "-overwrite_original", *limits, *place, "-ext", "jpg", "."]
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
