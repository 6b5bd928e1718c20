"""Clips tell when, where, how long and with what, without a decoder."""

from __future__ import annotations

import csv
import random
import struct

import pytest

from convoylog.errors import BadInput
from convoylog.files import readers
from convoylog.files.readers import video
from convoylog.files.readers.limits import Limits
from tests.corpus import corpus
from tests.files.readers.test_heif import box, full

#: 2027-05-03T15:05:32Z in seconds since 1904
MADE = 1_809_356_732 + 2_082_844_800
UPRIGHT = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
TURNED = (0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)


def header(made: int = MADE, *, long: bool = False) -> bytes:
    if long:
        return full(b"mvhd", struct.pack(">QQIQ", made, made, 600, 7500), bytes(80), version=1)
    return full(b"mvhd", struct.pack(">IIII", made, made, 600, 7500), bytes(80))


def track(width: int = 1920, height: int = 1080, matrix: tuple[int, ...] = UPRIGHT) -> bytes:
    rows = struct.pack(">IIIII", 0, 0, 1, 0, 0) + bytes(16)
    shape = struct.pack(">9iII", *matrix, width << 16, height << 16)
    return box(b"trak", full(b"tkhd", rows, shape))


def keyed(**said: str) -> bytes:
    """Apple's texts; keys without the common begin, "_" for "."."""
    names = [b"com.apple.quicktime." + key.replace("_", ".").encode() for key in said]
    keys = full(b"keys", struct.pack(">I", len(names)), *(box(b"mdta", key) for key in names))
    values = [
        box(struct.pack(">I", n), box(b"data", struct.pack(">II", 1, 0), text.encode()))
        for n, text in enumerate(said.values(), 1)
    ]
    return box(b"meta", full(b"hdlr", bytes(20)), keys, box(b"ilst", *values))


def clip(*inside: bytes, brand: bytes = b"qt  ") -> bytes:
    return box(b"ftyp", brand, bytes(4)) + box(b"mdat", bytes(64)) + box(b"moov", *inside)


def test_a_phones_clip_tells_all_that_a_photo_does() -> None:
    found = video.read(
        clip(
            header(),
            track(),
            keyed(
                creationdate="2027-05-03T09:05:30-0600",
                location_ISO6709="+39.7392-104.9903+1609.344/",
                make="Acme",
                model="Phone 9",
                content_identifier="4F1B",
            ),
        )
    )
    assert ("2027-05-03T09:05:30", -21_600) == (found.taken, found.offset_s)
    assert (39.7392, -104.9903, 1609.344) == (found.lat, found.lon, found.ele)
    assert ("Acme", "Phone 9", "4F1B") == (found.make, found.model, found.content_id)
    assert ("video", "mov", 12.5, 1920, 1080) == (
        found.kind, found.ending, found.duration_s, found.width, found.height,
    )  # fmt: skip
    assert () == found.warnings


def test_the_headers_time_is_utc_and_told_as_less_sure() -> None:
    for long in (False, True):
        found = video.read(clip(header(long=long), track(), brand=b"mp42"))
        assert ("2027-05-03T15:05:32", 0, "mvhd") == (
            found.taken, found.offset_s, found.offset_from,
        )  # fmt: skip
        assert 12.5 == found.duration_s
        assert "some cameras write local time" in found.warnings[0]
        assert "mp4" == found.ending


@pytest.mark.parametrize("made", [0, 2_082_844_800])
def test_a_clock_that_was_never_set_is_no_time(made: int) -> None:
    found = video.read(clip(header(made), track()))
    assert ("", None) == (found.taken, found.offset_s)


def test_a_clip_held_upright_is_higher_than_wide() -> None:
    found = video.read(clip(header(), track(matrix=TURNED)))
    assert (1080, 1920) == (found.width, found.height)


def test_an_older_phones_short_texts_and_3gpps_position_are_read() -> None:
    text = b"+48.2082+016.3738/"
    user = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(text), 0x15C7), text))
    found = video.read(clip(header(), track(), user))
    assert (48.2082, 16.3738, None) == (found.lat, found.lon, found.ele)
    place = struct.pack(">3i", int(16.3738 * 65_536), int(48.2082 * 65_536), 0)
    user = box(b"udta", full(b"loci", b"\x15\xc7", b"Wien\0", b"\0", place, b"earth\0\0"))
    found = video.read(clip(header(), track(), user))
    assert (48.2082, 16.3738) == pytest.approx((found.lat, found.lon), abs=1e-4)


@pytest.mark.parametrize("text", ["+00.0000+000.0000/", "+95.0+016.3/", "somewhere"])
def test_a_position_that_is_none_is_told_and_left_out(text: str) -> None:
    found = video.read(clip(header(), track(), keyed(location_ISO6709=text)))
    assert found.lat is None
    assert "its position is none" in found.warnings[-1]


def test_sound_alone_and_a_clip_cut_off_are_refused_in_plain_words() -> None:
    with pytest.raises(BadInput, match="sound alone"):
        video.read(clip(header(), track(0, 0)))
    with pytest.raises(BadInput, match="cut off"):
        video.read(clip(header(), track())[:80])
    with pytest.raises(BadInput, match="larger than"):
        video.read(bytes(2000), Limits(photo_bytes=1000))


def test_damage_anywhere_raises_nothing_but_bad_input() -> None:
    whole = clip(header(), track(), keyed(creationdate="2027-05-03T09:05:30-0600", make="A"))
    chance = random.Random(1)
    for _ in range(3000):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            found = video.read(bytes(broken[: chance.randint(0, len(broken))]))
        except BadInput:
            continue
        assert found.lat is None or abs(found.lat) <= 90


def test_clips_of_the_corpus_say_what_their_manifest_says() -> None:
    folder = corpus("photos")
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file, delimiter="\t") if r["file"].startswith("video/")]
    assert rows
    for row in rows:
        content = (folder / row["file"]).read_bytes()
        reader = readers.recognise(content[: readers.HEAD])
        assert reader is readers.READERS["video"]
        found = video.read(content)
        said = f"{found.lat:+08.4f}{found.lon:+09.4f}{found.ele:+.3f}/"
        assert row["gps"] == said
