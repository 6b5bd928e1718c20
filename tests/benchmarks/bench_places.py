"""What the packed world costs: unpacking its layers, and asking it for 200,000 places.

    python -m tests.benchmarks.bench_places

Prints CPU milliseconds, the median of some runs, and how many times less a whole column costs than
asking for each place alone. Goals: regions within 250 ms, 200,000 places within 100 ms.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from importlib.resources import files

import numpy as np

from convoylog.places import names, regions, towns, world, zones

RUNS = 5
PLACES = 200_000
ALONE = 200


def cpu_ms(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return (time.process_time() - begin) * 1000


def main() -> None:
    content = files("convoylog.places").joinpath("world.bin").read_bytes()
    steps: dict[str, Callable[[], object]] = {
        "regions": lambda: world.World(content).regions,
        "all rings": lambda: [shape.rings for shape in world.World(content).regions],
        "towns": towns.all_towns.__wrapped__,
    }
    for kind in (*world.LINES, *world.AREAS):
        steps[kind] = lambda kind=kind: world.World(content)._layer(kind)
    print(f"{time.strftime('%Y-%m-%d')}  CPU, medians of {RUNS}")
    for name, work in steps.items():
        print(f"unpack {name:10} {statistics.median(cpu_ms(work) for _ in range(RUNS)):7.1f} ms")
    # from Kansas City to the Pacific, winding
    lat = np.linspace(39.1, 37.7, PLACES) + 0.5 * np.sin(np.linspace(0, 90, PLACES))
    lon = np.linspace(-94.5, -122.4, PLACES)
    print(f"first question    {cpu_ms(lambda: regions.region_at(39.0, -100.0)):7.1f} ms")
    whole = statistics.median(cpu_ms(lambda: regions.regions_along(lat, lon)) for _ in range(RUNS))
    step = PLACES // ALONE
    pairs = list(zip(lat[::step].tolist(), lon[::step].tolist(), strict=True))
    alone = cpu_ms(lambda: [regions.region_at(*pair) for pair in pairs]) / len(pairs)
    print(
        f"{PLACES:,} places    {whole:7.1f} ms, {alone * PLACES / whole:,.0f} times less than alone"
    )
    for name, ask in (("region_at", regions.region_at), ("name_of", names.name_of),
                      ("stop_name", names.stop_name), ("zone_at", zones.zone_at)):  # fmt: skip
        ask(*pairs[0])
        each = cpu_ms(lambda ask=ask: [ask(*pair) for pair in pairs]) / len(pairs)
        print(f"{name:17} {each:7.2f} ms")


if __name__ == "__main__":
    main()
