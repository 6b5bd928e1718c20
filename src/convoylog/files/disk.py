"""Every call to the file system that reading or writing a logbook makes, one method each.

One small object, so that a test can put another in its place: one that dies at the n-th call,
one whose disk is full, one that loses what was not synced when the power goes. What the calls
mean together, `safely` knows. All methods raise OSError as the system does.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    _FULL_SYNC = None
else:
    # macOS: fsync hands the bytes to the drive, only this makes the drive write them
    _FULL_SYNC = getattr(fcntl, "F_FULLFSYNC", None)

# each is zero where the system has no such flag
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
_DIRECTORY = getattr(os, "O_DIRECTORY", 0)


@dataclass(frozen=True, slots=True)
class Status:
    """What the system knows of a file. mode: as in `stat`. identity: tells one file from others."""

    mode: int
    size: int
    mtime_ns: int
    identity: tuple[int, int]

    @property
    def is_regular(self) -> bool:
        return stat.S_ISREG(self.mode)


def _status(found: os.stat_result) -> Status:
    return Status(found.st_mode, found.st_size, found.st_mtime_ns, (found.st_dev, found.st_ino))


class Disk:
    """The real disk. settled: folders whose names this process has brought to the drive.

    waiting: folders whose names are brought to the drive later, together; None: each at once.
    """

    def __init__(self) -> None:
        self.settled: set[Path] = set()
        self.waiting: set[Path] | None = None

    # -- one open file

    def open_new(self, path: Path) -> int:
        """For writing; FileExistsError if anything has that name, a dangling link included."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW | _BINARY, 0o666)

    def open_append(self, path: Path) -> int:
        """For reading and for writing at the end, made if it isn't there. Never through a link."""
        self._refuse_link(path)
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | _NOFOLLOW | _NONBLOCK | _BINARY
        return os.open(path, flags, 0o666)

    def open_read(self, path: Path) -> int:
        """For reading. Never through a link, and a pipe without a writer does not hold us up."""
        self._refuse_link(path)
        return os.open(path, os.O_RDONLY | _NOFOLLOW | _NONBLOCK | _BINARY)

    def _refuse_link(self, path: Path) -> None:
        if not _NOFOLLOW and path.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))

    def status(self, handle: int) -> Status:
        return _status(os.fstat(handle))

    def read(self, handle: int, size: int) -> bytes:
        """At most `size` bytes from where the handle stands, none at the end."""
        return os.read(handle, size)

    def seek(self, handle: int, offset: int) -> None:
        os.lseek(handle, offset, os.SEEK_SET)

    def write(self, handle: int, content: bytes | memoryview) -> int:
        """Returns how many bytes were taken, which may be fewer than given."""
        return os.write(handle, content)

    def set_mode(self, handle: int, mode: int) -> None:
        if hasattr(os, "fchmod"):
            os.fchmod(handle, mode)

    def sync(self, handle: int) -> None:
        """Returns once the content is on the drive."""
        if _FULL_SYNC is not None:
            try:
                fcntl.fcntl(handle, _FULL_SYNC)
            except OSError:  # a file system that does not know it
                pass
            else:
                return
        os.fsync(handle)

    def close(self, handle: int) -> None:
        os.close(handle)

    # -- names

    def link(self, path: Path, other: Path) -> None:
        """Give a file a second name; FileExistsError if something has it."""
        os.link(path, other)

    def rename(self, path: Path, other: Path) -> None:
        """On Windows FileExistsError if something has that name; elsewhere it replaces."""
        os.rename(path, other)  # noqa: PTH104 - the call itself is what this room is about

    def replace(self, path: Path, other: Path) -> None:
        os.replace(path, other)  # noqa: PTH105

    def unlink(self, path: Path) -> None:
        os.unlink(path)  # noqa: PTH108

    # -- folders

    def mkdir(self, path: Path) -> None:
        os.mkdir(path, 0o777)  # noqa: PTH102

    def rmdir(self, path: Path) -> None:
        os.rmdir(path)  # noqa: PTH106

    def sync_folder(self, path: Path) -> None:
        """Returns once the names in the folder are on the drive. Windows has no such call."""
        if os.name == "nt":
            return
        handle = os.open(path, os.O_RDONLY | _DIRECTORY | _BINARY)
        try:
            self.sync(handle)
        finally:
            os.close(handle)

    def list_dir(self, path: Path) -> list[str]:
        """Names in no order."""
        return os.listdir(path)  # noqa: PTH208

    # -- looking

    def look(self, path: Path) -> Status:
        """Of the name itself, not of what a link points to."""
        return _status(os.lstat(path))

    def exists(self, path: Path) -> bool:
        """True if anything has the name, a dangling link included."""
        try:
            self.look(path)
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True

    def is_dir(self, path: Path) -> bool:
        """True for a folder itself, not for a link to one."""
        try:
            return stat.S_ISDIR(self.look(path).mode)
        except (FileNotFoundError, NotADirectoryError):
            return False

    def is_link(self, path: Path) -> bool:
        """True for a symbolic link, whatever it leads to."""
        try:
            return stat.S_ISLNK(self.look(path).mode)
        except (FileNotFoundError, NotADirectoryError):
            return False

    def leads_to_folder(self, path: Path) -> bool:
        """True for a folder, and for a link to one: a person may keep logbooks behind a link."""
        return path.is_dir()


REAL = Disk()
