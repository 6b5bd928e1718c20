"""The examples are read as their README says."""

from __future__ import annotations

from pathlib import Path

from convoylog.files.check import check
from convoylog.files.load import load
from convoylog.files.source import Folder
from convoylog.trips.account import work_out

BY_HAND = Path(__file__).parents[1] / "examples" / "by-hand"


def test_a_logbook_of_a_text_editor_is_read_whole() -> None:
    book = load(BY_HAND)
    assert book.title == "A morning on US-50"
    assert [car.name for car in book.cars] == ["Pepper"]
    assert len(book.entries) == 2
    assert book.problems == ()


def test_a_time_without_offset_is_read_where_the_car_was() -> None:
    trip = work_out(load(BY_HAND))
    lunch = next(told for told in trip.story if told.text.startswith("Pie"))
    assert (lunch.placed.zone, lunch.placed.offset_s) == ("America/Chicago", -5 * 3600)
    assert lunch.place == "Garden City"
    border = next(told for told in trip.story if told.text.startswith("The clock"))
    assert border.placed.zone == "America/Denver"


def test_it_is_no_problem_that_nobody_sealed_it() -> None:
    checked = check(Folder(BY_HAND))
    assert checked.problems == []
    assert {problem.kind for problem in checked.notices} >= {"hand-written", "no-offset"}
