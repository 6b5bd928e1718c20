"""A part of a trip adds up to the whole, in the account's own numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from convoylog.reports.outline import make_report
from convoylog.trips.part import part_of
from tests.reports.trips import BEGIN, DENVER, car, converging, note, track, trip

FIVE = converging()


def test_the_days_sum_to_the_trip() -> None:
    parts = [part_of(FIVE, day=day) for day in FIVE.days]
    for n, whole in enumerate(FIVE.cars):
        rows = [part.cars[n] for part in parts]
        for name in ("distance_m", "moving_s", "halted_s", "unknown_s", "elapsed_s"):
            assert getattr(whole, name) == pytest.approx(
                sum(getattr(r, name) for r in rows), abs=0.01
            )
        assert len(whole.track) == sum(len(row.track) for row in rows)
        assert whole.legs == tuple(leg for row in rows for leg in row.legs)
    told = [row.id for part in parts for row in part.story]
    assert sorted(told) == sorted(row.id for row in FIVE.story)


def test_a_leg_has_the_numbers_of_the_leg() -> None:
    leg = FIVE.cars[0].legs[0]
    part = part_of(FIVE, legs={leg.title})
    (only,) = part.cars
    assert (leg.distance_m, leg.moving_s, leg.halted_s, leg.unknown_s) == (
        only.distance_m, only.moving_s, only.halted_s, only.unknown_s,
    )  # fmt: skip
    assert (leg.from_at, leg.to_at) == (only.from_at, only.to_at)
    assert {row.car for row in part.story} == {only.car.id}
    assert part.title.endswith(f"– {leg.title}")
    # what only the whole knows is not told of a part
    assert (None, None, None) == (only.max_speed_mps, only.ascent_m, only.highest_m)


def test_a_car_is_told_without_the_others() -> None:
    wanted = FIVE.cars[2].car
    part = part_of(FIVE, cars={wanted.id})
    assert [wanted] == [one.car for one in part.cars]
    assert part.cars == (FIVE.cars[2],)
    assert {wanted.id} == {row.car for row in part.story}
    assert all(set(day.distance_m) <= {wanted.id} for day in part.days)
    assert part.title.endswith(f"– {wanted.name}")


def test_an_answer_on_another_day_stays_with_its_note() -> None:
    whose = car(0, "Heron")
    first = note(1, whose, BEGIN + timedelta(hours=1), "Who saw us?")
    later = note(2, whose, BEGIN + timedelta(hours=30), "We did!", reply_to=first.id)
    days = [
        track((41.9, -87.6), DENVER, BEGIN, 9),
        track(DENVER, (39.6, -105.9), BEGIN + timedelta(hours=28), 2),
    ]
    whole = trip([whose], {whose.id: days}, [first, later])
    part = part_of(whole, day=whole.days[0])
    assert [first.id, later.id] == [row.id for row in part.story]


def test_a_day_of_notes_alone_knows_no_recording() -> None:
    whose = car(0, "Heron")
    whole = trip([whose], {whose.id: [track((41.9, -87.6), DENVER, BEGIN, 9)]},
                 [note(1, whose, BEGIN + timedelta(days=3), "home")])  # fmt: skip
    part = part_of(whole, day=whole.days[-1])
    assert part.cars[0].from_at is None
    assert 1 == len(part.story)


def test_the_whole_is_a_part_of_itself() -> None:
    assert FIVE == part_of(FIVE)


def test_a_long_title_leaves_the_part_its_own_name() -> None:
    long = replace(
        FIVE,
        title="From the Lakes and the Desert and the Plains to Denver and Home by the Long Way",
    )
    slugs = {
        make_report(trip, pictures={}).slug
        for trip in (long, *(part_of(long, day=d) for d in long.days))
    }
    assert 1 + len(long.days) == len(slugs)
