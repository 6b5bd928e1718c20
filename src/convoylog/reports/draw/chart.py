"""A map as a value: what is drawn where, in pixels, for whoever paints it (SVG or PNG)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from convoylog.model.tracks import Floats
from convoylog.model.trip import CarTrip
from convoylog.places import world
from convoylog.places.atlas import mapped_towns
from convoylog.places.towns import all_towns
from convoylog.reports.draw.bundle import beside, find_lanes
from convoylog.reports.draw.ground import draw_ground
from convoylog.reports.draw.labels import Label, Labels
from convoylog.reports.draw.naming import Named, short_name
from convoylog.reports.draw.pieces import Piece, pieces_of, untimed_of, within_map
from convoylog.reports.draw.scale import Bar, scale_bar
from convoylog.reports.draw.shapes import MapDrawing, Pin, Plate, Roundel, Way, middle
from convoylog.reports.draw.thin import kept
from convoylog.reports.draw.view import View, view_around
from convoylog.reports.words import Words

#: pixels a line may lose: half of what a screen shows
_HALF_PIXEL = 0.5
#: points of all tracks together: the page stays light enough for a phone
_MOST_POINTS = 20_000
#: pixels that look like one road, and between two neighbours on it; a line is 2.6 wide
_ROAD_PX, _LANE_PX = 5.0, 3.0
#: towns that may be named in each of so many parts across and down
_GRID, _A_CELL = 5, 4
#: pixels within which cars set out from one place, and between the middles of two marks
_ONE_START_PX, _MARK_PX = 18.0, 24.0
#: cars whose marks make a flower one reads at a glance; of more their number stands there
_FLOWER = 7
#: half the width of that number's plate, less a letter; and of a letter
_PLATE_PX, _LETTER_PX = 8.0, 3.7
#: pixels from a trip's way to its plate, 30 wide and 26 high
_STEMS_PX = (26.0, 38.0, 52.0, 70.0, 92.0)
#: towns named before the states are: about half of what a map has room for
_GREAT = 16


@dataclass(frozen=True, slots=True, eq=False)
class OnMap:
    """A car to be drawn: its account, colour and label.

    trip_number: of several trips on one map; cars of one trip lie side by side, trips over each other.
    """

    trip: CarTrip
    colour: int
    label: str
    trip_number: int = 0


@dataclass(frozen=True, slots=True)
class Sign:
    """A plate that stands for a whole trip. lat, lon: a place on its way. anchor: what it leads to."""

    lat: float
    lon: float
    text: str
    anchor: str
    name: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the story to be pinned. place: what it is called."""

    lat: float
    lon: float
    colour: int
    anchor: str
    name: str
    place: str = ""


def whole_view(
    cars: Sequence[OnMap],
    spots: Sequence[Spot],
    width: int,
    height: int,
    bleed: tuple[float, float] = (0.0, 0.0),
    above: int = 0,
    aside: int = 0,
) -> View | None:
    """The view that holds all tracks and places; None where there are none. above, aside:
    pixels at the top and at the left that something else covers."""
    tracks = [track for car in cars for track in (car.trip.track, car.trip.untimed)]
    lat = np.concatenate([*(track.lat for track in tracks), np.array([s.lat for s in spots])])
    lon = np.concatenate([*(track.lon for track in tracks), np.array([s.lon for s in spots])])
    if not len(lat):
        return None
    return view_around(lon, lat, width, height, bleed, above=above, aside=aside)


def draw_map(
    cars: Sequence[OnMap],
    spots: Sequence[Spot] = (),
    *,
    width: int = 1000,
    height: int = 700,
    begin: float | None = None,
    end: float | None = None,
    title: str = "",
    description: str = "",
    whole: View | None = None,
    within: View | None = None,
    thin_px: float = 0.6,
    reserved: tuple[float, float] = (0.0, 0.0),
    roads: world.World | None = None,
    signs: Sequence[Sign] = (),
    starts: bool = True,
    words: Words | None = None,
    enlarged: float = 1.0,
) -> MapDrawing | None:
    """The map of some cars' tracks; None where there is nothing to put on it.

    begin, end: UTC seconds; of each track only what lies between. whole: the view to be drawn.
    within: a view whose ground is drawn elsewhere; this map lies in it and has none of its own.
    thin_px: pixels the ground's lines may lose. reserved: width and height of a corner at the top
    left where no name may stand. roads: a layer to be drawn as well. signs: plates of trips. starts:
    with a roundel where a car set out. words: how a scale is told; None: there is none. enlarged: how
    many times as large marks and names are where the map is shown small.
    """
    pieces = [pieces_of(car.trip, begin, end) for car in cars]
    # nobody knows on which day a line without a clock was driven
    whole_trip = begin is None and end is None
    others = [untimed_of(car.trip) if whole_trip and len(car.trip.track) else [] for car in cars]
    rows = [piece for car in (*pieces, *others) for piece in car]
    lat = np.concatenate([*(p.lat for p in rows), np.array([s.lat for s in spots])])
    lon = np.concatenate([*(p.lon for p in rows), np.array([s.lon for s in spots])])
    if not len(lat):
        return None
    view = whole or view_around(lon, lat, width, height, within=within)
    visited = {region for car in cars for region in car.trip.regions}
    shapes = () if within else draw_ground(view, visited, thin_px=thin_px, roads=roads)
    tolerance = _HALF_PIXEL
    thin = [_drawn(view, rows) for rows in pieces]
    while sum(len(t) for rows in thin for t in rows) > _MOST_POINTS:
        tolerance *= 2
        thin = [[_thin(t, tolerance) for t in rows] for rows in thin]
    bundled = _bundled(cars, thin)
    ways = tuple(
        Way(
            car.colour,
            car.trip.car.name,
            tuple(line for line in rows if len(line) > 1),
            # between true places: a step aside is no way, and nearer it would be a long one
            (*_jumps(places, view.turn), *_drawn(view, beside)),
            car.trip_number,
        )
        for car, rows, places, beside in zip(cars, bundled, thin, others, strict=True)
    )
    labels = Labels(view.width, view.height)
    labels.avoid_box(0, 0, *reserved)
    bar = scale_bar(view, words) if words else None
    if bar:
        labels.avoid_box(bar.x - 4, bar.y - 20, bar.x + bar.width + 4, bar.y + 4)
    for way in ways:
        for line in way.lines:
            labels.avoid_line(line)
    roundels = _roundels(cars, thin, labels, view) if starts else ()
    plates = _plates(signs, view, labels)
    pins = _pins(spots, view, labels)
    named = Named.of([car.trip for car in cars], [(s.place, s.lat, s.lon) for s in spots])
    _name_places(labels, view, named, ways)
    placed = labels.placed
    if enlarged > 1:
        placed = _named_afar(placed, view, ways, roundels, pins, bar, enlarged)
    return MapDrawing(
        view.width,
        view.height,
        shapes,
        ways,
        pins,
        roundels,
        placed,
        title,
        description,
        view,
        plates,
        bar,
        enlarged,
    )


def _bundled(
    cars: Sequence[OnMap], lines: Sequence[Sequence[Floats]]
) -> tuple[tuple[Floats, ...], ...]:
    """Each car's lines, moved aside where others of its trip drove the same road."""
    trips: dict[int, list[int]] = {}
    for n, car in enumerate(cars):
        trips.setdefault(car.trip_number, []).append(n)
    moved: dict[int, tuple[Floats, ...]] = {}
    for members in trips.values():
        lanes = find_lanes([lines[n] for n in members], _ROAD_PX)
        for n, rows in zip(members, lanes, strict=True):
            moved[n] = tuple(_thin(beside(r.points, r.lane, _LANE_PX), 0.3) for r in rows)
    return tuple(moved[n] for n in range(len(cars)))


def _drawn(view: View, pieces: Sequence[Piece]) -> list[Floats]:
    """Pieces in pixels, cut where the map begins again."""
    return [
        _thin(view.pixels(p.lon, p.lat), _HALF_PIXEL) for p in within_map(pieces, view.projection)
    ]


def _thin(line: Floats, tolerance: float) -> Floats:
    return line[kept(line[:, 0], line[:, 1], tolerance)]


def _jumps(lines: Sequence[Floats], turn: float) -> tuple[Floats, ...]:
    """Straight lines over what was not recorded, from the end of a piece to the next one's begin.

    Where a piece is a single place, the line goes on: a recorder that wakes every quarter of an hour
    leaves nothing else. turn: pixels after which the map begins again; a way out at one side comes
    in at the other.
    """
    rows: list[list[Floats]] = []
    going_on = False
    for a, b in itertools.pairwise(line for line in lines if len(line)):
        begin, end = a[-1], b[0]
        if turn and abs(end[0] - begin[0]) > turn / 2:
            around = np.array([turn * np.sign(end[0] - begin[0]), 0.0])
            if going_on:
                rows[-1].append(end - around)
            else:
                rows.append([begin, end - around])
            rows.append([begin + around, end])
        elif going_on:
            rows[-1].append(end)
        else:
            rows.append([begin, end])
        going_on = len(b) == 1
    drawn = (_thin(np.array(row), _HALF_PIXEL) for row in rows)
    return tuple(row for row in drawn if float(np.ptp(row, axis=0).max()) > 1.5)


def _roundels(
    cars: Sequence[OnMap], lines: Sequence[Sequence[Floats]], labels: Labels, view: View
) -> tuple[Roundel, ...]:
    """Each car's number where it set out, none on another; of many cars from one place how many they are."""
    starts: list[tuple[float, float, list[OnMap]]] = []
    for car, rows in zip(cars, lines, strict=True):
        if not rows:
            continue
        # of a line without a clock nobody knows which end comes first
        at = 0 if len(car.trip.track) else len(rows[0]) // 2
        x, y = float(rows[0][at][0]), float(rows[0][at][1])
        near = (s for s in starts if np.hypot(x - s[0], y - s[1]) < _ONE_START_PX)
        start = next(near, None)
        if start:
            start[2].append(car)
        else:
            starts.append((x, y, [car]))
    placed: list[Roundel] = []
    # the number of many stands where they are; a single mark may stand beside
    for n, (x, y, here) in sorted(enumerate(starts), key=lambda row: -len(row[1][2])):
        if len(here) > _FLOWER:
            label = f"×{len(here)}"
            reach = _PLATE_PX + _LETTER_PX * len(label)
            names = ", ".join(car.trip.car.name for car in here)
            px, py = _free_place(x, y, placed, reach, view)
            placed.append(Roundel(px, py, -1, label, names, n, reach))
            # without a script a phone shows it larger
            labels.avoid_box(px - 1.5 * reach, py - 18, px + 1.5 * reach, py + 20)
            continue
        for car in here:
            px, py = _free_place(x, y, placed, _MARK_PX / 2, view)
            placed.append(Roundel(px, py, car.colour, car.label, car.trip.car.name, n))
            labels.avoid_circle(px, py, 13)
        if len(here) > 2:
            labels.avoid_flower(x, y)
    return tuple(sorted(placed, key=lambda mark: mark.place))


def _free_place(
    x: float, y: float, taken: Sequence[Roundel], reach: float, view: View
) -> tuple[float, float]:
    """A place at x, y or on rings around it where a mark touches no other and lies on the map.

    On its rings marks lie as in a honeycomb: six around one, twelve around those.
    """
    for ring in range(12):
        for turn in range(max(6 * ring, 1)):
            angle = 2 * np.pi * turn / max(6 * ring, 1)
            px = float(x + ring * _MARK_PX * np.cos(angle))
            py = float(y + ring * _MARK_PX * np.sin(angle))
            # a start beyond the edge stays there: it is not to be seen
            inside = ring == 0 or (reach < px < view.width - reach and 12 < py < view.height - 12)
            if inside and all(
                np.hypot(px - mark.x, py - mark.y) >= reach + (mark.reach or _MARK_PX / 2) - 1
                for mark in taken
            ):
                return px, py
    return x, y


def _plates(signs: Sequence[Sign], view: View, labels: Labels) -> tuple[Plate, ...]:
    """Each plate on a stem, where it hides least of the ways and no other plate."""
    placed: list[Plate] = []
    for sign in signs:
        x, y = view.pixels(np.array([sign.lon]), np.array([sign.lat]))[0].tolist()
        best, least = (x, y), np.inf
        for reach in _STEMS_PX:
            for angle in np.arange(16) * np.pi / 8:
                px, py = float(x + reach * np.cos(angle)), float(y + reach * np.sin(angle))
                inside = 18 < px < view.width - 18 and 16 < py < view.height - 16
                free = all(abs(px - p.x) >= 34 or abs(py - p.y) >= 30 for p in placed)
                cost = labels.hides(px - 15, py - 13, px + 15, py + 13) + reach / 12
                if inside and free and cost < least:
                    best, least = (px, py), cost
        placed.append(Plate(*best, sign.text, sign.anchor, sign.name, (x, y)))
    for plate in placed:
        labels.avoid_box(plate.x - 17, plate.y - 15, plate.x + 17, plate.y + 15)
    return tuple(placed)


def _pins(spots: Sequence[Spot], view: View, labels: Labels) -> tuple[Pin, ...]:
    """A dot for every place of the story; places under 9 pixels apart share the first one's."""
    pins: list[Pin] = []
    for spot in spots:
        x, y = view.pixels(np.array([spot.lon]), np.array([spot.lat]))[0]
        if all(np.hypot(x - pin.x, y - pin.y) >= 9 for pin in pins):
            pins.append(Pin(float(x), float(y), spot.colour, spot.anchor, spot.name))
            labels.avoid_circle(float(x), float(y), 6)
    return tuple(pins)


def _name_places(labels: Labels, view: View, named: Named, ways: Sequence[Way]) -> None:
    """Ends of the trip first, then great cities, states, and towns; nearer the route preferred."""
    people = float(np.interp(view.metres_wide / 1000, [60, 300, 1000, 4000], [1e3, 8e3, 9e4, 4e5]))
    route = np.concatenate([line for way in ways for line in way.lines] or [np.zeros((0, 2))])
    inside = []
    columns = all_towns()
    found, weights = mapped_towns(view.box, int(people / 8))
    places = view.pixels(columns.lon[found], columns.lat[found])
    for n, weight, (x, y) in zip(found.tolist(), weights.tolist(), places.tolist(), strict=True):
        if 8 < x < view.width - 8 and 8 < y < view.height - 8:
            near = len(route) > 0 and float(np.hypot(*(route - (x, y)).T).min()) < 14
            inside.append((n, float(x), float(y), near, weight))
    ends = [(n, (x, y)) for n, x, y, _, _ in inside if named.is_end(n)]
    for n, place in ends:
        labels.place_town(short_name(columns.names[n]), *place, "end", [at for _, at in ends])
    weighed = [
        (named.weight(n, weight, near), short_name(columns.names[n]), x, y)
        for n, x, y, near, weight in inside
        if (near or weight >= people or named.is_told(n)) and not named.is_end(n)
    ]
    cells: dict[tuple[int, int], int] = {}
    wanted = []
    for _, name, x, y in sorted(weighed, key=lambda row: (-row[0], row[1])):
        # so that the towns of India are not all the names of the world
        cell = (int(x / view.width * _GRID), int(y / view.height * _GRID))
        cells[cell] = cells.get(cell, 0) + 1
        if cells[cell] <= _A_CELL:
            wanted.append((name, x, y))
    # a state gives way to its great cities: it has room elsewhere
    for name, x, y in wanted[:_GREAT]:
        labels.place_town(name, x, y, "town")
    for region in world.load_world().regions_in(view.box):
        if region.label is None or not view.names_regions:
            continue
        x, y = view.pixels(np.array([region.label[0]]), np.array([region.label[1]]))[0]
        west, south, east, north = region.box
        across = (east - west) * np.cos(np.radians(region.label[1]))
        wide, high = (float(d * 111_000 * view.scale) for d in (across, north - south))
        if wide > 11 * len(region.name) + 20:
            labels.place_region(region.name, float(x), float(y), (wide, high))
    for name, x, y in wanted[_GREAT:60]:
        labels.place_town(name, x, y, "town")


def _named_afar(
    labels: Sequence[Label],
    view: View,
    ways: Sequence[Way],
    roundels: Sequence[Roundel],
    pins: Sequence[Pin],
    bar: Bar | None,
    enlarged: float,
) -> tuple[Label, ...]:
    """Names with their places among enlarged marks, which is a map drawn that much smaller."""
    small = Labels(int(view.width / enlarged), int(view.height / enlarged))
    for way in ways:
        for line in way.lines:
            small.avoid_line(line / enlarged)
    for _, together in groupby(roundels, key=lambda mark: mark.place):
        marks = list(together)
        x, y = middle(marks)
        if len(marks) > 2:
            small.avoid_flower(x / enlarged, y / enlarged)
        for mark in marks:
            px, py = x / enlarged + mark.x - x, y / enlarged + mark.y - y
            small.avoid_box(px - (mark.reach or 13), py - 13, px + (mark.reach or 13), py + 13)
    for pin in pins:
        small.avoid_circle(pin.x / enlarged, pin.y / enlarged, 6)
    if bar:
        x, y, wide = bar.x / enlarged, bar.y / enlarged, bar.width / enlarged
        small.avoid_box(x - 12, y - 20, x + wide + 12, y + 4)
    ends = [
        (one.dot[0] / enlarged, one.dot[1] / enlarged)
        for one in labels
        if one.kind == "end" and one.dot
    ]
    told = []
    for one in labels:
        there = one.dot and small.place_town(
            one.text, one.dot[0] / enlarged, one.dot[1] / enlarged, one.kind,
            ends if one.kind == "end" else (),
        )  # fmt: skip
        afar = (there.x * enlarged, there.y * enlarged, there.anchor) if there else None
        told.append(replace(one, afar=afar))
    return tuple(told)
