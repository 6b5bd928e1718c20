"""From a wall clock's time to instants, for a clock that travels.

The zone is that of the car's position, so local time jumps at DST and at every zone border the
car crosses: a wall time may come twice, or never.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from convoylog.errors import UsageError

ZoneOf = Callable[[float], str]

#: local time is never further from UTC than this (see `when._offset`)
_FAR = timedelta(hours=16)
#: the finest step at which a car may be in another zone than before and after: a quarter of an
#: hour beyond a border and back again is the shortest visit that is noticed
_STEP = timedelta(minutes=15)


def _zone(name: str) -> ZoneInfo:
    if not name:
        raise UsageError(
            "the time zone there is unknown",
            hint="give the offset, as in `2010-08-05T18:30-06:00`, or the car's zone: "
            "`convoylog car set NAME zone=America/Denver`",
        )
    return ZoneInfo(name)


def zoned(at: float, zone_of: ZoneOf, fallback: datetime) -> tuple[datetime, str]:
    """An instant in the zone of the car's position then; in UTC if nobody knows the zone.

    at: UTC seconds. fallback: the same instant with its microseconds.
    """
    name = zone_of(at)
    instant = fallback.astimezone(ZoneInfo(name) if name else UTC)
    return instant, name or ""


def instants_of(naive: datetime, zone_of: ZoneOf) -> list[tuple[datetime, str]]:
    """Every instant at which a clock in the car showed `naive`, in time order, with its zone."""
    wall = naive.replace(tzinfo=UTC)
    names: dict[str, None] = {}
    for n in range(2 * _FAR // _STEP + 1):
        names.setdefault(zone_of((wall - _FAR + n * _STEP).timestamp()))
    found: dict[float, tuple[datetime, str]] = {}
    for name in names:
        zone = _zone(name)
        for fold in (0, 1):
            local = naive.replace(tzinfo=zone, fold=fold)
            at = local.timestamp()
            # a time in a gap comes back as another one
            back = datetime.fromtimestamp(at, zone).replace(tzinfo=None)
            if zone_of(at) == name and abs(back - naive) < timedelta(milliseconds=1):
                found.setdefault(at, (local, name))
    return [found[at] for at in sorted(found)]


def neighbours(
    naive: datetime, zone_of: ZoneOf
) -> tuple[tuple[datetime, str], tuple[datetime, str]]:
    """Of a wall time that never came: the last second before the clock jumped, the first after."""

    def local(at: int) -> tuple[datetime, str]:
        name = zone_of(at)
        return datetime.fromtimestamp(at, _zone(name)), name

    wall = naive.replace(tzinfo=UTC)
    low, high = int((wall - _FAR).timestamp()), int((wall + _FAR).timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if local(middle)[0].replace(tzinfo=None) < naive:
            low = middle
        else:
            high = middle
    return local(low), local(high)
