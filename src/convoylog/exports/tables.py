"""CSV (RFC 4180) of every trackpoint, safe to open in a spreadsheet."""

from __future__ import annotations

import numpy as np

from convoylog.exports import rows
from convoylog.exports.exported import Exported
from convoylog.model.tracks import MORE

#: a text that begins so is taken for a formula by spreadsheets
_ACTS = ("=", "+", "-", "@", "\t", "\r")
_CHUNK = 20_000


def write_csv(exported: Exported) -> bytes:
    """Columns car, time, lat, lon, ele, segment, and the readings any point has."""
    more = read_at(exported)
    days = any(line.day for line in exported.lines)
    heads = ["car", *(["day"] if days else []), "time", "lat", "lon", "ele", "segment",
             *(head(name) for name in more)]  # fmt: skip
    pieces = [(",".join(heads) + "\r\n").encode()]
    for line in exported.lines:
        track = line.track
        before = f"{quoted(line.car)}," + (f"{line.day}," if days else "")
        for start in range(0, len(track), _CHUNK):
            which = slice(start, start + _CHUNK)
            n = len(track.lat[which])
            columns = [
                rows.text(n, before),
                rows.instants(track.time[which]),
                *_field(rows.numbers(track.lat[which], 7)),
                *_field(rows.numbers(track.lon[which], 7)),
                *_field(rows.numbers(track.ele[which], 3)),
                *_field(rows.numbers(track.segment[which].astype(np.float64), 0)),
            ]
            for name in more:
                column = track.more.get(name)
                values = np.full(n, np.nan) if column is None else column[which]
                columns += _field(rows.numbers(values, 3))
            pieces.append(rows.joined([*columns, rows.text(n, "\r\n")]))
    return b"".join(pieces)


def read_at(exported: Exported) -> list[str]:
    """The names in MORE of which any point has a reading."""
    return [name for name in MORE if any(name in line.track.more for line in exported.lines)]


def head(name: str) -> str:
    """What a column of readings is called; a speed says its unit, since there are so many."""
    return "speed_mps" if name == "speed" else name


def _field(block: rows.Block) -> list[rows.Block]:
    return [rows.text(len(block), ","), block]


def quoted(text: str) -> str:
    """A text as a field that no spreadsheet takes for a formula."""
    text = "".join(c for c in text if c in "\t\r\n" or c.isprintable())
    if text.startswith(_ACTS):
        text = f"'{text}"
    if any(c in text for c in ',"\r\n'):
        text = '"' + text.replace('"', '""') + '"'
    return text
