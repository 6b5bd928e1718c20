"""Photos made again from their pixels, remembered by content in the user's cache folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

from convoylog.errors import BadInput
from convoylog.files.pictures import PictureMaker
from convoylog.files.safely import read_file
from convoylog.files.scan import LARGEST
from convoylog.model.photos import Picture

#: changes when the same photo would be made another way
_EDITION = 1
#: longest edge of a report's photo: sharp on a large screen, 200 to 400 kB
EDGE = 1600
QUALITY = 78


class Remade:
    """Gives the picture of a photo, from the cache folder `where` (None: none) or made now."""

    def __init__(self, where: Path | None, maker: PictureMaker) -> None:
        self._where = where / f"pictures-{_EDITION}" if where else None
        self._maker = maker

    def picture(self, path: Path, sha256: str) -> Picture:
        """The picture of a photo of known content. Raises BadInput and what reading raises."""
        name = f"{sha256}-{EDGE}-{QUALITY}.jpg"
        place = self._where / sha256[:2] / name if self._where else None
        if place is not None:
            try:
                kept = place.read_bytes()
                width, height = _size(kept)
                return Picture(sha256, width, height, kept)
            except (OSError, BadInput):
                pass  # not made yet, or not whole: make it
        content = read_file(path, cap=LARGEST["photos"])
        if hashlib.sha256(content).hexdigest() != sha256:
            raise BadInput("changed while the report was made")
        made = self._maker.make(content, sha256, edges=(EDGE,), quality=QUALITY)[0]
        if place is not None:
            _keep(place, made.jpeg)
        return made


def _keep(place: Path, content: bytes) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_suffix(".part")
        part.write_bytes(content)
        part.replace(place)
    except OSError:
        return


def _size(jpeg: bytes) -> tuple[int, int]:
    """Width and height from a JPEG's frame header. Source: ITU T.81, B.2.2."""
    if not (jpeg.startswith(b"\xff\xd8") and jpeg.endswith(b"\xff\xd9")):
        raise BadInput("no whole JPEG")
    at = 2
    while at + 9 < len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        # SOF0 to SOF2: baseline, extended and progressive
        if 0xC0 <= marker <= 0xC2:
            height = int.from_bytes(jpeg[at + 5 : at + 7], "big")
            return int.from_bytes(jpeg[at + 7 : at + 9], "big"), height
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    raise BadInput("no frame header")
