"""What holds for every line of the table of readers."""

from __future__ import annotations

import random
import time
from contextlib import suppress

import numpy as np
import pytest

from convoylog.errors import BadInput
from convoylog.files.readers import READERS, recognise
from convoylog.files.readers.limits import Limits
from convoylog.model.photos import Photograph
from convoylog.model.tracks import MORE, Recording
from tests.files.readers.samples import SAMPLES

EVERY = [(key, content) for key, some in SAMPLES.items() for content in some]
#: broken relatives of each sample; `tests/benchmarks/fuzz.py` tries thousands
DAMAGES = 100
#: for each of these a process is started
_SLOW = {"parquet": 4}


def names() -> list[str]:
    return [f"{key}-{n}" for key, some in SAMPLES.items() for n in range(len(some))]


def possible(found: Recording | Photograph) -> None:
    """Nothing in it is what cannot be."""
    if isinstance(found, Photograph):
        assert found.lat is None or abs(found.lat) <= 90
        assert found.lon is None or abs(found.lon) <= 180
        return
    for track in found.tracks:
        assert len(track) > 0
        columns = (track.time, track.lat, track.lon, track.ele, track.segment, *track.more.values())
        assert {len(track)} == {len(column) for column in columns}
        assert np.all(np.abs(track.lat) <= 90)
        assert np.all(np.abs(track.lon) <= 180)
        assert not np.any(np.isinf(track.time))
        assert not np.any(np.isinf(track.ele))
        assert np.all(np.diff(track.segment) >= 0)
        assert set(track.more) <= set(MORE)
        assert all(np.isfinite(column).any() for column in track.more.values())
    for waypoint in found.waypoints:
        assert abs(waypoint.lat) <= 90
        assert abs(waypoint.lon) <= 180
    for route in found.routes:
        assert len(route.lat) == len(route.lon)
    assert all(warning and "\n" not in warning for warning in found.warnings)


def test_every_reader_has_a_sample() -> None:
    assert {key for key, reader in READERS.items() if reader.kind in ("track", "photo")} == set(
        SAMPLES
    )


@pytest.mark.parametrize(("key", "content"), EVERY, ids=names())
def test_every_kind_is_told_by_content_and_read(key: str, content: bytes) -> None:
    assert READERS[key] is recognise(content, "wrong.txt")
    found = READERS[key].read(content)
    assert isinstance(found, Recording if READERS[key].kind == "track" else Photograph)
    assert isinstance(found, Photograph) or found.points > 0
    possible(found)


@pytest.mark.parametrize(("key", "content"), EVERY, ids=names())
def test_reading_twice_gives_the_same(key: str, content: bytes) -> None:
    one, other = (READERS[key].read(content) for _ in range(2))
    assert one.format == other.format
    assert one.warnings == other.warnings


@pytest.mark.parametrize(("key", "content"), EVERY, ids=names())
def test_larger_files_than_the_limit_are_refused(key: str, content: bytes) -> None:
    small = Limits(track_bytes=len(content) - 1, photo_bytes=len(content) - 1, pixels=10)
    with pytest.raises(BadInput):
        READERS[key].read(content, small)


@pytest.mark.parametrize(("key", "content"), EVERY, ids=names())
def test_damage_gives_possible_values_or_bad_input_at_once(key: str, content: bytes) -> None:
    chance = random.Random(key)
    for _ in range(_SLOW.get(key, DAMAGES)):
        broken = bytearray(content)
        for _ in range(chance.choice((1, 1, 3))):
            at = chance.randrange(len(broken))
            kind = chance.randrange(4)
            if kind == 0:
                broken[at] ^= 1 << chance.randrange(8)
            elif kind == 1:
                del broken[at : at + chance.choice((1, 4, 40))]
            elif kind == 2:
                broken[at:at] = chance.choice(
                    (b"0", b"<", b"-1", b"1e999", b"NaN", b"{", b"\xff\xff")
                )
            else:
                del broken[at:]
            broken = broken or bytearray(b"x")
        begin = time.process_time()
        with suppress(BadInput):
            possible(READERS[key].read(bytes(broken)))
        # far above what any needs, so that a busy machine does not matter
        assert time.process_time() - begin < 5
