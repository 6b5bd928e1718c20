"""What reading a recording costs, beside GPSBabel and, for FIT, fitdecode.

    python -m tests.benchmarks.bench_formats

Each format gets the same made-up drive of ten hours at one point a second, with height, speed,
heart rate and cadence. Prints CPU milliseconds, the median of some runs, points per second, and
how many times less that is than the others take. GPSBabel also writes, so it is told to forget
the points instead, and its start is taken off. Goals: no more than GPSBabel (TCX 1.1 times); FIT 100 times less than
fitdecode.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from convoylog.files.readers import fit, tcx
from tests.files.readers import fit_making as making

RUNS = 5
POINTS = 36_000


def drive() -> list[tuple[int, float, float, float, float, int, int]]:
    """Seconds, latitude, longitude, height, speed, heart rate, cadence, from near Utrecht."""
    at = np.arange(POINTS)
    lat = 52.0 + 0.3 * np.sin(at / 5000)
    lon = 5.0 + at * 2e-4
    ele = 20 + 30 * np.sin(at / 700)
    speed = 15 + 10 * np.sin(at / 60)
    columns = (at, lat, lon, ele, speed, 120 + at % 20, 80 + at % 10)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def as_fit() -> bytes:
    fields = {253: "uint32", 0: "sint32", 1: "sint32", 2: "uint16", 6: "uint16", 3: "uint8",
              4: "uint8"}  # fmt: skip
    rows = [
        (making.NOON + t, making.semicircles(lat), making.semicircles(lon), round((ele + 500) * 5),
         round(speed * 1000), heart, cadence)
        for t, lat, lon, ele, speed, heart, cadence in drive()
    ]  # fmt: skip
    return making.fit_file(making.file_id(), making.messages(20, fields, *rows))


def as_tcx() -> bytes:
    points = []
    for t, lat, lon, ele, speed, heart, cadence in drive():
        stamp = datetime.fromtimestamp(1_717_236_000 + t, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        points.append(f"""          <Trackpoint>
            <Time>{stamp}</Time>
            <Position>
              <LatitudeDegrees>{lat:.14f}</LatitudeDegrees>
              <LongitudeDegrees>{lon:.14f}</LongitudeDegrees>
            </Position>
            <AltitudeMeters>{ele:.13f}</AltitudeMeters>
            <DistanceMeters>{t * 15.0:.12f}</DistanceMeters>
            <HeartRateBpm>
              <Value>{heart}</Value>
            </HeartRateBpm>
            <Cadence>{cadence}</Cadence>
            <Extensions>
              <ns3:TPX>
                <ns3:Speed>{speed:.14f}</ns3:Speed>
              </ns3:TPX>
            </Extensions>
          </Trackpoint>
""")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
  xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2">
  <Activities>
    <Activity Sport="Biking">
      <Id>2024-06-01T10:00:00.000Z</Id>
      <Lap StartTime="2024-06-01T10:00:00.000Z">
        <Track>
{"".join(points)}        </Track>
      </Lap>
    </Activity>
  </Activities>
</TrainingCenterDatabase>
""".encode()


def cpu_ms(work: Callable[[], object]) -> float:
    """Median over RUNS, with the processes it starts."""

    def once() -> float:
        before = os.times()
        work()
        after = os.times()
        return sum(b - a for a, b in zip(before[:4], after[:4], strict=True)) * 1000

    return statistics.median(once() for _ in range(RUNS))


def gpsbabel_ms(kind: str, content: bytes) -> float:
    """CPU beyond its start, reading this and writing none of it."""
    program = shutil.which("gpsbabel")
    if program is None:
        return float("nan")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drive"
        path.write_bytes(content)
        reading = [program, "-i", kind, "-f", str(path), "-x", "nuketypes,tracks", "-o", "gpx",
                   "-F", "-"]  # fmt: skip
        starting = [program, "-V"]
        taken = [
            cpu_ms(lambda c=command: subprocess.run(c, check=True, stdout=subprocess.DEVNULL))
            for command in (reading, starting)
        ]
    return taken[0] - taken[1]


def fitdecode_ms(content: bytes) -> float:
    try:
        import fitdecode
    except ImportError:
        return float("nan")

    def work() -> None:
        with fitdecode.FitReader(content) as frames:
            for frame in frames:
                if isinstance(frame, fitdecode.FitDataMessage) and frame.name == "record":
                    frame.get_value("position_lat", fallback=None)

    begin = time.process_time()
    work()  # once: it takes seconds
    return (time.process_time() - begin) * 1000


def main() -> None:
    print(f"{time.strftime('%Y-%m-%d')}  CPU, medians of {RUNS}, {POINTS:,} points")
    for name, content, read, kind in (
        ("FIT", as_fit(), fit.read, "garmin_fit"),
        ("TCX", as_tcx(), tcx.read, "gtrnctr"),
    ):
        assert read(content).points == POINTS
        ours = cpu_ms(lambda read=read, content=content: read(content))
        print(f"{name}  {ours:7.1f} ms  {POINTS / ours * 1000:12,.0f} points/s")
        others = {"GPSBabel": gpsbabel_ms(kind, content)}
        if name == "FIT":
            others["fitdecode"] = fitdecode_ms(content)
        for other, theirs in others.items():
            print(f"     {other:9} {theirs:9.1f} ms, {theirs / ours:8.2f} times ours")


if __name__ == "__main__":
    main()
