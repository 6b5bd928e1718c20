"""Several logbooks on one page, as typed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.files.readers.test_gpx_scan import document, point
from tests.journeys.typed import Typed, use_laptop


@pytest.fixture
def club(home: Path, typed: Typed) -> Path:
    """Two logbooks in a folder: Anna's of one hour, Ben's of the same hour on the same road."""
    folder = home / "club"
    folder.mkdir()
    (home / "a.gpx").write_bytes(document("".join(map(point, range(0, 3000, 5)))))
    (home / "b.gpx").write_bytes(document("".join(map(point, range(2, 3000, 5)))))
    for name, title, file in (("anna", "Spring", "a.gpx"), ("ben", "Summer", "b.gpx")):
        typed("init", folder / name, "--title", title, "--car", name.capitalize())
        typed("--logbook", folder / name, "add", home / file)
    return folder


def test_a_folder_of_logbooks_becomes_one_page(home: Path, club: Path, typed: Typed) -> None:
    typed("report", "--hub", club, "-o", home / "site", "--title", "Old Cars Club")
    page = home / "site/index.html"
    assert str(page) == typed.out.strip()
    text = page.read_text()
    for word in ("Old Cars Club", "Spring", "Summer", "Anna", "Ben"):
        assert word in text
    # nobody merged these logs, and the two drove together
    assert "On the same road, in different logbooks" in text
    before = page.read_bytes()
    typed("report", "--hub", club / "anna", club / "ben", club, "-o", home / "site", "--title",
          "Old Cars Club")  # fmt: skip
    assert before == page.read_bytes()


def test_the_page_speaks_the_language_asked_for(home: Path, club: Path, typed: Typed) -> None:
    typed("report", "--hub", club, "-o", home / "site", "--locale", "de")
    text = (home / "site/index.html").read_text()
    assert '<html lang="de">' in text
    assert "Auf derselben Straße, in verschiedenen Logbüchern" in text


def test_without_a_folder_the_logbook_one_stands_in_or_those_below_are_meant(
    home: Path, club: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(club)
    typed("report", "--hub")
    assert 2 == (club / "reports/hub/index.html").read_text().count('<li class="trip"')
    monkeypatch.chdir(club / "anna/cars")
    typed("report", "--hub")
    assert 1 == (club / "anna/reports/hub/index.html").read_text().count('<li class="trip"')
    typed("--logbook", club / "ben", "report", "--hub", club / "anna", "-o", home / "site")
    assert 2 == (home / "site/index.html").read_text().count('<li class="trip"')


def test_a_trip_s_own_report_is_linked_where_it_lies(home: Path, club: Path, typed: Typed) -> None:
    typed("--logbook", club / "anna", "report", "-o", home / "site/anna")
    typed("report", "--hub", club, "-o", home / "site")
    text = (home / "site/index.html").read_text()
    assert 'href="anna/report.html"' in text
    assert "ben/report.html" not in text


def test_a_broken_logbook_is_one_line_and_the_rest_is_told(
    home: Path, club: Path, typed: Typed
) -> None:
    (club / "carl").mkdir()
    (club / "carl/logbook.toml").write_text("title = [")
    typed("report", "--hub", club, "-o", home / "site", code=1)
    assert 1 == sum("carl" in line for line in typed.err.splitlines() if "hint" not in line)
    text = (home / "site/index.html").read_text()
    assert "Spring" in text
    assert "One logbook could not be read" in text
    for name in ("anna", "ben"):
        (club / name / "logbook.toml").rename(club / name / "gone")
    assert "no logbook could be read" in typed.refuses(
        "report", "--hub", club, "-o", home / "other", code=3
    )
    assert not (home / "other").exists()


def test_a_copy_and_a_log_that_was_merged_count_once(home: Path, club: Path, typed: Typed) -> None:
    shutil.copytree(club / "anna", club / "copy")
    typed("--logbook", club / "anna", "merge", club / "ben")
    typed("report", "--hub", club, "-o", home / "site")
    assert 2 == typed.err.count("counted once")
    assert 1 == (home / "site/index.html").read_text().count('<li class="trip"')


def test_one_car_of_two_logbooks_is_one_when_told(home: Path, club: Path, typed: Typed) -> None:
    typed("--logbook", club / "ben", "car", "set", "Ben", "name=Anna")
    typed("report", "--hub", club, "-o", home / "site")
    assert "2 cars of different logbooks are called Anna" in typed.err
    hint = next(line for line in typed.err.splitlines() if "--elsewhere" in line)
    words = hint.partition("`convoylog ")[2].strip("`").replace('"', "").split()
    typed(*words)
    typed("report", "--hub", club, "-o", home / "site")
    assert "are called Anna" not in typed.err
    typed(*words[:2], "car", "apart", "Anna")
    typed("report", "--hub", club, "-o", home / "site")
    assert "are called Anna" in typed.err


def test_private_ends_are_cut_of_every_logbook(
    home: Path, club: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As another laptop sees them: nobody's first and last 500 m."""
    typed("report", "--hub", club, "-o", home / "site", "--privacy", "full")
    whole = (home / "site/index.html").read_text()
    assert "first and last" not in whole
    use_laptop(home, monkeypatch, "carls")
    typed("report", "--hub", club, "-o", home / "site")
    assert 2 == (home / "site/index.html").read_text().count("first and last 500\xa0m")


def test_what_is_typed_wrongly_is_told(home: Path, club: Path, typed: Typed) -> None:
    (home / "empty").mkdir()
    assert "no logbook in" in typed.refuses("report", "--hub", home / "empty", code=2)
    assert "does not exist" in typed.refuses("report", "--hub", home / "nowhere", code=2)
    assert "whole trips" in typed.refuses("report", "--hub", club, "--day", "1", code=2)
    assert "without photos" in typed.refuses("report", "--hub", club, "--photos", "none", code=2)
    assert "are for --hub" in typed.refuses("report", club, code=2)
    assert "the id of one of another" in typed.refuses(
        "--logbook", club / "ben", "car", "same", "Ben", "--elsewhere", "x", code=2
    )
