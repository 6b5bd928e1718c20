"""Recordings of receivers that began to count their weeks from 0 again."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from convoylog.model.logbook import Entry, RecordedTrack
from convoylog.model.tracks import Recording
from convoylog.trips.rollover import TURN_S, rolled_over
from tests.trips.drives import NOON, drive


def recorded(start: float, name: str) -> RecordedTrack:
    t = np.arange(0.0, 100.0)
    track = drive(t * 20.0, t, start=start)
    return RecordedTrack("c1", name, name, Recording("GPX 1.1", "x", (track,)))


@pytest.mark.parametrize(("turns", "days"), [(1, 7168), (2, 14_336)])
def test_1024_weeks_before_the_others_it_is_told_and_nothing_is_changed(
    turns: int, days: int
) -> None:
    right, wrong = recorded(NOON, "phone.gpx"), recorded(NOON + 3600 - turns * TURN_S, "old.nmea")
    (problem,) = rolled_over([right, recorded(NOON + 86_400.0, "b.gpx"), wrong], [])
    assert ("old.nmea", "rolled-over") == (problem.file, problem.kind)
    assert f"{days} days before the others" in problem.message


def test_a_note_is_evidence_too() -> None:
    note = Entry("n1", "note", "c1", datetime.fromtimestamp(NOON, UTC))
    assert [p.file for p in rolled_over([recorded(NOON - TURN_S, "old.nmea")], [note])] == [
        "old.nmea"
    ]


def test_of_two_the_earlier_is_the_one_that_turned() -> None:
    tracks = [recorded(NOON, "a.gpx"), recorded(NOON - TURN_S, "b.gpx")]
    assert [p.file for p in rolled_over(tracks, [])] == ["b.gpx"]


@pytest.mark.parametrize("days", [0, 29, 400, 7000])
def test_other_distances_are_trips_of_their_own(days: int) -> None:
    tracks = [recorded(NOON, "a.gpx"), recorded(NOON - days * 86_400.0, "b.gpx")]
    assert rolled_over(tracks, []) == []


def test_alone_it_cannot_be_known() -> None:
    assert rolled_over([recorded(NOON - TURN_S, "a.gpx")], []) == []
    assert rolled_over([], []) == []
