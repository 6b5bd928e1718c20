"""Stops: halts close in time and place, long enough to mean something."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from convoylog import geo
from convoylog.model.tracks import Floats
from convoylog.model.trip import Stop
from convoylog.trips.ledger import Ledger

#: halts nearer in time than this are one stop: moving up in a queue, looking for a parking place
JOIN_S = 120.0
#: a stop stays on one site: a filling station with its shop
SITE_M = 150.0
#: traffic lights are shorter
STOP_S = 300.0
#: a night; whoever stands at three in the morning sleeps too
NIGHT_S, NIGHT_HOUR = 14_400.0, 3

#: seconds east of UTC at a place and instant
OffsetAt = Callable[[float, float, float], int]


def find_stops(
    ledger: Ledger, offset_at: OffsetAt, *, shortest_s: float = STOP_S
) -> tuple[Stop, ...]:
    """The stops of one car in time order, unnamed. shortest_s: seconds."""
    halts = ledger.halts.tolist()
    found: list[Stop] = []
    i = 0
    while i < len(halts):
        alone = i + 1 == len(halts) or halts[i + 1][0] - halts[i][1] >= JOIN_S
        if alone and halts[i][1] - halts[i][0] < shortest_s:
            i += 1  # a light, as most are
            continue
        lat, lon = _median(ledger, *halts[i])
        j = i
        while (
            j + 1 < len(halts)
            and halts[j + 1][0] - halts[j][1] < JOIN_S
            and _within(ledger, halts[j][0], halts[j + 1][1], lat, lon)
        ):
            j += 1
        begin, end = halts[i][0], halts[j][1]
        if end - begin >= shortest_s:
            y, x = (lat, lon) if i == j else _median(ledger, begin, end)
            x = geo.within_180(x)
            found.append(Stop(begin, end, y, x, overnight=_is_night(begin, end, y, x, offset_at)))
        i = j + 1
    return tuple(found)


def _places(ledger: Ledger, begin: float, end: float) -> tuple[Floats, Floats]:
    """The points within a span and the places at its two ends."""
    inside = ledger.points_between(begin, end)
    lat, lon = ledger.position_at([begin, end])
    return np.concatenate([lat, ledger.lat[inside]]), np.concatenate([lon, ledger.lon[inside]])


def _median(ledger: Ledger, begin: float, end: float) -> tuple[float, float]:
    """Median place of a span; longitude unwrapped. Its ends speak only where no point does."""
    inside = ledger.points_between(begin, end)
    if inside.start < inside.stop:
        return _middle(ledger.lat[inside]), _middle(ledger.lon[inside])
    lat, lon = ledger.position_at([begin, end])
    return _middle(lat), _middle(lon)


def _middle(values: Floats) -> float:
    """The median; `np.median` takes longer to get going than to find it."""
    k = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, k)[k])
    low, high = np.partition(values, (k - 1, k))[k - 1 : k + 1].tolist()
    return float((low + high) / 2.0)


def _within(ledger: Ledger, begin: float, end: float, lat: float, lon: float) -> bool:
    there = _places(ledger, begin, end)
    return bool((geo.near_m(*there, lat, lon) <= SITE_M).all())


def _is_night(begin: float, end: float, lat: float, lon: float, offset_at: OffsetAt) -> bool:
    if end - begin >= NIGHT_S:
        return True
    day, hour = 86_400, NIGHT_HOUR * 3600
    # a clock change in this very night moves 03:00; either side's offset will do
    for offset in {offset_at(lat, lon, begin), offset_at(lat, lon, end)}:
        three = -(-(begin + offset - hour) // day) * day + hour - offset
        if begin <= three <= end:
            return True
    return False
