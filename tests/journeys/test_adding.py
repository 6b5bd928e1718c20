"""What `add` takes, and what it says about it."""

from __future__ import annotations

import functools
import gzip
import io
import json
import operator
import shutil
import struct
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from convoylog.cli.adder import Adder
from convoylog.files import layout
from tests.files.readers.test_gpx_scan import SHAPES, document, plain, point
from tests.files.readers.test_video import clip, header, keyed, track
from tests.journeys.typed import Typed, results

GPX = document(plain())


def tracks(rally: Path) -> list[str]:
    return sorted(path.name for path in (rally / "cars/anna/tracks").iterdir())


def test_a_packed_recording_is_kept_as_it_came_with_gpx_beside_it(
    home: Path, rally: Path, typed: Typed
) -> None:
    packed = gzip.compress(GPX, mtime=0)
    (home / "day.gpx.gz").write_bytes(packed)
    assert "GPX 1.1, gzip by test" in typed("add", home / "day.gpx.gz")
    rendition, original = sorted(tracks(rally), key=lambda name: name.endswith(".gz"))
    assert (rally / "cars/anna/tracks" / original).read_bytes() == packed
    assert rendition == layout.rendition_name(original)
    text = (rally / "cars/anna/tracks" / rendition).read_text("utf-8")
    assert text.count("<trkpt") == 400
    assert 'creator="convoylog, made from GPX 1.1, gzip by test"' in text
    # the rendition is nobody's recording: nothing is counted twice
    (car,) = typed.json("stats")["cars"]
    assert car["points"] == 400
    assert typed("check").startswith("all is well")


def test_a_rendition_is_made_again_at_will_and_goes_with_its_original(
    home: Path, rally: Path, typed: Typed
) -> None:
    (home / "day.gpx.gz").write_bytes(gzip.compress(GPX, mtime=0))
    typed("add", home / "day.gpx.gz")
    (path,) = (rally / "cars/anna/tracks").glob("*-from-gz.gpx")
    before = path.read_bytes()
    path.unlink()
    assert "the GPX that other programs read" in typed.json("check")["notices"][0]["message"]
    typed("doctor", "--yes")
    assert path.read_bytes() == before
    typed("undo")
    assert [] == tracks(rally)


def test_a_zip_of_files_is_looked_into(home: Path, rally: Path, typed: Typed) -> None:
    with zipfile.ZipFile(home / "week.zip", "w") as archive:
        archive.writestr("week/day1.gpx", GPX)
        archive.writestr("week/letter.txt", "Dear Anna")
        archive.writestr("__MACOSX/week/._day1.gpx", "fork")
        archive.writestr("week/.DS_Store", "x")
    told = typed("add", home / "week.zip", code=1)
    assert ["added", "refused"] == results(told)
    assert (rally / "cars/anna/tracks" / tracks(rally)[0]).read_bytes() == GPX


def test_a_zip_that_leads_out_is_refused_as_a_whole(home: Path, rally: Path, typed: Typed) -> None:
    with zipfile.ZipFile(home / "evil.zip", "w") as archive:
        archive.writestr("../../day1.gpx", GPX)
    assert "leads out" in typed("add", home / "evil.zip", code=1)
    assert not (rally / "cars/anna/tracks").exists()


def test_the_same_recording_exported_again_is_told_and_counted_once(
    home: Path, rally: Path, typed: Typed
) -> None:
    (home / "a.gpx").write_bytes(GPX)
    typed("add", home / "a.gpx")
    rounded = "".join(
        point(n).replace(f"{51 + n / 1e5:.6f}", f"{51 + n / 1e5:.5f}") for n in range(400)
    )
    (home / "b.gpx").write_bytes(document(rounded))
    document_of = typed.json("add", home / "b.gpx")["files"][0]
    assert document_of["same_as"] == f"cars/anna/tracks/{tracks(rally)[0]}"
    assert len(tracks(rally)) == 2
    (car,) = typed.json("stats")["cars"]
    assert car["points"] <= 2 * 400
    once = car["distance_m"]
    typed("undo")
    assert once == pytest.approx(typed.json("stats")["cars"][0]["distance_m"], rel=1e-3)


def test_a_clock_an_hour_off_is_told_with_what_to_do(home: Path, rally: Path, typed: Typed) -> None:
    (home / "a.gpx").write_bytes(GPX)
    typed("add", home / "a.gpx")
    (home / "b.gpx").write_bytes(GPX.replace(b"T00:", b"T01:"))
    told = typed("add", home / "b.gpx")
    assert "its clock 1 h 00 ahead" in told
    assert "convoylog remove" in told


def test_everything_about_a_recording_is_told(home: Path, rally: Path, typed: Typed) -> None:
    odd = '<trkpt lat="95" lon="1"/>'
    content = document("".join(map(SHAPES["sensors"], range(60))) + odd)
    (home / "a.gpx").write_bytes(content)
    told = typed("add", "--dry-run", home / "a.gpx")
    lines = told.splitlines()
    assert lines[0] == "would add  a.gpx: GPX 1.1 by test"
    assert lines[1].startswith("         60 points, 0.1 km in 59 s, 2024-06-01 00:00Z to 00:00Z")
    assert "1 point with an impossible position left out (first in line 63)" in lines[2]
    assert all(len(line) <= 80 for line in lines)
    (row,) = typed.json("add", "--dry-run", home / "a.gpx")["files"]
    assert {"device": "test", "time_from": "utc"}.items() <= row.items()
    assert row["columns"] == ["cadence", "heart_rate", "speed", "temperature"]
    assert not (rally / "cars/anna/tracks").exists()


def test_a_limit_is_raised_for_later_commands_too(
    home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    from convoylog.files.readers import limits

    small = limits.Limits(points=100)
    monkeypatch.setattr(limits, "LIMITS", small)
    (home / "a.gpx").write_bytes(GPX)
    assert "more than 100 points" in typed("add", home / "a.gpx", code=1)
    assert "hint: `--limit points=5000000` reads more" in typed.err
    typed("add", "--limit", "points=400", home / "a.gpx")
    assert typed.json("stats")["cars"][0]["points"] == 400


@pytest.mark.parametrize("words", ["points", "points=", "points=-1", "files=3", "track=1TB"])
def test_a_limit_that_is_not_understood(home: Path, rally: Path, typed: Typed, words: str) -> None:
    assert "--limit" in typed.refuses("add", "--limit", words, home, code=2)


def test_what_is_not_understood_of_columns_and_programs(
    home: Path, rally: Path, typed: Typed
) -> None:
    assert "--columns" in typed.refuses("add", "--columns", "time", home, code=2)
    assert "--via" in typed.refuses("add", "--via", "babel:igc", home, code=2)
    assert "--via" in typed.refuses("add", "--via", "gpsbabel:", home, code=2)


def test_without_gpsbabel_its_formats_are_told_how(
    home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "a.igc").write_bytes(b"x")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    typed("add", "--via", "gpsbabel:igc", home / "a.igc", code=3)
    assert "GPSBabel is not installed" in typed.err
    typed("add", "--via", "gpsbabel:igc,x=/etc/passwd", home / "a.igc", code=3)
    assert "no format of GPSBabel" in typed.err


@pytest.mark.skipif(not shutil.which("gpsbabel"), reason="GPSBabel is not installed")
def test_what_gpsbabel_made_is_read_and_the_original_kept(
    home: Path, rally: Path, typed: Typed
) -> None:
    from convoylog.files import babel

    rows = [f"GPRMC,1000{n:02d},A,51{n:02d}.00,N,00130.00,W,30,0,010624,," for n in range(50)]
    sums = [functools.reduce(operator.xor, row.encode()) for row in rows]
    lines = (f"${row}*{total:02X}\n" for row, total in zip(rows, sums, strict=True))
    (home / "a.xyz").write_text("".join(lines))
    typed("add", "--via", "gpsbabel:nmea", home / "a.xyz")
    kept = {Path(name).suffix for name in tracks(rally)}
    assert kept == {".gpx", ".xyz"}
    (car,) = typed.json("stats")["cars"]
    assert car["points"] + sum(car["dropped"].values()) >= 50
    assert typed("check").startswith("all is well")
    # given again, nothing is added
    assert results(typed("add", "--via", "gpsbabel:nmea", home / "a.xyz")) == ["already"]
    assert "cannot read it as gdb" in typed("add", "--via", "gpsbabel:gdb", home / "a.xyz", code=1)
    assert babel.convert((home / "a.xyz").read_bytes(), "nmea", 1 << 20).startswith(b"<?xml")


def test_many_files_come_in_the_order_of_their_names(home: Path, rally: Path, typed: Typed) -> None:
    (home / "trip").mkdir()
    for n in range(12):
        moved = "".join(point(n * 37 + k) for k in range(30))
        (home / "trip" / f"{n:02d}.gpx").write_bytes(document(moved))
    rows = typed.json("add", home / "trip")["files"]
    assert [Path(str(row["file"])).name for row in rows] == [f"{n:02d}.gpx" for n in range(12)]
    assert {row["result"] for row in rows} == {"added"}


def test_interrupted_it_says_how_far_it_came(
    home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        (home / f"{n}.gpx").write_bytes(document("".join(point(n * 31 + k) for k in range(30))))
    taken = []
    take = Adder.take

    def stop_at_third(self: object, *given: object) -> object:
        if len(taken) == 2:
            raise KeyboardInterrupt
        taken.append(given)
        return take(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Adder, "take", stop_at_third)
    typed("add", *(home / f"{n}.gpx" for n in range(5)), code=130)
    assert "2 of 5 added" in typed.err
    monkeypatch.setattr(Adder, "take", take)
    told = typed("add", *(home / f"{n}.gpx" for n in range(5)))
    assert results(told) == ["already", "already", "added", "added", "added"]


def test_the_columns_of_a_table_are_remembered(home: Path, rally: Path, typed: Typed) -> None:
    rows = "".join(f"{n},2024-06-01T10:00:{n:02d}Z,{51 + n / 1e4:.4f},-1.5\n" for n in range(40))
    (home / "log.txt").write_text("id,when,Y,X\n" + rows)
    typed("add", home / "log.txt", code=1)
    told = typed("add", "--columns", "time=when,lat=Y,lon=X", home / "log.txt")
    assert "log.txt: CSV" in told
    assert "40 points" in told
    # every later command reads it so, also on a laptop that has read nothing before
    (car,) = typed.json("stats")["cars"]
    assert car["points"] == 40
    shutil.rmtree(home / "annas" / "cache")
    assert typed.json("stats")["cars"][0]["points"] == 40
    assert typed("check").startswith("all is well")
    typed("undo")
    assert typed.json("stats")["cars"][0]["points"] == 0


def takeout(home: Path) -> Path:
    """A folder as Google Takeout leaves it: one photo with its JSON, one JSON without a photo."""
    folder = home / "Takeout"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(picture())
    told = {"title": "a.jpg", "description": "Lunch", "photoTakenTime": {"timestamp": "1717200030"},
            "geoDataExif": {"latitude": 51.0002, "longitude": -1.5}}  # fmt: skip
    (folder / "a.jpg.supplemental-metadata.json").write_text(json.dumps(told))
    (folder / "b.jpg.json").write_text(json.dumps(told | {"title": "b.jpg"}))
    return folder


def test_a_file_beside_a_photo_tells_what_the_photo_does_not(
    home: Path, rally: Path, typed: Typed
) -> None:
    folder = takeout(home)
    told = typed("add", "--dry-run", folder, code=1)
    assert "its photo is not beside it" in told
    assert not (rally / "cars/anna/photos").exists()
    rows = typed.json("add", folder, code=1)["files"]
    assert {
        "a.jpg": "added",
        "a.jpg.supplemental-metadata.json": "added",
        "b.jpg.json": "refused",
    } == {Path(str(row["file"])).name: row["result"] for row in rows}
    names = sorted(path.name for path in (rally / "cars/anna/photos").iterdir())
    assert [name[:16] for name in names] == ["20240601t000030z"] * 2
    (row,) = typed.json("log")["entries"]
    assert ("2024-06-01T00:00:30Z", "gps", 51.0002) == (row["at"], row["how"], row["lat"])
    assert typed("check").startswith("all is well")
    # given again, nothing is added and nothing is forgotten
    again = {str(row["result"]) for row in typed.json("add", folder, code=1)["files"]}
    assert {"already", "refused"} == again
    (row,) = typed.json("log")["entries"]
    assert row["lat"] == 51.0002
    # it stays at home: what goes to others is made again from pixels
    typed("pack", "-o", home / "anna.zip")
    with zipfile.ZipFile(home / "anna.zip") as bundle:
        assert not [name for name in bundle.namelist() if name.endswith(".json")]
        assert b"Lunch" not in b"".join(map(bundle.read, bundle.namelist()))


def test_a_file_beside_a_photo_may_come_later(home: Path, rally: Path, typed: Typed) -> None:
    folder = takeout(home)
    typed("add", folder / "a.jpg")
    (row,) = typed.json("log")["entries"]
    assert row["at"] is None
    typed("add", folder, code=1)
    (row,) = typed.json("log")["entries"]
    assert row["at"] == "2024-06-01T00:00:30Z"
    typed("undo")
    (row,) = typed.json("log")["entries"]
    assert row["at"] is None


def test_a_live_photo_is_one_photo(home: Path, rally: Path, typed: Typed) -> None:
    note = b"Apple iOS\0\0\1MM" + struct.pack(">HHHII", 1, 0x11, 2, 5, 32) + bytes(4) + b"4F1B\0"
    (home / "a.jpg").write_bytes(picture((0x927C, note), (0x9003, "2024:06:01 00:00:30")))
    (home / "a.mov").write_bytes(clip(header(), track(), keyed(content_identifier="4F1B")))
    typed("add", home / "a.jpg", home / "a.mov")
    assert len(list((rally / "cars/anna/photos").iterdir())) == 2
    (row,) = typed.json("log")["entries"]
    (photo,) = (path for path in (rally / "cars/anna/photos").iterdir() if path.suffix == ".jpg")
    assert photo.stem == row["id"]
    assert typed("check").startswith("all is well")


def picture(*camera: tuple[int, object]) -> bytes:
    """A photo whose Exif directory holds these tags."""
    exif = Image.Exif()
    for tag, value in camera:
        exif.get_ifd(0x8769)[tag] = value
    out = io.BytesIO()
    Image.new("RGB", (30, 20)).save(out, "JPEG", exif=exif)
    # a maker note is of the type "undefined", for which Pillow writes "byte"
    return (
        out.getvalue()
        .replace(b"\x92\x7c\0\1", b"\x92\x7c\0\7")
        .replace(b"\x7c\x92\1\0", b"\x7c\x92\7\0")
    )


def test_what_is_here_already_is_not_called_an_export_of_itself(
    home: Path, rally: Path, typed: Typed
) -> None:
    (home / "a.gpx").write_bytes(GPX)
    (home / "b.gpx").write_bytes(GPX.replace(b"test", b"tost"))
    assert "exported once more" in typed("add", home / "a.gpx", home / "b.gpx")
    assert "exported once more" not in typed("add", home / "a.gpx", home / "b.gpx")


def test_times_to_come_are_told_with_the_weeks_a_receiver_may_have_lost(
    home: Path, rally: Path, typed: Typed
) -> None:
    (home / "a.gpx").write_bytes(GPX.replace(b"2024-06-01", b"2044-01-16"))
    (row,) = typed.json("add", "--dry-run", home / "a.gpx")["files"]
    (odd,) = row["warnings"]  # type: ignore[misc]
    assert odd.endswith("1,024 back is 2024-06-01")
    (home / "b.gpx").write_bytes(GPX.replace(b"2024-06-01", b"2099-06-01"))
    assert "in the future, until 2099-06-01\n" in typed("add", "--dry-run", home / "b.gpx")


def test_names_in_a_zip_may_differ_in_case_only(home: Path, rally: Path, typed: Typed) -> None:
    with zipfile.ZipFile(home / "twins.zip", "w") as archive:
        archive.writestr("T.gpx", GPX)
        archive.writestr("t.gpx", GPX.replace(b"test", b"tost"))
    assert ["added", "added"] == results(typed("add", home / "twins.zip"))


def test_a_zip_inside_a_zip_is_refused_with_what_to_do(
    home: Path, rally: Path, typed: Typed
) -> None:
    with zipfile.ZipFile(home / "inner.zip", "w") as archive:
        archive.writestr("day1.gpx", GPX)
    with zipfile.ZipFile(home / "outer.zip", "w") as archive:
        archive.write(home / "inner.zip", "inner.zip")
    told = typed("add", home / "outer.zip", code=1)
    assert "refused  outer.zip/inner.zip: a zip inside a zip: unpack it first" in told
