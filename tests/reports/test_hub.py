"""Several trips on one page: what is told, how it is written, and what it may not become."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import numpy as np
import pytest

from convoylog.model.convoy import Passing
from convoylog.model.logbook import Car
from convoylog.model.tracks import Recording, make_track
from convoylog.privacy.audit import audit
from convoylog.reports.edition import Edition
from convoylog.reports.hub import make_hub
from convoylog.reports.hub_kept import KeptTrip, folders_of, is_within, keep_trip
from convoylog.reports.web.hub import render_hub
from convoylog.reports.words import LANGUAGES, words_for
from convoylog.trips.convoy import find_convoy
from tests.reports.browser import DESK, PHONE, SMALL, Browser
from tests.reports.test_accessible_page import faults
from tests.reports.test_hostile_page import PAYLOADS
from tests.reports.test_reports import Tags
from tests.reports.trips import BEGIN, DENVER, car, track, trip

PASS, SPRINGS = (39.66, -105.88), (38.88, -104.82)
PEPPER, WHALE, FOX = car(1, "Pepper", number="44"), car(2, "Blue Whale"), car(3, "Fox")


def kept(
    title: str, cars: Sequence[Car], start: datetime = BEGIN, *, to: tuple[float, float] = PASS
) -> KeptTrip:
    """A small trip: all of its cars over a pass, a minute behind each other."""
    seen = trip(
        cars,
        {c.id: [track(DENVER, to, start + timedelta(minutes=n), 2)] for n, c in enumerate(cars)},
        title=title,
    )
    return keep_trip(seen, find_convoy(seen.cars, routes=False), book=title, folder=title.lower())


@cache
def two() -> tuple[KeptTrip, ...]:
    """Given in the wrong order of time."""
    return (
        kept("Second", (PEPPER, FOX), BEGIN + timedelta(days=400), to=SPRINGS),
        kept("First", (PEPPER, WHALE)),
    )


@cache
def page(base: str = "") -> dict[str, bytes]:
    passing = Passing(WHALE.id, FOX.id, BEGIN.timestamp(), *PASS, closest_m=80.0, place="Vail")
    hub = make_hub(two(), [(1, 0, passing)], title="Old Cars Club")
    return dict(render_hub(hub, Edition(base_url=base)).files)


def test_trips_are_numbered_by_time_and_the_newest_comes_first() -> None:
    hub = make_hub(two())
    assert [(2, "Second"), (1, "First")] == [(card.number, card.title) for card in hub.cards]
    assert "2026–2027" == hub.span
    assert "2 trips" == hub.title


def test_a_car_is_one_by_its_id_over_all_trips() -> None:
    hub = make_hub(two())
    cars = {row.name: row for row in hub.cars}
    assert {"Pepper", "Blue Whale", "Fox"} == set(cars)
    assert [1, 2] == [ride.trip for ride in cars["Pepper"].rides]
    total = sum(ride.metres or 0 for ride in cars["Pepper"].rides)
    assert pytest.approx(total) == cars["Pepper"].metres
    assert pytest.approx(sum(row.metres or 0 for row in hub.cars)) == hub.metres
    assert "44" == cars["Pepper"].cast.label
    # the one that was on both trips has another colour than either companion
    assert cars["Pepper"].cast.colour not in {
        cars["Fox"].cast.colour, cars["Blue Whale"].cast.colour,
    }  # fmt: skip


def test_of_many_countries_the_regions_are_listed_in_words() -> None:
    def through(title: str, begin: tuple[float, float], start: datetime) -> KeptTrip:
        seen = trip([PEPPER], {PEPPER.id: [track(begin, (52.5, 21.0), start, 30)]}, title=title)
        return keep_trip(seen, find_convoy(seen.cars, routes=False), book=title, folder=title)

    once = through("Once", (43.3, -3.0), BEGIN)
    again = through("Again", (48.1, 11.6), BEGIN + timedelta(days=40))
    hub = make_hub((once, again), words=words_for("de"))
    told = render_hub(hub).files["index.html"].decode()
    (listed,) = re.findall(r'<dl class="lands">.*?</dl>', told, re.DOTALL)
    assert len(hub.crossed) > 24
    assert 'class="states"' not in told
    for row in hub.crossed:
        name = row.visited.name + (f" (auf {row.trips} Reisen)" if row.trips > 1 else "")
        assert row.visited.code == row.visited.country_code or f"<span>{name}" in listed
    assert 1 == listed.count("<dt>Spanien<")
    # few, or those of one country, keep their outlines
    assert "<li><svg" in page()["index.html"].decode()


def test_two_cars_of_one_name_are_two_until_somebody_says_they_are_one() -> None:
    twin = car(9, "Pepper")
    first, second = two()[1], kept("Third", (twin,), BEGIN + timedelta(days=40))
    names = {row.name for row in make_hub((first, second)).cars}
    assert {"Pepper (First)", "Pepper (Third)", "Blue Whale"} == names
    told = kept("Third", (replace(twin, elsewhere=(PEPPER.id,)),), BEGIN + timedelta(days=40))
    assert {"Pepper", "Blue Whale"} == {row.name for row in make_hub((first, told)).cars}


def test_company_adds_up_over_trips() -> None:
    once = kept("Once", (PEPPER, WHALE))
    again = kept("Again", (PEPPER, WHALE), BEGIN + timedelta(days=9))
    (one,) = make_hub((once,)).companies
    (both,) = make_hub((once, again)).companies
    assert ((1,), (1, 2)) == (one.trips, both.trips)
    assert "1\u00a0h\u00a058" == one.driven
    assert "3\u00a0h\u00a057" == both.driven
    assert 1.0 == both.width


def test_a_car_of_two_logbooks_at_one_time_counts_once_and_that_is_said() -> None:
    first, double = two()[1], kept("Double", (PEPPER, FOX))
    hub = make_hub((first, double))
    pepper = next(row for row in hub.cars if row.name == "Pepper")
    rides = [ride.metres or 0 for ride in pepper.rides]
    assert max(rides) == pepper.metres
    assert 1 == sum("Pepper" in notice for notice in hub.notices)


def test_a_logbook_that_was_merged_into_another_is_within_it() -> None:
    whole, part = kept("Whole", (PEPPER, WHALE)), kept("Part", (PEPPER,))
    assert is_within(part, whole)
    assert not is_within(whole, part)
    assert not is_within(kept("Later", (PEPPER,), BEGIN + timedelta(days=3)), whole)
    assert not is_within(kept("Nobody", ()), whole)


def test_what_is_kept_of_a_trip_is_small_and_lies_where_it_lay() -> None:
    (whole, thin) = trip((PEPPER,), {PEPPER.id: [track(DENVER, PASS, BEGIN, 2)]}), two()[1]
    assert len(thin.cars[0].track) < 0.8 * len(whole.cars[0].track)
    assert whole.cars[0].distance_m == thin.cars[0].distance_m
    assert whole.cars[0].track.lat[0] == thin.cars[0].track.lat[0]


def test_hidden_times_are_nowhere() -> None:
    passing = Passing(WHALE.id, FOX.id, BEGIN.timestamp(), *PASS, 600.0, place="Vail", zone="UTC")
    assert "13:00" in make_hub(two(), [(1, 0, passing)]).encounters[0].when
    assert "13:00" not in make_hub(two(), [(1, 0, passing)], hide_times=True).encounters[0].when


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_tells_every_kind_of_hub(language: str) -> None:
    words = words_for(language)
    passing = Passing(WHALE.id, FOX.id, BEGIN.timestamp(), *PASS, 60.0, 60.0, 80.0, "Vail")
    for trips in ((), two()[:1], two(), (kept("Words", ()),), (kept("", (PEPPER,)),)):
        hub = make_hub(trips, [(0, 1, passing)] if len(trips) > 1 else (), words=words)
        assert hub.title
        assert hub.lede
        assert b"<h1" in render_hub(hub).files["index.html"]


def test_the_page_is_one_file_the_same_twice_without_address_or_template() -> None:
    passing = Passing(WHALE.id, FOX.id, BEGIN.timestamp(), *PASS, closest_m=80.0, place="Vail")
    hub = make_hub(two(), [(1, 0, passing)], title="Old Cars Club")
    assert {"index.html"} == set(page())
    assert page()["index.html"] == render_hub(hub).files["index.html"]
    for tag, attributes in Tags(page()["index.html"].decode()).seen:
        assert not any(key.startswith("on") or key == "style" for key in attributes), tag
        assert (attributes.get("href") or "#").startswith("#"), attributes
    assert not re.search(rb"\{[{%#]", page()["index.html"])


def test_with_an_address_card_and_text_lie_beside_it() -> None:
    files = page("https://example.org/club")
    assert {"index.html", "og.png", "share.txt"} == set(files)
    assert b'<link rel="canonical" href="https://example.org/club/">' in files["index.html"]
    assert files["share.txt"].decode().startswith("Old Cars Club\n2 trips, 3 cars: ")
    assert () == audit(files, [])


def test_a_trip_without_a_way_has_a_card_without_a_map() -> None:
    text = render_hub(make_hub((kept("Words only", ()),))).files["index.html"].decode()
    assert "Words only" in text
    assert "cardmap" not in text.split("</style>")[1]


def test_a_trip_recorded_without_a_clock_has_its_way_on_both_maps() -> None:
    (way,) = track(DENVER, PASS, BEGIN, 2).tracks
    bare = make_track(np.full(len(way), np.nan), way.lat, way.lon)
    seen = trip((PEPPER,), {PEPPER.id: [Recording("GPX 1.1", "test", (bare,))]}, title="No clock")
    book = keep_trip(seen, find_convoy(seen.cars, routes=False), book="b", folder="b")
    text = render_hub(make_hub((book,))).files["index.html"].decode()
    assert text.count('class="way ') >= 2


def test_names_of_folders_that_would_need_quoting_are_no_address() -> None:
    assert ("rally-2026", "first") == folders_of(replace(two()[1], folder="Rally 2026"))
    assert ("first",) == folders_of(replace(two()[1], folder='"><script>', title="First"))[-1:]
    assert () == folders_of(replace(two()[1], folder="..", title="日本"))


@cache
def hostile() -> bytes:
    """Every text of somebody's making is a payload."""
    trips = []
    for n in range(0, len(PAYLOADS), 4):
        words = [PAYLOADS[(n + k) % len(PAYLOADS)] for k in range(4)]
        cars = [
            Car(f"20260611t13{n:02d}0{k}z-aaaaaaaaaa", words[k][:300], "x", driver=words[k - 1],
                vehicle=words[k - 2], number=words[k])
            for k in range(2)
        ]  # fmt: skip
        one = kept("x", cars if n < 12 else (), BEGIN + timedelta(days=n))
        met = tuple(replace(row, place=words[2]) for row in one.rendezvous)
        trips.append(replace(one, title=words[0], left_out=(words[1],), rendezvous=met))
    ids = [trips[k].cars[0].car.id for k in (0, 1)]
    passing = Passing(*ids, BEGIN.timestamp(), *PASS, 60.0, place=PAYLOADS[0])
    hub = make_hub(trips, [(0, 1, passing)], title=PAYLOADS[4], copies=(PAYLOADS[5],), unread=1)
    return render_hub(hub).files["index.html"]


@pytest.mark.parametrize("header", [True, False])
def test_no_payload_becomes_an_element_a_program_or_a_request(
    browser: Browser, header: bool
) -> None:
    with browser.open(hostile(), header=header) as seen:
        assert [] == seen.complaints
        assert 1 == len([url for url in seen.requests if not url.startswith("data:")])
        names = set(seen.ask("[...document.querySelectorAll('*')].map((n) => n.localName)"))
        bad = {"img", "iframe", "form", "input", "base", "object", "embed", "math", "textarea"}
        assert set() == names & bad
        assert 1 == seen.ask("document.scripts.length")
        assert 1 == seen.ask("document.querySelectorAll('style').length")
        assert [] == seen.ask(
            "[...document.querySelectorAll('*')].flatMap((n) => [...n.attributes])"
            ".filter((a) => a.name.startsWith('on')).map((a) => a.name)"
        )
        assert PAYLOADS[4] == seen.text("h1")


@pytest.mark.parametrize("options", [{}, {"size": PHONE}, {"size": SMALL, "color_scheme": "dark"}])
def test_axe_finds_no_fault_and_nothing_is_wider_than_the_screen(
    browser: Browser, options: dict[str, object]
) -> None:
    with browser.open(page()["index.html"], **options) as seen:  # type: ignore[arg-type]
        assert [] == faults(seen)
        assert 0 == seen.ask("document.documentElement.scrollWidth - innerWidth")
        assert [] == seen.complaints


def test_the_button_turns_day_into_night_and_a_card_shows_its_trip_alone(browser: Browser) -> None:
    dimmed = "getComputedStyle(document.querySelector('.wide .way.t1')).opacity"
    with browser.open(page()["index.html"], DESK) as seen:
        day = seen.ask("getComputedStyle(document.body).color")
        seen.page.click("#theme")
        assert day != seen.ask("getComputedStyle(document.body).color")
        assert "1" == seen.ask(dimmed)
        seen.page.hover("#trip-2")
        seen.rest(400)
        assert "0.13" == seen.ask(dimmed)


def test_without_a_script_all_of_it_is_there(browser: Browser) -> None:
    with browser.open(page()["index.html"], DESK, java_script_enabled=False) as seen:
        assert seen.page.locator(".wide .plate").count() == 2
        assert not seen.page.locator("#theme").is_visible()
        assert seen.page.locator("#trip-1 .cardmap svg").is_visible()


@cache
def crowd() -> bytes:
    """Four cars that drove together, and a trip on another continent."""
    cars = [
        car(n, name) for n, name in enumerate(("Pepper", "Blue Whale of the North", "Fox", "Gecko"))
    ]
    ways = {
        c.id: [track(DENVER, PASS, BEGIN + timedelta(minutes=n), 2)] for n, c in enumerate(cars)
    }
    here = trip(cars, ways, title="Here")
    met = find_convoy(here.cars, routes=False)
    there = trip([FOX], {FOX.id: [track((48.1, 11.6), (50.1, 14.4), BEGIN, 5)]}, title="There")
    rows = [keep_trip(here, met, book="Here", folder="here")]
    rows.append(keep_trip(there, find_convoy(there.cars, routes=False), book="T", folder="there"))
    return render_hub(make_hub(rows, words=words_for("de"))).files["index.html"]


@pytest.mark.parametrize("size", [PHONE, SMALL])
def test_on_a_phone_one_sees_who_drove_with_whom_and_how_long(
    browser: Browser, size: tuple[int, int]
) -> None:
    edges = """(which) => [...document.querySelectorAll(which)].map((n) => {
      const b = n.getBoundingClientRect(); return [b.left, b.right, b.bottom - b.top]; })"""
    with browser.open(crowd(), size) as seen:
        assert 0 == seen.ask("document.documentElement.scrollWidth - innerWidth")
        rows, bars = seen.ask(edges, ".company tbody tr"), seen.ask(edges, ".company .length")
        assert len(rows) >= 3
        assert len(bars) >= 3
        assert all(0 <= left and right <= size[0] for left, right, _ in bars)
        # names in three lines at most, and the rest beside them in one
        assert all(high <= 84 for *_, high in rows)


def test_the_bars_of_who_drove_with_whom_are_as_long_as_it_was_also_on_paper(
    browser: Browser,
) -> None:
    rows = (two()[1], *(kept(f"{n}", (PEPPER, FOX), BEGIN + timedelta(days=9 * n)) for n in (1, 2)))
    hub = make_hub(rows)
    long = render_hub(hub).files
    assert pytest.approx(0.5, abs=0.02) == hub.companies[1].width
    wide = "[...document.querySelectorAll('.company .length')].map((n) => n.getBoundingClientRect().width)"
    for size, media in ((DESK, "screen"), (PHONE, "screen"), (DESK, "print")):
        with browser.open(long["index.html"], size) as seen:
            seen.page.emulate_media(media=media)
            one, other = seen.ask(wide)
            assert one > 60, media
            assert pytest.approx(0.5, abs=0.02) == other / one, media


@pytest.mark.parametrize("size", [PHONE, SMALL, (820, 1180)])
def test_the_map_of_trips_side_by_side_in_the_world_is_no_sea(
    browser: Browser, size: tuple[int, int]
) -> None:
    edges = """(which) => [...document.querySelectorAll(which)].map((n) => {
      const b = n.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })"""
    with browser.open(crowd(), size) as seen:
        ((left, top, right, bottom),) = seen.ask(edges, ".narrow")
        assert bottom - top <= 0.66 * (right - left)
        plates = seen.ask(edges, ".narrow .plate")
        assert 2 == len(plates)
        for a, b, c, d in plates:
            assert left < a < c < right
            assert top < b < d < bottom


def test_on_paper_the_first_words_of_a_hub_stand_clear_of_its_sign(browser: Browser) -> None:
    gap = """(() => { const box = (one) => document.querySelector(one).getBoundingClientRect();
      return box('.cover .lede').top - box('.cover .sign').bottom; })()"""
    with browser.open(crowd()) as seen:
        seen.page.emulate_media(media="print")
        assert 12 <= seen.ask(gap)
