"""The author's words outside our marks stay, whatever we write again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convoylog.errors import BadInput
from convoylog.model.marked import join, mark

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=60)


@given(WORDS, WORDS, WORDS, WORDS)
def test_only_the_marked_part_changes(above: str, below: str, old: str, new: str) -> None:
    before = f"{above}\n{mark(old)}{below}"
    after = join(before, f"another head\n{mark(new)}")
    assert after == f"{above}\n{mark(new)}{below}"
    assert after == join(after, mark(new))


def test_words_typed_into_our_part_are_noticed() -> None:
    with pytest.raises(BadInput, match="changed by hand"):
        join(mark("ours").replace("ours", "mine"), mark("new"))


def test_a_file_without_our_mark_is_somebody_elses() -> None:
    with pytest.raises(BadInput, match="no part marked"):
        join("a post of my own", mark("new"))
    with pytest.raises(BadInput, match="several"):
        join(mark("a") + mark("b"), mark("new"))


def test_line_ends_of_another_system_are_no_change() -> None:
    assert mark("new") == join(mark("ours").replace("\n", "\r\n"), mark("new"))
