"""Real processes: many writers (T7), killed (T4), failed by the system (T3), on a full disk (T6).

    python -m tests.benchmarks.processes [many] [kills] [strace] [full] [--writers N] [--notes N]
        [--runs N] [--in DIR]

Every writer prints a note's id and hash once it is acknowledged; afterwards all that was printed
must be in the logbook, and nothing in it half-written. `strace` needs the program of that name;
`full` needs root, to mount a small disk. Ends with 1 if anything was bad.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from convoylog.files.disk import Disk
from tests.files.workloads import Base, build, verify, write_files

_WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from convoylog.errors import ConvoylogError
from convoylog.files import lock, store
from tests.files.workloads import note
root, device, count, car, locking = Path(sys.argv[1]), sys.argv[2], *sys.argv[3:6]
if locking == "unlocked":  # as on a file system without locks
    from contextlib import contextmanager
    @contextmanager
    def hold(folder, seconds=10):
        yield False
    store.hold = hold
else:
    store.hold = lambda folder: lock.hold(folder, 300)
print("ready", flush=True)
try:
    for number in range(int(count)):
        now = datetime.now(UTC)
        with store.writing(root, "note", now=now, device=device) as writer:
            version = note(car, f"note {number} of {device} " + "x" * 500, at=now)
            writer.add(version, "44-anna")
        print("version", version.id, version.hash, flush=True)
except ConvoylogError as error:
    print("error", error.message, "|", error.hint, flush=True)
    sys.exit(3)
"""


def writer(
    root: Path,
    number: int,
    notes: int,
    base: Base,
    *,
    locked: bool = True,
    before: list[str] | None = None,
) -> subprocess.Popen[str]:
    device = f"{number:016x}"
    words = [str(root), device, str(notes), base.car, "locked" if locked else "unlocked"]
    return subprocess.Popen(
        [*(before or []), sys.executable, "-c", _WRITER, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def heard(processes: list[subprocess.Popen[str]]) -> list[str]:
    """What they acknowledged; a last line cut short was not said."""
    lines = [line for process in processes for line in process.communicate()[0].split("\n")[:-1]]
    return [line for line in lines if line.startswith("version ")]


def lost(root: Path, said: list[str], base: Base) -> list[str]:
    try:
        verify(root, Disk(), tuple(said), base, "note")
    except AssertionError as error:
        return [str(error)]
    return []


def many(place: Path, base: Base, given: argparse.Namespace) -> tuple[int, list[str]]:
    bad: list[str] = []
    points = 0
    for locked in (True, False):
        root = place / f"many-{locked}"
        write_files(root, base.files)
        began = time.monotonic()
        said = heard(
            [writer(root, n, given.notes, base, locked=locked) for n in range(given.writers)]
        )
        took = time.monotonic() - began
        wanted = given.writers * given.notes
        print(f"    {'locked' if locked else 'unlocked'}: {len(said)} of {wanted} in {took:.0f} s")
        if len(said) != wanted:
            bad.append(f"{len(said)} of {wanted} written, locked={locked}")
        bad += lost(root, said, base)
        points += len(said)
    return points, bad


def kills(place: Path, base: Base, given: argparse.Namespace) -> tuple[int, list[str]]:
    """Two writers, one of them killed at a random moment, again and again in one logbook."""
    chance = random.Random(1)
    root = place / "kills"
    write_files(root, base.files)
    said: list[str] = []
    bad: list[str] = []
    for run in range(given.runs):
        pair = [writer(root, 2 * run + n, 20, base) for n in range(2)]
        for process in pair:
            assert process.stdout is not None
            process.stdout.readline()
        time.sleep(chance.random() * 0.15)
        pair[0].send_signal(signal.SIGKILL)
        said += heard(pair)
        if (run + 1) % 25 == 0 or run + 1 == given.runs:
            bad += lost(root, said, base)
    return given.runs, bad


# Not open and close, of which starting Python makes hundreds
_CALLS = ("write", "fsync", "link", "unlink", "mkdir")


def strace(place: Path, base: Base, given: argparse.Namespace) -> tuple[int, list[str]]:
    """The system itself fails a random call, or kills the process at it."""
    if shutil.which("strace") is None:
        print("    no strace here: skipped")
        return 0, []
    chance = random.Random(1)
    bad: list[str] = []
    hits = 0
    for run in range(given.runs):
        root = place / f"strace-{run}"
        write_files(root, base.files)
        call = chance.choice(_CALLS)
        how = chance.choice(("signal=KILL", "error=ENOSPC", "error=EIO"))
        inject = f"--inject={call}:{how}:when={chance.randint(1, 12)}"
        before = ["strace", "-f", "-qq", "-o", os.devnull, inject]
        hit = writer(root, run, 3, base, before=before)
        said = heard([hit])
        hits += hit.returncode != 0
        bad += [f"{call} {how}: {line}" for line in lost(root, said, base)]
        again = writer(root, run, 1, base)
        said += heard([again])
        if again.returncode:
            bad.append(f"{call} {how}: the repeat failed")
        bad += [f"{call} {how}, repeat: {line}" for line in lost(root, said, base)]
        shutil.rmtree(root)
    print(f"    {hits} of {given.runs} writers ended badly, as they should")
    return given.runs, bad


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    disk = place / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", disk], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


def full(place: Path, base: Base, given: argparse.Namespace) -> tuple[int, list[str]]:
    """Write until the disk is full: what was acknowledged is there, the error is one line."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        print("    only root may mount a small disk: skipped")
        return 0, []
    with small_disk(place, "2m") as disk:
        root = disk / "rally"
        write_files(root, base.files)
        process = writer(root, 1, 100_000, base)
        out = process.communicate()[0].split("\n")
        said = [line for line in out if line.startswith("version ")]
        errors = [line for line in out if line.startswith("error ")]
        bad = lost(root, said, base)
        print(f"    {len(said)} notes, then: {errors}")
        if process.returncode != 3 or len(errors) != 1 or "the disk is full" not in errors[0]:
            bad.append(f"ended with {process.returncode}: {errors}")
        left = [str(path) for path in root.rglob(".convoylog-*")]
        bad += [f"left behind: {left}"] if left else []
    return len(said), bad


RUNS: dict[str, Callable[[Path, Base, argparse.Namespace], tuple[int, list[str]]]] = {
    "many": many,
    "kills": kills,
    "strace": strace,
    "full": full,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", default=list(RUNS))
    parser.add_argument("--writers", type=int, default=32)
    parser.add_argument("--notes", type=int, default=200)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--in", dest="place", type=Path, default=None)
    given = parser.parse_args()
    print(f"{platform.platform()}, Python {platform.python_version()}")
    failed = False
    with tempfile.TemporaryDirectory(dir=given.place) as place:
        base = build(Path(place) / "base")
        for what in given.what:
            began = time.monotonic()
            points, bad = RUNS[what](Path(place), base, given)
            print(
                f"{what:<8} {points:>7} points {len(bad):>4} bad {time.monotonic() - began:>6.0f} s"
            )
            for line in bad[:5]:
                print(f"    {line}")
            failed = failed or bool(bad)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
