from __future__ import annotations

import itertools
from dataclasses import dataclass

from convoylog.model.threads import threaded


@dataclass(frozen=True)
class _Note:
    id: str
    reply_to: str = ""


def _told(*rows: str) -> list[str]:
    """Rows like "b>a" (b answers a) → depth and id, in order."""
    notes = [_Note(*row.split(">")) for row in rows]
    return [f"{depth}{row.id}" for depth, row in threaded(notes)]


def test_answers_stand_below_what_they_answer_in_their_order() -> None:
    assert ["0a", "1c", "2e", "1d", "0b"] == _told("a", "b", "c>a", "d>a", "e>c")


def test_an_answer_to_what_is_not_here_stands_at_its_time() -> None:
    assert ["0a", "0b", "0c"] == _told("a", "b>z", "c")


def test_an_answer_that_a_wrong_clock_put_before_its_note_still_stands_below() -> None:
    assert ["0a", "1b", "0c"] == _told("b>a", "a", "c")


def test_rings_of_answers_stand_apart_and_what_answers_them_below() -> None:
    assert ["0a"] == _told("a>a")
    assert ["0a", "1c", "0b"] == _told("a>b", "b>a", "c>a")


def test_every_row_is_told_once_whatever_answers_what() -> None:
    ids = "abcd"
    for targets in itertools.product([*ids, "z", ""], repeat=4):
        rows = [_Note(*pair) for pair in zip(ids, targets, strict=True)]
        assert sorted(ids) == sorted(row.id for _, row in threaded(rows)), targets


def test_a_long_chain_of_answers_is_no_matter() -> None:
    rows = [_Note("0"), *(_Note(str(n), str(n - 1)) for n in range(1, 5_000))]
    assert 4_999 == max(depth for depth, _ in threaded(rows))
