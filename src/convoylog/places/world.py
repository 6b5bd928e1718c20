"""The packed world: states and provinces of one topology, lakes, rivers, built-up areas.

Data: Natural Earth, public domain; see `LICENSES.md` beside this file. Borders show who controls
the ground, at a scale of about 1 km.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats
from convoylog.places import packing

#: degrees a unit, as `tools/build_world.py` packs them
REGION_UNIT = 0.0005
WATER_UNIT = 0.001

#: west, south, east, north in degrees; west > east where the box crosses 180°
Box = tuple[float, float, float, float]

_KINDS = ("coast", "country", "state")


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """points: (n, 2) longitude and latitude in degrees. rank: lower is more important."""

    points: Floats
    rank: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """rings: each (n, 2) longitude and latitude, first point not repeated; filled even-odd."""

    rings: tuple[Floats, ...]
    rank: int = 0
    name: str = ""


@dataclass(frozen=True, eq=False)
class RegionShape:
    """A state or province. code: ISO 3166-2 where there is one. label: where its name stands.

    box: its bounds, west ≤ east. postal: short form such as CO, or "".
    """

    index: int
    country_code: str
    country: str
    code: str
    name: str
    postal: str
    rank: int
    label: tuple[float, float] | None
    box: Box
    arcs: tuple[tuple[int, ...], ...]

    @cached_property
    def rings(self) -> tuple[Floats, ...]:
        """Each (n, 2) longitude and latitude in degrees, first point not repeated."""
        return tuple(load_world().ring(references) for references in self.arcs)


class World:
    """The layers, each unpacked when it is first asked for."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def _section(self, name: str) -> bytes:
        return packing.read_section(self._content, name)

    @cached_property
    def _arcs(self) -> tuple[Floats, NDArray[np.int64]]:
        points, starts = packing.read_lines(self._section("arcs"))
        return np.asarray(points * REGION_UNIT, dtype=np.float64), starts

    @cached_property
    def _arc_boxes(self) -> Floats:
        points, starts = self._arcs
        return _boxes(points, starts)

    def arc(self, number: int) -> Floats:
        """One arc's points, (n, 2)."""
        points, starts = self._arcs
        return points[starts[number] : starts[number + 1]]

    def ring(self, references: tuple[int, ...]) -> Floats:
        """The closed ring of some arcs; an odd reference runs its arc backward."""
        parts = [self.arc(r >> 1)[::-1] if r & 1 else self.arc(r >> 1) for r in references]
        # each arc ends where the next begins
        return np.concatenate([part[:-1] for part in parts])

    @cached_property
    def regions(self) -> tuple[RegionShape, ...]:
        """Every state and province, in the order of their numbers."""
        numbers = packing.read_varints(self._section("rings")).astype(np.int64).tolist()
        boxes = self._arc_boxes
        shapes = []
        at = 0
        for index, row in enumerate(packing.read_texts(self._section("regions"))):
            rings = []
            count, at = numbers[at], at + 1
            for _ in range(count):
                size, at = numbers[at], at + 1
                rings.append(tuple(numbers[at : at + size]))
                at += size
            used = boxes[[r >> 1 for ring in rings for r in ring]] if rings else np.zeros((1, 4))
            box = (used[:, 0].min(), used[:, 1].min(), used[:, 2].max(), used[:, 3].max())
            label = (float(row[6]), float(row[7])) if row[6] else None
            shapes.append(
                RegionShape(
                    index, row[0], row[1], row[2], row[3], row[4], int(row[5]), label,
                    tuple(float(side) for side in box), tuple(rings),  # type: ignore[arg-type]
                )
            )  # fmt: skip
        return tuple(shapes)

    @cached_property
    def region_boxes(self) -> Floats:
        """(number of regions, 4): west, south, east, north."""
        return np.array([shape.box for shape in self.regions])

    def arcs(self, box: Box) -> list[tuple[Floats, str]]:
        """(points, coast | country | state) of every arc that touches the box.

        Shared borders come once, so whoever thins them keeps neighbours together.
        """
        kinds = self._section("kinds")
        return [
            (self.arc(int(n)), _KINDS[kinds[n]])
            for n in np.flatnonzero(touches(self._arc_boxes, box))
        ]

    def lines(self, kind: str, box: Box) -> list[Line]:
        """Lines that touch the box. kind: coast, country, state or river."""
        if kind in _KINDS:
            return [Line(points) for points, of in self.arcs(box) if of == kind]
        return [Line(p, rank, name) for p, rank, _, name in self._water(kind, box)]

    def areas(self, kind: str, box: Box) -> list[Area]:
        """Areas that touch the box. kind: lake or urban."""
        groups: dict[int, list[tuple[Floats, int, str]]] = {}
        for points, rank, number, name in self._water(kind, box):
            groups.setdefault(number, []).append((points, rank, name))
        return [
            Area(tuple(p for p, _, _ in rows), rows[0][1], rows[0][2]) for rows in groups.values()
        ]

    def regions_in(self, box: Box) -> list[RegionShape]:
        """States and provinces whose bounds touch the box."""
        return [self.regions[n] for n in np.flatnonzero(touches(self.region_boxes, box))]

    def _water(self, kind: str, box: Box) -> list[tuple[Floats, int, int, str]]:
        points, starts, boxes, texts = self._layer(kind)
        rows = []
        for n in np.flatnonzero(touches(boxes, box)):
            rank, number, name = texts[n]
            rows.append((points[starts[n] : starts[n + 1]], int(rank), int(number), name))
        return rows

    @cache  # noqa: B019 - there is one world, kept for the length of the program
    def _layer(self, kind: str) -> tuple[Floats, NDArray[np.int64], Floats, list[list[str]]]:
        points, starts = packing.read_lines(self._section(kind))
        degrees: Floats = np.asarray(points * WATER_UNIT, dtype=np.float64)
        return (
            degrees,
            starts,
            _boxes(degrees, starts),
            packing.read_texts(self._section(f"{kind}s")),
        )


def _boxes(points: Floats, starts: NDArray[np.int64]) -> Floats:
    """Bounds of every line: (number of lines, 4)."""
    low = np.minimum.reduceat(points, starts[:-1])
    high = np.maximum.reduceat(points, starts[:-1])
    return np.concatenate([low, high], axis=1)


def touches(boxes: Floats, box: Box) -> NDArray[np.bool_]:
    """Which of n boxes touch one. A box with west > east crosses 180°."""
    west, south, east, north = box
    level = (boxes[:, 3] >= south) & (boxes[:, 1] <= north)
    if west <= east:
        return level & (boxes[:, 2] >= west) & (boxes[:, 0] <= east)
    return level & ((boxes[:, 2] >= west) | (boxes[:, 0] <= east))


@cache
def load_world() -> World:
    """The packed world of this package."""
    return World(files("convoylog.places").joinpath("world.bin").read_bytes())
