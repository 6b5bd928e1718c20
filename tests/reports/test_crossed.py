"""Borders passed, told where and when."""

from __future__ import annotations

import itertools
import re

from convoylog.reports.crossed import days_of
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from tests.reports.trips import converging

SEEN = converging(2)


def test_every_border_is_told_in_order_with_the_time_there() -> None:
    rows = make_report(SEEN, pictures={}).crossings
    of_heron = [row for row in rows if row.car == SEEN.cars[0].car.id]
    assert ("Illinois", "Iowa") == (of_heron[0].left, of_heron[0].entered)
    assert "Colorado" == of_heron[-1].entered
    # each border leads out of where the last one led into
    assert all(a.entered == b.left for a, b in itertools.pairwise(of_heron))
    assert all(re.fullmatch(r"\d\d:\d\d", row.clock) for row in rows)
    assert sorted(row.day for row in rows) == [row.day for row in rows]


def test_hidden_times_leave_the_day_of_a_border() -> None:
    rows = make_report(SEEN, pictures={}, hide_times=True).crossings
    assert {""} == {row.clock for row in rows}
    assert all(row.day for row in rows)


def test_its_table_has_the_cars_in_the_order_of_the_cast() -> None:
    rows = make_report(SEEN, pictures={}).crossings
    for cars in ([c.car.id for c in SEEN.cars], [c.car.id for c in reversed(SEEN.cars)]):
        assert cars == list(
            dict.fromkeys(day[0].car for days in days_of(rows, cars) for day in days)
        )


def test_a_car_that_passed_no_border_has_no_row() -> None:
    rows = [
        row for row in make_report(SEEN, pictures={}).crossings if row.car == SEEN.cars[1].car.id
    ]
    assert 1 == len(days_of(rows, [car.car.id for car in SEEN.cars]))


def test_the_page_shows_them_on_demand() -> None:
    text = FORMATS["html"](make_report(SEEN, pictures={})).files["report.html"].decode()
    assert "Every state line" in text
