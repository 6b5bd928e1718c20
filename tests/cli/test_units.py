from __future__ import annotations

import math

import pytest

from convoylog.cli import units


@pytest.mark.parametrize(
    ("told", "metres"),
    [("0.0 km", 0), ("12.3 km", 12_345), ("999.9 km", 999_940), ("1,000 km", 999_960),
     ("3,869 km", 3_869_000), ("–", None), ("–", math.nan)],
)  # fmt: skip
def test_kilometres(told: str, metres: float | None) -> None:
    assert told == units.km(metres)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("0 s", 0), ("40 s", 40), ("1 min", 60), ("12 min", 720), ("1 h 00", 3599), ("3 h 05", 11_100),
     ("47 h 59", 172_740), ("2 d 0 h", 172_800), ("-5 min", -300), ("–", None), ("–", math.inf)],
)  # fmt: skip
def test_durations(told: str, seconds: float | None) -> None:
    assert told == units.duration(seconds)


@pytest.mark.parametrize(
    ("told", "count"),
    [("0 B", 0), ("999 B", 999), ("1.0 kB", 1000), ("12 kB", 12_000), ("3.4 MB", 3_400_000),
     ("1.0 GB", 999_900_000), ("1.5 TB", 1_500_000_000_000)],
)  # fmt: skip
def test_sizes(told: str, count: int) -> None:
    assert told == units.size(count)


def test_one_is_not_many() -> None:
    assert "1 photo" == units.counted(1, "photo")
    assert "0 photos" == units.counted(0, "photo")
    assert "2 entries" == units.counted(2, "entry", "entries")


def test_speed_and_metres_may_be_unknown() -> None:
    assert ("90 km/h", "–") == (units.kmh(25), units.kmh(None))
    assert ("40 m", "–") == (units.metres(40.2), units.metres(math.nan))
