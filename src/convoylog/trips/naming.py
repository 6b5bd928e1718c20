"""What legs and stops are called: the towns at their ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from convoylog import geo
from convoylog.model.phrase import Phrase
from convoylog.model.trip import Leg, Stop
from convoylog.trips.ground import Ground
from convoylog.trips.ledger import Ledger
from convoylog.trips.legs import Span
from convoylog.trips.whereabouts import Whereabouts


def name_stops(stops: tuple[Stop, ...], ground: Ground) -> tuple[Stop, ...]:
    """The stops with the towns they are in."""
    lat, lon = np.array([stop.lat for stop in stops]), np.array([stop.lon for stop in stops])
    names = ground.stop_names(lat, lon)
    return tuple(replace(stop, place=name) for stop, name in zip(stops, names, strict=True))


def place_at(ledger: Ledger, at: float) -> tuple[float, float]:
    """Where the line is at an instant, held past its ends; degrees within ±180."""
    lat, lon = ledger.position_at([at])
    return float(lat[0]), float(geo.wrapped(lon)[0])


def name_legs(
    spans: tuple[Span, ...], where: Whereabouts, ground: Ground, local: tuple[str, int]
) -> tuple[tuple[Leg, ...], str, str]:
    """Legs told, and what both ends of the recording are called.

    local: zone and seconds east of UTC to date legs by where the car has no track.
    """
    ledger = where.ledger
    if not len(ledger.time):
        return tuple(_leg(span, span.title, local, local[0], "", "") for span in spans), "", ""
    ends = [(float(ledger.time[0]), float(ledger.time[-1]))]
    at = np.array([*ends, *((span.begin, span.end) for span in spans)]).ravel()
    lat, lon = ledger.position_at(at)
    lon = geo.wrapped(lon)
    names = ground.end_names(lat, lon)
    places = list(zip(lat.tolist(), lon.tolist(), strict=True))
    legs = []
    for span, begin, end, a, b in zip(
        spans, places[2::2], places[3::2], names[2::2], names[3::2], strict=True
    ):
        zone, to_zone = ground.zone_at(*begin), ground.zone_at(*end)
        offset = ground.offset_at(zone, span.begin) if zone else local[1]
        title = span.title or _title(ledger, span, ground, (begin, a), (end, b))
        legs.append(_leg(span, title, (zone, offset), to_zone, a, b))
    return tuple(legs), names[0], names[1]


def _leg(span: Span, title: str, local: tuple[str, int], to_zone: str, a: str, b: str) -> Leg:
    return Leg(
        title,
        span.begin,
        span.end,
        span.distance_m,
        span.moving_s,
        day=local_day(span.begin, local[1]),
        zone=local[0],
        to_zone=to_zone,
        start_place=a,
        end_place=b,
        declared=span.declared,
        recorded=span.recorded,
        halted_s=span.halted_s,
        unknown_s=span.unknown_s,
    )


def local_day(at: float, offset_s: int) -> str:
    """ISO date that clocks so far east of UTC show; at the ends of the calendar, its last day."""
    seconds = min(max(at + offset_s, -62_135_596_800.0), 253_402_300_799.0)
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _title(
    ledger: Ledger,
    span: Span,
    ground: Ground,
    start: tuple[tuple[float, float], str],
    end: tuple[tuple[float, float], str],
) -> str:
    (begin, a), (finish, b) = start, end
    if a != b:
        return Phrase("{a} – {b}", a=a, b=b)
    first, last = ground.region_name(*begin), ground.region_name(*finish)
    if first != last:
        if first and last:
            return Phrase("{a} ({first}) – {b} ({last})", a=a, first=first, b=b, last=last)
        return Phrase("{a} – {b}", a=a, b=b)
    inside = ledger.points_between(span.begin, span.end)
    if inside.start < inside.stop:
        lat, lon = ledger.lat[inside], geo.wrapped(ledger.lon[inside])
        k = int(np.argmax(geo.near_m(*begin, lat, lon)))
        far = ground.end_name(float(lat[k]), float(lon[k]))
        town = _town_of(a)
        if town == _town_of(far) and far != a:
            return Phrase("Around {a}", a=town)
        if far != a:
            return Phrase("{a} – {far} – {a}", a=a, far=far)
    # "12 km NW of X" and coordinates already say that it is about there
    return a if a[:1].isdigit() or "°" in a else Phrase("Around {a}", a=a)


def _town_of(name: str) -> str:
    """The town a place is called after."""
    return name.values.get("town", name) if isinstance(name, Phrase) else name
