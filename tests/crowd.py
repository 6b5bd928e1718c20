"""Many cars for many days: groups that set out in four cities, meet, part and meet again.

No car drives another's line: roads between two places are the same for all, but everybody has a pace, a place in the
convoy and an error of his receiver. What a number says, it says each time.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from zlib import crc32

import numpy as np

from convoylog.demo.curves import Line, smooth
from convoylog.model.tracks import Floats, Track, make_track

#: latitude, longitude, height in metres
PLACES = {
    "Seattle": (47.606, -122.332, 50), "Yakima": (46.602, -120.506, 325),
    "Pendleton": (45.672, -118.789, 365), "Boise": (43.615, -116.202, 825),
    "Twin Falls": (42.556, -114.470, 1140), "Salt Lake City": (40.761, -111.891, 1290),
    "Price": (39.600, -110.811, 1700), "Moab": (38.573, -109.550, 1227),
    "San Francisco": (37.775, -122.419, 20), "Sacramento": (38.582, -121.494, 10),
    "Reno": (39.530, -119.814, 1370), "Eureka NV": (39.511, -115.961, 1980),
    "Ely": (39.247, -114.889, 1960), "Salina": (38.957, -111.859, 1570),
    "Green River": (38.995, -110.160, 1245), "Denver": (39.739, -104.990, 1600),
    "Vail": (39.640, -106.374, 2480), "Glenwood Springs": (39.550, -107.325, 1760),
    "Grand Junction": (39.064, -108.551, 1400), "Phoenix": (33.448, -112.074, 330),
    "Flagstaff": (35.198, -111.651, 2106), "Page": (36.915, -111.456, 1310),
    "Kayenta": (36.728, -110.255, 1720), "Monticello": (37.871, -109.343, 2155),
    "Canyonlands": (38.388, -109.868, 1830), "Arches": (38.735, -109.520, 1580),
    "Torrey": (38.299, -111.419, 2085), "Panguitch": (37.823, -112.436, 2020),
    "Kanab": (37.048, -112.527, 1500), "Springdale": (37.189, -112.999, 1190),
    "St. George": (37.095, -113.568, 850), "Las Vegas": (36.170, -115.140, 610),
    "Beatty": (36.909, -116.759, 1010), "Lone Pine": (36.606, -118.063, 1140),
    "Barstow": (34.899, -117.023, 640), "Los Angeles": (34.052, -118.244, 90),
    "San Luis Obispo": (35.283, -120.660, 70), "Bishop": (37.364, -118.395, 1260),
    "Lee Vining": (37.957, -119.122, 2070), "Monterey": (36.600, -121.894, 10),
    "Point Reyes": (38.069, -122.807, 15), "Ukiah": (39.150, -123.208, 190),
    "Eureka": (40.802, -124.164, 13), "Grants Pass": (42.439, -123.328, 290),
    "Eugene": (44.052, -123.087, 130), "Portland": (45.515, -122.678, 15),
}  # fmt: skip
#: who sets out where, and how the groups reach the town where all meet on the third day
_COMING = (
    ("Seattle, Yakima, Pendleton", "Pendleton, Boise, Twin Falls", "Twin Falls, Salt Lake City, Price, Moab"),
    ("San Francisco, Sacramento, Reno", "Reno, Eureka NV, Ely", "Ely, Salina, Green River, Moab"),
    ("", "Denver, Vail, Glenwood Springs", "Glenwood Springs, Grand Junction, Moab"),
    ("Phoenix, Flagstaff", "Flagstaff, Page, Kayenta", "Kayenta, Monticello, Moab"),
)  # fmt: skip
#: from there on two teams, half of every group each
_GOING = (
    ("Moab, Canyonlands, Moab", "Moab, Arches, Moab"),
    ("Moab, Green River, Torrey, Panguitch", "Moab, Monticello, Kayenta, Page"),
    ("Panguitch, Springdale", "Page, Kanab, Springdale"),
    ("Springdale, St. George, Las Vegas", "Springdale, St. George, Las Vegas"),
    ("Las Vegas, Beatty, Lone Pine", "Las Vegas, Barstow, Los Angeles"),
    ("Lone Pine, Bishop, Lee Vining", "Los Angeles, San Luis Obispo"),
    ("Lee Vining, Reno", "San Luis Obispo, Monterey, San Francisco"),
    ("Reno, Sacramento, San Francisco", "San Francisco, Point Reyes, San Francisco"),
    ("San Francisco, Ukiah, Eureka", "San Francisco, Ukiah, Eureka"),
    ("Eureka, Grants Pass, Eugene", "Eureka, Grants Pass, Eugene"),
    ("Eugene, Portland, Seattle", "Eugene, Portland, Seattle"),
)
#: 8 in the morning, mountain time
BEGIN = datetime(2026, 6, 11, 14, tzinfo=UTC).timestamp()
#: metres a second where nothing slows a car
_CRUISE = 26.0
#: how far knots lie apart, and how far the first one may lie beside the straight line, as a share of it
_KNOT_M, _ASIDE = 4_000.0, 0.11


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """One car's day. number: from 1. at, along: knots of its time and its metres on the day's road. visits: place →
    (arrival, departure), UTC seconds."""

    number: int
    track: Track
    visits: Mapping[str, tuple[float, float]]


@cache
def road(a: str, b: str) -> Line:
    """The one road between two places, the same both ways."""
    if a > b:
        there = road(b, a)
        return Line(
            there.at[-1] - there.at[::-1], there.lat[::-1], there.lon[::-1], there.ele[::-1]
        )
    rng = np.random.default_rng(crc32(f"{a}-{b}".encode()))
    knots = np.array([PLACES[a], PLACES[b]], dtype=np.float64)
    wide = float(np.hypot(*(np.diff(knots[:, :2], axis=0)[0] * (111_000, 86_000))))
    aside, rough = _ASIDE * wide, 90.0
    while wide / (len(knots) - 1) > _KNOT_M:
        # between every two knots one more, a little beside them
        middle = (knots[1:] + knots[:-1]) / 2
        middle += rng.normal(0, 1, middle.shape) * (aside / 111_000, aside / 86_000, rough)
        mixed = np.empty((2 * len(knots) - 1, 3))
        mixed[0::2], mixed[1::2] = knots, middle
        knots, aside, rough = mixed, aside * 0.42, rough * 0.7
    return smooth([tuple(row) for row in knots.tolist()])[0]


def itinerary(car: int, days: int) -> list[list[str]]:
    """The places of every day of a car, none on a day it stays at home."""
    coming, team = _COMING[car % 4], car // 4 % 2
    rows = [*coming, *(pair[team] for pair in _GOING)]
    return [[place for place in row.split(", ") if place] for row in rows[:days]]


def drives(car: int, days: int, every: float) -> Iterator[Day]:
    """What a car recorded, day by day. every: seconds between points."""
    rng = np.random.default_rng([car, 7])
    pace, behind = rng.normal(1.0, 0.004), 18.0 * (car // 4) + rng.uniform(0, 9)
    for number, places in enumerate(itinerary(car, days), 1):
        if places:
            yield _driven(number, places, pace, behind, every, rng)


def _driven(
    number: int,
    places: list[str],
    pace: float,
    behind: float,
    every: float,
    rng: np.random.Generator,
) -> Day:
    # everybody on this road has the same stops
    shared = np.random.default_rng(crc32(f"{number}{places}".encode()))
    clock = BEGIN + 86_400.0 * (number - 1) + shared.uniform(-2400, 2400) + behind
    rows: list[Floats] = []
    visits = {}
    arrived = clock - 420.0
    for a, b in itertools.pairwise(places):
        line = road(a, b)
        visits.setdefault(a, (arrived, clock))
        mood = 1 + 0.08 * np.sin(line.at / 9_000.0 + 1.7 * len(a))
        ends = np.minimum(line.at, line.at[-1] - line.at)
        speed = _CRUISE * pace * mood * np.clip(0.25 + ends / 4_000.0, 0.25, 1.0)
        took = np.concatenate([[0.0], np.cumsum(np.diff(line.at) / speed[1:])])
        # coffee every two hours, somewhere on the way
        for pause in np.arange(7_000.0, took[-1] - 2_500.0, 7_000.0):
            took = np.where(took > pause, took + 60 * round(float(shared.uniform(9, 24))), took)
        rows.append(np.stack([clock + took, line.lat, line.lon, line.ele]))
        arrived = clock + float(took[-1])
        clock = arrived + 60 * round(float(shared.uniform(18, 55))) + rng.uniform(-40, 40)
        visits[b] = (arrived, clock)
    at, lat, lon, ele = np.concatenate(rows, axis=1)
    samples = np.round(np.arange(at[0] - 420, at[-1] + 900, every) + rng.uniform(0, every))
    drift = [
        np.convolve(rng.normal(0, 1, len(samples) + 8), np.ones(9) / 9, "valid") for _ in range(3)
    ]
    lat, lon, ele = (np.interp(samples, at, column) for column in (lat, lon, ele))
    track = make_track(
        samples,
        np.round(lat + drift[0] * 9 / 111_000, 6),
        np.round(lon + drift[1] * 9 / 86_000, 6),
        np.round(ele + drift[2] * 6, 1),
    )  # fmt: skip
    return Day(number, track, visits)
