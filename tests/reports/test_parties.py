"""Many cars in groups: by where they set out, else by whom they drove with."""

from __future__ import annotations

from datetime import timedelta

from convoylog.model.convoy import Convoy, Pair
from convoylog.model.trip import Trip
from convoylog.reports.outline import make_report
from tests.reports.trips import BEGIN, DENVER, STARTS, car, converging, track, trip

#: names of cars enough for a crowd
NAMES = list(STARTS)


def starting(*places: tuple[float, float]) -> Trip:
    """A car from each place to Denver."""
    cars = [car(n, NAMES[n]) for n in range(len(places))]
    recordings = {
        whose.id: [track(place, DENVER, BEGIN + timedelta(minutes=n), 8)]
        for n, (whose, place) in enumerate(zip(cars, places, strict=True))
    }
    return trip(cars, recordings)


def told(seen: Trip, convoy: Convoy | None = None) -> list[tuple[str, int]]:
    report = make_report(seen, pictures={}, convoy=convoy or Convoy())
    return [(party.name, len(party.cars)) for party in report.parties]


def test_six_cars_need_no_groups() -> None:
    assert [] == told(converging(6))


def test_cars_of_one_city_and_its_suburbs_are_one_group() -> None:
    chicago, dallas = (41.88, -87.63), (32.78, -96.80)
    evanston = (42.045, -87.688)
    seen = starting(chicago, dallas, evanston, chicago, dallas, dallas, chicago)
    assert [("From Chicago", 4), ("From Dallas", 3)] == told(seen)


def test_from_one_place_whom_they_drove_with_longest_parts_them() -> None:
    seen = starting(*[STARTS["Heron"]] * 7)
    ids = [one.car.id for one in seen.cars]
    together = [(0, 1, 900), (1, 2, 800), (3, 4, 900), (4, 5, 700), (2, 3, 60)]
    convoy = Convoy(tuple(Pair(ids[a], ids[b], together_s=s) for a, b, s in together))
    assert [("With Heron", 3), ("With Tuesday", 3), ("The others", 1)] == told(seen, convoy)


def test_where_nothing_parts_them_they_are_one_group() -> None:
    assert [("All cars", 7)] == told(starting(*[STARTS["Heron"]] * 7))


def test_everybody_is_in_one_group_and_in_no_second() -> None:
    seen = converging(12)
    report = make_report(seen, pictures={})
    cars = [car for party in report.parties for car in party.cars]
    assert sorted(member.id for member in report.cast) == sorted(cars)
