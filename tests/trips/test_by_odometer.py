"""An odometer in a picture, looked up along the car's track."""

from __future__ import annotations

import numpy as np
import pytest

from convoylog.model.tracks import take
from convoylog.trips.by_odometer import Found, Reading, when_shown
from convoylog.trips.ledger import Ledger, keep_ledger
from tests.trips.drives import NOON, drive, plan

H = 3600.0


def road(*parts: tuple[float, float]) -> Ledger:
    way = plan(*parts)
    t = np.arange(0.0, sum(s for s, _ in parts) + 1, 10.0)
    return keep_ledger(drive(way, t))


def reading(at: float, km: float, step_m: float = 100.0) -> Reading:
    return Reading(NOON + at, km * 1000.0, step_m, f"the reading at {at:.0f} s")


def shown(ledger: Ledger, km: float, *readings: Reading, step_m: float = 100.0) -> Found:
    return when_shown(ledger, readings, km * 1000.0, step_m)


def test_between_two_readings_an_odometer_that_runs_fast_is_laid_along_the_track() -> None:
    # 72 km driven, 75.6 shown: 5 % too much; half of it after half an hour
    ledger = road((H, 20.0))
    found = shown(ledger, 1037.8, reading(0.0, 1000.0), reading(H, 1075.6))
    assert found.at == pytest.approx(NOON + H / 2, abs=1.0)
    # a tenth of a kilometre on each side, at 21 m/s of the odometer
    assert found.error_s == pytest.approx(100.0 * (72 / 75.6) / 20.0, abs=0.2)


def test_from_one_reading_the_track_counts_and_the_odometer_may_be_four_percent_wrong() -> None:
    ledger = road((H, 20.0))
    found = shown(ledger, 1036.0, reading(0.0, 1000.0))
    assert found.at == pytest.approx(NOON + 1800.0, abs=1.0)
    assert found.error_s == pytest.approx((100.0 + 0.04 * 36_000.0) / 20.0, abs=0.5)
    back = shown(ledger, 1000.0, reading(H, 1072.0))
    assert back.at is not None
    assert NOON <= back.at <= NOON + 150.0


def test_two_readings_on_one_side_tell_how_wrong_the_odometer_is() -> None:
    ledger = road((2 * H, 20.0))
    sure = shown(ledger, 1126.0, reading(0.0, 1000.0), reading(H, 1075.6))
    assert sure.at == pytest.approx(NOON + 6000.0, abs=1.0)
    assert sure.error_s < 20.0


def test_the_last_digit_counts_half() -> None:
    # the counter shows 1010 from 10.0 to 11.0 km: in the middle, 525 s, ±25 s and the anchor's
    ledger = road((H, 20.0))
    exact = reading(0.0, 1000.0, 1.0), reading(H, 1072.0, 1.0)
    found = shown(ledger, 1010.0, *exact, step_m=1000.0)
    assert found.at == pytest.approx(NOON + 525.0, abs=1.0)
    assert found.error_s == pytest.approx(25.0, abs=0.5)


def test_a_halt_is_told_as_the_time_it_lasted() -> None:
    ledger = road((1800.0, 20.0), (1800.0, 0.0), (1800.0, 20.0))
    ends = reading(0.0, 1000.0), reading(5400.0, 1072.0)
    found = shown(ledger, 1036.0, *ends)
    assert found.at == pytest.approx(NOON + 2700.0, abs=10.0)
    assert found.error_s == pytest.approx(900.0, abs=15.0)
    night = road((1800.0, 20.0), (12 * H, 0.0), (1800.0, 20.0))
    found = shown(night, 1036.0, reading(0.0, 1000.0), reading(13 * H, 1072.0))
    assert found.at is None
    assert "the car was there from" in found.why


@pytest.mark.parametrize(
    ("km", "readings", "why"),
    [
        (1036.0, (), "no odometer reading"),
        (900.0, (reading(0.0, 1000.0),), "100.0 km before the begin"),
        (1200.0, (reading(0.0, 1000.0),), "128.0 km after the end"),
        (1500.0, (reading(0.0, 1000.0), reading(H, 2000.0)), "0.07 km for each km"),
        (1010.0, (reading(H, 1000.0), reading(0.0, 1072.0)), "for each km"),
    ],
)
def test_what_does_not_fit_says_why(km: float, readings: tuple[Reading, ...], why: str) -> None:
    found = shown(road((H, 20.0)), km, *readings)
    assert found.at is None
    assert why in found.why


def test_without_a_track_nothing_is_told() -> None:
    empty = keep_ledger(drive(np.zeros(1), np.zeros(1)))
    assert shown(empty, 1000.0, reading(0.0, 1000.0)).at in (None, NOON)
    none = keep_ledger(take(drive(np.zeros(1), np.zeros(1)), slice(0, 0)))  # type: ignore[arg-type]
    assert shown(none, 1000.0, reading(0.0, 1000.0)).why == "the car has no track with times"


def test_over_a_hole_the_unseen_road_widens_the_answer() -> None:
    t = np.arange(0.0, H + 1, 10.0)
    track = drive(t * 20.0, t)
    gone = (track.time > NOON + 600.0) & (track.time < NOON + 1200.0)
    holed = keep_ledger(take(track, ~gone))
    whole = shown(keep_ledger(track), 1036.0, reading(0.0, 1000.0))
    found = shown(holed, 1036.0, reading(0.0, 1000.0))
    assert found.error_s == pytest.approx(whole.error_s + 0.3 * 12_200.0 / 20.0, abs=5.0)
