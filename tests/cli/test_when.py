"""Times as people type them. "Now" is Thursday 5 August 2010, 22:00 in Denver (04:00 UTC)."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from convoylog.cli.when import Understood, WholeDay, understand
from convoylog.errors import UsageError

NOW = datetime(2010, 8, 6, 4, 0, tzinfo=UTC)


def denver(_: float) -> str:
    return "America/Denver"


def read(text: str, *, now: datetime = NOW, whole_day: WholeDay = "refuse") -> Understood:
    return understand(text, now=now, zone_of=denver, whole_day=whole_day)


@pytest.mark.parametrize(
    ("instant", "typed"),
    [
        ("2010-08-05T22:00:00-06:00", "now"),
        # ISO 8601
        ("2010-08-05T18:30:00-06:00", "2010-08-05 18:30"),
        ("2010-08-05T18:30:00-06:00", "2010-08-05T18:30-06:00"),
        ("2010-08-05T18:30:00-06:00", "2010-08-05 18:30 -0600"),
        ("2010-08-05T18:30:00+05:45", "2010-08-05T18:30:00+05:45"),
        ("2010-08-05T18:30:00+00:00", "2010-08-05T18:30:00Z"),
        ("2010-08-05T18:30:00+00:00", "20100805T183000Z"),
        ("2010-08-05T18:30:05.250000-06:00", "2010-08-05 18:30:05,25"),
        ("2010-01-05T18:30:00-07:00", "2010-01-05 18:30"),  # winter time then, not now
        ("2010-08-05T00:00:00-06:00", "2010-08-05 00:00"),  # a typed 00:00 is one
        # what people type
        ("2010-08-05T18:30:00-06:00", "18:30"),
        ("2010-08-05T18:30:05-06:00", "18:30:05"),
        ("2010-08-04T21:00:00-06:00", "yesterday 9pm"),
        ("2010-08-04T21:00:00-06:00", "9 pm yesterday"),
        ("2010-08-04T21:30:00-06:00", "Yesterday at 9:30 p.m."),
        ("2010-08-05T00:00:00-06:00", "12am"),
        ("2010-08-05T12:00:00-06:00", "12 pm"),
        ("2010-08-05T12:00:00-06:00", "noon"),
        ("2010-08-05T18:30:00-06:00", "5 Aug 18:30"),
        ("2010-08-05T18:30:00-06:00", "August 5, 2010 6:30 PM"),
        ("2010-08-05T18:30:00-06:00", "Thu 5 Aug 2010 18:30"),
        ("2010-08-05T18:30:00-06:00", "thursday 18:30"),
        ("2010-07-29T18:30:00-06:00", "last thursday 18:30"),
        ("2010-08-02T18:30:00-06:00", "monday 18:30"),
        ("2010-08-03T18:30:00-06:00", "two days ago 18:30"),
        ("2010-04-13T10:00:00-06:00", "13/04/2010 10:00"),
        ("2010-04-13T10:00:00-06:00", "04/13/2010 10:00"),
        ("2010-08-05T18:30:00-06:00", "5.8.2010 18:30"),
        # other languages
        ("2010-08-04T18:00:00-06:00", "gestern 18 Uhr"),
        ("2010-08-05T18:30:00-06:00", "5. August 2010 18:30"),
        ("2010-08-03T18:30:00-06:00", "vorgestern 18:30"),
        ("2010-08-05T18:30:00-06:00", "le 5 août 18h30"),
        ("2010-08-04T18:30:00-06:00", "ayer 18:30"),
        # counted on the instant
        ("2010-08-05T20:00:00-06:00", "2 hours ago"),
        ("2010-08-05T20:30:00-06:00", "1h 30m ago"),
        ("2010-08-05T21:00:00-06:00", "an hour ago"),
        ("2010-08-05T21:55:00-06:00", "five minutes ago"),
        # offsets and zones behind a time
        ("2010-08-05T18:30:00+00:00", "18:30 UTC"),
        ("2010-08-05T18:30:00+02:00", "5 Aug 18:30 Europe/Berlin"),
        ("2010-08-05T18:30:00+02:00", "2010-08-05 18:30 Europe/Berlin"),
        ("2010-08-05T18:30:00-06:00", "18:30 -06:00"),
        # without a year: the last one, at most a day ahead
        ("2010-08-06T10:00:00-06:00", "6 Aug 10:00"),
        ("2009-08-07T10:00:00-06:00", "7 Aug 10:00"),
        ("2008-02-29T10:00:00-07:00", "29 Feb 10:00"),
    ],
)
def test_a_time_is_understood(instant: str, typed: str) -> None:
    assert instant == read(typed).instant.isoformat()


@pytest.mark.parametrize(
    ("why", "typed"),
    [
        ("no time given", "  "),
        ("too long", "18:30 " * 20),
        ("cannot read", "soon"),
        ("cannot read", "2010"),
        ("cannot read", "1e3"),
        ("cannot read", "５:30"),
        ("cannot read", "last week 18:30"),
        ("cannot read", "-1 hours ago"),
        ("has no time of day", "2010-08-05"),  # others make it 09:00, or midnight
        ("has no time of day", "5 Aug"),
        ("has no time of day", "yesterday"),  # not this hour, yesterday
        ("has no time of day", "2 days ago"),
        ("2010-04-03 or 2010-03-04", "03/04/2010 10:00"),
        ("more than one day", "5/8/10 9:00"),
        ("two times of day", "18:30 19:30"),
        ("not a fri", "Fri 5 Aug 2010 18:30"),
        ("`MST` does not say which offset", "18:30 MST"),  # others parse it, then drop it
        ("`CEST` does not say which offset", "5 Aug 18:30 CEST"),
        ("begin or end the day", "5 Aug midnight"),
        ("no time of day", "25:00"),
        ("no time of day", "13pm"),
        ("no time", "2010-02-30 10:00"),
        ("no time", "2010-08-05 24:00"),
        ("no place is", "2010-08-05T18:30+19:00"),
        ("no time zone", "18:30 Mars/Olympus"),
        ("year 9999", "9999-12-31 23:59"),
        ("year 1", "0001-01-01 00:00"),
        ("no time of day", "2010-08-05Z"),
    ],
)
def test_what_cannot_be_understood_in_one_way_is_refused(why: str, typed: str) -> None:
    with pytest.raises(UsageError, match=why) as caught:
        read(typed)
    assert caught.value.hint


def test_the_answer_shows_what_was_understood() -> None:
    seen = read("18:30")
    assert "Thu 5 Aug 2010, 18:30 in America/Denver (00:30 UTC on 6 Aug)" == seen.sentence
    assert "America/Denver" == seen.zone


def test_a_given_offset_is_kept_and_shown() -> None:
    seen = read("2010-08-05T18:30+02:00")
    assert timedelta(hours=2) == seen.instant.utcoffset()
    assert "Thu 5 Aug 2010, 18:30 at UTC+02:00 (16:30 UTC)" == seen.sentence
    assert "Thu 5 Aug 2010, 18:30 at UTC" == read("2010-08-05T18:30Z").sentence


def test_a_time_still_to_come_says_so() -> None:
    seen = read("tomorrow 10:00")
    assert timedelta(hours=12) == seen.ahead
    assert seen.sentence.endswith(", 12 h 00 from now")
    assert timedelta(0) == read("18:30").ahead


def test_of_a_time_that_came_twice_the_earlier_is_taken_and_said() -> None:
    seen = read("2009-11-01 01:30")
    assert "2009-11-01T01:30:00-06:00" == seen.instant.isoformat()
    assert "came twice, this is the earlier, the later is 2009-11-01T01:30-07:00" in seen.sentence


def test_a_time_that_never_came_is_refused_with_both_neighbours() -> None:
    with pytest.raises(UsageError, match=r"from 01:59:59 .* to 03:00:00") as caught:
        read("2010-03-14 02:30")
    assert "2010-03-14T03:00-06:00" in caught.value.hint


def test_hours_ago_are_real_hours_over_a_dst_night() -> None:
    # 03:30 summer time, an hour and a half after 01:00 winter time
    now = datetime(2010, 3, 14, 9, 30, tzinfo=UTC)
    assert "2010-03-14T00:30:00-07:00" == read("2 hours ago", now=now).instant.isoformat()


@pytest.mark.parametrize(
    ("instant", "typed", "whole_day"),
    [
        ("2010-08-05T00:00:00-06:00", "2010-08-05", "start"),
        ("2010-08-06T00:00:00-06:00", "2010-08-05", "end"),
        ("2010-08-04T00:00:00-06:00", "yesterday", "start"),
        ("2010-08-05T18:30:00-06:00", "18:30", "end"),
    ],
)
def test_a_whole_day_has_a_start_and_an_end(instant: str, typed: str, whole_day: WholeDay) -> None:
    assert instant == read(typed, whole_day=whole_day).instant.isoformat()


def test_a_day_whose_midnight_never_came_begins_with_its_first_instant() -> None:
    seen = understand(
        "2018-11-04", now=NOW, zone_of=lambda _: "America/Sao_Paulo", whole_day="start"
    )
    assert "2018-11-04T01:00:00-02:00" == seen.instant.isoformat()


#: a car that leaves Mountain for Central time at this instant, 18:00 there and 19:00 here
BORDER = datetime(2010, 8, 6, 0, 0, tzinfo=UTC).timestamp()


def eastward(at: float) -> str:
    return "America/Denver" if at < BORDER else "America/Chicago"


def westward(at: float) -> str:
    return "America/Chicago" if at < BORDER else "America/Denver"


def test_a_time_is_in_the_zone_of_the_car_then_not_now() -> None:
    before = understand("2010-08-05 17:30", now=NOW, zone_of=eastward)
    after = understand("2010-08-05 19:30", now=NOW, zone_of=eastward)
    assert ("America/Denver", "America/Chicago") == (before.zone, after.zone)
    assert timedelta(hours=1) == after.instant - before.instant


def test_the_hour_lost_at_a_zone_border_is_refused() -> None:
    with pytest.raises(UsageError, match=r"17:59:59 \(America/Denver\) to 19:00:00 \(America/Ch"):
        understand("2010-08-05 18:30", now=NOW, zone_of=eastward)


def test_the_hour_won_at_a_zone_border_came_twice() -> None:
    seen = understand("2010-08-05 18:30", now=NOW, zone_of=westward)
    assert "2010-08-05T18:30:00-05:00" == seen.instant.isoformat()
    assert "the later is 2010-08-05T18:30-06:00" in seen.sentence


def test_today_is_the_cars_today() -> None:
    tokyo = understand("18:30", now=NOW, zone_of=lambda _: "Asia/Tokyo")
    assert "2010-08-06T18:30:00+09:00" == tokyo.instant.isoformat()


def test_without_a_zone_only_a_time_with_offset_is_understood() -> None:
    def unknown(_: float) -> str:
        return ""

    assert 0 == understand("2010-08-05T18:30Z", now=NOW, zone_of=unknown).instant.minute - 30
    assert NOW == understand("now", now=NOW, zone_of=unknown).instant
    with pytest.raises(UsageError, match="time zone there is unknown"):
        understand("18:30", now=NOW, zone_of=unknown)


def test_most_times_are_understood_without_dateparser() -> None:
    script = (
        "import sys; from datetime import *; from convoylog.cli.when import understand;"
        "[understand(t, now=datetime.now(UTC), zone_of=lambda _: 'Europe/Berlin')"
        " for t in ('18:30', '2010-08-05 18:30', 'yesterday 9pm', '2 hours ago', 'now')];"
        "sys.exit('dateparser' in sys.modules)"
    )
    assert 0 == subprocess.run([sys.executable, "-c", script], check=False).returncode


@pytest.mark.parametrize(
    "noise",
    ["\x1b[2J", "((((" * 15, "a" * 80, "1-1-1-1", "Jan\u202e 5", "{}", "%s", "5 Aug 18:30 18"],
)
def test_noise_is_refused_in_words(noise: str) -> None:
    with pytest.raises(UsageError):
        read(noise)
