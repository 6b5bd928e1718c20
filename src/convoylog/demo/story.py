"""The demo: five cars, four days, from five cities to one barbecue.

The one door of this room. Everything is made from a number: the same number, the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import numpy as np

from convoylog.demo import exif
from convoylog.demo.cast import CAST, Device, Member
from convoylog.demo.drive import DayDriven
from convoylog.demo.pictures import draw
from convoylog.demo.plan import drive_all
from convoylog.demo.tales import SHOTS, TALES, Kind, Shot, Tale, When
from convoylog.model.logbook import Camera, Share
from convoylog.model.tracks import Track
from convoylog.places import zones

TITLE = "Five Ways to Denver"

_METRES_A_MILE = 1609.344
#: JPEG quality: grain at a higher one doubles the size and shows no better
QUALITY = 80


@dataclass(frozen=True, slots=True)
class DemoPhoto:
    """A picture file as a camera would have written it."""

    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class DemoNote:
    """An entry to be written. key: a name within the demo; reply_to: another note's key or "".

    at, until: aware, in the zone of the place. photos: file names. The rest as in `Entry`.
    """

    key: str
    at: datetime
    text: str
    tags: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    reply_to: str = ""
    share: Share | None = None
    kind: Kind = "note"
    title: str = ""
    until: datetime | None = None
    amount: str = ""
    cost: str = ""
    odometer: str = ""
    partial: bool = False


@dataclass(frozen=True, slots=True)
class DemoCar:
    """A car with all that its own logbook holds. tracks: one a day. notes: by instant."""

    name: str
    driver: str
    vehicle: str
    number: str
    colour: str
    zone: str
    share: Share
    odometer: str
    cameras: tuple[Camera, ...]
    tracks: tuple[Track, ...]
    photos: tuple[DemoPhoto, ...]
    notes: tuple[DemoNote, ...]


@dataclass(frozen=True, slots=True)
class Demo:
    """title: of every car's logbook. cars: in the order they joined."""

    title: str
    cars: tuple[DemoCar, ...]


def make_demo(seed: int = 1) -> Demo:
    """The whole trip. seed: other numbers give other paces, noise and brush strokes; the story,
    the roads and the people stay. About three seconds of computing."""
    driven = drive_all(np.random.default_rng([abs(seed), 1]))
    members = {member.name: member for member in CAST}
    # painting lets go of the interpreter's lock; each picture depends on its own seed alone
    with ThreadPoolExecutor(max_workers=4) as painters:
        painted = painters.map(
            lambda shot: _photo(shot, members[shot.car], driven[shot.car], seed), SHOTS
        )
        photos = dict(zip((shot.file_name for shot in SHOTS), painted, strict=True))
    return Demo(TITLE, tuple(_car(member, driven[member.name], photos) for member in CAST))


def _car(member: Member, days: tuple[DayDriven, ...], photos: Mapping[str, DemoPhoto]) -> DemoCar:
    notes = [_note(tale, member, days) for tale in TALES if tale.car == member.name]
    return DemoCar(
        member.name, member.driver, member.vehicle, member.number, member.colour, member.zone,
        "convoy", f"{member.odometer_mi:.0f} mi", _cameras(member.device, days),
        tuple(day.track for day in days),
        tuple(photos[shot.file_name] for shot in SHOTS if shot.car == member.name),
        tuple(sorted(notes, key=lambda note: (note.at, note.key))),
    )  # fmt: skip


def _instant(when: When, days: tuple[DayDriven, ...]) -> float:
    day, place, minutes = when
    return float(round(days[day - 1].events[place][0] + minutes * 60.0))


def _where(at: float, days: tuple[DayDriven, ...]) -> tuple[float, float, float]:
    """Latitude, longitude, height at an instant; of the nearest end where nothing was recorded."""
    day = min(days, key=lambda d: max(d.track.time[0] - at, at - d.track.time[-1], 0.0))
    track = day.track
    lat, lon, ele = (float(np.interp(at, track.time, c)) for c in (track.lat, track.lon, track.ele))
    return lat, lon, ele


def _local(at: float, lat: float, lon: float) -> datetime:
    offset = zones.offset_at(zones.zone_at(lat, lon), at)
    return datetime.fromtimestamp(at, timezone(timedelta(seconds=offset)))


def _note(tale: Tale, member: Member, days: tuple[DayDriven, ...]) -> DemoNote:
    at = _instant(tale.when, days)
    lat, lon, _ = _where(at, days)
    until = None if tale.until is None else _local(_instant(tale.until, days), lat, lon)
    return DemoNote(
        tale.key, _local(at, lat, lon), tale.text, tale.tags, tale.photos, tale.reply_to,
        tale.share, tale.kind, tale.title, until, tale.amount, tale.cost,
        f"{_reading(member, days, tale.when)} mi" if tale.reads else "", tale.partial,
    )  # fmt: skip


def _reading(member: Member, days: tuple[DayDriven, ...], when: When) -> int:
    """What the odometer shows at a place of a day."""
    day, place, _ = when
    metres = sum(d.along["end"] for d in days[: day - 1]) + days[day - 1].along[place]
    return round(member.odometer_mi + metres / _METRES_A_MILE)


def _cameras(device: Device, days: tuple[DayDriven, ...]) -> tuple[Camera, ...]:
    if not device.declared:
        return ()
    sync: tuple[tuple[float, float], ...] = ()
    if device.synced:
        # the phone photographed beside the wrist watch, on the first and the third day
        instants = [float(round(days[d].events["end"][0] + 600.0)) for d in (0, 2)]
        sync = tuple((at, _clock(device, at, 0.0, 0.0) - at) for at in instants)
    return (Camera(device.key, f"{device.make} {device.model}", device.zone, sync),)


def _clock(device: Device, at: float, lat: float, lon: float) -> float:
    """What the camera's clock shows, as if it were UTC."""
    zone = device.zone or zones.zone_at(lat, lon)
    return at + zones.offset_at(zone, at) + device.wrong_s


def _photo(shot: Shot, member: Member, days: tuple[DayDriven, ...], seed: int) -> DemoPhoto:
    at = _instant(shot.when, days)
    lat, lon, ele = _where(at, days)
    device = member.device
    shown = _clock(device, at, lat, lon)
    written = exif.write(
        make=device.make, model=device.model, serial=device.serial,
        taken=datetime.fromtimestamp(shown, UTC).replace(tzinfo=None),
        offset_s=round(shown - at - device.wrong_s) if device.tells_offset else None,
        place=(lat, lon, ele) if device.tells_place else None,
        at=datetime.fromtimestamp(at, UTC) if device.tells_place else None,
    )  # fmt: skip
    return DemoPhoto(shot.file_name, draw(shot.scene, seed, exif=written, quality=QUALITY))
