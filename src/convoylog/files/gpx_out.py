"""Writing GPX 1.1 for other programs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from xml.sax.saxutils import escape

import gpxpy.gpx
import numpy as np
from numpy.typing import NDArray

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


def write_gpx(
    tracks: Sequence[Track],
    waypoints: Sequence[Waypoint] = (),
    routes: Sequence[Route] = (),
    *,
    title: str,
    creator: str = "convoylog",
    original: str = "",
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
    # gpxpy escapes texts, but not this attribute
    document.creator = escape(_clean(creator), {'"': "&quot;"})
    document.name = _clean(title) or None
    document.keywords = f"original:{_clean(original)}" if original else None
    document.waypoints.extend(map(_waypoint, waypoints))
    document.routes.extend(map(_route, routes))
    if any(name in track.more for track in tracks for name in (*_IN_EXTENSION, "power")):
        document.nsmap |= {"gpxtpx": _EXTENSION, "gpxpx": _POWER}
    # metadata and waypoints come from gpxpy; it writes points 10 times slower than we do
    frame = document.to_xml(version="1.1", prettyprint=True)
    before, end, after = frame.rpartition(_END)
    if not end:
        # without any content the root closes itself
        before, after = f"{frame.rstrip()[:-2].rstrip()}>\n", ""
    body = (text.encode() for track in tracks for text in _track(track))
    return b"".join((before.encode(), *body, f"{_END}{after}\n".encode()))


def _clean(text: str) -> str:
    return _ILLEGAL.sub("", text)


def _waypoint(waypoint: Waypoint) -> gpxpy.gpx.GPXWaypoint:
    return gpxpy.gpx.GPXWaypoint(
        round(waypoint.lat, _DEGREE_DECIMALS),
        round(waypoint.lon, _DEGREE_DECIMALS),
        None if waypoint.ele is None else round(waypoint.ele, 3),
        None if waypoint.at is None else datetime.fromtimestamp(waypoint.at, UTC),
        name=_clean(waypoint.name) or None,
        description=_clean(waypoint.text) or None,
    )


def _route(route: Route) -> gpxpy.gpx.GPXRoute:
    result = gpxpy.gpx.GPXRoute(name=_clean(route.name) or None)
    result.points.extend(
        gpxpy.gpx.GPXRoutePoint(round(lat, _DEGREE_DECIMALS), round(lon, _DEGREE_DECIMALS))
        for lat, lon in zip(route.lat.tolist(), route.lon.tolist(), strict=True)
    )
    return result


def _track(track: Track) -> Iterator[str]:
    placed = np.isfinite(track.lat) & np.isfinite(track.lon)
    if not placed.all():
        track = take(track, placed)
    if not len(track):
        return
    yield "<trk>\n"
    if track.name:
        yield f"<name>{escape(_clean(track.name))}</name>\n"
    breaks = np.flatnonzero(np.diff(track.segment)) + 1
    edges = [0, *breaks.tolist(), len(track)]
    for first, end in pairwise(edges):
        yield "<trkseg>\n"
        for start in range(first, end, _CHUNK):
            yield _points(track, slice(start, min(start + _CHUNK, end)))
        yield "</trkseg>\n"
    yield "</trk>\n"


def _points(track: Track, which: slice) -> str:
    lines = []
    for lat, lon, ele, time, more in zip(
        _trimmed(track.lat[which], _DEGREE_DECIMALS),
        _trimmed(track.lon[which], _DEGREE_DECIMALS),
        _elements("ele", _trimmed(track.ele[which], 3)),
        _elements("time", _times(track.time[which])),
        _more(track, which),
        strict=True,
    ):
        lines.append(f'<trkpt lat="{lat}" lon="{lon}">{ele}{time}{more}</trkpt>\n')
    return "".join(lines)


def _more(track: Track, which: slice) -> list[str]:
    """The further readings of each point, in the order the schemas want."""
    count = len(track.lat[which])

    def texts(names: Mapping[str, tuple[str, int]]) -> list[str]:
        columns = [
            _elements(element, _trimmed(track.more[name][which], decimals))
            for name, (element, decimals) in names.items()
            if name in track.more
        ]
        return ["".join(row) for row in zip(*columns, strict=True)] if columns else [""] * count

    def wrapped(element: str, inside: list[str]) -> list[str]:
        return [f"<{element}>{text}</{element}>" if text else "" for text in inside]

    own = texts(_IN_POINT)
    sensors = wrapped("gpxtpx:TrackPointExtension", texts(_IN_EXTENSION))
    power = wrapped("gpxpx:PowerExtension", texts({"power": ("gpxpx:PowerInWatts", 0)}))
    extensions = wrapped("extensions", [a + b for a, b in zip(sensors, power, strict=True)])
    return [a + b for a, b in zip(own, extensions, strict=True)]


def _elements(name: str, texts: list[str]) -> list[str]:
    return [f"<{name}>{text}</{name}>" if text else "" for text in texts]


def _trimmed(column: Floats, decimals: int) -> list[str]:
    """Decimal texts without needless zeros, "" for NaN; never "-0", never an exponent."""
    texts = []
    for value in column.tolist():
        if math.isfinite(value):
            text = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
            texts.append("0" if text == "-0" else text)
        else:
            texts.append("")
    return texts


def _times(column: Floats) -> list[str]:
    """ISO 8601 in UTC, with milliseconds only where there are any, "" for NaN."""
    known = np.isfinite(column)
    milliseconds = np.rint(np.where(known, column, 0.0) * 1000.0).astype(np.int64)
    instants: NDArray[np.datetime64] = milliseconds.astype("datetime64[ms]")
    whole = milliseconds % 1000 == 0
    texts = np.datetime_as_string(instants).tolist()
    return [
        f"{text[:-4] if full else text}Z" if there else ""
        for text, full, there in zip(texts, whole.tolist(), known.tolist(), strict=True)
    ]
