"""HEIC, HEIF and AVIF tell their facts without a decoder."""

from __future__ import annotations

import csv
import random
import struct

import pytest
from PIL import Image

from convoylog.errors import BadInput
from convoylog.files import readers
from convoylog.files.readers import heif
from convoylog.files.readers.limits import Limits
from tests.corpus import corpus


def box(kind: bytes, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def full(kind: bytes, *inside: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *inside)


def exif(orientation: int = 1) -> bytes:
    tags = Image.Exif()
    tags[0x010F], tags[0x0110], tags[0x0112] = "Acme", "One", orientation
    inner = tags.get_ifd(0x8769)
    inner[0x9003], inner[0x9011] = "2026:05:03 09:05:00", "-06:00"
    return tags.tobytes()


def picture(
    brand: bytes = b"heic",
    size: tuple[int, int] = (40, 30),
    *,
    turns: int = 0,
    cut: tuple[int, int] | None = None,
    inside: bool = False,
    orientation: int = 1,
    extents: int = 1,
) -> bytes:
    """A picture whose second item is EXIF, stored behind the boxes or within them."""
    item = struct.pack(">I", 0) + exif(orientation).removeprefix(b"Exif\0\0")
    properties = [full(b"ispe", struct.pack(">II", *size))]
    if cut:
        properties.append(box(b"clap", struct.pack(">8I", cut[0], 1, cut[1], 1, 0, 1, 0, 1)))
    if turns:
        properties.append(box(b"irot", bytes([turns])))
    links = bytes([len(properties), *range(1, len(properties) + 1)])
    step = -(-len(item) // extents)
    pieces = [(at, min(step, len(item) - at)) for at in range(0, len(item), step)]

    def meta(base: int) -> bytes:
        rows = b"".join(struct.pack(">II", (0 if inside else base) + at, n) for at, n in pieces)
        place = struct.pack(">HHHH", 2, 1 if inside else 0, 0, len(pieces)) + rows
        return full(
            b"meta",
            full(b"pitm", struct.pack(">H", 1)),
            full(b"iinf", struct.pack(">H", 2),
                 full(b"infe", struct.pack(">HH", 1, 0), b"hvc1\0", version=2),
                 full(b"infe", struct.pack(">HH", 2, 0), b"Exif\0", version=2)),
            full(b"iloc", b"\x44\x00", struct.pack(">H", 1), place, version=1),
            box(b"iprp", box(b"ipco", *properties),
                full(b"ipma", struct.pack(">IH", 1, 1), links)),
            box(b"idat", item) if inside else b"",
        )  # fmt: skip

    head = box(b"ftyp", brand, b"\0\0\0\0", b"mif1", brand)
    base = len(head) + len(meta(0)) + 8
    return head + meta(base) + box(b"mdat", b"" if inside else item)


@pytest.mark.parametrize(
    ("brand", "form"), [(b"heic", "HEIC"), (b"avif", "AVIF"), (b"mif1", "HEIF"), (b"heix", "HEIC")]
)
@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("extents", [1, 3])
def test_size_camera_and_time(brand: bytes, form: str, inside: bool, extents: int) -> None:
    content = picture(brand, inside=inside, extents=extents)
    found = readers.reader_for(content[: readers.HEAD]).read(content)
    assert found == heif.read(content)
    assert (found.format, found.width, found.height) == (form, 40, 30)
    assert (found.make, found.model, found.taken) == ("Acme", "One", "2026-05-03T09:05:00")
    assert (found.offset_s, found.offset_from) == (-6 * 3600, "OffsetTimeOriginal")
    assert (found.ending, found.warnings) == (form.lower(), ())


def test_it_is_shown_as_its_boxes_say_whatever_exif_says() -> None:
    found = heif.read(picture(turns=3, orientation=6))
    assert (found.width, found.height, found.orientation) == (30, 40, 1)


def test_padding_to_whole_tiles_is_not_shown() -> None:
    found = heif.read(picture(size=(512, 512), cut=(462, 347)))
    assert (found.width, found.height) == (462, 347)
    assert heif.read(picture(size=(64, 64), cut=(900, 5))).width == 64


def test_too_many_pixels_are_refused() -> None:
    with pytest.raises(BadInput, match="900 megapixels, over the limit of 80"):
        heif.read(picture(size=(30_000, 30_000)))
    assert heif.read(picture(size=(30_000, 30_000)), Limits(pixels=10**9)).width == 30_000


@pytest.mark.parametrize(
    "content", [b"", b"\0\0\0\x18ftypheic", picture()[:60], picture(size=(0, 9))]
)
def test_a_broken_header_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput, match="a picture with a broken header"):
        heif.read(content)


def test_damage_of_any_kind_is_no_more_than_bad_input() -> None:
    whole = picture(inside=True, turns=1, cut=(30, 30))
    chance = random.Random(5)
    for _ in range(3000):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            content[chance.randrange(len(content))] = chance.choice((0, 1, 127, 255))
        try:
            heif.read(bytes(content[: chance.randint(8, len(content))]))
        except BadInput:
            continue


def test_phones_say_what_the_manifest_says() -> None:
    folder = corpus("photos")
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        rows = [r for r in csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE)
                if r["file"].startswith("heic/")]  # fmt: skip
    assert len(rows) > 5
    for row in rows:
        content = (folder / row["file"]).read_bytes()
        if row["file"] == "heic/issue_1793_poc.heic":
            with pytest.raises(BadInput):
                heif.read(content)
            continue
        found = heif.read(content)
        # Pillow cannot decode the cut one whole, and gives another size
        if row["file"] != "heic/truncated.heic":
            assert f"{found.width}x{found.height}" == row["size"]
        taken = row["datetime_original"].replace(":", "-", 2).replace(" ", "T")
        assert found.taken[:19] == taken
        assert bool(found.make) == bool(row["creator"])
        assert (found.lat is None) == (not row["gps"])
