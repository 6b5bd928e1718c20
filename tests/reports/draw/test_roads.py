"""Roads on the ground of a map: what is drawn, and what gives way."""

from __future__ import annotations

import numpy as np

from convoylog.places.layers import pack_roads, unpack_roads
from convoylog.reports.draw.ground import draw_ground
from convoylog.reports.draw.view import view_around


def _winding(lat: float, points: int) -> np.ndarray:
    lon = np.linspace(-107, -103, points)
    return np.stack([lon, lat + 0.05 * (np.arange(points) % 2)], axis=1)


def test_roads_give_way_by_rank_and_push_nothing_off() -> None:
    view = view_around(np.array([-106.0, -104.0]), np.array([39.0, 40.5]), 1000, 620)
    lines = [_winding(39.0, 3000), _winding(39.6, 3000), _winding(40.2, 9000)]
    roads = unpack_roads(pack_roads(lines, [9, 2, 5], "test")).world
    bare = {shape.kind: shape for shape in draw_ground(view, ())}
    full = {shape.kind: shape for shape in draw_ground(view, (), roads=roads)}
    assert "road" not in bare
    assert set(full) == {*bare, "road"}
    for kind, shape in bare.items():
        assert sum(map(len, shape.lines)) == sum(map(len, full[kind].lines)), kind
    # the most important one is there, and the least important has no room
    middles = {round(float(np.mean(line[:, 1]))) for line in full["road"].lines}
    y = {
        rank: float(view.pixels(np.array([-105.0]), np.array([lat]))[0][1])
        for rank, lat in ((2, 39.625), (9, 39.025))
    }
    assert any(abs(m - y[2]) < 20 for m in middles)
    assert not any(abs(m - y[9]) < 20 for m in middles)
