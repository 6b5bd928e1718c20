"""What the account of five cars costs, beside loading their columns and one pass of distance.

    python -m tests.benchmarks.bench_account [--points N] [--cars N]

Each car drives five made-up days of ten hours, a point a second: towns, lights, stops, hills, noise
that wanders as a receiver's does, nights with the recorder asleep. The recordings are added once, so
that all is measured from a warm cache. Prints medians of runs side by side: CPU of the account as
times the CPU of reading the same columns and one vectorised pass of distance (goal: at most 3), the
memory of one car and of all (goal: grows with one car's columns), and gpxpy's length and moving data
of the same points.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from convoylog.cli import app, here
from convoylog.files.load import load
from convoylog.model.logbook import Logbook
from convoylog.trips.account import work_out

RUNS = 7
DAYS = 5
STARTS = ((39.10, -94.58), (41.26, -95.93), (35.47, -97.52), (32.78, -96.80), (38.63, -90.20))
Columns = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def day(rng: np.random.Generator, lat: float, lon: float, start: float, n: int) -> Columns:
    """n seconds of driving westwards: time, lat, lon, ele."""
    want = np.full(n, 25.0)
    at = 0
    while at < n:  # every few minutes a light, a village or, seldom, a stop
        kind, long = rng.random(), int(rng.integers(20, 90))
        if kind < 0.08:
            want[at : at + 20 * long] = 0.0
        elif kind < 0.4:
            want[at : at + long] = 0.0
        else:
            want[at : at + 4 * long] = rng.uniform(8.0, 36.0)
        at += int(rng.integers(300, 900))
    kernel = np.ones(15) / 15
    speed = np.convolve(want, kernel, mode="same")
    way = np.cumsum(speed)
    course = np.radians(280.0 + 35.0 * np.sin(way / 9_000.0) + 20.0 * np.sin(way / 1_300.0))
    north, east = np.cumsum(speed * np.cos(course)), np.cumsum(speed * np.sin(course))
    stay = np.exp(-1 / 60)
    wander = np.zeros((2, n))
    kicks = rng.normal(size=(2, n)) * 4.0 * np.sqrt(1 - stay**2)
    for k in range(1, n):
        wander[:, k] = wander[:, k - 1] * stay + kicks[:, k]
    y = lat + (north + wander[0]) / 111_000.0
    x = lon + (east + wander[1]) / (111_000.0 * np.cos(np.radians(lat)))
    ele = 400.0 + way / 2_000.0 + 60.0 * np.sin(way / 4_000.0) + wander[0]
    return start + np.arange(n, dtype=float), y, x, ele


def write(path: Path, columns: Columns) -> None:
    time_, lat, lon, ele = columns
    stamps = np.datetime_as_string(time_.astype("datetime64[s]"), timezone="UTC")
    rows = "".join(
        f'<trkpt lat="{y:.7f}" lon="{x:.7f}"><ele>{z:.1f}</ele><time>{t}</time></trkpt>\n'
        for t, y, x, z in zip(
            stamps.tolist(), lat.tolist(), lon.tolist(), ele.tolist(), strict=True
        )
    )
    head = (
        '<gpx version="1.1" creator="bench" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
    )
    path.write_text(f"{head}{rows}</trkseg></trk></gpx>")


def make_logbook(base: Path, cars: int, points: int) -> Path:
    root, folder = base / "book", base / "gpx"
    folder.mkdir(parents=True)
    names = [f"Car{n}" for n in range(cars)]
    typed("init", str(root), "--title", "Bench", "--car", names[0])
    begin = datetime(2026, 5, 1, 13, tzinfo=UTC).timestamp()
    for n, name in enumerate(names):
        if n:
            typed("--logbook", str(root), "car", "add", name)
        rng = np.random.default_rng(n)
        lat, lon = STARTS[n % len(STARTS)]
        files = []
        for k in range(DAYS):
            # a day of more seconds than a day has ends before the next begins
            start = begin + k * max(86_400.0, points // DAYS + 3600.0)
            columns = day(rng, lat, lon, start, points // DAYS)
            lat, lon = float(columns[1][-1]), float(columns[2][-1])
            files.append(folder / f"{name}-{k}.gpx")
            write(files[-1], columns)
        typed("--logbook", str(root), "add", "--car", name, *(str(file) for file in files))
    return root


def typed(*words: str) -> None:
    with Path(os.devnull).open("w") as nothing, redirect_stdout(nothing), redirect_stderr(nothing):
        code = app.run(list(words))
    assert code == 0, words


def cpu_s(work: Callable[[], object]) -> float:
    gc.collect()
    begin = time.process_time()
    work()
    return time.process_time() - begin


def one_pass(lat: np.ndarray, lon: np.ndarray) -> float:
    """Metres by the haversine in plain numpy, as anybody would write it."""
    y, x = np.radians(lat), np.radians(lon)
    a = np.sin(np.diff(y) / 2) ** 2
    a += np.cos(y[1:]) * np.cos(y[:-1]) * np.sin(np.diff(x) / 2) ** 2
    return float((2 * 6_371_008.8 * np.arcsin(np.sqrt(a))).sum())


def bare(book: Logbook) -> float:
    """Reading the columns and one pass of distance, file by file."""
    total = 0.0
    for recorded in book.tracks:
        for track in recorded.recording.tracks:
            columns = [np.array(c) for c in (track.time, track.lat, track.lon, track.ele)]
            total += one_pass(columns[1], columns[2])
    return total


_PEAK = """
import sys
from pathlib import Path
from convoylog.cli import app, here
sys.stdout = open("/dev/null", "w")
assert app.run(["--logbook", sys.argv[1], "stats"]) == 0
rows = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(rows["VmHWM"].split()[0], file=sys.stderr)
"""


def peak_mb(root: Path) -> float:
    """The most memory `stats` had, as Linux tells it; a child's own figure would begin with ours."""
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, str(root)], capture_output=True, text=True, check=True
    )
    return int(done.stderr.split()[-1]) / 1024


def gpxpy_s(path: Path) -> tuple[float, float]:
    """CPU seconds of gpxpy's length and of its moving data, of one day's points."""
    import gpxpy

    segment = gpxpy.parse(path.read_text()).tracks[0].segments[0]
    return cpu_s(segment.length_2d), cpu_s(segment.get_moving_data)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--points", type=int, default=180_000)
    asked.add_argument("--cars", type=int, default=5)
    asked.add_argument("--keep", type=Path, help="folder to keep the made recordings in")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = options.keep or Path(folder)
        base.mkdir(exist_ok=True)
        os.environ |= {"XDG_STATE_HOME": str(base / "s"), "XDG_CACHE_HOME": str(base / "c")}
        root = base / "book"
        if not root.exists():
            make_logbook(base, options.cars, options.points)
        work_out(
            load(root, memory=here.memory()), drawn=False
        )  # borders, towns and zones are unpacked once
        ours, theirs, loading = [], [], []
        for _ in range(RUNS):
            ours.append(cpu_s(lambda: work_out(load(root, memory=here.memory()), drawn=False)))
            theirs.append(cpu_s(lambda: bare(load(root, memory=here.memory()))))
            loading.append(cpu_s(lambda: load(root, memory=here.memory())))
        mine, pass_, read = (statistics.median(column) for column in (ours, theirs, loading))
        points = options.points * options.cars
        print(f"{time.strftime('%Y-%m-%d')}  {options.cars} cars of {options.points:,} points, CPU")
        print(f"logbook read     {read * 1000:8.0f} ms, columns left in the cache's files")
        print(f"one distance     {pass_ * 1000:8.0f} ms, with that and the columns read")
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        print(f"the account      {mine * 1000:8.0f} ms, {ratio:.2f} times that (goal: 3)")
        print(f"                 {points / mine:12,.0f} points/s")
        length, moving = gpxpy_s(base / "gpx" / "Car0-0.gpx")
        scale = points / (options.points // DAYS)
        print(f"gpxpy length     {length * scale / mine:8.1f} times the account")
        print(f"gpxpy moving     {moving * scale / mine:8.1f} times the account")
        if Path("/proc/self/status").exists():
            alone = base / "one" / "book"
            some = peak_mb(
                alone if alone.exists() else make_logbook(alone.parent, 1, options.points)
            )
            more = peak_mb(root)
            column = options.points * 8 / 2**20
            per_car = (more - some) / max(options.cars - 1, 1)
            print(f"memory: {some:.0f} MB for one car, {per_car:.1f} MB for each further one")
            print(f"        (its columns time, lat, lon, ele: {4 * column:.1f} MB)")


if __name__ == "__main__":
    main()
