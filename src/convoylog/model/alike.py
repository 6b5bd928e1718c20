"""Cars that could be taken for each other: two under one name, and one under two.

`same_as` in a car.toml names another car's id: both are one car, told under the id begun first.
It is a field like any other, so it merges, is disputed and is undone like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: what two cars should not share, in the order people look for it
_DISTINCT = ("name", "number", "colour")


@dataclass(frozen=True, slots=True)
class Clash:
    """Cars that share what tells cars apart. key: name, number or colour. cars: ids, sorted."""

    key: str
    value: str
    cars: tuple[str, ...]


def one_car(same_as: Mapping[str, object]) -> dict[str, str]:
    """Car id → the id it is told under: the smallest of all that are said to be one.

    same_as: car id → what its file says, of every car that is here. A car that is not here joins
    nobody, so the result does not depend on who arrived first.
    """
    above = {car: car for car in same_as}

    def top(car: str) -> str:
        while above[car] != car:
            car = above[car]
        return car

    for car, other in sorted(same_as.items()):
        if isinstance(other, str) and other in above:
            low, high = sorted((top(car), top(other)))
            above[high] = low
    return {car: top(car) for car in same_as}


def find_clashes(cars: Mapping[str, Mapping[str, object]]) -> list[Clash]:
    """Names, numbers and colours that several cars have. cars: id → fields of its car.toml."""
    tops = one_car({car: fields.get("same_as") for car, fields in cars.items()})
    found = []
    for key in _DISTINCT:
        having: dict[str, list[str]] = {}
        shown: dict[str, str] = {}
        for car in sorted(cars):
            value = cars[car].get(key)
            # a car that is another's second name clashes with nobody
            if tops[car] == car and isinstance(value, str | int) and str(value).strip():
                folded = str(value).strip().casefold()
                shown.setdefault(folded, str(value).strip())
                having.setdefault(folded, []).append(car)
        found += [
            Clash(key, shown[folded], tuple(rivals))
            for folded, rivals in having.items()
            if len(rivals) > 1
        ]
    return found


def distinct_names(cars: Iterable[tuple[str, str, str, str]]) -> dict[str, str]:
    """Car id → a name that no other car has: what the cars are called wherever people read.

    cars: (id, name, number, driver) of each. A name that one car has alone stays as it is; rivals
    get the number, else the driver, else the end of their id behind it.
    """
    rows = list(cars)
    rivals: dict[str, list[tuple[str, str, str, str]]] = {}
    for row in rows:
        rivals.setdefault(row[1].strip().casefold(), []).append(row)
    names = {}
    for car, name, number, driver in rows:
        group = rivals[name.strip().casefold()]
        tail = ""
        if len(group) > 1:
            given = [(number, [r[2] for r in group]), (driver, [r[3] for r in group])]
            tail = next((v for v, all_ in given if v and all_.count(v) == 1), car[-4:])
        names[car] = f"{name} ({tail})" if tail else name
    return names
