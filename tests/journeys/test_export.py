"""What a driver types to take tracks and notes elsewhere."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pytest

from convoylog.exports.gpx import write_gpx
from convoylog.model.tracks import Waypoint, make_track
from tests.journeys.typed import Typed

HOME = (47.0, 8.0)
FORMS = ["gpx", "geojson", "kml", "kmz", "csv", "geoparquet"]


def drive(folder: Path, name: str = "day.gpx", lat: float = 47.0) -> Path:
    n = 3000
    track = make_track(
        [1_800_000_000 + 2 * k for k in range(n)],
        [lat + k * 2e-4 for k in range(n)],
        [8.0 + k * 1e-4 for k in range(n)],
        [400 + k / 10 for k in range(n)],
        more={"heart_rate": [141.0] * n, "speed": [12.5] * n},
    )
    path = folder / name
    path.write_bytes(write_gpx([track], [Waypoint(lat, 8.0, "MUM-CANARY")], title=""))
    return path


@pytest.fixture
def driven(rally: Path, home: Path, typed: Typed) -> Path:
    typed("add", drive(home))
    typed("note", "Pie at the pass", "--at", "2027-01-15T09:00Z")
    typed(
        "note",
        "The KEY-CANARY lies under the mat",
        "--at",
        "2027-01-15T08:50Z",
        "--share",
        "private",
    )
    return rally


def distance(typed: Typed) -> float:
    (car,) = typed.json("stats")["cars"]
    found = car["distance_m"]
    assert isinstance(found, float)
    return found


@pytest.mark.parametrize("form", FORMS)
def test_what_was_exported_can_be_added_and_is_as_far(
    form: str, driven: Path, home: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = distance(typed)
    path = home / "out" / f"trip.{form}"
    assert str(path) == typed("export", "--to", form, "-o", path).strip()
    typed("init", "again", "--title", "Again", "--car", "Anna")
    monkeypatch.setenv("CONVOYLOG", str(home / "again"))
    typed("add", path)
    assert distance(typed) == pytest.approx(before, rel=1e-4)


@pytest.mark.parametrize("form", FORMS)
def test_all_that_was_recorded_comes_back_for_oneself(
    form: str, driven: Path, home: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "out" / f"trip.{form}"
    typed("export", "--to", form, "-o", path, "--privacy", "full", "--no-photos")
    assert "Kept back" not in typed.err
    (found,) = typed.json("add", path, "--dry-run")["files"]
    assert 3000 == found["points"]
    assert {"heart_rate", "speed"} == set(found["columns"])  # type: ignore[call-overload]
    assert found["waypoints"] == (0 if form in ("csv", "geoparquet") else 3)


def test_a_geoparquet_file_is_kept_as_it_came_with_a_gpx_beside_it(
    driven: Path, home: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "trip.parquet"
    typed("export", "--to", "geoparquet", "-o", path)
    typed("init", "again", "--title", "Again", "--car", "Anna")
    monkeypatch.setenv("CONVOYLOG", str(home / "again"))
    typed("add", path)
    (kept,) = (home / "again").glob("cars/anna/tracks/*.pq")
    assert path.read_bytes() == kept.read_bytes()
    assert 1 == len(list((home / "again").glob("cars/anna/tracks/*-from-pq.gpx")))
    assert "already" in typed("add", path) + typed.err
    typed("check")
    monkeypatch.setattr("convoylog.files.readers.parquet.find_spec", {}.get)
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "empty"))
    typed("stats")
    assert "convoylog[geoparquet]" in typed.err


@pytest.mark.parametrize("form", FORMS)
def test_nothing_private_and_no_heartbeat_leaves(
    form: str, driven: Path, home: Path, typed: Typed
) -> None:
    path = home / f"trip.{form}"
    typed("export", "--to", form, "-o", path)
    content = unpacked(path)
    assert b"CANARY" not in content
    assert b":hr>" not in content
    assert b"heart" not in content
    assert str(home).encode() not in content
    assert b"speed" not in content
    assert "1 entry of Anna not shared" in typed.err
    assert "Kept back: 1 waypoint, heart rate, speed. --privacy full" in typed.err
    typed("export", "--to", form, "-o", path, "--privacy", "convoy")
    content = unpacked(path)
    assert b"CANARY" not in content
    assert b"heart" not in content
    assert b"speed" in content
    assert "Kept back: 1 waypoint, heart rate." in typed.err
    typed("export", "--to", "gpx", "-o", home / "all.gpx", "--privacy", "full")
    everything = (home / "all.gpx").read_bytes()
    assert b"CANARY" in everything


def unpacked(path: Path) -> bytes:
    """What may be read in a file, also where it is packed."""
    if path.suffix == ".kmz":
        with zipfile.ZipFile(path) as archive:
            return archive.read("doc.kml")
    if path.suffix == ".geoparquet":
        import pyarrow.parquet as pq

        table = pq.read_table(path)
        return f"{table.column_names} {[table[name][:9] for name in table.column_names]}".encode()
    return path.read_bytes()


def test_other_drivers_ends_are_cut(driven: Path, home: Path, typed: Typed) -> None:
    typed("car", "add", "Bo")
    typed("add", drive(home, "bo.gpx", 48.0), "--car", "Bo")
    # this laptop writes for Anna again
    typed("note", "On", "--car", "Anna", "--at", "2027-01-15T08:55Z")
    path = home / "x.csv"
    typed("export", "--to", "csv", "-o", path)
    lat = [
        float(row["lat"])
        for row in csv.DictReader(path.read_text().splitlines())
        if row["car"] == "Bo"
    ]
    assert min(lat) > 48.003
    assert "first and last 500 m of Bo" in typed.err


def test_a_file_of_somebody_else_is_never_overwritten(
    driven: Path, home: Path, typed: Typed
) -> None:
    path = home / "trip.gpx"
    path.write_text("mine")
    told = typed.refuses("export", "-o", path, code=3)
    assert "is there already" in told
    assert "mine" == path.read_text()
    path.unlink()
    typed("export", "-o", path)
    typed("export", "-o", path, "--simplify", "5")  # our own is written anew
    path.write_bytes(path.read_bytes() + b"\n")
    typed.refuses("export", "-o", path, code=3)


def test_a_file_for_every_car_and_its_account_as_json(
    driven: Path, home: Path, typed: Typed
) -> None:
    told = typed.json("export", "--per-car", "--max-points", "50", "-o", home / "out")
    (row,) = told["files"]
    assert str(home / "out" / "rally-anna.gpx") == row["file"]
    assert ["Anna"] == row["cars"]
    points = row["points"]
    assert isinstance(points, int)
    assert points <= 50
    assert isinstance(json.loads(typed.out)["tolerance_m"], float)


def test_standard_output_is_the_file_alone(
    driven: Path,
    typed: Typed,
) -> None:
    out = typed("export", "--to", "csv", "-o", "-")
    assert out.startswith("car,time,lat,lon,ele,segment\r\n")
    assert 3001 == out.count("\r\n")


def test_wrong_words_are_answered_in_one_line(driven: Path, typed: Typed) -> None:
    assert "no form 'shp'" in typed.refuses("export", "--to", "shp", code=2)
    assert "no level" in typed.refuses("export", "--privacy", "most", code=2)
    assert "no day" in typed.refuses("export", "--day", "Friday", code=2)
    assert "no car" in typed.refuses("export", "--car", "Zorro", code=2)
    assert "no leg" in typed.refuses("export", "--leg", "Nowhere – Never", code=2)
    typed("car", "add", "Parked")
    typed("export", "--car", "Parked", code=3)
    assert "nothing of that is there" in typed.err


def test_a_day_and_a_leg_are_said_as_everywhere(driven: Path, typed: Typed) -> None:
    whole = typed("export", "--to", "csv", "-o", "-")
    assert whole == typed("export", "--to", "csv", "-o", "-", "--day", "1")
    begin = typed.json("stats")["cars"][0]["from"]  # type: ignore[index]
    typed("leg", "add", "Over the plains", "--from", begin, "--to", "2100-01-01T00:00Z")
    assert whole == typed("export", "--to", "csv", "-o", "-", "--leg", "PLAINS")
    assert "Over the plains" in typed("stats", "--leg", "PLAINS")


def test_geoparquet_written_car_by_car_is_what_all_cars_at_once_give(
    driven: Path, home: Path, typed: Typed
) -> None:
    typed("car", "add", "Bo")
    typed("add", drive(home, "bo.gpx", 48.0), "--car", "Bo")
    path, other = home / "x.parquet", home / "y.parquet"
    to = ("export", "--to", "geoparquet", "-o")
    for words in ("--privacy full", "--simplify 20", "--hide-times", "--day 1"):
        (row,) = typed.json(*to, path, *words.split())["files"]
        typed(*to, other, *words.split(), "--max-points", "99999")
        assert path.read_bytes() == other.read_bytes()
        assert ["Anna", "Bo"] == row["cars"]
        assert path.stat().st_size == row["bytes"]
    typed(*to, path)  # our own is written anew
    path.write_bytes(path.read_bytes() + b"\n")
    before = path.read_bytes()
    assert "is there already" in typed.refuses(*to, path, code=3)
    assert before == path.read_bytes()
    path.unlink()
    typed("car", "add", "Parked")
    typed(*to, path, "--car", "Parked", code=3)
    assert "nothing of that is there" in typed.err
    assert not path.exists()
    assert [] == [p for p in home.iterdir() if p.name.startswith(".convoylog-")]
