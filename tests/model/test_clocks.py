"""What clocks of a place show."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from convoylog.model.clocks import local_time

NOON = datetime(2026, 6, 20, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("zone", "shown"), [("America/Denver", "06:00 MDT"), ("Etc/GMT+11", "01:00 -11"), ("", "12:00 UTC")]
)  # fmt: skip
def test_a_zones_clock_shows_an_instant_and_utcs_where_none_is_known(zone: str, shown: str) -> None:
    local = local_time(NOON, zone)
    assert local is not None
    assert shown == f"{local:%H:%M %Z}"


@pytest.mark.parametrize(("at", "zone"), [(1e15, "UTC"), (NOON, "Mars/Olympus"), (NOON, "../UTC")])
def test_outside_of_calendar_and_zones_no_clock_shows_anything(at: float, zone: str) -> None:
    assert local_time(at, zone) is None
