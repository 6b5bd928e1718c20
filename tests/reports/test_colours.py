"""The twelve car colours can be told apart by everybody, on paper and at night."""

from __future__ import annotations

import itertools
import re
from importlib.resources import files

import numpy as np
import pytest

from convoylog.reports.draw.png import CARS, INKS
from tests.reports.oklab import SIGHTS, contrast, distance

#: least OKLab distance x 100 of the worst pair among so many first cars, for any sight
LEAST = {
    "light": {5: 10.5, 6: 10.5, 8: 5.3, 12: 4.9},
    "dark": {5: 8.6, 6: 8.4, 8: 8.1, 12: 6.7},
}
#: least contrast of a line on visited land
CONTRAST = {"light": 3.1, "dark": 3.4}


def colours(sheet: str) -> list[str]:
    css = files("convoylog.reports.web").joinpath(sheet).read_text("utf-8")
    found = dict(re.findall(r"--c(\d+):(#[0-9a-f]{6})", css))
    return [found[str(n)] for n in range(12)]


def test_the_page_and_the_pictures_use_the_same_colours() -> None:
    assert list(CARS["light"]) == colours("tokens.css")
    assert list(CARS["dark"]) == colours("night.css")


def test_a_machine_can_tell_black_from_white() -> None:
    assert 100.0 == pytest.approx(distance("#000000", "#ffffff", SIGHTS["normal"]), abs=0.1)
    assert 21.0 == pytest.approx(contrast("#000000", "#ffffff"), abs=0.01)
    # red and green are far apart, but not for those who lack the red or the green cones
    assert distance("#ae1c31", "#717729", SIGHTS["deutan"]) < distance(
        "#ae1c31", "#717729", SIGHTS["normal"]
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("count", [5, 6, 8, 12])
def test_no_two_cars_look_alike_to_anybody(theme: str, count: int) -> None:
    worst = min(
        (distance(a, b, sight), name, a, b)
        for name, sight in SIGHTS.items()
        for a, b in itertools.combinations(CARS[theme][:count], 2)
    )
    assert worst[0] >= LEAST[theme][count], worst


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_line_stands_out_from_the_land(theme: str) -> None:
    land = INKS[theme]["visited"]
    assert CONTRAST[theme] <= min(contrast(colour, land) for colour in CARS[theme])


def test_sights_keep_white_white() -> None:
    for sight in SIGHTS.values():
        assert np.allclose(sight @ np.ones(3), 1, atol=0.01)
