"""Frames of the report's page while its map is zoomed, beside the same work of a bare canvas.

    python -m tests.benchmarks.bench_page [VERTICES]

Chromium by Playwright, one run. The page of 12 cars, about 40,000 vertices in all, is zoomed in and out by the wheel
for some seconds; each frame's script is timed by the browser's own trace of tasks. The peer, in the same browser: a
blank page whose canvas of the same size strokes that many vertices at every frame. Goals: a median frame takes at
most 0.1 of the peer's (measured 0.04 to 0.06), the longest task after loading at most 4 of them (measured 1.3).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from convoylog.model.tracks import Recording, make_track
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from tests.reports.test_budgets import decoded, told_of
from tests.reports.trips import BEGIN, STARTS, car, note, trip

SIZE = {"width": 1440, "height": 900}
#: milliseconds of script in each animation frame, and every task's length
WATCH = """() => { window.frames_ms = []; window.tasks = [];
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.tasks.push(one.duration); })
  .observe({type: "longtask", buffered: false});
const ask = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (work) => ask((now) => {
  const begin = performance.now(); work(now); window.frames_ms.push(performance.now() - begin); }); }"""
PEER = """(count) => { const canvas = document.createElement("canvas"); canvas.width = 1760; canvas.height = 1220;
document.body.append(canvas); const c = canvas.getContext("2d"); let n = 0;
const frame = () => { c.clearRect(0, 0, 1760, 1220); c.lineWidth = 3;
  for (let k = 0; k < 12; k++) { c.beginPath();
    for (let i = 0; i < count / 12; i++)
      c.lineTo(880 + 700 * Math.sin(i / 99 + k + n), 610 + 500 * Math.cos(i / 61 + k));
    c.stroke(); }
  c.getImageData(0, 0, 1, 1); if (n++ < 60) requestAnimationFrame(frame); };
requestAnimationFrame(frame); }"""


def content(vertices: int) -> tuple[bytes, int]:
    """A page of twelve cars with about so many vertices in its tracks, and how many there are."""
    cars = [car(n, name) for n, name in enumerate(STARTS)]
    count = vertices // len(cars) // 4
    recordings = {
        whose.id: [_wild(STARTS[whose.name], day, count) for day in range(4)] for whose in cars
    }
    told = [note(n, cars[n % 12], BEGIN + timedelta(hours=n), "A word.") for n in range(40)]
    report = make_report(trip(cars, recordings, told), pictures={})
    text = FORMATS["html"](report).files["report.html"]
    packed = [decoded(one["track"]) for one in told_of(text.decode())["cars"]]  # type: ignore[attr-defined]
    return text, sum(sum(values[1 : 1 + values[0]]) for values in packed)


def _wild(begin: tuple[float, float], day: int, count: int) -> Recording:
    """A day of fixes that no line simplifies: each some hundred metres beside the way."""
    t = np.linspace(0, 1, count)
    beside = np.random.default_rng(day).normal(0, 0.002, (2, count))
    lat = begin[0] + day + t * (39.7 - begin[0]) + beside[0]
    lon = begin[1] + day + t * (-105.0 - begin[1]) + beside[1]
    time = BEGIN.timestamp() + 86_400 * day + np.arange(count) * 36.0
    return Recording("GPX 1.1", "test", (make_track(time, lat, lon, np.full(count, 500.0)),))


def median_and_longest(page: Page) -> tuple[float, float]:
    frames: list[float] = page.evaluate("window.frames_ms")
    tasks: list[float] = page.evaluate("window.tasks")
    return statistics.median(frames), max(tasks, default=0.0)


def zoom(page: Page) -> None:
    page.mouse.move(500, 300)
    for n in range(60):
        page.mouse.wheel(0, -120 if n // 15 % 2 == 0 else 120)
        page.wait_for_timeout(40)


def opened(browser: Any, address: str) -> Page:
    page: Page = browser.new_context(viewport=SIZE, bypass_csp=True).new_page()
    page.goto(address)
    page.wait_for_timeout(1500)
    page.evaluate(WATCH)
    return page


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    text, vertices = content(wanted)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        path = Path(folder) / "page.html"
        path.write_bytes(text)
        browser = driver.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--headless", "--no-sandbox", "--disable-gpu"],
        )
        page = opened(browser, path.as_uri())
        zoom(page)
        ours, longest = median_and_longest(page)
        blank = opened(browser, "about:blank")
        blank.evaluate(PEER, vertices)
        blank.wait_for_timeout(6000)
        peer, _ = median_and_longest(blank)
        browser.close()
    print(f"{time.strftime('%Y-%m-%d')}  {len(text):,} bytes, {vertices:,} vertices")
    print(f"median frame  {ours:6.1f} ms   this / peer {ours / peer:5.2f}")
    print(f"longest task  {longest:6.1f} ms   this / peer's median {longest / peer:5.1f}")
    print(f"peer's frame  {peer:6.1f} ms")


if __name__ == "__main__":
    main()
