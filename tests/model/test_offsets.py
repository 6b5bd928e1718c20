"""Offsets of clocks as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convoylog.model.offsets import offset_text, read_offset


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("-06:00", -21_600.0),
        ("+05:45", 20_700.0),
        ("-06:03:20", -21_800.0),
        ("\N{MINUS SIGN}06:03:20.5", -21_800.5),
        ("+00:00", 0.0),
        ("-00:00:10", -10.0),
        ("-220000:00:00", -792_000_000.0),
    ],
)
def test_an_offset_is_read_with_its_sign(text: str, seconds: float) -> None:
    assert read_offset(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "6", "06:00", "-6", "+01:60", "-01:00:60", "-1h", "+9999999:00", "+0٣:00"]
)
def test_what_is_no_offset_is_none(text: str) -> None:
    assert read_offset(text) is None


@given(st.integers(-(10**11), 10**11))
def test_an_offset_comes_back_as_it_was_told(hundredths: int) -> None:
    told = offset_text(hundredths / 100)
    assert read_offset(told) == pytest.approx(hundredths / 100, abs=1e-6)
