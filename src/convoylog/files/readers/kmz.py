"""Reading KMZ: a KML document in a zip, read in memory, one level deep, never extracted.

Source: OGC 12-007r2, annex C: the archive's one KML at its root, by custom `doc.kml`.
"""

from __future__ import annotations

import struct
import unicodedata
import zipfile
import zlib
from dataclasses import replace
from io import BytesIO

from convoylog.errors import BadInput
from convoylog.files.readers import kml
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.tracks import Recording

#: a KMZ with a photo for each minute of a week would have 10,000; none of a drive has half of that
MAX_MEMBERS = 5_000
#: bytes of the list of members: names are at most 255 long, 46 bytes stand before each
_MAX_LIST = MAX_MEMBERS * 301
#: documents looked into, one after another, until one holds a position: some begin with a document
#: that only links to the others
_MAX_DOCUMENTS = 8
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
#: of the end record, and how far from the end it may stand: behind it a comment of 64 KiB
_END, _END_SIZE, _END_REACH = b"PK\x05\x06", 22, 22 + 2**16


def read(content: bytes, limits: Limits = LIMITS) -> Recording:
    """The recording in the first KML document that holds a position. Raises BadInput."""
    if len(content) > limits.track_bytes:
        raise BadInput(f"larger than {limits.track_bytes // 2**20} MiB")
    _refuse_long_list(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _read(archive, limits)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OSError) as error:
        raise BadInput("no zip that can be read: damaged or cut off") from error


def _read(archive: zipfile.ZipFile, limits: Limits) -> Recording:
    rows = archive.infolist()
    _refuse_members(rows)
    documents = sorted((row for row in rows if _is_kml(row.filename)), key=_rank)
    if not documents:
        raise BadInput("a zip without a KML document")
    left = limits.track_bytes
    for row in documents[:_MAX_DOCUMENTS]:
        content = _content(archive, row, left, limits)
        left -= len(content)
        found = kml.read(content, limits)
        if found.points or found.waypoints or found.routes:
            break
    others = [other.filename for other in documents if other is not row]
    told = list(found.warnings)
    if others:
        names = ", ".join(name[:60] for name in others[:3])
        some = "document" if len(others) == 1 else "documents"
        told.append(f"{len(others):,} other KML {some} in the archive not kept: {names}")
    pictures = sum(not row.is_dir() for row in rows) - len(documents)
    if pictures:
        some = "file" if pictures == 1 else "files"
        told.append(f"{pictures:,} other {some} in the archive not read")
    return replace(found, format=f"{found.format}, KMZ", warnings=tuple(told))


def _content(archive: zipfile.ZipFile, row: zipfile.ZipInfo, left: int, limits: Limits) -> bytes:
    too_large = BadInput(f"larger than {limits.track_bytes // 2**20} MiB when unpacked")
    if row.file_size > left:
        raise too_large
    try:
        with archive.open(row) as stream:
            content = stream.read(left + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise BadInput(f"damaged: {row.filename[:60]!r} does not come out whole") from error
    if len(content) > left:
        raise too_large
    return content


def _is_kml(name: str) -> bool:
    return name.lower().endswith(".kml") and not name.startswith("__MACOSX/")


def _rank(row: zipfile.ZipInfo) -> tuple[int, bool]:
    """Documents at the root come first, of these `doc.kml`; else as they stand."""
    return row.filename.count("/"), row.filename.lower() != "doc.kml"


def _refuse_long_list(content: bytes) -> None:
    """Before zipfile makes an object of every member; what has no end record it refuses itself."""
    at = len(content) - _END_SIZE
    if not content.startswith(_END, max(at, 0)):
        at = content.rfind(_END, max(0, len(content) - _END_REACH))
    if at < 0 or at + _END_SIZE > len(content):
        raise BadInput("no zip that can be read: damaged or cut off")
    (size,) = struct.unpack_from("<L", content, at + 12)
    # zip64 is for archives of over 4 GiB
    if size > _MAX_LIST or content.startswith(b"PK\x06\x07", max(at - 20, 0)):
        raise BadInput(f"a zip of more than {MAX_MEMBERS:,} members")


def _refuse_members(rows: list[zipfile.ZipInfo]) -> None:
    if len(rows) > MAX_MEMBERS:
        raise BadInput(f"a zip of more than {MAX_MEMBERS:,} members")
    names: set[str] = set()
    end = 0
    for row in sorted(rows, key=lambda row: row.header_offset):
        if row.flag_bits & _ENCRYPTED:
            raise BadInput("encrypted")
        if row.compress_type not in _METHODS:
            raise BadInput("packed in a way this program does not read")
        # members that share bytes unpack to anything. Source: cpython#109858
        if row.header_offset < end:
            raise BadInput("a zip with members that overlap")
        # 30 bytes of local header and the name stand before the content
        end = row.header_offset + 30 + len(row.orig_filename) + row.compress_size
        name = unicodedata.normalize("NFKC", row.filename).casefold()
        if name in names:
            raise BadInput(f"a zip with two members called {row.filename[:60]!r}")
        names.add(name)
