"""Reading FIT recordings, as Garmin, Wahoo and most bicycle computers and watches write them.

`fit_messages` takes the bytes apart; here is what the messages mean. Columns throughout.
"""

from __future__ import annotations

import math
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from convoylog.errors import BadInput
from convoylog.files.readers.building import Building
from convoylog.files.readers.fit_messages import FitFile, Messages, fit_files
from convoylog.files.readers.fit_names import MARKS, SPORTS, device
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.tracks import Floats, Ints, Recording

Bools = NDArray[np.bool_]

#: 1989-12-31T00:00:00Z, from which FIT counts, in UTC seconds
EPOCH = 631_065_600
#: below this an instant is counted from when the device was switched on
FIRST_INSTANT = 0x10000000
#: FIT gives positions as parts of a circle
DEGREES = 180 / 2**31

# kinds of messages
FILE_ID, SPORT, SESSION, RECORD, EVENT, DEVICE = 0, 12, 18, 20, 21, 23
LOCATION, COURSE, COURSE_POINT = 29, 31, 32
SEGMENT_ID, SEGMENT_POINT, CAMERA_FIX = 148, 150, 160

# event.event, event.event_type
_TIMER, _START = 0, 0
#: file_id.type
_COURSE_FILE = 6
_KINDS = {1: "a device's description", 2: "settings", 3: "a sport's settings", 5: "a workout",
          7: "a plan of workouts", 15: "a day's steps", 32: "a day's steps",
          35: "a list of segments"}  # fmt: skip

#: column in MORE → field of a record, what it is divided by
_MORE = {
    "accuracy": (31, 1.0),
    "heart_rate": (3, 1.0),
    "cadence": (4, 1.0),
    "power": (7, 1.0),
    "temperature": (13, 1.0),
}
# heights are in fifths of a metre from 500 m below the sea, speeds in mm/s; the second is in 4 bytes
_HEIGHTS, _HEIGHT_SCALE, _HEIGHT_FROM = (2, 78), 5.0, 500.0
_SPEEDS, _SPEED_SCALE = (6, 73), 1000.0

#: to a point; most devices write one or two other messages a second
_MESSAGES_A_POINT = 2

NO_POSITION = ("record without a position, not kept", "records without a position, not kept")
RELATIVE = (
    "time counted from when the device was switched on, not kept",
    "times counted from when the device was switched on, not kept",
)


def read(content: bytes, limits: Limits = LIMITS) -> Recording:
    """All tracks, waypoints and plans of a FIT file, also of several behind each other.

    A file that is cut or damaged gives what was whole before that place. Raises BadInput.
    Source: Garmin FIT SDK: activity, course, segment and location files.
    """
    if len(content) > limits.track_bytes:
        raise BadInput(f"larger than {limits.track_bytes // 2**20} MiB")
    building = Building(limits)
    creator = damage = kind = ""
    warnings = []
    for number, file in enumerate(fit_files(content, limits.points * _MESSAGES_A_POINT), start=1):
        if file.count(RECORD) > limits.points:
            raise BadInput(f"more than {limits.points:,} points")
        reading = _Reading(file, building)
        reading.read()
        creator = creator or reading.creator()
        kind = kind or _KINDS.get(int(np.nan_to_num(reading.kind)), "")
        damage = damage or file.damage
        told = [f"{file.damage}: what came whole before is kept"] if file.damage else []
        which = f"FIT file {number} in it: " if number > 1 else ""
        warnings += [which + fault for fault in (*file.faults, *told)]
    if building.empty and damage:
        raise BadInput(f"{damage}, before anything that could be kept")
    if building.empty:
        warnings.append("it holds no position" + (f": it is {kind}" if kind else ""))
    return building.recording("FIT", creator, warnings=warnings)


class _Reading:
    """One FIT file. kind: its type as the file says, NaN if it does not."""

    def __init__(self, file: FitFile, building: Building) -> None:
        self._file = file
        self._building = building
        self._id = file.messages(FILE_ID)
        self.kind = _first(self._id.numbers(0))

    def read(self) -> None:
        """Everything in it goes to the building."""
        if self.kind == _COURSE_FILE:
            self._plan(RECORD, 0, _named(self._file.messages(COURSE), 5) or self._name())
        else:
            self._recorded()
        self._plan(SEGMENT_POINT, 1, _named(self._file.messages(SEGMENT_ID), 0))
        self._course_points()
        self._locations()

    def creator(self) -> str:
        """The device with its version, e.g. "Garmin Edge 530 9.75"; "" if it is not said."""
        devices = self._file.messages(DEVICE)
        # the first is what wrote the file, those with higher numbers are its sensors
        own = ~(devices.numbers(0) > 0)
        names = [_named(self._id, 8), *compress(devices.texts(27), own)]
        maker, product = (
            _first(np.concatenate([self._id.numbers(here), devices.numbers(there)[own]]))
            for here, there in ((1, 2), (2, 4))
        )
        creator = device(maker, product, next(filter(None, names), ""))
        version = _first(devices.numbers(5)[own])
        return f"{creator} {version / 100:.2f}" if creator and version > 0 else creator

    # -- what was recorded -------------------------------------------------------------------

    def _recorded(self) -> None:
        """Records in the tracks of their sessions; without any, the fixes of a camera."""
        records = self._file.messages(RECORD)
        lat, lon, placed = self._positions(records, 0)
        if not placed.any():
            self._camera()
            return
        stamps = self._file.stamps(records)
        order = np.flatnonzero(placed)
        # where something begins, as an index of the records that have a position
        starts = np.searchsorted(order, self._starts(records, stamps))
        names, bounds = self._sessions(stamps)
        edges = [0, *np.searchsorted(order, bounds).tolist(), len(order)]
        time = self._times(stamps[placed])
        ele = _of_both(records, _HEIGHTS)[placed] / _HEIGHT_SCALE - _HEIGHT_FROM
        more = {name: records.numbers(i)[placed] / scale for name, (i, scale) in _MORE.items()}
        more["speed"] = _of_both(records, _SPEEDS)[placed] / _SPEED_SCALE
        lat, lon = lat[placed], lon[placed]
        for name, begin, end in zip(names, edges[:-1], edges[1:], strict=True):
            here = slice(begin, end)
            self._building.track(name)
            self._building.columns(
                time[here],
                lat[here],
                lon[here],
                ele[here],
                {key: column[here] for key, column in more.items()},
                starts=(starts[(starts > begin) & (starts < end)] - begin).tolist(),
            )

    def _camera(self) -> None:
        """What a VIRB writes beside its videos."""
        fixes = self._file.messages(CAMERA_FIX)
        lat, lon, placed = self._positions(fixes, 1)
        if placed.any():
            self._building.track(self._name())
            self._building.columns(
                self._times(fixes.numbers(6)[placed]),
                lat[placed],
                lon[placed],
                fixes.numbers(3)[placed] / _HEIGHT_SCALE - _HEIGHT_FROM,
                {
                    "speed": fixes.numbers(4)[placed] / _SPEED_SCALE,
                    "course": fixes.numbers(5)[placed] / 100.0,
                },
            )

    def _positions(self, messages: Messages, lat: int) -> tuple[Floats, Floats, Bools]:
        """Degrees, and which messages have a position at all; the others are counted."""
        y, x = messages.numbers(lat) * DEGREES, messages.numbers(lat + 1) * DEGREES
        placed = np.isfinite(y) & np.isfinite(x)
        if len(y) > placed.sum():
            self._building.odd.add(NO_POSITION, count=len(y) - int(placed.sum()))
        return y, x, placed

    def _times(self, stamps: Floats) -> Floats:
        """UTC seconds; instants that are none are counted and NaN."""
        relative = stamps < FIRST_INSTANT
        if relative.any():
            self._building.odd.add(RELATIVE, count=int(relative.sum()))
        return np.where(relative, np.nan, stamps) + EPOCH

    def _starts(self, records: Messages, stamps: Floats) -> Ints:
        """Indices of the records before which the timer was started again.

        By time, since some programs write all events behind the records; by place without times.
        """
        events = self._file.messages(EVENT)
        started = (events.numbers(0) == _TIMER) & (events.numbers(1) == _START)
        at = self._file.stamps(events)[started]
        by_place = np.searchsorted(records.at, events.at[started])
        timed = np.isfinite(at) & np.isfinite(stamps).any()
        by_time: Ints = np.searchsorted(_running(stamps), at)
        return np.where(timed, by_time, by_place).astype(np.int64)

    def _sessions(self, stamps: Floats) -> tuple[list[str], Ints]:
        """A name per track, and the index of the first record of each but the first."""
        sessions = self._file.messages(SESSION)
        began = sessions.numbers(2)
        if len(began) < 2 or np.isnan(began).any() or len(np.unique(began)) < len(began):
            return [self._name()], np.empty(0, dtype=np.int64)
        names = _sport_names(sessions, 110, 5)
        order = np.argsort(began)
        bounds = np.searchsorted(_running(stamps), began[order][1:])
        return [names[i] for i in order.tolist()], bounds

    def _name(self) -> str:
        """The profile or the sport, if there is nothing better."""
        sessions, sports = self._file.messages(SESSION), self._file.messages(SPORT)
        found = [*sessions.texts(110)[:1], *_sport_names(sports, 3, 0)[:1]]
        return next(filter(None, [*found, *_sport_names(sessions, 110, 5)[:1]]), "")

    # -- plans and marks ---------------------------------------------------------------------

    def _plan(self, kind: int, lat: int, name: str) -> None:
        y, x, placed = self._positions(self._file.messages(kind), lat)
        if placed.any():
            self._building.route(name, y[placed].tolist(), x[placed].tolist())

    def _course_points(self) -> None:
        points = self._file.messages(COURSE_POINT)
        marks = [MARKS.get(int(n), "") if n > 0 else "" for n in points.numbers(5).tolist()]
        for lat, lon, name, mark in zip(
            (points.numbers(2) * DEGREES).tolist(),
            (points.numbers(3) * DEGREES).tolist(),
            points.texts(6),
            marks,
            strict=True,
        ):
            # its time is that of the plan
            self._building.waypoint(lat, lon, name or mark, mark if name else "")

    def _locations(self) -> None:
        """The file of saved places. Not in the profile: as GPSBabel reads them."""
        places = self._file.messages(LOCATION)
        for values in zip(
            (places.numbers(1) * DEGREES).tolist(),
            (places.numbers(2) * DEGREES).tolist(),
            places.texts(0),
            places.texts(6),
            self._times(self._file.stamps(places)).tolist(),
            (places.numbers(4) / _HEIGHT_SCALE - _HEIGHT_FROM).tolist(),
            strict=True,
        ):
            self._building.waypoint(*values)


def _first(values: Floats) -> float:
    """The first that is known, else NaN."""
    known = values[np.isfinite(values)]
    return float(known[0]) if len(known) else math.nan


def _named(messages: Messages, text: int) -> str:
    return next(filter(None, messages.texts(text)), "")


def _sport_names(messages: Messages, text: int, sport: int) -> list[str]:
    """A text of each, else the name of its sport."""
    sports = [SPORTS.get(int(n), "") if n > 0 else "" for n in messages.numbers(sport).tolist()]
    return [name or sport for name, sport in zip(messages.texts(text), sports, strict=True)]


def _of_both(messages: Messages, fields: tuple[int, int]) -> Floats:
    """The second of two fields, the newer and wider one, where it is known; else the first."""
    old, new = (messages.numbers(i) for i in fields)
    return np.where(np.isnan(new), old, new)


def _running(stamps: Floats) -> Floats:
    """The latest instant so far, so that it never falls."""
    return np.maximum.accumulate(np.where(np.isnan(stamps), -np.inf, stamps))
