"""GeoParquet 1.1: a row for every trackpoint, for DuckDB, Sedona, GeoPandas, QGIS.

The geometry is a point as WKB, as every engine with a map knows it; lat and lon stand beside it,
because a query that only compares degrees is then plain SQL and needs no spatial extension.
Source: https://geoparquet.org/releases/v1.1.0
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from convoylog.errors import ConvoylogError
from convoylog.exports.exported import Exported
from convoylog.model.tracks import Floats

#: rows read together: an engine skips a group whose time or place is out of question
_GROUP = 100_000


def write_geoparquet(exported: Exported) -> bytes:
    """Columns car, time (UTC, milliseconds), lat, lon, ele, segment, geometry. Raises ConvoylogError
    where pyarrow is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise ConvoylogError(
            "GeoParquet needs pyarrow", hint='pip install "convoylog[geoparquet]"'
        ) from None
    table = pa.concat_tables([_table(pa, exported, n) for n in range(len(exported.lines))] or [
        _table(pa, exported, None)])  # fmt: skip
    lats = [line.track.lat for line in exported.lines if len(line.track)]
    lons = [line.track.lon for line in exported.lines if len(line.track)]
    column: dict[str, object] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if lats:
        lat, lon = np.concatenate(lats), np.concatenate(lons)
        column["bbox"] = [float(v) for v in (lon.min(), lat.min(), lon.max(), lat.max())]
    about = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    table = table.replace_schema_metadata({"geo": json.dumps(about)})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", row_group_size=_GROUP)
    return bytes(sink.getvalue().to_pybytes())


def _table(pa: Any, exported: Exported, number: int | None) -> Any:
    line = None if number is None else exported.lines[number]
    none = np.zeros(0)
    t = line.track if line else None
    time, lat, lon, ele = (t.time, t.lat, t.lon, t.ele) if t else (none,) * 4
    n = len(lat)
    known = np.isfinite(time)
    stamps = np.rint(np.where(known, time, 0.0) * 1000.0).astype(np.int64)
    names = pa.array([line.car if line else ""] * min(n, 1), pa.string())
    cars = pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, dtype=np.int32)), names)
    return pa.table(
        {
            "car": cars.cast(pa.string()),
            "time": pa.array(stamps, pa.int64(), mask=~known).cast(pa.timestamp("ms", "UTC")),
            "lat": pa.array(lat),
            "lon": pa.array(lon),
            "ele": pa.array(ele, mask=~np.isfinite(ele)),
            "segment": pa.array(t.segment.astype(np.int32) if t else none.astype(np.int32)),
            "geometry": _points(pa, lat, lon),
        }
    )


def _points(pa: Any, lat: Floats, lon: Floats) -> Any:
    """Little-endian WKB points. Source: OGC 06-103r4."""
    n = len(lat)
    rows = np.zeros(n, dtype=[("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
    rows["order"], rows["kind"], rows["x"], rows["y"] = 1, 1, lon, lat
    offsets = np.arange(n + 1, dtype=np.int32) * rows.dtype.itemsize
    buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(rows.tobytes())]
    return pa.Array.from_buffers(pa.binary(), n, buffers)
