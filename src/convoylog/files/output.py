"""Writing what was told: reports are disposable, so they are replaced whole, file by file."""

from __future__ import annotations

from pathlib import Path

from convoylog.errors import ConvoylogError
from convoylog.files import safely
from convoylog.model.pages import Pages


def write_pages(pages: Pages, folder: Path) -> None:
    """Put the files of a report into a folder; files of ours from before are replaced.

    Raises ConvoylogError.
    """
    for path, content in sorted(pages.files.items()):
        if path.startswith("/") or ".." in path.split("/"):
            raise ConvoylogError(f"a page would lead out of its folder: {path}")
        target = folder.absolute() / path
        try:
            if target.exists():
                safely.replace(target, content, expected=None)
            else:
                safely.create(target, content)
        except OSError as error:
            raise safely.told(error, target) from None
