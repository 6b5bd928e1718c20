"""The logbook as it was found on disk: cars, entries and recordings, nothing worked out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from convoylog.errors import Problem
from convoylog.model.convoy import ConvoyRules
from convoylog.model.photos import Photograph
from convoylog.model.tracks import Recording

Share = Literal["public", "convoy", "private"]


@dataclass(frozen=True, slots=True)
class Camera:
    """How one camera's clock is read.

    key: as `camera_key` makes it from make, model and serial.
    zone: IANA name or "follow" (the zone at the car's place), "" if nobody said.
    sync: (instant UTC seconds, camera minus UTC in seconds), in time order; given by a person.
    offset_s: camera minus UTC in seconds, the same for ever, or None; `sync` counts first.
    overrule: what is said here also counts before what a photo says of its own offset.
    sync_error: (instant of a sync point, seconds it may be wrong); 0 for those not named.
    unsure: values of a hand that could not be used, in plain words.
    """

    key: str
    name: str = ""
    zone: str = ""
    sync: tuple[tuple[float, float], ...] = ()
    offset_s: float | None = None
    overrule: bool = False
    sync_error: tuple[tuple[float, float], ...] = ()
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Car:
    """A vehicle in the logbook. folder: its folder's name below cars/. number: as on its door.

    hole_s: longest silence of its recorder, in seconds, that is no hole; None for the usual.
    name: unlike every other car's of the logbook. also: ids of cars that are said to be the same
    one; called: their names, and its own if it had to be told from others. elsewhere: ids of cars of
    other logbooks that are said to be the same one.
    """

    id: str
    name: str
    folder: str
    driver: str = ""
    vehicle: str = ""
    number: str = ""
    colour: str = ""
    zone: str = ""
    share: Share = "convoy"
    odometer: str = ""
    hole_s: int | None = None
    cameras: tuple[Camera, ...] = ()
    also: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Disputed:
    """A field that was changed differently on two sides: every value with the version's hash.

    A value of None means: the field is absent there.
    """

    field: str
    values: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as all its live versions together say it.

    kind: note, fuel, expense, odometer, rendezvous, leg, copy. car: a car's id.
    at, until: with offset; without one if a hand wrote it so (read it in the zone of the car's
    position then). For a leg: from and to.
    photos: SHA-256 of the originals. position: degrees a person gave, or None.
    amount, cost, odometer: as typed, with unit ("32.1 l", "45.20 EUR", "154010 mi").
    versions: the hashes of the live versions, sorted. disputed: fields they differ in.
    unsure: reasons in plain words ("edited elsewhere after deletion").
    """

    id: str
    kind: str
    car: str
    at: datetime | None
    until: datetime | None = None
    title: str = ""
    text: str = ""
    tags: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    reply_to: str = ""
    share: Share | None = None
    position: tuple[float, float] | None = None
    amount: str = ""
    cost: str = ""
    odometer: str = ""
    partial: bool = False
    missed: bool = False
    versions: tuple[str, ...] = ()
    disputed: tuple[Disputed, ...] = ()
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedTrack:
    """A track file in a car's folder. path: relative to the logbook, with slashes."""

    car: str
    path: str
    sha256: str
    recording: Recording


@dataclass(frozen=True, slots=True)
class RecordedPhoto:
    """A photo file in a car's folder. path: relative to the logbook, with slashes."""

    car: str
    path: str
    sha256: str
    photograph: Photograph


@dataclass(frozen=True, slots=True)
class Logbook:
    """One trip's logbook, read whole. Order: cars by number and folder, entries by time then id, media by path.

    convoy: the numbers this logbook wants its cars' company judged by.
    """

    id: str
    title: str
    zone: str
    cars: tuple[Car, ...]
    entries: tuple[Entry, ...]
    tracks: tuple[RecordedTrack, ...]
    photos: tuple[RecordedPhoto, ...]
    problems: tuple[Problem, ...] = ()
    convoy: ConvoyRules = field(default_factory=ConvoyRules)
