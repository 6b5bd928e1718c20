"""Which column of a table is what: told by its name, its unit and the program that writes such names."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence

from convoylog.errors import BadInput
from convoylog.model.tracks import MORE

_MOST_COLUMNS = 500
_DELIMITERS = (",", ";", "\t", "|")

#: name without blanks and signs, in lower case → what it is
_NAMES = {
    "lat": ("lat", "latitude", "gpslat", "gpslatitude", "latitudedeg", "latitudee7", "late7", "latitudens",
            "latituden/s", "y",
            "positionlat", "startlat", "locationlatitude", "breitengrad", "breite"),
    "lon": ("lon", "lng", "long", "longitude", "gpslon", "gpslong", "gpslongitude", "longitudedeg",
            "longitudee7", "lone7", "lnge7", "longitudeew", "longitudee/w", "x", "positionlong", "positionlon",
            "startlon",
            "locationlongitude", "laengengrad", "längengrad", "länge"),
    "time": ("time", "timestamp", "datetime", "date/time", "utctime", "timeutc", "gpstime", "gpsdatetime",
             "isotime", "isotst", "tst", "unixtime", "epoch", "epochms", "timestampms", "fixtime",
             "recordedat", "createdat", "devicetime", "localtime", "zeit", "utcdatetime", "locationtimestamp"),
    "date": ("date", "utcdate", "dateutc", "gpsdate", "datum"),
    "ele": ("ele", "elevation", "alt", "altitude", "height", "gpsaltitude", "hmsl", "altitudem",
            "elevationm", "altm", "elem", "heightm", "höhe", "hoehe"),
    "speed": ("speed", "velocity", "vel", "gpsspeed", "spd", "sog", "groundspeed", "geschwindigkeit"),
    "course": ("course", "heading", "bearing", "cog", "direction", "track angle", "azimuth", "gpsbearing"),
    "accuracy": ("accuracy", "acc", "horizontalaccuracy", "hacc", "gpsaccuracy"),
    "hdop": ("hdop",), "vdop": ("vdop",), "pdop": ("pdop",),
    "satellites": ("sat", "sats", "satellites", "nsat", "numsats", "satellitesused", "gpssatellites"),
    "heart_rate": ("hr", "heartrate", "bpm", "pulse"),
    "cadence": ("cad", "cadence"), "power": ("power", "watts"),
    "temperature": ("temp", "temperature", "atemp"),
    "segment": ("segment", "seg", "trksegid", "tracksegid", "segmentid"),
    "track": ("car", "device", "deviceid", "trackid", "trackfid", "tripid", "topic", "tid", "vehicle", "userid",
              "trackname"),
    "ns": ("n/s", "ns", "latref", "latitudehemisphere"),
    "ew": ("e/w", "ew", "lonref", "longitudehemisphere"),
    "name": ("name", "label"), "type": ("type", "tag"),
}  # fmt: skip
_MEANING = {name: key for key, names in _NAMES.items() for name in names}
#: what a person may say
_KNOWN = (*(key for key in _NAMES if key not in ("ns", "ew", "name", "type")), "delimiter")

#: unit in a name → factor to metres per second, to metres
_SPEED_UNITS = {"kmh": 1 / 3.6, "km/h": 1 / 3.6, "kph": 1 / 3.6, "m/s": 1.0, "mps": 1.0, "ms": 1.0,
                "mph": 0.44704, "kn": 1852 / 3600, "kt": 1852 / 3600, "kts": 1852 / 3600,
                "knots": 1852 / 3600, "meters/second": 1.0, "metres/second": 1.0}  # fmt: skip
_LENGTH_UNITS = {"m": 1.0, "meters": 1.0, "metres": 1.0, "meter": 1.0, "ft": 0.3048, "feet": 0.3048,
                 "km": 1000.0}  # fmt: skip
#: exporter → factor of its speed to m/s
_SPEED_OF = {"Traccar": 1852 / 3600, "OwnTracks": 1 / 3.6, "GPSLogger": 1.0, "Columbus": 1 / 3.6,
             "PhoneTrack": 1.0}  # fmt: skip
_UNIT = re.compile(r"[(\[_ ]\s*([a-zA-Z/°]{1,14})\s*[)\]]?\s*$")


def _plain(name: str) -> str:
    """A column's name without unit, blanks and signs, in lower case."""
    stripped = re.sub(r"[(\[].*?[)\]]", "", name).strip().strip('"').lower()
    return re.sub(r"[\s_.\-]+", "", stripped) or re.sub(r"[\s_.\-()\[\]]+", "", name.lower())


def _meaning(name: str) -> str:
    plain = _plain(name)
    found = _MEANING.get(plain, "")
    if not found and "_" in name:
        # altitude_ft, speed_kmh
        base, _, unit = name.strip().lower().rpartition("_")
        if unit in _SPEED_UNITS or unit in _LENGTH_UNITS:
            found = _MEANING.get(_plain(base), "")
    return found


def line_of_names(
    lines: Sequence[str], delimiter: str, said: Mapping[str, str]
) -> tuple[int, str, list[str]]:
    """(index of the line of names, delimiter, names). Raises BadInput."""
    wanted = {said.get("lat", ""), said.get("lon", "")} - {""}
    for at, line in enumerate(lines):
        for letter in (delimiter,) if delimiter else _DELIMITERS:
            if letter not in line:
                continue
            try:
                names = [
                    n.strip()
                    for n in next(csv.reader([line.lstrip("#").strip()], delimiter=letter))
                ]
            except (csv.Error, StopIteration):
                continue
            meanings = {_meaning(name) for name in names[:_MOST_COLUMNS]}
            if (wanted and wanted <= set(names)) or {"lat", "lon"} <= meanings:
                return at, letter, names[:_MOST_COLUMNS]
    if wanted:
        told = " and ".join(sorted(repr(name) for name in wanted))
        raise BadInput(f"a table without the columns {told}")
    raise BadInput(
        "a table whose columns of latitude and longitude are not known: say which with --columns"
    )


class TableColumns:
    """Which column is what, and by which factor it comes to our units."""

    def __init__(self, names: Sequence[str], said: Mapping[str, str]) -> None:
        self.names = names
        self.at: dict[str, int] = {}
        self.factor: dict[str, float] = {}
        self.unknown: list[str] = []
        for key, name in said.items():
            if key not in {*_NAMES, *MORE}:
                raise BadInput(f"--columns knows no {key[:40]!r}; it knows {', '.join(_KNOWN)}")
            if name not in names:
                raise BadInput(f"a table without a column {name[:60]!r}")
            self.at[key] = names.index(name)
        for n, name in enumerate(names):
            key = _meaning(name)
            if key and key not in self.at and n not in self.at.values():
                self.at[key] = n
        plain = {_plain(name) for name in names}
        self.maker = _maker(plain)
        self._units(said)
        lat = _plain(names[self.at["lat"]]) if "lat" in self.at else ""
        self.e7 = lat.endswith("e7")
        self.utc = any("utc" in name.lower() or "gmt" in name.lower() for name in names)

    def _units(self, said: Mapping[str, str]) -> None:
        for key, units in (
            ("speed", _SPEED_UNITS),
            ("ele", _LENGTH_UNITS),
            ("accuracy", _LENGTH_UNITS),
        ):
            if key not in self.at:
                continue
            name = self.names[self.at[key]]
            match = _UNIT.search(name)
            unit = match[1].lower() if match else ""
            if unit in units:
                self.factor[key] = units[unit]
            elif key == "speed" and key not in said:
                factor = _SPEED_OF.get(self.maker)
                if factor is None:
                    self.unknown.append(name)
                    del self.at[key]
                else:
                    self.factor[key] = factor


def _maker(plain: set[str]) -> str:
    """The program that writes such columns, "" if no one we know."""
    if {"isotst", "tst", "vel"} <= plain or {"tst", "tid"} <= plain:
        return "OwnTracks"
    if {"deviceid", "fixtime", "servertime"} & plain and "protocol" in plain:
        return "Traccar"
    if {"valid", "attributes", "address"} <= plain:
        return "Traccar"
    if {"annotation", "bearing", "geoidheight"} & plain and {"sat", "provider", "hdop"} & plain:
        return "GPSLogger"
    if {"index", "tag", "latitudens"} <= plain or {"latituden/s", "longitudee/w"} <= plain:
        return "Columbus"
    if {"useragent", "batterylevel"} & plain and "satellites" in plain:
        return "PhoneTrack"
    return ""
