"""What the system's errors about a disk mean: one sentence, and what the person may do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from convoylog.errors import ConvoylogError
from convoylog.files import layout

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EIO: "the disk reports an error",
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.EROFS: "the disk is read-only",
    errno.ENAMETOOLONG: "the name is too long for this disk",
    errno.ENOTDIR: "a file is where a folder should be",
    errno.EISDIR: "it is a folder",
    errno.ELOOP: "it is a link",
    errno.EEXIST: "something of that name is there already",
    errno.ENOENT: "no such file or folder",
    errno.EINTR: "interrupted",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
    errno.EFBIG: "the file is too large for this disk",
    errno.EBUSY: "another program holds it",
    errno.ENODEV: "the disk is gone",
    errno.ENXIO: "the disk is gone",
}
if hasattr(errno, "ESTALE"):
    _REASONS[errno.ESTALE] = "the network disk lost it"

_AGAIN = "the same command again goes on where this one stopped"
_HINTS = {
    errno.ENOSPC: f"make room on the disk; {_AGAIN}",
    errno.EDQUOT: f"make room in your share of the disk; {_AGAIN}",
    errno.EIO: "the disk may be failing: copy the logbook to another one now",
    errno.EACCES: "see who may read and write there with `ls -l`",
    errno.EPERM: "see who may read and write there with `ls -l`",
    errno.EROFS: "copy the logbook to a disk that can be written",
    errno.ENAMETOOLONG: "move the logbook into a folder with a shorter name",
    errno.ENOTDIR: "give that file another name",
    errno.ELOOP: "put the file itself there instead of a link",
    errno.EINTR: _AGAIN,
    errno.EMFILE: f"close other programs; {_AGAIN}",
    errno.ENFILE: f"close other programs; {_AGAIN}",
    errno.EFBIG: "copy the logbook to a disk without that limit",
    errno.EBUSY: f"close that program; {_AGAIN}",
    errno.ENODEV: f"plug it in again; {_AGAIN}",
    errno.ENXIO: f"plug it in again; {_AGAIN}",
}


def reason(error: OSError) -> str:
    """What went wrong, in a few words; those of the system where we have none of our own."""
    words = _REASONS.get(error.errno or 0) or error.strerror or "the disk refuses"
    return words[:1].lower() + words[1:]


def hint(error: OSError) -> str:
    """What the person may do, "" where we know nothing."""
    return _HINTS.get(error.errno or 0, "")


def told(error: OSError, path: Path) -> ConvoylogError:
    """An error of the system as one sentence and a hint. Nothing was half-written.

    path: what to name where the system does not say which file it was.
    """
    where = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else path
    if where.name.startswith(layout.TEMPORARY):
        where = where.parent  # nobody knows our temporary names
    why = reason(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ConvoylogError(f"{why}: cannot write to {where}", hint=hint(error))
    return ConvoylogError(f"cannot write to {where}: {why}", hint=hint(error))
