"""Only emptying the trash deletes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from convoylog.files import store, trash

NOW = datetime(2027, 5, 3, 10, 15, tzinfo=UTC)


def test_what_is_discarded_lies_in_the_trash_until_it_is_emptied(tmp_path: Path) -> None:
    store.init(tmp_path, "T", now=NOW, device="a" * 16)
    assert trash.look(tmp_path) == []
    (tmp_path / "stray.txt").write_text("hello")
    with store.writing(tmp_path, "doctor", now=NOW, device="a" * 16) as writer:
        writer.to_trash("stray.txt")
    (run,) = trash.look(tmp_path)
    assert (run.files, run.size) == (("stray.txt",), 5)
    assert run.name.startswith("2027-05-03-20270503t101500z-")
    with store.writing(tmp_path, "trash", now=NOW, device="a" * 16) as writer:
        trash.empty(writer)
    assert trash.look(tmp_path) == []
    assert (tmp_path / "logbook.toml").exists()


def test_a_link_in_the_trash_is_deleted_and_not_followed(tmp_path: Path) -> None:
    store.init(tmp_path, "T", now=NOW, device="a" * 16)
    kept = tmp_path.parent / f"{tmp_path.name}-kept"
    kept.mkdir()
    (kept / "precious.txt").write_text("x")
    folder = tmp_path / ".convoylog" / "trash" / "2027-05-03-x"
    folder.mkdir(parents=True)
    (folder / "link").symlink_to(kept)
    with store.writing(tmp_path, "trash", now=NOW, device="a" * 16) as writer:
        trash.empty(writer)
    assert (kept / "precious.txt").exists()
