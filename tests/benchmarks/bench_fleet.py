"""A fleet of cars in slices: CPU, wall, peak memory, and what was found.

python -m tests.benchmarks.bench_fleet [CARS] [POINTS] [FOLDER]

Columns are laid down in FOLDER, by default the system's for temporary files: 40 bytes a point.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np

from convoylog.files.columns import Columns
from convoylog.model.tracks import Track, make_track
from convoylog.trips.convoy import fleet

BEGIN = 1_777_723_200.0
PLATOON, BEHIND_S = 10, 20.0
#: metres a second, seconds of driving and of rest
SPEED, DRIVEN_S, RESTED_S = 25.0, 21_600, 7_200


def drive(car: int, points: int) -> Track:
    """A car of its platoon: the same winding way 20 s after the one before, with noise of its own."""
    way = np.random.default_rng(car // PLATOON)
    course = np.cumsum(way.normal(0.0, 0.002, points)) + way.uniform(0.0, 6.28)
    moving = np.arange(points) % (DRIVEN_S + RESTED_S) < DRIVEN_S
    east = np.cumsum(SPEED * moving * np.sin(course))
    north = np.cumsum(SPEED * moving * np.cos(course))
    noise = np.random.default_rng(10_000 + car).normal(0.0, 3.0, (2, points))
    lat = 38.0 + way.uniform(-3.0, 3.0) + (north + noise[0]) / 111_000.0
    lon = -100.0 + way.uniform(-5.0, 5.0) + (east + noise[1]) / 88_000.0
    return make_track(BEGIN + np.arange(points) + BEHIND_S * (car % PLATOON), lat, lon)


def main(cars: int = 100, points: int = 20_000, folder: str = "") -> None:
    with Columns(Path(folder or tempfile.gettempdir())) as columns:
        members = []
        for car in range(cars):
            track = drive(car, points)
            columns.put(car, track)
            ends = float(track.time[0]), float(track.time[-1])
            part = partial(columns.part, car)
            members.append(fleet.Member(f"car {car}", *ends, len(track), part))
        begin, cpu = time.perf_counter(), time.process_time()
        found = fleet.find_company(members)
        wall, cpu = time.perf_counter() - begin, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    within = sum(a // PLATOON == b // PLATOON for a, b in _numbers(found.pairs))
    print(
        f"{cars:,} cars, {cars * points:,} points: {cpu:,.0f} s CPU, {wall:,.0f} s wall,"
        f" {cpu / cars / points * 1e6:.2f} µs a point, {peak:,.0f} MB at most;"
        f" {len(found.pairs):,} pairs together, {within:,} of one platoon, {len(found.groups):,} companies"
    )


def _numbers(pairs: tuple[fleet.Pair, ...]) -> list[tuple[int, int]]:
    return [(int(pair.a.split()[1]), int(pair.b.split()[1])) for pair in pairs]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:4])
