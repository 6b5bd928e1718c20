"""Ascent and descent: smoothed heights along the way, small reversals not counted.

Raw heights of GPS wander by metres while the car stands; summed up they invent mountains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convoylog.model.tracks import Floats
from convoylog.trips.ledger import Ledger, runs_of

#: metres between samples, and how many of them a mean takes: 275 m, as long as a bridge
STEP_M, SPREAD = 25.0, 11
#: a reversal smaller than this is noise of a GPS height; a barometer is better
REVERSAL_M, BAROMETRIC_M = 10.0, 3.0
#: samples of one stretch: 25,000 km, more than a summer's driving; farther ones are spaced wider
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Climb:
    """Metres up, metres down, highest smoothed height, and how wrong up and down may be."""

    ascent_m: float
    descent_m: float
    highest_m: float
    error_m: float


def find_climb(ledger: Ledger, ele: Floats, *, barometric: bool = False) -> Climb | None:
    """The climb over all known stretches; None where no stretch has two heights on the way.

    ele: n heights in metres, NaN where missing: missing is not 0.
    """
    threshold = BAROMETRIC_M if barometric else REVERSAL_M
    ups, downs, tops, metres = [], [], [], 0.0
    for first, last in runs_of(~ledger.unknown):
        profile, length = _profile(ledger, ele, first, last)
        if profile is None:
            continue
        up, down = _rises(profile, threshold)
        ups.append(up)
        downs.append(down)
        tops.append(float(profile.max()))
        metres += length
    if not ups:
        return None
    ascent = sum(ups)
    error = max(0.03 * ascent, 1.7 * metres / 1000.0)
    return Climb(ascent, sum(downs), max(tops), error)


def _profile(ledger: Ledger, ele: Floats, first: int, last: int) -> tuple[Floats | None, float]:
    """Heights every 25 m of a stretch, smoothed, and the metres they cover."""
    part = slice(first, last + 1)
    heights = ele[part]
    usable = np.isfinite(heights) & ~ledger.within[part]
    along, heights = ledger.metres[part][usable], heights[usable]
    # several points may lie on one metre: the odometer never falls, so the first of each stays
    rising = np.append(True, np.diff(along) > 0) if len(along) else np.zeros(0, dtype=np.bool_)
    if not rising.all():
        along, heights = along[rising], heights[rising]
    if len(along) < 2:
        return None, 0.0
    length = float(along[-1] - along[0])
    samples = np.linspace(0.0, length, min(int(length // STEP_M) + 2, _MOST))
    profile = np.interp(along[0] + samples, along, heights)
    return _mean(_mean(profile)), length


def _mean(values: Floats) -> Floats:
    """Running mean of 11; at the ends of as many on both sides as there are, so slopes stay."""
    n, half = len(values), SPREAD // 2
    sums, means = np.zeros(n + 1), np.empty(n)
    np.cumsum(values, out=sums[1:])
    if n >= SPREAD:
        np.subtract(sums[SPREAD:], sums[:-SPREAD], out=means[half : n - half])
        means[half : n - half] /= SPREAD
    for i in {*range(min(half, n)), *range(max(n - half, 0), n)}:
        here = min(i, n - 1 - i, half)
        means[i] = (sums[i + here + 1] - sums[i - here]) / (2 * here + 1)
    return means


def _rises(profile: Floats, threshold: float) -> tuple[float, float]:
    """Sum of rises and of falls between reversals larger than the threshold."""
    slopes = np.diff(profile)
    flat = slopes == 0.0
    if flat.any():  # a plain after a rise turns where it ends
        moving = np.flatnonzero(~flat)
        rising = slopes[moving] > 0.0
        turns = moving[1:][rising[1:] != rising[:-1]]
    else:
        rising = slopes > 0.0
        turns = np.flatnonzero(rising[1:] != rising[:-1]) + 1
    heights = profile[np.concatenate([[0], turns, [len(profile) - 1]])].tolist()
    up = down = 0.0
    direction = 0  # +1 rising, -1 falling, 0 not yet known
    low = high = begun = heights[0]
    for height in heights:
        if direction == 1:
            if height > high:
                high = height
            elif high - height > threshold:
                up += high - begun
                direction, begun, low = -1, high, height
        elif direction == -1:
            if height < low:
                low = height
            elif height - low > threshold:
                down += begun - low
                direction, begun, high = 1, low, height
        else:
            high, low = max(high, height), min(low, height)
            if high - low > threshold:
                direction, begun = (1, low) if height == high else (-1, high)
                low = high = height
    if direction == 1:
        up += high - begun
    elif direction == -1:
        down += begun - low
    return up, down
