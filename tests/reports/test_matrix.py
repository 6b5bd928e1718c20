"""Tables of more cars than one reads pair by pair."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations, islice, pairwise

import pytest

from convoylog.model.convoy import Convoy, Pair
from convoylog.reports.company import PairLine
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from convoylog.reports.web.matrix import Cell, matrix_of
from convoylog.reports.words import words_for
from tests.reports.browser import Browser
from tests.reports.oklab import SIGHTS, contrast, distance
from tests.reports.trips import BEGIN, STARTS, car, track, trip


@cache
def page(count: int, pairs: int = 1) -> str:
    """A page of cars that drive one way; the first two of them together, or more pairs for longer and longer."""
    cars = [car(n, f"Car {n}") for n in range(count)]
    lat, lon = next(iter(STARTS.values()))
    ways = {one.id: [track((lat, lon), (lat - 0.9, lon + 1.5), BEGIN, 8)] for one in cars}
    seen = trip(cars, ways, [])
    together = tuple(
        Pair(
            a.id, b.id, lead_s={a.id: 7200.0 * n, b.id: 3600.0 * n}, episodes=((0.0, 10800.0 * n),)
        )  # type: ignore[arg-type]
        for n, (a, b) in enumerate(islice(combinations(cars, 2), pairs), 1)
    )
    report = make_report(seen, pictures={}, convoy=Convoy(together))
    return FORMATS["html"](report).files["report.html"].decode()


def line(a: str, b: str, hours: float) -> PairLine:
    return PairLine(a, b, "", "", "", "", hours * 3600)


def test_a_cell_says_the_hours_of_its_two_cars_on_both_sides() -> None:
    rows = matrix_of("abc", [line("a", "b", 10.0), line("c", "b", 0.4)], words_for())
    itself, never, few = Cell(look="self"), Cell(), Cell("<1", "few")
    assert (itself, Cell("10", "s5"), never) == rows[0]
    assert (Cell("10", "s5"), itself, few) == rows[1]
    assert (never, few, itself) == rows[2]


def test_less_than_an_hour_is_a_dot_to_the_eye_and_a_word_to_the_ear() -> None:
    text = page(13, 40)
    assert 13 == text.count('<td class="self"></td>')
    assert ".matrix .few{font-size:0}" in text
    assert '.few::after{content:"·"' in text
    assert "a dot is less than one" in text


@pytest.mark.parametrize(("count", "shown"), [(12, 0), (13, 1)])
def test_above_twelve_cars_company_is_a_matrix(count: int, shown: int) -> None:
    assert shown == page(count).count('<table class="matrix">')
    assert shown == page(count).count(words_for().say("hours_together"))
    # hours and days stand in the page either way
    assert "Kilometres per day" in page(count)


def test_a_row_of_the_matrix_has_a_cell_for_each_car() -> None:
    table = re.search(r'<table class="matrix">.*?</table>', page(13), re.DOTALL)
    assert table
    assert 13 == table[0].count('<th scope="row"')
    assert 13 * 13 == table[0].count("<td")
    assert 2 == table[0].count('<td class="s5">3</td>')


def test_of_a_crowd_a_state_tells_how_many_came_and_who_where_they_are_few() -> None:
    cars = [car(n, f"Car {n}") for n in range(14)]
    places = list(STARTS.values())
    ways = {one.id: [track(places[n < 3], (40.0, -96.0), BEGIN, 8)] for n, one in enumerate(cars)}
    text = FORMATS["html"](make_report(trip(cars, ways), pictures={})).files["report.html"].decode()
    states = re.findall(
        r"<li>(?:<svg.*?</svg>)?(?:<[^>]*>)*(\w+)(?:</span>)*<span class=\"dots\">(.*?)</li>", text
    )
    told = {name: re.sub("<.*?>", " ", dots).split() for name, dots in states}
    assert ["14", "cars"] == told["Nebraska"]
    assert ["11", "cars"] == told["Illinois"]
    # a roundel tells whom its colour does not
    assert ["1", "Car", "0", "2", "Car", "1", "3", "Car", "2"] == told["Minnesota"]


def test_cars_of_one_party_stand_beside_each_other() -> None:
    cars = [car(n, f"Car {n}") for n in range(14)]
    places = list(STARTS.values())
    ways = {one.id: [track(places[n % 2], (40.0, -96.0), BEGIN, 8)] for n, one in enumerate(cars)}
    pair = Pair(cars[0].id, cars[2].id, lead_s={cars[0].id: 7200.0}, episodes=((0.0, 7200.0),))
    report = make_report(trip(cars, ways), pictures={}, convoy=Convoy((pair,)))
    text = FORMATS["html"](report).files["report.html"].decode()
    table = text[text.index('<table class="matrix">') :].partition("</table>")[0]
    rows = re.findall(r'<th scope="row"[^>]*>(Car \d+)</th>(.*?)</tr>', table)
    assert [f"Car {n}" for n in (*range(0, 14, 2), *range(1, 14, 2))] == [name for name, _ in rows]
    assert [f"Car {n}" for n in (*range(0, 14, 2), *range(1, 14, 2))] == re.findall(
        r'<th scope="col" [^>]*>.*?(Car \d+)<', table
    )
    # their hours, in the second column of the first row
    assert "2" == re.findall(r"<td.*?>(.*?)</td>", rows[0][1])[1]


def test_legs_name_their_car_once() -> None:
    text = page(13)
    legs = text[text.index("<h2>Legs</h2>") :].partition("</table>")[0]
    assert 13 == legs.count('<th scope="row" rowspan=')


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_shade_of_company_differs_from_the_next_and_its_hours_can_be_read(
    browser: Browser, scheme: str
) -> None:
    # as painted: a shade lies over the page
    shades = """(() => {
      const c = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
      const of = (node) => getComputedStyle(document.querySelector(node));
      const painted = (...colours) => {
        for (const one of colours) { c.fillStyle = one; c.fillRect(0, 0, 1, 1); }
        const [r, g, b] = c.getImageData(0, 0, 1, 1).data;
        return '#' + (0x1000000 + r * 65536 + g * 256 + b).toString(16).slice(1); };
      const paper = of('.numbers').backgroundColor;
      const cells = [1, 2, 3, 4, 5].map((n) => painted(paper, of(`.matrix .s${n}`).backgroundColor));
      return [painted(paper), ...cells, painted(of('.matrix .s5').color)]; })()"""
    with browser.open(page(13, 40).encode(), color_scheme=scheme) as seen:
        *steps, ink = seen.ask(shades)
    for one, other in pairwise(steps):
        assert distance(one, other, SIGHTS["normal"]) >= 4.5, (one, other)
    assert all(contrast(one, ink) >= 4.5 for one in steps)
