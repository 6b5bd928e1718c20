"""The printed report as a designer of books looks at it: full pages, whole entries, nothing cut off."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from tests.crowd import drives
from tests.reports.browser import DESK, PHONE, SMALL, Browser
from tests.reports.test_matrix import page as of_many_cars
from tests.reports.trips import BEGIN, STARTS, Recording, car, note, photo, picture, trip

PAPERS = ("A4", "Letter")
#: of a page, above its number
_MARGIN = 14 / 279
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>(\w+)</word>')


@cache
def book(count: int, days: int) -> bytes:
    """Cars that drive for days; notes of many lengths, each between two words of its own, some answered."""
    cars = [car(n, name, driver=f"Driver {n}") for n, name in enumerate(list(STARTS)[:count])]
    recordings = {
        whose.id: [Recording("GPX 1.1", "test", (drive.track,)) for drive in drives(n, days, 120.0)]
        for n, whose in enumerate(cars)
    }
    told = []
    for n in range(days * 6):
        words = "A word and another about the road. " * (1 + n * 7 % 11)
        about = {"reply_to": told[n - n % 6].id} if n % 6 in (1, 4) else {}
        at = BEGIN + timedelta(hours=4 * n)
        told.append(note(n, cars[n % count], at, f"begin{n} {words}end{n}", **about))
    report = make_report(trip(cars, recordings, told, title="All Around"), pictures={})
    return FORMATS["html"](report).files["report.html"]


@cache
def album(count: int) -> bytes:
    """One car's day of notes with four to seven photos each, between two words of its own."""
    whose = car(0, "Heron")
    (drive,) = drives(0, 1, 120.0)
    taken, told = {}, []
    for n in range(count):
        names = tuple(f"{10 * n + k:064x}" for k in range(4 + n % 4))
        taken |= {name: picture(int(name, 16)) for name in names}
        at = BEGIN + timedelta(minutes=45 * n)
        told.append(note(n, whose, at, f"begin{n} of our photos, end{n}", photos=names))
    photos = [photo(whose, int(name, 16), "2026-06-11T08:10:00") for name in taken]
    seen = trip([whose], {whose.id: [Recording("GPX 1.1", "test", (drive.track,))]}, told, photos)
    return FORMATS["html"](make_report(seen, pictures=taken)).files["report.html"]


BOOKS = [(1, 4), (5, 9), (12, 5)]


def printed(browser: Browser, folder: Path, content: bytes, paper: str) -> Path:
    with browser.open(content) as seen:
        (folder / "book.pdf").write_bytes(seen.page.pdf(format=paper, prefer_css_page_size=True))
    return folder / "book.pdf"


@cache
def crowd(count: int) -> bytes:
    """So many cars with drivers, of several cities, for three days."""
    cars = [car(n, f"Name{n}", driver=f"Driver {n}", vehicle="Long Vehicle") for n in range(count)]
    recordings = {
        whose.id: [Recording("GPX 1.1", "test", (drive.track,)) for drive in drives(n, 3, 120.0)]
        for n, whose in enumerate(cars)
    }
    report = make_report(trip(cars, recordings, [], title="A Crowd to Moab"), pictures={})
    return FORMATS["html"](report).files["report.html"]


def ask(*command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} to read the printed pages with")
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def words_of(pdf: Path) -> dict[str, tuple[int, bool, float]]:
    """Where entries begin and end: word → page, whether in its right column, points from its top."""
    places: dict[str, tuple[int, bool, float]] = {}
    for number, sheet in enumerate(ask("pdftotext", "-bbox", str(pdf), "-").split("<page ")):
        for x, y, word in _WORD.findall(sheet):
            if re.fullmatch(r"(?:begin|end)\d+", word):
                # half a page is about 300 points
                # an answer elsewhere quotes how it began: after it
                places.setdefault(word, (number, float(x) > 300, float(y)))
    return places


def depths(pdf: Path) -> list[float]:
    """How far down each page is used, 0 … 1 between its margins."""
    ask("pdftoppm", "-r", "30", "-gray", str(pdf), str(pdf.with_name("sheet")))
    found = []
    for sheet in sorted(pdf.parent.glob("sheet-*.pgm")):
        with Image.open(sheet) as seen:
            wide, high = seen.size
            inside = seen.crop((0, 0, wide, round(high * (1 - _MARGIN))))
            box = inside.point(lambda grey: 255 if grey < 235 else 0).getbbox()
        found.append(((box[3] if box else 0) / high - _MARGIN) / (1 - 2 * _MARGIN))
    return found


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(("count", "days"), BOOKS)
def test_no_page_before_the_last_is_left_empty_by_half(
    browser: Browser, tmp_path: Path, count: int, days: int, paper: str
) -> None:
    used = depths(printed(browser, tmp_path, book(count, days), paper))
    assert len(used) > 4
    # a day with its map needs half a page: where it has no room, the other half is full
    assert [] == [(n + 1, round(depth, 2)) for n, depth in enumerate(used[:-1]) if depth < 0.45]
    assert used[-1] > 0.12


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("count", [7, 13, 20, 40])
def test_the_first_page_of_a_crowd_holds_title_crew_and_map(
    browser: Browser, tmp_path: Path, count: int, paper: str
) -> None:
    pdf = printed(browser, tmp_path, crowd(count), paper)
    first = ask("pdftotext", "-f", "1", "-l", "1", "-layout", str(pdf), "-")
    assert "A Crowd to Moab" in first
    assert {f"Name{n}" for n in range(count)} <= set(first.split())
    assert "Natural Earth" in first
    # the axis below the ribbon
    assert re.search(r"1 Thu.* 3 Sat", first)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("count", [1, 5, 12])
def test_the_first_page_is_filled_by_its_map(
    browser: Browser, tmp_path: Path, count: int, paper: str
) -> None:
    pdf = printed(browser, tmp_path, book(count, 4), paper)
    assert depths(pdf)[0] > 0.93
    first, second = ask("pdftotext", "-layout", str(pdf), "-").split("\f")[:2]
    # the axis is its last line
    assert "All Around" in first
    assert re.search(r"\b1 Thu\b.*\n*$", first)
    assert re.match(r"\s*DAY 1\n", second)


@pytest.mark.parametrize("count", [5, 8, 11])
def test_where_a_day_of_photos_ends_both_columns_are_used(
    browser: Browser, tmp_path: Path, count: int
) -> None:
    places = words_of(printed(browser, tmp_path, album(count), "A4"))
    last = places[f"begin{count - 1}"][0]
    ends = [places[f"begin{n}"] for n in range(count) if places[f"begin{n}"][0] == last]
    assert len(ends) == 1 or {False, True} == {right for _, right, _ in ends}, ends


@pytest.mark.parametrize("paper", PAPERS)
def test_rows_that_go_on_overleaf_tell_whose_they_are(
    browser: Browser, tmp_path: Path, paper: str
) -> None:
    pdf = printed(browser, tmp_path, book(5, 9), paper)
    pages = ask("pdftotext", "-layout", str(pdf), "-").split("\f")
    heads = [re.search(r"^ *Car +Day +Leg .*\n+(.*)", page, re.MULTILINE) for page in pages]
    begun = [found[1].split() for found in heads if found]
    assert len(begun) > 1
    # a car's roundel and name, or its number beside the day
    assert all(words[0].isdigit() for words in begun), begun
    assert any(words[1] in ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed") for words in begun)


def test_small_tables_follow_on_the_page_of_the_last_words(
    browser: Browser, tmp_path: Path
) -> None:
    # each of a row or two: they are not one block that needs a page of its own
    pdf = printed(browser, tmp_path, book(1, 1), "A4")
    pages = ask("pdftotext", "-layout", str(pdf), "-").split("\f")
    (last,) = [n for n, page in enumerate(pages) if "end5" in page]
    assert "Car by car" in pages[last]


def test_small_tables_are_kept_whole_and_long_ones_are_not(browser: Browser) -> None:
    with browser.open(book(5, 9)) as seen:
        seen.page.emulate_media(media="print")
        tables = seen.ask(
            "[...document.querySelectorAll('table')].map((n) => "
            "[n.rows.length, getComputedStyle(n).breakInside])"
        )
    assert {"avoid"} == {said for rows, said in tables if rows < 9}
    assert {"auto"} == {said for rows, said in tables if rows >= 9}


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(("count", "days"), BOOKS)
def test_no_entry_is_parted_by_a_column_or_a_page(
    browser: Browser, tmp_path: Path, count: int, days: int, paper: str
) -> None:
    places = words_of(printed(browser, tmp_path, book(count, days), paper))
    assert 2 * 6 * days == len(places)
    for n in range(6 * days):
        begin, end = places[f"begin{n}"], places[f"end{n}"]
        assert begin[0] == end[0], n
        assert begin[2] <= end[2], n
        assert begin[1] <= end[1], n


@pytest.mark.parametrize(("count", "days"), BOOKS)
def test_the_last_lines_stand_in_one_piece_with_what_is_not_known(
    browser: Browser, tmp_path: Path, count: int, days: int
) -> None:
    pdf = printed(browser, tmp_path, book(count, days), "A4")
    last = ask("pdftotext", "-layout", str(pdf), "-").split("\f")[-2]
    assert "What this report does not know" in last
    assert "Natural Earth" in last
    assert "Nothing" in last


@pytest.mark.parametrize("width", [688, 711])
@pytest.mark.parametrize(("count", "days"), [*BOOKS, (5, 30)])
def test_nothing_is_wider_than_its_paper(
    browser: Browser, count: int, days: int, width: int
) -> None:
    # a browser prints all pages smaller where one thing is too wide
    with browser.open(book(count, days), (width, 1000)) as seen:
        seen.page.emulate_media(media="print")
        seen.rest(200)
        assert width == seen.ask("document.documentElement.scrollWidth")


@pytest.mark.parametrize("width", [688, 711])
@pytest.mark.parametrize("count", [14, 24, 25, 40])
def test_a_matrix_fits_on_its_paper(browser: Browser, count: int, width: int) -> None:
    with browser.open(of_many_cars(count, 90).encode(), (width, 1000)) as seen:
        seen.page.emulate_media(media="print")
        seen.rest(200)
        assert width == seen.ask("document.documentElement.scrollWidth")
        # what a page of Letter has room for, below a heading
        assert seen.ask("document.querySelector('.matrix').offsetHeight") < 880


def test_a_printed_matrix_has_its_shades(browser: Browser, tmp_path: Path) -> None:
    pdf = printed(browser, tmp_path, of_many_cars(14, 90).encode(), "A4")
    ask("pdftoppm", "-r", "30", str(pdf), str(pdf.with_name("colour")))
    shaded = 0
    for sheet in sorted(pdf.parent.glob("colour-*.ppm"))[1:]:
        with Image.open(sheet) as seen:
            hue, full, _ = np.moveaxis(np.asarray(seen.convert("HSV")), 2, 0)
        # the green of a long company, which nothing else on a page of tables has
        shaded += int(((hue > 90) & (hue < 125) & (full > 50) & (full < 140)).sum())
    assert shaded > 1500


@pytest.mark.parametrize("size", [SMALL, PHONE, (901, 800), DESK, (688, 1017)])
def test_of_thirty_days_the_axis_names_those_that_have_room(
    browser: Browser, size: tuple[int, int]
) -> None:
    with browser.open(book(5, 30), size) as seen:
        if size == (688, 1017):
            seen.page.emulate_media(media="print")
        named = seen.ask(
            "[...document.querySelectorAll('.axis b')].filter((n) => n.getClientRects().length).map((n) => { "
            "const b = n.getBoundingClientRect(); return [Number(n.textContent.match(/\\d+/)[0]), b.left, b.right]; })"
        )
        edge = seen.ask("document.querySelector('.axis').getBoundingClientRect().right")
        assert len(named) >= 6
        assert {1, 10, 20} <= {number for number, _, _ in named}
        for (_, _, right), (_, left, _) in pairwise(named):
            assert right + 2 <= left
        assert named[-1][2] <= edge + 6
