"""What the properties of GeoJSON features tell: times, heights, names and further values of their points."""

from __future__ import annotations

from dataclasses import dataclass

from convoylog.files.readers.json_values import real
from convoylog.files.readers.sensors import column_for, value_with_unit

Members = dict[str, object]

#: letters and digits of a property's name, in the order asked
_TIME = (
    "time", "timestamp", "timestampms", "datetime", "fixtime", "devicetime", "recordedat", "when",
    "starttime", "begin", "tst", "timeutc", "utc", "date",
)  # fmt: skip
_ELE = ("altitude", "elevation", "ele", "alt", "altitudem", "elevationm")
_NAME, _TEXT = ("name", "title"), ("desc", "description", "cmt", "comment")
#: what recorded a point, so that two cars in one file are two tracks
_OWNER = ("trackfid", "deviceid", "device", "topic", "trackid")
_SEGMENT = ("tracksegid", "segment", "segmentid")
#: times beside the coordinates of a line
_LINE_TIMES = ("coordTimes", "times", "timestamps", "time", "timestamp")
#: Traccar's speeds are in knots; phones, Overland, GPSLogger and GPX all give metres a second
_KNOTS = {"fixtime", "protocol"}


@dataclass(frozen=True, slots=True)
class Shape:
    """Where features whose properties have the same names keep what we look for."""

    time: tuple[str, ...]
    ele: str
    name: str
    text: str
    owner: str
    segment: str
    more: tuple[tuple[str, str, float, float], ...]


def shape_of(names: tuple[str, ...]) -> Shape:
    """names: of the properties, in file order."""
    by_letters: dict[str, str] = {}
    for name in names:
        by_letters.setdefault("".join(c for c in name.lower() if c.isalnum()), name)

    def first(wanted: tuple[str, ...]) -> str:
        return next((by_letters[key] for key in wanted if key in by_letters), "")

    unit = "knots" if _KNOTS & by_letters.keys() else "m/s"
    more: dict[str, tuple[str, str, float, float]] = {}
    for name in names:
        # OwnTracks shortens, and its `vel` is in km/h
        short = {"vel": ("speed", "km/h"), "acc": ("accuracy", "")}.get(name)
        column = column_for(*short[:1], unit=short[1]) if short else column_for(name, unit=unit)
        if column is not None:
            more.setdefault(column[0], (name, *column))
    return Shape(
        tuple(by_letters[key] for key in _TIME if key in by_letters),
        first(_ELE),
        first(_NAME),
        first(_TEXT),
        first(_OWNER),
        first(_SEGMENT),
        tuple(more.values()),
    )


def line_times(members: Members, geometry: Members) -> list[object] | None:
    """The times beside the coordinates of a line, wherever they stand: of each point, or of each line's."""
    for where in (members, members.get("coordinateProperties"), geometry):
        for key in _LINE_TIMES:
            found = where.get(key) if isinstance(where, dict) else None
            if isinstance(found, list) and found:
                return found
    return None


def measured(value: object, name: str, factor: float, offset: float) -> float:
    """The value in the unit of its column; a text may bring a unit of its own."""
    if not isinstance(value, str):
        return real(value) * factor + offset
    amount, unit = value_with_unit(value[:100])
    if unit and (known := column_for(name, unit=unit)) is not None:
        factor, offset = known[1:]
    return amount * factor + offset
