"""The frame of a map: which metres of a projection are which pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats
from convoylog.places.world import Box
from convoylog.reports.draw.clip import Frame
from convoylog.reports.draw.project import Projection, arc_of, fit

#: how much of a map's width and height stays free around the trip
_MARGIN = 0.12
#: metres a map shows at least: a car park is no country
_LEAST_M = 4_000.0
#: metres across from which on provinces and their names are left out
_WIDEST_WITH_REGIONS_M = 7_000_000.0
#: degrees of latitude beyond which a map of the world shows only ice
_NO_LAND = 84.0
#: how far a map of the world goes on at its edges: enough to see where a way comes in again
_ROUND_BLEED = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """left, top: metres at the upper left corner. scale: pixels a metre. width, height: pixels.

    bleed: how far the ground is drawn beyond the edges, as shares of width and height. box: degrees
    that hold all of it.
    """

    projection: Projection
    left: float
    top: float
    scale: float
    width: int
    height: int
    box: Box
    bleed: tuple[float, float] = (0.0, 0.0)

    @property
    def frame(self) -> Frame:
        """What of the ground is drawn, in pixels."""
        x, y = self.bleed[0] * self.width + 2, self.bleed[1] * self.height + 2
        return (-x, -y, self.width + x, self.height + y)

    def pixels(self, lon: Floats, lat: Floats) -> Floats:
        """(n, 2) pixels of n places in degrees."""
        return self.flat(self.projection.near(lon), lat)

    def lines(self, lon: Floats, lat: Floats, starts: NDArray[np.intp]) -> Floats:
        """(n, 2) pixels of lines one after another, none torn where the map begins again.

        starts: where each line begins.
        """
        return self.flat(self.projection.along(lon, starts), lat)

    def flat(self, lon: Floats, lat: Floats) -> Floats:
        """(n, 2) pixels of longitudes as they are, also those beyond a whole turn."""
        x, y = self.projection.unrolled(lon, lat)
        return np.stack([(x - self.left) * self.scale, (self.top - y) * self.scale], axis=-1)

    @property
    def turn(self) -> float:
        """Pixels after which the map shows the same again; 0 where it never does."""
        return self.projection.turn * self.scale

    @property
    def names_regions(self) -> bool:
        """Whether provinces are shown: on a map of half the world they are only noise."""
        return self.metres_wide < _WIDEST_WITH_REGIONS_M

    @property
    def metres_wide(self) -> float:
        return self.width / self.scale


def view_around(
    lon: Floats,
    lat: Floats,
    width: int,
    height: int,
    bleed: tuple[float, float] = (0.0, 0.0),
    within: View | None = None,
    above: int = 0,
    aside: int = 0,
) -> View:
    """The view that holds some places, degrees, with land around them.

    within: a larger view whose projection it takes, to lie in it. above, aside: pixels at
    the top and at the left that something else covers.
    """
    projection = within.projection if within else fit(lon, lat)
    x, y = projection(lon, lat)
    inner = 1 - 2 * _MARGIN
    free = ((width - aside) * inner, (height - above) * inner)
    spread = max(float(np.ptp(x)) / free[0], float(np.ptp(y)) / free[1])
    cx, cy = float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2
    if projection.turn and spread * width > projection.turn:
        # around the world: one turn is enough, and nobody looks beyond the poles
        spread = max(projection.turn / width, float(np.ptp(y)) / free[1])
        ends = projection(np.zeros(2), np.array([-_NO_LAND, _NO_LAND]))[1]
        room = spread * (height + above) / 2
        cy = float(np.clip(cy, min(ends[0] + room, 0), max(ends[1] - room, 0)))
        bleed = (min(bleed[0], _ROUND_BLEED), min(bleed[1], _ROUND_BLEED))
    scale = 1 / max(spread, _LEAST_M / min(width, height))
    left, top = cx - (width + aside) / 2 / scale, cy + (height + above) / 2 / scale
    across, down = (1 + 2 * bleed[0]) / scale, (1 + 2 * bleed[1]) / scale
    box = _box(lon, lat, (width + aside) * across, (height + above) * down)
    return View(projection, left, top, scale, width, height, box, bleed)


def _box(lon: Floats, lat: Floats, wide_m: float, high_m: float) -> Box:
    """A box in degrees that holds the whole map, its corners too."""
    reach = np.hypot(wide_m, high_m) / 2 / 111_000 * 1.15
    middle = (float(lat.min()) + float(lat.max())) / 2
    south, north = max(middle - reach, -90.0), min(middle + reach, 90.0)
    widest = max(abs(south), abs(north))
    across = reach / max(np.cos(np.radians(min(widest, 89.0))), 0.02)
    if across >= 179:
        return (-180.0, south, 180.0, north)
    lon0, _ = arc_of(lon)
    return ((lon0 - across + 540) % 360 - 180, south, (lon0 + across + 540) % 360 - 180, north)
