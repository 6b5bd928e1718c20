"""Reading GeoParquet as `export` writes it: a row for every trackpoint, in columns of our names.

Its bytes are taken apart in a child process (`parquet_child`), which needs pyarrow, an extra; here its
answer is checked and made into tracks, one for every car.
Source: https://geoparquet.org/releases/v1.1.0
"""

from __future__ import annotations

import contextlib
import json
import threading
from importlib.util import find_spec
from typing import IO

import numpy as np

from convoylog.errors import BadInput
from convoylog.files import child
from convoylog.files.readers.building import MAX_OBJECTS, Building
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.tracks import MORE, Floats, Recording

#: two million points took 1 s; the rest is for a busy machine
_SECONDS = 60.0
#: an answer's first line, without the names of cars
_LONGEST_LINE = 4096
#: bytes of all names of cars
_LONGEST_NAMES = 4 * 2**20
_MAGIC = b"PAR1"
CANNOT = "damaged: this Parquet file cannot be read"


def read(content: bytes, limits: Limits = LIMITS) -> Recording:
    """The rows, in order, a track for every car. Raises BadInput."""
    if len(content) > limits.track_bytes:
        raise BadInput(f"larger than {limits.track_bytes // 2**20} MiB")
    if len(content) < 12 or not content.endswith(_MAGIC):
        raise BadInput("damaged: a Parquet file whose end is missing")
    if find_spec("pyarrow") is None:
        raise BadInput(
            "a Parquet file: to read it, install the extra: pip install 'convoylog[geoparquet]'"
        )
    names, columns, form, zoneless = _asked(content, limits.points)
    building = Building(limits)
    number = columns.pop("car")
    more = {name: _possible(name, columns[name]) for name in MORE if name in columns}
    for car, name in enumerate(names):
        rows = np.flatnonzero(number == car)
        building.track(name if len(names) > 1 else "")
        segment = columns["segment"][rows]
        building.columns(
            columns["time"][rows],
            columns["lat"][rows],
            columns["lon"][rows],
            columns["ele"][rows],
            {key: column[rows] for key, column in more.items()},
            starts=(np.flatnonzero(segment[1:] != segment[:-1]) + 1).tolist(),
        )
    if building.empty:
        raise BadInput("; ".join(("a Parquet file without a row", *building.odd.told())))
    timed = int(np.isfinite(columns["time"]).sum())
    return building.recording(form, time_from="utc", zoneless=timed if zoneless else 0)


def _possible(name: str, column: Floats) -> Floats:
    """Less than nothing is no reading, but of a thermometer."""
    with np.errstate(invalid="ignore"):
        good = column >= (-273.15 if name == "temperature" else 0.0)
    return np.where(good, column, np.nan)


def _asked(content: bytes, most: int) -> tuple[list[str], dict[str, Floats], str, bool]:
    """(names of cars, columns with the number of each row's car, form, whether times name no zone)."""
    running = child.start("convoylog.files.readers.parquet_child")
    watch = threading.Timer(_SECONDS, running.kill)
    watch.daemon = True
    watch.start()
    try:
        to, out = running.stdin, running.stdout
        if to is None or out is None:
            raise ValueError("a child without pipes")
        to.write(json.dumps({"length": len(content), "points": most}).encode() + b"\n")
        to.write(content)
        to.flush()
        return _answer(out, most)
    except BadInput:
        raise
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        # the child died, was too slow, or says what it never would
        raise BadInput(CANNOT) from error
    finally:
        watch.cancel()
        running.kill()
        for pipe in (running.stdin, running.stdout):
            # what was not yet written to a dead child is lost, and nobody's
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        running.wait()


def _answer(out: IO[bytes], most: int) -> tuple[list[str], dict[str, Floats], str, bool]:
    head = json.loads(out.readline(_LONGEST_LINE))
    if "refused" in head:
        raise BadInput(str(head["refused"])[:200])
    rows, length = int(head["rows"]), int(head["names"])
    wanted = ["car", "time", "lat", "lon", "ele", "segment", *MORE]
    if not (0 <= rows <= most and 0 <= length <= _LONGEST_NAMES):
        raise ValueError(rows, length)
    names = [str(name)[:200] for name in json.loads(out.read(length))]
    if len(names) > MAX_OBJECTS:
        raise ValueError(len(names))
    columns = {}
    for name in head["columns"]:
        if name not in wanted or name in columns:
            raise ValueError(name)
        values = np.frombuffer(out.read(8 * rows), dtype="<f8").copy()
        if len(values) != rows:
            raise ValueError(len(values))
        values[~np.isfinite(values)] = np.nan
        columns[name] = values
    if not set(wanted[:6]) <= columns.keys():
        raise ValueError("columns are missing")
    return names, columns, "GeoParquet" if head["geo"] else "Parquet", bool(head["zoneless"])
