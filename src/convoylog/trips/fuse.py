"""Several recorders in one car become one track: the richest one, its holes filled from the others.

Never across cars: two cars two seconds apart stay two.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from convoylog import geo
from convoylog.model.tracks import Floats, Track, join_tracks, take
from convoylog.trips.clean import EARLIEST, LATEST, Bools, first_of_equals
from convoylog.trips.ledger import HOLE_S, union

#: one recording exported twice: so much of the poorer is in the richer, this near in time and place
SAME_SHARE, SAME_S, SAME_M = 0.95, 1.0, 15.0
#: two recorders in one car: together at least so long, and so near at the same instants
TOGETHER_S, TOGETHER_M = 300.0, 30.0
#: recorders further apart than this were not in one car, or a clock is wrong
ASTRAY_M = 1000.0
#: two instants nearer than this are one
_TICK_S = 0.001
_NOTHING = join_tracks([])


@dataclass(frozen=True, slots=True)
class Source:
    """A track with what helps to tell recorders apart: program or device, and the file's name."""

    track: Track
    creator: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Fused:
    """One car's points. track: timed, in time order, not cleaned. shape: points without time.

    points: different trackpoints recorded. other: those that a better recorder speaks for.
    astray: pairs of file names that contradict each other, with the metres between them.
    """

    track: Track
    shape: Track
    points: int
    other: int
    astray: tuple[tuple[str, str, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Recorder:
    """Everything one device recorded: unique points in time order."""

    track: Track
    name: str
    hash: str
    step_s: float
    known_s: float

    @property
    def poverty(self) -> tuple[float, int, str]:
        """The richest sorts first: rate, count, hash."""
        return self.step_s, -len(self.track), self.hash


def fuse(sources: Sequence[Source], hole_s: float = HOLE_S) -> Fused:
    """The one track of a car. Depends on the set of points alone, not on files or their order."""
    split = [_by_time(_way(source.track)) for source in sources]
    # a line told from its other end is the same line
    shapes = dict(_one_way(shape) for _, shape in split if len(shape))
    shape = join_tracks([shapes[key] for key in sorted(shapes)])
    timed = [
        Source(track, source.creator, source.name)
        for (track, _), source in zip(split, sources, strict=True)
        if len(track)
    ]
    chains = _chains(timed)
    if not chains:
        return Fused(join_tracks([]), shape, len(shape), 0)
    if len(chains) == 1:
        chain = [track for track, _ in chains[0]]
        track = join_tracks(chain)
        # each is unique; where none touches the next, so are they all
        if any(b.time[0] - a.time[-1] <= 2.0 * _TICK_S for a, b in itertools.pairwise(chain)):
            track = _unique(track)
        return Fused(track, shape, len(track) + len(shape), 0)
    recorders = _recorders(chains, hole_s)
    everything = _unique(join_tracks([r.track for r in recorders]))
    links, astray = _compare(recorders, hole_s)
    parts: list[Track] = []
    covered = np.zeros((0, 2))
    for recorder in _in_order(recorders, links):
        time = recorder.track.time
        part = take(recorder.track, ~_covers(covered, time))
        parts.append(part)
        mine = np.stack([time[:-1], time[1:]], axis=1)[np.diff(time) <= hole_s]
        spans = np.concatenate([covered, mine])
        covered = union(spans[np.argsort(spans[:, 0], kind="stable")])
    track = parts[0] if len(parts) == 1 else _unique(join_tracks(parts))
    points = len(everything) + len(shape)
    return Fused(track, shape, points, len(everything) - len(track), astray)


def _way(track: Track) -> Track:
    """The track without what the account does not ask for: speeds, satellites, heartbeats."""
    return replace(track, more=MappingProxyType({})) if track.more else track


def _by_time(track: Track) -> tuple[Track, Track]:
    """Points with a usable time, and those without."""
    with np.errstate(invalid="ignore"):
        timed = (track.time >= EARLIEST) & (track.time <= LATEST)
    if timed.all():
        return track, _NOTHING
    return take(track, timed), take(track, ~timed)


def _keys(track: Track) -> tuple[Floats, Floats, Floats]:
    """Milliseconds and 1e-7 degrees (1 cm): finer differences come from rewriting a file."""
    return np.rint(track.time * 1e3), np.rint(track.lat * 1e7), np.rint(track.lon * 1e7)


def _unique(track: Track) -> Track:
    """In time order, equal points once."""
    dt = np.diff(track.time)
    if not len(dt) or dt.min() > 2.0 * _TICK_S:
        return track  # already so
    time, lat, lon = _keys(track)
    order = np.lexsort((track.lon, track.lat, track.time, track.ele, lon, lat, time))
    first = first_of_equals(time[order], lat[order], lon[order])
    return take(track, order[first])


def _one_way(track: Track) -> tuple[str, Track]:
    """Points without time in the one of both directions that sorts first, with its hash."""
    back = take(track, np.arange(len(track))[::-1])
    return min((_hash(track), track), (_hash(back), back), key=lambda pair: pair[0])


def _hash(track: Track) -> str:
    columns = [np.ascontiguousarray(column).tobytes() for column in _keys(track)]
    return hashlib.sha256(b"".join(columns)).hexdigest()


_Chain = list[tuple[Track, str]]


def _chains(sources: list[Source]) -> list[_Chain]:
    """Tracks of one creator that follow each other in time, each with its file's name.

    A file cut in two is one recorder again, so cutting files changes nothing.
    """
    tracks = [(source, _unique(source.track)) for source in sources]
    spans = Counter((s.creator, float(t.time[0]), float(t.time[-1])) for s, t in tracks)
    rows: dict[tuple[str, float, float, str], tuple[Track, str]] = {}
    for source, track in tracks:
        span = (source.creator, float(track.time[0]), float(track.time[-1]))
        # only tracks of one span can be one, or need an order
        rows.setdefault((*span, _hash(track) if spans[span] > 1 else ""), (track, source.name))
    chains: dict[str, list[_Chain]] = {}
    for (creator, begin, _, _), row in sorted(rows.items(), key=lambda pair: pair[0]):
        same = chains.setdefault(creator, [])
        free = [chain for chain in same if float(chain[-1][0].time[-1]) <= begin]
        if free:
            max(free, key=lambda chain: float(chain[-1][0].time[-1])).append(row)
        else:
            same.append([row])
    return list(itertools.chain.from_iterable(chains.values()))


def _recorders(chains: list[_Chain], hole_s: float) -> list[_Recorder]:
    """The recorders of a car, the richest first; of equal ones, one."""
    found: dict[str, _Recorder] = {}
    for chain in chains:
        track = _unique(join_tracks([track for track, _ in chain]))
        dt = np.diff(track.time)
        known = dt[(dt > 0) & (dt <= hole_s)]
        step = round(float(np.median(known)), 3) if len(known) else float("inf")
        digest = _hash(track)
        name = min(name for _, name in chain)
        if digest not in found or name < found[digest].name:
            found[digest] = _Recorder(track, name, digest, step, float(known.sum()))
    return sorted(found.values(), key=lambda recorder: recorder.poverty)


def _covers(spans: Floats, time: Floats) -> Bools:
    if not len(spans):
        return np.zeros(len(time), dtype=np.bool_)
    which = np.searchsorted(spans[:, 0], time, side="right") - 1
    return np.asarray((which >= 0) & (time <= spans[np.maximum(which, 0), 1]), dtype=np.bool_)


def _compare(
    recorders: list[_Recorder], hole_s: float
) -> tuple[list[tuple[int, int]], tuple[tuple[str, str, float], ...]]:
    """Which recorders tell of one drive, by index; and which contradict each other."""
    links: list[tuple[int, int]] = []
    astray: list[tuple[str, str, float]] = []
    for (i, richer), (j, poorer) in itertools.combinations(enumerate(recorders), 2):
        begin = max(richer.track.time[0], poorer.track.time[0])
        end = min(richer.track.time[-1], poorer.track.time[-1])
        if begin > end:
            continue
        together, apart = _same_instants(richer.track, poorer.track, hole_s)
        if (together >= TOGETHER_S and apart <= TOGETHER_M) or _is_same(
            richer.track, poorer.track, float(begin), float(end)
        ):
            links.append((i, j))
        elif together >= TOGETHER_S and apart > ASTRAY_M:
            first, second = sorted((richer.name, poorer.name))
            astray.append((first, second, apart))
    return links, tuple(sorted(astray))


def _same_instants(richer: Track, poorer: Track, hole_s: float) -> tuple[float, float]:
    """Seconds both recorded, and the median metres between them at the poorer's instants."""
    if len(richer) < 2:
        return 0.0, float("inf")
    hop = np.searchsorted(richer.time, poorer.time, side="right") - 1
    inside = (hop >= 0) & (hop < len(richer) - 1)
    inside[inside] = np.diff(richer.time)[hop[inside]] <= hole_s
    dt = np.diff(poorer.time)
    both = inside[1:] & inside[:-1] & (dt <= hole_s)
    if not inside.any():
        return 0.0, float("inf")
    lon = geo.unwrapped(richer.lon)
    at = poorer.time[inside]
    metres = geo.near_m(
        poorer.lat[inside],
        poorer.lon[inside],
        np.interp(at, richer.time, richer.lat),
        np.interp(at, richer.time, lon),
    )
    return float(dt[both].sum()), float(np.median(metres))


def _is_same(richer: Track, poorer: Track, begin: float, end: float) -> bool:
    """Whether one is an export of the other: the same instants at the same places."""
    if len(richer) < len(poorer):
        richer, poorer = poorer, richer
    mine = take(poorer, (poorer.time >= begin) & (poorer.time <= end))
    if not len(mine):
        return False
    right = np.clip(np.searchsorted(richer.time, mine.time), 0, len(richer) - 1)
    left = np.maximum(right - 1, 0)
    nearer_left = np.abs(richer.time[left] - mine.time) < np.abs(richer.time[right] - mine.time)
    near = np.where(nearer_left, left, right)
    met = np.abs(richer.time[near] - mine.time) <= SAME_S
    if met.sum() < SAME_SHARE * len(mine):
        return False
    metres = geo.near_m(mine.lat[met], mine.lon[met], richer.lat[near[met]], richer.lon[near[met]])
    return bool((metres <= SAME_M).sum() >= SAME_SHARE * len(metres))


def _in_order(recorders: list[_Recorder], links: list[tuple[int, int]]) -> list[_Recorder]:
    """The recorders that speak for most time first, each group led by its richest.

    Six that agree outweigh one that contradicts them, however rich.
    """
    group = list(range(len(recorders)))
    for i, j in links:
        old, new = group[j], group[i]
        group = [new if g == old else g for g in group]
    weight = {
        g: sum(r.known_s for r, mine in zip(recorders, group, strict=True) if mine == g)
        for g in set(group)
    }
    best = {
        g: min(r.poverty for r, m in zip(recorders, group, strict=True) if m == g) for g in weight
    }
    order = sorted(
        range(len(recorders)),
        key=lambda k: (-round(weight[group[k]], 3), best[group[k]], recorders[k].poverty),
    )
    return [recorders[k] for k in order]
