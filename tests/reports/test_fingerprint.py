"""Equal values have one fingerprint, all others another."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from convoylog.reports.edition import Edition
from convoylog.reports.fingerprint import fingerprint
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from tests.reports.trips import BEGIN, DENVER, STARTS, car, converging, photo, picture, track, trip


@dataclass(frozen=True)
class Point:
    x: object
    y: object = 0


@dataclass(frozen=True)
class Spot:
    x: object
    y: object = 0


DIFFERENT = [
    None, 0, 0.0, -0.0, 1, True, "", "1", b"1", (), ("",), (1, 2), ((1,), 2), {}, {1: 2}, {1: (2,)},
    frozenset({1}), Point(1), Spot(1), Point(1, 1), Point((1, 0)), float("nan"),
    np.array([1.0, 2.0]), np.array([1, 2]), np.array([[1.0, 2.0]]), np.array([1.0, 2.0], "f4"),
]  # fmt: skip


def test_what_differs_is_told_apart() -> None:
    assert len(DIFFERENT) == len({fingerprint(value) for value in DIFFERENT})


def test_what_is_equal_is_one() -> None:
    assert fingerprint({1: 2, 3: Point(4)}) == fingerprint({3: Point(4), 1: 2})
    assert fingerprint(np.arange(9)[::3]) == fingerprint(np.array([0, 3, 6]))
    assert fingerprint((Point(1), 2), without=[Point]) == fingerprint((2,))
    assert fingerprint((Point(1), 2), without=[Point]) == fingerprint(
        (Point(7), 2), without=[Point]
    )


@pytest.mark.parametrize(
    "value",
    [object(), iter(()), lambda: 0, np.array([object()])],
    ids=["object", "iterator", "function", "array of objects"],
)
def test_what_cannot_be_told_from_others_has_none(value: object) -> None:
    with pytest.raises(TypeError):
        fingerprint((1, value))


class Memory:
    """Remembers drawings and counts what it could not."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def __call__(self, known: str, draw) -> str:  # type: ignore[no-untyped-def]
        if known not in self.kept:
            self.kept[known] = draw()
        return self.kept[known]


def test_the_same_report_is_drawn_once_whatever_its_photos() -> None:
    whose = car(0, "Heron")
    seen = trip([whose], {whose.id: [track(STARTS["Heron"], DENVER, BEGIN, 9)]},
                photos=[photo(whose, 1, "2026-06-11T09:00:00")])  # fmt: skip
    memory = Memory()
    edition = Edition(remembered=memory)
    for pictures in ({}, {picture(1).sha256: replace(picture(1), pin=b"RIFF1234WEBP")}):
        report = make_report(seen, pictures=pictures)
        assert FORMATS["html"](report).files == FORMATS["html"](report, edition).files
        assert FORMATS["html"](report).files == FORMATS["html"](report, edition).files
    assert 1 == len(memory.kept)


def test_a_report_cut_otherwise_is_drawn_for_itself() -> None:
    memory = Memory()
    whole = converging(2)
    nearer = replace(whole, cars=(replace(whole.cars[0], track=whole.cars[0].track), whole.cars[1]))
    hidden = {"hide_times": True}
    for told, options in ((whole, {}), (whole, hidden), (converging(1), {}), (nearer, {})):
        report = make_report(told, pictures={}, **options)  # type: ignore[arg-type]
        FORMATS["html"](report, Edition(remembered=memory))
    # the last is the first again
    assert 3 == len(memory.kept)
