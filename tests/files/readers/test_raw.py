"""Raw pictures tell their facts, and carry a preview that can be shown."""

from __future__ import annotations

import io
import random
import struct

import pytest
from PIL import Image

from convoylog.errors import BadInput
from convoylog.files import readers
from convoylog.files.readers import raw
from convoylog.model.photos import Photograph


def jpeg(width: int = 60, height: int = 40, exif: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def tags() -> Image.Exif:
    found = Image.Exif()
    found[0x010F], found[0x0110], found[0x0112] = "ACME", "One", 8
    inner = found.get_ifd(0x8769)
    inner[0x9003], inner[0x9291], inner[0x9011] = "2026:05:03 09:05:00", "25", "-06:00"
    return found


def tiff(
    make: str,
    *,
    magic: bytes = b"II*\0",
    previews: tuple[bytes, ...] = (),
    extra: tuple[tuple[int, int, bytes], ...] = (),
    strips: bytes = b"",
) -> bytes:
    """A directory with a maker, an Exif directory and previews, one each in a directory below."""
    out = bytearray(magic + struct.pack("<I", 8))
    late: list[tuple[int, bytes]] = []  # where a place is written → what it points to

    def directory(rows: list[tuple[int, int, int, bytes]]) -> None:
        out.extend(struct.pack("<H", len(rows)))
        for tag, kind, count, value in sorted(rows):
            out.extend(struct.pack("<HHI", tag, kind, count))
            if len(value) <= 4:
                out.extend(value.ljust(4, b"\0"))
            else:
                late.append((len(out), value))
                out.extend(b"\0" * 4)
        out.extend(b"\0" * 4)

    def settle() -> None:
        while late:
            at, value = late.pop(0)
            struct.pack_into("<I", out, at, len(out))
            out.extend(value)

    text = make.encode() + b"\0"
    rows = [(0x010F, 2, len(text), text), (0x0112, 3, 1, struct.pack("<H", 8)),
            (0x8769, 4, 1, b"EXIF"), *((t, k, len(v) if k in (1, 2, 7) else 1, v) for t, k, v in extra)]  # fmt: skip
    if previews:
        rows.append((0x014A, 4, len(previews), b"SUBS" * len(previews)))
    if strips:
        rows += [(0x0103, 3, 1, struct.pack("<H", 7)), (0x0111, 4, 1, b"STRP"),
                 (0x0117, 4, 1, struct.pack("<I", len(strips)))]  # fmt: skip
    directory(rows)
    settle()
    taken = b"2026:05:03 09:05:00\0"
    exif_at = len(out)
    directory([(0x9003, 2, 20, taken), (0x9011, 2, 7, b"-06:00\0")])
    settle()
    out[out.index(b"EXIF") :][:4] = b""
    struct.pack_into("<I", out, out.index(b"EXIF"), exif_at)
    places = []
    for preview in previews:
        at = len(out)
        out.extend(preview)
        places.append(len(out))
        directory(
            [(0x0201, 4, 1, struct.pack("<I", at)), (0x0202, 4, 1, struct.pack("<I", len(preview)))]
        )
    if previews:
        struct.pack_into(f"<{len(places)}I", out, out.index(b"SUBS"), *places)
    if strips:
        struct.pack_into("<I", out, out.index(b"STRP"), len(out))
        out.extend(strips)
    return bytes(out)


@pytest.mark.parametrize(
    ("make", "magic", "ending"),
    [("NIKON CORPORATION", b"II*\0", "nef"), ("SONY", b"II*\0", "arw"), ("PENTAX", b"II*\0", "pef"),
     ("SAMSUNG", b"II*\0", "srw"), ("OLYMPUS IMAGING CORP.", b"IIRO", "orf"),
     ("OM Digital Solutions", b"IIRS", "orf"), ("Panasonic", b"IIU\0", "rw2")],
)  # fmt: skip
def test_makers_have_raw_files_of_their_own(make: str, magic: bytes, ending: str) -> None:
    content = tiff(make, magic=magic, previews=(jpeg(), jpeg(120, 80)))
    found = readers.reader_for(content[: readers.HEAD]).read(content)
    assert isinstance(found, Photograph)
    assert (found.ending, found.format, found.raw) == (ending, ending.upper(), True)
    assert (found.make, found.taken, found.offset_s) == (make, "2026-05-03T09:05:00", -21600)
    # the larger preview, turned as the sensor lay
    assert (found.width, found.height, found.orientation) == (80, 120, 8)
    assert raw.preview(content) == jpeg(120, 80)


def test_a_dng_says_so() -> None:
    content = tiff("Google", extra=((0xC612, 1, b"\1\4\0\0"),), previews=(jpeg(),))
    assert raw.read(content).ending == "dng"


def test_sensor_values_packed_as_lossless_jpeg_are_no_preview() -> None:
    lossless = jpeg().replace(b"\xff\xc0", b"\xff\xc3", 1)
    content = tiff("NIKON CORPORATION", previews=(jpeg(),), strips=lossless)
    assert raw.preview(content) == jpeg()


def test_a_preview_in_a_strip() -> None:
    assert raw.preview(tiff("SONY", strips=jpeg(90, 60))) == jpeg(90, 60)


def test_a_fuji_is_a_jpeg_behind_a_header() -> None:
    inner = jpeg(exif=tags().tobytes())
    head = b"FUJIFILMCCD-RAW 0201".ljust(84, b"\0") + struct.pack(">II", 160, len(inner))
    content = head.ljust(160, b"\0") + inner + b"sensor"
    found = readers.reader_for(content[: readers.HEAD]).read(content)
    assert isinstance(found, Photograph)
    assert (found.format, found.ending, found.make) == ("RAF", "raf", "ACME")
    assert found.taken == "2026-05-03T09:05:00.25"
    assert (found.width, found.height) == (40, 60)
    assert raw.preview(content) == inner


def canon(preview: bytes) -> bytes:
    def box(kind: bytes, *inside: bytes) -> bytes:
        content = b"".join(inside)
        return struct.pack(">I4s", 8 + len(content), kind) + content

    main = Image.Exif()
    main[0x010F], main[0x0110] = "Canon", "EOS R5"
    camera = Image.Exif()
    camera[0x9003], camera[0x9011] = "2026:05:03 09:05:00", "-06:00"
    parts = [box(kind, part.tobytes().removeprefix(b"Exif\0\0"))
             for kind, part in ((b"CMT1", main), (b"CMT2", camera))]  # fmt: skip
    return (
        box(b"ftyp", b"crx \0\0\0\1crx isom")
        + box(b"moov", box(b"uuid", raw._CANON, *parts))
        + box(b"uuid", raw._PREVIEW, b"\0" * 24, preview)
    )


def test_a_cr3_is_made_of_boxes() -> None:
    content = canon(jpeg(162, 108))
    found = readers.reader_for(content[: readers.HEAD]).read(content)
    assert isinstance(found, Photograph)
    assert (found.format, found.make, found.model) == ("CR3", "Canon", "EOS R5")
    assert (found.taken, found.offset_s) == ("2026-05-03T09:05:00", -21600)
    assert (found.width, found.height) == (162, 108)
    assert raw.preview(content) == jpeg(162, 108)


def test_a_plain_tiff_is_no_raw() -> None:
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "TIFF")
    with pytest.raises(BadInput, match="a TIFF picture"):
        raw.read(out.getvalue())


def test_directories_in_a_ring_end() -> None:
    content = bytearray(tiff("SONY", previews=(jpeg(),)))
    ring = bytes(content[:8]) + struct.pack("<HHHII", 1, 0x014A, 4, 1, 8) + struct.pack("<I", 8)
    with pytest.raises(BadInput):
        raw.read(ring)


@pytest.mark.parametrize(
    "whole", [tiff("SONY", previews=(jpeg(),)), canon(jpeg())], ids=["tiff", "cr3"]
)
def test_damage_of_any_kind_is_no_more_than_bad_input(whole: bytes) -> None:
    chance = random.Random(7)
    for _ in range(2000):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            content[chance.randrange(len(content))] = chance.choice((0, 1, 127, 255))
        broken = bytes(content[: chance.randint(8, len(content))])
        raw.preview(broken)
        try:
            raw.read(broken)
        except BadInput:
            continue
