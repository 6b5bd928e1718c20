"""Who was together in a fleet: too many cars to compare two by two, or to hold at once.

The same definition as for a few cars, cut down to the question "together or not": a car is compared
only with those that passed the same cell within the longest gap, or stood in its neighbourhood at the
same time, and time is taken in slices. Of a slice nothing stays but runs of ticks. Order, lead and
the exact closest approach are left to those who ask about a few cars.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from convoylog.model.convoy import Convoy, ConvoyRules, Episode, Group, Pair
from convoylog.model.tracks import Ints, Track
from convoylog.trips.convoy.asked import ask
from convoylog.trips.convoy.cells import make_net
from convoylog.trips.convoy.passing import NEXT_S
from convoylog.trips.convoy.places import find_places
from convoylog.trips.convoy.together import CLOCK_S, Seen, away_m, common, is_moving
from convoylog.trips.convoy.visits import lags
from convoylog.trips.convoy.ways import Way, make_way

#: points of all cars in a slice: with all that is worked out of them some 150 bytes each
SLICE_POINTS = 4_000_000
#: a slice is no shorter, or the look back costs more than the slice; nor longer than a day
_SHORTEST_S, _LONGEST_S = 1800.0, 86_400.0
#: pairs of rows looked at in one go: 64 MB
_ROWS = 4_000_000
#: bits for a number of a car
_CAR_BITS = 20


@dataclass(frozen=True, slots=True)
class Member:
    """A car of a fleet. part: its cleaned track between two instants, with the points around them.

    from_at, to_at: its first and last instant. points: of all of it. part(begin, end) may read from
    a disk; what it gave is let go after each slice.
    """

    id: str
    from_at: float
    to_at: float
    points: int
    part: Callable[[float, float], Track]


@dataclass(slots=True)
class _Kept:
    """What stays of the slices done. known: per car, runs of ticks; raw: per pair, runs together."""

    known: list[list[Ints]]
    raw: dict[tuple[int, int], list[Ints]] = field(default_factory=dict)


def find_company(
    cars: Sequence[Member],
    rules: ConvoyRules | None = None,
    *,
    slice_s: float | None = None,
    tick: Callable[[float], None] = lambda _: None,
) -> Convoy:
    """Pairs that were ever together, and groups of two and more, of any number of cars.

    slice_s: seconds of a slice; None: so many that a slice holds SLICE_POINTS.
    tick: told the share done, 0 … 1, after each slice. Memory grows with what one slice holds and
    with the company found, not with the recordings.
    """
    rules = rules or ConvoyRules()
    # who passed longer ago than the longest gap is not together, so nothing older is asked for
    rules_here = replace(rules, look_back_s=rules.gap_s + 2.0 * rules.tick_s)
    kept = _Kept([[] for _ in cars])
    slices = list(_slices(cars, rules, slice_s or _slice_s(cars)))
    for number, (first, stop) in enumerate(slices, 1):
        _take(cars, first, stop, rules_here, kept)
        tick(number / len(slices))
    known = [_joined(runs) for runs in kept.known]
    pairs = []
    episodes: dict[tuple[int, int], Ints] = {}
    for (a, b), runs in sorted(kept.raw.items()):
        found = _episodes(_joined(runs), known[a], known[b], rules)
        if len(found):
            episodes[a, b] = found
            pairs.append(_pair(cars[a].id, cars[b].id, found, known[a], known[b], rules))
    groups = tuple(
        Group(first * float(rules.tick_s), stop * float(rules.tick_s),
              members := tuple(cars[car].id for car in group), members)
        for first, stop, group in _groups(episodes)
    )  # fmt: skip
    return Convoy(pairs=tuple(pairs), groups=groups, rules=rules)


def _slice_s(cars: Sequence[Member]) -> float:
    """Seconds in which all cars together record SLICE_POINTS, were they all on the road at once."""
    rate = sum(car.points / max(car.to_at - car.from_at, 1.0) for car in cars)
    return min(max(SLICE_POINTS / max(rate, 1e-6), _SHORTEST_S), _LONGEST_S)


def _slices(
    cars: Sequence[Member], rules: ConvoyRules, slice_s: float
) -> Iterator[tuple[int, int]]:
    """(first tick, the one after the last) of every slice in which at least two cars are known."""
    if not cars:
        return
    step = max(1, round(slice_s / rules.tick_s))
    begin = int(min(car.from_at for car in cars) // rules.tick_s)
    end = int(max(car.to_at for car in cars) // rules.tick_s) + 1
    first = begin
    while first < end:
        stop = min(first + step, end)
        low, high = first * rules.tick_s, stop * rules.tick_s
        here = [car for car in cars if car.from_at < high and car.to_at >= low]
        if len(here) > 1:
            yield first, stop
            first = stop
        else:
            # nobody, or one alone: on to where the next begins, or a slice further
            later = [car.from_at for car in cars if car.from_at >= high]
            jump = int(min(later) // rules.tick_s) if later and not here else stop
            first = max(stop, jump)


def _take(cars: Sequence[Member], first: int, stop: int, rules: ConvoyRules, kept: _Kept) -> None:
    """One slice: who is known in it, and who is together."""
    seen: dict[int, Seen] = {}
    cut = set()
    for number, car in enumerate(cars):
        found, is_cut = _see(car, first, stop, rules.look_back_s, rules)
        if found:
            kept.known[number].append(_runs(found.way.tick))
            seen[number] = found
            if is_cut:
                cut.add(number)
    for a, b in _candidates(seen, rules):
        ticks, sure = _together(seen[a], seen[b], a in cut, b in cut, rules)
        back_s = rules.look_back_s
        while not sure:
            # somebody crept along one place for all of the look back
            back_s *= 2.0
            one, one_cut = _see(cars[a], first, stop, back_s, rules)
            other, other_cut = _see(cars[b], first, stop, back_s, rules)
            ticks, sure = _together(one or seen[a], other or seen[b], one_cut, other_cut, rules)
        if len(ticks):
            kept.raw.setdefault((a, b), []).append(_runs(ticks))


def _see(
    car: Member, first: int, stop: int, back_s: float, rules: ConvoyRules
) -> tuple[Seen | None, bool]:
    """A car in a slice and so many seconds before, and whether its recording goes on before that."""
    begin, end = first * float(rules.tick_s), stop * float(rules.tick_s)
    if car.from_at >= end or car.to_at < begin:
        return None, False
    track = car.part(begin - back_s, end + NEXT_S)
    if len(track) < 2 or not (track.segment[1:] == track.segment[:-1]).any():
        return None, False
    way = _only(make_way(track, rules), first, stop)
    if not len(way.tick):
        return None, False
    seen = Seen(car.id, way, find_places(way, rules), ask(way, rules), is_moving(way, rules))
    return seen, float(track.time[0]) > car.from_at


def _together(a: Seen, b: Seen, a_cut: bool, b_cut: bool, rules: ConvoyRules) -> tuple[Ints, bool]:
    """Ticks at which two cars are together by nearness or gap, and whether that is sure: where a way
    was cut within a visit it is not. Each question only where the one before was answered with no:
    nearness costs least."""
    in_a, in_b = common(a.way.tick, b.way.tick)
    here, there = a.asked.only(in_a), b.asked.only(in_b)
    raw = away_m(here, there) <= rules.near_m
    doubt = np.zeros(len(raw), dtype=np.bool_)
    for car, cut, questions in ((a, a_cut, there), (b, b_cut, here)):
        rest = np.flatnonzero(~raw)
        if len(rest):
            lag = lags(car.way, car.places, questions.only(rest), rules, cut=cut)
            raw[rest] = lag <= rules.gap_s + CLOCK_S
            doubt[rest] |= np.isnan(lag)
    return a.way.tick[in_a][raw], not (doubt & ~raw).any()


def _only(way: Way, first: int, stop: int) -> Way:
    """The way asked only at ticks of the slice."""
    rows = slice(*np.searchsorted(way.tick, [first, stop]).tolist())
    return replace(way, tick=way.tick[rows], hop=way.hop[rows], y=way.y[rows], x=way.x[rows])


def _candidates(seen: Mapping[int, Seen], rules: ConvoyRules) -> list[tuple[int, int]]:
    """Pairs that may be together: the one came to a cell of the other's within the longest gap, or
    both were in one neighbourhood at once. None that is together is missing."""
    if len(seen) < 2:
        return []
    # a bucket holds the longest gap
    bucket_s = rules.look_back_s + NEXT_S + rules.tick_s
    passed, asked, near = [], [], []
    net = make_net(2.0 * (rules.near_m / 2.0 + 1.0))
    for number, car in seen.items():
        cells, begins, ends = car.places.filed(car.way.time)
        # what passed is in the asker's bucket or beside it
        first = np.floor(begins / bucket_s).astype(np.int64) - 1
        counts = np.floor(ends / bucket_s).astype(np.int64) + 2 - first
        further = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        passed.append(_keys(np.repeat(cells, counts), np.repeat(first, counts) + further, number))
        when = np.floor(car.asked.t / bucket_s).astype(np.int64)
        for column in car.asked.cells:
            rows = column >= 0
            asked.append(_keys(column[rows], when[rows], number))
        which, cells = net.touched(car.way.y, car.way.x, np.full(len(car.way.y), rules.near_m / 2))
        near.append(_keys(cells, car.way.tick[which] // 6, number))
    codes = {*_meeting(passed, asked), *_meeting(near, near)}
    return sorted((code >> _CAR_BITS, code & ((1 << _CAR_BITS) - 1)) for code in codes)


def _keys(cells: Ints, buckets: Ints, car: int) -> Ints:
    """Rows (key of cell and bucket, car), each once."""
    mixed = cells * np.int64(1_000_003) + buckets  # two cells in one key only make a pair too many
    keys = np.unique(mixed)
    return np.stack([keys, np.full(len(keys), car)], axis=1)


def _meeting(left: list[Ints], right: list[Ints]) -> set[int]:
    """Codes of pairs of cars that have a key in common, the lower car first."""
    a = np.concatenate(left)
    b = np.concatenate(right)
    a = a[np.argsort(a[:, 0], kind="stable")]
    low = np.searchsorted(a[:, 0], b[:, 0], side="left")
    counts = np.searchsorted(a[:, 0], b[:, 0], side="right") - low
    found: set[int] = set()
    edges = np.searchsorted(np.cumsum(counts), np.arange(0, int(counts.sum()) + _ROWS, _ROWS))
    for begin, end in zip(
        edges[:-1].tolist(), np.append(edges[1:-1], len(b)).tolist(), strict=True
    ):
        n = counts[begin:end]
        rows = np.repeat(low[begin:end] - np.cumsum(n) + n, n) + np.arange(int(n.sum()))
        one, other = a[rows, 1], np.repeat(b[begin:end, 1], n)
        both = one != other
        first, second = np.minimum(one, other)[both], np.maximum(one, other)[both]
        found.update(np.unique((first << _CAR_BITS) | second).tolist())
    return found


def _runs(ticks: Ints) -> Ints:
    """(k, 2) runs of ticks that follow each other, the end excluded."""
    breaks = np.flatnonzero(np.diff(ticks) != 1)
    first = ticks[np.append(0, breaks + 1)]
    return np.stack([first, ticks[np.append(breaks, len(ticks) - 1)] + 1], axis=1)


def _joined(runs: list[Ints]) -> Ints:
    """Runs of several slices in order, joined where one goes on in the next."""
    if not runs:
        return np.zeros((0, 2), dtype=np.int64)
    whole = np.concatenate(runs)
    apart = np.flatnonzero(whole[1:, 0] != whole[:-1, 1])
    first = whole[np.append(0, apart + 1), 0]
    return np.stack([first, whole[np.append(apart, len(whole) - 1), 1]], axis=1)


def _count(known: Ints, begin: Ints, end: Ints) -> Ints:
    """Ticks of runs within [begin, end), for columns of begins and ends."""
    done = np.append(0, np.cumsum(known[:, 1] - known[:, 0]))

    def before(at: Ints) -> Ints:
        k = np.searchsorted(known[:, 0], at, side="right") - 1
        inside = np.minimum(at, known[np.maximum(k, 0), 1]) - known[np.maximum(k, 0), 0]
        return np.asarray(np.where(k >= 0, done[np.maximum(k, 0)] + inside, 0), dtype=np.int64)

    return before(end) - before(begin)


def _both(a: Ints, b: Ints) -> Ints:
    """Runs of ticks known for both."""
    which = np.searchsorted(b[:, 1], a[:, 0], side="right")
    last = np.searchsorted(b[:, 0], a[:, 1], side="left")
    counts = np.maximum(last - which, 0)
    rows = np.repeat(np.arange(len(a)), counts)
    other = np.repeat(which - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
    return np.stack(
        [np.maximum(a[rows, 0], b[other, 0]), np.minimum(a[rows, 1], b[other, 1])], axis=1
    )


def _episodes(raw: Ints, a: Ints, b: Ints, rules: ConvoyRules) -> Ints:
    """As `together.find_episodes`, from runs instead of ticks."""
    between = raw[1:, 0] - raw[:-1, 1]
    apart = _count(_both(a, b), raw[:-1, 1], raw[1:, 0])
    joined = (apart * rules.tick_s < rules.bridge_s) & (between * rules.tick_s < rules.hole_s)
    breaks = np.flatnonzero(~joined)
    first = raw[np.append(0, breaks + 1), 0]
    stop = raw[np.append(breaks, len(raw) - 1), 1]
    long = (stop - first) * rules.tick_s >= rules.shortest_s
    return np.stack([first[long], stop[long]], axis=1)


def _pair(a: str, b: str, episodes: Ints, in_a: Ints, in_b: Ints, rules: ConvoyRules) -> Pair:
    both = _both(in_a, in_b)
    known = int((both[:, 1] - both[:, 0]).sum())
    together = int(_count(both, episodes[:, 0], episodes[:, 1]).sum())
    tick_s = float(rules.tick_s)
    return Pair(
        a,
        b,
        both_known_s=known * tick_s,
        together_s=together * tick_s,
        share=together / known if known else None,
        episodes=tuple(Episode(f * tick_s, s * tick_s) for f, s in episodes.tolist()),
    )


def _groups(episodes: Mapping[tuple[int, int], Ints]) -> list[tuple[int, int, tuple[int, ...]]]:
    """(first tick, the one after the last, cars) of companies of two and more, by time.

    At each change only the companies it touches are looked at.
    """
    turns: dict[int, list[tuple[bool, int, int]]] = {}
    for (a, b), runs in episodes.items():
        for first, stop in runs.tolist():
            turns.setdefault(first, []).append((True, a, b))
            turns.setdefault(stop, []).append((False, a, b))
    beside: dict[int, set[int]] = {}
    member: dict[int, tuple[int, ...]] = {}
    since: dict[tuple[int, ...], int] = {}
    found = []
    for at in sorted(turns):
        touched: set[int] = set()
        for begins, a, b in turns[at]:
            for one, other in ((a, b), (b, a)):
                links = beside.setdefault(one, set())
                (links.add if begins else links.discard)(other)
                touched.update(member.get(one, ()), (one,))
        before = {member[car] for car in touched if car in member}
        after = set()
        left = set(touched)
        while left:
            part = _reached(left.pop(), beside)
            left -= part
            if len(part) > 1:
                after.add(tuple(sorted(part)))
        for group in before - after:
            found.append((since.pop(group), at, group))
        for car in touched:
            member.pop(car, None)
        for group in after:
            since.setdefault(group, at)
            member.update(dict.fromkeys(group, group))
    return sorted(found)


def _reached(start: int, beside: Mapping[int, set[int]]) -> set[int]:
    seen, todo = {start}, [start]
    while todo:
        for other in beside.get(todo.pop(), ()):
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return seen
