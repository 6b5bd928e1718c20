from __future__ import annotations

import pytest

from convoylog.model.logbook import Car
from convoylog.model.mentions import Mention, caller

CARS = (
    Car("a", "Pepper", "44-pepper", number="44", called=("Annas bus",)),
    Car("b", "The Sofa", "the-sofa", number="4"),
    Car("c", "Zoë", "zoe"),
    Car("d", "Ben", "ben-d", number="7"),
    Car("e", "Ben", "ben-e", number="7"),
    Car("f", "Benny", "benny"),
)


def _found(text: str) -> list[tuple[str, str]]:
    return [(text[m.begin : m.end], m.car) for m in caller(CARS)(text)]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ([("@pepper", "a")], "@pepper you lost a hubcap"),
        ([("@PEPPER", "a")], "wait for @PEPPER!"),
        ([("@44", "a")], "(@44) where are you"),
        ([("@4", "b")], "@4 and 44"),
        ([("@The Sofa", "b")], "behind @The Sofa's trailer"),
        ([("@the-sofa", "b")], "@the-sofa"),
        ([("@the\nsofa", "b")], "@the\nsofa"),
        ([("@annas bus", "a")], "@annas bus is Pepper"),
        ([("@44-pepper", "a")], "@44-pepper"),
        ([("@zoë", "c"), ("@zoe\u0308", "c"), ("@zoe", "c")], "@zoë @zoe\u0308 @zoe"),
        ([("@pepper", "a"), ("@4", "b")], "@pepper,@4"),
        ([("@Benny", "f")], "@Benny, not @Ben"),
        ([], "@ben is two cars, and so is @7"),
    ],
)
def test_cars_are_found_by_name_number_and_folder(
    expected: list[tuple[str, str]], text: str
) -> None:
    assert expected == _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "anna@pepper.org", "https://social.example/@pepper", "@@pepper", "@445", "@pepperoni",
        "@pepper_2", "@ pepper", "@", "pepper", "@nobody", "",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_mention_is_none(text: str) -> None:
    assert [] == _found(text)


def test_a_hostile_text_takes_no_time() -> None:
    assert 1_000 == len(caller(CARS)("@pepper " * 8_000))
    assert () == caller(CARS)("@" * 60_000)
    assert () == caller(())("@pepper")


def test_names_that_are_nothing_find_nothing() -> None:
    assert () == caller([Car("a", " ", "", number="")])("@ @  x")
    assert (Mention(0, 2, "a"),) == caller([Car("a", "🚗", "x")])("@🚗")
