"""The child process of `parquet`: takes the columns we know out of a Parquet file. Nothing else.

It reads an order from stdin, a line of JSON and the file's bytes, and answers on stdout with a line
of JSON, the names of cars, and columns of doubles.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np

from convoylog.errors import BadInput
from convoylog.exports.tables import head
from convoylog.files import child
from convoylog.files.readers.building import MAX_OBJECTS
from convoylog.model.tracks import MORE, Floats

#: two million rows of all columns take 270 MB, pyarrow itself 330 MB, a column twice while it is turned
_MEMORY = 1536 * 2**20
#: seconds of processor for one file
_PROCESSOR = 60
#: a name of a car, a schema and the places of its pages, in bytes; ours have a thousandth
_THRIFT_STRING, _THRIFT_LIST = 16 * 2**20, 1_000_000
_FIXED = ("time", "lat", "lon", "ele", "segment")


def serve() -> None:
    """Answer one order."""
    order = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read(order["length"])
    if len(content) != order["length"]:
        return
    child.limit(_MEMORY)
    child.limit_processor(_PROCESSOR)
    for part in answer(content, order["points"]):
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()


def answer(content: bytes, most: int) -> list[bytes]:
    """What is told of a file: a line of JSON, and what it announces. most: rows."""
    said: dict[str, object]
    parts: list[bytes] = []
    try:
        said, parts = take_apart(content, most)
    except BadInput as error:
        said = {"refused": str(error)}
    except MemoryError:
        said = {"refused": "this Parquet file needs too much memory to read"}
    except Exception:  # whatever pyarrow raises on hostile bytes
        said = {"refused": "damaged: this Parquet file cannot be read"}
    return [json.dumps(said).encode() + b"\n", *parts]


def take_apart(content: bytes, most: int) -> tuple[dict[str, object], list[bytes]]:
    """(what follows, names of cars as JSON and every column). Raises BadInput, and what pyarrow does."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pa.set_memory_pool(pa.system_memory_pool())  # the others reserve more than they are given
    limits = {
        "thrift_string_size_limit": _THRIFT_STRING,
        "thrift_container_size_limit": _THRIFT_LIST,
    }
    file = pq.ParquetFile(pa.BufferReader(content), pre_buffer=False, **limits)
    rows = file.metadata.num_rows
    if not 0 <= rows <= most:
        raise BadInput(f"more than {most:,} points")
    schema = file.schema_arrow
    if "car" in schema.names:
        # a long name in two million rows is one
        file = pq.ParquetFile(
            pa.BufferReader(content), pre_buffer=False, read_dictionary=["car"], **limits
        )
    if len(set(schema.names)) != len(schema.names):
        raise BadInput("a Parquet file with two columns of one name")
    if not {"lat", "lon"} <= set(schema.names):
        raise BadInput(
            "a Parquet file without columns lat and lon, as `convoylog export` writes them"
        )
    wanted = {key: key for key in _FIXED} | {key: head(key) for key in MORE}
    wanted = {key: name for key, name in wanted.items() if name in schema.names}
    for key, name in wanted.items():
        _check(pa, key, name, schema.field(name).type)
    columns = {key: np.full(rows, np.nan) for key in _FIXED} | {
        key: np.full(rows, np.nan) for key in wanted
    }
    cars: dict[str, int] = {}
    number = np.zeros(rows)
    at = 0
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        if size < 0 or at + size > rows:
            raise BadInput("damaged: a Parquet file with more rows than it says")
        for key, name in wanted.items():
            columns[key][at : at + size] = _values(pa, _column(file, group, name, size))
        if "car" in schema.names:
            number[at : at + size] = _cars(pa, _column(file, group, "car", size), cars)
        at += size
    if at != rows:
        raise BadInput("damaged: a Parquet file with fewer rows than it says")
    names = json.dumps(list(cars) or [""]).encode()
    columns["car"] = number
    said: dict[str, object] = {
        "rows": rows,
        "names": len(names),
        "columns": list(columns),
        "geo": b"geo" in (file.metadata.metadata or {}),
        "zoneless": "time" in wanted and schema.field("time").type.tz is None,
    }
    return said, [names, *(column.astype("<f8").tobytes() for column in columns.values())]


def _check(pa: Any, key: str, name: str, kind: Any) -> None:
    """Raises BadInput for a column of another kind than ours."""
    if key == "time":
        good = pa.types.is_timestamp(kind)
    elif key == "segment":
        good = pa.types.is_integer(kind)
    else:
        good = pa.types.is_floating(kind) or pa.types.is_integer(kind)
    if not good:
        raise BadInput(f"a Parquet file whose column {name} holds {str(kind)[:40]}")


def _column(file: Any, group: int, name: str, size: int) -> Any:
    column = file.read_row_group(group, columns=[name], use_threads=False)[name]
    if len(column) != size:
        raise BadInput("damaged: a Parquet file whose columns differ in length")
    return column


def _values(pa: Any, column: Any) -> Floats:
    """Doubles, NaN where missing; of timestamps, seconds since 1970."""
    if pa.types.is_timestamp(column.type):
        # as integers first: a double of nanoseconds since 1970 is right to 256 of them
        scale = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[column.type.unit]
        column = column.cast(pa.int64())
    else:
        scale = 1
    missing = np.asarray(column.is_null().to_numpy(), dtype=np.bool_)
    if pa.types.is_integer(column.type):
        column = column.fill_null(0)
    values = np.asarray(column.to_numpy(), dtype=np.float64) / scale
    values = values.copy()
    values[missing] = np.nan
    return values


def _cars(pa: Any, column: Any, cars: dict[str, int]) -> Floats:
    """The number of each row's car; those met first come into `cars`."""
    numbers = []
    for chunk in column.chunks:
        if not pa.types.is_dictionary(chunk.type) or not pa.types.is_string(chunk.type.value_type):
            raise BadInput("a Parquet file whose column car holds no text")
        known = []
        for text in chunk.dictionary.to_pylist():
            known.append(cars.setdefault(str(text)[:200], len(cars)))
            if len(cars) > MAX_OBJECTS:
                raise BadInput(f"more than {MAX_OBJECTS:,} cars")
        places = np.asarray(chunk.indices.fill_null(-1).to_numpy(), dtype=np.int64)
        if (places < 0).any():
            known.append(cars.setdefault("", len(cars)))
        numbers.append(
            np.array(known, dtype=np.float64)[places] if known else np.zeros(len(places))
        )
    return np.concatenate(numbers) if numbers else np.zeros(0)
