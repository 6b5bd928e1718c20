"""What KML costs: 36,000 points, ten hours of driving, as GPSBabel and as phones write them.

    python -m tests.benchmarks.bench_kml

Prints CPU milliseconds, the median of some runs, beside GPSBabel reading the same file into nothing
if it is installed. Goal: less than GPSBabel, and at most twice as much where each point is a placemark of its own.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from convoylog.files.readers import kml

RUNS = 5
POINTS = 36_000
START = datetime(2024, 6, 1, 8, tzinfo=UTC)

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2" '
    'xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>Ten hours</name>\n'
    '<Schema id="schema"><gx:SimpleArrayField name="speed" type="float"><displayName>Speed (m/s)'
    "</displayName></gx:SimpleArrayField></Schema>\n"
)
FOOT = "</Document></kml>\n"


def stamp(i: int, fraction: str = "") -> str:
    return (START + timedelta(seconds=i)).strftime("%Y-%m-%dT%H:%M:%S") + f"{fraction}Z"


def place(i: int, between: str) -> str:
    return f"{8 + i * 1e-4:.6f}{between}{48 + i * 5e-5:.6f}{between}{300 + i % 97:.2f}"


def track() -> str:
    """All times, then all positions, as GPSBabel writes a gx:Track."""
    whens = "".join(f"<when>{stamp(i)}</when>\n" for i in range(POINTS))
    coords = "".join(f"<gx:coord>{place(i, ' ')}</gx:coord>\n" for i in range(POINTS))
    return f"<Placemark><name>A</name><gx:Track>\n{whens}{coords}</gx:Track></Placemark>\n"


def phone() -> str:
    """Times with milliseconds beside their positions, then the speeds, as OpenTracks writes."""
    rows = "".join(
        f"<when>{stamp(i, f'.{i * 37 % 1000:03}')}</when>\n<gx:coord>{place(i, ' ')}</gx:coord>\n"
        for i in range(POINTS)
    )
    speeds = "".join(f"<gx:value>{i % 37}.5</gx:value>\n" for i in range(POINTS))
    return (
        f"<Placemark><name>A</name><gx:MultiTrack><gx:Track>\n{rows}<ExtendedData><SchemaData "
        f'schemaUrl="#schema"><gx:SimpleArrayData name="speed">\n{speeds}</gx:SimpleArrayData>'
        "</SchemaData></ExtendedData></gx:Track></gx:MultiTrack></Placemark>\n"
    )


def line() -> str:
    """Positions without times."""
    text = "\n".join(place(i, ",") for i in range(POINTS))
    return (
        "<Placemark><name>A</name><LineString><coordinates>\n"
        f"{text}\n</coordinates></LineString></Placemark>\n"
    )


def points() -> str:
    """A placemark for each point and a line through them, as GPSBabel writes by default."""
    marks = "".join(
        f"<Placemark><name>A-{i}</name><snippet/><description><![CDATA[<table><tr><td>Altitude: 300"
        f"</td></tr></table>]]></description><LookAt><longitude>8</longitude><latitude>48</latitude>"
        f"<tilt>66</tilt></LookAt><TimeStamp><when>{stamp(i)}</when></TimeStamp><styleUrl>#track"
        f"</styleUrl><Point><coordinates>{place(i, ',')}</coordinates></Point></Placemark>\n"
        for i in range(POINTS)
    )
    return f"<Folder><name>A</name><Folder><name>Points</name>{marks}</Folder>{line()}</Folder>"


def cpu_ms(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return (time.process_time() - begin) * 1000


def gpsbabel_ms(path: Path) -> float:
    """User and system milliseconds of one run, its start included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        ["gpsbabel", "-i", "kml", "-f", str(path), "-o", "gpx", "-F", os.devnull], check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> None:
    other = shutil.which("gpsbabel")
    print(f"{time.strftime('%Y-%m-%d')}  {POINTS:,} points, CPU, medians of {RUNS}")
    with tempfile.TemporaryDirectory() as folder:
        for name, make in (("track", track), ("phone", phone), ("line", line), ("points", points)):
            content = f"{HEAD}{make()}{FOOT}".encode()
            path = Path(folder) / f"{name}.kml"
            path.write_bytes(content)
            found = kml.read(content)
            assert found.points == POINTS, found.points
            ours = statistics.median(cpu_ms(lambda c=content: kml.read(c)) for _ in range(RUNS))
            told = f"{name:8} {len(content) / 1e6:5.1f} MB {ours:8.1f} ms"
            if other:
                theirs = statistics.median(gpsbabel_ms(path) for _ in range(RUNS))
                told += f"   GPSBabel {theirs:8.1f} ms, {theirs / ours:4.1f} times as much"
            print(told)


if __name__ == "__main__":
    main()
