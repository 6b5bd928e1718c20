"""FIT files for tests, written by the book: definitions, messages, header and checksum.

Source: Garmin FIT Protocol, https://developer.garmin.com/fit/protocol/
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping

#: base type → its code, how struct packs it
BASES = {
    "enum": (0x00, "B"),
    "sint8": (0x01, "b"),
    "uint8": (0x02, "B"),
    "sint16": (0x83, "h"),
    "uint16": (0x84, "H"),
    "sint32": (0x85, "i"),
    "uint32": (0x86, "I"),
    "float32": (0x88, "f"),
    "float64": (0x89, "d"),
    "uint8z": (0x0A, "B"),
    "uint16z": (0x8B, "H"),
    "uint32z": (0x8C, "I"),
    "byte": (0x0D, "B"),
    "sint64": (0x8E, "q"),
    "uint64": (0x8F, "Q"),
}
#: the nibbles' table of the FIT Protocol
_TABLE = (0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
          0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400)  # fmt: skip
#: 2024-06-01T10:00:00Z as FIT counts
NOON = 1_717_236_000 - 631_065_600

FILE_ID = {0: "enum", 1: "uint16", 2: "uint16"}
RECORD = {253: "uint32", 0: "sint32", 1: "sint32"}
EVENT = {253: "uint32", 0: "enum", 1: "enum"}


def checksum(content: bytes) -> bytes:
    """As the protocol's own example computes it, byte by byte."""
    crc = 0
    for byte in content:
        for nibble in (byte & 15, byte >> 4):
            crc = crc >> 4 ^ _TABLE[crc & 15] ^ _TABLE[nibble]
    return crc.to_bytes(2, "little")


def semicircles(degrees: float) -> int:
    return round(degrees * 2**31 / 180)


def define(
    number: int,
    fields: Mapping[int, str | int],
    *,
    local: int = 0,
    big: bool = False,
    developers: Iterable[int] = (),
) -> bytes:
    """fields: number → base type, or the bytes of a text. developers: sizes of their fields."""
    added = list(developers)
    head = 0x40 | local | (0x20 if added else 0)
    made = struct.pack(">BBBH" if big else "<BBBH", head, 0, big, number) + bytes([len(fields)])
    for field, base in fields.items():
        if isinstance(base, int):
            made += bytes([field, base, 0x07])
        else:
            code, letter = BASES[base]
            made += bytes([field, struct.calcsize("<" + letter), code])
    if added:
        made += bytes([len(added)]) + b"".join(bytes([0, size, 0]) for size in added)
    return made


def message(
    fields: Mapping[int, str | int],
    values: Iterable[float | str],
    *,
    local: int = 0,
    big: bool = False,
    head: int | None = None,
    developers: bytes = b"",
) -> bytes:
    made = bytes([local if head is None else head])
    for base, value in zip(fields.values(), values, strict=True):
        if isinstance(base, int):
            made += str(value).encode()[: base - 1].ljust(base, b"\0")
        else:
            made += struct.pack((">" if big else "<") + BASES[base][1], value)
    return made + developers


def messages(number: int, fields: Mapping[int, str | int], *rows: Iterable[float | str]) -> bytes:
    """A definition and its messages, all of the local type 0."""
    return define(number, fields) + b"".join(message(fields, row) for row in rows)


def file_id(kind: int = 4, maker: int = 1, product: int = 3121) -> bytes:
    return messages(0, FILE_ID, (kind, maker, product))


def records(*points: tuple[float, float, float]) -> bytes:
    """Of (seconds after NOON, latitude, longitude)."""
    rows = [(NOON + int(t), semicircles(lat), semicircles(lon)) for t, lat, lon in points]
    return messages(20, RECORD, *rows)


def fit_file(
    *parts: bytes, header: int = 14, size: int | None = None, crc: bytes | None = None
) -> bytes:
    """size, crc: what is written instead of what is right."""
    inside = b"".join(parts)
    told = len(inside) if size is None else size
    head = struct.pack("<BBHI4s", header, 0x20, 2132, told, b".FIT")
    head += checksum(head) if header == 14 else b""
    return head + inside + (checksum(head + inside) if crc is None else crc)
