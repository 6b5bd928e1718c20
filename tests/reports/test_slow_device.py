"""What holds on a device that is busy: nothing hangs on how soon the next frame comes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.reports.browser import DESK, PHONE, SMALL, Browser, Seen
from tests.reports.test_layout import northern
from tests.reports.test_live_page import LEAST_LEAP, page

#: how far things leapt in all, and the frames whose stage is shown before the page is live
_WATCH = """window.leaps = 0; window.early = [];
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.leaps += one.value; })
  .observe({type: "layout-shift", buffered: true});
const look = () => { const map = document.getElementById("map");
  if (map?.offsetHeight && !document.querySelector(".on")) window.early.push(performance.now());
  requestAnimationFrame(look); };
requestAnimationFrame(look);"""

#: a click, and then no time for anything else: longer than any page glides or waits
_CLICK = """(day) => { document.querySelector(`button[data-day='${day}']`).click();
  const begun = performance.now(); while (performance.now() - begun < 1000); }"""


def chosen(seen: Seen) -> list[str | None]:
    seen.rest(1200)
    pressed = seen.page.locator("button[data-day][aria-pressed=true]").all()
    return [button.get_attribute("data-day") for button in pressed]


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_the_day_a_button_led_to_stays_chosen(browser: Browser, motion: str) -> None:
    # nothing is told from the second day on: what stands above it is told of the first
    with browser.open(northern(5), PHONE, reduced_motion=motion) as seen:
        for day in (4, 2, 5, 1, 3):
            seen.ask(_CLICK, day)
            assert [str(day)] == chosen(seen)
        # and who reads on is followed again
        seen.ask("scrollTo(0, 0)")
        assert ["0"] == chosen(seen)
        seen.ask("document.querySelector('#e2').scrollIntoView({block: 'center'})")
        assert ["1"] == chosen(seen)


@contextmanager
def slow_line(content: bytes, pause: float) -> Iterator[str]:
    """An address where a page's stage comes at once, and what makes it live so many seconds later."""
    cut = content.index(b'<script type="application/json"')

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[:cut])
            time.sleep(pause)
            self.wfile.write(content[cut:])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("size", [DESK, PHONE, SMALL])
def test_nothing_leaps_when_the_live_page_comes_late(
    browser: Browser, size: tuple[int, int]
) -> None:
    with slow_line(page(), 0.7) as address, browser.visit(address, size, watch=_WATCH) as seen:
        # the page without its script is another one, and would be seen in between
        assert [] == seen.ask("window.early")
        assert seen.ask("window.leaps") < LEAST_LEAP
        assert seen.page.locator("#map").bounding_box()["height"] > 100


def test_a_page_cut_off_before_its_script_is_seen_as_it_is(browser: Browser) -> None:
    content = page()
    torn = content[: content.index(b'<script type="application/json"')]
    with browser.open(torn, PHONE) as seen:
        seen.rest(1800)
        assert seen.page.is_visible(".map .chart")
