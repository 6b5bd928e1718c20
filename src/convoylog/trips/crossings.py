"""When a car went from one region, or one time zone, into another.

The way is straight in longitude and latitude, and linear in time, between trackpoints. A crossing
counts once the car is well inside: 500 m from the border of what it left, or two minutes and 200 m
in the new one. Its instant is when the car left for good; what it only clipped on the way counts
nowhere, and neither does an excursion that turned back.

The way is looked at every 800 m, or every 100 m where it is slow: what lies between two looks in
one region is too short to count. Only around changes every hop is asked. O(n + k), k hops there.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np

from convoylog import geo
from convoylog.model.tracks import Floats, Ints
from convoylog.trips.clean import Bools
from convoylog.trips.ground import Cover
from convoylog.trips.ledger import Ledger
from convoylog.trips.whereabouts import BRIDGE

#: metres from the border of the region left, that no error of a fix or of a road's bend explains
CLEAR_M = 500.0
#: or seconds in the new one, and metres from where it was entered: no crossroads, no parking place
STAYED_S, STAYED_M = 120.0, 200.0
#: between two looks: a bin and a hop together are less than CLEAR_M out and back
_LOOK_M, _HOP_M = 800.0, 200.0
#: where the way between looks takes longer than STAYED_S, it has to be shorter than STAYED_M: eight
#: of these bins and a hop make one of those
_FINE_M, _FINE_S = 100.0, 13.0
#: looks after a change that are examined together with it; more is asked for when it is needed
_AHEAD = 4
#: places asked at once where a border's line is not known, and how often: 200 m to a metre, far
#: below what zones and shores are right to
_PLACES, _ROUNDS = 9, 2
#: share of a hop beside a border that is surely past it, and far below any error
_BESIDE = 1e-6


@dataclass(frozen=True, slots=True)
class Passage:
    """From one part into another, by number; -1 for none.

    begin, end: UTC seconds, equal unless it fell into a time not recorded. lat, lon: degrees, on
    the straight way; error_m: how far off the way driven that may be, None where it was recorded.
    """

    before: int
    after: int
    begin: float
    end: float
    lat: float
    lon: float
    error_m: float | None = None
    speed_mps: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """Where a way is looked at. at: point + share of the hop after it, ascending, with both ends.

    fine: points some 100 m apart, of which the looks are a part where the way is slow. quiet: hops
    whose way is not recorded.
    """

    at: Floats
    fine: Ints
    quiet: Bools


def find_passages(
    ledger: Ledger, cover: Cover[object], looks: Looks | None = None
) -> tuple[int, tuple[Passage, ...]]:
    """(number of the part in which the car began, its passages in time order); (-1, ()) for none.

    Beginning somewhere is no passage, and ending on an excursion neither. looks: of that ledger,
    to look there for several covers.
    """
    if not len(ledger.time):
        return -1, ()
    search = _Search(ledger, cover, looks or find_looks(ledger))
    return search.first, search.run()


def find_looks(ledger: Ledger) -> Looks:
    """Where to look along a way of at least one point."""
    n = len(ledger.time)
    quiet = ledger.unknown | ledger.asleep
    dt, metres = np.diff(ledger.time), np.where(quiet, 0.0, ledger.hop_m)
    way = np.concatenate([[0.0], np.cumsum(metres)])
    fixed = np.zeros(n, dtype=np.bool_)
    fixed[[0, -1]] = True
    fixed[:-1] |= quiet
    fixed[1:] |= quiet
    turns = np.flatnonzero(np.diff(np.floor(way / _FINE_M)))
    marked = fixed.copy()
    marked[turns] = marked[turns + 1] = True  # the last point of each fine bin, and a first
    points = np.flatnonzero(marked)
    kept = fixed[points]
    kept |= np.diff(np.floor(way[points] / _LOOK_M), prepend=0.0) != 0
    slow = np.flatnonzero(np.diff(ledger.time[points]) > _FINE_S)
    kept[slow] = kept[slow + 1] = True
    looks = points[kept].astype(np.float64)
    # longer hops are looked at in between
    long = np.flatnonzero(metres > _HOP_M)
    counts = np.ceil(np.maximum(metres[long] / _HOP_M, dt[long] / 60.0)).astype(np.int64)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    between = np.repeat(long, counts) + within / np.repeat(counts, counts)
    return Looks(np.union1d(looks, between), points, quiet)


class _Search:
    """One walk along a way. here: the part the car is in for certain."""

    def __init__(self, ledger: Ledger, cover: Cover[object], looks: Looks) -> None:
        self._ledger, self._cover = ledger, cover
        self._looks, self._fine, self._quiet = looks.at, looks.fine, looks.quiet
        _, lat, lon = self._at(self._looks)
        self._numbers = cover.numbers(lat, geo.wrapped(lon))
        self.first = self._here = int(self._numbers[0])
        #: by number of a look: places on the way to the next, and their parts
        self._ready: dict[int, tuple[Floats, Ints]] = {}
        self._found: list[Passage] = []
        #: how the car left `here`, and since when it has been where it is now
        self._out: Passage | None = None
        self._now = self._here
        self._since: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def run(self) -> tuple[Passage, ...]:
        numbers = self._numbers
        changes = np.flatnonzero(np.diff(numbers))
        ahead = np.unique(changes[:, None] + np.arange(_AHEAD))
        self._prepare(ahead[ahead < len(numbers) - 1].tolist())
        k, last = 0, len(numbers) - 1
        while k < last:
            if self._out is None and numbers[k] == self._here:
                # on to the next pair of looks that differ
                following = np.searchsorted(changes, k)
                if following == len(changes):
                    break
                k = int(changes[following])
            self._examine(k)
            k += 1
        return tuple(self._found)

    def _prepare(self, looks: list[int]) -> None:
        """What is between some looks and the next: places to ask, and the parts they lie in."""
        whole: list[Floats] = []
        for run in self._runs(looks):
            ends = self._looks[run[0] : run[-1] + 2]
            if self._quiet[int(ends[0])]:
                whole.append(ends[1:])
                continue
            inner = np.arange(np.ceil(ends[0]), np.floor(ends[-1]) + 1)
            points = np.union1d(ends, inner)
            _, lat, lon = self._at(points)
            along = self._cover.cuts(lat, lon - _turn(lon))
            if (
                along is None
            ):  # borders that are right to 100 m need not be asked for at every point
                first, last = np.searchsorted(self._fine, ends[[0, -1]])
                points = np.union1d(ends, self._fine[first:last])
            elif len(along):
                cuts = np.interp(along, np.arange(len(points)), points)
                middles = (cuts[1:] + cuts[:-1]) / 2
                around = np.concatenate([middles, cuts - _BESIDE, cuts + _BESIDE])
                points = np.union1d(points, around[(around > ends[0]) & (around < ends[-1])])
            at = np.searchsorted(points, ends)
            whole += [points[i : j + 1] for i, j in itertools.pairwise(at)]
        if whole:
            numbers = self._ask(np.concatenate(whole))
            parts = np.split(numbers, np.cumsum([len(places) for places in whole])[:-1])
            self._ready.update(zip(looks, zip(whole, parts, strict=True), strict=True))

    def _runs(self, looks: list[int]) -> list[list[int]]:
        """Looks that follow each other, apart where nothing was recorded in between."""
        runs: list[list[int]] = []
        was_quiet = True
        for k in looks:
            quiet = bool(self._quiet[int(self._looks[k])])
            if runs and runs[-1][-1] == k - 1 and not quiet and not was_quiet:
                runs[-1].append(k)
            else:
                runs.append([k])
            was_quiet = quiet
        return runs

    def _at(self, where: Floats) -> tuple[Floats, Floats, Floats]:
        """(instants, latitudes, continuous longitudes) at point + share of a hop."""
        ledger = self._ledger
        hop = np.minimum(where.astype(np.int64), len(ledger.time) - 1)
        following = np.minimum(hop + 1, len(ledger.time) - 1)
        share = where - hop
        at, lat, lon = (
            column[hop] + share * (column[following] - column[hop])
            for column in (ledger.time, ledger.lat, ledger.lon)
        )
        return at, lat, lon

    def _ask(self, where: Floats) -> Ints:
        _, lat, lon = self._at(where)
        return self._cover.numbers(lat, geo.wrapped(lon))

    def _examine(self, k: int) -> None:
        """The way from a look to the next, hop by hop."""
        if k not in self._ready:
            self._prepare([k])
        probes, numbers = self._ready.pop(k)
        begin = float(self._looks[k])
        if self._quiet[int(begin)]:
            number, end = int(numbers[0]), float(probes[0])
            if number != self._now:
                self._enter(number, end, self._unseen(int(begin)))
            self._stay(probes)
            return
        if int(numbers[0]) != self._now:  # only where the look itself lies on a line
            self._enter(int(numbers[0]), begin, self._seen(begin))
        edges = np.flatnonzero(np.diff(numbers))
        starts, ends = np.append(0, edges + 1), np.append(edges + 1, len(probes))
        for a, b in zip(starts.tolist(), ends.tolist(), strict=True):
            if b == len(probes):
                self._stay(probes[a:])
                break
            border = self._border(float(probes[b - 1]), float(probes[b]), int(numbers[a]))
            self._stay(np.append(probes[a:b], border))
            self._enter(int(numbers[b]), border, self._seen(border))

    def _border(self, low: float, high: float, before: int, rounds: int = _ROUNDS) -> float:
        """Where between two places the part of the first ends."""
        if high - low <= 2.001 * _BESIDE:  # either side of an edge
            return (low + high) / 2
        for _ in range(rounds):
            places = np.linspace(low, high, _PLACES + 2)
            left = np.flatnonzero(self._ask(places[1:-1]) != before)
            first = int(left[0]) + 1 if len(left) else _PLACES + 1
            low, high = float(places[first - 1]), float(places[first])
        return high

    def _seen(self, where: float) -> Passage:
        """A passage on a recorded hop; its parts are filled in later."""
        at, lat, lon = (float(v[0]) for v in self._at(np.array([where])))
        ledger = self._ledger
        hop = min(int(where), len(ledger.hop_m) - 1)
        speed = float(ledger.hop_m[hop] / (ledger.time[hop + 1] - ledger.time[hop]))
        at = round(at, 3)  # so that what lies between sums up to the millisecond
        return Passage(-1, -1, at, at, lat, _wrapped(lon), None, speed)

    def _unseen(self, hop: int) -> Passage:
        """A passage in a time not recorded, with a guess where the straight way meets the border."""
        share = self._border(float(hop), float(hop + 1), self._now, 3 * _ROUNDS) - hop
        _, lat, lon = (float(v[0]) for v in self._at(np.array([hop + share])))
        begin, end = self._ledger.time[hop : hop + 2].tolist()
        error = float(BRIDGE * self._ledger.hop_m[hop] * np.sqrt(share * (1.0 - share)))
        return Passage(-1, -1, begin, end, lat, _wrapped(lon), error)

    def _enter(self, number: int, where: float, how: Passage) -> None:
        """The car is in another part from there on; whether that counts will show."""
        if number == self._here:
            self._out = None
        elif self._out is None:
            self._out = how
        self._now = number
        at, lat, lon = self._at(np.array([where]))
        self._since = (float(at[0]), float(lat[0]), float(lon[0]))

    def _stay(self, where: Floats) -> None:
        """Places in the part the car is in now: is it well inside?"""
        out = self._out
        if out is not None and self._is_inside(out, where):
            self._found.append(replace(out, before=self._here, after=self._now))
            self._here, self._out = self._now, None

    def _is_inside(self, out: Passage, where: Floats) -> bool:
        at, lat, lon = self._at(where)
        since, lat0, lon0 = self._since
        stayed = (at - since >= STAYED_S) & (geo.near_m(lat0, lon0, lat, lon) >= STAYED_M)
        if stayed.any():
            return True
        # where it left is on the border: what is nearer to that is nearer to the border
        away = geo.near_m(out.lat, out.lon, lat, lon)
        far = np.flatnonzero(away >= CLEAR_M)
        for some in ([int(np.argmax(away))], far):
            if not len(far):
                return False
            parts = self._here, self._now
            x = lon[some] - _turn(lon)
            if self._cover.clear_of(*parts, lat[some], x, CLEAR_M).any():
                return True
        return False


def _wrapped(lon: float) -> float:
    return float(geo.wrapped(np.array([lon]))[0])


def _turn(lon: Floats) -> float:
    """Whole turns to take off continuous longitudes, so that they begin within ±180."""
    return 360.0 * round(float(lon[0]) / 360.0)
