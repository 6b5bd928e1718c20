"""The same trip as its readers get it: in every language, in parts, beside its photos; and odd trips."""

from __future__ import annotations

from functools import cache

from convoylog.model.trip import Trip
from convoylog.reports.edition import Edition
from convoylog.reports.formats import FORMATS
from convoylog.reports.hub import make_hub
from convoylog.reports.outline import make_report
from convoylog.reports.web.hub import render_hub
from convoylog.reports.words import words_for
from convoylog.trips.part import part_of
from tests.reports.trips import BEGIN, car, converging, note, photo, picture, trip

LANGUAGES = ("de", "fr", "es", "en-US")


@cache
def editions() -> dict[str, bytes]:
    """Name → page."""
    # the hub's own tests ask for this module's readers
    from tests.reports.test_hub import two
    from tests.reports.test_matrix import page as of_many_cars

    whole = converging(3)
    rows = {
        "day": (part_of(whole, day=whole.days[0]), "fr"),
        "car": (part_of(whole, cars=[whole.cars[0].car.id]), "de"),
        "leg": (part_of(whole, legs=[whole.cars[0].legs[0].title]), "es"),
        **{language: (whole, language) for language in LANGUAGES},
        "nothing": (trip(), "de"),
        "idle": (trip([car(0, "Solo")]), "es"),
        "words": (trip([WRITER], entries=[note(1, WRITER, None, "When was that?")]), "fr"),
    }
    pages = {name: _page(seen, language) for name, (seen, language) in rows.items()}
    pages["photos beside"] = _page(_with_photo(), "fr", Edition(beside=True), kept=True)
    pages["many cars"] = of_many_cars(14, 60).encode()
    pages["a photo broken"] = _page(_with_photo(), "de")
    for language in LANGUAGES:
        hub = make_hub(two(), title="Old Cars Club", words=words_for(language))
        pages[f"hub {language}"] = render_hub(hub).files["index.html"]
    pages["hub of nothing"] = render_hub(make_hub((), words=words_for("fr"))).files["index.html"]
    return pages


WRITER = car(0, "Solo")


def _with_photo() -> Trip:
    return trip(
        [WRITER],
        entries=[note(1, WRITER, BEGIN, "Off we go.")],
        photos=[photo(WRITER, 1, "2026-06-11T08:10:00")],
    )


def _page(seen: Trip, language: str, edition: Edition | None = None, kept: bool = False) -> bytes:
    pictures = {f"{1:064x}": picture(1)} if kept else {}
    report = make_report(seen, pictures=pictures, words=words_for(language))
    found = FORMATS["html"](report, edition) if edition else FORMATS["html"](report)
    return found.files[found.first]
