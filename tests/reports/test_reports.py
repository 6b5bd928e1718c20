"""What a report says, in both of its first forms."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from convoylog.model.alike import COLOURS
from convoylog.model.trip import Trip
from convoylog.privacy.audit import audit
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from convoylog.reports.words import words_for
from tests.reports.trips import BEGIN, DENVER, car, converging, note, photo, picture, track, trip

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} {% raw %} {# x #}",
    "javascript:alert(1)",
    "</style><svg onload=alert(1)>",
    "[x](javascript:alert(1)) ![y](http://example.org/p.png)",
    "a | b ` c * d _ e # f",
    "\u202eright to left\u202c and \x07 bell",
    "=1+1",
)


def page(seen: Trip, **options: object) -> str:
    report = make_report(seen, pictures=options.pop("pictures", {}), **options)  # type: ignore[arg-type]
    return FORMATS["html"](report).files["report.html"].decode()


def post(seen: Trip, **options: object) -> str:
    pages = FORMATS["markdown"](make_report(seen, pictures=options.pop("pictures", {}), **options))  # type: ignore[arg-type]
    return pages.files[pages.first].decode()


class Tags(HTMLParser):
    """Every element with its attributes, and the text between."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


FIVE = converging()


def test_the_page_is_complete_without_script_or_network() -> None:
    tags = Tags(page(FIVE))
    names = {tag for tag, _ in tags.seen}
    assert not names & {"link", "iframe", "object", "embed", "form"}
    assert {"svg", "main", "h1", "table", "time", "nav"} <= names
    for tag, attributes in tags.seen:
        assert not any(key.startswith("on") or key == "style" for key in attributes), tag
        for key in ("src", "href", "xlink:href"):
            value = attributes.get(key) or "#"
            assert value.startswith(("#", "data:image/jpeg;base64,")), value


def test_the_policy_comes_first_and_names_style_and_script_by_their_hashes() -> None:
    text = page(FIVE).replace("&#39;", "'")
    assert text.index("charset") < text.index("Content-Security-Policy") < text.index("<title>")
    policy = text[text.index("Content-Security-Policy") :].partition("<title>")[0]
    for kind, count in (("style", 1), ("script", 2)):
        sources = re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
        assert count == len(sources)
        digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()) for one in sources]
        named = " ".join(f"'sha256-{digest.decode()}'" for digest in digests)
        assert f"{kind}-src {named};" in policy
    for closed in ("default-src 'none'", "base-uri 'none'", "form-action 'none'"):
        assert closed in policy
    assert "unsafe" not in policy


def test_the_page_names_no_address_but_of_namespaces() -> None:
    # licences may be named; links are the notes' own
    found = set(re.findall(r"https?://[^\s\"'<>)]+", page(FIVE)))
    assert {one for one in found if not one.startswith("http://www.w3.org/")} == set()


def test_there_is_one_first_heading_and_every_id_is_unique() -> None:
    tags = Tags(page(FIVE))
    assert [tag for tag, _ in tags.seen].count("h1") == 1
    ids = [attributes["id"] for _, attributes in tags.seen if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {(a.get("href") or "")[1:] for tag, a in tags.seen if tag == "a"}
    assert {t for t in targets if t} <= set(ids)


def test_the_same_trip_gives_the_same_bytes() -> None:
    assert page(FIVE) == page(converging())
    assert post(FIVE) == post(converging())


def test_five_cars_stay_below_the_budget() -> None:
    assert len(page(FIVE).encode()) < 700_000


def test_an_answer_stands_under_the_note_it_answers() -> None:
    text = page(FIVE)
    answered, answer, after = (
        text.index(w) for w in ("Heron is on", "We saw you!", "Juniper is on")
    )
    assert answered < answer < after
    assert "> We saw you" in post(FIVE)


def test_times_are_told_in_the_zone_of_the_place() -> None:
    # 13:00 UTC + 2 h: 10:00 in Chicago, 08:00 in Phoenix, which knows no summer time
    text = page(FIVE)
    assert 'datetime="2026-06-11T10:00:00-05:00">10:00<' in text
    assert 'datetime="2026-06-11T08:21:00-07:00">08:21<' in text


def test_a_leg_that_ends_on_a_later_date_says_so() -> None:
    solo = car(0, "Solo")
    drive = track((41.88, -87.63), DENVER, BEGIN + timedelta(hours=10), 11)
    (leg,) = make_report(trip([solo], {solo.id: [drive]}), pictures={}).legs
    assert "18:00–03:59 +1" == leg.clock


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_no_day_far_from_any_town_is_headed_by_bare_numbers(language: str) -> None:
    solo = car(0, "Solo")
    ice = track((85.0, 15.0), (86.5, 40.0), BEGIN, 20)
    report = make_report(trip([solo], {solo.id: [ice]}), pictures={}, words=words_for(language))
    assert 2 == len({chapter.heading for chapter in report.chapters})
    assert all("Longyearbyen" in chapter.heading for chapter in report.chapters)
    assert all("°" not in chapter.heading for chapter in report.chapters)


def test_of_many_countries_the_regions_are_listed_in_words() -> None:
    solo, other = car(0, "Solo"), car(1, "Other")
    ways = {
        solo.id: [track((43.3, -3.0), (52.5, 21.0), BEGIN, 30)],
        other.id: [track((48.1, 11.6), (47.0, 8.0), BEGIN, 6)],
    }
    seen = trip([solo, other], ways)
    report = make_report(seen, pictures={}, words=words_for("de"))
    told = page(seen, words=words_for("de"))
    (listed,) = re.findall(r'<dl class="lands">.*?</dl>', told, re.DOTALL)
    assert len(report.visited) > 24
    assert 'class="states"' not in told
    for visit in report.visited:
        assert visit.code == visit.country_code or f">{visit.name}<" in listed
    for country in ("Spanien", "Frankreich", "Deutschland", "Polen"):
        assert 1 == listed.count(f"<dt>{country}<")
    assert "- **Deutschland**: " in post(seen, words=words_for("de"))
    # few regions, or those of one country, have their outlines
    near = page(trip([other], {other.id: ways[other.id]}))
    assert 'class="lands"' not in near
    assert near.count("<li><svg") > 2


def test_hidden_times_are_nowhere() -> None:
    text = page(FIVE, hide_times=True)
    assert "<time" not in text
    assert not re.search(r">\d\d:\d\d<", text)


def test_what_was_left_out_is_said() -> None:
    assert "3 notes of Mabel not shared" in page(FIVE, left_out=("3 notes of Mabel not shared.",))
    assert "3 notes of Mabel not shared" in post(FIVE, left_out=("3 notes of Mabel not shared.",))


def test_photos_are_shown_with_words_for_those_who_cannot_see_them() -> None:
    whose = car(0, "Heron")
    seen = trip([whose], {whose.id: [track((41.9, -87.6), DENVER, BEGIN, 9)]},
                photos=[photo(whose, 1, "2026-06-11T09:00:00"), photo(whose, 2, "2026-06-11T09:30:00")])  # fmt: skip
    text = page(seen, pictures={picture(1).sha256: picture(1)})
    images = [a for tag, a in Tags(text).seen if tag == "img"]
    assert len(images) == 1
    assert images[0]["alt"].startswith("Photo by Heron, ")  # type: ignore[union-attr]
    assert images[0]["width"] == "60"
    assert "could not be shown" in text
    assert audit({"report.html": text.encode()}, []) == ()
    files = FORMATS["markdown"](make_report(seen, pictures={picture(1).sha256: picture(1)})).files
    assert [name for name in files if "/photo-" in name and name.endswith(".jpg")]


@pytest.mark.parametrize("words", HOSTILE)
def test_any_text_is_text_on_the_page(words: str) -> None:
    whose = car(0, f"Car {words}", driver=words, vehicle=words, number=words)
    said = note(1, whose, BEGIN, words, title=words, tags=(words,), cost=words)
    seen = trip([whose], {whose.id: [track((41.9, -87.6), DENVER, BEGIN, 2)]}, [said], title=words)
    tags = Tags(page(seen))
    plain = Tags(page(trip([car(0, "Car", driver="d", vehicle="v", number="n")],
                           {whose.id: [track((41.9, -87.6), DENVER, BEGIN, 2)]},
                           [note(1, whose, BEGIN, "x", title="x", tags=("x",), cost="x")], title="x")))  # fmt: skip
    extra = {tag for tag, _ in tags.seen} - {tag for tag, _ in plain.seen}
    assert extra <= {"em", "strong", "code", "p", "br", "a"}
    assert not any((a.get("href") or "").lower().startswith("javascript") for _, a in tags.seen)


@pytest.mark.parametrize("words", HOSTILE)
def test_any_text_is_text_in_the_post(words: str) -> None:
    from markdown_it import MarkdownIt

    whose = car(0, f"Car {words}", driver=words)
    said = note(1, whose, BEGIN, words, title=words, tags=(words,))
    seen = trip([whose], {whose.id: [track((41.9, -87.6), DENVER, BEGIN, 2)]}, [said], title=words)
    text = post(seen)
    assert "{{" not in text
    assert "{%" not in text
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    tags = Tags(html)
    assert not {tag for tag, _ in tags.seen} & {"script", "svg", "style"}
    assert {a.get("src") for tag, a in tags.seen if tag == "img"} <= {"map.png", "elevation.png"}
    assert {a.get("href") for tag, a in tags.seen if tag == "a"} <= {"trip.gpx"}


def test_links_of_a_note_lead_out_without_telling_where_from() -> None:
    whose = car(0, "Heron")
    text = page(
        trip(
            [whose],
            {},
            [note(1, whose, BEGIN, "see https://x.example [here](https://example.org/a)")],
        )
    )
    links = [
        a for tag, a in Tags(text).seen if tag == "a" and "example.org" in (a.get("href") or "")
    ]
    assert links[0]["rel"] == "noopener noreferrer nofollow ugc"


def test_a_cars_log_has_its_roundel_and_name() -> None:
    cars = [car(0, "Heron"), car(1, "Otto")]
    filled = replace(note(1, cars[1], BEGIN, "", amount="32.1 l", cost="45.20 EUR"), kind="fuel")
    seen = trip(cars, entries=[filled])
    (row,) = re.findall(r"<tr>(?:(?!</tr>).)*32[^<]*l.*?</tr>", page(seen), re.DOTALL)
    assert '<th scope="row" class="c1" data-disc="2">Otto</th>' in row
    assert "| Otto | 32" in post(seen)


def _edge_trips() -> dict[str, Trip]:
    one = car(0, "Solo")
    here = track((39.74, -104.99), (39.7401, -104.9899), BEGIN, 0.2)
    point = track((39.74, -104.99), (39.74, -104.99), BEGIN, 1 / 120)
    circle = [note(n, one, BEGIN + timedelta(minutes=n), f"n{n}") for n in (1, 2)]
    circle = [replace(circle[0], reply_to=circle[1].id), replace(circle[1], reply_to=circle[0].id)]
    return {
        "nothing": trip(),
        "a car, no words": trip([one]),
        "words, no tracks": trip([one], {}, [note(1, one, BEGIN, "hello")]),
        "no times": trip([one], {}, [note(1, one, None, "some day")]),
        "a point": trip([one], {one.id: [point]}),
        "a car park": trip([one], {one.id: [here]}),
        "over 180 degrees": trip([one], {one.id: [track((-16.8, 179.0), (-17.5, 181.5), BEGIN, 8)]}),
        "at the pole": trip([one], {one.id: [track((89.2, 10.0), (88.9, 100.0), BEGIN, 8)]}),
        "twelve cars": converging(12),
        "answers in a ring": trip([one], {}, circle),
        "an answer to nothing": trip([one], {}, [note(1, one, BEGIN, "yes", reply_to="20260101t000000z-aaaaaaaaaa")]),
    }  # fmt: skip


@pytest.mark.parametrize("name", list(_edge_trips()))
def test_odd_trips_make_whole_pages(name: str) -> None:
    seen = _edge_trips()[name]
    text = page(seen)
    assert text.rstrip().endswith("</html>")
    assert not re.search(r"(?<![A-Za-z\"])(nan|NaN)(?![A-Za-z\"])", text)
    assert post(seen).startswith("# ")


def test_every_word_of_a_ring_of_answers_is_there() -> None:
    text = page(_edge_trips()["answers in a ring"])
    assert "n1" in text
    assert "n2" in text


def test_chosen_colours_are_kept_and_not_given_twice() -> None:
    cars = [car(0, "A"), car(1, "B", colour="blue"), car(2, "C")]
    report = make_report(trip(cars), pictures={})
    assert [member.colour for member in report.cast] == [1, 0, 2]


def _speaking(text: str) -> tuple[str, str]:
    """(the entry's words in the page, the post) of a note that speaks to cars."""
    heron, sofa = car(1, "Heron", number="44"), car(2, "The Sofa")
    seen = trip([heron, sofa], entries=[note(1, heron, BEGIN, text)])
    return page(seen).partition('<p class="words">')[2].partition("</p>")[0], post(seen)


def test_cars_a_note_speaks_to_are_links_to_them() -> None:
    words, told = _speaking("@the sofa, where are you? @44 & <b> waits")
    sofa = '<a class="mention" href="#car-2">@the sofa</a>'
    heron = '<a class="mention" href="#car-1">@44</a>'
    assert f"{sofa}, where are you? {heron} &amp; &lt;b&gt; waits" == words
    assert "**@the sofa**, where are you? **@44**" in told


def test_within_links_and_code_a_mention_is_words() -> None:
    words, _ = _speaking(
        "[to @44](https://example.org/?q=@44) `@44` *@44* @445 mail@44 https://a.example/@44"
    )
    assert 1 == words.count("#car-1")
    assert '<em><a class="mention" href="#car-1">@44</a></em>' in words
    assert 'href="https://example.org/?q=@44"' in words
    assert ">to @44</a>" in words
    assert "<code>@44</code>" in words


@pytest.mark.parametrize("text", ["\ue000@44\ue001 **x", "**@44", "@44\\", "*@the sofa* \ue000"])
def test_signs_of_ours_in_a_note_make_no_mark_up(text: str) -> None:
    words, told = _speaking(text)
    assert "\ue000" not in told
    assert "\ue001" not in told
    assert 1 == words.count('class="mention"')


def test_no_two_cars_have_one_label_or_colour() -> None:
    cars = [
        car(1, "A", number="2", colour="red"), car(2, "B", number="2", colour="red"), car(3, "C"),
        car(4, "D", number="1234", colour="red"), car(5, "E", number="123"), car(6, "F"),
    ]  # fmt: skip
    cast = make_report(trip(cars), pictures={}).cast
    assert ["2", "2b", "1", "123", "12b", "3"] == [member.label for member in cast]
    assert 6 == len({member.colour for member in cast})
    assert COLOURS.index("red") == cast[0].colour


def test_colours_that_come_again_have_dashes_of_their_own() -> None:
    cars = [car(n, f"Car {n}") for n in range(14)]
    report = make_report(trip(cars, {}, [note(1, cars[0], BEGIN, "x")]), pictures={})
    assert list(range(14)) == [member.colour for member in report.cast]
    css = page(trip(cars, {}, [note(1, cars[0], BEGIN, "x")]))
    assert ".c13{--car:var(--c1)}" in css
    assert ".lane.c13{stroke-dasharray:16 4}" in css
