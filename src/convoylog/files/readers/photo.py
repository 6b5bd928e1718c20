"""Reading what a JPEG, PNG or WebP says about itself: size, camera, time, position.

Only headers are looked at; no pixel is decoded here.
Source: PNG specification, third edition, chunk eXIf.
"""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING

from convoylog.errors import BadInput
from convoylog.files.readers import exif
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.photos import Photograph

if TYPE_CHECKING:
    from PIL.Image import Image

#: segments before the frame; the most met are 60, of a panorama's colour profile
_MOST_SEGMENTS = 1000
#: start of frame: baseline, extended, progressive; others no browser shows
_FRAMES = (b"\xc0", b"\xc1", b"\xc2")
#: markers that stand alone, and those behind which pixels come
_WITHOUT_SIZE = (
    b"\x00",
    b"\x01",
    b"\xd8",
    b"\xd9",
    b"\xda",
    *(bytes([n]) for n in range(0xD0, 0xD8)),
)

FORMATS = ("JPEG", "PNG", "WEBP")


def read(content: bytes, limits: Limits = LIMITS) -> Photograph:
    """The facts in a picture file. Raises BadInput where it is no picture we can use."""
    if len(content) > limits.photo_bytes:
        raise BadInput(f"larger than {limits.photo_bytes // 2**20} MiB")
    if (found := _jpeg(content)) is not None:
        size, raw = found
        if size[0] * size[1] > limits.pixels:
            raise BadInput(_too_large(size[0] * size[1], limits.pixels))
        return exif.facts(raw, "JPEG", size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own, about broken EXIF; we tell ours
        image = open_picture(content, limits.pixels)
        try:
            raw = _png_exif(content) if image.format == "PNG" else image.info.get("exif", b"")
        except Exception:  # a broken header of any kind is no EXIF
            raw = b""
        # a JPEG with more pictures behind it is one JPEG to us
        form = "JPEG" if image.format == "MPO" else str(image.format)
        return exif.facts(raw if isinstance(raw, bytes) else b"", form, image.size)


def _jpeg(content: bytes) -> tuple[tuple[int, int], bytes] | None:
    """((width, height), EXIF) of a JPEG, "" if it has none; None where its header is odd.

    Source: ITU T.81, annex B; Exif 3.0, section 4.7.2 (the first APP1 that says Exif).
    """
    if not content.startswith(b"\xff\xd8\xff"):
        return None
    raw = b""
    at = 2
    for _ in range(_MOST_SEGMENTS):
        # any number of filling bytes may stand before a marker
        while content[at : at + 2] == b"\xff\xff":
            at += 1
        marker = content[at + 1 : at + 2]
        if content[at : at + 1] != b"\xff" or not marker:
            return None
        size = int.from_bytes(content[at + 2 : at + 4])
        if marker == b"\xe1" and not raw and content[at + 4 : at + 10] == b"Exif\x00\x00":
            raw = content[at + 4 : at + 2 + size]
        elif marker in _FRAMES:
            height = int.from_bytes(content[at + 5 : at + 7])
            width = int.from_bytes(content[at + 7 : at + 9])
            return ((width, height), raw) if width and height else None
        elif marker in _WITHOUT_SIZE or size < 2:
            return None
        at += 2 + size
    return None


def open_picture(
    content: bytes, most: int = LIMITS.pixels, formats: tuple[str, ...] = FORMATS
) -> Image:
    """The picture, its pixels not yet decoded, of at most so many. Raises BadInput.

    formats: Pillow's names of those that may be tried.
    """
    # 40 ms that a folder of JPEGs need not pay
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(io.BytesIO(content), formats=formats)
    except Image.DecompressionBombError as error:
        # its message says "Image size (900000000 pixels) exceeds limit …"
        pixels = re.search(r"\d+", str(error))
        raise BadInput(_too_large(int(pixels[0]) if pixels else 0, most)) from error
    except UnidentifiedImageError as error:
        raise BadInput("no picture that can be read") from error
    except Exception as error:
        # Pillow's plug-ins raise what they like on broken headers: OSError, SyntaxError …
        raise BadInput("a picture with a broken header") from error
    if image.width * image.height > most:
        raise BadInput(_too_large(image.width * image.height, most))
    if not image.width or not image.height:
        raise BadInput("a picture without pixels")
    return image


def _too_large(pixels: int, most: int) -> str:
    limit = most // 1_000_000
    return f"a picture of {pixels / 1e6:,.0f} megapixels, over the limit of {limit}"


def _png_exif(content: bytes) -> bytes:
    """The eXIf chunk, also behind the pixels, where Pillow finds it only after decoding them."""
    at = 8
    while at + 8 <= len(content):
        size = int.from_bytes(content[at : at + 4])
        if content[at + 4 : at + 8] == b"eXIf":
            return content[at + 8 : at + 8 + size]
        at += 12 + size
    return b""
