"""A real disk that fails at the n-th call: the program dies there, or the call returns an error.

For every n a fresh folder is made, the command runs into the fault, what is there is checked, and
the command is repeated on a healthy disk.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from convoylog.errors import ConvoylogError
from convoylog.files import disk_errors, layout
from convoylog.files.disk import Disk

#: calls that change something; between two of them a death leaves the same as before the second
CHANGES = (
    "open_new",
    "open_append",
    "write",
    "set_mode",
    "sync",
    "close",
    "link",
    "rename",
    "replace",
    "unlink",
    "mkdir",
    "rmdir",
    "sync_folder",
)
#: calls that only look
LOOKS = ("open_read", "status", "read", "seek", "list_dir", "look", "leads_to_folder")

#: what fails once the disk is full; closing and taking away go on
_TAKES_ROOM = ("open_new", "open_append", "write", "link", "mkdir")


class Died(BaseException):
    """The process is gone: nothing after it reaches the disk."""


class QuickDisk(Disk):
    """The real disk without syncs: while the power stays on they change nothing but the time."""

    def sync(self, handle: int) -> None:
        pass

    def sync_folder(self, path: Path) -> None:
        pass


class WatchedDisk(QuickDisk):
    """The real disk, calling `before` ahead of each call of `watched`."""

    watched: tuple[str, ...] = CHANGES

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []
        self.handles: set[int] = set()

    def before(self, name: str, number: int, args: tuple[object, ...]) -> None:
        """Raises to let the call fail. number: 0 for the first call."""

    def reboot(self) -> None:
        """Close what the dead process had open."""
        for handle in self.handles:
            with suppress(OSError):
                os.close(handle)
        self.handles.clear()


def _watching(name: str) -> Callable[..., object]:
    def call(self: WatchedDisk, *args: object) -> object:
        if name in self.watched:
            self.calls.append(name)
            self.before(name, len(self.calls) - 1, args)
        if name == "close":
            self.handles.discard(args[0])
        result: object = getattr(QuickDisk, name)(self, *args)
        if name.startswith("open_"):
            self.handles.add(result)  # type: ignore[arg-type]
        return result

    return call


for _name in CHANGES + LOOKS:
    setattr(WatchedDisk, _name, _watching(_name))


def _write_half(handle: object, content: object) -> None:
    assert isinstance(handle, int)
    assert isinstance(content, bytes | memoryview)
    os.write(handle, content[: len(content) // 2])


class DyingDisk(WatchedDisk):
    """Dies ahead of change `at`; halfway through it, if it is a write and `halfway` is said."""

    def __init__(self, at: int, *, halfway: bool = False) -> None:
        super().__init__()
        self.at = at
        self.halfway = halfway
        self.dead = False

    def before(self, name: str, number: int, args: tuple[object, ...]) -> None:
        if number == self.at and self.halfway and name == "write":
            handle, content = args
            _write_half(handle, content)
        if number >= self.at:
            self.dead = True
            raise Died


class FaultyDisk(WatchedDisk):
    """Call `at` fails with an error of the system, and with `stays` all like it from then on.

    number: of the error; 0 lets a write take only half of its bytes. A full disk takes half of
    what is written before it says so.
    """

    def __init__(
        self, at: int, number: int, *, stays: bool = False, calls: tuple[str, ...] = CHANGES + LOOKS
    ) -> None:
        super().__init__()
        self.watched = calls
        self.at = at
        self.number = number
        self.stays = stays
        self.fired = ""

    def _fails(self, name: str) -> bool:
        if self.number in (errno.ENOSPC, errno.EDQUOT):
            return name in (*_TAKES_ROOM, "sync", "close")
        if self.number == errno.EROFS:
            return name in CHANGES and name not in ("close", "sync")
        return name not in ("leads_to_folder", "seek", "status")

    def before(self, name: str, number: int, args: tuple[object, ...]) -> None:
        again = self.stays and bool(self.fired) and name != "close"
        if (number == self.at or (again and number > self.at)) and self._fails(name):
            self.fired = self.fired or name
            if name == "write" and self.number in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
                handle, content = args
                _write_half(handle, content)
            if name == "close":
                # the system lets go of the handle even when it reports an error
                self.handles.discard(args[0])
                os.close(args[0])  # type: ignore[arg-type]
            named = (str(args[0]),) if isinstance(args[0], Path) else ()
            raise OSError(self.number, os.strerror(self.number), *named)


class ShortDisk(Disk):
    """Every write takes at most `piece` bytes."""

    def __init__(self, piece: int = 7) -> None:
        super().__init__()
        self.piece = piece

    def write(self, handle: int, content: bytes | memoryview) -> int:
        return super().write(handle, content[: self.piece])


#: (a fresh folder, its disk, tell what is acknowledged)
Command = Callable[[Path, Disk, Callable[[str], None]], None]
#: (folder, what was acknowledged): raises AssertionError
Check = Callable[[Path, tuple[str, ...]], None]


@dataclass
class Faults:
    """points: faults tried. bad: what was wrong. lines: the errors as told. stayed: temporary
    files that could not be taken away."""

    points: int = 0
    bad: list[str] = field(default_factory=list)
    lines: set[str] = field(default_factory=set)
    stayed: int = 0


def _check_and_repeat(
    result: Faults, where: str, root: Path, said: list[str], command: Command, check: Check
) -> None:
    try:
        check(root, tuple(said))
        where += ", repeat"
        command(root, QuickDisk(), said.append)
        where += ", after repeat"
        check(root, tuple(said))
    except (AssertionError, ConvoylogError, OSError) as error:
        result.bad.append(f"{where}: {type(error).__name__}: {error}")
    shutil.rmtree(root)


def nothing_there(root: Path) -> None:
    """Begins with an empty folder."""


def die_everywhere(
    folder: Path,
    prepare: Callable[[Path], None],
    command: Command,
    check: Check,
    *,
    every: int = 1,
) -> Faults:
    """Let a command die ahead of each of its changes, and halfway through each write.

    check: after the death, and again after the repeat; what was acknowledged in both is told.
    every: try only each so-manieth change.
    """
    result = Faults()
    for at in range(0, 1 << 30, every):
        alive = 0
        for halfway in (False, True):
            root = folder / f"death-{at}-{int(halfway)}"
            root.mkdir()
            prepare(root)
            disk = DyingDisk(at, halfway=halfway)
            said: list[str] = []
            with suppress(Died):
                command(root, disk, said.append)
            if not disk.dead:
                alive += 1
                continue
            result.points += 1
            disk.reboot()
            where = f"died at change {at} ({disk.calls[at]}{', halfway' if halfway else ''})"
            _check_and_repeat(result, where, root, said, command, check)
            if not halfway and disk.calls[at] != "write":
                break  # only a write can be half done
        if alive:
            return result
    return result


ERRORS = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EIO,
    errno.EACCES,
    errno.EROFS,
    errno.EINTR,
)


def fail_everywhere(
    folder: Path,
    prepare: Callable[[Path], None],
    command: Command,
    check: Check,
    *,
    errors: tuple[int, ...] = ERRORS,
    calls: tuple[str, ...] = CHANGES + LOOKS,
    every: int = 1,
) -> Faults:
    """Let each of these calls of a command fail with each error, once and for good.

    The command must end well, or with an error told in one line; leave no handle open and nothing
    half-written; leave no temporary file it could take away; and do its work when repeated.
    """
    result = Faults()
    for number in errors:
        for stays in (False, True):
            for at in range(0, 1 << 30, every):
                root = folder / f"fault-{number}-{int(stays)}-{at}"
                root.mkdir()
                prepare(root)
                disk = FaultyDisk(at, number, stays=stays, calls=calls)
                said: list[str] = []
                where = f"{errno.errorcode[number]} at call {at}, stays={stays}"
                _run(command, root, disk, said, result, where)
                if at >= len(disk.calls):
                    break
                if not disk.fired:
                    continue
                result.points += 1
                where += f" ({disk.fired})"
                if disk.handles:
                    result.bad.append(f"{where}: left open {disk.handles}")
                    disk.reboot()
                left = list(_temporaries(root))
                if left and (stays or disk.fired == "unlink"):
                    result.stayed += len(left)
                elif left:
                    result.bad.append(f"{where}: left behind {left}")
                _check_and_repeat(result, where, root, said, command, check)
    return result


def _run(
    command: Command, root: Path, disk: FaultyDisk, said: list[str], result: Faults, where: str
) -> None:
    try:
        command(root, disk, said.append)
    except (ConvoylogError, OSError) as error:
        told = error if isinstance(error, ConvoylogError) else disk_errors.told(error, root)
        line = f"{told.message} | {told.hint}".replace(str(root), "LOGBOOK")
        result.lines.add(line)
        if "\n" in line or not told.message or "Errno" in line:
            result.bad.append(f"{where}: told as {line!r}")
    except Exception as error:  # whatever else comes out is a fault of the command
        result.bad.append(f"{where}: not told: {type(error).__name__}: {error}")


def _temporaries(root: Path) -> Iterator[str]:
    for path in root.rglob(f"{layout.TEMPORARY}*"):
        yield str(path.relative_to(root))
