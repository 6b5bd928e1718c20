"""Geometry as bytes: integer polylines, delta coded, in variable-length integers under LZMA.

The build script writes with it and the program reads with it, so both live in one place.
"""

from __future__ import annotations

import json
import lzma
import struct
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

MAGIC = b"CLWORLD1"

#: degrees a unit of the regions: 0.0005 is 55 m, finer than their own generalisation of 1 km
REGION_UNIT = 0.0005
#: degrees a unit of lakes, rivers and labels
WATER_UNIT = 0.0005
#: what an arc of the regions separates, by number; unseen: seams, and the rim where data ends
KINDS = ("coast", "country", "state", "unseen")

Ints = NDArray[np.int64]


def zigzag(values: Ints) -> NDArray[np.uint64]:
    """Small numbers of either sign as small numbers without one."""
    return ((values << 1) ^ (values >> 63)).astype(np.uint64)


def unzigzag(values: NDArray[np.uint64]) -> Ints:
    numbers = values.astype(np.int64)
    return (numbers >> 1) ^ -(numbers & 1)


def write_varints(values: NDArray[np.uint64]) -> bytes:
    """LEB128: seven bits a byte, the high bit says that more follow."""
    rows = []
    rest = values.copy()
    more = np.ones(len(rest), dtype=bool)
    while more.any():
        part = (rest & np.uint64(127)).astype(np.uint8)
        rest = rest >> np.uint64(7)
        rows.append((part, more.copy()))
        more &= rest > 0
    out = np.zeros((len(values), len(rows)), dtype=np.uint8)
    used = np.zeros((len(values), len(rows)), dtype=bool)
    for n, (part, present) in enumerate(rows):
        following = rows[n + 1][1] if n + 1 < len(rows) else np.zeros(len(values), dtype=bool)
        out[:, n] = part | np.where(following, 128, 0).astype(np.uint8)
        used[:, n] = present
    return out[used].tobytes()


def read_varints(content: bytes) -> NDArray[np.uint64]:
    """All numbers of a LEB128 stream at once."""
    raw = np.frombuffer(content, dtype=np.uint8)
    if not len(raw):
        return np.zeros(0, dtype=np.uint64)
    ends = np.flatnonzero(raw < 128)
    starts = np.concatenate([[0], ends[:-1] + 1])
    place = np.arange(ends[-1] + 1) - np.repeat(starts, ends - starts + 1)
    bits = (raw[: ends[-1] + 1] & 127).astype(np.uint64) << (7 * place).astype(np.uint64)
    return np.add.reduceat(bits, starts)


def write_lines(lines: Sequence[Ints]) -> bytes:
    """Polylines of shape (n, 2) as counts, then zigzag deltas that run on from line to line."""
    counts = np.array([len(line) for line in lines], dtype=np.uint64)
    points = np.concatenate([np.zeros((1, 2), dtype=np.int64), *lines])
    deltas = np.diff(points, axis=0)
    parts = [
        write_varints(counts),
        write_varints(zigzag(deltas[:, 0])),
        write_varints(zigzag(deltas[:, 1])),
    ]
    return struct.pack("<4I", len(lines), *(len(part) for part in parts)) + b"".join(parts)


def read_lines(content: bytes) -> tuple[Ints, Ints]:
    """(points of all lines (n, 2), starts of the lines and the end of the last)."""
    _, *sizes = struct.unpack("<4I", content[:16])
    a, b, c = 16 + sizes[0], 16 + sizes[0] + sizes[1], 16 + sum(sizes)
    counts = read_varints(content[16:a]).astype(np.int64)
    x = np.cumsum(unzigzag(read_varints(content[a:b])))
    y = np.cumsum(unzigzag(read_varints(content[b:c])))
    return np.stack([x, y], axis=1), np.concatenate([[0], np.cumsum(counts)])


def write_nested(table: Sequence[Sequence[Sequence[int]]]) -> bytes:
    """Rows of groups of numbers: counts of groups, then of numbers, then all numbers."""
    groups = [group for row in table for group in row]
    parts = [
        write_varints(np.array(numbers, dtype=np.uint64))
        for numbers in (
            [len(row) for row in table],
            [len(group) for group in groups],
            [number for group in groups for number in group],
        )
    ]
    return struct.pack("<3I", *(len(part) for part in parts)) + b"".join(parts)


def read_nested(content: bytes) -> tuple[Ints, Ints, Ints]:
    """(starts of rows among groups, starts of groups among numbers, numbers), ends included."""
    sizes = struct.unpack("<3I", content[:12])
    a, b, c = 12 + sizes[0], 12 + sizes[0] + sizes[1], 12 + sum(sizes)
    rows, groups, numbers = (
        read_varints(content[start:end]).astype(np.int64)
        for start, end in ((12, a), (a, b), (b, c))
    )
    return (
        np.concatenate([[0], np.cumsum(rows)]),
        np.concatenate([[0], np.cumsum(groups)]),
        numbers,
    )


def write_file(sections: Mapping[str, bytes]) -> bytes:
    """Named sections, each packed on its own so that one can be read without the others."""
    packed = {
        name: lzma.compress(part, preset=9 | lzma.PRESET_EXTREME) for name, part in sections.items()
    }
    head = json.dumps({name: len(part) for name, part in packed.items()}).encode()
    return MAGIC + struct.pack("<I", len(head)) + head + b"".join(packed.values())


def read_section(content: bytes, name: str) -> bytes:
    """One section of a packed file, unpacked."""
    size = struct.unpack("<I", content[8:12])[0]
    lengths = json.loads(content[12 : 12 + size])
    start = 12 + size
    for other, length in lengths.items():
        if other == name:
            return lzma.decompress(content[start : start + length])
        start += length
    raise KeyError(name)


def write_texts(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows of texts: fields by tab, rows by line feed."""
    return "\n".join("\t".join(row) for row in rows).encode()


def read_texts(content: bytes) -> list[list[str]]:
    text = content.decode()
    return [line.split("\t") for line in text.split("\n")] if text else []
