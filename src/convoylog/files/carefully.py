"""Reading that cannot be tricked: regular files alone, whole, and none that is being changed."""

from __future__ import annotations

import hashlib
import stat
from contextlib import suppress
from pathlib import Path

from convoylog.errors import ConvoylogError
from convoylog.files import disk_errors
from convoylog.files.disk import REAL, Disk

# One read; a photo of 8 MB takes eight
_PIECE = 1 << 20


class Unreadable(ConvoylogError):  # noqa: N818
    """A file that cannot be read. `message` says which and why.

    As text it is the reason alone, for a Problem, which names its file already.
    """

    def __init__(self, path: Path, reason: str, *, hint: str = "") -> None:
        super().__init__(f"cannot read {path}: {reason}", hint=hint)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class TooLarge(Unreadable):
    """A file of more bytes than we take."""


def read_file(path: Path, *, cap: int, disk: Disk = REAL) -> bytes:
    """All bytes of a regular file, at most `cap` of them, none of them from a half-done change.

    Links are not followed; pipes and devices are refused without waiting for them.
    Raises FileNotFoundError; Unreadable for everything else.
    """
    try:
        for _ in range(2):
            content = _read_once(path, cap, disk)
            if content is not None:
                return content
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unreadable(path, disk_errors.reason(error), hint=disk_errors.hint(error)) from error
    raise Unreadable(
        path, "it changed while it was read", hint="wait until it is written, then try again"
    )


def _read_once(path: Path, cap: int, disk: Disk) -> bytes | None:
    """None if the file changed meanwhile."""
    handle = disk.open_read(path)
    try:
        before = disk.status(handle)
        if not before.is_regular:
            raise Unreadable(path, "no regular file")
        if before.size > cap:
            raise TooLarge(path, f"larger than {_in_words(cap)}")
        pieces = []
        left = before.size + 1  # the one byte more tells that it grew
        while left > 0:
            piece = disk.read(handle, min(left, _PIECE))
            if not piece:
                break
            pieces.append(piece)
            left -= len(piece)
        after = disk.status(handle)
    finally:
        # the bytes are here; closing has nothing to add to them
        with suppress(OSError):
            disk.close(handle)
    same = (before.size, before.mtime_ns) == (after.size, after.mtime_ns)
    return b"".join(pieces) if same and left == 1 else None


def _in_words(size: int) -> str:
    for unit, factor in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size >= factor:
            return f"{size / factor:g} {unit}"
    return f"{size} bytes"


def sha256_of(path: Path) -> str:
    """Of a regular file, read piece by piece; "" for anything else. Raises OSError."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
