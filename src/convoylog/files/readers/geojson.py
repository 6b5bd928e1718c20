"""Reading tracks in GeoJSON, with their times where the many exporters put them.

RFC 7946 knows no times: `coordTimes` (toGeoJSON), `times`, `coordinateProperties` (toGeoJSON 5),
a fourth coordinate, or points that each have a time of their own (loggers, trackers, GDAL).
Source: RFC 7946; the exporters named.
"""

from __future__ import annotations

import math

from convoylog.errors import BadInput
from convoylog.files.readers.building import Building
from convoylog.files.readers.instants import InstantReader
from convoylog.files.readers.json_values import inside, instant, real, words
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.tracks import Recording

Row = dict[str, object]

SWAPPED = (
    "point whose latitude is no latitude: are the coordinates the wrong way round?",
    "points whose latitudes are no latitudes: are the coordinates the wrong way round?",
)
NOT_LINES = (
    "shape that is no line or point, left out",
    "shapes that are no lines or points, left out",
)
UNEVEN = (
    "line with another number of times than of points, kept without times",
    "lines with another number of times than of points, kept without times",
)

_GEOMETRIES = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
     "GeometryCollection"}
)  # fmt: skip
_TIME = (
    "time",
    "timestamp",
    "datetime",
    "recorded_at",
    "when",
    "date",
    "fixTime",
    "deviceTime",
    "tst",
)
_ELE = ("altitude", "elevation", "ele", "alt")
#: property → column and factor to its unit. A plain "speed" is m/s in Overland and GPSLogger;
#: "vel" is OwnTracks' km/h
_MORE = {
    "speed": ("speed", 1.0),
    "velocity": ("speed", 1.0),
    "vel": ("speed", 1 / 3.6),
    "course": ("course", 1.0),
    "bearing": ("course", 1.0),
    "cog": ("course", 1.0),
    "horizontal_accuracy": ("accuracy", 1.0),
    "accuracy": ("accuracy", 1.0),
    "acc": ("accuracy", 1.0),
    "hdop": ("hdop", 1.0),
    "vdop": ("vdop", 1.0),
    "pdop": ("pdop", 1.0),
    "sat": ("satellites", 1.0),
    "satellites": ("satellites", 1.0),
}
#: what a collection is found under besides "features": Overland's
_LISTS = ("features", "locations")


def read_document(document: object, limits: Limits = LIMITS) -> Recording | None:
    """The lines and points of a GeoJSON document; None if it is none. Raises BadInput.

    document: parsed JSON. Lines become tracks, timed points together one track for each thing they
    were recorded by, other points waypoints.
    """
    if not isinstance(document, dict):
        return None
    kind = document.get("type")
    if kind in _GEOMETRIES:
        features: list[Row] = [{"type": "Feature", "geometry": document}]
    elif kind == "Feature":
        features = [document]
    else:
        listed = next((document[key] for key in _LISTS if key in document), None)
        if not isinstance(listed, list):
            return None
        features = [f for f in listed if isinstance(f, dict) and f.get("type") == "Feature"]
        if not features and kind != "FeatureCollection":
            return None
    _refuse_other_systems(document)
    reading = _Reading(limits)
    for n, feature in enumerate(features, 1):
        reading.feature(feature, n)
    creator = words(document.get("creator")) or words(inside(document, "properties", "creator"))
    return reading.recording(creator, words(document.get("name")))


def _refuse_other_systems(document: Row) -> None:
    """Coordinates of another system, which RFC 7946 forbids, would be places all the same."""
    name = words(inside(document, "crs", "properties", "name"))
    if name and not name.upper().endswith(("CRS84", "CRS84H", "4326", "WGS84", "4979")):
        raise BadInput(f"GeoJSON in another coordinate system: {name[:60]}")


class _Reading:
    """A document on its way to a recording."""

    def __init__(self, limits: Limits) -> None:
        self._building = Building(limits)
        self._stamps = InstantReader()
        #: what recorded timed points → (segment, time, lat, lon, ele, more, place) of each
        self._points: dict[
            str, list[tuple[object, float, float, float, float, dict[str, float], int]]
        ] = {}

    def feature(self, feature: Row, place: int) -> None:
        properties = feature.get("properties")
        self._geometry(
            feature.get("geometry"), properties if isinstance(properties, dict) else {}, place
        )

    def _geometry(self, geometry: object, properties: Row, place: int, depth: int = 0) -> None:
        if not isinstance(geometry, dict):
            return
        kind, coordinates = geometry.get("type"), geometry.get("coordinates")
        if kind == "LineString":
            self._line([coordinates], properties, place)
        elif kind == "MultiLineString":
            self._line(coordinates if isinstance(coordinates, list) else [], properties, place)
        elif kind == "Point":
            self._point(coordinates, properties, place)
        elif kind == "MultiPoint" and isinstance(coordinates, list):
            for each in coordinates:
                self._point(each, properties, place)
        elif kind == "GeometryCollection" and depth < 8:
            inner = geometry.get("geometries")
            for each in inner if isinstance(inner, list) else ():
                self._geometry(each, properties, place, depth + 1)
        else:
            self._building.odd.add(NOT_LINES, place)

    def _line(self, lines: list[object], properties: Row, place: int) -> None:
        self._building.track(words(properties.get("name")))
        given = (
            properties.get("coordTimes")
            or properties.get("times")
            or inside(properties, "coordinateProperties", "times")
        )
        hearts = properties.get("heartRates") or properties.get("heart")
        hearts = hearts or inside(properties, "coordinateProperties", "heart")
        for n, line in enumerate(lines):
            if not isinstance(line, list):
                continue
            self._building.segment()
            times = _part(given, n, len(line), several=len(lines) > 1)
            beats = _part(hearts, n, len(line), several=len(lines) > 1)
            if given and times is None:
                self._building.odd.add(UNEVEN, place)
            for at, position in enumerate(line):
                lat, lon, ele, fourth = _position(position)
                time = self._time(times[at], place) if times else instant(fourth, self._stamps)
                more: dict[str, float] = {}
                if beats and (beat := real(beats[at])) > 0:
                    more["heart_rate"] = beat
                self._keep(time, lat, lon, ele, more, place)

    def _keep(
        self, time: float, lat: float, lon: float, ele: float, more: dict[str, float], place: int
    ) -> None:
        if 90.0 < abs(lat) <= 180.0 and abs(lon) <= 90.0:
            self._building.odd.add(SWAPPED, place)
        self._building.point(time, lat, lon, ele, more, place=place)

    def _time(self, value: object, place: int) -> float:
        at = instant(value, self._stamps)
        if math.isnan(at) and value not in (None, ""):
            self._building.bad_time(place)
        return at

    def _point(self, position: object, properties: Row, place: int) -> None:
        lat, lon, ele, _ = _position(position)
        given = next((properties[key] for key in _TIME if properties.get(key) is not None), None)
        height = next((properties[key] for key in _ELE if properties.get(key) is not None), None)
        if math.isnan(ele) and height is not None:
            ele = real(height)
        name = words(properties.get("name")) or words(properties.get("title"))
        text = words(properties.get("desc")) or words(properties.get("description"))
        if given is None or (name and "track_seg_id" not in properties):
            at = self._time(given, place) if given is not None else math.nan
            self._building.waypoint(lat, lon, name, text, at, ele, place=place)
            return
        more: dict[str, float] = {}
        for key, (column, factor) in _MORE.items():
            if (value := real(properties.get(key)) * factor) >= 0:
                more.setdefault(column, value)
        owner = properties.get(
            "track_fid", properties.get("device_id", properties.get("topic", ""))
        )
        row = (properties.get("track_seg_id"), self._time(given, place), lat, lon, ele, more, place)
        self._points.setdefault(str(owner)[:100], []).append(row)

    def recording(self, creator: str, title: str) -> Recording:
        for owner, points in self._points.items():
            self._building.track(owner if len(self._points) > 1 else "")
            before: object = points[0][0]
            for segment, time, lat, lon, ele, more, place in points:
                if segment != before:
                    self._building.segment()
                before = segment
                self._keep(time, lat, lon, ele, more, place)
        return self._building.recording(
            "GeoJSON",
            creator,
            title=title,
            time_from="offset" if self._stamps.offsets else "utc",
            zoneless=self._stamps.zoneless,
        )


def _position(position: object) -> tuple[float, float, float, float]:
    """lat, lon, ele and what stands fourth; NaN where missing."""
    values = [real(value) for value in position[:4]] if isinstance(position, list) else []
    values += [math.nan] * (4 - len(values))
    lon, lat, ele, fourth = values
    return lat, lon, ele, fourth


def _part(given: object, n: int, length: int, *, several: bool) -> list[object] | None:
    """The values of the n-th line, if there is one for each of its points."""
    if not isinstance(given, list):
        return None
    found = given[n] if several and n < len(given) and isinstance(given[n], list) else given
    if not several and len(given) == 1 and isinstance(given[0], list):
        found = given[0]
    return found if isinstance(found, list) and len(found) == length else None
