"""Recordings inside gzip and bzip2: one level, bounded, a cut end told."""

from __future__ import annotations

import bz2
import gzip

import pytest

from convoylog.errors import BadInput
from convoylog.files import readers
from convoylog.files.readers import unpacking
from convoylog.files.readers.limits import Limits
from convoylog.model.tracks import Recording
from tests.files.readers.test_gpx_scan import document, plain

GPX = document(plain())
PACKERS = {"gzip": gzip.compress, "bzip2": bz2.compress}


@pytest.mark.parametrize("how", PACKERS)
def test_the_recording_inside_is_read(how: str) -> None:
    packed = PACKERS[how](GPX)
    found = readers.reader_for(packed[: readers.HEAD]).read(packed)
    assert isinstance(found, Recording)
    assert (found.format, found.points) == (f"GPX 1.1, {how}", 400)
    assert found.warnings == ()


@pytest.mark.parametrize("how", PACKERS)
def test_several_members_are_one_file(how: str) -> None:
    half = len(GPX) // 2
    found = unpacking.read(PACKERS[how](GPX[:half]) + PACKERS[how](GPX[half:]))
    assert found.points == 400


def test_filling_behind_the_end_is_no_harm() -> None:
    assert unpacking.read(gzip.compress(GPX) + b"\0" * 100).points == 400


def test_what_came_before_a_cut_is_kept_and_told() -> None:
    found = unpacking.read(gzip.compress(GPX)[:-60])
    assert 0 < found.points <= 400
    assert "the gzip around it is cut off" in found.warnings[0]


def test_a_wrong_check_sum_is_refused() -> None:
    packed = bytearray(gzip.compress(GPX))
    packed[-5] ^= 1
    with pytest.raises(BadInput, match="damaged"):
        unpacking.read(bytes(packed))


@pytest.mark.parametrize("how", PACKERS)
def test_a_bomb_is_refused_before_it_swells(how: str) -> None:
    with pytest.raises(BadInput, match="larger than 1 MiB when unpacked"):
        unpacking.read(PACKERS[how](b"\0" * (64 << 20)), Limits(track_bytes=1 << 20))


@pytest.mark.parametrize(
    ("inside", "says"),
    [(gzip.compress(GPX), "gzip around a gzip archive"), (b"\xff\xd8\xff\xe0", "gzip around a JPEG"),
     (b"hello", "no track or photo"), (b"", "the file is empty")],
)  # fmt: skip
def test_what_is_inside_must_be_a_recording(inside: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        unpacking.read(gzip.compress(inside))
