"""Columns of numbers and instants are equal, to the last bit, to what Python reads one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convoylog.files.readers.digits import instants, numbers
from convoylog.files.readers.instants import InstantReader

TEXTS = st.from_regex(r"-?[0-9]{1,12}(\.[0-9]{1,14})?|-?[0-9]{1,3}\.", fullmatch=True)


def laid_out(texts: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The texts in one buffer, something between them, and where each begins and ends."""
    buffer = np.frombuffer(("<" + "><".join(texts) + ">").encode(), dtype=np.uint8)
    width = np.array([len(text) for text in texts], dtype=np.intp)
    start = 1 + np.cumsum(width + 2) - width - 2
    return buffer, start, start + width


@settings(max_examples=300)
@given(st.lists(TEXTS, min_size=1, max_size=40))
def test_numbers_are_what_float_says(texts: list[str]) -> None:
    found = numbers(*laid_out(texts))
    assert found.tobytes() == np.array([float(text) for text in texts]).tobytes()


@pytest.mark.parametrize(
    "text", ["0", "-0", "-0.0", "9007199254740993", "0.1", "123456789012345.7", "9" * 400, "5."]
)
def test_numbers_at_the_edges(text: str) -> None:
    (found,) = numbers(*laid_out([text]))
    assert (found, math.copysign(1, found)) == (float(text), math.copysign(1, float(text)))


def test_no_numbers_are_no_numbers() -> None:
    assert len(numbers(*laid_out([])[:1], np.array([], dtype=int), np.array([], dtype=int))) == 0


STAMPS = st.builds(
    "{:%Y-%m-%dT%H:%M:%S}{}".format,
    st.datetimes(),
    st.from_regex(r"(\.[0-9]{1,9})?", fullmatch=True),
).filter(lambda text: text[0] != " " and len(text.split("-")[0]) == 4)


@settings(max_examples=300)
@given(st.lists(STAMPS, min_size=1, max_size=20), st.sampled_from([0, 3600, -12600]))
def test_instants_are_what_the_careful_reader_says(texts: list[str], east: int) -> None:
    sign = "-" if east < 0 else "+"
    zone = f"{sign}{abs(east) // 3600:02d}:{abs(east) % 3600 // 60:02d}"
    wanted = [InstantReader().read(text + zone) for text in texts]
    found = instants(*laid_out(texts), east)
    assert found is not None
    assert found.tobytes() == np.array(wanted).tobytes()


@pytest.mark.parametrize(
    "text",
    ["2024-02-30T10:00:00", "2023-02-29T10:00:00", "2024-13-01T10:00:00", "2024-00-01T10:00:00",
     "2024-01-00T10:00:00", "2024-01-01T24:00:00", "2024-01-01T10:60:00", "2024-01-01T10:00:60",
     "2024-01-01-10:00:00", "2024:01:01T10:00:00", "2024-01-01T10-00-00", "20T4-01-01T10:00:00",
     "0000-01-01T10:00:00"],
)  # fmt: skip
def test_what_is_no_instant_raises_doubt(text: str) -> None:
    assert instants(*laid_out(["2024-01-01T10:00:00", text])) is None
