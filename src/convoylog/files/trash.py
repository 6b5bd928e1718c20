"""The trash: what was taken out of the tree, by the run that did it. Only emptying it deletes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from convoylog.files import layout, safely
from convoylog.files.disk import REAL, Disk
from convoylog.files.store import Writer


@dataclass(frozen=True, slots=True)
class Discarded:
    """name: day and id of the run. files: relative to it, with slashes. size: bytes together."""

    name: str
    files: tuple[str, ...]
    size: int


def look(root: Path, disk: Disk = REAL) -> list[Discarded]:
    """What lies in the trash, oldest run first."""
    base = root / layout.TRASH
    runs = []
    for name in sorted(disk.list_dir(base)) if disk.is_dir(base) else []:
        paths = sorted(_below(base / name, disk))
        files = tuple(str(path.relative_to(base / name).as_posix()) for path in paths)
        runs.append(Discarded(name, files, sum(disk.look(path).size for path in paths)))
    return runs


def _below(folder: Path, disk: Disk) -> list[Path]:
    """Every file below a folder; links are files here, and are not followed."""
    if not disk.is_dir(folder):
        return [folder]
    return [path for name in disk.list_dir(folder) for path in _below(folder / name, disk)]


def empty(writer: Writer) -> None:
    """Delete all of it. Stopped half-way, the rest is still there and goes the next time."""
    base = writer.root / layout.TRASH
    if writer.disk.is_dir(base):
        _delete(base, writer.disk)


def _delete(path: Path, disk: Disk) -> None:
    if not disk.is_dir(path):
        safely.remove(path, disk=disk)
        return
    for name in disk.list_dir(path):
        _delete(path / name, disk)
    disk.rmdir(path)
