"""Time zones of places, and their offsets at instants. IANA names; historical rules.

Zones: tzfpy (MIT), whose borders are from OpenStreetMap (ODbL). It is right to about 100 m.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import tzfpy

CREDIT = "Time zones: timezone-boundary-builder, © OpenStreetMap contributors, ODbL"


def zone_at(lat: float, lon: float) -> str:
    """The IANA zone of a place, "" if there is none. At sea a zone of whole hours, `Etc/GMT+11`."""
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        return ""
    return str(tzfpy.get_tz(lon, lat) or "")


@cache
def _zone(name: str) -> ZoneInfo | None:
    # these differ between machines, or count leap seconds
    if name == "localtime" or name.startswith(("posix", "right")):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def offset_at(zone: str, utc_s: float) -> int:
    """Seconds east of UTC in a zone at an instant; 0 for a zone nobody knows."""
    found = _zone(zone)
    if found is None:
        return 0
    try:
        offset = datetime.fromtimestamp(utc_s, UTC).astimezone(found).utcoffset()
    except (ValueError, OverflowError, OSError):
        return 0
    return int(offset.total_seconds()) if offset is not None else 0


def instants_of(zone: str, naive: datetime) -> tuple[float, ...]:
    """The instants (UTC seconds) at which clocks of a zone show a wall time, earlier first.

    None in the hour a spring night skips, two in the hour an autumn night repeats; none for a zone
    nobody knows, and at the very ends of the calendar.
    """
    found = _zone(zone)
    if found is None:
        return ()
    instants = set()
    for fold in (0, 1):
        try:
            utc = naive.replace(tzinfo=found, fold=fold).astimezone(UTC)
            shown = utc.astimezone(found).replace(tzinfo=None)
        except OverflowError:
            continue
        # a wall time that never was comes back as another
        if shown == naive.replace(tzinfo=None):
            instants.add((utc - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1))
    return tuple(sorted(instants))
