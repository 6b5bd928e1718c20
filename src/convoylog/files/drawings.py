"""What reports drew, remembered in the user's cache folder by what it was drawn from.

Maps and charts of a long trip cost more than all the rest of a report, and of a crowd who drove with
whom, which is remembered here too. A drawing's name is the
fingerprint of what it shows, cut for its readers already, and of the program that draws: so nothing
is ever found that would not be drawn the same now. Deleting the folder changes nothing but time.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import convoylog

#: texts kept, two for a report; each has about a megabyte, and of an edited logbook only the newest is asked for
_MOST = 48
#: letters of a digest in hexadecimal
_DIGEST = 64


class Drawings:
    """Gives the text of a drawing, from the cache folder `where` (None: none) or drawn now."""

    def __init__(self, where: Path | None) -> None:
        self._where = where / "drawings" if where else None
        self._here: dict[str, str] = {}

    def __call__(self, fingerprint: str, draw: Callable[[], str]) -> str:
        """The drawing of what has this fingerprint."""
        if fingerprint not in self._here:
            self._here[fingerprint] = self._read(fingerprint) or self._drawn(fingerprint, draw)
        return self._here[fingerprint]

    def _path(self, fingerprint: str) -> Path | None:
        if self._where is None:
            return None
        name = hashlib.sha256(f"{_program()} {fingerprint}".encode()).hexdigest()
        return self._where / f"{name}.txt"

    def _read(self, fingerprint: str) -> str:
        """The text as it was kept; "" where there is none, or not whole."""
        path = self._path(fingerprint)
        if path is None:
            return ""
        try:
            content = path.read_bytes()
            os.utime(path)  # the one used last goes last
        except OSError:
            return ""
        digest, text = content[:_DIGEST], content[_DIGEST:]
        whole = hashlib.sha256(text).hexdigest().encode() == digest
        return text.decode() if whole else ""

    def _drawn(self, fingerprint: str, draw: Callable[[], str]) -> str:
        text = draw()
        path = self._path(fingerprint)
        if path is None:
            return text
        content = text.encode()
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}.part")
            part.write_bytes(hashlib.sha256(content).hexdigest().encode() + content)
            part.replace(path)
            kept = sorted(path.parent.iterdir(), key=lambda one: -one.stat().st_mtime)
            for old in kept[_MOST:]:
                old.unlink(missing_ok=True)
        return text


@cache
def _program() -> str:
    """SHA-256 of every file of ours, and the versions of what we draw and word with."""
    whole = hashlib.sha256()
    home = Path(convoylog.__file__).parent
    for path in sorted(home.rglob("*")):
        if path.suffix != ".pyc" and path.is_file():
            whole.update(path.relative_to(home).as_posix().encode())
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    for library in ("numpy", "Babel", "tzdata"):
        with suppress(PackageNotFoundError):
            whole.update(version(library).encode())
    return whole.hexdigest()
