"""A report in a made-up language: whatever is still English did not come from the catalogue.

Every letter of every text is replaced by a Cyrillic one, and drivers write Greek. What Latin letters are
left must be places of the gazetteer, CLDR's days, months and units, or signs everybody reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from html.parser import HTMLParser

from convoylog.model.convoy import Passing
from convoylog.model.logbook import Entry
from convoylog.model.pages import Pages
from convoylog.model.phrase import Phrase
from convoylog.model.trip import Trip
from convoylog.reports.edition import Edition
from convoylog.reports.feeds import feeds
from convoylog.reports.formats import FORMATS
from convoylog.reports.hub import make_hub
from convoylog.reports.hub_kept import keep_trip
from convoylog.reports.outline import Report, make_report
from convoylog.reports.web.hub import render_hub
from convoylog.reports.words import Text, Words, words_for
from convoylog.trips.convoy import find_convoy
from tests.reports.browser import DESK, Browser
from tests.reports.test_words import patterns
from tests.reports.trips import BEGIN, DENVER, car, note, photo, picture, track, trip

#: elements without words of ours; a drawing's `text` are towns and states
_UNREAD = ("style", "script", "text")
#: what stands in a page whatever its language
_SIGNS = re.compile(r"\b(?:km|m|h|min|s|l|kWh|USD|EUR|GPX|UTC|[MC]DT|[NSEW]{1,2}|Z)\b")
#: months, weekdays and the last comma of the English that the made-up language has from CLDR
_DAYS = re.compile(r"\b(?:(?:Wednes|Thurs|Fri|Satur|Sun)day|Wed|Thu|Fri|Sat|Sun|June|Jun|and)\b")


def strange(text: str) -> str:
    """A text of the catalogue, its own letters replaced; what is filled in stays."""
    parts = re.split(r"(\{[^}]*\})", text)
    return "".join(p if n % 2 else re.sub(r"[A-Za-z]", "ж", p) for n, p in enumerate(parts))


def _strange(text: Text) -> Text:
    if isinstance(text, str):
        return strange(text)
    return {form: strange(said) for form, said in text.items()}


def made_up() -> Words:
    english = words_for("en")
    return replace(
        english,
        texts={key: _strange(text) for key, text in english.texts.items()},
        script={key: strange(text) for key, text in english.script.items()},
        phrases={pattern: strange(pattern) for pattern in patterns()},
    )


def greek() -> Trip:
    """A trip with about everything a report can tell, in which nobody writes a Latin letter."""
    cars = [car(n, f"Ωμ{n}", driver=f"Γ{n}", vehicle="Δ") for n in range(3)]
    starts = ((41.88, -87.63), (44.98, -93.27), (41.26, -95.93))
    recordings = {
        whose.id: [
            track(begin, DENVER, BEGIN, 9),
            track(DENVER, (39.66, -105.88), BEGIN + timedelta(hours=27), 2),
        ]
        for whose, begin in zip(cars[:2], starts, strict=False)
    }
    hour = timedelta(hours=1)
    entries = [
        note(1, cars[0], BEGIN + 2 * hour, "Αβγ", title="Δε", tags=("ζη",), photos=(f"{1:064x}", f"{8:064x}")),
        note(2, cars[1], BEGIN + 3 * hour, "Θι", reply_to=f"20260611t130000z-{1:010d}"),
        note(3, cars[1], BEGIN + 30 * hour, "Κλ", reply_to="20260611t130000z-missing000"),
        note(4, cars[0], BEGIN + 60 * hour, "Μν"),
        note(5, cars[1], None, "Ξο"),
        note(6, cars[2], BEGIN + 4 * hour, "Πρ"),
        note(7, cars[0], (BEGIN + 5 * hour).replace(tzinfo=None), "Στ"),
        note(8, cars[0], BEGIN + 6 * hour, "Υφ", position=(40.0, -100.0)),
    ]  # fmt: skip
    for n, (kind, more) in enumerate(
        (
            ("fuel", {"amount": "30 l", "cost": "40.00 USD", "odometer": "1000 km", "partial": True}),
            ("fuel", {"amount": "20 l", "odometer": "1400 km"}),
            ("fuel", {"amount": "25 l", "odometer": "1700 km"}),
            ("expense", {"amount": "12 EUR"}),
            ("odometer", {"odometer": "1710 km"}),
            ("rendezvous", {}),
        )
    ):  # fmt: skip
        at = BEGIN + (1 + n) * hour
        entries.append(Entry(f"20260611t130000z-{50 + n:010d}", kind, cars[0].id, at, **more))  # type: ignore[arg-type]
    pictures = [photo(cars[0], 1, "2026-06-11T09:00:00"), photo(cars[1], 2, "2026-06-11T10:00:00")]
    return trip(cars, recordings, entries, pictures, title="Ψω")


@cache
def report() -> Report:
    seen = greek()
    return make_report(
        seen,
        pictures={p.sha256: p for p in (picture(1), picture(2))},
        convoy=find_convoy(seen.cars, routes=False),
        words=made_up(),
    )


def gazetteer(pages: str) -> re.Pattern[str]:
    """Names of the towns, regions and zones that the report tells of."""
    told = report()
    names = {v.name for v in told.visited} | {"America"}
    for member in told.cast:
        names |= set(re.split(r" – | ж+ ", f"{member.trip.start_place} – {member.trip.end_place}"))
        names |= {stop.place.rpartition(" of ")[2] for stop in member.trip.stops}
        names |= {leg.title for leg in member.trip.legs}
    names |= {row.place.rpartition(" of ")[2] for row in told.trip.story}
    parts = {part for name in names for part in re.findall(r"[A-Za-z]+", name)}
    # the page's own map data
    parts |= set(re.findall(r"[A-Za-z]+", pages))
    return re.compile(
        rf"\b(?:{'|'.join(sorted(parts - {'Around', 'of'}, key=len, reverse=True))})\b"
    )


class _Read(HTMLParser):
    """What a person reads or hears of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skipped += tag in _UNREAD
        given = dict(attrs)
        said = ["aria-label", "alt", "title", "placeholder", "aria-valuetext"]
        if given.get("name") == "description" or str(given.get("property")).startswith("og:desc"):
            said.append("content")
        self.texts += [str(given[name]) for name in said if given.get(name)]

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= tag in _UNREAD

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.texts.append(data)


def english_in(texts: list[str], towns: str = "") -> set[str]:
    known = gazetteer(towns)
    rest = (known.sub("", _DAYS.sub("", _SIGNS.sub("", text))) for text in texts)
    return {text for text in rest if re.search(r"[A-Za-z]", text)}


def told_of(pages: Pages, ending: str) -> str:
    return next(c for name, c in pages.files.items() if name.endswith(ending)).decode()


def test_no_english_is_left_on_the_page() -> None:
    page = told_of(FORMATS["html"](report()), "report.html")
    reader = _Read()
    reader.feed(page)
    assert 150 < len(reader.texts)
    found = re.search(r'<script type="application/json" id="told">(.*?)</script>', page, re.DOTALL)
    assert found
    script: Mapping[str, object] = json.loads(found[1])
    towns = json.dumps([script["towns"], script["regions"]])
    assert set() == english_in(reader.texts, towns)
    assert set() == english_in(list(script["words"].values()))  # type: ignore[attr-defined]
    assert set() == english_in([d for days in script["dates"].values() for d in days])  # type: ignore[attr-defined]


def test_no_english_is_left_in_posts_threads_and_feeds() -> None:
    post = told_of(FORMATS["markdown"](report()), "README.md")
    post = re.sub(r"\]\([^ )]*", "](", post)  # addresses
    post = re.sub(r"(?m)^\[//\]: # .*$", "", post)  # for the program's own eyes
    assert set() == english_in(post.split("\n"))
    thread = told_of(FORMATS["thread"](report()), "thread.md")
    assert set() == english_in(re.sub(r"\[photo-\w+\.jpg", "[", thread).split("\n"))
    document = json.loads(
        told_of(feeds(report(), Edition(base_url="https://example.org")), "feed.json")
    )
    texts = [document["title"], document["description"]]
    texts += [item["title"] for item in document["items"]]
    texts += [re.sub(r"<[^>]*>", "", item["content_html"]) for item in document["items"]]
    assert set() == english_in(texts)


def test_no_english_is_left_on_the_page_of_several_trips() -> None:
    wild = Phrase(
        "{away:whole_km} {wind} of {town}", away=25_000.0, wind=Phrase("E"), town="Denver"
    )
    said = Phrase("The first and last {radius:m} of {who} are left out.", radius=500.0, who="Ωμ0")
    seen = greek()
    met = find_convoy(seen.cars, routes=False)
    assert met.rendezvous
    met = replace(met, rendezvous=tuple(replace(one, place=wild) for one in met.rendezvous))
    kept = keep_trip(seen, met, book="Ψω", folder="ψω", left_out=(said,))
    passing = Passing(
        kept.cars[0].car.id, kept.cars[1].car.id, BEGIN.timestamp(), *DENVER, place=wild
    )
    hub = make_hub([kept, replace(kept, book="Χ")], [(0, 1, passing)], words=made_up())
    reader = _Read()
    reader.feed(render_hub(hub).files["index.html"].decode())
    # where they last met, where they stood, where they passed each other
    assert 3 == sum("25\N{NO-BREAK SPACE}km ж жж Denver" in text for text in reader.texts)
    assert set() == english_in(reader.texts)


def test_the_same_words_give_the_same_bytes() -> None:
    for form in ("html", "markdown", "thread"):
        seen = greek()
        one, two = (
            FORMATS[form](make_report(seen, pictures={}, words=words_for("de", "mi"))).files
            for _ in range(2)
        )
        assert one == two


def test_the_page_speaks_german_and_miles_in_a_browser(browser: Browser) -> None:
    seen = make_report(greek(), pictures={}, words=words_for("de", "mi"))
    with browser.open(FORMATS["html"](seen).files["report.html"], DESK) as shown:
        assert "de" == shown.ask("document.documentElement.lang")
        shown.page.focus("#slider")
        for _ in range(3):
            shown.page.keyboard.press("PageUp")
        shown.rest()
        assert "Donnerstag, 11. Juni 2026, " in shown.page.get_attribute(
            "#slider", "aria-valuetext"
        )
        said = shown.text("#said")
        assert re.fullmatch(r"Größter Abstand: [\d.,]+\sm?[if][it]? \(Ωμ0 – Ωμ1\)", said), said
        assert "ft" in shown.page.text_content(".of-elevation")
        assert "mi/h" in shown.page.text_content(".of-speed")
        assert [] == shown.complaints
