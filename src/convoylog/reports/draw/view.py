"""The frame of a map: which metres of a projection are which pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convoylog.model.tracks import Floats
from convoylog.places.world import Box
from convoylog.reports.draw.clip import Frame
from convoylog.reports.draw.project import Projection, fit, middle_longitude

#: how much of a map's width and height stays free around the trip
_MARGIN = 0.12
#: metres a map shows at least: a car park is no country
_LEAST_M = 4_000.0


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
        x, y = self.projection(lon, lat)
        return np.stack([(x - self.left) * self.scale, (self.top - y) * self.scale], axis=-1)

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
) -> View:
    """The view that holds some places, degrees, with land around them.

    within: a larger view whose projection it takes, to lie in it. above: pixels at the top that
    something else covers.
    """
    projection = within.projection if within else fit(lon, lat)
    x, y = projection(lon, lat)
    free = (width * (1 - 2 * _MARGIN), (height - above) * (1 - 2 * _MARGIN))
    spread = max(float(np.ptp(x)) / free[0], float(np.ptp(y)) / free[1])
    scale = 1 / max(spread, _LEAST_M / min(width, height))
    cx, cy = float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2
    left, top = cx - width / 2 / scale, cy + (height + above) / 2 / scale
    across, down = (1 + 2 * bleed[0]) / scale, (1 + 2 * bleed[1]) / scale
    box = _box(lon, lat, width * across, height * down)
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
    lon0 = middle_longitude(lon)
    return ((lon0 - across + 540) % 360 - 180, south, (lon0 + across + 540) % 360 - 180, north)
