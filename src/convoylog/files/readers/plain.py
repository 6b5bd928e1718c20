"""Plain text out of the HTML that people's map programs put into descriptions.

Nothing is interpreted: tags go, entities become characters, blanks are squeezed. Every step takes
one pass, so that text made to be slow is not.
"""

from __future__ import annotations

import html
import re

#: characters of a description that are kept: five times the longest note met in a waypoint
MAX_PLAIN = 2_000
#: characters looked at: a table of 20 rows with all its markup has 4,000
_MAX_LOOK = 64_000

_BREAK = re.compile(r"</?(?:br|p|div|tr|li|table|ul|ol|h[1-6])\b[^<>]*>", re.IGNORECASE)
_CELL = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z!?][^<>]*>", re.IGNORECASE)
#: never text for people
_HIDDEN = re.compile(r"<(script|style)\b", re.IGNORECASE)


def plain(text: str) -> str:
    """The text as a person would read it, lines kept, at most MAX_PLAIN characters."""
    text = text[:_MAX_LOOK]
    if "<" in text:
        text = _without(text, "<!--", "-->")
        text = _without_hidden(text)
        text = _TAG.sub("", _CELL.sub(" ", _BREAK.sub("\n", text)))
    if "&" in text:
        text = html.unescape(text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)[:MAX_PLAIN]


def _without(text: str, opens: str, closes: str) -> str:
    first, *rest = text.split(opens)
    return first + "".join(part.partition(closes)[2] for part in rest)


def _without_hidden(text: str) -> str:
    first, *rest = _HIDDEN.split(text)
    # names and what follows them take turns
    kept = [first]
    for name, part in zip(rest[::2], rest[1::2], strict=True):
        end = part.lower().rfind(f"</{name.lower()}")
        kept.append(part[end:] if end >= 0 else "")
    return "".join(kept)
