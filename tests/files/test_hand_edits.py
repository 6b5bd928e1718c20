"""A text editor and other programs work in the same folder as we do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from convoylog.files import doctor, layout, store, toml
from convoylog.files.check import Checked, check
from convoylog.files.load import read_book
from convoylog.files.source import Folder

NOW = datetime(2027, 5, 3, 10, 15, tzinfo=UTC)
DEVICE = "a" * 16


def begun(root: Path) -> Path:
    """A logbook with one car and one note; the note's path."""
    store.init(root, "T", now=NOW, device=DEVICE)
    with store.writing(root, "note", now=NOW, device=DEVICE) as writer:
        car = toml.write_version(
            {"kind": "car", "name": "H", "folder": "h"}, entry_id=layout.new_id(NOW)
        )
        writer.add(car, "h")
        fields = {"kind": "note", "car": car.id, "at": NOW, "text": "one two three"}
        return root / writer.add(toml.write_version(fields, entry_id=layout.new_id(NOW)), "h")


def looked(root: Path) -> Checked:
    return check(Folder(root))


def texts(root: Path) -> list[str]:
    return [entry.text for entry in read_book(root).entries]


def test_an_edit_on_top_of_a_hand_edit_leaves_one_note(tmp_path: Path) -> None:
    note = begun(tmp_path)
    note.write_text(note.read_text().replace("two", "TWO"))
    assert [p.kind for p in looked(tmp_path).problems] == ["edited"]
    with store.writing(tmp_path, "edit", now=NOW, device=DEVICE) as writer:
        store.edit(writer, note.stem, {"text": "one TWO 3"})
    assert texts(tmp_path) == ["one TWO 3"]
    assert list(note.parent.iterdir()) == [note]
    assert looked(tmp_path).problems == []


def test_a_conflict_copy_of_a_shared_folder_is_another_version(tmp_path: Path) -> None:
    note = begun(tmp_path)
    copy = note.with_name(f"{note.stem} (conflicted copy).toml")
    copy.write_text(note.read_text().replace("three", "drei"))
    (entry,) = read_book(tmp_path).entries
    assert entry.text == "one two drei"  # an edit of what lies beside it: the newer state of one
    with store.writing(tmp_path, "doctor", now=NOW, device=DEVICE) as writer:
        doctor.mend(writer, looked(tmp_path))
    with store.writing(tmp_path, "doctor", now=NOW, device=DEVICE) as writer:
        doctor.mend(writer, looked(tmp_path))
    assert texts(tmp_path) == ["one two drei"]
    assert looked(tmp_path).problems == []


def test_an_old_copy_that_comes_back_is_told_and_put_aside(tmp_path: Path) -> None:
    note = begun(tmp_path)
    old = note.read_bytes()
    with store.writing(tmp_path, "edit", now=NOW, device=DEVICE) as writer:
        store.edit(writer, note.stem, {"text": "newer"})
    note.with_name("old copy.toml").write_bytes(old)
    assert texts(tmp_path) == ["newer"]
    assert "old" in [p.kind for p in looked(tmp_path).problems]
    with store.writing(tmp_path, "doctor", now=NOW, device=DEVICE) as writer:
        doctor.mend(writer, looked(tmp_path))
    assert looked(tmp_path).problems == []
    assert texts(tmp_path) == ["newer"]


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_other_line_ends_change_nothing(tmp_path: Path, ending: str) -> None:
    note = begun(tmp_path)
    note.write_bytes(note.read_bytes().replace(b"\n", ending.encode()))
    assert looked(tmp_path).problems == []
    assert texts(tmp_path) == ["one two three"]


def test_a_note_removed_by_hand_can_be_put_back(tmp_path: Path) -> None:
    note = begun(tmp_path)
    content = note.read_bytes()
    note.unlink()
    assert [p.kind for p in looked(tmp_path).problems] == ["missing-entry"]
    with store.writing(tmp_path, "doctor", now=NOW, device=DEVICE) as writer:
        doctor.mend(writer, looked(tmp_path))
    assert note.read_bytes() == content
