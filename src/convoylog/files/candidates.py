"""What may be added: the files below what a person named, and those in zips among them."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from convoylog.errors import BadInput
from convoylog.files import layout, zips
from convoylog.files.carefully import read_file
from convoylog.files.readers import HEAD, READERS, recognise
from convoylog.files.readers.limits import LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be added. shown: as the person knows it. why: it cannot be, and why.

    path: on the disk, or of the zip it is in. member: its name in that zip, else "".
    """

    shown: str
    path: Path
    why: str = ""
    member: str = ""

    @property
    def name(self) -> str:
        return (self.member or self.path.name).rpartition("/")[2]

    @property
    def size(self) -> int:
        """Bytes, as far as they are known before it is read."""
        try:
            return self.path.stat().st_size if not self.member else 0
        except OSError:
            return 0

    @property
    def folder(self) -> str:
        """What files that belong together have in common."""
        return (
            f"{self.path}/{self.member.rpartition('/')[0]}"
            if self.member
            else str(self.path.parent)
        )


def gather(paths: Iterable[Path], skip: Path | None = None) -> Iterator[Candidate]:
    """Every regular file below the paths and in zips among them, in order, and what is none.

    Hidden files and folders inside a given folder are passed over; links are not followed.
    skip: a folder left out (the logbook itself, when it lies inside what is added).
    """
    for path in paths:
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            yield Candidate(str(path), path, "no such file")
            continue
        except OSError as error:
            yield Candidate(str(path), path, (error.strerror or "cannot be read").lower())
            continue
        if stat.S_ISREG(mode):
            yield from _file(path)
        elif stat.S_ISDIR(mode):
            yield from _below(path, skip)
        else:
            why = "a link; add what it points to" if stat.S_ISLNK(mode) else "no regular file"
            yield Candidate(str(path), path, why)


def _below(folder: Path, skip: Path | None) -> Iterator[Candidate]:
    try:
        inside = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        yield Candidate(str(folder), folder, (error.strerror or "cannot be read").lower())
        return
    for path in inside:
        if path.name.startswith(".") or (skip and path.resolve() == skip):
            continue
        if path.is_symlink():
            yield Candidate(str(path), path, "a link; add what it points to")
        elif path.is_dir():
            yield from _below(path, skip)
        elif path.is_file():
            yield from _file(path)


def _file(path: Path) -> Iterator[Candidate]:
    """A file, or what is in it if it is a zip of files; a KMZ and a bundle are one file."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        head = b""  # told when it is read
    if not head.startswith(b"PK\x03\x04") or recognise(head, path.name) is not READERS["zip"]:
        yield Candidate(str(path), path)
        return
    try:
        names = sorted(zips.open_zip(path, alike=True).members)
    except (BadInput, OSError) as error:
        yield Candidate(str(path), path, str(error))
        return
    if layout.LOGBOOK in {name.rpartition("/")[2] for name in names}:
        yield Candidate(str(path), path)
        return
    for name in names:
        parts = name.split("/")
        # resource forks of a Mac, and hidden files
        if not any(part.startswith((".", "__MACOSX")) for part in parts):
            yield Candidate(f"{path}/{name}", path, member=name)


def content_of(candidate: Candidate, limits: Limits = LIMITS) -> bytes:
    """The bytes of a candidate. Raises BadInput, ConvoylogError and OSError."""
    cap = max(limits.track_bytes, limits.photo_bytes)
    if candidate.member:
        known = candidate.path.stat()
        opened = _opened(candidate.path, known.st_size, known.st_mtime_ns)
        return opened.read(candidate.member, cap)
    return read_file(candidate.path, cap=cap)


@lru_cache(maxsize=4)
def _opened(path: Path, _size: int, _mtime_ns: int) -> zips.Zip:
    """A zip, opened once for all its members: each opening reads the whole list of them."""
    return zips.open_zip(path, alike=True)
