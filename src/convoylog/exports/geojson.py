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

    Times stand beside the positions, as `coordTimes` (toGeoJSON), since GeoJSON knows none.
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
    parts = [
        part
        for a, b in pairwise(edges)
        for part in cut(track.time[a:b], track.lat[a:b], track.lon[a:b], track.ele[a:b])
    ]
    positions = b",".join(b"[" + _positions(*part) + b"]" for part in parts)
    members = {"car": line.car, "name": track.name or line.car}
    if line.day:
        members["day"] = line.day
    properties = json.dumps(members)[:-1].encode()
    if np.isfinite(track.time).any():
        times = b",".join(b"[" + _times(part[0]) + b"]" for part in parts)
        properties += b',"coordTimes":[' + times + b"]"
    return (
        b'{"type":"Feature","properties":' + properties + b'},"geometry":'
        b'{"type":"MultiLineString","coordinates":[' + positions + b"]}}"
    )


def cut(
    time: Floats, lat: Floats, lon: Floats, ele: Floats
) -> list[tuple[Floats, Floats, Floats, Floats]]:
    """A line in pieces that do not cross ±180°, each of two positions or more.

    Where it crosses, both pieces get a position there, between the two in time and height.
    """
    if len(lat) == 1:
        # a line has two ends
        time, lat, lon, ele = (np.repeat(column, 2) for column in (time, lat, lon, ele))
    far = geo.unwrapped(lon)
    crossings = np.flatnonzero(np.abs(np.diff(lon)) > 180.0)
    pieces = []
    begin: tuple[float, ...] | None = None
    first = 0
    for k in [*crossings.tolist(), None]:
        stop = len(lat) if k is None else k + 1
        columns = [column[first:stop] for column in (time, lat, lon, ele)]
        if begin is not None:
            columns = [np.concatenate([[v], c]) for v, c in zip(begin, columns, strict=True)]
        if k is not None:
            side = 180.0 if lon[k] > 0 else -180.0
            whole = far[k + 1] - far[k]
            f = (side - lon[k]) / whole if whole else 0.0
            at, y, h = (float(c[k] + f * (c[k + 1] - c[k])) for c in (time, lat, ele))
            columns = [
                np.concatenate([c, [v]]) for v, c in zip((at, y, side, h), columns, strict=True)
            ]
            begin, first = (at, y, -side, h), k + 1
        pieces.append((columns[0], columns[1], columns[2], columns[3]))
    return pieces


def _positions(time: Floats, lat: Floats, lon: Floats, ele: Floats) -> bytes:
    del time
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
    point = {"type": "Point", "coordinates": place}
    feature = {"type": "Feature", "properties": properties, "geometry": point}
    return json.dumps(feature).encode()
