"""Telling that two recordings are one, exported twice: other rounding, fewer points, another clock.

Two receivers in one car differ by metres at the same instant; two exports of one recording differ
by what was rounded away. This is for telling a person. What is counted once, `fuse` decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convoylog import geo
from convoylog.model.tracks import Floats, Recording

#: so much of the one with fewer points must be found in the other
SHARE = 0.95
#: metres: five decimals of a degree round by 0.8 m at most, and programs do it twice
NEAR_M = 1.7
#: seconds: whole seconds round by 0.5
NEAR_S = 0.6
#: clocks that are off are off by zones: quarter hours, up to 14 hours and a day's half
_ZONE_S = 900.0
_FURTHEST_S = 15 * 3600.0
#: fewer points than this say nothing
_FEWEST = 10


#: degrees of latitude that NEAR_M never reaches, of longitude below 85°; nearer to the poles and to
#: the date line a box tells nothing
_NEAR_DEG, _FAR_NORTH, _DATE_LINE = 2e-4, 85.0, 179.0


@dataclass(frozen=True, slots=True)
class Outline:
    """When and where a recording was, to tell at once that two are not one.

    begin, end: UTC seconds, NaN without times. The others: degrees. points: how many.
    """

    begin: float
    end: float
    south: float
    north: float
    west: float
    east: float
    points: int


def outline(recording: Recording) -> Outline:
    time, lat, lon = _columns(recording)
    known = time[np.isfinite(time)]
    ends = (float(known.min()), float(known.max())) if len(known) else (np.nan, np.nan)
    if not len(lat):
        return Outline(*ends, 0.0, 0.0, 0.0, 0.0, 0)
    places = (float(lat.min()), float(lat.max()), float(lon.min()), float(lon.max()))
    return Outline(*ends, *places, len(lat))


def may_be_same(a: Outline, b: Outline) -> bool:
    """False if `same_recording` could not but say None: no instant, or no place, in common."""
    if a.begin > b.end + _FURTHEST_S + NEAR_S or b.begin > a.end + _FURTHEST_S + NEAR_S:
        return False
    if min(a.points, b.points) < _FEWEST or np.isnan(a.begin) != np.isnan(b.begin):
        return False
    if a.south > b.north + _NEAR_DEG or b.south > a.north + _NEAR_DEG:
        return False
    if max(abs(a.south), abs(a.north)) > _FAR_NORTH or max(-a.west, a.east) > _DATE_LINE:
        return True
    return a.west <= b.east + _NEAR_DEG and b.west <= a.east + _NEAR_DEG


@dataclass(frozen=True, slots=True)
class Same:
    """shift_s: seconds the clock of the first is ahead of the second's. points: of each."""

    shift_s: float
    points: tuple[int, int]


def same_recording(one: Recording, other: Recording) -> Same | None:
    """Whether both hold the same trackpoints; None if not, or if there are too few to say."""
    a, b = _columns(one), _columns(other)
    if min(len(a[0]), len(b[0])) < _FEWEST:
        return None
    counts = (len(a[0]), len(b[0]))
    timed = [np.isfinite(columns[0]) for columns in (a, b)]
    if not timed[0].any() and not timed[1].any():
        return Same(0.0, counts) if _same_line(a, b) else None
    a, b = _in_order(a), _in_order(b)
    if min(len(a[0]), len(b[0])) < _FEWEST:
        return None
    for shift in _shifts(a[0], b[0]):
        if _same_points(a, b, shift):
            return Same(shift, counts)
    return None


_Columns = tuple[Floats, Floats, Floats]


def _columns(recording: Recording) -> _Columns:
    if not recording.tracks:
        return np.empty(0), np.empty(0), np.empty(0)
    if len(recording.tracks) == 1:
        track = recording.tracks[0]
        return track.time, track.lat, track.lon
    return (
        np.concatenate([track.time for track in recording.tracks]),
        np.concatenate([track.lat for track in recording.tracks]),
        np.concatenate([track.lon for track in recording.tracks]),
    )


def _in_order(columns: _Columns) -> _Columns:
    """Points with a time, by time, each instant once."""
    time = columns[0]
    known = np.flatnonzero(np.isfinite(time))
    order = known[np.argsort(time[known], kind="stable")]
    first = np.ones(len(order), dtype=bool)
    first[1:] = np.diff(time[order]) > 0
    order = order[first]
    return time[order], columns[1][order], columns[2][order]


def _shifts(a: Floats, b: Floats) -> list[float]:
    """Clock differences worth trying: none, and whole quarter hours that lay the ends together."""
    found = [0.0]
    for mine, theirs in ((a[0], b[0]), (a[-1], b[-1])):
        shift = float(np.rint((mine - theirs) / _ZONE_S) * _ZONE_S)
        if 0 < abs(shift) <= _FURTHEST_S and shift not in found:
            found.append(shift)
    # without a common instant nothing needs to be compared
    return [s for s in found if a[0] <= b[-1] + s + NEAR_S and b[0] + s <= a[-1] + NEAR_S]


def _same_points(a: _Columns, b: _Columns, shift: float) -> bool:
    fewer, more = (
        (a, (b[0] + shift, *b[1:])) if len(a[0]) <= len(b[0]) else ((b[0] + shift, *b[1:]), a)
    )
    right = np.clip(np.searchsorted(more[0], fewer[0]), 1, len(more[0]) - 1)
    nearest = np.where(fewer[0] - more[0][right - 1] <= more[0][right] - fewer[0], right - 1, right)
    met = np.abs(more[0][nearest] - fewer[0]) <= NEAR_S
    if met.mean() < SHARE:
        return False
    apart = geo.apart_m(fewer[1][met], fewer[2][met], more[1][nearest][met], more[2][nearest][met])
    return bool((apart <= NEAR_M).mean() >= SHARE)


def _same_line(a: _Columns, b: _Columns) -> bool:
    """Without times: the same positions in the same order, at most rounded."""
    if len(a[1]) != len(b[1]):
        return False
    apart = geo.apart_m(a[1], a[2], b[1], b[2])
    return bool((apart <= NEAR_M).mean() >= SHARE)
