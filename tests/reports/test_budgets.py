"""How large a page may be, and what its script is told."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from html.parser import HTMLParser

import numpy as np
import pytest

from convoylog.model.logbook import RecordedPhoto
from convoylog.model.tracks import Recording
from convoylog.reports.draw.vertices import encode
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from convoylog.reports.web.sources import script_source, soon_script
from convoylog.trips.convoy import find_convoy
from tests.crowd import BEGIN as CROWD_BEGIN
from tests.crowd import drives
from tests.reports.trips import BEGIN, STARTS, car, converging, note, photo, picture, track, trip


@cache
def week() -> str:
    """Five cars, five days, eight hours a day."""
    cars = [car(n, name) for n, name in enumerate(list(STARTS)[:5])]
    recordings = {}
    for n, whose in enumerate(cars):
        lat, lon = STARTS[whose.name]
        recordings[whose.id] = [
            track(
                (lat - 0.9 * day, lon + 1.5 * day), (lat - 0.9 * (day + 1), lon + 1.5 * (day + 1)),
                BEGIN + timedelta(days=day, minutes=3 * n), 8,
            )
            for day in range(5)
        ]  # fmt: skip
    told = [
        note(n, cars[n % 5], BEGIN + timedelta(hours=2 * n), "A word. " * 40) for n in range(60)
    ]
    return text_of(trip(cars, recordings, told))


@cache
def fortnight() -> tuple[str, int]:
    """A page of twelve cars and fourteen days with all of their company, and how many things it tells."""
    cars = [car(n, name, driver=f"Driver {n}", vehicle="Wagon") for n, name in enumerate(STARTS)]
    recordings = {
        whose.id: [Recording("GPX 1.1", "test", (day.track,)) for day in drives(n, 14, 10.0)]
        for n, whose in enumerate(cars)
    }
    # one note a car and day, of fifty words
    begin = datetime.fromtimestamp(CROWD_BEGIN, UTC)
    told = [
        note(n, cars[n % 12], begin + timedelta(hours=2 + 1.9 * n), "A word or two. " * 13)
        for n in range(12 * 14)
    ]
    seen = trip(cars, recordings, told)
    # the same company without the comparison of whole ways, which no page shows
    convoy = find_convoy(seen.cars, routes=False)
    report = make_report(seen, pictures={}, convoy=convoy)
    return FORMATS["html"](report).files["report.html"].decode(), len(told) + len(report.happenings)


@cache
def crowd() -> tuple[str, int]:
    """A page of twenty cars, two days, four hundred photos, many of them in bursts, and two hundred notes, half of
    them fuel; and how many things it tells."""
    cars = [car(n, f"Car {n}", driver=f"Driver {n}", vehicle="Wagon") for n in range(20)]
    driven = {whose.id: [day.track for day in drives(n, 2, 60.0)] for n, whose in enumerate(cars)}
    recordings = {
        whose: [Recording("GPX 1.1", "test", (one,)) for one in tracks]
        for whose, tracks in driven.items()
    }
    photos: list[RecordedPhoto] = []
    told = []
    for n, whose in enumerate(cars):
        for k in range(20):
            # bursts of four, one of them a day and car, and single photos between
            way = driven[whose.id][k % len(driven[whose.id])]
            at = float(way.time[0]) + 2400.0 * (k // 4) + 20.0 * k
            shown = f"{datetime.fromtimestamp(at - 21600, UTC):%Y-%m-%dT%H:%M:%S}"
            taken = photo(whose, len(photos), shown)
            lat, lon = (float(np.interp(at, way.time, column)) for column in (way.lat, way.lon))
            there = replace(taken.photograph, lat=lat, lon=lon)
            photos.append(replace(taken, photograph=there))
            if k % 2:
                said = note(
                    20 * n + k, whose, datetime.fromtimestamp(at + 900, UTC), "A word. " * 30
                )
                fuel = replace(said, kind="fuel", text="", amount="12.1 gal", cost="45.20 USD")
                told.append(fuel if k % 4 == 1 else said)
    seen = trip(cars, recordings, told, photos)
    convoy = find_convoy(seen.cars, routes=False)
    pictures = {f"{n:064x}": picture(n) for n in range(len(photos))}
    report = make_report(seen, pictures=pictures, convoy=convoy)
    text = FORMATS["html"](report).files["report.html"].decode()
    return text, len(photos) + len(told) + len(report.happenings) + len(report.driven)


class Elements(HTMLParser):
    """How many elements a page has: in all, within its tables, and cells among those."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.all = self.in_tables = self.cells = 0
        self._table = False
        self.feed(text)

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self._table |= tag == "table"
        self.all += 1
        self.in_tables += self._table
        self.cells += tag in ("td", "th")

    def handle_endtag(self, tag: str) -> None:
        self._table &= tag != "table"


def text_of(seen, **options: bool) -> str:  # type: ignore[no-untyped-def]
    return FORMATS["html"](make_report(seen, pictures={}, **options)).files["report.html"].decode()


def told_of(text: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="told">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]


def decoded(text: str) -> list[int]:
    """Zig-zag varints, as the page's script reads them."""
    values, value, shift = [], 0, 0
    for byte in base64.b64decode(text):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            values.append(-(value + 1) // 2 if value % 2 else value // 2)
            value = shift = 0
    return values


def test_five_cars_of_five_days_stay_below_the_budgets() -> None:
    text = week()
    assert len(text.encode()) < 700_000
    ground = re.search(r'<g id="ground".*?</g>', text, re.DOTALL)
    assert ground
    assert len(ground[0]) < 200_000
    tracks = sum(len(one["track"]) for one in told_of(text)["cars"])  # type: ignore[attr-defined, index]
    assert 1_000 < tracks < 300_000


def test_twelve_cars_of_fourteen_days_stay_below_the_budgets() -> None:
    # about 1.2 MB: a fifth of the limit is left
    text, told = fortnight()
    assert 150 < told
    assert len(text.encode()) < 1_500_000
    ground = re.search(r'<g id="ground".*?</g>', text, re.DOTALL)
    assert ground
    assert len(ground[0]) < 200_000
    cars = told_of(text)["cars"]
    assert 12 == len(cars)  # type: ignore[arg-type]
    assert 14 == text.count('<section class="chapter"')
    tracks = sum(len(one["track"]) for one in cars)  # type: ignore[attr-defined]
    # every car has a way of its own: as much of it as its days are long
    assert 100_000 < tracks < 300_000
    assert min(len(one["track"]) for one in cars) > 5_000  # type: ignore[attr-defined]


def test_a_page_has_few_elements_for_what_it_tells() -> None:
    # 60 notes of a week; a crowd's photos, notes and happenings
    of_a_week = Elements(week())
    assert of_a_week.all <= 1_500 + 12 * 60
    text, told = crowd()
    assert 600 < told
    of_a_crowd = Elements(text)
    assert 400 == text.count('<a class="photo ')
    assert of_a_crowd.all <= 1_500 + 12 * told


def test_twelve_cars_of_fourteen_days_have_few_elements_beside_their_tables() -> None:
    # their numbers alone are more cells than the budget leaves (decisions.md): a page has its budget beside its
    # tables, and those have half an element more than cells
    text, told = fortnight()
    found = Elements(text)
    assert 1_800 < found.cells
    assert found.all - found.in_tables <= 1_500 + 12 * told
    assert found.in_tables <= 1.5 * found.cells
    assert found.all <= 6_700


def test_the_script_stays_small_enough_to_be_read() -> None:
    assert len((soon_script() + script_source()).encode()) <= 40_000


@pytest.mark.parametrize("value", [0, 1, -1, 63, 64, -64, -65, 8191, 8192, 10**9, -(10**9)])
def test_packed_numbers_come_back(value: int) -> None:
    assert [7, value, -7] == decoded(encode(np.array([7, value, -7])))


def test_a_track_comes_back_near_where_it_was_at_every_time() -> None:
    seen = converging(2)
    told = told_of(text_of(seen))
    values = decoded(told["cars"][0]["track"])  # type: ignore[index]
    pieces, rest = values[0], values[1 + values[0] :]
    assert 2 == pieces
    count = sum(values[1 : 1 + pieces])
    rows = np.cumsum(np.array(rest[: 3 * count]).reshape(-1, 3), axis=0)
    # instants rise, and begin with the recording
    assert (np.diff(rows[:, 0]) >= 0).all()
    assert seen.cars[0].track.time[0] - told["start"] == rows[0, 0]  # type: ignore[operator]
    assert count < len(seen.cars[0].track) / 2


def test_hidden_times_cannot_be_worked_out_of_what_the_script_is_told() -> None:
    hidden = told_of(text_of(converging(2), hide_times=True))
    assert 0 == hidden["start"]
    assert {} == hidden["dates"]
    assert all([] == one["clock"] for one in hidden["cars"])  # type: ignore[attr-defined, index]
    (_, begin, first_end, *_), (_, second, *_) = hidden["axis"]  # type: ignore[misc, attr-defined]
    assert 0 == begin
    # any night is as long as any other
    assert 1500 == second - first_end
