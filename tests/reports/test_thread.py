"""Short posts: nothing is lost, nothing is too long."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convoylog.reports.edition import Edition
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from convoylog.reports.posts.thread import pieces
from tests.reports.test_engines import REPORT
from tests.reports.trips import BEGIN, DENVER, car, note, photo, picture, track, trip


@given(st.text(max_size=400), st.integers(20, 120))
def test_every_letter_comes_through_in_pieces_short_enough(text: str, length: int) -> None:
    found = pieces(text, length)
    assert all(len(piece) <= length for piece in found)
    kept = "".join(piece.removesuffix(" …") for piece in found[:-1]) + found[-1]
    assert "".join(text.split()) == "".join(kept.split())


def test_a_text_is_cut_between_sentences_where_it_can_be() -> None:
    assert ["One is here. …", "Two is there."] == pieces("One is here. Two is there.", 24)
    assert ["some words without …", "an end"] == pieces("some words without an end", 20)


@pytest.mark.parametrize("length", [300, 500])
def test_a_day_is_told_in_posts_of_the_length_asked_for(length: int) -> None:
    pages = FORMATS["thread"](REPORT, Edition(length=length))
    document = json.loads(pages.files[f"{REPORT.slug}-thread/thread.json"])
    posts = document["posts"]
    assert all(0 < len(post["text"]) <= length for post in posts)
    assert posts[0]["text"].startswith("Day 1: ")
    whole = " ".join(post["text"].removesuffix("…") for post in posts)
    assert whole.split().count("words") == 900
    for post in posts:
        assert len(post["pictures"]) <= 4
        for shown in post["pictures"]:
            assert shown["alt"]
            assert f"{REPORT.slug}-thread/{shown['file']}" in pages.files


def test_more_pictures_than_a_post_takes_go_on_in_the_next() -> None:
    whose = car(0, "Heron")
    shas = tuple(picture(n).sha256 for n in range(1, 7))
    seen = trip([whose], {whose.id: [track((41.9, -87.6), DENVER, BEGIN, 9)]},
                [note(1, whose, BEGIN, "Six!", photos=shas)],
                [photo(whose, n, "2026-06-11T09:00:00") for n in range(1, 7)])  # fmt: skip
    report = make_report(seen, pictures={p.sha256: p for p in map(picture, range(1, 7))})
    pages = FORMATS["thread"](report)
    posts = json.loads(pages.files[f"{report.slug}-thread/thread.json"])["posts"]
    assert [0, 4, 2] == [len(post["pictures"]) for post in posts]


def test_a_car_spoken_to_is_no_account_of_a_microblog() -> None:
    a, b = car(0, "Heron"), car(1, "Big Dolores", number="44")
    said = note(1, a, BEGIN, "Hi @44, and @big dolores!")
    answer = note(2, b, BEGIN, "Hi @Heron, ask @nobody", reply_to=said.id)
    report = make_report(trip([a, b], {}, [said, answer]), pictures={})
    (content,) = (c for name, c in FORMATS["thread"](report).files.items() if name.endswith("md"))
    text = content.decode()
    assert "Hi Big Dolores, and Big Dolores!" in text
    assert "Hi Heron, ask @nobody" in text
