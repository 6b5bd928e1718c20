"""Layers that somebody added to the maps: read from a public file, kept packed, used by every report.

A file of Natural Earth (a zip with a shapefile) or lines as GeoJSON. What is kept is our own small
copy; the file itself is not needed again.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from convoylog.errors import BadInput
from convoylog.files import carefully, disk_errors, safely
from convoylog.files.zips import open_zip
from convoylog.model.tracks import Floats
from convoylog.places.layers import Roads, pack_roads, unpack_roads

#: Natural Earth's roads of the world have 9 MB as a zip and 60 MB unpacked
_LARGEST = 256 * 2**20
#: points; the roads of the world have 600,000
_MOST_POINTS = 5_000_000
#: rank of a road that has none: drawn on a day's map, not on a continent's
_NO_RANK = 7

#: (points in degrees, properties)
Row = tuple[Floats, dict[str, Any]]


def add_roads(file: Path, folder: Path) -> Roads:
    """Pack the roads of a file and keep them in `folder`, in the place of those from before.

    Raises ConvoylogError: cannot be read or written; BadInput: holds no roads in degrees.
    """
    rows = [row for row in _rows(file) if not _is_ferry(row[1])]
    if not rows:
        raise BadInput("no lines in it")
    lines = [line for line, _ in rows]
    if sum(map(len, lines)) > _MOST_POINTS:
        raise BadInput(f"more than {_MOST_POINTS:,} points")
    whole = np.concatenate(lines)
    if not np.isfinite(whole).all() or (np.abs(whole) > (180.0, 90.0)).any():
        raise BadInput("its coordinates are no degrees of longitude and latitude")
    content = pack_roads(lines, [_rank(properties) for _, properties in rows], file.name)
    target = road_file(folder)
    try:
        safely.make_folder(folder)
        if target.exists():
            safely.replace(target, content, expected=None)
        else:
            safely.create(target, content)
    except OSError as error:
        raise disk_errors.told(error, target) from None
    return unpack_roads(content)


def find_roads(folder: Path) -> Roads | None:
    """The roads that were added; None without any. Raises BadInput where they are damaged."""
    try:
        return unpack_roads(carefully.read_file(road_file(folder), cap=_LARGEST))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise BadInput(str(error)) from None


def road_file(folder: Path) -> Path:
    """Where they are kept: to be deleted by who no longer wants them."""
    return folder / "road.bin"


def _rows(file: Path) -> Iterator[Row]:
    """Every line of a file. Raises ConvoylogError and BadInput."""
    content = carefully.read_file(file, cap=_LARGEST)
    if content[:4] == b"PK\x03\x04":
        yield from _shapefile(file)
        return
    if content[:2] == b"\x1f\x8b":
        content = _unpacked(content)
    yield from _geojson(content)


def _unpacked(content: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            unpacked = stream.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error):
        raise BadInput("damaged: no gzip that can be unpacked") from None
    if len(unpacked) > _LARGEST:
        raise BadInput(f"unpacks to more than {_LARGEST >> 20} MiB")
    return unpacked


def _shapefile(file: Path) -> Iterator[Row]:
    import shapefile

    archive = open_zip(file)
    names = [name for name in archive.members if name.lower().endswith(".shp")]
    if len(names) != 1:
        raise BadInput(f"{len(names) or 'no'} shapefiles in it; one is needed")
    stem = names[0][:-4]
    parts = {}
    for ending in ("shp", "dbf"):
        # endings may be written large
        found = [n for n in archive.members if n.lower() == f"{stem}.{ending}".lower()]
        if not found:
            raise BadInput(f"no .{ending} file in it")
        parts[ending] = io.BytesIO(archive.read(found[0], _LARGEST))
    try:
        with shapefile.Reader(**parts, encodingErrors="replace") as reader:
            for row in reader.iterShapeRecords():
                properties = {k.lower(): v for k, v in row.record.as_dict().items()}
                points = np.array(row.shape.points, dtype=np.float64).reshape(-1, 2)
                for line in np.split(points, list(row.shape.parts)[1:]):
                    if len(line) > 1:
                        yield line, properties
    except Exception as error:  # whatever a parser raises on hostile bytes
        raise BadInput(f"damaged: no shapefile of lines ({type(error).__name__})") from None


def _geojson(content: bytes) -> Iterator[Row]:
    try:
        told = json.loads(content)
        features = told["features"] if told["type"] == "FeatureCollection" else [told]
        for feature in features:
            geometry, properties = feature["geometry"] or {}, feature.get("properties") or {}
            kind = geometry.get("type")
            if kind not in ("LineString", "MultiLineString"):
                continue
            lines = geometry["coordinates"]
            for line in [lines] if kind == "LineString" else lines:
                points = np.array([point[:2] for point in line], dtype=np.float64)
                if len(points) > 1:
                    yield points.reshape(-1, 2), properties
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadInput("neither a zip with a shapefile nor GeoJSON") from None


def _is_ferry(properties: dict[str, Any]) -> bool:
    """Natural Earth's roads tell ferries, too: their lines would lie in the sea."""
    return any("ferry" in str(properties.get(k, "")).casefold() for k in ("type", "featurecla"))


def _rank(properties: dict[str, Any]) -> int:
    rank = properties.get("scalerank")
    return min(max(int(rank), 0), 99) if isinstance(rank, int | float) else _NO_RANK
