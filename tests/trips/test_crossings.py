"""Crossings: their instants, what counts as one, and a slow oracle that shares no code."""

from __future__ import annotations

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from convoylog import geo
from convoylog.model.borders import Region, shares
from convoylog.model.logbook import Car
from convoylog.model.tracks import Floats, make_track
from convoylog.model.trip import CarTrip
from convoylog.places.regions import Regions, from_geojson
from convoylog.trips import crossings
from convoylog.trips.along import with_places
from convoylog.trips.crossings import Passage, find_passages
from convoylog.trips.ledger import Ledger, keep_ledger
from tests.trips.drives import NOON
from tests.trips.plain_ground import PlainGround

Ring = list[tuple[float, float]]
#: degrees a metre, where the small maps of these tests are: on the equator's latitude circle
M = 1 / 111_319.5


def square(west: float, south: float, east: float, north: float) -> Ring:
    return [(west, south), (east, south), (east, north), (west, north)]


def regions(*shapes: tuple[str, list[list[Ring]]]) -> Regions:
    """Regions by name, each some polygons of rings, as a GeoJSON file has them."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [[[list(p) for p in ring] for ring in rings] for rings in polygons],
            },
        }
        for name, polygons in shapes
    ]
    return from_geojson({"type": "FeatureCollection", "features": features})


class Ground(PlainGround):
    """Other regions than those known by heart."""

    def __init__(self, others: Regions) -> None:
        self._others = others

    @property
    def regions(self) -> Regions:
        return self._others


def ledger(seconds: Floats, lat: Floats, lon: Floats) -> Ledger:
    return keep_ledger(make_track(NOON + seconds, lat, geo.wrapped(np.asarray(lon))))


def told(way: Ledger, others: Regions) -> list[tuple[str, str, float]]:
    """(from, to, seconds since noon) of each crossing whose instant is known."""
    _, found = find_passages(way, others)

    def name(n: int) -> str:
        region = others.at(n)
        return region.name if region else ""

    return [(name(p.before), name(p.after), p.begin - NOON) for p in found]


def account(way: Ledger, others: Regions) -> CarTrip:
    trip = CarTrip(Car("c", "Anna", "anna"), make_track([], [], []))
    return with_places(trip, way, Ground(others))


RECTANGLE = regions(("Inside", [[square(-109.05, 37.0, -102.05, 41.0)]]))


# --- the public cases


@pytest.mark.parametrize("step", [1.0, 60.0])
def test_b1_out_of_a_rectangle_once_at_3420_seconds(step: float) -> None:
    t = np.arange(0.0, 7200.0 + step, step)
    way = ledger(t, np.full(len(t), 38.0), -103.0 + t / 3600.0)
    ((before, after, at),) = told(way, RECTANGLE)
    assert (before, after) == ("Inside", "")
    assert at == pytest.approx(3420.0, abs=0.5)
    assert at == pytest.approx(3420.0, abs=1e-3)  # a line on a line: far better than promised


CORNER = regions(
    ("Utah", [[square(-2.0, 0.0, 0.0, 2.0)]]),
    ("Colorado", [[square(0.0, 0.0, 2.0, 2.0)]]),
    ("Arizona", [[square(-2.0, -2.0, 0.0, 0.0)]]),
    ("New Mexico", [[square(0.0, -2.0, 2.0, 0.0)]]),
)


@pytest.mark.parametrize("aside_m", [50.0, -50.0])
@pytest.mark.parametrize("step", [1.0, 10.0])
def test_b5_at_a_corner_of_four_states_the_one_clipped_is_no_crossing(
    aside_m: float, step: float
) -> None:
    # from Arizona north-east into Colorado, passing the corner 50 m to one side of it
    t = np.arange(0.0, 600.0 + step, step)
    along = (t - 300.0) * 20.0 * M
    side = aside_m * M * math.sqrt(0.5)
    way = ledger(t, along * math.sqrt(0.5) + side, along * math.sqrt(0.5) - side)
    clipped = {50.0: "Utah", -50.0: "New Mexico"}[aside_m]
    ((before, after, at),) = told(way, CORNER)
    assert (before, after) == ("Arizona", "Colorado")
    # it left Arizona for good 50 m before the corner, into the clipped one: at 20 m/s, 2.5 s
    assert at == pytest.approx(297.5, abs=0.1)
    assert clipped not in {row.region.name for row in account(way, CORNER).stays if row.region}


def test_b5_straight_through_the_corner_is_one_crossing() -> None:
    t = np.arange(0.0, 601.0)
    along = (t - 300.0) * 20.0 * M
    ((before, after, at),) = told(ledger(t, along, along), CORNER)
    assert (before, after, at) == ("Arizona", "Colorado", pytest.approx(300.0, abs=1e-3))


@pytest.mark.parametrize("seed", range(6))
def test_b9_metres_and_seconds_of_regions_sum_to_the_ledgers(seed: int) -> None:
    others, way = country(seed), wander(seed)
    trip = account(way, others)
    rows = shares(trip.stays)
    assert sum(row.time_s for row in rows) == pytest.approx(way.elapsed_s, abs=1e-3)
    assert sum(row.distance_m for row in rows) == pytest.approx(way.distance_m, abs=1e-6)
    stays = trip.stays
    assert [s.to_at for s in stays[:-1]] == [s.from_at for s in stays[1:]]
    assert (stays[0].from_at, stays[-1].to_at) == (way.time[0], way.time[-1])
    assert all(row.distance_m >= 0.0 and row.time_s >= 0.0 for row in rows)


# --- what counts


LINE = regions(
    ("West", [[square(-1.0, -1.0, 0.0, 1.0)]]),
    ("East", [[square(0.0, -1.0, 1.0, 1.0)]]),
)


def over(*knots: tuple[float, float], step: float = 1.0) -> Ledger:
    """Along the equator: (seconds, metres east of the line) joined straight."""
    at, east = zip(*knots, strict=True)
    t = np.arange(0.0, at[-1] + step / 2, step)
    return ledger(t, np.zeros(len(t)), np.interp(t, at, east) * M)


@pytest.mark.parametrize(
    ("deep_m", "expected"), [(490.0, []), (530.0, [("West", "East"), ("East", "West")])]
)
def test_an_excursion_counts_from_500_metres_on(
    deep_m: float, expected: list[tuple[str, str]]
) -> None:
    way = over((0, -3000), (100, 0), (100 + deep_m / 25, deep_m), (100 + deep_m / 12.5, 0), (300, -3000))  # fmt: skip
    assert [row[:2] for row in told(way, LINE)] == expected


@pytest.mark.parametrize(
    ("stay_s", "deep_m", "expected"),
    [(110, 250, 0), (400, 250, 2), (4000, 190, 0), (4000, 210, 2), (20, 250, 0)],
)
def test_a_shallow_stay_counts_from_two_minutes_and_200_metres_on(
    stay_s: float, deep_m: float, expected: int
) -> None:
    half = stay_s / 2
    knots = ((0, -3000), (200, 0), (200 + half, deep_m), (200 + stay_s, 0), (600 + stay_s, -3000))
    assert len(told(over(*knots), LINE)) == expected


def test_the_instant_is_when_it_left_for_good() -> None:
    # over the line at 100 s, back at 120, over again at 140 and on
    way = over((0, -2500), (100, 0), (110, 100), (120, 0), (130, -100), (140, 0), (240, 2500))
    assert told(way, LINE) == [("West", "East", pytest.approx(140.0, abs=1e-3))]


def test_beginning_beyond_a_border_is_no_crossing_and_ending_just_over_it_neither() -> None:
    assert told(over((0, 10), (100, 2500)), LINE) == []
    assert told(over((0, -2500), (100, 0), (110, 100)), LINE) == []


def test_a_border_within_a_hole_is_told_as_between() -> None:
    way = over((0, -5000), (100, -2000), (100.5, -2000), (1100.5, 3000), (1200, 6000))
    t = way.time - NOON
    kept = (t <= 100) | (t >= 1101)
    hole = ledger(t[kept], way.lat[kept], way.lon[kept])
    trip = account(hole, LINE)
    (crossing,) = trip.crossings
    assert (crossing.at, crossing.between) == (None, (NOON + 100.0, NOON + 1101.0))
    assert crossing.lon == pytest.approx(0.0, abs=1e-4)  # where a straight way would cross
    assert crossing.error_m is not None
    assert crossing.error_m > 1000.0
    assert [(s.region and s.region.name, s.known) for s in trip.stays] == [
        ("West", True),
        (None, False),
        ("East", True),
    ]
    assert trip.stays[1].distance_m == pytest.approx(hole.unrecorded_m)
    assert shares(trip.stays)[-1].known is False


def test_a_night_on_the_border_is_told_as_between() -> None:
    way = over((0, -2500), (100, -10), (101, 10), (200, 2500))
    t = way.time - NOON
    t = np.where(t > 100, t + 8 * 3600.0, t)
    (passage,) = find_passages(ledger(t, way.lat, way.lon), LINE)[1]
    assert (passage.begin - NOON, passage.end - NOON) == (100.0, 101.0 + 8 * 3600.0)


def test_a_car_parked_two_hours_beyond_a_border_made_one_trip_there() -> None:
    knots = ((0, -3000), (120, 0), (150, 300), (7500, 300), (7530, 0), (7650, -3000))
    rows = told(over(*knots), LINE)
    assert rows == [
        ("West", "East", pytest.approx(120.0, abs=1e-3)),
        ("East", "West", pytest.approx(7530.0, abs=1e-3)),
    ]


@pytest.mark.parametrize("step", [1.0, 10.0, 60.0])
def test_a_narrow_land_crossed_within_one_hop_of_a_slow_recorder_counts(step: float) -> None:
    land = regions(("Narrow", [[square(0.0, -1.0, 1500 * M, 1.0)]]))
    rows = told(over((0, -30_000), (1000, 0), (3000, 60_000), step=step), land)
    assert [row[:2] for row in rows] == [("", "Narrow"), ("Narrow", "")]
    assert [row[2] for row in rows] == pytest.approx([1000.0, 1050.0], abs=1e-3)


# --- on the line, along it, holes, islands


def test_on_a_line_the_first_region_has_it() -> None:
    assert LINE.numbers(np.array([0.0, 0.5]), np.array([0.0, 0.0])).tolist() == [0, 0]
    swapped = regions(*((r, [[ring]]) for r, ring in (
        ("East", square(0.0, -1.0, 1.0, 1.0)), ("West", square(-1.0, -1.0, 0.0, 1.0)))))  # fmt: skip
    at = swapped.at(int(swapped.numbers(np.array([0.3]), np.array([0.0]))[0]))
    assert at is not None
    assert at.name == "East"


def test_driving_exactly_along_a_border_is_no_crossing() -> None:
    t = np.arange(0.0, 3601.0, 5.0)
    assert told(ledger(t, t * 20.0 * M - 0.3, np.zeros(len(t))), LINE) == []


@pytest.mark.parametrize("seed", range(4))
def test_driving_along_a_border_with_the_noise_of_a_receiver_is_no_crossing(seed: int) -> None:
    # a State Line road: never 500 m away, never two minutes on one side
    rng = np.random.default_rng(seed)
    t = np.arange(0.0, 3601.0, 5.0)
    noise = rng.normal(0.0, 8.0, len(t)) * M
    assert told(ledger(t, t * 20.0 * M - 0.3, noise), LINE) == []


def test_along_a_border_road_with_a_turn_off_at_its_end_there_is_one_crossing() -> None:
    rng = np.random.default_rng(1)
    t = np.arange(0.0, 2001.0, 5.0)
    east = np.where(t < 1600, rng.normal(0.0, 8.0, len(t)), (t - 1600) * 20.0)
    east[0] = -5.0
    ((before, after, at),) = told(ledger(t, t * 20.0 * M - 0.3, east * M), LINE)
    assert (before, after) == ("West", "East")
    assert 1580.0 <= at <= 1605.0


ENCLAVE = regions(
    ("Outer", [[square(-1.0, -1.0, 1.0, 1.0), square(-0.05, -0.05, 0.05, 0.05)]]),
    ("Enclave", [[square(-0.05, -0.05, 0.05, 0.05)]]),
)


def test_an_enclave_is_entered_and_left() -> None:
    t = np.arange(0.0, 1201.0, 5.0)
    rows = told(ledger(t, np.zeros(len(t)), (t - 600.0) * 25.0 * M), ENCLAVE)
    assert [row[:2] for row in rows] == [("Outer", "Enclave"), ("Enclave", "Outer")]
    half = 0.05 / M / 25.0
    assert [row[2] for row in rows] == pytest.approx([600.0 - half, 600.0 + half], abs=1e-3)


def test_a_hole_that_is_nobodys_is_told_as_no_region() -> None:
    lake = regions(("Land", [[square(-1.0, -1.0, 1.0, 1.0), square(-0.05, -0.05, 0.05, 0.05)]]))
    t = np.arange(0.0, 1201.0, 5.0)
    rows = told(ledger(t, np.zeros(len(t)), (t - 600.0) * 25.0 * M), lake)
    assert [row[:2] for row in rows] == [("Land", ""), ("", "Land")]


@pytest.mark.parametrize("turn", [0.0, 179.5, -180.0, 90.0])
def test_a_border_at_the_date_line_is_like_any_other(turn: float) -> None:
    def at(lon: float) -> float:
        return (lon + turn + 180.0) % 360.0 - 180.0

    # two regions that meet at longitude `turn`; rings that cross ±180 are split, as RFC 7946 asks
    parts: dict[str, list[list[Ring]]] = {"West": [], "East": []}
    for name, a in (("West", -0.6), ("East", 0.0)):
        for k in range(6):
            west, east = at(a + 0.1 * k), at(a + 0.1 * (k + 1))
            east = 180.0 if east == -180.0 else east
            if west < east:
                parts[name].append([square(west, -1.0, east, 1.0)])
            else:
                parts[name] += [[square(west, -1.0, 180.0, 1.0)], [square(-180.0, -1.0, east, 1.0)]]
    t = np.arange(0.0, 601.0, 5.0)
    rows = told(
        ledger(t, np.full(len(t), 0.3), (t - 300.0) * 25.0 * M + turn), regions(*parts.items())
    )
    assert rows == [("West", "East", pytest.approx(300.0, abs=1e-2))]


def test_at_a_pole_nothing_falls_over() -> None:
    cap = regions(("Cap", [[square(-180.0, 89.0, 180.0, 90.0)]]))
    t = np.arange(0.0, 20_001.0, 10.0)
    lat = np.minimum(88.5 + t * 15.0 * M, 90.0)
    rows = told(ledger(t, lat, np.full(len(t), 20.0)), cap)
    assert [row[:2] for row in rows] == [("", "Cap")]
    assert rows[0][2] == pytest.approx(0.5 / M / 15.0, abs=0.01)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_points_cross_nothing(n: int) -> None:
    t = np.arange(float(n))
    first, found = find_passages(ledger(t, t * 0.0, t * 1e-6 + 0.5), LINE)
    assert (first, found) == (1 if n else -1, ())


# --- laws


def test_splitting_hops_moves_no_crossing() -> None:
    others, way = country(3), wander(3)
    extra = (way.time[1:] + way.time[:-1])[np.diff(way.time) < 60] / 2
    lat, lon = way.position_at(extra)
    order = np.argsort(np.concatenate([way.time, extra]))
    t, y, x = (
        np.concatenate(pair)[order] for pair in ((way.time, extra), (way.lat, lat), (way.lon, lon))
    )
    fine = told(ledger(t - NOON, y, x), others)
    plain = told(way, others)
    assert [row[:2] for row in fine] == [row[:2] for row in plain]
    assert [row[2] for row in fine] == pytest.approx([row[2] for row in plain], abs=1e-3)


def test_mirrored_and_shifted_in_time_the_crossings_follow() -> None:
    way = wander(4)
    shapes = quilt(4)
    mirrored = [(n, [[[(x, -y) for x, y in r] for r in rings] for rings in p]) for n, p in shapes]
    there = told(way, regions(*shapes))
    back = told(ledger(way.time - NOON + 86_400.0, -way.lat, way.lon), regions(*mirrored))
    assert [row[:2] for row in back] == [row[:2] for row in there]
    assert [row[2] - 86_400.0 for row in back] == pytest.approx([r[2] for r in there], abs=1e-3)


# --- brute force: another way to say the same, slow and plain


def quilt(seed: int) -> list[tuple[str, list[list[Ring]]]]:
    """Sixteen crooked squares of about 2 km that meet at common corners; one lacks, one has an enclave."""
    rng = np.random.default_rng(seed)
    corner = {
        (i, j): tuple(
            (np.array([i - 2, j - 2]) * 2000 * M + rng.uniform(-600, 600, 2) * M).tolist()
        )
        for i in range(5)
        for j in range(5)
    }
    shapes: list[tuple[str, list[list[Ring]]]] = []
    for i in range(4):
        for j in range(4):
            if (i, j) == (3, 0):
                continue
            ring = [corner[i, j], corner[i + 1, j], corner[i + 1, j + 1], corner[i, j + 1]]
            rings = [ring]
            if (i, j) == (1, 2):
                x, y = np.mean(ring, axis=0)
                d = 500 * M
                rings.append([(x - d, y - d), (x + d, y - d), (x, y + d)])
                shapes.append(("Enclave", [[rings[1]]]))
            shapes.append((f"R{i}{j}", [rings]))
    order = rng.permutation(len(shapes))
    return [shapes[k] for k in order]


def country(seed: int) -> Regions:
    return regions(*quilt(seed))


def wander(seed: int, n: int = 1200) -> Ledger:
    """A drive that turns about within the quilt, with stands, slow parts and holes."""
    rng = np.random.default_rng(1000 + seed)
    dt = rng.choice([2.0, 5.0, 10.0], n)
    dt[rng.random(n) < 0.01] = 400.0
    speed = np.repeat(rng.choice([0.0, 2.0, 8.0, 15.0, 20.0], n // 20 + 1), 20)[:n]
    x, y, course = 0.0, 0.0, 0.0
    rows = []
    for k in range(n):
        course += rng.normal(0.0, 0.25)
        if math.hypot(x, y) > 4500:
            course = math.atan2(-y, -x) + rng.normal(0.0, 0.5)
        way = speed[k] * min(float(dt[k]), 100.0)
        x, y = x + way * math.cos(course), y + way * math.sin(course)
        rows.append((x * M, y * M))
    lon, lat = np.array(rows).T
    return ledger(np.cumsum(dt), lat, lon)


def brute(way: Ledger, shapes: list[tuple[str, list[list[Ring]]]]) -> list[tuple[str, str, float]]:
    """The definition, step by step along every hop."""

    def inside(x: float, y: float, polygons: list[list[Ring]]) -> bool:
        odd = False
        for rings in polygons:
            for ring in rings:
                for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
                    if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
                        odd = not odd
        return odd

    def where(x: float, y: float) -> str:
        return next((name for name, polygons in shapes if inside(x, y, polygons)), "")

    def away(x: float, y: float, name: str) -> float:
        least = math.inf
        for other, polygons in shapes:
            if name and other != name:
                continue
            for rings in polygons:
                for ring in rings:
                    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
                        dx, dy = bx - ax, by - ay
                        f = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)
                        f = min(max(f, 0.0), 1.0)
                        least = min(least, math.hypot(x - ax - f * dx, y - ay - f * dy))
        return least / M

    t, xs, ys = (way.time - NOON).tolist(), way.lon.tolist(), way.lat.tolist()
    here = now = where(xs[0], ys[0])
    left: float | None = None
    since = (0.0, 0.0, 0.0)
    found = []
    for k in range(len(t) - 1):
        unseen = bool(way.unknown[k] or way.asleep[k])
        steps = 1 if unseen else 12
        for i in range(1, steps + 1):
            f = i / steps
            x, y = xs[k] + f * (xs[k + 1] - xs[k]), ys[k] + f * (ys[k + 1] - ys[k])
            at = t[k] + f * (t[k + 1] - t[k])
            there = where(x, y)
            if there != now:
                entered = t[k] if unseen else at - (t[k + 1] - t[k]) / steps / 2
                since, now = (at, x, y), there
                if there == here:
                    left = None
                elif left is None:
                    left = entered
            if left is not None:
                gone = math.hypot(x - since[1], y - since[2]) / M
                if away(x, y, here) >= 500.0 or (at - since[0] >= 120.0 and gone >= 200.0):
                    found.append((here, now, left))
                    here, left = now, None
    return found


@pytest.mark.parametrize("seed", range(12))
def test_small_random_drives_are_as_by_brute_force(seed: int) -> None:
    way, shapes = wander(seed, 500), quilt(seed)
    expected = brute(way, shapes)
    rows = told(way, regions(*shapes))
    assert len(expected) >= 5
    assert [row[:2] for row in rows] == [row[:2] for row in expected]
    assert [row[2] for row in rows] == pytest.approx([row[2] for row in expected], abs=0.5)


# --- known-wrong variants: each turns one of the cases above red


def northwards() -> Ledger:
    """Over the middle of the side from (37, -109.05) to (37, -102.05)."""
    t = np.arange(0.0, 3601.0)
    return ledger(t, 36.7 + t * 25.0 / 110_990.0, np.full(len(t), -105.55))


def test_with_geodesic_edges_colorados_southern_border_would_move_by_kilometres() -> None:
    line = Geodesic.WGS84.InverseLine(37.0, -109.05, 37.0, -102.05)
    steps = [line.Position(line.s13 * k / 200) for k in range(201)]
    bulged = [(step["lon2"], step["lat2"]) for step in steps] + [(-102.05, 41.0), (-109.05, 41.0)]
    wrong = regions(("Inside", [[bulged]]))
    metres = [told(northwards(), which)[0][2] * 25.0 for which in (RECTANGLE, wrong)]
    assert metres[0] == pytest.approx(0.3 * 110_990.0, abs=1.0)
    # 5.7 km is the distance of the two lines there
    assert metres[1] - metres[0] == pytest.approx(5_700, abs=300)


@pytest.mark.parametrize("wrong", ["CLEAR_M", "STAYED_S"])
def test_without_waiting_for_depth_corners_and_roads_along_borders_would_be_crossings(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    t = np.arange(0.0, 3601.0, 5.0)
    road = ledger(t, t * 20.0 * M - 0.3, rng.normal(0.0, 8.0, len(t)) * M)
    assert told(road, LINE) == []
    monkeypatch.setattr(crossings, wrong, 0.0)
    monkeypatch.setattr(crossings, "STAYED_M", 0.0 if wrong == "STAYED_S" else 200.0)
    assert len(told(road, LINE)) > 50


def test_without_the_two_minutes_a_village_by_the_border_would_be_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    way = over((0, -3000), (120, 0), (150, 300), (7500, 300), (7530, 0), (7650, -3000))
    assert len(told(way, LINE)) == 2
    monkeypatch.setattr(crossings, "STAYED_S", math.inf)
    assert told(way, LINE) == []


def test_looking_less_often_than_proved_would_lose_an_excursion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    way = over((0, -3000), (100, 0), (121.2, 530), (142.4, 0), (300, -3000))
    assert len(told(way, LINE)) == 2
    monkeypatch.setattr(crossings, "_LOOK_M", 8000.0)
    assert told(way, LINE) == []


def test_the_first_point_beyond_is_not_the_instant() -> None:
    t = np.arange(0.0, 7201.0, 50.0)
    ((_, _, at),) = told(ledger(t, np.full(len(t), 38.0), -103.0 + t / 3600.0), RECTANGLE)
    assert at == pytest.approx(3420.0, abs=0.5)
    assert t[np.searchsorted(t, at)] - at > 20.0


def test_values_say_what_they_hold() -> None:
    region = LINE.at(0)
    assert region == Region("", "", "", "West")
    assert LINE.at(-1) is None
    first, (passage,) = find_passages(over((0, -2500), (200, 2500)), LINE)
    assert first == 0
    expected = Passage(0, 1, NOON + 100, NOON + 100, 0.0, passage.lon, None, passage.speed_mps)
    assert expected == passage
    assert (passage.lon, passage.speed_mps) == pytest.approx((0.0, 25.0), abs=0.1)
