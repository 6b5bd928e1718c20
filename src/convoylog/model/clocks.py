"""What clocks of a place show."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from convoylog.model.trip import Leg


def from_to(leg: Leg) -> str:
    """ "22:35–00:16 +1": local times at both ends, and how many dates later the end is.

    A time that is in no calendar or zone is "?".
    """
    begin, end = local_time(leg.from_at, leg.zone), local_time(leg.to_at, leg.to_zone or leg.zone)
    later = (end.date() - date.fromisoformat(leg.day)).days if end else 0
    told = f"{_shown(begin, leg.zone)}–{_shown(end, leg.to_zone or leg.zone)}"
    return told + (f" +{later}" if later > 0 else "")


def local_time(at: float, zone: str) -> datetime | None:
    """What clocks of a zone show at an instant, those of UTC where it is ""; None outside of calendar and zones.

    at: UTC seconds. zone: IANA name.
    """
    try:
        return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone) if zone else UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None


def _shown(at: datetime | None, zone: str) -> str:
    return "?" if at is None else f"{at:%H:%M}" if zone else f"{at:%H:%MZ}"
