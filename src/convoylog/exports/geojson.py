"""GeoJSON as RFC 7946 has it: WGS84, longitude first, lines cut at the antimeridian."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np

from convoylog import geo
from convoylog.exports import rows
from convoylog.exports.exported import Exported, Line, Mark
from convoylog.model.tracks import Floats

#: 1 cm; RFC 7946 advises 6, recorders write 7
_DECIMALS = 7


def write_geojson(exported: Exported) -> bytes:
    """A FeatureCollection: a MultiLineString for every car, a Point for every note and photo.

    Times stand beside the positions, as `coordTimes` (toGeoJSON), since GeoJSON knows none, and
    readings as `coordinateProperties` (Mapbox), by their names in MORE.
    """
    features = [_line(line) for line in exported.lines if len(line.track)]
    features += [_mark(mark) for mark in exported.marks]
    name = json.dumps(exported.title)
    head = f'{{"type":"FeatureCollection","name":{name},"creator":"convoylog","features":[\n'
    return head.encode() + b",\n".join(features) + b"\n]}\n"


def _line(line: Line) -> bytes:
    track = line.track
    breaks = np.flatnonzero(np.diff(track.segment)) + 1
    edges = [0, *breaks.tolist(), len(track)]
    columns = (track.time, track.lat, track.lon, track.ele, *track.more.values())
    parts = [part for a, b in pairwise(edges) for part in cut(*(c[a:b] for c in columns))]
    positions = b",".join(b"[" + _positions(*part[1:4]) + b"]" for part in parts)
    members = {"car": line.car, "name": track.name or line.car}
    if line.day:
        members["day"] = line.day
    properties = json.dumps(members)[:-1].encode()
    if np.isfinite(track.time).any():
        times = b",".join(b"[" + _times(part[0]) + b"]" for part in parts)
        properties += b',"coordTimes":[' + times + b"]"
    if track.more:
        readings = (
            json.dumps(name).encode() + b":[" + b",".join(_readings(p[n]) for p in parts) + b"]"
            for n, name in enumerate(track.more, 4)
        )
        properties += b',"coordinateProperties":{' + b",".join(readings) + b"}"
    return (
        b'{"type":"Feature","properties":' + properties + b'},"geometry":'
        b'{"type":"MultiLineString","coordinates":[' + positions + b"]}}"
    )


def cut(*columns: Floats) -> list[tuple[Floats, ...]]:
    """A line in pieces that do not cross ±180°, each of two positions or more.

    columns: times, latitudes, longitudes, and others. Where the line crosses, both pieces get a
    position there, between the two in time and all else.
    """
    lon = columns[2]
    if len(lon) == 1:
        # a line has two ends
        columns = tuple(np.repeat(column, 2) for column in columns)
        lon = columns[2]
    far = geo.unwrapped(lon)
    crossings = np.flatnonzero(np.abs(np.diff(lon)) > 180.0)
    pieces = []
    begin: list[float] | None = None
    first = 0
    for k in [*crossings.tolist(), None]:
        stop = len(lon) if k is None else k + 1
        piece = [column[first:stop] for column in columns]
        if begin is not None:
            piece = [np.concatenate([[v], c]) for v, c in zip(begin, piece, strict=True)]
        if k is not None:
            side = 180.0 if lon[k] > 0 else -180.0
            whole = far[k + 1] - far[k]
            f = (side - lon[k]) / whole if whole else 0.0
            begin = [float(c[k] + f * (c[k + 1] - c[k])) for c in columns]
            begin[2] = side
            piece = [np.concatenate([c, [v]]) for v, c in zip(begin, piece, strict=True)]
            begin[2], first = -side, k + 1
        pieces.append(tuple(piece))
    return pieces


def _positions(lat: Floats, lon: Floats, ele: Floats) -> bytes:
    n = len(lat)
    known = np.isfinite(ele)
    return rows.joined(
        [
            rows.text(n, "["),
            rows.numbers(lon, _DECIMALS),
            rows.text(n, ","),
            rows.numbers(lat, _DECIMALS),
            rows.text(n, ",", known),
            rows.numbers(ele, 3),
            rows.text(n, "],"),
        ]
    )[:-1]


def _readings(values: Floats) -> bytes:
    n = len(values)
    unknown = ~np.isfinite(values)
    blocks = [rows.numbers(values, 3), rows.text(n, "null", unknown), rows.text(n, ",")]
    return b"[" + rows.joined(blocks)[:-1] + b"]"


def _times(time: Floats) -> bytes:
    known = rows.dated(time)
    n = len(time)
    return rows.joined(
        [
            rows.text(n, '"', known),
            rows.instants(time),
            rows.text(n, '"', known),
            rows.text(n, "null", ~known),
            rows.text(n, ","),
        ]
    )[:-1]


def _mark(mark: Mark) -> bytes:
    properties: dict[str, object] = {
        # toGeoJSON's word for what was a waypoint, so that nobody takes notes for a drive
        "_gpxType": "wpt",
        "car": mark.car,
        "kind": mark.kind,
        "name": mark.name,
        "desc": mark.text,
        "day": mark.day,
    }
    if mark.at is not None:
        properties["time"] = rows.joined([rows.instants(np.array([mark.at]))]).decode()
    if mark.photos:
        properties["photos"] = [path for path, _ in mark.photos]
    place = [round(mark.lon, _DECIMALS), round(mark.lat, _DECIMALS)]
    if mark.ele is not None:
        place.append(round(mark.ele, 3))
    point = {"type": "Point", "coordinates": place}
    feature = {"type": "Feature", "properties": properties, "geometry": point}
    return json.dumps(feature).encode()
