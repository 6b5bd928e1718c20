"""The cars as the reader meets them: name, colour, roundel."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convoylog.model.alike import COLOURS
from convoylog.model.logbook import Car
from convoylog.model.tracks import make_track
from convoylog.model.trip import CarTrip, Trip
from convoylog.reports.words import Words

#: how often the colours of many cars come, each time in dashes of their own
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Cast:
    """A car as the reader meets it. colour: number of its colour, from 0. label: on its roundel."""

    id: str
    name: str
    label: str
    colour: int
    driver: str
    vehicle: str
    from_to: str
    trip: CarTrip


def faces_of(cars: Sequence[Car]) -> dict[str, tuple[str, int]]:
    """Car id → what stands on its roundel, and the number of its colour."""
    return {
        car.id: (label, colour)
        for car, label, colour in zip(cars, labels_of(cars), _colours(cars), strict=True)
    }


def _colours(cars: Sequence[Car]) -> list[int]:
    """A colour for every car: the one it chose, else the next that nobody has."""
    chosen: list[int] = []
    for car in cars:
        wanted = COLOURS.index(car.colour) if car.colour in COLOURS else -1
        # of two that chose the same the first keeps it
        chosen.append(wanted if wanted not in chosen else -1)
    free = [n for n in range(len(COLOURS)) if n not in chosen]
    given = iter(free)
    # from the thirteenth car on, colours come again with other dashes, and their numbers go on
    most = len(COLOURS) * ROUNDS
    return [c if c >= 0 else next(given, n % most) for n, c in enumerate(chosen)]


def labels_of(cars: Sequence[Car]) -> list[str]:
    """What stands on each car's roundel, at most three signs, no two alike."""
    wanted = [car.number[:3] for car in cars]
    given: list[str] = []
    for label in wanted:
        # a number that two cars have gets a letter with the second
        tails = (f"{label[:2]}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")
        taken = label and label in given
        given.append(next((t for t in tails if t not in given), "") if taken else label)
    free = (str(n) for n in itertools.count(1) if str(n) not in given)
    return [label or next(free) for label in given]


def guests_of(trip: Trip, faces: Mapping[str, tuple[str, int]], words: Words) -> tuple[Cast, ...]:
    """Cars that are no part of what is told and have an answer in it. Of their way nothing is told."""
    told = {row.car for row in trip.story} - {car.car.id for car in trip.cars}
    return tuple(
        cast_of(CarTrip(car, make_track((), (), ())), *faces[car.id], words)
        for car in trip.everyone
        if car.id in told
    )


def cast_of(car: CarTrip, label: str, colour: int, words: Words) -> Cast:
    ends = [place for place in (car.start_place, car.end_place) if place]
    without = "no_clock" if len(car.untimed) else "no_recording"
    from_to = words.say("from_place", place=words.of(ends[0])) if ends else words.say(without)
    return Cast(
        car.car.id, car.car.name, label, colour, car.car.driver,
        car.car.vehicle, from_to, car,
    )  # fmt: skip
