"""Where a logbook is read from: a folder on disk, or a bundle. Both look alike to a scan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from convoylog.errors import BadInput
from convoylog.files.carefully import read_file
from convoylog.files.disk import REAL, Disk


class Source(Protocol):
    """Paths are relative, with slashes; "" is the logbook itself."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    def names(self, folder: str) -> list[str]:
        """Names in a folder, sorted, hidden ones left out; none if there is no such folder."""

    def is_folder(self, path: str) -> bool: ...

    def read(self, path: str, cap: int) -> bytes:
        """Bytes of a file. Raises FileNotFoundError, BadInput or ConvoylogError."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A logbook's folder on disk."""

    root: Path
    disk: Disk = REAL

    @property
    def name(self) -> str:
        return str(self.root)

    def _linked(self, path: str) -> bool:
        """Whether a path leads over a link: a logbook is what lies in its own folder."""
        parts = path.split("/") if path else []
        return any(
            self.disk.is_link(self.root.joinpath(*parts[:depth]))
            for depth in range(1, len(parts) + 1)
        )

    def names(self, folder: str) -> list[str]:
        if self._linked(folder):
            return []
        try:
            found = self.disk.list_dir(self.root / folder)
        except (FileNotFoundError, NotADirectoryError):
            return []
        # hidden ones belong to other programs, or are ours while we write
        return sorted(name for name in found if not name.startswith((".", "~")))

    def is_folder(self, path: str) -> bool:
        return not self._linked(path) and self.disk.is_dir(self.root / path)

    def read(self, path: str, cap: int) -> bytes:
        if self._linked(path.rpartition("/")[0]):
            raise BadInput("lies behind a link; links are not followed")
        return read_file(self.root / path, cap=cap, disk=self.disk)
