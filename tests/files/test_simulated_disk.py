"""The harness is checked, too: careful writers pass it and careless ones do not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from convoylog.files import carefully, safely
from convoylog.files.disk import Disk
from tests.files.faults import die_everywhere, fail_everywhere, nothing_there
from tests.files.simulated_disk import (
    Cuts,
    MemoryDisk,
    Order,
    Said,
    cut_power_everywhere,
)

ROOT = Path("/logbook")
RECEIPTS = "ours/receipts.jsonl"
#: path → content, in the order written; the receipt of each comes last
NOTES = {
    "ours/versions/one.toml": b"at = 10:15\nfuel, 32 litres\n",
    "cars/anna/notes/one.toml": b"at = 10:15\nfuel, 32 litres\n",
    "cars/anna/photos/bridge.jpg": b"\xff\xd8" + b"bridge " * 20,
}


def write_notes(root: Path, disk: Disk, said: Said) -> None:
    """Three files, each with its receipt; one that is there counts as written."""
    for name, content in NOTES.items():
        try:
            safely.create(root / name, content, disk=disk)
        except FileExistsError:
            assert carefully.read_file(root / name, cap=1000, disk=disk) == content
        safely.append_line(root / RECEIPTS, name.encode(), disk=disk)
        said(name)


def check_notes(root: Path, disk: Disk, said: tuple[str, ...]) -> None:
    """What was acknowledged is there with its receipt, and whatever is there is whole."""
    for name, content in NOTES.items():
        try:
            found = carefully.read_file(root / name, cap=1000, disk=disk)
        except FileNotFoundError:
            assert name not in said, f"{name} is lost"
        else:
            assert found == content, f"{name} is half-written"
    try:
        lines = carefully.read_file(root / RECEIPTS, cap=10000, disk=disk).split(b"\n")
    except FileNotFoundError:
        lines = []
    for name in said:
        assert name.encode() in lines, f"the receipt of {name} is lost"


def cut(
    command: Callable[[Path, Disk, Said], None],
    disk: MemoryDisk | None = None,
    *,
    order: Order = "any",
) -> Cuts:
    return cut_power_everywhere(
        disk or MemoryDisk({ROOT: None}),
        lambda disk, said: command(ROOT, disk, said),
        lambda disk, said: check_notes(ROOT, disk, said),
        order=order,
    )


@pytest.mark.parametrize("order", ["ordered", "any"])
@pytest.mark.parametrize("piece", [1 << 30, 50])
def test_a_power_cut_at_any_moment_harms_nothing(order: Order, piece: int) -> None:
    cuts = cut(write_notes, MemoryDisk({ROOT: None}, piece=piece), order=order)
    assert cuts.bad == []
    assert cuts.states >= 50


def test_after_a_power_cut_the_same_command_finishes_and_a_second_cut_harms_nothing() -> None:
    tried = 0

    def check(disk: MemoryDisk, said: tuple[str, ...]) -> None:
        nonlocal tried
        tried += 1
        if tried % 20:  # a twentieth of the states, each with all states of its repeat
            return
        again = cut(write_notes, disk)
        assert again.bad == []
        check_notes(ROOT, disk, tuple(NOTES))

    cuts = cut_power_everywhere(
        MemoryDisk({ROOT: None}),
        lambda disk, said: write_notes(ROOT, disk, said),
        check,
        limit=20,
    )
    assert cuts.bad == []


def test_a_repeat_after_a_death_brings_to_the_drive_what_the_dead_one_had_not() -> None:
    """The dead process gave the file its name and could not sync the folder: the repeat finds the

    file, must not take it for safe, and then the power goes.
    """
    disk = MemoryDisk({ROOT: None})
    first = next(iter(NOTES))

    class NoFolders(MemoryDisk):
        def sync_folder(self, path: Path) -> None:
            pass

    careless = NoFolders({ROOT: None})
    safely.create(ROOT / first, NOTES[first], disk=careless)
    disk.root, disk.nodes = careless.root, careless.nodes
    assert cut(write_notes, disk).bad == []


# -- careless writers


class NoSync(MemoryDisk):
    def sync(self, handle: int) -> None:
        pass


class NoFolderSync(MemoryDisk):
    def sync_folder(self, path: Path) -> None:
        pass


class NoSyncOfTheFoldersAbove(MemoryDisk):
    """Syncs the folder of a file, forgets that the folder itself is new."""

    def sync_folder(self, path: Path) -> None:
        if any(not self.is_dir(path / name) for name in self.list_dir(path)):
            super().sync_folder(path)


class SaysItSynced(MemoryDisk):
    """A drive that lies about one sync in two."""

    def __init__(self) -> None:
        super().__init__({ROOT: None})
        self.turn = 0

    def sync(self, handle: int) -> None:
        self.turn += 1
        if self.turn % 2:
            super().sync(handle)


def write_in_place(root: Path, disk: Disk, said: Said) -> None:
    for name, content in NOTES.items():
        safely.make_folder((root / name).parent, disk=disk)
        handle = disk.open_new(root / name)
        disk.write(handle, content)
        disk.sync(handle)
        disk.close(handle)
        disk.sync_folder((root / name).parent)
        safely.append_line(root / RECEIPTS, name.encode(), disk=disk)
        said(name)


def acknowledge_early(root: Path, disk: Disk, said: Said) -> None:
    for name, content in NOTES.items():
        said(name)
        safely.create(root / name, content, disk=disk)
        safely.append_line(root / RECEIPTS, name.encode(), disk=disk)


def skip_the_receipt(root: Path, disk: Disk, said: Said) -> None:
    for name, content in NOTES.items():
        safely.create(root / name, content, disk=disk)
        said(name)


def receipt_first(root: Path, disk: Disk, said: Said) -> None:
    for name, content in NOTES.items():
        safely.append_line(root / RECEIPTS, name.encode(), disk=disk)
        said(name)
        safely.create(root / name, content, disk=disk)


@pytest.mark.parametrize("order", ["ordered", "any"])
@pytest.mark.parametrize(
    "careless", [NoSync, NoFolderSync, NoSyncOfTheFoldersAbove], ids=lambda kind: kind.__name__
)
def test_a_disk_call_left_out_is_noticed(careless: type[MemoryDisk], order: Order) -> None:
    cuts = cut(write_notes, careless({ROOT: None}), order=order)
    assert cuts.share > 0.01


def test_a_drive_that_lies_is_noticed() -> None:
    assert cut(write_notes, SaysItSynced()).share > 0.01


@pytest.mark.parametrize(
    "careless",
    [write_in_place, acknowledge_early, skip_the_receipt, receipt_first],
    ids=lambda writer: writer.__name__,
)
def test_a_careless_writer_is_noticed(careless: Callable[[Path, Disk, Said], None]) -> None:
    assert cut(careless).share > 0.01


def test_a_file_overwritten_in_place_is_noticed() -> None:
    path = ROOT / "car.toml"

    def overwrite(disk: MemoryDisk, said: Said) -> None:
        handle = disk.open_in_place(path)
        disk.write(handle, b'name = "Berta"')
        disk.sync(handle)
        disk.close(handle)

    def check(disk: MemoryDisk, said: tuple[str, ...]) -> None:
        assert disk.tree()[path] in (b'name = "Anna"', b'name = "Berta"')

    cuts = cut_power_everywhere(MemoryDisk({path: b'name = "Anna"'}), overwrite, check)
    assert cuts.share > 0.01


@pytest.mark.parametrize("order", ["ordered", "any"])
def test_replacing_leaves_the_old_or_the_new_content(order: Order) -> None:
    path = ROOT / "car.toml"

    def check(disk: MemoryDisk, said: tuple[str, ...]) -> None:
        found = carefully.read_file(path, cap=100, disk=disk)
        assert found in (b"Anna", b"Berta")
        assert found == b"Berta" or not said

    def command(disk: MemoryDisk, said: Said) -> None:
        safely.replace(path, b"Berta", expected=b"Anna", disk=disk)
        said("Berta")

    cuts = cut_power_everywhere(MemoryDisk({path: b"Anna"}), command, check, order=order)
    assert cuts.bad == []


@pytest.mark.parametrize("order", ["ordered", "any"])
def test_moving_to_another_folder_never_loses_the_file(order: Order) -> None:
    src, dst = ROOT / "cars/anna/one.toml", ROOT / "trash/one.toml"

    def check(disk: MemoryDisk, said: tuple[str, ...]) -> None:
        tree = disk.tree()
        assert b"one" in (tree.get(src), tree.get(dst)), "lost"
        if said:
            assert (tree.get(src), tree.get(dst)) == (None, b"one")

    def command(disk: MemoryDisk, said: Said) -> None:
        safely.move(src, dst, disk=disk)
        said("moved")

    tree = {src: b"one", ROOT / "trash": None}
    assert cut_power_everywhere(MemoryDisk(tree), command, check, order=order).bad == []

    def careless(disk: MemoryDisk, said: Said) -> None:
        disk.link(src, dst)
        disk.unlink(src)
        disk.sync_folder(src.parent)
        disk.sync_folder(dst.parent)
        said("moved")

    assert cut_power_everywhere(MemoryDisk(tree), careless, check, order=order).share > 0.01


# -- on the real disk


def on_real_disk(root: Path, said: tuple[str, ...]) -> None:
    check_notes(root, Disk(), said)


def test_death_at_any_call_loses_nothing_and_the_repeat_finishes(tmp_path: Path) -> None:
    deaths = die_everywhere(tmp_path, nothing_there, write_notes, on_real_disk)
    assert deaths.bad == []
    assert deaths.points > 50


def test_death_while_writing_in_place_is_noticed(tmp_path: Path) -> None:
    deaths = die_everywhere(tmp_path, nothing_there, write_in_place, on_real_disk)
    assert deaths.bad


def test_any_error_at_any_call_is_told_in_one_line_and_the_repeat_finishes(
    tmp_path: Path,
) -> None:
    faults = fail_everywhere(tmp_path, nothing_there, write_notes, on_real_disk)
    assert faults.bad == []
    assert faults.points > 500
    assert "the disk is full: cannot write to LOGBOOK | make room on the disk; " in " ".join(
        faults.lines
    )


def test_an_error_while_writing_in_place_is_noticed(tmp_path: Path) -> None:
    faults = fail_everywhere(tmp_path, nothing_there, write_in_place, on_real_disk)
    assert faults.bad
