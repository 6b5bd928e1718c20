"""Receipts: one line for every file written, kept by the device that wrote it.

A receipt is no authority over an entry. It tells `check` what should be there and `undo` what the
last command did. Only its own device appends to a file of receipts, so shared folders don't clash.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from convoylog.errors import ConvoylogError, Problem
from convoylog.files import layout
from convoylog.files.carefully import read_file
from convoylog.files.disk import REAL, Disk

#: a receipt has some 300 bytes: this is 200,000 written files
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Receipt:
    """op: id of the command's run. command: its name. act: what was done to the file.

    act: version (a kept copy), entry (a new or changed file in the tree), media, trash, move,
    other. id: entry's id or "". path: relative. sha256, bytes: of what was written. seq: 1, 2, …
    of this device. note: old name of a photo, target of a move, id of the command undone.
    """

    op: str
    command: str
    act: str
    id: str
    path: str
    sha256: str
    bytes: int
    seq: int
    device: str = ""
    note: str = ""


def _crc(row: Mapping[str, object]) -> str:
    text = json.dumps(row, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return f"{zlib.crc32(text.encode()):08x}"


def line_of(receipt: Receipt) -> bytes:
    """The receipt as a line with its checksum."""
    row: dict[str, object] = {
        "op": receipt.op,
        "command": receipt.command,
        "act": receipt.act,
        "id": receipt.id,
        "path": receipt.path,
        "sha256": receipt.sha256,
        "bytes": receipt.bytes,
        "seq": receipt.seq,
        "note": receipt.note,
    }
    row["crc"] = _crc(row)
    return (json.dumps(row, ensure_ascii=True, separators=(",", ":")) + "\n").encode()


def _read_line(line: bytes, device: str) -> Receipt | None:
    try:
        row = json.loads(line)
        crc = row.pop("crc")
        if crc != _crc(row):
            return None
        return Receipt(device=device, **row)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def devices(root: Path, disk: Disk = REAL) -> list[str]:
    """The devices that keep receipts here, in order of name."""
    try:
        names = disk.list_dir(root / layout.RECEIPTS)
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(name[: -len(".jsonl")] for name in names if name.endswith(".jsonl"))


def read(root: Path, device: str, disk: Disk = REAL) -> tuple[list[Receipt], list[Problem]]:
    """One device's receipts in the order written. A torn last line is nothing; others are told."""
    path = f"{layout.RECEIPTS}/{device}.jsonl"
    try:
        content = read_file(root / path, cap=_LARGEST, disk=disk)
    except FileNotFoundError:
        return [], []
    except ConvoylogError as error:
        return [], [Problem(path, "unreadable", str(error))]
    lines = content.split(b"\n")
    found: list[Receipt] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if not line:
            if number < len(lines):
                problems.append(Problem(path, "receipts", "an empty line", line=number))
            continue
        receipt = _read_line(line, device)
        if receipt is not None:
            found.append(receipt)
        elif number < len(lines):
            # writing goes on behind a torn line, on a line of its own
            problems.append(Problem(path, "receipts", "a damaged line", line=number))
    return found, problems


def read_all(root: Path, disk: Disk = REAL) -> tuple[list[Receipt], list[Problem]]:
    """The receipts of every device, device by device."""
    found: list[Receipt] = []
    problems: list[Problem] = []
    for device in devices(root, disk):
        some, wrong = read(root, device, disk)
        found += some
        problems += wrong
    return found, problems


def added_as(root: Path, name: str) -> set[str]:
    """Paths of originals that were added here under a file name: in any case, ending or not.

    Only a laptop's own receipts know it; what a merge brought has no old name.
    """
    wanted = name.casefold()
    rows = [r for r in read_all(root)[0] if r.act == "media" and r.note]
    called = [(r.note.casefold(), r.path) for r in rows]
    whole = {path for note, path in called if note == wanted}
    return whole or {path for note, path in called if note.rpartition(".")[0] == wanted}


def last_words(receipts: Iterable[Receipt]) -> dict[str, Receipt]:
    """Path → what was last said of it.

    On one device the sequence decides; between devices the time of the command's run, since no
    clock is shared.
    """
    per_device: dict[tuple[str, str], Receipt] = {}
    for receipt in sorted(receipts, key=lambda r: r.seq):
        per_device[receipt.path, receipt.device] = receipt
    words: dict[str, Receipt] = {}
    for (path, _), receipt in sorted(per_device.items(), key=lambda row: (row[1].op, row[0])):
        words[path] = receipt
    return words
