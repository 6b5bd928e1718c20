"""Numbers as a person reads them on the screen, sizes as they type them. Unknown is a dash, never zero."""

from __future__ import annotations

import re
from decimal import Decimal

from convoylog.errors import UsageError

UNKNOWN = "–"


def _known(value: float | None) -> bool:
    return value is not None and value - value == 0  # NaN and infinite differ from 0


def km(metres: float | None) -> str:
    """ "12.3 km"; from 1,000 km on without decimals."""
    if metres is None or not _known(metres):
        return UNKNOWN
    digits = 0 if abs(metres) >= 999_950 else 1  # 999.95 km would be rounded up to 1000.0
    return f"{metres / 1000:,.{digits}f} km"


def kmh(metres_per_second: float | None) -> str:
    """ "87 km/h"."""
    if metres_per_second is None or not _known(metres_per_second):
        return UNKNOWN
    return f"{metres_per_second * 3.6:.0f} km/h"


def metres(value: float | None) -> str:
    """ "±40 m" without the sign."""
    return UNKNOWN if value is None or not _known(value) else f"{value:,.0f} m"


def duration(seconds: float | None) -> str:
    """ "3 h 05", "12 min", "40 s"; days only beyond two, when hours stop saying anything."""
    if seconds is None or not _known(seconds):
        return UNKNOWN
    whole = round(abs(seconds))
    sign = "-" if seconds < 0 and whole else ""
    if whole < 60:
        return f"{sign}{whole} s"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{sign}{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{sign}{hours} h {minutes:02}"
    return f"{sign}{hours // 24} d {hours % 24} h"


def size(count: int) -> str:
    """Bytes: "830 B", "12 kB", "3.4 MB", in powers of 1000 as disks are sold."""
    if count < 1000:
        return f"{count} B"
    amount = float(count)
    for unit in ("kB", "MB", "GB"):
        amount /= 1000
        if amount < 999.5:
            return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:.0f} {unit}"
    return f"{amount / 1000:.1f} TB"


#: powers of 1000 as disks are sold and mail servers count, of 1024 where somebody says so
_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}


def bytes_of(text: str) -> int:
    """What people type as a size: "20MB", "1.5 MiB", "800kB". Raises UsageError."""
    found = re.fullmatch(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*([a-zA-Z]+)\s*", text, re.ASCII)
    unit = _BYTES.get(found[2].lower()) if found else None
    if found is None or unit is None or (count := int(Decimal(found[1]) * unit)) < 1:
        raise UsageError(
            f"no size: {text!r}", hint="a number and kB, MB, GB, KiB, MiB or GiB, such as 20MB"
        )
    return count


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 photo", "3 photos"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
