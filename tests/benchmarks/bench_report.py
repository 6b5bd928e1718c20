"""What a report costs the first time and again, how large its page is, and how soon it is seen.

    python -m tests.benchmarks.bench_report [--points N] [--photos N] [--cars N] [--keep DIR]

Five cars record five days and nights, a point a second (2.25 million), and take 200 photos of 12
megapixels. Prints CPU of whole processes with their children: `report` with an empty cache, then
again (goal: at most a tenth), both of a program that is compiled, as installing compiles it; the peak
memory of the second; bytes of the page without photos (goal: below 1 MB); and the median first paint
of that page beside a blank page's in the same Chromium (goal: at most 3 times). A browser calls a dot
a first paint, so that the title, written in its own face, is timed too, beside the blank page's word.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import convoylog
from tests.benchmarks.bench_account import DAYS, make_logbook, typed
from tests.benchmarks.bench_thumbnails import camera_photos

BEGIN = datetime(2026, 5, 1, 13, tzinfo=UTC)
PAINTS = 7
#: what a browser does for a new tab is over by then, in milliseconds
_SETTLED = 400
_WATCH = """window.painted = {}; for (const type of ["paint", "element"]) new PerformanceObserver((list) => {
  for (const one of list.getEntries())
    window.painted[one.identifier || one.name] = one.renderTime || one.startTime;
}).observe({type, buffered: true});"""
_FIRST, _TITLE = "first-contentful-paint", "title"
_BLANK = b"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Blank</title><h1>Blank</h1>"


def add_photos(base: Path, root: Path, cars: int, count: int) -> None:
    """Each car takes its share, evenly over the days."""
    for n in range(cars):
        folder = base / f"photos-{n}"
        folder.mkdir()
        share = len(range(n, count, cars))
        taken = [BEGIN + timedelta(days=DAYS) * ((k + 0.5) / share) for k in range(share)]
        for k, content in enumerate(camera_photos(share, taken, seed=n)):
            (folder / f"IMG_{k:04d}.JPG").write_bytes(content)
        typed("--logbook", str(root), "add", "--car", f"Car{n}", str(folder))
        shutil.rmtree(folder)


def report_cost(root: Path, *options: str) -> tuple[float, float]:
    """(user and system seconds, peak MB) of one `convoylog report`, with every process it starts."""
    words = [
        sys.executable,
        "-m",
        "convoylog",
        "--logbook",
        str(root),
        "report",
        "--privacy",
        "full",
        *options,
    ]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(words)}: status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def first_paints_ms(pages: list[Path]) -> list[dict[str, float]]:
    """Median first paint of each page, and of its title, opened in turn in one browser."""
    from playwright.sync_api import sync_playwright

    paints: list[dict[str, list[float]]] = [{_FIRST: [], _TITLE: []} for _ in pages]
    for page in pages:
        # a browser tells when an element was painted only if the page asks for it
        asked = page.read_bytes().replace(b"<h1>", b'<h1 elementtiming="title">', 1)
        page.with_suffix(".timed.html").write_bytes(asked)
    with sync_playwright() as driver:
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        chromium = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for _ in range(PAINTS):
            for page, seen in zip(pages, paints, strict=True):
                tab = chromium.new_page(viewport={"width": 1440, "height": 900})
                tab.add_init_script(_WATCH)
                tab.wait_for_timeout(_SETTLED)
                tab.goto(page.with_suffix(".timed.html").as_uri())
                # asked again by hand, as a page whose policy forbids `eval` cannot be waited for
                while not {_FIRST, _TITLE} <= (painted := tab.evaluate("window.painted")).keys():
                    tab.wait_for_timeout(20)
                for name, times in seen.items():
                    times.append(float(painted[name]))
                tab.close()
        chromium.close()
    return [{name: statistics.median(times) for name, times in seen.items()} for seen in paints]


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--points", type=int, default=450_000, help="of each car")
    asked.add_argument("--cars", type=int, default=5)
    asked.add_argument("--photos", type=int, default=200)
    asked.add_argument("--keep", type=Path, help="folder to keep the made logbook in")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = options.keep or Path(folder)
        base.mkdir(exist_ok=True)
        cache = base / "c"
        os.environ |= {"XDG_STATE_HOME": str(base / "s"), "XDG_CACHE_HOME": str(cache)}
        root = base / "book"
        if not root.exists():
            make_logbook(base, options.cars, options.points)
            add_photos(base, root, options.cars, options.photos)
        shutil.rmtree(cache, ignore_errors=True)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        compileall.compile_dir(Path(convoylog.__file__).parent, quiet=1)
        first, _ = report_cost(root, "-o", str(base / "out"))
        again = [report_cost(root, "-o", str(base / "out")) for _ in range(3)]
        ratio = statistics.median(cpu for cpu, _ in again) / first
        print(f"{time.strftime('%Y-%m-%d')}  {options.cars} cars of {options.points:,} points,"
              f" {options.photos} photos")  # fmt: skip
        print(f"report, empty cache {first:8.1f} s of CPU")
        print(f"again               {ratio:8.1%} of that (goal: at most 10 %);"
              f" {max(peak for _, peak in again):.0f} MB at most")  # fmt: skip
        report_cost(root, "--photos", "none", "-o", str(base / "bare"))
        page = base / "bare" / "report.html"
        print(f"page without photos {page.stat().st_size / 1e6:8.2f} MB (goal: below 1)")
        blank = base / "blank.html"
        blank.write_bytes(_BLANK)
        empty, bare, full = first_paints_ms([blank, page, base / "out" / "report.html"])
        for name, word in ((_FIRST, "first paint"), (_TITLE, "title painted")):
            print(f"{word:19} {bare[name] / empty[name]:8.1f} times a blank page's (goal: at most 3);"
                  f" with photos {full[name] / empty[name]:.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
