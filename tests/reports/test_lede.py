"""The sentence under the title, and the figures: what is not known is not told, least of all as naught."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from convoylog.model.logbook import Entry
from convoylog.model.tracks import Recording, make_track
from convoylog.model.trip import Trip
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import Report, make_report
from convoylog.reports.words import LANGUAGES, words_for
from tests.reports.trips import BEGIN, DENVER, car, note, track, trip

HERON, JUNIPER = car(1, "Heron"), car(2, "Juniper")
LYON, GENEVA, VALENCE = (45.76, 4.84), (46.2, 6.14), (44.93, 4.89)


def report(seen: Trip, language: str = "en") -> Report:
    return make_report(seen, pictures={}, words=words_for(language))


def driven(*rows: tuple[Recording, ...], entries: tuple[Entry, ...] = ()) -> Trip:
    cars = (HERON, JUNIPER)[: len(rows)]
    return trip(cars, {c.id: r for c, r in zip(cars, rows, strict=True) if r}, entries)


def bare(recording: Recording) -> Recording:
    """The same without a clock."""
    (line,) = recording.tracks
    return Recording(
        "GPX 1.1", "test", (make_track([np.nan] * len(line), line.lat, line.lon, line.ele),)
    )


def test_who_was_far_off_and_ends_elsewhere_in_the_town_came_back() -> None:
    out = track((45.74, 4.82), GENEVA, BEGIN, 2)
    home = track(GENEVA, (45.77, 4.85), BEGIN + timedelta(hours=5), 2)
    assert "Heron from Lyon and back, in one day." == report(driven((out, home))).lede


def test_who_ends_elsewhere_in_the_town_did_not_come_back() -> None:
    across = track((45.74, 4.80), (45.78, 4.88), BEGIN, 0.3)
    assert "Heron in Lyon, in one day." == report(driven((across,))).lede
    there = track(LYON, GENEVA, BEGIN, 3), track(GENEVA, LYON, BEGIN + timedelta(hours=5), 3)
    assert "Heron from Lyon and back, in one day." == report(driven(there)).lede


def test_a_car_without_a_recording_is_not_said_to_have_gone_along() -> None:
    way = (track(LYON, GENEVA, BEGIN, 3),)
    said = note(1, JUNIPER, BEGIN + timedelta(hours=1), "We hear you left.")
    assert "Heron from Lyon to Geneva, in one day." == report(driven(way, (), entries=(said,))).lede


def test_one_fix_is_a_place_and_no_way() -> None:
    fix = Recording("GPX 1.1", "test", (make_track([BEGIN.timestamp()], [45.76], [4.84], [170.0]),))
    told = report(driven((fix,)))
    assert "Heron in Lyon, in one day." == told.lede
    assert [("1", "car"), ("1", "region"), ("1", "day")] == list(told.figures)


def test_a_goal_beside_a_town_has_no_preposition_before_it() -> None:
    wild = (44.75, 6.1)
    ways = (track(LYON, wild, BEGIN, 4),), (track(VALENCE, wild, BEGIN, 3),)
    said = report(driven(*ways)).lede
    assert " set out from Lyon and Valence and ended " in said
    assert " ended in " not in said
    at_sea = (track(LYON, (41.0, 5.0), BEGIN, 9),), (track(VALENCE, (41.0, 5.0), BEGIN, 9),)
    assert "ended at 41.00° N, 5.00° E" in report(driven(*at_sea)).lede


def test_the_starts_of_a_crowd_stay_one_list() -> None:
    starts = [LYON, VALENCE, (45.19, 5.72), *((44.2 + n / 10, 6.3 + n / 10) for n in range(6))]
    cars = [car(n, f"C{n}") for n in range(len(starts))]
    ways = {c.id: [track(at, GENEVA, BEGIN, 4)] for c, at in zip(cars, starts, strict=True)}
    said = report(trip(cars, ways)).lede
    assert 1 == said.count(" from ")
    assert " set out from Lyon, Valence, Grenoble, " in said
    assert "others and ended " in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_tracks_without_a_clock_are_tracks(language: str) -> None:
    words = words_for(language)
    silent = report(driven((bare(track(LYON, GENEVA, BEGIN, 3)),)), language)
    assert words.say("lede_no_clock", who="Heron") == silent.lede
    assert words.say("no_clock") == silent.cast[0].from_to
    nothing = report(driven(()), language)
    assert words.say("lede_nothing", who="Heron") == nothing.lede
    noted = report(driven((), entries=(note(1, HERON, BEGIN, "Rain."),)), language)
    assert words.say("lede_no_track", who="Heron") == noted.lede


def test_days_with_pauses_between_are_not_in_one_go() -> None:
    later = track(GENEVA, LYON, BEGIN + timedelta(days=400), 3)
    told = report(driven((track(LYON, (45.9, 6.12), BEGIN, 3), later)))
    assert told.lede.endswith(", on 2 days.")
    next_day = track(GENEVA, LYON, BEGIN + timedelta(days=1), 3)
    assert report(driven((track(LYON, GENEVA, BEGIN, 3), next_day))).lede.endswith(", in 2 days.")


def test_a_short_way_is_told_in_metres_and_never_as_naught() -> None:
    time = BEGIN.timestamp() + np.arange(31.0)
    short = make_track(time, np.linspace(45.76, 45.7627, 31), [4.84] * 31)
    told = report(driven((Recording("GPX 1.1", "test", (short,)),)))
    assert ("0.3", "kilometres") in told.figures
    assert "300\u00a0m" in told.chapters[0].line
    assert "0.3" == words_for("en").bare_distance(300.0)
    assert "12" == words_for("en").bare_distance(12_300.0)


def test_who_came_through_several_countries_counts_them() -> None:
    told = report(driven((track(LYON, GENEVA, BEGIN, 3),)))
    assert ("2", "countries") in told.figures
    assert not [word for _, word in told.figures if word.startswith("region")]


def test_a_day_without_a_name_has_its_date_once() -> None:
    told = report(driven((), entries=(note(1, HERON, BEGIN, "Rain."),)))
    (day,) = told.chapters
    assert "Thursday, 11 June 2026" == day.heading
    assert "" == day.line


def test_a_recorder_that_wakes_every_quarter_of_an_hour_has_a_timeline() -> None:
    time = BEGIN.timestamp() + 900.0 * np.arange(40)
    sparse = make_track(time, np.linspace(51.9, 52.8, 40), np.linspace(-176.6, 170.0 - 360, 40))
    seen = driven((Recording("GPX 1.1", "test", (sparse,)),))
    page = FORMATS["html"](report(seen)).files["report.html"].decode()
    assert 'class="lane c0"' in page
    assert 'id="slider"' in page


def test_a_chart_has_a_line_or_is_not_there() -> None:
    fix = Recording("GPX 1.1", "test", (make_track([BEGIN.timestamp()], [45.76], [4.84], [170.0]),))
    page = FORMATS["html"](report(driven((fix,)))).files["report.html"].decode()
    assert 'class="profile' not in page
    # and a single fix is a dot in the ribbon
    assert 'class="lane c0"' in page


@pytest.mark.parametrize("years", [0, 3])
def test_what_lies_over_a_gap_of_years_is_not_told_as_driven(years: int) -> None:
    solo = car(0, "Solo")
    later = BEGIN + timedelta(days=365 * years, hours=9)
    first = track((41.88, -87.63), DENVER, BEGIN, 9)
    a, b = ((48.1, 11.6), (52.5, 13.4)) if years else (DENVER, (39.66, -105.88))
    second = track(a, b, later, 8)
    report = make_report(trip([solo], {solo.id: [first, second]}), pictures={})
    (word,) = (word for _, word in report.figures if word.startswith("kilometres"))
    lost = report.cast[0].trip.unrecorded_m
    if years:
        assert f"kilometres, {lost / 1000:,.0f}\u00a0km of it not recorded" == word
        assert lost > 8e6
    else:
        assert "kilometres" == word
