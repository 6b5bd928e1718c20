"""How much towns matter on a map: a city stands for its whole agglomeration, a suburb for little.

By people alone a suburb stands where its city should: West Valley City, with 136,000, close to a road
that passes Salt Lake City, with 216,000. Data: see `towns` and `world`; Natural Earth counts the
people of agglomerations.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from convoylog import geo
from convoylog.model.tracks import Floats
from convoylog.places.towns import Numbers, all_towns, reach_m
from convoylog.places.world import Box, load_world

#: metres between a city's middle by one source and by the other, at most
_SAME_M = 20_000.0
#: share of its people for which a town counts in the shadow of a city: named where there is room
_SHADE = 0.1


def mapped_towns(box: Box, fewest: int) -> tuple[Numbers, Floats]:
    """(numbers of the towns in a box, people each stands for), most first.

    west > east crosses 180°. fewest: people of its own that a town needs.
    """
    west, south, east, north = box
    columns = all_towns()
    found = columns.within(south, north, west, east)
    found = found[columns.people[found] >= fewest]
    weight = _standing(box)[found]
    order = np.argsort(-weight, kind="stable")
    return found[order], weight[order]


def _standing(box: Box) -> Floats:
    """People every town stands for on a map of the box."""
    columns, cities = all_towns(), load_world().places(box)
    weight = columns.people.astype(np.float64)
    if not cities:
        return weight
    lat, lon = np.array([c.lat for c in cities]), np.array([c.lon for c in cities])
    people = np.array([c.people for c in cities], dtype=np.float64)
    reach = reach_m(people)
    town, city = columns.around(lat, lon, np.maximum(reach, _SAME_M))
    away = geo.near_m(lat[city], lon[city], columns.lat[town], columns.lon[town])
    own = _own_town([c.name.casefold() for c in cities], town, city, away)
    in_shade = (away <= reach[city]) & (town != own[city]) & (columns.people[town] < people[city])
    weight[town[in_shade]] *= _SHADE
    known = np.flatnonzero(own >= 0)
    np.maximum.at(weight, own[known], people[known])
    return weight


def _own_town(names: Sequence[str], town: Numbers, city: Numbers, away: Floats) -> Numbers:
    """The town each city is by the other source, -1 if none: of those near its middle the one of its
    name, else the one with most people, as New York City is New York.
    """
    columns, own, best = all_towns(), np.full(len(names), -1), [(False, 0)] * len(names)
    close = np.flatnonzero(away <= _SAME_M)
    for t, c in zip(town[close].tolist(), city[close].tolist(), strict=True):
        rank = columns.names[t].casefold() == names[c], int(columns.people[t])
        if rank > best[c]:
            best[c], own[c] = rank, t
    return own
