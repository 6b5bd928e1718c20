"""What KML and GeoJSON writers call the further values of a point, and in which units."""

from __future__ import annotations

import math
import re

from convoylog.files.readers.xml import number

#: name, letters and digits only → column of MORE. A speed counts only with its unit
_NAMES = {
    **dict.fromkeys(("speed", "velocity", "groundspeed", "gpsspeed", "speedoverground"), "speed"),
    **dict.fromkeys(
        ("course", "bearing", "heading", "direction", "cog", "courseoverground", "track"), "course"
    ),
    **dict.fromkeys(
        ("accuracy", "horizontalaccuracy", "accuracyhorizontal", "hacc", "hacc", "haccuracy",
         "positionaccuracy", "gpsaccuracy"), "accuracy"),
    **dict.fromkeys(
        ("heartrate", "heartrates", "heart", "hr", "heartratebpm", "pulse", "bpm"), "heart_rate"
    ),
    **dict.fromkeys(("cadence", "cadences", "cad", "runcadence"), "cadence"),
    **dict.fromkeys(("power", "powers", "watts", "poweroutput"), "power"),
    **dict.fromkeys(("temperature", "temperatures", "temp", "atemp", "airtemp"), "temperature"),
    **dict.fromkeys(("satellites", "sat", "sats", "numsat", "satellitesused"), "satellites"),
    "hdop": "hdop",
    "vdop": "vdop",
    "pdop": "pdop",
}  # fmt: skip

#: unit as written, less blanks and case → metres a second
SPEEDS = {
    **dict.fromkeys(("m/s", "mps", "ms", "ms-1", "m/sec", "meterspersecond", "m·s-1"), 1.0),
    **dict.fromkeys(("km/h", "kmh", "kph", "km/hr", "kmph", "km/hour", "kmhr"), 1 / 3.6),
    **dict.fromkeys(("mph", "mi/h", "miles/h", "milesperhour"), 1609.344 / 3600),
    **dict.fromkeys(("kn", "kt", "kts", "knots", "knot"), 1852 / 3600),
    **dict.fromkeys(("ft/s", "fps"), 0.3048),
}

_PLAIN = re.compile(r"[^a-z0-9]+")
#: a unit in brackets or behind the last blank or underscore: "Speed (m/s)", "speed_kmh"
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,20})[)\]]")
_VALUE = re.compile(r"\s{0,20}([+-]?\d{1,9}(?:\.\d{1,12})?)\s{0,20}(\S{0,12})", re.ASCII)


def column_for(name: str, shown: str = "", unit: str = "") -> tuple[str, float, float] | None:
    """(column of MORE, factor, offset) for what a writer calls `name`; None if not sure.

    shown: the name for people, which may tell the unit. unit: if told elsewhere, or the unit that
    the caller knows its writers mean. column = value × factor + offset.
    """
    found = None
    for text in (name, shown):
        base, told = _base_and_unit(text[:100].lower())
        unit = unit or told
        found = found or _NAMES.get(base)
    unit = unit.lower().replace(" ", "")
    if found == "speed":
        factor = SPEEDS.get(unit)
        return ("speed", factor, 0.0) if factor else None
    if found == "temperature" and unit.strip("°º") in ("f", "fahrenheit"):
        return "temperature", 5 / 9, -160 / 9
    if found == "accuracy" and unit in ("ft", "feet"):
        return "accuracy", 0.3048, 0.0
    return (found, 1.0, 0.0) if found else None


def _base_and_unit(text: str) -> tuple[str, str]:
    bracket = _BRACKETS.search(text)
    if bracket:
        return _PLAIN.sub("", text.replace(bracket[0], "")), bracket[1].strip()
    head, _, last = text.replace(" ", "_").rpartition("_")
    if head and last in SPEEDS:
        return _PLAIN.sub("", head), last
    return _PLAIN.sub("", text), ""


def value_with_unit(text: str) -> tuple[float, str]:
    """ "12.5 km/h" → (12.5, "km/h"); NaN and "" where no number stands first."""
    match = _VALUE.match(text)
    return (number(match[1]), match[2]) if match else (math.nan, "")
