"""Reading GeoJSON, with times where the many exporters put them.

RFC 7946 knows no times. They stand beside the coordinates (`coordTimes` of toGeoJSON, `times`,
`coordinateProperties`), in a fourth coordinate, or with points that each have one of their own
(Overland, GPSLogger, GDAL's track_points). Which of it is a drive, `drives` says.
Source: RFC 7946; https://github.com/mapbox/geojson-coordinate-properties; the exporters named.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from convoylog.errors import BadInput
from convoylog.files.readers import drives
from convoylog.files.readers.building import MAX_OBJECTS, Building
from convoylog.files.readers.drawn import Columns, Drawn, Folder, Marks
from convoylog.files.readers.geojson_properties import (
    Members,
    Shape,
    line_times,
    measured,
    shape_of,
)
from convoylog.files.readers.json_values import inside, real, words
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.files.readers.oddities import BAD_TIME
from convoylog.files.readers.plain import plain
from convoylog.files.readers.sensors import column_for
from convoylog.files.readers.times import Times
from convoylog.files.readers.xml import number
from convoylog.model.tracks import Floats, Recording

SWAPPED = (
    "point whose latitude is none, but whose longitude could be: are they swapped?",
    "points whose latitudes are none, but whose longitudes could be: are they swapped?",
)
NOT_LINES = ("area not read", "areas not read")
UNKNOWN = ("geometry of an unknown kind not read", "geometries of unknown kinds not read")
NOWHERE = ("feature without a position", "features without a position")
UNEVEN = (
    "line with another number of times than of points, kept without them",
    "lines with another number of times than of points, kept without them",
)
NO_TIME_FOURTH = (
    "point with a fourth coordinate that is no time",
    "points with a fourth coordinate that is no time",
)

_LINES = {"LineString", "MultiLineString"}
_AREAS = {"Polygon", "MultiPolygon"}
_GEOMETRIES = {"Point", "MultiPoint", "GeometryCollection"} | _LINES | _AREAS
#: GDAL nests collections once; nobody nests them deeper
_MAX_NESTED = 8

#: numbers are seconds since 1970 from 1973 to 5138, above that milli-, micro-, nanoseconds
_FIRST = 1e8
_SCALES = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9))

_NOTHING = (math.nan,) * 4
#: shapes of properties remembered: every feature of a recording has the same few
_MANY_SHAPES = 1_000


def read_document(document: object, limits: Limits = LIMITS) -> Recording | None:
    """Tracks, waypoints and routes of parsed GeoJSON; None if the value is none.

    document: also a list of features, as of a file of one feature a line, and Overland's
    {"locations": [features]}. Raises BadInput.
    """
    features = _features(document)
    if features is None:
        return None
    head = document if isinstance(document, dict) else {}
    _refuse_other_systems(head.get("crs"))
    reading = _Reading(limits, words(head.get("name")))
    for place, feature in enumerate(features, 1):
        reading.feature(feature, place)
    made = (head.get("creator"), head.get("generator"), inside(head, "metadata", "creator"))
    return reading.recording(next(filter(None, map(words, made)), ""))


def _features(document: object) -> Iterable[Members] | None:
    if isinstance(document, list):
        good = bool(document) and all(_is_feature(each) for each in document)
        return document if good else None
    if not isinstance(document, dict):
        return None
    kind = document.get("type")
    if isinstance(kind, str) and kind in _GEOMETRIES:
        return [{"type": "Feature", "geometry": document}]
    if kind == "Feature":
        return [document]
    listed = document.get("features") or document.get("locations")
    if isinstance(listed, list) and (kind == "FeatureCollection" or any(map(_is_feature, listed))):
        return _flat(listed)
    return [] if kind == "FeatureCollection" else None


def _is_feature(value: object) -> bool:
    return isinstance(value, dict) and value.get("type") == "Feature"


def _flat(listed: list[object], depth: int = 0) -> Iterator[Members]:
    for each in listed:
        if _is_feature(each):
            yield each  # type: ignore[misc]
        elif isinstance(each, dict) and depth < _MAX_NESTED:
            inner = each.get("features")
            if isinstance(inner, list):
                yield from _flat(inner, depth + 1)


def _refuse_other_systems(crs: object) -> None:
    """Coordinates of another system would be places all the same, and wrong ones."""
    if crs is None:
        return
    code = inside(crs, "properties", "name") or inside(crs, "properties", "code")
    name = words(code) or (str(code) if isinstance(code, int) else "")
    if not name.upper().endswith(("CRS84", "CRS84H", "4326", "4979", "WGS84", "WGS 84")):
        raise BadInput(f"GeoJSON in another coordinate system than WGS84: {name[:60] or 'unnamed'}")


class _Reading:
    """The document on its way to what `drives` settles."""

    def __init__(self, limits: Limits, title: str) -> None:
        self._limits = limits
        self._title = title
        self._building = Building(limits)
        self._odd = self._building.odd
        self._times = Times(self._odd)
        self._folders = [Folder()]
        self._homes: dict[str, int] = {}
        self._drawn: list[Drawn] = []
        self._marks = Marks()
        self._shapes: dict[tuple[str, ...], Shape] = {}
        self._points = 0

    def feature(self, feature: Members, place: int) -> None:
        properties = feature.get("properties")
        members = properties if isinstance(properties, dict) else {}
        geometry = feature.get("geometry")
        if isinstance(geometry, dict):
            self._geometry(geometry, members, place)
        else:
            self._odd.add(NOWHERE)

    def _geometry(self, geometry: Members, members: Members, place: int, depth: int = 0) -> None:
        kind, given = geometry.get("type"), geometry.get("coordinates")
        listed = given if isinstance(given, list) else []
        if kind == "Point":
            self._point(listed, members)
        elif kind == "LineString":
            self._line([listed], members, geometry)
        elif kind == "MultiLineString":
            self._line([line for line in listed if isinstance(line, list)], members, geometry)
        elif kind == "MultiPoint":
            # with a time for each it is a track
            if line_times(members, geometry):
                self._line([listed], members, geometry)
            else:
                for each in listed:
                    self._point(each if isinstance(each, list) else [], members)
        elif kind == "GeometryCollection" and depth < _MAX_NESTED:
            inner = geometry.get("geometries")
            for each in inner if isinstance(inner, list) else ():
                if isinstance(each, dict):
                    self._geometry(each, members, place, depth + 1)
        else:
            self._odd.add(NOT_LINES if kind in ("Polygon", "MultiPolygon") else UNKNOWN)

    def _count(self, points: int) -> None:
        self._points += points
        if self._points > self._limits.points:
            raise BadInput(f"more than {self._limits.points:,} points")

    # -- lines -------------------------------------------------------------------------------

    def _line(self, lines: list[list[object]], members: Members, geometry: Members) -> None:
        lengths = [len(line) for line in lines]
        self._count(sum(lengths))
        given = line_times(members, geometry)
        stamps = _parts(given, lengths)
        if given and stamps is None:
            self._odd.add(UNEVEN)
        more = self._line_more(members, lengths)
        drawn = Drawn(0, name=self._named(members))
        for n, line in enumerate(lines):
            rows = _rows(line)
            time = self._stamps(stamps[n]) if stamps else np.full(len(line), np.nan)
            time = self._fourth(rows, time)
            self._tell_swapped(rows)
            here = {key: values[n] for key, values in more.items()}
            drawn.segment(time, rows[:, 1], rows[:, 0], rows[:, 2], here)
        if not len(drawn.columns.lat):
            self._odd.add(NOWHERE)
            return
        drawn.recorded = drawn.timed
        drawn.plan = not drawn.timed and (
            members.get("_gpxType") == "rte" or self._title == "routes"
        )
        self._drawn.append(drawn)
        if len(self._drawn) > MAX_OBJECTS:
            raise BadInput(f"more than {MAX_OBJECTS:,} lines")

    def _stamps(self, values: list[object]) -> Floats:
        if all(isinstance(value, str) for value in values):
            column = Columns().time
            self._times.column((str(value) for value in values), column)
            return np.array(column)
        return np.array([self._instant(value) for value in values], dtype=np.float64)

    def _fourth(self, rows: Floats, time: Floats) -> Floats:
        """Times in the fourth coordinate, or in the third where it can be no height."""
        with np.errstate(invalid="ignore"):
            late = rows[:, 2] >= _FIRST
        rows[late, 3] = np.where(np.isnan(rows[late, 3]), rows[late, 2], rows[late, 3])
        rows[late, 2] = np.nan
        fourth = np.array([_since_1970(value) for value in rows[:, 3].tolist()])
        if bad := int((np.isnan(fourth) & np.isfinite(rows[:, 3]) & np.isnan(time)).sum()):
            self._odd.add(NO_TIME_FOURTH, count=bad)
        return np.where(np.isnan(time), fourth, time) if len(time) else time

    def _line_more(self, members: Members, lengths: list[int]) -> dict[str, list[Floats]]:
        """Further values, one for each position: heart rates and the like."""
        inner = members.get("coordinateProperties")
        found: dict[str, list[Floats]] = {}
        for key, values in (*members.items(), *(inner.items() if isinstance(inner, dict) else ())):
            if not isinstance(values, list):
                continue
            # "heartRates", "speeds": one of them is meant
            column = column_for(key, key.removesuffix("s"), unit="m/s")
            parts = _parts(values, lengths) if column else None
            if column and parts:
                name, factor, offset = column
                found[name] = [
                    _possible(name, np.array([real(v) for v in part]) * factor + offset)
                    for part in parts
                ]
        return found

    # -- points ------------------------------------------------------------------------------

    def _point(self, coordinates: list[object], members: Members) -> None:
        if not coordinates:
            self._odd.add(NOWHERE)
            return
        self._count(1)
        # a fifth is nobody's
        lon, lat, ele, fourth, *_ = (*map(real, coordinates[:4]), *_NOTHING)
        if 90.0 < abs(lat) <= 180.0 and abs(lon) <= 90.0:
            self._odd.add(SWAPPED)
        shape = self._shape_of(members)
        at = math.nan
        for key in shape.time:
            if members[key] not in (None, ""):
                at = self._instant(members[key])
                break
        else:
            at = _since_1970(fourth)
        if math.isnan(ele) and shape.ele:
            ele = real(members[shape.ele])
        name, text = words(members.get(shape.name)), words(members.get(shape.text))
        if members.get("_gpxType") == "wpt" or self._title in ("waypoints", "route_points"):
            self._building.waypoint(lat, lon, plain(name), plain(text), at, ele)
            return
        more = {}
        for key, column, factor, offset in shape.more:
            value = measured(members[key], key, factor, offset)
            # phones write -1 for what they do not know
            if math.isfinite(value) and (value >= 0 or column == "temperature"):
                more[column] = value
        segment = real(members.get(shape.segment)) if shape.segment else 0.0
        self._marks.add(
            self._home_of(members.get(shape.owner)),
            plain(name),
            text,
            (at, lat, lon, ele),
            more,
            int(segment) if 0 <= segment < 2**31 else 0,
        )

    def _home_of(self, owner: object) -> int:
        name = words(owner) or (str(owner) if isinstance(owner, int) else "")
        name = name[:100]
        if name not in self._homes:
            if len(self._folders) > MAX_OBJECTS:
                raise BadInput(f"more than {MAX_OBJECTS:,} recorders")
            self._folders.append(Folder(name=name))
            self._homes[name] = len(self._folders) - 1
        return self._homes[name]

    def _shape_of(self, members: Members) -> Shape:
        names = tuple(members)
        found = self._shapes.get(names)
        if found is None:
            found = shape_of(names)
            if len(self._shapes) < _MANY_SHAPES:
                self._shapes[names] = found
        return found

    # -- values ------------------------------------------------------------------------------

    def _instant(self, value: object) -> float:
        if isinstance(value, str) and not math.isnan(since := _since_1970(number(value.strip()))):
            return since
        if isinstance(value, str):
            # GDAL before 3.6 writes 2024/06/01 10:00:00+00
            return self._times.read(value[:64].replace("/", "-"))
        since = _since_1970(real(value))
        if math.isnan(since) and value is not None:
            self._odd.add(BAD_TIME)
        return since

    def _tell_swapped(self, rows: Floats) -> None:
        with np.errstate(invalid="ignore"):
            lon, lat = np.abs(rows[:, 0]), np.abs(rows[:, 1])
            swapped = (lat > 90.0) & (lat <= 180.0) & (lon <= 90.0)
        if count := int(swapped.sum()):
            self._odd.add(SWAPPED, count=count)

    def _named(self, members: Members) -> str:
        shape = self._shape_of(members)
        return plain(words(members.get(shape.name)))

    def recording(self, creator: str) -> Recording:
        time_from = self._times.how_known(drives.times_known(self._drawn, self._marks))
        drives.settle(self._drawn, self._marks, self._folders, self._building)
        return self._building.recording(
            "GeoJSON",
            plain(creator),
            title=plain(self._title),
            time_from=time_from,
            zoneless=self._times.instants.zoneless,
        )


def _rows(positions: list[object]) -> Floats:
    """n rows of lon, lat, ele and what stands fourth; NaN where missing or no number."""
    rows = np.full((len(positions), 4), np.nan)
    try:
        values = np.array(positions, dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        values = np.empty(0)
    if values.ndim == 2 and values.shape[1] >= 2:
        width = min(values.shape[1], 4)
        rows[:, :width] = values[:, :width]
    else:
        for row, position in zip(rows, positions, strict=True):
            numbers = position[:4] if isinstance(position, list) else []
            row[: len(numbers)] = [real(value) for value in numbers]
    rows[~np.isfinite(rows)] = np.nan
    return rows


def _parts(values: list[object] | None, lengths: list[int]) -> list[list[object]] | None:
    """The values of each line, from a list of lists or from one for all; None if they don't fit."""
    if not values:
        return None
    if all(isinstance(part, list) for part in values):
        parts = [part for part in values if isinstance(part, list)]
        return parts if [len(part) for part in parts] == lengths else None
    if len(values) != sum(lengths):
        return None
    ends = np.cumsum(lengths).tolist()
    return [values[end - length : end] for end, length in zip(ends, lengths, strict=True)]


def _possible(name: str, values: Floats) -> Floats:
    """Phones write -1 for what they do not know."""
    with np.errstate(invalid="ignore"):
        good = np.isfinite(values) & ((values >= 0) | (name == "temperature"))
    return np.where(good, values, np.nan)


def _since_1970(value: float) -> float:
    """UTC seconds of a number of seconds, milli-, micro- or nanoseconds; NaN of all else."""
    if value >= _FIRST:
        for above, scale in _SCALES:
            if value < above:
                return value / scale
    return math.nan
