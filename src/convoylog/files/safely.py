"""Writing that survives a dead battery.

One file is written whole under a temporary name beside its place, brought to the drive, and only
then given its name; then the folder is brought to the drive, too. A new file never replaces
another. Whatever goes wrong, the temporary file goes and the error is raised.

Sources: restic `internal/backend/local/local.go`, borg `src/borg/platform/base.py`; Pillai et al.,
"All File Systems Are Not Created Equal" (OSDI 2014), for what may be lost without each sync.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from convoylog.errors import ConvoylogError
from convoylog.files import layout
from convoylog.files.carefully import TooLarge, read_file, sha256_of
from convoylog.files.disk import REAL, Disk

if TYPE_CHECKING:
    from typing_extensions import Buffer

# The deepest folder of a logbook, .convoylog/trash/<op>/cars/44-anna/notes, has seven names that
# must be on the drive, the logbook's own included. What lies above is the person's and was there.
_DEEPEST = 7

# One write by a library
_PIECE = 1 << 20

# Virus scanners and file indexers on Windows hold a fresh file for about a second
_PATIENCE_S = 2.5
_WINDOWS = os.name == "nt"

# What systems without hard links answer to link(): FAT, exFAT, many network and phone disks
_NO_LINKS = frozenset(
    {
        errno.EPERM,
        errno.EACCES,
        errno.ENOSYS,
        errno.EOPNOTSUPP,
        errno.ENOTSUP,
        errno.EINVAL,
        errno.EMLINK,
    }
)
# What systems answer that cannot bring a folder to the drive
_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP})
# A folder we may write into but not open, and folders above the logbook that are not ours
_NOT_OURS = _NO_FOLDER_SYNC | {errno.EACCES, errno.EPERM, errno.EROFS}


class Changed(ConvoylogError):  # noqa: N818 - like BadInput, it reads as a sentence
    """The file is not what the person saw. Nothing was written."""


def create(path: Path, content: bytes, *, disk: Disk = REAL) -> None:
    """Write a new file whole, its folders too. After it returns, a power cut does not harm it.

    Raises FileExistsError if anything has the name (what is there is on the drive then, so that a
    repeated command may count it as written), other OSErrors for `disk_errors.told`.
    """
    make_folder(path.parent, disk=disk)
    temporary = _write_temporary(path, lambda handle: _write_all(handle, content, disk), disk)
    try:
        _name(temporary, path, disk)
    except FileExistsError:
        _discard(temporary, disk)
        settle(path, disk=disk)
        raise
    except BaseException:
        _discard(temporary, disk)
        raise
    _sync_folder(path.parent, disk)


def replace(path: Path, content: bytes, *, expected: bytes | None, disk: Disk = REAL) -> None:
    """Put other content in the place of a file's, keeping its mode.

    expected: what the person saw; Changed is raised if the file holds something else by now or is
    gone. None: whatever is there. Raises FileNotFoundError, other OSErrors for `disk_errors.told`.
    """
    mode = disk.look(path).mode if expected is None else _check_same(path, expected, disk)
    temporary = _write_temporary(
        path, lambda handle: _write_all(handle, content, disk), disk, mode & 0o777
    )
    try:
        if expected is not None:
            # again, since a person's editor may have saved while we wrote
            _check_same(path, expected, disk)
        _patiently(lambda: disk.replace(temporary, path))
    except BaseException:
        _discard(temporary, disk)
        raise
    _sync_folder(path.parent, disk)


def write_by(
    path: Path,
    fill: Callable[[BinaryIO], None],
    *,
    expected: str | None = None,
    disk: Disk = REAL,
) -> str:
    """As `create` or `replace`, of a file larger than memory; its SHA-256.

    fill: writes it, piece by piece, into what it is given. expected: None for a new file, else the
    SHA-256 of the one to be replaced. Raises what these and `fill` raise.
    """
    make_folder(path.parent, disk=disk)
    digest = hashlib.sha256()

    def write(handle: int) -> None:
        with _Sink(handle, disk, digest) as sink, io.BufferedWriter(sink, _PIECE) as pieces:
            fill(pieces)

    temporary = _write_temporary(path, write, disk)
    try:
        if expected is None:
            _name(temporary, path, disk)
        elif sha256_of(path) == expected:
            _patiently(lambda: disk.replace(temporary, path))
        else:
            raise Changed(f"{path} changed meanwhile", hint="nothing was written; try again")
    except BaseException:
        _discard(temporary, disk)
        raise
    _sync_folder(path.parent, disk)
    return digest.hexdigest()


class _Sink(io.RawIOBase):
    """A new file as a library knows it that writes in pieces."""

    def __init__(self, handle: int, disk: Disk, digest: hashlib._Hash) -> None:
        self._handle, self._disk, self._digest = handle, disk, digest

    def writable(self) -> bool:
        return True

    def write(self, content: Buffer, /) -> int:
        piece = bytes(content)
        _write_all(self._handle, piece, self._disk)
        self._digest.update(piece)
        return len(piece)


@contextmanager
def together(disk: Disk) -> Iterator[None]:
    """Bring the names of many new files to the drive once per folder, when the block ends.

    Each file's content is on the drive as ever; that its name is, is only sure behind the block.
    What must come after it, a receipt or a file that relies on it, is written there.
    """
    if disk.waiting is not None:
        raise RuntimeError("already waiting")
    disk.waiting = set()
    try:
        yield
    finally:
        folders, disk.waiting = sorted(disk.waiting), None
        for folder in folders:
            _sync_folder(folder, disk)


def move(src: Path, dst: Path, *, disk: Disk = REAL) -> None:
    """Give a file or folder another name. Raises FileExistsError rather than replace one."""
    if disk.look(src).is_regular and not _WINDOWS and _linked(src, dst, disk):
        # the new name is on the drive before the old one goes
        _sync_folder(dst.parent, disk, now=True)
        disk.unlink(src)
    else:
        _rename(src, dst, disk)
    _sync_folder(dst.parent, disk)
    if src.parent != dst.parent:
        _sync_folder(src.parent, disk)


def append_line(path: Path, line: bytes, *, disk: Disk = REAL) -> None:
    """Put a line at the end of a file, made with its folders if it isn't there.

    line: without its line end; it may hold several. A last line without an end was torn by a
    crash: ours begins on a line of its own.
    """
    make_folder(path.parent, disk=disk)
    handle = disk.open_append(path)
    try:
        begin = b"" if _ends_whole(handle, path, disk) else b"\n"
        _write_all(handle, begin + line + b"\n", disk)
        disk.sync(handle)
    except BaseException:
        with suppress(OSError):
            disk.close(handle)
        raise
    disk.close(handle)
    _sync_folder(path.parent, disk)


def make_folder(path: Path, *, disk: Disk = REAL) -> None:
    """Make a folder and those above it, each on the drive before this returns.

    Folders that are there already are brought to the drive once per process: the process that
    made them may have died in between. Raises NotADirectoryError if a file is in the way.
    """
    missing: list[Path] = []
    for folder in (path, *path.parents):
        if disk.leads_to_folder(folder):
            break
        missing.append(folder)
    for folder in reversed(missing):
        try:
            disk.mkdir(folder)
        except FileExistsError:
            if not disk.leads_to_folder(folder):
                raise NotADirectoryError(
                    errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)
                ) from None
        _sync_folder(folder.parent, disk)
        disk.settled.add(folder)
    for folder in (path, *path.parents)[len(missing) : _DEEPEST]:
        if folder not in disk.settled and folder.parent != folder:
            _sync_folder(folder.parent, disk, forgiven=_NOT_OURS)
            disk.settled.add(folder)


def settle(path: Path, *, disk: Disk = REAL) -> None:
    """Bring a file that is there already to the drive, its name and folders too.

    Before "already here" is said: whoever wrote it may have died ahead of its last sync.
    """
    with suppress(OSError):  # what we may not open, we cannot have written
        handle = disk.open_read(path)
        try:
            disk.sync(handle)
        finally:
            disk.close(handle)
    make_folder(path.parent, disk=disk)
    _sync_folder(path.parent, disk)


def remove(path: Path, *, disk: Disk = REAL) -> None:
    """Take a file away for good: only for emptying the trash."""
    _patiently(lambda: disk.unlink(path))
    _sync_folder(path.parent, disk)


def _write_temporary(
    path: Path, write: Callable[[int], None], disk: Disk, mode: int | None = None
) -> Path:
    """A new file beside `path`, its content on the drive. write: puts it there."""
    temporary = path.with_name(f"{layout.TEMPORARY}{secrets.token_hex(8)}.part")
    handle = disk.open_new(temporary)
    try:
        if mode is not None:
            disk.set_mode(handle, mode)
        write(handle)
        disk.sync(handle)
    except BaseException:
        with suppress(OSError):
            disk.close(handle)
        _discard(temporary, disk)
        raise
    try:
        # network disks tell here that the content did not fit
        disk.close(handle)
    except BaseException:
        _discard(temporary, disk)
        raise
    return temporary


def _write_all(handle: int, content: bytes, disk: Disk) -> None:
    rest = memoryview(content)
    while rest:
        taken = disk.write(handle, rest)
        if taken <= 0:
            raise OSError(errno.EIO, "the disk takes no more bytes")
        rest = rest[taken:]


def _ends_whole(handle: int, path: Path, disk: Disk) -> bool:
    """True if a regular file is empty or ends with a line end."""
    status = disk.status(handle)
    if not status.is_regular:
        raise OSError(errno.EINVAL, "no regular file", str(path))
    if not status.size:
        return True
    disk.seek(handle, status.size - 1)
    return disk.read(handle, 1) == b"\n"


def _name(temporary: Path, path: Path, disk: Disk) -> None:
    if not _WINDOWS and _linked(temporary, path, disk):
        disk.unlink(temporary)
    else:
        _rename(temporary, path, disk)


def _linked(src: Path, dst: Path, disk: Disk) -> bool:
    """Give a file a second name; False if this file system knows no second names."""
    try:
        disk.link(src, dst)
    except FileExistsError:
        # NFS: the answer to a link that worked may get lost, and the second try finds its own work
        if disk.look(src).identity != disk.look(dst).identity:
            raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return False
    return True


def _rename(src: Path, dst: Path, disk: Disk) -> None:
    """Rename without replacing. Where links are unknown another program could come in between;

    our names are random, so it would have to mean it.
    """
    if disk.exists(dst):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(dst))
    _patiently(lambda: disk.rename(src, dst))


def _patiently(action: Callable[[], None]) -> None:
    """Try until nobody else holds the file. Only Windows forbids renaming a file that is open."""
    until = time.monotonic() + (_PATIENCE_S if _WINDOWS else 0)
    while True:
        try:
            action()
        except PermissionError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.05)
        else:
            return


def _discard(temporary: Path, disk: Disk) -> None:
    with suppress(OSError):
        disk.unlink(temporary)


def _sync_folder(
    folder: Path,
    disk: Disk,
    *,
    forgiven: frozenset[int] = _NO_FOLDER_SYNC | {errno.EACCES},
    now: bool = False,
) -> None:
    if disk.waiting is not None and not now:
        disk.waiting.add(folder)
        return
    try:
        disk.sync_folder(folder)
    except OSError as error:
        if error.errno not in forgiven:
            raise


def _check_same(path: Path, expected: bytes, disk: Disk) -> int:
    """The mode of a file that holds what was expected. Raises Changed."""
    hint = "look at it again, then repeat the command"
    try:
        mode = disk.look(path).mode
        found = read_file(path, cap=len(expected), disk=disk)
    except FileNotFoundError:
        raise Changed(f"{path} is gone since it was read", hint=hint) from None
    except TooLarge:
        found = None
    if found != expected:
        raise Changed(f"{path} was changed since it was read", hint=hint)
    return mode
