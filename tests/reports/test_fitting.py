"""Photos made to fit: never a byte too many, and no more lost than must be."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise

import pytest

from convoylog.errors import ConvoylogError
from convoylog.model.pages import Pages
from convoylog.model.photos import MEDIUM, SIZES, Picture, PictureSize
from convoylog.model.trip import Placed, Told
from convoylog.reports.fitting import Limit, Reduced, fit, in_turn, sentences, steps, that_fit
from convoylog.reports.words import words_for

WORDS = words_for()
#: bytes of a page around its photos
AROUND = 10_000
COUNT = 30


def weighty(n: int, size: PictureSize) -> Picture:
    """As large as a photo of that size may be; each another."""
    length = int(size.edge**1.8 * size.quality * (1 + n % 7 / 5) / 4000)
    return Picture(f"p{n}", size.edge, size.edge, bytes([size.quality]) * length)


class Table:
    """Makes pages of pictures, and remembers what it was asked for."""

    def __init__(self, count: int = COUNT, caption: int = 300) -> None:
        self.pictures = {f"p{n}": weighty(n, MEDIUM) for n in range(count)}
        self.made: list[tuple[int, PictureSize]] = []
        self.done: Reduced | None = None
        self.shown: Mapping[str, Picture] = {}
        self._caption = caption

    def tell(
        self, shown: Mapping[str, Picture], without: Collection[str], done: Reduced | None
    ) -> Pages:
        assert set(self.pictures) == {*shown, *without} or not shown
        self.done, self.shown = done, shown
        said = "".join(sentences(done, WORDS)) if done else ""
        content = b"." * (AROUND + len(said) + self._caption * len(shown))
        return Pages({"a": content, "b": b"".join(p.jpeg for p in shown.values())}, "a")

    def smaller(self, some: Mapping[str, Picture], size: PictureSize) -> dict[str, Picture]:
        self.made.append((len(some), size))
        return {sha256: weighty(int(sha256[1:]), size) for sha256 in some}

    def fitted(self, most: int) -> int:
        pages = fit(
            self.pictures, MEDIUM, Limit(most, f"{most} B"), list(self.pictures),
            tell=self.tell, smaller=self.smaller, cost=lambda picture: len(picture.jpeg),
        )  # fmt: skip
        return sum(map(len, pages.contents().values()))


FULL = AROUND + COUNT * 300 + sum(len(weighty(n, MEDIUM).jpeg) for n in range(COUNT))


def test_what_fits_is_left_alone() -> None:
    table = Table()
    assert FULL == table.fitted(FULL)
    assert table.done is None
    assert [] == table.made


@pytest.mark.parametrize("share", [0.999, 0.9, 0.7, 0.5, 0.3, 0.2, 0.15, 0.1, 0.05, 0.02])
def test_no_byte_more_than_the_limit_and_little_less(share: float) -> None:
    table, most = Table(), int(FULL * share)
    got = table.fitted(most)
    assert got <= most
    assert got > most - 0.03 * most - 1500
    assert table.done is not None


def test_the_edge_goes_first_then_the_quality_then_photos() -> None:
    seen = []
    for share in (0.9, 0.4, 0.17, 0.13, 0.06):
        table = Table()
        table.fitted(int(FULL * share))
        done = table.done
        assert done is not None
        seen.append((min(done.edges), min(done.qualities), done.shown))
    assert seen == sorted(seen, reverse=True)
    edges, qualities, shown = zip(*seen, strict=True)
    # each goes down only when the one before cannot
    assert all(q == 78 for e, q in zip(edges, qualities, strict=True) if e > 640)
    assert all(n == COUNT for q, n in zip(qualities, shown, strict=True) if q > 54)
    assert (640, 54) == (edges[-1], qualities[-1])
    assert 0 < shown[-1] < COUNT


def test_most_photos_are_made_only_in_the_sizes_that_are_used() -> None:
    table = Table(100)
    table.fitted(int(FULL * 1.2))
    assert 3 >= sum(count == 100 for count, _ in table.made)


def test_a_page_that_is_too_large_without_photos_is_refused_and_says_how_large() -> None:
    with pytest.raises(
        ConvoylogError, match=r"takes 10,\d\d\d bytes without any photo, more"
    ) as told:
        Table().fitted(AROUND - 1)
    assert 3 == told.value.code
    assert "--max-size" in told.value.hint


def test_where_one_byte_is_free_beyond_the_bare_page_it_has_no_photo() -> None:
    table = Table()
    most = AROUND + 100
    assert table.fitted(most) <= most
    assert {} == table.shown
    assert table.done is not None
    assert (f"To stay within {most} B: 30 of 30 photos are left out.",) == sentences(
        table.done, WORDS
    )


@pytest.mark.parametrize("start", SIZES.values(), ids=SIZES)
def test_the_steps_go_down_one_by_one(start: PictureSize) -> None:
    ladder = steps(start)
    assert start == ladder[0]
    assert PictureSize(640, ladder[-1].quality) == ladder[-1]
    for above, below in pairwise(ladder):
        assert (above.edge > below.edge) != (above.quality > below.quality)
    assert all(size.quality == start.quality for size in ladder if size.edge > 640)


def test_every_day_and_car_gives_in_turn_and_stars_come_first() -> None:
    def told(n: int, car: str, **more: object) -> Told:
        return Told(f"t{n}", "note", car, Placed(None, "unplaced"), photos=(f"p{n}",), **more)  # type: ignore[arg-type]

    story = [told(n, "a") for n in range(5)] + [told(5, "b"), told(6, "a", tags=("star",))]
    day_of = {f"t{n}": 1 for n in range(6)} | {"t6": 2}
    order = in_turn(story, day_of)
    assert ("p6", "p2", "p5") == order[:3]
    assert {f"p{n}" for n in range(7)} == set(order)
    # early and late before what lies between
    assert ("p1", "p4") == order[3:5]


def test_a_photo_too_large_for_what_is_left_makes_room_for_a_smaller_one() -> None:
    assert {"a", "c"} == that_fit("abc", {"a": 5, "b": 9, "c": 2}, 8)
