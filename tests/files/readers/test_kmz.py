"""KMZ: a KML in a zip, never extracted."""

from __future__ import annotations

import io
import zipfile

import pytest

from convoylog.errors import BadInput
from convoylog.files.readers import READERS, kmz, recognise
from convoylog.files.readers.limits import Limits
from tests.files.readers.test_kml import DAY, document


def packed(*members: tuple[str, bytes], stored: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(
        out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    ) as zipped:
        for name, content in members:
            zipped.writestr(name, content)
    return out.getvalue()


EMPTY = document()
KMZ = packed(("doc.kml", DAY), ("files/icon.png", b"\x89PNG"))


def test_the_document_inside_is_read_and_the_rest_told() -> None:
    found = kmz.read(KMZ)
    assert ("KML 2.2, KMZ", 3, 1) == (found.format, found.points, len(found.waypoints))
    assert ("1 other file in the archive not read",) == found.warnings


def test_doc_kml_comes_first_and_others_are_told() -> None:
    found = kmz.read(packed(("another.kml", document()), ("doc.kml", DAY)))
    assert 3 == found.points
    assert "1 other KML document in the archive not kept: another.kml" in found.warnings


def test_a_first_document_without_a_position_is_passed_over() -> None:
    assert 3 == kmz.read(packed(("doc.kml", EMPTY), ("files/day.kml", DAY))).points


def test_nothing_is_written_by_names_that_lead_out() -> None:
    assert 3 == kmz.read(packed(("../../day.kml", DAY))).points


def test_a_document_that_swells_is_refused_before_it_does() -> None:
    with pytest.raises(BadInput, match="larger than 1 MiB when unpacked"):
        kmz.read(packed(("doc.kml", b" " * 2**21)), Limits(track_bytes=2**20))


def test_a_lying_size_is_refused() -> None:
    content = bytearray(packed(("doc.kml", DAY)))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(BadInput):
        kmz.read(bytes(content))


def test_members_sharing_bytes_are_refused() -> None:
    content = bytearray(packed(("a.kml", DAY), ("b.kml", DAY)))
    at = content.rindex(b"PK\x01\x02")
    content[at + 42 : at + 46] = bytes(4)
    with pytest.raises(BadInput):
        kmz.read(bytes(content))


def test_an_encrypted_member_is_refused() -> None:
    content = bytearray(packed(("doc.kml", DAY)))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(BadInput, match="encrypted"):
        kmz.read(bytes(content))


def test_two_members_of_one_name_are_refused() -> None:
    with pytest.raises(BadInput, match="two members"):
        kmz.read(packed(("Doc.kml", DAY), ("doc.kml", DAY)))


def test_thousands_of_members_are_refused() -> None:
    with pytest.raises(BadInput, match="members"):
        kmz.read(packed(*((f"{n}.txt", b"") for n in range(5_100)), ("doc.kml", DAY), stored=True))


@pytest.mark.parametrize(
    "content",
    [KMZ[:-30], KMZ[:40], packed(("letter.txt", b"Dear"))],
    ids=[
        "its list cut",
        "its head alone",
        "a letter",
    ],  # the bytes hold the time they were packed at
)
def test_what_is_cut_or_holds_no_document_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        kmz.read(content)


def test_it_is_told_from_a_zip_of_recordings() -> None:
    assert READERS["kmz"] is recognise(KMZ)
    assert READERS["kmz"] is recognise(packed(("day.kml", DAY), ("icon.png", b"")))
    assert READERS["zip"] is recognise(packed(("day.kml", DAY), ("day.gpx", b"<gpx/>")))
