"""The cameras of a trip: whose photos are whose, and what each clock is believed to show."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass

from convoylog.model.logbook import Camera, Car, Logbook, RecordedPhoto
from convoylog.model.offsets import offset_text
from convoylog.model.trip import Placed
from convoylog.trips.account import way_of
from convoylog.trips.ground import Ground
from convoylog.trips.instants import Instant, camera_key, instant_of_photo, wall_of
from convoylog.trips.place import camera_of, fallback_zones, place_at
from convoylog.trips.whereabouts import Whereabouts


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo with its reading. wall: what the clock showed, seconds as if UTC, None if nothing."""

    photo: RecordedPhoto
    wall: float | None
    instant: Instant
    placed: Placed


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A camera in one car. camera: what the car's file says of it, None if nothing.

    make, model: as its photos say, "" if none does. serial: whether they say one.
    shots: its photos in the order of their paths. where: the car's way.
    zones: (whose, IANA name) that its times may fall back on.
    """

    car: Car
    key: str
    camera: Camera | None
    make: str
    model: str
    serial: bool
    shots: tuple[Shot, ...]
    where: Whereabouts
    zones: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return self.camera.name if self.camera else ""

    @property
    def placed(self) -> int:
        """How many of its photos have a place."""
        return sum(shot.placed.how != "unplaced" for shot in self.shots)


def cameras_of(
    logbook: Logbook, ground: Ground | None = None, cars: Container[str] | None = None
) -> tuple[Seen, ...]:
    """Every camera of every car, by car, then key; also those without photos.

    cars: ids of the cars wanted, all if None. Each original counts, also where a note shows it.
    """
    if ground is None:
        from convoylog.trips.packed import PackedGround

        ground = PackedGround()
    found: list[Seen] = []
    for car in logbook.cars:
        photos = [photo for photo in logbook.photos if photo.car == car.id]
        if (cars is None or car.id in cars) and (photos or car.cameras):
            found += _of_car(car, photos, way_of(logbook, car, ground), logbook.zone, ground)
    return tuple(found)


def _of_car(
    car: Car, photos: list[RecordedPhoto], where: Whereabouts, zone: str, ground: Ground
) -> list[Seen]:
    zones = fallback_zones(car, zone)
    by_key: dict[str, list[RecordedPhoto]] = {camera.key: [] for camera in car.cameras}
    for photo in sorted(photos, key=lambda photo: photo.path):
        by_key.setdefault(camera_key(photo.photograph), []).append(photo)
    told = {camera.key: camera for camera in car.cameras}
    return [
        Seen(
            car,
            key,
            told.get(key),
            next((p.photograph.make for p in group if p.photograph.make), ""),
            next((p.photograph.model for p in group if p.photograph.model), ""),
            any(p.photograph.serial for p in group),
            tuple(shot_of(photo, car, where, ground, zones) for photo in group),
            where,
            zones,
        )
        for key, group in sorted(by_key.items())
    ]


def shot_of(
    photo: RecordedPhoto,
    car: Car,
    where: Whereabouts,
    ground: Ground,
    zones: tuple[tuple[str, str], ...],
) -> Shot:
    """A photo's reading, instant and place."""
    facts = photo.photograph
    instant = instant_of_photo(facts, camera_of(facts, car), where, ground, zones)
    return Shot(photo, wall_of(facts), instant, place_at(instant, facts, where, ground, zones))


def belief(seen: Seen) -> str:
    """What a camera's clock is believed to show and why, in words."""
    counts = Counter(shot.instant.by for shot in seen.shots)
    own, gps = counts["photo"], counts["gps"]
    parts = []
    if own:
        parts.append(f"{_share(own, seen)} say their own offset")
    if gps:
        parts.append(f"{_share(gps, seen)} by the GPS time in them")
    silent = sum(shot.wall is None for shot in seen.shots)
    if silent:
        parts.append(f"{_share(silent, seen)} say no time")
    if own + gps + silent < len(seen.shots) or not seen.shots:
        parts.append(("else " if parts else "") + said_of(seen.camera))
    elif seen.camera is not None and said_of(seen.camera) != UNSAID:
        parts.append(f"{said_of(seen.camera)}, which no photo needs")
    return "; ".join(parts)


def _share(count: int, seen: Seen) -> str:
    return "all photos" if count == len(seen.shots) else f"{count} of {len(seen.shots)} photos"


UNSAID = "not set: read as the local time of the place"


def said_of(camera: Camera | None) -> str:
    """What a person said of a camera's clock, in words."""
    if camera is None:
        return UNSAID
    if camera.sync:
        first, last = camera.sync[0], camera.sync[-1]
        if len(camera.sync) == 1:
            return f"{offset_text(first[1])} from UTC by a sync point"
        drift = drift_s_per_day(camera)
        told = f", {'gains' if drift > 0 else 'loses'} {abs(drift):.1f} s a day" if drift else ""
        ends = list(dict.fromkeys(offset_text(off) for _, off in (first, last)))
        return f"{' to '.join(ends)} from UTC by {len(camera.sync)} sync points{told}"
    if camera.offset_s is not None:
        return f"{offset_text(camera.offset_s)} from UTC, as set"
    if camera.zone == "follow":
        return "the local time of the place, as set"
    return f"the time of {camera.zone}, as set" if camera.zone else UNSAID


def drift_s_per_day(camera: Camera) -> float:
    """Seconds a day the clock gains from the first sync point to the last; 0 for fewer than two."""
    if len(camera.sync) < 2:
        return 0.0
    (t1, a), (t2, b) = camera.sync[0], camera.sync[-1]
    return (b - a) / (t2 - t1) * 86_400.0 if t2 > t1 else 0.0


def set_back(camera: Camera) -> bool:
    """Whether the clock must have been set back between two sync points."""
    return any(b[0] + b[1] <= a[0] + a[1] for a, b in itertools.pairwise(camera.sync))
