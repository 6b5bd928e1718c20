"""What a designer looks at, as laws: nothing overlaps, edges and lines of writing meet, nothing is cut off."""

from __future__ import annotations

import itertools

import pytest

from tests.reports.browser import DESK, PHONE, SMALL, Browser, Seen
from tests.reports.test_live_page import page

SIZES = [DESK, PHONE, SMALL]
#: what floats above the map
CARS = "#map .cars:visible, #crowd > summary"
FLOATING = (".days", CARS, "#theme", ".zoom", ".credit")
#: the left edge of an element's first letter or mark
_LEFT = """(selector) => [...document.querySelectorAll(selector)].map((node) => {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT,
    (text) => text.data.trim() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
  const range = document.createRange(); range.selectNodeContents(walker.nextNode());
  const disc = node.querySelector('.disc');
  return Math.round(disc ? disc.getBoundingClientRect().left : range.getBoundingClientRect().left); })"""
#: how high a line of writing is, and where it begins, in each cell of each row
_LINES = """(table) => [...document.querySelectorAll(`${table} tbody tr`)].map((row) =>
  [...row.children].map((cell) => { const own = getComputedStyle(cell.querySelector('.carcell') || cell);
    return `${own.lineHeight} ${getComputedStyle(cell).paddingTop} ${getComputedStyle(cell).verticalAlign}`; }))"""


def box(seen: Seen, selector: str) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    found = seen.page.locator(selector).first.bounding_box()
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


@pytest.mark.parametrize("count", [5, 12])
@pytest.mark.parametrize("size", SIZES)
def test_what_floats_above_the_map_lies_apart(
    browser: Browser, size: tuple[int, int], count: int
) -> None:
    with browser.open(page(count), size) as seen:
        floating = {one: box(seen, one) for one in FLOATING if seen.page.is_visible(one)}
        assert {".days", CARS, "#theme", ".credit"} <= set(floating)
        left, top, right, bottom = box(seen, "#map")
        for name, (a, b, c, d) in floating.items():
            assert left <= a < c <= right, name
            assert top <= b < d <= bottom, name
        for (one, p), (other, q) in itertools.combinations(floating.items(), 2):
            assert p[2] <= q[0] or q[2] <= p[0] or p[3] <= q[1] or q[3] <= p[1], (one, other)
        # of the days at least one can be pressed, of the cars at least three are seen
        assert floating[".days"][2] - floating[".days"][0] >= 96
        assert floating[CARS][2] - floating[CARS][0] >= 72


def test_on_a_desk_map_and_dock_fill_the_window(browser: Browser) -> None:
    for count in (5, 12):
        with browser.open(page(count)) as seen:
            assert (0, DESK[1]) == (box(seen, "#stage")[1], box(seen, "#stage")[3])
            assert box(seen, "#map")[3] == pytest.approx(box(seen, "#dock")[1], abs=1)
            assert box(seen, "#map")[3] >= 0.55 * DESK[1]
            assert box(seen, ".axis")[3] <= DESK[1]
            assert box(seen, "#stage")[2] == pytest.approx(box(seen, ".title")[0], abs=1)


@pytest.mark.parametrize("size", SIZES)
def test_headings_tables_and_names_begin_at_one_edge(
    browser: Browser, size: tuple[int, int]
) -> None:
    with browser.open(page(), size) as seen:
        for group in (
            ".title .kicker, .title h1, .title .lede, .title .figures dt, .cast li:first-child",
            ".numbers h2, .numbers table thead th:first-child, .numbers tbody tr > :first-child",
        ):
            left = seen.ask(_LEFT, group)
            first = left[0]
            edge = [one for one in left if abs(one - first) <= 3]
            # figures stand side by side: only the first at the edge
            assert len(left) - len(edge) <= (4 if "figures" in group else 0), left


def test_name_and_numbers_of_a_car_stand_on_one_line(browser: Browser) -> None:
    with browser.open(page()) as seen:
        rows = seen.ask(_LINES, "[aria-label='Car by car']")
        rows += seen.ask(_LINES, "[aria-label='Legs']")
        assert len(rows) > 10
        assert [] == [row for row in rows if len(set(row)) > 1]


@pytest.mark.parametrize("size", SIZES)
def test_lines_of_the_story_are_as_long_as_one_likes_to_read(
    browser: Browser, size: tuple[int, int]
) -> None:
    with browser.open(page(), size) as seen:
        letters = seen.ask(
            "(() => { const words = document.querySelector('.words'), one = document.createElement('span'); "
            "one.textContent = 'abcdefghijklmnopqrstuvwxyz '.repeat(4); words.append(one); "
            "one.style.cssText = 'white-space:nowrap;position:absolute'; "
            "const width = one.getBoundingClientRect().width / one.textContent.length; one.remove(); "
            "return words.getBoundingClientRect().width / width; })()"
        )
        assert 22 <= letters <= 75


@pytest.mark.parametrize("size", SIZES)
def test_no_words_are_cut_off(browser: Browser, size: tuple[int, int]) -> None:
    with browser.open(page(), size) as seen:
        seen.page.locator(".pinned").last.dispatch_event("click")
        seen.rest(300)
        # what scrolls, or is for a screen reader only, is whole; a narrow day's name may end in dots
        cut = seen.ask(
            "[...document.querySelectorAll('body *')].filter((n) => { const s = getComputedStyle(n); "
            "return /hidden|clip/.test(s.overflowX + s.overflowY) && n.clientWidth > 1 && "
            "(n.scrollWidth > n.clientWidth + 1 || n.scrollHeight > n.clientHeight + 1) && "
            "!n.matches('.map, .axis span, .chart, .chart *, dialog, dialog *'); })"
            ".map((n) => `${n.tagName}.${n.className}#${n.id} ${n.textContent.slice(0, 60)}`)"
        )
        assert [] == cut


def test_the_first_page_of_a_print_holds_title_cast_map_and_chart(browser: Browser) -> None:
    # A4 between margins of 14 mm, in pixels of 1/96 inch
    wide, high = round(182 / 25.4 * 96), round(269 / 25.4 * 96)
    with browser.open(page(), (wide, high)) as seen:
        seen.page.emulate_media(media="print")
        seen.rest(200)
        assert box(seen, ".axis")[3] <= high
        assert box(seen, "#map")[3] - box(seen, "#map")[1] >= 0.35 * high
        assert seen.page.is_visible("#map > svg")
        assert not seen.page.is_visible("#base")
        columns = seen.ask(
            "[...document.querySelectorAll('#day-1 .entries > .entry')].map((n) => "
            "Math.round(n.getBoundingClientRect().left))"
        )
        assert 2 == len(set(columns))
