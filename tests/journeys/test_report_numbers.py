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
        # what stands beside several rows is a cell of each: column → (text, rows left)
        beside: dict[int, tuple[str, int]] = {}
        for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL):
            own = iter(re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL))
            cells: list[str] = []
            while True:
                text, left = beside.pop(len(cells), ("", 0))
                if not left:
                    cell = next(own, None)
                    if cell is None:
                        break
                    spans = re.match(r'<[^>]*rowspan="(\d+)"', cell)
                    text, left = _text(cell), int(spans[1]) if spans else 1
                if left > 1:
                    beside[len(cells)] = text, left - 1
                cells.append(text)
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


def test_what_nobody_recorded_is_no_day_s_driving(rally: Path, home: Path, typed: Typed) -> None:
    """A hole of 400 days, and 3,000 km as the crow flies from where one drive ends to where the next begins."""
    for begin, so_far in ((0.0, 0.0), (400 * DAY, 3_090_000.0)):
        way = plan((begin, so_far / max(begin, 1.0)), (3600.0, 25.0))
        track = drive(way, begin + np.arange(0.0, 3605.0, 5.0))
        (home / f"{begin:.0f}.gpx").write_text(gpx(track))
        typed("add", home / f"{begin:.0f}.gpx")
    told = typed.json("stats")
    (car,) = told["cars"]
    unseen = [day["unrecorded_m"].get(car["id"], 0.0) for day in told["trip"]["by_day"]]  # type: ignore[call-overload, index]
    assert [3_000_000.0, 0.0] == pytest.approx(unseen, abs=200.0)
    assert car["unrecorded_m"] == pytest.approx(sum(unseen), abs=1e-6)
    assert car["unrecorded_m"] == pytest.approx(sum(leg["unrecorded_m"] for leg in car["legs"]))  # type: ignore[attr-defined]
    page = Path(typed("report", "--privacy", "full").split("\n", 1)[0])
    signs = re.findall(r'<header class="sign">.*?<p>(.*?)</p>', page.read_text("utf-8"))
    assert ["3,090 km, 3,000 km of it not recorded", "90.0 km"] == [
        _text(s).split(" · ")[-1] for s in signs
    ]
    table = page.read_text("utf-8").partition("Kilometres per day</h2>")[2].partition("</table>")[0]
    cells = re.findall(r'<td class="r">(.*?)</td>', table)
    assert ["3,090<small>3,000\u00a0km not recorded</small>", "90"] == cells
    # the table's numbers are those of the programs all the same, and add up
    days = [number(row[1]) for row in tables(page)["Kilometres per day"]]
    assert sum(days) == pytest.approx(car["distance_m"] / 1000, abs=1.0)  # type: ignore[operator]
    post = Path(typed("report", "--to", "markdown").split("\n", 1)[0]).read_text("utf-8")
    assert "| 3,090\u00a0km, 3,000\u00a0km of it not recorded |" in post
    assert "3,090 km, 3,000 km not" in typed("stats", "--by", "day")
