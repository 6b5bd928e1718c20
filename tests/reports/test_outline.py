"""What a report says that is neither story nor table."""

from __future__ import annotations

from datetime import timedelta

from convoylog.reports.outline import make_report
from tests.reports.trips import BEGIN, DENVER, car, track, trip


def unknown(count: int) -> list[str]:
    """What is said of cars whose recorders were off for an hour on the road."""
    cars = [car(n, f"Car {n}") for n in range(count)]
    ways = {}
    for one in cars:
        later = BEGIN + timedelta(hours=3)
        ways[one.id] = [
            track((41.0, -102.0), (40.5, -103.0), BEGIN, 2),
            track((40.2, -104.0), DENVER, later, 2),
        ]
    return [
        line for line in make_report(trip(cars, ways), pictures={}).notices if "nothing" in line
    ]


def test_of_a_few_cars_a_sentence_each_says_what_is_not_known() -> None:
    found = unknown(3)
    assert 3 == len(found)
    assert found[0].startswith("Car 0: for 1\u00a0h\u00a0")
    assert found[0].endswith("in it as the crow flies.")


def test_of_many_cars_one_sentence_says_it_with_every_figure() -> None:
    (one, *_), (all_of_them,) = unknown(3), unknown(5)
    lasting, way = one.split("for ")[1].split(" nothing")[0], one.split(", ")[1][:-1]
    assert all_of_them.startswith(
        f"For some time nothing is known of Car 0 ({lasting}, {way}), Car 1 ("
    )
    assert 5 == all_of_them.count(f"({lasting}, {way})")
