"""The one account: a logbook in, the trip it means out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from convoylog.model.logbook import Car, Entry, Logbook, RecordedPhoto, RecordedTrack
from convoylog.model.photos import Photograph
from convoylog.model.tracks import Recording, Track, make_track, take
from convoylog.model.trip import CarTrip, Trip
from convoylog.trips.account import Rules, work_out, zone_of
from tests.corpus import corpus
from tests.trips.drives import NOON, drive, plan, shuffled, wandering
from tests.trips.plain_ground import TOWNS, PlainGround

GROUND = PlainGround()
H, M = 3600.0, 60.0
ANNA, BEN = Car("c-anna", "Anna", "44-anna"), Car("c-ben", "Ben", "7-ben", share="public")
DAY = datetime.fromisoformat("2026-05-02T07:00:00-05:00")


def recorded(car: Car, track: Track, path: str = "a.gpx", creator: str = "x") -> RecordedTrack:
    return RecordedTrack(car.id, path, path, Recording("GPX 1.1", creator, (track,)))


def logbook(*tracks: RecordedTrack, **more: object) -> Logbook:
    fields = {"cars": (ANNA, BEN), "entries": (), "photos": (), **more}
    return Logbook("l1", "Plains", "", tracks=tracks, **fields)  # type: ignore[arg-type]


def to_denver() -> Track:
    """Two days westwards: four hours, a night, four hours."""
    way = plan((4 * H, 25.0), (12 * H, 0.0), (4 * H, 25.0))
    t = np.arange(0.0, 20 * H + 1, 10.0)
    return drive(way, t)


def note(at: float, key: str = "n1", **more: object) -> Entry:
    fields = {"kind": "note", "car": ANNA.id, "at": DAY + timedelta(seconds=at), **more}
    return Entry(key, **fields)  # type: ignore[arg-type]


def told(trip: Trip) -> object:
    """Everything a trip says, in a form that compares."""
    tracks = ("track", "untimed")
    plain = [name for name in CarTrip.__dataclass_fields__ if name not in tracks]
    columns = ("time", "lat", "lon", "segment")
    cars = [
        (
            [getattr(car, name) for name in plain],
            # a time that is not known is not equal to itself
            [repr(getattr(getattr(car, t), c).tolist()) for t in tracks for c in columns],
        )
        for car in trip.cars
    ]
    return cars, trip.story, trip.days, trip.from_at, trip.to_at


def test_a_trip_of_two_days() -> None:
    trip = work_out(logbook(recorded(ANNA, to_denver())), ground=GROUND)
    anna, ben = trip.cars
    assert anna.moving_s + anna.halted_s + anna.unknown_s == anna.elapsed_s == 20 * H
    assert anna.distance_m == pytest.approx(720_000.0, rel=1e-4)
    assert (anna.from_at, anna.to_at) == (NOON, NOON + 20 * H) == (trip.from_at, trip.to_at)
    assert anna.start_place == "Dodge City"
    assert [stop.overnight for stop in anna.stops] == [True]
    assert [leg.day for leg in anna.legs] == ["2026-05-02", "2026-05-02"]
    assert sum(leg.distance_m for leg in anna.legs) == pytest.approx(anna.distance_m)
    assert [row[2] for row in anna.regions] == ["Kansas", "Colorado"]
    assert (ben.from_at, ben.max_speed_mps, ben.ascent_m, ben.stops) == (None, None, None, ())
    assert anna.ascent_m is None


@pytest.mark.parametrize(("sea", "known"), [(0.0, False), (0.01, True), (np.nan, False)])
def test_a_recorder_that_writes_zero_everywhere_knows_no_height(sea: float, known: bool) -> None:
    flat = replace(to_denver(), ele=np.full(len(to_denver()), sea))
    anna, _ = work_out(logbook(recorded(ANNA, flat)), ground=GROUND).cars
    assert known == bool(np.isfinite(anna.track.ele).any())
    assert known == (anna.highest_m is not None)
    # one that crossed the sea's level knows it, there too
    heights = np.where(np.arange(len(flat)) % 50 < 25, 0.0, 3.0)
    anna, _ = work_out(
        logbook(recorded(ANNA, replace(flat, ele=heights))), ground=PlainGround()
    ).cars
    assert 0.0 == np.nanmin(anna.track.ele)


def test_metres_by_day_sum_to_the_distance() -> None:
    trip = work_out(logbook(recorded(ANNA, to_denver())), ground=GROUND)
    assert [day.number for day in trip.days] == [1, 2]
    assert sum(day.distance_m[ANNA.id] for day in trip.days) == pytest.approx(720_000.0, rel=1e-4)
    assert trip.days[0].title.startswith("Dodge City – ")


@pytest.mark.parametrize("start", ["00:30", "23:30"])
def test_a_zone_border_at_midnight_makes_no_extra_leg_or_day(start: str) -> None:
    # at the border Central clocks show `start`; an hour before it and an hour after are driven
    cross = datetime.fromisoformat(f"2026-05-03T{start}:00-05:00").timestamp()
    t = np.arange(0.0, 2 * H + 1, 10.0)
    track = make_track(cross - H + t, 38.0 + 0 * t, -102.0 - (t - H) * 2.8e-4)
    trip = work_out(logbook(recorded(ANNA, track)), ground=GROUND)
    assert len(trip.cars[0].legs) == 1
    # 00:30 Central is 23:30 Mountain: the date goes on, back and on again, and stays two days
    assert [day.day for day in trip.days] == {
        "00:30": ["2026-05-02", "2026-05-03"],
        "23:30": ["2026-05-03"],
    }[start]


def test_a_leg_over_midnight_is_dated_by_its_departure() -> None:
    t = np.arange(0.0, 70 * M + 1, 10.0)
    start = datetime.fromisoformat("2026-05-02T23:30:00-05:00").timestamp()
    trip = work_out(logbook(recorded(ANNA, drive(t * 20.0, t, start=start))), ground=GROUND)
    assert len(trip.cars[0].legs) == 1
    leg = trip.cars[0].legs[0]
    assert leg.day == "2026-05-02"
    # the second day does not tell again what the first one did
    assert [day.title for day in trip.days] == [leg.title, "On to Garden City"]


def test_a_drive_of_three_dates_to_a_town_is_on_the_way_and_then_on_to_it() -> None:
    time = NOON + np.arange(0.0, 60 * H + 1, 60.0)
    share = np.linspace(0.0, 1.0, len(time))
    (lat, lon), (to_lat, to_lon) = TOWNS["Dodge City"], TOWNS["Denver"]
    track = make_track(time, lat + share * (to_lat - lat), lon + share * (to_lon - lon))
    days = work_out(logbook(recorded(ANNA, track)), ground=GROUND).days
    assert [day.title for day in days] == [
        "Dodge City – Denver", "On the way to Denver", "On to Denver",
    ]  # fmt: skip


def test_notes_are_told_in_order_with_place_and_leg() -> None:
    late, early = note(3 * H, "n1"), note(60.0, "n2", text="We leave")
    never = Entry("n0", "note", ANNA.id, None)
    book = logbook(recorded(ANNA, to_denver()), entries=(late, early, never))
    trip = work_out(book, ground=GROUND)
    assert [row.id for row in trip.story] == ["n2", "n1", "n0"]
    first, _, last = trip.story
    assert (first.text, first.place, first.share) == ("We leave", "Dodge City", "convoy")
    assert first.leg == trip.cars[0].legs[0].title
    assert (first.placed.how, first.placed.zone) == ("between", "America/Chicago")
    assert (last.placed.how, last.placed.at) == ("unplaced", None)
    assert trip.days[0].told == ("n2", "n1")


def test_the_level_is_the_entrys_else_the_cars() -> None:
    entries = (note(1.0, "a", car=BEN.id), note(2.0, "b", car=BEN.id, share="private"))
    trip = work_out(logbook(entries=entries), ground=GROUND)
    assert [row.share for row in trip.story] == ["public", "private"]
    assert (trip.from_at, trip.to_at) == (NOON + 1.0, NOON + 2.0)


def test_photos_that_an_entry_shows_are_not_told_twice() -> None:
    facts = Photograph("JPEG", 4, 3, "2026-05-02T07:30:00", make="Canon", model="IXUS 40")
    photos = tuple(
        RecordedPhoto(car.id, f"cars/{car.folder}/photos/{name}.jpg", sha, facts)
        for car, name, sha in (
            (ANNA, "one", "a" * 64),
            (ANNA, "two", "b" * 64),
            (BEN, "3", "b" * 64),
        )
    )
    entries = (note(60.0, photos=("a" * 64,)), note(70.0, "c1", kind="copy"))
    book = logbook(recorded(ANNA, to_denver()), entries=entries, photos=photos)
    trip = work_out(book, ground=GROUND)
    assert [(row.id, row.kind, row.photos) for row in trip.story] == [
        ("n1", "note", ("a" * 64,)),
        ("two", "photo", ("b" * 64,)),
    ]
    assert trip.story[1].placed.unsure[0].startswith("camera zone not set")


def test_declared_legs_name_the_day_and_a_running_one_ends_where_the_car_is() -> None:
    leg = note(H, "l1", kind="leg", title="Into the west", until=DAY + timedelta(hours=3))
    running = note(17 * H, "l2", kind="leg", title="Home")
    book = logbook(recorded(ANNA, to_denver()), entries=(leg, running))
    trip = work_out(book, ground=GROUND)
    legs = trip.cars[0].legs
    declared = [leg for leg in legs if leg.declared]
    assert [leg.title for leg in declared] == ["Into the west", "Home"]
    assert declared[1].to_at == NOON + 20 * H
    assert sum(leg.distance_m for leg in legs) == pytest.approx(trip.cars[0].distance_m)
    assert trip.days[0].title == "Into the west · Home"


def test_a_leg_declared_before_any_track_is_told() -> None:
    trip = work_out(logbook(entries=(note(0.0, kind="leg", title="Out"),)), ground=GROUND)
    assert [(leg.title, leg.day) for leg in trip.cars[0].legs] == [("Out", "2026-05-02")]


def test_shuffled_split_doubled_and_renamed_files_tell_the_same() -> None:
    track = wandering(to_denver(), 3)
    book = logbook(recorded(ANNA, track), entries=(note(60.0), note(9000.0, "n2")))
    whole = told(work_out(book, ground=GROUND))
    cut = track.time < NOON + 9_003.0
    tracks = (
        recorded(ANNA, shuffled(take(track, ~cut)), "z.gpx"),
        recorded(ANNA, take(track, cut), "y.gpx"),
        recorded(ANNA, take(track, slice(None, None, -1)), "twice.gpx", "x"),  # type: ignore[arg-type]
    )
    for order in (tracks, tracks[::-1], tracks[:2]):
        again = replace(book, tracks=order, entries=book.entries[::-1])
        assert told(work_out(again, ground=GROUND)) == whole


def test_another_car_changes_nothing_for_this_one() -> None:
    alone = work_out(logbook(recorded(ANNA, to_denver())), ground=GROUND).cars[0]
    t = np.arange(0.0, 3601.0)
    other = recorded(BEN, drive(t * 20.0, t), "b.gpx")
    both = work_out(logbook(recorded(ANNA, to_denver()), other), ground=GROUND).cars[0]
    assert (both.distance_m, both.legs, both.stops) == (alone.distance_m, alone.legs, alone.stops)


def test_two_cars_two_seconds_apart_stay_two() -> None:
    t = np.arange(0.0, 3601.0)
    first, second = (drive(t * 25.0, t, start=start) for start in (NOON, NOON + 2.0))
    trip = work_out(logbook(recorded(ANNA, first), recorded(BEN, second, "b.gpx")), ground=GROUND)
    assert [car.points for car in trip.cars] == [3601, 3601]
    assert [car.distance_m for car in trip.cars] == [pytest.approx(90_000.0, rel=1e-6)] * 2
    assert all(car.dropped == {} for car in trip.cars)


def test_days_tell_where_their_time_went_and_a_day_of_rest_is_one() -> None:
    # driven on the 2nd, parked with the recorder on until the 4th, driven again
    way = plan((2 * H, 15.0), (44 * H, 0.0), (2 * H, 15.0))
    t = np.arange(0.0, 48 * H + 1, 60.0)
    trip = work_out(logbook(recorded(ANNA, drive(way, t))), ground=GROUND)
    first, rest, last = (day.spent[ANNA.id] for day in trip.days)
    # from 07:00 in Dodge City, Central time, to 07:00 not yet in Mountain time
    assert (first.elapsed_s, rest.elapsed_s, last.elapsed_s) == (17 * H, 24 * H, 7 * H)
    assert (rest.halted_s, rest.moving_s, rest.unknown_s) == (24 * H, 0.0, 0.0)
    assert [len(day.distance_m) for day in trip.days] == [1, 0, 1]
    assert trip.days[1].title == trip.cars[0].legs[0].end_place


def test_a_hole_of_years_is_the_time_of_the_date_it_begins_on() -> None:
    track = to_denver()
    time = track.time.copy()
    time[-1] = 4_070_908_800.0
    trip = work_out(logbook(recorded(ANNA, make_track(time, track.lat, track.lon))), ground=GROUND)
    spent = [day.spent[ANNA.id] for day in trip.days]
    assert sum(part.elapsed_s for part in spent) == trip.cars[0].elapsed_s
    assert max(part.unknown_s for part in spent) == trip.cars[0].unknown_s


def test_without_drawing_the_numbers_are_the_same() -> None:
    book = logbook(recorded(ANNA, wandering(to_denver(), 9)))
    drawn, not_drawn = (work_out(book, ground=GROUND, drawn=draw) for draw in (True, False))
    assert len(not_drawn.cars[0].track) == 0 < len(drawn.cars[0].track)
    bare = replace(
        drawn.cars[0], track=not_drawn.cars[0].track, untimed=not_drawn.cars[0].untimed, regions=(),
        stays=(), crossings=(), zones=(), towns=(),
    )  # fmt: skip
    assert repr(not_drawn.cars[0]) == repr(bare)
    assert not_drawn.days == drawn.days


@pytest.mark.parametrize("start", [-3_600.0, 0.0, 4_070_908_800.0])
def test_the_years_1970_and_2098_are_years(start: float) -> None:
    t = np.arange(0.0, 3601.0, 10.0)
    trip = work_out(logbook(recorded(ANNA, drive(t * 20.0, t, start=start))), ground=GROUND)
    assert trip.cars[0].distance_m == pytest.approx(72_000.0, rel=1e-4)


def test_one_mad_time_makes_no_century_of_days() -> None:
    track = to_denver()
    time = track.time.copy()
    time[-1] = 4_070_908_800.0
    trip = work_out(logbook(recorded(ANNA, make_track(time, track.lat, track.lon))), ground=GROUND)
    assert len(trip.days) <= 3


def test_points_without_times_are_told_as_a_problem_not_as_zero() -> None:
    plan_only = make_track([np.nan] * 3, [38.0, 38.1, 38.2], [-100.0] * 3)
    trip = work_out(logbook(recorded(ANNA, plan_only)), ground=GROUND)
    anna = trip.cars[0]
    assert (anna.from_at, anna.points, anna.dropped) == (None, 3, {"no time": 3})
    assert [p.kind for p in trip.problems] == ["no-times"]


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_points_are_told_without_a_fall(n: int) -> None:
    t = np.arange(float(n)) * 10.0
    track = drive(t * 20.0, t) if n else make_track([], [], [])
    trip = work_out(logbook(recorded(ANNA, track)), ground=GROUND)
    assert trip.cars[0].points == n
    assert trip.cars[0].max_speed_mps is None


def test_points_add_up() -> None:
    track = wandering(to_denver(), 1)
    lat = track.lat.copy()
    lat[100] += 0.5
    bad = make_track(track.time, lat, track.lon)
    poor = take(wandering(to_denver(), 2), np.arange(0, len(track), 7))
    book = logbook(recorded(ANNA, bad), recorded(ANNA, poor, "b.gpx", "y"))
    anna = work_out(book, ground=GROUND).cars[0]
    assert anna.points == len(anna.track) + sum(anna.dropped.values())
    assert anna.points == len(bad) + len(poor)


def test_a_hole_begins_a_new_segment() -> None:
    track = to_denver()
    gone = (track.time > NOON + 1000.0) & (track.time < NOON + 2000.0)
    trip = work_out(logbook(recorded(ANNA, take(track, ~gone))), ground=GROUND)
    assert trip.cars[0].track.segment.max() == 1


def test_what_names_an_unknown_car_is_a_problem_not_silence() -> None:
    trip = work_out(logbook(entries=(note(0.0, car="gone"),)), ground=GROUND)
    assert trip.story == ()
    assert [(p.file, p.kind) for p in trip.problems] == [("n1", "no-car")]


def test_without_a_third_of_the_points_unknown_grows_and_no_number_lies() -> None:
    t = np.arange(0.0, 4 * H + 1, 10.0)
    track = drive(t * 25.0, t)
    rng = np.random.default_rng(6)
    gone = np.repeat(rng.random(len(t) // 60 + 1) < 0.3, 60)[: len(t)]
    gone[[0, -1]] = False
    full = work_out(logbook(recorded(ANNA, track)), ground=GROUND).cars[0]
    thin = work_out(logbook(recorded(ANNA, take(track, ~gone))), ground=GROUND).cars[0]
    assert thin.unknown_s > full.unknown_s
    assert thin.elapsed_s == full.elapsed_s
    assert thin.distance_m == pytest.approx(full.distance_m, rel=1e-4)
    assert thin.unrecorded_m > 0.0


def test_mirrored_and_turned_round_the_earth_the_numbers_stay() -> None:
    track = wandering(to_denver(), 4)
    first = work_out(logbook(recorded(ANNA, track)), ground=GROUND).cars[0]
    for lat, shift in ((-track.lat, 0.0), (track.lat, 281.0), (track.lat, -80.5)):
        lon = np.remainder(track.lon + shift + 180.0, 360.0) - 180.0
        moved = make_track(track.time, lat, lon)
        car = work_out(logbook(recorded(ANNA, moved)), ground=GROUND).cars[0]
        assert car.distance_m == pytest.approx(first.distance_m, rel=1e-6)
        assert (car.moving_s, car.halted_s) == (first.moving_s, first.halted_s)


def test_the_zone_of_a_car_at_an_instant() -> None:
    zone = zone_of(logbook(recorded(ANNA, to_denver())), ANNA, GROUND)
    assert (zone(NOON), zone(NOON + 20 * H + 60.0)) == ("America/Chicago", "America/Denver")
    assert zone(NOON + 72 * H) == ""
    assert zone_of(logbook(), ANNA, GROUND)(NOON) == ""


def test_rules_may_be_set() -> None:
    t = np.arange(0.0, 7201.0, 300.0)
    book = logbook(recorded(ANNA, drive(t * 20.0, t)))
    trip = work_out(book, ground=GROUND)
    assert trip.cars[0].unknown_s == 7200.0
    assert [p.kind for p in trip.problems] == ["slow-recorder"]
    assert trip.problems[0].hint == 'convoylog car set "Anna" hole_s=300'
    slow = replace(book, cars=(replace(ANNA, hole_s=300), BEN))
    assert work_out(slow, ground=GROUND).cars[0].unknown_s == 0.0
    assert work_out(book, Rules(hole_s=300.0), ground=GROUND).cars[0].unknown_s == 0.0


# --- real recordings ------------------------------------------------------------------------


def _read(path: Path) -> Recording:
    gpx = pytest.importorskip("convoylog.files.readers.gpx")
    return gpx.read(path.read_bytes())  # type: ignore[no-any-return]


def test_seven_recorders_of_one_ride() -> None:
    rides = {
        path.name: _read(path)
        for path in sorted(corpus("gpx_multi/whitchurch_A").glob("*.gpx"))
        if not path.name.startswith("_")
    }
    rows = [RecordedTrack(ANNA.id, name, name, ride) for name, ride in rides.items()]
    km = {row.path: _km([row]) for row in rows}
    km["all in one car"] = _km(rows)
    assert km == {name: pytest.approx(32.0, rel=0.02) for name in km}


def _km(rows: list[RecordedTrack]) -> float:
    return work_out(logbook(*rows), ground=GROUND).cars[0].distance_m / 1000.0


def test_the_photos_of_yosemite_are_placed_and_say_what_is_missing() -> None:
    read = pytest.importorskip("convoylog.files.readers.photo").read
    folder = corpus("photos/trip_yosemite")
    (path,) = corpus("gpx_trips/yosemite_2015_with_photos").glob("*.gpx")
    photos = []
    for file in sorted(folder.glob("*.jpg")):
        facts = read(file.read_bytes())
        photos.append(RecordedPhoto(ANNA.id, file.name, file.name, facts))
        # as if the camera had no receiver: the track alone has to tell
        bare = replace(facts, lat=None, lon=None, gps_at=None)
        photos.append(RecordedPhoto(ANNA.id, "bare " + file.name, "bare " + file.name, bare))
    book = logbook(RecordedTrack(ANNA.id, path.name, "t", _read(path)), photos=tuple(photos))
    trip = work_out(book)
    assert len(photos) == len(trip.story) > 0
    by_id = {row.id: row.placed for row in trip.story}
    for key, placed in by_id.items():
        assert placed.zone == "America/Los_Angeles"
        assert placed.unsure[0] == "camera zone not set: read as the local time of the place"
        if key.startswith("bare "):
            assert placed.how == "between"
            assert placed.at == by_id[key.removeprefix("bare ")].at
    assert [day.day for day in trip.days] == ["2015-06-12"]


def test_a_barometer_counts_rises_that_are_a_receivers_noise() -> None:
    t = np.arange(0.0, 3601.0)
    track = drive(plan((3600.0, 25.0)), t)
    # waves of 8 m, 5 km long: below a receiver's 10 m, above a barometer's 3 m
    waves = 4.0 * np.sin(2 * np.pi * t * 25.0 / 5_000.0)
    track = make_track(track.time, track.lat, track.lon, waves)

    def climbed(*creators: str) -> tuple[float | None, bool | None]:
        half = len(creators)
        parts = [take(track, np.arange(k, len(t), half)) for k in range(half)]
        rows = [recorded(ANNA, p, f"{c}.gpx", c) for p, c in zip(parts, creators, strict=True)]
        anna = work_out(logbook(*rows), ground=GROUND).cars[0]
        return anna.ascent_m, anna.barometric

    assert climbed("x - with barometer") == (pytest.approx(18 * 8.0, abs=8.0), True)
    assert climbed("x") == (0.0, False)
    # of one among them nobody knows whose heights are rough
    assert climbed("x - with barometer", "phone") == (0.0, False)
