"""Reading what OwnTracks and its recorder write: a location a message.

Source: https://owntracks.org/booklet/tech/json/
"""

from __future__ import annotations

import math

from convoylog.files.readers.building import Building
from convoylog.files.readers.instants import InstantReader
from convoylog.files.readers.json_values import instant, real, rows, words
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.tracks import Recording

_KMH = 1 / 3.6


def read_document(document: object, limits: Limits = LIMITS) -> Recording | None:
    """The locations of an OwnTracks document; None if it is none.

    document: parsed JSON: a list of messages, one message, or the recorder's {"data": [...]}.
    Raises BadInput.
    """
    if isinstance(document, dict):
        document = document.get("data", document.get("locations", [document]))
    messages = [row for row in rows(document) if "tst" in row and "lat" in row and "lon" in row]
    if not messages:
        return None
    by_device: dict[str, list[dict[str, object]]] = {}
    for message in messages:
        if message.get("_type", "location") == "location":
            name = words(message.get("topic")) or words(message.get("tid"))
            by_device.setdefault(name, []).append(message)
    building = Building(limits)
    stamps = InstantReader()
    for name, group in by_device.items():
        building.track(name.removeprefix("owntracks/") if len(by_device) > 1 else "")
        for n, message in enumerate(group, 1):
            more = {"accuracy": real(message.get("acc")), "course": real(message.get("cog")),
                    "speed": real(message.get("vel")) * _KMH}  # fmt: skip
            at = instant(message.get("tst"), stamps)
            building.point(
                at if math.isfinite(at) else building.bad_time(n),
                real(message.get("lat")),
                real(message.get("lon")),
                real(message.get("alt")),
                {key: value for key, value in more.items() if value >= 0},
                place=n,
            )
    return building.recording("OwnTracks", "OwnTracks")
