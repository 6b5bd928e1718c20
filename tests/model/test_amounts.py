from __future__ import annotations

import pytest

from convoylog.errors import UsageError
from convoylog.model.amounts import Kind, read_amount


@pytest.mark.parametrize(
    ("kept", "typed", "kind"),
    [
        ("32.1 l", "32.1 l", "fuel"),
        ("32.1 l", "32,1l", "fuel"),
        ("32.10 l", "32.10 Litres", "fuel"),
        ("32.125 l", "32,125 l", "fuel"),  # as a pump shows it
        ("8.5 gal", "8.5 gal", "fuel"),
        ("7.1 impgal", "7.1 imp gal", "fuel"),
        ("41.2 kWh", "41.2 kwh", "fuel"),
        ("45.20 EUR", "45.20 EUR", "money"),
        ("45.20 EUR", "€45.20", "money"),
        ("45.20 EUR", "45,20€", "money"),
        ("45.20 USD", "USD 45.20", "money"),
        ("0 EUR", "0 EUR", "money"),  # a free charge has a price, and it is 0
        ("154010 mi", "154010 mi", "distance"),
        ("154010.0 mi", "154,010.0 mi", "distance"),
        ("1234.5 km", "1,234.5 km", "distance"),
        ("1234.5 km", "1.234,5 km", "distance"),
        ("1234567 km", "1.234.567 km", "distance"),
        ("1234567.25 km", "1 234 567,25 km", "distance"),
        ("154010 km", "154'010 km", "distance"),
        ("154010 km", "154\u202f010 km", "distance"),
        ("0.125 km", "0.125 km", "distance"),
        ("1234.567 km", "1234.567 km", "distance"),
    ],
)
def test_an_amount_is_kept_in_one_form(kept: str, typed: str, kind: Kind) -> None:
    assert kept == read_amount(typed, kind).text


def test_what_is_kept_is_read_as_itself() -> None:
    for text, kind in (("32.10 l", "fuel"), ("154010.5 mi", "distance"), ("0.99 EUR", "money")):
        assert text == read_amount(text, kind).text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("why", "typed", "kind"),
    [
        ("can be 154010 or 154.010", "154.010 mi", "distance"),
        ("can be 1234 or 1.234", "1,234 EUR", "money"),
        ("has no unit", "154010", "distance"),
        ("has a sign", "-5 l", "fuel"),
        ("has a sign", "+5 l", "fuel"),
        ("no unit of an amount of fuel", "5 km", "fuel"),
        ("no unit of a distance", "5 EUR", "distance"),
        ("no unit of money", "5 EURO BILLS", "money"),
        ("money of several countries", "$45.20", "money"),
        ("cannot read", "1,2345,6 km", "distance"),
        ("cannot read", "12.34.56 km", "distance"),
        ("cannot read", "1.5,5.5 km", "distance"),
        ("cannot read", "km", "distance"),
        ("cannot read", "nan l", "fuel"),
        ("cannot read", "1e5 km", "distance"),
        ("cannot read", "٣٢ l", "fuel"),
        ("cannot read", "", "fuel"),
        ("is nothing", "0.0 l", "fuel"),
        ("too large", "1234567890123 km", "distance"),
    ],
)
def test_what_cannot_be_meant_in_one_way_is_refused(why: str, typed: str, kind: Kind) -> None:
    with pytest.raises(UsageError, match=why) as caught:
        read_amount(typed, kind)
    assert caught.value.hint


def test_units_are_exact() -> None:
    assert 1609.344 == read_amount("1 mi", "distance").metres
    assert 3.785411784 == read_amount("1 gal", "fuel").litres
    assert 4.54609 == read_amount("1 impgal", "fuel").litres


def test_what_is_not_measured_so_is_unknown_not_zero() -> None:
    assert read_amount("41 kWh", "fuel").litres is None
    assert read_amount("45 EUR", "money").metres is None
