"""Every call to the file system that writing a logbook makes, in one small object.

`REAL` is the disk. Tests put another in its place, which dies, fills up or loses power at any call.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

# not every system has all of them; without one, its promise is kept by the others
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_CLOEXEC = getattr(os, "O_CLOEXEC", 0)
# macOS: fsync hands the data to the drive, F_FULLFSYNC makes the drive write it
_F_FULLFSYNC = 51


class Disk:
    """The file system, call by call. Paths are absolute. Every method raises OSError."""

    # -- writing

    def open_new(self, path: Path) -> int:
        """A descriptor of a new file that nothing stood in the way of."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW | _BINARY | _CLOEXEC, 0o666)

    def open_append(self, path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _NOFOLLOW | _BINARY | _CLOEXEC, 0o666)

    def write(self, descriptor: int, content: bytes | memoryview) -> int:
        """May write less than asked; returns how much."""
        return os.write(descriptor, content)

    def fsync(self, descriptor: int) -> None:
        if sys.platform == "darwin":
            import fcntl

            try:
                fcntl.fcntl(descriptor, _F_FULLFSYNC)
                return
            except OSError:  # a file system that does not know it
                pass
        os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        os.close(descriptor)

    def link(self, source: Path, target: Path) -> None:
        """A second name for a file; raises FileExistsError rather than take a name away."""
        os.link(source, target)

    def rename(self, source: Path, target: Path) -> None:
        """Another name in one step; on POSIX it takes the place of what is there."""
        os.rename(source, target)

    def replace(self, source: Path, target: Path) -> None:
        os.replace(source, target)

    def unlink(self, path: Path) -> None:
        os.unlink(path)

    def mkdir(self, path: Path) -> None:
        os.mkdir(path)

    def chmod(self, path: Path, mode: int) -> None:
        os.chmod(path, mode)

    def fsync_folder(self, path: Path) -> None:
        """Make the names in a folder durable, where the system can."""
        if os.name == "nt":
            return
        descriptor = os.open(path, os.O_RDONLY | _CLOEXEC)
        try:
            os.fsync(descriptor)
        except OSError as error:
            # some network and FUSE file systems cannot; they promise less, and `check` says so
            if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
                raise
        finally:
            os.close(descriptor)

    # -- reading

    def open_read(self, path: Path) -> int:
        """A descriptor that follows no link and waits for no writer."""
        return os.open(path, os.O_RDONLY | _NOFOLLOW | _NONBLOCK | _BINARY | _CLOEXEC)

    def read(self, descriptor: int, size: int) -> bytes:
        return os.read(descriptor, size)

    def status(self, descriptor: int) -> os.stat_result:
        return os.fstat(descriptor)

    def mode(self, path: Path) -> int:
        """Permission bits of a file."""
        return stat.S_IMODE(os.lstat(path).st_mode)

    def exists(self, path: Path) -> bool:
        return os.path.lexists(path)

    def is_dir(self, path: Path) -> bool:
        """A folder itself, not a link to one."""
        try:
            return stat.S_ISDIR(os.lstat(path).st_mode)
        except (FileNotFoundError, NotADirectoryError):
            return False

    def list_dir(self, path: Path) -> list[str]:
        return os.listdir(path)


REAL = Disk()
