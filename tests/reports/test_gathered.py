"""Photos that belong together are one thing of the story."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from convoylog.model.logbook import Entry
from convoylog.model.trip import Placed, Told
from convoylog.reports.formats import FORMATS
from convoylog.reports.gathered import MOST, gathered
from convoylog.reports.outline import Report, make_report
from tests.reports.trips import BEGIN, DENVER, STARTS, car, note, photo, picture, track, trip

NORTH_M = 1 / 111_000


def shot(
    car: str, at: float | None, metres: float | None = 0.0, name: str = "", **more: object
) -> Told:
    lat = None if metres is None else 40.0 + metres * NORTH_M
    placed = Placed(at, "gps", lat=lat, lon=None if lat is None else -100.0)
    return Told(name or f"{car}{at}", "photo", car, placed, photos=(f"{car}{at}",), **more)  # type: ignore[arg-type]


def said(car: str, at: float, metres: float = 0.0) -> Told:
    return replace(
        shot(car, at, metres),
        kind="note",
        text="Words.",
        photos=(),
        entry=Entry("x", "note", car, None),
    )


def sizes(*rows: Told, answered: tuple[str, ...] = ()) -> list[int]:
    return [len(group) for group in gathered(rows, answered)]


def test_a_burst_is_one_thing_and_a_later_photo_another() -> None:
    assert [3, 1] == sizes(shot("a", 0), shot("a", 9), shot("a", 30), shot("a", 3000))


def test_photos_of_several_cars_at_one_place_are_one_thing() -> None:
    assert [3] == sizes(shot("a", 0), shot("b", 600, 120), shot("c", 1100, 250))


def test_photos_elsewhere_at_the_same_time_are_not() -> None:
    rows = shot("a", 0), shot("b", 5, 900), shot("a", 10), shot("b", 15, 900)
    assert [["a", "a"], ["b", "b"]] == [[row.car for row in group] for group in gathered(rows, ())]


def test_a_burst_from_a_moving_car_is_one_thing_but_not_a_whole_drive() -> None:
    assert [2] == sizes(shot("a", 0), shot("a", 100, 3000))
    assert [1, 1] == sizes(shot("a", 0), shot("a", 600, 3000))
    assert [1, 1] == sizes(shot("a", 0), shot("a", 100, 5000))


def test_an_hour_ends_and_another_begins() -> None:
    assert [7, 3] == sizes(*(shot("a", 600.0 * n) for n in range(10)))


def test_as_many_as_fit_into_a_column_of_the_book() -> None:
    assert [MOST, 6] == sizes(*(shot("a", float(n)) for n in range(MOST + 6)))


@pytest.mark.parametrize("words", [said("a", 5), said("b", 5, 100)])
def test_words_stand_between_the_photos_before_and_after_them(words: Told) -> None:
    assert [1, 1, 1] == sizes(shot("a", 0), words, shot("a", 10))


def test_words_of_another_car_elsewhere_part_nothing() -> None:
    assert [2, 1] == sizes(shot("a", 0), said("b", 5, 9000), shot("a", 10))


def test_a_photo_somebody_answers_stands_alone() -> None:
    assert [1, 1, 1] == sizes(shot("a", 0), shot("a", 5, name="x"), shot("a", 9), answered=("x",))


def test_photos_of_no_known_time_are_gathered_by_car() -> None:
    rows = (shot(who, None, None, name=f"{who}{n}") for n, who in enumerate("aabba"))
    assert [3, 2] == sizes(*rows)


def barbecue() -> Report:
    cars = [car(n, name) for n, name in enumerate(list(STARTS)[:3])]
    recordings = {c.id: [track(STARTS[c.name], DENVER, BEGIN, 9)] for c in cars}
    photos = []
    for n, whose in enumerate(cars):
        for k in range(3):
            taken = photo(whose, 3 * n + k, f"2026-06-11T16:{10 * n + k:02d}:00")
            there = replace(taken.photograph, lat=DENVER[0], lon=DENVER[1])
            photos.append(replace(taken, photograph=there))
    told = [note(1, cars[0], BEGIN, "Off.")]
    return make_report(
        trip(cars, recordings, told, photos),
        pictures={f"{n:064d}": replace(picture(n), sha256=f"{n:064d}") for n in range(9)},
    )


def test_an_evening_is_told_once_with_all_who_took_photos() -> None:
    (item,) = (item for chapter in barbecue().chapters for item in chapter.items if item.photos)
    assert ["Heron", "Juniper", "Mabel"] == [one.name for one in item.company]
    assert "Heron, Juniper and Mabel" == item.who
    assert "16:00–16:22" == item.clock
    assert 9 == len(item.photos) == len(item.evidence)
    assert "16:12 Juniper: " in item.evidence[5]


def test_the_page_shows_it_in_rows_and_the_map_counts_every_photo() -> None:
    text = FORMATS["html"](barbecue()).files["report.html"].decode()
    assert 1 == text.count('<div class="photos of5">')
    assert 9 == text.count('<figure class="photo w15 c')
    assert ".w15{--w:1.5}" in text
    assert re.search(r'\["e2",0,\d+,-?\d+,[\d.]+,[\d.]+,1,9,""\]', text)


def test_a_post_names_all_of_them_once() -> None:
    files = FORMATS["markdown"](barbecue()).files
    (text,) = (content.decode() for path, content in files.items() if path.endswith("README.md"))
    assert 1 == text.count("**16:00–16:22 · Heron, Juniper and Mabel")
