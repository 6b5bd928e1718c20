"""Many files at once, beside the same files one after the other.

    python tests/benchmarks/bench_many.py

Seconds of wall clock, the least of some rounds in turn, on the cores this process may use. Three piles:
500 short recordings and 500 photos, which threads examine, and 160 MB of long recordings with sensors
under names of their own, which processes read into the cache beforehand. Goal: never slower than one
after the other (1.1 with what a busy machine adds), and quicker for the large pile.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from convoylog.files import adding, ahead
from convoylog.files.memory import Memory
from convoylog.files.readers.limits import LIMITS
from tests.benchmarks.bench_photos import photos
from tests.benchmarks.bench_reading import recording

ROUNDS = 3
SHORT, SHORT_POINTS = 500, 2_000
LONG, LONG_POINTS = 8, 60_000


def examined(
    files: Sequence[Path], cache: Path, run: Callable[..., object], *, warm: bool
) -> float:
    """Seconds it takes to examine all, as `add` does. run: `map`, or many at once."""
    memory = Memory(cache)
    candidates = list(adding.gather(files))
    begin = time.perf_counter()
    if warm:
        ahead.warm(files, cache, LIMITS)

    def look(candidate: adding.Candidate) -> None:
        row, _ = adding.examine(candidate, memory)
        assert row.result == "added", row.reason

    for _ in run(candidates, look):  # type: ignore[attr-defined]
        pass
    return time.perf_counter() - begin


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
            recording(base / "short" / f"{n:03d}.gpx", SHORT_POINTS, rich=False)
        photos(base / "photos", SHORT)
        for n in range(LONG):
            recording(base / "long" / f"{n}.gpx", LONG_POINTS, rich=True)
        for pile in ("short", "photos", "long"):
            piles[pile] = sorted((base / pile).iterdir())
        for pile, files in piles.items():
            size = sum(path.stat().st_size for path in files) / 2**20
            serial, parallel = [], []
            for n in range(ROUNDS):
                # each with a cache that knows nothing yet
                caches = (base / f"{pile}-serial-{n}", base / f"{pile}-parallel-{n}")
                serial.append(examined(files, caches[0], one_by_one, warm=False))
                parallel.append(examined(files, caches[1], ahead.in_order, warm=True))
            alone, many = min(serial), min(parallel)
            print(
                f"{pile:8} {len(files):4} files {size:5.0f} MiB   one by one {alone:6.2f} s"
                f"   at once {many:6.2f} s   ratio {many / alone:.2f}"
            )


if __name__ == "__main__":
    main()
