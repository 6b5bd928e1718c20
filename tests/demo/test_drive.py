"""Roads and driving: smooth where roads are, standing where people stop."""

from __future__ import annotations

import numpy as np
import pytest

from convoylog import geo
from convoylog.demo.curves import smooth
from convoylog.demo.drive import Place, Recorder, drive, ride
from convoylog.demo.roads import names, road

CORNER = [(40.0, -100.0, 500.0), (40.0, -99.5, 520.0), (40.4, -99.5, 900.0)]


def test_a_road_passes_its_places_in_order_and_begins_and_ends_at_them_exactly() -> None:
    line, marks = smooth(CORNER)
    assert 0.0 == marks[0] < marks[1] < marks[2] == pytest.approx(line.length_m)
    assert (40.0, -100.0, 500.0) == pytest.approx((line.lat[0], line.lon[0], line.ele[0]))
    assert (40.4, -99.5, 900.0) == pytest.approx((line.lat[-1], line.lon[-1], line.ele[-1]))
    middle = int(np.argmin(np.abs(line.at - marks[1])))
    assert geo.distance_m(40.0, -99.5, line.lat[middle], line.lon[middle]) < 300


def test_a_road_has_no_kinks_a_car_could_not_follow() -> None:
    for name in names():
        line = road(name).line
        courses = geo.course_deg(line.lat[:-1], line.lon[:-1], line.lat[1:], line.lon[1:])
        turns = np.abs((np.diff(courses) + 180) % 360 - 180)
        assert turns.max() < 40, name


def test_every_road_goes_on_where_another_ends() -> None:
    by_town: dict[str, set[tuple[float, float]]] = {}
    for name in names():
        line = road(name).line
        towns = name.split(" – ")
        for town, k in ((towns[0], 0), (towns[-1], -1)):
            by_town.setdefault(town, set()).add(
                (round(float(line.lat[k]), 4), round(float(line.lon[k]), 4))
            )
    assert {1} == {len(places) for places in by_town.values()}


def test_a_stop_lasts_as_long_as_it_was_planned_and_comes_where_it_should() -> None:
    driven = drive("Trinidad – Walsenburg", 1000.0, {"Aguilar": 20.0}, pace=1.0, wobble=0.0)
    begin, end = driven.stops["Aguilar"]
    assert 1200.0 == end - begin
    assert driven.road.marks["Aguilar"] == pytest.approx(
        float(np.interp(begin, driven.at, driven.along)), abs=60
    )
    alone = drive("Trinidad – Walsenburg", 1000.0, {}, pace=1.0, wobble=0.0)
    # braking and starting again cost less than two minutes
    assert 1200.0 <= driven.ends - alone.ends < 1320.0


def test_two_stops_named_in_any_order_are_made_in_the_order_of_the_road() -> None:
    stops = {"Raton": 10.0, "Dumas": 5.0}
    driven = drive("Amarillo – Trinidad", 0.0, stops, pace=1.0, wobble=1.0)
    assert driven.stops["Dumas"][1] < driven.stops["Raton"][0]
    assert (300.0, 600.0) == tuple(b - a for a, b in (driven.stops["Dumas"], driven.stops["Raton"]))


def test_nobody_brakes_harder_than_coffee_allows() -> None:
    driven = drive("Denver – Frisco", 0.0, {"Georgetown": 5.0}, pace=1.0, wobble=2.0)
    moving = np.diff(driven.along) > 0
    speed = np.diff(driven.along)[moving] / np.diff(driven.at)[moving]
    at = ((driven.at[1:] + driven.at[:-1]) / 2)[moving]
    assert np.abs(np.diff(speed) / np.diff(at)).max() < 1.3


def test_a_follower_is_behind_by_its_headway_and_passes_where_told() -> None:
    driven = drive("Trinidad – Walsenburg", 0.0, {}, pace=1.0, wobble=0.0)
    rng = np.random.default_rng(1)
    place = Place(30.0, {"Aguilar": -20.0})
    last = ride([(driven, place)], rng, Recorder(), 0, "last")
    first = ride([(driven, Place())], rng, Recorder(), 1, "first")
    assert 30.0 == pytest.approx(last.events["start"][0] - first.events["start"][0])
    assert -20.0 == pytest.approx(last.events["end"][0] - first.events["end"][0])


def test_a_late_recorder_misses_the_begin_and_a_tunnel_breaks_the_track() -> None:
    driven = drive("Denver – Frisco", 0.0, {}, pace=1.0, wobble=0.0)
    rng = np.random.default_rng(1)
    recorder = Recorder(every=5.0, late=600.0, tunnel=("East Portal", "West Portal"))
    day = ride([(driven, Place())], rng, recorder, 0, "")
    assert 450.0 == day.track.time[0]
    assert 1 == day.track.segment.max()
    assert 80.0 < np.diff(day.track.time).max() < 180.0
