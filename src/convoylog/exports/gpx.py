"""Writing GPX 1.1 for other programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from xml.sax.saxutils import escape

import gpxpy.gpx
import numpy as np

from convoylog.exports import rows
from convoylog.exports.rows import Block
from convoylog.model.tracks import Floats, Route, Track, Waypoint, take

#: 1 cm; recorders know 3 m
_DEGREE_DECIMALS = 7
#: points written at once, so that the texts of a long track are not all in memory
_CHUNK = 20_000
#: what XML 1.0 cannot hold, escaped or not
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_END = "</gpx>"

_EXTENSION = "http://www.garmin.com/xmlschemas/TrackPointExtension/v2"
_POWER = "http://www.garmin.com/xmlschemas/PowerExtension/v1"
#: column → element and decimals, in the order of the GPX 1.1 schema
_IN_POINT = {
    "satellites": ("sat", 0),
    "hdop": ("hdop", 2),
    "vdop": ("vdop", 2),
    "pdop": ("pdop", 2),
}
#: in the order of Garmin's schema
_IN_EXTENSION = {
    "temperature": ("gpxtpx:atemp", 1),
    "heart_rate": ("gpxtpx:hr", 0),
    "cadence": ("gpxtpx:cad", 0),
    "speed": ("gpxtpx:speed", 3),
    "course": ("gpxtpx:course", 2),
}
#: least and most that the schemas have room for; what is beyond is no reading
_ROOM = {
    "heart_rate": (1.0, 255.0),
    "cadence": (0.0, 254.0),
    "speed": (0.0, np.inf),
    "course": (0.0, 359.99),
    "power": (0.0, 65535.0),
    "satellites": (0.0, np.inf),
    "hdop": (0.0, np.inf),
    "vdop": (0.0, np.inf),
    "pdop": (0.0, np.inf),
}


def write_gpx(
    tracks: Sequence[Track],
    waypoints: Sequence[Waypoint] = (),
    routes: Sequence[Route] = (),
    *,
    title: str,
    creator: str = "convoylog",
    original: str = "",
    description: str = "",
) -> bytes:
    """A GPX 1.1 document in UTF-8.

    tracks: as they are, not sorted. Unknown heights and times are left out, as are points without a
    position and tracks without points. Positions keep 7 decimals, heights 3, times milliseconds.
    Dilutions of precision and satellites go where GPX has them, other readings into Garmin's
    TrackPointExtension version 2, power into its PowerExtension, accuracy into none: no schema has
    it.
    original: SHA-256 of the file this was made from, noted as a keyword.
    """
    document = gpxpy.gpx.GPX()
    document.creator = _attribute(creator)
    document.name = _clean(title) or None
    document.description = _clean(description) or None
    document.keywords = f"original:{_clean(original)}" if original else None
    document.waypoints.extend(map(_waypoint, waypoints))
    document.routes.extend(map(_route, routes))
    if any(name in track.more for track in tracks for name in (*_IN_EXTENSION, "power")):
        document.nsmap |= {"gpxtpx": _EXTENSION, "gpxpx": _POWER}
    # metadata and waypoints come from gpxpy; it writes points 8 to 10 times slower than we do
    frame = document.to_xml(version="1.1", prettyprint=True)
    before, end, after = frame.rpartition(_END)
    if not end:
        # without any content the root closes itself
        before, after = f"{frame.rstrip()[:-2].rstrip()}>\n", ""
    body = (piece for track in tracks for piece in _track(track))
    return b"".join((before.encode(), *body, f"{_END}{after}\n".encode()))


def _clean(text: str) -> str:
    return _ILLEGAL.sub("", text)


def _waypoint(waypoint: Waypoint) -> gpxpy.gpx.GPXWaypoint:
    result = gpxpy.gpx.GPXWaypoint(
        round(waypoint.lat, _DEGREE_DECIMALS),
        round(waypoint.lon, _DEGREE_DECIMALS),
        None if waypoint.ele is None else round(waypoint.ele, 3),
        None if waypoint.at is None else datetime.fromtimestamp(waypoint.at, UTC),
        name=_clean(waypoint.name) or None,
        description=_clean(waypoint.text) or None,
        type=_clean(waypoint.kind) or None,
    )
    if waypoint.link:
        result.link = _attribute(waypoint.link)  # type: ignore[assignment]
    return result


def _attribute(text: str) -> str:
    """gpxpy escapes texts, but no attributes."""
    return escape(_clean(text), {'"': "&quot;"})


def _route(route: Route) -> gpxpy.gpx.GPXRoute:
    result = gpxpy.gpx.GPXRoute(name=_clean(route.name) or None)
    result.points.extend(
        gpxpy.gpx.GPXRoutePoint(round(lat, _DEGREE_DECIMALS), round(lon, _DEGREE_DECIMALS))
        for lat, lon in zip(route.lat.tolist(), route.lon.tolist(), strict=True)
    )
    return result


def _track(track: Track) -> Iterator[bytes]:
    placed = np.isfinite(track.lat) & np.isfinite(track.lon)
    if not placed.all():
        track = take(track, placed)
    if not len(track):
        return
    yield b"<trk>\n"
    if track.name:
        yield f"<name>{escape(_clean(track.name))}</name>\n".encode()
    breaks = np.flatnonzero(np.diff(track.segment)) + 1
    edges = [0, *breaks.tolist(), len(track)]
    for first, end in pairwise(edges):
        yield b"<trkseg>\n"
        for start in range(first, end, _CHUNK):
            yield _points(track, slice(start, min(start + _CHUNK, end)))
        yield b"</trkseg>\n"
    yield b"</trk>\n"


def _points(track: Track, which: slice) -> bytes:
    lat, lon, ele, time = (c[which] for c in (track.lat, track.lon, track.ele, track.time))
    n = len(lat)
    return rows.joined(
        [
            rows.text(n, '<trkpt lat="'),
            rows.numbers(lat, _DEGREE_DECIMALS),
            rows.text(n, '" lon="'),
            rows.numbers(lon, _DEGREE_DECIMALS),
            rows.text(n, '">'),
            *_element("ele", rows.numbers(ele, 3)),
            *_element("time", rows.instants(time)),
            *_more(track, which),
            rows.text(n, "</trkpt>\n"),
        ]
    )


def _element(name: str, inside: Block) -> list[Block]:
    """An element where there is something to put into it."""
    return _wrapped(name, [inside])


def _wrapped(name: str, inside: list[Block]) -> list[Block]:
    there = np.logical_or.reduce([block.any(axis=1) for block in inside])
    where = None if there.all() else there
    n = len(there)
    return [rows.text(n, f"<{name}>", where), *inside, rows.text(n, f"</{name}>", where)]


def _fitting(name: str, track: Track, which: slice) -> Floats:
    """The readings that the schemas have room for, NaN for others. North is 0, not 360 degrees."""
    values = track.more[name][which]
    if name not in _ROOM:
        return values
    if name == "course":
        values = np.round(values, 2) % 360.0
    least, most = _ROOM[name]
    with np.errstate(invalid="ignore"):
        return np.where((values >= least) & (values <= most), values, np.nan)


def _more(track: Track, which: slice) -> list[Block]:
    """The further readings of each point, in the order the schemas want."""

    def elements(names: Mapping[str, tuple[str, int]]) -> list[Block]:
        return [
            block
            for name, (element, decimals) in names.items()
            if name in track.more
            for block in _element(element, rows.numbers(_fitting(name, track, which), decimals))
        ]

    blocks = elements(_IN_POINT)
    sensors = elements(_IN_EXTENSION)
    if sensors:
        sensors = _wrapped("gpxtpx:TrackPointExtension", sensors)
    power = elements({"power": ("gpxpx:PowerInWatts", 0)})
    if power:
        power = _wrapped("gpxpx:PowerExtension", power)
    if sensors or power:
        blocks += _wrapped("extensions", sensors + power)
    return blocks
