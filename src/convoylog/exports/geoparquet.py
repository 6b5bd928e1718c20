"""GeoParquet 1.1: a row for every trackpoint, for DuckDB, Sedona, GeoPandas, QGIS.

The geometry is a point as WKB, as every engine with a map knows it; lat and lon stand beside it,
because a query that only compares degrees is then plain SQL and needs no spatial extension.
Source: https://geoparquet.org/releases/v1.1.0
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import numpy as np

from convoylog.errors import ConvoylogError
from convoylog.exports.exported import Line
from convoylog.exports.tables import head
from convoylog.model.tracks import Floats

#: rows read together: an engine skips a group whose time or place is out of question
_GROUP = 100_000


def write_geoparquet(
    lines: Iterable[Line], sink: BinaryIO, *, readings: Sequence[str] = (), days: bool = False
) -> None:
    """Columns car, time (UTC, milliseconds), lat, lon, ele, segment, readings, geometry.

    lines: taken one by one and let go, so that the columns of one car are in memory at a time; no row
    group holds two. readings: names in MORE that have a column. days: with a column day, where times
    are hidden. Raises ConvoylogError where pyarrow is not installed, and what writing raises.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise ConvoylogError(
            "GeoParquet needs pyarrow", hint='pip install "convoylog[geoparquet]"'
        ) from None
    schema = pa.schema(
        [
            ("car", pa.string()),
            *([("day", pa.string())] if days else []),
            ("time", pa.timestamp("ms", "UTC")),
            *((name, pa.float64()) for name in ("lat", "lon", "ele")),
            ("segment", pa.int32()),
            *((head(name), pa.float64()) for name in readings),
            ("geometry", pa.binary()),
        ]
    )
    box = np.array([np.inf, np.inf, -np.inf, -np.inf])
    # Arrow's own copy of the schema would hide from its readers what is added at the end
    with pq.ParquetWriter(sink, schema, compression="zstd", store_schema=False) as writer:
        for line in lines:
            lat, lon = line.track.lat, line.track.lon
            for start in range(0, len(lat), _GROUP):
                which = slice(start, start + _GROUP)
                writer.write_table(_rows(pa, line, which, readings, schema))
                here = lon[which], lat[which]
                box[:2] = np.minimum(box[:2], [c.min() for c in here])
                box[2:] = np.maximum(box[2:], [c.max() for c in here])
        # the box is known last, and so it is written last
        writer.add_key_value_metadata({"geo": _about(box)})


def _about(box: Floats) -> str:
    """The file's own description. box: west, south, east, north."""
    column: dict[str, object] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if np.isfinite(box).all():
        column["bbox"] = box.tolist()
    about = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    return json.dumps(about)


def _rows(pa: Any, line: Line, which: slice, readings: Sequence[str], schema: Any) -> Any:
    track = line.track
    time, lat, lon, ele = (c[which] for c in (track.time, track.lat, track.lon, track.ele))
    n = len(lat)
    known = np.isfinite(time)
    stamps = np.rint(np.where(known, time, 0.0) * 1000.0).astype(np.int64)
    columns = {
        "car": _same(pa, line.car, n),
        "day": _same(pa, line.day, n),
        "time": pa.array(stamps, pa.int64(), mask=~known).cast(pa.timestamp("ms", "UTC")),
        "lat": pa.array(lat),
        "lon": pa.array(lon),
        "ele": pa.array(ele, mask=~np.isfinite(ele)),
        "segment": pa.array(track.segment[which].astype(np.int32)),
        "geometry": _points(pa, lat, lon),
    }
    for name in readings:
        column = track.more.get(name)
        values = np.full(n, np.nan) if column is None else column[which]
        columns[head(name)] = pa.array(values, pa.float64(), mask=~np.isfinite(values))
    return pa.table([columns[name] for name in schema.names], schema=schema)


def _same(pa: Any, text: str, n: int) -> Any:
    """One text in n rows."""
    places = pa.array(np.zeros(n, dtype=np.int32))
    return pa.DictionaryArray.from_arrays(places, pa.array([text], pa.string())).cast(pa.string())


def _points(pa: Any, lat: Floats, lon: Floats) -> Any:
    """Little-endian WKB points. Source: OGC 06-103r4."""
    n = len(lat)
    rows = np.zeros(n, dtype=[("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
    rows["order"], rows["kind"], rows["x"], rows["y"] = 1, 1, lon, lat
    offsets = np.arange(n + 1, dtype=np.int32) * rows.dtype.itemsize
    buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(rows.tobytes())]
    return pa.Array.from_buffers(pa.binary(), n, buffers)
