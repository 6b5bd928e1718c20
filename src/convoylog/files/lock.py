"""The lock of a logbook: one writer at a time, through the operating system.

It never expires by age: a laptop may sleep for a night in the middle of a command.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convoylog.errors import ConvoylogError

#: seconds to wait for another program of ours; a merge of a big bundle holds it longer
PATIENCE_S = 10.0


@contextmanager
def hold(folder: Path, seconds: float = PATIENCE_S) -> Iterator[bool]:
    """Hold `folder`/lock. Gives True, or False where the file system knows no locks.

    Without locks new files can be added safely, but nothing should be changed.
    Raises ConvoylogError if another program holds it; OSError if the folder cannot be written.
    """
    import filelock

    lock = filelock.FileLock(folder / "lock", timeout=seconds)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise ConvoylogError(
            f"another convoylog is writing into {folder.parent}",
            hint="wait until it is done, then repeat the command",
        ) from None
    except NotImplementedError:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
