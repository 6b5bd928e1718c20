"""A map as a value."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import numpy as np
import pytest

from convoylog.model.logbook import Car
from convoylog.model.tracks import Recording, make_track
from convoylog.model.trip import Trip
from convoylog.reports.draw.chart import OnMap, Spot, draw_map, whole_view
from convoylog.reports.draw.naming import Named, name_towns
from convoylog.reports.draw.shapes import MapDrawing, Roundel
from tests.reports.trips import BEGIN, DENVER, car, track, trip


def test_a_night_at_one_place_is_no_way_though_lines_lie_side_by_side() -> None:
    cars = [car(n, name) for n, name in enumerate(("Heron", "Juniper", "Mabel"))]
    home, beyond = (41.88, -87.63), (39.66, -105.88)
    days = {
        whose.id: [
            track(home, DENVER, BEGIN, 9),
            # 3 km on, which is no pixel here
            track((39.75, -105.02), beyond, BEGIN + timedelta(hours=27), 2),
        ]
        for whose in cars
    }
    whole = trip(cars, days)
    drawing = draw_map([OnMap(c, n, str(n)) for n, c in enumerate(whole.cars)])
    assert drawing is not None
    ends = [way.lines[0][-1] for way in drawing.ways]
    assert max(float(np.hypot(*(a - b))) for a in ends for b in ends) > 2
    # a step aside, nearer by, would be kilometres of a way that nobody drove
    assert [(), (), ()] == [way.unrecorded for way in drawing.ways]


def drawn(seen: Trip, spots: tuple[Spot, ...] = ()) -> MapDrawing:
    cars = [OnMap(c, n, str(n + 1)) for n, c in enumerate(seen.cars)]
    view = whole_view(cars, spots, 1000, 620, above=50)
    assert view is not None
    drawing = draw_map(cars, spots, whole=view, reserved=(1000, 50))
    assert drawing is not None
    return drawing


def around_the_world(step_s: float = 900.0) -> tuple[Car, Recording]:
    """By London, Lisbon, New York and Tokyo, with a fix every quarter of an hour."""
    places = np.array(
        [(51.5, -0.1), (38.72, -9.14), (40.71, -74.0), (35.68, -220.3), (51.5, -360.1)]
    )
    course = np.linspace(0, 4, 1500)
    lat, lon = (np.interp(course, range(5), places[:, k]) for k in (0, 1))
    time = BEGIN.timestamp() + np.arange(len(course)) * step_s
    lon = (lon + 180) % 360 - 180
    return car(1, "Globe"), Recording("GPX 1.1", "test", (make_track(time, lat, lon),))


def test_a_name_of_the_story_is_the_town_where_it_was_told() -> None:
    # there is a Lisbon beside New York, in Ohio, in Maine
    globe, recording = around_the_world()
    seen = trip([globe], {globe.id: [recording]})
    spot = Spot(38.72, -9.14, 0, "e1", "Globe Lisbon", "Lisbon")
    drawing = drawn(seen, (spot,))
    view = drawing.view
    named = Named.of(seen.cars, [("Lisbon", 38.72, -9.14)])
    route = [line for way in drawing.ways for line in way.lines]
    x, y = view.pixels(np.array([-9.14]), np.array([38.72]))[0]
    lisbons = [name for name in name_towns(view, route, named) if name.text == "Lisbon"]
    assert [(True, False)] == [(np.hypot(n.x - x, n.y - y) < 3, n.end) for n in lisbons]
    static = [label.dot for label in drawing.labels if label.text == "Lisbon"]
    assert [True] == [dot is not None and np.hypot(dot[0] - x, dot[1] - y) < 3 for dot in static]


def test_names_of_the_ends_stand_where_the_ends_are() -> None:
    globe, recording = around_the_world()
    drawing = drawn(trip([globe], {globe.id: [recording]}))
    london = drawing.view.pixels(np.array([-0.1]), np.array([51.5]))[0]
    ends = [label.dot for label in drawing.labels if label.kind == "end"]
    assert ends
    assert all(dot and np.hypot(dot[0] - london[0], dot[1] - london[1]) < 5 for dot in ends)


def test_the_names_of_a_map_of_the_world_are_of_all_of_it() -> None:
    globe, recording = around_the_world()
    dots = [
        label.dot for label in drawn(trip([globe], {globe.id: [recording]})).labels if label.dot
    ]
    west, east = [d for d in dots if d[0] < 500], [d for d in dots if d[0] >= 500]
    assert min(len(west), len(east)) >= len(dots) / 4


def test_a_recorder_that_wakes_every_quarter_of_an_hour_leaves_a_line() -> None:
    globe, recording = around_the_world()
    (way,) = drawn(trip([globe], {globe.id: [recording]})).ways
    length = sum(
        float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in (*way.lines, *way.unrecorded)
    )
    # once around a map that is a thousand pixels wide, and not a line for each quarter of an hour
    assert length > 1000
    assert len(way.unrecorded) < 10


def test_what_was_recorded_without_a_clock_is_on_the_map() -> None:
    timed, untimed = car(1, "Clock"), car(2, "None")
    a, b = track(DENVER, (39.2, -106.8), BEGIN, 4), track(DENVER, (41.1, -104.8), BEGIN, 3)
    (line,) = b.tracks
    bare = Recording("GPX 1.1", "test", (make_track([np.nan] * len(line), line.lat, line.lon),))
    alone = drawn(trip([untimed], {untimed.id: [bare]}))
    # the whole way of a car that has no other, and a mark of whose it is
    assert [1] == [len(way.lines) for way in alone.ways]
    assert ["1"] == [roundel.label for roundel in alone.roundels]
    # beside a recording with times it is known as one without
    both = drawn(trip([timed], {timed.id: [a, bare]}))
    assert [(1, 1)] == [(len(way.lines), len(way.unrecorded)) for way in both.ways]


def test_where_something_was_told_the_town_has_its_name_in_spite_of_the_pin() -> None:
    cahors = Spot(44.4491, 1.4366, 0, "e1", "Heron Cahors", "Cahors")
    albi = Spot(43.93, 2.15, 0, "e2", "Heron Albi", "Albi")
    labels = {label.text for label in drawn(trip([car(1, "Heron")]), (cahors, albi)).labels}
    assert {"Cahors", "Albi"} <= labels


def test_no_name_stands_where_days_and_cars_are_chosen() -> None:
    # Zürich is full of names
    here = track((47.37, 8.52), (47.39, 8.56), BEGIN, 0.2)
    whose = car(1, "Heron")
    drawing = drawn(trip([whose], {whose.id: [here]}))
    assert len(drawing.labels) > 5
    assert min(label.y for label in drawing.labels) - 11 >= 50
    assert not [
        label.text for label in drawing.labels if "Kreis" in label.text and "/" in label.text
    ]


def marks(*cities: tuple[tuple[float, float], int]) -> list[Roundel]:
    """The marks of cars that set out from places, so many from each, and meet in Kansas."""
    cars, ways = [], {}
    for place, count in cities:
        for _ in range(count):
            whose = car(len(cars), f"Car {len(cars) + 1}")
            cars.append(whose)
            ways[whose.id] = [track(place, (38.0, -98.0), BEGIN, 6)]
    return list(drawn(trip(cars, ways)).roundels)


@pytest.mark.parametrize("near", [0.0, 0.1, 0.3, 0.6, 2.0])
@pytest.mark.parametrize("count", [1, 5, 7, 8, 20])
def test_no_mark_of_a_car_covers_another(count: int, near: float) -> None:
    lat, lon = DENVER
    found = marks((DENVER, count), ((lat + near, lon), 6), ((lat, lon - near), 12))
    for a, b in combinations(found, 2):
        reach = (a.reach or 12) + (b.reach or 12)
        assert np.hypot(a.x - b.x, a.y - b.y) >= reach - 1.1 or abs(a.y - b.y) >= 23, (a, b)


def test_of_many_cars_from_one_place_their_number_stands_there() -> None:
    (mark,) = marks((DENVER, 8))
    assert "×8" == mark.label
    assert "Car 1, Car 2, Car 3, Car 4, Car 5, Car 6, Car 7, Car 8" == mark.name
    assert [str(n) for n in range(1, 8)] == [mark.label for mark in marks((DENVER, 7))]


def test_marks_at_the_edge_of_a_map_stay_on_it() -> None:
    whole = drawn(
        trip([car(1, "Heron")], {car(1, "Heron").id: [track(DENVER, (41.0, -98.0), BEGIN, 6)]})
    )
    cars = [car(n, f"Car {n}") for n in range(7)]
    ways = {one.id: [track(DENVER, (41.0, -98.0), BEGIN, 6)] for one in cars}
    seen = draw_map(
        [OnMap(c, n, str(n)) for n, c in enumerate(trip(cars, ways).cars)],
        whole=replace(whole.view, left=whole.view.left + 150 / whole.view.scale),
    )
    assert seen
    assert all(12 <= mark.x for mark in seen.roundels if mark.x > 0)
