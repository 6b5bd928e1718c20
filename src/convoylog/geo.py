"""Metres and bearings on the WGS84 ellipsoid, on whole columns.

Degrees in, metres out. Longitudes may be wrapped or not: differences are taken the short way round.
Source: Karney 2013 (geographiclib) for anything far; for neighbours the radii of curvature.
"""

from __future__ import annotations

import math

import numpy as np
from geographiclib.geodesic import Geodesic
from numpy.typing import ArrayLike, NDArray

from convoylog.model.tracks import Floats

#: semi-major axis in metres and first eccentricity squared of WGS84
A = 6378137.0
E2 = 0.0066943799901413165
#: above this many metres the local formula errs by more than 8e-7, so the geodesic is taken
FAR_M = 10_000.0
#: points looked at in one go: 128 kB a column; one flat map of hours of driving errs by per cents
_BAND = 16_384
#: six Chebyshev nodes, and what makes a polynomial through them: over bands of up to 2 degrees of
#: latitude it is right to 1e-15 of a degree's length at the equator
_FLAT_DEG, _NODES = 1.0, np.cos(np.pi * (np.arange(6) + 0.5) / 6)
_FIT = np.linalg.inv(np.vander(_NODES))


def near_m(lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike) -> Floats:
    """Metres between neighbours: right to 1e-9 at 1 km, 8e-7 at 10 km; far away only "far".

    Arrays that broadcast, degrees. NaN in, NaN out.
    """
    y1, x1, y2, x2 = (np.asarray(v, dtype=np.float64) for v in (lat1, lon1, lat2, lon2))
    across = x2 - x1
    if np.abs(across).max(initial=0.0) > 180.0:
        across = np.remainder(across + 180.0, 360.0) - 180.0
    cos = np.cos((y1 + y2) * (math.pi / 360.0))  # of the latitude in the middle
    w2 = 1.0 - E2 * (1.0 - cos * cos)
    w = np.sqrt(w2)
    north = (y2 - y1) * (math.radians(A * (1.0 - E2)) / (w2 * w))
    east = across * (math.radians(A) / w) * cos
    return np.asarray(np.sqrt(north * north + east * east), dtype=np.float64)


def apart_m(lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike) -> Floats:
    """Metres between pairs of places: neighbours by `near_m`, beyond 10 km the geodesic.

    Arrays that broadcast, degrees. NaN in, NaN out.
    """
    metres = np.array(near_m(lat1, lon1, lat2, lon2), ndmin=1)
    far = np.flatnonzero(metres > FAR_M)
    if len(far):
        sides = np.broadcast_arrays(*(np.atleast_1d(v) for v in (lat1, lon1, lat2, lon2)))
        ends = np.stack([np.asarray(side, dtype=np.float64).ravel()[far] for side in sides], axis=1)
        flat = metres.ravel()
        flat[far] = _geodesics_m(ends)
        metres = flat.reshape(metres.shape)
    return metres


def flat_scale(*lat: Floats) -> tuple[float, float, float]:
    """Metres a degree to the north and to the east in a band of latitudes, and how wrong they may be.

    lat: columns, not all empty. Any `near_m` within the band is right to the third value, a share,
    when worked out flat: comparing squares costs a tenth of it, and decides nearly all.
    """
    ends = [float(end) for column in lat if len(column) for end in (column.min(), column.max())]
    south, north = min(ends), max(ends)
    far = max(abs(south), abs(north))
    near = 0.0 if south <= 0.0 <= north else min(abs(south), abs(north))
    (n1, e1), (n2, e2) = _degree_m(near), _degree_m(far)
    per_north, per_east = (n1 + n2) / 2.0, (e1 + e2) / 2.0
    # a billionth for what is rounded on the way
    share = max((n2 - n1) / (2.0 * per_north), (e1 - e2) / (2.0 * per_east)) + 1e-9
    return per_north, per_east, min(share, 1.0 - 1e-9)


def _degree_m(lat: float) -> tuple[float, float]:
    """Metres a degree to the north and to the east at a latitude."""
    middle = math.radians(lat)
    w2 = 1.0 - E2 * math.sin(middle) ** 2
    w = math.sqrt(w2)
    east = max(math.cos(middle), 1e-12) * A / w
    return math.radians(A * (1.0 - E2) / (w2 * w)), math.radians(east)


def nearer(
    lat1: Floats, lon1: Floats, lat2: Floats, lon2: Floats, metres: float
) -> NDArray[np.bool_]:
    """Whether `near_m` of each pair is below some metres, asked only where a flat map cannot tell.

    lon1, lon2: unwrapped together.
    """
    result = np.zeros(len(lat1), dtype=np.bool_)
    for start in range(0, len(lat1), _BAND):
        part = slice(start, start + _BAND)
        y1, x1, y2, x2 = lat1[part], lon1[part], lat2[part], lon2[part]
        per_north, per_east, share = flat_scale(y1, y2)
        flat, east = y2 - y1, x2 - x1
        flat *= per_north
        flat *= flat
        east *= per_east
        east *= east
        flat += east
        inside = np.less(flat, (metres / (1.0 + share)) ** 2, out=result[part])
        doubt = flat < (metres / (1.0 - share)) ** 2
        doubt ^= inside
        left = np.flatnonzero(doubt)
        inside[left] = near_m(y1[left], x1[left], y2[left], x2[left]) < metres
    return result


def hops_m(lat: Floats, lon: Floats) -> Floats:
    """Metres from each point to the next: n - 1 values for n points, none for none."""
    if len(lat) < 2:
        return np.zeros(0)
    return apart_m(lat[:-1], lon[:-1], lat[1:], lon[1:])


def near_hops_m(lat: Floats, lon: Floats) -> Floats:
    """`near_m` from each point to the next, right to 1e-14 of it, in parts a processor's cache holds.

    Metres a degree hardly bend over a band of latitudes: a polynomial of them costs half a cosine.
    """
    metres = np.empty(max(len(lat) - 1, 0))
    for start in range(0, len(metres), _BAND):
        y, x = lat[start : start + _BAND + 1], lon[start : start + _BAND + 1]
        south, north = float(y.min()), float(y.max())
        across = x[1:] - x[:-1]
        half = max((north - south) / 2.0, 1e-9)
        if not half < _FLAT_DEG or max(across.max(), -across.min()) > 180.0:
            metres[start : start + _BAND] = near_m(y[:-1], x[:-1], y[1:], x[1:])
            continue
        middle = (north + south) / 2.0
        up, aside = (_FIT @ np.array([_degree_m(middle + half * n) for n in _NODES])).T.tolist()
        share = y[1:] + y[:-1]  # of the band, -1 … 1
        share *= 0.5 / half
        share -= middle / half
        along = y[1:] - y[:-1]
        along *= _polynomial(up, share)
        along *= along
        across *= _polynomial(aside, share)
        across *= across
        along += across
        np.sqrt(along, out=metres[start : start + _BAND])
    return metres


def _polynomial(factors: list[float], at: Floats) -> Floats:
    """Highest power first."""
    value = at * factors[0]
    value += factors[1]
    for factor in factors[2:]:
        value *= at
        value += factor
    return value


def near_by_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """`near_m` of one pair, without an array."""
    across = math.remainder(lon2 - lon1, 360.0)
    middle = math.radians((lat1 + lat2) / 2.0)
    w2 = 1.0 - E2 * math.sin(middle) ** 2
    w = math.sqrt(w2)
    return math.hypot(
        math.radians(lat2 - lat1) * (A * (1.0 - E2) / (w2 * w)),
        math.radians(across) * (A / w) * math.cos(middle),
    )


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Metres between two places, by the same rule as `apart_m`."""
    metres = near_by_m(lat1, lon1, lat2, lon2)
    return _geodesic_m(lat1, lon1, lat2, lon2) if metres > FAR_M else metres


def _geodesic_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    return float(Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2, Geodesic.DISTANCE)["s12"])


def _geodesics_m(ends: Floats) -> Floats:
    """Metres along geodesics, right to 0.1 mm. ends: (k, 4) lat, lon, lat, lon in degrees.

    Source: Vincenty 1975; nearly antipodal pairs, where it does not settle, by geographiclib.
    """
    f = 1.0 - math.sqrt(1.0 - E2)
    b = A * (1.0 - f)
    lat1, lon1, lat2, lon2 = np.radians(ends).T
    length = np.remainder(lon2 - lon1 + np.pi, 2.0 * np.pi) - np.pi
    u1, u2 = np.arctan((1.0 - f) * np.tan(lat1)), np.arctan((1.0 - f) * np.tan(lat2))
    su1, cu1, su2, cu2 = np.sin(u1), np.cos(u1), np.sin(u2), np.cos(u2)
    lam = length
    with np.errstate(all="ignore"):
        for _ in range(20):  # 4 rounds settle all but the nearly antipodal
            sin_l, cos_l = np.sin(lam), np.cos(lam)
            sin_s = np.hypot(cu2 * sin_l, cu1 * su2 - su1 * cu2 * cos_l)
            cos_s = su1 * su2 + cu1 * cu2 * cos_l
            sigma = np.arctan2(sin_s, cos_s)
            sin_a = np.where(sin_s > 0.0, cu1 * cu2 * sin_l / sin_s, 0.0)
            cos2_a = 1.0 - sin_a**2
            middle = np.where(cos2_a > 0.0, cos_s - 2.0 * su1 * su2 / cos2_a, 0.0)
            c = f / 16.0 * cos2_a * (4.0 + f * (4.0 - 3.0 * cos2_a))
            bend = middle + c * cos_s * (2.0 * middle**2 - 1.0)
            before = lam
            lam = length + (1.0 - c) * f * sin_a * (sigma + c * sin_s * bend)
            settled = np.abs(lam - before) < 1e-12
            if settled.all():
                break
        v2 = cos2_a * (A**2 - b**2) / b**2
        big = 1.0 + v2 / 16384.0 * (4096.0 + v2 * (-768.0 + v2 * (320.0 - 175.0 * v2)))
        small = v2 / 1024.0 * (256.0 + v2 * (-128.0 + v2 * (74.0 - 47.0 * v2)))
        last = middle * (4.0 * sin_s**2 - 3.0) * (4.0 * middle**2 - 3.0)
        inner = cos_s * (2.0 * middle**2 - 1.0) - small / 6.0 * last
        metres = b * big * (sigma - small * sin_s * (middle + small / 4.0 * inner))
    for k in np.flatnonzero(~settled | ~np.isfinite(metres)):
        metres[k] = _geodesic_m(*ends[k].tolist())
    return np.asarray(metres, dtype=np.float64)


def bearing_deg(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Course at the first place along the geodesic to the second, 0 north, 90 east, below 360."""
    azimuth = Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2, Geodesic.AZIMUTH)["azi1"]
    return float(azimuth) % 360.0


def course_deg(lat1: Floats, lon1: Floats, lat2: Floats, lon2: Floats) -> Floats:
    """Course from each place to its neighbour in the middle of the way, 0 … 360; 0 if they are one."""
    across = np.remainder(lon2 - lon1 + 180.0, 360.0) - 180.0
    middle = np.radians((lat2 + lat1) / 2.0)
    w2 = 1.0 - E2 * np.sin(middle) ** 2
    east = across * np.cos(middle) * w2
    north = (lat2 - lat1) * (1.0 - E2)
    return np.asarray(np.degrees(np.arctan2(east, north)) % 360.0, dtype=np.float64)


def unwrapped(lon: Floats) -> Floats:
    """Longitudes made continuous, so that ±180° is no leap; may leave ±180."""
    if not len(lon) or lon.max() - lon.min() <= 180.0:
        return lon
    return np.asarray(np.unwrap(lon, period=360.0), dtype=np.float64)


def within_180(lon: float) -> float:
    """`wrapped` of one longitude."""
    return lon if -180.0 <= lon <= 180.0 else (lon + 180.0) % 360.0 - 180.0


def wrapped(lon: Floats) -> Floats:
    """Longitudes brought back to -180 … 180; values already there stay as they are, to the bit."""
    inside = np.abs(lon) <= 180.0
    return np.where(inside, lon, np.remainder(lon + 180.0, 360.0) - 180.0)
