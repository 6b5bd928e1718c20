"""Cars of different logbooks: who was near whom, and who cannot have been."""

from __future__ import annotations

import numpy as np
import pytest

from convoylog.trips.convoy.strangers import find_passings, reach_of
from tests.trips.convoy.cars import BEGIN, drive, worked
from tests.trips.plain_ground import PlainGround

EVERY = np.arange(0.0, 7200.0, 10.0)


def test_two_that_drove_one_road_behind_each_other_drove_together() -> None:
    ours = worked(a=drive(lambda s: 20.0 * s, EVERY))
    theirs = worked(b=drive(lambda s: 20.0 * (s - 60.0).clip(0), EVERY))
    (found,) = find_passings(ours, theirs, ground=PlainGround())
    assert ("c-a", "c-b") == (found.a, found.b)
    assert pytest.approx(7100, abs=120) == found.together_s
    assert BEGIN <= found.at < BEGIN + 300


def test_two_that_met_head_on_passed_each_other() -> None:
    ours = worked(a=drive(lambda s: 20.0 * s, EVERY))
    theirs = worked(b=drive(lambda s: 144_000.0 - 20.0 * s, EVERY, aside_m=8.0))
    (found,) = find_passings(ours, theirs)
    assert 0.0 == found.together_s
    assert found.closest_m is not None
    assert found.closest_m < 40
    assert pytest.approx(BEGIN + 3600, abs=20) == found.at


def test_two_that_never_came_within_sight_are_no_news() -> None:
    ours = worked(a=drive(lambda s: 20.0 * s, EVERY))
    aside = worked(b=drive(lambda s: 20.0 * s, EVERY, aside_m=3000.0))
    later = worked(c=drive(lambda s: 20.0 * s, EVERY + 86_400.0))
    assert () == find_passings(ours, aside)
    assert () == find_passings(ours, later)


def test_cars_of_one_logbook_are_no_strangers_to_each_other() -> None:
    ours = worked(a=drive(lambda s: 20.0 * s, EVERY), b=drive(lambda s: 20.0 * s, EVERY))
    assert () == find_passings(ours, ())


def test_boxes_and_times_tell_who_needs_no_closer_look() -> None:
    near, far, later = worked(
        a=drive(lambda s: 20.0 * s, EVERY),
        b=drive(lambda s: 20.0 * s, EVERY, aside_m=300_000.0),
        c=drive(lambda s: 20.0 * s, EVERY + 86_400.0),
    )
    reaches = [reach_of(car) for car in (near, far, later)]
    assert all(reaches)
    one, two, three = reaches
    assert one
    assert two
    assert three
    assert one.could_meet(one)
    assert not one.could_meet(two)
    assert not one.could_meet(three)
