"""The face pictures are lettered in: the page's own, Overpass, in any weight."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from io import BytesIO

from PIL import ImageFont

#: signs beyond Latin-1 that the face has, and that stand in names and our own sentences
_MORE = frozenset("–—‘’“”„…€œŒ")
#: letters that are no letter with a mark
_PLAIN = str.maketrans(
    {"Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "ı": "i", "\u2002": " ", "\u00a0": " "}
)
#: the same for a face of ASCII
_ASCII = str.maketrans({"ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "Oe",
                        "þ": "th", "ð": "d", "–": "-", "—": "-", "’": "'", "‘": "'", "“": '"',
                        "”": '"', "„": '"', "·": "-"})  # fmt: skip

Face = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def _letters() -> bytes:
    return files("convoylog.reports.web").joinpath("fonts", "overpass.woff2").read_bytes()


@cache
def _is_readable() -> bool:
    """Whether this FreeType unpacks WOFF2; the ones in Pillow's wheels do."""
    try:
        ImageFont.truetype(BytesIO(_letters()), 12)
    except OSError:
        return False
    return True


@cache
def face(size: float, weight: int = 600) -> Face:
    """size: pixels. weight: 100 … 900. Where Overpass cannot be read, Pillow's built-in face."""
    if not _is_readable():
        return ImageFont.load_default(size)
    found = ImageFont.truetype(BytesIO(_letters()), size)
    found.set_variation_by_axes([weight])
    return found


def drawable(text: str) -> str:
    """The text in letters the face has: marks it lacks fall away, what is left becomes "?"."""
    ours = _is_readable()
    plain = text.translate(_PLAIN) if ours else text.translate(_PLAIN).translate(_ASCII)
    return "".join(_known(sign, ours) for sign in unicodedata.normalize("NFC", plain))


def _known(sign: str, ours: bool) -> str:
    last = "\xff" if ours else "\x7e"
    if sign <= last or (ours and sign in _MORE):
        # a control sign has no picture
        return sign if sign.isprintable() else ""
    base = [c for c in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(c)]
    return "".join(c if " " <= c <= "\x7e" else "?" for c in base)
