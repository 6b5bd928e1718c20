"""JSON that holds positions: GeoJSON, phone timelines, OwnTracks, Dawarich; told apart by shape.

A new kind is a module with `read_document(document, limits)`, which gives None for a document that
is not of its kind, and a line in KINDS.
"""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Callable

from convoylog.errors import BadInput
from convoylog.files.readers import dawarich, geojson, google_timeline, owntracks
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.tracks import Recording

#: in the order asked; the first that knows the document reads it
KINDS: tuple[Callable[[object, Limits], Recording | None], ...] = (
    geojson.read_document,
    google_timeline.read_document,
    owntracks.read_document,
    dawarich.read_document,
)
#: lines of a document that is no JSON as a whole
_MOST_LINES = 2_000_000


def read(content: bytes, limits: Limits = LIMITS) -> Recording:
    """The recording in a JSON document, or in one of JSON lines. Raises BadInput."""
    if len(content) > limits.track_bytes:
        raise BadInput(f"larger than {limits.track_bytes // 2**20} MiB")
    document = parse(content)
    for kind in KINDS:
        found = kind(document, limits)
        if found is not None:
            return found
    raise BadInput("JSON, but neither GeoJSON nor a timeline of Google, OwnTracks or Dawarich")


def parse(content: bytes) -> object:
    """The values of a document; a list of those of each line for JSON lines. Raises BadInput."""
    try:
        text = _decoded(content)
    except UnicodeError as error:
        raise BadInput("JSON in no encoding that can be read") from error
    try:
        return json.loads(text, parse_constant=_no_number, parse_int=_whole)
    except RecursionError as error:
        raise BadInput("JSON nested too deeply") from error
    except ValueError as error:
        if (lines := _lines(text)) is not None:
            return lines
        place = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise BadInput(f"broken JSON{place}") from error


def _decoded(content: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding)
    return content.decode(json.detect_encoding(content))


def _no_number(_text: str) -> float:
    """NaN and Infinity are no JSON; what writes them means "unknown"."""
    return math.nan


def _whole(text: str) -> float | int:
    # thousands of digits are no number of anything, and cost time
    return int(text) if len(text) < 40 else math.nan


def _lines(text: str) -> list[object] | None:
    """The values of JSON lines, what stands before the first brace of each left out; None for none.

    OwnTracks' recorder writes a time and a topic before each. A line that is cut is left out.
    """
    found: list[object] = []
    lines = text.splitlines()
    if len(lines) > _MOST_LINES:
        raise BadInput(f"more than {_MOST_LINES:,} lines")
    for line in lines:
        brace = line.find("{")
        if brace < 0:
            continue
        try:
            found.append(json.loads(line[brace:], parse_constant=_no_number, parse_int=_whole))
        except (ValueError, RecursionError):
            if not found:
                return None
    return found or None
