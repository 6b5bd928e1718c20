"""Reading what a JPEG, PNG or WebP says about itself: size, camera, time, position.

Only headers are looked at; no pixel is decoded here.
Source: PNG specification, third edition, chunk eXIf.
"""

from __future__ import annotations

import io
import re
import warnings

from PIL import Image, UnidentifiedImageError

from convoylog.errors import BadInput
from convoylog.files.readers import exif
from convoylog.files.readers.limits import LIMITS, Limits
from convoylog.model.photos import Photograph

FORMATS = ("JPEG", "PNG", "WEBP")


def read(content: bytes, limits: Limits = LIMITS) -> Photograph:
    """The facts in a picture file. Raises BadInput where it is no picture we can use."""
    if len(content) > limits.photo_bytes:
        raise BadInput(f"larger than {limits.photo_bytes // 2**20} MiB")
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


def open_picture(
    content: bytes, most: int = LIMITS.pixels, formats: tuple[str, ...] = FORMATS
) -> Image.Image:
    """The picture, its pixels not yet decoded, of at most so many. Raises BadInput.

    formats: Pillow's names of those that may be tried.
    """
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
