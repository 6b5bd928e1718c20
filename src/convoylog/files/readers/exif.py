"""What EXIF says of a picture: camera, time, position. Text and numbers of unknown origin.

A value that is broken or impossible is unknown, told once, and the rest is kept.
Source: CIPA DC-008 (Exif 3.0).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from convoylog.files.readers import tiff
from convoylog.model.photos import Photograph

#: no camera maker needs more; the value ends in file listings
MAX_NAME = 100

#: a clock that was never set starts at one of the years before digital cameras kept time in EXIF
_FIRST_YEAR = 1995
#: GPS time begins on 1980-01-06
_GPS_BEGINS = datetime(1980, 1, 6, tzinfo=UTC)
#: metres below and above the sea that a driver or an airliner reaches, with room for error
_LOWEST, _HIGHEST = -12_000.0, 100_000.0

_DATE = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d*)?", re.ASCII)
#: some write the time behind the date
_DAY = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)(?: \d\d:\d\d:\d\d)?", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)", re.ASCII)

_Tags = Mapping[int, object]

#: what stands before the TIFF header in a JPEG
_HEADER = b"Exif\x00\x00"
_EXIF, _GPS = 0x8769, 0x8825


class Tag(IntEnum):
    """Tags of the main and Exif directories that we read."""

    Orientation = 0x0112
    DateTime = 0x0132
    Make = 0x010F
    Model = 0x0110
    DateTimeOriginal = 0x9003
    DateTimeDigitized = 0x9004
    OffsetTime = 0x9010
    OffsetTimeOriginal = 0x9011
    OffsetTimeDigitized = 0x9012
    SubsecTimeOriginal = 0x9291
    MakerNote = 0x927C
    BodySerialNumber = 0xA431


class Gps(IntEnum):
    """Tags of the GPS directory that we read."""

    LatitudeRef = 1
    Latitude = 2
    LongitudeRef = 3
    Longitude = 4
    AltitudeRef = 5
    Altitude = 6
    TimeStamp = 7
    ImgDirectionRef = 16
    ImgDirection = 17
    DateStamp = 29
    HPositioningError = 31


MAIN = frozenset({Tag.Orientation, Tag.DateTime, Tag.Make, Tag.Model})
CAMERA = frozenset(Tag) - MAIN
GPS = frozenset(Gps)


def facts(raw: bytes, form: str, size: tuple[int, int], *, turned: bool = True) -> Photograph:
    """The facts in EXIF. raw: a TIFF structure, with or without "Exif" before it, or nothing.

    form: of the picture. size: width and height in pixels, before turning. turned: whether EXIF's
    orientation is to be followed; HEIF has turned the picture itself.
    """
    odd: list[str] = []
    return facts_of(tags(raw, odd), form, size, odd, turned=turned)


def facts_of(
    directories: tuple[_Tags, _Tags, _Tags],
    form: str,
    size: tuple[int, int],
    odd: list[str],
    *,
    turned: bool = True,
) -> Photograph:
    """As `facts`, from the main, Exif and GPS directories."""
    main, camera, gps = directories
    orientation = _orientation(main.get(Tag.Orientation)) if turned else 1
    width, height = size[::-1] if orientation >= 5 else size
    lat, lon = _position(gps, odd)
    taken = _taken(camera, odd)
    offset_s, offset_from = _any_offset(main, camera, taken, odd)
    return Photograph(
        format=form,
        width=width,
        height=height,
        taken=taken,
        offset_s=offset_s,
        offset_from=offset_from,
        gps_at=_gps_instant(gps, odd),
        lat=lat,
        lon=lon,
        ele=_height(gps, odd),
        accuracy_m=_accuracy(gps) if lat is not None else None,
        direction=_direction(gps, odd),
        make=name(main.get(Tag.Make)),
        model=name(main.get(Tag.Model)),
        serial=name(camera.get(Tag.BodySerialNumber)),
        orientation=orientation,
        content_id=_content_id(camera.get(Tag.MakerNote)),
        warnings=tuple(odd),
    )


def tags(raw: bytes, odd: list[str]) -> tuple[_Tags, _Tags, _Tags]:
    """The main, Exif and GPS directories, each value decoded; what is broken is left out."""
    raw = raw.removeprefix(_HEADER)
    if not raw:
        return {}, {}, {}
    main = tiff.directory(raw, tiff.first_directory(raw))
    found: list[_Tags] = [tiff.values(raw, main, MAIN)]
    damaged = main.damaged
    for pointer, wanted in ((_EXIF, CAMERA), (_GPS, GPS)):
        places = tiff.whole_numbers(raw, main, pointer)
        if len(places) != 1:
            found.append({})
            continue
        inner = tiff.directory(raw, places[0])
        found.append(tiff.values(raw, inner, wanted))
        damaged |= inner.damaged
    if damaged:
        odd.append("its EXIF is damaged; what could be read is kept")
    return found[0], found[1], found[2]


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def name(value: object) -> str:
    """One line without control or invisible format characters."""
    line = " ".join(_text(value).split())
    shown = "".join(c for c in line if unicodedata.category(c)[0] != "C")
    return shown[:MAX_NAME].strip()


def _orientation(value: object) -> int:
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _blank(text: str) -> bool:
    """Nothing but the filling that cameras write for "unknown": blanks, colons, zeros."""
    return not text.strip(" :0-\x00")


def _taken(camera: _Tags, odd: list[str]) -> str:
    text = _text(camera.get(Tag.DateTimeOriginal)).strip(" \x00")
    if _blank(text):
        return ""
    at = _wall_time(text)
    if at is None:
        odd.append("its date cannot be read")
        return ""
    if at.year < _FIRST_YEAR:
        odd.append(f"its date is in {at.year}: a clock that was never set?")
    part = _text(camera.get(Tag.SubsecTimeOriginal)).strip(" \x00")
    part = part[:6].rstrip("0") if part.isascii() and part.isdigit() else ""
    return at.isoformat() + (f".{part}" if part else "")


def _wall_time(text: str) -> datetime | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups())
    if second > 60:
        return None
    try:
        # a leap second is the next minute's first
        return datetime(year, month, day, hour, minute) + timedelta(seconds=second)  # noqa: DTZ001
    except (ValueError, OverflowError):
        return None


def _any_offset(main: _Tags, camera: _Tags, taken: str, odd: list[str]) -> tuple[int | None, str]:
    """(seconds east of UTC, the tag that says so) for the wall time of the picture.

    Source: Exif 2.31: OffsetTime belongs to DateTime, OffsetTimeOriginal to DateTimeOriginal,
    OffsetTimeDigitized to DateTimeDigitized. Where one of the others shows the same wall time, as
    when a camera wrote all three at once, its offset is that of the picture too.
    """
    own = _offset(camera.get(Tag.OffsetTimeOriginal), odd)
    if own is not None:
        return own, Tag.OffsetTimeOriginal.name
    for tag, at in (
        (Tag.OffsetTimeDigitized, camera.get(Tag.DateTimeDigitized)),
        (Tag.OffsetTime, main.get(Tag.DateTime)),
    ):
        wall = _wall_time(_text(at).strip(" \x00"))
        if wall is None or not taken or wall.isoformat() != taken[:19]:
            continue
        offset = _offset(camera.get(tag), odd)
        if offset is not None:
            return offset, tag.name
    return None, ""


def _offset(value: object, odd: list[str]) -> int | None:
    text = _text(value).strip(" \x00")
    # not _blank(): "+00:00" is a zone
    if not text.strip(" :"):
        return None
    match = _OFFSET.fullmatch(text)
    if match is not None:
        sign, hours, minutes = match.groups()
        seconds = int(hours) * 3600 + int(minutes) * 60
        # from Baker Island to Kiribati
        if int(minutes) < 60 and seconds <= (14 if sign == "+" else 12) * 3600:
            return seconds if sign == "+" else -seconds
    odd.append("its UTC offset cannot be read")
    return None


def _numbers(value: object) -> list[float]:
    """Up to three rationals as floats, NaN where one is no number."""
    values = value if isinstance(value, tuple | list) else (value,)
    numbers = []
    for part in values[:3]:
        try:
            numbers.append(float(part))
        except (TypeError, ValueError, ZeroDivisionError, OverflowError):
            numbers.append(math.nan)
    return numbers


def _position(gps: _Tags, odd: list[str]) -> tuple[float | None, float | None]:
    """Both degrees or none: half a position is no position."""
    if Gps.Latitude not in gps and Gps.Longitude not in gps:
        return None, None
    lat = _degrees(gps.get(Gps.Latitude), gps.get(Gps.LatitudeRef), "NS", 90.0)
    lon = _degrees(gps.get(Gps.Longitude), gps.get(Gps.LongitudeRef), "EW", 180.0)
    if lat is None or lon is None:
        odd.append("its GPS position cannot be read")
        return None, None
    if lat == 0.0 and lon == 0.0:
        # what receivers write before the first fix; the place itself is open sea
        odd.append("its GPS position is 0, 0, which means none")
        return None, None
    return lat, lon


def _degrees(value: object, ref: object, refs: str, limit: float) -> float | None:
    sign = _text(ref).strip(" \x00").upper()
    parts = _numbers(value)
    if not sign or sign[0] not in refs or len(sign) > 5 or len(parts) != 3:
        return None
    degrees, minutes, seconds = parts
    # some write 60 seconds instead of the next minute
    if not (0 <= degrees <= limit and 0 <= minutes <= 60 and 0 <= seconds <= 60):
        return None
    total = degrees + minutes / 60 + seconds / 3600
    if total > limit:
        return None
    return -total if sign[0] == refs[1] and total else total


def _height(gps: _Tags, odd: list[str]) -> float | None:
    if Gps.Altitude not in gps:
        return None
    (height,) = _numbers(gps[Gps.Altitude])[:1] or (math.nan,)
    ref = gps.get(Gps.AltitudeRef)
    if isinstance(ref, bytes) and len(ref) == 1:
        ref = ref[0]
    # 1: below the sea, 3: below the ellipsoid (since Exif 3.0)
    if ref in (1, 3):
        height = -height
    if not _LOWEST <= height <= _HIGHEST:
        odd.append("its GPS height cannot be read")
        return None
    return height


def _gps_instant(gps: _Tags, odd: list[str]) -> float | None:
    stamp = gps.get(Gps.DateStamp, "")
    day = _text(stamp).strip(" \x00")
    if Gps.TimeStamp not in gps or (isinstance(stamp, str | bytes) and _blank(day)):
        return None
    midnight = _midnight(day)
    parts = _numbers(gps[Gps.TimeStamp])
    hour, minute, second = parts if len(parts) == 3 else (math.nan,) * 3
    if midnight is None or not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 61):
        odd.append("its GPS time cannot be read")
        return None
    if midnight < _GPS_BEGINS:
        odd.append(f"its GPS date is in {midnight.year}, before GPS")
        return None
    return midnight.timestamp() + hour * 3600 + minute * 60 + second


def _midnight(day: str) -> datetime | None:
    match = _DAY.fullmatch(day)
    try:
        return match and datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
    except ValueError:
        return None


def _accuracy(gps: _Tags) -> float | None:
    """GPSHPositioningError in metres; a dilution of precision is none."""
    (metres,) = _numbers(gps.get(Gps.HPositioningError))[:1] or (math.nan,)
    # half the earth's girth means nothing any more
    return metres if 0 < metres < 20_000_000 else None


def _direction(gps: _Tags, odd: list[str]) -> float | None:
    """Degrees from true north; magnetic ones are told, since we have no map of the difference."""
    if Gps.ImgDirection not in gps:
        return None
    (degrees,) = _numbers(gps[Gps.ImgDirection])[:1] or (math.nan,)
    if not 0 <= degrees <= 360:
        return None
    if _text(gps.get(Gps.ImgDirectionRef)).strip(" \x00").upper().startswith("M"):
        odd.append("its direction is from magnetic north, and is not used")
        return None
    return degrees % 360


#: Apple's maker note: "Apple iOS", a byte order, and a directory whose tag 0x11 is the content id
_APPLE = b"Apple iOS\x00"
_CONTENT_ID = 0x0011
_ASCII = 2


def _content_id(note: object) -> str:
    """What a photo of Apple's has in common with the clip taken with it, "" if nothing.

    Source: ExifTool, Apple tags.
    """
    if not isinstance(note, bytes) or not note.startswith(_APPLE):
        return ""
    order = "little" if note[12:14] == b"II" else "big"

    def whole(at: int, size: int) -> int:
        return int.from_bytes(note[at : at + size], order)  # type: ignore[arg-type]

    for row in range(min(whole(14, 2), 200)):
        at = 16 + 12 * row
        if whole(at, 2) == _CONTENT_ID and whole(at + 2, 2) == _ASCII:
            size, begin = whole(at + 4, 4), whole(at + 8, 4)
            return name(note[begin : begin + size].split(b"\x00")[0]) if size <= MAX_NAME else ""
    return ""
