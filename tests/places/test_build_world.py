"""The tool that packs the world, on a world of four squares and an island."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from convoylog.places import packing
from convoylog.places.world import World

TOOL = Path(__file__).parents[2] / "tools" / "build_world.py"
WEST, MIDDLE, EAST = 170.0, 175.0, 179.9
WHOLE = (-180.0, -90.0, 180.0, 90.0)


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_world", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def square(name: str, country: str, west: float, south: float, east: float, north: float) -> dict:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"name": name, "admin": country, "adm0_a3": country, "label": [west, south]},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def made() -> list[dict]:
    """Two states of one country, a third square of another that ends at the clip, an island."""
    return [
        square("Left", "AAA", WEST, 0.0, MIDDLE, 5.0),
        square("Right", "AAA", MIDDLE, 0.0, EAST, 5.0),
        square("Upper", "BBB", MIDDLE, 5.0, EAST, 9.0),
        square("Island", "BBB", 100.0, -3.0, 101.0, -2.0),
    ]


def world_of(tool: ModuleType, rows: list[dict]) -> World:
    return World(packing.write_file(tool.regions(rows)))


def corners(ring: np.ndarray) -> set[tuple[float, float]]:
    return {(round(x, 6), round(y, 6)) for x, y in ring.tolist()}


def test_regions_come_back_with_their_names_and_corners(tool: ModuleType) -> None:
    world = world_of(tool, made())
    assert ["Left", "Right", "Island", "Upper"] == [shape.name for shape in world.regions]
    for shape in world.regions:
        row = next(f for f in made() if f["properties"]["name"] == shape.name)
        (ring,) = shape.rings
        assert corners(np.array(row["geometry"]["coordinates"][0])) == corners(ring)


def test_a_border_between_states_countries_and_the_sea_is_packed_once(tool: ModuleType) -> None:
    world = world_of(tool, made())

    def ends(kind: str) -> list[set[tuple[float, float]]]:
        return [corners(line.points[[0, -1]]) for line in world.lines(kind, WHOLE)]

    assert [{(MIDDLE, 0.0), (MIDDLE, 5.0)}] == ends("state")
    assert [{(MIDDLE, 5.0), (EAST, 5.0)}] == ends("country")
    # the clip at 179.9° is no coast
    assert not any({(EAST, 0.0), (EAST, 5.0)} == pair for pair in ends("coast"))
    assert all(packing.KINDS[k] in ("coast", "country", "state", "unseen") for k in world.arc_kinds)
    total = sum(len(line.points) - 1 for k in ("coast", "state", "country")
                for line in world.lines(k, WHOLE))  # fmt: skip
    assert 4 * 4 - 2 - 2 == total  # sides, less two shared and two at the clip


def test_an_unseen_seam_inside_a_region_is_no_border(tool: ModuleType) -> None:
    halves = square("Halves", "AAA", 0.0, 0.0, 1.0, 1.0)
    other = square("Halves", "AAA", 1.0, 0.0, 2.0, 1.0)
    halves["geometry"] = {
        "type": "MultiPolygon",
        "coordinates": [halves["geometry"]["coordinates"], other["geometry"]["coordinates"]],
    }
    world = world_of(tool, [halves])
    assert [] == world.lines("state", WHOLE)
    for line in world.lines("coast", WHOLE):
        assert {(1.0, 0.0), (1.0, 1.0)} != corners(line.points)


def test_the_order_of_the_features_changes_no_byte(tool: ModuleType) -> None:
    assert tool.regions(made()) == tool.regions(made()[::-1])


def test_an_island_is_one_arc_wherever_its_ring_begins(tool: ModuleType) -> None:
    island = made()[3]
    (ring,) = island["geometry"]["coordinates"]
    turned = {**island, "geometry": {"type": "Polygon", "coordinates": [ring[2:] + ring[1:3]]}}
    assert tool.regions([island])["arcs"] == tool.regions([turned])["arcs"]


def test_a_region_too_small_for_the_grid_is_not_lost_in_silence(tool: ModuleType) -> None:
    with pytest.raises(AssertionError, match="Dot"):
        tool.regions([square("Dot", "AAA", 0.0, 0.0, 1e-5, 1e-5)])


@pytest.mark.parametrize("tolerance", [0.0, 3.0, 30.0])
def test_thinning_leaves_no_point_farther_than_the_tolerance(
    tool: ModuleType, tolerance: float
) -> None:
    rng = np.random.default_rng(2)
    line = [tuple(p) for p in np.cumsum(rng.integers(-9, 10, (200, 2)), axis=0).tolist()]
    kept = tool.simplified(line, tolerance, 1.0)
    assert (line[0], line[-1]) == (kept[0], kept[-1])
    a, b = np.array(kept[:-1], dtype=float), np.array(kept[1:], dtype=float)
    for point in line:
        along = b - a
        t = ((point - a) * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-9)
        away = np.hypot(*(a + np.clip(t, 0, 1)[:, None] * along - point).T).min()
        assert away <= tolerance + 1e-9


def test_the_tool_makes_the_same_layers_under_any_hash_seed(
    tool: ModuleType, tmp_path: Path
) -> None:
    line = {"type": "LineString", "coordinates": [[0, 0], [1, 1], [2, 0]]}
    named = {"name": "Some", "scalerank": 3}
    place = {"name": "Town", "adm0_a3": "AAA", "scalerank": 1, "min_zoom": 2.1, "pop_max": 7,
             "featurecla": "Populated place"}  # fmt: skip
    for name in ("lakes", "lakes_north_america", "lakes_europe"):
        write(tmp_path, f"ne_10m_{name}", [{**made()[0], "properties": named}])
    write(tmp_path, "ne_50m_urban_areas", [{**made()[0], "properties": named}])
    for name in ("rivers_lake_centerlines", "rivers_north_america", "rivers_europe",
                 "admin_0_boundary_lines_disputed_areas"):  # fmt: skip
        write(tmp_path, f"ne_10m_{name}", [{"properties": named, "geometry": line}])
    point = {"type": "Point", "coordinates": [5.5, 6.5]}
    write(
        tmp_path,
        "ne_10m_populated_places_simple",
        [{"properties": place, "geometry": point}],
    )
    write(tmp_path, "ne_10m_admin_1_states_provinces", made())
    code = (
        "import pathlib, runpy, sys\n"
        "tool, raw, out = runpy.run_path(sys.argv[1]), *map(pathlib.Path, sys.argv[2:])\n"
        "tool['write'](out, tool['world'](raw))"
    )
    results = []
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.bin"
        subprocess.run(
            [sys.executable, "-c", code, TOOL, tmp_path, out],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
        )
        results.append(out.read_bytes())
    assert results[0] == results[1]
    world = World(results[0])
    assert [("Some", 3)] * 3 == [(r.name, r.rank) for r in world.lines("river", WHOLE)]
    assert [("Town", 6.5, 5.5, 7)] == [
        (p.name, p.lat, p.lon, p.people) for p in world.places(WHOLE)
    ]
    assert [4] * 3 == [len(lake.rings[0]) for lake in world.areas("lake", WHOLE)]


def write(folder: Path, name: str, rows: list[dict]) -> None:
    with gzip.open(folder / f"{name}.geojson.gz", "wt", encoding="utf-8") as file:
        json.dump({"features": rows}, file)
