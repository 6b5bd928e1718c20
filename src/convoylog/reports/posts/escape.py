"""Foreign text in Markdown stays text, in every engine that may build the post.

Signs that act become character references where a backslash would not do: Liquid and Nunjucks see
braces before any Markdown does.
"""

from __future__ import annotations

import re

from convoylog.reports.turning import straight

_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})
#: signs that act anywhere in a line
_INLINE = re.compile(r"([\\`*_\[\]<>~|!])")
#: signs that act at the begin of a line
_LEADING = re.compile(r"^(\s*)(?:([#+>=-])|(\d+)([.)]))", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


def inline(text: str, *, cell: bool = False) -> str:
    """A text for one line: a heading, a caption, a table's cell."""
    flat = " ".join(_plain(text).split())
    escaped = _escaped(flat)
    # a table is cut at its bars before any backslash is seen
    return escaped.replace("\\|", "&#124;") if cell else escaped


def block(text: str) -> str:
    """A note's words: its paragraphs and line ends stay, its signs are signs."""
    kept = _plain(text.replace("\t", " "))
    paragraphs = re.split(r"\n\s*\n", kept.strip())
    # a backslash at the end of a line is a line end that stays
    return "\n\n".join(
        "\\\n".join(_escaped(line.strip()) for line in part.split("\n")) for part in paragraphs
    )


def _plain(text: str) -> str:
    return straight(_CONTROL.sub("", text))


def _escaped(text: str) -> str:
    text = re.sub(r"&(?=#|\w+;)", "&amp;", text)
    text = _INLINE.sub(r"\\\1", text)
    text = _LEADING.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", text)
    return text.translate(_BRACES)
