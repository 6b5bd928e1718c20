"""What devices record with their trackpoints besides position, height and time, and under which names.

Both roads of the GPX reader ask here, so that they agree.
Sources: GPX 1.0 and 1.1; Garmin TrackPointExtension v1 and v2, PowerExtension; Cluetrust GPXData;
recordings of Strava, OsmAnd, OpenTracks, OruxMaps, Apple's watch and others.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from convoylog.model.tracks import Floats

#: local name in lower case → column; the prefix tells nothing more
_COLUMNS = {
    "speed": "speed",
    "course": "course",
    "hdop": "hdop",
    "vdop": "vdop",
    "pdop": "pdop",
    "sat": "satellites",
    "hacc": "accuracy",
    "accuracy": "accuracy",
    "accuracy_horizontal": "accuracy",
    "hr": "heart_rate",
    "heartrate": "heart_rate",
    "cad": "cadence",
    "cadence": "cadence",
    "power": "power",
    "powerinwatts": "power",
    "atemp": "temperature",
    "temp": "temperature",
    "temperature": "temperature",
}

#: the least that means something; below it devices say "unknown": -1 for speed and course, 0 for
#: a heart rate and for dilutions of precision
_LEAST = {"speed": 0.0, "course": 0.0, "accuracy": 0.0, "satellites": 0.0, "cadence": 0.0,
          "heart_rate": 1.0, "hdop": 1e-9, "vdop": 1e-9, "pdop": 1e-9, "power": 0.0,
          "temperature": -273.15}  # fmt: skip


def column_of(name: str) -> str:
    """The column an element's text belongs to, "" if to none. name: with its prefix, if any."""
    return _COLUMNS.get(name.rpartition(":")[2].lower(), "")


def meant(more: Mapping[str, Floats]) -> dict[str, Floats]:
    """The columns with NaN in place of values that mean "unknown"."""
    return {name: np.where(values >= _LEAST[name], values, np.nan) for name, values in more.items()}
