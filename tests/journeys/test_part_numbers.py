"""Every report of a day, a leg or a car holds the numbers that `stats --json` tells of that part."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from convoylog.cli import app
from tests.journeys.test_convoy import gpx
from tests.journeys.test_report_numbers import minutes, number, tables
from tests.journeys.typed import Typed, use_laptop
from tests.trips.drives import drive, plan

#: 1 June 2024, 23:30 in Kansas, where the roads of `drives` are
LATE = 1_717_302_600.0


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, made once."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        use_laptop(folder, patch, "ours")
        assert 0 == app.run(["demo", str(folder / "trip")])
    return folder


@pytest.fixture
def demo(made: Path, monkeypatch: pytest.MonkeyPatch, typed: Typed) -> Typed:
    use_laptop(made, monkeypatch, "ours")
    monkeypatch.setenv("CONVOYLOG", str(made / "trip" / "logbook"))
    return typed


@pytest.mark.parametrize("kind", ["day", "leg", "car"])
def test_every_part_of_the_demo_tells_what_stats_does(demo: Typed, kind: str, home: Path) -> None:
    cars = demo.json("stats")["cars"]
    legs = {str(leg["title"]) for car in cars for leg in car["legs"]}  # type: ignore[attr-defined]
    parts = {
        "day": ["1", "2", "3", "4"],
        "car": [str(car["car"]) for car in cars],
        "leg": sorted(legs),
    }
    logged = 0
    for part in parts[kind]:
        logged += _the_same(demo, home, f"--{kind}", part)
    # the demo's cars fill up and pay, so that something was compared
    assert logged > 2


def test_a_leg_over_midnight_has_the_metres_of_each_day(
    rally: Path, home: Path, typed: Typed
) -> None:
    (home / "a.gpx").write_text(gpx(drive(plan((7200.0, 25.0)), np.arange(0.0, 7200.0, 5.0), start=LATE)))  # fmt: skip
    typed("add", home / "a.gpx")
    for at, amount in (("23:00", "30 l"), ("23:40", "10 l"), ("00:30", "20 l"), ("02:30", "5 l")):
        day = "2024-06-02" if at < "12" else "2024-06-01"
        shown = {"23:40": ("--odometer", "1000 km"), "00:30": ("--odometer", "1075 km")}.get(at, ())
        typed("fuel", amount, "--cost", "10 USD", "--at", f"{day}T{at}-05:00", *shown)
    (car,) = typed.json("stats")["cars"]
    (leg,) = car["legs"]  # type: ignore[misc]
    told = typed.json("stats", "--leg", leg["title"])  # type: ignore[has-type]
    first, second = (day["distance_m"][car["id"]] for day in told["trip"]["by_day"])  # type: ignore[call-overload]
    assert (1800.0 * 25.0, 5395.0 * 25.0) == pytest.approx((first, second), abs=130.0)
    assert leg["distance_m"] == pytest.approx(first + second, abs=1e-6)  # type: ignore[has-type]
    spent = [day["spent"][car["id"]]["elapsed_s"] for day in told["trip"]["by_day"]]  # type: ignore[call-overload]
    assert [1800.0, 5395.0] == spent
    # a leg and a day together are what of the leg falls on the day
    halves = [typed.json("stats", "--leg", str(leg["title"]), "--day", n)["cars"][0] for n in "12"]  # type: ignore[has-type]
    assert [first, second] == [half["distance_m"] for half in halves]
    assert [first, second] == [half["legs"][0]["distance_m"] for half in halves]  # type: ignore[index]
    assert [(leg["from"], 1), (halves[0]["to"], 1)] == [  # type: ignore[has-type]
        (half["from"], half["fuel"]["fills"])  # type: ignore[index]
        for half in halves
    ]
    # what was filled before and after it is not the leg's; what odometer and pump say between is
    assert 2 == told["cars"][0]["fuel"]["fills"]  # type: ignore[index]
    assert 20.0 / 0.75 == pytest.approx(told["cars"][0]["fuel"]["per_100km"]["l"])  # type: ignore[index]
    assert [2, 2] == [_the_same(typed, home, "--day", day, fills=True) for day in ("1", "2")]
    assert 2 == _the_same(typed, home, "--leg", str(leg["title"]), fills=True)  # type: ignore[has-type]


def test_where_a_leg_ends_and_the_next_begins_a_bill_is_of_one(
    rally: Path, home: Path, typed: Typed
) -> None:
    (home / "a.gpx").write_text(gpx(drive(plan((7200.0, 25.0)), np.arange(0.0, 7200.0, 5.0), start=LATE)))  # fmt: skip
    typed("add", home / "a.gpx")
    typed("leg", "add", "Out", "--from", "2024-06-01T23:30-05:00", "--to", "2024-06-02T00:10-05:00")
    typed("leg", "add", "On", "--from", "2024-06-02T00:10-05:00", "--to", "2024-06-02T01:20-05:00")
    note = typed("note", "Who pays?", "--at", "2024-06-01T23:45-05:00")
    asked = typed.json("log")["entries"][0]["id"]
    assert note
    typed("expense", "7 USD", "Ice", "--at", "2024-06-02T00:10-05:00", "--reply-to", str(asked))
    bills = {
        part: typed.json("stats", "--leg", part)["cars"][0]["expenses"]["total"]  # type: ignore[index]
        for part in ("Out", "On")
    }
    assert {"Out": {}, "On": {"USD": "7"}} == bills
    for part in bills:
        _the_same(typed, home, "--leg", part)


def _the_same(typed: Typed, home: Path, option: str, part: str, *, fills: bool = False) -> int:
    """Compare one part's page with its numbers; how many rows of logs, or of fills, it has."""
    out = home / "part"
    page = typed("report", "--privacy", "full", "--photos", "none", "-o", out, option, part)
    rows = tables(Path(page.split("\n", 1)[0]))
    told: dict[str, Any] = typed.json("stats", option, part)
    cars = {car["car"]: car for car in told["cars"]}
    table = {_named(row[0], cars): row for row in rows["Car by car"]}
    assert set(cars) == set(table)
    for name, car in cars.items():
        assert number(table[name][1]) == pytest.approx((car["distance_m"] or 0) / 1000, abs=0.5)
        for cell, key in zip(table[name][2:5], ("moving_s", "halted_s", "unknown_s"), strict=True):
            known = None if cell == "–" else pytest.approx(minutes(cell) * 60, abs=30.5)
            assert known == car[key]
    days = {row[0]: row[1:] for row in rows.get("Kilometres per day", [])}
    order = [_named(row[0], cars) for row in rows["Car by car"]]
    for day in told["trip"]["by_day"]:
        shown = dict(zip(order, days.pop(f"Day {day['number']}", []), strict=False))
        for name, cell in shown.items():
            metres = day["distance_m"].get(cars[name]["id"], 0.0)
            assert number(cell) == pytest.approx(metres / 1000, abs=0.5)
        assert shown or not day["distance_m"]
    assert not days
    legs = [(_named(row[0], cars), row[2], row[4]) for row in rows.get("Legs", [])]
    known = [(name, leg) for name, car in cars.items() for leg in car["legs"]]
    assert [(name, _bare(leg["title"])) for name, leg in known] == [leg[:2] for leg in legs]
    for (_, leg), (_, _, cell) in zip(known, legs, strict=True):
        assert number(cell) == pytest.approx(leg["distance_m"] / 1000, abs=0.5)
    logs = {_named(row[0], cars): row[1:] for row in rows.get("Fuel, money, odometer", [])}
    wrote = {
        name
        for name, car in cars.items()
        if car["fuel"]["fills"] or car["expenses"]["paid"] or car["odometer"]["compared"]
    }
    assert wrote == set(logs)
    for name, (filled, used, paid, shown_m) in logs.items():
        car = cars[name]
        assert _amount(filled, "l") == pytest.approx(car["fuel"]["filled"].get("l"), abs=0.051)
        assert _amount(used, "l/100 km") == pytest.approx(
            car["fuel"]["per_100km"].get("l"), abs=0.051
        )
        total = ", ".join(f"{n} {unit}" for unit, n in car["expenses"]["total"].items())
        assert (total or "–") == paid
        compared = [c for c in car["odometer"]["compared"] if c["track_m"] is not None]
        if compared:
            metres = sum(c["odometer_m"] for c in compared)
            assert number(shown_m.partition(", the track")[0]) == pytest.approx(
                metres / 1000, abs=0.51
            )
        else:
            assert "–" == shown_m
    return sum(car["fuel"]["fills"] for car in cars.values()) if fills else len(wrote)


def _named(cell: str, cars: dict[str, Any]) -> str:
    """The car of a cell that begins with its roundel."""
    return next(name for name in cars if cell.endswith(name))


def _bare(title: str) -> str:
    return " ".join(title.split())


def _amount(cell: str, unit: str) -> float | None:
    """The number before a unit."""
    found = re.search(rf"([\d.,]+) {re.escape(unit)}(?![\w/])", cell)
    return float(found[1].replace(",", "")) if found else None
