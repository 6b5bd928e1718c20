"""How much memory and time `convoylog add` of a 36,000-point recording costs, beside gpxpy.

    python -m tests.benchmarks.bench_add_memory

Prints the peak of the whole process for both, the ratio, and whether the goal (150 MB) holds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

POINTS = 36_000
GOAL_MB = 150
RUNS = 3

_PARSE = "import sys, gpxpy; gpxpy.parse(open(sys.argv[1]))"


def recording(path: Path) -> None:
    """A day at one point in two seconds, as a phone writes it."""
    rows = [
        f'<trkpt lat="{37.75 + n * 1e-5:.6f}" lon="{-100 + n * 2e-5:.6f}"><ele>{500 + n % 90}.0</ele>'
        f"<time>2026-06-11T{n // 1800:02d}:{n % 1800 // 30:02d}:{n % 30 * 2:02d}Z</time></trkpt>"
        for n in range(POINTS)
    ]
    head = (
        '<gpx version="1.1" creator="bench" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
    )
    path.write_text(f"{head}{''.join(rows)}</trkseg></trk></gpx>")


def measured(command: list[str], env: dict[str, str]) -> tuple[float, float]:
    """(peak MB, CPU seconds) of one finished process."""
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, command
    return usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        recording(base / "day.gpx")
        env = {
            **os.environ,
            "XDG_STATE_HOME": str(base / "state"),
            "XDG_CACHE_HOME": str(base / "cache"),
        }
        ours, peer = [], []
        for run in range(RUNS):
            book = str(base / f"book{run}")
            program = [sys.executable, "-m", "convoylog"]
            measured([*program, "init", book, "--title", "Bench", "--car", "Bench"], env)
            ours.append(measured([*program, "--logbook", book, "add", str(base / "day.gpx")], env))
            peer.append(measured([sys.executable, "-c", _PARSE, str(base / "day.gpx")], env))
        mb, cpu = (statistics.median(column) for column in zip(*ours, strict=True))
        peer_mb, peer_cpu = (statistics.median(column) for column in zip(*peer, strict=True))
        print(
            f"{time.strftime('%Y-%m-%d')}  {POINTS:,} points, medians of {RUNS} runs side by side"
        )
        print(f"add:          {mb:6.0f} MB  {cpu:.2f} s CPU")
        print(f"gpxpy.parse:  {peer_mb:6.0f} MB  {peer_cpu:.2f} s CPU")
        print(f"ratio:        {mb / peer_mb:6.2f}     {cpu / peer_cpu:.2f}")
        print(f"goal: under {GOAL_MB} MB: {'kept' if mb < GOAL_MB else 'MISSED'}")


if __name__ == "__main__":
    main()
