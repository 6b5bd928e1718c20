"""Reading what a JPEG, PNG or WebP says about itself: size, camera, time, position.

Only headers are looked at; no pixel is decoded here. EXIF is text and numbers of unknown origin:
a value that is broken or impossible is unknown, told once, and the rest is kept.
Source: CIPA DC-008 (Exif 3.0); PNG specification, third edition, chunk eXIf.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from PIL import ExifTags, Image, UnidentifiedImageError

from convoylog.errors import BadInput
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.photos import Photograph

#: no camera maker needs more; the value ends in file listings
MAX_NAME = 100

FORMATS = ("JPEG", "PNG", "WEBP")

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


def read(content: bytes, limits: Limits = LIMITS) -> Photograph:
    """The facts in a picture file. Raises BadInput where it is no picture we can use."""
    if len(content) > limits.photo_bytes:
        raise BadInput(f"larger than {limits.photo_bytes // 2**20} MiB")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own, about broken EXIF; we tell ours
        image = open_picture(content, limits.pixels)
        try:
            raw = _png_exif(content) if image.format == "PNG" else image.info.get("exif", b"")
        except Exception:  # a broken header of any kind is no EXIF
            raw = b""
        return _photograph(image, raw if isinstance(raw, bytes) else b"")


def open_picture(content: bytes, most: int = LIMITS.pixels) -> Image.Image:
    """The picture, its pixels not yet decoded, of at most so many. Raises BadInput."""
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        # its message says "Image size (900000000 pixels) exceeds limit …"
        pixels = re.search(r"\d+", str(error))
        raise BadInput(_too_large(int(pixels[0]) if pixels else 0, most)) from error
    except UnidentifiedImageError as error:
        raise BadInput("no picture that can be read") from error
    except Exception as error:
        # Pillow's plug-ins raise what they like on broken headers: OSError, SyntaxError …
        raise BadInput("a picture with a broken header") from error
    if image.width * image.height > most:
        raise BadInput(_too_large(image.width * image.height, most))
    if not image.width or not image.height:
        raise BadInput("a picture without pixels")
    return image


def _too_large(pixels: int, most: int) -> str:
    limit = most // 1_000_000
    return f"a picture of {pixels / 1e6:,.0f} megapixels, over the limit of {limit}"


def _png_exif(content: bytes) -> bytes:
    """The eXIf chunk, also behind the pixels, where Pillow finds it only after decoding them."""
    at = 8
    while at + 8 <= len(content):
        size = int.from_bytes(content[at : at + 4])
        if content[at + 4 : at + 8] == b"eXIf":
            return content[at + 8 : at + 8 + size]
        at += 12 + size
    return b""


def _photograph(image: Image.Image, raw: bytes) -> Photograph:
    odd: list[str] = []
    main, camera, gps = _tags(raw, odd)
    orientation = _orientation(main.get(ExifTags.Base.Orientation))
    width, height = image.size
    if orientation >= 5:
        width, height = height, width
    lat, lon = _position(gps, odd)
    return Photograph(
        # a JPEG with more pictures behind it is one JPEG to us
        format="JPEG" if image.format == "MPO" else str(image.format),
        width=width,
        height=height,
        taken=_taken(camera, odd),
        offset_s=_offset(camera.get(ExifTags.Base.OffsetTimeOriginal), odd),
        gps_at=_gps_instant(gps, odd),
        lat=lat,
        lon=lon,
        ele=_height(gps, odd),
        make=_name(main.get(ExifTags.Base.Make)),
        model=_name(main.get(ExifTags.Base.Model)),
        serial=_name(camera.get(ExifTags.Base.BodySerialNumber)),
        orientation=orientation,
        warnings=tuple(odd),
    )


def _tags(raw: bytes, odd: list[str]) -> tuple[_Tags, _Tags, _Tags]:
    """The main, Exif and GPS directories, each value decoded; what is broken is left out."""
    exif = Image.Exif()
    found: list[dict[int, object]] = [{}, {}, {}]
    if not raw:
        return found[0], found[1], found[2]
    broken = False
    try:
        exif.load(raw)
    except Exception:  # whatever the library meets in hostile bytes
        broken = True
    for values, pointer in zip(found, (0, ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo), strict=True):
        try:
            directory = exif.get_ifd(pointer) if pointer else exif
            tags = list(directory)
        except Exception:
            broken = True
            continue
        for tag in tags:
            try:
                values[tag] = directory[tag]
            except Exception:
                broken = True
    if broken:
        odd.append("its EXIF is damaged; what could be read is kept")
    return found[0], found[1], found[2]


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def _name(value: object) -> str:
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
    text = _text(camera.get(ExifTags.Base.DateTimeOriginal)).strip(" \x00")
    if _blank(text):
        return ""
    at = _wall_time(text)
    if at is None:
        odd.append("its date cannot be read")
        return ""
    if at.year < _FIRST_YEAR:
        odd.append(f"its date is in {at.year}: a clock that was never set?")
    part = _text(camera.get(ExifTags.Base.SubsecTimeOriginal)).strip(" \x00")
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
    if ExifTags.GPS.GPSLatitude not in gps and ExifTags.GPS.GPSLongitude not in gps:
        return None, None
    tags = ExifTags.GPS
    lat = _degrees(gps.get(tags.GPSLatitude), gps.get(tags.GPSLatitudeRef), "NS", 90.0)
    lon = _degrees(gps.get(tags.GPSLongitude), gps.get(tags.GPSLongitudeRef), "EW", 180.0)
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
    if ExifTags.GPS.GPSAltitude not in gps:
        return None
    (height,) = _numbers(gps[ExifTags.GPS.GPSAltitude])[:1] or (math.nan,)
    ref = gps.get(ExifTags.GPS.GPSAltitudeRef)
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
    stamp = gps.get(ExifTags.GPS.GPSDateStamp, "")
    day = _text(stamp).strip(" \x00")
    if ExifTags.GPS.GPSTimeStamp not in gps or (isinstance(stamp, str | bytes) and _blank(day)):
        return None
    midnight = _midnight(day)
    parts = _numbers(gps[ExifTags.GPS.GPSTimeStamp])
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
