"""What happens at home is in no report: the pages are the same to the byte, whatever it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from convoylog.model.logbook import Logbook, RecordedTrack
from convoylog.model.tracks import make_track
from convoylog.privacy.cut import Home, cut
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from convoylog.trips.account import work_out
from tests.reports.trips import BEGIN, DENVER, STARTS, car, note, track

WHOSE = car(0, "Heron")
HOME = Home(*STARTS["Heron"], 2000.0)


def pages(turn: float, words: str) -> dict[str, bytes]:
    """Page and post of a drive that begins with a turn (degrees) through the home zone."""
    away = track(STARTS["Heron"], DENVER, BEGIN, 9)
    (line,) = away.tracks
    near = np.hypot(line.lat - HOME.lat, (line.lon - HOME.lon) * 0.75) < 0.017
    lat = np.where(near, line.lat + turn, line.lat)
    moved = make_track(line.time, lat, line.lon, np.where(near, 200 + 1e4 * turn, line.ele))
    book = Logbook(
        "x", "Five Cars to Denver", "", (WHOSE,),
        (
            note(1, WHOSE, BEGIN + timedelta(seconds=30), words, share="private"),
            note(2, WHOSE, BEGIN + timedelta(hours=3), "On the road.", share="public"),
        ),
        (RecordedTrack(WHOSE.id, "cars/x/tracks/1.gpx", "1" * 64, replace(away, tracks=(moved,))),),
        (),
    )  # fmt: skip
    shown = cut(book, "public", mine=[WHOSE.id], homes=[HOME])
    report = make_report(work_out(shown.logbook), pictures={}, left_out=shown.left_out)
    return {
        f"{form}/{name}": content
        for form in ("html", "markdown")
        for name, content in FORMATS[form](report).files.items()
    }


def test_no_byte_of_page_post_or_track_depends_on_what_happened_at_home() -> None:
    one, other = pages(0.0, "we leave"), pages(0.004, "the key is below the stone")
    assert sorted(one) == sorted(other)
    assert [] == [name for name in one if one[name] != other[name]]


def test_on_the_road_every_turn_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.reports.test_left_out.HOME", replace(HOME, radius_m=1.0))
    assert pages(0.0, "we leave") != pages(0.004, "we leave")
