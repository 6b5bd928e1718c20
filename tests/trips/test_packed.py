"""The ground of the package, as the trip asks it."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from convoylog.model.logbook import Car, Entry, Logbook, RecordedTrack
from convoylog.model.tracks import Recording, make_track
from convoylog.trips.account import work_out
from convoylog.trips.packed import PackedGround
from tests.trips.drives import drive

GROUND = PackedGround()
T = np.arange(0.0, 4 * 3600.0, 20.0)


def test_regions_come_in_the_order_of_the_first_visit() -> None:
    lon = np.interp(T, [0.0, 5_000.0, T[-1]], [-101.0, -103.0, -101.0])
    track = make_track(T, np.full(len(T), 38.0), lon)
    row = RecordedTrack("c1", "a.gpx", "a", Recording("GPX 1.1", "x", (track,)))
    (car,) = work_out(Logbook("l", "T", "", (Car("c1", "Anna", "anna"),), (), (row,), ())).cars
    assert car.regions == (("US", "US-KS", "Kansas"), ("US", "US-CO", "Colorado"))
    assert [stay.region and stay.region.postal for stay in car.stays] == ["KS", "CO", "KS"]
    assert [zone.zone for zone in car.zones] == [
        "America/Chicago",
        "America/Denver",
        "America/Chicago",
    ]


def test_names_and_zones() -> None:
    assert GROUND.region_name(38.0, -100.0) == "Kansas"
    assert GROUND.region_name(0.0, -150.0) == ""
    assert GROUND.end_name(39.7392, -104.9903) == GROUND.stop_name(39.74, -104.99) == "Denver"
    assert GROUND.zone_at(38.0872, -102.6208) == "America/Denver"
    noon = GROUND.instants_of("America/Denver", datetime(2026, 5, 2, 13, 0))  # noqa: DTZ001
    assert [GROUND.offset_at("America/Denver", at) for at in noon] == [-21_600]


def test_a_drive_from_dodge_city_over_the_zone_border() -> None:
    track = drive(T * 22.0, T)
    car = Car("c1", "Anna", "anna")
    note = Entry("n1", "note", "c1", datetime.fromisoformat("2026-05-02T07:10:00-05:00"))
    rows = (RecordedTrack("c1", "a.gpx", "a", Recording("GPX 1.1", "x", (track,))),)
    trip = work_out(Logbook("l", "T", "", (car,), (note,), rows, ()))
    (leg,) = trip.cars[0].legs
    assert (leg.zone, leg.to_zone, leg.day) == ("America/Chicago", "America/Denver", "2026-05-02")
    assert trip.cars[0].start_place == "Dodge City"
    assert trip.cars[0].regions == (("US", "US-KS", "Kansas"), ("US", "US-CO", "Colorado"))
    assert trip.story[0].placed.zone == "America/Chicago"
