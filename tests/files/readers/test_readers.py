"""The table of readers: content decides, whatever the name says."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from convoylog.errors import BadInput
from convoylog.files import readers

GPX = b'<?xml version="1.0"?>\n<!-- a licence -->\n<gpx version="1.1"></gpx>'


def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (3, 2)).save(out, form)
    return out.getvalue()


@pytest.mark.parametrize(
    ("head", "key"),
    [
        (GPX, "gpx"),
        (b"\xef\xbb\xbf" + GPX, "gpx"),
        (GPX.decode().encode("utf-16"), "gpx"),
        (GPX.decode().encode("utf-16-le"), "gpx"),
        (b"\n <g:gpx xmlns:g='x'>", "gpx"),
        (b"<!DOCTYPE gpx [<!ENTITY a 'b'>]><gpx/>", "gpx"),
        (b"<!--" + b"x" * 9000, "gpx"),
        (picture("JPEG"), "jpeg"),
        (picture("PNG"), "png"),
        (picture("WEBP"), "webp"),
        (b"PK\x03\x04....", "zip"),
        (b"# note\n\nformat = 1\n", "toml"),
        (b"\x0e\x10\x00\x00\x00\x00\x00\x00.FIT", "fit"),
        (b"<kml xmlns='x'>", "kml"),
        (b"PK\x03\x04" + b"\0" * 26 + b"doc.kml", "kmz"),
        (b"<TrainingCenterDatabase>", "tcx"),
        (b"$GPRMC,1,A", "nmea"),
        (b'{"a": 1}', "json"),
        (b"time,lat,lon\n", "csv"),
        (b"\0\0\0\x18ftypheic", "heif"),
        (b"\0\0\0\x18ftypmp42", "video"),
        (b"II*\x00", "raw"),
        (b"id = 'a'", "toml"),
    ],
)
def test_content_tells_the_kind(head: bytes, key: str) -> None:
    assert readers.recognise(head[: readers.HEAD], "wrong.ending") is readers.READERS[key]


@pytest.mark.parametrize(
    ("head", "key"),
    [
        ("time,lat,lon\n", "csv"),
        ("Zeit;Breite;Länge\n", "csv"),
        ("Report of car 44\n\nFrom, to\ntime,latitude,longitude\n", "csv"),
        ('2024-06-01T10:00:00Z\t*\t{"_type":"location","tst":1,"lat":51,"lon":7}\n', "json"),
        ("Dear Anna,\nwe came late, so long\n", ""),
    ],
)
def test_tables_may_begin_with_a_title_and_logs_with_a_time(head: str, key: str) -> None:
    assert readers.READERS.get(key) is readers.recognise(head.encode(), "a.txt")


def test_a_png_named_gpx_is_a_png() -> None:
    reader = readers.recognise(picture("PNG"), "track.gpx")
    assert reader is not None
    assert (reader.kind, reader.ending) == ("photo", ".png")


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"<!DOCTYPE html><html>", "an HTML page: no track or photo"),
        (b"<svg>", "an SVG drawing: no track or photo"),
        (b"%PDF-1.7", "a PDF document: no track or photo"),
        (b"RIFF....WAVE", "no track or photo that this version reads"),
        (b"hello\n", "no track or photo that this version reads"),
        (b"", "the file is empty"),
    ],
)
def test_what_is_not_read_is_named(head: bytes, says: str) -> None:
    assert readers.recognise(head, "x.gpx") is None
    with pytest.raises(BadInput, match=f"^{says}"):
        readers.reader_for(head, "x.gpx")


@pytest.mark.parametrize("head", [b"\n" * 8192, b"<!--" * 2048, b"<!DOCTYPE " + b"]" * 8000,
                                  b"[[" * 4000, b"# \n" * 2700, b"<?" * 4096])  # fmt: skip
def test_heads_made_to_be_slow_are_told_apart_at_once(head: bytes) -> None:
    readers.recognise(head, "x")  # a pattern that goes back and forth would take minutes


@pytest.mark.parametrize("key", readers.READERS)
def test_every_line_reads_or_raises_bad_input(key: str) -> None:
    reader = readers.READERS[key]
    assert reader.ending.startswith(".")
    for content in (b"", b"\0" * 20, b"PK\x03\x04", b"\xff\xd8\xff\xe1\xff\xff", b"<gpx>"):
        with pytest.raises(BadInput):
            reader.read(content)


def test_recognising_loads_no_heavy_library() -> None:
    source = Path(readers.__file__).read_text("utf-8")
    assert not [line for line in source.splitlines() if line.startswith(("import PIL", "from PIL"))]
