"""What a merge could not take, laid aside in the trash with its reason: nobody's word is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from convoylog.files import layout
from convoylog.files.store import Writer

_FOLDER = "aside"


def lay_aside(writer: Writer, rows: Iterable[tuple[str, bytes, str]]) -> int:
    """Keep each file once, however often it comes. Returns how many were new.

    rows: (name as it came, bytes, reason). Its name here is ours; the reason is in the receipt.
    """
    base = writer.root / layout.TRASH
    known: set[str] = set()
    for run in writer.disk.list_dir(base) if writer.disk.is_dir(base) else []:
        folder = base / run / _FOLDER
        if writer.disk.is_dir(folder):
            known.update(name.partition("-")[0] for name in writer.disk.list_dir(folder))
    new = 0
    for name, content, reason in rows:
        digest = hashlib.sha256(content).hexdigest()[:16]
        if digest in known:
            continue
        known.add(digest)
        stem, _, ending = name.rpartition(".")
        plain = ending.lower() if ending.isalnum() and ending.isascii() else "bin"
        file = f"{digest}-{layout.slug(stem) or 'file'}.{plain[:5]}"
        path = f"{layout.TRASH}/{writer.now:%Y-%m-%d}-{writer.op}/{_FOLDER}/{file}"
        writer.create(path, content, act="trash", note=reason)
        new += 1
    return new
