"""Reading what a raw picture says about itself, and finding the preview its camera made.

Nearly all are TIFF inside, some with another magic number; Fuji's is a JPEG with a header before
it, Canon's newest is made of boxes. The sensor's values are nobody's business here.
Source: TIFF 6.0; Adobe DNG 1.7; ExifTool's notes on maker formats; libopenraw on CR3.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace

from convoylog.errors import BadInput
from convoylog.files.readers import exif
from convoylog.files.readers.boxes import Box, boxes, find, whole
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.files.readers.tiff import (
    Directory,
    directory,
    first_directory,
    values,
    whole_numbers,
)
from convoylog.model.photos import Photograph

_FUJI = b"FUJIFILMCCD-RAW"
#: Canon's box of directories, and of the preview
_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_PREVIEW = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16")

#: magic numbers behind the byte order that are TIFF all the same: Olympus, Panasonic
_MAGICS = {b"II*\x00": "", b"MM\x00*": "", b"IIRO": "orf", b"IIRS": "orf", b"MMOR": "orf",
           b"IIU\x00": "rw2"}  # fmt: skip
#: maker → ending of its raw files
_MAKERS = {"nikon": "nef", "sony": "arw", "pentax": "pef", "ricoh": "pef", "samsung": "srw",
           "canon": "cr2", "olympus": "orf", "panasonic": "rw2", "hasselblad": "3fr",
           "phase one": "iiq", "leaf": "mos", "kodak": "dcr", "epson": "erf",
           "mamiya": "mef", "minolta": "mrw"}  # fmt: skip

_STRIPS, _STRIP_SIZES, _COMPRESSION = 0x0111, 0x0117, 0x0103
_JPEG_AT, _JPEG_SIZE, _SUBDIRECTORIES = 0x0201, 0x0202, 0x014A
_PANASONIC_JPEG, _DNG_VERSION, _MAKE = 0x002E, 0xC612, 0x010F
_JPEG_COMPRESSIONS = ((6,), (7,))
#: directories of one file
_MOST_DIRECTORIES = 64


def read(content: bytes, limits: Limits = LIMITS) -> Photograph:
    """The facts in a raw file. Raises BadInput where it is none, or a plain TIFF."""
    if len(content) > limits.photo_bytes:
        raise BadInput(f"larger than {limits.photo_bytes // 2**20} MiB")
    try:
        found = _read(content)
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise BadInput("a raw picture with a broken header") from error
    return replace(found, raw=True)


def preview(content: bytes) -> bytes | None:
    """The largest JPEG picture a raw file carries, None if it carries none."""
    try:
        if content.startswith(_FUJI):
            return _fuji(content)
        if content[4:8] == b"ftyp":
            return _canon_preview(content)
        return _largest(content, _directories(content))
    except (struct.error, IndexError, ValueError, OverflowError):
        return None


def _read(content: bytes) -> Photograph:
    jpeg = preview(content) or b""
    size = _frame(jpeg) or (0, 0)
    if content.startswith(_FUJI):
        return replace(exif.facts(_jpeg_exif(jpeg), "RAF", size), ending="raf")
    if content[4:8] == b"ftyp":
        return replace(_canon(content, size), ending="cr3")
    ending = _MAGICS.get(content[:4])
    if ending is None:
        raise BadInput("no raw picture that can be read")
    standard = content[:2] + (b"*\x00" if content[:2] == b"II" else b"\x00*") + content[4:]
    odd: list[str] = []
    directories = exif.tags(standard, odd)
    if not directories[1] and (inner := _jpeg_exif(jpeg)):
        # Panasonic keeps its times in the preview
        directories = exif.tags(inner, odd)
    own = _directories(content)
    make = exif.name(directories[0].get(_MAKE))
    if ending == "":
        if any(_DNG_VERSION in d.rows for d in own):
            ending = "dng"
        elif content[8:10] == b"CR":
            ending = "cr2"
        else:
            ending = next((e for maker, e in _MAKERS.items() if make.lower().startswith(maker)), "")
            if not ending or not jpeg:
                raise BadInput("a TIFF picture: not read by this version")
    return replace(exif.facts_of(directories, ending.upper(), size, odd), ending=ending)


# -- TIFF


def _directories(content: bytes) -> list[Directory]:
    """All directories of the chain and below it, each once."""
    waiting = [first_directory(content)]
    seen: set[int] = set()
    found: list[Directory] = []
    while waiting and len(found) < _MOST_DIRECTORIES:
        at = waiting.pop(0)
        if at in seen or not at:
            continue
        seen.add(at)
        each = directory(content, at)
        found.append(each)
        waiting += [*whole_numbers(content, each, _SUBDIRECTORIES), each.following]
    return found


def _largest(content: bytes, directories: list[Directory]) -> bytes | None:
    best: tuple[int, bytes] = (0, b"")
    for each in directories:
        for begin, size in _jpegs(content, each):
            piece = content[begin : begin + size]
            frame = _frame(piece)
            if frame is not None and frame[0] * frame[1] > best[0]:
                best = (frame[0] * frame[1], piece)
    return best[1] or None


def _jpegs(content: bytes, each: Directory) -> Iterator[tuple[int, int]]:
    """(start, size) of what may be JPEGs of a directory."""
    starts = whole_numbers(content, each, _JPEG_AT)
    yield from zip(starts, whole_numbers(content, each, _JPEG_SIZE), strict=False)
    if whole_numbers(content, each, _COMPRESSION)[:1] in _JPEG_COMPRESSIONS:
        starts = whole_numbers(content, each, _STRIPS)
        if len(starts) == 1:
            yield from zip(starts, whole_numbers(content, each, _STRIP_SIZES), strict=False)
    if _PANASONIC_JPEG in each.rows:
        _, count, at = each.rows[_PANASONIC_JPEG]
        yield at, count


def _frame(jpeg: bytes) -> tuple[int, int] | None:
    """(width, height) of a JPEG that a decoder of pictures reads; None for lossless sensor values."""
    if not jpeg.startswith(b"\xff\xd8"):
        return None
    at = 2
    for _ in range(200):
        if at + 9 > len(jpeg) or jpeg[at] != 0xFF:
            return None
        marker = jpeg[at + 1]
        if 0xC0 <= marker <= 0xC2:
            height, width = struct.unpack_from(">HH", jpeg, at + 5)
            return (width, height) if width and height else None
        if 0xC3 <= marker <= 0xCF and marker != 0xC4:
            return None
        at += 2 + struct.unpack_from(">H", jpeg, at + 2)[0]
    return None


def _jpeg_exif(jpeg: bytes) -> bytes:
    """The EXIF segment of a JPEG, "" if it has none."""
    at = 2
    for _ in range(200):
        if at + 10 > len(jpeg) or jpeg[at] != 0xFF:
            return b""
        size = struct.unpack_from(">H", jpeg, at + 2)[0]
        if jpeg[at + 1] == 0xE1 and jpeg[at + 4 : at + 10] == b"Exif\x00\x00":
            return jpeg[at + 4 : at + 2 + size]
        at += 2 + size
    return b""


# -- Fuji and Canon


def _fuji(content: bytes) -> bytes | None:
    begin, size = struct.unpack_from(">II", content, 84)
    jpeg = content[begin : begin + size]
    return jpeg if _frame(jpeg) else None


def _canon_box(content: bytes, box: Box, uuid: bytes) -> Box | None:
    for found in boxes(content, box.start, box.end):
        if found.kind == b"uuid" and content[found.start : found.start + 16] == uuid:
            return Box(found.kind, found.start + 16, found.end)
    return None


def _canon(content: bytes, size: tuple[int, int]) -> Photograph:
    moov = find(content, whole(content), b"moov")
    box = _canon_box(content, moov, _CANON) if moov is not None else None
    if box is None:
        raise BadInput("a raw picture with a broken header")
    odd: list[str] = []
    parts = []
    for kind, wanted in ((b"CMT1", exif.MAIN), (b"CMT2", exif.CAMERA), (b"CMT4", exif.GPS)):
        found = find(content, box, kind)
        raw = content[found.start : found.end] if found is not None else b""
        parts.append(values(raw, directory(raw, first_directory(raw)), wanted))
    main, camera, gps = parts
    return exif.facts_of((main, camera, gps), "CR3", size, list(dict.fromkeys(odd)))


def _canon_preview(content: bytes) -> bytes | None:
    """The preview box holds a JPEG of 1620 pixels behind a short header."""
    box = _canon_box(content, whole(content), _PREVIEW)
    begin = content.find(b"\xff\xd8\xff", box.start, box.end) if box is not None else -1
    if box is None or begin < 0:
        return None
    jpeg = content[begin : box.end]
    return jpeg if _frame(jpeg) else None
