from __future__ import annotations

import hashlib
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convoylog.errors import BadInput, ConvoylogError
from convoylog.files import bundle, scan, toml, zips
from tests.corpus import corpus

_ID = "20270503t101500z-0123456789"
_LOGBOOK = toml.write_version({"kind": "logbook", "title": "Rally"}, entry_id=_ID).text.encode()


def _zip(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes], logbook: bool = True) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*((("logbook.toml", _LOGBOOK),) if logbook else ()), *members):
            archive.writestr(name, content)
    return path


def _named(name: str) -> zipfile.ZipInfo:
    """A member of exactly this name; ZipInfo itself would mend it."""
    row = zipfile.ZipInfo("x")
    row.filename = row.orig_filename = name
    return row


def open_bundle(path: Path) -> bundle.Bundle:
    (found,) = bundle.open_bundles(path)
    return found


def _refused(path: Path) -> str:
    with pytest.raises(BadInput) as told:
        open_bundle(path)
    return str(told.value)


def test_what_was_packed_is_read_back(tmp_path: Path) -> None:
    members = {"logbook.toml": _LOGBOOK, "cars/anna/photos/p.jpg": b"\xff\xd8 photo"}
    path = tmp_path / "a.zip"
    path.write_bytes(bundle.build(members))
    found = open_bundle(path)
    assert members == {name: found.read(name, 1 << 20) for name in members}
    assert ["cars", "logbook.toml"] == [n for n in found.names("") if n != bundle.SUMS]
    assert ["p.jpg"] == found.names("cars/anna/photos")
    assert found.is_folder("cars/anna")
    assert not found.is_folder("cars/anna/photos/p.jpg")
    assert [] == found.names("nowhere")
    assert "Rally" == scan.scan(found).entries[0].version.fields["title"]


def test_the_same_members_are_the_same_bundle_byte_for_byte() -> None:
    members = {"b": b"2", "logbook.toml": _LOGBOOK, "a": b"1"}
    assert bundle.build(members) == bundle.build(dict(reversed(members.items())))


def test_the_sums_are_those_that_sha256sum_checks(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(bundle.build({"logbook.toml": _LOGBOOK}))
    with zipfile.ZipFile(path) as archive:
        told = archive.read(bundle.SUMS).decode()
    assert f"{hashlib.sha256(_LOGBOOK).hexdigest()}  logbook.toml\n" == told


def test_a_folder_zipped_by_a_person_is_read_one_deeper(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", ("rally/logbook.toml", _LOGBOOK), ("rally/x", b"y"),
                logbook=False)  # fmt: skip
    found = open_bundle(path)
    assert ["logbook.toml", "x"] == found.names("")


@pytest.mark.parametrize(
    ("reason", "name"),
    [
        ("leads out of the zip", "../escape.toml"),
        ("leads out of the zip", "cars/../../escape.toml"),
        ("leads out of the zip", "/etc/passwd"),
        ("leads out of the zip", "C:/windows/system.ini"),
        ("hostile name", "cars\\..\\..\\escape.toml"),
        ("named like a device", "cars/con"),
        ("named like a device", "cars/NUL.toml"),
        ("named like a device", "cars/com1.gpx"),
    ],
)
def test_a_member_is_refused_by_its_name(tmp_path: Path, reason: str, name: str) -> None:
    assert reason in _refused(_zip(tmp_path / "a.zip", (_named(name), b"x")))
    assert ["a.zip"] == [path.name for path in tmp_path.iterdir()]


def test_a_name_cut_by_a_nul_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", ("cars/good.toml!evil", b"x"))
    path.write_bytes(path.read_bytes().replace(b"toml!evil", b"toml\0evil"))
    assert "hostile name" in _refused(path)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("cars/Anna/car.toml", "cars/anna/car.toml"),
        ("cars/caf\u00e9", "cars/cafe\u0301"),
        ("x", "\uff58"),  # full width
    ],
)
def test_two_members_that_some_disks_take_for_one_are_refused(
    tmp_path: Path, first: str, second: str
) -> None:
    assert "two members called" in _refused(_zip(tmp_path / "a.zip", (first, b"1"), (second, b"2")))


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO])
def test_a_link_or_device_is_refused(tmp_path: Path, mode: int) -> None:
    row = zipfile.ZipInfo("cars/link")
    row.external_attr = (mode | 0o777) << 16
    assert "link or device" in _refused(_zip(tmp_path / "a.zip", (row, b"/etc/passwd")))


def _patched(path: Path, *, central: int, value: int, size: str = "<H") -> Path:
    """Change a number in the central record of the last member."""
    content = bytearray(path.read_bytes())
    struct.pack_into(size, content, content.rindex(b"PK\x01\x02") + central, value)
    path.write_bytes(content)
    return path


def test_an_encrypted_bundle_is_refused(tmp_path: Path) -> None:
    path = _patched(_zip(tmp_path / "a.zip", ("x", b"y")), central=8, value=1)
    assert "encrypted" == _refused(path)


def test_a_packing_this_program_does_not_read_is_refused(tmp_path: Path) -> None:
    path = _patched(_zip(tmp_path / "a.zip", ("x", b"y")), central=10, value=14)  # LZMA
    assert "does not read" in _refused(path)


def test_members_that_overlap_are_refused(tmp_path: Path) -> None:
    # the last member's header is said to be the first's
    path = _patched(_zip(tmp_path / "a.zip", ("x", b"y")), central=42, value=0, size="<I")
    assert "overlap" in _refused(path)


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", ("cars/anna/tracks/bomb.gpx", b"\0" * (20 << 20)))
    assert "swells more than 200-fold" in _refused(path)


def test_more_than_a_bundle_may_unpack_to_is_refused(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zips, "MOST_BYTES", len(_LOGBOOK))
        patch.setattr(zips, "MOST_MEMBERS", 2)
        assert "unpacks to more" in _refused(_zip(tmp_path / "a.zip", ("x", b"y")))
        assert "more than 2 members" in _refused(_zip(tmp_path / "b.zip", ("x", b"y"), ("z", b"y")))


def test_a_wrong_checksum_is_told_for_its_member_alone(tmp_path: Path) -> None:
    row = zipfile.ZipInfo("stored")
    row.compress_type = zipfile.ZIP_STORED
    path = _zip(tmp_path / "a.zip", (row, b"the words"))
    path.write_bytes(path.read_bytes().replace(b"the words", b"teh words"))
    found = open_bundle(path)
    with pytest.raises(BadInput, match="damaged in the zip"):
        found.read("stored", 100)
    assert _LOGBOOK == found.read("logbook.toml", 1 << 20)


def test_what_the_sums_do_not_name_so_is_damaged_on_the_way(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", ("x", b"y"), (bundle.SUMS, f"{'0' * 64}  x\n".encode()))
    with pytest.raises(BadInput, match="damaged on the way"):
        open_bundle(path).read("x", 100)


def test_a_member_larger_than_its_kind_may_be_is_not_read(tmp_path: Path) -> None:
    found = open_bundle(_zip(tmp_path / "a.zip", ("x", b"12345")))
    with pytest.raises(BadInput, match="larger than"):
        found.read("x", 4)
    assert b"12345" == found.read("x", 5)


def test_a_size_that_lies_is_told(tmp_path: Path) -> None:
    path = _patched(_zip(tmp_path / "a.zip", ("x", b"12345")), central=24, value=3, size="<I")
    with pytest.raises(BadInput):
        open_bundle(path).read("x", 100)


def test_a_zip_without_a_logbook_is_none_of_ours(tmp_path: Path) -> None:
    assert "no bundle of ours" in _refused(_zip(tmp_path / "a.zip", ("x", b"y"), logbook=False))


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"Dear Anna", b"PK\x05\x06" + b"\xff" * 18]
)
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    _refused(path)


def test_a_bundle_that_is_not_there_is_told_with_a_way_on(tmp_path: Path) -> None:
    with pytest.raises(ConvoylogError, match="no such file") as told:
        open_bundle(tmp_path / "a.zip")
    assert told.value.hint


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_raises_anything_but_bad_input(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(bundle.build({"logbook.toml": _LOGBOOK, "cars/a/car.toml": b"x = 1\n"}))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    path.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))] or content))
    try:
        found = open_bundle(path)
        scan.scan(found)
        for name in found.zipped.members:
            found.read(name, 1 << 20)
    except BadInput:
        pass


@pytest.mark.parametrize(
    "name",
    ["bomb_nested.zip", "case_clash.zip", "slip_absolute.zip", "slip_symlink.zip", "good.zip"],
)
def test_hostile_archives_of_the_corpus_are_refused(name: str) -> None:
    # good.zip is a zip like any other, and no bundle of ours
    _refused(corpus("dirty/archive") / name)


@pytest.mark.parametrize("name", ["slip.tar.gz", "hardlink_device.tar.gz"])
def test_other_archives_of_the_corpus_are_no_bundles(name: str) -> None:
    assert "no zip" in _refused(corpus("dirty/archive") / name)
