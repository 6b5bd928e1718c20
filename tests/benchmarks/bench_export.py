"""How quickly 180,000 points become GPX, and other forms, beside gpxpy's own `to_xml`.

    python -m tests.benchmarks.bench_export [POINTS]

CPU, medians of rounds in turn, one process. gpxpy writes the same points from its own objects; making
those is not counted. Goal: eight times as quick, with sensors on every point too. Fewer points: one
pass of significance, beside gpxpy's `simplify` at one tolerance.
"""

from __future__ import annotations

import copy
import statistics
import sys
import time
from collections.abc import Callable

import gpxpy
import numpy as np

from convoylog.exports.exported import Exported, Line
from convoylog.exports.formats import FORMS
from convoylog.model.tracks import make_track
from convoylog.simplify import significance

ROUNDS = 5


def cpu_ms(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return (time.process_time() - begin) * 1000


def main() -> None:
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 180_000
    n = np.arange(points)
    bend = np.random.default_rng(1).normal(0, 1e-6, (2, points)).cumsum(axis=1)
    track = make_track(
        1.8e9 + n, 37.75 + n * 1.23e-5 + bend[0], -100 + n * 2.31e-5 + bend[1], 500 + n % 900 / 10
    )
    exported = Exported("x", "x", (Line("x", 0, track),), ())
    theirs = gpxpy.parse(FORMS["gpx"].write(exported))
    assert theirs.get_points_no() == points
    works: dict[str, Callable[[], object]] = {"gpxpy to_xml": theirs.to_xml}
    for form in FORMS:
        works[form] = lambda form=form: FORMS[form].write(exported)  # type: ignore[misc]
    sensors = {"heart_rate": 90.0 + n % 60, "cadence": n % 90, "temperature": 20 + n % 70 / 10}
    rich = make_track(track.time, track.lat, track.lon, track.ele, more=sensors)
    sensed = Exported("x", "x", (Line("x", 0, rich),), ())
    their_rich = gpxpy.parse(FORMS["gpx"].write(sensed))
    works["gpxpy, sensors"] = their_rich.to_xml
    works["gpx, sensors"] = lambda: FORMS["gpx"].write(sensed)
    works["significance"] = lambda: significance(track.lat, track.lon)
    works["to 10 m"] = lambda: significance(track.lat, track.lon, floor_m=10.0)
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            taken[name].append(cpu_ms(work))
    thinned = copy.deepcopy(theirs)
    simplify = cpu_ms(lambda: thinned.simplify(10))
    peers = {name: statistics.median(taken[name]) for name in ("gpxpy to_xml", "gpxpy, sensors")}
    print(f"{time.strftime('%Y-%m-%d')}  {points:,} points, CPU, medians of {ROUNDS}")
    for name, rows in taken.items():
        ours = statistics.median(rows)
        peer = peers["gpxpy, sensors" if "sensors" in name else "gpxpy to_xml"]
        print(f"{name:14} {ours:8.1f} ms   gpxpy / this {peer / ours:6.1f}")
    print(f"{'gpxpy simplify':14} {simplify:8.1f} ms, once")


if __name__ == "__main__":
    main()
