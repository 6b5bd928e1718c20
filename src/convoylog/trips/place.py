"""Placing entries and photos: instant first, then position, each with how and how sure."""

from __future__ import annotations

import numpy as np

from convoylog import geo
from convoylog.model.logbook import Camera, Car, Entry
from convoylog.model.photos import Photograph
from convoylog.model.phrase import Phrase
from convoylog.model.trip import Placed
from convoylog.trips.ground import Ground
from convoylog.trips.instants import (
    Instant,
    camera_key,
    instant_of_photo,
    instant_of_time,
    moment,
)
from convoylog.trips.whereabouts import FIX_M, Spot, Whereabouts

__all__ = ["camera_key", "camera_of", "place_at", "place_entry", "place_photo"]

#: a photo's own position further from its car's is kept, and told as a doubt
ASTRAY_M = 1000.0

Zones = tuple[tuple[str, str], ...]


def fallback_zones(car: Car, logbook_zone: str) -> Zones:
    """Zones to read a local time in where the car's place is unknown, with whose they are."""
    named = ((Phrase("the car"), car.zone), (Phrase("the logbook"), logbook_zone))
    return tuple((whose, zone) for whose, zone in named if zone and zone != "follow")


def place_entry(entry: Entry, where: Whereabouts, ground: Ground, zones: Zones = ()) -> Placed:
    """An entry's instant, position and zone. where: of the entry's car."""
    instant = instant_of_time(entry.at, where, ground, zones, entry.position)
    if entry.position is not None:
        lat, lon = entry.position
        said = (*instant.evidence, Phrase("a person gave the position"))
        return _placed(instant, ground, zones, "given", (lat, lon), None, instant.unsure, said)
    return _by_track(instant, where, ground, zones)


def place_photo(
    photo: Photograph, car: Car, where: Whereabouts, ground: Ground, zones: Zones = ()
) -> Placed:
    """A photo's instant, position and zone. where: of the car it lies in."""
    instant = instant_of_photo(photo, camera_of(photo, car), where, ground, zones)
    return place_at(instant, photo, where, ground, zones)


def camera_of(photo: Photograph, car: Car) -> Camera | None:
    """What the car says of the camera a photo came from; None if nothing."""
    key = camera_key(photo)
    return next((camera for camera in car.cameras if camera.key == key), None)


def place_at(
    instant: Instant, photo: Photograph, where: Whereabouts, ground: Ground, zones: Zones = ()
) -> Placed:
    """A photo's position and zone, its instant known."""
    if photo.lat is None or photo.lon is None:
        return _by_track(instant, where, ground, zones)
    own = (photo.lat, photo.lon)
    # a device that says how wrong it may be is believed where that is more than usual
    error = max(FIX_M, photo.accuracy_m or 0.0)
    unsure, evidence = (
        instant.unsure,
        (*instant.evidence, Phrase("the photo's own position, ±{radius:m}", radius=error)),
    )
    spot = None if instant.at is None else where.spot(instant.at)
    if spot is not None:
        apart = geo.distance_m(*own, spot.lat, spot.lon)
        if apart > ASTRAY_M:
            doubt = Phrase("its own position is {apart:km} from the car's track", apart=apart)
            unsure = (*unsure, doubt)
            there = f"{spot.lat:.5f}, {spot.lon:.5f}"
            where_not = Phrase("the track has {there} ({said})", there=there, said=spot.said)
            evidence = (*evidence, where_not)
        else:
            evidence = (*evidence, Phrase("{apart:m} from the car's track", apart=apart))
    return _placed(instant, ground, zones, "gps", own, error, unsure, evidence)


def _by_track(instant: Instant, where: Whereabouts, ground: Ground, zones: Zones) -> Placed:
    spot = None if instant.at is None else where.spot(instant.at)
    if spot is None:
        said = () if instant.at is None else (_why_not(instant.at, where),)
        evidence = (*instant.evidence, *said)
        return _placed(instant, ground, zones, "unplaced", None, None, instant.unsure, evidence)
    evidence = (*instant.evidence, spot.said, spot.why)
    unsure, error_m = (*instant.unsure, *spot.unsure), spot.error_m
    if instant.at is not None and instant.error_s:
        more = _way_within(instant.at, instant.error_s, spot, where)
        error_m += more
        wide = Phrase(
            "±{wrong:s} of the clock are {more:m} of way, added to the radius",
            wrong=instant.error_s,
            more=more,
        )
        evidence = (*evidence, wide)
    return _placed(
        instant, ground, zones, spot.how, (spot.lat, spot.lon), error_m, unsure, evidence
    )


def _way_within(at: float, error_s: float, spot: Spot, where: Whereabouts) -> float:
    """Metres from a place to where the car was up to so many seconds earlier or later."""
    places = [where.spot(at + k * error_s / 4) for k in (-4, -3, -2, -1, 1, 2, 3, 4)]
    return max((geo.distance_m(spot.lat, spot.lon, p.lat, p.lon) for p in places if p), default=0.0)


def _why_not(at: float, where: Whereabouts) -> str:
    time = where.ledger.time
    if not len(time):
        return Phrase("the car has no track with times")
    if at < time[0]:
        return Phrase("{apart:span} before the car's track begins", apart=float(time[0]) - at)
    if at > time[-1]:
        return Phrase("{apart:span} after the car's track ends", apart=at - float(time[-1]))
    k = int(np.searchsorted(time, at, side="right"))
    begin, end = float(time[k - 1]), float(time[k])
    return Phrase(
        "in a hole of the car's track, {lasting:span} from {begin} on; "
        "the nearest point is {away:span} away",
        lasting=end - begin,
        begin=moment(begin),
        away=min(at - begin, end - at),
    )


def _placed(
    instant: Instant,
    ground: Ground,
    zones: Zones,
    how: str,
    position: tuple[float, float] | None,
    error_m: float | None,
    unsure: tuple[str, ...],
    evidence: tuple[str, ...],
) -> Placed:
    zone = "" if position is None else ground.zone_at(*position)
    offset = instant.offset_s or 0
    if not zone:
        # no place to ask: the zone the time was read in; else the source's own offset speaks
        zone = instant.zone or (zones[0][1] if zones and instant.offset_s is None else "")
    if zone and instant.at is not None:
        offset = ground.offset_at(zone, instant.at)
    lat, lon = position if position is not None else (None, None)
    return Placed(instant.at, how, zone, offset, lat, lon, error_m, unsure, evidence)
