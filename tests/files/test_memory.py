"""What was read is remembered by content, opened without copying, and lost without harm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convoylog.files import memory as memories
from convoylog.files.memory import Memory
from convoylog.model.tracks import Recording
from tests.files.readers.test_gpx_scan import SHAPES, document, plain, told

RICH = document(plain(20) + "".join(map(SHAPES["sensors"], range(20, 60))))


@pytest.fixture
def track(tmp_path: Path) -> Path:
    path = tmp_path / "a.gpx"
    path.write_bytes(RICH)
    return path


def cached(cache: Path) -> list[Path]:
    return sorted(path for path in cache.rglob("*") if path.is_file())


def refuse(*_: object, **__: object) -> None:
    raise AssertionError("read again")


def test_a_second_reading_gives_the_same_and_parses_nothing(
    track: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Memory(tmp_path / "c").recording(track)
    monkeypatch.setattr(memories, "reader_for", refuse)
    monkeypatch.setattr(memories, "read_file", refuse)
    second = Memory(tmp_path / "c").recording(track)
    assert first[0] == second[0]
    assert told(first[1]) == told(second[1])


def test_columns_from_the_cache_are_not_copied(track: Path, tmp_path: Path) -> None:
    Memory(tmp_path / "c").recording(track)
    (found,) = Memory(tmp_path / "c").recording(track)[1].tracks
    columns = (found.time, found.lat, found.lon, found.ele, found.segment, *found.more.values())
    assert {"heart_rate", "speed", "temperature"} <= set(found.more)
    owners = set()
    for column in columns:
        assert not column.flags.writeable
        owner: object = column
        while isinstance(owner, np.ndarray) and owner.base is not None:
            owner = owner.base
        owners.add(id(owner))
    assert len(owners) == 1, "all columns lie in one mapped file"


def test_without_its_cache_only_time_is_lost(track: Path, tmp_path: Path) -> None:
    first = Memory(tmp_path / "c").recording(track)
    for path in cached(tmp_path / "c"):
        path.unlink()
    assert told(Memory(tmp_path / "c").recording(track)[1]) == told(first[1])
    assert told(Memory(None).recording(track)[1]) == told(first[1])


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"{}", b"\x93NUMPY", b"\x80\x04K\x01."])
def test_a_damaged_cache_is_no_cache(track: Path, tmp_path: Path, damage: bytes) -> None:
    first = Memory(tmp_path / "c").recording(track)
    for path in cached(tmp_path / "c"):
        before = path.read_bytes()
        path.write_bytes(damage)
        assert told(Memory(tmp_path / "c").recording(track)[1]) == told(first[1])
        path.write_bytes(before)


def test_another_files_columns_are_noticed(track: Path, tmp_path: Path) -> None:
    first = Memory(tmp_path / "c").recording(track)
    (path,) = (tmp_path / "c").rglob("*.npy")
    for other in (np.zeros((3, 60)), np.zeros((9, 60), dtype=np.float32), np.zeros(60)):
        np.save(path, other)
        assert told(Memory(tmp_path / "c").recording(track)[1]) == told(first[1])


def test_a_changed_file_is_read_again(track: Path, tmp_path: Path) -> None:
    Memory(tmp_path / "c").recording(track)
    track.write_bytes(document(plain(30)))
    found = Memory(tmp_path / "c").recording(track)[1]
    assert isinstance(found, Recording)
    assert found.points == 30


def test_nothing_in_the_cache_is_pickled(track: Path, tmp_path: Path) -> None:
    Memory(tmp_path / "c").recording(track)
    assert {path.suffix for path in cached(tmp_path / "c")} == {".npy", ".json"}
