"""A map as a value: what is drawn where, in pixels, for whoever paints it (SVG or PNG)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convoylog.model.tracks import Floats
from convoylog.model.trip import CarTrip
from convoylog.places import towns, world
from convoylog.reports.draw.bundle import side_by_side
from convoylog.reports.draw.clip import Frame, clip_area, clip_line
from convoylog.reports.draw.labels import Label, Labels
from convoylog.reports.draw.project import Projection, fit
from convoylog.reports.draw.thin import kept

#: how much land stays around the trip, as a share of its size
_MARGIN = 0.16
#: metres a map shows at least: a car park is no country
_LEAST_M = 4_000.0
#: pixels a line may lose: half of what a screen shows
_HALF_PIXEL = 0.5
#: pixels the ground's lines may lose, and an area's least size: it is looked past, not at
_THIN_PX = 0.6
_LEAST_AREA_PX = 1.5
#: metres across from which on state lines are left out
_WIDEST_WITH_STATES_M = 7_000_000.0
#: points of all tracks together: the page stays light enough for a phone
_MOST_POINTS = 20_000
#: seconds of hole from which on a track is drawn as two
_HOLE_S = 600.0


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
    """One car's track. colour: number of its colour. lines: pieces between holes, (n, 2) pixels."""

    colour: int
    name: str
    lines: tuple[Floats, ...]
    unrecorded: tuple[Floats, ...] = ()


@dataclass(frozen=True, slots=True)
class Roundel:
    """A car's mark: where it set out, or where a single place is all that is known."""

    x: float
    y: float
    colour: int
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A place of the story. anchor: of the entry it leads to."""

    x: float
    y: float
    colour: int
    anchor: str
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class MapDrawing:
    """width, height: pixels. Painted in the order of the fields."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    ways: tuple[Way, ...]
    pins: tuple[Pin, ...]
    roundels: tuple[Roundel, ...]
    labels: tuple[Label, ...]
    title: str
    description: str


@dataclass(frozen=True, slots=True, eq=False)
class OnMap:
    """A car to be drawn: its account, colour and label; only within begin..end (UTC s) if given."""

    trip: CarTrip
    colour: int
    label: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the story to be pinned."""

    lat: float
    lon: float
    colour: int
    anchor: str
    name: str


def draw_map(
    cars: Sequence[OnMap],
    spots: Sequence[Spot] = (),
    *,
    width: int = 1000,
    height: int = 700,
    begin: float | None = None,
    end: float | None = None,
    title: str = "Map of the trip",
    description: str = "",
    bleed: float = 0.0,
    reserved: tuple[float, float] = (0.0, 0.0),
) -> MapDrawing | None:
    """The map of some cars' tracks; None where there is nothing to put on it.

    begin, end: UTC seconds; of each track only what lies between. bleed: how far the ground is drawn
    beyond the edges, as a share of the size, for screens of another shape. reserved: width and height
    of a corner at the top left where no name may stand.
    """
    pieces = [_pieces(car.trip, begin, end) for car in cars]
    rows = [piece for car in pieces for piece in car]
    lat = np.concatenate([*(la for la, _ in rows), np.array([s.lat for s in spots])])
    lon = np.concatenate([*(lo for _, lo in rows), np.array([s.lon for s in spots])])
    if not len(lat):
        return None
    projection = fit(lon, lat)
    view = _View.around(projection, lon, lat, width, height, bleed)
    shapes = _ground(view, cars)
    tracks = [[view.pixels(lo, la) for la, lo in rows] for rows in pieces]
    tolerance = _HALF_PIXEL
    while sum(len(kept(t[:, 0], t[:, 1], tolerance)) for r in tracks for t in r) > _MOST_POINTS:
        tolerance *= 2
    thin = [[t[kept(t[:, 0], t[:, 1], tolerance)] for t in rows if len(t)] for rows in tracks]
    bundled = side_by_side(thin)
    ways = tuple(
        Way(
            car.colour,
            car.trip.car.name,
            tuple(line for line in rows if len(line) > 1),
            _jumps(rows),
        )
        for car, rows in zip(cars, bundled, strict=True)
    )
    labels = Labels(width, height)
    labels.avoid_box(0, 0, *reserved)
    for way in ways:
        for line in way.lines:
            labels.avoid_line(line)
    roundels = _roundels(cars, thin, labels)
    pins = _pins(spots, view, labels)
    _name_places(labels, view, cars, ways)
    return MapDrawing(
        width, height, shapes, ways, pins, roundels, labels.placed, title, description
    )


def _pieces(trip: CarTrip, begin: float | None, end: float | None) -> list[tuple[Floats, Floats]]:
    """(lat, lon) of a track's pieces between holes."""
    t = trip.track
    which = np.ones(len(t), dtype=bool)
    if begin is not None:
        which &= t.time >= begin
    if end is not None:
        which &= t.time <= end
    lat, lon, time, segment = t.lat[which], t.lon[which], t.time[which], t.segment[which]
    if not len(lat):
        return []
    breaks = (np.diff(segment) != 0) | (np.diff(time) > _HOLE_S)
    cuts = np.flatnonzero(breaks) + 1
    return list(zip(np.split(lat, cuts), np.split(lon, cuts), strict=True))


def _jumps(lines: Sequence[Floats]) -> tuple[Floats, ...]:
    """Straight lines over what was not recorded, from the end of a piece to the next one's begin."""
    ends = [line for line in lines if len(line)]
    return tuple(
        np.array([a[-1], b[0]]) for a, b in itertools.pairwise(ends)
        if np.hypot(*(a[-1] - b[0])) > 1.5
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """The frame of a map: metres of a projection to pixels."""

    projection: Projection
    left: float
    top: float
    scale: float
    width: int
    height: int
    box: world.Box
    bleed: float = 0.0

    @classmethod
    def around(
        cls, projection: Projection, lon: Floats, lat: Floats, width: int, height: int, bleed: float
    ) -> _View:
        x, y = projection(lon, lat)
        spread = max(float(np.ptp(x)) / width, float(np.ptp(y)) / height) * (1 + 2 * _MARGIN)
        scale = 1 / max(spread, _LEAST_M / min(width, height))
        cx, cy = float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2
        left, top = cx - width / 2 / scale, cy + height / 2 / scale
        grown = (1 + 2 * bleed) / scale
        box = _box(lon, lat, width * grown, height * grown)
        return cls(projection, left, top, scale, width, height, box, bleed)

    @property
    def frame(self) -> Frame:
        x, y = self.bleed * self.width + 2, self.bleed * self.height + 2
        return (-x, -y, self.width + x, self.height + y)

    def pixels(self, lon: Floats, lat: Floats) -> Floats:
        x, y = self.projection(lon, lat)
        return np.stack([(x - self.left) * self.scale, (self.top - y) * self.scale], axis=-1)

    @property
    def metres_wide(self) -> float:
        return self.width / self.scale


def _box(lon: Floats, lat: Floats, wide_m: float, high_m: float) -> world.Box:
    """A box in degrees that holds the whole map, its corners too."""
    from convoylog.reports.draw.project import middle_longitude

    reach = np.hypot(wide_m, high_m) / 2 / 111_000 * 1.15
    middle = (float(lat.min()) + float(lat.max())) / 2
    south, north = max(middle - reach, -90.0), min(middle + reach, 90.0)
    widest = max(abs(south), abs(north))
    across = reach / max(np.cos(np.radians(min(widest, 89.0))), 0.02)
    if across >= 179:
        return (-180.0, south, 180.0, north)
    lon0 = middle_longitude(lon)
    return ((lon0 - across + 540) % 360 - 180, south, (lon0 + across + 540) % 360 - 180, north)


def _ground(view: _View, cars: Sequence[OnMap]) -> tuple[Shape, ...]:
    """Land, visited states, water, towns' ground and borders, from the bottom up."""
    packed = world.load_world()
    visited = {region for car in cars for region in car.trip.regions}
    land: list[Floats] = []
    bright: list[Floats] = []
    for region in packed.regions_in(view.box):
        key = (region.country_code, region.code, region.name)
        (bright if key in visited else land).extend(region.rings)
    # the wider the map, the fewer the rivers: ranks from Natural Earth, 0 the largest
    deepest = int(np.interp(view.metres_wide / 1000, [100, 400, 1500, 4000], [11, 9, 6, 4]))
    rivers = [line.points for line in packed.lines("river", view.box) if line.rank <= deepest]
    lakes = [r for area in packed.areas("lake", view.box) for r in area.rings]
    urban = [r for area in packed.areas("urban", view.box) for r in area.rings]
    borders: dict[str, list[Floats]] = {"coast": [], "country": [], "state": []}
    # on a map of half the world, provinces are only noise
    wide = view.metres_wide >= _WIDEST_WITH_STATES_M
    for points, kind in packed.arcs(view.box):
        if kind in borders and not (wide and kind == "state"):
            borders[kind].append(points)
    return tuple(
        Shape(kind, rows, closed)
        for kind, rows, closed in (
            ("land", _areas(view, land), True),
            ("visited", _areas(view, bright), True),
            ("urban", _areas(view, urban), True),
            ("lake", tuple(r for r in _areas(view, lakes) if _large(r, 12)), True),
            ("river", _lines(view, rivers), False),
            ("shore", _lines(view, borders["coast"]), False),
            ("state", _lines(view, borders["state"]), False),
            ("country", _lines(view, borders["country"]), False),
        )
        if rows
    )


def _on_screen(view: _View, lines: Sequence[Floats], smallest: float) -> list[Floats]:
    """Lines in pixels, projected together; what lies off the map or is smaller is left out."""
    if not lines:
        return []
    ends = np.cumsum([len(line) for line in lines])
    whole = np.concatenate(lines)
    pixels = view.pixels(whole[:, 0], whole[:, 1])
    starts = np.concatenate([[0], ends[:-1]])
    low = np.minimum.reduceat(pixels, starts)
    high = np.maximum.reduceat(pixels, starts)
    left, top, right, bottom = view.frame
    seen = (high[:, 0] >= left) & (low[:, 0] <= right) & (high[:, 1] >= top) & (low[:, 1] <= bottom)
    seen &= (high - low).max(axis=1) >= smallest
    return [pixels[starts[n] : ends[n]] for n in np.flatnonzero(seen)]


def _areas(view: _View, rings: Sequence[Floats]) -> tuple[Floats, ...]:
    """Rings cut to the frame and thinned; what is left of too few points is no area."""
    result = []
    for ring in _on_screen(view, rings, _LEAST_AREA_PX):
        points = clip_area(ring, view.frame)
        if len(points) > 2:
            points = points[kept(points[:, 0], points[:, 1], _THIN_PX)]
        if len(points) > 2:
            result.append(points)
    return tuple(result)


def _lines(view: _View, lines: Sequence[Floats]) -> tuple[Floats, ...]:
    """Lines thinned, then cut to the frame."""
    result: list[Floats] = []
    for line in _on_screen(view, lines, _THIN_PX):
        thin = line[kept(line[:, 0], line[:, 1], _THIN_PX)]
        # a line around the far side of the earth has no business on this map
        if np.abs(np.diff(thin, axis=0)).max(initial=0) <= 4 * max(view.width, view.height):
            result += clip_line(thin, view.frame)
    return tuple(result)


def _large(ring: Floats, least: float) -> bool:
    """Whether an area covers so many square pixels."""
    x, y = ring[:, 0], ring[:, 1]
    return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2 >= least


def _roundels(
    cars: Sequence[OnMap], lines: Sequence[Sequence[Floats]], labels: Labels
) -> tuple[Roundel, ...]:
    """Each car's number where it set out; cars from one place stand beside each other."""
    placed: list[Roundel] = []
    for car, rows in zip(cars, lines, strict=True):
        if not rows:
            continue
        x, y = float(rows[0][0][0]), float(rows[0][0][1])
        # a spiral of free places around the start
        for turn in range(60):
            step = 0 if turn == 0 else 24 + 3 * (turn // 8)
            angle = turn * np.pi / 4
            px, py = x + step * np.cos(angle), y + step * np.sin(angle)
            if all(np.hypot(px - r.x, py - r.y) >= 23 for r in placed):
                break
        placed.append(Roundel(px, py, car.colour, car.label, car.trip.car.name))
        labels.avoid_circle(px, py, 13)
    return tuple(placed)


def _pins(spots: Sequence[Spot], view: _View, labels: Labels) -> tuple[Pin, ...]:
    """A dot for every place of the story; places under 9 pixels apart share the first one's."""
    pins: list[Pin] = []
    for spot in spots:
        x, y = view.pixels(np.array([spot.lon]), np.array([spot.lat]))[0]
        if all(np.hypot(x - pin.x, y - pin.y) >= 9 for pin in pins):
            pins.append(Pin(float(x), float(y), spot.colour, spot.anchor, spot.name))
            labels.avoid_circle(float(x), float(y), 6)
    return tuple(pins)


def _name_places(labels: Labels, view: _View, cars: Sequence[OnMap], ways: Sequence[Way]) -> None:
    """Ends of the trip first, then states, then towns by people, nearer the route preferred."""
    ends = {c.trip.start_place for c in cars} | {c.trip.end_place for c in cars}
    people = float(np.interp(view.metres_wide / 1000, [60, 300, 1000, 4000], [1e3, 8e3, 9e4, 4e5]))
    route = np.concatenate([line for way in ways for line in way.lines] or [np.zeros((0, 2))])
    inside = []
    found = towns.towns_in(view.box, int(people / 8))
    places = view.pixels(np.array([t.lon for t in found]), np.array([t.lat for t in found]))
    for town, (x, y) in zip(found, places.tolist(), strict=True):
        if 8 < x < view.width - 8 and 8 < y < view.height - 8:
            near = len(route) > 0 and float(np.hypot(*(route - (x, y)).T).min()) < 14
            inside.append((town, float(x), float(y), near))
    for town, x, y, near in inside:
        if town.name in ends and near:
            labels.place_town(town.name, x, y, "end")
    for region in world.load_world().regions_in(view.box):
        if region.label is None:
            continue
        x, y = view.pixels(np.array([region.label[0]]), np.array([region.label[1]]))[0]
        wide = (region.box[2] - region.box[0]) * 111_000 * np.cos(np.radians(region.label[1]))
        if wide * view.scale > 11 * len(region.name) + 20:
            labels.place_region(region.name, float(x), float(y))
    score = sorted(
        (row for row in inside if row[3] or row[0].population >= people),
        key=lambda row: (-row[0].population * (6 if row[3] else 1), row[0].name),
    )
    for town, x, y, _ in score[:60]:
        if town.name not in ends:
            labels.place_town(town.name, x, y, "town")
