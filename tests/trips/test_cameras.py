"""Cameras told apart, their clocks read, and hints about them that are never applied."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from convoylog.model.logbook import Camera, Car, Logbook, RecordedPhoto, RecordedTrack
from convoylog.model.photos import Photograph
from convoylog.model.tracks import Recording, Track
from convoylog.trips.account import work_out
from convoylog.trips.cameras import Seen, belief, cameras_of
from convoylog.trips.clock_hints import Checked, check_clock
from convoylog.trips.instants import camera_key
from tests.corpus import corpus
from tests.trips.drives import NOON, drive, plan
from tests.trips.plain_ground import PlainGround

GROUND = PlainGround()
H, M, DAY = 3600.0, 60.0, 86_400.0
CANON = Photograph("JPEG", 4, 3, make="Canon", model="IXUS 40", serial="1")
KEY = camera_key(CANON)
CENTRAL = -5 * H


def shows(at: float, camera_minus_utc: float) -> str:
    """What a camera with such a clock writes at an instant."""
    wall = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at + camera_minus_utc)
    return wall.replace(tzinfo=None).isoformat()


def shot(at: float, off: float, facts: Photograph = CANON, **more: object) -> Photograph:
    return replace(facts, taken=shows(at, off), **more)  # type: ignore[arg-type]


def recorded(photos: list[Photograph], car: str = "c1") -> tuple[RecordedPhoto, ...]:
    return tuple(
        RecordedPhoto(car, f"cars/{car}/photos/{n:03}.jpg", f"{car}{n:062}", facts)
        for n, facts in enumerate(photos)
    )


def book(
    photos: list[Photograph], track: Track | None = None, *cameras: Camera, **more: object
) -> Logbook:
    car = Car("c1", "Anna", "44-anna", cameras=cameras)
    tracks = () if track is None else (_track(track),)
    fields = {"cars": (car,), "entries": (), "photos": recorded(photos), "tracks": tracks, **more}
    return Logbook("l1", "Plains", "", **fields)  # type: ignore[arg-type]


def _track(track: Track, car: str = "c1") -> RecordedTrack:
    return RecordedTrack(car, f"{car}.gpx", car * 32, Recording("GPX 1.1", "x", (track,)))


def seen(whole: Logbook) -> Seen:
    (one,) = cameras_of(whole, GROUND)
    return one


def checked(photos: list[Photograph], track: Track | None, *cameras: Camera) -> Checked:
    return check_clock(seen(book(photos, track, *cameras)))


@pytest.fixture(scope="module")
def day() -> Track:
    """Ten hours westwards in Central time, with a stop of ten minutes after each irregular hour."""
    rng = np.random.default_rng(5)
    parts = [part for s in rng.uniform(20, 90, 11) for part in ((s * M, 10.0), (10 * M, 0.0))]
    t = np.arange(0.0, sum(s for s, _ in parts), 5.0)
    return drive(plan(*parts), t)


def stops(track: Track) -> list[float]:
    """The middles of the stops of `day`."""
    still = np.flatnonzero(np.hypot(np.diff(track.lat), np.diff(track.lon)) < 1e-9)
    runs = np.split(still, np.flatnonzero(np.diff(still) > 1) + 1)
    return [float(track.time[run].mean()) for run in runs if len(run) > 60]


def place(track: Track, at: float) -> dict[str, float]:
    return {
        "lat": float(np.interp(at, track.time, track.lat)),
        "lon": float(np.interp(at, track.time, track.lon)),
    }


# --- reading clocks


def test_a_wrong_clock_that_drifts_is_recovered_to_the_microsecond() -> None:
    # 3 min 20 s behind Central, and losing 4 s a day
    def off(at: float) -> float:
        return CENTRAL - 200.0 - 4.0 * (at - NOON) / DAY

    points = tuple((NOON + d * DAY, off(NOON + d * DAY)) for d in (0.0, 3.0, 8.0))
    times = [NOON + d * DAY for d in np.linspace(0.0, 8.0, 33)]
    whole = book([shot(at, off(at)) for at in times], None, Camera(KEY, sync=points))
    got = [row.placed.at for row in work_out(whole, ground=GROUND).story]
    assert got == pytest.approx(times, abs=2e-6)
    assert "loses 4.0 s a day" in belief(seen(whole))


def test_a_bend_in_the_drift_is_followed_and_both_ends_are_held() -> None:
    points = ((NOON, 100.0), (NOON + DAY, 110.0), (NOON + 3 * DAY, 112.0))
    cases = ((-1.0, 100.0), (0.5, 105.0), (2.0, 111.0), (9.0, 112.0))
    times = [NOON + d * DAY for d, _ in cases]
    photos = [shot(at, off) for at, (_, off) in zip(times, cases, strict=True)]
    got = seen(book(photos, None, Camera(KEY, sync=points[::-1] * 2)))
    assert [s.instant.at for s in got.shots] == pytest.approx(times, abs=1e-3)
    assert "by the first sync point" in got.shots[0].instant.evidence[1]
    assert "on the line between" in got.shots[1].instant.evidence[1]
    assert "by the last sync point" in got.shots[3].instant.evidence[1]


def test_four_cameras_with_four_wrong_clocks_in_one_car(day: Track) -> None:
    bodies = [
        CANON,
        replace(CANON, serial="2"),
        Photograph("JPEG", 4, 3, make="Nikon", model="D70", serial="1"),
        Photograph("JPEG", 4, 3, make="", model="Lumix"),
    ]
    offs = (CENTRAL - H, 2 * H + 17.0, -86_400.0 * 3653, CENTRAL)
    cameras = (
        Camera(camera_key(bodies[0]), offset_s=offs[0]),
        Camera(camera_key(bodies[1]), sync=((NOON, offs[1]),)),
        Camera(camera_key(bodies[2]), sync=((NOON, offs[2]), (NOON + DAY, offs[2]))),
        Camera(camera_key(bodies[3]), zone="America/Chicago"),
    )
    times = [NOON + 600.0 * k for k in range(20)]
    photos = [shot(at, off, body) for at in times for body, off in zip(bodies, offs, strict=True)]
    whole = book(photos, day, *cameras)
    found = cameras_of(whole, GROUND)
    assert len(found) == len({one.key for one in found}) == 4
    for one in found:
        assert [s.instant.at for s in one.shots] == pytest.approx(times, abs=1e-3)
        assert one.placed == len(one.shots) == 20
    trip = work_out(whole, ground=GROUND)
    assert {row.placed.how for row in trip.story} == {"between"}
    assert [row.placed.unsure for row in trip.story] == [()] * 80


def test_a_camera_left_on_summer_time_is_an_offset_and_one_that_was_not_a_zone() -> None:
    # Denver's clocks went back on 2026-11-01 at 08:00 UTC
    night = datetime(2026, 11, 1, 8, 0, tzinfo=UTC).timestamp()
    times = [night - 2 * H, night + 2 * H]
    left = book([shot(at, -6 * H) for at in times], None, Camera(KEY, offset_s=-6 * H))
    put = [shot(at, off) for at, off in zip(times, (-6 * H, -7 * H), strict=True)]
    zone = book(put, None, Camera(KEY, zone="America/Denver"))
    for whole in (left, zone):
        assert [s.instant.at for s in seen(whole).shots] == times


def test_one_model_without_serial_in_two_cars_is_two_cameras_with_a_clock_each() -> None:
    bare = replace(CANON, serial="")
    key = camera_key(bare)
    cars = (
        Car("c1", "Anna", "44-anna", cameras=(Camera(key, offset_s=-H),)),
        Car("c2", "Ben", "7-ben", cameras=(Camera(key, offset_s=3 * H),)),
    )
    photos = recorded([shot(NOON, -H, bare)]) + recorded([shot(NOON, 3 * H, bare)], "c2")
    whole = Logbook("l1", "Plains", "", cars, (), (), photos)
    both = cameras_of(whole, GROUND)
    assert [(s.car.name, s.key, s.shots[0].instant.at) for s in both] == [
        ("Anna", key, NOON),
        ("Ben", key, NOON),
    ]
    assert [s.key for s in cameras_of(whole, GROUND, cars={"c2"})] == [key]


def test_the_photo_speaks_first_and_a_contradiction_is_told() -> None:
    photos = [shot(NOON, -6 * H, offset_s=-6 * 3600)]
    quiet = seen(book(photos, None, Camera(KEY, offset_s=-6 * H + 30.0)))
    assert (quiet.shots[0].instant.at, quiet.shots[0].placed.unsure) == (NOON, ())
    told = seen(book(photos, None, Camera(KEY, offset_s=-7 * H)))
    assert told.shots[0].instant.at == NOON
    assert told.shots[0].placed.unsure == ("the camera's offset says 60 min later",)
    over = seen(book(photos, None, Camera(KEY, offset_s=-7 * H, overrule=True)))
    assert over.shots[0].instant.at == NOON + H
    assert belief(over) == "-07:00 from UTC, as set"
    nothing = seen(book(photos, None, Camera(KEY, overrule=True)))
    assert nothing.shots[0].instant.at == NOON


def test_an_unsure_sync_point_widens_the_circle_by_the_way_driven(day: Track) -> None:
    at = NOON + 600.0
    camera = Camera(KEY, sync=((NOON, 0.0),), sync_error=((NOON, 25.0),))
    sure = seen(book([shot(at, 0.0)], day, replace(camera, sync_error=())))
    wide = seen(book([shot(at, 0.0)], day, camera))
    grown = (wide.shots[0].placed.error_m or 0.0) - (sure.shots[0].placed.error_m or 0.0)
    assert grown == pytest.approx(250.0, abs=2.0)  # 25 s at 10 m/s


def test_offsets_that_lead_out_of_the_calendar_place_nothing() -> None:
    for camera in (Camera(KEY, offset_s=6e9), Camera(KEY, sync=((NOON, -6e9),))):
        one = seen(book([shot(NOON, 0.0)], None, camera))
        assert (one.shots[0].instant.at, one.placed) == (None, 0)


# --- checking clocks


def test_gps_times_tell_a_clock_that_is_wrong_by_minutes(day: Track) -> None:
    off = CENTRAL - 17 * M
    photos = [shot(NOON + k * H, off, gps_at=NOON + k * H) for k in range(6)]
    told = checked(photos, day, Camera(KEY, zone="America/Chicago"))
    (hint,) = told.hints
    assert (told.verdict, hint.by, hint.offset_s) == ("suggested", "gps", off)
    assert (hint.behind_s, hint.fits, hint.now_fits, hint.of) == (17 * M, 6, 0, 6)
    assert hint.zone == ""


def test_gps_times_of_old_fixes_are_not_used() -> None:
    ages = (0.0, 700.0, 3000.0, 90.0, 1500.0, 400.0)
    times = [NOON + k * H for k in range(6)]
    photos = [shot(t, CENTRAL, gps_at=t - age) for t, age in zip(times, ages, strict=True)]
    told = checked(photos, None, Camera(KEY, zone="America/Chicago"))
    assert (told.verdict, told.hints) == ("unknown", ())
    assert "do not agree with each other" in told.evidence[-1]


def test_a_clock_that_drifts_is_told_by_two_photos_and_then_fits() -> None:
    def off(at: float) -> float:
        return CENTRAL - 900.0 + 20.0 * (at - NOON) / DAY

    times = [NOON + k * DAY / 3 for k in range(30)]
    photos = [shot(at, off(at), gps_at=at) for at in times]
    told = checked(photos, None, Camera(KEY, zone="America/Chicago"))
    (hint,) = told.hints
    assert "gains 20.0 s a day" in hint.said
    assert [at for _, at in hint.sync] == [times[0], times[-1]]
    by_sha = {p.sha256: p for p in recorded(photos)}
    assert [by_sha[sha].photograph.gps_at for sha, _ in hint.sync] == [times[0], times[-1]]
    sync = tuple((at, off(at)) for _, at in hint.sync)
    assert checked(photos, None, Camera(KEY, sync=sync, overrule=True)).verdict == "fits"


@pytest.mark.parametrize("error", [-7 * H, -M * 44, 95.0, H, 13 * DAY])
def test_positions_on_the_track_tell_any_wrong_clock(day: Track, error: float) -> None:
    rng = np.random.default_rng(8)
    length = float(np.ptp(day.time))
    times = [NOON + length / 25 * k + s for k, s in enumerate(rng.uniform(0.0, 900.0, 25))]
    off = CENTRAL + error
    photos = [shot(at, off, **place(day, at)) for at in times]
    told = checked(photos, day, Camera(KEY, zone="America/Chicago"))
    (hint,) = told.hints
    assert hint.by == "track"
    assert hint.offset_s == pytest.approx(off, abs=hint.unsure_s + 1.0)
    # one pass of a place within 100 m at 10 m/s, and the slack
    assert hint.unsure_s <= 25.0
    assert (hint.fits, hint.of) == (25, 25)
    if error % 900 == 0:
        assert hint.offset_s == off
    put = checked(photos, day, Camera(KEY, offset_s=hint.offset_s))
    assert (put.verdict, put.hints) == ("fits", ())


def test_a_camera_on_the_time_of_a_zone_of_the_trip_is_told_so() -> None:
    # across 102° west after an hour; the camera stays on Central, and reads as Mountain then
    t = np.arange(0.0, 4 * H, 10.0)
    track = drive(t * 25.0, t, road=(38.0, -101.0, 270.0))
    times = [NOON + k * 700.0 for k in range(1, 20)]
    photos = [shot(at, CENTRAL, **place(track, at)) for at in times]
    told = checked(photos, track, Camera(KEY, zone="America/Denver"))
    (hint,) = told.hints
    assert (hint.zone, hint.offset_s, hint.behind_s) == ("America/Chicago", CENTRAL, -H)


def test_a_round_trip_that_fits_twice_is_not_enough() -> None:
    # out and back over the same road: a standstill at the turn, photos at one spot
    t = np.arange(0.0, 4 * H, 10.0)
    way = np.minimum(t, 4 * H - t) * 10.0
    track = drive(way, t)
    spot = place(track, NOON + H)
    photos = [shot(NOON + H + k * 70.0, 0.0, **spot) for k in range(4)]
    told = checked(photos, track, Camera(KEY, offset_s=-5 * H))
    assert told.verdict == "unknown"


def test_stops_tell_a_whole_hour_and_say_that_they_are_weak(day: Track) -> None:
    photos = [shot(at + k * 40.0, CENTRAL - H) for at in stops(day) for k in (-2, 0, 2)]
    told = checked(photos, day, Camera(KEY, zone="America/Chicago"))
    (hint,) = told.hints
    assert (hint.by, hint.offset_s, hint.behind_s) == ("stops", CENTRAL - H, H)
    assert (hint.fits, hint.of) == (11, 11)
    assert "look at two of its photos" in hint.said
    right = [shot(at, CENTRAL) for at in stops(day)]
    assert checked(right, day, Camera(KEY, zone="America/Chicago")).verdict == "fits"


def test_photos_taken_anywhere_do_not_accuse_a_right_clock(day: Track) -> None:
    span = float(np.ptp(day.time))
    for seed in range(30):
        rng = np.random.default_rng(seed)
        times = NOON + np.sort(rng.uniform(0.0, span, 25))
        photos = [shot(float(at), CENTRAL) for at in times]
        assert checked(photos, day, Camera(KEY, zone="America/Chicago")).hints == ()


def test_an_evening_without_a_track_moves_no_clock(day: Track) -> None:
    # after the drive all photos are of the evening, which nobody recorded: any guess is wrong
    end = float(day.time[-1])
    photos = [shot(end + H + k * 400.0, CENTRAL) for k in range(20)]
    told = checked(photos, day, Camera(KEY, zone="America/Chicago"))
    assert (told.verdict, told.hints) == ("unknown", ())


def test_too_little_evidence_is_said(day: Track) -> None:
    for photos, word in (
        ([], "no photo"),
        ([replace(CANON)], "no photo of it says a time"),
        ([shot(NOON, CENTRAL)], "too few"),
        ([shot(NOON, CENTRAL + H, **place(day, NOON))] * 9, "too few"),
    ):
        told = checked(photos, day, Camera(KEY))
        assert (told.verdict, told.hints) == ("unknown", ())
        assert word in " ".join(told.evidence)


def test_a_clock_that_was_never_set_is_asked_about(day: Track) -> None:
    told = checked([shot(NOON, -3653 * DAY)], day)
    assert "was it ever set?" in told.evidence[0]
    assert "before" in told.evidence[0]
    assert "no track with times" in checked([shot(NOON, 0.0)], None).evidence[0]


def test_checking_changes_nothing_and_depends_on_no_order(day: Track) -> None:
    times = [NOON + k * 1500.0 for k in range(20)]
    photos = [shot(at, CENTRAL + H, **place(day, at)) for at in times]
    whole = book(photos, day)
    before = work_out(whole, ground=GROUND).story
    first = check_clock(seen(whole))
    again = check_clock(seen(replace(whole, photos=whole.photos[::-1])))
    assert first == again == check_clock(seen(whole))
    assert work_out(whole, ground=GROUND).story == before


# --- real photos and their track


def test_the_clock_of_yosemite_is_found_again_after_it_was_put_wrong() -> None:
    read = pytest.importorskip("convoylog.files.readers.photo").read
    gpx = pytest.importorskip("convoylog.files.readers.gpx").read
    (path,) = corpus("gpx_trips/yosemite_2015_with_photos").glob("*.gpx")
    photos = [
        replace(read(file.read_bytes()), gps_at=None)
        for file in sorted(corpus("photos/trip_yosemite").glob("*.jpg"))
    ]
    track = RecordedTrack("c1", path.name, "t", gpx(path.read_bytes()))
    whole = book(photos, tracks=(track,))
    key = camera_key(photos[0])
    for off in (-7 * H, -8 * H, 0.0, -6.5 * H):
        car = Car("c1", "Anna", "44-anna", cameras=(Camera(key, offset_s=off),))
        told = check_clock(seen(replace(whole, cars=(car,))))
        if off == -7 * H:  # Yosemite in June
            assert (told.verdict, told.hints) == ("fits", ())
        else:
            assert told.hints[0].offset_s == -7 * H
