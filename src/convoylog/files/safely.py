"""Writing so that no crash loses what was acknowledged, and nothing is ever half there.

One file: temporary file in the same folder, write, fsync, close, take its name, fsync the folder.
Sources: restic `internal/backend/local/local.go`, borg `platform/base.py`, SQLite's atomic commit.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from pathlib import Path

from convoylog.errors import ConvoylogError
from convoylog.files.disk import REAL, Disk

#: how names of our temporary files begin; `check` knows them, scans pass them over
TEMPORARY = ".convoylog-"
#: seconds a virus scanner or indexer on Windows may hold a file
_PATIENCE_S = 2.5
#: bytes read at once
_CHUNK = 1 << 20


class Changed(ConvoylogError):
    """A file is not what the person saw when they began to change it."""


def create(path: Path, content: bytes, *, disk: Disk = REAL) -> None:
    """Write a new file whole. Raises FileExistsError if there is one, OSError if it cannot be."""
    make_folder(path.parent, disk=disk)
    temporary = _temporary(path)
    _write(temporary, content, disk)
    try:
        _take_name(temporary, path, disk)
    except BaseException:
        _forget(temporary, disk)
        raise
    disk.fsync_folder(path.parent)


def replace(path: Path, content: bytes, *, expected: bytes | None, disk: Disk = REAL) -> None:
    """Put new content in a file's place, keeping its mode.

    expected: what the person saw; another content raises Changed. None: whatever is there.
    """
    there = read_file(path, cap=max(len(expected or b"") + 1, _CHUNK * 64), disk=disk)
    if expected is not None and there != expected:
        raise Changed(
            f"{path.name} was changed by another program meanwhile",
            hint="look at it, then give the command again",
        )
    temporary = _temporary(path)
    _write(temporary, content, disk)
    try:
        disk.chmod(temporary, disk.mode(path))
        _patiently(lambda: disk.replace(temporary, path))
    except BaseException:
        _forget(temporary, disk)
        raise
    disk.fsync_folder(path.parent)


def move(source: Path, target: Path, *, disk: Disk = REAL) -> None:
    """Give a file another name in the same logbook; never over an existing one."""
    make_folder(target.parent, disk=disk)
    _take_name(source, target, disk)
    disk.fsync_folder(target.parent)
    if source.parent != target.parent:
        disk.fsync_folder(source.parent)


def append_line(path: Path, line: bytes, *, disk: Disk = REAL) -> None:
    """Add a line at the end of a file, which need not be there, and make it durable.

    A torn line of an earlier crash is closed first, so that it spoils no other.
    """
    fresh = not disk.exists(path)
    torn = not fresh and _ends_torn(path, disk)
    descriptor = disk.open_append(path)
    try:
        _write_all(descriptor, (b"\n" if torn else b"") + line + b"\n", disk)
        disk.fsync(descriptor)
    finally:
        disk.close(descriptor)
    if fresh:
        disk.fsync_folder(path.parent)


def make_folder(path: Path, *, disk: Disk = REAL) -> None:
    """Make a folder and those above it, each name durable."""
    if disk.is_dir(path):
        return
    make_folder(path.parent, disk=disk)
    try:
        disk.mkdir(path)
    except FileExistsError:
        if not disk.is_dir(path):
            raise
    disk.fsync_folder(path.parent)


def read_file(path: Path, *, cap: int, disk: Disk = REAL) -> bytes:
    """The bytes of a regular file of at most `cap` bytes, the same before and after.

    Raises FileNotFoundError, OSError; ConvoylogError for links, devices, too much, or a file that
    keeps changing while it is read.
    """
    for _ in range(2):
        content = _read_once(path, cap, disk)
        if content is not None:
            return content
    raise ConvoylogError(f"{path.name} changes while it is read", hint="try again when it rests")


def told(error: OSError, path: Path) -> ConvoylogError:
    """An error of the system as one line a person understands."""
    where = os.fspath(error.filename) if isinstance(error.filename, str | Path) else str(path)
    what = {
        errno.ENOSPC: f"the disk is full: {where}",
        errno.EDQUOT: f"the quota on this disk is used up: {where}",
        errno.EIO: f"the disk reports an error: {where}",
        errno.EROFS: f"the disk can only be read: {where}",
        errno.EACCES: f"cannot write to {where}: no permission",
        errno.EPERM: f"cannot write to {where}: no permission",
        errno.ENOTDIR: f"{where} lies below something that is no folder",
        errno.ENAMETOOLONG: f"the name is too long for this disk: {where}",
        errno.ELOOP: f"{where} is a link",
    }.get(error.errno or 0, f"{where}: {(error.strerror or 'cannot be written').lower()}")
    hint = {
        errno.ENOSPC: "make room, then repeat the command; nothing is half-written",
        errno.EDQUOT: "make room, then repeat the command; nothing is half-written",
        errno.EIO: "copy the logbook to another disk, then run `convoylog check`",
        errno.EROFS: "copy the logbook to a disk that can be written",
        errno.EACCES: "look at who may write there, or choose another folder",
        errno.EPERM: "look at who may write there, or choose another folder",
    }.get(error.errno or 0, "see that the path is right, then repeat the command")
    return ConvoylogError(what, hint=hint)


def _temporary(path: Path) -> Path:
    return path.with_name(f"{TEMPORARY}{secrets.token_hex(8)}")


def _write(path: Path, content: bytes, disk: Disk) -> None:
    """A temporary file, whole and durable; none is left if it cannot be."""
    descriptor = disk.open_new(path)
    try:
        try:
            _write_all(descriptor, content, disk)
            disk.fsync(descriptor)
        finally:
            disk.close(descriptor)
    except BaseException:
        _forget(path, disk)
        raise


def _write_all(descriptor: int, content: bytes, disk: Disk) -> None:
    rest = memoryview(content)
    while rest:
        written = disk.write(descriptor, rest)
        if written <= 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rest = rest[written:]


def _take_name(source: Path, target: Path, disk: Disk) -> None:
    """Move a file to a name that is free. Raises FileExistsError if it is not."""
    if os.name == "nt":
        _patiently(lambda: disk.rename(source, target))  # refuses by itself to replace
        return
    try:
        disk.link(source, target)
    except FileExistsError:
        raise
    except OSError as error:
        # FAT, some network and phone file systems have no second names
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
            raise
        if disk.exists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        disk.rename(source, target)
        return
    disk.unlink(source)


def _patiently(act: object) -> None:
    """Do it, again and again for a while where another program holds the file (Windows)."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            act()  # type: ignore[operator]
            return
        except PermissionError:
            if os.name != "nt" or time.monotonic() > until:
                raise
            time.sleep(0.05)


def _forget(path: Path, disk: Disk) -> None:
    """Take a temporary file away, as far as that is possible on a failing disk."""
    try:
        disk.unlink(path)
    except OSError:
        return


def _ends_torn(path: Path, disk: Disk) -> bool:
    content = read_file(path, cap=1 << 30, disk=disk)
    return bool(content) and not content.endswith(b"\n")


def _read_once(path: Path, cap: int, disk: Disk) -> bytes | None:
    """The file's bytes; None if it changed meanwhile."""
    try:
        descriptor = disk.open_read(path)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise ConvoylogError(f"{path.name} is a link; links are not followed") from None
        raise
    try:
        before = disk.status(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise ConvoylogError(f"{path.name} is no regular file")
        if before.st_size > cap:
            raise ConvoylogError(f"{path.name} is larger than {cap >> 10} KiB")
        chunks = []
        size = 0
        while chunk := disk.read(descriptor, min(_CHUNK, cap + 1 - size)):
            chunks.append(chunk)
            size += len(chunk)
            if size > cap:
                raise ConvoylogError(f"{path.name} is larger than {cap >> 10} KiB")
        after = disk.status(descriptor)
        same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        return b"".join(chunks) if same and size == after.st_size else None
    finally:
        disk.close(descriptor)
