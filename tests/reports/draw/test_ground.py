"""Maps over 180° and around the world: no line and no land torn across them."""

from __future__ import annotations

import numpy as np
import pytest

from convoylog.model.tracks import Floats
from convoylog.places import world
from convoylog.reports.draw.ground import area, draw_ground
from convoylog.reports.draw.pieces import Piece, within_map
from convoylog.reports.draw.project import fit
from convoylog.reports.draw.view import View, view_around


def degrees(*places: tuple[float, float]) -> tuple[Floats, Floats]:
    """(lon, lat) of places given as (lat, lon)."""
    lat, lon = np.array(places, dtype=np.float64).T
    return lon, lat


def seen(view: View, kind: str) -> list[Floats]:
    return [line for s in draw_ground(view, ()) if s.kind == kind for line in s.lines]


def test_states_taken_as_one_have_no_border_between_them() -> None:
    packed = world.load_world()
    named = ("Colorado", "Utah", "Wyoming")
    states = [r for r in packed.regions if r.country_code == "US" and r.name in named]
    rings = [packed.ring(references) for references in packed.outline(states)]
    assert 1 == len(rings)
    assert sum(area(s.rings[0]) for s in states) == pytest.approx(area(rings[0]))


def test_the_outline_of_one_state_is_its_own_ring() -> None:
    packed = world.load_world()
    (hawaii,) = [r for r in packed.regions if r.name == "Hawaii"]
    together = sum(area(packed.ring(ring)) for ring in packed.outline([hawaii]))
    assert sum(area(ring) for ring in hawaii.rings) == pytest.approx(together)


def test_an_island_on_the_date_line_is_whole() -> None:
    # Taveuni lies on both sides of 180°
    view = view_around(*degrees((-16.6, 179.6), (-17.0, -179.8)), 400, 300)
    rings = [np.round(ring) for ring in seen(view, "land")]
    x = float(view.pixels(np.array([180.0]), np.array([-16.8]))[0, 0])
    touching = {
        side
        for ring in rings
        if np.abs(ring[:, 0] - x).min() <= 1
        for side in np.sign(ring[:, 0] - x)
        if side
    }
    assert {-1.0, 1.0} == touching


def test_no_shore_leaps_from_one_side_of_the_world_to_the_other() -> None:
    # the equator around the Pacific: the map begins and ends in Africa
    view = view_around(*degrees((1.0, 100.0), (-1.0, 180.0), (1.0, -80.0)), 500, 200)
    shores = seen(view, "shore")
    longest = max(float(np.abs(np.diff(line[:, 0])).max()) for line in shores)
    assert view.turn > 500
    assert longest < 100


def test_around_the_world_is_one_turn_wide_and_comes_in_where_it_goes_out() -> None:
    lon = np.arange(-179.5, 180.0)
    view = view_around(lon, np.full(len(lon), 20.0), 1000, 620, (0.45, 0.3))
    assert 1000 == pytest.approx(view.turn)
    time = np.arange(len(lon), dtype=np.float64)
    there = np.roll(lon, 90)
    pieces = within_map([Piece(time, np.full(len(lon), 20.0), there)], view.projection)
    assert [90, 270] == [len(piece) for piece in pieces]


@pytest.mark.parametrize(
    "places",
    [((40.0, -105.0), (47.0, -122.0)), ((84.0, 10.0), (86.0, 60.0)), ((-70.0, 0.0), (-80.0, 90.0))],
)
def test_a_cone_is_true_near_its_middle(places: tuple[tuple[float, float], ...]) -> None:
    lon, lat = degrees(*places)
    middle = (float(lon.mean()), float(lat.mean()))
    projection = fit(lon, lat)
    step = 0.01
    x, y = projection(
        np.array([middle[0], middle[0] + step, middle[0]]),
        np.array([middle[1], middle[1], middle[1] + step]),
    )
    north = np.hypot(x[2] - x[0], y[2] - y[0])
    east = np.hypot(x[1] - x[0], y[1] - y[0]) / np.cos(np.radians(middle[1]))
    # a shape stays the same shape, and a degree is 111 km within a few per cent
    assert north == pytest.approx(east, rel=2e-3)
    assert 1112 == pytest.approx(north, rel=0.04)


def is_land(view: View, lat: float, lon: float) -> bool:
    """Whether a place lies within an odd number of rings, as the map is filled."""
    x, y = view.pixels(np.array([lon]), np.array([lat]))[0]
    crossed = 0
    for ring in seen(view, "land"):
        a, b = ring, np.roll(ring, -1, axis=0)
        over = (a[:, 1] > y) != (b[:, 1] > y)
        at = a[over, 0] + (y - a[over, 1]) / (b[over, 1] - a[over, 1]) * (b - a)[over, 0]
        crossed += int((at > x).sum())
    return crossed % 2 == 1


def test_the_ice_around_the_pole_has_no_hole_and_no_slit_along_180() -> None:
    view = view_around(*degrees((-77.85, 166.67), (-84.0, 170.0), (-89.95, 0.0)), 400, 300)
    for lat, lon in (
        (-89.95, 90.0),
        (-89.7, -60.0),
        (-87.0, 179.5),
        (-87.0, -179.5),
        (-86.0, -178.9),
    ):
        assert is_land(view, lat, lon), (lat, lon)
    assert not is_land(view, -80.0, -170.0)  # the Ross Sea, without its shelf


def test_a_map_of_the_world_has_ice_from_edge_to_edge() -> None:
    lon = np.arange(-179.5, 180.0)
    view = view_around(lon, np.full(len(lon), 0.0), 1000, 620)
    assert [True] * 4 == [is_land(view, -79.0, at) for at in (-120.0, 0.0, 60.0, 120.0)]


def test_where_the_data_ends_is_no_border() -> None:
    # Taveuni and Vanua Levu, cut at 180°
    view = view_around(*degrees((-16.2, 179.5), (-17.0, -179.6)), 400, 300)
    x = float(view.pixels(np.array([180.0]), np.array([-16.8]))[0, 0])
    drawn = [line for kind in ("state", "country", "shore") for line in seen(view, kind)]
    assert drawn
    assert not [line for line in drawn if float(np.abs(line[:, 0] - x).max()) < 1]


def test_where_there_is_nothing_else_a_map_has_meridians_and_parallels() -> None:
    for places in (
        ((47.3769, 8.5417), (47.3771, 8.5431)),  # a car park
        ((-84.0, 170.0), (-89.9, 0.0)),
        ((52.0, 175.0), (53.0, -170.0)),
        ((0.0, -179.0), (0.0, 179.0)),
    ):
        view = view_around(*degrees(*places), 1000, 620)
        lines = seen(view, "graticule")
        assert 4 <= len(lines) <= 60
        both = np.concatenate(lines)
        left, top, right, bottom = view.frame
        assert (both >= (left - 1, top - 1)).all()
        assert (both <= (right + 1, bottom + 1)).all()


def test_a_shore_near_180_stays_where_it_is() -> None:
    # the eastern end of Vanua Levu: its bays reach to 179.89°, its cut halves meet at 180°
    view = view_around(*degrees((-16.9, 179.7), (-16.1, 179.95)), 600, 400)
    # with every vertex, none thinned away
    (land,) = (s for s in draw_ground(view, (), thin_px=0.01) if s.kind == "land")
    drawn = np.concatenate(land.lines)
    shore = [
        place
        for region in world.load_world().regions_in(view.box)
        for ring in region.rings
        for place in ring.tolist()
        if 179.85 < place[0] < 179.895 and -16.9 < place[1] < -16.1
    ]
    assert len(shore) > 5
    lon, lat = np.array(shore).T
    for place in view.pixels(lon, lat):
        # a pixel is some hundred metres here, the move to 180° would be ten kilometres
        assert np.hypot(*(drawn - place).T).min() < 0.5
