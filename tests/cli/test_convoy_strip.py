"""The strip: a row a car, told without colour; unknown is not alone, nights shrink."""

from __future__ import annotations

from convoylog.cli.convoy_strip import NIGHT, draw
from convoylog.model.convoy import Convoy, Group
from convoylog.model.logbook import Car
from convoylog.model.tracks import make_track
from convoylog.model.trip import CarTrip, Stop

H = 3600.0


def car(name: str, begin: float, end: float, *stops: tuple[float, float]) -> CarTrip:
    stood = tuple(Stop(a * H, b * H, 0.0, 0.0) for a, b in stops)
    return CarTrip(
        Car(name, name, name), make_track([], [], []), from_at=begin * H, to_at=end * H, stops=stood
    )


def group(begin: float, end: float, *cars: str) -> Group:
    return Group(begin * H, end * H, cars, cars)


def told(at: float) -> tuple[str, str]:
    return f"day {int(at // (24 * H))}", f"{int(at % (24 * H) // H):02}"


def rows(cars: list[CarTrip], *groups: Group, wide: int = 10) -> tuple[str, ...]:
    strip = draw(cars, Convoy(groups=groups), wide, told)
    assert strip is not None
    assert all(len(head) <= wide for head in strip.heads)
    return strip.rows


def test_alone_together_and_unknown_are_three_things() -> None:
    cars = [car("A", 0, 10), car("B", 2, 8)]
    found = rows(cars, group(0, 2, "A"), group(2, 6, "A", "B"), group(6, 10, "A"), group(6, 8, "B"))
    assert ("--AAAA----", "  AAAA--  ") == found


def test_standing_is_small() -> None:
    cars = [car("A", 0, 10, (4, 6)), car("B", 0, 10, (4, 8))]
    assert ("AAAAaa----", "AAAAaa..--") == rows(
        cars, group(0, 6, "A", "B"), group(6, 10, "A"), group(6, 10, "B")
    )


def test_two_companies_have_two_letters_and_a_company_keeps_its_own() -> None:
    cars = [car(name, 0, 10) for name in "ABCD"]
    found = rows(
        cars,
        group(0, 5, "A", "B"),
        group(0, 5, "C", "D"),
        group(5, 10, "A", "B", "C"),
        group(5, 10, "D"),
    )
    assert ("AAAAAAAAAA", "AAAAAAAAAA", "BBBBBAAAAA", "BBBBB-----") == found


def test_a_night_is_one_column() -> None:
    cars = [car("A", 0, 40, (10, 30)), car("B", 0, 40, (10, 30))]
    found = rows(cars, group(0, 40, "A", "B"), wide=21)
    assert ("A" * 10 + NIGHT + "A" * 10,) * 2 == found


def test_nothing_known_draws_nothing() -> None:
    assert draw([], Convoy(), 60, told) is None


def test_an_hour_is_told_whole_or_not() -> None:
    for begin in range(24):
        cars = [car(name, begin, begin + 9.0) for name in "AB"]
        for wide in range(10, 60):
            strip = draw(cars, Convoy(groups=(group(begin, begin + 9, "A", "B"),)), wide, told)
            assert strip is not None
            assert {2} == {len(hour) for hour in strip.heads[1].split()}, (begin, wide)
