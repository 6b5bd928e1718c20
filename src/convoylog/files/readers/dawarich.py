"""Reading plain lists of points: Dawarich's, and those of others that name lat, lon and a time.

Source: Dawarich's API (points) and its generic import; https://dawarich.app/docs
"""

from __future__ import annotations

import math
import re

from convoylog.files.readers.building import Building
from convoylog.files.readers.instants import InstantReader
from convoylog.files.readers.json_values import instant, real, rows, words
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.tracks import Recording

_LAT = ("latitude", "lat")
_LON = ("longitude", "lon", "lng", "long")
_TIME = ("timestamp", "recorded_at", "time", "datetime", "date", "created_at", "tst")
_ELE = ("altitude", "elevation", "ele", "alt")
#: metres per second; `velocity` is what phones call it
_SPEED = ("velocity", "speed")
_LISTS = ("points", "locations", "data", "positions", "results")
#: what PostGIS writes: "POINT(13.4 52.5)"
_WKT = re.compile(
    r"\s*POINT\s*\(\s*(-?[\d.]{1,30})\s+(-?[\d.]{1,30})\s*\)\s*", re.ASCII | re.IGNORECASE
)

Row = dict[str, object]


def read_document(document: object, limits: Limits = LIMITS) -> Recording | None:
    """The points of a list of objects with latitude and longitude; None if there is none.

    document: parsed JSON. Raises BadInput.
    """
    if isinstance(document, dict):
        document = next((document[key] for key in _LISTS if key in document), None)
    found = [row for row in rows(document) if _position(row) is not None]
    if not found:
        return None
    dawarich = any("lonlat" in row or "tracker_id" in row for row in found)
    building = Building(limits)
    stamps = InstantReader()
    by_device: dict[str, list[Row]] = {}
    for row in found:
        by_device.setdefault(words(row.get("tracker_id") or row.get("device_id")), []).append(row)
    for name, group in by_device.items():
        building.track(name if len(by_device) > 1 else "")
        for n, row in enumerate(group, 1):
            lat, lon = _position(row) or (math.nan, math.nan)
            given = _first(row, _TIME)
            at = instant(given, stamps)
            if given not in (None, "") and math.isnan(at):
                building.bad_time(n)
            # a speed whose unit nobody says is none
            more = {"speed": real(_first(row, _SPEED)) if dawarich else math.nan,
                    "accuracy": real(row.get("accuracy")),
                    "course": real(row.get("course") or row.get("bearing"))}  # fmt: skip
            more = {key: value for key, value in more.items() if value >= 0}
            building.point(at, lat, lon, real(_first(row, _ELE)), more, place=n)
    return building.recording(
        "Dawarich" if dawarich else "JSON points",
        "Dawarich" if dawarich else "",
        zoneless=stamps.zoneless,
        time_from="offset" if stamps.offsets else "utc",
    )


def _first(row: Row, keys: tuple[str, ...]) -> object:
    return next((row[key] for key in keys if row.get(key) is not None), None)


def _position(row: Row) -> tuple[float, float] | None:
    lat, lon = real(_first(row, _LAT)), real(_first(row, _LON))
    if not math.isnan(lat) and not math.isnan(lon):
        return lat, lon
    match = _WKT.fullmatch(words(row.get("lonlat"))[:100])
    return (real(match[2]), real(match[1])) if match else None
