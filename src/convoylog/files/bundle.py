"""Bundles: one zip file to hand to the others, laid out like the logbook's folder.

A bundle is read member by member and never extracted. Names in it only say which car and kind a
member is; the names on disk are ours. `sha256sum -c SHA256SUMS` checks one without us.
"""

from __future__ import annotations

import hashlib
import stat
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from convoylog.errors import BadInput
from convoylog.files import layout
from convoylog.files.scan import LARGEST
from convoylog.files.zips import Zip, open_zip

SUMS = "SHA256SUMS"

# every member has one date, so that the same content is the same bundle; zip knows no earlier day
_DATE = (1980, 1, 1, 0, 0, 0)


def build(members: Mapping[str, bytes]) -> bytes:
    """A bundle's bytes from path → content; the same members give the same bytes."""
    sums = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {path}\n"
        for path, content in sorted(members.items())
    )
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in [(SUMS, sums.encode()), *sorted(members.items())]:
            member = zipfile.ZipInfo(path, _DATE)
            member.external_attr = (stat.S_IFREG | 0o644) << 16
            # photos are packed already
            packed = path.endswith((".jpg", ".png", ".webp", ".heic"))
            archive.writestr(
                member, content, zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle opened for reading; it has the shape of a `Source`. base: the folder it is in."""

    name: str
    zipped: Zip
    base: str
    sums: Mapping[str, str]
    tree: Mapping[str, tuple[str, ...]]

    def names(self, folder: str) -> list[str]:
        return sorted(name for name in self.tree.get(folder, ()) if not name.startswith((".", "~")))

    def is_folder(self, path: str) -> bool:
        return path in self.tree

    def read(self, path: str, cap: int) -> bytes:
        content = self.zipped.read(self.base + path, cap)
        if self.sums.get(path, "") not in ("", hashlib.sha256(content).hexdigest()):
            raise BadInput("damaged on the way: not the SHA-256 the bundle names")
        return content


def open_bundles(path: Path) -> list[Bundle]:
    """Every log in a zip: a bundle holds one, a zip of folders made by a person may hold several.

    Raises BadInput as `open_zip`, and where it holds no logbook.
    """
    zipped = open_zip(path)
    bases = _bases(zipped.members)
    if not bases:
        inner = next((name for name in zipped.members if name.lower().endswith(".zip")), "")
        if inner:
            raise BadInput(
                f"a zip in a zip ({inner[:80]!r}): unpack it once, then merge what is in it"
            )
        raise BadInput(f"a zip without `{layout.LOGBOOK}`: no bundle of ours")
    return [_at(path.name, zipped, base) for base in bases]


def _at(name: str, zipped: Zip, base: str) -> Bundle:
    members = {name.removeprefix(base) for name in zipped.members if name.startswith(base)}
    called = f"{name}/{base.rstrip('/')}" if base else name
    found = Bundle(called, zipped, base, {}, _tree(members))
    sums = found.read(SUMS, LARGEST["tracks"]).decode("utf-8", "replace") if SUMS in members else ""
    table = {
        name: digest
        for digest, _, name in (line.partition("  ") for line in sums.splitlines())
        if name
    }
    return replace(found, sums=table)


def _bases(members: Mapping[str, zipfile.ZipInfo]) -> list[str]:
    """Folders that hold a logbook, outermost first; a person may have zipped the folder itself."""
    found = [
        name.removesuffix(layout.LOGBOOK)
        for name in members
        if name == layout.LOGBOOK or name.endswith(f"/{layout.LOGBOOK}")
    ]
    seen = [
        base for base in found if not any(part.startswith((".", "~")) for part in base.split("/"))
    ]
    return sorted(seen, key=lambda base: (base.count("/"), base))


def _tree(members: Iterable[str]) -> dict[str, tuple[str, ...]]:
    tree: dict[str, dict[str, None]] = {}
    for path in members:
        parts = path.split("/")
        for depth in range(len(parts)):
            tree.setdefault("/".join(parts[:depth]), {})[parts[depth]] = None
    return {folder: tuple(names) for folder, names in tree.items()}
