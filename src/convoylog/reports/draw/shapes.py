"""What a map is made of, as values: for whoever paints it, as SVG or PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convoylog.model.tracks import Floats
from convoylog.reports.draw.labels import Label
from convoylog.reports.draw.scale import Bar
from convoylog.reports.draw.view import View


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A line or area. kind: its class in the style (land, visited, lake, river, state …).

    lines: each (n, 2) pixels. closed: areas, filled even-odd.
    """

    kind: str
    lines: tuple[Floats, ...]
    closed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One car's track. colour: number of its colour. lines: pieces between holes, (n, 2) pixels.

    trip_number: of several trips on one map, 0 where there is one.
    """

    colour: int
    name: str
    lines: tuple[Floats, ...]
    unrecorded: tuple[Floats, ...] = ()
    trip_number: int = 0


@dataclass(frozen=True, slots=True)
class Roundel:
    """A car's mark: where it set out, or where a single place is all that is known.

    Of many cars at one place it is a plate: half as wide as `reach` says, in no car's colour, its label how
    many there are. place: number of the place, for marks that stand together.
    """

    x: float
    y: float
    colour: int
    label: str
    name: str
    place: int = 0
    reach: float = 0.0


@dataclass(frozen=True, slots=True)
class Pin:
    """A place of the story. anchor: of the entry it leads to."""

    x: float
    y: float
    colour: int
    anchor: str
    name: str


@dataclass(frozen=True, slots=True)
class Plate:
    """A trip's number on the map of several. anchor: of what it leads to. foot: where its stem stands."""

    x: float
    y: float
    text: str
    anchor: str
    name: str
    foot: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class MapDrawing:
    """width, height: pixels. Painted in the order of the fields. enlarged: how many times as large marks
    and names are where the map is shown small."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    ways: tuple[Way, ...]
    pins: tuple[Pin, ...]
    roundels: tuple[Roundel, ...]
    labels: tuple[Label, ...]
    title: str
    description: str
    view: View
    plates: tuple[Plate, ...] = ()
    bar: Bar | None = None
    enlarged: float = 1.0


def middle(marks: Sequence[Roundel]) -> tuple[float, float]:
    """Of marks that stand together: where they are enlarged from."""
    xs, ys = [mark.x for mark in marks], [mark.y for mark in marks]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
