"""Fuel from full to full, bills to the cent, the odometer against the track."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convoylog.model.carlog import CarLog, mpg
from convoylog.model.logbook import Car, Entry
from convoylog.model.tracks import make_track
from convoylog.trips.carlog import keep_carlog
from convoylog.trips.ledger import Ledger, keep_ledger

BEGIN = 1_780_000_000.0
CAR = Car("c", "Heron", "heron")


def road(km: float = 1000.0, hole: tuple[float, float] | None = None) -> Ledger:
    """A drive along the equator at 100 km/h with a fix every 30 s. hole: hours without one."""
    time = np.arange(0.0, km * 36.0 + 1, 30.0)
    metres = time / 0.036
    keep = np.ones(len(time), bool)
    if hole:
        keep = (time <= hole[0] * 3600) | (time >= hole[1] * 3600)
    # metres in a degree of the equator: a·π/180
    lon = metres / 111_319.49079327357
    return keep_ledger(make_track(BEGIN + time[keep], np.zeros(keep.sum()), lon[keep]))


ROAD = road()


def entry(
    n: int, hours: float | None, kind: str = "fuel", **fields: object
) -> tuple[Entry, float | None]:
    at = None if hours is None else BEGIN + hours * 3600
    when = None if at is None else datetime.fromtimestamp(at, UTC)
    return Entry(f"e{n}", kind, "c", when, **fields), at  # type: ignore[arg-type]


def kept(*rows: tuple[Entry, float | None], car: Car = CAR, ledger: Ledger = ROAD) -> CarLog:
    return keep_carlog(car, rows, ledger)


def test_from_full_to_full_by_the_odometer() -> None:
    log = kept(
        entry(1, 1, amount="50 l", odometer="1000 km"),
        entry(2, 6, amount="40 l", odometer="1500 km"),
    )
    (stretch,) = log.stretches
    assert (500_000.0, "odometer", Decimal(40)) == (stretch.distance_m, stretch.by, stretch.amount)
    assert 8.0 == log.per_100km()
    assert mpg(8.0, "gal") == pytest.approx(29.4018, abs=1e-4)
    assert mpg(8.0, "impgal") == pytest.approx(35.3101, abs=1e-4)


def test_without_readings_the_track_tells_how_far() -> None:
    log = kept(entry(1, 1, amount="50 l"), entry(2, 6, amount="40 l"))
    assert log.stretches[0].by == "gps"
    assert log.per_100km() == pytest.approx(8.0, rel=1e-3)


def test_partial_fills_count_with_the_next_full_one() -> None:
    log = kept(entry(1, 1, amount="50 l"), entry(2, 3, amount="10 l", partial=True),
               entry(3, 6, amount="30 l"))  # fmt: skip
    assert [(Decimal(40), 2)] == [(s.amount, s.fills) for s in log.stretches]
    assert (
        kept(
            entry(1, 1, amount="5 l", partial=True), entry(2, 6, amount="5 l", partial=True)
        ).stretches
        == ()
    )


def test_a_missed_fill_begins_anew() -> None:
    log = kept(entry(1, 1, amount="50 l"), entry(2, 3, amount="10 l", missed=True),
               entry(3, 8, amount="40 l"))  # fmt: skip
    assert [("e2", "e3")] == [(s.from_id, s.to_id) for s in log.stretches]
    partial = kept(entry(1, 1, amount="50 l"), entry(2, 3, amount="10 l", missed=True, partial=True),
                   entry(3, 8, amount="40 l"))  # fmt: skip
    assert () == partial.stretches


def test_gallons_and_miles_are_the_same_fuel() -> None:
    log = kept(
        entry(1, 1, amount="10 gal", odometer="1000 mi"),
        entry(2, 6, amount="10 gal", odometer="1300 mi"),
    )
    assert mpg(log.per_100km(), "gal") == pytest.approx(30.0)
    assert {"l": Decimal("75.70823568")} == dict(log.filled)
    mixed = kept(entry(1, 1, amount="10 gal"), entry(2, 6, amount="40 l"))
    assert 1 == len(mixed.stretches)


def test_each_kind_of_fuel_has_its_own_tank() -> None:
    log = kept(entry(1, 1, amount="40 l"), entry(2, 2, amount="20 kWh"), entry(3, 5, amount="10 kWh"),
               entry(4, 6, amount="30 l"))  # fmt: skip
    assert {"kWh", "l"} == {s.unit for s in log.stretches}
    assert log.per_100km("kWh") == pytest.approx(10 / 3, rel=1e-3)


def test_an_odometer_that_falls_is_told_and_never_zero() -> None:
    log = kept(
        entry(1, 1, amount="50 l", odometer="99990 km"),
        entry(2, 6, amount="40 l", odometer="490 km"),
    )
    assert ["falls"] == [c.verdict for c in log.compared]
    assert -99_500_000.0 == log.compared[0].odometer_m
    assert "falls from 99990 km to 490 km" in log.unsure[0]
    # the track still tells how far it was
    assert log.stretches[0].by == "gps"


def test_fills_outside_the_recording_have_no_distance() -> None:
    log = kept(entry(1, -5, amount="50 l"), entry(2, 6, amount="40 l"))
    assert log.stretches[0].distance_m is None
    assert log.per_100km() is None
    assert "not known" in log.unsure[0]
    empty = keep_ledger(make_track([], [], []))
    nothing = kept(entry(1, 1, amount="50 l"), entry(2, 6, amount="40 l"), ledger=empty)
    assert nothing.stretches[0].distance_m is None


def test_holes_in_the_way_are_told() -> None:
    log = kept(entry(1, 1, amount="50 l"), entry(2, 6, amount="40 l"), ledger=road(hole=(2.0, 4.0)))
    assert log.stretches[0].unrecorded_m == pytest.approx(200_000, rel=1e-3)


@pytest.mark.parametrize("amount", ["", "many", "5 km", "-3 l"])
def test_an_amount_nobody_can_read_leaves_its_stretch_unknown(amount: str) -> None:
    log = kept(entry(1, 1, amount="50 l"), entry(2, 3, amount=amount), entry(3, 6, amount="40 l"))
    assert () == log.stretches
    assert 3 == log.fills
    assert log.unsure


def test_a_fill_without_a_time_leaves_everything_unknown() -> None:
    log = kept(entry(1, 1, amount="50 l"), entry(2, 6, amount="40 l"), entry(3, None, amount="9 l"))
    assert () == log.stretches
    assert Decimal(99) == log.filled["l"]


def test_readings_are_compared_with_the_track() -> None:
    car = replace(CAR, odometer="1000 km")
    log = kept(
        entry(1, 5, "odometer", odometer="1510 km"),
        entry(2, 9, "odometer", odometer="2200 km"),
        car=car,
    )
    assert ["agrees", "differs"] == [c.verdict for c in log.compared]
    assert ["", "e1"] == [c.from_id for c in log.compared]
    first = log.compared[0]
    assert (510_000.0, 22_400.0) == (first.odometer_m, pytest.approx(first.tolerance_m))
    assert first.track_m == pytest.approx(500_000, rel=1e-3)
    # a slip of 290 km for 400 km says nothing about the odometer
    assert log.scale == pytest.approx(500 / 510, rel=1e-3)


def test_a_hole_makes_the_comparison_wider() -> None:
    rows = (entry(1, 1, "odometer", odometer="100 km"), entry(2, 6, "odometer", odometer="650 km"))
    whole, holed = kept(*rows), kept(*rows, ledger=road(hole=(2.0, 4.0)))
    assert "differs" == whole.compared[0].verdict
    assert "agrees" == holed.compared[0].verdict
    assert holed.scale is None


def test_readings_the_track_does_not_span_are_unknown() -> None:
    log = kept(
        entry(1, -9, "odometer", odometer="100 km"), entry(2, 6, "odometer", odometer="650 km")
    )
    assert ("unknown", None) == (log.compared[0].verdict, log.compared[0].track_m)


def test_money_is_exact_and_currencies_stay_apart() -> None:
    rows = [entry(n, n / 10, "expense", cost="0.10 EUR", title=f"t{n}") for n in range(30)]
    log = kept(
        *rows, entry(40, 5, cost="41.04 USD", amount="10 l"), entry(41, 6, "note", cost="1.5 EUR")
    )
    assert {"EUR": Decimal("4.50"), "USD": Decimal("41.04")} == log.spent()
    assert {"USD": Decimal("41.04")} == log.spent(fuel=True)
    assert {"EUR": Decimal("4.50")} == log.spent(fuel=False)


def test_a_hand_may_write_an_expense_as_an_amount() -> None:
    assert {"EUR": Decimal("12.5")} == kept(entry(1, 1, "expense", amount="12,5 €")).spent()


def test_a_car_nobody_wrote_for_has_no_log() -> None:
    assert CarLog() == kept(entry(1, 1, "note", text="hello"))


fills = st.lists(
    st.tuples(st.integers(0, 90), st.integers(1, 600), st.booleans(), st.booleans()), max_size=12,
    unique_by=lambda row: row[0],
)  # fmt: skip


@given(fills, st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter_and_no_litre_counts_twice(
    rows: list[tuple[int, int, bool, bool]], chance: random.Random
) -> None:
    entries = [
        entry(n, at / 10, amount=f"{tenths / 10} l", partial=partial, missed=missed)
        for n, (at, tenths, partial, missed) in enumerate(rows)
    ]
    log = kept(*entries)
    assert sum((Decimal(t) for _, t, _, _ in rows), Decimal(0)) / 10 == log.filled.get("l", 0)
    assert sum(s.amount for s in log.stretches) <= log.filled.get("l", Decimal(0))
    for a, b in zip(log.stretches, log.stretches[1:], strict=False):
        assert a.to_at <= b.from_at
    chance.shuffle(entries)
    assert log == kept(*entries)


NO_ROAD = keep_ledger(make_track([], [], []))


@pytest.mark.parametrize("shown", ["15000 km", "1050 km"])
def test_where_odometer_and_track_contradict_no_consumption_is_told(shown: str) -> None:
    log = kept(
        entry(1, 1, amount="50 l", odometer="1000 km"), entry(2, 6, amount="40 l", odometer=shown)
    )
    assert (None, "", None) == (log.stretches[0].distance_m, log.stretches[0].by, log.per_100km())
    assert any("from e1 to e2 took is not known" in doubt for doubt in log.unsure)


def test_an_odometer_replaced_between_two_fills_makes_no_consumption() -> None:
    log = kept(
        entry(1, 1, amount="50 l", odometer="1000 km"),
        entry(2, 2, "odometer", odometer="0 km"),
        entry(3, 6, amount="40 l", odometer="1400 km"),
    )
    assert "gps" == log.stretches[0].by
    assert 8.0 == pytest.approx(log.per_100km(), rel=1e-3)
    unrecorded = kept(
        entry(1, 1, amount="50 l", odometer="1000 km"),
        entry(2, 2, "odometer", odometer="0 km"),
        entry(3, 6, amount="40 l", odometer="1400 km"),
        ledger=NO_ROAD,
    )
    assert unrecorded.stretches[0].distance_m is None


def test_what_was_driven_unrecorded_is_the_odometers_word() -> None:
    # two hours of hole over 200 km as the crow flies, in which the car drove 150 km more
    log = kept(
        entry(1, 1, amount="50 l", odometer="1000 km"),
        entry(2, 6, amount="52 l", odometer="1650 km"),
        ledger=road(hole=(2.0, 4.0)),
    )
    assert (8.0, "odometer") == (log.per_100km(), log.stretches[0].by)


def test_without_any_track_the_odometer_still_counts_from_the_cars_start() -> None:
    log = kept(
        entry(1, 1, "odometer", odometer="1200 km"),
        car=replace(CAR, odometer="1000 km"),
        ledger=NO_ROAD,
    )
    assert [(200_000.0, None, "unknown")] == [
        (c.odometer_m, c.track_m, c.verdict) for c in log.compared
    ]


def test_a_start_above_the_first_reading_falls_also_at_the_same_instant() -> None:
    log = kept(entry(1, 0, "odometer", odometer="1000 km"), car=replace(CAR, odometer="1010 km"))
    assert ["falls"] == [c.verdict for c in log.compared]


@pytest.mark.parametrize("first", [1, 2])
def test_of_fills_at_one_instant_the_full_one_is_last(first: int) -> None:
    log = kept(
        entry(0, 1, amount="50 l"),
        entry(first, 6, amount="25 l", partial=True),
        entry(3 - first, 6, amount="15 l"),
    )
    assert [(Decimal(40), 2)] == [(s.amount, s.fills) for s in log.stretches]


def test_fuel_costs_by_distance_only_where_every_fill_has_a_price() -> None:
    log = kept(
        entry(1, 1, amount="50 l", cost="99 EUR"),
        entry(2, 3, amount="10 l", partial=True, cost="30 USD"),
        entry(3, 6, amount="30 l", cost="40 EUR"),
        entry(4, 7, amount="4 l", partial=True),
        entry(5, 8, amount="12 l", cost="20 EUR"),
    )
    assert [{"EUR": Decimal(40), "USD": Decimal(30)}, {}] == [dict(s.cost) for s in log.stretches]
    assert {"EUR": 8.0, "USD": 6.0} == pytest.approx(log.cost_per_100km("l"), rel=1e-3)
