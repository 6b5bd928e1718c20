"""The part of a text that is ours, in a file that is somebody else's too.

The marks are link references that nothing refers to, which every Markdown engine passes over. The
first holds a digest of what stands between them, so that words typed in there are noticed.
"""

from __future__ import annotations

import hashlib
import re

from convoylog.errors import BadInput

_BEGIN = "[//]: # (convoylog wrote from here on: {digest})"
_END = "[//]: # (convoylog wrote up to here)"
_OURS = re.compile(
    r"^\[//\]: # \(convoylog wrote from here on: ([0-9a-f]{16})\)\n(.*?)^\[//\]: # \(convoylog wrote up to here\)$",
    re.MULTILINE | re.DOTALL,
)


def mark(text: str) -> str:
    """The text between marks. It must not hold marks itself."""
    body = f"\n{text.strip()}\n\n"
    return f"{_BEGIN.format(digest=_digest(body))}\n{body}{_END}\n"


def join(before: str, fresh: str) -> str:
    """`before` with the marked part of `fresh` in the place of its own.

    Raises BadInput if `before` has no marked part, several, or one that was changed by hand.
    """
    before = before.replace("\r\n", "\n")
    found = list(_OURS.finditer(before))
    new = _OURS.search(fresh)
    if new is None:
        raise ValueError("no marked part in the fresh text")
    if len(found) != 1:
        raise BadInput(
            "it has no part marked as written by convoylog"
            if not found
            else "it has several parts marked as written by convoylog"
        )
    ours = found[0]
    if _digest(ours[2]) != ours[1]:
        raise BadInput("the part that convoylog wrote was changed by hand")
    return before[: ours.start()] + new[0] + before[ours.end() :]


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]
