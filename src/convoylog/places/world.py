"""The packed world: states and provinces of one topology, water, built-up areas, labels.

Data: Natural Earth, public domain; see `LICENSES.md` beside this file. Borders show who controls
the ground, at a scale of about 1 km. Each layer is unpacked when it is first asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats, Ints
from convoylog.places import packing

CREDIT = "Map: Natural Earth (public domain)"

#: west, south, east, north in degrees; west > east where the box crosses 180°
Box = tuple[float, float, float, float]

#: lines of the one topology: shores, borders of countries, borders of states inside a country
BORDERS = ("coast", "country", "state")
#: lines and areas of their own; disputed: claims and control lines, to be drawn dashed
LINES = ("river", "disputed")
#: lines that only layers have which somebody added, see `layers.py`
ADDED = ("road",)
AREAS = ("lake", "urban")


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


@dataclass(frozen=True, slots=True)
class Place:
    """A city or town that maps name. rank, min_zoom: lower is more important.

    capital: of a country. people: 0 where unknown.
    """

    name: str
    lat: float
    lon: float
    country_code: str
    rank: int
    min_zoom: float
    people: int
    capital: bool


@dataclass(frozen=True, eq=False)
class RegionShape:
    """A state or province. code: ISO 3166-2 where there is one. rank: of its label.

    label: longitude and latitude where its name stands, None if unknown. postal: short form such
    as CO, or "". box: its bounds, west ≤ east. arcs: rings of references into the arcs: twice the
    arc's number, plus 1 if it runs backward.
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
    #: where the arcs are; points are made only for the regions that are drawn
    _world: World = field(repr=False)

    @cached_property
    def rings(self) -> tuple[Floats, ...]:
        """Each (n, 2) longitude and latitude in degrees, first point not repeated."""
        return tuple(self._world.ring(references) for references in self.arcs)


class World:
    """The layers. content: a file as `tools/build_world.py` writes it."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._layers: dict[str, _Layer] = {}

    def _section(self, name: str) -> bytes:
        return packing.read_section(self._content, name)

    # --- the topology of regions

    @cached_property
    def arc_points(self) -> Floats:
        """Points of all arcs one after another, (n, 2) longitude and latitude."""
        return self._packed_arcs[0]

    @cached_property
    def arc_starts(self) -> Ints:
        """Where each arc begins among `arc_points`, and where the last ends."""
        return self._packed_arcs[1]

    @cached_property
    def _packed_arcs(self) -> tuple[Floats, Ints]:
        points, starts = packing.read_lines(self._section("arcs"))
        return np.asarray(points * packing.REGION_UNIT, dtype=np.float64), starts

    @cached_property
    def arc_boxes(self) -> Floats:
        """(number of arcs, 4): west, south, east, north."""
        return bounds(self.arc_points, self.arc_starts)

    @cached_property
    def arc_kinds(self) -> Ints:
        """What each arc separates: a number into `packing.KINDS`."""
        return np.frombuffer(self._section("kinds"), dtype=np.uint8).astype(np.int64)

    def arc(self, number: int) -> Floats:
        """One arc's points, (n, 2)."""
        return self.arc_points[self.arc_starts[number] : self.arc_starts[number + 1]]

    def ring(self, references: tuple[int, ...]) -> Floats:
        """The closed ring of some arcs; an odd reference runs its arc backward."""
        parts = [self.arc(r >> 1)[::-1] if r & 1 else self.arc(r >> 1) for r in references]
        # each arc ends where the next begins
        return np.concatenate([part[:-1] for part in parts])

    @cached_property
    def region_arcs(self) -> tuple[Ints, Ints]:
        """(arcs of all regions, where each region begins among them, and where the last ends)."""
        rows, groups, references = self._nested
        return references >> 1, groups[rows]

    @cached_property
    def _nested(self) -> tuple[Ints, Ints, Ints]:
        return packing.read_nested(self._section("rings"))

    @cached_property
    def region_boxes(self) -> Floats:
        """(number of regions, 4): west, south, east, north."""
        arcs, starts = self.region_arcs
        used = self.arc_boxes[arcs]
        low = np.minimum.reduceat(used[:, :2], starts[:-1])
        high = np.maximum.reduceat(used[:, 2:], starts[:-1])
        return np.concatenate([low, high], axis=1)

    @cached_property
    def region_texts(self) -> list[list[str]]:
        """Country code, country, code, name, postal, rank, label's longitude and latitude."""
        return packing.read_texts(self._section("regions"))

    @cached_property
    def regions(self) -> tuple[RegionShape, ...]:
        """Every state and province, in the order of their numbers."""
        rows, groups, references = (part.tolist() for part in self._nested)
        shapes = []
        for n, (text, box) in enumerate(
            zip(self.region_texts, self.region_boxes.tolist(), strict=True)
        ):
            country_code, country, code, name, postal, rank, x, y = text
            rings = tuple(
                tuple(references[groups[g] : groups[g + 1]]) for g in range(rows[n], rows[n + 1])
            )
            label = (float(x), float(y)) if x else None
            shapes.append(
                RegionShape(
                    n,
                    *(country_code, country, code, name, postal),
                    int(rank),
                    label,
                    tuple(box),
                    rings,
                    self,
                )
            )
        return tuple(shapes)

    def regions_in(self, box: Box) -> list[RegionShape]:
        """States and provinces whose bounds touch the box."""
        return [self.regions[n] for n in np.flatnonzero(touches(self.region_boxes, box))]

    def outline(self, regions: Iterable[RegionShape]) -> list[tuple[int, ...]]:
        """The rings around some regions taken as one: what no two of them share.

        Rings of references like those of a region; to be filled even-odd.
        """
        times = Counter(r >> 1 for region in regions for ring in region.arcs for r in ring)
        edges = sorted(number for number, count in times.items() if count == 1)
        leaving: dict[tuple[float, ...], list[int]] = {}
        for number in edges:
            first, last = self.arc(number)[[0, -1]].tolist()
            leaving.setdefault(tuple(first), []).append(2 * number)
            leaving.setdefault(tuple(last), []).append(2 * number + 1)
        used: set[int] = set()
        rings = []
        for number in edges:
            ring: list[int] = []
            # an even number of edges meets at every point, so a walk ends where it began
            step = 2 * number if number not in used else None
            while step is not None:
                used.add(step >> 1)
                ring.append(step)
                end = self.arc(step >> 1)[0 if step & 1 else -1].tolist()
                step = next((r for r in leaving[tuple(end)] if r >> 1 not in used), None)
            if ring:
                rings.append(tuple(ring))
        return rings

    def arcs(self, box: Box) -> list[tuple[Floats, str]]:
        """(points, coast | country | state) of every arc that touches the box.

        Shared borders come once, so whoever thins them keeps neighbours together. Where the data
        itself ends (±179.9°, -89.9°) is no line.
        """
        return [
            (self.arc(int(n)), packing.KINDS[self.arc_kinds[n]])
            for n in np.flatnonzero(touches(self.arc_boxes, box))
            if packing.KINDS[self.arc_kinds[n]] in BORDERS
        ]

    # --- what is drawn over it

    def lines(self, kind: str, box: Box) -> list[Line]:
        """Lines that touch the box. kind: one of BORDERS, LINES or ADDED. Raises ValueError for others."""
        if kind in BORDERS:
            return [Line(points) for points, of in self.arcs(box) if of == kind]
        if kind not in (*LINES, *ADDED):
            raise ValueError(f"no lines of kind {kind}")
        layer = self._layer(kind)
        return [Line(layer.line(n), layer.ranks[n], layer.names[n]) for n in layer.touching(box)]

    def areas(self, kind: str, box: Box) -> list[Area]:
        """Whole areas that touch the box. kind: region or one of AREAS. Raises ValueError."""
        if kind == "region":
            return [Area(s.rings, s.rank, s.name) for s in self.regions_in(box)]
        if kind not in AREAS:
            raise ValueError(f"no areas of kind {kind}")
        layer = self._layer(kind)
        # rings of one area follow each other, and an island counts with its lake
        areas = []
        for number in sorted({layer.numbers[n] for n in layer.touching(box)}):
            rings = layer.rings_of(number)
            first = rings[0]
            lines = tuple(layer.line(n) for n in rings)
            areas.append(Area(lines, layer.ranks[first], layer.names[first]))
        return areas

    def places(self, box: Box) -> list[Place]:
        """Cities and towns in the box, important ones first."""
        inside = touches(np.concatenate([self._place_points] * 2, axis=1), box)
        return [self._place(int(n)) for n in np.flatnonzero(inside)]

    @cached_property
    def _place_points(self) -> Floats:
        points, _ = packing.read_lines(self._section("place"))
        return np.asarray(points * packing.WATER_UNIT, dtype=np.float64)

    @cached_property
    def _place_texts(self) -> list[list[str]]:
        return packing.read_texts(self._section("place-texts"))

    def _place(self, n: int) -> Place:
        name, country_code, rank, min_zoom, people, capital = self._place_texts[n]
        lon, lat = self._place_points[n].tolist()
        return Place(
            name, lat, lon, country_code, int(rank), float(min_zoom), int(people), bool(capital)
        )

    def _layer(self, kind: str) -> _Layer:
        if kind not in self._layers:
            self._layers[kind] = _Layer(self._section(kind), self._section(f"{kind}-texts"))
        return self._layers[kind]


class _Layer:
    """Lines in columns. numbers: of the feature each line belongs to, never falling."""

    def __init__(self, lines: bytes, texts: bytes) -> None:
        points, self.starts = packing.read_lines(lines)
        self.points: Floats = np.asarray(points * packing.WATER_UNIT, dtype=np.float64)
        self.boxes = bounds(self.points, self.starts)
        rows = packing.read_texts(texts)
        self.ranks = [int(row[0]) for row in rows]
        self.numbers = [int(row[1]) for row in rows]
        self._column = np.array(self.numbers)
        self.names = [row[2] for row in rows]

    def line(self, n: int) -> Floats:
        return self.points[self.starts[n] : self.starts[n + 1]]

    def touching(self, box: Box) -> list[int]:
        return [int(n) for n in np.flatnonzero(touches(self.boxes, box))]

    def rings_of(self, number: int) -> range:
        """Lines of one feature."""
        return range(
            int(np.searchsorted(self._column, number)),
            int(np.searchsorted(self._column, number, "right")),
        )


def bounds(points: Floats, starts: Ints) -> Floats:
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
