"""What files beside photos tell: XMP of photo programs, JSON of Google Takeout.

A photo's own word counts first; what it does not say, its sidecar may.
Source: XMP specification part 2, CIPA DC-010 (Exif in XMP).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from xml.parsers import expat

from convoylog.errors import BadInput
from convoylog.files.readers import xml
from convoylog.files.readers.json_values import inside, real, words
from convoylog.model.photos import Photograph, Sidecar

#: bytes; a photo program's whole history of edits stays below
LARGEST = 2**20
#: a clock that was never set, as in EXIF
_FIRST_YEAR = 1995

_XMP = re.compile(rb"<(?:\w+:)?(?:xmpmeta|RDF)[\s>]")
_WALL = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?:([+-])(\d\d):?(\d\d)|(Z))?", re.ASCII
)
#: degrees, minutes and perhaps seconds, with the hemisphere behind
_DEGREES = re.compile(
    r"(\d{1,3}),(\d{1,2}(?:\.\d{1,12})?)(?:,(\d{1,2}(?:\.\d{1,9})?))?([NSEW])", re.ASCII
)
_FRACTION = re.compile(r"(-?\d{1,15})/(\d{1,15})", re.ASCII)

#: local names of the properties we read, whatever prefix they have
_TIMES = ("DateTimeOriginal", "DateCreated", "CreateDate")
_WANTED = frozenset(
    {*_TIMES, "GPSLatitude", "GPSLongitude", "GPSAltitude", "GPSAltitudeRef", "description"}
)
#: elements between a property and its text
_LISTS = frozenset({"Alt", "Seq", "Bag", "li"})


def recognise(content: bytes) -> Sidecar | None:
    """What a file tells about a photo beside it; None if it is no such file. Raises BadInput."""
    if len(content) > LARGEST:
        return None
    if b"photoTakenTime" in content:
        return _takeout(content)
    return _xmp(content) if _XMP.search(content, 0, 4096) else None


def told_by(photo: Photograph, told: Sidecar) -> Photograph:
    """The photo with what its sidecar tells and it does not."""
    if not photo.taken and photo.gps_at is None and told.taken:
        photo = replace(photo, taken=told.taken, offset_s=told.offset_s, offset_from=told.source)
    if photo.lat is None and told.lat is not None:
        odd = (f"its position is from {told.source}, which may have guessed it",)
        photo = replace(photo, lat=told.lat, lon=told.lon, ele=told.ele,
                        warnings=(*photo.warnings, *(odd if told.guessed else ())))  # fmt: skip
    return photo if photo.caption or not told.caption else replace(photo, caption=told.caption)


# -- which photo a file tells about

#: "IMG_1.jpg.supplemental-metadata(2)" and every shortening of it that fits 46 letters
_MADE = re.compile(r"(.+?)(?:\.s(?:u(?:p(?:p(?:l(?:e[a-z-]*)?)?)?)?)?)?(\(\d{1,5}\))?", re.ASCII)
_ENDING = re.compile(r"(.*?)(\.[A-Za-z0-9]{1,5})?", re.ASCII)
#: letters of a name that Takeout keeps, without ".json"
_KEPT = 46


def partner(name: str, told: Sidecar, pictures: Sequence[str]) -> str:
    """The one of `pictures`, names in the same folder, that the file `name` tells about, or "".

    "a.jpg.xmp" is of a.jpg; "a.xmp" of a raw file a.*, else of the first a.*. Takeout's names are
    shortened, and numbered at another place than the photo's.
    """
    stem = name.rpartition(".")[0]
    here = {picture.lower(): picture for picture in sorted(pictures, reverse=True)}
    if stem.lower() in here:
        return here[stem.lower()]
    if told.title:
        return _of_takeout(stem, told.title, here)
    same = [p for p in sorted(pictures) if p.rpartition(".")[0].lower() == stem.lower()]
    # a program that writes "a.xmp" beside a pair means the raw file
    same.sort(key=lambda p: p.lower().endswith((".jpg", ".jpeg", ".png", ".webp")))
    return same[0] if same else ""


def _of_takeout(stem: str, title: str, here: dict[str, str]) -> str:
    made = _MADE.fullmatch(stem)
    if made is None:
        return ""
    number = made[2] or ""
    for whole in (title, made[1]):
        base = _ENDING.fullmatch(whole)
        ending = (base and base[2]) or ""
        base_name = whole.removesuffix(ending)
        for wanted in (f"{base_name}{number}{ending}", f"{base_name[: _KEPT + 1]}{number}{ending}"):
            if wanted.lower() in here:
                return here[wanted.lower()]
    # the photo's name was cut too, and has another length than the file's
    base_name = made[1].lower()
    cut = [p for p in here if len(base_name) >= 40 and p.startswith(base_name) and number in p]
    return here[cut[0]] if len(cut) == 1 else ""


# -- Google Takeout


def _takeout(content: bytes) -> Sidecar | None:
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadInput("a broken JSON file about a photo") from error
    if not isinstance(whole, dict) or not isinstance(whole.get("photoTakenTime"), dict):
        return None
    title, source = words(whole.get("title")), "Google Takeout"
    taken, offset_s = "", None
    seconds = real(inside(whole, "photoTakenTime", "timestamp"))
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        at = datetime.min.replace(tzinfo=UTC)
    if at.year >= _FIRST_YEAR:
        taken, offset_s = at.replace(tzinfo=None).isoformat(), 0
    own, any_one = (_takeout_place(whole.get(key)) for key in ("geoDataExif", "geoData"))
    lat, lon, ele = own or any_one or (None, None, None)
    return Sidecar(
        source, title.rpartition("/")[2], taken, offset_s, lat, lon, ele,
        caption=words(whole.get("description")), guessed=own is None and any_one is not None,
    )  # fmt: skip


def _takeout_place(value: object) -> tuple[float, float, float | None] | None:
    lat, lon = real(inside(value, "latitude")), real(inside(value, "longitude"))
    # 0° 0° is how "unknown" is written
    if not (abs(lat) <= 90 and abs(lon) <= 180) or (lat == 0 and lon == 0):
        return None
    ele = real(inside(value, "altitude"))
    return lat, lon, ele if ele and math.isfinite(ele) else None


# -- XMP


class _Properties:
    """Collects the wanted properties of an XMP document, as attributes or as elements."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.found: dict[str, str] = {}
        self._open: list[str] = []
        self._text: list[str] = []
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= xml.MAX_DEPTH:
            raise BadInput(f"nested more than {xml.MAX_DEPTH} deep")
        self._open.append(tag.rpartition(":")[2])
        self._text.clear()
        for key, value in attributes.items():
            self._keep(key.rpartition(":")[2], value)

    def _said(self, text: str) -> None:
        if sum(map(len, self._text)) < xml.MAX_TEXT:
            self._text.append(text)

    def _end(self, tag: str) -> None:  # noqa: ARG002
        text = "".join(self._text).strip()
        # a text in several languages is a list inside its property
        for outer in reversed(self._open):
            if outer in _WANTED:
                self._keep(outer, text)
            if outer not in _LISTS:
                break
        self._text.clear()
        self._open.pop()

    def _keep(self, name: str, value: str) -> None:
        if name in _WANTED and value.strip():
            self.found.setdefault(name, value.strip()[: xml.MAX_TEXT])


def _xmp(content: bytes) -> Sidecar:
    parser = xml.new_parser(content)
    properties = _Properties(parser)
    try:
        for _ in xml.feed(parser, content):
            pass
    except expat.ExpatError as error:
        raise BadInput(f"an XMP file: {xml.fault(error, parser, content)}") from error
    found = properties.found
    odd: list[str] = []
    taken, offset_s = "", None
    for key in _TIMES:
        if key in found and not taken:
            taken, offset_s = _time(found[key])
    if not taken and any(key in found for key in _TIMES):
        odd.append("its time cannot be read")
    lat = _degrees(found.get("GPSLatitude", ""), "NS", 90)
    lon = _degrees(found.get("GPSLongitude", ""), "EW", 180)
    if (lat is None or lon is None) and "GPSLatitude" in found:
        odd.append("its position is none, and is not used")
    known = lat is not None and lon is not None
    return Sidecar(
        "XMP",
        taken=taken,
        offset_s=offset_s,
        lat=lat if known else None,
        lon=lon if known else None,
        ele=_height(found) if known else None,
        caption=found.get("description", ""),
        warnings=tuple(odd),
    )


def _time(text: str) -> tuple[str, int | None]:
    match = _WALL.fullmatch(text)
    if match is None:
        return "", None
    try:
        at = datetime.fromisoformat(match[1])
    except ValueError:
        return "", None
    if at.year < _FIRST_YEAR:
        return "", None
    if match[5]:
        return at.isoformat(), 0
    if not match[2]:
        return at.isoformat(), None
    offset = int(match[3]) * 3600 + int(match[4]) * 60
    # the widest in use is UTC+14
    if offset > 15 * 3600:
        return at.isoformat(), None
    return at.isoformat(), -offset if match[2] == "-" else offset


def _degrees(text: str, hemispheres: str, most: float) -> float | None:
    match = _DEGREES.fullmatch(text)
    if match is None or match[4] not in hemispheres:
        return None
    value = int(match[1]) + float(match[2]) / 60 + float(match[3] or 0) / 3600
    return None if value > most else (value if match[4] == hemispheres[0] else -value)


def _height(found: dict[str, str]) -> float | None:
    match = _FRACTION.fullmatch(found.get("GPSAltitude", ""))
    value = int(match[1]) / int(match[2]) if match and int(match[2]) else None
    return -value if value is not None and found.get("GPSAltitudeRef") == "1" else value
