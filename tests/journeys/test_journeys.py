"""Evenings of a trip, as they are typed."""

from __future__ import annotations

import os
import shutil
import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.typed import Typed, results, use_laptop

_BEGAN = datetime(2026, 5, 3, 15, 0, tzinfo=UTC)


def _gpx(path: Path, *, lat: float = 39.70) -> Path:
    points = "".join(
        f'<trkpt lat="{lat + n / 200:.4f}" lon="-104.9"><ele>1600</ele>'
        f"<time>{_BEGAN + timedelta(seconds=20 * n):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        for n in range(25)
    )
    path.write_text(
        '<?xml version="1.0"?><gpx version="1.1" creator="test" '
        'xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><trkseg>{points}</trkseg></trk></gpx>",
        encoding="utf-8",
    )
    return path


def _jpeg(path: Path) -> Path:
    exif = Image.Exif()
    taken = exif.get_ifd(0x8769)
    taken[0x9003], taken[0x9011] = "2026:05:03 09:05:00", "-06:00"
    Image.new("RGB", (40, 30), (9, 99, 9)).save(path, exif=exif)
    return path


def _editor(path: Path, old: str, new: str) -> str:
    path.write_text(f"#!/bin/sh\nsed -i 's/{old}/{new}/' \"$1\"\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def _files(folder: Path, *, but: str = ".convoylog/lock") -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).as_posix() != but
    }


def _shared(folder: Path) -> dict[str, bytes]:
    """What merging makes equal: all but the receipts, trash and lock of the laptop."""
    own = (".convoylog/receipts", ".convoylog/trash", ".convoylog/lock")
    return {path: content for path, content in _files(folder).items() if not path.startswith(own)}


def _shown(folder: Path) -> dict[str, bytes]:
    """What people see of a logbook: all but our own folder."""
    return {p: content for p, content in _files(folder).items() if not p.startswith(".convoylog")}


def _id(typed: Typed, kind: str, words: str = "") -> str:
    rows = typed.json("log")["entries"]
    return next(str(row["id"]) for row in rows if row["kind"] == kind and words in str(row["text"]))


def _note(typed: Typed, words: str) -> str:
    typed("note", words, "--at", "2026-05-03 09:05", "--tag", "rain")
    return _id(typed, "note", words)


def test_an_evening_from_init_to_check(
    home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = typed("add", _gpx(home / "day.gpx"), _jpeg(home / "p.jpg"))
    assert ["added", "added"] == results(told)
    assert "added 1 track and 1 photo of Anna" in typed.err

    note = _note(typed, "Rain over the pass")
    typed("leg", "add", "Downtown", "--from", "2026-05-03 09:00", "--to", "2026-05-03 09:08")
    rows = typed.json("log")["entries"]
    assert ["leg", "note", "photo"] == sorted(str(row["kind"]) for row in rows)
    row = next(row for row in rows if row["id"] == note)
    # the track says where, the place says which zone 09:05 was meant in
    assert ("2026-05-03T15:05:00Z", "America/Denver", "Downtown", ["rain"], "between") == tuple(
        row[key] for key in ("at", "zone", "leg", "tags", "how")
    )
    assert 39.775 == pytest.approx(row["lat"])
    assert "Rain over the pass" in typed("log")

    monkeypatch.setenv("EDITOR", _editor(home / "editor.sh", "Rain", "Hail"))
    typed("edit", note)
    assert "Hail over the pass" in typed("show", note)
    assert "1 earlier version kept" in typed.out

    typed("remove", note)
    assert "Hail" not in typed("log")
    typed("undo")
    assert "Hail over the pass" in typed("show", note)
    assert typed("check").startswith("all is well")


def test_adding_again_says_already_and_writes_nothing(
    home: Path, rally: Path, typed: Typed
) -> None:
    files = (_gpx(home / "day.gpx"), _jpeg(home / "p.jpg"))
    typed("add", *files)
    before = _files(rally)
    told = typed("add", *files)
    assert ["already", "already"] == results(told)
    # the same content under another name is the same
    shutil.copy(files[0], home / "copy.gpx")
    assert typed("add", home / "copy.gpx").startswith("already")
    assert before == _files(rally)


def test_a_dry_run_writes_nothing(home: Path, rally: Path, typed: Typed) -> None:
    before = _files(rally)
    assert "would add" in typed("add", "--dry-run", _gpx(home / "day.gpx"), _jpeg(home / "p.jpg"))
    assert before == _files(rally)


def test_the_added_files_stay_where_they_are_byte_for_byte(
    home: Path, rally: Path, typed: Typed
) -> None:
    files = (_gpx(home / "day.gpx"), _jpeg(home / "p.jpg"))
    before = [path.read_bytes() for path in files]
    typed("add", *files)
    assert before == [path.read_bytes() for path in files]
    kept = _files(rally)
    for content in before:
        assert content in kept.values()


def test_bundles_give_both_sides_one_log_in_either_order(
    home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed("add", _gpx(home / "day.gpx"))
    _note(typed, "Rain")
    typed("pack", "-o", home / "first.zip", "--originals")

    use_laptop(home, monkeypatch, "bens")
    bens = home / "bens-rally"
    typed("init", bens, "--title", "Ben begins", "--car", "Ben")
    monkeypatch.setenv("CONVOYLOG", str(bens))
    typed("merge", home / "first.zip")
    typed("note", "Ben saw it too", "--at", "2026-05-03 09:06", "--car", "Ben")
    typed("pack", "-o", home / "second.zip", "--originals")

    for order in (("first.zip", "second.zip"), ("second.zip", "first.zip")):
        third = home / f"third-{order[0]}"
        shutil.copytree(rally, third)
        for name in order:
            typed("--logbook", third, "merge", home / name)
        assert "nothing new" in typed("--logbook", third, "merge", home / order[0])
        told = typed("--logbook", third, "log")
        assert "Rain" in told
        assert "Ben saw it too" in told
        assert typed("--logbook", third, "check").startswith("all is well")
    assert _shared(home / "third-first.zip") == _shared(home / "third-second.zip")
    # Ben's own beginning is not packed: his trip became part of the one begun first
    assert _shown(home / "third-first.zip") == _shown(bens)


def test_two_edits_apart_are_both_kept_until_somebody_chooses(
    home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = _note(typed, "Rain")
    other = home / "other"
    shutil.copytree(rally, other)
    monkeypatch.setenv("EDITOR", _editor(home / "hail.sh", "Rain", "Hail"))
    typed("edit", note)
    monkeypatch.setenv("EDITOR", _editor(home / "snow.sh", "Rain", "Snow"))
    typed("--logbook", other, "edit", note)

    assert "both kept" in typed("merge", other)
    told = typed("show", note)
    assert "Hail" in told
    assert "Snow" in told
    typed("resolve", note, "--take", "text=1")
    (row,) = typed.json("log")["entries"]
    assert row["text"] in ("Hail", "Snow")
    assert typed("check").startswith("all is well")
    # the other laptop learns of the choice
    typed("--logbook", other, "merge", "--own", rally)
    (there,) = typed.json("--logbook", other, "log")["entries"]
    assert row["text"] == there["text"]


def test_a_merge_is_undone_whole(home: Path, rally: Path, typed: Typed) -> None:
    other = home / "other"
    shutil.copytree(rally, other)
    typed("--logbook", other, "note", "from the other", "--at", "2026-05-03 09:05")
    before = _shared(rally)
    typed("merge", "--dry-run", other)
    assert before == _shared(rally)
    typed("merge", other)
    assert before != _shared(rally)
    typed("undo")
    assert before == _shared(rally)


def test_what_is_refused_ends_with_1_and_keeps_the_rest(
    home: Path, rally: Path, typed: Typed
) -> None:
    (home / "empty.gpx").write_bytes(b"")
    (home / "letter.gpx").write_text("Dear Anna")
    told = typed(
        "add", home / "nowhere.gpx", home / "empty.gpx", home / "letter.gpx",
        _gpx(home / "day.gpx"), code=1,
    )  # fmt: skip
    assert ["refused", "refused", "refused", "added"] == [*results(told)]
    assert "no such file" in told
    assert "the file is empty" in told
    assert "3 refused" in typed.err


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("a note without words", ("note",)),
        ("a note without words", ("note", "")),
        ("a note without words", ("note", " \n")),
        ("cannot read `the day of the dog` as a time", ("note", "x", "--at", "the day of the dog")),
        ("no command `nonsense`", ("nonsense",)),
        ("no option `--nonsense`", ("log", "--nonsense")),
        ("missing argument", ("add",)),
        ("this cannot be written: `name`", ("car", "add", "C" * 101)),
        ("this cannot be written: `name`", ("car", "set", "Anna", "name=" + "C" * 101)),
        ("this cannot be written: `name`", ("init", "new", "--title", "T", "--car", "C" * 101)),
        ("this cannot be written: `title`", ("init", "new", "--title", "T" * 501, "--car", "C")),
    ],
)
def test_a_slip_of_the_pen_ends_with_2(
    error: str, words: tuple[str, ...], rally: Path, typed: Typed
) -> None:
    before = _files(rally)
    assert typed.refuses(*words, code=2).startswith(error)
    assert before == _files(rally)
    assert not Path("new").exists()


@pytest.mark.parametrize("words", [("log",), ("note", "x"), ("check",), ("add", "x.gpx")])
def test_without_a_logbook_the_way_to_one_is_told(
    words: tuple[str, ...], home: Path, typed: Typed
) -> None:
    error = typed.refuses(*words, code=3)
    assert error.startswith("no `logbook.toml` in ")
    assert "convoylog init" in typed.err


def _no_such_file(home: Path) -> Path:
    return home / "nowhere.zip"


def _no_zip(home: Path) -> Path:
    return _gpx(home / "day.gpx")


def _cut_zip(home: Path) -> Path:
    path = home / "cut.zip"
    path.write_bytes(b"PK\x03\x04 and no more")
    return path


def _somebody_elses_zip(home: Path) -> Path:
    path = home / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../escape.toml", "x = 1")
    return path


def _no_logbook(home: Path) -> Path:
    return home / "annas"


@pytest.mark.parametrize(
    "other", [_no_such_file, _no_zip, _cut_zip, _somebody_elses_zip, _no_logbook]
)
def test_what_is_no_log_is_not_merged(
    other: Callable[[Path], Path], home: Path, rally: Path, typed: Typed
) -> None:
    before = _shared(rally)
    typed.refuses("merge", other(home), code=3)
    assert before == _shared(rally)
    assert not list(home.parent.glob("escape*"))


def test_a_logbook_is_not_merged_with_itself(rally: Path, typed: Typed) -> None:
    typed("merge", rally, code=2)
    assert "is this logbook itself" in typed.err


def test_a_file_in_the_way_of_a_folder_is_a_write_error(rally: Path, typed: Typed) -> None:
    (rally / "cars" / "anna" / "notes").write_text("in the way")
    typed.refuses("note", "x", "--at", "2026-05-03 09:05", code=3)


def test_a_logbook_where_a_file_is_cannot_begin(home: Path, typed: Typed) -> None:
    (home / "file").write_text("in the way")
    typed.refuses("init", home / "file", "--title", "Rally", "--car", "Anna", code=3)


def test_a_folder_that_may_not_be_written_is_a_write_error(rally: Path, typed: Typed) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (rally / ".convoylog").chmod(0o500)
    try:
        typed.refuses("note", "x", code=3)
    finally:
        (rally / ".convoylog").chmod(0o700)


def test_hostile_text_is_shown_made_visible(rally: Path, typed: Typed) -> None:
    hostile = "evil \x1b[31m red \u202e rtl \x07 end"
    note = _note(typed, hostile)
    for words in (("log",), ("show", note)):
        told = typed(*words)
        assert "evil" in told
        assert "end" in told
        assert not {"\x1b", "\u202e", "\x07"} & set(told + typed.err)
    # programs get it as it was written
    (row,) = typed.json("log")["entries"]
    assert hostile == row["text"]


def test_what_a_hand_changed_is_told_by_check_with_1(rally: Path, typed: Typed) -> None:
    _note(typed, "Rain")
    (path,) = (rally / "cars" / "anna" / "notes").glob("*.toml")
    path.write_text(path.read_text("utf-8").replace("Rain", "Hail"), encoding="utf-8")
    typed("check", code=1)
    assert "changed by hand" in typed.out + typed.err


def test_a_note_of_now_is_told_in_the_zone_of_the_logbook(home: Path, typed: Typed) -> None:
    typed("init", "ride", "--title", "Ride", "--car", "Pepper", "--zone", "Asia/Kathmandu")
    told = typed("--logbook", "ride", "note", "tea")
    # the known-wrong variant takes the laptop's, which is UTC
    assert "Asia/Kathmandu" in told
    (file,) = (home / "ride" / "cars").glob("*/notes/*")
    assert "+05:45" in file.read_text()
