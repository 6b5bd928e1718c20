"""The operations of `workloads`, stopped everywhere. Each returns (points tried, bad ones)."""

from __future__ import annotations

from pathlib import Path

from convoylog.files.disk import Disk
from tests.files.faults import CHANGES, ERRORS, die_everywhere, fail_everywhere
from tests.files.simulated_disk import MemoryDisk, Order, Said, cut_power_everywhere
from tests.files.workloads import OPERATIONS, Base, begins_with, verify, write_files

#: (points, bad ones)
Result = tuple[int, list[str]]


def deaths(operation: str, base: Base, folder: Path, work: Path, *, every: int = 1) -> Result:
    """A death ahead of each change and halfway through each write, then the repeat."""
    found = die_everywhere(
        work,
        lambda root: write_files(root, begins_with(operation, base)),
        lambda root, disk, said: OPERATIONS[operation](root, disk, said, base, folder),
        lambda root, said: verify(root, Disk(), said, base, operation),
        every=every,
    )
    return found.points, found.bad


def errors(
    operation: str,
    base: Base,
    folder: Path,
    work: Path,
    *,
    every: int = 1,
    numbers: tuple[int, ...] = ERRORS,
    calls: tuple[str, ...] = CHANGES,
) -> Result:
    """Each error at each of the calls, once and for good, then the repeat."""
    found = fail_everywhere(
        work,
        lambda root: write_files(root, begins_with(operation, base)),
        lambda root, disk, said: OPERATIONS[operation](root, disk, said, base, folder),
        lambda root, said: verify(root, Disk(), said, base, operation),
        errors=numbers,
        calls=calls,
        every=every,
    )
    return found.points, found.bad


def cuts(
    operation: str,
    base: Base,
    folder: Path,
    work: Path,
    *,
    order: Order = "any",
    limit: int = 3,
    kind: type[MemoryDisk] = MemoryDisk,
    piece: int = 1 << 30,
    repeat_every: int = 25,
) -> Result:
    """A power cut after each change; after some of them the operation is repeated to its end."""
    tree = {work / path: content for path, content in begins_with(operation, base).items()}
    some: list[tuple[MemoryDisk, tuple[str, ...]]] = []
    looked = 0

    def look(disk: MemoryDisk, said: tuple[str, ...]) -> None:
        nonlocal looked
        verify(work, disk, said, base, operation)
        looked += 1
        if looked % repeat_every == 0:
            some.append((disk, said))

    found = cut_power_everywhere(
        kind(tree, piece=piece),
        lambda disk, said: OPERATIONS[operation](work, disk, said, base, folder),
        look,
        order=order,
        limit=limit,
    )
    # afterwards, since the one that lost its power still holds the real lock
    for disk, before in some if operation != "undo" else ():
        said = list(before)
        try:
            OPERATIONS[operation](work, disk, said.append, base, folder)
            verify(work, disk, tuple(said), base, operation)
        except AssertionError as error:
            found.bad.append(f"after the repeat: {error}")
    return found.states, found.bad


def cuts_after_deaths(
    operation: str,
    base: Base,
    folder: Path,
    work: Path,
    *,
    limit: int = 3,
    every: int = 1,
    first: int = 0,
) -> Result:
    """A process dies, leaving changes unsynced; the repeat is acknowledged; then the power goes."""
    states = 0
    bad: list[str] = []
    for at in range(first, 1 << 30, every):
        found = _cuts_after_death(operation, base, folder, work, at, limit)
        if found is None:
            break
        states += found[0]
        bad += [f"died after change {at}, {line}" for line in found[1]]
    return states, bad


def _cuts_after_death(
    operation: str, base: Base, folder: Path, work: Path, at: int, limit: int
) -> Result | None:
    disk = MemoryDisk({work / name: held for name, held in begins_with(operation, base).items()})
    before: list[str] = []

    def command(disk: MemoryDisk, said: Said) -> None:
        OPERATIONS[operation](work, disk, said, base, folder)

    if not disk.die_during(lambda disk: command(disk, before.append), at):
        return None
    found = cut_power_everywhere(
        disk,
        command,
        lambda disk, said: verify(work, disk, (*before, *said), base, operation),
        limit=limit,
    )
    return found.states, found.bad
