"""How quickly GPX becomes columns: 200,000 points at one a second, plain and with extensions.

    python -m tests.benchmarks.bench_reading [POINTS] [--fastgpx PYTHON]

Every contender runs in a process of its own, in turn, several rounds; CPU of the work alone (not of
starting Python), medians, and the peak of the process. Peers: gpxpy (with the standard library's
parser: with lxml installed it is slower still), GPSBabel if there is one, expat with no handlers as
the floor of any XML parse, fastgpx where PYTHON has it (its wheel needs CPython 3.12): its own columns,
which hold no extensions, and the same as Python's values.

Goals: 15 times gpxpy on plain points and 10 on rich ones, 7 times GPSBabel, the careful reader 3.5
times gpxpy, within 2 times of expat, from the cache 300 times gpxpy, less than 4 times the file in
memory.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="bench" '
    'xmlns="http://www.topografix.com/GPX/1/1" '
    'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">\n'
    "<trk><name>bench</name><trkseg>\n"
)
_TAIL = "</trkseg></trk></gpx>\n"
_RICH = (
    "<extensions><gpxtpx:TrackPointExtension><gpxtpx:atemp>{temp}</gpxtpx:atemp>"
    "<gpxtpx:hr>{hr}</gpxtpx:hr><gpxtpx:cad>{cad}</gpxtpx:cad><gpxtpx:speed>{speed:.3f}"
    "</gpxtpx:speed><gpxtpx:course>{course:.2f}</gpxtpx:course>"
    "</gpxtpx:TrackPointExtension></extensions>"
)

#: each prints one line of JSON: CPU seconds of the work, points, and MiB above the bare process
_MEASURE = """
import json, sys, time
def peak():  # ru_maxrss would begin with what the parent had
    lines = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
    return int(lines["VmHWM"].split()[0]) / 1024
{before}
base = peak()
begin = time.process_time()
{work}
cpu = time.process_time() - begin
print(json.dumps([cpu, int(points), peak() - base]))
"""

_REMEMBER = """
from pathlib import Path
from convoylog.files.memory import Memory
memory = Memory(Path(sys.argv[2]))
memory.recording(Path(sys.argv[1]))
"""

CONTENDERS = {
    "gpxpy": (
        "sys.modules['lxml'] = None\nimport gpxpy",
        "with open(sys.argv[1]) as f: g = gpxpy.parse(f)\npoints = g.get_points_no()",
    ),
    "fast road": (
        "from convoylog.files.readers import gpx",
        "points = gpx.read(open(sys.argv[1], 'rb').read()).points",
    ),
    "careful reader": (
        "from convoylog.files.readers import gpx",
        "points = gpx.read_carefully(open(sys.argv[1], 'rb').read()).points",
    ),
    "expat, no handlers": (
        "from xml.parsers import expat",
        "expat.ParserCreate().Parse(open(sys.argv[1], 'rb').read(), True); points = 0",
    ),
    "from cache": (
        _REMEMBER,
        "points = memory.recording(Path(sys.argv[1]))[1].points",
    ),
}  # fmt: skip

FASTGPX = {
    "fastgpx, loaded": (
        "import fastgpx",
        "g = fastgpx.load(sys.argv[1]); points = sum(len(s.points) for t in g.tracks for s in t.segments)",
    ),
    "fastgpx, values": (
        "import fastgpx",
        (
            "g = fastgpx.load(sys.argv[1])\n"
            "rows = [(p.latitude, p.longitude, p.elevation, p.time)"
            " for t in g.tracks for s in t.segments for p in s.points]\npoints = len(rows)"
        ),
    ),
}


def recording(path: Path, points: int, *, rich: bool) -> None:
    """A drive at one point a second, as a phone or a navigation unit writes it."""
    rows = []
    for n in range(points):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_800_000_000 + n))
        more = ""
        if rich:
            more = _RICH.format(
                temp=20 + n % 9, hr=90 + n % 60, cad=n % 90, speed=n % 311 / 10, course=n % 36000 / 100
            )  # fmt: skip
        rows.append(
            f'<trkpt lat="{37.75 + n * 1.23e-5:.7f}" lon="{-100 + n * 2.31e-5:.7f}">\n'
            f"  <ele>{500 + n % 900 / 10:.1f}</ele>\n  <time>{stamp}</time>\n{more}</trkpt>\n"
        )
    path.write_text(f"{_HEAD}{''.join(rows)}{_TAIL}")


def run(name: str, path: Path, cache: Path, fastgpx: str) -> tuple[float, float]:
    """(CPU seconds, MiB) of one contender on one file. fastgpx: a Python that has it."""
    before, work = (CONTENDERS | FASTGPX)[name]
    code = _MEASURE.format(before=before, work=work)
    done = subprocess.run(
        [fastgpx if name in FASTGPX else sys.executable, "-c", code, str(path), str(cache)],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    cpu, _, peak = json.loads(done.stdout)
    return cpu, peak


def babel(path: Path) -> float:
    """CPU seconds of GPSBabel converting the file to GPX, its start included."""
    command = ["gpsbabel", "-i", "gpx", "-f", str(path), "-o", "gpx", "-F", os.devnull]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, command
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("points", nargs="?", type=int, default=200_000)
    arguments.add_argument("--fastgpx", metavar="PYTHON", default="")
    given = arguments.parse_args()
    points = given.points
    contenders = [*CONTENDERS, *(FASTGPX if given.fastgpx else ())]
    print(
        f"{time.strftime('%Y-%m-%d')}  {points:,} points, CPU, medians of {ROUNDS} rounds in turn"
    )
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("plain", "rich"):
            path = Path(folder) / f"{kind}.gpx"
            # a rich point is twice as long, and 64 MiB is the limit
            recording(path, points // 2 if kind == "rich" else points, rich=kind == "rich")
            size = path.stat().st_size / 2**20
            found: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
            babels = []
            for _ in range(ROUNDS):
                for name in contenders:
                    found[name].append(run(name, path, Path(folder) / "cache", given.fastgpx))
                if shutil.which("gpsbabel"):
                    babels.append(babel(path))
            peer = statistics.median(cpu for cpu, _ in found["gpxpy"])
            print(f"\n{kind}: {size:.0f} MiB")
            for name, rows in found.items():
                cpu, mib = (statistics.median(column) for column in zip(*rows, strict=True))
                print(
                    f"{name:20} {cpu * 1000:8.1f} ms  gpxpy / this {peer / cpu:7.1f}"
                    f"   {mib:6.0f} MiB = {mib / size:4.1f} of the file"
                )
            if babels:
                cpu = statistics.median(babels)
                ours = statistics.median(cpu for cpu, _ in found["fast road"])
                print(
                    f"{'GPSBabel':20} {cpu * 1000:8.1f} ms  gpxpy / this {peer / cpu:7.1f}"
                    f"   GPSBabel / fast road {cpu / ours:.1f}"
                )


if __name__ == "__main__":
    main()
