"""Two cars at every tick known for both: how far apart, how long apart, and together or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from convoylog.model.convoy import ConvoyRules, GapSpread
from convoylog.model.tracks import Floats, Ints
from convoylog.trips.convoy.asked import Asked, joined
from convoylog.trips.convoy.places import Places
from convoylog.trips.convoy.visits import lags
from convoylog.trips.convoy.ways import Bools, Indices, Way, scale, turn

#: ticks looked at in one go: some hundred columns of so many numbers
BLOCK = 100_000
#: no two clocks of a convoy agree better; decides only at the very limit of the gap
CLOCK_S = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One car ready to be compared. name: for the first order. moving: at each of its ticks."""

    name: str
    way: Way
    places: Places
    asked: Asked
    moving: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """Two cars side by side, m ticks known for both.

    tick: numbers. in_a, in_b: rows of each car's own ticks. away_m: metres apart. gap: seconds the
    first is ahead, below 0 behind, NaN where neither came by. raw: together by gap or nearness.
    episodes: (k, 2) ticks, from the first to the one after the last. inside: ticks in an episode.
    """

    tick: Ints
    in_a: Indices
    in_b: Indices
    away_m: Floats
    gap: Floats
    raw: Bools
    episodes: Ints
    inside: Bools


def is_moving(way: Way, rules: ConvoyRules) -> Bools:
    """Whether a car gets on during each of its ticks: by where it is at the next one."""
    moving = ~way.slow[way.hop]
    if len(way.tick) > 1:
        next_ = np.flatnonzero(np.diff(way.tick) == 1)
        up, across = scale(way.y[next_])
        on = np.hypot(
            (way.y[next_ + 1] - way.y[next_]) * up, (way.x[next_ + 1] - way.x[next_]) * across
        )
        moving[next_] = on >= rules.slow_mps * rules.tick_s
    return moving


def common(a: Ints, b: Ints) -> tuple[Indices, Indices]:
    """Rows of two strictly rising columns with equal values."""
    if not len(a) or not len(b):
        none = np.zeros(0, dtype=np.intp)
        return none, none
    if a[-1] - a[0] + 1 == len(a) and b[-1] - b[0] + 1 == len(b):  # neither has a hole
        first, stop = max(a[0], b[0]), min(a[-1], b[-1]) + 1
        shared = np.arange(first, max(first, stop))
        return shared - a[0], shared - b[0]
    where = np.minimum(np.searchsorted(b, a), len(b) - 1)
    in_a = np.flatnonzero(b[where] == a)
    return in_a, where[in_a]


def away_m(here: Asked, there: Asked) -> Floats:
    """Metres between two cars, row by row."""
    return np.hypot(
        (here.y - there.y) * (here.up + there.up) / 2.0,
        turn(here.x - there.x) * (here.across + there.across) / 2.0,
    )


def side_by_side(a: Seen, b: Seen, rules: ConvoyRules) -> Side:
    """Everything about two cars that happens tick by tick."""
    return sides({0: a, 1: b}, rules)[0, 1]


def sides(seen: Mapping[int, Seen], rules: ConvoyRules) -> dict[tuple[int, int], Side]:
    """Every two of the cars side by side. Each is asked by all others at once, which takes a third less time."""
    rows = {
        (a, b): dict(zip((a, b), common(seen[a].way.tick, seen[b].way.tick), strict=True))
        for a, b in combinations(seen, 2)
    }
    # only the smaller lag is told: that of the one in front first, then whether the other's is less
    front = [
        (a, b) if _leads(seen[a], seen[b], *both.values()) else (b, a)
        for (a, b), both in rows.items()
    ]
    both_of = dict(zip(front, rows.values(), strict=True))
    lag = _lags(seen, {(one, other): both[other] for (one, other), both in both_of.items()}, rules)
    lag |= _lags(
        seen, {(other, one): both[one] for (one, other), both in both_of.items()}, rules, lag
    )
    found = {}
    for (a, b), both in rows.items():
        ahead, behind = lag.pop((a, b)), lag.pop((b, a))
        gap = np.where(ahead <= behind, ahead, -behind)
        gap[np.isinf(gap)] = np.nan
        tick = seen[a].way.tick[both[a]]
        away = away_m(seen[a].asked.only(both[a]), seen[b].asked.only(both[b]))
        raw = (away <= rules.near_m) | (np.abs(gap) <= rules.gap_s + CLOCK_S)
        episodes = find_episodes(tick, raw, rules)
        inside = covered(tick, episodes)
        found[a, b] = Side(tick, both[a], both[b], away, gap, raw, episodes, inside)
    return found


def _leads(a: Seen, b: Seen, in_a: Indices, in_b: Indices) -> bool:
    """Whether the first car is in front, as the second is headed, most of the time."""
    here, there = a.asked.only(in_a), b.asked.only(in_b)
    on = (
        turn(here.x - there.x) * there.across * there.east
        + (here.y - there.y) * there.up * there.north
    )
    return bool(np.count_nonzero(on >= 0.0) * 2 >= len(on))


#: the car asked, and the one that asks
Ask = tuple[int, int]


def _lags(
    seen: Mapping[int, Seen],
    asks: Mapping[Ask, Indices],
    rules: ConvoyRules,
    most: Mapping[Ask, Floats] | None = None,
) -> dict[Ask, Floats]:
    """The lags asked for, at some ticks of the car that asks. most: what the same two said the other way round;
    longer lags are of no interest."""
    found = {ask: np.full(len(rows), np.inf) for ask, rows in asks.items()}
    cells = {
        number: [np.unique(column, return_inverse=True) for column in car.asked.cells]
        for number, car in seen.items()
    }
    for number, car in seen.items():
        batches: list[list[tuple[Ask, Indices]]] = []
        size = BLOCK
        for ask, rows in asks.items():
            if ask[0] != number:
                continue
            # in most places of a crowd most of the others never were
            came = [np.isin(kinds, car.places.filed_in)[which] for kinds, which in cells[ask[1]]]
            near = np.flatnonzero(np.logical_or.reduce(came)[rows])
            for begin in range(0, len(near), BLOCK):
                if size >= BLOCK:
                    batches.append([])
                    size = 0
                part = near[begin : begin + BLOCK]
                batches[-1].append((ask, part))
                size += len(part)
        for batch in batches:
            asked = joined([seen[ask[1]].asked.only(asks[ask][part]) for ask, part in batch])
            limits = (
                np.concatenate([most[ask[::-1]][part] for ask, part in batch]) if most else None
            )
            lag = lags(car.way, car.places, asked, rules, limits)
            ends = np.cumsum([len(part) for _, part in batch])
            for (ask, part), told in zip(batch, np.split(lag, ends[:-1]), strict=True):
                found[ask][part] = told
    return found


def find_episodes(tick: Ints, raw: Bools, rules: ConvoyRules) -> Ints:
    """Runs of ticks together, joined over short partings and holes; the short ones dropped.

    tick: m rising numbers of ticks known for both. Returns (k, 2) numbers, the end excluded.
    """
    if not raw.any():
        return np.zeros((0, 2), dtype=np.int64)
    rows = np.flatnonzero(raw)
    between = np.diff(tick[rows]) - 1  # ticks from one row together to the next
    apart = np.diff(rows) - 1  # of them known, hence apart
    joined = (apart * rules.tick_s < rules.bridge_s) & (between * rules.tick_s < rules.hole_s)
    breaks = np.flatnonzero(~joined)
    first = tick[rows[np.append(0, breaks + 1)]]
    stop = tick[rows[np.append(breaks, len(rows) - 1)]] + 1
    long = (stop - first) * rules.tick_s >= rules.shortest_s
    return np.stack([first[long], stop[long]], axis=1)


def covered(tick: Ints, spans: Ints) -> Bools:
    """Which ticks lie in (k, 2) disjoint rising spans, ends excluded."""
    if not len(spans):
        return np.zeros(len(tick), dtype=np.bool_)
    which = np.searchsorted(spans[:, 0], tick, side="right") - 1
    return np.asarray((which >= 0) & (tick < spans[np.maximum(which, 0), 1]), dtype=np.bool_)


def within(side: Side, first: int, stop: int) -> Side:
    """What lies in a window of ticks, `stop` excluded; episodes end at its edges."""
    rows = slice(*np.searchsorted(side.tick, [first, stop]).tolist())
    episodes = np.clip(side.episodes, first, stop)
    return Side(
        side.tick[rows],
        side.in_a[rows],
        side.in_b[rows],
        side.away_m[rows],
        side.gap[rows],
        side.raw[rows],
        episodes[episodes[:, 1] > episodes[:, 0]],
        side.inside[rows],
    )


def spread(a: Seen, b: Seen, side: Side) -> GapSpread | None:
    """Gaps while together and on the move; of cars that only stood together, while they stood."""
    told = side.inside & ~np.isnan(side.gap)
    on = told & a.moving[side.in_a] & b.moving[side.in_b]
    gaps = np.abs(side.gap[on if on.any() else told])
    if not len(gaps):
        return None
    low, middle, high, most = np.quantile(gaps, [0.0, 0.5, 0.95, 1.0]).tolist()
    return GapSpread(low, middle, high, most)


def held_signs(values: Floats, speaks: Bools, begin: float) -> Floats:
    """1 or -1 at each row: the sign of the last value that spoke, `begin` before the first."""
    last = np.maximum.accumulate(np.where(speaks, np.arange(len(values)), -1))
    return np.where(last >= 0, np.sign(values[np.maximum(last, 0)]), begin)


def lead_seconds(a: Seen, b: Seen, side: Side, rules: ConvoyRules) -> tuple[float, float]:
    """Seconds each was in front: together, and the one in front moving."""
    known = ~np.isnan(side.gap) & (side.gap != 0.0)
    sign = held_signs(side.gap, known, 0.0)
    first = (sign > 0) & side.inside & a.moving[side.in_a]
    second = (sign < 0) & side.inside & b.moving[side.in_b]
    return float(first.sum() * rules.tick_s), float(second.sum() * rules.tick_s)
