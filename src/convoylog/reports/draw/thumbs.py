"""Tiny pictures for the map's pins."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, UnidentifiedImageError

#: pixels: twice a pin's size, for screens with fine pixels
SIDE = 72


def thumb(jpeg: bytes) -> bytes:
    """The middle square of a picture of ours as a small WebP; empty if it cannot be read."""
    try:
        with Image.open(BytesIO(jpeg), formats=("JPEG",)) as image:
            # decoded at an eighth of its size: no more pixels than needed
            image.draft("RGB", (2 * SIDE, 2 * SIDE))
            small = image.convert("RGB")
        side = min(small.size)
        left, top = (small.width - side) // 2, (small.height - side) // 2
        square = small.resize(
            (SIDE, SIDE), Image.Resampling.BILINEAR, (left, top, left + side, top + side)
        )
        buffer = BytesIO()
        square.save(buffer, "WEBP", quality=60, method=4)
        return buffer.getvalue()
    except (OSError, UnidentifiedImageError, ValueError):
        return b""
