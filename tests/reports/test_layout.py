"""What a designer looks at, as laws: nothing overlaps, edges and lines of writing meet, nothing is cut off."""

from __future__ import annotations

import itertools
import math
import random
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from convoylog.model.tracks import Recording, make_track
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from convoylog.reports.parties import Party
from convoylog.reports.web.sources import style_source
from convoylog.reports.words import words_for
from convoylog.trips.part import part_of
from tests.reports.browser import DESK, PHONE, SMALL, Browser, Seen
from tests.reports.test_gathered import barbecue
from tests.reports.test_live_page import page, picture
from tests.reports.trips import BEGIN, DENVER, STARTS, car, converging, note, photo, track, trip

SIZES = [DESK, PHONE, SMALL]
#: what floats above the map
CARS = "#map .cars:visible, #crowd > summary"
FLOATING = (".days", CARS, "#theme", ".zoom", ".credit", "#scale")
#: the left edge of an element's first letter or mark
_LEFT = """(selector) => [...document.querySelectorAll(selector)].map((node) => {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT,
    (text) => text.data.trim() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
  const range = document.createRange(); range.selectNodeContents(walker.nextNode());
  // a number before a name stands where its element begins
  const disc = node.querySelector('.disc,[data-disc]') || node.closest('[data-disc]');
  return Math.round((disc || range).getBoundingClientRect().left); })"""
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
        # on a phone the credit stands in the footer
        assert {".days", CARS, "#theme"} <= set(floating)
        assert (".credit" in floating) == (size == DESK)
        assert "Natural Earth" in seen.text("footer")
        left, top, right, bottom = box(seen, "#map")
        for name, (a, b, c, d) in floating.items():
            assert left <= a < c <= right, name
            assert top <= b < d <= bottom, name
        for (one, p), (other, q) in itertools.combinations(floating.items(), 2):
            assert p[2] <= q[0] or q[2] <= p[0] or p[3] <= q[1] or q[3] <= p[1], (one, other)
        # of the days at least one can be pressed, of the cars at least three are seen
        assert floating[".days"][2] - floating[".days"][0] >= 80
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
            # the rows of a car begin beside its name
            ".numbers h2, .numbers table thead th:first-child, .numbers tbody tr > th:first-child",
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


@pytest.mark.parametrize("size", [*SIZES, (820, 1180), (2560, 1440)])
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
            "!n.matches('.map, .axis span, .cars b, .chart, .chart *, dialog, dialog *'); })"
            ".map((n) => `${n.tagName}.${n.className}#${n.id} ${n.textContent.slice(0, 60)}`)"
        )
        assert [] == cut


#: millimetres between margins of 14 mm
PAPER = {"A4": (182, 269), "Letter": (188, 251)}


@pytest.mark.parametrize("paper", list(PAPER))
def test_the_first_page_of_a_print_holds_title_cast_map_and_chart(
    browser: Browser, paper: str
) -> None:
    wide, high = (round(mm / 25.4 * 96) for mm in PAPER[paper])
    with browser.open(page(), (wide, high)) as seen:
        seen.page.emulate_media(media="print")
        seen.rest(200)
        assert box(seen, ".axis")[3] <= high
        assert box(seen, "#map")[3] - box(seen, "#map")[1] >= 0.33 * high
        assert seen.page.is_visible("#map > svg")
        assert not seen.page.is_visible("#base")
        columns = seen.ask(
            "[...document.querySelectorAll('#day-1 .entries > .entry')].map((n) => "
            "Math.round(n.getBoundingClientRect().left))"
        )
        assert 2 == len(set(columns))


@pytest.mark.parametrize("paper", list(PAPER))
def test_a_printed_book_has_numbered_pages_of_its_readers_paper(
    browser: Browser, tmp_path: Path, paper: str
) -> None:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("no pdftotext to read the printed pages with")
    with browser.open(page()) as seen:
        # as a browser prints: a page that names a size of its own gets it
        (tmp_path / "book.pdf").write_bytes(seen.page.pdf(format=paper, prefer_css_page_size=True))
    done = subprocess.run(
        [reader, "-layout", str(tmp_path / "book.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    sheets = done.stdout.split("\f")[:-1]
    last = [sheet.rstrip().splitlines()[-1].split() for sheet in sheets]
    assert len(sheets) > 3
    # the first page, which has no number, still holds map and chart: the second begins with a day
    assert "Natural Earth" in sheets[0]
    assert "DAY 1" in sheets[1]
    assert [["Five", "Cars", "to", "Denver", str(n)] for n in range(2, len(sheets) + 1)] == last[1:]
    assert "1" != last[0][-1]


def test_on_paper_a_place_that_is_uncertain_says_so_and_a_certain_one_does_not(
    browser: Browser,
) -> None:
    driver = car(1, "Mabel")
    told = [
        note(1, driver, BEGIN + timedelta(hours=2), "On the road."),
        note(2, driver, BEGIN + timedelta(hours=40), "Long after."),
    ]
    seen_trip = trip([driver], {driver.id: [track(STARTS["Mabel"], DENVER, BEGIN, 9)]}, told)
    content = FORMATS["html"](make_report(seen_trip, pictures={})).files["report.html"]
    with browser.open(content) as seen:
        assert 2 == seen.page.locator("details.how:visible").count()
        assert 0 == seen.page.locator(".paper:visible").count()
        seen.page.emulate_media(media="print")
        assert 0 == seen.page.locator("details.how:visible").count()
        uncertain = seen.page.locator("p.paper:visible")
        assert ["e2"] == [
            uncertain.nth(n).evaluate("(p) => p.closest('.entry').id")
            for n in range(uncertain.count())
        ]
        assert "100\N{NO-BREAK SPACE}m" in seen.text("footer .paper")


# --- a map in little room


STANDING = [SMALL, (360, 740), PHONE, (768, 1024), (820, 1180)]
LYING = [(667, 375), (844, 390)]
NARROW_DESK = (901, 700)


@cache
def northern(days: int = 4, locale: str = "en") -> bytes:
    """Five cars from all around that meet; the northernmost took a photo where it set out."""
    cars = [car(n, name) for n, name in enumerate(("Tuesday", "Juniper", "Mabel", "Otto", "Bear"))]
    starts = [*(STARTS[whose.name] for whose in cars[:4]), (48.6, -93.4)]
    there = (39.66, -105.88)
    recordings = {
        whose.id: [
            track(start, DENVER, BEGIN, 9),
            *(
                track((DENVER, there)[d % 2], (there, DENVER)[d % 2], BEGIN + timedelta(d + 1), 3)
                for d in range(days - 1)
            ),
        ]
        for whose, start in zip(cars, starts, strict=True)
    }
    photos = [photo(cars[4], n, f"2026-06-11T07:0{n}:00") for n in (1, 2)]
    told = [note(n, cars[n], BEGIN + timedelta(hours=n), "Here we are.") for n in range(4)]
    pictures = {p.sha256: picture(int(p.sha256, 16)) for p in photos}
    words = words_for(locale)
    report = make_report(trip(cars, recordings, told, photos), pictures=pictures, words=words)
    return FORMATS["html"](report).files["report.html"]


@pytest.mark.parametrize("size", [*STANDING, *LYING, NARROW_DESK, DESK])
def test_the_map_shows_the_trip_where_nothing_covers_it(
    browser: Browser, size: tuple[int, int]
) -> None:
    with browser.open(northern(), size) as seen:
        for day in (0, 1):
            seen.ask("(day) => document.querySelector(`button[data-day='${day}']`).click()", day)
            seen.rest(250)
            covers = seen.ask(
                "[...document.querySelectorAll('.bar, .chips, #theme, .zoom')].filter((n) => n.clientWidth && "
                "(!n.matches('.bar') || getComputedStyle(n).backgroundColor !== 'rgba(0, 0, 0, 0)'))"
                ".map((n) => { const b = n.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })"
            )
            left, top, right, bottom = box(seen, "#map")
            pins = seen.ask(
                "[...document.querySelectorAll('.pinned:not([hidden]) i, .pinned:not([hidden]) em:not([hidden])')]"
                ".map((n) => { const b = n.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })"
            )
            assert pins
            for a, b, c, d in pins:
                assert left <= a, day
                assert top <= b, day
                assert c <= right, day
                assert d <= bottom, day
                for p in covers:
                    assert c <= p[0] or p[2] <= a or d <= p[1] or p[3] <= b, (day, (a, b, c, d), p)


def test_a_pin_that_is_read_rises_into_free_sight(browser: Browser) -> None:
    for size in (SMALL, PHONE, DESK):
        with browser.open(northern(), size) as seen:
            seen.ask(
                "document.querySelector('.photo').closest('.entry').scrollIntoView({block: 'center'})"
            )
            seen.rest(500)
            pin, bar = box(seen, ".pinned.now i"), box(seen, ".bar")
            assert pin[1] >= bar[3], size


def test_on_the_smallest_phone_all_days_and_cars_are_there(browser: Browser) -> None:
    for locale in ("en", "de", "fr", "es"):
        with browser.open(northern(locale=locale), SMALL) as seen:
            assert [0, 0] == seen.ask(
                "[...document.querySelectorAll('.chips')].map((n) => n.scrollWidth - n.clientWidth)"
            )
            days, cars, theme = box(seen, ".days"), box(seen, ".cars"), box(seen, "#theme")
            assert days[2] <= cars[0]
            assert cars[2] <= theme[0]


def test_days_below_the_ribbon_are_whole_words_or_none(browser: Browser) -> None:
    # the longest names of days are French
    for days, size in itertools.product((4, 9), (SMALL, PHONE, NARROW_DESK, DESK)):
        with browser.open(northern(days, "fr"), size) as seen:
            # [inside, cut] of each part of each day's name; what has no room is in a line below, unseen
            parts = seen.ask(
                "[...document.querySelectorAll('.axis > span')].map((day) => { const o = day.getBoundingClientRect(); "
                "return [...day.children].map((part) => { const b = part.getBoundingClientRect(); "
                "const below = b.top >= o.bottom - 1; return [!below, !below && b.right > o.right + 1]; }); })"
            )
            assert days == len(parts)
            assert all(number[0] for number, _ in parts)
            assert not any(cut for part in parts for _, cut in part)
            assert days > 4 or all(weekday[0] for _, weekday in parts)


def test_of_many_days_the_chosen_one_is_in_sight(browser: Browser) -> None:
    with browser.open(northern(14), SMALL) as seen:
        for day in (13, 1, 8):
            seen.ask("(day) => document.querySelector(`button[data-day='${day}']`).click()", day)
            seen.page.wait_for_selector(f"button[data-day='{day}'][aria-pressed=true]")
            row, chosen = box(seen, ".days"), box(seen, f"button[data-day='{day}']")
            assert row[0] <= chosen[0] < chosen[2] <= row[2]


def test_names_of_cars_stand_in_their_row_only_where_all_find_room(browser: Browser) -> None:
    for width in (901, 1000, 1200, 1440):
        with browser.open(northern(), (width, 800)) as seen:
            over = seen.ask(
                "(() => { const n = document.querySelector('.cars.chips'); return n.scrollWidth - n.clientWidth; })()"
            )
            assert 0 == over, width
            assert (width == 1440) <= (box(seen, ".cars b")[2] - box(seen, ".cars b")[0] > 5)


@pytest.mark.parametrize("size", LYING)
def test_on_a_phone_that_lies_the_story_stands_beside_the_map(
    browser: Browser, size: tuple[int, int]
) -> None:
    with browser.open(page(), size, has_touch=True) as seen:
        seen.ask("window.scrollTo(0, 1500)")
        seen.rest(300)
        stage, story = box(seen, "#stage"), box(seen, "#story")
        assert (0, size[1]) == (stage[1], stage[3])
        assert stage[2] <= story[0] + 1
        assert box(seen, "#map")[3] - box(seen, "#map")[1] >= 0.55 * size[1]
        assert box(seen, ".axis")[3] <= size[1]
        assert size[0] >= seen.ask("document.documentElement.scrollWidth")


#: keeps of the last picture: names of ends with their boxes, dots of towns, roundels and pills
_LISTEN = """
const paint = CanvasRenderingContext2D.prototype, {fillText, arc, clearRect, stroke} = paint;
const last = window.last = {names: [], dots: [], discs: []};
paint.clearRect = function (...box) {
  if (this.canvas.id === 'base') last.dots = [];
  if (this.canvas.id === 'pucks') { last.names = []; last.discs = []; }
  return clearRect.apply(this, box);
};
paint.fillText = function (text, x, y) {
  if (this.canvas.id === 'pucks' && this.font.includes('13.5px'))
    last.names.push([text, x, y - 13.5, x + this.measureText(text).width, y]);
  return fillText.call(this, text, x, y);
};
paint.arc = function (x, y, reach, ...turns) {
  if (this.canvas.id === 'base' && reach === 2.6) last.dots.push([x, y]);
  if (this.canvas.id === 'pucks') last.discs.push([x, y, reach]);
  return arc.call(this, x, y, reach, ...turns);
};"""


def listened(seen: Seen) -> dict[str, list[list[float]]]:
    """What was painted last, by `_LISTEN`."""
    seen.page.add_init_script(_LISTEN)
    seen.page.reload()
    seen.rest(600)
    found: dict[str, list[list[float]]] = seen.ask("last")
    return found


def _away(box: list[float], dot: list[float]) -> float:
    left, top, right, bottom = box
    return math.hypot(max(left - dot[0], 0, dot[0] - right), max(top - dot[1], 0, dot[1] - bottom))


@pytest.mark.parametrize("size", SIZES)
def test_the_name_of_an_end_is_nearest_to_its_own_dot(
    browser: Browser, size: tuple[int, int]
) -> None:
    starts = {
        "Milwaukee": (43.04, -87.91), "Minneapolis": (44.98, -93.27), "Chicago": (41.88, -87.63),
        "Madison": (43.07, -89.40), "Saint Paul": (44.94, -93.09), "Des Moines": (41.6, -93.6),
        "Detroit": (42.33, -83.05), "Fargo": (46.87, -96.79), "Omaha": (41.26, -95.93),
        "Rochester": (44.02, -92.47), "Duluth": (46.79, -92.1),
    }  # fmt: skip
    cars = [car(n, name) for n, name in enumerate(starts)]
    drives = {whose.id: [track(starts[whose.name], DENVER, BEGIN, 9)] for whose in cars}
    report = make_report(trip(cars, drives), pictures={})
    with browser.open(FORMATS["html"](report).files["report.html"], size) as seen:
        last = listened(seen)
        names = last["names"]
        assert len(names) >= 4
        # ends are named first, each with its dot
        dots = last["dots"][: len(names)]
        for (name, *box), own in zip(names, dots, strict=True):
            others = [d for d in dots if max(abs(d[0] - own[0]), abs(d[1] - own[1])) >= 16]
            assert all(_away(box, own) <= _away(box, other) for other in others), name


@pytest.mark.parametrize("share", [0.0, 0.35])
@pytest.mark.parametrize("size", SIZES)
def test_no_sign_of_forty_cars_covers_another(
    browser: Browser, size: tuple[int, int], share: float
) -> None:
    cars = [car(n, f"Car {n + 1}") for n in range(40)]
    dice = random.Random(7)
    starts = [(dice.uniform(33, 47), dice.uniform(-118, -88)) for _ in cars]
    drives = {
        whose.id: [track(start, DENVER, BEGIN, 9)]
        for whose, start in zip(cars, starts, strict=True)
    }
    report = make_report(trip(cars, drives), pictures={})
    with browser.open(FORMATS["html"](report).files["report.html"], size) as seen:
        listened(seen)
        seen.ask(
            "share => { const slider = document.getElementById('slider'); "
            "if (share) slider.value = share * slider.max; "
            "slider.dispatchEvent(new Event('input', {bubbles: true})); }",
            share,
        )
        seen.rest(400)
        assert [] == seen.complaints
        discs = seen.ask("last.discs")
        # roundels of one pill touch, as beads of a string; dots of stems are free
        roundels = [(x, y) for x, y, reach in discs if reach == 11]
        dots = [(x, y) for x, y, reach in discs if reach == 4]
        assert roundels
        for a, b in itertools.combinations(roundels, 2):
            assert math.dist(a, b) >= 22.9, (a, b)
        for dot, roundel in itertools.product(dots, roundels):
            assert math.dist(dot, roundel) >= 15, (dot, roundel)


def test_a_pill_of_cars_does_not_hang_out_of_the_map(browser: Browser) -> None:
    cars = [car(n, name) for n, name in enumerate(("Mabel", "Otto"))]
    recordings = {whose.id: [track(STARTS["Mabel"], DENVER, BEGIN, 9)] for whose in cars}
    report = make_report(trip(cars, recordings), pictures={})
    with browser.open(FORMATS["html"](report).files["report.html"], PHONE) as seen:
        painted = seen.ask(
            "(() => { const c = document.getElementById('pucks'), r = c.width / (c.clientWidth || 1); "
            "const below = Math.round((160 + document.getElementById('map').clientHeight) * r); "
            "const some = (top, high) => c.getContext('2d').getImageData(0, top, c.width, high).data.some((v) => v); "
            "return [some(0, below), some(below, c.height - below)]; })()"
        )
        assert [True, False] == painted


@pytest.mark.parametrize("size", SIZES)
def test_photos_that_belong_together_stand_in_rows_that_end_together(
    browser: Browser, size: tuple[int, int]
) -> None:
    with browser.open(FORMATS["html"](barbecue()).files["report.html"], size) as seen:
        left, _, right, _ = box(seen, ".photos")
        photos = seen.ask(
            "[...document.querySelectorAll('.photos .photo')].map((n) => { const b = n.getBoundingClientRect(); "
            "return [b.left, b.top, b.width, b.height]; })"
        )
        assert 9 == len(photos)
        rows = [list(row) for _, row in itertools.groupby(photos, key=lambda one: round(one[1]))]
        # the first alone, over the whole column; then rows of three
        assert [1, 3, 3, 2] == [len(row) for row in rows]
        assert pytest.approx(right - left, abs=1) == rows[0][0][2]
        for row in rows:
            assert pytest.approx(left, abs=1) == row[0][0]
            assert max(one[3] for one in row) - min(one[3] for one in row) < 1
            for (x, _, wide, _), (after, *_) in itertools.pairwise(row):
                assert x + wide < after
        for row in rows[1:3]:
            assert pytest.approx(right, abs=1) == row[-1][0] + row[-1][2]
        # a thumb hits one of them, and an eye knows what is on it
        assert all(wide >= 44 and high >= 44 for _, _, wide, high in photos)


def test_a_photo_of_a_row_opens_as_large_as_the_screen_without_script(browser: Browser) -> None:
    content = FORMATS["html"](barbecue()).files["report.html"]
    with browser.open(content, PHONE, java_script_enabled=False) as seen:
        photos = seen.page.locator(".photo")
        photos.nth(4).click()
        assert PHONE == tuple(round(edge) for edge in box(seen, ".photo:target")[2:])
        said = "getComputedStyle(document.querySelector('.photo:target'), '::after').content"
        assert "Juniper" in seen.ask(said)
        # its neighbours are the ways on and back, and nothing of them covers the caption
        for step, mark, at in ((1, "→", 5), (1, "→", 6), (-1, "←", 5)):
            there = photos.nth(at)
            assert f'"{mark}"' == there.evaluate("(n) => getComputedStyle(n, '::before').content")
            left, top, right, bottom = box(seen, f"#{there.get_attribute('id')}")
            assert (right <= PHONE[0] / 2) == (step < 0)
            assert (left >= PHONE[0] / 2) == (step > 0)
            assert (46, 46) == (round(right - left), round(bottom - top))
            there.click()
            assert 1 == there.evaluate("(n) => n.matches(':target')")
        assert 1 == seen.page.locator(".turn:visible").count()
        seen.page.locator(".shut:visible").click()
        assert 0 == seen.page.locator(".photo:target").count()
        assert seen.page.locator(".entry:target .photo").count()


def test_without_script_one_turns_from_the_photos_of_one_entry_to_those_of_another(
    browser: Browser,
) -> None:
    with browser.open(page(), java_script_enabled=False) as seen:
        photos = seen.page.locator(".photo")
        photos.first.click()
        assert 0 == seen.page.locator(".back:visible").count()
        for n in range(1, photos.count()):
            assert "→" == seen.text(".ahead:visible")
            seen.page.locator(".ahead:visible").click()
            assert photos.nth(n).evaluate("(n) => n.matches(':target')")
        assert 0 == seen.page.locator(".ahead:visible").count()
        seen.page.locator(".back:visible").click()
        assert photos.nth(photos.count() - 2).evaluate("(n) => n.matches(':target')")


def test_a_chart_of_speed_alone_has_its_scale(browser: Browser) -> None:
    whose = car(1, "Heron")
    (line,) = track((45.76, 4.84), (46.2, 6.14), BEGIN, 3).tracks
    flat = Recording("GPX 1.1", "test", (make_track(line.time, line.lat, line.lon),))
    told = make_report(trip([whose], {whose.id: [flat]}), pictures={})
    with browser.open(FORMATS["html"](told).files["report.html"]) as seen:
        assert seen.page.is_visible(".profile.speed")
        assert seen.page.is_visible(".of-speed span")


def test_a_party_too_narrow_for_a_name_has_none_beside_the_ribbon() -> None:
    told = make_report(converging(12), pictures={})
    ids = [member.id for member in told.cast] * 3
    many = replace(
        told,
        cast=told.cast * 3,
        parties=(
            Party("All the others", "Others", tuple(ids[:34])),
            Party("Two", "Two", tuple(ids[34:])),
        ),
    )
    style = style_source(many, None)
    assert ".p1 b{display:none}" in style
    assert ".p0 b{" not in style


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_asks_for_contrast_gets_no_grey_words_and_strong_rules(
    browser: Browser, scheme: str
) -> None:
    look = (
        "['.kicker', '.who time', '.figures dt', '.how', 'thead th', 'html'].map((n) => "
        "getComputedStyle(document.querySelector(n)).color).concat("
        "getComputedStyle(document.querySelector('td')).borderBottomColor)"
    )
    with browser.open(page(), color_scheme=scheme) as seen:
        *words, rule = seen.ask(look)
        assert len(set(words)) > 1
    with browser.open(page(), color_scheme=scheme, contrast="more") as seen:
        *words, strong = seen.ask(look)
        assert len(set(words)) == 1
        assert strong != rule
        # words on the chosen chart are not lost in the strong rule's colour
        chosen = "getComputedStyle(document.querySelector('.switch [aria-pressed=true]'))"
        assert seen.ask(f"{chosen}.backgroundColor") == words[-1]
        assert seen.ask(f"{chosen}.color") != words[-1]


#: of every map that is seen without script: its window, names with their boxes, and marks
_STILL = """[...document.querySelectorAll('.map > .chart, .daymap .chart')].map((map) => {
  const box = (n) => { const b = n.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; };
  const all = (what) => [...map.querySelectorAll(what)].filter((n) => getComputedStyle(n).display !== 'none');
  return {window: box(map.parentNode), ends: all('.l-end').length,
    names: all(':scope > text').map((n) => [n.textContent, ...box(n)]),
    marks: all('.starts > *').map((n) => box(n.querySelector('circle, rect') || n))}; })"""


def _apart(p: list[float], q: list[float], by: float) -> bool:
    return p[2] <= q[0] + by or q[2] <= p[0] + by or p[3] <= q[1] + by or q[3] <= p[1] + by


@pytest.mark.parametrize("size", [SMALL, PHONE, (820, 1180), DESK])
@pytest.mark.parametrize("crowd", [False, True])
def test_without_script_no_mark_covers_a_name_and_no_name_another(
    browser: Browser, size: tuple[int, int], crowd: bool
) -> None:
    content = northern()
    if crowd:
        # flowers of five, four cities
        cars = [car(n, f"Car {n + 1}") for n in range(20)]
        begins = [(47.6, -122.3), (37.77, -122.4), (39.74, -104.98), (33.45, -112.07)]
        drives = {
            whose.id: [track(begins[n % 4], (38.57, -109.55), BEGIN, 9)]
            for n, whose in enumerate(cars)
        }
        told = make_report(trip(cars, drives), pictures={})
        content = FORMATS["html"](told).files["report.html"]
    with browser.open(content, size, java_script_enabled=False) as seen:
        maps = seen.ask(_STILL)
        assert len(maps) >= 2
        # none was left out to make room for others
        assert maps[0]["ends"] >= 4
        for one in maps:
            left, top, right, bottom = one["window"]
            for name, *box in one["names"]:
                assert left <= box[0] < box[2] <= right, name
                assert top <= box[1] < box[3] <= bottom, name
                # a name's box has room above and below its letters
                assert all(_apart(box, mark, 4) for mark in one["marks"]), name
            for (name, *p), (other, *q) in itertools.combinations(one["names"], 2):
                assert _apart(p, q, 4), (name, other)


@pytest.mark.parametrize("locale", ["de", "es"])
@pytest.mark.parametrize("size", SIZES)
def test_no_line_of_a_heading_begins_with_a_dash_and_no_date_is_broken_that_fits(
    browser: Browser, size: tuple[int, int], locale: str
) -> None:
    whole = converging(3)
    told = make_report(part_of(whole, day=whole.days[0]), pictures={}, words=words_for(locale))
    # the first letter of each line
    lines = """(which) => [...document.querySelectorAll(which)].flatMap((node) => {
      const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT), range = document.createRange();
      const found = []; let last = -1;
      for (let text; (text = walker.nextNode());) for (let n = 0; n < text.length; n++) {
        if (text.parentNode.matches('.unseen') || !text.data[n].trim()) continue;
        range.setStart(text, n); range.setEnd(text, n + 1);
        const {bottom} = range.getBoundingClientRect();
        if (Math.abs(bottom - last) > 8) found.push(text.data.slice(n)); last = bottom; }
      return found; })"""
    with browser.open(next(iter(FORMATS["html"](told).files.values())), size) as seen:
        found = seen.ask(lines, "h1, .sign h2")
        assert len(found) >= 3
        assert not [text for text in found if text[0] in "–0123456789"]
        # the part stands below the trip, smaller
        title, part = (
            seen.ask(f"parseFloat(getComputedStyle(document.querySelector('{one}')).fontSize)")
            for one in ("h1", "h1 small")
        )
        assert part < 0.7 * title
        assert 1 == seen.ask("document.querySelector('.days-of').getClientRects().length")
        assert 1 == len(seen.ask(lines, ".days-of"))


def test_on_a_phone_five_figures_stand_in_a_row(browser: Browser) -> None:
    with browser.open(northern(locale="de"), PHONE) as seen:
        tops = seen.ask(
            "[...document.querySelectorAll('.figures div')].map((n) => n.getBoundingClientRect().top)"
        )
        assert 5 == len(tops)
        assert 1 == len(set(tops))


def test_the_scale_keeps_its_room_before_it_has_words(browser: Browser) -> None:
    # names and dots of towns stay out of where it is measured, which is before
    with browser.open(page()) as seen:
        high = "document.getElementById('scale').offsetHeight"
        said = seen.ask(high)
        assert said >= 14
        assert said == seen.ask(f"(document.querySelector('#scale i').textContent = '', {high})")


@pytest.mark.parametrize("count", [7, 12])
def test_beside_the_ribbon_of_one_party_stand_its_cars_each_at_its_lane(
    browser: Browser, count: int
) -> None:
    cars = [car(n, f"Car {n + 1}") for n in range(count)]
    drives = {
        whose.id: [track(STARTS["Mabel"], DENVER, BEGIN + timedelta(minutes=n), 9)]
        for n, whose in enumerate(cars)
    }
    told = make_report(trip(cars, drives), pictures={})
    assert 1 == len(told.parties)
    with browser.open(FORMATS["html"](told).files["report.html"]) as seen:
        heads = seen.ask(
            "[...document.querySelectorAll('.heads .disc')].map((n) => { const b = n.getBoundingClientRect(); "
            "return [b.left, b.top, b.right, b.bottom]; })"
        )
        left, top, right, bottom = box(seen, ".heads")
        assert count == len(heads)
        for n, (a, b, c, d) in enumerate(heads):
            assert left <= a < c <= right
            assert (b + d) / 2 == pytest.approx(top + (n + 0.5) / count * (bottom - top), abs=1.5)
        # each number is to be read
        assert all(_apart(p, q, 3) for p, q in itertools.combinations(heads, 2))


@pytest.mark.parametrize("size", [PHONE, SMALL])
@pytest.mark.parametrize("locale", ["de", "es"])
def test_a_row_of_a_table_that_scrolls_is_not_a_column_of_words(
    browser: Browser, size: tuple[int, int], locale: str
) -> None:
    report = make_report(converging(5), pictures={}, words=words_for(locale))
    with browser.open(FORMATS["html"](report).files["report.html"], size) as seen:
        high = seen.ask(
            "[...document.querySelectorAll('.tall table:not(.matrix) tbody td:not([class])')].map((n) => {"
            " const range = document.createRange(); range.selectNodeContents(n);"
            " return range.getBoundingClientRect().height; })"
        )
        assert len(high) >= 5
        # three lines of writing at most
        assert max(high) <= 80
        assert 0 == seen.ask("document.documentElement.scrollWidth - innerWidth")
