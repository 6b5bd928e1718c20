"""Reading a finished report again, as a stranger would, for what must not be in it.

The cut takes values away before anything is told; this proves it on the bytes that go out.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import struct
import zlib
from collections.abc import Collection, Iterator, Mapping

_EMBEDDED = re.compile(rb"data:image/(?:jpeg|png|webp);base64,([A-Za-z0-9+/=]+)")
_EMAIL = re.compile(rb"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
#: a value shorter than this is found everywhere by chance
_SHORTEST = 4


def audit(files: Mapping[str, bytes], forbidden: Collection[str]) -> tuple[str, ...]:
    """What is in the files of a report and must not be: one sentence each, none if all is well.

    files: path → bytes. forbidden: texts that must not appear (serial numbers, private notes, paths,
    user and host names, device ids).
    """
    needles = {text: text.encode() for text in forbidden if len(text) >= _SHORTEST}
    found = []
    for path, content in sorted(files.items()):
        readable = _EMBEDDED.sub(b"", content)
        plain = html.unescape(readable.decode("utf-8", "replace")).encode()
        for text, needle in needles.items():
            if needle in readable or needle in plain:
                found.append(f"{path} holds {text[:12]}…, which must not go out")
        for number, picture in enumerate(_pictures(path, content), 1):
            told = _metadata(picture)
            if told:
                found.append(f"{path}: picture {number} carries {told}")
            found += [
                f"{path}: picture {number} holds {text[:12]}…"
                for text, needle in needles.items()
                if needle in picture
            ]
    return tuple(found)


def emails(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Addresses in the texts of a report, for a warning: a note may mention one on purpose."""
    seen = {
        match.decode("ascii")
        for content in files.values()
        for match in _EMAIL.findall(_EMBEDDED.sub(b"", content))
    }
    return tuple(sorted(seen))


def _pictures(path: str, content: bytes) -> Iterator[bytes]:
    if path.endswith((".jpg", ".jpeg", ".png", ".webp")):
        yield content
        return
    for match in _EMBEDDED.findall(content):
        try:
            yield base64.b64decode(match, validate=True)
        except binascii.Error:
            yield match


def _metadata(picture: bytes) -> str:
    """What a picture says besides its pixels, "" for nothing."""
    if picture.startswith(b"\xff\xd8"):
        return _jpeg_metadata(picture)
    if picture.startswith(b"\x89PNG"):
        return _png_metadata(picture)
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        return "EXIF" if b"EXIF" in picture or b"XMP " in picture else ""
    return "no picture a browser shows"


def _jpeg_metadata(picture: bytes) -> str:
    """Segments that tell: APP1 to APP15 but a colour profile, and comments. Source: ITU T.81."""
    at = 2
    while at + 4 <= len(picture):
        if picture[at] != 0xFF:
            return "a broken segment"
        marker = picture[at + 1]
        if marker == 0xDA:  # the pixels begin; behind their end nothing may follow
            tail = picture.rpartition(b"\xff\xd9")[2]
            return "bytes behind the picture" if tail else ""
        length = struct.unpack(">H", picture[at + 2 : at + 4])[0]
        body = picture[at + 4 : at + 2 + length]
        if marker == 0xFE:
            return "a comment"
        if 0xE1 <= marker <= 0xEF and not body.startswith((b"ICC_PROFILE\x00", b"Adobe")):
            return "EXIF or other metadata"
        at += 2 + length
    return "no pixels"


def _png_metadata(picture: bytes) -> str:
    at = 8
    while at + 12 <= len(picture):
        length = struct.unpack(">I", picture[at : at + 4])[0]
        kind = picture[at + 4 : at + 8]
        if (
            zlib.crc32(picture[at + 4 : at + 8 + length])
            != struct.unpack(">I", picture[at + 8 + length : at + 12 + length])[0]
        ):
            return "a broken chunk"
        if kind in (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"):
            return f"a {kind.decode()} chunk"
        if kind == b"IEND":
            return "bytes behind the picture" if at + 12 + length < len(picture) else ""
        at += 12 + length
    return "no end"
