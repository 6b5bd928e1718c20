from __future__ import annotations

from datetime import UTC, datetime

import pytest

from convoylog.places import zones


def _wall(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """What a clock on a wall shows: no zone of its own."""
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("place", "lat", "lon", "expected"),
    [
        ("Dodge City KS", 37.7528, -100.0171, "America/Chicago"),
        ("Garden City KS", 37.9717, -100.8727, "America/Chicago"),
        ("Lakin KS", 37.9406, -101.2549, "America/Chicago"),
        ("Oakley KS", 39.1333, -100.8638, "America/Chicago"),
        ("Nashville TN", 36.1627, -86.7816, "America/Chicago"),
        ("Syracuse KS", 37.9806, -101.7502, "America/Denver"),
        ("Goodland KS", 39.3508, -101.7102, "America/Denver"),
        ("Lamar CO", 38.0872, -102.6207, "America/Denver"),
        ("Window Rock AZ", 35.6806, -109.0526, "America/Denver"),
        ("Phoenix AZ", 33.4484, -112.0740, "America/Phoenix"),
        ("Knoxville TN", 35.9606, -83.9207, "America/New_York"),
    ],
)
def test_a_zone_is_that_of_the_place_and_not_of_its_state(
    place: str, lat: float, lon: float, expected: str
) -> None:
    assert expected == zones.zone_at(lat, lon), place


@pytest.mark.parametrize(
    ("zone", "hour"), [("America/Chicago", 14), ("America/Denver", 13), ("America/New_York", 15)]
)
def test_one_instant_has_its_own_hour_in_each_zone(zone: str, hour: int) -> None:
    instant = datetime(2026, 5, 2, 19, tzinfo=UTC).timestamp()
    assert (hour - 19) * 3600 == zones.offset_at(zone, instant)


@pytest.mark.parametrize(
    ("lat", "lon"), [(91.0, 0.0), (0.0, 181.0), (float("nan"), 0.0), (0.0, float("inf"))]
)
def test_what_is_no_place_has_no_zone(lat: float, lon: float) -> None:
    assert "" == zones.zone_at(lat, lon)


def test_offsets_follow_the_rules_of_their_year() -> None:
    # Moscow was at +4 in 2012 and is at +3 since 2014
    assert 4 * 3600 == zones.offset_at(
        "Europe/Moscow", datetime(2012, 7, 1, tzinfo=UTC).timestamp()
    )
    assert 3 * 3600 == zones.offset_at(
        "Europe/Moscow", datetime(2015, 7, 1, tzinfo=UTC).timestamp()
    )


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "a\0b"])
def test_a_zone_nobody_knows_has_no_instants_and_no_offset(zone: str) -> None:
    assert 0 == zones.offset_at(zone, 0.0)
    assert () == zones.instants_of(zone, _wall(2026, 5, 2))


def test_an_instant_beyond_the_calendar_has_no_offset() -> None:
    assert 0 == zones.offset_at("America/Denver", 1e18)


def test_a_wall_time_that_a_spring_night_skips_never_was() -> None:
    assert () == zones.instants_of("America/Denver", _wall(2026, 3, 8, 2, 30))


def test_a_wall_time_that_an_autumn_night_repeats_was_twice_earlier_first() -> None:
    first = datetime(2026, 11, 1, 7, 30, tzinfo=UTC).timestamp()
    assert (first, first + 3600) == zones.instants_of("America/Denver", _wall(2026, 11, 1, 1, 30))


def test_any_other_wall_time_was_once() -> None:
    once = datetime(2026, 5, 2, 19, 0, tzinfo=UTC).timestamp()
    assert (once,) == zones.instants_of("America/Denver", _wall(2026, 5, 2, 13, 0))


@pytest.mark.parametrize("zone", ["localtime", "posixrules", "right/Europe/Oslo"])
def test_a_zone_that_differs_from_machine_to_machine_is_none(zone: str) -> None:
    assert () == zones.instants_of(zone, _wall(2026, 5, 2))


@pytest.mark.parametrize("wall", [datetime.min, datetime.max])  # noqa: DTZ901 - a wall's
def test_the_ends_of_the_calendar_do_no_harm(wall: datetime) -> None:
    for zone in ("America/Denver", "Asia/Tokyo"):
        assert len(zones.instants_of(zone, wall)) <= 1


def test_a_part_of_a_second_is_kept() -> None:
    whole = datetime(2026, 5, 2, 19, tzinfo=UTC).timestamp()
    wall = _wall(2026, 5, 2, 13).replace(microsecond=250_000)
    assert (whole + 0.25,) == zones.instants_of("America/Denver", wall)


def test_at_sea_the_zone_is_of_whole_hours() -> None:
    assert "Etc/GMT+8" == zones.zone_at(-40.0, -120.0)


def test_both_sides_of_180_have_a_zone() -> None:
    assert "Pacific/Fiji" == zones.zone_at(-17.0, 180.0) == zones.zone_at(-17.0, -180.0)
    assert zones.zone_at(90.0, 0.0)
    assert zones.zone_at(-90.0, 0.0)
