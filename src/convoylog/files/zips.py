"""Zip files that came from anyone: read member by member in memory, never extracted.

Names in them only tell what a member is; the names on disk are ours.
"""

from __future__ import annotations

import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from convoylog.errors import BadInput, ConvoylogError
from convoylog.files import layout
from convoylog.files.toml import LARGEST as LARGEST_ENTRY

#: caps of one archive: the longest rally had 43 cars; 50,000 members are over 1,000 a car
MOST_MEMBERS = 50_000
MOST_BYTES = 8 * 1024**3
#: a zip cannot honestly shrink photos and tracks more than this
_MOST_SHRUNK = 200
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


@dataclass(frozen=True, slots=True)
class Zip:
    """A zip file opened for reading. members: name in the archive → where it lies."""

    archive: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]

    def read(self, name: str, cap: int) -> bytes:
        """The bytes of a member. Raises FileNotFoundError and BadInput."""
        member = self.members.get(name)
        if member is None:
            raise FileNotFoundError(name)
        if member.file_size > cap:
            raise BadInput(f"larger than {cap >> 10} KiB")
        try:
            with self.archive.open(member) as stream:
                content = stream.read(cap + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise BadInput(f"damaged in the zip ({type(error).__name__})") from None
        if len(content) > cap or len(content) != member.file_size:
            raise BadInput("its size is not what the zip says")
        return content


def open_zip(path: Path, *, alike: bool = False) -> Zip:
    """Open a zip and check everything that can be checked before a byte is believed.

    alike: let in names that differ in case only, since no file will be called by them.
    Raises BadInput: no zip, cut, encrypted, with names or sizes no honest archive has.
    """
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise ConvoylogError(
            f"no such file: {path}",
            hint="name a bundle from `convoylog pack`, or a logbook's folder",
        ) from None
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadInput(f"no zip that can be read: {str(error).lower()}") from None
    rows = archive.infolist()
    if len(rows) > MOST_MEMBERS:
        raise BadInput(f"more than {MOST_MEMBERS:,} members")
    if sum(row.file_size for row in rows) > MOST_BYTES:
        raise BadInput(f"unpacks to more than {MOST_BYTES >> 30} GiB")
    _refuse_overlap(rows)
    members: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    for row in rows:
        _refuse_member(row)
        if row.is_dir():
            continue
        key = row.filename
        if not alike:
            key = unicodedata.normalize("NFKC", key).casefold()
        if key in folded:
            raise BadInput(f"two members called {row.filename[:80]!r}")
        folded.add(key)
        members[row.filename] = row
    return Zip(archive, members)


def _refuse_member(row: zipfile.ZipInfo) -> None:
    name = row.orig_filename
    shown = repr(name[:80])
    if "\x00" in name or "\\" in name:
        raise BadInput(f"a member with a hostile name: {shown}")
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or (parts and ":" in parts[0]):
        raise BadInput(f"a member that leads out of the zip: {shown}")
    if any(part.split(".")[0].lower() in layout.DEVICES for part in parts):
        raise BadInput(f"a member named like a device: {shown}")
    mode = row.external_attr >> 16
    if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_IFMT(mode) == 0):
        raise BadInput(f"a member that is a link or device: {shown}")
    if row.flag_bits & 0x1:
        raise BadInput("encrypted")
    if row.compress_type not in _METHODS:
        raise BadInput(f"packed in a way this program does not read: {shown}")
    small = row.file_size <= LARGEST_ENTRY
    if not small and row.file_size > _MOST_SHRUNK * max(row.compress_size, 1):
        raise BadInput(f"a member that swells more than {_MOST_SHRUNK}-fold: {shown}")


def _refuse_overlap(rows: list[zipfile.ZipInfo]) -> None:
    """Two members sharing bytes make a small file unpack to anything. Source: cpython#109858."""
    end = 0
    for row in sorted(rows, key=lambda row: row.header_offset):
        if row.header_offset < end:
            raise BadInput("members that overlap")
        # 30 bytes of local header and the name stand before the content
        end = row.header_offset + 30 + len(row.orig_filename) + row.compress_size
