"""The forms data leave in: a function and a line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import quote

from convoylog.exports.exported import Exported, Mark
from convoylog.model.pages import Pages
from convoylog.model.tracks import Waypoint


@dataclass(frozen=True, slots=True)
class Form:
    """write: the bytes. photos: whether pictures go beside the file, or into it."""

    ending: str
    write: Callable[[Exported], bytes]
    photos: bool = False


def _gpx(exported: Exported) -> bytes:
    from convoylog.exports.gpx import write_gpx

    marks = [_waypoint(mark) for mark in exported.marks]
    cars = ", ".join(dict.fromkeys(line.car for line in exported.lines))
    tracks = [line.track for line in exported.lines]
    return write_gpx(tracks, marks, title=exported.title, description=cars)


def _waypoint(mark: Mark) -> Waypoint:
    if mark.kind == "waypoint":  # as it was recorded
        return Waypoint(mark.lat, mark.lon, mark.name, mark.text, mark.at, mark.ele)
    text = f"{mark.car}: {mark.text}" if mark.text else mark.car
    link = quote(mark.photos[0][0]) if mark.photos else ""
    return Waypoint(mark.lat, mark.lon, mark.name, text, mark.at, kind=mark.kind, link=link)


def _geojson(exported: Exported) -> bytes:
    from convoylog.exports.geojson import write_geojson

    return write_geojson(exported)


def _kml(exported: Exported) -> bytes:
    from convoylog.exports.kml import write_kml

    return write_kml(exported)


def _csv(exported: Exported) -> bytes:
    from convoylog.exports.tables import write_csv

    return write_csv(exported)


def _geoparquet(exported: Exported) -> bytes:
    import io

    from convoylog.exports.geoparquet import write_geoparquet
    from convoylog.exports.tables import read_at

    sink = io.BytesIO()
    hidden = any(line.day for line in exported.lines)
    write_geoparquet(exported.lines, sink, readings=read_at(exported), days=hidden)
    return sink.getvalue()


FORMS: dict[str, Form] = {
    "gpx": Form("gpx", _gpx, photos=True),
    "geojson": Form("geojson", _geojson, photos=True),
    "kml": Form("kml", _kml, photos=True),
    "kmz": Form("kmz", _kml, photos=True),
    "csv": Form("csv", _csv),
    "geoparquet": Form("parquet", _geoparquet),
}


def render(exported: Exported, form: str, name: str) -> Pages:
    """The file of a form, called `name`, and its photos in a folder beside it or within it."""
    line = FORMS[form]
    if form == "kmz":
        inside = _in_folder(exported, "photos")
        members = {"doc.kml": line.write(inside), **inside.photos()}
        return Pages({}, name, archives={name: members}, told=exported.told)
    beside = _in_folder(exported, f"{name.rpartition('.')[0] or name}-photos")
    photos = beside.photos() if line.photos else {}
    return Pages({name: line.write(beside), **photos}, name, told=exported.told)


def _in_folder(exported: Exported, folder: str) -> Exported:
    marks = tuple(
        replace(mark, photos=tuple((f"{folder}/{path}", picture) for path, picture in mark.photos))
        for mark in exported.marks
    )
    return replace(exported, marks=marks)
