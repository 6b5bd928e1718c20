"""Recordings dated 1024 weeks away from all else: receivers that began to count from 0 again.

GPS counts weeks in ten bits, so old receivers fall back by 7168 days every 19.6 years. It is told,
never mended: only a person knows which date was meant.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from convoylog.errors import Problem
from convoylog.model.logbook import Entry, RecordedTrack

#: 1024 weeks, and how far from each other the dates of one trip may lie
TURN_S, TRIP_S = 7168 * 86_400.0, 30 * 86_400.0
#: turns behind that receivers of the years around 2000 may be by now
_TURNS = (1, 2)


def rolled_over(tracks: Sequence[RecordedTrack], entries: Sequence[Entry]) -> list[Problem]:
    """A problem for each recording whose dates fit the rest of the logbook only after 1024 weeks."""
    begins = {track.path: _begin(track) for track in tracks}
    noted = [e.at.timestamp() for e in entries if e.at is not None and e.at.tzinfo is not None]
    problems = []
    for path, begin in begins.items():
        others = noted + [at for key, at in begins.items() if key != path]
        rest = np.array([at for at in others if np.isfinite(at)])
        if not np.isfinite(begin) or _near(begin, rest):
            continue
        turns = [turn for turn in _TURNS if _near(begin + turn * TURN_S, rest)]
        if turns:
            text = (
                f"its dates are {turns[0] * 7168} days before the others, as of a receiver that began "
                "to count its weeks from 0 again"
            )
            hint = "nothing is changed: add a copy with the right dates, or remove this one"
            problems.append(Problem(path, "rolled-over", text, hint))
    return problems


def _begin(track: RecordedTrack) -> float:
    """The first known instant of a recording, NaN if there is none."""
    for part in track.recording.tracks:
        for some in (part.time[:100], part.time):  # mostly the first few tell
            known = some[np.isfinite(some)]
            if len(known):
                return float(known[0])
    return float("nan")


def _near(at: float, others: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bool:
    return bool((np.abs(others - at) <= TRIP_S).any())
