"""Cars worked out of tracks alone, for tests of the convoy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from geographiclib.geodesic import Geodesic

from convoylog.model.convoy import Convoy, ConvoyRules, Pair
from convoylog.model.logbook import Car, Logbook, RecordedTrack
from convoylog.model.tracks import Floats, Recording, Track, make_track
from convoylog.model.trip import CarTrip
from convoylog.trips.account import work_out
from convoylog.trips.convoy import find_convoy
from tests.trips.plain_ground import PlainGround

#: a UTC instant on the clock's tick
BEGIN = 1_777_723_200.0
ROAD = (37.7528, -100.0171, 285.0)
GROUND = PlainGround()


def on_road(metres: Floats, aside_m: float = 0.0, road: tuple[float, float, float] = ROAD) -> Track:
    """Places on a geodesic, each exact; aside: to the right of it."""
    line = Geodesic.WGS84.Line(*road)
    lat, lon = [], []
    for m in metres.tolist():
        place = line.Position(m)
        y, x = place["lat2"], place["lon2"]
        if aside_m:
            moved = Geodesic.WGS84.Direct(y, x, place["azi2"] + 90.0, aside_m)
            y, x = moved["lat2"], moved["lon2"]
        lat.append(y)
        lon.append(x)
    return make_track(np.zeros(len(lat)), lat, lon)


def drive(
    way: Callable[[Floats], Floats],
    seconds: Floats,
    aside_m: float = 0.0,
    road: tuple[float, float, float] = ROAD,
) -> Track:
    """A drive along a road: metres so far by seconds since BEGIN."""
    line = on_road(way(seconds), aside_m, road)
    return make_track(BEGIN + seconds, line.lat, line.lon)


def worked(**tracks: Track) -> tuple[CarTrip, ...]:
    """Cars by name, in the order given."""
    cars = tuple(Car(f"c-{name}", name, name) for name in tracks)
    recorded = tuple(
        RecordedTrack(f"c-{name}", name, name, Recording("GPX 1.1", name, (track,)))
        for name, track in tracks.items()
    )
    return work_out(Logbook("l", "Plains", "", cars, (), recorded, ()), ground=GROUND).cars


def convoy(rules: ConvoyRules | None = None, **tracks: Track) -> Convoy:
    return find_convoy(worked(**tracks), rules)


def pair(rules: ConvoyRules | None = None, **tracks: Track) -> Pair:
    return convoy(rules, **tracks).pairs[0]


def spans(found: Pair) -> list[tuple[float, float]]:
    """Episodes in seconds since BEGIN."""
    return [(e.from_at - BEGIN, e.to_at - BEGIN) for e in found.episodes]
