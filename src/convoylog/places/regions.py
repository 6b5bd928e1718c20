"""Which state, which country: the regions of the packed world, or of any GeoJSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from convoylog.errors import BadInput
from convoylog.model.borders import Region
from convoylog.model.tracks import Floats, Ints
from convoylog.places import packing
from convoylog.places.edges import Bools
from convoylog.places.outlines import Outlines
from convoylog.places.world import load_world

#: metres: the layer is generalised, so a harbour may lie outside of every polygon
NEAR_M = 2000.0
#: metres to which the packed borders are right: the threshold they were simplified with
SCALE_M = 1000.0
#: degrees: the source is clipped at ±179.9 and -89.9; what lies beyond is asked just inside
_EAST_END, _SOUTH_END = 179.9 - packing.REGION_UNIT / 2, -89.9 + packing.REGION_UNIT / 2
#: a file with more is no map of regions, or made to exhaust memory
_MOST_POINTS = 5_000_000
#: properties that name a region, a country and their codes; small letters, in the order asked
_NAMES = ("name", "name_en", "region", "admin", "title", "id")
_CODES = ("iso_3166_2", "code", "region_code", "iso", "id")
_COUNTRIES = ("country", "admin", "sovereignt")
_COUNTRY_CODES = ("country_code", "iso_a2", "iso_3166_1")


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """A set of regions. all: by number. source: what they are from, in words.

    scale_m: metres its borders are right to, None if unknown.
    """

    all: tuple[Region, ...]
    outlines: Outlines
    source: str = ""
    scale_m: float | None = None

    def at(self, number: int) -> Region | None:
        """The region of a number; None for -1."""
        return self.all[number] if number >= 0 else None

    def numbers(self, lat: Floats, lon: Floats) -> Ints:
        """See `Outlines.numbers`."""
        return self.outlines.numbers(lat, lon)

    def clear_of(self, before: int, after: int, lat: Floats, lon: Floats, metres: float) -> Bools:
        """See `Outlines.clear_of`."""
        return self.outlines.clear_of(before, after, lat, lon, metres)

    def cuts(self, lat: Floats, lon: Floats) -> Floats:
        """See `Outlines.cuts`."""
        return self.outlines.cuts(lat, lon)


@cache
def packed() -> Regions:
    """The regions in the package."""
    world = load_world()
    lines, rows = world.region_arcs
    outlines = Outlines(
        world.arc_points,
        world.arc_starts,
        lines,
        rows,
        near_m=NEAR_M,
        ends=(-_EAST_END, _SOUTH_END, _EAST_END, 90.0),
    )
    texts = tuple(Region(*row[:5]) for row in world.region_texts)
    return Regions(texts, outlines, "Natural Earth", SCALE_M)


def all_regions() -> tuple[Region, ...]:
    """Every region of the package, by its number."""
    return packed().all


def region_at(lat: float, lon: float) -> Region | None:
    """The region of a place; the nearest within 2 km if it lies in none, else None."""
    return packed().at(int(regions_along(np.array([lat]), np.array([lon]))[0]))


def regions_along(lat: Floats, lon: Floats) -> Ints:
    """Number of the region of each of n places, -1 where there is none within 2 km.

    lat, lon: degrees WGS84, within ±90 and ±180; -1 for what is not, or not finite.
    """
    return packed().outlines.numbers(lat, lon)


def from_geojson(document: object, source: str = "") -> Regions:
    """Regions of parsed GeoJSON, numbered as they stand in it. source: what it is called.

    Features need a Polygon or MultiPolygon and a name (`name`); `iso_3166_2`, `country` and
    `country_code` are read too. Others are passed over. Edges are straight in longitude and
    latitude (RFC 7946). Raises BadInput where no region is left, or a ring is broken.
    """
    features = document.get("features") if isinstance(document, dict) else None
    if isinstance(document, dict) and document.get("type") == "Feature":
        features = [document]
    if not isinstance(features, list):
        raise BadInput("no GeoJSON with features")
    found: list[Region] = []
    rings: list[Floats] = []
    rows = [0]
    points = 0
    for place, feature in enumerate(features, 1):
        words = _words(feature)
        name = _first(words, _NAMES)
        lines = list(_rings(feature, place)) if name else []
        if not lines:
            continue
        points += sum(map(len, lines))
        if points > _MOST_POINTS:
            raise BadInput(f"more than {_MOST_POINTS:,} points")
        country, code = _first(words, _COUNTRIES), _first(words, _COUNTRY_CODES)
        found.append(Region(code[:2].upper(), country, _first(words, _CODES), name))
        rings += lines
        rows.append(len(rings))
    if not found:
        raise BadInput("no feature with a name and a polygon")
    starts = np.concatenate([[0], np.cumsum([len(ring) for ring in rings])])
    numbers = np.arange(len(rings))
    outlines = Outlines(np.concatenate(rings), starts, numbers, np.array(rows))
    return Regions(tuple(found), outlines, source)


def _words(feature: object) -> dict[str, str]:
    """What a feature says of itself, by small letters."""
    if not isinstance(feature, dict):
        return {}
    said = feature.get("properties")
    words = {
        str(key).lower(): " ".join(str(value).split())[:200]
        for key, value in (said.items() if isinstance(said, dict) else ())
        if isinstance(value, str | int)
    }
    if isinstance(feature.get("id"), str | int):
        words.setdefault("id", str(feature["id"])[:200])
    return words


def _first(words: dict[str, str], names: tuple[str, ...]) -> str:
    return next((words[name] for name in names if words.get(name)), "")


def _rings(feature: object, place: int) -> Iterator[Floats]:
    """Closed rings of a feature's polygons, (n, 2) longitude and latitude."""
    shape = feature.get("geometry") if isinstance(feature, dict) else None
    kind = shape.get("type") if isinstance(shape, dict) else None
    polygons = shape.get("coordinates") if isinstance(shape, dict) else None
    if kind == "Polygon":
        polygons = [polygons]
    elif kind != "MultiPolygon":
        return
    for polygon in polygons if isinstance(polygons, list) else ():
        for ring in polygon if isinstance(polygon, list) else ():
            yield _ring(ring, place)


def _ring(ring: object, place: int) -> Floats:
    broken = BadInput(f"feature {place}: a ring that is none")
    if not isinstance(ring, list) or len(ring) < 3:
        raise broken
    rows = []
    for point in ring:
        if not isinstance(point, list) or len(point) < 2:
            raise broken
        x, y = point[0], point[1]
        if not (_is_number(x) and _is_number(y) and abs(x) <= 180 and abs(y) <= 90):
            raise BadInput(f"feature {place}: a corner that is no longitude and latitude")
        rows.append((float(x), float(y)))
    if rows[0] != rows[-1]:
        rows.append(rows[0])
    return np.array(rows, dtype=np.float64)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
