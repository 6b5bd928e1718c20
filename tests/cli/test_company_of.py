"""Who drove with whom is remembered by all it is worked out from, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from convoylog.cli.report_build import company_of
from convoylog.model.convoy import ConvoyRules
from convoylog.model.trip import Trip
from convoylog.trips.convoy import convoy_of
from convoylog.trips.part import part_of, span_of
from tests.reports.trips import converging


class Memory:
    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def __call__(self, fingerprint: str, make: Callable[[], str]) -> str:
        if fingerprint not in self.texts:
            self.texts[fingerprint] = make()
        return self.texts[fingerprint]


def test_whatever_changes_company_is_worked_out_anew() -> None:
    whole, memory = converging(4), Memory()
    day = whole.days[1]
    moved = tuple(
        replace(car, track=replace(car.track, lat=car.track.lat + 0.004 * n))
        for n, car in enumerate(whole.cars)
    )
    cases: list[tuple[Trip, Trip]] = [
        (whole, whole),
        (part_of(whole, day=day), whole),
        (part_of(whole, cars={car.car.id for car in whole.cars[:2]}), whole),
        *(
            (changed, changed)
            for changed in (
                replace(whole, convoy_rules=ConvoyRules(gap_s=20.0, near_m=30.0)),
                replace(whole, cars=whole.cars[::-1]),
                replace(whole, cars=moved),
                replace(whole, cars=tuple(replace(car, stops=()) for car in whole.cars)),
            )
        ),
    ]
    found = []
    for number, (told, judged) in enumerate(cases, 1):
        ids = {car.car.id for car in told.cars}
        here = replace(judged, cars=tuple(car for car in judged.cars if car.car.id in ids))
        expected = convoy_of(here, routes=False, closest=False, window=span_of(told))
        found.append(expected)
        assert expected == company_of(told, judged, memory) == company_of(told, judged, None)
        assert number == len(memory.texts)
        assert expected == company_of(told, judged, memory)
        assert number == len(memory.texts)
    assert list(range(len(found))) == [found.index(one) for one in found]


def test_words_change_no_company() -> None:
    whole, memory = converging(3), Memory()
    company_of(whole, whole, memory)
    retold = replace(whole, title="Another", story=whole.story[:1])
    company_of(retold, retold, memory)
    assert 1 == len(memory.texts)
