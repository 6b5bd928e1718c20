"""What a level hides is taken away from the values, and said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from convoylog import geo
from convoylog.model.logbook import Car, Entry, Logbook, RecordedPhoto, RecordedTrack
from convoylog.model.photos import Photograph
from convoylog.model.tracks import Recording, Waypoint, make_track
from convoylog.privacy.cut import END_RADIUS_M, Home, cut, cut_track

MINE, THEIRS = "mine", "theirs"
AT = datetime(2027, 5, 3, 10, 0, tzinfo=UTC)


def track(n: int = 200) -> Recording:
    """South to north, a point every 111 m."""
    lat = 39.0 + np.arange(n) * 0.001
    return Recording("GPX 1.1", "", (make_track(np.arange(n) * 5.0, lat, np.full(n, -105.0)),))


def book(share: Any = "convoy", **fields: Any) -> Logbook:
    cars = (Car(MINE, "Mine", "mine", share=share), Car(THEIRS, "Theirs", "theirs", share=share))
    return Logbook("b", "T", "", cars, **{"entries": (), "tracks": (), "photos": (), **fields})


def note(car: str, name: str, **fields: Any) -> Entry:
    return Entry(name, "note", car, AT, text=name, **fields)


def photo(car: str, sha: str) -> RecordedPhoto:
    return RecordedPhoto(car, f"cars/{car}/photos/{sha}.jpg", sha, Photograph("JPEG", 4, 3))


def shown(logbook: Logbook, level: Any, **options: Any) -> list[str]:
    return [entry.id for entry in cut(logbook, level, **options).logbook.entries]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("public", ["p"]),
        ("convoy", ["p", "c", "default"]),
        ("full", ["p", "c", "x", "default"]),
    ],
)
def test_each_level_shows_what_is_shared_with_it(level: str, expected: list[str]) -> None:
    entries = (
        note(THEIRS, "p", share="public"), note(THEIRS, "c", share="convoy"),
        note(THEIRS, "x", share="private"), note(THEIRS, "default"),
    )  # fmt: skip
    assert expected == shown(book(entries=entries), level)


def test_of_ones_own_only_what_is_private_stays_out() -> None:
    entries = (note(MINE, "c"), note(MINE, "x", share="private"))
    assert ["c"] == shown(book(entries=entries), "public", mine=[MINE])
    assert [] == shown(book("private", entries=(note(MINE, "c"),)), "public", mine=[MINE])


def test_a_photo_of_a_private_note_goes_with_it_unless_another_shows_it() -> None:
    hidden = note(MINE, "x", share="private", photos=("s1", "s2"))
    kept = note(MINE, "y", photos=("s2",))
    photos = (photo(MINE, "s1"), photo(MINE, "s2"), photo(MINE, "s3"))
    left = cut(book(entries=(hidden, kept), photos=photos), "public", mine=[MINE]).logbook
    assert ["s2", "s3"] == [p.sha256 for p in left.photos]


def test_the_ends_of_other_drivers_tracks_are_cut_and_ones_own_are_not() -> None:
    tracks = tuple(RecordedTrack(car, f"{car}.gpx", car, track()) for car in (MINE, THEIRS))
    whole = book(tracks=tracks)
    done = cut(whole, "convoy", mine=[MINE])
    mine, theirs = (t.recording.tracks[0] for t in done.logbook.tracks)
    assert len(mine) == 200
    first = tracks[1].recording.tracks[0]
    for end in (0, -1):
        away = geo.apart_m(theirs.lat, theirs.lon, first.lat[end], first.lon[end])
        assert away.min() > END_RADIUS_M
    assert len(theirs) == 200 - 2 * 5
    assert any("first and last 500 m of Theirs" in line for line in done.left_out)
    assert len(whole.tracks[1].recording.tracks[0]) == 200  # the logbook itself is as it was


def test_what_passes_a_home_is_not_joined_over_it() -> None:
    whole = track().tracks[0]
    left = cut_track(whole, [Home(39.1, -105.0, 600.0)])
    assert len(left) == 200 - 11
    assert sorted(set(left.segment.tolist())) == [0, 1]
    inside = geo.apart_m(left.lat, left.lon, 39.1, -105.0)
    assert inside.min() > 600.0


@pytest.mark.parametrize(
    ("lat", "lon"), [(0.0, 0.0), (39.1, -105.0), (-51.6, 179.999), (89.999, 20.0)]
)
@pytest.mark.parametrize("radius_m", [500.0, 15_000.0])
def test_a_circle_takes_every_point_within_it_and_no_other(
    lat: float, lon: float, radius_m: float
) -> None:
    rng = np.random.default_rng(3)
    reach = radius_m / 110_000.0
    y = np.clip(lat + rng.uniform(-1.5, 1.5, 4000) * reach, -90.0, 90.0)
    x = lon + rng.uniform(-1.5, 1.5, 4000) * reach / max(np.cos(np.radians(lat)), 1e-3)
    # the very edges to the north and south, where a quicker look must not be the narrower one
    y[:2] = lat + np.array([-1, 1]) * radius_m / 110_574.4
    x[:2] = lon
    whole = make_track(np.arange(4000) * 5.0, y, (x + 180) % 360 - 180)
    inside = geo.apart_m(whole.lat, whole.lon, lat, lon) <= radius_m
    left = cut_track(whole, [Home(lat, lon, radius_m)])
    assert 1000 < inside.sum() < 3999
    assert whole.time[~inside].tolist() == left.time.tolist()


def test_positions_within_a_home_are_unknown() -> None:
    entries = (note(MINE, "n", position=(39.1, -105.0)),)
    home = Home(39.1001, -105.0001)
    (entry,) = cut(book(entries=entries), "public", mine=[MINE], homes=[home]).logbook.entries
    assert entry.position is None


def test_the_report_can_say_whose_and_which_option_shows_it() -> None:
    entries = (note(THEIRS, "a"), note(THEIRS, "b"), note(MINE, "x", share="private"))
    said = cut(book(entries=entries), "public", mine=[MINE]).left_out
    assert "2 entries of Theirs not shared for this report." in said
    assert "1 entry of Mine not shared for this report." in said
    assert any("--privacy convoy" in line for line in said)
    assert any("--privacy full" in line for line in said)


def crowd(recorded: int, mine: int, **fields: Any) -> tuple[str, ...]:
    """What is said of five cars. recorded: how many of them have a track; mine: how many are one's own."""
    cars = tuple(Car(str(n), f"Car {n}", str(n)) for n in range(5))
    tracks = tuple(RecordedTrack(c.id, f"{c.id}.gpx", c.id, track()) for c in cars[:recorded])
    whole = Logbook("b", "T", "", cars, **{"entries": (), "photos": (), **fields}, tracks=tracks)
    return cut(whole, "public", mine=[car.id for car in cars[:mine]]).left_out


@pytest.mark.parametrize(
    ("recorded", "mine", "whose"),
    [
        (5, 0, "all 5 cars"),
        (5, 1, "all cars but Car 0"),
        (5, 2, "Car 2, Car 3, Car 4"),
        # of a car without a track nobody must think that its ends are to be seen
        (4, 0, "Car 0, Car 1, Car 2, Car 3"),
        (1, 0, "Car 0"),
    ],
)
def test_of_many_cars_it_is_said_in_a_few_words_whose_ends_are_left_out(
    recorded: int, mine: int, whose: str
) -> None:
    assert (f"The first and last 500 m of {whose} are left out.",) == crowd(recorded, mine)


def test_what_many_cars_do_not_share_is_one_sentence_with_every_count() -> None:
    entries = tuple(note(str(n % 4), f"n{n}") for n in range(7))
    photos = tuple(photo(str(n), f"s{n}") for n in range(5))
    said = crowd(0, 0, entries=entries, photos=photos)
    counts = "Car 0 (2), Car 1 (2), Car 2 (2), Car 3 (1)"
    assert f"Entries not shared for this report: {counts}." == said[0]
    assert said[1].startswith("Photos not shared for this report: Car 0 (1), Car 1 (1), ")


@pytest.mark.parametrize(
    ("level", "readings", "waypoints"),
    [("public", [], 0), ("convoy", ["speed"], 0), ("full", ["speed", "heart_rate"], 1)],
)
def test_readings_and_waypoints_stay_with_whoever_recorded_them(
    level: Any, readings: list[str], waypoints: int
) -> None:
    whole = track().tracks[0]
    more = {"heart_rate": [90.0] * 200, "speed": [7.0] * 200}
    rich = make_track(whole.time, whole.lat, whole.lon, more=more)
    recording = Recording("GPX 1.1", "", (rich,), (Waypoint(39.1, -105.0, "Mum's"),))
    tracks = tuple(RecordedTrack(car, f"{car}.gpx", car, recording) for car in (MINE, THEIRS))
    for left in cut(book(tracks=tracks), level, mine=[MINE]).logbook.tracks:
        assert readings == list(left.recording.tracks[0].more)
        assert waypoints == len(left.recording.waypoints)


def test_full_takes_nothing_away_and_says_nothing() -> None:
    whole = book(entries=(note(THEIRS, "x", share="private"),))
    done = cut(whole, "full")
    assert done.logbook is whole
    assert done.left_out == ()


def test_a_hidden_fill_makes_no_car_look_frugal() -> None:
    fills = [
        replace(note(MINE, "a"), kind="fuel", amount="50 l"),
        replace(note(MINE, "b", share="private"), kind="fuel", amount="20 l"),
        replace(note(MINE, "c"), kind="fuel", amount="20 l"),
        replace(note(THEIRS, "d"), kind="fuel", amount="20 l"),
    ]
    left = cut(book(entries=tuple(fills)), "convoy", mine=[MINE]).logbook.entries
    assert {"a": True, "c": True, "d": False} == {e.id: e.missed for e in left}
    whole = cut(book(entries=tuple(fills)), "full", mine=[MINE]).logbook.entries
    assert not any(e.missed for e in whole)
    secret = cut(
        book(entries=(note(MINE, "x", share="private"), *fills[:1])), "convoy", mine=[MINE]
    )
    assert [False] == [e.missed for e in secret.logbook.entries]
