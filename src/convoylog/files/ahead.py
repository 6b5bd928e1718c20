"""Reading many files at once, giving them back in order.

A thread reads ahead while what came before is brought to the drive; more than one would only wait for
Python's lock, and take half as long again. For piles of recordings whose parsing holds that lock there
are processes that leave what they read in the cache, where the one that asks finds it without copying.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from convoylog.files.memory import Memory
from convoylog.files.readers.limits import Limits

T = TypeVar("T")
R = TypeVar("R")

#: two processes cost as much as reading some 250 MiB of GPX: to start, and to find all again in the
#: cache; from twice that on it pays
PILE_BYTES = 512 * 2**20
#: 160 MiB of GPX or FIT are read in a second, 10 of NMEA, tables and JSON
_QUICK, _SLOWER = (".gpx", ".fit"), 16
#: files read before they are asked for, and their bytes: clips may have 256 MiB each
_AHEAD, AHEAD_BYTES = 4, 256 * 2**20


def cores() -> int:
    """How many this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def in_order(
    things: Sequence[T], work: Callable[[T], R], size: Callable[[T], int] = lambda _: 0
) -> Generator[R, None, None]:
    """work(thing) for each, in order, some done ahead in a thread. Raises what work raises.

    size: bytes that what is done ahead keeps in memory until it is asked for.
    """
    if cores() < 2 or len(things) < 2:
        yield from map(work, things)
        return
    with ThreadPoolExecutor(1) as pool:
        waiting: deque[tuple[Future[R], int]] = deque()
        try:
            for thing in things:
                kept = size(thing)
                while waiting and (
                    len(waiting) >= _AHEAD
                    or kept + sum(weight for _, weight in waiting) > AHEAD_BYTES
                ):
                    yield waiting.popleft()[0].result()
                waiting.append((pool.submit(work, thing), kept))
            while waiting:
                yield waiting.popleft()[0].result()
        finally:
            for future, _ in waiting:
                future.cancel()


def warm(paths: Sequence[Path], cache: Path, limits: Limits) -> None:
    """Let processes read a pile of recordings into the cache; nothing if it would not pay.

    Whatever goes wrong is as if nothing had been read: whoever asks reads it then, and tells.
    """
    if cores() < 2 or len(paths) < 2 or sum(map(_weight, paths)) < PILE_BYTES:
        return
    # the largest first, so that none is left alone at the end
    order = sorted(paths, key=_weight, reverse=True)
    # spawned: a forked child would inherit whatever the parent holds open
    clean = get_context("spawn")
    with suppress(Exception), ProcessPoolExecutor(cores(), mp_context=clean) as pool:
        _all(pool, order, cache, limits)


def _all(pool: Executor, paths: Sequence[Path], cache: Path, limits: Limits) -> None:
    for future in [pool.submit(_remember, path, cache, limits) for path in paths]:
        with suppress(Exception):
            future.result()


def _remember(path: Path, cache: Path, limits: Limits) -> None:
    Memory(cache, limits).recording(path)


def _weight(path: Path) -> int:
    """Bytes of GPX that take as long to read. Its ending may lie: that costs time, no more."""
    try:
        size = path.stat().st_size
    except OSError:
        return 0
    return size if path.suffix.lower() in _QUICK else size * _SLOWER
