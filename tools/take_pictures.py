"""Take the README's pictures anew, of the pages as they are now.

python tools/take_pictures.py

Makes the demo and a trip of twenty cars in a folder of its own, tells them, and opens the pages in Chromium, which must
be installed. Takes two minutes. Look at every picture before it is kept.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
DESK, PHONE, HUB = (1440, 900), (390, 844), (1280, 1022)
#: pixels between three phones, and around them
GAP, MARGIN, TABLE = 20, 10, "#e8e1d0"
#: of the many cars' trip: enough photos for rows and clusters, and soon painted
MANY_PHOTOS = 160


@dataclass(frozen=True)
class Shot:
    page: Path
    size: tuple[int, int] = DESK
    scheme: str = "light"
    go: Callable[[Page], None] | None = None


def main() -> None:
    browser_of = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser_of is None:
        sys.exit("error: no Chromium to open the pages with\nhint: install it, then repeat")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        demo, many, hub = told(Path(name))
        browser = driver.chromium.launch(executable_path=browser_of, args=["--no-sandbox"])
        keep("report-day.jpg", taken(browser, Shot(demo)))
        keep("report-night.jpg", taken(browser, Shot(demo, scheme="dark", go=entry(33))))
        phones = (
            Shot(demo, PHONE), Shot(demo, PHONE, go=entry(39)), Shot(demo, PHONE, "dark", entry(57)),
        )  # fmt: skip
        keep("report-phone.jpg", beside([taken(browser, shot) for shot in phones]))
        keep("report-many.jpg", taken(browser, Shot(many, go=day(5))))
        keep("hub.jpg", taken(browser, Shot(hub, HUB)))
        browser.close()


def told(folder: Path) -> tuple[Path, Path, Path]:
    """The pages: the demo's, the many cars', and that of both and the example written by hand."""
    run("convoylog", "demo", str(folder / "demo"))
    run("tests.benchmarks.big_trip", str(folder / "many"), str(MANY_PHOTOS))
    books = [folder / "demo" / "logbook", folder / "many" / "logbook"]
    pages = [folder / f"page-{book.parent.name}" for book in books]
    for book, page in zip(books, pages, strict=True):
        where = ["--photos", "folder", "-o", str(page)]
        run("convoylog", "--logbook", str(book), "report", "--privacy", "full", *where)
    all_of_them = [*map(str, books), str(ROOT / "examples" / "by-hand")]
    title = ["--title", "Old Cars Club", "-o", str(folder / "hub")]
    run("convoylog", "report", "--hub", *all_of_them, *title)
    return pages[0] / "report.html", pages[1] / "report.html", folder / "hub" / "index.html"


def run(program: str, *words: str) -> None:
    subprocess.run([sys.executable, "-m", program, *words], check=True, cwd=ROOT)


def entry(number: int) -> Callable[[Page], None]:
    """The story scrolled to its n-th entry."""

    def go(page: Page) -> None:
        page.evaluate(
            "(n) => document.querySelectorAll('.entry')[n].scrollIntoView({block: 'center'})",
            number,
        )

    return go


def day(number: int) -> Callable[[Page], None]:
    return lambda page: page.click(f"button[data-day='{number}']")


def taken(browser: Browser, shot: Shot) -> Image.Image:
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        has_touch=shot.size == PHONE,
    )
    page = context.new_page()
    page.goto(shot.page.as_uri())
    page.wait_for_timeout(1000)
    if shot.go is not None:
        shot.go(page)
    # the map has flown there, photos are decoded
    page.wait_for_timeout(2500)
    picture = Image.open(io.BytesIO(page.screenshot()))
    context.close()
    return picture.convert("RGB")


def beside(pictures: list[Image.Image]) -> Image.Image:
    width = sum(p.width for p in pictures) + GAP * (len(pictures) - 1) + 2 * MARGIN
    sheet = Image.new("RGB", (width, max(p.height for p in pictures)), TABLE)
    x = MARGIN
    for picture in pictures:
        sheet.paste(picture, (x, 0))
        x += picture.width + GAP
    return sheet


def keep(name: str, picture: Image.Image) -> None:
    picture.save(PICTURES / name, quality=84, optimize=True, progressive=True)
    print(name, f"{(PICTURES / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
