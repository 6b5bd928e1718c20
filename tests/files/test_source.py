"""A logbook is what lies in its own folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from convoylog.errors import BadInput
from convoylog.files.scan import scan
from convoylog.files.source import Folder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need rights there")


def test_folders_behind_links_are_not_looked_into(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret.toml").write_text('text = "not ours"\n')
    book = tmp_path / "book"
    (book / "cars" / "pepper").mkdir(parents=True)
    (book / "logbook.toml").write_text('title = "T"\n')
    (book / "cars" / "pepper" / "car.toml").write_text('name = "Pepper"\n')
    for part in ("notes", "photos"):
        (book / "cars" / "pepper" / part).symlink_to(elsewhere)
    found = scan(Folder(book))
    assert {entry.version.kind for entry in found.entries} == {"logbook", "car"}
    assert found.media == ()
    with pytest.raises(BadInput, match="link"):
        Folder(book).read("cars/pepper/notes/secret.toml", 1000)


def test_a_logbook_may_itself_lie_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "logbook.toml").write_text('title = "T"\n')
    (tmp_path / "here").symlink_to(tmp_path / "book")
    assert len(scan(Folder(tmp_path / "here")).entries) == 1
