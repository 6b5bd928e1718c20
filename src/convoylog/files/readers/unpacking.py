"""Recordings packed with gzip or bzip2: one level, never more than a recording may have.

Source: RFC 1952 (gzip); bzip2 manual.
"""

from __future__ import annotations

import bz2
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from convoylog.errors import BadInput
from convoylog.files import readers
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.tracks import Recording

_GZIP = b"\x1f\x8b"
#: zlib's word for "a gzip header and nothing else"
_WITH_GZIP_HEADER = 31


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, content: bytes, max_length: int, /) -> bytes: ...


def read(content: bytes, limits: Limits = LIMITS) -> Recording:
    """The recording in a packed file. Raises BadInput.

    A file that is cut gives what came before; one whose check sum is wrong is refused, since any
    digit of it may be wrong.
    """
    packed = "gzip" if content.startswith(_GZIP) else "bzip2"
    inside, cut = unpack(content, limits.track_bytes)
    reader = readers.reader_for(inside)
    if reader.kind != "track" or reader.name in (
        readers.READERS["gzip"].name,
        readers.READERS["bzip2"].name,
    ):
        raise BadInput(f"{packed} around {reader.name}: unpack it first")
    found = reader.read(inside, limits)
    assert isinstance(found, Recording)  # noqa: S101 - of kind track
    warnings = found.warnings
    if cut:
        warnings = (f"the {packed} around it is cut off: what came before is kept", *warnings)
    return replace(found, format=f"{found.format}, {packed}", warnings=warnings)


def unpack(content: bytes, most: int) -> tuple[bytes, bool]:
    """(what is packed, whether its end is missing). Raises BadInput above `most` bytes."""
    start: Callable[[], _Unpacker] = (
        (lambda: zlib.decompressobj(_WITH_GZIP_HEADER))
        if content.startswith(_GZIP)
        else bz2.BZ2Decompressor
    )
    parts: list[bytes] = []
    size = 0
    rest = content
    while rest:
        unpacker = start()
        try:
            part = unpacker.decompress(rest, most - size + 1)
        except (zlib.error, OSError, EOFError, ValueError) as error:
            if parts:
                break  # zeros and other filling behind the last member
            raise BadInput("damaged: what is packed in it does not come out whole") from error
        parts.append(part)
        size += len(part)
        if size > most:
            raise BadInput(f"larger than {most // 2**20} MiB when unpacked")
        if not unpacker.eof:
            return b"".join(parts), True
        rest = unpacker.unused_data.lstrip(b"\x00")
    return b"".join(parts), False
