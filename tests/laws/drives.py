"""Drives as they come: stop and go, noise, holes, sleeping recorders, spikes; from a seed each."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from convoylog.model.tracks import Track, make_track
from tests.trips.drives import NOON, wandering

#: seconds between points: ten a second to one a minute
STEPS = (0.1, 1.0, 1.0, 5.0, 10.0, 60.0)


def random_drive(
    seed: int,
    *,
    noise_m: float | None = None,
    spikes: bool = True,
    holes: bool = True,
    most: int = 1500,
    step: float | None = None,
) -> Track:
    """At most `most` points somewhere on Earth, also beside 180° and over midnights."""
    rng = np.random.default_rng(seed)
    step = float(rng.choice(STEPS)) if step is None else step
    parts = int(rng.integers(3, 12))
    speeds = rng.choice([0.0, 0.0, 5.0, 15.0, 30.0], size=parts)
    long = rng.choice([40.0, 120.0, 400.0, 1500.0, 4000.0], size=parts)
    t = np.arange(0.0, min(float(long.sum()), (most - 1) * step) + step / 2, step)
    knots = np.concatenate([[0.0], np.cumsum(long)])
    part = np.clip(np.searchsorted(knots, t, side="right") - 1, 0, parts - 1)
    # speed changes over ten seconds, not from one point to the next
    width = max(1, round(10.0 / step))
    speed = np.convolve(np.pad(speeds[part], width, mode="edge"), np.ones(width) / width, "same")
    speed = speed[width:-width]
    way = np.concatenate([[0.0], np.cumsum(speed[1:] * step)])
    course = rng.uniform(0.0, 2 * np.pi) + rng.uniform(0.0, 1.2) * np.sin(way / 3000.0)
    north = np.concatenate([[0.0], np.cumsum(np.diff(way) * np.cos(course[1:]))])
    east = np.concatenate([[0.0], np.cumsum(np.diff(way) * np.sin(course[1:]))])
    lat0 = rng.uniform(-65.0, 65.0)
    lon0 = float(rng.choice([rng.uniform(-180.0, 180.0), 179.97, -179.97]))
    lat = lat0 + north / 111_000.0
    lon = lon0 + east / (111_000.0 * np.cos(np.radians(lat0)))
    ele = 300.0 + 80.0 * np.sin(way / 4000.0) + rng.normal(size=len(t))
    if rng.random() < 0.3:
        ele[rng.random(len(t)) < 0.2] = np.nan
    t = t + np.where(part >= parts // 2, float(rng.choice([0.0, 0.0, 3600.0, 40_000.0])), 0.0)
    track = make_track(NOON + np.round(t, 3), lat, (lon + 180.0) % 360.0 - 180.0, ele)
    noise_m = float(rng.choice([0.0, 4.0])) if noise_m is None else noise_m
    if noise_m:
        track = wandering(track, seed, noise_m)
    time, lat, lon = track.time, track.lat.copy(), track.lon.copy()
    if spikes:
        for k in rng.integers(0, len(lat), size=int(rng.integers(0, 4))):
            lat[k : k + int(rng.integers(1, 6))] += rng.choice([0.001, 0.02, 0.3])
    keep = np.ones(len(time), dtype=bool)
    if holes:
        for _ in range(int(rng.integers(0, 3))):
            begin = rng.uniform(time[0], time[-1])
            keep &= (time < begin) | (time > begin + rng.choice([60.0, 200.0, 1500.0]))
    keep[[0, -1]] = True
    lat = np.clip(lat, -90.0, 90.0)
    return make_track(time[keep], lat[keep], (lon[keep] + 180.0) % 360.0 - 180.0, track.ele[keep])


#: seeds: a drive is told by its number, so that a failure can be looked at
SEEDS = st.integers(0, 2**32 - 1)
