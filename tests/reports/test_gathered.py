"""Photos that belong together are one thing of the story."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from convoylog.model.logbook import Entry
from convoylog.model.trip import Placed, Told
from convoylog.reports.formats import FORMATS
from convoylog.reports.gathered import MOST, gathered
from convoylog.reports.outline import Report, make_report
from convoylog.reports.words import words_for
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


def test_the_page_shows_it_in_rows_and_the_map_at_one_place() -> None:
    text = FORMATS["html"](barbecue()).files["report.html"].decode()
    assert 1 == text.count('<div class="photos of5">')
    assert 9 == text.count('<a class="photo w15 c')
    assert ".w15{--w:1.5}" in text
    assert re.search(r'\["e2",0,\d+,-?\d+,[\d.]+,[\d.]+,1,""\]', text)


def test_a_post_names_all_of_them_once() -> None:
    files = FORMATS["markdown"](barbecue()).files
    (text,) = (content.decode() for path, content in files.items() if path.endswith("README.md"))
    assert 1 == text.count("**16:00–16:22 · Heron, Juniper and Mabel")


def filled(car: str, at: float, metres: float = 0.0, kind: str = "fuel", **more: object) -> Told:
    row = replace(said(car, at, metres), id=f"{car}{at}", kind=kind, text="")
    return replace(row, **more)  # type: ignore[arg-type]


def test_several_cars_at_one_pump_are_one_thing() -> None:
    assert [3] == sizes(filled("a", 0), filled("b", 300, 40), filled("c", 900, 120))


@pytest.mark.parametrize(
    "other",
    [
        filled("b", 60, 900),
        filled("b", 1300),
        filled("a", 60),
        filled("b", 60, kind="expense"),
        filled("b", 60, text="Cheap!"),
        filled("b", 60, tags=("star",)),
        filled("b", 60, reply_to="x"),
    ],
)
def test_elsewhere_later_again_or_with_words_is_another(other: Told) -> None:
    assert [1, 1] == sizes(filled("a", 0), other)


def test_a_fill_that_somebody_answers_stands_alone() -> None:
    rows = filled("a", 0), filled("b", 60), filled("c", 90)
    assert [2, 1] == sizes(*rows, answered=(rows[1].id,))


def test_photos_at_the_pump_and_fills_do_not_part_each_other() -> None:
    rows = shot("a", 0), filled("a", 5), shot("b", 30), filled("b", 60), shot("a", 90)
    assert [[row.kind for row in group] for group in gathered(rows, ())] == [
        ["photo"] * 3,
        ["fuel"] * 2,
    ]


def pumps(hide_times: bool = False, language: str = "en") -> Report:
    cars = [car(n, name) for n, name in enumerate(list(STARTS)[:3])]
    recordings = {c.id: [track(STARTS[c.name], DENVER, BEGIN, 9)] for c in cars}
    facts = (
        {"amount": "32.5 l", "cost": "58.40 EUR", "odometer": "12345 km"},
        {"amount": "41 l"},
        {"cost": "70 USD", "partial": True},
    )
    fills = [
        note(n, whose, BEGIN + timedelta(hours=12, minutes=4 * n), "", position=DENVER, **more)
        for n, (whose, more) in enumerate(zip(cars, facts, strict=True))
    ]
    fills = [replace(entry, kind="fuel") for entry in fills]
    seen = trip(cars, recordings, fills)
    return make_report(seen, pictures={}, hide_times=hide_times, words=words_for(language))


def test_amounts_have_their_digits_and_the_readers_decimal_sign() -> None:
    (item,) = (item for chapter in pumps(language="de").chapters for item in chapter.items)
    told = {one.name: facts[1:] for one, facts in item.each}
    assert ("32,5 l", "58,40 EUR", "Kilometerstand 12345 km") == told["Heron"]
    assert "70 USD" == told["Mabel"][0]


def test_no_figure_of_a_fill_is_lost() -> None:
    report = pumps()
    (item,) = (item for chapter in report.chapters for item in chapter.items)
    clocks = [f"19:{minutes:02d}" for minutes in (0, 4, 8)]
    assert ("Fuel",) == item.facts
    assert [
        ("Heron", (clocks[0], "32.5 l", "58.40 EUR", "odometer 12345 km")),
        ("Juniper", (clocks[1], "41 l")),
        ("Mabel", (clocks[2], "70 USD", "not filled up")),
    ] == [(one.name, facts) for one, facts in item.each]
    assert 3 == len(item.evidence)
    text = FORMATS["html"](report).files["report.html"].decode()
    assert '<b>Fuel, 3 cars</b> <time datetime="2026-06-11T19:00:00-06:00">19:00–19:08' in text
    assert "<b>Mabel</b> 19:08, 70 USD, not filled up" in text


def test_hidden_times_are_hidden_there_too() -> None:
    (item,) = (item for chapter in pumps(hide_times=True).chapters for item in chapter.items)
    assert ("41 l",) == item.each[1][1]


@pytest.mark.parametrize("target", ["markdown", "wordpress", "thread"])
def test_posts_tell_every_fill(target: str) -> None:
    files = FORMATS[target](pumps()).files
    line = "Fuel; Heron: 19:00, 32.5 l, 58.40 EUR, odometer 12345 km; Juniper: 19:04, 41 l; Mabel"
    assert any(line in content.decode("utf-8", "replace") for content in files.values())
