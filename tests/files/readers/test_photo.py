"""What a picture says about itself, as far as it can be believed."""

from __future__ import annotations

import io
import struct
import zlib
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from convoylog.errors import BadInput
from convoylog.files.readers import exif, photo
from convoylog.model.photos import Photograph

MAIN, CAMERA, GPS = 0, 0x8769, 0x8825
MAKE, MODEL, ORIENTATION = 0x10F, 0x110, 0x112
TAKEN, SUBSEC, OFFSET, OTHER_OFFSET, SERIAL = 0x9003, 0x9291, 0x9011, 0x9010, 0xA431


def picture(
    *tags: tuple[int, int, object], form: str = "JPEG", size: tuple[int, int] = (30, 20)
) -> bytes:
    """A picture whose EXIF holds (directory, tag, value)."""
    exif = Image.Exif()
    for directory, tag, value in tags:
        (exif.get_ifd(directory) if directory else exif)[tag] = value
    out = io.BytesIO()
    Image.new("RGB", size).save(out, form, exif=exif)
    return out.getvalue()


def read(*tags: tuple[int, int, object]) -> Photograph:
    return photo.read(picture(*tags))


def degrees(*parts: object) -> tuple[IFDRational, ...]:
    return tuple(IFDRational(*Fraction(str(part)).as_integer_ratio()) for part in parts)


def gps(lat: object = degrees(52, 5, "6.5"), lat_ref: object = "N", lon: object = degrees(5, 7, 0),
        lon_ref: object = "W") -> tuple[tuple[int, int, object], ...]:  # fmt: skip
    return (GPS, 1, lat_ref), (GPS, 2, lat), (GPS, 3, lon_ref), (GPS, 4, lon)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_size_camera_and_time_of_every_format(form: str) -> None:
    content = picture(
        (MAIN, MAKE, "Acme"), (MAIN, MODEL, "One"), (CAMERA, SERIAL, "77"),
        (CAMERA, TAKEN, "2010:08:05 18:30:00"), (CAMERA, SUBSEC, "250"),
        (CAMERA, OFFSET, "+05:30"), form=form,
    )  # fmt: skip
    assert photo.read(content) == Photograph(
        form, 30, 20, "2010-08-05T18:30:00.25", 19800, make="Acme", model="One", serial="77",
        offset_from="OffsetTimeOriginal",
    )  # fmt: skip


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_without_exif_says_its_size_only(form: str) -> None:
    assert photo.read(picture(form=form)) == Photograph(form, 30, 20)


@pytest.mark.parametrize(
    ("orientation", "read_as", "size"),
    [(1, 1, (30, 20)), (3, 3, (30, 20)), (6, 6, (20, 30)), (8, 8, (20, 30)), (0, 1, (30, 20)),
     (255, 1, (30, 20))],
)  # fmt: skip
def test_size_is_as_shown_upright(orientation: int, read_as: int, size: tuple[int, int]) -> None:
    found = read((MAIN, ORIENTATION, orientation))
    assert (found.orientation, (found.width, found.height)) == (read_as, size)


@pytest.mark.parametrize("blank", ["    :  :     :  :  ", "0000:00:00 00:00:00", "", "\0" * 19])
def test_a_blank_date_is_unknown_without_a_word(blank: str) -> None:
    found = read((CAMERA, TAKEN, blank))
    assert (found.taken, found.warnings) == ("", ())


@pytest.mark.parametrize("bad", ["2010:13:05 18:30:00", "2010:08:05 18:30:61", "yesterday",
                                 "2010:08:05", "2010:02:30 10:00:00"])  # fmt: skip
def test_a_date_that_cannot_be_is_unknown_and_told(bad: str) -> None:
    found = read((CAMERA, TAKEN, bad))
    assert (found.taken, found.warnings) == ("", ("its date cannot be read",))


def test_second_60_is_the_next_minute() -> None:
    assert read((CAMERA, TAKEN, "2016:12:31 23:59:60")).taken == "2017-01-01T00:00:00"


def test_a_clock_that_was_never_set_is_told() -> None:
    found = read((CAMERA, TAKEN, "1980:01:01 00:00:12"))
    assert found.taken == "1980-01-01T00:00:12"
    assert found.warnings == ("its date is in 1980: a clock that was never set?",)


def test_the_offset_of_the_original_counts_before_that_of_the_file() -> None:
    found = read(
        (CAMERA, TAKEN, "2010:08:05 18:30:00"),
        (MAIN, 0x132, "2010:08:05 18:30:00"),
        (CAMERA, OTHER_OFFSET, "+01:00"),
        (CAMERA, OFFSET, "+02:00"),
    )
    assert (found.offset_s, found.offset_from) == (7200, "OffsetTimeOriginal")


def test_the_offset_of_another_date_is_not_used() -> None:
    assert (
        read((CAMERA, TAKEN, "2010:08:05 18:30:00"), (CAMERA, OTHER_OFFSET, "+02:00")).offset_s
        is None
    )


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("+00:00", 0), ("-03:30", -12600), ("+14:00", 50400), ("-0700", -25200), ("   :  ", None)],
)
def test_offsets_are_seconds_east(text: str, seconds: int | None) -> None:
    found = read((CAMERA, OFFSET, text))
    assert (found.offset_s, found.warnings) == (seconds, ())


@pytest.mark.parametrize("text", ["3Z12", "+15:00", "-13:00", "+02:75", "Z"])
def test_offsets_of_no_place_are_unknown_and_told(text: str) -> None:
    found = read((CAMERA, OFFSET, text))
    assert (found.offset_s, found.warnings) == (None, ("its UTC offset cannot be read",))


def test_position_height_and_gps_time() -> None:
    found = read(
        *gps(), (GPS, 5, b"\x01"), (GPS, 6, IFDRational(84, 2)),
        (GPS, 7, degrees(16, 30, "1.5")), (GPS, 29, "2010:08:05"),
    )  # fmt: skip
    assert found.lat == pytest.approx(52 + 5 / 60 + 6.5 / 3600)
    assert found.lon == pytest.approx(-(5 + 7 / 60))
    assert (found.ele, found.gps_at) == (-42.0, 1281025801.5)
    assert found.warnings == ()


@pytest.mark.parametrize(
    "tags",
    [
        gps(lat=(IFDRational(0, 0),) * 3),
        gps(lat=degrees(91, 0, 0)),
        gps(lat=degrees(89, 60, 60)[:2]),
        gps(lat=degrees(90, 0, 1)),
        gps(lon=degrees(180, 1, 0)),
        gps(lat_ref="X"),
        gps(lon_ref=""),
        gps()[:2],
    ],
)
def test_half_or_impossible_positions_are_unknown_and_told(
    tags: tuple[tuple[int, int, object], ...],
) -> None:
    found = read(*tags)
    assert (found.lat, found.lon) == (None, None)
    assert found.warnings == ("its GPS position cannot be read",)


def test_position_zero_zero_means_none() -> None:
    found = read(*gps(lat=degrees(0, 0, 0), lon=degrees(0, 0, 0)))
    assert (found.lat, found.lon) == (None, None)
    assert len(found.warnings) == 1


def test_a_position_on_the_equator_is_one() -> None:
    assert read(*gps(lat=degrees(0, 0, 0))).lat == 0.0


@pytest.mark.parametrize("day", ["2014:09:259", "2014:00:00", "later"])
def test_a_bad_gps_date_leaves_the_position(day: str) -> None:
    found = read(*gps(), (GPS, 7, degrees(1, 2, 3)), (GPS, 29, day))
    assert found.gps_at is None
    assert found.lat is not None
    assert found.warnings == ("its GPS time cannot be read",)


def test_a_gps_time_without_date_is_unknown() -> None:
    found = read(*gps(), (GPS, 7, degrees(1, 2, 3)))
    assert (found.gps_at, found.warnings) == (None, ())


def test_a_gps_date_before_gps_is_unknown() -> None:
    assert read((GPS, 7, degrees(1, 0, 14)), (GPS, 29, "1899:12:30")).gps_at is None


def test_names_are_one_short_line_of_visible_text() -> None:
    found = read((MAIN, MODEL, "\x1b[31mRED\x07  one\n" + "x" * 200))
    assert found.model.startswith("[31mRED one xx")
    assert len(found.model) == exif.MAX_NAME
    assert found.model.isprintable()


def test_exif_behind_the_pixels_of_a_png_is_found() -> None:
    content = picture(form="PNG")
    tiff = picture((MAIN, MODEL, "One"), form="PNG")
    chunk = tiff[tiff.index(b"eXIf") - 4 :]
    chunk = chunk[: 12 + int.from_bytes(chunk[:4])]
    end = content.index(b"IEND") - 4
    assert photo.read(content[:end] + chunk + content[end:]).model == "One"


def png_of(width: int, height: int) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("size", "says"), [((10_000, 8_001), "80 mega"), ((40_000, 40_000), "1,600 mega")]
)
def test_more_than_80_megapixels_are_refused_with_their_size(
    size: tuple[int, int], says: str
) -> None:
    assert photo.read(png_of(10_000, 8_000)).width == 10_000
    with pytest.raises(BadInput, match=f"a picture of {says}pixels, over the limit of 80"):
        photo.read(png_of(*size))


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"<html>"]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        photo.read(content)


_WHOLE = picture(
    (MAIN, MAKE, "Acme"), (MAIN, ORIENTATION, 6), (CAMERA, TAKEN, "2010:08:05 18:30:00"),
    (CAMERA, OFFSET, "+05:30"), (GPS, 7, degrees(1, 2, 3)), (GPS, 29, "2010:08:05"), *gps(),
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 420), st.integers(0, 255)), max_size=5),
    st.integers(0, len(_WHOLE)),
)
def test_damaged_bytes_give_possible_values_or_bad_input(
    flips: list[tuple[int, int]], end: int
) -> None:
    content = bytearray(_WHOLE)
    for at, value in flips:
        content[at % len(content)] = value
    for damaged in (bytes(content), bytes(content[:end])):
        try:
            found = photo.read(damaged)
        except BadInput:
            continue
        assert found.lat is None or -90 <= found.lat <= 90
        assert found.lon is None or -180 <= found.lon <= 180
        assert (found.lat is None) == (found.lon is None)
        assert 1 <= found.orientation <= 8
        assert found.make.isprintable()
