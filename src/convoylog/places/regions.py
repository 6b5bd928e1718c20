"""Which state, which country. Edges are straight in longitude and latitude, as the data means them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from convoylog import geo
from convoylog.model.tracks import Floats, Ints
from convoylog.places.world import RegionShape, load_world, touches

#: metres: the layer is generalised, so a harbour may lie outside of every polygon
NEAR_M = 2000.0
#: degrees of a cell: most cells lie in one region whole, and are asked once
_CELL = 0.1


@dataclass(frozen=True, slots=True)
class Region:
    """A state or province. code: ISO 3166-2 or "". postal: short form (CO) or ""."""

    country_code: str
    country: str
    code: str
    name: str
    postal: str = ""


@cache
def all_regions() -> tuple[Region, ...]:
    """Every region, by its number."""
    return tuple(
        Region(s.country_code, s.country, s.code, s.name, s.postal) for s in load_world().regions
    )


def region_at(lat: float, lon: float) -> Region | None:
    """The region of a place; the nearest within 2 km if it lies in none, else None."""
    number = int(regions_along(np.array([lat]), np.array([lon]))[0])
    return all_regions()[number] if number >= 0 else None


def regions_along(lat: Floats, lon: Floats) -> Ints:
    """Number of the region of each of n places, -1 where there is none within 2 km."""
    result = np.full(len(lat), -1, dtype=np.int64)
    known = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
    if not len(known):
        return result
    column = np.floor(lon[known] / _CELL).astype(np.int64)
    row = np.floor(lat[known] / _CELL).astype(np.int64)
    cells, which = np.unique(np.stack([column, row], axis=1), axis=0, return_inverse=True)
    which = which.reshape(-1)
    order = np.argsort(which, kind="stable")
    starts = np.searchsorted(which[order], np.arange(len(cells) + 1))
    world = load_world()
    for n, (x, y) in enumerate(cells):
        members = known[order[starts[n] : starts[n + 1]]]
        west, south = float(x) * _CELL, float(y) * _CELL
        box = (west, south, west + _CELL, south + _CELL)
        near = [int(i) for i in np.flatnonzero(touches(world.region_boxes, box))]
        edges = {i: _edges_in(world.regions[i], box) for i in near}
        crossed = [i for i in near if edges[i]]
        if not crossed:
            middle = (south + _CELL / 2, west + _CELL / 2)
            result[members] = next((i for i in near if _inside(world.regions[i], *middle)), -1)
            continue
        whole = [i for i in near if not edges[i]]
        for i in (*crossed, *whole):
            waiting = members[result[members] < 0]
            if len(waiting):
                inside = _inside_many(world.regions[i], lat[waiting], lon[waiting])
                result[waiting[inside]] = i
    for place in known[result[known] < 0]:
        result[place] = _nearest(float(lat[place]), float(lon[place]))
    return result


@cache
def _segments(index: int) -> tuple[Floats, Floats]:
    """All edges of a region: starts and ends, each (n, 2) longitude and latitude."""
    rings = load_world().regions[index].rings
    return np.concatenate(rings), np.concatenate([np.roll(ring, -1, axis=0) for ring in rings])


def _edges_in(shape: RegionShape, box: tuple[float, float, float, float]) -> bool:
    """Whether an edge's bounds touch the box: then the cell may be in two regions."""
    a, b = _segments(shape.index)
    west, south, east, north = box
    return bool(
        (
            (np.minimum(a[:, 0], b[:, 0]) <= east)
            & (np.maximum(a[:, 0], b[:, 0]) >= west)
            & (np.minimum(a[:, 1], b[:, 1]) <= north)
            & (np.maximum(a[:, 1], b[:, 1]) >= south)
        ).any()
    )


def _inside(shape: RegionShape, lat: float, lon: float) -> bool:
    return bool(_inside_many(shape, np.array([lat]), np.array([lon]))[0])


def _inside_many(shape: RegionShape, lat: Floats, lon: Floats) -> NDArray[np.bool_]:
    """Even-odd rule, a ray to the east. Only edges beside the places are looked at."""
    a, b = _segments(shape.index)
    low, high = np.minimum(a[:, 1], b[:, 1]), np.maximum(a[:, 1], b[:, 1])
    beside = (high >= lat.min()) & (low <= lat.max()) & (np.maximum(a[:, 0], b[:, 0]) >= lon.min())
    a, b = a[beside], b[beside]
    inside = np.zeros(len(lat), dtype=bool)
    # in slices, so that places × edges stays below a few million
    step = max(1, 2_000_000 // max(len(a), 1))
    for start in range(0, len(lat), step):
        y, x = lat[start : start + step, None], lon[start : start + step, None]
        spans = (a[:, 1] > y) != (b[:, 1] > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            cut = a[:, 0] + (y - a[:, 1]) * (b[:, 0] - a[:, 0]) / (b[:, 1] - a[:, 1])
        inside[start : start + step] = (spans & (x < cut)).sum(axis=1) % 2 == 1
    return inside


def _nearest(lat: float, lon: float) -> int:
    """The region whose border lies nearest within 2 km, else -1."""
    reach_lat = NEAR_M / 110_000
    reach_lon = min(reach_lat / max(np.cos(np.radians(lat)), 0.01), 180.0)
    box = (lon - reach_lon, lat - reach_lat, lon + reach_lon, lat + reach_lat)
    world = load_world()
    best, number = NEAR_M, -1
    for i in _indices(touches(world.region_boxes, box)):
        a, b = _segments(i)
        scale = np.array([np.cos(np.radians(lat)), 1.0])
        here = np.array([lon, lat])
        start, along = (a - here) * scale, (b - a) * scale
        length2 = (along**2).sum(axis=1)
        t = np.clip(-(start * along).sum(axis=1) / np.where(length2, length2, 1), 0, 1)
        foot = start + t[:, None] * along
        nearest = int((foot**2).sum(axis=1).argmin())
        place = here + foot[nearest] / scale
        away = geo.distance_m(lat, lon, float(np.clip(place[1], -90, 90)), float(place[0]))
        if away < best:
            best, number = away, i
    return number


def _indices(mask: NDArray[np.bool_]) -> Iterable[int]:
    return (int(i) for i in np.flatnonzero(mask))
