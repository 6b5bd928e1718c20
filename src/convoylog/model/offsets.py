"""Offsets of clocks from UTC as people write them: `-06:00`, `+05:45`, `-06:03:20.5`."""

from __future__ import annotations

import re

#: a clock that began again at its maker's year may be decades off; more is no clock
LARGEST_S = 200 * 366 * 86_400.0

_OFFSET = re.compile(
    r"(?P<sign>[+\u2212-])(?P<h>\d{1,7}):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d(?:\.\d{1,6})?))?", re.ASCII
)


def read_offset(text: str) -> float | None:
    """Seconds of ±HH:MM or ±HH:MM:SS, a fraction allowed; None for anything else."""
    match = _OFFSET.fullmatch(text.strip())
    if match is None:
        return None
    seconds = int(match["h"]) * 3600 + int(match["m"]) * 60 + float(match["s"] or 0)
    if seconds > LARGEST_S:
        return None
    return seconds if match["sign"] == "+" else -seconds


def offset_text(seconds: float) -> str:
    """ "-06:00", with seconds where there are any, to the hundredth. The inverse of `read_offset`."""
    hundredths = round(abs(seconds) * 100)
    minutes, rest = divmod(hundredths, 6000)
    sign = "-" if seconds < 0 and hundredths else "+"
    text = f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    if rest:
        text += f":{rest // 100:02d}" + (f".{rest % 100:02d}".rstrip("0") if rest % 100 else "")
    return text
