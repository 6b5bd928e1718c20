"""Reading what others may be writing, on the real disk."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from convoylog.files import carefully, safely
from convoylog.files.disk import Disk, Status
from tests.files.test_safely import POSIX, names


def test_all_bytes_up_to_the_cap(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"1234")
    assert carefully.read_file(tmp_path / "one", cap=4) == b"1234"
    with pytest.raises(carefully.TooLarge, match="larger than 3 bytes"):
        carefully.read_file(tmp_path / "one", cap=3)


def test_a_missing_file_is_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        carefully.read_file(tmp_path / "none", cap=10)


def test_as_text_the_reason_alone_as_message_the_path_too(tmp_path: Path) -> None:
    with pytest.raises(carefully.Unreadable) as caught:
        carefully.read_file(tmp_path, cap=10)
    assert str(caught.value) == "no regular file"
    assert caught.value.message == f"cannot read {tmp_path}: no regular file"


@POSIX
@pytest.mark.parametrize("kind", ["link", "pipe", "device", "loop"])
def test_only_regular_files_are_read_and_nothing_is_waited_for(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    if kind == "link":
        (tmp_path / "secret").write_bytes(b"secret")
        path.symlink_to(tmp_path / "secret")
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path = Path(os.devnull)
    with pytest.raises(carefully.Unreadable, match=r"it is a link|no regular file"):
        carefully.read_file(path, cap=100)


class Growing(Disk):
    """A file that another program writes while we read it, a few times."""

    def __init__(self, path: Path, times: int) -> None:
        super().__init__()
        self.path = path
        self.times = times

    def read(self, handle: int, size: int) -> bytes:
        if self.times:
            self.times -= 1
            with self.path.open("ab") as file:
                file.write(b"more")
        return super().read(handle, size)


def test_a_file_that_changes_is_read_again_once(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_bytes(b"some")
    assert carefully.read_file(path, cap=100, disk=Growing(path, 1)) == b"somemore"
    with pytest.raises(carefully.Unreadable, match="it changed while it was read"):
        carefully.read_file(path, cap=100, disk=Growing(path, 9))


def test_a_file_rewritten_at_the_same_length_is_noticed_by_its_time(tmp_path: Path) -> None:
    class Rewritten(Disk):
        turn = 0

        def status(self, handle: int) -> Status:
            found = super().status(handle)
            self.turn += 1
            return Status(found.mode, found.size, self.turn, found.identity)

    (tmp_path / "one").write_bytes(b"text")
    with pytest.raises(carefully.Unreadable, match="it changed while it was read"):
        carefully.read_file(tmp_path / "one", cap=100, disk=Rewritten())


@POSIX
def test_no_handle_stays_open(tmp_path: Path) -> None:
    open_now = Path("/proc/self/fd")
    if not open_now.exists():
        pytest.skip("counts open files in /proc")
    (tmp_path / "one").write_bytes(b"text")
    before = len(names(open_now))
    assert carefully.read_file(tmp_path / "one", cap=100) == b"text"
    for name, cap in (("one", 1), ("none", 100), (".", 100)):
        with pytest.raises((FileNotFoundError, carefully.Unreadable)):
            carefully.read_file(tmp_path / name, cap=cap)
    assert len(names(open_now)) == before


def test_an_error_at_closing_does_not_spoil_what_was_read(tmp_path: Path) -> None:
    class ClosesBadly(Disk):
        def close(self, handle: int) -> None:
            super().close(handle)
            raise OSError(errno.EIO, "Input/output error")

    (tmp_path / "one").write_bytes(b"text")
    assert carefully.read_file(tmp_path / "one", cap=10, disk=ClosesBadly()) == b"text"
    with pytest.raises(OSError, match="Input/output"):
        safely.create(tmp_path / "two", b"text", disk=ClosesBadly())
