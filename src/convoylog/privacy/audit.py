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
#: a value shorter than this is found everywhere by chance
_SHORTEST = 4
_PICTURES = (".jpg", ".jpeg", ".png", ".webp")
#: what ends a JPEG's compressed pixels: neither a stuffed byte nor a restart
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_START_OF_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE


def audit(files: Mapping[str, bytes], forbidden: Collection[str]) -> tuple[str, ...]:
    """What is in the files of a report and must not be: one sentence each, none if all is well.

    files: path → bytes. forbidden: texts that must not appear (serial numbers, private notes, paths,
    user and host names, device ids).
    """
    needles = {text: text.encode() for text in forbidden if len(text) >= _SHORTEST}
    found = []
    for path, content in sorted(files.items()):
        readable, pictures = _apart(path, content)
        plain = html.unescape(readable.decode("utf-8", "replace")).encode()
        for text, needle in needles.items():
            if needle in readable or needle in plain:
                found.append(f"{path} holds {text[:12]}…, which must not go out")
        for number, picture in enumerate(pictures, 1):
            told = _metadata(picture)
            if told:
                found.append(f"{path}: picture {number} carries {told}")
            said = _said(picture)
            found += [
                f"{path}: picture {number} holds {text[:12]}…"
                for text, needle in needles.items()
                if needle in said
            ]
    return tuple(found)


def _apart(path: str, content: bytes) -> tuple[bytes, Iterator[bytes]]:
    """(what is not picture, the pictures) of a file."""
    if path.endswith(_PICTURES):
        return b"", iter([content])
    # text and base64 by turns; a page has tens of megabytes, so it is gone through once
    parts = _EMBEDDED.split(content)
    return b"".join(parts[::2]), map(_decoded, parts[1::2])


def _decoded(text: bytes) -> bytes:
    """The bytes that base64 stands for; what is none as it is."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return text


def _metadata(picture: bytes) -> str:
    """What a picture says besides its pixels, "" for nothing."""
    if picture.startswith(b"\xff\xd8"):
        return _jpeg_metadata(picture)
    if picture.startswith(b"\x89PNG"):
        return _png_metadata(picture)
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        return "EXIF" if b"EXIF" in picture or b"XMP " in picture else ""
    return "no picture a browser shows"


def _said(picture: bytes) -> bytes:
    """What of a picture may hold words.

    Of a JPEG neither tables nor compressed pixels: a flat sky repeats itself, and looks like the serial number of
    many a camera, 000000.
    """
    if not picture.startswith(b"\xff\xd8"):
        return picture
    return b"\n".join(
        body
        for marker, body in _jpeg_segments(picture)
        if 0xE0 <= marker <= 0xEF or marker in (0, _COMMENT, _END)
    )


def _jpeg_metadata(picture: bytes) -> str:
    """Segments that tell: APP1 to APP15 but a colour profile, and comments."""
    markers = set()
    for marker, body in _jpeg_segments(picture):
        markers.add(marker)
        if not marker:
            return "a broken segment"
        if marker == _END and body:
            return "bytes behind the picture"
        if marker == _COMMENT:
            return "a comment"
        if 0xE1 <= marker <= 0xEF and not body.startswith((b"ICC_PROFILE\x00", b"Adobe")):
            return "EXIF or other metadata"
    return "" if {_START_OF_SCAN, _END} <= markers else "no pixels, or no end of them"


def _jpeg_segments(picture: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, body) of all segments, also between scans. Source: ITU T.81.

    The end's body is what follows it. Marker 0: what cannot be read from there on.
    """
    at = 2
    while at < len(picture):
        marker = picture[at + 1] if picture[at] == 0xFF and at + 1 < len(picture) else 0
        if marker == _END:
            yield _END, picture[at + 2 :]
            return
        if not marker or at + 4 > len(picture):
            yield 0, picture[at:]
            return
        begin, end = at + 4, at + 2 + struct.unpack(">H", picture[at + 2 : at + 4])[0]
        yield marker, picture[begin:end]
        at = max(begin, end)
        if marker == _START_OF_SCAN:
            after = _MARKER.search(picture, at)
            at = after.start() if after else len(picture)


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
