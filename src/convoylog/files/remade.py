"""Photos made again from their pixels, remembered by content in the user's cache folder."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

from convoylog.errors import BadInput
from convoylog.files.carefully import read_file
from convoylog.files.pictures import PictureMaker
from convoylog.files.scan import LARGEST
from convoylog.model.photos import MEDIUM, Picture, PictureSize

#: changes when the same photo would be made another way
_EDITION = 2
#: pixels of a pin's picture: twice the pin's size, for screens with fine pixels
PIN = 72


class Remade:
    """Gives the picture of a photo, from the cache folder `where` (None: none) or made now."""

    def __init__(self, where: Path | None, maker: PictureMaker) -> None:
        self._where = where / f"pictures-{_EDITION}" if where else None
        self._maker = maker

    def picture(self, path: Path, sha256: str, size: PictureSize = MEDIUM) -> Picture:
        """The picture of a photo of known content, with its pin.

        Raises BadInput and what reading raises.
        """
        name = f"{sha256}-{size.edge}-{size.quality}"
        known = self._known(sha256, name)
        pin = self._read(sha256, f"{name}.webp") if known else b""
        if known and _is_whole_webp(pin):
            return replace(known, pin=pin)
        content = read_file(path, cap=LARGEST["photos"])
        if hashlib.sha256(content).hexdigest() != sha256:
            raise BadInput("changed while the report was made")
        made = self._maker.make(content, sha256, (size.edge,), size.quality, PIN)[0]
        # the pin first: a picture that is there has one
        self._keep(sha256, f"{name}.webp", made.pin)
        self._keep(sha256, f"{name}.jpg", made.jpeg)
        return made

    def smaller(self, picture: Picture, was: PictureSize, size: PictureSize) -> Picture:
        """A picture of ours once more, smaller or coarser; cheaper than from the original.

        was: the size it was made in. Raises BadInput.
        """
        if size == was:
            return picture
        sha256 = picture.sha256
        name = f"{sha256}-{was.edge}-{was.quality}-{size.edge}-{size.quality}"
        known = self._known(sha256, name)
        if known:
            return replace(known, pin=picture.pin)
        made = self._maker.make(picture.jpeg, sha256, (size.edge,), size.quality)[0]
        self._keep(sha256, f"{name}.jpg", made.jpeg)
        return replace(made, pin=picture.pin)

    def _known(self, sha256: str, name: str) -> Picture | None:
        kept = self._read(sha256, f"{name}.jpg")
        try:
            return Picture(sha256, *_measured(kept), kept)
        except BadInput:  # not made yet, or not whole
            return None

    def _read(self, sha256: str, name: str) -> bytes:
        if self._where is None:
            return b""
        try:
            return (self._where / sha256[:2] / name).read_bytes()
        except OSError:
            return b""

    def _keep(self, sha256: str, name: str, content: bytes) -> None:
        if self._where is None:
            return
        place = self._where / sha256[:2] / name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            part = place.with_name(f"{name}.{os.getpid()}.part")
            part.write_bytes(content)
            part.replace(place)
        except OSError:
            return


def _is_whole_webp(content: bytes) -> bool:
    """Source: RFC 9649, 2.4: RIFF, the bytes that follow, WEBP."""
    whole = len(content) - 8 == int.from_bytes(content[4:8], "little")
    return whole and content.startswith(b"RIFF") and content[8:12] == b"WEBP"


def _measured(jpeg: bytes) -> tuple[int, int]:
    """Width and height from a JPEG's frame header. Source: ITU T.81, B.2.2.

    Raises BadInput for what is not whole, or not as we make it: nothing but pixels.
    """
    if not (jpeg.startswith(b"\xff\xd8") and jpeg.endswith(b"\xff\xd9")):
        raise BadInput("no whole JPEG")
    at = 2
    while at + 9 < len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        # SOF0 to SOF2: baseline, extended and progressive
        if 0xC0 <= marker <= 0xC2:
            height = int.from_bytes(jpeg[at + 5 : at + 7], "big")
            return int.from_bytes(jpeg[at + 7 : at + 9], "big"), height
        if 0xE1 <= marker <= 0xEF or marker == 0xFE:
            raise BadInput("metadata")
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    raise BadInput("no frame header")
