"""Who drove with whom, told: lanes of the ribbon, meetings between the notes, pairs."""

from __future__ import annotations

import numpy as np
import pytest

from convoylog.model.convoy import Convoy, Episode, Event, Group, Ordered, Pair, Rendezvous
from convoylog.reports.company import happenings, in_company_s, pair_lines
from convoylog.reports.draw.axis import NIGHT_S, make_axis
from convoylog.reports.draw.ribbon import HEIGHT, Together, draw_ribbon
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from convoylog.reports.web.moments import together_of
from convoylog.reports.words import words_for
from tests.reports.trips import BEGIN, converging

HOUR = 3600.0
T = BEGIN.timestamp()


def lane_at(line: np.ndarray, share: float) -> float:
    """Which lane, of five, a line is in at a share of the axis."""
    return float(np.interp(share * 1000, line[:, 0], line[:, 1])) / HEIGHT * 5 - 0.5


def ribbon(*groups: Together) -> list[np.ndarray]:
    axis = make_axis([(1, 0.0, 10 * HOUR)])
    lanes = draw_ribbon(axis, [[(0.0, 10 * HOUR)]] * 5, [[]] * 5, groups)
    return [lane.lines[0] for lane in lanes]


def test_a_car_alone_stays_in_its_lane() -> None:
    for number, line in enumerate(ribbon()):
        assert 2 == len(line)
        assert number == pytest.approx(lane_at(line, 0.5))


def test_cars_together_lie_side_by_side_and_return_to_their_lanes() -> None:
    lines = ribbon(Together(3 * HOUR, 7 * HOUR, (4, 0)))
    assert 0.24 == pytest.approx(abs(lane_at(lines[4], 0.5) - lane_at(lines[0], 0.5)), abs=1e-3)
    assert 0 == pytest.approx(lane_at(lines[0], 0.1))
    assert 4 == pytest.approx(lane_at(lines[4], 0.9))
    # who is alone gives way, and nobody lies on anybody
    lanes = sorted(lane_at(line, 0.5) for line in lines)
    assert min(np.diff(lanes)) >= 0.23


def test_a_change_of_lanes_takes_half_an_hour() -> None:
    line = ribbon(Together(3 * HOUR, 7 * HOUR, (0, 4)))[0]
    still = lane_at(line, (3 - 0.26) / 10), lane_at(line, (3 + 0.26) / 10)
    assert 0 == pytest.approx(still[0], abs=1e-6)
    assert lane_at(line, 0.5) == pytest.approx(still[1], abs=1e-6)
    assert 0 < lane_at(line, 0.3) < still[1]


def test_who_leads_moves_nobody_in_the_ribbon() -> None:
    whole = ribbon(Together(3 * HOUR, 7 * HOUR, (0, 4)))
    parts = ribbon(Together(3 * HOUR, 5 * HOUR, (0, 4)), Together(5 * HOUR, 7 * HOUR, (4, 0)))
    for a, b in zip(whole, parts, strict=True):
        assert np.array_equal(a, b)


def test_a_night_is_short_and_days_keep_their_length() -> None:
    axis = make_axis([(1, 0.0, 8 * HOUR), (2, 24 * HOUR, 30 * HOUR)])
    assert 14 * HOUR + NIGHT_S == axis.length
    assert 8 * HOUR == axis.at(8 * HOUR)
    assert 8 * HOUR + NIGHT_S / 2 == pytest.approx(float(axis.at(16 * HOUR)))
    assert 8 * HOUR + NIGHT_S + HOUR == axis.at(25 * HOUR)


SEEN = converging(3)
IDS = [member.car.id for member in SEEN.cars]
CONVOY = Convoy(
    pairs=(
        Pair(IDS[0], IDS[1], 4 * HOUR, 2 * HOUR, 0.5, (Episode(T, T + HOUR),), None, {IDS[0]: 3000.0, IDS[1]: 600.0}),
        Pair(IDS[0], IDS[2]),
    ),
    groups=(
        Group(
            T, T + HOUR, (IDS[0], IDS[1]), (IDS[1], IDS[0]),
            (Ordered(T, (IDS[1], IDS[0])), Ordered(T + 600, (IDS[0], IDS[1]))), 40.0, {IDS[0]: 3000.0, IDS[1]: 600.0},
        ),
        Group(T, T + HOUR, (IDS[2],), (IDS[2],)),
    ),
    events=(
        Event(T, "join", (IDS[0], IDS[1]), 39.7, -105.0, (), "Omaha", "America/Chicago"),
        Event(T + HOUR, "leave", (IDS[1],), 39.7, -105.0, (IDS[0], IDS[2]), "", "America/Denver"),
    ),
    rendezvous=(
        Rendezvous(
            T + 60, T + 660, (IDS[0], IDS[1]), 39.7, -105.0, {IDS[0]: 1200.0, IDS[1]: 0.0}, "Ames",
            "America/Chicago",
        ),
        Rendezvous(T + 90, T + 600, (IDS[0], IDS[1]), 39.7, -105.0, {IDS[0]: 60.0, IDS[1]: 0.0}),
    ),
)  # fmt: skip


def test_meetings_partings_and_long_waits_are_told_in_local_time() -> None:
    report = make_report(SEEN, pictures={}, convoy=CONVOY)
    told = [(row.clock, row.text, row.place) for row in report.happenings]
    assert ("08:00", "Heron and Juniper drive together from here", "Omaha") == told[0]
    assert (
        "08:01",
        "Heron and Juniper stand together for 10\u00a0min; Heron waited 20\u00a0min",
        "Ames",
    ) == told[1]
    assert ("08:00", "Juniper leaves Heron and Mabel", "") == told[2]
    # the short halt of a minute's wait is no line of its own
    assert 3 == len(told)
    text = FORMATS["html"](report).files["report.html"].decode()
    assert text.index("drive together from here") < text.index("Heron is on the road")
    assert "Who drove with whom" in text


def test_hidden_times_stay_hidden_between_the_cars() -> None:
    rows = happenings(CONVOY, make_report(SEEN, pictures={}).cast, words_for(), hide_times=True)
    assert {"": 3} == {row.clock + row.iso: len(rows) for row in rows}


def test_pairs_tell_time_under_way_and_who_led() -> None:
    cast = make_report(SEEN, pictures={}).cast
    (line,) = pair_lines(CONVOY, cast, words_for())
    assert ("1\u00a0h\u00a000", "50%", "0", "Heron 83%") == (
        line.driven,
        line.share,
        line.overtakes,
        line.led,
    )
    assert 3600.0 == in_company_s(CONVOY, IDS[1])
    assert 0.0 == in_company_s(CONVOY, IDS[2])


def test_the_running_order_comes_with_every_change_of_it() -> None:
    report = make_report(SEEN, pictures={}, convoy=CONVOY)
    assert (Together(T, T + 600, (1, 0)), Together(T + 600, T + HOUR, (0, 1))) == together_of(
        report
    )


def test_cars_that_arrive_together_do_not_fly_apart_at_their_goal() -> None:
    lines = ribbon(Together(2 * HOUR, 10 * HOUR - 60, (0, 4)))
    for number in (0, 4):
        assert lane_at(lines[number], 0.9) == pytest.approx(lane_at(lines[number], 1.0), abs=0.1)
