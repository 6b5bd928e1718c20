"""Odd recordings through the real commands: a sensible answer or a clear word, never a traceback."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.journeys.typed import Typed

NOON = 1_777_723_200.0
Point = tuple[float | None, float, float]


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def gpx(path: Path, points: Iterable[tuple[str, float, float]], *, ele: bool = True) -> Path:
    rows = "".join(
        f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}">{"<ele>500</ele>" if ele else ""}'
        + (f"<time>{time}</time>" if time else "")
        + "</trkpt>"
        for time, lat, lon in points
    )
    path.write_text(f'<gpx version="1.1" creator="t"><trk><trkseg>{rows}</trkseg></trk></gpx>')
    return path


def going(
    n: int, step: float, *, start: float = NOON, lat: float = 38.0, lon: float = -100.0
) -> list[tuple[str, float, float]]:
    """Westwards at 20 m/s or so."""
    return [(stamp(start + k * step), lat, lon - k * step * 2.3e-4) for k in range(n)]


def all_told(typed: Typed, home: Path, track: Path) -> tuple[str, dict[str, object]]:
    """What every command that tells says of one track; nothing may fall."""
    typed("add", track)
    typed("note", "Here", "--at", "2026-05-02T12:10:00Z")
    for words in (("leg", "list"), ("log",), ("stats", "--by", "day"), ("stats", "--by", "leg")):
        typed(*words)
        assert "Traceback" not in typed.err
    typed("report", "-o", home / "told")
    assert any((home / "told").glob("*.html"))
    table = typed("stats") + typed.err
    (car,) = typed.json("stats")["cars"]
    return table, car


def test_without_times_nothing_is_told_as_zero(rally: Path, home: Path, typed: Typed) -> None:
    track = gpx(home / "a.gpx", [("", 38.0, -100.0), ("", 38.1, -100.0), ("", 38.2, -100.0)])
    table, car = all_told(typed, home, track)
    assert "no recording with times (3 points)" in table
    assert "no trackpoint has a time" in table
    assert [None] * 6 == [
        car[key]
        for key in ("elapsed_s", "moving_s", "halted_s", "unknown_s", "distance_m", "max_speed_mps")
    ]
    assert "0.0 km" not in table


def test_one_point_is_a_place_and_no_way(rally: Path, home: Path, typed: Typed) -> None:
    table, car = all_told(typed, home, gpx(home / "a.gpx", going(1, 1.0)))
    assert "one point with a time" in table
    assert (0.0, None, None) == (car["elapsed_s"], car["distance_m"], car["ascent_m"])
    assert car["from"] == car["to"] == "2026-05-02T12:00:00Z"


def test_without_heights_the_climb_is_unknown(rally: Path, home: Path, typed: Typed) -> None:
    table, car = all_told(typed, home, gpx(home / "a.gpx", going(200, 5.0), ele=False))
    assert "unknown: no heights recorded" in table
    assert (None, None) == (car["ascent_m"], car["descent_m"])


def test_across_180_degrees_the_way_is_short(rally: Path, home: Path, typed: Typed) -> None:
    points = going(400, 5.0, lat=-17.0, lon=-179.9)
    points = [(time, lat, (lon + 180.0) % 360.0 - 180.0) for time, lat, lon in points]
    _, car = all_told(typed, home, gpx(home / "a.gpx", points))
    assert 48_950.0 == pytest.approx(car["distance_m"], rel=0.01)
    assert 0.0 == car["unknown_s"]


def test_over_the_pole_the_way_is_told(rally: Path, home: Path, typed: Typed) -> None:
    # over the pole along a meridian and down the other side; 20 m/s
    degrees = [90.0 - abs(k - 200) * 1e-3 for k in range(401)]
    points = [
        (stamp(NOON + k * 5.6), lat, 10.0 if k < 200 else -170.0) for k, lat in enumerate(degrees)
    ]
    _, car = all_told(typed, home, gpx(home / "a.gpx", points))
    assert 44_677.0 == pytest.approx(car["distance_m"], rel=0.01)


def test_naive_times_among_aware_ones_are_utc_and_told(
    rally: Path, home: Path, typed: Typed
) -> None:
    points = [
        (t.replace("Z", "") if k % 2 else t, y, x) for k, (t, y, x) in enumerate(going(200, 5.0))
    ]
    table, car = all_told(typed, home, gpx(home / "a.gpx", points))
    assert 995.0 == car["elapsed_s"]
    assert "Traceback" not in table


@pytest.mark.parametrize("year", [1970, 2098])
def test_a_year_far_away_is_a_year(rally: Path, home: Path, typed: Typed, year: int) -> None:
    start = datetime(year, 1, 1, tzinfo=UTC).timestamp()
    _, car = all_told(typed, home, gpx(home / "a.gpx", going(200, 5.0, start=start)))
    assert str(car["from"]).startswith(str(year))
    assert 20_100.0 == pytest.approx(car["distance_m"], rel=0.02)


@pytest.mark.parametrize(("n", "step"), [(3000, 0.1), (60, 60.0)])
def test_ten_fixes_a_second_or_one_a_minute(
    rally: Path, home: Path, typed: Typed, n: int, step: float
) -> None:
    _, car = all_told(typed, home, gpx(home / "a.gpx", going(n, step)))
    assert (n - 1) * step * 20.17 == pytest.approx(car["distance_m"], rel=0.01)
    assert 0.0 == car["unknown_s"]
    assert 20.17 == pytest.approx(car["max_speed_mps"], rel=0.01)


def test_markers_of_a_pause_are_no_places(rally: Path, home: Path, typed: Typed) -> None:
    points = going(300, 5.0)
    marked = [
        *points[:100],
        (points[100][0], 100.0, 0.0),
        (points[101][0], 200.0, 0.0),
        *points[102:],
    ]
    _, car = all_told(typed, home, gpx(home / "a.gpx", marked))
    assert (298, {}) == (car["points"], car["dropped"])
    assert 30_155.0 == pytest.approx(car["distance_m"], rel=0.01)


def test_nothing_but_zeros_and_nonsense(rally: Path, home: Path, typed: Typed) -> None:
    points = [(stamp(NOON + k), 0.0, 0.0) for k in range(10)]
    table, car = all_told(typed, home, gpx(home / "a.gpx", points))
    assert (None, {"impossible": 10}) == (car["distance_m"], car["dropped"])
    assert "impossible" in table


def test_one_instant_for_all_points(rally: Path, home: Path, typed: Typed) -> None:
    points = [(stamp(NOON), y, x) for _, y, x in going(50, 5.0)]
    _, car = all_told(typed, home, gpx(home / "a.gpx", points))
    assert (None, {"same time": 49}) == (car["distance_m"], car["dropped"])


def test_a_slow_recorder_may_be_silent_longer(rally: Path, home: Path, typed: Typed) -> None:
    table, car = all_told(typed, home, gpx(home / "a.gpx", going(20, 150.0)))
    assert 19 * 150.0 == car["unknown_s"]
    assert 'convoylog car set "Anna" hole_s=180' in table
    typed("car", "set", "Anna", "hole_s=180")
    (car,) = typed.json("stats")["cars"]
    assert (0.0, 180) == (car["unknown_s"], car["rules"]["hole_s"])  # type: ignore[index,call-overload]
    assert "no silence of '7' s" in typed.refuses("car", "set", "Anna", "hole_s=7", code=2)
    typed("car", "set", "Anna", "hole_s=")
    assert 19 * 150.0 == typed.json("stats")["cars"][0]["unknown_s"]


def test_a_leg_by_a_part_of_its_title(rally: Path, home: Path, typed: Typed) -> None:
    typed("add", gpx(home / "a.gpx", going(400, 10.0)))
    typed(
        "leg", "add", "Over the plains", "--from", "2026-05-02T12:00Z", "--to", "2026-05-02T12:30Z"
    )
    told = typed("stats", "--leg", "plains")
    assert "Over the plains" in told
    assert "30 min" in told
    (car,) = typed.json("stats", "--leg", "PLAINS")["cars"]
    assert [leg["title"] for leg in car["legs"]] == ["Over the plains"]  # type: ignore[index]
    assert "no leg 'mountains'" in typed.refuses("stats", "--leg", "mountains", code=2)
