"""A map as a value."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from convoylog.reports.draw.chart import OnMap, draw_map
from tests.reports.trips import BEGIN, DENVER, car, track, trip


def test_a_night_at_one_place_is_no_way_though_lines_lie_side_by_side() -> None:
    cars = [car(n, name) for n, name in enumerate(("Heron", "Juniper", "Mabel"))]
    home, beyond = (41.88, -87.63), (39.66, -105.88)
    days = {
        whose.id: [
            track(home, DENVER, BEGIN, 9),
            # 3 km on, which is no pixel here
            track((39.75, -105.02), beyond, BEGIN + timedelta(hours=27), 2),
        ]
        for whose in cars
    }
    whole = trip(cars, days)
    drawing = draw_map([OnMap(c, n, str(n)) for n, c in enumerate(whole.cars)])
    assert drawing is not None
    ends = [way.lines[0][-1] for way in drawing.ways]
    assert max(float(np.hypot(*(a - b))) for a in ends for b in ends) > 2
    # a step aside, nearer by, would be kilometres of a way that nobody drove
    assert [(), (), ()] == [way.unrecorded for way in drawing.ways]
