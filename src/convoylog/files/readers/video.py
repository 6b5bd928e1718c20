"""What a clip says about itself: when, where, how long, with what. No frame is decoded here.

Source: ISO/IEC 14496-12, sections 8.2 and 8.3; QuickTime File Format, "Metadata" and "User data";
3GPP TS 26.244, section 8 (loci).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from convoylog.errors import BadInput
from convoylog.files.readers.boxes import Box, boxes, find, whole
from convoylog.files.readers.exif import MAX_NAME, name
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.photos import Photograph

#: instants of films count from here
_BEGINNING = datetime(1904, 1, 1, tzinfo=UTC)
#: no phone or camera made films before; an unset clock says 1904 or 1970
_FIRST_YEAR = 1995
#: a film of a week is a broken number
_LONGEST_S = 7 * 86_400.0
#: 8K is 7,680; more is a broken number
_WIDEST = 32_768
#: texts of one film; a phone writes a dozen
_MOST_TEXTS = 200

#: ±latitude±longitude±height/ in degrees and metres, as ISO 6709 writes it
_POSITION = re.compile(
    r"([+-]\d{1,2}(?:\.\d{1,12})?)([+-]\d{1,3}(?:\.\d{1,12})?)([+-]\d{1,6}(?:\.\d{1,12})?)?(?:CRS\w*)?/?",
    re.ASCII,
)
#: local time with its offset
_CREATED = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?)(?:([+-])(\d\d):?(\d\d)|Z)", re.ASCII
)

_APPLE = "com.apple.quicktime."
#: user data box → the key that says the same
_SHORT = {b"\xa9xyz": "location.ISO6709", b"\xa9mak": "make", b"\xa9mod": "model",
          b"\xa9day": "creationdate"}  # fmt: skip


class _Place(NamedTuple):
    lat: float
    lon: float
    ele: float | None


def read(content: bytes, limits: Limits = LIMITS) -> Photograph:
    """The facts in a clip. Raises BadInput where it is none."""
    if len(content) > limits.photo_bytes:
        raise BadInput(f"larger than {limits.photo_bytes // 2**20} MiB")
    film = find(content, whole(content), b"moov")
    if film is None:
        raise BadInput("a clip without an index: it is cut off, or was never finished")
    brand = content[8:12] if content[4:8] == b"ftyp" else b"qt  "
    form = "MOV" if brand == b"qt  " else "MP4"
    size = _size(content, film)
    if size is None:
        raise BadInput("a recording of sound alone")
    odd: list[str] = []
    created, duration_s = _header(content, film)
    texts = dict(_texts(content, film))
    taken, offset_s, by = _taken(texts.get("creationdate", ""), created, odd)
    place = _position(texts.get("location.ISO6709", "")) or _loci(content, film)
    if "location.ISO6709" in texts and place is None:
        odd.append("its position is none, and is not used")
    return Photograph(
        format=form,
        width=size[0],
        height=size[1],
        taken=taken,
        offset_s=offset_s,
        offset_from=by,
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        ele=place.ele if place else None,
        make=texts.get("make", ""),
        model=texts.get("model", ""),
        kind="video",
        duration_s=duration_s,
        content_id=texts.get("content.identifier", ""),
        ending=form.lower(),
        warnings=tuple(odd),
    )


def _header(content: bytes, film: Box) -> tuple[datetime | None, float | None]:
    """(when the film was made, how many seconds it lasts) as its header says."""
    box = find(content, film, b"mvhd")
    if box is None or box.end - box.start < 20:
        return None, None
    long = content[box.start] == 1
    if long and box.end - box.start < 32:
        return None, None
    made, _, scale, length = struct.unpack_from(
        ">QQIQ" if long else ">IIII", content, box.start + 4
    )
    seconds = length / scale if scale else 0.0
    try:
        at = _BEGINNING + timedelta(seconds=made)
    except OverflowError:
        at = _BEGINNING
    return (
        at if at.year >= _FIRST_YEAR else None,
        seconds if 0 < seconds <= _LONGEST_S else None,
    )


def _taken(text: str, created: datetime | None, odd: list[str]) -> tuple[str, int | None, str]:
    """(wall time, offset, by what): the local time a phone wrote, else the header's, in UTC."""
    match = _CREATED.fullmatch(text)
    if match:
        try:
            at = datetime.fromisoformat(match[1])
        except ValueError:
            at = _BEGINNING
        offset = 0
        if match[2]:
            offset = (int(match[3]) * 3600 + int(match[4]) * 60) * (-1 if match[2] == "-" else 1)
        if at.year >= _FIRST_YEAR and abs(offset) <= 15 * 3600:
            return at.isoformat(), offset, "creationdate"
    if created is None:
        return "", None, ""
    odd.append("its time should be UTC; some cameras write local time there, and none says so")
    return created.replace(tzinfo=None).isoformat(), 0, "mvhd"


def _size(content: bytes, film: Box) -> tuple[int, int] | None:
    """(width, height) of the largest picture track, as shown; None if there is none."""
    best = None
    for track in boxes(content, film.start, film.end):
        header = find(content, track, b"tkhd") if track.kind == b"trak" else None
        if header is None:
            continue
        # the matrix and the size end the box, whose begin depends on its version
        at = header.end - 44
        if at < header.start + 16:
            continue
        matrix = struct.unpack_from(">9i", content, at)
        width, height = (number >> 16 for number in struct.unpack_from(">II", content, at + 36))
        if not (0 < width <= _WIDEST and 0 < height <= _WIDEST):
            continue
        # a quarter turn has no cosine
        shown = (height, width) if matrix[0] == 0 and matrix[1] != 0 else (width, height)
        if best is None or shown[0] * shown[1] > best[0] * best[1]:
            best = shown
    return best


def _texts(content: bytes, film: Box) -> Iterator[tuple[str, str]]:
    """(key, text) pairs, the full ones last, since they say more."""
    user = find(content, film, b"udta")
    if user is not None:
        for box in boxes(content, user.start, user.end):
            if box.kind in _SHORT and box.end - box.start > 4:
                size = int.from_bytes(content[box.start : box.start + 2])
                text = content[box.start + 4 : min(box.start + 4 + size, box.end)]
                yield _SHORT[box.kind], name(text[:MAX_NAME])
    meta = find(content, film, b"meta")
    if meta is None:
        return
    # films of ISO's kind have version and flags before what is inside, QuickTime's have not
    start = meta.start if content[meta.start + 4 : meta.start + 8] == b"hdlr" else meta.start + 4
    inside = Box(meta.kind, start, meta.end)
    keys, values = find(content, inside, b"keys"), find(content, inside, b"ilst")
    if keys is None or values is None:
        return
    names = [
        content[b.start : b.end][:MAX_NAME].decode("utf-8", "replace")
        for b, _ in zip(boxes(content, keys.start + 8, keys.end), range(_MOST_TEXTS), strict=False)
    ]
    for box in boxes(content, values.start, values.end):
        number = int.from_bytes(box.kind)
        value = find(content, box, b"data")
        # type 1 is UTF-8
        if value is None or content[value.start : value.start + 4] != b"\x00\x00\x00\x01":
            continue
        if 0 < number <= len(names) and names[number - 1].startswith(_APPLE):
            text = content[value.start + 8 : value.end][:MAX_NAME]
            yield names[number - 1].removeprefix(_APPLE), name(text)


def _position(text: str) -> _Place | None:
    match = _POSITION.fullmatch(text)
    if match is None:
        return None
    ele = float(match[3]) if match[3] else None
    return _checked(float(match[1]), float(match[2]), ele)


def _loci(content: bytes, film: Box) -> _Place | None:
    """The position box of 3GPP films, degrees in 16.16 bits behind a name in UTF-8."""
    box = find(content, film, b"udta", b"loci")
    if box is None:
        return None
    # version, flags, language, name, role
    at = content.find(b"\x00", box.start + 6, box.end) + 2
    if at < box.start + 8 or at + 12 > box.end:
        return None
    lon, lat, ele = (whole / 65_536 for whole in struct.unpack_from(">3i", content, at))
    return _checked(lat, lon, ele or None)


def _checked(lat: float, lon: float, ele: float | None) -> _Place | None:
    # 0° 0° is what a receiver without a fix writes
    if abs(lat) > 90 or abs(lon) > 180 or (lat == 0 and lon == 0):
        return None
    return _Place(lat, lon, ele)
