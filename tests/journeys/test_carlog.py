"""Fuel, expenses and odometer as typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.files.readers.test_gpx_scan import document, point
from tests.journeys.typed import Typed


def test_an_evening_at_the_pump(home: Path, rally: Path, typed: Typed) -> None:
    (home / "a.gpx").write_bytes(document("".join(map(point, range(400)))))
    typed("add", home / "a.gpx")
    typed("fuel", "50", "l", "--odometer", "154010 km", "--at", "2024-06-01T00:00:10Z")
    told = typed("fuel", "32.1l", "--cost", "58,40 €", "--odometer", "154410 km", "--partial",
                 "--text", "only to the next town", "--at", "2024-06-01T00:02:00Z")  # fmt: skip
    assert "32.1 l, 58.40 EUR, 154410 km" in told
    typed("fuel", "3.9 l", "--odometer", "154460 km", "--at", "2024-06-01T05:03:00Z")
    typed("expense", "12.50 EUR", "Soup", "for", "two", "--at", "2024-06-01T00:04:00Z")
    typed("expense", "3", "GBP", "Map")
    (car,) = typed.json("stats")["cars"]
    fuel, expenses = car["fuel"], car["expenses"]
    assert isinstance(fuel, dict)
    assert isinstance(expenses, dict)
    assert 8.0 == pytest.approx(fuel["per_100km"]["l"])
    assert (3, {"EUR": "58.40"}) == (fuel["fills"], fuel["cost"])
    assert {"EUR": "70.90", "GBP": "3"} == expenses["total"]
    assert ["Soup for two", "Map"] == [p["what"] for p in expenses["paid"] if not p["fuel"]]
    shown = typed("stats")
    assert "8.0 l/100 km" in shown
    assert "70.90 EUR, 3 GBP" in shown
    # 400 km by the odometer until the second fill, 0.1 km by the track
    assert "more than" in shown
    assert all(len(line) <= 80 for line in shown.splitlines() if "?" not in line)
    assert typed("check").startswith("all is well")
    typed("undo")
    assert "GBP" not in typed("stats")


def test_an_odometer_that_falls_is_told_at_once(rally: Path, typed: Typed) -> None:
    typed("odometer", "154010 mi", "--at", "2024-06-01T08:00:00Z")
    typed("odometer", "15402 mi", "--at", "2024-06-01T09:00:00Z")
    assert "15402 mi is less than 154010 mi" in typed.err
    assert "convoylog edit" in typed.err
    typed("odometer", "154020", "mi", "--at", "2024-06-01T10:00:00Z")
    typed("stats")
    assert "falls from 154010 mi to 15402 mi" in typed.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("fuel", "32.1"), "no unit"),
        (("fuel", "0 l"), "is nothing"),
        (("fuel", "20 l", "--cost", "$5"), "several countries"),
        (("expense", "12.50", "Lunch"), "unit"),
        (("expense", "12.50 EUR"), "without words"),
        (("odometer", "154.010 km"), "can be 154010 or 154.010"),
        (("odometer", "12 l"), "no unit of a distance"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(
    rally: Path, typed: Typed, words: tuple[str, ...], says: str
) -> None:
    assert says in typed.refuses(*words, code=2)
    assert not list((rally / "cars").glob("*/notes/*"))


def test_no_track_no_odometer_still_tells_what_is_known(rally: Path, typed: Typed) -> None:
    typed("fuel", "8.5 gal", "--cost", "30 USD")
    shown = typed("stats")
    assert "1 fill, 8.5 gal (32.2 l)" in shown
    assert "30 USD" in shown


def test_explain_says_what_follows_from_a_fill(home: Path, rally: Path, typed: Typed) -> None:
    (home / "a.gpx").write_bytes(document("".join(map(point, range(400)))))
    typed("add", home / "a.gpx")
    typed("fuel", "50 l", "--odometer", "1000 km", "--at", "2024-06-01T00:00:10Z")
    first = typed.json("log")["entries"][0]["id"]
    typed("fuel", "3 l", "--partial", "--at", "2024-06-01T00:02:00Z", "--reply-to", first)
    typed("fuel", "5 l", "--odometer", "900 km", "--cost", "10 EUR", "--at", "2024-06-01T00:03:00Z")
    entries = typed.json("log")["entries"]
    assert [("50 l", "1000 km"), ("3 l", None), ("5 l", "900 km")] == [
        (e["amount"], e["odometer"]) for e in entries
    ]
    assert [(False, False), (True, False), (False, False)] == [
        (e["partial"], e["missed"]) for e in entries
    ]
    assert [None, first, None] == [e["reply_to"] for e in entries]
    shown = typed("explain", entries[2]["id"])
    assert f"8.0 l in 2 fills since the full tank of {first}" in shown
    assert "by the track" in shown
    assert "less than before" in shown
    assert "not filled up" in typed("log")
    said = typed.json("explain", entries[2]["id"])["car_log"]
    assert 2 == len(said)
    assert {"EUR": "10"} == typed.json("stats")["trip"]["expenses"]


def test_odometer_readings_without_a_track_still_tell_how_far(rally: Path, typed: Typed) -> None:
    typed("odometer", "1000 km", "--at", "2024-06-01T08:00:00Z")
    typed("odometer", "1200 km", "--at", "2024-06-01T10:00:00Z")
    assert "odometer  200.0 km, no recording spans it" in typed("stats")


def test_the_page_has_a_table_of_fuel_and_money(rally: Path, home: Path, typed: Typed) -> None:
    (home / "a.gpx").write_bytes(document("".join(map(point, range(400)))))
    typed("add", home / "a.gpx")
    typed("report", "-o", home / "without")
    assert "Fuel, money, odometer" not in _page(home / "without")
    typed("fuel", "8.5 gal", "--cost", "30 USD", "--at", "2024-06-01T00:02:00Z")
    typed("report", "-o", home / "with")
    page = _page(home / "with")
    assert "Fuel, money, odometer" in page
    assert "32.2\u00a0l" in page


def test_page_post_and_stats_tell_the_gallons_that_were_typed(
    rally: Path, home: Path, typed: Typed
) -> None:
    for odometer, day in (("1000 mi", "01"), ("1300 mi", "02")):
        typed("fuel", "10.05 impgal", "--odometer", odometer, "--at", f"2024-06-{day}T08:00:00Z")
    shown = typed("stats")
    assert "mpg (imperial)" in shown
    assert "mpg (US)" not in shown
    for form in ("html", "markdown"):
        typed("report", "--to", form, "-o", home / form, "--units", "mi")
        text = " ".join(
            path.read_text("utf-8").replace("\u00a0", " ").replace("\\.", ".")
            for path in (home / form).rglob("*")
            if path.suffix in (".html", ".md")
        )
        # in the story as it was written, in the table the sum
        assert "10.05 imp. gal" in text, form
        assert "20.1 imp. gal" in text
        assert "29.9 mpg (imperial)" in text
        assert "mpg (US)" not in text


def _page(folder: Path) -> str:
    return next(folder.rglob("*.html")).read_text(encoding="utf-8")


def test_fuel_and_money_are_told_by_day_and_by_leg(home: Path, rally: Path, typed: Typed) -> None:
    (home / "a.gpx").write_bytes(document("".join(map(point, range(400)))))
    typed("add", home / "a.gpx")
    typed("leg", "add", "Out", "--from", "2024-06-01T00:00:00Z", "--to", "2024-06-01T00:01:00Z")
    typed("leg", "add", "On", "--from", "2024-06-01T00:02:00Z", "--to", "2024-06-01T00:03:00Z")
    typed("fuel", "8.5 gal", "--cost", "30 USD", "--at", "2024-06-01T00:00:10Z")
    typed("expense", "5 USD", "Ice", "--at", "2024-06-01T00:01:30Z")
    typed("expense", "2 USD", "Map", "--at", "2024-06-03T10:00:00Z")
    legs = typed("stats", "--by", "leg").split("spent\n")[1]
    assert ["Out", "8.5 gal (32.2 l)", "30 USD"] == [w for w in ("Out", "8.5 gal (32.2 l)", "30 USD")
                                                    if w in legs.splitlines()[0]]  # fmt: skip
    assert "between legs" in legs
    assert "7 USD" in legs.splitlines()[1]
    assert "On" not in legs
    days = typed("stats", "--by", "day").split("spent\n")[1].splitlines()
    assert ["35 USD", "2 USD"] == [line.rpartition("  ")[2].strip() for line in days]
    found = typed.json("stats")
    (car,) = found["cars"]
    out, on = (leg for leg in car["legs"] if leg["declared"])  # type: ignore[attr-defined]
    assert (1, {"l": pytest.approx(32.176, abs=1e-3)}, {"USD": "30"}) == (
        out["fills"], out["filled"], out["spent"],
    )  # fmt: skip
    assert (0, {}, {}) == (on["fills"], on["filled"], on["spent"])
    assert {"USD": "7"} == car["between_legs"]["spent"]  # type: ignore[index]
    assert {"gal": 8.5} == car["fuel"]["typed"]  # type: ignore[index]
    by_day = [next(iter(day["log"].values()))["spent"] for day in found["trip"]["by_day"]]  # type: ignore[call-overload, index]
    assert [{"USD": "35"}, {"USD": "2"}] == by_day


def test_a_bill_of_no_known_time_is_told_apart(rally: Path, typed: Typed) -> None:
    typed("expense", "3 GBP", "Map", "--at", "2024-06-01T10:00:00Z")
    (file,) = (rally / "cars").glob("*/notes/*")
    head, _, _ = file.read_text().partition("# seal")
    file.write_text("".join(line for line in head.splitlines(True) if not line.startswith("at")))
    assert "at no known time" in typed("stats", "--by", "day")
    assert "at no known time" in typed("stats", "--by", "leg")
    (car,) = typed.json("stats")["cars"]
    assert {"GBP": "3"} == car["undated"]["spent"]  # type: ignore[index]


def test_the_log_of_a_leg_or_a_day_is_its_own(home: Path, rally: Path, typed: Typed) -> None:
    (home / "a.gpx").write_bytes(document("".join(map(point, range(400)))))
    typed("add", home / "a.gpx")
    typed("leg", "add", "Out", "--from", "2024-06-01T00:00:00Z", "--to", "2024-06-01T00:01:00Z")
    typed("fuel", "8.5 gal", "--cost", "30 USD", "--at", "2024-06-01T00:00:10Z")
    typed("fuel", "9 gal", "--cost", "31 USD", "--at", "2024-06-03T10:00:00Z")
    (car,) = typed.json("stats", "--leg", "Out")["cars"]
    assert {"USD": "30"} == car["expenses"]["total"]  # type: ignore[index]
    assert 1 == car["fuel"]["fills"]  # type: ignore[index]
    assert 60.0 == car["elapsed_s"]
    assert "30 USD" in typed("stats", "--leg", "Out")
    typed("leg", "add", "Outlook", "--from", "2024-06-01T00:02:00Z", "--to", "2024-06-01T00:03:00Z")
    first, _, second = typed("stats", "--leg", "Outl").partition("Outlook")
    assert "30 USD" not in first + second
    # each leg tells its own, not the last one what all of them took
    first, _, second = typed("stats", "--leg", "ou").partition("Outlook")
    assert "30 USD" in first
    assert "30 USD" not in second
    told = typed("stats", "--day", "1")
    assert "30 USD" in told
    assert "31 USD" not in told
    (car,) = typed.json("stats", "--day", "2")["cars"]
    assert {"USD": "31"} == car["expenses"]["total"]  # type: ignore[index]
    assert "no recording touches this day" in typed("stats", "--day", "2")
    assert car["distance_m"] is None
    assert "no day '7'" in typed.refuses("stats", "--day", "7", code=2)
