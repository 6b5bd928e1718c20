"""Real cars that drove together, and one ride by seven recorders: what their manifests say."""

from __future__ import annotations

import numpy as np
import pytest

from convoylog.files.memory import no_memory
from convoylog.model.convoy import ConvoyRules
from convoylog.model.tracks import Track, join_tracks
from convoylog.trips.convoy import find_convoy, see, side_by_side
from tests.corpus import corpus
from tests.trips.convoy.cars import worked

RULES = ConvoyRules()


def recorded(folder: str) -> dict[str, Track]:
    read = no_memory().recording
    files = sorted(p for p in corpus(folder).glob("*.gpx") if not p.name.startswith("_"))
    return {path.stem: join_tracks(read(path)[1].tracks) for path in files}


def test_three_cars_in_a_platoon_keep_their_order_and_distance() -> None:
    trips = worked(**recorded("convoy/cats_platoon_3_cars/derived/runs_01-10"))
    found = find_convoy(trips)
    for two in found.pairs:
        assert 1.0 == two.share
        assert two.lead_s[two.a] >= 0.97 * sum(two.lead_s.values())
        assert () == two.overtakes
    together = [group for group in found.groups if len(group.cars) == 3]
    assert together
    for group in together:
        assert ("c-1_leading", "c-2_black_mid", "c-3_red_last") == group.order
        assert group.length_s is not None
        assert 1.0 < group.length_s < 5.0
    seen = [see(car, RULES) for car in trips]
    usual = [
        float(np.median(side_by_side(seen[i], seen[j], RULES).away_m))
        for i, j in ((0, 1), (1, 2), (0, 2))
    ]
    # the manifest: 32 to 89 m apart
    assert all(32.0 <= metres <= 89.0 for metres in usual), usual


def test_four_cars_that_change_lanes_are_one_group() -> None:
    found = find_convoy(
        worked(**recorded("convoy/cats_lane_change_4_cars/derived_1hz_date_assumed"))
    )
    assert [1.0] * 6 == [two.share for two in found.pairs]
    assert max(len(group.cars) for group in found.groups) == 4
    for two in found.pairs:
        assert two.closest is not None
        assert two.closest.distance_m < 15.0  # side by side
    # car 3 records less: it is unknown then, and nobody leaves
    assert () == found.events


def test_seven_recorders_of_one_ride_tell_how_their_clocks_lag() -> None:
    found = find_convoy(worked(**recorded("gpx_multi/whitchurch_A")))
    for two in found.pairs:
        assert 1.0 == two.share
        assert two.gap_s is not None
        # one of them writes a point only every half minute
        assert two.gap_s.median < 7.0
        assert two.same_route is not None
        assert two.same_route.of_a > 0.99
        assert "same" == two.same_route.likeness
    slow = [two for two in found.pairs if "Etrex" not in two.a + two.b]
    assert all(two.gap_s is not None and two.gap_s.p95 < 8.0 for two in slow)


@pytest.mark.parametrize("halves", [1, 2, 3])
def test_a_recorder_labelled_in_local_time_is_hinted(halves: int) -> None:
    tracks = recorded("gpx_multi/whitchurch_A")
    one, other = tracks["Garmin-Edge-605"], tracks["Lezyne"]
    wrong = Track(
        other.time + 1800.0 * halves, other.lat, other.lon, other.ele, other.segment, other.name
    )
    found = find_convoy(worked(Edge=one, Lezyne=wrong), routes=False)
    if found.pairs[0].episodes:
        pytest.skip("this ride comes by its own way again, so the two meet")
    (hint,) = found.warnings
    assert f"{halves / 2:g} hour" in hint
