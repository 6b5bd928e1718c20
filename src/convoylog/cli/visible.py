"""Text from someone else, made harmless: what would act on a terminal, or hide, is shown."""

from __future__ import annotations

import unicodedata

#: Cf characters that letters and emoji are built with: the non-joiner and the joiner
_JOINERS = "\u200c\u200d"


def visible(text: str, *, lines: bool = False) -> str:
    """`text` with every character that acts or hides shown as itself.

    Control characters become their pictures (ESC is ␛), the rest its number (\\u202e): controls,
    surrogates, private use, direction marks, invisible ones and foreign line ends. `lines` keeps
    line feeds, for texts of several lines; a tab becomes a space. Doing it twice changes nothing.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _shown(c, lines) for c in text)


def _shown(character: str, lines: bool) -> str:
    number = ord(character)
    category = unicodedata.category(character)
    if character == "\n" and lines:
        shown = character
    elif character == "\t" or category == "Zs":
        shown = " " if character == "\t" else character
    elif number < 0x20:
        shown = chr(0x2400 + number)  # the block of control pictures mirrors the controls
    elif number == 0x7F:
        shown = "␡"
    elif character in _JOINERS:
        shown = character
    elif category == "Cn" and number & 0xFFFE != 0xFFFE and not 0xFDD0 <= number <= 0xFDEF:
        # letters and emoji newer than this Python; only the sixty-six that are never
        # characters are shown by number
        shown = character
    elif number > 0xFFFF:
        shown = f"\\U{number:08x}"
    else:
        shown = f"\\u{number:04x}" if number > 0xFF else f"\\x{number:02x}"
    return shown


def width(text: str) -> int:
    """Columns a terminal needs for it: two for wide letters, none for marks put on others."""
    if text.isascii():
        return len(text)
    return sum(_columns(c) for c in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
