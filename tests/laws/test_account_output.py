"""What commands print of the account depends on nothing but the logbook."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from convoylog.model.tracks import Track
from tests.journeys.typed import Typed, use_laptop
from tests.laws.drives import random_drive

COMMANDS = (("stats",), ("leg", "list"), ("log",), ("stats", "--by", "day"))
PLACES = (
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "77"},
    {"TZ": "America/St_Johns", "LC_ALL": "POSIX", "PYTHONHASHSEED": "4242"},
)


def write_gpx(path: Path, *tracks: Track, turned: bool = False) -> Path:
    rows = []
    for track in tracks:
        points = [
            f'<trkpt lat="{y:.7f}" lon="{x:.7f}">'
            + (f"<ele>{z:.2f}</ele>" if z == z else "")
            + f"<time>{datetime.fromtimestamp(t, UTC):%Y-%m-%dT%H:%M:%S.%fZ}</time></trkpt>"
            for t, y, x, z in zip(
                track.time.tolist(), track.lat.tolist(), track.lon.tolist(), track.ele.tolist(),
                strict=True,
            )
        ]  # fmt: skip
        rows.append(f"<trk><trkseg>{''.join(points[::-1] if turned else points)}</trkseg></trk>")
    path.write_text(f'<gpx version="1.1" creator="test">{"".join(rows)}</gpx>')
    return path


@pytest.fixture
def book(home: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch) -> Path:
    track = random_drive(11, step=5.0)
    typed("init", "rally", "--title", "Rally", "--car", "Anna", "--zone", "America/Denver")
    monkeypatch.setenv("CONVOYLOG", str(home / "rally"))
    typed("add", write_gpx(home / "a.gpx", track))
    typed("note", "On the road", "--at", "2026-05-02T12:10:00Z")
    return home / "rally"


def printed(root: Path, place: dict[str, str], *words: str) -> bytes:
    run = [sys.executable, "-m", "convoylog", "--logbook", str(root), *words, "--json"]
    return subprocess.run(run, env={**os.environ, **place}, check=True, capture_output=True).stdout


@pytest.mark.parametrize("words", COMMANDS)
def test_zone_language_and_hash_seed_of_the_machine_change_no_byte(
    book: Path, words: tuple[str, ...]
) -> None:
    first, *others = (printed(book, place, *words) for place in PLACES)
    assert len(first) > 100
    assert others == [first] * len(others)


def test_files_split_renamed_turned_round_and_added_twice_change_no_byte(
    book: Path, home: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    from convoylog.model.tracks import take

    expected = {
        words: typed(*words, "--json") for words in (*COMMANDS[:2], ("stats", "--by", "leg"))
    }
    track = random_drive(11, step=5.0)
    half = track.time < track.time[len(track) // 3]
    late = write_gpx(home / "0late.gpx", take(track, ~half), turned=True)
    early = write_gpx(home / "z early.gpx", take(track, half))
    whole = write_gpx(home / "whole.gpx", take(track, half), take(track, ~half), turned=True)
    typed("add", late, early)
    typed("add", early)
    typed("add", whole)
    assert {words: typed(*words, "--json") for words in expected} == expected
    use_laptop(home, monkeypatch, "another")  # nothing remembered
    assert {words: typed(*words, "--json") for words in expected} == expected
