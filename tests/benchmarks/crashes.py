"""The full runs of what the tests do in small: deaths, power cuts, errors, damage.

    python -m tests.benchmarks.crashes [deaths] [cuts] [cuts-after-deaths] [errors] [damage]
        [--cuts-limit N] [--every N] [--damages N] [--in DIR]

Prints a line per operation with points tried and bad ones, and ends with 1 if any was bad. Without
words: all of them. `--every` tries only each so-manieth death before a cut. `--in` names the folder
to work in, for the file system to measure.
"""

from __future__ import annotations

import argparse
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from convoylog.files.check import check
from convoylog.files.source import Folder
from tests.files import stopping
from tests.files.simulated_disk import MemoryDisk
from tests.files.stopping import Result
from tests.files.workloads import OPERATIONS, Base, build

KINDS = ("deaths", "cuts", "cuts-after-deaths", "errors", "damage")


def damage(base: Base, work: Path, times: int, seed: int = 1) -> Result:
    """Flip, cut, zero or delete somewhere in a file of ours, `times` times."""
    chance = random.Random(seed)
    tree = {work / path: content for path, content in base.files.items()}
    ours = [
        path
        for path, content in tree.items()
        if content and not path.name.startswith((".git", ".st")) and "trash" not in path.parts
    ]
    unnoticed = []
    for _ in range(times):
        path = chance.choice(ours)
        content = tree[path]
        at = chance.randrange(len(content))
        what = chance.choice(("flip", "cut", "zeros", "gone"))
        damaged: bytes | None = None
        if what == "flip":
            damaged = (
                content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]
            )
        elif what == "cut":
            damaged = content[:at]
        elif what == "zeros":
            damaged = content[:at] + bytes(len(content) - at)
        left = {p: c for p, c in (tree | {path: damaged}).items() if c is not None}
        if not check(Folder(work, MemoryDisk(left))).problems:
            unnoticed.append(f"{path.relative_to(work)}: {what} at {at} of {len(content)}")
    return times, unnoticed


def stop(
    what: str, operation: str, base: Base, folder: Path, work: Path, given: argparse.Namespace
) -> Result:
    if what == "deaths":
        return stopping.deaths(operation, base, folder, work)
    if what == "errors":
        return stopping.errors(operation, base, folder, work)
    if what == "cuts-after-deaths":
        return stopping.cuts_after_deaths(
            operation, base, folder, work, limit=given.cuts_limit, every=given.every
        )
    limit = given.cuts_limit
    one = stopping.cuts(operation, base, folder, work, order="ordered", limit=limit, piece=200)
    two = stopping.cuts(operation, base, folder, work, order="any", limit=limit, piece=200)
    return one[0] + two[0], one[1] + two[1]


def told(name: str, run: Callable[[], Result]) -> int:
    began = time.monotonic()
    points, bad = run()
    print(f"{name:<24} {points:>8} points {len(bad):>5} bad {time.monotonic() - began:>7.1f} s")
    for line in bad[:5]:
        print(f"    {line}")
    return len(bad)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", default=list(KINDS))
    parser.add_argument("--cuts-limit", type=int, default=100)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", action="append", choices=list(OPERATIONS))
    parser.add_argument("--damages", type=int, default=10_000)
    parser.add_argument("--in", dest="place", type=Path, default=None)
    given = parser.parse_args()
    print(f"{platform.platform()}, Python {platform.python_version()}")
    bad = 0
    with tempfile.TemporaryDirectory(dir=given.place) as place:
        folder = Path(place) / "base"
        base = build(folder)
        for what in given.what:
            if what == "damage":
                bad += told("damage", lambda: damage(base, folder / "ours", given.damages))
                continue
            for operation in given.only or OPERATIONS:
                work = Path(place) / f"{what}-{operation.replace(' ', '-')}"
                work.mkdir()

                def run(what: str = what, operation: str = operation, work: Path = work) -> Result:
                    return stop(what, operation, base, folder, work, given)

                bad += told(f"{what}: {operation}", run)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
