"""The report's tables hold the numbers that programs get: `stats --json`, `places --json`."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from tests.journeys.test_convoy import gpx
from tests.journeys.typed import Typed
from tests.trips.convoy.cars import drive
from tests.trips.drives import plan

DAY = 86_400.0


@pytest.fixture
def rows(rally: Path, home: Path, typed: Typed) -> dict[str, list[list[str]]]:
    """Two cars of two days: heading of each table of their page → its rows as texts."""
    way = plan((3000.0, 30.0), (1800.0, 0.0), (4000.0, 25.0))
    typed("car", "add", "Ben")
    for name, late in (("Anna", 0.0), ("Ben", 400.0)):
        for day in (0.0, DAY):
            path = home / f"{name}-{day:.0f}.gpx"
            path.write_text(gpx(drive(way, np.arange(day + late, day + 8800.0, 5.0))))
            typed("add", path, "--car", name)
    return tables(Path(typed("report", "--privacy", "full").split("\n", 1)[0]))


def tables(page: Path) -> dict[str, list[list[str]]]:
    """Heading of each table of a page → its rows as texts."""
    found = {}
    for heading, table in re.findall(
        r"<h2>([^<]+)</h2>\s*<div.*?<tbody>(.*?)</tbody>", page.read_text("utf-8"), re.DOTALL
    ):
        found[heading] = []
        beside, left = "", 0
        for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL):
            cells = [_text(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
            # a heading beside several rows is the first cell of each
            spans = re.search(r'rowspan="(\d+)"', row)
            if left:
                cells.insert(0, beside)
            beside, left = (cells[0], int(spans[1]) - 1) if spans else (beside, max(left - 1, 0))
            found[heading].append(cells)
    return found


def _text(cell: str) -> str:
    """The words of a cell, without those in small."""
    bare = re.sub(r"<[^>]+>", "", re.sub(r"<small>.*?</small>", "", cell, flags=re.DOTALL))
    return " ".join(unescape(bare).replace("\N{NARROW NO-BREAK SPACE}", " ").split())


def minutes(text: str) -> float:
    """`2 h 05`, `51 min`."""
    hours, rest = re.fullmatch(r"(?:(\d+) h )?(\d+)(?: min)?", text).groups()  # type: ignore[union-attr]
    return int(hours or 0) * 60 + int(rest)


def number(text: str) -> float:
    """Kilometres of `1,234 km` and `350 m`; a dash is what nobody drove."""
    if text == "–":
        return 0.0
    bare, _, unit = text.replace(",", "").partition(" ")
    return float(bare) / (1000 if unit == "m" else 1)


def test_car_by_car_the_numbers_are_those_of_stats(
    rows: dict[str, list[list[str]]], typed: Typed
) -> None:
    cars = {str(one["car"]): one for one in typed.json("stats")["cars"]}
    table = rows["Car by car"]
    assert len(cars) == len(table) == 2
    for row in table:
        car = next(one for name, one in cars.items() if row[0].endswith(name))
        known = car["distance_m"] - car["unrecorded_m"]  # type: ignore[operator]
        assert car["distance_m"] / 1000 == pytest.approx(number(row[1]), abs=0.5)  # type: ignore[operator]
        spent = [car[key] / 60 for key in ("moving_s", "halted_s", "unknown_s")]  # type: ignore[operator]
        assert spent == pytest.approx([minutes(cell) for cell in row[2:5]], abs=0.51)
        assert known / car["moving_s"] * 3.6 == pytest.approx(number(row[5]), abs=0.5)
        assert car["max_speed_mps"] * 3.6 == pytest.approx(number(row[6]), abs=0.5)  # type: ignore[operator]


def test_days_and_legs_add_up_to_the_cars_totals(
    rows: dict[str, list[list[str]]], typed: Typed
) -> None:
    told = typed.json("stats")
    for n, car in enumerate(told["cars"]):
        days = [number(row[1 + n]) for row in rows["Kilometres per day"]]
        by_day = [day["distance_m"].get(car["id"], 0.0) / 1000 for day in told["trip"]["by_day"]]  # type: ignore[call-overload, index]
        assert by_day == pytest.approx(days, abs=0.5)
        legs = [number(row[4]) for row in rows["Legs"] if row[0].endswith(str(car["car"]))]
        # a leg's distance is told to a hundred metres below 100 km, to a kilometre above
        assert sum(legs) == pytest.approx(car["distance_m"] / 1000, abs=0.5 * len(legs))  # type: ignore[operator]
        assert sum(days) == pytest.approx(car["distance_m"] / 1000, abs=0.5 * len(days))  # type: ignore[operator]


def test_time_in_convoy_is_that_of_convoy(rows: dict[str, list[list[str]]], typed: Typed) -> None:
    (known,) = typed.json("convoy")["pairs"]
    (pair,) = rows["Who drove with whom"]
    assert sum(known["lead_s"].values()) / 60 == pytest.approx(minutes(pair[1]), abs=0.51)  # type: ignore[attr-defined]
    assert known["share"] == pytest.approx(float(pair[2].rstrip("% ")) / 100, abs=0.0051)
    assert len(known["overtakes"]) == int(pair[3])  # type: ignore[arg-type]
