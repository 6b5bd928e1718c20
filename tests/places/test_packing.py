from __future__ import annotations

import lzma
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convoylog.places import packing

#: deltas of degrees at a ten-thousandth stay far below this
_INTS = st.integers(-(2**40), 2**40)


def _ints(*values: int) -> packing.Ints:
    return np.array(values, dtype=np.int64)


def test_zigzag_gives_small_numbers_of_either_sign_small_numbers() -> None:
    assert [0, 1, 2, 3, 4] == packing.zigzag(_ints(0, -1, 1, -2, 2)).tolist()


def test_varints_take_seven_bits_a_byte() -> None:
    assert b"\x00\x7f\x80\x01\xac\x02" == packing.write_varints(
        np.array([0, 127, 128, 300], dtype=np.uint64)
    )


def test_no_numbers_are_no_bytes() -> None:
    none = np.zeros(0, dtype=np.uint64)
    assert b"" == packing.write_varints(none)
    assert [] == packing.read_varints(b"").tolist()


@given(st.lists(_INTS))
def test_numbers_come_back_as_they_went(values: list[int]) -> None:
    written = packing.write_varints(packing.zigzag(_ints(*values)))
    assert values == packing.unzigzag(packing.read_varints(written)).tolist()


@given(st.lists(st.lists(st.tuples(_INTS, _INTS), min_size=1, max_size=5), min_size=1, max_size=5))
def test_lines_come_back_as_they_went(lines: list[list[tuple[int, int]]]) -> None:
    content = packing.write_lines([np.array(line, dtype=np.int64) for line in lines])
    points, starts = packing.read_lines(content)
    back = [[tuple(point) for point in points[a:b].tolist()] for a, b in pairwise(starts)]
    assert lines == back


def test_each_section_of_a_file_is_read_by_its_name() -> None:
    content = packing.write_file({"first": b"one" * 100, "second": b"", "third": b"\x00\xff"})
    assert content.startswith(packing.MAGIC)
    assert b"one" * 100 == packing.read_section(content, "first")
    assert b"" == packing.read_section(content, "second")
    assert b"\x00\xff" == packing.read_section(content, "third")


def test_a_section_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        packing.read_section(packing.write_file({"first": b"one"}), "second")


def test_texts_come_back_with_empty_fields() -> None:
    rows = [["US", "", "Colorado"], ["NO", "NO-03", "Oslo – Østlandet"]]
    assert rows == packing.read_texts(packing.write_texts(rows))
    assert [] == packing.read_texts(b"")


@given(st.lists(st.lists(st.lists(st.integers(0, 2**40), max_size=4), max_size=4), max_size=4))
def test_nested_numbers_come_back_as_they_went_empty_ones_too(table: list[list[list[int]]]) -> None:
    rows, groups, numbers = packing.read_nested(packing.write_nested(table))
    back = [
        [numbers[a:b].tolist() for a, b in pairwise(groups[c : d + 1])] for c, d in pairwise(rows)
    ]
    assert table == back


def test_damage_inside_a_section_is_seen() -> None:
    content = bytearray(packing.write_file({"first": bytes(range(256)) * 20}))
    content[-30] ^= 0xFF
    with pytest.raises(lzma.LZMAError):
        packing.read_section(bytes(content), "first")


def test_the_same_sections_make_the_same_bytes() -> None:
    sections = {"first": b"one" * 99, "second": b"two" * 99}
    assert packing.write_file(sections) == packing.write_file(dict(sections))
