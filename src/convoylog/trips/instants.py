"""When something happened: the first evidence that holds, and which it was.

Clock hints are never applied here: unrecorded evenings make estimates confidently wrong by hours.
"""

from __future__ import annotations

import bisect
import hashlib
import itertools
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from convoylog.model.logbook import Camera
from convoylog.model.offsets import offset_text
from convoylog.model.photos import Photograph
from convoylog.model.phrase import Phrase
from convoylog.trips.clean import EARLIEST, LATEST
from convoylog.trips.ground import Ground
from convoylog.trips.whereabouts import Whereabouts

#: local and GPS time of one photo may differ so much before the offset is not believed
FIT_S = 300.0
#: a clock that drifts more in a day is broken, or a sync point is wrong
DRIFT_S = 10.0
#: what a person said of a camera and what its photo says may differ so much without a word
OTHER_S = 60.0
#: how far from its track a car's zone is taken for granted
_NEAR_S = 86_400.0
#: two readings of one local time are one instant below this
_SAME_S = 1.0

#: what is missing where a photo's time cannot be read
UNSET = Phrase("the camera's zone is not set")

_AS_SET = Phrase("as set for this camera")

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

    zone: the zone it was read in, "" where none was needed. error_s: how wrong it may be, where a
    person's sync point says so, else 0. by: the evidence that counted: photo (its own offset), gps,
    sync, offset, zone, place (the zone there), guess (a zone to fall back on), "" for none of these.
    """

    at: float | None
    offset_s: int | None = None
    zone: str = ""
    unsure: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    error_s: float = 0.0
    by: str = ""


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
        return Instant(None, evidence=(Phrase("the photo says no time it was taken at"),))
    said: tuple[str, ...] = (Phrase("the camera's clock read {clock}", clock=_clock(naive)),)
    itself = _by_itself(photo, naive)
    person = None if camera is None else _by_person(camera, naive, ground)
    if camera is not None and camera.overrule and person is not None:
        return _with(person, evidence=(*said, Phrase("what was said of the camera counts first")))
    if itself is not None:
        return _with(_compared(itself, person), evidence=said)
    if photo.gps_at is not None:
        said = (*said, Phrase("its GPS time fits no offset in use, so it tells nothing"))
    if person is not None:
        return _with(person, evidence=said)
    own = "" if photo.lat is None or photo.lon is None else ground.zone_at(photo.lat, photo.lon)
    if camera is not None and camera.zone:
        return _with(_follow(naive, where, ground, own, ()), evidence=said)
    read = _follow(naive, where, ground, own, zones)
    if read.at is None:
        return _with(replace(read, evidence=(*read.evidence, UNSET)), evidence=said)
    how = read.unsure[0] if read.unsure else Phrase("read as the local time of the place")
    doubts = (Phrase("camera zone not set: {how}", how=how), *read.unsure[1:])
    return _with(replace(read, unsure=doubts), evidence=said)


def wall_of(photo: Photograph) -> float | None:
    """What the camera's clock showed, in seconds as if it were UTC; None where it says nothing."""
    naive = _parsed(photo.taken)
    return None if naive is None else naive.replace(tzinfo=UTC).timestamp()


def _by_itself(photo: Photograph, naive: datetime) -> Instant | None:
    """By the offset the photo says, or the one its GPS time fits."""
    offset, by = photo.offset_s, "photo"
    how = Phrase("as the photo says")
    wall = naive.replace(tzinfo=UTC).timestamp()
    if offset is None and photo.gps_at is not None:
        offset, by = _nearest_offset(wall - photo.gps_at, naive.date().isoformat()), "gps"
        how = Phrase("by the GPS time in the photo")
    if offset is None:
        return None
    said = Phrase("and was {offset} from UTC, {how}", offset=offset_text(offset), how=how)
    return Instant(wall - offset, offset, evidence=(said,), by=by)


def _by_person(camera: Camera, naive: datetime, ground: Ground) -> Instant | None:
    """By what a person said of the camera: sync points, an offset, a zone. None if nothing."""
    wall = naive.replace(tzinfo=UTC).timestamp()
    if camera.sync:
        off, error, doubts, how = _synced(camera, wall)
        by = "sync"
    elif camera.offset_s is not None:
        off, error, doubts, how, by = camera.offset_s, 0.0, (), _AS_SET, "offset"
    elif camera.zone not in ("", "follow"):
        said = Phrase("read in {zone}, the zone set for this camera", zone=camera.zone)
        read = _with(_read_in(camera.zone, naive, ground), evidence=(said,))
        return replace(read, by="zone")
    else:
        return None
    at = wall - off
    if not EARLIEST < at < LATEST:
        no_time = Phrase("and {offset} from UTC is no time of a trip", offset=offset_text(off))
        return Instant(None, evidence=(no_time,))
    said = Phrase("and was {offset} from UTC, {how}", offset=offset_text(off), how=how)
    return Instant(at, None, "", doubts, (said,), error, by)


def _compared(itself: Instant, person: Instant | None) -> Instant:
    """What a photo says itself, with a doubt where a person said something else of its camera."""
    if person is None or person.by == "zone" or person.at is None or itself.at is None:
        return itself
    apart = person.at - itself.at
    if abs(apart) <= OTHER_S:
        return itself
    if person.by == "sync" and apart > 0:
        doubt = Phrase("the camera's sync points say {apart:span} later", apart=apart)
    elif person.by == "sync":
        doubt = Phrase("the camera's sync points say {apart:span} earlier", apart=-apart)
    elif apart > 0:
        doubt = Phrase("the camera's offset says {apart:span} later", apart=apart)
    else:
        doubt = Phrase("the camera's offset says {apart:span} earlier", apart=-apart)
    return replace(itself, unsure=(*itself.unsure, doubt))


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
        return Instant(None, evidence=(Phrase("the entry says no time that can be used"),))
    offset = at.utcoffset()
    if offset is not None:
        seconds = int(offset.total_seconds())
        said = Phrase(
            "the entry says {clock}, {offset} from UTC",
            clock=f"{at:%Y-%m-%d %H:%M:%S}",
            offset=offset_text(seconds),
        )
        return Instant(at.timestamp(), seconds, evidence=(said,), by="given")
    said = Phrase("the entry says {clock} without an offset", clock=f"{at:%Y-%m-%d %H:%M:%S}")
    zone = "" if own is None else ground.zone_at(*own)
    return _with(_follow(at, where, ground, zone, zones), evidence=(said,))


def _with(read: Instant, *, evidence: tuple[str, ...]) -> Instant:
    return replace(read, evidence=(*evidence, *read.evidence))


def _clock(naive: datetime) -> str:
    """A reading of a clock, a fraction only where there is one."""
    text = f"{naive:%Y-%m-%d %H:%M:%S}"
    return text + f"{naive:.%f}".rstrip("0") if naive.microsecond else text


def moment(at: float) -> str:
    """An instant in words: "2026-05-02 12:30:00 UTC"."""
    inside = min(max(round(at), -62_135_596_800), 253_402_300_799)  # the years 1 to 9999
    return f"{datetime.fromtimestamp(inside, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _parsed(taken: str) -> datetime | None:
    try:
        naive = datetime.fromisoformat(taken).replace(tzinfo=None) if taken else None
    except ValueError:
        return None
    return naive if naive is not None and _possible(naive) else None


def _possible(at: datetime) -> bool:
    return EARLIEST < at.replace(tzinfo=UTC).timestamp() < LATEST


def _nearest_offset(seconds: float, day: str) -> int | None:
    """The offset in use on that date that fits a difference within 300 s."""
    once = tuple(offset for offset, first, last in _ONCE if first <= day < last)
    best = min((*_OFFSETS, *once), key=lambda offset: (abs(offset - seconds), offset))
    return best if abs(best - seconds) <= FIT_S else None


def _synced(camera: Camera, wall: float) -> tuple[float, float, tuple[str, ...], str]:
    """Camera minus UTC for a reading of its clock: straight between the points, held outside.

    Returns seconds, how wrong they may be, doubts, and how it was found in words.
    """
    points = sorted(set(camera.sync))
    readings = [at + off for at, off in points]
    doubts: tuple[str, ...] = ()
    for a, b in itertools.pairwise(points):
        if abs(b[1] - a[1]) > DRIFT_S * (b[0] - a[0]) / 86_400.0:
            doubts = (Phrase("the camera's clock drifts more than 10 s a day between sync points"),)
    wrong = dict(camera.sync_error)
    if any(b <= a for a, b in itertools.pairwise(readings)):
        # the clock was set back between two points: the point before counts, told as a doubt
        earlier = [k for k, reading in enumerate(readings) if reading <= wall]
        at, off = points[earlier[-1] if earlier else 0]
        return off, wrong.get(at, 0.0), doubts, Phrase("by the sync point of {at}", at=moment(at))
    right = bisect.bisect_left(readings, wall)
    if 0 < right < len(points):
        (t1, off1), (t2, off2) = points[right - 1], points[right]
        f = (wall - readings[right - 1]) / (readings[right] - readings[right - 1])
        how = Phrase(
            "on the line between the sync points of {first} and {second}",
            first=moment(t1),
            second=moment(t2),
        )
        return off1 + f * (off2 - off1), max(wrong.get(t1, 0.0), wrong.get(t2, 0.0)), doubts, how
    at, off = points[0 if right == 0 else -1]
    if len(points) == 1:
        how = Phrase("by the only sync point, of {at}", at=moment(at))
    elif right == 0:
        how = Phrase("by the first sync point, of {at}", at=moment(at))
    else:
        how = Phrase("by the last sync point, of {at}", at=moment(at))
    return off, wrong.get(at, 0.0), doubts, how


def _read_in(zone: str, naive: datetime, ground: Ground) -> Instant:
    """A local time in one zone."""
    found = ground.instants_of(zone, naive)
    if not found:
        never = Phrase("that local time never was in {zone}, or no zone is called so", zone=zone)
        return Instant(None, evidence=(never,))
    twice = Phrase("that local time came twice in {zone}: the earlier", zone=zone)
    doubts = (twice,) if len(found) > 1 else ()
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
        said = Phrase("read in {zone}, the zone of its own position", zone=own)
        return replace(_with(read, evidence=(said,)), by="place")
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
            doubts = (Phrase("{count} instants fit that local time: the earlier", count=len(fits)),)
        how = Phrase("read in {zone}, the zone of the car's place then", zone=zone)
        return Instant(at, None, zone, doubts, (how,), by="place")
    for whose, zone in zones:
        read = _read_in(zone, naive, ground)
        if read.at is not None:
            how = Phrase("read in {zone}, the zone of {whose}", zone=zone, whose=whose)
            return Instant(read.at, None, zone, (how, *read.unsure), (how,), by="guess")
    near = where.nearest_zone(naive.replace(tzinfo=UTC).timestamp(), _NEAR_S)
    if near:
        read = _read_in(near, naive, ground)
        if read.at is not None:
            how = Phrase(
                "read in {zone}, the zone of the nearest place known of the car", zone=near
            )
            return Instant(read.at, None, near, (how, *read.unsure), (how,), by="guess")
    return Instant(None, evidence=(Phrase("no zone to read its local time in"),))
