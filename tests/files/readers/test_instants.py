"""Time stamps as they are met in recordings."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convoylog.files.readers.instants import InstantReader

NOON = 1717243200.0
_FROM, _TO = datetime(1900, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    [
        "2024-06-01T12:00:00Z",
        "2024-06-01T12:00:00.000Z",
        " 2024-06-01T12:00:00Z\n",
        "2024-06-01t12:00:00z",
        "2024-06-01 12:00:00Z",
        "2024-06-01T12:00:00",
        "2024-06-01T12:00:00+00:00",
        "2024-06-01T12:00:00-00:00",
        "2024-06-01T17:45:00+05:45",
        "2024-06-01T08:00:00-0400",
        "2024-06-01T14:00:00+02",
        "2024-6-1T12:0:0Z",
        "2024-06-01T11:59:60Z",
    ],
)
def test_all_these_are_noon(text: str) -> None:
    assert InstantReader().read(text) == NOON


@pytest.mark.parametrize(
    "text",
    ["", "2024-06-01", "12:00:00Z", "0000-00-00T00:00:00Z", "2023-02-29T12:00:00Z",
     "10000-01-01T00:00:00Z", "Sat, 01 Jun 2024 12:00:00 GMT", "2024-06-01T12:00:61Z",
     "2024-06-01T12:60:00Z", "2024-06-01T25:00:00Z", "2024-06-01T24:00:01Z",
     "2024-06-01T12:00:00+99:00", "2024-06-01T12:00:00+01:75", "２024-06-01T12:00:00Z",
     "2024-06-01T12:00:00ZZ", "20240601T120000Z", "2024-W22-6T12:00:00Z"],
)  # fmt: skip
def test_all_these_are_unknown(text: str) -> None:
    reader = InstantReader()
    reader.read("2024-06-01T12:00:00Z")  # what is remembered must not make them readable
    assert math.isnan(reader.read(text))


def test_fractions_count() -> None:
    assert InstantReader().read("2024-06-01T12:00:00.250Z") == NOON + 0.25
    assert InstantReader().read("2024-06-01T12:00:00,5Z") == NOON + 0.5


def test_24_00_is_the_end_of_the_day_and_is_not_remembered_for_other_seconds() -> None:
    reader = InstantReader()
    assert reader.read("2024-05-31T24:00:00Z") == reader.read("2024-06-01T00:00:00Z")
    assert math.isnan(reader.read("2024-05-31T24:00:05Z"))


def test_years_before_1970_are_times_too() -> None:
    assert InstantReader().read("1901-12-13T20:45:52Z") == -(2**31)


def test_stamps_without_zone_are_counted() -> None:
    reader = InstantReader()
    for text in ("2024-06-01T12:00:00", "2024-06-01T12:00:01Z", "2024-06-01T12:00:02"):
        reader.read(text)
    assert reader.zoneless == 2


@given(st.lists(st.datetimes(_FROM, _TO), max_size=5))
def test_every_instant_reads_back(instants: list[datetime]) -> None:
    reader = InstantReader()
    for at in instants:
        known = at.replace(tzinfo=UTC)
        # the form most used, twice: computed, then remembered
        whole = known.replace(microsecond=0)
        for _ in range(2):
            assert reader.read(whole.isoformat().replace("+00:00", "Z")) == whole.timestamp()
        assert abs(reader.read(known.isoformat()) - known.timestamp()) < 1e-6
