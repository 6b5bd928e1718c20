"""One writer at a time: waiting, giving up, dying, and disks without locks; and what many writers
together leave (T7)."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import filelock
import pytest

from convoylog.errors import ConvoylogError
from convoylog.files.lock import hold

# says "held" once it holds the lock, and keeps it until its standard input is closed
_HOLDER = """
import sys
from pathlib import Path
from convoylog.files.lock import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(folder: Path) -> subprocess.Popen[bytes]:
    """Another process that holds the lock of a folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def test_the_folder_is_made_and_the_lock_is_held(tmp_path: Path) -> None:
    with hold(tmp_path / ".convoylog") as locked:
        assert locked is True
        assert (tmp_path / ".convoylog" / "lock").exists()


def test_a_second_writer_gives_up_with_a_sentence_and_a_hint(tmp_path: Path) -> None:
    folder = tmp_path / "rally" / ".convoylog"
    process = holder(folder)
    try:
        with pytest.raises(ConvoylogError) as caught, hold(folder, seconds=0.2):
            pytest.fail("two hold the lock")
    finally:
        end(process)
    assert caught.value.message == f"another program is writing into {tmp_path / 'rally'}"
    assert "repeat the command" in caught.value.hint


def test_a_second_writer_waits_for_the_first(tmp_path: Path) -> None:
    process = holder(tmp_path)
    assert process.stdin is not None
    process.stdin.close()
    with hold(tmp_path, seconds=10) as locked:
        assert locked
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_a_writer_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    end(holder(tmp_path))
    with hold(tmp_path, seconds=5) as locked:
        assert locked


def test_a_lock_does_not_expire_by_age(tmp_path: Path) -> None:
    process = holder(tmp_path)
    try:
        long_ago = time.time() - 10 * 86400
        os.utime(tmp_path / "lock", (long_ago, long_ago))
        with pytest.raises(ConvoylogError), hold(tmp_path, seconds=0.2):
            pytest.fail("two hold the lock")
    finally:
        end(process)


def test_an_error_inside_lets_the_lock_go(tmp_path: Path) -> None:
    with pytest.raises(KeyError), hold(tmp_path):
        raise KeyError
    with hold(tmp_path, seconds=0.2) as locked:
        assert locked


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_disk_without_locks_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fcntl = pytest.importorskip("fcntl")

    def flock(handle: int, how: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)
    with hold(tmp_path, seconds=0.2) as locked:
        assert locked is False
    with hold(tmp_path, seconds=0.2) as locked:
        assert locked is False, "a file left behind must not look like a lock"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ConvoylogError) as caught, hold(tmp_path / "file" / ".convoylog"):
        pytest.fail("held in no folder")
    assert "a file is where a folder should be" in caught.value.message


def test_a_lock_that_cannot_be_opened_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def acquire(self: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "lock"))

    monkeypatch.setattr(filelock.FileLock, "acquire", acquire)
    with pytest.raises(ConvoylogError) as caught, hold(tmp_path):
        pytest.fail("held without permission")
    assert caught.value.message == f"cannot write to {tmp_path / 'lock'}: no permission"


# -- many writers

# writes `count` entries, each with its receipt in a file of its own device
_WRITER = """
import contextlib, sys
from pathlib import Path
from convoylog.files import safely
from convoylog.files.lock import hold
root, device, count, locking = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
for number in range(count):
    with hold(root / ".convoylog", 60) if locking == "locked" else contextlib.nullcontext():
        name = f"notes/{device}-{number}.toml"
        safely.create(root / name, f"{device} {number}".encode() * 50)
        # two devices share each file of receipts, so that lines meet
        safely.append_line(root / f"receipts/{int(device) // 2}.jsonl", name.encode())
        print(name, flush=True)
"""


@pytest.mark.parametrize("locking", ["locked", "unlocked"])
def test_of_many_writers_none_loses_an_entry(tmp_path: Path, locking: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path), str(device), "25", locking],
            stdout=subprocess.PIPE,
        )
        for device in range(8)
    ]
    said = [
        name for process in processes for name in process.communicate()[0].decode().splitlines()
    ]
    assert [process.returncode for process in processes] == [0] * 8
    assert len(said) == 200
    for name in said:
        device, number = Path(name).stem.split("-")
        assert (tmp_path / name).read_text() == f"{device} {number}" * 50
    lines = [
        line for path in (tmp_path / "receipts").iterdir() for line in path.read_text().splitlines()
    ]
    assert sorted(lines) == sorted(said)
    assert len(list((tmp_path / "notes").iterdir())) == 200
