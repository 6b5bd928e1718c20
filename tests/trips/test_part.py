"""A part of a trip adds up to the whole, in the account's own numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from convoylog.model.borders import Crossing, Region
from convoylog.model.logbook import Entry
from convoylog.model.trip import Trip
from convoylog.reports.edition import PLAIN
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from convoylog.trips.part import part_of, span_of
from tests.reports.trips import BEGIN, DENVER, STARTS, car, converging, note, track, trip

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
    assert {row.car for row in part.story if not row.reply_to} == {only.car.id}
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


def test_a_day_is_titled_by_the_cars_and_legs_of_the_part() -> None:
    for wanted in FIVE.cars:
        (first, *_) = wanted.legs
        for part in (part_of(FIVE, cars={wanted.car.id}), part_of(FIVE, legs={first.title})):
            day = next(one for one in part.days if one.day == first.day)
            assert day.title.startswith(first.start_place), part.title
        both = part_of(FIVE, cars={wanted.car.id}, day=FIVE.days[0])
        assert first.start_place in both.title
    assert len({car.start_place for car in FIVE.cars}) > 1
    # of a day alone all cars tell
    assert FIVE.days[0].title in part_of(FIVE, day=FIVE.days[0]).title


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


def _two_cars() -> tuple[Trip, Entry, Entry]:
    heron, juniper = car(0, "Heron"), car(1, "Juniper")
    asked = note(1, heron, BEGIN + timedelta(hours=1), "Who saw us?")
    answered = note(2, juniper, BEGIN + timedelta(hours=29), "We did!", reply_to=asked.id)
    days = {
        whose.id: [
            track(STARTS[whose.name], DENVER, BEGIN, 9),
            track(DENVER, (39.6, -105.9), BEGIN + timedelta(hours=28), 2),
        ]
        for whose in (heron, juniper)
    }
    return trip([heron, juniper], days, [asked, answered]), asked, answered


def test_who_only_answers_is_heard_and_has_no_part_in_the_figures() -> None:
    whole, asked, answered = _two_cars()
    told = make_report(whole, pictures={})
    part = part_of(whole, cars={asked.car})
    alone = make_report(part, pictures={})
    assert ["Heron"] == [member.name for member in alone.cast]
    assert ("1", "car") == alone.figures[0]
    assert "Juniper" not in alone.lede + " ".join(alone.notices)
    (item,) = [item for chapter in alone.chapters for item in chapter.items]
    (answer,) = item.answers
    assert answered.id == answer.told.id
    # it was given the day after, and its car looks as it does in the whole
    assert answer.clock.startswith("Fri 12 Jun, ")
    (juniper,) = [m for m in told.cast if m.name == "Juniper"]
    assert (juniper.colour, juniper.label) == (answer.car.colour, answer.car.label)
    assert 0 == len(answer.car.trip.track)
    for form in ("html", "hugo"):
        pages = FORMATS[form](alone, PLAIN)
        assert any(b"We did" in content for content in pages.contents().values())


def test_who_only_answers_may_be_spoken_to() -> None:
    heron, juniper = car(0, "Heron"), car(1, "Juniper")
    asked = note(1, heron, BEGIN + timedelta(hours=1), "Who saw us, @Juniper?")
    answered = note(2, juniper, BEGIN + timedelta(hours=2), "We, @Heron!", reply_to=asked.id)
    days = {one.id: [track(STARTS[one.name], DENVER, BEGIN, 9)] for one in (heron, juniper)}
    part = part_of(trip([heron, juniper], days, [asked, answered]), cars={heron.id})
    pages = FORMATS["html"](make_report(part, pictures={}), PLAIN)
    page = pages.files[pages.first].decode()
    # of the guest nothing is told that one could be led to
    assert "Who saw us, @Juniper?" in page
    assert '<a class="mention" href="#car-1">@Heron</a>' in page


def test_a_car_looks_the_same_in_every_part() -> None:
    whole = make_report(FIVE, pictures={})
    for member in whole.cast:
        (alone,) = make_report(part_of(FIVE, cars={member.id}), pictures={}).cast
        assert (member.colour, member.label) == (alone.colour, alone.label)


def test_an_answer_of_another_day_is_told_on_the_day_of_its_note() -> None:
    whole, asked, answered = _two_cars()
    report = make_report(part_of(whole, day=whole.days[0]), pictures={})
    assert () == report.undated
    (chapter,) = report.chapters
    (item,) = chapter.items
    assert asked.id == item.told.id
    assert [answered.id] == [row.told.id for row in item.answers]
    # on its own day it stands by itself, with what it answers
    (later,) = make_report(part_of(whole, day=whole.days[1]), pictures={}).chapters
    assert [answered.id] == [item.told.id for item in later.items]


def test_a_night_is_parted_between_its_two_days() -> None:
    for n, whole in enumerate(FIVE.cars):
        parts = [part_of(FIVE, day=day).cars[n] for day in FIVE.days]
        nights = [stop for stop in whole.stops if stop.overnight]
        assert nights
        halves = [stop for part in parts for stop in part.stops if stop.overnight]
        assert len(halves) == 2 * len(nights)
        assert sum(s.duration_s for s in halves) == pytest.approx(
            sum(s.duration_s for s in nights), abs=0.01
        )


def test_a_border_passed_while_nothing_was_recorded_is_told() -> None:
    colorado, kansas = (Region("US", "USA", f"US-{n}", n) for n in ("CO", "KS"))
    at = BEGIN.timestamp()
    border = Crossing(None, (at + 3600, at + 7200), 39.0, -102.05, colorado, kansas)
    whole = replace(FIVE, cars=tuple(replace(c, crossings=(border,)) for c in FIVE.cars))
    first, second = (part_of(whole, day=day) for day in FIVE.days)
    assert all((border,) == one.crossings for one in first.cars)
    assert all(() == one.crossings for one in second.cars)


def test_a_part_is_told_from_when_to_when() -> None:
    assert span_of(FIVE) is None
    day = part_of(FIVE, day=FIVE.days[1])
    assert (day.from_at, day.to_at) == span_of(day)
    nothing = replace(day, from_at=None, to_at=None)
    begin, end = span_of(nothing) or (0.0, 1.0)
    assert begin >= end
