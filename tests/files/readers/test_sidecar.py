"""Files beside photos: what they tell, and about which photo."""

from __future__ import annotations

import json
import random

import pytest

from convoylog.errors import BadInput
from convoylog.files.readers import sidecar
from convoylog.model.photos import Photograph, Sidecar

PHOTO = Photograph("JPEG", 40, 30)


def xmp(attributes: str = "", inside: str = "") -> bytes:
    return f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r"><rdf:Description
      xmlns:exif="e" xmlns:dc="d" {attributes}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>""".encode()


def takeout(**more: object) -> bytes:
    row: dict[str, object] = {
        "title": "IMG_1.jpg",
        "photoTakenTime": {"timestamp": "1809356732", "formatted": "03.05.2027"},
        "geoData": {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0},
    }
    return json.dumps({**row, **more}).encode()


def told(content: bytes) -> Sidecar:
    found = sidecar.recognise(content)
    assert found is not None
    return found


def test_xmp_tells_time_position_height_and_caption() -> None:
    found = told(
        xmp(
            'exif:DateTimeOriginal="2027-05-03T09:05:32.25-06:00"'
            ' exif:GPSLatitude="39,44.352N" exif:GPSLongitude="104,59,25.08W"'
            ' exif:GPSAltitude="16093/10" exif:GPSAltitudeRef="0"',
            "<dc:description><rdf:Alt><rdf:li xml:lang='x'>First <b/>snow</rdf:li></rdf:Alt>"
            "</dc:description>",
        )
    )
    assert ("2027-05-03T09:05:32.250000", -21_600) == (found.taken, found.offset_s)
    assert (39.7392, -104.9903, 1609.3) == pytest.approx((found.lat, found.lon, found.ele))
    assert "snow" in found.caption


def test_xmp_may_write_properties_as_elements() -> None:
    found = told(xmp("", "<exif:DateTimeOriginal>2027-05-03T09:05:32</exif:DateTimeOriginal>"
                         "<exif:GPSLatitude>39,44.352S</exif:GPSLatitude>"
                         "<exif:GPSLongitude>104,59.418E</exif:GPSLongitude>"))  # fmt: skip
    assert ("2027-05-03T09:05:32", None) == (found.taken, found.offset_s)
    assert (-39.7392, 104.9903) == pytest.approx((found.lat, found.lon))


@pytest.mark.parametrize(
    "place", ['exif:GPSLatitude="95,0N" exif:GPSLongitude="16,0E"', 'exif:GPSLatitude="39,44N"',
              'exif:GPSLatitude="39,44E" exif:GPSLongitude="16,0E"'])  # fmt: skip
def test_an_impossible_position_is_told_and_not_used(place: str) -> None:
    found = told(xmp(place))
    assert (None, None) == (found.lat, found.lon)
    assert "its position is none" in found.warnings[0]


@pytest.mark.parametrize("time", ["2027-02-30T09:05:32", "yesterday", "1904-01-01T00:00:00"])
def test_a_time_that_never_was_is_told_and_not_used(time: str) -> None:
    found = told(xmp(f'exif:DateTimeOriginal="{time}"'))
    assert "" == found.taken
    assert ("its time cannot be read",) == found.warnings


def test_takeouts_json_tells_time_position_and_caption() -> None:
    found = told(takeout(description="Lunch", geoDataExif={"latitude": 39.7, "longitude": -105.0}))
    assert ("2027-05-03T15:05:32", 0, "Lunch") == (found.taken, found.offset_s, found.caption)
    assert (39.7, -105.0, False) == (found.lat, found.lon, found.guessed)


def test_a_position_that_only_google_knows_is_told_as_perhaps_a_guess() -> None:
    found = told(takeout(geoData={"latitude": 39.7, "longitude": -105.0, "altitude": 1600}))
    assert found.guessed
    assert "may have guessed" in sidecar.told_by(PHOTO, found).warnings[0]


def test_zero_degrees_is_how_takeout_says_unknown() -> None:
    assert told(takeout()).lat is None


@pytest.mark.parametrize(
    "more",
    [{"photoTakenTime": {"timestamp": "1e99"}}, {"photoTakenTime": {}},
     {"photoTakenTime": {"timestamp": -1}}, {"title": 7, "description": ["a"]},
     {"geoData": {"latitude": "NaN", "longitude": 5}}, {"geoData": [1, 2]}])  # fmt: skip
def test_odd_values_are_unknown(more: dict[str, object]) -> None:
    found = told(takeout(**more))
    assert found.lat is None
    assert isinstance(found.title, str)


def test_other_files_are_none() -> None:
    assert sidecar.recognise(b'{"locations": []}') is None
    assert sidecar.recognise(b"<gpx></gpx>") is None
    assert sidecar.recognise(b'{"photoTakenTime": 5}') is None
    assert sidecar.recognise(b"<x:xmpmeta " + bytes(sidecar.LARGEST)) is None


@pytest.mark.parametrize(
    "content",
    [xmp()[:-20], b"<!DOCTYPE x [<!ENTITY a 'b'>]><x:xmpmeta >&a;</x:xmpmeta>",
     b"<x:xmpmeta >" + b"<a>" * 100, takeout()[:-3], b'{"photoTakenTime":' + b"[" * 200_000],
)  # fmt: skip
def test_broken_and_hostile_ones_are_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        sidecar.recognise(content)


def test_damage_anywhere_raises_nothing_but_bad_input() -> None:
    chance = random.Random(2)
    for whole in (xmp('exif:GPSLatitude="39,44N"'), takeout()):
        for _ in range(2000):
            broken = bytearray(whole)
            for _ in range(chance.randint(1, 6)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            try:
                sidecar.recognise(bytes(broken))
            except BadInput:
                continue


def test_what_the_photo_says_itself_counts_first() -> None:
    photo = Photograph("JPEG", 4, 3, "2027-05-03T10:00:00", lat=1.0, lon=2.0, caption="mine")
    found = told(takeout(description="other", geoDataExif={"latitude": 39.7, "longitude": -105}))
    assert photo == sidecar.told_by(photo, found)


def test_google_knows_no_zone_for_a_photo_that_says_its_wall_time() -> None:
    photo = Photograph("JPEG", 4, 3, "2027-05-03T15:05:32")
    assert sidecar.told_by(photo, told(takeout())).offset_s is None


def test_a_photo_without_time_gets_its_sidecars() -> None:
    found = sidecar.told_by(PHOTO, told(takeout()))
    assert ("2027-05-03T15:05:32", 0, "Google Takeout") == (
        found.taken, found.offset_s, found.offset_from,
    )  # fmt: skip


XMP = Sidecar("XMP")


def google(title: str) -> Sidecar:
    return Sidecar("Google Takeout", title=title)


@pytest.mark.parametrize(
    ("name", "what", "pictures", "expected"),
    [
        ("IMG_1.jpg.xmp", XMP, ["IMG_1.cr2", "IMG_1.jpg"], "IMG_1.jpg"),
        ("IMG_1.xmp", XMP, ["IMG_1.JPG", "IMG_1.CR2"], "IMG_1.CR2"),
        ("IMG_1.xmp", XMP, ["IMG_1.JPG", "IMG_11.JPG"], "IMG_1.JPG"),
        ("img_1.XMP", XMP, ["IMG_1.JPG"], "IMG_1.JPG"),
        ("IMG_1.xmp", XMP, ["IMG_2.JPG"], ""),
        ("a.jpg.json", google("a.jpg"), ["a.jpg"], "a.jpg"),
        ("a.jpg.supplemental-metadata.json", google("a.jpg"), ["a.jpg", "b.jpg"], "a.jpg"),
        ("a.jpg.supplemental-meta.json", google("a.jpg"), ["a.jpg"], "a.jpg"),
        ("a.jpg.su.json", google("a.jpg"), ["a.jpg"], "a.jpg"),
        # the number stands behind the ending in one name and before it in the other
        ("a.jpg(1).json", google("a.jpg"), ["a.jpg", "a(1).jpg"], "a(1).jpg"),
        ("a.jpg.supplemental-metadata(2).json", google("a.jpg"), ["a.jpg", "a(2).jpg"], "a(2).jpg"),
        ("a.jpg(1).json", google("a.jpg"), ["a.jpg"], ""),
        # a name of more letters than Takeout keeps
        (f"{'x' * 46}.json", google(f"{'x' * 60}.jpg"), [f"{'x' * 47}.jpg"], f"{'x' * 47}.jpg"),
        ("metadata.json", google("Denver"), ["a.jpg"], ""),
    ],
)
def test_a_sidecar_finds_its_photo(
    name: str, what: Sidecar, pictures: list[str], expected: str
) -> None:
    assert expected == sidecar.partner(name, what, pictures)
    assert expected == sidecar.partner(name, what, pictures[::-1])
