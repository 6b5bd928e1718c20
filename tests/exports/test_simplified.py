"""Fewer points tell the same story: the same states, the same days, the same stops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convoylog import geo
from convoylog.exports.exported import Choice, Exported, choose
from convoylog.exports.formats import FORMS, render
from convoylog.exports.simplified import pins_of, simplified
from convoylog.files.readers import HEAD, reader_for
from convoylog.model.logbook import Logbook, RecordedTrack
from convoylog.model.tracks import Recording, make_track
from convoylog.model.trip import Trip
from convoylog.places import regions
from convoylog.trips.account import work_out
from tests.exports.test_formats import content
from tests.reports.trips import car, converging

FIVE = converging()
ALL = frozenset(car.car.id for car in FIVE.cars)
CUTS = regions.packed().cuts


def whole(trip: Trip) -> Exported:
    return choose(trip, Choice(frozenset(c.car.id for c in trip.cars)), slug="x", pictures={})


def again(exported: Exported, form: str = "gpx") -> Trip:
    """The account of what was exported, added to an empty logbook, a car's file at a time."""
    cars, tracks = [], []
    for line in exported.lines:
        own = car(line.number, line.car, hole_s=36_000)
        found = content(render(replace(exported, lines=(line,), marks=()), form, "x"))
        recording = reader_for(found[:HEAD]).read(found)
        assert isinstance(recording, Recording)
        cars.append(own)
        tracks.append(RecordedTrack(own.id, f"{line.number}", f"{line.number}", recording))
    return work_out(Logbook("b", "T", "", tuple(cars), (), tuple(tracks), ()))


def way(trip: Trip) -> list[list[object]]:
    """The regions each car came through, in order."""
    return [[stay.region for stay in car.stays] for car in trip.cars]


@pytest.mark.parametrize("metres", [20.0, 2_000.0, 50_000.0])
def test_the_states_crossed_stay_the_same_after_adding_again(metres: float) -> None:
    fewer = simplified(whole(FIVE), pins_of(FIVE), metres, None, CUTS)
    assert fewer.points < whole(FIVE).points / 4
    found = again(fewer)
    assert way(FIVE) == way(found)
    for before, after in zip(FIVE.cars, found.cars, strict=True):
        for one, other in zip(before.crossings, after.crossings, strict=True):
            assert one.at == pytest.approx(other.at, abs=2.0)
            assert geo.distance_m(one.lat, one.lon, other.lat, other.lon) < 50.0


def test_of_few_points_too() -> None:
    fewer = simplified(whole(FIVE), pins_of(FIVE), 0.0, 600, CUTS)
    assert fewer.points <= 600
    assert way(FIVE) == way(again(fewer))


def around_a_corner() -> Trip:
    """Through Utah, around the corner of Wyoming that lies in it, two kilometres off."""
    n = 1_000
    lat = np.concatenate([np.linspace(41.3, 40.98, n), np.full(n, 40.98)])
    lon = np.concatenate([np.full(n, -111.075), np.linspace(-111.075, -110.7, n)])
    track = make_track(1.8e9 + np.arange(2 * n) * 2.0, lat, lon)
    own = car(0, "Anna")
    recorded = RecordedTrack(own.id, "a", "a", Recording("GPX", "", (track,)))
    return work_out(Logbook("b", "T", "", (own,), (), (recorded,), ()))


def test_a_line_does_not_come_to_lie_beyond_a_border() -> None:
    trip = around_a_corner()
    assert [["Utah"]] == [[stay.region.name for stay in car.stays] for car in trip.cars]  # type: ignore[union-attr]
    loose = simplified(whole(trip), pins_of(trip), 30_000.0, None)
    assert way(trip) != way(again(loose)), "the test shows nothing"
    kept = simplified(whole(trip), pins_of(trip), 30_000.0, None, CUTS)
    assert way(trip) == way(again(kept))


def test_borders_cost_few_points() -> None:
    """Both ends of the hop over one, not the whole stretch."""
    loose, kept = (simplified(whole(FIVE), {}, 2_000.0, None, cuts) for cuts in (None, CUTS))
    crossed = sum(len(car.crossings) for car in FIVE.cars)
    assert loose.points < kept.points < loose.points + 8 * crossed


def test_the_points_around_midnight_stay() -> None:
    n = 3_000
    lat = np.linspace(39.0, 40.5, n)
    track = make_track(1_800_000_000 - 6 * 3600 + np.arange(n) * 30.0, lat, np.full(n, -105.5))
    own = car(0, "Anna")
    recorded = RecordedTrack(own.id, "a", "a", Recording("GPX", "", (track,)))
    trip = work_out(Logbook("b", "T", "", (own,), (), (recorded,), ()))
    (line,) = simplified(whole(trip), pins_of(trip), 50_000.0, None).lines
    kept = line.track.time.tolist()
    dates = np.floor((track.time - 7 * 3600) / 86_400)  # of Denver
    (turn,) = np.flatnonzero(np.diff(dates))
    assert {track.time[turn], track.time[turn + 1]} <= set(kept)
    assert len(kept) == 4


def test_more_that_stays_than_was_asked_for_is_told() -> None:
    fewer = simplified(whole(FIVE), pins_of(FIVE), 0.0, 20, CUTS)
    (told,) = fewer.told
    assert told.endswith("stay: more than 20.")
    assert "borders" in told


@pytest.mark.parametrize("form", FORMS)
def test_every_form_takes_fewer_points(form: str) -> None:
    fewer = simplified(whole(FIVE), pins_of(FIVE), 100.0, None, CUTS)
    assert fewer.points == sum(c.points for c in again(fewer, form).cars)
