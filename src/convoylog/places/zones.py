"""Time zones of places, and their offsets at instants. IANA names; historical rules.

Zones: tzfpy (MIT), whose borders are from OpenStreetMap (ODbL). It is right to about 100 m.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import tzfpy
from numpy.typing import NDArray

from convoylog.model.tracks import Floats, Ints

#: the Earth's mean radius; for circles whose size need not be exact
_EARTH_M = 6_371_000.0
#: sixteen directions
_ROUND = np.exp(1j * np.radians(np.arange(0.0, 360.0, 22.5)))

CREDIT = "Time zones: timezone-boundary-builder, © OpenStreetMap contributors, ODbL"


def zone_at(lat: float, lon: float) -> str:
    """The IANA zone of a place, "" if there is none. At sea a zone of whole hours, `Etc/GMT+11`."""
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        return ""
    return str(tzfpy.get_tz(lon, lat) or "")


class Zones:
    """Every zone as a part of the ground, by number; their borders are found by asking."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._numbers: dict[str, int] = {"": -1}

    def at(self, number: int) -> str | None:
        """The zone of a number; None for -1."""
        return self._names[number] if number >= 0 else None

    def numbers(self, lat: Floats, lon: Floats) -> Ints:
        """Number of the zone of each of n places, -1 for none. Numbers hold for this value only."""
        with np.errstate(invalid="ignore"):
            known = np.flatnonzero((np.abs(lat) <= 90.0) & (np.abs(lon) <= 180.0))
        names = list(map(tzfpy.get_tz, lon[known].tolist(), lat[known].tolist()))
        for name in set(names).difference(self._numbers):
            self._numbers[name] = len(self._names)
            self._names.append(name)
        result = np.full(len(lat), -1, dtype=np.int64)
        result[known] = [self._numbers[name] for name in names]
        return result

    def clear_of(
        self,
        before: int,
        after: int,  # noqa: ARG002
        lat: Floats,
        lon: Floats,
        metres: float,
    ) -> NDArray[np.bool_]:
        """Whether no place on circles of that and half the radius lies in the zone before."""
        clear = np.ones(len(lat), dtype=np.bool_)
        for some in (_ROUND[::4], _ROUND, _ROUND / 2):  # most that are not clear show it soon
            left = np.flatnonzero(clear)
            if not len(left):
                break
            y = lat[left, None] + np.degrees(metres / _EARTH_M) * some.real
            y = np.clip(y, -90.0, 90.0)
            aside = np.degrees(metres / _EARTH_M) * some.imag
            x = lon[left, None] + aside / np.maximum(np.cos(np.radians(y)), 1e-9)
            x = np.remainder(x + 180.0, 360.0) - 180.0
            numbers = self.numbers(y.ravel(), x.ravel()).reshape(y.shape)
            clear[left] = (numbers != before).all(axis=1)
        return clear

    def cuts(self, lat: Floats, lon: Floats) -> None:
        """Nothing: tzfpy tells no lines."""


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
