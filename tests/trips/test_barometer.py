from __future__ import annotations

import pytest

from convoylog.trips.barometer import has_barometer


@pytest.mark.parametrize(
    "creator",
    ["Urban Biker - with barometer", "Garmin Edge 840 24.55", "EDGE705 2.1", "eTrex 32x", "Oregon 400t",
     "GPSMAP 64s", "Dakota 20", "Wahoo ELEMNT BOLT 196.28", "COROS PACE 2", "fēnix 7", "Sigma ROX 11.1 EVO",
     "Forerunner 920XT"],
)  # fmt: skip
def test_devices_with_a_barometer_are_known(creator: str) -> None:
    assert has_barometer(creator)


@pytest.mark.parametrize(
    "creator",
    ["", "StravaGPX", "Garmin Connect", "eTrex 10", "eTrex 20x", "Garmin Forerunner 55 7.08", "Edge 25",
     "Runkeeper - http://www.runkeeper.com", "GPSLogger 133", "GPSMAP 64", "Ambit3 Sport", "knowledge 500"],
)  # fmt: skip
def test_where_nothing_says_so_it_is_a_receivers_height(creator: str) -> None:
    assert not has_barometer(creator)
