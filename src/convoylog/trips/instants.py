"""When something happened: the first evidence that holds, and which it was.

Clock hints are never applied here: unrecorded evenings make estimates confidently wrong by hours.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from convoylog.model.logbook import Camera
from convoylog.model.photos import Photograph
from convoylog.trips.clean import EARLIEST, LATEST
from convoylog.trips.ground import Ground
from convoylog.trips.whereabouts import Whereabouts

#: local and GPS time of one photo may differ so much before the offset is not believed
FIT_S = 300.0
#: a clock that drifts more in a day is broken, or a sync point is wrong
DRIFT_S = 10.0
#: how far from its track a car's zone is taken for granted
_NEAR_S = 86_400.0
#: two readings of one local time are one instant below this
_SAME_S = 1.0

_H = 3600
#: offsets from UTC in use today, in seconds east
_OFFSETS = tuple(
    int(hours * _H)
    for hours in (
        *range(-11, 15), -9.5, -3.5, -2.5, 3.5, 4.5, 5.5, 5.75, 6.5, 8.75, 9.5, 10.5, 12.75, 13.75,
    )
)  # fmt: skip
#: offsets in use between two dates only: Venezuela, North Korea, Singapore, Nepal (IANA tz)
_ONCE = (
    (-16_200, "2007-12-09", "2016-05-01"),
    (30_600, "2015-08-14", "2018-05-05"),
    (27_000, "1970-01-01", "1982-01-01"),
    (20_400, "1970-01-01", "1986-01-01"),
)


@dataclass(frozen=True, slots=True)
class Instant:
    """at: UTC seconds, None if unknown. offset_s: what the source says, None if nothing.

    zone: the zone it was read in, "" where none was needed.
    """

    at: float | None
    offset_s: int | None = None
    zone: str = ""
    unsure: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


def camera_key(photograph: Photograph) -> str:
    """A camera's name in logbooks: "canon-ixus-40-9be041". The serial number never shows in it."""
    if photograph.camera:
        return photograph.camera
    plain = unicodedata.normalize("NFKD", photograph.model or photograph.make)
    slug = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")
    whole = f"{photograph.make}|{photograph.model}|{photograph.serial}"
    digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{slug[:40].rstrip('-') or 'camera'}-{digest[:6]}"


def instant_of_photo(
    photo: Photograph,
    camera: Camera | None,
    where: Whereabouts,
    ground: Ground,
    zones: tuple[tuple[str, str], ...] = (),
) -> Instant:
    """When a photo was taken. zones: (whose, IANA name) to fall back on, flagged."""
    naive = _parsed(photo.taken)
    if naive is None:
        return Instant(None, evidence=("the photo says no time it was taken at",))
    wall = naive.replace(tzinfo=UTC).timestamp()
    said = f"the camera's clock read {naive:%Y-%m-%d %H:%M:%S}"
    if photo.offset_s is not None:
        how = f"and was {_offset(photo.offset_s)} from UTC, as the photo says"
        return Instant(wall - photo.offset_s, photo.offset_s, evidence=(said, how))
    if photo.gps_at is not None:
        offset = _nearest_offset(wall - photo.gps_at, naive.date().isoformat())
        if offset is not None:
            how = f"and was {_offset(offset)} from UTC, by the GPS time in the photo"
            return Instant(wall - offset, offset, evidence=(said, how))
        said += "; its GPS time fits no offset in use"
    if camera is not None and camera.sync:
        off, doubts = _synced(camera.sync, wall)
        how = f"and was {off:+.0f} s from UTC, by {len(camera.sync)} sync points"
        return Instant(wall - off, None, unsure=doubts, evidence=(said, how))
    own = "" if photo.lat is None or photo.lon is None else ground.zone_at(photo.lat, photo.lon)
    if camera is not None and camera.zone not in ("", "follow"):
        read = _read_in(camera.zone, naive, ground)
        how = f"read in the camera's zone {camera.zone}"
        return _with(read, evidence=(said, how))
    read = _follow(naive, where, ground, own, zones if camera is None or not camera.zone else ())
    doubts = () if camera is not None and camera.zone else ("camera zone not set: ",)
    if read.at is None:
        hint = ("the camera's zone is not set",) if doubts else ()
        return Instant(None, evidence=(said, *read.evidence, *hint))
    if doubts:
        how = read.unsure[0] if read.unsure else "read as the local time of the place"
        return Instant(
            read.at, None, read.zone, (doubts[0] + how, *read.unsure[1:]), (said, *read.evidence)
        )
    return _with(read, evidence=(said,))


def instant_of_time(
    at: datetime | None,
    where: Whereabouts,
    ground: Ground,
    zones: tuple[tuple[str, str], ...] = (),
    own: tuple[float, float] | None = None,
) -> Instant:
    """When an entry is. A time without an offset is read in the zone of the car's place then.

    own: the position a person gave. zones: (whose, IANA name) to fall back on, flagged.
    """
    if at is None or not _possible(at):
        return Instant(None, evidence=("the entry says no time that can be used",))
    offset = at.utcoffset()
    if offset is not None:
        seconds = int(offset.total_seconds())
        said = f"the entry says {at:%Y-%m-%d %H:%M:%S}, {_offset(seconds)} from UTC"
        return Instant(at.timestamp(), seconds, evidence=(said,))
    said = f"the entry says {at:%Y-%m-%d %H:%M:%S} without an offset"
    zone = "" if own is None else ground.zone_at(*own)
    return _with(_follow(at, where, ground, zone, zones), evidence=(said,))


def _with(read: Instant, *, evidence: tuple[str, ...]) -> Instant:
    return Instant(read.at, read.offset_s, read.zone, read.unsure, (*evidence, *read.evidence))


def _parsed(taken: str) -> datetime | None:
    try:
        naive = datetime.fromisoformat(taken).replace(tzinfo=None) if taken else None
    except ValueError:
        return None
    return naive if naive is not None and _possible(naive) else None


def _possible(at: datetime) -> bool:
    return EARLIEST < at.replace(tzinfo=UTC).timestamp() < LATEST


def _offset(seconds: int) -> str:
    sign = "-" if seconds < 0 else "+"
    minutes = abs(seconds) // 60
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"


def _nearest_offset(seconds: float, day: str) -> int | None:
    """The offset in use on that date that fits a difference within 300 s."""
    once = tuple(offset for offset, first, last in _ONCE if first <= day < last)
    best = min((*_OFFSETS, *once), key=lambda offset: (abs(offset - seconds), offset))
    return best if abs(best - seconds) <= FIT_S else None


def _synced(sync: tuple[tuple[float, float], ...], wall: float) -> tuple[float, tuple[str, ...]]:
    """Camera minus UTC for a reading of its clock: straight between the points, held outside."""
    points = sorted(sync)
    off = [o for _, o in points]
    readings = [at + o for at, o in points]
    doubts: tuple[str, ...] = ()
    for (t1, o1), (t2, o2) in itertools.pairwise(points):
        if abs(o2 - o1) > DRIFT_S * (t2 - t1) / 86_400.0:
            doubts = ("the camera's clock drifts more than 10 s a day between sync points",)
    if any(b <= a for a, b in itertools.pairwise(readings)):
        # the clock was set back between two points: the point before counts, told as a doubt
        earlier = [o for reading, o in zip(readings, off, strict=True) if reading <= wall]
        return (earlier[-1] if earlier else off[0]), doubts
    return float(np.interp(wall, readings, off)), doubts


def _read_in(zone: str, naive: datetime, ground: Ground) -> Instant:
    """A local time in one zone."""
    found = ground.instants_of(zone, naive)
    if not found:
        return Instant(
            None, evidence=(f"that local time never was in {zone}, or no zone is called so",)
        )
    doubts = (f"that local time came twice in {zone}: the earlier",) if len(found) > 1 else ()
    return Instant(found[0], None, zone, doubts)


def _follow(
    naive: datetime,
    where: Whereabouts,
    ground: Ground,
    own: str,
    zones: tuple[tuple[str, str], ...],
) -> Instant:
    """A local time in the zone of the place it implies."""
    if own:
        read = _read_in(own, naive, ground)
        return _with(read, evidence=(f"read in {own}, the zone of its own position",))
    fits = sorted(
        (at, zone)
        for zone in where.zones
        for at in ground.instants_of(zone, naive)
        if where.zone_if_known(at) == zone
    )
    if fits:
        at, zone = fits[0]
        doubts: tuple[str, ...] = ()
        if fits[-1][0] - at > _SAME_S:
            doubts = (f"{len(fits)} instants fit that local time: the earlier",)
        how = f"read in {zone}, the zone of the car's place then"
        return Instant(at, None, zone, doubts, (how,))
    for whose, zone in zones:
        read = _read_in(zone, naive, ground)
        if read.at is not None:
            how = f"read in {zone}, the zone of {whose}"
            return Instant(read.at, None, zone, (how, *read.unsure), (how,))
    near = where.nearest_zone(naive.replace(tzinfo=UTC).timestamp(), _NEAR_S)
    if near:
        read = _read_in(near, naive, ground)
        if read.at is not None:
            how = f"read in {near}, the zone of the nearest place known of the car"
            return Instant(read.at, None, near, (how, *read.unsure), (how,))
    return Instant(None, evidence=("no zone to read its local time in",))
