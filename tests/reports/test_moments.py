"""The page's one clock shows what clocks showed there and then."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.reports.test_budgets import text_of, told_of
from tests.reports.trips import BEGIN, DENVER, car, note, photo, track, trip


def test_where_a_car_recorded_nothing_the_pages_clock_is_that_of_what_it_told() -> None:
    solo = car(0, "Solo", zone="America/Los_Angeles")
    drive = track((41.88, -87.63), DENVER, BEGIN, 2)
    # years before and after, at no known place; 23:03 in California is on another date in UTC
    winter = photo(solo, 1, "2007-12-03T23:03:45")
    summer = photo(solo, 2, "2031-07-03T12:00:00")
    bare = [replace(p, photograph=replace(p.photograph, offset_s=None)) for p in (winter, summer)]
    spoken = note(1, solo, BEGIN - timedelta(days=3), "At home.", position=(37.77, -122.42))
    for recordings in ({}, {solo.id: [drive]}):
        seen = trip([solo], recordings, [spoken], bare)
        told: dict[str, Any] = told_of(text_of(seen))
        clocks = {entry[0]: clock_at(told, entry[2]) for entry in told["entries"]}
        shown = re.findall(
            r'<li class="entry[^>]*id="(e\d+)".*?<time datetime="([\dT-]+):',
            text_of(seen),
            re.DOTALL,
        )
        assert [("e1", "2007-12-03T23"), ("e3", "2031-07-03T12")] == [shown[0], shown[-1]]
        for anchor, hour in shown:
            assert clocks[anchor].startswith(hour), anchor
        # before anything was moved it stands at the begin of the axis
        assert "2007-12-03T22:53" == clock_at(told, told["axis"][0][1])
        assert {"2007-12-03", "2031-07-03"} <= set(told["dates"])
        assert "PST" == told["cars"][0]["clock"][0][2]


def clock_at(told: dict[str, Any], at: float) -> str:
    """What the script's clock shows when nothing but an instant is known, ISO to the minute."""
    (one,) = told["cars"]
    offset = ([o for begin, o, _ in one["clock"] if begin <= at] or [one["clock"][0][1]])[-1]
    return f"{datetime.fromtimestamp(told['start'] + at + offset, UTC):%Y-%m-%dT%H:%M}"
