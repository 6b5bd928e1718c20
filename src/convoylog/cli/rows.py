"""What the documents of `--json` have in common."""

from __future__ import annotations

from datetime import UTC, datetime


def instant(at: float | None) -> datetime | None:
    """UTC seconds as JSON tells them; None where there is none."""
    if at is None:
        return None
    try:
        return datetime.fromtimestamp(at, UTC)
    except (ValueError, OverflowError, OSError):
        return None
