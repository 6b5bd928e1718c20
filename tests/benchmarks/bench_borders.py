"""What it costs to know state, country and time zone of every point, beside a pass of distance.

    python -m tests.benchmarks.bench_borders

Prints CPU time in units of one vectorised pass of distance over the same 180,000 points, as anybody
would write it in numpy (haversine), taken in turns in one run. Goal: regions, countries and zones
within 6. Our own pass (`geo.hops_m`) is quicker, so in its units the figures are higher; both are told.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from convoylog import geo
from convoylog.model.tracks import Floats, make_track
from convoylog.trips.along import find_towns
from convoylog.trips.crossings import find_looks, find_passages
from convoylog.trips.ledger import keep_ledger
from convoylog.trips.packed import PackedGround

RUNS, POINTS = 9, 180_000

#: corners of a way: latitude, longitude
PRAIRIE = ((39.1, -94.6), (39.7, -105.0), (41.1, -104.8), (40.8, -111.9), (43.6, -116.2), (45.5, -122.7),
           (47.6, -122.3), (46.6, -112.0), (45.8, -108.5), (44.1, -103.2), (43.5, -96.7), (41.3, -96.0))  # fmt: skip
#: along the checkerboard of the Navajo Nation, too
AMERICA = ((39.1, -94.6), (37.75, -100.0), (38.1, -102.6), (39.7, -105.0), (39.1, -108.6),
           (40.8, -111.9), (36.2, -115.1), (35.2, -111.7), (35.1, -106.7), (35.2, -101.8), (39.1, -94.6))  # fmt: skip
EUROPE = ((52.5, 13.4), (50.1, 14.4), (48.2, 16.4), (47.5, 19.0), (45.8, 16.0), (46.1, 14.5), (46.5, 13.6),
          (47.8, 13.0), (48.1, 11.6), (47.4, 8.5), (46.2, 6.1), (45.8, 4.8), (48.9, 2.4), (50.8, 4.4),
          (52.1, 5.1), (53.5, 10.0), (52.5, 13.4))  # fmt: skip


def way(corners: tuple[tuple[float, float], ...]) -> tuple[Floats, Floats]:
    """A round of some thousand kilometres, 25 m a second, winding as roads do."""
    share = np.linspace(0.0, len(corners) - 1.0, POINTS)
    lat, lon = (np.interp(share, np.arange(len(corners)), c) for c in np.array(corners).T)
    bends = np.linspace(0.0, 3000.0, POINTS)
    return lat + 0.004 * np.sin(bends), lon + 0.004 * np.cos(1.3 * bends)


def cpu(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def haversine_m(lat: Floats, lon: Floats) -> float:
    """Metres on a sphere."""
    y, x = np.radians(lat), np.radians(lon)
    a = np.sin(np.diff(y) / 2) ** 2
    a += np.cos(y[1:]) * np.cos(y[:-1]) * np.sin(np.diff(x) / 2) ** 2
    return float((2 * 6_371_008.8 * np.arcsin(np.sqrt(a))).sum())


def main() -> None:
    print(f"{time.strftime('%Y-%m-%d')}  CPU in passes of distance, least of {RUNS}")
    for name, corners in (("Prairie", PRAIRIE), ("America", AMERICA), ("Europe", EUROPE)):
        lat, lon = way(corners)
        ledger = keep_ledger(make_track(np.arange(float(POINTS)), lat, lon))
        ground, looks = PackedGround(), find_looks(ledger)
        work: dict[str, Callable[[], object]] = {
            "distance": lambda lat=lat, lon=lon: haversine_m(lat, lon),
            "ours": lambda lat=lat, lon=lon: geo.hops_m(lat, lon),
            "looks": lambda ledger=ledger: find_looks(ledger),
            "regions": lambda way=ledger, g=ground, k=looks: find_passages(way, g.regions, k),
            "zones": lambda way=ledger, g=ground, k=looks: find_passages(way, g.zones, k),
            "towns": lambda ledger=ledger, ground=ground: find_towns(ledger, ground),
        }
        first = {key: cpu(do) for key, do in work.items()}  # with unpacking
        taken = {key: float("inf") for key in work}
        for _ in range(RUNS):
            for key, do in work.items():
                taken[key] = min(taken[key], cpu(do))
        one = taken["distance"]
        _, borders = find_passages(ledger, ground.regions)
        _, zones = find_passages(ledger, ground.zones)
        both = (taken["looks"] + taken["regions"] + taken["zones"]) / one
        print(
            f"{name:8} {ledger.distance_m / 1000:,.0f} km, {len(borders)} borders, {len(zones)} zones:"
            f" looks {taken['looks'] / one:.1f} + regions {taken['regions'] / one:.1f}"
            f" + zones {taken['zones'] / one:.1f} = {both:.1f}"
            f" (goal 6; {both * one / taken['ours']:.1f} of our own),"
            f" towns {taken['towns'] / one:.1f}; one pass {1000 * one:.1f} ms,"
            f" unpacked at first {1000 * (first['regions'] + first['zones']):.0f} ms"
        )


if __name__ == "__main__":
    main()
