"""Cars that could be taken for each other: two under one name, and one under two.

`same_as` in a car.toml names another car's id: both are one car, told under the id begun first.
It is a field like any other, so it merges, is disputed and is undone like any other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # `car --help` needs the colours, and no numpy
    from convoylog.model.logbook import Camera, Car, Entry, Share

#: shares, the one that shows most first
_SHARES: tuple[Share, ...] = ("public", "convoy", "private")
#: what a car takes over from its other names where it says nothing itself
_FILLED = ("driver", "vehicle", "number", "colour", "zone", "odometer")

#: what two cars should not share, in the order people look for it
_DISTINCT = ("name", "number", "colour")
#: the colours a car may have, in the order cars get them
COLOURS = (
    "blue", "orange", "magenta", "green", "violet", "sky",
    "brown", "lilac", "red", "olive", "navy", "slate",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clash:
    """Cars that share what tells cars apart.

    key: name, number or colour. cars: ids, sorted. free: a value nobody has, "" if none is known.
    """

    key: str
    value: str
    cars: tuple[str, ...]
    free: str = ""


def one_car(same_as: Mapping[str, object]) -> dict[str, str]:
    """Car id → the id it is told under: the smallest of all that are said to be one.

    same_as: car id → what its file says, of every car that is here. A car that is not here joins
    nobody, so the result does not depend on who arrived first.
    """
    claims = [(car, other) for car, other in same_as.items() if isinstance(other, str)]
    alone = [(car,) for car in same_as]
    return one_under(alone + [pair for pair in claims if pair[1] in same_as])


def one_under(groups: Iterable[Collection[str]]) -> dict[str, str]:
    """Id → the smallest of all ids that some chain of groups joins with it."""
    above: dict[str, str] = {}

    def top(car: str) -> str:
        while above[car] != car:
            car = above[car]
        return car

    for group in groups:
        for car in group:
            above.setdefault(car, car)
        low, *others = sorted({top(car) for car in group})
        for other in others:
            above[other] = low
    return {car: top(car) for car in above}


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
            Clash(key, shown[folded], tuple(rivals), _free(key, folded, having))
            for folded, rivals in having.items()
            if len(rivals) > 1
        ]
    return found


def _free(key: str, value: str, taken: Collection[str]) -> str:
    """Another value that nobody has: the next number, the next colour."""
    if key == "colour":
        return next((colour for colour in COLOURS if colour not in taken), "")
    if key == "number" and value.isascii() and value.isdigit() and len(value) < 9:
        number = int(value) + 1
        while str(number) in taken:
            number += 1
        return str(number)
    return ""


def join_cars(cars: Iterable[Car], under: Mapping[str, str]) -> tuple[Car, ...]:
    """The cars with those that are one joined, each under a name that no other has.

    under: car id → the id it is told under, as `one_car` says. What the car begun first does not
    say, the others say for it; of shares the one that shows least counts, since nobody asked.
    """
    groups: dict[str, list[Car]] = {}
    for car in cars:
        groups.setdefault(under.get(car.id, car.id), []).append(car)
    joined = [_joined(sorted(group, key=lambda car: car.id)) for group in groups.values()]
    return tuple(_named(joined))


def _joined(group: list[Car]) -> Car:
    first, *rest = group
    if not rest:
        return first
    filled: dict[str, Any] = {
        key: next((value for car in group if (value := getattr(car, key))), "") for key in _FILLED
    }
    cameras: dict[str, Camera] = {}
    for car in group:
        for camera in car.cameras:
            cameras.setdefault(camera.key, camera)
    return replace(
        first,
        **filled,
        hole_s=next((car.hole_s for car in group if car.hole_s), None),
        share=max((car.share for car in group), key=_SHARES.index),
        cameras=tuple(cameras[key] for key in sorted(cameras)),
        also=tuple(car.id for car in rest),
        called=tuple(dict.fromkeys(car.name for car in rest if car.name != first.name)),
    )


def _named(cars: list[Car]) -> list[Car]:
    """With a name of its own for each: rivals get number, driver or the end of their id behind it."""
    rivals: dict[str, list[Car]] = {}
    for car in cars:
        rivals.setdefault(car.name.strip().casefold(), []).append(car)
    result = []
    for car in cars:
        group = rivals[car.name.strip().casefold()]
        if len(group) == 1:
            result.append(car)
            continue
        numbers, drivers = [c.number for c in group], [c.driver for c in group]
        tail = car.id[-4:]
        if car.number and numbers.count(car.number) == 1:
            tail = car.number
        elif car.driver and drivers.count(car.driver) == 1:
            tail = car.driver
        result.append(replace(car, name=f"{car.name} ({tail})", called=(*car.called, car.name)))
    return result


def told_under(entry: Entry, under: Mapping[str, str], cars: Mapping[str, Car]) -> Entry:
    """An entry of a car that has several ids, under the one it is told by.

    cars: id → car before joining. Who sees the entry stays as its own car said.
    """
    if entry.car not in under:
        return entry
    own = cars.get(entry.car)
    share = entry.share or (own.share if own is not None else None)
    return replace(entry, car=under[entry.car], share=share)
