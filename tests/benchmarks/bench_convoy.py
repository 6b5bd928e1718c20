"""The whole convoy analysis beside a plain search for near cars at every tick.

    python -m tests.benchmarks.bench_convoy [--points 180000] [--every 5]

Five cars drive one road for as many points, now in one column, now in two, with stops. The peer
builds a `scipy.spatial.cKDTree` of the cars at every tick and asks for pairs within 500 m, which
answers only the simpler question of the same instant. Prints CPU seconds, interleaved in one run,
and their ratio (goal: 1.0). scipy is installed by hand: `pip install scipy`.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree

from convoylog.model.convoy import ConvoyRules
from convoylog.model.logbook import Car
from convoylog.model.tracks import Floats, make_track
from convoylog.model.trip import CarTrip
from convoylog.trips.convoy import find_convoy

RUNS = 5
BEGIN = 1_777_723_200.0
CARS = 5


def drive(number: int, points: int, every: float) -> CarTrip:
    """A car behind the others by its number; every four hours it falls back and comes again."""
    rng = np.random.default_rng(number)
    t = np.arange(points) * every
    lag = 25.0 * number + 200.0 * (number > 2) * (np.sin(t / 14_400.0 * np.pi) > 0.3)
    # a stop of half an hour every three hours
    own = t - np.convolve(lag, np.ones(60) / 60.0, mode="same")
    moved = np.interp(own, *_clock(float(t[-1])))
    # westwards around the Earth, swinging between 36° and 40° north, bends every few kilometres
    lat = 38.0 + 2.0 * np.sin(moved / 400_000.0) + 0.003 * np.sin(moved / 1500.0)
    lon = np.remainder(80.0 - moved / 88_000.0, 360.0) - 180.0
    noise = rng.normal(0.0, 1.5 / 111_000.0, (2, points))
    track = make_track(BEGIN + t, lat + noise[0], lon + noise[1])
    name = f"car {number}"
    return CarTrip(Car(name, name, name), track, from_at=BEGIN, to_at=BEGIN + float(t[-1]))


def _clock(seconds: float) -> tuple[Floats, Floats]:
    """Metres over time: 28 m/s for three hours, then half an hour of rest."""
    knots, metres = [0.0], [0.0]
    while knots[-1] < seconds:
        knots += [knots[-1] + 10_800.0, knots[-1] + 12_600.0]
        metres += [metres[-1] + 302_400.0] * 2
    return np.array(knots), np.array(metres)


def search_ticks(cars: list[CarTrip]) -> int:
    """The peer: at every tick of ten seconds the pairs within 500 m."""
    first = max(float(c.track.time[0]) for c in cars)
    last = min(float(c.track.time[-1]) for c in cars)
    ticks = np.arange(np.ceil(first / 10.0), np.floor(last / 10.0) + 1) * 10.0
    places = np.empty((len(ticks), len(cars), 2))
    for number, car in enumerate(cars):
        lat = np.interp(ticks, car.track.time, car.track.lat)
        places[:, number, 0] = np.interp(ticks, car.track.time, car.track.lon)
        places[:, number, 0] *= 111_320.0 * np.cos(np.radians(lat))
        places[:, number, 1] = lat * 110_574.0
    found = 0
    for here in places:
        found += len(cKDTree(here).query_pairs(500.0))
    return found


def cpu_s(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=180_000)
    parser.add_argument("--every", type=float, default=5.0)
    given = parser.parse_args()
    cars = [drive(number, given.points, given.every) for number in range(CARS)]
    rules = ConvoyRules()
    ours, peers, routes = [], [], []
    for _ in range(RUNS):
        peers.append(cpu_s(lambda: search_ticks(cars)))
        ours.append(cpu_s(lambda: find_convoy(cars, rules, routes=False)))
    routes.append(cpu_s(lambda: find_convoy(cars, rules)) - statistics.median(ours))
    found = find_convoy(cars, rules, routes=False)
    together = sum(pair.together_s for pair in found.pairs) / 3600.0
    a, b = statistics.median(ours), statistics.median(peers)
    print(f"{platform.machine()}, Python {platform.python_version()}; medians of {RUNS}, CPU")
    print(
        f"{CARS} cars x {given.points:,} points, {given.every:g} s apart; {together:.0f} h together"
    )
    print(f"convoy analysis   {a:7.3f} s")
    print(f"cKDTree per tick  {b:7.3f} s")
    print(f"ratio             {a / b:7.2f}")
    print(f"same routes, 10 pairs, both directions: {statistics.median(routes):.3f} s more")


if __name__ == "__main__":
    main()
