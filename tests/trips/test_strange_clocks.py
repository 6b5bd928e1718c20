"""Cameras whose photos are of another year than the drive."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convoylog.errors import Problem
from convoylog.model.logbook import Camera, Car, Logbook, RecordedPhoto
from convoylog.model.photos import Photograph
from convoylog.trips.account import work_out
from convoylog.trips.instants import camera_key
from tests.trips.drives import drive
from tests.trips.plain_ground import PlainGround
from tests.trips.test_account import recorded

ANNA = Car("c-anna", "Anna", "44-anna", zone="UTC")


def taken(n: int, at: str, model: str = "Box") -> RecordedPhoto:
    facts = Photograph("JPEG", 60, 40, taken=at, offset_s=None, make="", model=model)
    return RecordedPhoto(ANNA.id, f"cars/44-anna/photos/{n}.jpg", f"{n:064x}", facts)


def told(*photos: RecordedPhoto, car: Car = ANNA, driven: bool = True) -> list[Problem]:
    """What is said of clocks of a car that drove on 2 May 2026."""
    t = np.arange(0.0, 3600.0, 10.0)
    tracks = (recorded(car, drive(t * 20.0, t)),) if driven else ()
    trip = work_out(Logbook("l1", "Plains", "", (car,), (), tracks, photos), ground=PlainGround())
    return [problem for problem in trip.problems if problem.kind == "strange-clock"]


def test_a_clock_that_was_never_set_is_told_with_what_to_do() -> None:
    (problem,) = told(taken(1, "2001-01-01T00:04:00"), taken(2, "2001-01-01T09:00:00"))
    assert "cars/44-anna" == problem.file
    key = camera_key(taken(1, "").photograph)
    assert (
        f"all photos of {key} are 9252 days before the car's tracks: a wrong clock?"
        == problem.message
    )
    assert "`convoylog camera check`" in problem.hint


def test_of_a_battery_that_was_empty_for_a_while_only_those_photos_are_told() -> None:
    others = [taken(n, f"2026-05-02T12:{n}0:00") for n in (1, 2)]
    (problem,) = told(*others, taken(3, "2028-01-01T00:00:00"))
    assert problem.message.startswith("1 of 3 photos of ")
    assert " after the car's tracks" in problem.message


@pytest.mark.parametrize(
    "at", ["2026-05-02T12:10:00", "2025-12-24T18:00:00", "2026-09-01T08:00:00", ""]
)
def test_a_photo_within_half_a_year_is_no_matter_of_clocks(at: str) -> None:
    assert [] == told(taken(1, at))


def test_without_a_track_nobody_knows_the_year() -> None:
    assert [] == told(taken(1, "2001-01-01T00:04:00"), driven=False)


def test_a_clock_put_right_is_told_no_more() -> None:
    photo = taken(1, "2001-01-01T00:04:00")
    off = Camera(camera_key(photo.photograph), offset_s=-799_334_000.0)
    assert [] == told(photo, car=replace(ANNA, cameras=(off,)))
