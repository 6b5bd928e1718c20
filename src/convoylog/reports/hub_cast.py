"""The cars over several trips: each once, in one colour, with what it drove on every trip."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from convoylog.model.alike import COLOURS
from convoylog.model.logbook import Car
from convoylog.model.trip import CarTrip
from convoylog.reports.cast import Cast, labels_of
from convoylog.reports.hub_kept import KeptTrip


@dataclass(frozen=True, slots=True)
class Ride:
    """A car on one trip. metres: None where no recording tells. again: it is told of another logbook
    already, of the same time, and counts once."""

    trip: int
    metres: float | None
    again: bool = False


@dataclass(frozen=True, slots=True)
class HubCar:
    """A car over all trips. rides: one for each trip it was on. metres: of all of them, None if unknown."""

    cast: Cast
    rides: tuple[Ride, ...]
    metres: float | None

    @property
    def name(self) -> str:
        return self.cast.name

    def on(self, trip: int) -> Ride | None:
        return next((ride for ride in self.rides if ride.trip == trip), None)


class HubCast:
    """Every car of some trips, as its latest trip tells it."""

    def __init__(self, trips: Sequence[KeptTrip], under: Mapping[str, str], untitled: str) -> None:
        """trips: in order of time. under: a car's id in any of them → its one id here."""
        self._trips, self._under, self._untitled = trips, under, untitled
        self.members = {member.id: member for member in self._members()}

    def of(self, ids: Collection[str]) -> tuple[Cast, ...]:
        """The cars of some ids, each once, in the order of the cast."""
        keys = {self._under[i] for i in ids if i in self._under}
        return tuple(member for key, member in self.members.items() if key in keys)

    def one(self, car_id: str) -> Cast:
        """Raises KeyError for a car of none of the trips."""
        return self.members[self._under[car_id]]

    def cars(self) -> tuple[HubCar, ...]:
        """With their rides, the farthest first."""
        rows = []
        for key, member in self.members.items():
            rides = self._rides(key)
            known = [ride.metres for ride in rides if ride.metres is not None and not ride.again]
            rows.append(HubCar(member, rides, sum(known) if known else None))
        return tuple(sorted(rows, key=lambda row: (-(row.metres or 0.0), row.name)))

    def _rides(self, key: str) -> tuple[Ride, ...]:
        """By trip. Of those that lie over each other in time the farthest counts."""
        found = [
            (n, car)
            for n, trip in enumerate(self._trips, 1)
            for car in trip.cars
            if self._under[car.car.id] == key
        ]
        counted: list[CarTrip] = []
        again = set()
        for n, car in sorted(found, key=lambda row: -row[1].distance_m):
            if any(_at_one_time(car, other) for other in counted):
                again.add(n)
            else:
                counted.append(car)
        return tuple(
            Ride(n, car.distance_m if car.from_at is not None else None, n in again)
            for n, car in found
        )

    def _members(self) -> list[Cast]:
        """Every car once; colours differ within every trip if they can."""
        told: dict[str, CarTrip] = {}
        beside: dict[str, set[str]] = {}
        for trip in self._trips:
            ids = [self._under[car.car.id] for car in trip.cars]
            for key, car in zip(ids, trip.cars, strict=True):
                told[key] = car
                beside.setdefault(key, set()).update(ids)
        colours = _colours({key: car.car for key, car in told.items()}, beside)
        labels = labels_of([car.car for car in told.values()])
        names = self._names({key: car.car for key, car in told.items()})
        return [
            Cast(key, names[key], label, colours[key], car.car.driver, car.car.vehicle, "", car)
            for (key, car), label in zip(told.items(), labels, strict=True)
        ]

    def _names(self, cars: Mapping[str, Car]) -> dict[str, str]:
        """Names; of cars that share one, each with the last trip it was on."""
        rivals: dict[str, list[str]] = {}
        for key, car in cars.items():
            rivals.setdefault(car.name.strip().casefold(), []).append(key)
        names = {key: car.name for key, car in cars.items()}
        for group in rivals.values():
            if len(group) > 1:
                for key in group:
                    names[key] = f"{names[key]} ({self._last_title(key)})"
        return names

    def _last_title(self, key: str) -> str:
        titles = [t.title for t in self._trips if any(self._under[c.car.id] == key for c in t.cars)]
        return titles[-1] or self._untitled


def _at_one_time(a: CarTrip, b: CarTrip) -> bool:
    if a.from_at is None or a.to_at is None or b.from_at is None or b.to_at is None:
        return False
    return a.from_at < b.to_at and b.from_at < a.to_at


def _colours(cars: Mapping[str, Car], beside: Mapping[str, Collection[str]]) -> dict[str, int]:
    """A colour a car: its own, else the one fewest have among those its company has not."""
    given: dict[str, int] = {}
    for key, car in cars.items():
        near = {given[other] for other in beside[key] if other in given}
        if car.colour in COLOURS and COLOURS.index(car.colour) not in near:
            given[key] = COLOURS.index(car.colour)
    for key in cars:
        near = {given[other] for other in beside[key] if other in given}
        used = list(given.values())
        free = [n for n in range(len(COLOURS)) if n not in near] or list(range(len(COLOURS)))
        given.setdefault(key, min(free, key=lambda n: (used.count(n), n)))
    return given
