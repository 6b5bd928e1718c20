"""The convoy by brute force: plain Python straight from the definitions, no index, no columns.

Independent of `convoylog.trips.convoy`: it shares no code with it but the rules' numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from convoylog.model.convoy import ConvoyRules

A, E2 = 6378137.0, 0.0066943799901413165


def scale(lat: float) -> tuple[float, float]:
    """Metres of a degree of latitude and longitude."""
    s = math.sin(math.radians(lat))
    w2 = 1.0 - E2 * s * s
    per = math.pi / 180.0 * A
    return (
        per * (1.0 - E2) / w2**1.5,
        per / math.sqrt(w2) * math.cos(math.radians(lat)),
    )


@dataclass
class Hop:
    t0: float
    t1: float
    lat0: float
    lon0: float
    lat1: float
    lon1: float

    def __post_init__(self) -> None:
        up, across = scale((self.lat0 + self.lat1) / 2)
        self.n = (self.lat1 - self.lat0) * up
        self.e = math.remainder(self.lon1 - self.lon0, 360.0) * across
        self.m = math.hypot(self.n, self.e)
        dt = self.t1 - self.t0
        self.slow = self.m < 1.5 * dt or (dt > 120.0 and self.m <= 200.0)

    def at(self, t: float) -> tuple[float, float]:
        f = (t - self.t0) / (self.t1 - self.t0)
        return (
            self.lat0 + f * (self.lat1 - self.lat0),
            self.lon0 + f * math.remainder(self.lon1 - self.lon0, 360.0),
        )


@dataclass
class Plain:
    """A car: points, and for each hop whether it is known."""

    hops: list[Hop | None]

    def hop_at(self, t: float) -> Hop | None:
        for hop in self.hops:
            if hop is not None and hop.t0 <= t < hop.t1:
                return hop
        return None


def plain(time: list[float], lat: list[float], lon: list[float], segment: list[int]) -> Plain:
    hops: list[Hop | None] = []
    for i in range(len(time) - 1):
        if segment[i] != segment[i + 1]:
            hops.append(None)
        else:
            hops.append(Hop(time[i], time[i + 1], lat[i], lon[i], lat[i + 1], lon[i + 1]))
    return Plain(hops)


def lag(a: Plain, b: Plain, t: float, rules: ConvoyRules) -> float:
    """Since A's latest visit of B's place at t ended."""
    here = b.hop_at(t)
    assert here is not None
    lat, lon = here.at(t)
    up, across = scale(lat)
    visits: list[list[tuple[Hop, float, float]]] = []
    run: list[tuple[Hop, float, float]] = []
    for hop in [*a.hops, None]:
        inside = None
        if hop is not None and hop.t0 <= t + 1.0:
            x = math.remainder(hop.lon0 - lon, 360.0) * across
            y = (hop.lat0 - lat) * up
            dx = math.remainder(hop.lon1 - hop.lon0, 360.0) * across
            dy = (hop.lat1 - hop.lat0) * up
            f = 0.0
            if dx * dx + dy * dy > 0:
                f = min(1.0, max(0.0, -(x * dx + y * dy) / (dx * dx + dy * dy)))
            d = math.hypot(x + f * dx, y + f * dy)
            wide = rules.corridor_m + min((hop.m + here.m) / 8.0, 250.0)
            cos = 1.0
            if not hop.slow and not here.slow:
                cos = (hop.e * here.e + hop.n * here.n) / (hop.m * here.m)
            if d <= wide and cos >= math.cos(math.radians(rules.course_deg)) - 1e-12:
                inside = (hop, d, hop.t0 + f * (hop.t1 - hop.t0))
        if inside is not None:
            run.append(inside)
        elif run:
            visits.append(run)
            run = []
    for visit in reversed(visits):
        stood = [i for i, (hop, _, _) in enumerate(visit) if hop.slow]
        rest = visit[stood[-1] :] if stood else visit
        passes = min(rest, key=lambda row: row[1])[2]
        end = max(passes, visit[stood[-1]][0].t1) if stood else passes
        if not stood and passes > t + 1.0:
            continue
        found = max(0.0, t - end)
        return found if found <= rules.look_back_s else math.inf
    return math.inf


def away(a: Plain, b: Plain, t: float) -> float:
    """Metres between two cars at an instant."""
    first, second = a.hop_at(t), b.hop_at(t)
    assert first is not None
    assert second is not None
    (lat1, lon1), (lat2, lon2) = first.at(t), second.at(t)
    up, across = scale((lat1 + lat2) / 2)
    return math.hypot((lat1 - lat2) * up, math.remainder(lon1 - lon2, 360.0) * across)


def ticks_of(car: Plain) -> list[int]:
    """Numbers of the ticks at which a car is known."""
    begin = min(hop.t0 for hop in car.hops if hop is not None)
    end = max(hop.t1 for hop in car.hops if hop is not None)
    numbers = range(math.ceil(begin / 10.0), math.ceil(end / 10.0))
    return [n for n in numbers if car.hop_at(n * 10.0) is not None]


def episodes(a: Plain, b: Plain, rules: ConvoyRules) -> list[tuple[float, float]]:
    """From and to of every episode, one tick after the other."""
    both = sorted(set(ticks_of(a)) & set(ticks_of(b)))
    found: list[list[int]] = []  # first tick, last tick, known-apart ticks since
    for n in both:
        t = n * 10.0
        gap = min(lag(a, b, t, rules), lag(b, a, t, rules))
        if away(a, b, t) <= rules.near_m or gap <= rules.gap_s + 0.05:
            last = found[-1] if found else None
            if (
                last is not None
                and last[2] * 10.0 < rules.bridge_s
                and (n - last[1] - 1) * 10.0 < rules.hole_s
            ):
                last[1], last[2] = n, 0
            else:
                found.append([n, n, 0])
        elif found:
            found[-1][2] += 1
    return [
        (first * 10.0, (last + 1) * 10.0)
        for first, last, _ in found
        if (last + 1 - first) * 10.0 >= rules.shortest_s
    ]


def closest(a: Plain, b: Plain) -> float:
    """Smallest distance, by golden section between all instants at which either has a point."""
    times = sorted({t for car in (a, b) for hop in car.hops if hop for t in (hop.t0, hop.t1)})
    best = math.inf
    for low, high in pairwise(times):
        middle = (low + high) / 2
        if a.hop_at(middle) is None or b.hop_at(middle) is None:
            continue
        lo, hi = low + 1e-9, high - 1e-9
        for _ in range(60):  # squared distance is a parabola there
            x, y = lo + 0.382 * (hi - lo), lo + 0.618 * (hi - lo)
            if away(a, b, x) < away(a, b, y):
                hi = y
            else:
                lo = x
        best = min(best, away(a, b, lo), away(a, b, low + 1e-9), away(a, b, high - 1e-9))
    return best
