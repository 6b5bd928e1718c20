"""What is kept of a logbook for a page over several, and which of two logbooks tells the other's trip."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from convoylog.model.alike import one_under
from convoylog.model.convoy import Convoy, Pair, Rendezvous
from convoylog.model.tracks import Track, join_tracks, make_track
from convoylog.model.trip import CarTrip, Trip
from convoylog.reports.draw.pieces import pieces_of
from convoylog.reports.draw.thin import kept
from convoylog.reports.outline import slug_of

#: a trip's line keeps what a drawing this many pixels wide shows
_DRAWN_PX = 4000
_DEGREE_M = 111_000.0
#: seconds by which a car's ends may differ between two logbooks: one of them may be cut near home
_CUT_S = 3600.0


@dataclass(frozen=True, slots=True, eq=False)
class KeptTrip:
    """What is kept of a logbook. folder: its folder's name. days: ISO dates, in order.

    cars: with thin tracks without times, and nothing of stops and legs. pairs, rendezvous: who was in
    whose company. left_out: what privacy took away. report: relative address of the trip's own report,
    "" where none lies there.
    """

    book: str
    folder: str
    title: str
    days: tuple[str, ...]
    cars: tuple[CarTrip, ...]
    pairs: tuple[Pair, ...] = ()
    rendezvous: tuple[Rendezvous, ...] = ()
    left_out: tuple[str, ...] = ()
    report: str = ""

    @property
    def metres(self) -> float:
        return sum(car.distance_m for car in self.cars)


def keep_trip(
    trip: Trip,
    convoy: Convoy,
    *,
    book: str,
    folder: str,
    left_out: tuple[str, ...] = (),
    report: str = "",
) -> KeptTrip:
    """What the page needs of a trip: a few hundred points a car."""
    extent = _extent_m(trip.cars)
    return KeptTrip(
        book=book,
        folder=folder,
        title=trip.title,
        days=tuple(day.day for day in trip.days),
        cars=tuple(_slim(car, extent / _DRAWN_PX) for car in trip.cars),
        pairs=convoy.pairs,
        rendezvous=convoy.rendezvous,
        left_out=left_out,
        report=report,
    )


def _extent_m(cars: Sequence[CarTrip]) -> float:
    lat = np.concatenate([car.track.lat for car in cars] or [np.zeros(0)])
    lon = np.concatenate([car.track.lon for car in cars] or [np.zeros(0)])
    if not len(lat):
        return 0.0
    wide = float(np.ptp(lon)) * float(np.cos(np.radians(lat.mean())))
    return max(float(np.ptp(lat)), wide) * _DEGREE_M


def _slim(car: CarTrip, tolerance_m: float) -> CarTrip:
    return replace(
        car, track=_thinned(car, tolerance_m), stops=(), legs=(), stays=(), crossings=(), zones=(),
        towns=(), dropped={},
    )  # fmt: skip


def _thinned(car: CarTrip, tolerance_m: float) -> Track:
    """The line a map draws, a segment for each piece; without times, which would look like holes."""
    parts = []
    for piece in pieces_of(car):
        x = piece.lon * np.cos(np.radians(piece.lat.mean())) * _DEGREE_M
        which = kept(x, piece.lat * _DEGREE_M, tolerance_m)
        parts.append(make_track(np.full(len(which), np.nan), piece.lat[which], piece.lon[which]))
    return join_tracks(parts)


def folders_of(trip: KeptTrip) -> tuple[str, ...]:
    """Names of the folder a trip's own report may lie in: its logbook's, or its title's."""
    names = (trip.folder, slug_of(trip.folder), slug_of(trip.title))
    # an address is made of it
    return tuple(
        name for name in dict.fromkeys(names) if re.fullmatch(r"[\w.-]*\w", name, re.ASCII)
    )


def same_cars(trips: Sequence[KeptTrip]) -> dict[str, str]:
    """Car id → the id it is told under: of all that are said to be one car the smallest."""
    return one_under(
        (car.car.id, *car.car.also, *car.car.elsewhere) for trip in trips for car in trip.cars
    )


def is_within(trip: KeptTrip, other: KeptTrip) -> bool:
    """Whether every car of a trip is told by another logbook, of all that time: it was merged there."""
    same = same_cars((trip, other))
    whole = {same[car.car.id]: car for car in other.cars}
    return bool(trip.cars) and all(
        (twin := whole.get(same[car.car.id])) is not None and _covers(twin, car)
        for car in trip.cars
    )


def _covers(whole: CarTrip, part: CarTrip) -> bool:
    if part.from_at is None or part.to_at is None:
        return True
    if whole.from_at is None or whole.to_at is None:
        return False
    return whole.from_at - _CUT_S <= part.from_at and part.to_at <= whole.to_at + _CUT_S
