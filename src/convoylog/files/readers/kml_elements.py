"""Which elements of KML are read, and which are told instead. Known by their local names."""

from __future__ import annotations

_SHAPES = {"Point", "LineString", "MultiGeometry", "Track", "MultiTrack"}
_FOLDER = {"name", "author", "generator", "TimeSpan", "Folder", "Document", "Placemark", "Schema"}
#: element → the children read in it; all else is passed over with everything below it
CHILDREN: dict[str, set[str]] = {
    "": {"kml"},
    "kml": {"Document", "Folder", "Placemark"},
    "Document": _FOLDER,
    "Folder": _FOLDER,
    "author": {"name"},
    "Placemark": {"name", "description", "TimeSpan", "TimeStamp", "ExtendedData"} | _SHAPES,
    "TimeSpan": {"begin", "end"},
    "TimeStamp": {"when"},
    "MultiGeometry": _SHAPES,
    "MultiTrack": {"Track", "altitudeMode"},
    "Point": {"coordinates", "altitudeMode"},
    "LineString": {"coordinates", "altitudeMode"},
    "Track": {"ExtendedData", "altitudeMode"},
    "ExtendedData": {"Data", "SchemaData"},
    "Data": {"value"},
    "SchemaData": {"SimpleData", "SimpleArrayData"},
    "SimpleArrayData": set(),
    "Schema": {"SimpleArrayField"},
    "SimpleArrayField": {"displayName"},
}
LEAVES = {
    "name", "generator", "description", "begin", "end", "when", "altitudeMode", "value",
    "SimpleData", "displayName", "coordinates",
}  # fmt: skip
#: where the hot handlers of `TrackText` listen
HOT = {"Track", "SimpleArrayData"}

#: what holds no drive: counted and told, never fetched
TOLD = {
    "Polygon": ("area not read", "areas not read"),
    "LinearRing": ("ring not read", "rings not read"),
    "Model": ("3D model not read", "3D models not read"),
    "Tour": ("flight of the camera not read", "flights of the camera not read"),
    "NetworkLink": (
        "link to another document, not fetched",
        "links to other documents, not fetched",
    ),
    "NetworkLinkControl": ("update of another document not read",) * 2,
    **dict.fromkeys(
        ("GroundOverlay", "ScreenOverlay", "PhotoOverlay"),
        ("picture laid over the map, not fetched", "pictures laid over the map, not fetched"),
    ),
}
