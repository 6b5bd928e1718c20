"""Reading where Google says a phone was: all generations of its timeline.

Records.json ("Location History"), the monthly Semantic Location History, and what Android and iOS
export since 2024. What was measured becomes trackpoints, visits become waypoints.
Source: Google Takeout and the phones' own exports; https://locationhistoryformat.com
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from convoylog.errors import BadInput
from convoylog.files.readers.building import Building
from convoylog.files.readers.instants import InstantReader
from convoylog.files.readers.json_values import e7, inside, instant, pair, real, rows, words
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.tracks import Recording

Row = dict[str, object]

UNPLACED = ("entry without a position, left out", "entries without a position, left out")
#: positions that Google worked out again from the raw ones, where these are here
REPEATED = (
    "position of a path left out, since the raw signals hold what was measured",
    "positions of paths left out, since the raw signals hold what was measured",
)


def read_document(document: object, limits: Limits = LIMITS) -> Recording | None:
    """The positions of a timeline; None if the document is none. Raises BadInput.

    document: parsed JSON.
    """
    reading = _Reading(limits)
    if isinstance(document, dict):
        if "timelineEdits" in document:
            return reading.edits(document)
        if "timelineObjects" in document:
            return reading.months(document)
        if "semanticSegments" in document or "rawSignals" in document:
            return reading.phone(document)
        if any("latitudeE7" in row for row in rows(document.get("locations"))):
            return reading.records(document)
        if "deviceSettings" in document and "locations" not in document:
            raise BadInput("Google's settings of devices: no position is in it")
        return None
    some = list(rows(document))
    if any(_is_segment(row) for row in some):
        return reading.segments(some, "Google timeline (phone)")
    return None


def _is_segment(row: Row) -> bool:
    return "startTime" in row and any(
        key in row for key in ("visit", "activity", "timelinePath", "timelineMemory")
    )


class _Reading:
    """One document on its way to a recording."""

    def __init__(self, limits: Limits) -> None:
        self._building = Building(limits)
        self._stamps = InstantReader()

    def _done(self, name: str) -> Recording:
        return self._building.recording(
            name,
            "Google timeline",
            time_from="offset" if self._stamps.offsets else "utc",
            zoneless=self._stamps.zoneless,
        )

    def _at(self, value: object) -> float:
        at = instant(value, self._stamps)
        if math.isnan(at) and value not in (None, ""):
            self._building.bad_time()
        return at

    def _point(self, at: float, lat: float, lon: float, row: Row | None = None, n: int = 0) -> None:
        row = row or {}
        more = {
            "accuracy": real(row.get("accuracy", row.get("accuracyMeters"))),
            "speed": real(row.get("velocity", row.get("speedMetersPerSecond"))),
            "course": real(row.get("heading")),
        }
        ele = real(row.get("altitude", row.get("altitudeMeters")))
        more = {key: value for key, value in more.items() if value >= 0}
        self._building.point(at, lat, lon, ele, more, place=n)

    # -- Records.json

    def records(self, document: Row) -> Recording:
        """One track per device; the file is in no order, so each is as the file has it."""
        by_device: dict[object, list[Row]] = {}
        for row in rows(document.get("locations")):
            tag = row.get("deviceTag")
            by_device.setdefault(tag if isinstance(tag, int | str) else None, []).append(row)
        for tag, group in by_device.items():
            self._building.track(f"device {tag}" if len(by_device) > 1 and tag is not None else "")
            for n, row in enumerate(group, 1):
                lat, lon = e7(row.get("latitudeE7")), e7(row.get("longitudeE7"))
                if math.isnan(lat) and math.isnan(lon):
                    self._building.odd.add(UNPLACED, n)
                    continue
                at = self._at(row.get("timestamp", row.get("timestampMs")))
                self._point(at, lat, lon, row, n)
        return self._done("Google timeline (Records)")

    # -- the monthly files of Takeout

    def months(self, document: Row) -> Recording:
        for entry in rows(document.get("timelineObjects")):
            moved = entry.get("activitySegment")
            if isinstance(moved, dict):
                self._building.segment()
                self._month_move(moved)
            stayed = entry.get("placeVisit")
            if isinstance(stayed, dict):
                self._month_visit(stayed)
        return self._done("Google timeline (months)")

    def _month_move(self, moved: Row) -> None:
        begin = self._span(moved, "start")
        end = self._span(moved, "end")
        ends = [_e7_of(moved.get("startLocation")), _e7_of(moved.get("endLocation"))]
        raw = [
            (
                self._at(p.get("timestamp", p.get("timestampMs"))),
                e7(p.get("latE7")),
                e7(p.get("lngE7")),
            )
            for p in rows(inside(moved, "simplifiedRawPath", "points"))
        ]
        # what lies between the ends without a time of its own is geometry
        way = [
            (math.nan, e7(p.get("latE7")), e7(p.get("lngE7")))
            for p in rows(inside(moved, "waypointPath", "waypoints"))
        ] if not raw else []  # fmt: skip
        points = [(begin, *ends[0]), *raw, *way, (end, *ends[1])]
        for at, lat, lon in points:
            if math.isnan(lat) and math.isnan(lon):
                self._building.odd.add(UNPLACED)
            else:
                self._point(at, lat, lon)

    def _month_visit(self, stayed: Row) -> None:
        place = stayed.get("location")
        lat, lon = _e7_of(place)
        if math.isnan(lat):
            lat, lon = e7(stayed.get("centerLatE7")), e7(stayed.get("centerLngE7"))
        if math.isnan(lat):
            self._building.odd.add(UNPLACED)
            return
        name = words(inside(place, "name"))
        self._building.waypoint(
            lat, lon, name, words(inside(place, "address")), self._span(stayed, "start")
        )

    def _span(self, entry: Row, end: str) -> float:
        duration = entry.get("duration")
        value = inside(duration, f"{end}Timestamp")
        return self._at(inside(duration, f"{end}TimestampMs") if value is None else value)

    # -- what phones export themselves

    def phone(self, document: Row) -> Recording:
        """Android: raw signals are what was measured; without them the paths are all there is."""
        raw = list(self._signals(document.get("rawSignals")))
        segments = list(rows(document.get("semanticSegments")))
        if not raw:
            return self.segments(segments, "Google timeline (phone)")
        for at, lat, lon, row in sorted(raw, key=lambda each: (math.isnan(each[0]), each[0])):
            self._point(at, lat, lon, row)
        for entry in segments:
            self._visit(entry)
            left_out = sum(1 for _ in rows(entry.get("timelinePath")))
            if left_out:
                self._building.odd.add(REPEATED, count=left_out)
        return self._done("Google timeline (phone)")

    def _signals(self, signals: object) -> Iterator[tuple[float, float, float, Row]]:
        for signal in rows(signals):
            position = signal.get("position")
            if not isinstance(position, dict):
                continue  # wireless networks and guesses at what one is doing
            lat, lon = pair(position.get("LatLng", position.get("latLng")))
            if math.isnan(lat):
                self._building.odd.add(UNPLACED)
                continue
            yield self._at(position.get("timestamp")), lat, lon, position

    def segments(self, entries: list[Row], name: str) -> Recording:
        for entry in entries:
            if self._visit(entry):
                self._building.segment()
                continue
            moved = entry.get("activity")
            if isinstance(moved, dict):
                self._building.segment()
                self._end(entry.get("startTime"), moved.get("start"))
                self._end(entry.get("endTime"), moved.get("end"))
            begin = math.nan
            for step in rows(entry.get("timelinePath")):
                lat, lon = pair(step.get("point"))
                if math.isnan(lat):
                    self._building.odd.add(UNPLACED)
                    continue
                if "time" in step:
                    at = self._at(step.get("time"))
                else:
                    begin = self._at(entry.get("startTime")) if math.isnan(begin) else begin
                    at = begin + 60 * real(step.get("durationMinutesOffsetFromStartTime"))
                self._point(at, lat, lon)
        return self._done(name)

    def _end(self, time: object, place: object) -> None:
        """One end of an activity."""
        lat, lon = pair(place if isinstance(place, str) else inside(place, "latLng"))
        if math.isnan(lat):
            self._building.odd.add(UNPLACED)
        else:
            self._point(self._at(time), lat, lon)

    def _visit(self, entry: Row) -> bool:
        """A visit becomes a waypoint; False if the entry is none."""
        visit = entry.get("visit")
        if not isinstance(visit, dict):
            return False
        place = inside(visit, "topCandidate", "placeLocation")
        lat, lon = pair(place if isinstance(place, str) else inside(place, "latLng"))
        kind = words(inside(visit, "topCandidate", "semanticType")).removeprefix("TYPE_")
        name = "" if kind.upper() in ("UNKNOWN", "") else kind.replace("_", " ").capitalize()
        if math.isnan(lat):
            self._building.odd.add(UNPLACED)
        else:
            self._building.waypoint(lat, lon, name, at=self._at(entry.get("startTime")))
        return True

    # -- what a person changed, and the raw signals with it

    def edits(self, document: Row) -> Recording:
        for edit in rows(document.get("timelineEdits")):
            position = inside(edit, "rawSignal", "signal", "position")
            if not isinstance(position, dict):
                continue
            point = position.get("point")
            lat, lon = e7(inside(point, "latE7")), e7(inside(point, "lngE7"))
            if math.isnan(lat) and math.isnan(lon):
                self._building.odd.add(UNPLACED)
                continue
            millimetres = real(position.get("accuracyMm"))
            row: Row = {"accuracy": millimetres / 1000, "altitude": position.get("altitudeMeters"),
                        "velocity": position.get("speedMetersPerSecond")}  # fmt: skip
            self._point(self._at(position.get("timestamp")), lat, lon, row)
        return self._done("Google timeline (edits)")


def _e7_of(place: object) -> tuple[float, float]:
    return e7(inside(place, "latitudeE7")), e7(inside(place, "longitudeE7"))
