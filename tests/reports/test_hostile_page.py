"""What any car may write, in a real browser: text stays text, with the policy and without it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache

import numpy as np
import pytest

from convoylog.model.logbook import RecordedPhoto
from convoylog.model.photos import Photograph
from convoylog.model.tracks import Recording, Route, Waypoint
from convoylog.reports.edition import Edition
from convoylog.reports.feeds import feeds
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from tests.reports.browser import Browser
from tests.reports.test_reports import Tags
from tests.reports.trips import BEGIN, DENVER, car, note, picture, track, trip

PAYLOADS = (
    "<script>document.title='x1'</script>",
    "<img src=x onerror=alert(2)>",
    "\"><svg onload=alert(3)>",
    "'><svg/onload=alert(4)>",
    "</title><script>alert(5)</script>",
    "</style><script>alert(6)</script>",
    "</script><script>alert(7)</script>",
    "</textarea><script>alert(8)</script>",
    "<!--<script>alert(9)//-->",
    "--><script>alert(10)</script>",
    "]]><script>alert(11)</script>",
    "javascript:alert(12)",
    "[x](javascript:alert(13))",
    "[x](JaVaScRiPt:alert(14))",
    "[x](data:text/html,<script>alert(15)</script>)",
    "![x](https://example.org/16.png)",
    "<https://example.org/17>",
    "<a href=javascript:alert(18)>x</a>",
    "<iframe srcdoc='<script>alert(19)</script>'></iframe>",
    "<object data=x><embed src=x>",
    "<base href=https://example.org/>",
    "<meta http-equiv=refresh content='0;url=https://example.org/'>",
    "<link rel=stylesheet href=https://example.org/23.css>",
    "<form action=https://example.org/><input name=a></form>",
    "<math><mi//xlink:href=\"data:x,<script>alert(25)</script>\">",
    "<details open ontoggle=alert(26)>",
    "<style>*{display:none}</style>",
    "x\" onmouseover=\"alert(28)",
    "x' onfocus='alert(29)' autofocus='",
    "&lt;script&gt;alert(30)&lt;/script&gt;",
    "&#60;script&#62;alert(31)",
    "\\u003cscript\\u003ealert(32)",
    "{{ 33 * 33 }} {% raw %} {# x #} ${34 * 34}",
    "`;alert(34);//",
    "\u2028alert(35)\u2029",
    "\u202egnirts thgir ot tfel\u202c",
    "\x00\x07\x1b[31mred",
    "a\r\nContent-Type: text/html\r\n\r\n<b>38</b>",
    "__proto__",
    "A" * 4000,
    # what a page has for a while where a photo goes
    f"<photo {8:064x}>",
)  # fmt: skip


@cache
def page(hostile: bool) -> bytes:
    """A trip in which every field of somebody's making holds a payload; or a plain word in each.

    Fields no page shows today are filled too: what shows them tomorrow is asked the same.
    """
    asked = itertools.count()

    def word() -> str:
        """The next payload, and behind each what would be an element wherever it is not escaped."""
        return PAYLOADS[next(asked) % len(PAYLOADS)] + "'\"><u>" if hostile else "word"

    cars = [
        replace(
            car(k, f"{k} {word()}"[:300], driver=word(), vehicle=word(), number=word(), odometer=word()),
            also=(word(),), called=(word(),), zone=word(),
        )
        for k in range(3)
    ]  # fmt: skip
    told = [
        note(
            n, cars[n % 3], BEGIN.replace(minute=n), PAYLOADS[n] if hostile else "word", title=word(),
            tags=(word(), word()), cost=word(), amount=word(), odometer=word(), unsure=(word(),),
        )
        for n in range(len(PAYLOADS))
    ]  # fmt: skip
    told = [replace(one, kind="fuel") if n % 4 == 0 else one for n, one in enumerate(told)]
    told[3] = replace(told[3], reply_to=told[2].id, photos=(picture(8).sha256,))
    # a leg somebody named, and one that was planned and never driven
    hours = (0.1, 1.5, 40)
    told += [
        replace(
            note(60 + n, cars[0], BEGIN + timedelta(hours=h), word(), title=word()), kind="leg",
            until=BEGIN + timedelta(hours=h + 1),
        )
        for n, h in enumerate(hours)
    ]  # fmt: skip
    recordings = {
        whose.id: [_recording(word, track((41.9 - k, -87.6), DENVER, BEGIN, 3))]
        for k, whose in enumerate(cars)
    }
    photos = [
        RecordedPhoto(
            cars[n % 3].id, f"cars/x/photos/{n}-{word()}.jpg", f"{n:064x}",
            Photograph(
                "JPEG", 60, 40, taken=f"2026-06-11T09:1{n}:00", offset_s=-18000, make=word(),
                model=word(), serial=word(), caption=word(), content_id=word(), warnings=(word(),),
            ),
        )
        for n in range(1, 9)
    ]  # fmt: skip
    seen = trip(cars, recordings, told, photos, title=word())
    pictures = {one.sha256: picture(n) for n, one in enumerate(photos, 1)}
    report = make_report(seen, pictures=pictures, left_out=(word(),))
    return FORMATS["html"](report).files["report.html"]


def _recording(word: Callable[[], str], recording: Recording) -> Recording:
    """A recording whose names and remarks are payloads."""
    return replace(
        recording, creator=word(), title=word(), warnings=(word(),),
        tracks=tuple(replace(one, name=word()) for one in recording.tracks),
        waypoints=(Waypoint(41.0, -90.0, word(), word(), BEGIN.timestamp(), None, word(), word()),),
        routes=(Route(word(), np.array([41.0, 40.0]), np.array([-90.0, -91.0])),),
    )  # fmt: skip


#: what the small Markdown of a note or a page's own rules change on the way: links, code, controls, line ends
MARKED = r"\]\(|^<https|^`|[\x00\r\u202e]"
_COUNT = """() => { const counts = {}; for (const node of document.querySelectorAll('*'))
counts[node.localName] = (counts[node.localName] || 0) + 1; return counts; }"""
#: what a note's small Markdown may make, and what belongs to a link in it
_ALLOWED = {"em", "strong", "code", "p", "br", "a", "blockquote", "ul", "ol", "li", "pre"}


@pytest.mark.parametrize("header", [True, False])
def test_no_payload_becomes_an_element_a_program_or_a_request(
    browser: Browser, header: bool
) -> None:
    with browser.open(page(False), header=header) as seen:
        plain = seen.ask(_COUNT)
    with browser.open(page(True), header=header) as seen:
        counts = seen.ask(_COUNT)
        seen.page.hover("#map")
        seen.page.locator(".pinned").first.click()
        seen.rest(300)
        assert [] == seen.complaints
        assert 1 == len([url for url in seen.requests if not url.startswith("data:")])
        assert "x1" != seen.page.title()
        assert set(counts) - set(plain) <= _ALLOWED
        for name in ("script", "style", "img", "iframe", "form", "meta", "link", "base", "svg"):
            assert plain.get(name, 0) == counts.get(name, 0), name
        assert [] == seen.ask(
            "[...document.querySelectorAll('*')].flatMap((n) => [...n.attributes])"
            ".filter((a) => a.name.startsWith('on')).map((a) => a.name)"
        )
        links = seen.ask("[...document.querySelectorAll('a')].map((a) => a.getAttribute('href'))")
        assert all(re.match(r"#|https?://", link) for link in links)
        # the words themselves are there to be read
        text = seen.ask("document.body.textContent")
        missing = [
            words for words in PAYLOADS if words not in text and not re.search(MARKED, words)
        ]
        assert [] == missing


@pytest.mark.parametrize("to", [*FORMATS, "feeds"])
def test_no_name_turns_the_words_behind_it_around(to: str) -> None:
    whose = car(0, "\u202eevil\u2066", driver="\u202b", vehicle="\u202d")
    told = [
        note(1, whose, BEGIN, "\u202ewords @\u202eevil\u2066", title="\u202d", tags=("\u2067a",)),
        note(2, whose, BEGIN, "", photos=(picture(1).sha256,)),
    ]
    report = make_report(
        trip([whose], {}, told, title="\u202etitle"), pictures={picture(1).sha256: picture(1)}
    )
    edition = Edition(base_url="https://example.org/rally", page=True)
    pages = (feeds if to == "feeds" else FORMATS[to])(report, edition)
    members = {
        name: content for found in pages.archives.values() for name, content in found.items()
    }
    for name, content in {**pages.files, **members}.items():
        if name.endswith((".html", ".md", ".json", ".txt", ".xml")):
            kept = re.findall("[\u202a-\u202e\u2066-\u2069]|\\\\u20[26][0-9a-e]", content.decode())
            assert [] == kept, name


def test_no_template_of_a_blog_engine_is_left_in_the_page() -> None:
    text = page(True).decode()
    assert "{{" not in text
    assert "{%" not in text
    assert "{#" not in text


def test_addresses_stand_in_links_only() -> None:
    told = [
        (tag, name)
        for tag, attributes in Tags(page(True).decode()).seen
        for name, value in attributes.items()
        if re.match(r"\s*https?:", value or "", re.IGNORECASE) and (tag, name) != ("a", "href")
    ]
    assert [] == told
