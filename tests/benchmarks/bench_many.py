"""Many files at once, beside the same files one after the other.

    python -m tests.benchmarks.bench_many

Seconds of wall clock, the least of some rounds in turn, on the cores this process may use, and CPU of all
processes. Three piles: 500 short recordings and 500 photos, which threads examine, and 60 MB of NMEA,
which processes read into the cache beforehand. Goal: never slower than one after the other (1.1, since a
machine is never quiet), and less than 0.8 for the large pile where a second core is free.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import reduce
from operator import xor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from convoylog.files import ahead
from convoylog.files.candidates import Candidate, gather
from convoylog.files.examining import examine
from convoylog.files.memory import Memory
from convoylog.files.readers.limits import LIMITS
from tests.benchmarks.bench_photos import photos
from tests.benchmarks.bench_reading import recording

ROUNDS = 3
SHORT, SHORT_POINTS = 500, 2_000
LONG, LONG_POINTS = 8, 50_000


def examined(
    files: Sequence[Path], cache: Path, run: Callable[..., object], *, warm: bool
) -> float:
    """Seconds it takes to examine all, as `add` does. run: `map`, or many at once."""
    memory = Memory(cache)
    candidates = list(gather(files))
    begin = time.perf_counter()
    if warm:
        ahead.warm(files, cache, LIMITS)

    def look(candidate: Candidate) -> None:
        row, _ = examine(candidate, memory)
        assert row.result == "added", row.reason

    for _ in run(candidates, look):  # type: ignore[attr-defined]
        pass
    return time.perf_counter() - begin


def log(path: Path, fixes: int) -> None:
    """What a dash camera writes: two sentences a second."""
    rows = []
    for n in range(fixes):
        at = f"{n // 3600 % 24:02d}{n // 60 % 60:02d}{n % 60:02d}.00"
        place = f"{3745 + n % 10 / 10 + n * 1e-4:09.4f},N,{10000 + n * 2e-4:010.4f},W"
        for body in (
            f"GPRMC,{at},A,{place},052.4,270.1,010624,,,A",
            f"GPGGA,{at},{place},1,09,0.9,512.3,M,,M,,",
        ):
            total = reduce(xor, body.encode())
            rows.append(f"${body}*{total:02X}\r\n")
    path.write_text("".join(rows))


def cpu() -> float:
    return sum(os.times()[:4])


def one_by_one(things: Sequence[object], work: Callable[[object], object]) -> object:
    return map(work, things)


def main() -> None:
    print(
        f"{time.strftime('%Y-%m-%d')}  {ahead.cores()} cores, wall clock, least of {ROUNDS} in turn"
    )
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        piles = {}
        for pile in ("short", "photos", "long"):
            (base / pile).mkdir()
        for n in range(SHORT):
            recording(base / "short" / f"{n:03d}.gpx", SHORT_POINTS + n, rich=False)
        photos(base / "photos", SHORT)
        for n in range(LONG):
            log(base / "long" / f"{n}.nmea", LONG_POINTS + n)
        for pile in ("short", "photos", "long"):
            piles[pile] = sorted((base / pile).iterdir())
        for pile, files in piles.items():
            size = sum(path.stat().st_size for path in files) / 2**20
            serial, parallel = [], []
            spent = [0.0, 0.0]
            for n in range(ROUNDS):
                # each with a cache that knows nothing yet
                caches = (base / f"{pile}-serial-{n}", base / f"{pile}-parallel-{n}")
                begin = cpu()
                serial.append(examined(files, caches[0], one_by_one, warm=False))
                between = cpu()
                # as `add` does: processes read no photos
                warm = pile != "photos"
                parallel.append(examined(files, caches[1], ahead.in_order, warm=warm))
                spent[0] += between - begin
                spent[1] += cpu() - between
            alone, many = min(serial), min(parallel)
            print(
                f"{pile:8} {len(files):4} files {size:5.0f} MiB   one by one {alone:6.2f} s"
                f"   at once {many:6.2f} s   ratio {many / alone:.2f}   CPU {spent[1] / spent[0]:.2f}"
            )


if __name__ == "__main__":
    main()
