"""Placing entries and photos: instant first, then position, each with how and how sure."""

from __future__ import annotations

from convoylog import geo
from convoylog.model.logbook import Camera, Car, Entry
from convoylog.model.photos import Photograph
from convoylog.model.trip import Placed
from convoylog.trips.ground import Ground
from convoylog.trips.instants import Instant, camera_key, instant_of_photo, instant_of_time
from convoylog.trips.whereabouts import FIX_M, Whereabouts

__all__ = ["camera_key", "place_entry", "place_photo"]

#: a photo's own position further from its car's is kept, and told as a doubt
ASTRAY_M = 1000.0

Zones = tuple[tuple[str, str], ...]


def fallback_zones(car: Car, logbook_zone: str) -> Zones:
    """Zones to read a local time in where the car's place is unknown, with whose they are."""
    named = (("the car", car.zone), ("the logbook", logbook_zone))
    return tuple((whose, zone) for whose, zone in named if zone and zone != "follow")


def place_entry(entry: Entry, where: Whereabouts, ground: Ground, zones: Zones = ()) -> Placed:
    """An entry's instant, position and zone. where: of the entry's car."""
    instant = instant_of_time(entry.at, where, ground, zones, entry.position)
    if entry.position is not None:
        lat, lon = entry.position
        said = (*instant.evidence, "a person gave the position")
        return _placed(instant, ground, zones, "given", (lat, lon), None, instant.unsure, said)
    return _by_track(instant, where, ground, zones)


def place_photo(
    photo: Photograph, car: Car, where: Whereabouts, ground: Ground, zones: Zones = ()
) -> Placed:
    """A photo's instant, position and zone. where: of the car it lies in."""
    key = camera_key(photo)
    camera: Camera | None = next((c for c in car.cameras if c.key == key), None)
    instant = instant_of_photo(photo, camera, where, ground, zones)
    if photo.lat is None or photo.lon is None:
        return _by_track(instant, where, ground, zones)
    own = (photo.lat, photo.lon)
    unsure, evidence = instant.unsure, (*instant.evidence, "the photo's own position")
    spot = None if instant.at is None else where.spot(instant.at)
    if spot is not None:
        apart = geo.distance_m(*own, spot.lat, spot.lon)
        if apart > ASTRAY_M:
            unsure = (*unsure, f"its own position is {apart / 1000:.1f} km from the car's track")
            evidence = (*evidence, f"the track has {spot.lat:.5f}, {spot.lon:.5f} ({spot.said})")
        else:
            evidence = (*evidence, f"{apart:.0f} m from the car's track")
    return _placed(instant, ground, zones, "gps", own, FIX_M, unsure, evidence)


def _by_track(instant: Instant, where: Whereabouts, ground: Ground, zones: Zones) -> Placed:
    spot = None if instant.at is None else where.spot(instant.at)
    if spot is None:
        said = () if instant.at is None else (_why_not(instant.at, where),)
        evidence = (*instant.evidence, *said)
        return _placed(instant, ground, zones, "unplaced", None, None, instant.unsure, evidence)
    evidence = (*instant.evidence, spot.said)
    unsure = (*instant.unsure, *spot.unsure)
    return _placed(
        instant, ground, zones, spot.how, (spot.lat, spot.lon), spot.error_m, unsure, evidence
    )


def _why_not(at: float, where: Whereabouts) -> str:
    time = where.ledger.time
    if not len(time):
        return "the car has no track with times"
    if at < time[0]:
        return f"{_span(float(time[0]) - at)} before the car's track begins"
    if at > time[-1]:
        return f"{_span(at - float(time[-1]))} after the car's track ends"
    return "in a hole of the car's track"


def _span(seconds: float) -> str:
    for size, unit in ((86_400.0, "days"), (3600.0, "h"), (60.0, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


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
