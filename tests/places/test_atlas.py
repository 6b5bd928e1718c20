"""Which towns a map names first: cities, not the suburb that lies nearer to the road."""

from __future__ import annotations

import pytest

from convoylog.places import names
from convoylog.places.atlas import mapped_towns
from convoylog.places.towns import Town, all_towns
from convoylog.places.world import Box

_UTAH = (-113.0, 40.0, -111.0, 42.0)


def ranked(box: Box, fewest: int = 1_000) -> list[tuple[Town, float]]:
    found, weight = mapped_towns(box, fewest)
    return [(all_towns().town(n), w) for n, w in zip(found.tolist(), weight.tolist(), strict=True)]


def weights(box: Box) -> dict[str, float]:
    return {town.name: weight for town, weight in reversed(ranked(box))}


def test_a_city_stands_for_its_agglomeration_and_a_suburb_for_less_than_its_people() -> None:
    found = weights(_UTAH)
    assert found["Salt Lake City"] > 900_000  # 216,000 within its limits
    assert 0 < found["West Valley City"] < 136_000 / 6  # also where a road passes it


def test_a_city_beside_a_larger_one_keeps_its_own_rank() -> None:
    found = weights((-106.0, 39.0, -104.0, 41.0))
    assert found["Denver"] > found["Aurora"] >= 350_000
    assert found["Boulder"] >= 100_000


def test_a_city_named_otherwise_by_the_other_source_is_no_suburb_of_itself() -> None:
    found = weights((-75.0, 40.0, -73.0, 41.5))
    assert found["New York City"] > 10_000_000  # New York, in the other


def test_towns_come_by_what_they_stand_for_and_the_small_are_left_out() -> None:
    rows = ranked((-106.0, 39.0, -104.0, 41.0), 100_000)
    assert "Denver" == rows[0][0].name
    assert [weight for _, weight in rows] == sorted((w for _, w in rows), reverse=True)
    assert all(town.population >= 100_000 for town, _ in rows)


def test_a_box_across_180_holds_both_sides_and_no_more() -> None:
    longitudes = [town.lon for town, _ in ranked((170.0, 60.0, -170.0, 70.0), 0)]
    assert longitudes
    assert all(abs(lon) >= 170 for lon in longitudes)
    assert {True, False} == {lon > 0 for lon in longitudes}


def test_where_no_city_is_towns_stand_for_their_people() -> None:
    rows = ranked((-101.0, 39.0, -100.6, 39.3), 0)  # Oakley, Kansas
    assert rows
    assert all(weight == town.population for town, weight in rows)


@pytest.mark.parametrize(
    ("city", "lat", "lon"), [("Memphis", 35.117, -90.06), ("Torrington", 41.82, -73.14)]
)
def test_a_quarter_listed_with_all_people_of_its_city_names_no_place(
    city: str, lat: float, lon: float
) -> None:
    assert city == names.name_of(lat, lon)
