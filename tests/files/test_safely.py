"""The writing recipe, call by call, on the real disk."""

from __future__ import annotations

import ast
import errno
import hashlib
import os
import threading
from pathlib import Path
from typing import BinaryIO

import pytest

from convoylog.files import safely
from convoylog.files.carefully import Unreadable, sha256_of
from convoylog.files.disk import Disk
from tests.files import test_simulated_disk as careful
from tests.files.faults import CHANGES, ShortDisk, WatchedDisk

POSIX = pytest.mark.skipif(os.name == "nt", reason="links, pipes and modes of POSIX")
NOT_ROOT = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class ChangesDisk(WatchedDisk):
    watched = CHANGES


# -- write_by


def test_what_is_written_piece_by_piece_is_whole_and_alone(tmp_path: Path) -> None:
    path = tmp_path / "out" / "fleet.parquet"

    def fill(sink: BinaryIO) -> None:
        assert [] == [name for name in names(path.parent) if name == path.name]
        sink.writelines((b"a" * 3_000_000, b"b", b""))

    told = safely.write_by(path, fill)
    assert path.read_bytes() == b"a" * 3_000_000 + b"b"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == told == sha256_of(path)
    assert names(path.parent) == ["fleet.parquet"]


def test_whoever_fails_while_writing_leaves_nothing(tmp_path: Path) -> None:
    def fill(sink: BinaryIO) -> None:
        sink.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        safely.write_by(tmp_path / "x", fill)
    assert names(tmp_path) == []


def test_only_what_is_expected_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        safely.write_by(path, lambda sink: sink.close())
    with pytest.raises(safely.Changed):
        safely.write_by(path, lambda sink: sink.close(), expected="0" * 64)
    assert (b"mine", ["x"]) == (path.read_bytes(), names(tmp_path))
    safely.write_by(path, lambda sink: sink.close(), expected=sha256_of(path))
    assert (b"", ["x"]) == (path.read_bytes(), names(tmp_path))


@POSIX
def test_a_link_has_no_content_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "x").symlink_to(tmp_path / "y")
    assert sha256_of(tmp_path / "x") == ""


# -- create


def test_a_new_file_is_whole_and_alone(tmp_path: Path) -> None:
    safely.create(tmp_path / "notes" / "one.toml", b"fuel")
    assert (tmp_path / "notes" / "one.toml").read_bytes() == b"fuel"
    assert names(tmp_path / "notes") == ["one.toml"]


def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    safely.create(tmp_path / "empty", b"")
    assert (tmp_path / "empty").read_bytes() == b""


def test_a_new_file_never_replaces_another(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        safely.create(tmp_path / "one.toml", b"yours")
    assert (tmp_path / "one.toml").read_bytes() == b"mine"
    assert names(tmp_path) == ["one.toml"]


@POSIX
def test_a_new_file_does_not_go_through_a_dangling_link(tmp_path: Path) -> None:
    (tmp_path / "one.toml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        safely.create(tmp_path / "one.toml", b"text")
    assert names(tmp_path) == ["one.toml"]


@POSIX
def test_a_logbook_behind_a_link_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "here").symlink_to(tmp_path / "there")
    safely.create(tmp_path / "here" / "notes" / "one.toml", b"text")
    assert names(tmp_path / "there" / "notes") == ["one.toml"]


def test_a_file_in_the_way_of_a_folder_is_told_apart_from_a_file_that_is_there(
    tmp_path: Path,
) -> None:
    (tmp_path / "notes").write_bytes(b"")
    with pytest.raises(NotADirectoryError):
        safely.create(tmp_path / "notes" / "one.toml", b"text")


def test_the_order_is_write_sync_close_name_sync_of_the_folder(tmp_path: Path) -> None:
    safely.create(tmp_path / "before", b"")
    disk = ChangesDisk()
    disk.settled.update((tmp_path, *tmp_path.parents))
    safely.create(tmp_path / "one.toml", b"text", disk=disk)
    assert disk.calls == ["open_new", "write", "sync", "close", "link", "unlink", "sync_folder"]


def test_a_new_folder_is_synced_into_the_one_above(tmp_path: Path) -> None:
    class Folders(ChangesDisk):
        def before(self, name: str, number: int, args: tuple[object, ...]) -> None:  # noqa: ARG002
            if name in ("mkdir", "sync_folder"):
                rows.append((name, str(Path(str(args[0])).relative_to(tmp_path))))

    rows: list[tuple[str, str]] = []
    disk = Folders()
    disk.settled.update((tmp_path, *tmp_path.parents))
    safely.make_folder(tmp_path / "cars" / "anna", disk=disk)
    assert rows == [
        ("mkdir", "cars"),
        ("sync_folder", "."),
        ("mkdir", "cars/anna"),
        ("sync_folder", "cars"),
    ]


def test_short_writes_are_continued(tmp_path: Path) -> None:
    content = bytes(range(256)) * 3
    safely.create(tmp_path / "one", content, disk=ShortDisk(7))
    assert (tmp_path / "one").read_bytes() == content


def test_a_disk_that_takes_nothing_is_an_error_and_no_endless_loop(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no more bytes"):
        safely.create(tmp_path / "one", b"text", disk=ShortDisk(0))
    assert names(tmp_path) == []


class NoLinks(Disk):
    """FAT: no second names."""

    number = errno.EPERM

    def link(self, path: Path, other: Path) -> None:  # noqa: ARG002
        raise OSError(self.number, os.strerror(self.number), str(path))


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EACCES])
def test_without_links_a_new_file_still_replaces_none(tmp_path: Path, number: int) -> None:
    disk = NoLinks()
    disk.number = number
    safely.create(tmp_path / "one", b"mine", disk=disk)
    with pytest.raises(FileExistsError):
        safely.create(tmp_path / "one", b"yours", disk=disk)
    assert (tmp_path / "one").read_bytes() == b"mine"
    assert names(tmp_path) == ["one"]


def test_a_link_whose_answer_got_lost_counts_as_made(tmp_path: Path) -> None:
    class LosesTheAnswer(Disk):
        def link(self, path: Path, other: Path) -> None:
            super().link(path, other)
            raise FileExistsError(errno.EEXIST, "File exists", str(other))

    safely.create(tmp_path / "one", b"text", disk=LosesTheAnswer())
    assert names(tmp_path) == ["one"]


def test_two_who_write_the_same_name_get_one_file_and_one_refusal(tmp_path: Path) -> None:
    start = threading.Barrier(8)
    results: list[str] = []

    def write(number: int) -> None:
        start.wait()
        try:
            safely.create(tmp_path / "one", b"%d" % number)
        except FileExistsError:
            results.append("refused")
        else:
            results.append("written")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["refused"] * 7 + ["written"]
    assert names(tmp_path) == ["one"]


def test_an_interrupt_by_the_keyboard_leaves_nothing_behind(tmp_path: Path) -> None:
    class Interrupted(ChangesDisk):
        def __init__(self, at: str) -> None:
            super().__init__()
            self.at = at

        def before(self, name: str, number: int, args: tuple[object, ...]) -> None:  # noqa: ARG002
            if name == self.at:
                raise KeyboardInterrupt

    safely.create(tmp_path / "one", b"text", disk=Interrupted("never"))
    for at in ("write", "sync", "link"):
        with pytest.raises(KeyboardInterrupt):
            safely.create(tmp_path / "two", b"text", disk=Interrupted(at))
        assert names(tmp_path) == ["one"]


# -- replace


def test_what_was_not_seen_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "car.toml"
    path.write_bytes(b"edited by hand")
    with pytest.raises(safely.Changed) as caught:
        safely.replace(path, b"ours", expected=b"as it was")
    assert caught.value.message == f"{path} was changed since it was read"
    assert path.read_bytes() == b"edited by hand"
    assert names(tmp_path) == ["car.toml"]


def test_a_longer_content_than_seen_is_a_change_too(tmp_path: Path) -> None:
    path = tmp_path / "car.toml"
    path.write_bytes(b"as it was, and more")
    with pytest.raises(safely.Changed):
        safely.replace(path, b"ours", expected=b"as it was")


def test_a_file_that_is_gone_is_a_change(tmp_path: Path) -> None:
    with pytest.raises(safely.Changed, match="is gone since it was read"):
        safely.replace(tmp_path / "car.toml", b"ours", expected=b"as it was")


def test_an_editor_that_saves_while_we_write_wins(tmp_path: Path) -> None:
    class Meanwhile(Disk):
        def sync(self, handle: int) -> None:  # noqa: ARG002
            path.write_bytes(b"saved in an editor")

    path = tmp_path / "car.toml"
    path.write_bytes(b"as it was")
    with pytest.raises(safely.Changed):
        safely.replace(path, b"ours", expected=b"as it was", disk=Meanwhile())
    assert path.read_bytes() == b"saved in an editor"
    assert names(tmp_path) == ["car.toml"]


@POSIX
def test_a_replacement_keeps_the_mode(tmp_path: Path) -> None:
    path = tmp_path / "car.toml"
    path.write_bytes(b"old")
    for mode in (0o600, 0o664, 0o444):
        path.chmod(mode)
        safely.replace(path, b"new", expected=None)
        assert path.stat().st_mode & 0o777 == mode


@POSIX
def test_a_link_is_not_replaced_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"old")
    (tmp_path / "here").symlink_to(tmp_path / "there")
    with pytest.raises(Unreadable, match="it is a link"):
        safely.replace(tmp_path / "here", b"new", expected=b"old")
    assert (tmp_path / "there").read_bytes() == b"old"


# -- move, remove


def test_moving_never_replaces(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"1")
    (tmp_path / "two").write_bytes(b"2")
    for disk in (Disk(), NoLinks()):
        with pytest.raises(FileExistsError):
            safely.move(tmp_path / "one", tmp_path / "two", disk=disk)
    assert (tmp_path / "one").read_bytes() == b"1"
    assert (tmp_path / "two").read_bytes() == b"2"


@pytest.mark.parametrize("disk", [Disk(), NoLinks()], ids=["links", "no links"])
def test_moving_takes_the_old_name_away(tmp_path: Path, disk: Disk) -> None:
    (tmp_path / "one").write_bytes(b"1")
    (tmp_path / "trash").mkdir()
    safely.move(tmp_path / "one", tmp_path / "trash" / "one", disk=disk)
    assert names(tmp_path) == ["trash"]
    assert (tmp_path / "trash" / "one").read_bytes() == b"1"


@POSIX
def test_a_folder_and_a_link_move_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("nowhere")
    safely.move(tmp_path / "folder", tmp_path / "folder-2")
    safely.move(tmp_path / "link", tmp_path / "link-2")
    assert names(tmp_path) == ["folder-2", "link-2"]
    assert (tmp_path / "link-2").is_symlink()


def test_removing_takes_the_file_away(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"1")
    safely.remove(tmp_path / "one")
    assert names(tmp_path) == []


# -- append_line


def test_lines_follow_each_other(tmp_path: Path) -> None:
    safely.append_line(tmp_path / "receipts" / "a.jsonl", b"one")
    safely.append_line(tmp_path / "receipts" / "a.jsonl", b"two\nthree")
    assert (tmp_path / "receipts" / "a.jsonl").read_bytes() == b"one\ntwo\nthree\n"


def test_a_torn_line_is_left_alone_on_its_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one\ntw")
    safely.append_line(tmp_path / "a", b"three")
    assert (tmp_path / "a").read_bytes() == b"one\ntw\nthree\n"


def test_short_writes_of_a_line_are_continued(tmp_path: Path) -> None:
    safely.append_line(tmp_path / "a", b"a line of some length", disk=ShortDisk(3))
    assert (tmp_path / "a").read_bytes() == b"a line of some length\n"


@POSIX
def test_no_line_goes_through_a_link_or_into_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"")
    (tmp_path / "link").symlink_to(tmp_path / "there")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe"):
        with pytest.raises(OSError, match=r"symbolic links|regular file"):
            safely.append_line(tmp_path / name, b"line")
    assert (tmp_path / "there").read_bytes() == b""


# -- patience on Windows


def test_on_windows_a_held_file_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Held(Disk):
        left = 3

        def rename(self, path: Path, other: Path) -> None:
            if self.left:
                self.left -= 1
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            super().rename(path, other)

    monkeypatch.setattr(safely, "_WINDOWS", True)
    safely.create(tmp_path / "one", b"text", disk=Held())
    assert names(tmp_path) == ["one"]
    with pytest.raises(FileExistsError):
        safely.create(tmp_path / "one", b"other", disk=Held())


def test_on_windows_patience_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class AlwaysHeld(Disk):
        def rename(self, path: Path, other: Path) -> None:  # noqa: ARG002
            raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(safely, "_WINDOWS", True)
    monkeypatch.setattr(safely, "_PATIENCE_S", 0.1)
    with pytest.raises(PermissionError):
        safely.create(tmp_path / "one", b"text", disk=AlwaysHeld())
    assert names(tmp_path) == []


# -- the full sync of macOS


@POSIX
def test_where_the_drive_can_be_told_to_write_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("convoylog.files.disk._FULL_SYNC", 51)
    monkeypatch.setattr("fcntl.fcntl", lambda *args: asked.append(args[1]))
    safely.create(tmp_path / "one", b"text")
    assert 51 in asked


# -- nobody else writes

_WRITES = {
    "os": {
        "open", "write", "rename", "replace", "remove", "unlink", "mkdir", "makedirs", "link",
        "symlink", "rmdir", "removedirs", "renames", "truncate", "ftruncate", "fsync", "chmod",
        "utime", "fdopen",
    },
    "shutil": {"copy", "copy2", "copyfile", "copytree", "move", "rmtree", "copyfileobj"},
    "tempfile": {"mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryDirectory"},
}  # fmt: skip
_PATH_WRITES = {
    "write_bytes", "write_text", "touch", "rename", "unlink", "rmdir", "mkdir", "symlink_to",
    "hardlink_to", "chmod",
}  # fmt: skip
# `memory` and `remade` keep, outside the logbook, what may be lost at any time
# columns.py lays down what is gone again with the command
_MAY = {"disk.py", "safely.py", "memory.py", "remade.py", "drawings.py", "columns.py"}
# a clip goes to ffmpeg through a file in memory, which has no name and is on no disk
_INTO_MEMORY = {"frames.py": "os.write"}


def _writing_calls(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id == "open":
            found.append(f"line {node.lineno}: open")
        if not isinstance(called, ast.Attribute):
            continue
        owner = called.value.id if isinstance(called.value, ast.Name) else ""
        ours = owner in ("safely", "disk", "writer", "self") or ast.unparse(called.value).endswith(
            "disk"
        )
        if called.attr in _WRITES.get(owner, ()) or (
            called.attr in _PATH_WRITES and owner not in _WRITES and not ours
        ):
            found.append(f"line {node.lineno}: {ast.unparse(called)}")
    return found


def test_only_safely_writes() -> None:
    room = Path(safely.__file__).parent
    found = {
        str(path.relative_to(room)): calls
        for path in sorted(room.rglob("*.py"))
        if path.name not in _MAY
        and (
            calls := [
                call
                for call in _writing_calls(path.read_text("utf-8"))
                if not call.endswith(f": {_INTO_MEMORY.get(path.name)}")
            ]
        )
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "os.replace(a, b)",
        "open(p, 'w')",
        "path.write_bytes(b'')",
        "shutil.move(a, b)",
        "(a / b).mkdir()",
    ],
)
def test_a_write_beside_safely_is_noticed(source: str) -> None:
    assert _writing_calls(source)


# -- the recipe is held by the tests: each step left out turns one red


def _nothing(*args: object, **keywords: object) -> None:
    """In place of a step of the recipe."""


@pytest.mark.parametrize("left_out", ["_sync_folder", "settle", "sync of folders there already"])
def test_a_step_left_out_of_the_recipe_is_noticed(
    left_out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if hasattr(safely, left_out):
        monkeypatch.setattr(safely, left_out, _nothing)
    else:
        monkeypatch.setattr(safely, "_DEEPEST", 0)
    with pytest.raises(AssertionError):
        after_a_death()


def after_a_death() -> None:
    careful.test_a_power_cut_at_any_moment_harms_nothing("any", 1 << 30)
    careful.test_a_repeat_after_a_death_brings_to_the_drive_what_the_dead_one_had_not()
