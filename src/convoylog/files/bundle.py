"""Bundles: one zip file to hand to the others, laid out like the logbook's folder.

A bundle is read member by member and never extracted. Names in it only say which car and kind a
member is; the names on disk are ours. `sha256sum -c SHA256SUMS` checks one without us.
"""

from __future__ import annotations

import hashlib
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath

from convoylog.errors import BadInput, ConvoylogError
from convoylog.files import layout
from convoylog.files.scan import LARGEST
from convoylog.files.toml import LARGEST as LARGEST_ENTRY

SUMS = "SHA256SUMS"

#: caps of one bundle: the longest rally had 43 cars; 50,000 members are over 1,000 a car
MOST_MEMBERS = 50_000
MOST_BYTES = 8 * 1024**3
#: a zip cannot honestly shrink photos and tracks more than this
_MOST_SHRUNK = 200
# every member has one date, so that the same content is the same bundle; zip knows no earlier day
_DATE = (1980, 1, 1, 0, 0, 0)
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def build(members: Mapping[str, bytes]) -> bytes:
    """A bundle's bytes from path → content; the same members give the same bytes."""
    sums = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {path}\n"
        for path, content in sorted(members.items())
    )
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in [(SUMS, sums.encode()), *sorted(members.items())]:
            member = zipfile.ZipInfo(path, _DATE)
            member.external_attr = (stat.S_IFREG | 0o644) << 16
            # photos are packed already
            packed = path.endswith((".jpg", ".png", ".webp", ".heic"))
            archive.writestr(
                member, content, zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle opened for reading; it has the shape of a `Source`."""

    name: str
    archive: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]
    sums: Mapping[str, str]
    tree: Mapping[str, tuple[str, ...]]

    def names(self, folder: str) -> list[str]:
        return sorted(name for name in self.tree.get(folder, ()) if not name.startswith((".", "~")))

    def is_folder(self, path: str) -> bool:
        return path in self.tree

    def read(self, path: str, cap: int) -> bytes:
        member = self.members.get(path)
        if member is None:
            raise FileNotFoundError(path)
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
            raise BadInput(f"damaged in the bundle ({type(error).__name__})") from None
        if len(content) > cap or len(content) != member.file_size:
            raise BadInput("its size is not what the bundle says")
        if self.sums.get(path, "") not in ("", hashlib.sha256(content).hexdigest()):
            raise BadInput("damaged on the way: not the SHA-256 the bundle names")
        return content


def open_bundle(path: Path) -> Bundle:
    """Open a bundle and check everything that can be checked before a byte is believed.

    Raises BadInput: no zip, cut, encrypted, with names or sizes no honest bundle has.
    """
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise ConvoylogError(
            f"no such file: {path}",
            hint="name a bundle from `convoylog pack`, or a logbook's folder",
        ) from None
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadInput(f"no bundle that can be read: {str(error).lower()}") from None
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
        key = unicodedata.normalize("NFKC", row.filename).casefold()
        if key in folded:
            raise BadInput(f"two members called {row.filename[:80]!r}")
        folded.add(key)
        members[row.filename] = row
    base = _base(members)
    members = {
        name.removeprefix(base): row for name, row in members.items() if name.startswith(base)
    }
    found = Bundle(path.name, archive, members, {}, _tree(members))
    if layout.LOGBOOK not in members:
        raise BadInput(f"a zip without `{layout.LOGBOOK}`: no bundle of ours")
    sums = found.read(SUMS, LARGEST["tracks"]).decode("utf-8", "replace") if SUMS in members else ""
    table = {
        name: digest
        for digest, _, name in (line.partition("  ") for line in sums.splitlines())
        if name
    }
    return Bundle(path.name, archive, members, table, found.tree)


def _refuse_member(row: zipfile.ZipInfo) -> None:
    name = row.orig_filename
    shown = repr(name[:80])
    if "\x00" in name or "\\" in name:
        raise BadInput(f"a member with a hostile name: {shown}")
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or (parts and ":" in parts[0]):
        raise BadInput(f"a member that leads out of the bundle: {shown}")
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


def _base(members: Mapping[str, zipfile.ZipInfo]) -> str:
    """A person may have zipped the folder itself: then everything lies one folder deeper."""
    if layout.LOGBOOK in members:
        return ""
    found = [
        name for name in members if name.count("/") == 1 and name.endswith(f"/{layout.LOGBOOK}")
    ]
    return found[0].removesuffix(layout.LOGBOOK) if len(found) == 1 else ""


def _tree(members: Mapping[str, zipfile.ZipInfo]) -> dict[str, tuple[str, ...]]:
    tree: dict[str, dict[str, None]] = {}
    for path in members:
        parts = path.split("/")
        for depth in range(len(parts)):
            tree.setdefault("/".join(parts[:depth]), {})[parts[depth]] = None
    return {folder: tuple(names) for folder, names in tree.items()}
