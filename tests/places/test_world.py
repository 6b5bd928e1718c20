from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from convoylog.places.world import RegionShape, World, load_world, touches

#: bytes of each packed file: the program is downloaded over motel networks
_MOST_BYTES = 2_500_000


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


def _region(world: World, code: str) -> RegionShape:
    return next(shape for shape in world.regions if shape.code == code)


@pytest.mark.parametrize("name", ["world.bin", "towns.bin"])
def test_the_packed_files_stay_small(name: str) -> None:
    assert _MOST_BYTES >= len(files("convoylog.places").joinpath(name).read_bytes())


@pytest.mark.parametrize(
    "source", ["world.bin", "towns.bin", "Natural Earth", "GeoNames", "CC BY 4.0", "tzfpy",
               "OpenStreetMap", "Open Database License"],
)  # fmt: skip
def test_the_licences_name_every_source(source: str) -> None:
    assert source in files("convoylog.places").joinpath("LICENSES.md").read_text("utf-8")


def test_colorado_ends_in_the_south_on_a_straight_37() -> None:
    (ring,) = _region(load_world(), "US-CO").rings
    south = ring[ring[:, 1] < 37.1]
    assert [37.0] == np.unique(south[:, 1]).tolist()
    assert (-109.05, -102.04) == pytest.approx((south[:, 0].min(), south[:, 0].max()), abs=0.01)


def test_neighbours_share_the_very_same_border(world: World) -> None:
    kansas, colorado = _region(world, "US-KS"), _region(world, "US-CO")
    shared = {r >> 1 for ring in kansas.arcs for r in ring} & {
        r >> 1 for ring in colorado.arcs for r in ring
    }
    assert shared
    for number in shared:
        border = {tuple(point) for point in world.arc(number).tolist()}
        for shape in (kansas, colorado):
            assert border <= {tuple(point) for ring in shape.rings for point in ring.tolist()}


def test_each_arc_of_a_ring_ends_where_the_next_begins(world: World) -> None:
    for code in ("US-CO", "US-KS", "NO-03", "AU-NSW"):
        for references in _region(world, code).arcs:
            ends = [world.arc(r >> 1)[:: -1 if r & 1 else 1][[0, -1]] for r in references]
            for this, following in zip(ends, ends[1:] + ends[:1], strict=True):
                assert this[1].tolist() == following[0].tolist()


def test_a_region_lies_in_its_box(world: World) -> None:
    colorado = _region(world, "US-CO")
    points = np.concatenate(colorado.rings)
    assert colorado.box == pytest.approx((*points.min(axis=0), *points.max(axis=0)))
    assert ("US", "Colorado", "CO") == (colorado.country_code, colorado.name, colorado.postal)


def test_regions_in_a_box_are_those_that_touch_it(world: World) -> None:
    # the corner of four states
    corner = (-109.06, 36.98, -109.03, 37.01)
    assert {"US-AZ", "US-CO", "US-NM", "US-UT"} == {s.code for s in world.regions_in(corner)}


def test_a_box_across_180_sees_both_sides_and_no_more(world: World) -> None:
    fiji = (177.0, -20.0, -178.0, -15.0)
    seen = np.concatenate([line.points for line in world.lines("coast", fiji)])
    assert (seen[:, 0] > 177).any()
    assert (seen[:, 0] < -178).any()
    # the known-wrong variant takes west > east for all the world between
    assert not (np.abs(seen[:, 0]) < 90).any()
    assert [False, True, True] == touches(
        np.array([[0.0, -18, 10, -16], [178, -18, 179, -16], [-180, -18, -179, -16]]), fiji
    ).tolist()


@pytest.mark.parametrize("kind", ["coast", "country", "state", "river"])
def test_lines_of_a_box_touch_it(world: World, kind: str) -> None:
    box = (-125.0, 25.0, -65.0, 50.0)
    lines = world.lines(kind, box)
    assert lines
    for line in lines:
        west, south = line.points.min(axis=0)
        east, north = line.points.max(axis=0)
        assert [True] == touches(np.array([[west, south, east, north]]), box).tolist()


def test_the_great_lakes_are_there_by_name(world: World) -> None:
    names = {lake.name for lake in world.areas("lake", (-93.0, 41.0, -76.0, 49.0))}
    assert {"Lake Superior", "Lake Michigan", "Lake Huron", "Lake Erie", "Lake Ontario"} <= names


def test_denver_is_built_up_and_the_open_sea_is_empty(world: World) -> None:
    assert world.areas("urban", (-105.1, 39.6, -104.9, 39.8))
    sea = (-121.0, -41.0, -119.0, -39.0)
    assert [] == world.areas("urban", sea)
    assert [] == world.lines("coast", sea)
    assert [] == world.regions_in(sea)


def test_there_is_one_world() -> None:
    assert load_world() is load_world()
