"""A map's scale says what is as long on the ground, or is not there."""

from __future__ import annotations

import re

import numpy as np
import pytest

from convoylog import geo
from convoylog.reports.draw.scale import scale_bar
from convoylog.reports.draw.view import View, view_around
from convoylog.reports.words import words_for

Box = tuple[float, float, float, float]

#: south, west, north, east
WEST, ALPS, ICELAND, SINGAPORE = (
    (32.0, -112.0, 46.0, -88.0), (45.5, 6.0, 48.0, 12.0), (63.4, -24.0, 66.5, -14.0),
    (-1.0, 99.0, 6.0, 104.5),
)  # fmt: skip
BLOCK = (39.7390, -104.9910, 39.7394, -104.9900)
WORLD, LONG, ARCTIC = (
    (-40.0, -120.0, 60.0, 150.0),
    (-33.0, 18.0, 60.0, 25.0),
    (10.0, 0.0, 80.0, 90.0),
)


def seen(box: Box) -> View:
    south, west, north, east = box
    lat, lon = np.array([south, north, south, north]), np.array([west, east, east, west])
    return view_around(lon, lat, 1000, 620, (0.45, 0.4))


@pytest.mark.parametrize("box", [WEST, ALPS, ICELAND, SINGAPORE, BLOCK])
@pytest.mark.parametrize(
    ("units", "unit_m"), [("km", {"km": 1e3, "m": 1.0}), ("mi", {"mi": 1609.344, "ft": 0.3048})]
)
def test_it_is_as_long_as_it_says_anywhere_on_the_map(
    box: Box, units: str, unit_m: dict[str, float]
) -> None:
    view = seen(box)
    bar = scale_bar(view, words_for("en", units))
    assert bar
    number, unit = re.fullmatch(r"([\d,]+)\s(\w+)", bar.text).groups()  # type: ignore[union-attr]
    assert re.fullmatch("[125]0*", number.replace(",", ""))
    metres = float(number.replace(",", "")) * unit_m[unit]
    assert 40 <= bar.width <= 110
    assert bar.x + bar.width < view.width
    for lat in np.linspace(box[0], box[2], 5).tolist():
        for lon in np.linspace(box[1], box[3], 5).tolist():
            places = [(lat, lon), (lat + 1e-4, lon), (lat, lon + 1e-4)]
            here, north, east = view.pixels(
                np.array([place[1] for place in places]), np.array([place[0] for place in places])
            )
            for other, (y, x) in ((north, places[1]), (east, places[2])):
                pixels = float(np.hypot(*(other - here)))
                true = geo.distance_m(lat, lon, y, x) / metres * bar.width
                assert pixels == pytest.approx(true, rel=0.11)


@pytest.mark.parametrize("box", [WORLD, LONG, ARCTIC])
def test_where_lengths_differ_over_the_map_there_is_none(box: Box) -> None:
    assert scale_bar(seen(box), words_for()) is None
