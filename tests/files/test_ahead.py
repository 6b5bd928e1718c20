"""Many files at once come back in order, whatever happens on the way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from convoylog.files import ahead
from convoylog.files.memory import Memory
from convoylog.files.readers.limits import LIMITS
from tests.files.readers.test_gpx_scan import document, plain, told


def test_answers_come_in_the_order_of_the_questions() -> None:
    def slow_first(n: int) -> int:
        time.sleep(0.02 if n % 5 == 0 else 0)
        return n * n

    assert list(ahead.in_order(range(40), slow_first)) == [n * n for n in range(40)]


def test_only_a_few_are_done_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "cores", lambda: 2)
    done = []
    answers: Iterator[None] = ahead.in_order(range(1000), done.append)
    next(answers)
    time.sleep(0.05)
    assert len(done) < 20
    answers.close()  # type: ignore[attr-defined]


def test_large_files_are_not_read_ahead_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "cores", lambda: 2)
    monkeypatch.setattr(ahead, "AHEAD_BYTES", 100)
    begun: list[int] = []
    answers = ahead.in_order([60, 60, 60, 10, 10], lambda n: begun.append(n) or n, lambda n: n)
    assert 60 == next(answers)
    assert 1 == len(begun)
    assert 60 == next(answers)
    assert [60, 10, 10] == list(answers)


def test_what_one_raises_is_raised_in_its_turn() -> None:
    def work(n: int) -> int:
        if n == 3:
            raise ValueError(n)
        return n

    answers = ahead.in_order(range(9), work)
    assert [next(answers) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="3"):
        next(answers)


def test_one_core_needs_no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "cores", lambda: 1)
    here = threading.current_thread().name
    assert set(ahead.in_order(range(3), lambda _: threading.current_thread().name)) == {here}


def test_processes_leave_what_they_read_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "PILE_BYTES", 1)
    monkeypatch.setattr(ahead, "cores", lambda: 2)
    paths = []
    for n in range(3):
        path = tmp_path / f"{n}.gpx"
        path.write_bytes(document(plain(20 + n)))
        paths.append(path)
    broken = tmp_path / "broken.gpx"
    broken.write_bytes(b"<gpx")
    ahead.warm([*paths, broken, tmp_path / "gone.gpx"], tmp_path / "cache", LIMITS)
    assert len(list((tmp_path / "cache").rglob("*.npy"))) == 3
    for path in paths:
        warm = Memory(tmp_path / "cache").recording(path)[1]
        assert told(warm) == told(Memory(None).recording(path)[1])


def test_a_small_pile_is_left_alone(tmp_path: Path) -> None:
    paths = [tmp_path / "a.gpx", tmp_path / "b.gpx"]
    for path in paths:
        path.write_bytes(document(plain(5)))
    ahead.warm(paths, tmp_path / "cache", LIMITS)
    assert not (tmp_path / "cache").exists()
