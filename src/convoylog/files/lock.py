"""One writer at a time, by a lock the operating system keeps and lets go when its holder dies.

Readers take no lock, so that a logbook on a read-only stick can be read. A lock never expires by
age: a laptop that slept for a night is still writing.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convoylog.errors import ConvoylogError
from convoylog.files import disk_errors, safely

# What file systems without locks answer: some network disks, some phones' storage
_NO_LOCKS = frozenset({errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL})


@contextmanager
def hold(folder: Path, seconds: float = 10) -> Iterator[bool]:
    """Hold the lock of a logbook's own folder, made if needed, while the block runs.

    seconds: how long to wait for another writer. Yields True; False if this file system knows no
    locks, so that new entries can be added and edits refused.
    Raises ConvoylogError: another program holds it, or the folder cannot be written.
    """
    # imports asyncio, which readers should not pay for
    from filelock import FileLock, Timeout

    # a soft lock would outlive a dead battery, and somebody would have to remove it by hand
    lock = FileLock(folder / "lock", timeout=seconds, fallback_to_soft=False)
    try:
        safely.make_folder(folder)
        lock.acquire()
        locked = True
    except Timeout:
        raise ConvoylogError(
            f"another program is writing into {folder.parent}",
            hint="wait until it has finished, or end it; then repeat the command",
        ) from None
    except NotImplementedError:
        locked = False
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise disk_errors.told(error, folder) from error
        locked = False
    try:
        yield locked
    finally:
        if locked:
            lock.release()
