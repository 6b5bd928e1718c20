"""KML 2.2 with Google's tracks in time, for Google Earth.

Source: OGC 07-147r2; https://developers.google.com/kml/documentation/kmlreference (gx:MultiTrack).
"""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import quote
from xml.sax.saxutils import escape

import numpy as np

from convoylog.exports import rows
from convoylog.exports.exported import Exported, Line, Mark
from convoylog.exports.tables import read_at
from convoylog.model.tracks import MORE, Floats, Track

#: light ink of the twelve car colours, as red, green, blue
_INKS = ("1065cc", "da730b", "c6287b", "0b6531", "4d168e", "3099c0", "652d14", "9b68d8", "ae1c31",
         "717729", "162c60", "5f6974")  # fmt: skip
#: what XML 1.0 cannot hold
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: what a balloon and a graph of Google Earth call a reading
_SHOWN = {"speed": "Speed (m/s)"}
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2" '
    'xmlns:gx="http://www.google.com/kml/ext/2.2">\n<Document>\n'
)


def write_kml(exported: Exported) -> bytes:
    """A document with a folder for every car: its way, then its notes and photos."""
    pieces = [_HEAD.encode(), f"<name>{_text(exported.title)}</name>\n".encode()]
    for ink in _INKS:
        # KML writes colours as alpha, blue, green, red
        colour = f"ff{ink[4:6]}{ink[2:4]}{ink[0:2]}"
        pieces.append(
            f'<Style id="c{ink}"><LineStyle><color>{colour}</color><width>4</width></LineStyle>'
            f"</Style>\n".encode()
        )
    pieces.append(_schema(read_at(exported)))
    for car in exported.cars:
        pieces.append(f"<Folder>\n<name>{_text(car)}</name>\n".encode())
        pieces += [_line(line) for line in exported.lines if line.car == car and len(line.track)]
        pieces += [_mark(mark) for mark in exported.marks if mark.car == car]
        pieces.append(b"</Folder>\n")
    pieces.append(b"</Document>\n</kml>\n")
    return b"".join(pieces)


def _text(text: str) -> str:
    return escape(_ILLEGAL.sub("", text))


def _schema(names: list[str]) -> bytes:
    """Which readings tracks have. Source: Google's KML reference, `gx:SimpleArrayField`."""
    if not names:
        return b""
    fields = "".join(
        f'<gx:SimpleArrayField name="{name}" type="float">'
        f"<displayName>{_SHOWN.get(name, f'{name} ({MORE[name]})')}</displayName>"
        "</gx:SimpleArrayField>\n"
        for name in names
    )
    return f'<Schema id="readings">\n{fields}</Schema>\n'.encode()


def _readings(track: Track, which: slice) -> bytes:
    if not track.more:
        return b""
    pieces = [b'<ExtendedData><SchemaData schemaUrl="#readings">\n']
    for name, column in track.more.items():
        n = len(column[which])
        values = [
            rows.text(n, "<gx:value>"),
            rows.numbers(column[which], 3),
            rows.text(n, "</gx:value>\n"),
        ]
        pieces.append(f'<gx:SimpleArrayData name="{name}">\n'.encode() + rows.joined(values))
        pieces.append(b"</gx:SimpleArrayData>\n")
    pieces.append(b"</SchemaData></ExtendedData>\n")
    return b"".join(pieces)


def _line(line: Line) -> bytes:
    track = line.track
    breaks = np.flatnonzero(np.diff(track.segment)) + 1
    edges = list(pairwise([0, *breaks.tolist(), len(track)]))
    style = f"#c{_INKS[line.number % len(_INKS)]}"
    name = _text(track.name or line.car)
    head = f"<Placemark>\n<name>{name}</name>\n<styleUrl>{style}</styleUrl>\n".encode()
    if rows.dated(track.time).all():
        inside = b"".join(
            b"<gx:Track>\n"
            + _whens(track.time[a:b])
            + _coords(track.lon[a:b], track.lat[a:b], track.ele[a:b])
            + _readings(track, slice(a, b))
            + b"</gx:Track>\n"
            for a, b in edges
        )
        body = b"<gx:MultiTrack>\n" + inside + b"</gx:MultiTrack>\n"
    else:
        body = b"".join(
            b"<LineString><tessellate>1</tessellate><coordinates>\n"
            + _tuples(*_ended(track.lon[a:b], track.lat[a:b], track.ele[a:b]))
            + b"</coordinates></LineString>\n"
            for a, b in edges
        )
        body = b"<MultiGeometry>\n" + body + b"</MultiGeometry>\n"
    return head + body + b"</Placemark>\n"


def _ended(lon: Floats, lat: Floats, ele: Floats) -> tuple[Floats, Floats, Floats]:
    """A line has two ends."""
    if len(lon) > 1:
        return lon, lat, ele
    return np.repeat(lon, 2), np.repeat(lat, 2), np.repeat(ele, 2)


def _whens(time: Floats) -> bytes:
    n = len(time)
    return rows.joined([rows.text(n, "<when>"), rows.instants(time), rows.text(n, "</when>\n")])


def _coords(lon: Floats, lat: Floats, ele: Floats) -> bytes:
    n = len(lon)
    return rows.joined(
        [
            rows.text(n, "<gx:coord>"),
            rows.numbers(lon, 7),
            rows.text(n, " "),
            rows.numbers(lat, 7),
            rows.text(n, " ", np.isfinite(ele)),
            rows.numbers(ele, 3),
            rows.text(n, "</gx:coord>\n"),
        ]
    )


def _tuples(lon: Floats, lat: Floats, ele: Floats) -> bytes:
    n = len(lon)
    return rows.joined(
        [
            rows.numbers(lon, 7),
            rows.text(n, ","),
            rows.numbers(lat, 7),
            rows.text(n, ",", np.isfinite(ele)),
            rows.numbers(ele, 3),
            rows.text(n, "\n"),
        ]
    )


def _mark(mark: Mark) -> bytes:
    # a description is HTML inside XML, so a stranger's text is escaped for both
    parts = [f"<p>{escape(mark.text)}</p>"] if mark.text else []
    parts += [
        f'<p><img src="{quote(path)}" width="{min(picture.width, 640)}"/></p>'
        for path, picture in mark.photos
    ]
    stamp = ""
    if mark.at is not None:
        when = rows.joined([rows.instants(np.array([mark.at]))]).decode()
        stamp = f"<TimeStamp><when>{when}</when></TimeStamp>\n" if when else ""
    height = "" if mark.ele is None else f",{mark.ele:.3f}"
    description = f"<description>{_text(''.join(parts))}</description>\n" if parts else ""
    return (
        f"<Placemark>\n<name>{_text(mark.name)}</name>\n{description}{stamp}"
        f"<Point><coordinates>{mark.lon:.7f},{mark.lat:.7f}{height}</coordinates></Point>\n</Placemark>\n"
    ).encode()
