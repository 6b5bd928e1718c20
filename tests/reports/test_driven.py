"""Days on which nobody in a car told anything: the story tells what it drove."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import Report, make_report
from convoylog.reports.words import LANGUAGES, words_for
from tests.reports.trips import BEGIN, DENVER, car, note, track, trip

_VAIL = (39.66, -105.88)


def told(report: Report) -> list[tuple[str, str]]:
    return [(row.day, row.text) for row in report.driven]


def silent(count: int = 1, notes: int = 0, **options: bool) -> Report:
    """Cars on one road, minutes behind each other, on two days; the first few of them say something on the first."""
    cars = [car(n, name) for n, name in enumerate(("Heron", "Juniper", "Mabel")[:count])]
    recordings = {
        whose.id: [
            track(DENVER, _VAIL, BEGIN + timedelta(minutes=5 * n), 2 + n),
            track(_VAIL, DENVER, BEGIN + timedelta(days=1, minutes=5 * n), 2),
        ]
        for n, whose in enumerate(cars)
    }
    entries = [note(n, cars[n], BEGIN + timedelta(hours=1), "Rain.") for n in range(notes)]
    return make_report(trip(cars, recordings, entries), pictures={}, **options)


def test_a_day_nobody_tells_of_tells_its_drives() -> None:
    rows = told(silent())
    assert ["2026-06-11", "2026-06-12"] == [day for day, _ in rows]
    (leg,) = (leg for leg in silent().legs if leg.day == "2026-06-11")
    assert f"Heron: {leg.title}, {leg.distance} in {leg.moving} at the wheel" == rows[0][1]


def test_a_leg_hardly_recorded_is_not_told_as_no_time_at_the_wheel() -> None:
    seen = silent().trip
    legs = tuple(replace(leg, moving_s=20.0) for leg in seen.cars[0].legs)
    unseen = replace(seen, cars=(replace(seen.cars[0], legs=legs),))
    for language in LANGUAGES:
        rows = told(make_report(unseen, pictures={}, words=words_for(language)))
        assert 2 == len(rows)
        assert not [
            text for _, text in rows if "0\N{NO-BREAK SPACE}min" in text or text.endswith(" ")
        ]
    assert rows[0][1].startswith("Heron: ")


def test_who_told_something_that_day_is_left_to_tell_it() -> None:
    assert ["2026-06-12"] == [day for day, _ in told(silent(notes=1))]
    first, second = told(silent(count=2, notes=1))
    assert first[1].startswith("Juniper: ")
    assert second[1].startswith("Heron and Juniper: ")


def test_cars_on_one_way_are_told_together_with_what_they_differ_in() -> None:
    first, _ = told(silent(count=3))
    assert first[1].startswith("Heron, Juniper and Mabel: ")
    assert " – " in first[1].rsplit(" in ", 1)[1]  # from the quickest to the slowest
    once = [row for row in silent(count=3).driven if row.day == "2026-06-11"]
    assert [3] == [len(row.cars) for row in once]


def test_who_drives_around_one_town_twice_drove_two_ways() -> None:
    whose = car(0, "Heron")
    near = (DENVER[0] + 0.03, DENVER[1])
    rows = [track(DENVER, near, BEGIN + timedelta(hours=n), 0.3 + 0.1 * n) for n in (0, 3)]
    report = make_report(trip([whose], {whose.id: rows}), pictures={})
    assert 2 == len(report.driven)
    assert all(" – " not in text.rsplit(", ", 1)[1] for _, text in told(report))


def test_a_day_of_errands_is_no_list() -> None:
    whose = car(0, "Heron")
    rows = [
        track(DENVER, (DENVER[0] + 0.1 + 0.02 * n, DENVER[1]), BEGIN + timedelta(hours=n), 0.4)
        for n in range(9)
    ]
    report = make_report(trip([whose], {whose.id: rows}), pictures={})
    assert len(report.legs) > 5
    assert 5 == len(report.driven)


def test_hidden_times_stay_hidden_and_page_and_post_tell_it() -> None:
    assert {""} == {row.clock for row in silent(hide_times=True).driven}
    report = silent()
    text = report.driven[0].text
    assert text in FORMATS["html"](report).files["report.html"].decode()
    (post,) = (
        content.decode()
        for path, content in FORMATS["markdown"](report).files.items()
        if path.endswith(".md")
    )
    assert f"- {report.driven[0].clock} · {text}".replace("\xa0", " ") in post
