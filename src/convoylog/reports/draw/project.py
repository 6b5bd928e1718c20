"""From longitude and latitude to a flat map fitted to the trip.

A cone (Lambert's, conformal; at a pole it opens flat and is the stereographic map), and along the
equator or around the world a cylinder (Miller's). On a sphere: a map is looked at, not measured.
Source: Snyder, Map Projections, 1987.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convoylog.model.tracks import Floats

#: metres, the sphere of equal volume
RADIUS_M = 6_371_000.0
#: degrees: beyond this a cone closes in on itself, below it it opens into a cylinder
_POLAR, _TROPIC = 72.0, 8.0
#: degrees of longitude from which on a cone bends the far ends of a trip over the pole
_WIDE = 150.0
#: degrees: a pole is a point on its map, and on others infinitely far
_END = 89.9999
#: degrees: a trip without so much left open goes all the way round, and an atlas begins at 180°
_OPEN = 5.0


@dataclass(frozen=True, slots=True)
class Projection:
    """lon0: the meridian that stands upright, degrees. n, f, rho0: the cone's constants, rho0 in
    metres; n is 0 for the cylinder, which goes on at its other side, and ±1 for a pole."""

    lon0: float
    n: float = 0.0
    f: float = 1.0
    rho0: float = 0.0

    def __call__(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """x east and y north in metres, of degrees of any shape: each on the near side."""
        return self.unrolled(self.near(lon), lat)

    def near(self, lon: Floats) -> Floats:
        """Longitudes as degrees within 180 of the middle: a trip over 180° stays in one piece."""
        return np.asarray((np.asarray(lon) - self.lon0 + 540.0) % 360.0 - 180.0 + self.lon0)

    def along(self, lon: Floats, starts: NDArray[np.intp]) -> Floats:
        """The longitudes of lines one after another, each line in one piece from where it begins
        near the middle. starts: where each begins."""
        steps = np.unwrap(lon, period=360.0)
        shift = self.near(steps[starts]) - steps[starts]
        return np.asarray(steps + np.repeat(shift, np.diff(starts, append=len(lon))))

    def unrolled(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """x and y of longitudes as they are, also those beyond a whole turn."""
        x = np.radians(np.asarray(lon) - self.lon0)
        phi = np.radians(np.clip(lat, -_END, _END))
        if not self.n:
            return RADIUS_M * x, RADIUS_M * 1.25 * np.log(np.tan(np.pi / 4 + 0.4 * phi))
        rho = RADIUS_M * self.f / np.tan(np.pi / 4 + phi / 2) ** self.n
        return rho * np.sin(self.n * x), self.rho0 - rho * np.cos(self.n * x)

    @property
    def turn(self) -> float:
        """Metres after which the cylinder comes to where it was; 0 for a cone, which does not."""
        return 0.0 if self.n else 2 * np.pi * RADIUS_M


def fit(lon: Floats, lat: Floats) -> Projection:
    """The projection for some places, degrees; for none, one of the whole world."""
    if not len(lon):
        return Projection(0.0)
    lon0, across = arc_of(lon)
    south, north = float(lat.min()), float(lat.max())
    middle = (south + north) / 2
    if abs(middle) > _POLAR:
        return Projection(lon0, n=float(np.sign(middle)), f=2 * float(np.sign(middle)))
    if across > _WIDE or abs(middle) < _TROPIC or south * north < 0:
        return Projection(lon0)
    # standard parallels a sixth inside the trip keep the error small everywhere
    spread = max(north - south, 1.0)
    a, b = np.radians(south + spread / 6), np.radians(north - spread / 6)
    if abs(a - b) < 1e-6:
        n = np.sin(a)
    else:
        ta, tb = np.tan(np.pi / 4 + a / 2), np.tan(np.pi / 4 + b / 2)
        n = np.log(np.cos(a) / np.cos(b)) / np.log(tb / ta)
    f = np.cos(a) * np.tan(np.pi / 4 + a / 2) ** n / n
    rho0 = RADIUS_M * f / np.tan(np.pi / 4 + np.radians(middle) / 2) ** n
    return Projection(lon0, float(n), float(f), float(rho0))


def arc_of(lon: Floats) -> tuple[float, float]:
    """(middle, extent) in degrees of the shortest arc that holds all longitudes."""
    around = np.unique(lon % 360.0)
    gaps = np.diff(np.concatenate([around, [around[0] + 360.0]]))
    widest = int(gaps.argmax())
    if gaps[widest] < _OPEN:
        return 0.0, 360.0
    start = around[(widest + 1) % len(around)]
    across = 360.0 - float(gaps[widest])
    return float((start + across / 2 + 180.0) % 360.0 - 180.0), across
