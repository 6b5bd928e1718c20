"""What leaves for other programs: chosen once, written in any form."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from convoylog.exports.recorded import waypoints_of, with_readings
from convoylog.model.clocks import local_time
from convoylog.model.logbook import RecordedTrack
from convoylog.model.photos import Picture
from convoylog.model.tracks import Floats, Ints, Track, make_track, take
from convoylog.model.trip import CarTrip, Told, Trip

_DAY_S = 86_400
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Line:
    """One car's way, with the readings of sensors that may be shown. number: of the car in the trip,
    for its colour. day: ISO, only where times are hidden."""

    car: str
    number: int
    track: Track
    day: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a place. at: UTC seconds or None. photos: (path beside the file, picture).

    kind: of the entry, "photo", or "waypoint" for what a device marked. ele: metres, None if unknown.
    """

    car: str
    kind: str
    name: str
    text: str
    lat: float
    lon: float
    at: float | None
    day: str
    photos: tuple[tuple[str, Picture], ...] = ()
    ele: float | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """title, slug: of the trip. tolerance_m: what simplifying moved points by at most, or None.

    told: what the person should know, a sentence each.
    """

    title: str
    slug: str
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    tolerance_m: float | None = None
    told: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        return sum(len(line.track) for line in self.lines)

    @property
    def cars(self) -> tuple[str, ...]:
        """Names, in order."""
        names = [line.car for line in self.lines] + [mark.car for mark in self.marks]
        return tuple(dict.fromkeys(names))

    def photos(self) -> dict[str, bytes]:
        """Path → JPEG."""
        return {path: picture.jpeg for mark in self.marks for path, picture in mark.photos}


@dataclass(frozen=True, slots=True)
class Choice:
    """What is wanted. cars: ids. legs: titles, none for all. day: ISO local date."""

    cars: frozenset[str]
    legs: frozenset[str] = frozenset()
    day: str = ""
    hide_times: bool = False


def choose(
    trip: Trip,
    choice: Choice,
    *,
    slug: str,
    pictures: Mapping[str, Picture],
    recordings: Sequence[RecordedTrack] = (),
) -> Exported:
    """The ways and marks wanted, as the account of the trip tells them.

    pictures: SHA-256 of a photo → what is shown of it. recordings: what the trip was worked out from,
    as far as it may be shown. Of these come the readings of sensors at each point, the waypoints,
    and, where neither leg nor day is asked for, tracks without any time.
    """
    lines: list[Line] = []
    points: list[Mark] = []
    spans: dict[str, list[tuple[float, float]]] = {}
    for number, car in enumerate(trip.cars):
        if car.car.id not in choice.cars:
            continue
        own = [r.recording for r in recordings if r.car == car.car.id]
        days = days_of(car)
        wanted = np.ones(len(car.track), dtype=np.bool_)
        if choice.legs:
            spans[car.car.id] = _leg_spans(car, choice.legs)
            wanted &= _inside(car.track.time, spans[car.car.id])
        if choice.day:
            wanted &= days == date.fromisoformat(choice.day).toordinal() - _EPOCH
        track = with_readings(car.track, own)
        lines += _lines(car, number, track, wanted, days, choice.hide_times)
        part = bool(choice.legs or choice.day)
        if not part:
            lines += [
                Line(car.car.name, number, shape)
                for recording in own
                for shape in recording.tracks
                if len(shape) and np.isnan(shape.time).all()
            ]
        times = track.time[wanted]
        points += [
            Mark(car.car.name, "waypoint", w.name, w.text, w.lat, w.lon,
                 None if choice.hide_times else w.at, "", ele=w.ele)
            for w in waypoints_of(own)
            if not part or (w.at is not None and len(times) and times[0] <= w.at <= times[-1])
        ]  # fmt: skip
    marks = _marks(trip, choice, spans, pictures)
    return Exported(trip.title, slug, tuple(lines), (*marks, *points))


def _lines(
    car: CarTrip,
    number: int,
    track: Track,
    wanted: NDArray[np.bool_],
    days: Ints,
    hide_times: bool,
) -> list[Line]:
    if not wanted.any():
        return []
    # what is left out is no way: a new segment behind it, counted from 0 again
    segment = track.segment + np.cumsum(~wanted)
    segment[wanted] = np.unique(segment[wanted], return_inverse=True)[1]
    track = replace(track, segment=segment, name=car.car.name)
    if not hide_times:
        return [Line(car.car.name, number, take(track, wanted))]
    found = []
    for day in np.unique(days[wanted]).tolist():
        told = date.fromordinal(day + _EPOCH).isoformat()
        part = take(track, wanted & (days == day))
        part = make_track(
            np.full(len(part), np.nan), part.lat, part.lon, part.ele, part.segment,
            f"{car.car.name}, {told}", part.more,
        )  # fmt: skip
        found.append(Line(car.car.name, number, part, told))
    return found


def days_of(car: CarTrip) -> Ints:
    """Local dates of the points, counted from 1970: in the zone of the leg that was last begun."""
    time = car.track.time
    offset = np.zeros(len(time))
    known = sorted((leg.from_at, leg.zone) for leg in car.legs if leg.zone)
    edges = [-np.inf, *(at for at, _ in known[1:]), np.inf]
    for (begin, end), (at, zone) in zip(pairwise(edges), known, strict=False):
        offset[(time >= begin) & (time < end)] = _offset_s(zone, at)
    with np.errstate(invalid="ignore"):
        return np.floor(np.nan_to_num((time + offset) / _DAY_S)).astype(np.int64)


def _offset_s(zone: str, at: float) -> float:
    local = local_time(at, zone)
    offset = local.utcoffset() if local else None
    return offset.total_seconds() if offset else 0.0


def _leg_spans(car: CarTrip, titles: frozenset[str]) -> list[tuple[float, float]]:
    """From and to of the legs of these titles."""
    return [(leg.from_at, leg.to_at) for leg in car.legs if leg.title in titles]


def _inside(time: Floats, spans: Collection[tuple[float, float]]) -> NDArray[np.bool_]:
    inside = np.zeros(len(time), dtype=np.bool_)
    for begin, end in spans:
        inside |= (time >= begin) & (time <= end)
    return inside


def _marks(
    trip: Trip,
    choice: Choice,
    spans: Mapping[str, list[tuple[float, float]]],
    pictures: Mapping[str, Picture],
) -> tuple[Mark, ...]:
    names = {car.car.id: car.car.name for car in trip.cars}
    found = []
    number = 0
    for told in trip.story:
        placed = told.placed
        if told.car not in choice.cars or placed.lat is None or placed.lon is None:
            continue
        day = _day_of(told)
        if choice.day and day != choice.day:
            continue
        if choice.legs:
            at = placed.at
            if at is None or not any(a <= at <= b for a, b in spans.get(told.car, ())):
                continue
        photos = []
        for sha in told.photos:
            if sha in pictures:
                number += 1
                photos.append((f"photo-{number:03d}.jpg", pictures[sha]))
        found.append(
            Mark(
                names[told.car],
                told.kind,
                _named(told),
                told.text,
                placed.lat,
                placed.lon,
                None if choice.hide_times else placed.at,
                day,
                tuple(photos),
            )
        )
    return tuple(found)


def _named(told: Told) -> str:
    line = " ".join((told.title or told.text).split())
    if not line:
        return "Photo" if told.photos else told.kind.capitalize()
    return line if len(line) <= 60 else f"{line[:60].rsplit(' ', 1)[0]} …"


def _day_of(told: Told) -> str:
    at = told.placed.at
    if at is None:
        return ""
    try:
        local = datetime.fromtimestamp(at, UTC) + timedelta(seconds=told.placed.offset_s)
    except (ValueError, OverflowError, OSError):
        return ""
    return local.date().isoformat()


def by_car(exported: Exported) -> list[tuple[str, Exported]]:
    """(car, what is of it), for a file each."""
    return [
        (
            name,
            replace(
                exported,
                lines=tuple(line for line in exported.lines if line.car == name),
                marks=tuple(mark for mark in exported.marks if mark.car == name),
            ),
        )
        for name in exported.cars
    ]
