"""What goes along with a link: card, sentence and addresses; and nothing of it where no address is known."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw

from convoylog.model.pages import Pages
from convoylog.privacy.audit import audit
from convoylog.reports.draw.card import Title, draw_card
from convoylog.reports.draw.faces import drawable, face
from convoylog.reports.edition import Edition
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from convoylog.reports.share import on_map, shortened
from convoylog.trips.part import part_of
from tests.reports.test_reports import Tags
from tests.reports.trips import BEGIN, DENVER, car, track, trip

BASE = "https://example.org/rally"
HERON, JUNIPER = car(0, "Heron"), car(1, "Juniper")
#: two days in the mountains: a small map is quickly drawn
TWO = trip(
    (HERON, JUNIPER),
    {
        whose.id: [
            track(DENVER, (39.66, -105.88), BEGIN, 2),
            track((39.66, -105.88), (38.88, -104.82), BEGIN + timedelta(days=1), 3),
        ]
        for whose in (HERON, JUNIPER)
    },
)


@cache
def pages(base: str = "", day: int = 0, feed: bool = False) -> Pages:
    seen = part_of(TWO, day=TWO.days[day - 1]) if day else TWO
    return FORMATS["html"](make_report(seen, pictures={}), Edition(base_url=base, feed=feed))


def metas(found: Pages) -> dict[str, str]:
    """Names and properties of the head's meta elements, and its links by their relation."""
    rows: dict[str, str] = {}
    for tag, attributes in Tags(found.files[found.first].decode()).seen:
        if tag == "meta":
            name = attributes.get("property") or attributes.get("name") or ""
            rows[name] = attributes.get("content") or ""
        elif tag == "link":
            rows[attributes["rel"] or ""] = attributes.get("href") or ""
    return rows


def test_without_an_address_the_page_is_one_file_and_names_no_address() -> None:
    assert ["report.html"] == list(pages().files)
    found = metas(pages())
    assert {"description", "og:title", "og:description", "og:type"} <= set(found)
    assert not {"og:url", "og:image", "canonical", "alternate", "twitter:card"} & set(found)
    assert found["description"] == found["og:description"]
    assert "11 – 12 June 2026: Heron and Juniper set out from Denver" in found["description"]


def test_with_an_address_card_and_text_lie_beside_the_page_and_links_are_absolute() -> None:
    found = pages(BASE)
    assert {"report.html", "og.png", "share.txt"} == set(found.files)
    told = metas(found)
    assert f"{BASE}/report.html" == told["og:url"] == told["canonical"]
    assert f"{BASE}/og.png" == told["og:image"]
    assert "summary_large_image" == told["twitter:card"]
    title, sentence, address, rest = found.files["share.txt"].decode().split("\n")
    assert ("Five Cars to Denver", told["description"]) == (title, sentence)
    assert (f"{BASE}/report.html", "") == (address, rest)
    assert (1200, 630) == Image.open(BytesIO(found.files["og.png"])).size
    assert () == audit(found.files, [])


def test_a_feed_that_lies_beside_is_linked() -> None:
    assert "alternate" not in metas(pages(BASE))
    assert f"{BASE}/atom.xml" == metas(pages(BASE, feed=True))["alternate"]


def test_every_part_has_title_sentence_card_and_address_of_its_own() -> None:
    whole, first, second = pages(BASE), pages(BASE, day=1), pages(BASE, day=2)
    names = {name for found in (whole, first, second) for name in found.files}
    assert 9 == len(names)
    for key in ("og:title", "description", "og:url", "og:image"):
        assert 3 == len({metas(found)[key] for found in (whole, first, second)}), key


def test_the_card_is_the_same_twice() -> None:
    cars = on_map(make_report(TWO, pictures={}))
    assert draw_card(cars, "A", "B") == draw_card(cars, "A", "B")


@pytest.mark.parametrize("title", ["", "A" * 4000, "日本一周", "\x00\u202ered", "word " * 900])
def test_any_title_makes_a_card(title: str) -> None:
    cars = on_map(make_report(TWO, pictures={}))[:1]
    card = draw_card(cars, title, "")
    assert card is not None
    assert (1200, 630) == Image.open(BytesIO(card)).size


def test_nothing_on_the_map_is_no_card() -> None:
    assert draw_card([], "A trip", "") is None


def test_letters_the_face_lacks_lose_their_marks_before_they_become_questions() -> None:
    assert "Fünf Straßen nach Lódz" == drawable("Fünf Straßen nach Łódź")
    assert "??" == drawable("日本")
    assert "red" == drawable("\x07\u202ered")[-3:]


def test_on_a_card_a_dot_stands_in_the_middle_of_its_gap() -> None:
    paper = Image.new("L", (1200, 300))
    line = Title("Denver", "H · H").line
    ImageDraw.Draw(paper).text((0, 200), line, font=face(200, 600), fill=255, anchor="ls")
    inked = np.flatnonzero(np.asarray(paper).any(axis=0))
    left, right = (gap for gap in np.diff(inked).tolist() if gap > 1)
    assert left == pytest.approx(right, rel=0.25)


def test_a_sentence_is_cut_between_words() -> None:
    assert "a b" == shortened(" a \n b ")
    cut = shortened("word " * 900)
    assert len(cut) <= 300
    assert re.fullmatch(r"(word )+…", cut)
