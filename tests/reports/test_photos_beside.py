"""Photos as files beside the page, in a real browser: from the disk, and from a server."""

from __future__ import annotations

import functools
import http.server
import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from convoylog.files.output import write_pages
from convoylog.model.photos import Picture
from convoylog.reports.edition import Edition
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from tests.reports.browser import Browser
from tests.reports.trips import BEGIN, DENVER, STARTS, car, photo, track, trip

#: photos, so many that a page that fetches all at once is found out
COUNT = 60
LOADED = "[...document.images].filter(i => i.complete && i.naturalWidth).length"


def shown(n: int) -> Picture:
    rough = np.random.default_rng(n).integers(0, 255, (6, 8, 3), dtype=np.uint8)
    image = Image.fromarray(rough).resize((1600, 1200))
    jpeg, pin = io.BytesIO(), io.BytesIO()
    image.save(jpeg, "JPEG", quality=60)
    image.resize((72, 72)).save(pin, "WEBP")
    return Picture(f"{n:064x}", 1600, 1200, jpeg.getvalue(), pin.getvalue())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of two cars with many photos, written as a person gets it."""
    cars = [car(n, name) for n, name in enumerate(list(STARTS)[:2])]
    photos = [
        photo(cars[n % 2], n, f"{BEGIN - timedelta(hours=6) + timedelta(minutes=8 * n + 5):%FT%T}")
        for n in range(COUNT)
    ]
    seen = trip(cars, {c.id: [track(STARTS[c.name], DENVER, BEGIN, 9)] for c in cars}, (), photos)
    report = make_report(seen, pictures={one.sha256: one for one in map(shown, range(COUNT))})
    where = tmp_path_factory.mktemp("beside")
    write_pages(FORMATS["html"](report, Edition(beside=True)), where)
    return where


@pytest.fixture(params=["file", "http"])
def address(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == "file":
        yield (folder / "report.html").as_uri()
        return

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Tests say nothing."""

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/report.html"
    server.shutdown()
    server.server_close()
    thread.join()


def test_few_are_fetched_before_anybody_scrolls_and_each_when_it_is_read(
    browser: Browser, address: str
) -> None:
    with browser.visit(address) as seen:
        fetched = [url for url in seen.requests if url.endswith(".jpg")]
        assert len(fetched) <= 6
        last = seen.page.locator(".photo img").last
        last.scroll_into_view_if_needed()
        seen.page.wait_for_function(
            "i => i.complete && i.naturalWidth > 0", arg=last.element_handle()
        )
        # the pins' pictures came with the page
        assert seen.ask("document.querySelectorAll('.pinned.pic').length") > 0
        assert seen.ask(LOADED) < COUNT
        # one at a time, large, from the same file
        seen.page.locator(".photo").last.click()
        light = seen.page.locator("#light img")
        seen.page.wait_for_function(
            "i => i.complete && i.naturalWidth === 1600", arg=light.element_handle()
        )
        # a server is asked for its icon, which is no request of the page's
        complaints = [text for text in seen.complaints if "404" not in text]
        assert [] == complaints


def test_nothing_else_is_fetched(browser: Browser, address: str, folder: Path) -> None:
    with browser.visit(address) as seen:
        names = {path.name for path in folder.rglob("*.jpg")} | {"report.html", "favicon.ico"}
        assert {url.rpartition("/")[2] for url in seen.requests} <= names
        # what a note might smuggle in would still not run or be fetched from elsewhere
        seen.ask(
            "new Promise(done => { const i = new Image(); i.onload = i.onerror = done;"
            " i.src = 'http://127.0.0.1:9/x.jpg'; })"
        )
        assert any("Content Security Policy" in text for text in seen.complaints)
