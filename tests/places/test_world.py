from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from convoylog.places.world import AREAS, BORDERS, LINES, RegionShape, World, load_world, touches

#: bytes of the packed files: the program is downloaded over motel networks
_MOST_BYTES = {"world.bin": 2_500_000, "towns.bin": 2_100_000}
_WHOLE = (-180.0, -90.0, 180.0, 90.0)


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


def _region(world: World, code: str) -> RegionShape:
    return next(shape for shape in world.regions if shape.code == code)


@pytest.mark.parametrize("name", ["world.bin", "towns.bin"])
def test_the_packed_files_stay_small(name: str) -> None:
    assert _MOST_BYTES[name] >= len(files("convoylog.places").joinpath(name).read_bytes())


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


def _area_km2(ring: np.ndarray) -> float:
    """On a sphere of the same surface; right to some percent, enough to know a state by."""
    x, y = np.radians(ring).T
    return 6371.0**2 * abs(float((np.roll(x, -1) - x) @ (np.sin(np.roll(y, -1)) + np.sin(y))) / 2)


def test_colorado_has_the_area_it_has(world: World) -> None:
    assert 269_601 == pytest.approx(sum(map(_area_km2, _region(world, "US-CO").rings)), rel=0.01)


def test_every_region_has_a_name_a_country_and_rings_that_are_no_lines(world: World) -> None:
    for shape in world.regions:
        assert shape.name
        assert shape.country
        assert shape.country_code
        assert min(map(len, shape.rings)) >= 3


def test_rings_are_closed_by_their_arcs_and_do_not_repeat_a_point(world: World) -> None:
    for shape in world.regions:
        for references in shape.arcs:
            ends = [world.arc(r >> 1)[[-1, 0] if r & 1 else [0, -1]] for r in references]
            for (_, end), (begin, _) in zip(ends, [*ends[1:], ends[0]], strict=True):
                assert end.tolist() == begin.tolist()


def test_no_ring_repeats_a_point_in_a_row(world: World) -> None:
    steps = [np.abs(ring - np.roll(ring, 1, axis=0)).sum(axis=1).min()
             for shape in world.regions for ring in shape.rings]  # fmt: skip
    assert min(steps) > 0


def test_an_arc_belongs_to_one_region_or_two_as_its_kind_says(world: World) -> None:
    arcs, _ = world.region_arcs
    uses = np.bincount(arcs, minlength=len(world.arc_kinds))
    assert {1} == set(uses[world.arc_kinds == BORDERS.index("coast")].tolist())
    # on the grid, slivers of a few metres may close
    assert uses[world.arc_kinds == BORDERS.index("state")].min() == 2
    assert uses[world.arc_kinds == BORDERS.index("country")].min() == 2


def test_lines_of_three_kinds_are_all_arcs_of_a_box(world: World) -> None:
    box = (5.0, 45.0, 12.0, 48.0)
    assert len(world.arcs(box)) == sum(len(world.lines(kind, box)) for kind in BORDERS)
    assert world.lines("country", box)
    assert not world.lines("coast", (7.0, 46.0, 9.0, 47.0))


def test_where_the_data_ends_no_line_is_drawn(world: World) -> None:
    # the clip through Chukotka at 179.9° is no shore
    for points, _ in world.arcs(_WHOLE):
        assert not (np.abs(points[:, 0]) > 179.8999).all()
        assert not (points[:, 1] < -89.8999).all()
    assert world.arcs((179.0, 60.0, -179.0, 72.0))


@pytest.mark.parametrize("kind", LINES)
def test_every_line_has_two_points_within_the_world(world: World, kind: str) -> None:
    for line in world.lines(kind, _WHOLE):
        assert len(line.points) >= 2
        assert np.abs(line.points).max() <= 180
        assert 0 <= line.rank <= 12


@pytest.mark.parametrize("kind", AREAS)
def test_rings_of_areas_do_not_repeat_their_first_point(world: World, kind: str) -> None:
    for area in world.areas(kind, _WHOLE):
        for ring in area.rings:
            assert len(ring) >= 3
            assert ring[0].tolist() != ring[-1].tolist()


def test_known_waters_are_there(world: World) -> None:
    assert "Arkansas" in {line.name for line in world.lines("river", (-106, 37, -100, 39))}
    great = {area.name for area in world.areas("lake", (-90, 44, -80, 48))}
    assert {"Lake Superior", "Lake Huron"} <= great
    # ranks of 10 and more come from the regional supplements: a map of one day needs them
    assert {10, 11, 12} <= {line.rank for line in world.lines("river", (-110, 35, -100, 41))}


def test_a_lake_comes_whole_with_its_islands_though_the_box_touches_a_corner(world: World) -> None:
    (manitoulin,) = [
        a for a in world.areas("lake", (-82.5, 45.6, -82.0, 45.9)) if "Huron" in a.name
    ]
    (corner,) = [a for a in world.areas("lake", (-82.5, 43.0, -82.3, 43.1)) if "Huron" in a.name]
    assert len(manitoulin.rings) == len(corner.rings) > 1


def test_denver_is_a_place_and_important_ones_come_first(world: World) -> None:
    places = world.places((-109.05, 37.0, -102.05, 41.0))
    assert "Denver" == places[0].name
    assert (39.74, -104.98) == pytest.approx((places[0].lat, places[0].lon), abs=0.02)
    assert sorted(p.min_zoom for p in places) == [p.min_zoom for p in places]
    (oslo,) = [p for p in world.places((10, 59, 11, 60.2)) if p.name == "Oslo"]
    assert oslo.capital
    assert not places[0].capital


def test_unknown_kinds_are_refused(world: World) -> None:
    with pytest.raises(ValueError, match="roads"):
        world.lines("roads", _WHOLE)
    with pytest.raises(ValueError, match="coast"):
        world.areas("coast", _WHOLE)
    assert world.areas("region", (-105, 39, -104.9, 39.1))[0].name == "Colorado"
