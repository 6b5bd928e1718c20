"""All writing operations, stopped anywhere: deaths (T1), power cuts (T2), failing disks (T5).

Small versions of the full runs in tests/benchmarks.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from convoylog.files import store
from convoylog.files.check import check
from convoylog.files.disk import Disk
from convoylog.files.source import Folder
from tests.files import stopping
from tests.files.simulated_disk import MemoryDisk, Order, cut_power_everywhere
from tests.files.test_simulated_disk import NoFolderSync, NoSync
from tests.files.workloads import (
    DEVICE,
    NOW,
    OPERATIONS,
    Base,
    begins_with,
    build,
    note,
    verify,
    write_files,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("base")


@pytest.fixture(scope="module")
def base(folder: Path) -> Base:
    return build(folder)


def test_the_logbook_to_begin_with_is_healthy(base: Base, tmp_path: Path) -> None:
    write_files(tmp_path, base.files)
    assert check(Folder(tmp_path)).problems == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_that_nobody_stops_leaves_nothing_to_tell(
    operation: str, base: Base, folder: Path, tmp_path: Path
) -> None:
    write_files(tmp_path, begins_with(operation, base))
    said: list[str] = []
    OPERATIONS[operation](tmp_path, Disk(), said.append, base, folder)
    verify(tmp_path, Disk(), tuple(said), base, operation)
    assert said
    if operation != "hand edit":
        assert check(Folder(tmp_path)).problems == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_death_at_any_call(operation: str, base: Base, folder: Path, tmp_path: Path) -> None:
    points, bad = stopping.deaths(operation, base, folder, tmp_path, every=11)
    assert bad == []
    assert points > 0


@pytest.mark.parametrize("order", ["ordered", "any"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_power_cut_at_any_moment(
    operation: str, order: Order, base: Base, folder: Path, tmp_path: Path
) -> None:
    states, bad = stopping.cuts(operation, base, folder, tmp_path, order=order)
    assert bad == []
    assert states > 10


@pytest.mark.parametrize("kind", [NoSync, NoFolderSync], ids=lambda kind: kind.__name__)
def test_a_store_that_leaves_out_a_sync_is_noticed(
    kind: type[MemoryDisk], base: Base, folder: Path, tmp_path: Path
) -> None:
    states, bad = stopping.cuts("note", base, folder, tmp_path, kind=kind)
    assert len(bad) / states > 0.01


def test_a_store_that_acknowledges_before_it_commits_is_noticed(
    base: Base, folder: Path, tmp_path: Path
) -> None:
    def hasty(disk: MemoryDisk, said: Callable[[str], None]) -> None:
        with store.writing(tmp_path, "note", now=NOW, device=DEVICE, disk=disk) as writer:
            version = note(base.car, "hasty")
            said(f"version {version.id} {version.hash}")
            writer.add(version, "44-anna")

    tree = {tmp_path / path: content for path, content in base.files.items()}
    cuts = cut_power_everywhere(
        MemoryDisk(tree),
        hasty,
        lambda disk, said: verify(tmp_path, disk, said, base, "note"),
        limit=3,
    )
    assert cuts.share > 0.01


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_error_at_any_change(operation: str, base: Base, folder: Path, tmp_path: Path) -> None:
    points, bad = stopping.errors(operation, base, folder, tmp_path, every=31)
    assert bad == []
    assert points > 0


@pytest.mark.parametrize(
    "operation",
    [
        "note",
        "add",
        "edit",
        "remove",
        "undo",
        "doctor",
    ],
)
def test_a_file_that_cannot_be_read_for_once_is_not_taken_for_lost(
    operation: str, base: Base, folder: Path, tmp_path: Path
) -> None:
    every = 5 if operation == "edit" else 1
    _, bad = stopping.errors(
        operation, base, folder, tmp_path, every=every, numbers=(errno.EIO,), calls=("open_read",)
    )
    assert bad == []


@pytest.mark.parametrize(
    ("operation", "every", "first"),
    [
        ("note", 5, 3),
        ("edit", 5, 3),
        ("add", 5, 3),
        ("doctor", 4, 2),
        ("remove", 1, 0),
    ],
)
def test_a_power_cut_after_the_repeat_of_what_a_dead_process_began(
    operation: str, every: int, first: int, base: Base, folder: Path, tmp_path: Path
) -> None:
    states, bad = stopping.cuts_after_deaths(
        operation, base, folder, tmp_path, limit=6, every=every, first=first
    )
    assert bad == []
    assert states > 50


# -- `check` notices what happens to files (T11)


def _damages(content: bytes) -> list[tuple[str, bytes | None]]:
    half = len(content) // 2
    flipped = bytearray(content)
    flipped[half] ^= 4
    return [
        ("gone", None),
        ("cut to half", content[:half]),
        ("cut to nothing", b""),
        ("zeros", bytes(len(content))),
        ("zeros at the end", content[:half] + bytes(len(content) - half)),
        ("a bit flipped", bytes(flipped)),
        ("the last byte gone", content[:-1]),
        ("more at the end", content + b"x"),
    ]


# a torn last line of receipts is what a crash leaves, and is passed over; the last byte of a
# version copy ends its last line, and the seal forgives line ends
_HARMLESS = {
    ("receipts", "the last byte gone"),
    ("receipts", "more at the end"),
    ("versions", "the last byte gone"),
}


def test_whatever_happens_to_a_file_is_noticed(base: Base, tmp_path: Path) -> None:
    tree = {tmp_path / path: content for path, content in base.files.items()}
    unnoticed = []
    for path, content in tree.items():
        if path.name.startswith(".git") or path.name == ".stignore" or "trash" in path.parts:
            continue  # not the logbook's own: a person may change or empty them
        for what, damaged in _damages(content):
            disk = MemoryDisk({p: c for p, c in (tree | {path: damaged}).items() if c is not None})
            checked = check(Folder(tmp_path, disk))
            folder = (*path.relative_to(tmp_path).parts, "")[1]
            if not checked.problems and (folder, what) not in _HARMLESS:
                unnoticed.append(f"{path.relative_to(tmp_path)}: {what}")
    assert unnoticed == []
