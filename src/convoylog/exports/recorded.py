"""What recordings hold besides the ways, which the account does not carry: readings, waypoints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats, Recording, Track, Waypoint


def with_readings(track: Track, recordings: Iterable[Recording]) -> Track:
    """The track, each point with what was read at it.

    track: of an account, in time order. recordings: those it was worked out from. A reading belongs
    to the very point it was recorded with, at the same millisecond and centimetre: that of another
    recorder in the car is not guessed. The first recording that has one counts.
    """
    more: dict[str, Floats] = {}
    place = _key(track)
    for recorded in (t for recording in recordings for t in recording.tracks if t.more):
        theirs = _key(recorded)
        at = np.searchsorted(place[0], theirs[0])
        same = at < len(track)
        for ours, read in zip(place, theirs, strict=True):
            same[same] = ours[at[same]] == read[same]
        for name, values in recorded.more.items():
            column = more.setdefault(name, np.full(len(track), np.nan))
            fresh = same & np.isfinite(values)
            fresh[fresh] = np.isnan(column[at[fresh]])
            column[at[fresh]] = values[fresh]
    if not more:
        return track
    for column in more.values():
        column.flags.writeable = False
    return replace(track, more=MappingProxyType(more))


def _key(track: Track) -> tuple[NDArray[np.float64], ...]:
    """Milliseconds and 1e-7 degrees (1 cm), by which the account knows equal points."""
    return np.rint(track.time * 1e3), np.rint(track.lat * 1e7), np.rint(track.lon * 1e7)


def waypoints_of(recordings: Sequence[Recording]) -> list[Waypoint]:
    """Each once, in order: devices write all they know into every file."""
    return list(dict.fromkeys(w for recording in recordings for w in recording.waypoints))
