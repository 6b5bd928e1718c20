"""The one door: a logbook in, the trip it means out.

Every number a report, a table or another program shows comes from here and nowhere else. The
result depends only on the set of recordings, entries and settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import numpy as np

from convoylog.errors import Problem
from convoylog.model.logbook import Car, Entry, Logbook, RecordedPhoto, RecordedTrack, Share
from convoylog.model.mentions import caller
from convoylog.model.tracks import NO_TRACK, Track, let_go, make_track
from convoylog.model.trip import CarTrip, OnDay, Placed, Told, Trip
from convoylog.trips.along import with_places
from convoylog.trips.barometer import has_barometer
from convoylog.trips.carlog import keep_carlog
from convoylog.trips.clean import Cleaned, clean
from convoylog.trips.climb import find_climb
from convoylog.trips.days import by_day, find_days, parted
from convoylog.trips.fuse import Fused, Source, fuse
from convoylog.trips.ground import Ground
from convoylog.trips.ledger import HOLE_S, Ledger, keep_ledger, top_speed
from convoylog.trips.legs import CUT_S, Declared, find_legs
from convoylog.trips.naming import name_legs, name_stops
from convoylog.trips.place import fallback_zones, place_entry, place_photo
from convoylog.trips.rollover import rolled_over
from convoylog.trips.stops import STOP_S, find_stops
from convoylog.trips.strange_clocks import strange_clocks
from convoylog.trips.whereabouts import Whereabouts, whereabouts

#: holes under ten minutes that hold a fifth of the time point to a slow recorder
_SLOW_S, _SLOW_SHARE = 600.0, 0.2
#: longest silences worth proposing to a slow recorder
_LONGER_S = (180, 300, 600)
#: cars creep in queues; who creeps a fifth of the way, and kilometres, goes on foot
_WALK_SHARE, _WALK_M = 0.2, 1000.0
#: a car rarely leaves its zone and comes back within a day
_DAY_S = 86_400.0
#: once such an array is freed, glibc no longer gives each freed column back to the system, whose new
#: pages cost a tenth of the account; the array itself is never touched
_KEEP_BYTES = 1 << 24


@dataclass(frozen=True, slots=True)
class Rules:
    """Numbers a logbook may override, all seconds: see the modules they come from."""

    hole_s: float = HOLE_S
    stop_s: float = STOP_S
    cut_s: float = CUT_S


def work_out(
    logbook: Logbook,
    rules: Rules | None = None,
    *,
    ground: Ground | None = None,
    drawn: bool = True,
) -> Trip:
    """The account of all cars. ground: where zones, towns and regions are asked for.

    drawn: with every car's track and the regions along it, which only maps need. Without, no car's
    columns are kept while the next one's are worked on.
    """
    rules = rules or Rules()
    if ground is None:
        from convoylog.trips.packed import PackedGround

        ground = PackedGround()
    problems: list[Problem] = list(logbook.problems)
    by_car: dict[str, list[RecordedTrack]] = {car.id: [] for car in logbook.cars}
    for track in logbook.tracks:
        if track.car in by_car:
            by_car[track.car].append(track)
    problems += _strays(logbook)
    problems += rolled_over(logbook.tracks, logbook.entries)
    story: list[Told] = []
    cars: list[CarTrip] = []
    done: dict[str, dict[str, OnDay]] = {}
    shown = {sha for entry in logbook.entries if entry.kind != "copy" for sha in entry.photos}
    photos = _bare_photos(logbook.photos, shown)
    np.empty(_KEEP_BYTES, dtype=np.int8)
    for car in logbook.cars:
        # by itself, so that one car's columns are gone before the next one's come
        own = _of_car(logbook, car, by_car[car.id], photos, rules, ground, drawn=drawn)
        cars.append(own.trip)
        done[car.id] = own.days
        story += own.told
        problems += own.problems
        if not drawn:
            for recorded in by_car[car.id]:
                for columns in recorded.recording.tracks:
                    let_go(columns)
    spoken_to = caller(logbook.cars)
    story = [replace(r, mentions=spoken_to(r.text)) if "@" in r.text else r for r in story]
    story.sort(key=_order)
    known = [at for car in cars for at in (car.from_at, car.to_at) if at is not None]
    known = known or [row.placed.at for row in story if row.placed.at is not None]
    return Trip(
        logbook.title,
        tuple(cars),
        tuple(story),
        find_days(cars, done, story),
        min(known, default=None),
        max(known, default=None),
        tuple(problems),
        logbook.convoy,
    )


@dataclass(frozen=True, slots=True)
class _OfCar:
    trip: CarTrip
    days: dict[str, OnDay]
    told: list[Told]
    problems: list[Problem]


def _of_car(
    logbook: Logbook,
    car: Car,
    tracks: list[RecordedTrack],
    photos: list[RecordedPhoto],
    rules: Rules,
    ground: Ground,
    *,
    drawn: bool,
) -> _OfCar:
    """One car's trip, days and story. photos: those no entry shows, of all cars."""
    where, fused, trip = _recorded(car, tracks, rules, ground, drawn=drawn)
    entries = [e for e in logbook.entries if e.car == car.id and e.kind != "copy"]
    zones = fallback_zones(car, logbook.zone)
    placed = {entry.id: place_entry(entry, where, ground, zones) for entry in entries}
    declared = _declared(entries, placed, where, ground, zones)
    local = _local(zones, [placed[e.id] for e in entries if e.kind == "leg"])
    spans = find_legs(where.ledger, trip.stops, declared, cut_s=rules.cut_s)
    legs, start, end = name_legs(spans, where, ground, local)
    log = keep_carlog(car, [(entry, placed[entry.id].at) for entry in entries], where.ledger)
    trip = replace(trip, stops=name_stops(trip.stops, ground), legs=parted(where, legs), log=log)
    trip = replace(trip, start_place=start, end_place=end)
    if drawn:
        trip = with_places(trip, where.ledger, ground)
    told = [_told_entry(entry, car, placed[entry.id]) for entry in entries]
    told += [
        _told_photo(p, car, place_photo(p.photograph, car, where, ground, zones))
        for p in photos
        if p.car == car.id
    ]
    story = _named(told, trip, ground)
    doubts = _doubts(car, fused, trip, where)
    taken = [photo for photo in logbook.photos if photo.car == car.id]
    doubts += strange_clocks(car, taken, where, ground, zones)
    return _OfCar(trip, by_day(where), story, doubts)


def _recorded(
    car: Car, tracks: list[RecordedTrack], rules: Rules, ground: Ground, *, drawn: bool
) -> tuple[Whereabouts, Fused, CarTrip]:
    """What the recordings of one car say by themselves; nothing named, no legs yet."""
    fused, cleaned, ledger = _kept(car, tracks, rules)
    where = whereabouts(ledger, ground)
    counts = {"no time": len(fused.shape), "other recorder": fused.other, **cleaned.dropped}
    t = cleaned.track
    trip = CarTrip(
        car,
        _drawable(t, ledger, car.name) if drawn else make_track([], [], [], name=car.name),
        untimed=replace(fused.shape, name=car.name) if drawn else NO_TRACK,
        points=fused.points,
        dropped={reason: count for reason, count in counts.items() if count},
    )
    if not len(ledger.time):
        return where, fused, trip
    # a single recorder without one, and its noise would be counted
    barometric = all(has_barometer(recorded.recording.creator) for recorded in tracks)
    climb = find_climb(ledger, t.ele, barometric=barometric)
    begin, end = float(ledger.time[0]), float(ledger.time[-1])
    spent = ledger.spent
    return (
        where,
        fused,
        replace(
            trip,
            from_at=begin,
            to_at=end,
            elapsed_s=spent.elapsed_s,
            moving_s=spent.moving_s,
            halted_s=spent.halted_s,
            unknown_s=spent.unknown_s,
            distance_m=ledger.distance_m,
            unrecorded_m=ledger.unrecorded_m,
            crept_m=ledger.crept_m,
            max_speed_mps=top_speed(ledger),
            ascent_m=climb.ascent_m if climb else None,
            descent_m=climb.descent_m if climb else None,
            highest_m=climb.highest_m if climb else None,
            climb_error_m=climb.error_m if climb else None,
            barometric=barometric if climb else None,
            stops=find_stops(
                ledger, lambda lat, lon, at: _offset(ground, lat, lon, at), shortest_s=rules.stop_s
            ),
        ),
    )


def _kept(car: Car, tracks: Iterable[RecordedTrack], rules: Rules) -> tuple[Fused, Cleaned, Ledger]:
    """One car's recordings as one, cleaned, and the account of that."""
    hole_s = car.hole_s or rules.hole_s
    fused = fuse(
        [
            Source(track, recorded.recording.creator, recorded.path)
            for recorded in tracks
            for track in _with_known_heights(recorded.recording.tracks)
        ],
        hole_s,
    )
    cleaned = clean(fused.track)
    return fused, cleaned, keep_ledger(cleaned.track, hole_s, cleaned.hops)


def _with_known_heights(tracks: Sequence[Track]) -> Sequence[Track]:
    """A recorder that knows no height may write 0 at every point, and unknown is never 0."""
    heights = [track.ele for track in tracks]
    if any(np.nan_to_num(ele).any() for ele in heights) or not any(
        (h == 0.0).any() for h in heights
    ):
        return tracks
    return [make_track(t.time, t.lat, t.lon, None, t.segment, t.name, more=t.more) for t in tracks]


def _drawable(track: Track, ledger: Ledger, name: str) -> Track:
    """With a new segment wherever the way is unknown, so that nobody draws across it."""
    segment = np.concatenate([[0], np.cumsum(ledger.unknown)])[: len(ledger.time)]
    return make_track(track.time, track.lat, track.lon, track.ele, segment, name)


def _offset(ground: Ground, lat: float, lon: float, at: float) -> int:
    zone = ground.zone_at(lat, lon)
    return ground.offset_at(zone, at) if zone else 0


def _declared(
    entries: list[Entry],
    placed: dict[str, Placed],
    where: Whereabouts,
    ground: Ground,
    zones: tuple[tuple[str, str], ...],
) -> tuple[Declared, ...]:
    """Legs people declared. One still running ends at the car's last known instant."""
    time = where.ledger.time
    known = [float(time[-1])] if len(time) else []
    known += [p.at for p in placed.values() if p.at is not None]
    found = []
    for entry in entries:
        begin = placed[entry.id].at
        if entry.kind != "leg" or begin is None:
            continue
        end: float | None = max(known)
        if entry.until is not None:
            end = place_entry(replace(entry, at=entry.until), where, ground, zones).at
        if end is not None:
            found.append(Declared(begin, end, entry.title, entry.id))
    return tuple(found)


def _local(zones: tuple[tuple[str, str], ...], placed: list[Placed]) -> tuple[str, int]:
    """Zone and offset to date legs by where there is no track: a setting's, else the entry's."""
    first = min((p for p in placed if p.at is not None), key=lambda p: p.at or 0.0, default=None)
    if first is None:
        return (zones[0][1], 0) if zones else ("", 0)
    return first.zone, first.offset_s


def _bare_photos(photos: tuple[RecordedPhoto, ...], shown: set[str]) -> list[RecordedPhoto]:
    """Photos no entry shows; equal bytes in two cars are one, the lower car id's."""
    one: dict[str, RecordedPhoto] = {}
    for photo in sorted(photos, key=lambda photo: (photo.car, photo.path)):
        if photo.sha256 not in shown:
            one.setdefault(photo.sha256, photo)
    return list(one.values())


def _told_entry(entry: Entry, car: Car, placed: Placed) -> Told:
    placed = replace(placed, unsure=(*placed.unsure, *entry.unsure))
    return Told(
        entry.id,
        entry.kind,
        car.id,
        placed,
        text=entry.text,
        title=entry.title,
        tags=entry.tags,
        photos=entry.photos,
        reply_to=entry.reply_to,
        share=entry.share or car.share,
        entry=entry,
    )


def _told_photo(photo: RecordedPhoto, car: Car, placed: Placed) -> Told:
    share: Share = car.share
    name = PurePosixPath(photo.path).stem
    return Told(name, "photo", car.id, placed, photos=(photo.sha256,), share=share)


def _named(story: list[Told], trip: CarTrip, ground: Ground) -> list[Told]:
    """With the town each is in and the leg it falls in."""
    places = {
        k: (row.placed.lat, row.placed.lon)
        for k, row in enumerate(story)
        if row.placed.lat is not None and row.placed.lon is not None
    }
    lat, lon = np.array(list(places.values()), dtype=np.float64).reshape(-1, 2).T
    towns, ends = ground.stop_names(lat, lon), ground.end_names(lat, lon)
    names = {k: town or end for k, town, end in zip(places, towns, ends, strict=True)}
    return [
        replace(row, place=names.get(k, ""), leg=leg.title if leg else "")
        for k, row in enumerate(story)
        for leg in (trip.leg_at(row.placed.at),)
    ]


def _order(row: Told) -> tuple[bool, float, str, str]:
    at = row.placed.at
    return (at is None, at or 0.0, row.id, row.car)


def _strays(logbook: Logbook) -> list[Problem]:
    """What names a car that is not in the logbook: kept in its files, but nowhere to be told."""
    cars = {car.id for car in logbook.cars}
    text = "names a car that is not in the logbook, so it is not told"
    names = [e.id for e in logbook.entries if e.car not in cars and e.kind != "copy"]
    names += [track.path for track in logbook.tracks if track.car not in cars]
    names += [photo.path for photo in logbook.photos if photo.car not in cars]
    return [Problem(name, "no-car", text, "convoylog car list") for name in names]


def _doubts(car: Car, fused: Fused, trip: CarTrip, where: Whereabouts) -> list[Problem]:
    """What a person should know about the recordings of a car."""
    found = []
    folder = f"cars/{car.folder}"
    for a, b, metres in fused.astray:
        text = f"recorded the same time {metres / 1000:.1f} km from {b}; the fuller record is told"
        found.append(Problem(a, "recorders-apart", text, "look at both: one clock may be wrong"))
    if len(fused.shape) and not len(fused.track):
        text = "no trackpoint has a time: they can be drawn, but tell no distance and place nothing"
        found.append(Problem(folder, "no-times", text))
    ledger = where.ledger
    dt = np.diff(ledger.time)[ledger.hole]
    small = float(dt[dt < _SLOW_S].sum())
    if trip.elapsed_s and small > _SLOW_SHARE * trip.elapsed_s:
        share = 100.0 * small / trip.elapsed_s
        text = f"{share:.0f} % of the time lies in holes under ten minutes: a slow recorder?"
        most = next(s for s in _LONGER_S if float(dt[dt <= s].sum()) >= 0.8 * small)
        hint = f'convoylog car set "{car.name}" hole_s={most}'
        found.append(Problem(folder, "slow-recorder", text, hint))
    if trip.crept_m > max(_WALK_SHARE * trip.distance_m, _WALK_M):
        text = (
            f"{trip.crept_m / 1000:.1f} of {trip.distance_m / 1000:.1f} km were slower than "
            "walking pace, which counts as standing: no car?"
        )
        found.append(Problem(folder, "walked", text))
    return found


def zone_of(logbook: Logbook, car: Car, ground: Ground | None = None) -> Callable[[float], str]:
    """UTC seconds → the zone at the car's place then, "" where nothing within a day tells."""
    if ground is None:
        from convoylog.trips.packed import PackedGround

        ground = PackedGround()
    where = way_of(logbook, car, ground)
    return lambda at: where.zone_if_known(at) or where.nearest_zone(at, _DAY_S)


def track_of(logbook: Logbook, car: Car, rules: Rules | None = None) -> Track:
    """One car's recordings fused and cleaned, as a map draws them, and nothing else worked out."""
    tracks = [track for track in logbook.tracks if track.car == car.id]
    _, cleaned, ledger = _kept(car, tracks, rules or Rules())
    return _drawable(cleaned.track, ledger, car.name)


def way_of(logbook: Logbook, car: Car, ground: Ground) -> Whereabouts:
    """One car's way by its own recordings, for placing single things along it."""
    tracks = [track for track in logbook.tracks if track.car == car.id]
    return whereabouts(_kept(car, tracks, Rules())[2], ground)
