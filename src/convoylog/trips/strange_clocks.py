"""Cameras whose clock is of another year than the drive: never set, or set back by an empty battery.

It is told, never mended: only a person knows whether the photos are of this trip at all.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from convoylog.errors import Problem
from convoylog.model.logbook import Car, RecordedPhoto
from convoylog.model.phrase import span_text
from convoylog.trips.ground import Ground
from convoylog.trips.instants import camera_key, instant_of_photo, wall_of
from convoylog.trips.place import Zones, camera_of
from convoylog.trips.whereabouts import Whereabouts

#: a wrong year is further from the drive than this, and what was really taken so long before it is
#: hardly told with it
STRANGE_S = 180 * 86_400.0


def strange_clocks(
    car: Car, photos: Iterable[RecordedPhoto], where: Whereabouts, ground: Ground, zones: Zones
) -> list[Problem]:
    """A problem for each camera of a car with photos half a year or more from all it recorded.

    What a person said of the camera counts. zones: as for placing photos.
    """
    time = where.ledger.time
    if not len(time):
        return []
    away: dict[str, list[float]] = {}
    counts: dict[str, int] = {}
    for photo in photos:
        facts = photo.photograph
        key = camera_key(facts)
        counts[key] = counts.get(key, 0) + 1
        wall = wall_of(facts)
        # mostly the reading alone says that nothing is strange
        if wall is None or abs(_from_track(wall, time)) < STRANGE_S:
            continue
        at = instant_of_photo(facts, camera_of(facts, car), where, ground, zones).at
        if at is not None and abs(_from_track(at, time)) >= STRANGE_S:
            away.setdefault(key, []).append(_from_track(at, time))
    return [
        Problem(f"cars/{car.folder}", "strange-clock", _told(key, far, counts[key]), _HINT)
        for key, far in sorted(away.items())
    ]


_HINT = "`convoylog camera check` compares, `convoylog camera set` puts the clock right"


def _told(key: str, far: list[float], count: int) -> str:
    nearest = min(far, key=abs)
    side = "before" if nearest < 0 else "after"
    share = "all photos" if len(far) == count else f"{len(far)} of {count} photos"
    return f"{share} of {key} are {span_text(abs(nearest))} {side} the car's tracks: a wrong clock?"


def _from_track(at: float, time: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """Seconds from the nearest trackpoint, negative before it."""
    k = int(np.searchsorted(time, at))
    apart = [at - float(time[j]) for j in (k - 1, k) if 0 <= j < len(time)]
    return min(apart, key=abs)
