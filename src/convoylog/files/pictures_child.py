"""The child process of `pictures`: decodes, turns upright, shrinks, writes JPEG. Nothing else.

It reads orders from stdin and answers on stdout: a line of JSON, then bytes, both ways.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from collections.abc import Sequence
from typing import BinaryIO

from PIL import Image, ImageCms, features

from convoylog.errors import BadInput
from convoylog.files import child
from convoylog.files.readers import HEAD, READERS, heif, photo, raw, recognise

#: 80 megapixels as RGBA, its RGB copy, and a progressive JPEG's coefficients, with room
_MEMORY = 1536 * 2**20
#: seconds of processor for one picture
_PROCESSOR = 60

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def serve() -> None:
    """Answer orders until stdin ends."""
    warnings.simplefilter("ignore")
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    child.limit(_MEMORY)
    while line := orders.readline():
        order = json.loads(line)
        content = orders.read(order["length"])
        if len(content) != order["length"]:
            return
        child.limit_processor(_PROCESSOR)
        _answer(answers, content, order["edges"], order["quality"], order["pin"])


def _answer(
    answers: BinaryIO, content: bytes, edges: Sequence[int], quality: int, pin: int
) -> None:
    square = b""
    try:
        made, square = make(content, edges, quality, pin)
    except BadInput as error:
        head: dict[str, object] = {"refused": str(error)}
        made = []
    except MemoryError:
        head = {"refused": "this picture needs too much memory to decode"}
        made = []
    except Exception:  # whatever a decoder raises on hostile bytes
        head = {"refused": "this picture cannot be decoded"}
        made = []
    else:
        sizes = [(width, height, len(jpeg)) for width, height, jpeg in made]
        head = {"sizes": sizes, "pin": len(square)}
    answers.write(json.dumps(head).encode() + b"\n")
    answers.writelines(jpeg for _, _, jpeg in made)
    answers.write(square)
    answers.flush()


def make(
    content: bytes, edges: Sequence[int], quality: int, pin: int = 0
) -> tuple[list[tuple[int, int, bytes]], bytes]:
    """(width, height, JPEG) per edge, and a WebP `pin` pixels square; all from one decoding.

    Raises BadInput and what Pillow raises.
    """
    image, orientation = _opened(content)
    wanted = {edge: _fit(image.size, edge) for edge in edges}
    # the decoder shrinks by 2, 4 or 8 for next to nothing; asked for exactly what is needed,
    # since `thumbnail` asks for twice as much
    image.draft("RGB", max(wanted.values()))
    image.load()
    profile = image.info.get("icc_profile")
    pixels = _opaque(image)
    made: dict[int, tuple[int, int, bytes]] = {}
    for edge in sorted(wanted, reverse=True):
        # each size from the next larger one
        if pixels.size != wanted[edge]:
            pixels = pixels.resize(wanted[edge], Image.Resampling.LANCZOS, reducing_gap=3.0)
        if profile:
            pixels = _srgb(pixels, profile)
            profile = None
        upright = pixels
        if orientation in _UPRIGHT:
            upright = pixels.transpose(_UPRIGHT[orientation])
        made[edge] = (*upright.size, _jpeg(upright, quality))
    return [made[edge] for edge in edges], _pin(upright, pin) if pin else b""


def _opened(content: bytes) -> tuple[Image.Image, int]:
    """(the picture, pixels not yet decoded; how EXIF says it lies). Raises BadInput."""
    reader = recognise(content[:HEAD])
    if reader is READERS["raw"]:
        jpeg = raw.preview(content)
        if jpeg is None:
            raise BadInput("a raw picture without a preview: nothing to show")
        # the preview lies as the sensor does, and rarely says so itself
        own = photo.read(jpeg).orientation
        return photo.open_picture(jpeg), own if own > 1 else raw.read(content).orientation
    if reader in (READERS["heif"], READERS["avif"]):
        facts = heif.read(content)
        return photo.open_picture(content, formats=_modern(facts.format)), 1
    return photo.open_picture(content), photo.read(content).orientation


def _modern(form: str) -> tuple[str, ...]:
    """Names under which Pillow decodes HEIF or AVIF here. Raises BadInput where it does not."""
    if form == "AVIF" and features.check("avif"):
        return ("AVIF",)
    try:
        import pi_heif
    except ImportError:
        raise BadInput(
            f"a {form} picture: to show it, install the extra: pip install 'convoylog[heic]'"
        ) from None
    pi_heif.register_heif_opener()
    return ("HEIF",)


def _fit(size: tuple[int, int], edge: int) -> tuple[int, int]:
    longest = max(size)
    if longest <= edge:
        return size
    width, height = (max(1, round(side * edge / longest)) for side in size)
    return width, height


def _opaque(image: Image.Image) -> Image.Image:
    """RGB, or CMYK for its profile to turn into RGB. What shines through is white."""
    if image.mode in ("RGB", "CMYK"):
        return image
    if image.mode.startswith("I"):
        # sixteen bits of grey; convert() would cut them off at 255
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        # a copy of 80 megapixels is 320 MB
        shown = image if image.mode == "RGBA" else image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(shown, mask=shown.getchannel("A"))
        return white
    return image.convert("RGB")


def _srgb(pixels: Image.Image, profile: object) -> Image.Image:
    """Colours as the profile means them. A profile that does not fit is left out."""
    try:
        source = ImageCms.ImageCmsProfile(
            io.BytesIO(profile if isinstance(profile, bytes) else b"")
        )
        turned = ImageCms.profileToProfile(
            pixels, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return pixels
    return pixels if turned is None else turned


def _pin(pixels: Image.Image, side: int) -> bytes:
    """The middle square, tiny. WebP: printing inflates it, but pins are few bytes and many."""
    edge = min(pixels.size)
    left, top = (pixels.width - edge) // 2, (pixels.height - edge) // 2
    square = pixels.resize(
        (side, side),
        Image.Resampling.LANCZOS,
        (left, top, left + edge, top + edge),
        reducing_gap=3.0,
    )
    return _clean(square, "WEBP", quality=60, method=4)


def _jpeg(pixels: Image.Image, quality: int) -> bytes:
    return _clean(
        pixels, "JPEG", quality=quality, progressive=True, optimize=True, subsampling="4:2:0"
    )


def _clean(pixels: Image.Image, form: str, **how: object) -> bytes:
    # a fresh picture: Pillow carries comment, profile and resolution of the old one along
    fresh = pixels.convert("RGB") if pixels.mode != "RGB" else pixels.copy()
    fresh.info = {}
    out = io.BytesIO()
    fresh.save(out, form, exif=b"", **how)
    return out.getvalue()
