"""What the system's errors are called."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from convoylog.files import disk_errors, layout, safely
from tests.files.test_safely import NOT_ROOT, POSIX


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENOSPC, "the disk is full: cannot write to notes"),
        (errno.EDQUOT, "your share of the disk is used up: cannot write to notes"),
        (errno.EIO, "cannot write to notes: the disk reports an error"),
        (errno.EACCES, "cannot write to notes: no permission"),
        (errno.EPERM, "cannot write to notes: no permission"),
        (errno.EROFS, "cannot write to notes: the disk is read-only"),
        (errno.ENAMETOOLONG, "cannot write to notes: the name is too long for this disk"),
        (errno.ENOTDIR, "cannot write to notes: a file is where a folder should be"),
    ],
)
def test_an_error_of_the_system_is_one_sentence_with_a_hint(number: int, message: str) -> None:
    error = disk_errors.told(OSError(number, os.strerror(number)), Path("notes"))
    assert error.message == message
    assert error.hint


def test_an_error_names_the_file_the_system_named_but_no_temporary_one() -> None:
    plain = OSError(errno.EACCES, "Permission denied", "cars/anna/notes")
    ours = OSError(errno.EACCES, "Permission denied", f"cars/anna/notes/{layout.TEMPORARY}1.part")
    for error in (plain, ours):
        told = disk_errors.told(error, Path("logbook"))
        assert told.message == f"cannot write to {Path('cars/anna/notes')}: no permission"


def test_an_unknown_error_is_told_in_the_words_of_the_system() -> None:
    error = disk_errors.told(OSError(errno.EDOM, "Numerical argument out of domain"), Path("notes"))
    assert error.message == "cannot write to notes: numerical argument out of domain"


@POSIX
@NOT_ROOT
def test_a_folder_without_permission_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir(mode=0o500)
    with pytest.raises(PermissionError) as caught:
        safely.create(tmp_path / "notes" / "one", b"text")
    told = disk_errors.told(caught.value, tmp_path)
    assert told.message == f"cannot write to {tmp_path / 'notes'}: no permission"
