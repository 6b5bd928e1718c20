"""A disk in memory that knows what a power cut may leave of it.

Between two syncs a file system may bring changes to the drive in any order, or not at all. The
model is stricter than most systems are:

- content that was not synced may be absent, cut short, zeros of the right length, or zeros first;
- a name that was added or taken away counts once its folder was synced. Before that, any prefix
  of the folder's changes may be there ("ordered"), or any selection of them ("any");
- a rename within a folder is one change, between folders it is two;
- syncing a file says nothing about its name, syncing a folder nothing about what is in the files.

Source: Pillai et al., "All File Systems Are Not Created Equal" (OSDI 2014), tables 1 and 2.
"""

from __future__ import annotations

import errno
import itertools
import math
import os
import random
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from convoylog.files.disk import Disk, Status

Order = Literal["ordered", "any"]
#: path → content, None for a folder
Tree = Mapping[Path, bytes | None]

# Up to here every selection of a folder's changes is tried, beyond it a thousand of them
_ALL_SELECTIONS = 10
# Of a file in many unsynced pieces; only careless writers make one
_MOST_OUTCOMES = 200


def _error(number: int, path: Path) -> OSError:
    return OSError(number, os.strerror(number), str(path))


@dataclass(eq=False)
class _File:
    number: int
    mode: int
    content: bytearray = field(default_factory=bytearray)
    synced: bytes = b""
    # (offset, bytes) written, or (size, None) cut to that size
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    changed: int = 0

    def sync(self) -> None:
        self.synced = bytes(self.content)
        self.pending.clear()

    def outcomes(self) -> list[bytes]:
        """Every content the file may have after a power cut."""
        results = [self.synced]
        for offset, piece in self.pending:
            every = (after for before in results for after in _after(before, offset, piece))
            results = list(itertools.islice(dict.fromkeys(every), _MOST_OUTCOMES))
        return results


def _after(before: bytes, offset: int, piece: bytes | None) -> Iterator[bytes]:
    yield before
    if piece is None:
        yield before[:offset]
        return
    filled = before.ljust(offset, b"\0")
    half = len(piece) // 2
    for arrived in (
        piece,
        piece[:half],
        bytes(len(piece)),
        piece[:half] + bytes(len(piece) - half),
        bytes(half) + piece[half:],
    ):
        yield filled[:offset] + arrived + filled[offset + len(arrived) :]


@dataclass(eq=False)
class _Folder:
    number: int
    names: dict[str, _File | _Folder] = field(default_factory=dict)
    synced: dict[str, _File | _Folder] = field(default_factory=dict)
    # (name taken away or "", name given or "", what it names)
    pending: list[tuple[str, str, _File | _Folder | None]] = field(default_factory=list)

    def change(self, gone: str, new: str, node: _File | _Folder | None) -> None:
        _apply(self.names, gone, new, node)
        self.pending.append((gone, new, node))

    def sync(self) -> None:
        self.synced = dict(self.names)
        self.pending.clear()

    def selections(self, order: Order) -> list[tuple[bool, ...]]:
        """Which of the pending changes may have arrived."""
        count = len(self.pending)
        if order == "ordered":
            return [(True,) * n + (False,) * (count - n) for n in range(count + 1)]
        if count <= _ALL_SELECTIONS:
            return list(itertools.product((False, True), repeat=count))
        chance = random.Random(count)
        some = (tuple(chance.random() < 0.5 for _ in range(count)) for _ in range(1000))
        return [(False,) * count, (True,) * count, *some]

    def outcome(self, arrived: tuple[bool, ...]) -> dict[str, _File | _Folder]:
        names = dict(self.synced)
        for taken, (gone, new, node) in zip(arrived, self.pending, strict=True):
            if taken:
                _apply(names, gone, new, node)
        return names


_Names = dict[str, _File | _Folder]


def _apply(
    names: dict[str, _File | _Folder], gone: str, new: str, node: _File | _Folder | None
) -> None:
    if gone:
        names.pop(gone, None)
    if new and node is not None:
        names[new] = node


class _DiedError(BaseException):
    """The process is gone."""


@dataclass
class _Handle:
    path: Path
    file: _File
    appending: bool
    place: int = 0


class MemoryDisk(Disk):
    """A disk in memory. Everything of `tree`, and the folders above, is on the drive already.

    piece: how many bytes one write takes at most, to try short writes. watch: called after every
    change.
    """

    def __init__(self, tree: Tree | None = None, *, piece: int = 1 << 30) -> None:
        super().__init__()
        self.piece = piece
        self.watch: Callable[[], None] | None = None
        self.handles: dict[int, _Handle] = {}
        self.nodes: list[_File | _Folder] = []
        self.root = self._new_folder()
        self._clock = itertools.count(1)
        for path, content in (tree or {}).items():
            self._place(path, content)
        for node in self.nodes:
            node.sync()

    # -- the tree

    def _new_folder(self) -> _Folder:
        folder = _Folder(len(self.nodes) + 1)
        self.nodes.append(folder)
        return folder

    def _new_file(self) -> _File:
        file = _File(len(self.nodes) + 1, stat.S_IFREG | 0o644)
        self.nodes.append(file)
        return file

    def _place(self, path: Path, content: bytes | None) -> None:
        folder = self.root
        parts = path.parts[1:]
        for part in parts if content is None else parts[:-1]:
            below = folder.names.get(part)
            if below is None:
                below = self._new_folder()
                folder.names[part] = below
            assert isinstance(below, _Folder)
            folder = below
        if content is not None:
            file = self._new_file()
            file.content[:] = content
            folder.names[parts[-1]] = file

    def _find(self, path: Path) -> _File | _Folder:
        node: _File | _Folder = self.root
        for part in path.parts[1:]:
            if not isinstance(node, _Folder):
                raise _error(errno.ENOTDIR, path)
            if part not in node.names:
                raise _error(errno.ENOENT, path)
            node = node.names[part]
        return node

    def _folder(self, path: Path) -> _Folder:
        node = self._find(path)
        if not isinstance(node, _Folder):
            raise _error(errno.ENOTDIR, path)
        return node

    def _changed(self, file: _File | None = None) -> None:
        if file is not None:
            file.changed = next(self._clock)
        if self.watch is not None:
            self.watch()

    def tree(self) -> dict[Path, bytes | None]:
        """All that is there now, as programs see it."""
        now = {
            n.number: n.names if isinstance(n, _Folder) else bytes(n.content) for n in self.nodes
        }
        return _walk(self.root, now)

    # -- one open file

    def _open(self, path: Path, file: _File, *, appending: bool) -> int:
        number = max(self.handles, default=2) + 1
        self.handles[number] = _Handle(path, file, appending)
        return number

    def open_new(self, path: Path) -> int:
        folder = self._folder(path.parent)
        if path.name in folder.names:
            raise _error(errno.EEXIST, path)
        file = self._new_file()
        folder.change("", path.name, file)
        self._changed(file)
        return self._open(path, file, appending=False)

    def open_append(self, path: Path) -> int:
        folder = self._folder(path.parent)
        file = folder.names.get(path.name)
        if file is None:
            file = self._new_file()
            folder.change("", path.name, file)
            self._changed(file)
        if not isinstance(file, _File):
            raise _error(errno.EISDIR, path)
        return self._open(path, file, appending=True)

    def open_in_place(self, path: Path) -> int:
        """What a careless program does: cut a file to nothing, then write. Not part of Disk."""
        file = self._find(path)
        assert isinstance(file, _File)
        file.content.clear()
        file.pending.append((0, None))
        self._changed(file)
        return self._open(path, file, appending=False)

    def open_read(self, path: Path) -> int:
        file = self._find(path)
        if not isinstance(file, _File):
            raise _error(errno.EISDIR, path)
        return self._open(path, file, appending=False)

    def status(self, handle: int) -> Status:
        return self._status(self.handles[handle].file)

    def _status(self, node: _File | _Folder) -> Status:
        if isinstance(node, _File):
            return Status(node.mode, len(node.content), node.changed, (1, node.number))
        return Status(stat.S_IFDIR | 0o755, 0, 0, (1, node.number))

    def read(self, handle: int, size: int) -> bytes:
        row = self.handles[handle]
        piece = bytes(row.file.content[row.place : row.place + size])
        row.place += len(piece)
        return piece

    def seek(self, handle: int, offset: int) -> None:
        self.handles[handle].place = offset

    def write(self, handle: int, content: bytes | memoryview) -> int:
        row = self.handles[handle]
        piece = bytes(content[: self.piece])
        offset = len(row.file.content) if row.appending else row.place
        row.file.content[offset : offset + len(piece)] = piece
        row.file.pending.append((offset, piece))
        row.place = offset + len(piece)
        self._changed(row.file)
        return len(piece)

    def set_mode(self, handle: int, mode: int) -> None:
        self.handles[handle].file.mode = stat.S_IFREG | mode

    def sync(self, handle: int) -> None:
        self.handles[handle].file.sync()
        self._changed()

    def close(self, handle: int) -> None:
        del self.handles[handle]

    # -- names

    def link(self, path: Path, other: Path) -> None:
        node = self._find(path)
        folder = self._folder(other.parent)
        if not isinstance(node, _File):
            raise _error(errno.EPERM, path)
        if other.name in folder.names:
            raise _error(errno.EEXIST, other)
        folder.change("", other.name, node)
        self._changed()

    def rename(self, path: Path, other: Path) -> None:
        node = self._find(path)
        before, after = self._folder(path.parent), self._folder(other.parent)
        if before is after:
            before.change(path.name, other.name, node)
        else:
            after.change("", other.name, node)
            before.change(path.name, "", None)
        self._changed()

    def replace(self, path: Path, other: Path) -> None:
        self.rename(path, other)

    def unlink(self, path: Path) -> None:
        if not isinstance(self._find(path), _File):
            raise _error(errno.EISDIR, path)
        self._folder(path.parent).change(path.name, "", None)
        self._changed()

    # -- folders

    def mkdir(self, path: Path) -> None:
        folder = self._folder(path.parent)
        if path.name in folder.names:
            raise _error(errno.EEXIST, path)
        folder.change("", path.name, self._new_folder())
        self._changed()

    def rmdir(self, path: Path) -> None:
        if self._folder(path).names:
            raise _error(errno.ENOTEMPTY, path)
        self._folder(path.parent).change(path.name, "", None)
        self._changed()

    def sync_folder(self, path: Path) -> None:
        folder = self._folder(path)
        if folder.pending:
            folder.sync()
            self._changed()

    def list_dir(self, path: Path) -> list[str]:
        return list(self._folder(path).names)

    # -- looking

    def look(self, path: Path) -> Status:
        return self._status(self._find(path))

    def leads_to_folder(self, path: Path) -> bool:
        return self.is_dir(path)  # it knows no links

    # -- the process dies, the power stays

    def die_during(self, command: Callable[[MemoryDisk], object], at: int) -> bool:
        """Run a command that dies after its change `at`; what it did not sync stays unsynced.

        Returns False if it came to its end before.
        """
        left = at

        def count() -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise _DiedError

        self.watch = count
        try:
            command(self)
        except _DiedError:
            return True
        finally:
            self.watch = None
            self.handles.clear()
            self.settled.clear()  # what a process knew goes with it
        return False

    # -- the power goes

    def after_power_cut(
        self, order: Order, limit: int, chance: random.Random
    ) -> Iterator[dict[Path, bytes | None]]:
        """Trees a power cut now may leave: all while there are at most `limit`, else so many.

        Nothing and everything having arrived are always among them.
        """
        nodes = [node for node in self.nodes if node.pending]
        # what each folder names, and each file holds, if these of its changes arrived
        choices: list[Sequence[_Names | bytes]] = [
            [node.outcome(arrived) for arrived in node.selections(order)]
            if isinstance(node, _Folder)
            else node.outcomes()
            for node in nodes
        ]
        every: Iterable[tuple[_Names | bytes, ...]]
        if math.prod(len(options) for options in choices) <= limit:
            every = itertools.product(*choices)
        else:
            nothing: list[_Names | bytes] = [node.synced for node in nodes]
            now = [n.names if isinstance(n, _Folder) else bytes(n.content) for n in nodes]
            some = (tuple(chance.choice(options) for options in choices) for _ in range(limit - 2))
            every = itertools.chain((tuple(nothing), tuple(now)), some)
        seen = set()
        for chosen in every:
            result = _walk(self.root, dict(zip((n.number for n in nodes), chosen, strict=True)))
            key = frozenset(result.items())
            if key not in seen:
                seen.add(key)
                yield result


def _walk(root: _Folder, outcomes: Mapping[int, _Names | bytes]) -> dict[Path, bytes | None]:
    """The tree where the nodes of these numbers came out so, and all others as they are synced."""
    result: dict[Path, bytes | None] = {}
    waiting = [(Path(os.sep), root)]
    while waiting:
        path, folder = waiting.pop()
        names = outcomes.get(folder.number, folder.synced)
        assert isinstance(names, dict)
        for name, node in names.items():
            if isinstance(node, _Folder):
                result[path / name] = None
                waiting.append((path / name, node))
            else:
                content = outcomes.get(node.number, node.synced)
                assert isinstance(content, bytes)
                result[path / name] = content
    return result


@dataclass
class Cuts:
    """What happened when the power went. states: trees looked at. bad: what was wrong, by tree."""

    states: int = 0
    bad: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return len(self.bad) / max(self.states, 1)


#: the command tells what it acknowledged
Said = Callable[[str], None]


def cut_power_everywhere(
    disk: MemoryDisk,
    command: Callable[[MemoryDisk, Said], None],
    check: Callable[[MemoryDisk, tuple[str, ...]], None],
    *,
    order: Order = "any",
    limit: int = 200,
    seed: int = 1,
) -> Cuts:
    """Run a command once, and after each of its changes look at what a power cut would leave.

    check: gets a disk as it is after the power is back and all that was acknowledged before;
    raises AssertionError if that is bad. limit: trees looked at per change.
    """
    cuts = Cuts()
    acknowledged: list[str] = []
    chance = random.Random(seed)
    seen: set[tuple[int, frozenset[tuple[Path, bytes | None]]]] = set()

    def look() -> None:
        for tree in disk.after_power_cut(order, limit, chance):
            key = (len(acknowledged), frozenset(tree.items()))
            if key in seen:
                continue
            seen.add(key)
            cuts.states += 1
            try:
                check(MemoryDisk(tree), tuple(acknowledged))
            except AssertionError as error:
                cuts.bad.append(f"after {len(acknowledged)} acknowledged: {error}")

    def said(what: str) -> None:
        acknowledged.append(what)
        look()

    disk.watch = look
    try:
        command(disk, said)
    finally:
        disk.watch = None
    look()
    return cuts
