"""Cleaning and the time ledger once more, word by word and point by point: slow, plain, an oracle.

Nothing is taken from the program but the numbers of its rules. Far geodesics are geographiclib's.
"""

from __future__ import annotations

import itertools
import math

from geographiclib.geodesic import Geodesic

Point = tuple[float, float, float]  # seconds, degrees north, degrees east


def metres(a: Point, b: Point) -> float:
    """By the radii of curvature at the middle latitude; above 10 km the geodesic."""
    big, e2 = 6378137.0, 0.0066943799901413165
    middle = math.radians((a[1] + b[1]) / 2)
    meridian = big * (1 - e2) / (1 - e2 * math.sin(middle) ** 2) ** 1.5
    normal = big / math.sqrt(1 - e2 * math.sin(middle) ** 2)
    across = (b[2] - a[2] + 540.0) % 360.0 - 180.0
    north, east = math.radians(b[1] - a[1]) * meridian, math.radians(across) * normal
    near = math.hypot(north, east * math.cos(middle))
    return Geodesic.WGS84.Inverse(a[1], a[2], b[1], b[2])["s12"] if near > 10_000 else near


def on_line(a: Point, b: Point, t: float) -> Point:
    f = (t - a[0]) / (b[0] - a[0])
    across = (b[2] - a[2] + 540.0) % 360.0 - 180.0
    return t, a[1] + f * (b[1] - a[1]), a[2] + f * across


def at(points: list[Point], t: float) -> Point:
    for a, b in itertools.pairwise(points):
        if a[0] <= t <= b[0]:
            return on_line(a, b, t)
    raise ValueError(t)


def fast(a: Point, b: Point) -> bool:
    return metres(a, b) > 70.0 * (b[0] - a[0])


def cleaned(points: list[Point]) -> list[Point]:
    """points: of one recorder, each instant once."""
    left = sorted(points)
    for side in (1, -1):  # ends
        line = left[::side]
        k = 0
        while k < len(line) - 1 and fast(*sorted(line[k : k + 2])):
            k += 1
        if k < len(line) - 1 and k <= 3 and len(left) > 2:
            left = line[k:][::side]
    while True:  # excursions
        leaps = [i for i in range(len(left) - 1) if fast(left[i], left[i + 1])]
        runs = [
            (j - i, i)
            for i, j in itertools.pairwise(leaps)
            if j - i <= 10 and left[j][0] - left[i + 1][0] <= 60 and not fast(left[i], left[j + 1])
        ]
        if not runs:
            break
        count, first = min(runs)
        del left[first + 1 : first + 1 + count]
    while True:  # residuals
        worst, which = 1.0, -1
        for i in range(1, len(left) - 1):
            a, p, b = left[i - 1 : i + 2]
            limit = 30.0 + 4.0 * (p[0] - a[0]) * (b[0] - p[0])
            ratio = metres(p, on_line(a, b, p[0])) / limit
            if ratio > worst and not fast(a, b):
                worst, which = ratio, i
        if which < 0:
            return left
        del left[which]


def account(points: list[Point]) -> dict[str, float]:
    """moving, halted, unknown, elapsed, distance, unrecorded, top: of cleaned points."""
    halted: list[tuple[float, float]] = []
    unknown = unrecorded = 0.0
    stretch = [points[0]]
    stretches, holes = [stretch], []
    for a, b in itertools.pairwise(points):
        dt, d = b[0] - a[0], metres(a, b)
        if fast(a, b) or (dt > 120.0 and not (d <= 200.0 and dt <= 86_400.0)):
            unknown += dt
            lost = 0.0 if fast(a, b) else d
            unrecorded += lost
            holes.append(lost)
            stretch = [b]
            stretches.append(stretch)
            continue
        if dt > 120.0:
            halted.append((a[0], b[0]))
        stretch.append(b)
    for known in stretches:
        start = 0
        while known[0][0] + start + 30.0 <= known[-1][0]:
            t = known[0][0] + start
            if metres(at(known, t), at(known, t + 30.0)) < 30.0:
                halted.append((t, t + 30.0))
            start += 1
    halts: list[list[float]] = []
    for begin, end in sorted(halted):
        if halts and begin <= halts[-1][1]:
            halts[-1][1] = max(end, halts[-1][1])
        else:
            halts.append([begin, end])
    still = sum(end - begin for begin, end in halts)
    way = sum(holes) + sum(_driven(known, halts) for known in stretches)
    elapsed = points[-1][0] - points[0][0]
    return {
        "moving": elapsed - still - unknown,
        "halted": still,
        "unknown": unknown,
        "elapsed": elapsed,
        "distance": way,
        "unrecorded": unrecorded,
        "halts": len(halts),
        "top": max((_top(known) for known in stretches), default=0.0),
    }


def _driven(known: list[Point], halts: list[list[float]]) -> float:
    """Points at least 10 m apart, with the ends of the stretch and of each halt; straight in halts."""
    fixed = {known[0][0], known[-1][0]}
    line = [p for p in known if not any(b <= p[0] <= e for b, e in halts)]
    for begin, end in halts:
        for t in (begin, end):
            if known[0][0] <= t <= known[-1][0]:
                line.append(at(known, t) if len(known) > 1 else known[0])
                fixed.add(t)
    line.sort()
    way, base = 0.0, line[0]
    for p in line[1:]:
        if p[0] in fixed or metres(base, p) >= 10.0:
            way, base = way + metres(base, p), p
    return way


def _top(known: list[Point]) -> float:
    """Over 10 s from any point, longer where three points need it; not while the recorder slept."""
    best, begin = 0.0, 0
    pieces = []
    for i in range(1, len(known)):
        if known[i][0] - known[i - 1][0] > 120.0:
            pieces.append(known[begin:i])
            begin = i
    for piece in [*pieces, known[begin:]]:
        for i in range(len(piece) - 2):
            end = max(piece[i][0] + 10.0, piece[i + 2][0])
            if end <= piece[-1][0]:
                speed = metres(piece[i], at(piece, end)) / (end - piece[i][0])
                if speed > best and _can_gain(piece, piece[i][0], speed):
                    best = speed
    return best


def _can_gain(piece: list[Point], t: float, speed: float) -> bool:
    """Not faster than in the ten seconds before by more than 2.5 m/s each second."""
    if t - 10.0 < piece[0][0]:
        return True
    return speed - metres(at(piece, t - 10.0), at(piece, t)) / 10.0 <= 25.0
