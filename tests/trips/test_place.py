"""Placing entries and photos: instants, positions, and how sure."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from convoylog.model.logbook import Camera, Car, Entry
from convoylog.model.photos import Photograph
from convoylog.model.tracks import Track, make_track
from convoylog.model.trip import Placed
from convoylog.trips.ledger import keep_ledger
from convoylog.trips.place import camera_key, fallback_zones, place_entry, place_photo
from convoylog.trips.whereabouts import Whereabouts, whereabouts
from tests.trips.drives import NOON, drive
from tests.trips.plain_ground import PlainGround

GROUND = PlainGround()
NOWHERE = make_track([], [], [])


def way(track: Track) -> Whereabouts:
    return whereabouts(keep_ledger(track), GROUND)


def hop(seconds: float, *, lon: float = -99.9) -> Whereabouts:
    return way(make_track([NOON, NOON + seconds], [37.75, 37.75], [-100.0, lon]))


def photo(taken: str = "2026-05-02T07:30:00", **more: object) -> Photograph:
    return Photograph("JPEG", 4, 3, taken, make="Canon", model="IXUS 40", serial="123", **more)  # type: ignore[arg-type]


def car(**camera: object) -> Car:
    cameras = (Camera(camera_key(photo()), **camera),) if camera else ()  # type: ignore[arg-type]
    return Car("c1", "Anna", "44-anna", cameras=cameras)


def placed(picture: Photograph, where: Whereabouts, **camera: object) -> Placed:
    return place_photo(picture, car(**camera), where, GROUND)


def noted(at: float, where: Whereabouts) -> Placed:
    return place_entry(Entry("e1", "note", "c1", datetime.fromtimestamp(at, UTC)), where, GROUND)


DRIVE = np.arange(0.0, 7201.0, 5.0)


@pytest.fixture(scope="module")
def road() -> Whereabouts:
    """From Dodge City 07:00 to 09:00 Central time, westwards, all of it east of 102° W."""
    return way(drive(DRIVE * 20.0, DRIVE))


# --- position -------------------------------------------------------------------------------


def test_between_two_points_the_line_tells_and_the_radius_grows_to_the_middle() -> None:
    told = noted(NOON + 50.0, hop(200.0))
    assert (told.how, told.lat, told.lon) == ("between", 37.75, pytest.approx(-99.975))
    assert told.error_m == pytest.approx(1770.0, abs=5.0)


def test_too_far_from_both_points_nothing_is_said() -> None:
    told = noted(NOON + 300.0, hop(600.0))
    assert (told.how, told.lat, told.error_m) == ("unplaced", None, None)
    assert told.at == NOON + 300.0
    assert "hole" in told.evidence[-1]


def test_near_one_point_of_a_wide_hop_it_is_held_there() -> None:
    told = noted(NOON + 100.0, hop(600.0))
    assert (told.how, told.lat, told.lon) == ("held", 37.75, -100.0)
    assert told.error_m == pytest.approx(1484.0, abs=5.0)


def test_between_both_sides_of_180_degrees_is_not_zero() -> None:
    told = noted(NOON + 150.0, way(make_track([NOON, NOON + 300.0], [0.0, 0.0], [179.9, -179.9])))
    assert abs(told.lon or 0.0) == pytest.approx(180.0)
    assert told.how == "between"


def test_a_sleeping_recorder_means_parked() -> None:
    where = way(make_track([NOON, NOON + 13 * 3600.0], [38.0, 38.00036], [-100.0, -100.0]))
    told = noted(NOON + 4 * 3600.0, where)
    assert told.how == "parked"
    assert told.error_m is not None
    assert told.error_m <= 60.0


@pytest.mark.parametrize("away", [-100.0, 1100.0])
def test_past_the_ends_it_is_held_for_two_minutes(away: float) -> None:
    t = np.arange(0.0, 1001.0, 10.0)
    where = way(drive(t * 20.0, t))
    told = noted(NOON + away, where)
    assert told.how == "held"
    assert told.error_m == pytest.approx(15.0 + 20.0 * 100.0, abs=1.0)
    further = noted(NOON + (-121.0 if away < 0 else 1121.0), where)
    assert further.how == "unplaced"
    assert ("before" if away < 0 else "after") in further.evidence[-1]


def test_one_point_holds_and_no_point_says_nothing() -> None:
    one = way(make_track([NOON], [38.0], [-100.0]))
    assert noted(NOON + 60.0, one).how == "held"
    assert noted(NOON + 60.0, way(NOWHERE)).how == "unplaced"


def test_a_position_a_person_gave_stands() -> None:
    entry = Entry("e1", "note", "c1", datetime.fromtimestamp(NOON, UTC), position=(38.0, -103.0))
    told = place_entry(entry, hop(200.0), GROUND)
    assert (told.how, told.lat, told.zone, told.offset_s) == (
        "given",
        38.0,
        "America/Denver",
        -21_600,
    )


def test_its_own_position_wins_and_a_contradiction_is_told(road: Whereabouts) -> None:
    near = placed(photo(offset_s=-18_000, lat=37.80, lon=-100.40), road)
    assert (near.how, near.lat, near.error_m) == ("gps", 37.80, 15.0)
    far = placed(photo(offset_s=-18_000, lat=39.0, lon=-100.40), road)
    assert far.how == "gps"
    assert "km from the car's track" in far.unsure[0]
    assert any("the track has 37." in step for step in far.evidence)


def test_a_device_that_doubts_its_position_is_believed(road: Whereabouts) -> None:
    vague = placed(photo(offset_s=-18_000, lat=37.80, lon=-100.40, accuracy_m=120.0), road)
    sure = placed(photo(offset_s=-18_000, lat=37.80, lon=-100.40, accuracy_m=4.0), road)
    assert (vague.error_m, sure.error_m) == (120.0, 15.0)


# --- instant --------------------------------------------------------------------------------


def test_the_offset_in_the_photo_is_the_first_evidence(road: Whereabouts) -> None:
    told = placed(photo("2026-05-02T14:30:00.25", offset_s=7200), road, zone="America/Chicago")
    assert told.at == NOON + 1800.25
    assert told.unsure == ()
    assert (told.zone, told.offset_s) == ("America/Chicago", -18_000)


def test_gps_time_tells_the_offset_and_nothing_else(road: Whereabouts) -> None:
    gps = datetime(2026, 5, 2, 11, 35, 40, tzinfo=UTC).timestamp()
    told = placed(photo("2026-05-02T12:35:41", gps_at=gps), road)
    assert told.at == gps + 1.0
    # 73 minutes are no offset of any place, so nothing is inferred from them
    gps = datetime(2026, 5, 2, 11, 22, tzinfo=UTC).timestamp()
    told = placed(photo("2026-05-02T12:35:00", gps_at=gps), way(NOWHERE))
    assert told.at is None


def test_half_an_hour_west_of_four_was_an_offset_only_for_some_years() -> None:
    for year, known in ((2010, True), (2020, False)):
        gps = datetime(year, 5, 2, 12, 0, tzinfo=UTC).timestamp()
        told = placed(photo(f"{year}-05-02T07:30:00", gps_at=gps), way(NOWHERE))
        assert (told.at is not None) is known


def test_sync_points_bend_with_the_clock_and_hold_outside(road: Whereabouts) -> None:
    day = 86_400.0
    sync = ((NOON, 100.0), (NOON + 2 * day, 120.0))
    for days, off in ((1, 110.0), (3, 120.0), (-1, 100.0)):
        at = NOON + days * day
        read = datetime.fromtimestamp(at + off, UTC).replace(tzinfo=None)
        assert placed(photo(read.isoformat()), road, sync=sync).at == pytest.approx(at, abs=0.01)
    told = placed(photo("2026-05-02T12:00:00"), road, sync=((NOON, 100.0), (NOON + day, 200.0)))
    assert "drifts" in told.unsure[0]


def test_a_camera_zone_is_read_as_said(road: Whereabouts) -> None:
    told = placed(photo("2026-05-02T14:30:00"), road, zone="Europe/Berlin")
    assert (told.at, told.how, told.unsure) == (NOON + 1800.0, "between", ())


def test_a_camera_nobody_set_is_read_at_the_place_and_flagged(road: Whereabouts) -> None:
    told = placed(photo("2026-05-02T07:30:00"), road)
    assert (told.at, told.how) == (NOON + 1800.0, "between")
    assert told.unsure == ("camera zone not set: read as the local time of the place",)
    assert placed(photo("2026-05-02T07:30:00"), road, zone="follow").unsure == ()


def test_where_no_track_covers_it_and_nobody_said_a_zone_the_time_stays_unknown() -> None:
    told = placed(photo(), way(NOWHERE))
    assert (told.at, told.how) == (None, "unplaced")
    assert told.evidence[-1] == "the camera's zone is not set"


def test_in_the_evening_after_the_track_the_zone_of_its_end_is_taken_as_a_guess(
    road: Whereabouts,
) -> None:
    told = placed(photo("2026-05-02T20:00:00"), road)
    assert (told.at, told.how) == (NOON + 13 * 3600.0, "unplaced")
    assert "nearest place known" in told.unsure[0]


def test_following_a_car_over_a_zone_border() -> None:
    # half an hour on each side of 102° W: Central until 07:30, then Mountain from 06:30
    t = np.arange(0.0, 3601.0, 10.0)
    where = way(make_track(NOON + t, 38.0 + t * 0, -102.0 - (t - 1800.0) / 4000.0))
    east = placed(photo("2026-05-02T07:10:00"), where, zone="follow")
    west = placed(photo("2026-05-02T06:40:00"), where, zone="follow")
    assert (east.at, east.zone) == (NOON + 600.0, "America/Chicago")
    assert (west.at, west.zone, west.offset_s) == (NOON + 2400.0, "America/Denver", -21_600)


def test_two_instants_that_fit_are_told_and_the_earlier_counts() -> None:
    # two hours across the border: 06:45 … 07:00 Mountain comes after 06:45 … Central
    t = np.arange(0.0, 7201.0, 10.0)
    where = way(make_track(NOON + t, 38.0 + t * 0, -102.0 - (t - 3600.0) / 4000.0))
    told = placed(photo("2026-05-02T07:30:00"), where, zone="follow")
    assert told.at == NOON + 1800.0
    assert told.unsure[0].startswith("2 instants fit")


def test_a_local_time_that_comes_twice_is_the_earlier_and_one_that_never_was_is_none() -> None:
    twice = placed(photo("2026-11-01T01:30:00"), way(NOWHERE), zone="America/Denver")
    assert twice.at == datetime(2026, 11, 1, 7, 30, tzinfo=UTC).timestamp()
    assert "twice" in twice.unsure[0]
    never = placed(photo("2026-03-08T02:30:00"), way(NOWHERE), zone="America/Denver")
    assert never.at is None
    assert "never was" in never.evidence[-1]


def test_a_note_without_an_offset_is_read_at_the_place(road: Whereabouts) -> None:
    entry = Entry("e1", "note", "c1", datetime(2026, 5, 2, 7, 30))  # noqa: DTZ001
    told = place_entry(entry, road, GROUND)
    assert (told.at, told.how, told.unsure) == (NOON + 1800.0, "between", ())
    alone = place_entry(entry, way(NOWHERE), GROUND)
    assert (alone.at, alone.how) == (None, "unplaced")
    zones = fallback_zones(Car("c1", "Anna", "44-anna", zone="America/Denver"), "")
    told = place_entry(entry, way(NOWHERE), GROUND, zones)
    assert (told.at, told.zone, told.offset_s) == (NOON + 5400.0, "America/Denver", -21_600)
    assert told.unsure == ("read in America/Denver, the zone of the car",)


def test_an_unplaced_note_keeps_its_own_offset() -> None:
    at = datetime.fromisoformat("2026-05-02T14:00:00+02:00")
    told = place_entry(Entry("e1", "note", "c1", at), way(NOWHERE), GROUND)
    assert (told.at, told.offset_s, told.zone) == (NOON, 7200, "")


@pytest.mark.parametrize("taken", ["", "0000:00:00", "2026-05-02T25:00:00"])
def test_a_photo_without_a_time_says_so(taken: str) -> None:
    told = placed(photo(taken, lat=38.0, lon=-100.0), way(NOWHERE))
    assert (told.at, told.how, told.lat) == (None, "gps", 38.0)
    assert "no time" in told.evidence[0]


@pytest.mark.parametrize("taken", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_the_ends_of_the_calendar_are_no_trouble(taken: str, road: Whereabouts) -> None:
    assert placed(photo(taken), road).how == "unplaced"
    assert placed(photo(taken, offset_s=-50_400), road).how == "unplaced"


def test_the_serial_never_shows_in_a_camera_key() -> None:
    one, two = photo(), Photograph("JPEG", 4, 3, make="Canon", model="IXUS 40", serial="124")
    assert camera_key(one) != camera_key(two)
    assert camera_key(one).startswith("ixus-40-")
    assert "123" not in camera_key(one).rsplit("-", 1)[0]
    assert camera_key(Photograph("PNG", 1, 1)).startswith("camera-")
    assert camera_key(Photograph("PNG", 1, 1, camera="lent-abc123")) == "lent-abc123"
