"""Where a car was at an instant, how we know, and how sure that is."""

from __future__ import annotations

import bisect
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from convoylog import geo
from convoylog.model.phrase import Phrase
from convoylog.model.tracks import Floats
from convoylog.trips.clean import TOO_FAST, first_of_equals
from convoylog.trips.ground import Ground
from convoylog.trips.ledger import ASLEEP_M, ASLEEP_S, Ledger

#: what a GPS fix on a road is right to
FIX_M = 15.0
#: points this near in time say where the car was between them
BETWEEN_S = 300.0
#: a point this near in time says where the car still, or already, was
HELD_S = 120.0
#: error of a straight line between two points: standard deviation of a bridge, as share of its way
BRIDGE = 0.46
#: seconds between looks at the zone along a track: at most 8 km at 100 km/h
_LOOK_S = 300.0
#: clocks that are put forward and back again stay so for a month at least (Ramadan in Morocco)
_STEADY_S = 20 * 86_400.0


@dataclass(frozen=True, slots=True)
class Spot:
    """how: between, parked or held. lat, lon: degrees, within ±180.

    said: the step in words. why: the error radius in words.
    """

    how: str
    lat: float
    lon: float
    error_m: float
    said: str
    why: str = ""
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Whereabouts:
    """One car's way, and the zones along it.

    looks: instants at which the zone was looked up: `names`, and `offsets` in seconds east of UTC.
    zones: the different names.
    """

    ledger: Ledger
    zone_at: Callable[[float, float], str]
    looks: Floats
    names: tuple[str, ...]
    offsets: Floats
    zones: tuple[str, ...]

    def spot(self, at: float) -> Spot | None:
        """The place at an instant by the points around it; None where they say nothing."""
        return _spot(self.ledger, at)

    def zone_if_known(self, at: float) -> str:
        """The zone at the car's place, "" where the place is not known."""
        spot = self.spot(at)
        return self.zone_at(spot.lat, spot.lon) if spot else ""

    def nearest_zone(self, at: float, within_s: float) -> str:
        """The zone of the look nearest in time, "" if none is so near."""
        if not len(self.looks):
            return ""
        k = int(np.argmin(np.abs(self.looks - at)))
        time = self.ledger.time
        right = min(bisect.bisect_left(time, at), len(time) - 1)
        apart = min(abs(float(time[right]) - at), abs(float(time[max(right - 1, 0)]) - at))
        return self.names[k] if apart <= within_s else ""

    def offset_at(self, at: Floats) -> Floats:
        """Seconds east of UTC at the car's place, by the look before each instant."""
        if not len(self.looks):
            return np.zeros(len(at))
        k = np.maximum(np.searchsorted(self.looks, at, side="right") - 1, 0)
        return np.asarray(self.offsets[k], dtype=np.float64)


def whereabouts(ledger: Ledger, ground: Ground) -> Whereabouts:
    """A car's ledger with the zones along it, looked up every five minutes."""
    first = np.flatnonzero(first_of_equals(np.floor(ledger.time / _LOOK_S)))
    lat, lon = ledger.lat[first].tolist(), geo.wrapped(ledger.lon[first]).tolist()
    names = tuple(ground.zone_at(y, x) for y, x in zip(lat, lon, strict=True))
    looks = ledger.time[first]
    offsets = _offsets(names, looks.tolist(), ground)
    zones = tuple(sorted({zone for zone in names if zone}))
    return Whereabouts(ledger, ground.zone_at, looks, names, offsets, zones)


def _offsets(names: tuple[str, ...], looks: list[float], ground: Ground) -> Floats:
    """Seconds east of UTC at each look; 0 where no zone is known."""
    offsets = np.zeros(len(looks))
    first = 0
    while first < len(looks):
        zone, last = names[first], first
        while (
            last + 1 < len(looks)
            and names[last + 1] == zone
            and looks[last + 1] - looks[first] < _STEADY_S
        ):
            last += 1
        if zone:
            here = ground.offset_at(zone, looks[first])
            same = here == ground.offset_at(zone, looks[last])
            offsets[first : last + 1] = (
                here if same else [ground.offset_at(zone, at) for at in looks[first : last + 1]]
            )
        first = last + 1
    return offsets


def _spot(ledger: Ledger, at: float) -> Spot | None:
    time = ledger.time
    n = len(time)
    if n == 0:
        return None
    if n == 1:
        return _held(ledger, 0, at, TOO_FAST)
    i = bisect.bisect_right(time, at) - 1
    if i < 0:
        return _held(ledger, 0, at, _speed(ledger, 0))
    if i >= n - 1:
        if at > time[-1]:
            return _held(ledger, n - 1, at, _speed(ledger, n - 2))
        i = n - 2
    t0, t1 = float(time[i]), float(time[i + 1])
    d, dt = float(ledger.hop_m[i]), t1 - t0
    f = (at - t0) / dt
    if dt <= BETWEEN_S:
        lat = float(ledger.lat[i] + f * (ledger.lat[i + 1] - ledger.lat[i]))
        lon = float(ledger.lon[i] + f * (ledger.lon[i + 1] - ledger.lon[i]))
        bend = BRIDGE * d * (f * (1.0 - f)) ** 0.5
        said = Phrase(
            "{after:s} after and {before:s} before a point of the track; the two are {apart:m} apart",
            after=at - t0,
            before=t1 - at,
            apart=d,
        )
        why = Phrase(
            "±{radius:m}: {fix:m} of the receiver, {bend:m} of road unseen",
            radius=FIX_M + bend,
            fix=FIX_M,
            bend=bend,
        )
        doubts = (Phrase("the track jumps there"),) if ledger.jump[i] else ()
        return Spot("between", lat, geo.within_180(lon), FIX_M + bend, said, why, doubts)
    if d <= ASLEEP_M and dt <= ASLEEP_S:
        lat = float(ledger.lat[i] + ledger.lat[i + 1]) / 2.0
        lon = float(ledger.lon[i] + ledger.lon[i + 1]) / 2.0
        said = Phrase(
            "parked: no point for {hours:.1f} h, and the two around it are {apart:m} apart",
            hours=dt / 3600,
            apart=d,
        )
        why = Phrase(
            "±{radius:m}: {fix:m} of the receiver, and how far the points are apart",
            radius=FIX_M + d,
            fix=FIX_M,
        )
        return Spot("parked", lat, geo.within_180(lon), FIX_M + d, said, why)
    here = d / dt
    if at - t0 <= t1 - at:
        return _held(ledger, i, at, max(here, _speed(ledger, i - 1)))
    return _held(ledger, i + 1, at, max(here, _speed(ledger, i + 1)))


def _speed(ledger: Ledger, hop: int) -> float:
    """Metres a second of a hop; 0 where there is none."""
    if not 0 <= hop < len(ledger.hop_m):
        return 0.0
    return float(ledger.hop_m[hop] / (ledger.time[hop + 1] - ledger.time[hop]))


def _held(ledger: Ledger, i: int, at: float, speed: float) -> Spot | None:
    away = abs(at - float(ledger.time[i]))
    if away > HELD_S:
        return None
    said = Phrase("at the nearest point of the track, {away:s} away", away=away)
    why = Phrase(
        "±{radius:m}: {fix:m} of the receiver, and {away:s} at {speed:kmh}",
        radius=FIX_M + speed * away,
        fix=FIX_M,
        away=away,
        speed=speed,
    )
    lon = geo.within_180(float(ledger.lon[i]))
    return Spot("held", float(ledger.lat[i]), lon, FIX_M + speed * away, said, why)
