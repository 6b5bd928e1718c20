"""The report in a real browser: one clock, four views, by hand, keys and finger."""

from __future__ import annotations

import base64
import itertools
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from convoylog.model.photos import Picture
from convoylog.model.tracks import Recording, make_track
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from tests.reports.browser import DESK, PHONE, SMALL, Browser, Seen
from tests.reports.oklab import contrast
from tests.reports.trips import (
    BEGIN,
    DENVER,
    STARTS,
    car,
    converging,
    note,
    photo,
    track,
    trip,
)


@cache
def page(count: int = 5) -> bytes:
    """Cars that drive to Denver in two days, with notes and, of the first, photos."""
    if count != 5:
        return FORMATS["html"](make_report(converging(count), pictures={})).files["report.html"]
    cars = [car(n, name, driver=f"Driver {n}") for n, name in enumerate(list(STARTS)[:5])]
    recordings = {
        whose.id: [
            track(STARTS[whose.name], DENVER, BEGIN, 9 + n % 3),
            track(DENVER, (39.66, -105.88), BEGIN + timedelta(hours=27, minutes=n), 2),
        ]
        for n, whose in enumerate(cars)
    }
    told = [
        note(
            10 * n + k,
            whose,
            BEGIN + timedelta(hours=h, minutes=7 * n),
            f"{whose.name}, {k}. " * 30,
        )
        for n, whose in enumerate(cars)
        for k, h in enumerate((2, 5, 28))
    ]
    photos = [photo(cars[0], n, f"2026-06-11T{8 + n:02d}:10:00") for n in range(1, 9)]
    seen = trip(cars, recordings, told, photos)
    pictures = {p.sha256: picture(int(p.sha256, 16)) for p in photos}
    return FORMATS["html"](make_report(seen, pictures=pictures)).files["report.html"]


def picture(n: int) -> Picture:
    buffer = BytesIO()
    Image.effect_mandelbrot((600, 400), (-2, -1.5, 1, 1.5), 20 + n).convert("RGB").save(
        buffer, "JPEG"
    )
    return Picture(f"{n:064x}", 600, 400, buffer.getvalue())


def hand(seen: Seen) -> float:
    """Where the cursor stands over the ribbon, pixels from its left."""
    return float(
        seen.ask("new DOMMatrix(getComputedStyle(document.getElementById('hand')).transform).e")
    )


def painted(seen: Seen, ident: str = "cars") -> str:
    """The pixels of a canvas, as text."""
    return str(seen.ask("(id) => document.getElementById(id).toDataURL()", ident))


def active(seen: Seen) -> str:
    return str(seen.ask("document.querySelector('.entry.now')?.id || ''"))


# --- one file, quiet, closed


def test_the_page_asks_for_nothing_and_complains_of_nothing(browser: Browser) -> None:
    with browser.open(page()) as seen:
        seen.page.click("#play")
        seen.rest(300)
        seen.page.click("#play")
        seen.page.click("#nearer")
        seen.page.click("#theme")
        seen.page.click("button[data-day='2']")
        seen.page.click("button[data-car='1']")
        seen.page.click(".photo")
        seen.page.keyboard.press("ArrowRight")
        seen.page.keyboard.press("Escape")
        seen.page.emulate_media(media="print")
        seen.rest()
        fetched = [url for url in seen.requests if not url.startswith("data:")]
        assert 1 == len(fetched)
        assert [] == seen.complaints


@pytest.mark.parametrize(
    "attempt",
    [
        "document.body.innerHTML = '<b>x</b>'",
        "document.body.insertAdjacentHTML('beforeend', '<b>x</b>')",
        "document.write('x')",
    ],
)
def test_text_cannot_become_a_page_or_a_program(browser: Browser, attempt: str) -> None:
    with browser.open(page()) as seen:
        told = seen.ask(
            f"() => {{ try {{ {attempt}; return ''; }} catch (e) {{ return e.name; }} }}"
        )
        assert told == "TypeError"


def test_nothing_can_be_fetched_and_no_style_slips_in(browser: Browser) -> None:
    with browser.open(page()) as seen:
        assert "refused" == seen.ask(
            "fetch('https://example.org/').then(() => 'fetched', () => 'refused')"
        )
        seen.ask("document.body.setAttribute('style', 'color: rgb(1, 2, 3)')")
        assert "rgb(1, 2, 3)" != seen.ask("getComputedStyle(document.body).color")


def test_the_map_is_seen_before_the_script_unpacks_and_paints(browser: Browser) -> None:
    window = "document.querySelector('.map > .chart').getAttribute('viewBox')"
    name = ".map > .chart text"
    with browser.open(page()) as seen:
        drawn = seen.ask(window)
        # nothing comes after the first picture of the stage, which is shown by the first two calls
        seen.page.add_init_script(
            "let left = 2; const later = setTimeout;"
            "window.setTimeout = (work, ms) => (left-- > 0 ? later(work, ms) : 0)"
        )
        seen.page.reload()
        seen.page.wait_for_selector("#stage:not(.soon)")
        seen.rest()
        assert seen.page.locator(".map > .chart .way").first.is_visible()
        assert not seen.page.is_visible("#base")
        # its window is the live map's, which alone sets names for it
        assert drawn != seen.ask(window)
        assert not seen.page.locator(name).first.is_visible()
        seen.page.emulate_media(media="print")
        assert seen.page.locator(name).first.is_visible()


# --- one clock


def test_hovering_the_ribbon_moves_clock_cursor_and_cars(browser: Browser) -> None:
    with browser.open(page()) as seen:
        before, picture_before = seen.text("#clock"), painted(seen, "pucks")
        box = seen.page.locator("#cursor").bounding_box()
        seen.page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 20)
        seen.rest()
        assert before != seen.text("#clock")
        assert box["width"] * 0.4 == pytest.approx(hand(seen), abs=2)
        assert picture_before != painted(seen, "pucks")
        assert "km" in seen.text("#said")
        seen.page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] - 10)
        seen.rest()
        assert box["width"] * 0.4 == pytest.approx(hand(seen), abs=2)


def test_hovering_a_track_tells_of_it_and_moves_the_clock(browser: Browser) -> None:
    with browser.open(page()) as seen:
        box = seen.page.locator("#map").bounding_box()
        told = ""
        # along a column some track must be met
        for y in range(80, int(box["height"]) - 40, 6):
            seen.page.mouse.move(box["x"] + box["width"] * 0.62, box["y"] + y)
            seen.rest(15)
            if seen.page.is_visible("#tip"):
                told = seen.text("#tip")
                break
        assert any(name in told for name in STARTS)
        assert "km" in told
        seen.rest()
        assert hand(seen) > 0


def test_a_pin_leads_to_its_entry_and_sets_the_clock(browser: Browser) -> None:
    with browser.open(page()) as seen:
        # one that stands for a single entry
        seen.page.locator(".pinned:has(em[hidden])").last.click()
        seen.rest(400)
        anchor = active(seen)
        assert anchor
        box = seen.page.locator(f"#{anchor}").bounding_box()
        assert box["y"] < DESK[1] * 0.75
        assert box["y"] + box["height"] > DESK[1] * 0.25
        assert seen.text(f"#{anchor} time") in seen.text("#clock")


def test_scrolling_to_an_entry_sets_its_time_and_day_and_does_not_move_the_page(
    browser: Browser,
) -> None:
    with browser.open(page()) as seen:
        for anchor in ("e4", "e12"):
            seen.rest(250)
            seen.ask(
                "(id) => document.getElementById(id).scrollIntoView({block: 'center'})", anchor
            )
            at = seen.ask("scrollY")
            seen.rest(500)
            assert anchor == active(seen)
            assert seen.text(f"#{anchor} time") in seen.text("#clock")
            assert at == seen.ask("scrollY")
            day = seen.ask(
                "(id) => document.getElementById(id).closest('.chapter').dataset.day", anchor
            )
            assert "true" == seen.page.get_attribute(f"button[data-day='{day}']", "aria-pressed")


def metres_a_pixel(seen: Seen) -> float:
    """As the scale on the map says."""
    number, unit = seen.text("#scale").replace(",", "").split()
    wide = seen.ask("document.querySelector('#scale i').getBoundingClientRect().width")
    assert 40 <= wide <= 110
    return float(number) * {"km": 1000.0, "m": 1.0}[unit] / float(wide)


def test_the_scale_follows_the_map_and_is_as_long_as_it_says(browser: Browser) -> None:
    with browser.open(page()) as seen:
        for _ in range(8):
            seen.page.click("#farther")
            seen.rest(60)
        seen.rest(600)
        # as far out as one may go the ground fills the window
        far = seen.ask(
            "(() => { const told = JSON.parse(document.getElementById('told').textContent);"
            "const [left, top, right, bottom] = told.frame, map = document.getElementById('map');"
            "return told.metres / Math.max(map.clientWidth / (right - left), map.clientHeight / (bottom - top)); })()"
        )
        assert metres_a_pixel(seen) == pytest.approx(far, rel=0.02)
        for _ in range(3):
            seen.page.click("#nearer")
            seen.rest(700)
            far /= 1.8
            assert metres_a_pixel(seen) == pytest.approx(far, rel=0.02)


def test_a_map_of_the_world_has_no_scale(browser: Browser) -> None:
    solo = car(0, "Solo")
    ways = [
        track((40.7, -74.0), (48.9, 2.3), BEGIN, 9),
        track((48.9, 2.3), (-33.9, 151.2), BEGIN + timedelta(days=2), 20),
    ]
    text = FORMATS["html"](make_report(trip([solo], {solo.id: ways}), pictures={})).files[
        "report.html"
    ]
    assert b'id="scale"' not in text
    assert b'class="bar-of"' not in text.partition(b'<div class="bar">')[0]
    with browser.open(text) as seen:
        assert [] == seen.complaints


def test_a_window_lower_than_the_map_is_no_error(browser: Browser) -> None:
    with browser.open(page(), (390, 110)) as seen:
        seen.ask("document.querySelector('.entry').scrollIntoView()")
        seen.rest(200)
        assert [] == seen.complaints


def test_however_far_one_jumps_the_clock_is_at_the_last_thing_above_the_middle(
    browser: Browser,
) -> None:
    reached = """(share) => {
        scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * share);
        const above = [...document.querySelectorAll(".entry")].filter(
            (node) => node.getBoundingClientRect().top < innerHeight / 2);
        return above.length ? above[above.length - 1].id : "";
    }"""
    with browser.open(page()) as seen:
        told = set()
        for share in (0.5, 0.2, 0.33, 0.61, 0.25, 0.1, 0.45, 0.7, 0.3):
            anchor = seen.ask(reached, share)
            seen.rest(300)
            assert anchor == active(seen)
            told.add(anchor)
        assert len(told) > 4
        assert "" == seen.ask(reached, 0)
        seen.rest(300)
        assert "true" == seen.page.get_attribute("button[data-day='0']", "aria-pressed")


def test_a_place_of_an_entry_comes_into_sight(browser: Browser) -> None:
    with browser.open(page()) as seen:
        seen.page.locator("#e14 .place").click()
        seen.rest(300)
        pin = seen.page.locator(".pinned.now").bounding_box()
        box = seen.page.locator("#map").bounding_box()
        assert box["x"] < pin["x"] < box["x"] + box["width"]
        assert box["y"] < pin["y"] < box["y"] + box["height"]


def test_a_day_shows_its_map_and_its_chapter(browser: Browser) -> None:
    with browser.open(page()) as seen:
        before = painted(seen, "base")
        seen.page.click("button[data-day='2']")
        seen.rest(400)
        assert before != painted(seen, "base")
        top = seen.page.locator("#day-2").bounding_box()["y"]
        assert abs(top) < 60
        assert "false" == seen.page.get_attribute("#whole", "aria-pressed")


def test_play_runs_pauses_goes_on_and_stops_at_the_end(browser: Browser) -> None:
    with browser.open(page(), reduced_motion="no-preference") as seen:
        seen.page.click("#play")
        seen.rest(500)
        assert "Pause" == seen.page.get_attribute("#play", "aria-label")
        seen.page.click("#play")
        # what the last frame of play moved is shown in the next one
        seen.rest(250)
        first = hand(seen)
        seen.rest(250)
        assert 0 < first == hand(seen)
        seen.page.click("#play")
        seen.rest(400)
        assert first < hand(seen)
        seen.page.focus("#slider")
        seen.page.keyboard.press("End")
        seen.page.keyboard.press("ArrowLeft")
        seen.page.click("#play")
        seen.rest(900)
        assert "Play" == seen.page.get_attribute("#play", "aria-label")


def test_without_motion_play_goes_in_steps(browser: Browser) -> None:
    with browser.open(page()) as seen:
        seen.page.click("#play")
        seen.rest(500)
        assert 0 == hand(seen)
        seen.rest(800)
        assert 0 < hand(seen)


def test_the_slider_obeys_the_keys_and_says_date_and_time(browser: Browser) -> None:
    with browser.open(page()) as seen:
        seen.page.focus("#slider")

        def told(key: str) -> str:
            seen.page.keyboard.press(key)
            seen.rest(60)
            return str(seen.page.get_attribute("#slider", "aria-valuetext"))

        start = told("Home")
        assert re.fullmatch(r"Thursday, 11 June 2026, 08:00", start)
        assert "Thursday, 11 June 2026, 08:01" == told("ArrowRight")
        assert "Thursday, 11 June 2026, 09:01" == told("PageUp")
        assert "Thursday, 11 June 2026, 08:01" == told("PageDown")
        assert "Friday, 12 June 2026" in told("End")
        assert start == told("Home")


def test_a_car_is_switched_off_and_on(browser: Browser) -> None:
    with browser.open(page()) as seen:
        pins, before = seen.page.locator(".pinned:visible").count(), painted(seen)
        seen.page.click("button[data-car='0']")
        seen.rest(250)
        assert before != painted(seen)
        assert seen.page.locator(".pinned:visible").count() < pins
        seen.page.click("button[data-car='0']")
        seen.rest(250)
        assert pins == seen.page.locator(".pinned:visible").count()


def test_the_map_zooms_under_the_wheel_and_moves_under_the_hand(browser: Browser) -> None:
    with browser.open(page()) as seen:
        box = seen.page.locator("#map").bounding_box()
        pictures = [painted(seen, "base")]
        seen.page.mouse.move(box["x"] + 300, box["y"] + 300)
        seen.page.mouse.wheel(0, -400)
        seen.rest(350)
        pictures.append(painted(seen, "base"))
        seen.page.mouse.down()
        seen.page.mouse.move(box["x"] + 400, box["y"] + 350, steps=4)
        seen.page.mouse.up()
        seen.rest(350)
        pictures.append(painted(seen, "base"))
        seen.page.focus("#map")
        seen.page.keyboard.press("ArrowLeft")
        seen.rest(350)
        pictures.append(painted(seen, "base"))
        assert 4 == len(set(pictures))


# --- photos


def test_the_lightbox_turns_closes_and_gives_the_focus_back(browser: Browser) -> None:
    with browser.open(page()) as seen:
        first = seen.page.locator(".photo").first
        first.focus()
        seen.page.keyboard.press("Enter")
        assert seen.page.locator("dialog[open] img").is_visible()
        assert "1 of 8" == seen.text("#light-count")
        seen.page.keyboard.press("ArrowRight")
        assert "2 of 8" == seen.text("#light-count")
        seen.page.keyboard.press("ArrowLeft")
        seen.page.keyboard.press("Escape")
        assert 0 == seen.page.locator("dialog[open]").count()
        assert first.evaluate("(a) => a === document.activeElement")


def test_few_photos_are_decoded_before_anybody_scrolls(browser: Browser) -> None:
    # forty more of them, far down; each its own address, so that no other's being there counts
    content = page()
    found = re.search(rb'<a class="photo[ "].*?</a>', content, re.DOTALL)
    assert found
    many = b"".join(
        re.sub(rb'id="[^"]*"', b"", found[0]).replace(b";base64,", b";n=%d;base64," % n)
        for n in range(40)
    )
    content = content.replace(b"</main>", many + b"</main>")
    with browser.open(content) as seen:
        seen.rest(300)
        assert 48 == seen.page.locator(".photo img").count()
        decoded = "[...document.querySelectorAll('.photo img')].map((i) => i.naturalWidth > 0)"
        assert 1 <= sum(seen.ask(decoded)) <= 6
        # and who scrolls to it sees it
        assert not seen.ask(decoded)[-1]
        seen.ask("window.scrollTo(0, document.body.scrollHeight)")
        seen.rest(800)
        assert seen.ask(decoded)[-1]


# --- everywhere


def test_without_script_everything_is_there_and_no_control_is(browser: Browser) -> None:
    with browser.open(page(), java_script_enabled=False) as seen:
        for selector in (
            ".map svg.chart",
            "svg.ribbon",
            "svg.elevation",
            "#e1",
            "table",
            ".daymap svg",
        ):
            assert seen.page.locator(selector).first.is_visible(), selector
        for selector in ("#play", "#slider", "canvas", ".zoom", "#theme", "button"):
            assert not seen.page.locator(selector).first.is_visible(), selector
        assert 8 == seen.page.locator(".photo img").count()


@pytest.mark.parametrize("size", [DESK, PHONE, SMALL])
def test_a_word_without_end_widens_no_page(browser: Browser, size: tuple[int, int]) -> None:
    cars = [car(n, f"{n}" + "Donaudampfschiff" * 5, driver="D" * 90) for n in range(2)]
    recordings = {cars[0].id: [track(DENVER, (39.66, -105.88), BEGIN, 2)]}
    told = [note(1, cars[0], BEGIN, "W" * 300, title="T" * 90, tags=("t" * 90,))]
    report = make_report(trip(cars, recordings, told, title="T" * 90), pictures={})
    with browser.open(FORMATS["html"](report).files["report.html"], size) as seen:
        assert size[0] >= seen.ask("document.documentElement.scrollWidth")


@pytest.mark.parametrize("size", [DESK, PHONE, SMALL, (360, 640)])
def test_no_page_scrolls_sideways(browser: Browser, size: tuple[int, int]) -> None:
    for count in (5, 12):
        with browser.open(page(count), size) as seen:
            assert size[0] >= seen.ask("document.documentElement.scrollWidth")


@pytest.mark.parametrize("size", [PHONE, SMALL])
def test_on_a_phone_what_stays_leaves_room_to_read(browser: Browser, size: tuple[int, int]) -> None:
    with browser.open(page(), size, has_touch=True) as seen:
        seen.ask("window.scrollTo(0, 2500)")
        seen.rest(200)
        box = seen.page.locator("#stage").bounding_box()
        assert 0 == box["y"]
        assert size[1] * 0.45 >= box["height"]
        assert seen.page.locator("svg.ribbon").is_visible()


def test_night_comes_by_the_system_and_by_the_button(browser: Browser) -> None:
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    with browser.open(page(), color_scheme="dark") as seen:
        night = painted(seen, "base")
        assert "rgb(18, 23, 29)" == seen.ask(paper)
        seen.page.click("#theme")
        seen.rest(250)
        assert "rgb(250, 247, 240)" == seen.ask(paper)
        assert night != painted(seen, "base")
        seen.page.click("#theme")
        seen.rest(250)
        assert "rgb(18, 23, 29)" == seen.ask(paper)


def drawn_dashes(seen: Seen, count: int) -> list[list[float]]:
    """The dashes of each car's line as the canvas is told them."""
    seen.ask(
        "() => { const of = CanvasRenderingContext2D.prototype, set = of.setLineDash; window.dashes = []; "
        "of.setLineDash = function (dash) { if (this.canvas.id === 'cars') window.dashes.push(dash); "
        "return set.call(this, dash); }; }"
    )
    seen.page.click("#theme")
    seen.rest(300)
    return [list(dash) for dash in seen.ask("window.dashes")][:count]


def test_with_colours_only_the_last_four_of_twelve_cars_are_dashed(browser: Browser) -> None:
    with browser.open(page(12)) as seen:
        assert [False] * 8 + [True] * 4 == [bool(dash) for dash in drawn_dashes(seen, 12)]


def test_lines_differ_in_forced_colours_too(browser: Browser) -> None:
    for count in (5, 12):
        with browser.open(page(count), forced_colors="active") as seen:
            for lines in (".lane", ".chart > .way:not(.gap)"):
                dashes = seen.ask(
                    "(lines) => [...document.querySelectorAll(lines)].map((l) => "
                    "`${[...l.classList].find((c) => /^c\\d/.test(c))} ${getComputedStyle(l).strokeDasharray}`)",
                    lines,
                )
                # each car's own: as many as cars, whatever the colours
                assert count == len(set(dashes)) == len({one.split(" ", 1)[1] for one in dashes})
            assert count == len({tuple(one) for one in drawn_dashes(seen, count)})
            numbers = seen.page.locator(".cast .disc:visible")
            assert [str(n + 1) for n in range(count)] == numbers.all_inner_texts()


def test_in_forced_colours_the_cursor_and_what_is_read_are_seen(browser: Browser) -> None:
    with browser.open(page(), forced_colors="active") as seen:
        assert seen.ask(
            "['#hand', '.entry::after'].map((which) => { const [node, part] = which.split('::'); "
            "const own = getComputedStyle(document.querySelector(node), part ? `::${part}` : null).backgroundColor; "
            "return own !== getComputedStyle(document.body).backgroundColor && own !== 'rgb(255, 255, 255)'; })"
        ) == [True, True]
        # the ring of what is chosen lies within its row, which hides what leaves it
        assert [True, True] == seen.ask(
            "['.days', '.switch'].map((row) => { const s = getComputedStyle(document.querySelector("
            "`${row} [aria-pressed=true]`)); return parseFloat(s.outlineOffset) <= -parseFloat(s.outlineWidth); })"
        )
        # roundels go with their tracks, and a day's sign has an edge where its green is gone
        rings = seen.ask(
            "[...document.querySelectorAll('.cast .disc')].map((n) => getComputedStyle(n).borderTopColor)"
        )
        assert 5 == len(set(rings))
        assert "2px" == seen.ask(
            "getComputedStyle(document.querySelector('.sign > div')).borderTopWidth"
        )


def test_the_tab_key_goes_through_the_page_in_reading_order(browser: Browser) -> None:
    with browser.open(page()) as seen:
        order: list[str] = []
        for _ in range(60):
            seen.page.keyboard.press("Tab")
            what = seen.ask(
                "(() => { const a = document.activeElement; return a.id || (a.dataset.day ? 'day' : "
                "a.dataset.car ? 'car' : a.dataset.chart ? 'chart' : a.classList.contains('pinned') ? 'pin' : "
                "a.closest('.story') ? 'story' : a.className); })()"
            )
            if not order or order[-1] != what:
                order.append(what)
            if what == "story":
                break
        assert [
            "skip", "map", "whole", "day", "car", "theme", "nearer", "farther", "fit", "pin",
            "play", "chart", "slider", "story",
        ] == order  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_where_the_focus_is_can_be_seen(browser: Browser, scheme: str) -> None:
    with browser.open(page(), color_scheme=scheme) as seen:
        seen.page.click("#whole")
        rings = []
        for _ in range(40):
            seen.page.keyboard.press("Tab")
            # the slider shows it around ribbon and chart
            rings.append(
                seen.ask(
                    "(() => { let a = document.activeElement; if (a.id === 'slider') a = a.parentElement; "
                    "const ring = getComputedStyle(a); let under = a, paper; "
                    "do { under = under.parentElement; paper = getComputedStyle(under).backgroundColor; } "
                    "while (paper === 'rgba(0, 0, 0, 0)' && under.parentElement); "
                    "return [a.id || a.className, ring.outlineStyle, parseFloat(ring.outlineWidth), "
                    "ring.outlineColor, paper]; })()"
                )
            )
            if rings[-1][0] == "place":
                break
        assert rings[-1][0] == "place", rings
        faint = [
            one
            for one in rings
            if one[1] == "none" or one[2] < 2 or contrast(_hex(one[3]), _hex(one[4])) < 3
        ]
        assert [] == faint


def _hex(colour: str) -> str:
    """`rgb(1, 2, 3)` as `#010203`."""
    return "#" + "".join(f"{int(n):02x}" for n in re.findall(r"\d+", colour)[:3])


@pytest.mark.parametrize(("motion", "flies"), [("reduce", False), ("no-preference", True)])
def test_without_motion_the_map_does_not_fly(browser: Browser, motion: str, flies: bool) -> None:
    with browser.open(page(), reduced_motion=motion) as seen:
        pins = "[...document.querySelectorAll('.pinned')].map((p) => p.style.transform).join()"
        seen.page.clock.install(time=datetime(2026, 6, 11, tzinfo=UTC))
        seen.page.clock.pause_at(datetime(2026, 6, 11, 1, tzinfo=UTC))
        before = seen.ask(pins)
        seen.ask("document.querySelector('button[data-day=\"2\"]').click()")
        seen.page.clock.run_for(200)
        halfway = seen.ask(pins)
        seen.page.clock.run_for(2000)
        after = seen.ask(pins)
        assert before != after
        assert flies == (halfway != after)


def test_charts_have_titles_and_their_numbers_stand_in_tables(browser: Browser) -> None:
    with browser.open(page()) as seen:
        unnamed = seen.ask(
            "[...document.querySelectorAll('svg')].filter((s) => !s.closest('[aria-hidden=true]') && "
            "s.getAttribute('aria-hidden') !== 'true' && !s.querySelector(':scope > title')?.textContent)"
            ".map((s) => s.outerHTML.slice(0, 90))"
        )
        assert [] == unnamed
        for selector in ("svg.ribbon", "svg.elevation", "svg.speed"):
            assert seen.ask(f"document.querySelector('{selector} > title').textContent.length > 3")
        heads = seen.page.locator(".numbers thead th").all_inner_texts()
        assert {"Top km/h", "Highest m", "In convoy"} <= set(heads)


def test_the_page_is_light_enough_for_a_phone(browser: Browser) -> None:
    with browser.open(page()) as seen:
        nodes = seen.ask("document.querySelectorAll('*').length")
        assert nodes <= 1500 + 12 * seen.ask("document.querySelectorAll('.entry').length")
        told = seen.page.context.new_cdp_session(seen.page)
        told.send("HeapProfiler.collectGarbage")
        assert told.send("Runtime.getHeapUsage")["usedSize"] < 20_000_000


def test_what_can_be_pressed_is_large_enough(browser: Browser) -> None:
    for size in (DESK, PHONE):
        with browser.open(page(), size) as seen:
            small = seen.ask(
                "[...document.querySelectorAll('button')].filter((b) => { const r = "
                "b.getBoundingClientRect(); return r.width && (r.width < 24 || r.height < 24); })"
                ".map((b) => b.outerHTML.slice(0, 90))"
            )
            assert [] == small


def test_headings_nest_and_times_are_times(browser: Browser) -> None:
    with browser.open(page()) as seen:
        levels = seen.ask("[...document.querySelectorAll('h1,h2,h3,h4')].map((h) => +h.tagName[1])")
        assert 1 == levels.count(1) == levels[0]
        assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
        assert "en" == seen.ask("document.documentElement.lang")
        assert all(
            re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", stamp)
            for stamp in seen.ask("[...document.querySelectorAll('time')].map((t) => t.dateTime)")
        )


def test_a_screen_reader_is_told_at_most_once_a_second(browser: Browser) -> None:
    with browser.open(page()) as seen:
        seen.ask(
            "window.told = 0; new MutationObserver(() => window.told++)"
            ".observe(document.getElementById('live'), {childList: true, characterData: true, subtree: true})"
        )
        seen.page.focus("#slider")
        for _ in range(12):
            seen.page.keyboard.press("PageUp")
            seen.rest(60)
        assert 1 <= seen.ask("window.told") <= 3


def test_map_and_dock_go_when_the_story_ends(browser: Browser) -> None:
    for size in (DESK, PHONE):
        with browser.open(page(), size) as seen:
            seen.ask("document.querySelector('.numbers').scrollIntoView()")
            seen.rest(200)
            box = seen.page.locator("#stage").bounding_box()
            assert box["y"] + box["height"] <= 1


# --- many cars, many photos, numbers that lead somewhere


@cache
def crowd() -> bytes:
    """Eight cars, four of each of two cities."""
    cars = [car(n, name) for n, name in enumerate(list(STARTS)[:8])]
    recordings = {
        whose.id: [track(STARTS["Otto" if n % 2 else "Mabel"], DENVER, BEGIN, 9)]
        for n, whose in enumerate(cars)
    }
    told = [note(1, cars[0], BEGIN + timedelta(hours=2), "Off we go.")]
    report = make_report(trip(cars, recordings, told), pictures={})
    return FORMATS["html"](report).files["report.html"]


def test_a_group_of_cars_is_switched_off_by_the_keys_and_its_cars_one_by_one(
    browser: Browser,
) -> None:
    with browser.open(crowd(), SMALL) as seen:
        pressed = (
            "[...document.querySelectorAll('button.party, button[data-car]')]"
            ".map((b) => b.getAttribute('aria-pressed'))"
        )
        seen.page.focus("#crowd summary")
        seen.page.keyboard.press("Enter")
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("Enter")
        seen.rest()
        assert ["false"] * 5 + ["true"] * 5 == seen.ask(pressed)
        assert "4 of 8 cars" == seen.text("#crowd summary")
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("Enter")
        seen.rest()
        assert ["mixed", "true"] == seen.ask(pressed)[:2]
        seen.page.keyboard.press("Escape")
        assert not seen.page.locator("button.party").first.is_visible()
        assert "SUMMARY" == seen.ask("document.activeElement.tagName")


def test_without_script_groups_of_cars_are_a_list_to_open(browser: Browser) -> None:
    with browser.open(crowd(), java_script_enabled=False) as seen:
        seen.page.click("#crowd summary")
        assert seen.page.locator("#crowd a").first.is_visible()
        assert not seen.page.locator("#crowd button").first.is_visible()
        assert 0 == seen.page.locator(".numbers button").count()


def test_a_border_in_the_numbers_leads_to_its_time_and_place(browser: Browser) -> None:
    with browser.open(page()) as seen:
        before = seen.text("#clock")
        last = seen.page.locator(".tall .go").last
        last.scroll_into_view_if_needed()
        last.click()
        seen.rest(300)
        assert before != seen.text("#clock")
        assert seen.page.locator("#stage").bounding_box()["y"] >= -1
        assert "slider" == seen.ask("document.activeElement.id")


def test_every_region_in_the_numbers_leads_somewhere(browser: Browser) -> None:
    with browser.open(page()) as seen:
        regions = seen.page.locator(".states li")
        assert regions.count() == seen.page.locator(".states li .go").count() > 0


def test_what_shares_a_pin_can_be_parted_or_is_listed(browser: Browser) -> None:
    with browser.open(page()) as seen:
        shared = (
            "[...document.querySelectorAll('.pinned em')].map((e) => e.hidden ? 0 : +e.textContent)"
        )
        before = sum(seen.ask(shared))
        assert before
        # nearer and nearer, until what is left lies at one place
        for _ in range(12):
            counts = seen.ask(shared)
            if not any(counts) or seen.page.locator(".heap").count():
                break
            which = counts.index(max(counts))
            seen.ask(f"document.querySelectorAll('.pinned')[{which}].click()")
            seen.rest(250)
        assert not any(seen.ask(shared)) or 2 <= seen.page.locator(".heap button").count()


@cache
def camp() -> bytes:
    """Two cars that stay at one place for days and have much to say there."""
    cars = [car(n, name) for n, name in enumerate(("Heron", "Juniper"))]
    ways = {c.id: [track((40.2, -104.0), DENVER, BEGIN, 2)] for c in cars}
    told = [
        note(n, cars[n % 2], BEGIN + timedelta(hours=4 + 2 * n), f"Word {n}.", position=DENVER)
        for n in range(30)
    ]
    report = make_report(trip(cars, ways, told), pictures={})
    return FORMATS["html"](report).files["report.html"]


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_list_at_a_pin_tells_of_whom_and_when_and_how_much_there_is(
    browser: Browser, size: tuple[int, int]
) -> None:
    with browser.open(camp(), size) as seen:
        for _ in range(8):
            if seen.page.locator(".heap").count():
                break
            seen.ask("document.querySelector('.pinned:has(em:not([hidden]))').click()")
            seen.rest(250)
        lines = [line for line in seen.text(".heap").split("\n") if line]
        assert "30 photos and notes here" == lines[0]
        days = [n for n, line in enumerate(lines) if line.endswith(" Jun")]
        assert ["Thu 11 Jun", "Fri 12 Jun", "Sat 13 Jun"] == [lines[n] for n in days][:3]
        assert ["1", "Heron", "11:00"] == lines[days[0] + 1 : days[0] + 4]
        # more than is seen fades, and all of it lies within the window
        assert seen.ask("(h => h.scrollHeight > h.clientHeight)(document.querySelector('.heap'))")
        after = "getComputedStyle(document.querySelector('.heap'), '::after')"
        assert ["sticky", True] == seen.ask(
            f"[{after}.position, {after}.background.includes('gradient')]"
        )
        box = seen.page.locator(".heap").bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= size[1]


def test_everything_that_opens_on_a_screen_stands_open_on_paper(browser: Browser) -> None:
    with browser.open(page(), java_script_enabled=False) as seen:
        seen.page.emulate_media(media="print")
        table = seen.page.locator(".tall").last
        assert table.evaluate("(t) => t.scrollHeight <= t.clientHeight + 1")
        assert seen.page.locator(".tall tbody tr").last.is_visible()


#: a page is said to leap from here on (web.dev, "Cumulative Layout Shift")
LEAST_LEAP = 0.1
#: the stage's height and that of what it holds when the page can be seen first, and how far things leapt in all
_WATCH = """window.firstly = null; window.leaps = 0;
const look = () => { const stage = document.getElementById("stage");
  if (!document.querySelector("h1")?.offsetHeight || !stage) { requestAnimationFrame(look); return; }
  if (window.firstly === null)
    window.firstly = [stage.offsetHeight, stage.firstElementChild.nextElementSibling.offsetHeight]; };
requestAnimationFrame(look);
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.leaps += one.value; })
  .observe({type: "layout-shift", buffered: true});"""


@pytest.mark.parametrize("size", [DESK, PHONE, SMALL, (760, 460)])
def test_the_title_is_seen_first_and_nothing_leaps_when_the_stage_follows(
    browser: Browser, size: tuple[int, int]
) -> None:
    with browser.open(page(), size, watch=_WATCH) as seen:
        stage, held = seen.ask("window.firstly")
        # its room is there, and nothing in it has been laid out or painted
        assert (0, True) == (held, stage > 100)
        assert seen.page.locator("#stage").bounding_box()["height"] == pytest.approx(stage, abs=1)
        assert seen.page.locator("#map").bounding_box()["height"] > 100
        assert seen.ask("window.leaps") < LEAST_LEAP


def test_a_line_that_crosses_the_window_is_drawn_though_its_ends_lie_far_beyond_it(
    browser: Browser,
) -> None:
    # straight along a meridian: nothing but its ends is left of it
    whose = car(0, "Gecko")
    time = BEGIN.timestamp() + np.arange(600) * 30.0
    lat = np.linspace(38, 42, len(time))
    north = make_track(time, lat, np.full_like(lat, -105), np.full_like(lat, 1500))
    seen_trip = trip([whose], {whose.id: [Recording("GPX 1.1", "test", (north,))]})
    content = FORMATS["html"](make_report(seen_trip, pictures={}))
    with browser.open(content.files["report.html"]) as seen:
        seen.page.focus("#map")
        for _ in range(20):
            seen.page.keyboard.press("+")
        seen.rest(600)
        painted = seen.ask("""() => { const canvas = document.getElementById("cars");
            const row = canvas.getContext("2d").getImageData(0, canvas.height / 2, canvas.width, 1).data;
            return row.filter((_, i) => i % 4 === 3 && row[i] > 200).length; }""")
        # a line of some pixels and nothing else
        assert 2 <= painted <= 20


#: counts what is drawn of lines, once the page is there
_COUNT = """() => { window.drawn = 0; const to = Path2D.prototype.lineTo;
Path2D.prototype.lineTo = function (...at) { window.drawn++; return to.apply(this, at); }; }"""


def driven(seen: Seen) -> np.typing.NDArray[np.float64]:
    """The pixels of the driven tracks, on white paper."""
    rgba = Image.open(BytesIO(base64.b64decode(painted(seen).split(",")[1]))).convert("RGBA")
    white = Image.new("RGBA", rgba.size, "white")
    return np.asarray(Image.alpha_composite(white, rgba).convert("RGB"), dtype=np.float64)


def test_a_clock_that_goes_on_draws_what_was_driven_since_and_no_more(browser: Browser) -> None:
    # twelve cars, some of them dashed
    with browser.open(page(12)) as seen:
        seen.page.focus("#slider")
        for _ in range(3):
            seen.page.keyboard.press("PageUp")
        seen.rest(600)
        before = driven(seen)
        seen.ask(_COUNT)
        for _ in range(90):
            seen.page.keyboard.press("ArrowRight")
            seen.rest(20)
        added, grown = seen.ask("window.drawn"), driven(seen)
        # the same picture as painted at once, but for the edges of what was drawn twice
        seen.ask("window.drawn = 0")
        seen.page.focus("#map")
        seen.page.keyboard.press("0")
        seen.rest(600)
        whole, anew = seen.ask("window.drawn"), driven(seen)
        assert 0 < added < whole
        further, other = (np.abs(grown - one).max(axis=2) > 60 for one in (before, anew))
        assert 500 < further.sum()
        assert other.sum() < 0.1 * further.sum()
        # what the clock takes back is taken back
        seen.page.focus("#slider")
        for _ in range(90):
            seen.page.keyboard.press("ArrowLeft")
        seen.rest(600)
        assert (np.abs(driven(seen) - before).max(axis=2) > 60).sum() < 0.1 * further.sum()
