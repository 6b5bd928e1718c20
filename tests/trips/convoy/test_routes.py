"""The same road whenever driven: section 5's cases, each ±0.15 km."""

from __future__ import annotations

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from convoylog.model.convoy import SameRoute
from convoylog.model.tracks import Floats, Track, join_tracks, make_track
from convoylog.trips.convoy.routes import compare, make_line
from tests.trips.convoy.cars import BEGIN, ROAD, on_road

KM = 1000.0


def timed(track: Track, speed: float = 30.0, begin: float = BEGIN) -> Track:
    """Driven evenly, by the chords' lengths."""
    metres = [
        Geodesic.WGS84.Inverse(*row)["s12"]
        for row in zip(track.lat[:-1], track.lon[:-1], track.lat[1:], track.lon[1:], strict=True)
    ]
    time = begin + np.concatenate([[0.0], np.cumsum(metres)]) / speed
    return make_track(time, track.lat, track.lon)


def straight(first: float, last: float, aside: float = 0.0, step: float = 150.0) -> Track:
    """From one km to another along the road, either way."""
    n = int(abs(last - first) * KM / step) + 1
    return on_road(np.linspace(first * KM, last * KM, n), aside)


def leaving(bearing: float, at_km: float, length_km: float) -> Track:
    """A straight road off the road at a point of it."""
    line = Geodesic.WGS84.Line(*ROAD).Position(at_km * KM)
    side = (line["lat2"], line["lon2"], line["azi2"] + bearing)
    metres: Floats = np.arange(150.0, length_km * KM, 150.0)
    return on_road(metres, road=side)


def joined(*tracks: Track) -> Track:
    return timed(join_tracks(tracks))


def likeness(other: Track) -> SameRoute:
    return compare(make_line(timed(straight(0, 100))), make_line(other))


def km(metres: float) -> object:
    return pytest.approx(metres * KM, abs=150.0)


@pytest.mark.parametrize(("aside", "shared"), [(0.0, 100.0), (50.0, 100.0), (200.0, 0.0)])
def test_a_parallel_road_is_the_same_as_long_as_it_is_near(aside: float, shared: float) -> None:
    found = likeness(timed(straight(0, 100, aside)))
    assert km(shared) == found.shared_m
    assert pytest.approx(shared / 100.0, abs=0.0015) == found.of_a == pytest.approx(found.of_b)
    assert ("same" if shared else "") == found.likeness


def test_a_road_that_leaves_is_shared_a_little_longer() -> None:
    found = likeness(joined(straight(0, 60), leaving(30.0, 60.0, 40.0)))
    assert km(60.15) == found.shared_m
    assert "partly" == found.likeness


def test_the_opposite_direction_is_another_way_but_told() -> None:
    found = likeness(timed(straight(100, 0)))
    assert (0.0, 0.0, 0.0) == (found.shared_m, found.of_a, found.of_b)
    assert km(100) == found.reversed_m


def test_crossing_a_road_shares_nothing() -> None:
    start = leaving(90.0, 50.0, 30.0)
    found = likeness(joined(make_track(start.time, start.lat[::-1], start.lon[::-1]),
                            leaving(-90.0, 50.0, 30.0)))  # fmt: skip
    assert 0.0 == found.shared_m == found.reversed_m


def test_out_and_back_is_matched_once() -> None:
    found = likeness(joined(straight(0, 40), straight(40, 0)))
    assert pytest.approx(0.40, abs=0.0015) == found.of_a
    assert pytest.approx(0.50, abs=0.002) == found.of_b


def test_a_detour_is_left_out_in_the_middle() -> None:
    found = likeness(joined(straight(0, 45), straight(45.2, 54.8, 2000.0), straight(55, 100)))
    assert km(90) == found.shared_m
    assert 2 == found.runs


def test_a_track_twice_around_is_a_part_and_not_twice_shared() -> None:
    found = likeness(joined(straight(0, 100), straight(0, 100)))
    assert km(100) == found.shared_m
    assert found.of_a <= 1.0
    assert "part" == found.likeness


def test_standing_makes_no_way() -> None:
    way = timed(straight(0, 100))
    stood = make_track(
        np.concatenate([way.time[:300], way.time[300] + np.arange(600.0), way.time[301:] + 600.0]),
        np.concatenate([way.lat[:300], np.full(600, way.lat[300]), way.lat[301:]]),
        np.concatenate([way.lon[:300], np.full(600, way.lon[300]), way.lon[301:]]),
    )
    assert pytest.approx(make_line(way).total_m) == make_line(stood).total_m
    assert km(100) == likeness(stood).shared_m


def test_no_way_shares_nothing() -> None:
    nothing = make_track([], [], [])
    assert SameRoute(0.0, 0.0, 0.0) == likeness(nothing)
    assert SameRoute(0.0, 0.0, 0.0) == likeness(make_track([BEGIN], [38.0], [-100.0]))
