"""Who was in one group when, and in what order: components of cars chained by episodes.

A car within a hole of its recording still chains the others, if its episodes reach over the hole,
but belongs to no group then: no data is neither together nor alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from convoylog import geo
from convoylog.model.convoy import ConvoyRules, Event, EventKind, Group, Ordered
from convoylog.model.tracks import Floats, Ints
from convoylog.trips.convoy.together import Seen, Side, held_signs
from convoylog.trips.convoy.ways import Bools

#: sides of pairs by the two cars' numbers, the smaller first; far pairs may be missing
Sides = Mapping[tuple[int, int], Side]


@dataclass(frozen=True, slots=True)
class Span:
    """Cars in one component over ticks, the end excluded. cars: numbers, rising."""

    first: int
    stop: int
    cars: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of components at a tick. pairs: those whose episodes began or ended then."""

    tick: int
    kind: EventKind
    cars: tuple[int, ...]
    others: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]


def find_spans(
    cars: Sequence[Seen], sides: Sides, begin: int, end: int
) -> tuple[tuple[Span, ...], tuple[Change, ...]]:
    """Groups in a window of ticks and the changes between them, those at its edges left out.

    Python works per change, never per tick.
    """
    turns: dict[int, list[tuple[int, int, int]]] = {}
    for number, car in enumerate(cars):
        column = car.way.tick
        rows = slice(*np.searchsorted(column, [begin, end]).tolist())
        for first, stop in _runs(column[rows]):
            turns.setdefault(first, []).append((1, number, -1))
            turns.setdefault(stop, []).append((-1, number, -1))
    for (a, b), side in sides.items():
        for first, stop in side.episodes.tolist():
            turns.setdefault(first, []).append((1, a, b))
            turns.setdefault(stop, []).append((-1, a, b))
    known: set[int] = set()
    links: set[tuple[int, int]] = set()
    open_: dict[tuple[int, ...], int] = {}
    spans: list[Span] = []
    changes: list[Change] = []
    before = _parts(range(len(cars)), links)
    for tick in sorted(turns):
        was_known, turned = set(known), []
        for step, a, b in turns[tick]:
            if b < 0:
                (known.add if step > 0 else known.discard)(a)
            else:
                (links.add if step > 0 else links.discard)((a, b))
                turned.append((a, b))
        if turned:
            after = _parts(range(len(cars)), links)
            if begin < tick < end:
                changes += _changes(tick, before, after, was_known & known, tuple(turned))
            before = after
        now = {tuple(car for car in part if car in known) for part in before} - {()}
        for group in [g for g in open_ if g not in now]:
            spans.append(Span(open_.pop(group), tick, group))
        for group in now:
            open_.setdefault(group, tick)
    spans.sort(key=lambda span: (span.first, span.cars))
    return tuple(spans), tuple(changes)


def _runs(tick: Ints) -> list[tuple[int, int]]:
    """Runs of ticks that follow each other: first, and the one after the last."""
    if not len(tick):
        return []
    breaks = np.flatnonzero(np.diff(tick) != 1)
    first = tick[np.append(0, breaks + 1)]
    stop = tick[np.append(breaks, len(tick) - 1)] + 1
    return [(int(a), int(b)) for a, b in zip(first, stop, strict=True)]


def _parts(cars: Sequence[int], links: set[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Components of cars, each rising, in order of their first."""
    root = {car: car for car in cars}

    def find(car: int) -> int:
        while root[car] != car:
            root[car] = root[root[car]]
            car = root[car]
        return car

    for a, b in links:
        low, high = sorted((find(a), find(b)))
        root[high] = low
    parts: dict[int, list[int]] = {}
    for car in cars:
        parts.setdefault(find(car), []).append(car)
    return [tuple(part) for part in parts.values()]


def _changes(
    tick: int,
    before: list[tuple[int, ...]],
    after: list[tuple[int, ...]],
    seen: set[int],
    pairs: tuple[tuple[int, int], ...],
) -> list[Change]:
    """Between two partitions, among cars known on both sides. A car that moves over does both."""
    found: list[Change] = []
    old = {car: part for part in before for car in part}
    new = {car: part for part in after for car in part}
    kinds: tuple[tuple[EventKind, EventKind], ...] = (("leave", "split"), ("join", "merge"))
    for (single, several), whole, pieces_of in zip(kinds, (before, after), (new, old), strict=True):
        for part in whole:
            members = [car for car in part if car in seen]
            pieces: dict[tuple[int, ...], list[int]] = {}
            for car in members:
                pieces.setdefault(pieces_of[car], []).append(car)
            if len(pieces) < 2:
                continue
            mine = tuple(p for p in pairs if p[0] in part and p[1] in part)
            # what is a group is judged with its cars in holes: a tunnel makes nobody single
            groups = [cars for piece, cars in pieces.items() if len(piece) > 1]
            singles = tuple(sorted(c for p, cars in pieces.items() if len(p) == 1 for c in cars))
            if len(groups) > 1 or (not groups and single == "leave"):
                found.append(Change(tick, several, tuple(members), (), mine))
            else:
                rest = tuple(groups[0]) if groups else ()
                found.append(Change(tick, single, singles, rest, mine))
    return found


def tell_groups(
    cars: Sequence[Seen],
    ids: Sequence[str],
    sides: Sides,
    spans: Sequence[Span],
    rules: ConvoyRules,
) -> tuple[Group, ...]:
    """Every span with its order, length and who led."""
    signs = {pair: _order_signs(cars, pair, side, rules) for pair, side in sides.items()}
    return tuple(_group(cars, ids, sides, signs, span, rules) for span in spans)


def _order_signs(
    cars: Sequence[Seen], pair: tuple[int, int], side: Side, rules: ConvoyRules
) -> Floats:
    """1 where the first is ahead, held while gaps are small, unknown, or one is parked."""
    a, b = cars[pair[0]], cars[pair[1]]
    speaks = np.abs(side.gap) >= rules.order_s  # NaN speaks not
    speaks &= a.moving[side.in_a] & b.moving[side.in_b]
    by_name = 1.0 if (a.name, pair[0]) < (b.name, pair[1]) else -1.0
    return held_signs(side.gap, speaks, by_name)


def _group(
    cars: Sequence[Seen],
    ids: Sequence[str],
    sides: Sides,
    signs: Mapping[tuple[int, int], Floats],
    span: Span,
    rules: ConvoyRules,
) -> Group:
    members = sorted(span.cars, key=lambda car: (cars[car].name, car))
    tick_s = float(rules.tick_s)
    bounds = (span.first * tick_s, span.stop * tick_s)
    named = tuple(ids[car] for car in span.cars)
    if len(members) == 1:
        return Group(*bounds, named, named, (Ordered(bounds[0], named),))
    n = span.stop - span.first
    ahead = np.zeros((len(members), n), dtype=np.int32)
    changed = np.zeros(n, dtype=np.bool_)
    changed[0] = True
    for i, a in enumerate(members):
        for j in range(i + 1, len(members)):
            sign = _during(a, members[j], sides, signs, span)
            if sign is None:  # never near each other: the chain between them tells
                continue
            ahead[i] += sign > 0
            ahead[j] += sign < 0
            changed[1:] |= sign[1:] != sign[:-1]
    moving = np.stack([_moving(cars[car], span) for car in members])
    starts = np.flatnonzero(changed)
    stops = np.append(starts[1:], n)
    order = list(range(len(members)))
    orders: list[Ordered] = []
    weight: dict[tuple[int, ...], list[int]] = {}
    lead = dict.fromkeys(span.cars, 0)
    for low, high in zip(starts.tolist(), stops.tolist(), strict=True):
        order.sort(key=lambda i: -int(ahead[i, low]))  # stable: ties keep the order before
        told = tuple(ids[members[i]] for i in order)
        if not orders or orders[-1].cars != told:
            orders.append(Ordered((span.first + low) * tick_s, told))
        share = weight.setdefault(tuple(order), [0, 0])
        share[0] += int(moving[:, low:high].all(axis=0).sum())
        share[1] += high - low
        lead[members[order[0]]] += int(moving[order[0], low:high].sum())
    best = max(weight, key=lambda key: (weight[key], [-i for i in key]))
    return Group(
        *bounds,
        named,
        tuple(ids[members[i]] for i in best),
        tuple(orders),
        _length(members, sides, span, moving),
        {ids[car]: count * tick_s for car, count in lead.items()},
    )


def _rows(side: Side, span: Span) -> slice:
    low, high = np.searchsorted(side.tick, [span.first, span.stop])
    return slice(int(low), int(high))


def _during(
    a: int,
    b: int,
    sides: Sides,
    signs: Mapping[tuple[int, int], Floats],
    span: Span,
) -> Floats | None:
    """Signs of a pair over a span, in which both are known at every tick."""
    pair = (a, b) if a < b else (b, a)
    side = sides.get(pair)
    if side is None:
        return None
    sign = signs[pair][_rows(side, span)]
    return sign if a < b else -sign


def _moving(car: Seen, span: Span) -> Bools:
    low = int(np.searchsorted(car.way.tick, span.first))
    return car.moving[low : low + span.stop - span.first]


def _length(members: Sequence[int], sides: Sides, span: Span, moving: Bools) -> float | None:
    """Median gap from the last car to the first while all move, else while any does; of cars that
    only stand, as while one recorder after the other is switched off at night, none.

    Where they are too far apart for a gap, as in a chain, the longest gap among the cars stands.
    """
    longest = np.full(span.stop - span.first, np.nan)
    for i, a in enumerate(members):
        for b in members[i + 1 :]:
            side = sides.get((min(a, b), max(a, b)))
            if side is not None:
                longest = np.fmax(longest, np.abs(side.gap[_rows(side, span)]))
    for rows in (moving.all(axis=0), moving.any(axis=0)):
        told = longest[rows & ~np.isnan(longest)]
        if len(told):
            return float(np.median(told))
    return None


def tell_events(
    cars: Sequence[Seen],
    ids: Sequence[str],
    sides: Sides,
    changes: Sequence[Change],
    rules: ConvoyRules,
) -> tuple[Event, ...]:
    """Every change with its instant and the place of the car that joined, or was left behind."""
    events = []
    for change in changes:
        at = change.tick * float(rules.tick_s)
        who = _who(cars, sides, change)
        y, x = cars[who].way.position_at(np.array([at]))
        events.append(
            Event(
                at,
                change.kind,
                tuple(ids[car] for car in change.cars),
                float(y[0]),
                float(geo.wrapped(x)[0]),
                tuple(ids[car] for car in change.others),
            )
        )
    return tuple(events)


def _who(cars: Sequence[Seen], sides: Sides, change: Change) -> int:
    """The car whose place an event has: the one that joins or leaves; of two, the one behind."""
    if len(change.cars) == 1:
        return change.cars[0]
    for a, b in change.pairs:
        side = sides[a, b]
        # just before it ended, or as it begins
        row = int(np.searchsorted(side.tick, change.tick, side="left"))
        row = min(row, len(side.tick) - 1) if change.kind in ("join", "merge") else max(row - 1, 0)
        moving = (
            bool(cars[a].moving[side.in_a[row]]),
            bool(cars[b].moving[side.in_b[row]]),
        )
        if moving[0] != moving[1]:
            return a if moving[0] == (change.kind in ("join", "merge")) else b
        if side.gap[row] == side.gap[row]:
            return b if side.gap[row] > 0 else a
    return change.cars[0]
