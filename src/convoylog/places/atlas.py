"""How much towns matter on a map: a city stands for its whole agglomeration, a suburb for little.

By people alone a suburb stands where its city should: West Valley City, with 136,000, close to a road
that passes Salt Lake City, with 216,000. Data: see `towns` and `world`; Natural Earth counts the
people of agglomerations.
"""

from __future__ import annotations

import numpy as np

from convoylog import geo
from convoylog.model.tracks import Floats
from convoylog.places.towns import Town, all_towns, reach_m
from convoylog.places.world import Box, load_world

#: metres between a city's middle by one source and by the other, at most
_SAME_M = 20_000.0
#: share of its people for which a town counts in the shadow of a city: named where there is room
_SHADE = 0.1


def mapped_towns(box: Box, fewest: int) -> list[tuple[Town, int]]:
    """Towns in a box (west > east crosses 180°) with the people each stands for, most first.

    fewest: people of its own that a town needs.
    """
    west, south, east, north = box
    columns = all_towns()
    found = columns.within(south, north, west, east)
    found = found[columns.people[found] >= fewest]
    weight = _standing(box)[found]
    order = np.argsort(-weight, kind="stable")
    return [(columns.town(int(found[k])), int(weight[k])) for k in order]


def _standing(box: Box) -> Floats:
    """People every town stands for on a map of the box."""
    columns, cities = all_towns(), load_world().places(box)
    weight = columns.people.astype(np.float64)
    if not cities:
        return weight
    lat, lon = np.array([c.lat for c in cities]), np.array([c.lon for c in cities])
    people = np.array([c.people for c in cities], dtype=np.float64)
    reach = reach_m(people)
    town, city = columns.around(lat, lon, max(float(reach.max()), _SAME_M))
    away = geo.near_m(lat[city], lon[city], columns.lat[town], columns.lon[town])
    names = [c.name.casefold() for c in cities]
    same = np.array(
        [
            metres <= _SAME_M and columns.names[t].casefold() == names[c]
            for t, c, metres in zip(town.tolist(), city.tolist(), away.tolist(), strict=True)
        ],
        dtype=bool,
    )
    in_shade = ~same & (away <= reach[city]) & (columns.people[town] < people[city])
    weight[town[in_shade]] *= _SHADE
    np.maximum.at(weight, town[same], people[city[same]])
    return weight
