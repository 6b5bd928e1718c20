"""Marks that turn the direction of what follows: in a sentence, also the words of others."""

from __future__ import annotations

import re

#: embeddings, overrides and isolates (Unicode Annex 9, table 4). The plain marks LRM, RLM and ALM,
#: which right-to-left writing needs, turn nothing behind them
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def straight(text: str) -> str:
    """The text without marks by which a name would turn the rest of the line around."""
    return _TURNING.sub("", text)
