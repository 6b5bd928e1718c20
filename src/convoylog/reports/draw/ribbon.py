"""The convoy ribbon: a line for each car over time, side by side while cars drive together.

Who is together comes from the account; the ribbon has no rule of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convoylog.model.tracks import Floats
from convoylog.reports.draw.axis import NIGHT_S, Axis

#: lanes between neighbours while together: of few cars, and of so many that lanes are thin
_CLOSE, _CLOSE_OF_MANY, _MANY = 0.24, 0.45, 20
#: lanes between two groups, and a group and a single, at the least
_APART = 0.8
#: axis seconds a change of lanes takes, and vertices it is drawn with
_CHANGE_S, _STEPS = 1800.0, 10
#: a car that stands longer than this is drawn hollow, seconds
PARKED_S = 540.0
#: share of the axis that a single fix takes, to be seen at all
_DOT = 0.003
#: width and height of the drawing; it is stretched to its place
WIDTH, HEIGHT = 1000.0, 100.0


@dataclass(frozen=True, slots=True)
class Together:
    """Cars (by number, from 0) that drove as one group. begin, end: UTC seconds."""

    begin: float
    end: float
    cars: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """One car's lines, (n, 2) in a drawing WIDTH by HEIGHT. hollow: where it is parked."""

    car: int
    lines: tuple[Floats, ...]
    hollow: tuple[Floats, ...]


def draw_ribbon(
    axis: Axis,
    known: Sequence[Sequence[tuple[float, float]]],
    parked: Sequence[Sequence[tuple[float, float]]],
    groups: Sequence[Together],
) -> tuple[Lane, ...]:
    """The lanes of all cars. known, parked: for each car, spans in UTC seconds."""
    count = len(known)
    times, levels = _levels(axis, count, groups)
    lanes = []
    for car in range(count):
        spans = _seen(axis, [cut for span in known[car] for cut in _cut(axis, *span)])
        hollow = [cut for span in parked[car] for cut in _cut(axis, *span)]
        lanes.append(
            Lane(
                car,
                tuple(_line(axis, a, b, times, levels[:, car], count) for a, b in spans),
                tuple(_line(axis, a, b, times, levels[:, car], count) for a, b in hollow),
            )
        )
    return tuple(lanes)


def _seen(axis: Axis, spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans in axis seconds, the shortest as long as a dot, and those that touch as one."""
    least = axis.length * _DOT / 2
    joined: list[tuple[float, float]] = []
    for a, b in sorted(spans):
        short = max(least - (b - a) / 2, 0.0)
        first, last = max(a - short, 0.0), min(b + short, axis.length)
        if short and joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _cut(axis: Axis, begin: float, end: float) -> list[tuple[float, float]]:
    """A span in axis seconds, in the pieces that lie within days."""
    found = []
    for day in axis.days:
        a, b = max(begin, day.begin), min(end, day.end)
        if b > a or begin == a == b == end:
            found.append((day.left + a - day.begin, day.left + b - day.begin))
    return found


def _levels(axis: Axis, count: int, groups: Sequence[Together]) -> tuple[Floats, Floats]:
    """(axis seconds at which anybody changes lanes, the lane of each car before the first and after
    each: (n + 1, count))."""
    groups = _companies(groups)
    spans = [(_edge(axis, g.begin), _edge(axis, g.end)) for g in groups]
    edges = sorted({edge for span in spans for edge in span})
    middles = [*((a + b) / 2 for a, b in itertools.pairwise(edges))]
    levels = [np.arange(count, dtype=np.float64)]
    for middle in middles:
        here = [g.cars for g, (a, b) in zip(groups, spans, strict=True) if a <= middle <= b]
        levels.append(_arranged(count, here))
    if edges:
        levels.append(np.arange(count, dtype=np.float64))
    return np.array(edges), np.array(levels)


def _edge(axis: Axis, time: float) -> float:
    """The axis second of an instant; so near a night that a change of lanes would be cut by it, the
    middle of the night: cars that arrive together do not fly apart at their goal."""
    at = float(axis.at(time))
    for day in axis.days:
        if 0 <= at - day.left < _CHANGE_S / 2:
            return day.left - NIGHT_S / 2
        if 0 <= day.right - at < _CHANGE_S / 2:
            return day.right + NIGHT_S / 2
    return at


def _companies(groups: Sequence[Together]) -> list[Together]:
    """Groups of the same cars one after another as one: who leads moves nobody's lane."""
    joined: dict[tuple[int, ...], list[Together]] = {}
    for group in sorted(groups, key=lambda group: group.begin):
        cars = tuple(sorted(set(group.cars)))
        rows = joined.setdefault(cars, [])
        if rows and group.begin - rows[-1].end < 1.0:
            rows[-1] = Together(rows[-1].begin, max(group.end, rows[-1].end), cars)
        else:
            rows.append(Together(group.begin, group.end, cars))
    return [group for rows in joined.values() for group in rows]


def _arranged(count: int, groups: Sequence[tuple[int, ...]]) -> Floats:
    """A lane for every car: groups close together, ordered by the mean of their home lanes."""
    grouped = {car for group in groups for car in group}
    blocks = [tuple(sorted(set(group))) for group in groups if group]
    blocks += [(car,) for car in range(count) if car not in grouped]
    blocks.sort(key=lambda block: (sum(block) / len(block), block))
    close = float(np.interp(count, [_MANY / 2, _MANY], [_CLOSE, _CLOSE_OF_MANY]))
    half = [close * (len(block) - 1) / 2 for block in blocks]
    wanted = [sum(block) / len(block) for block in blocks]
    at = list(wanted)
    for _ in range(8):  # neighbours push each other apart, both by half
        for k in range(len(at) - 1):
            least = half[k] + half[k + 1] + _APART
            missing = least - (at[k + 1] - at[k])
            if missing > 0:
                at[k] -= missing / 2
                at[k + 1] += missing / 2
    result = np.zeros(count)
    for block, middle, h in zip(blocks, at, half, strict=True):
        for rank, car in enumerate(block):
            result[car] = middle - h + rank * close
    return np.clip(result, 0, max(count - 1, 0))


def _line(axis: Axis, a: float, b: float, times: Floats, levels: Floats, count: int) -> Floats:
    """One car's line from a to b, axis seconds, in pixels of the drawing."""
    inside = [a, b]
    for time in times:
        inside += [*np.linspace(time - _CHANGE_S / 2, time + _CHANGE_S / 2, _STEPS)]
    u = np.array(sorted({x for x in inside if a <= x <= b}))
    y = np.full(len(u), levels[0])
    for k, time in enumerate(times):
        # two changes in short order share the time between them
        before = time - times[k - 1] if k else np.inf
        after = times[k + 1] - time if k + 1 < len(times) else np.inf
        width = min(_CHANGE_S, before, after)
        s = np.clip((u - time) / width + 0.5, 0, 1) if width > 0 else (u >= time).astype(float)
        y += (levels[k + 1] - levels[k]) * s * s * (3 - 2 * s)
    x = u / axis.length * WIDTH
    points = np.stack([x, (y + 0.5) / max(count, 1) * HEIGHT], axis=1)
    bends = np.ones(len(points), dtype=bool)
    flat = np.diff(points[:, 1]) == 0
    bends[1:-1] = ~(flat[:-1] & flat[1:])
    return points[bends]
