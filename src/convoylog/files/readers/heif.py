"""Reading what a HEIC, HEIF or AVIF says about itself; no pixel is decoded here.

Source: ISO/IEC 23008-12 (HEIF), ISO/IEC 14496-12 sections 8.11 (meta, iloc, iinf, iprp).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from convoylog.errors import BadInput
from convoylog.files.readers import exif
from convoylog.files.readers.boxes import Box, boxes, find, whole
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.photos import Photograph

#: brand → what people call it
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_AVIF = {b"avif", b"avis"}
#: items of one picture: a grid of tiles of 512 pixels has 200 at 48 megapixels
_MOST_ITEMS = 10_000


def read(content: bytes, limits: Limits = LIMITS) -> Photograph:
    """The facts in a picture file. Raises BadInput where it is no picture we can use."""
    if len(content) > limits.photo_bytes:
        raise BadInput(f"larger than {limits.photo_bytes // 2**20} MiB")
    form = _format(content)
    meta = find(content, whole(content), b"meta")
    if meta is None:
        raise BadInput("a picture with a broken header")
    # a full box: version and flags stand before what is inside
    inside = Box(meta.kind, meta.start + 4, meta.end)
    primary = _primary(content, inside)
    size = _size(content, inside, primary)
    if size is None:
        raise BadInput("a picture with a broken header")
    if size[0] * size[1] > limits.pixels:
        megapixels = size[0] * size[1] / 1e6
        limit = limits.pixels // 1_000_000
        raise BadInput(f"a picture of {megapixels:,.0f} megapixels, over the limit of {limit}")
    raw, warning = _exif(content, inside)
    found = exif.facts(raw, form, size, turned=False)
    warnings = (*found.warnings, *((warning,) if warning else ()))
    return replace(found, ending=form.lower(), warnings=warnings)


def _format(content: bytes) -> str:
    top = next(boxes(content, 0, len(content)), None)
    brands = content[top.start : top.end] if top is not None and top.kind == b"ftyp" else b""
    found = {brands[at : at + 4] for at in (0, *range(8, min(len(brands), 400), 4))}
    if found & _AVIF:
        return "AVIF"
    return "HEIC" if found & _HEIC else "HEIF"


def _number(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size])


def _primary(content: bytes, meta: Box) -> int:
    box = find(content, meta, b"pitm")
    if box is None:
        return -1
    return _number(content, box.start + 4, 2 if content[box.start : box.start + 1] == b"\0" else 4)


def _size(content: bytes, meta: Box, primary: int) -> tuple[int, int] | None:
    """(width, height) as shown: the size of the primary item, turned as it says."""
    properties = find(content, meta, b"iprp", b"ipco")
    links = find(content, meta, b"iprp", b"ipma")
    if properties is None or links is None:
        return None
    every = list(boxes(content, properties.start, properties.end))
    size, turns = None, 0
    for index in _linked(content, links, primary):
        if not 0 < index <= len(every):
            continue
        box = every[index - 1]
        if box.kind == b"ispe" and box.end - box.start >= 12:
            size = _number(content, box.start + 4, 4), _number(content, box.start + 8, 4)
        elif box.kind == b"clap" and box.end - box.start >= 16 and size is not None:
            size = _cut(content, box, size)
        elif box.kind == b"irot" and box.end > box.start:
            turns = content[box.start] & 3
    if size is None or not size[0] or not size[1]:
        return None
    return size[::-1] if turns % 2 else size


def _cut(content: bytes, box: Box, size: tuple[int, int]) -> tuple[int, int]:
    """The part that is shown, where a picture was padded to whole tiles."""
    parts = [_number(content, box.start + 4 * n, 4) for n in range(4)]
    if not parts[1] or not parts[3]:
        return size
    width, height = parts[0] // parts[1], parts[2] // parts[3]
    fits = 0 < width <= size[0] and 0 < height <= size[1]
    return (width, height) if fits else size


def _linked(content: bytes, box: Box, item: int) -> Iterator[int]:
    """Numbers of the properties of an item, from 1."""
    version = content[box.start : box.start + 1]
    wide = bool(content[box.start + 3 : box.start + 4] and content[box.start + 3] & 1)
    count = _number(content, box.start + 4, 4)
    at = box.start + 8
    id_size = 2 if version == b"\0" else 4
    step = 2 if wide else 1
    for _ in range(min(count, _MOST_ITEMS)):
        if at + id_size + 1 > box.end:
            return
        found = _number(content, at, id_size)
        links = content[at + id_size]
        at += id_size + 1
        if found == item:
            for n in range(links):
                # the first bit says that the property is essential
                yield _number(content, at + n * step, step) & (0x7FFF if wide else 0x7F)
            return
        at += links * step


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an item lies: (offset, length) of each extent; in idat if inside."""

    extents: tuple[tuple[int, int], ...]
    inside: bool


def _exif(content: bytes, meta: Box) -> tuple[bytes, str]:
    """(the TIFF structure of the EXIF item, what is wrong with it)."""
    item = next((n for n, kind in _items(content, meta) if kind == b"Exif"), None)
    if item is None:
        return b"", ""
    place = _place(content, meta, item)
    raw = b"" if place is None else _bytes(content, meta, place)
    # four bytes say how many stand between them and the TIFF header
    begin = 4 + _number(raw, 0, 4)
    if len(raw) < 12 or begin > len(raw) - 8:
        return b"", "its EXIF is damaged; what could be read is kept"
    return raw[begin:], ""


def _items(content: bytes, meta: Box) -> Iterator[tuple[int, bytes]]:
    """(number, kind) of every item."""
    box = find(content, meta, b"iinf")
    if box is None:
        return
    skip = 6 if content[box.start : box.start + 1] == b"\0" else 8
    for n, entry in enumerate(boxes(content, box.start + skip, box.end)):
        if n > _MOST_ITEMS:
            return
        version = content[entry.start : entry.start + 1]
        if entry.kind == b"infe" and version in (b"\2", b"\3"):
            size = 2 if version == b"\2" else 4
            kind = entry.start + 4 + size + 2
            yield _number(content, entry.start + 4, size), content[kind : kind + 4]


def _place(content: bytes, meta: Box, item: int) -> _Place | None:
    """The row of the item in the location box, whose numbers have sizes of their own."""
    box = find(content, meta, b"iloc")
    if box is None or box.end - box.start < 8:
        return None
    version = content[box.start]
    sizes = _number(content, box.start + 4, 2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version in (1, 2) else 0
    id_size = 4 if version == 2 else 2
    at = box.start + 6
    count = _number(content, at, id_size)
    at += id_size
    for _ in range(min(count, _MOST_ITEMS)):
        if at + id_size > box.end:
            return None
        found = _number(content, at, id_size)
        at += id_size
        inside = bool(version and _number(content, at, 2) & 15 == 1)
        at += (2 if version else 0) + 2
        base = _number(content, at, base_size)
        at += base_size
        extents = _number(content, at, 2)
        at += 2
        row = []
        for _ in range(min(extents, _MOST_ITEMS)):
            at += index_size
            offset = base + _number(content, at, offset_size)
            length = _number(content, at + offset_size, length_size)
            at += offset_size + length_size
            row.append((offset, length))
            if at > box.end:
                return None
        if found == item:
            return _Place(tuple(row), inside)
    return None


#: EXIF is at most 64 KiB in a JPEG; phones write a little more into HEIF
_MOST_EXIF = 2**20


def _bytes(content: bytes, meta: Box, place: _Place) -> bytes:
    base, end = 0, len(content)
    if place.inside:
        box = find(content, meta, b"idat")
        if box is None:
            return b""
        base, end = box.start, box.end
    parts = []
    left = _MOST_EXIF
    for offset, length in place.extents:
        begin = base + offset
        stop = min(end, begin + min(length or end, left))
        parts.append(content[begin:stop])
        left -= max(stop - begin, 0)
    return b"".join(parts)
