"""Whatever happens to a file of a logbook, `check` notices; where nothing did, it says nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from convoylog.errors import Problem
from convoylog.files import layout
from convoylog.files.check import check
from convoylog.files.source import Folder
from tests.laws.logbooks import Book, files_of

#: what check does not speak for: other programs' settings, and the lock, which holds nothing
_NOT_OURS = {*layout.KEEP_OUT, layout.LOCK}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    book = Book(tmp_path_factory.mktemp("check") / "rally", "a" * 16).init()
    car = book.add_car("Anna")
    note = book.note(car, "Rain over the pass")
    book.edit(note, text="Hail over the pass")
    book.delete(book.note(car, "not so"))
    book.photo(car, 1)
    return book


def _flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


_HARM: dict[str, Callable[[bytes], bytes | None]] = {
    "first byte flipped": lambda content: _flipped(content, 0),
    "middle byte flipped": lambda content: _flipped(content, len(content) // 2),
    "last byte flipped": lambda content: _flipped(content, len(content) - 1),
    "cut in half": lambda content: content[: len(content) // 2],
    # by one alone nothing is lost but the line end behind a seal or a receipt
    "cut by two bytes": lambda content: content[:-2],
    "empty": lambda _: b"",
    "zeros": lambda content: b"\0" * len(content),
    "half of it zeros": lambda content: content[: len(content) // 2] + b"\0" * (len(content) // 2),
    "gone": lambda _: None,
}


def _told(root: Path) -> list[Problem]:
    found = check(Folder(root))
    return [*found.problems, *found.notices]


def test_a_healthy_logbook_gives_no_problem_and_no_notice(book: Book) -> None:
    assert [] == _told(book.root)


def test_checking_writes_nothing(book: Book) -> None:
    before = files_of(book.root)
    check(Folder(book.root))
    assert before == files_of(book.root)


@pytest.mark.parametrize("harm", _HARM)
def test_harm_to_any_file_is_noticed(book: Book, harm: str) -> None:
    unnoticed = []
    for path, content in files_of(book.root).items():
        if path in _NOT_OURS or path.startswith(layout.TRASH):
            continue
        harmed = _HARM[harm](content)
        file = book.root / path
        try:
            if harmed is None:
                file.unlink()
            else:
                file.write_bytes(harmed)
            if not check(Folder(book.root)).problems:
                unnoticed.append(path)
        finally:
            file.write_bytes(content)
    assert [] == unnoticed


def _every(content: bytes, step: int) -> range:
    return range(0, len(content), step)


def test_a_flip_anywhere_in_an_entry_is_noticed(book: Book) -> None:
    (path,) = (p for p in files_of(book.root) if "/notes/" in p and p.startswith("cars"))
    file = book.root / path
    content = file.read_bytes()
    unnoticed = []
    try:
        for at in _every(content, 7):
            file.write_bytes(_flipped(content, at))
            if not check(Folder(book.root)).problems:
                unnoticed.append(at)
    finally:
        file.write_bytes(content)
    assert [] == unnoticed


def test_a_file_that_nobody_wrote_is_told(book: Book, tmp_path: Path) -> None:
    copy = book.copy_to(tmp_path / "copy")
    (photo,) = (p for p in files_of(copy.root) if p.endswith(".jpg"))
    (copy.root / photo).with_name("undated-00000000.jpg").write_bytes(b"another")
    assert "damaged" in {p.kind for p in copy.problems()}


def test_a_write_that_was_stopped_leaves_what_is_told(book: Book, tmp_path: Path) -> None:
    copy = book.copy_to(tmp_path / "copy")
    (copy.root / "cars" / "anna" / "notes" / ".convoylog-abc.tmp").write_bytes(b"half")
    found = check(Folder(copy.root))
    assert [] == found.problems
    assert ["leftover"] == [p.kind for p in found.notices]


def test_other_programs_line_ends_are_no_problem_but_told(book: Book, tmp_path: Path) -> None:
    copy = book.copy_to(tmp_path / "copy")
    path = next(copy.root.glob("cars/anna/notes/*.toml"))
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    found = check(Folder(copy.root))
    assert [] == found.problems
    assert ["line-ends"] == [p.kind for p in found.notices]


def test_a_hand_edit_is_told_with_its_line(book: Book, tmp_path: Path) -> None:
    copy = book.copy_to(tmp_path / "copy")
    path = next(copy.root.glob("cars/anna/notes/*.toml"))
    text = path.read_text("utf-8").replace("Hail", "Snow")
    path.write_text(text, encoding="utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "Snow" in row)
    (problem,) = copy.problems()
    assert ("edited", line) == (problem.kind, problem.line)
    assert "Snow over the pass" in problem.message


def test_without_any_receipt_nobody_can_say_what_should_be_here(book: Book, tmp_path: Path) -> None:
    copy = book.copy_to(tmp_path / "copy")
    for path in (copy.root / layout.RECEIPTS).iterdir():
        path.unlink()
    assert "receipts" in {p.kind for p in copy.problems()}


def test_a_removed_entry_that_is_back_is_told(book: Book, tmp_path: Path) -> None:
    copy = book.copy_to(tmp_path / "copy")
    note = next(copy.root.glob("cars/anna/notes/*.toml"))
    content = note.read_bytes()
    copy.delete(note.stem)
    note.write_bytes(content)
    assert "deleted" in {p.kind for p in copy.problems()}


def test_broken_toml_is_told_with_its_line_and_what_stands_there(
    book: Book, tmp_path: Path
) -> None:
    root = shutil.copytree(book.root, tmp_path / "rally")
    (file,) = (root / "cars").glob("*/car.toml")
    lines = file.read_text().splitlines()
    file.write_text("\n".join([*lines[:1], "name = Anna", *lines[2:]]))
    (problem,) = [p for p in _told(root) if p.kind == "damaged"]
    assert (2, "invalid value: `name = Anna`") == (problem.line, problem.message)
