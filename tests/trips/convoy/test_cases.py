"""The published cases C1 … C16: times ±10 s, gaps ±1 s."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from convoylog.model.convoy import Convoy
from convoylog.model.tracks import Floats, Track, make_track
from convoylog.trips.convoy import find_convoy
from tests.trips.convoy.cars import BEGIN, convoy, drive, pair, spans, worked
from tests.trips.drives import plan


def at(seconds: float) -> object:
    return pytest.approx(seconds, abs=10.0)


def every(step: float, end: float, begin: float = 0.0) -> Floats:
    return np.arange(begin, end + step / 2, step)


def later(track: Track, seconds: float) -> Track:
    return make_track(track.time + seconds, track.lat, track.lon, track.ele)


@pytest.mark.parametrize("delay", [0.0, 10.0, 60.0, 180.0, 295.0, 300.0])
def test_c1_a_car_that_follows_is_together_over_the_whole_common_time(delay: float) -> None:
    ahead = drive(lambda t: 30.0 * t, every(5, 5400))
    found = pair(A=ahead, B=later(ahead, delay))
    assert [(at(delay), at(5400))] == spans(found)
    assert 1.0 == found.share
    assert found.gap_s is not None
    assert pytest.approx(delay, abs=1.0) == found.gap_s.median
    assert {"c-A", "c-B"} == set(found.lead_s)
    if delay:
        assert found.lead_s["c-A"] == found.together_s
        assert 0.0 == found.lead_s["c-B"]


def test_c1_five_minutes_and_a_second_behind_is_not_together() -> None:
    ahead = drive(lambda t: 30.0 * t, every(5, 5400))
    found = pair(A=ahead, B=later(ahead, 301.0))
    assert ((), 0.0, 0.0) == (found.episodes, found.together_s, found.share)
    assert found.gap_s is None


def test_c3_a_winding_road_and_a_slow_recorder_with_noise() -> None:
    def winding(seconds: Floats, seed: int, delay: float) -> Track:
        middle = drive(lambda t: 30.0 * t, seconds - delay)
        rng = np.random.default_rng(seed)
        # ±300 m across, five kilometres long
        aside = 300.0 * np.sin(2 * np.pi * 30.0 * (seconds - delay) / 5000.0)
        north, east = np.cos(np.radians(15.0)), np.sin(np.radians(15.0))
        dy, dx = rng.normal(0.0, 5.0, (2, len(seconds)))
        lat = middle.lat + (aside * north + dy) / 111_000.0
        lon = middle.lon + (aside * east + dx) / (111_320.0 * np.cos(np.radians(38.0)))
        return make_track(BEGIN + seconds, lat, lon)

    found = convoy(
        A=winding(every(1, 5400), 1, 0.0), B=winding(every(10, 5580, 180), 2, 180.0)
    ).pairs[0]
    assert 1.0 == found.share
    assert found.gap_s is not None
    assert pytest.approx(180.0, abs=0.1) == found.gap_s.median
    assert found.gap_s.p95 <= 181.0
    assert found.gap_s.max <= 183.0
    assert found.gap_s.min >= 177.0


def test_c4_a_slower_car_falls_behind() -> None:
    found = pair(
        A=drive(lambda t: 30.0 * t, every(5, 10_000)), B=drive(lambda t: 27.0 * t, every(5, 10_000))
    )
    assert [(at(0), at(3000))] == spans(found)
    assert pytest.approx(0.30, abs=0.002) == found.share
    assert found.gap_s is not None
    assert pytest.approx(300.0, abs=1.0) == found.gap_s.max
    assert pytest.approx(150.0, abs=1.0) == found.gap_s.median
    assert found.lead_s["c-A"] == pytest.approx(found.together_s, abs=20.0)


def waiting() -> Convoy:
    """C6: A waits at 90 km; B comes a quarter of an hour behind and leaves half a minute later."""
    a = plan((3000.0, 30.0), (1800.0, 0.0), (3000.0, 30.0))
    b = plan((900.0, 0.0), (3000.0, 30.0), (930.0, 0.0), (3000.0, 30.0))
    return convoy(A=drive(a, every(5, 7800)), B=drive(b, every(5, 7830, 900)))


def test_c6_a_car_that_waits_is_found() -> None:
    found = waiting()
    two = found.pairs[0]
    assert [(at(3883), at(7800))] == spans(two)
    assert two.gap_s is not None
    assert pytest.approx(30.0, abs=1.0) == two.gap_s.median
    (met,) = found.rendezvous
    assert pytest.approx(900.0, abs=20.0) == met.to_at - met.from_at
    assert at(900) == met.waited_s["c-A"]
    assert at(0) == met.waited_s["c-B"]
    # 3883 of it apart, a quarter of an hour behind
    assert pytest.approx((7800 - 3883) / (7800 - 900), abs=0.003) == two.share


@pytest.mark.parametrize(
    ("aside", "delay", "share"),
    [(60.0, 60.0, 1.0), (300.0, 60.0, 0.0), (600.0, 0.0, 0.0), (400.0, 0.0, 1.0)],
)
def test_c8_a_parallel_road(aside: float, delay: float, share: float) -> None:
    a = drive(lambda t: 30.0 * t, every(5, 5400))
    b = later(drive(lambda t: 30.0 * t, every(5, 5400), aside), delay)
    assert share == pair(A=a, B=b).share


def test_c12_the_same_road_on_the_next_day_is_the_same_route_and_no_company() -> None:
    a = drive(lambda t: 30.0 * t, every(5, 5400))
    found = pair(A=a, B=later(a, 86_400.0))
    assert (0.0, 0.0, None, ()) == (
        found.both_known_s,
        found.together_s,
        found.share,
        found.episodes,
    )
    assert (None, None, ()) == (found.gap_s, found.closest, found.overtakes)
    assert found.same_route is not None
    assert pytest.approx(1.0, abs=0.001) == found.same_route.of_a
    assert pytest.approx(1.0, abs=0.001) == found.same_route.of_b
    assert "same" == found.same_route.likeness


GOODLAND, DENVER = (39.3508, -101.7102), (39.7392, -104.9903)
CITIES = {
    "Kansas City": (39.0997, -94.5786, 616.292, 0.0),
    "Omaha": (41.2565, -95.9345, 534.529, 600.0),
    "Oklahoma City": (35.4676, -97.5164, 568.708, 1500.0),
    "Dallas": (32.7767, -96.7970, 852.905, 2400.0),
    "Albuquerque": (35.0844, -106.6504, 645.115, 3000.0),
}


def geodesic(
    begin: tuple[float, float], end: tuple[float, float], step: float
) -> tuple[Floats, Floats, float]:
    line = Geodesic.WGS84.InverseLine(*begin, *end)
    metres = np.append(np.arange(0.0, line.s13, step), line.s13)
    places = [line.Position(float(m)) for m in metres]
    return (
        np.array([[p["lat2"], p["lon2"]] for p in places]),
        metres,
        line.s13,
    )


@pytest.fixture(scope="module")
def star() -> Convoy:
    """C13: five cars from five cities meet in Goodland and go on to Denver."""
    tracks = {}
    for i, (name, (lat, lon, _, arrives)) in enumerate(CITIES.items()):
        come, m1, length = geodesic((lat, lon), GOODLAND, 140.0)
        go, m2, _ = geodesic(GOODLAND, DENVER, 140.0)
        departs = 5400.0 + 20.0 * i
        wait = np.arange(arrives + 5.0, departs, 5.0)
        time = np.concatenate([arrives - (length - m1) / 28.0, wait, departs + m2 / 28.0])
        stand = np.repeat([GOODLAND], len(wait), axis=0)
        place = np.concatenate([come, stand, go])
        tracks[name] = make_track(BEGIN + time, place[:, 0], place[:, 1])
    return find_convoy(worked(**tracks), routes=False)


def test_c13_five_cars_converge(star: Convoy) -> None:
    names = [f"c-{name}" for name in CITIES]
    joined = {row.car: row for row in star.convergence}
    assert set(names) == set(joined)
    for name, (_, _, km, arrives) in CITIES.items():
        row = joined[f"c-{name}"]
        if name == "Kansas City":
            assert at(600 - 18) == row.joined_at - BEGIN
            assert pytest.approx(km * 1000, abs=100.0) == row.alone_m
        else:
            assert at(arrives - 18) == row.joined_at - BEGIN
            assert pytest.approx(km * 1000 - 500, abs=300.0) == row.alone_m
    joins = [event for event in star.events if event.kind == "join"]
    assert [at(582), at(1482), at(2382), at(2982)] == [e.at - BEGIN for e in joins]
    assert [2, 1, 1, 1] == [len(e.cars) for e in joins]
    assert names[:4] == sorted(joins[-1].others, key=names.index)


def test_where_recorders_are_switched_off_one_by_one_who_is_left_was_no_column() -> None:
    way = plan((3000.0, 30.0), (1200.0, 0.0))
    found = convoy(
        **{name: drive(way, np.arange(0.0, end, 5.0)) for name, end in (("a", 4200.0), ("b", 3600.0), ("c", 3300.0))}
    )  # fmt: skip
    assert [3, 2, 1] == [len(group.cars) for group in found.groups]
    driven, stood, alone = (group.length_s for group in found.groups)
    assert driven is not None
    assert stood is None
    assert alone is None


def test_c13_five_together_in_the_order_of_departure(star: Convoy) -> None:
    names = [f"c-{name}" for name in CITIES]
    (five,) = [group for group in star.groups if len(group.cars) == 5]
    assert (at(2982), at(15_586)) == (five.from_at - BEGIN, five.to_at - BEGIN)
    assert names == list(five.order)
    assert pytest.approx(80.0, abs=1.0) == five.length_s
    for first, second in pairwise(names):
        (two,) = [p for p in star.pairs if {p.a, p.b} == {first, second}]
        assert two.gap_s is not None
        assert pytest.approx(20.0, abs=1.0) == two.gap_s.median


def test_c13_all_wait_for_the_last(star: Convoy) -> None:
    (met,) = star.rendezvous
    assert (at(3000), at(5400)) == (met.from_at - BEGIN, met.to_at - BEGIN)
    waited = [met.waited_s[f"c-{name}"] for name in CITIES]
    assert [at(3000), at(2400), at(1500), at(600), at(0)] == waited


@pytest.mark.parametrize("east", [80.0, 100.0171, -79.9829, 120.0, 280.0])
def test_c16_across_the_date_line_it_is_the_same(east: float) -> None:
    def moved(track: Track) -> Track:
        lon = np.remainder(track.lon + east + 180.0, 360.0) - 180.0
        return make_track(track.time, track.lat, lon)

    a = drive(lambda t: 30.0 * t, every(5, 10_000))
    b = drive(lambda t: 27.0 * t, every(5, 10_000))
    here, there = pair(A=a, B=b), pair(A=moved(a), B=moved(b))
    assert spans(here) == spans(there)
    assert here.gap_s is not None
    assert there.gap_s is not None
    for name in ("min", "median", "p95", "max"):
        assert pytest.approx(getattr(here.gap_s, name), abs=1e-6) == getattr(there.gap_s, name)
    assert here.lead_s == there.lead_s
