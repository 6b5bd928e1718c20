"""Taking away what a level hides, from the values themselves, before anything is told.

Levels: `public` and `convoy` for others, `full` for oneself. What is cut is counted and said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from convoylog import geo
from convoylog.model.logbook import Entry, Logbook, RecordedPhoto, RecordedTrack
from convoylog.model.phrase import Phrase
from convoylog.model.tracks import MORE, OF_THE_DRIVE, Track, take

Level = Literal["public", "convoy", "full"]

#: metres around the two ends of another driver's tracks: there is a home, and nobody asked them
END_RADIUS_M = 500.0

SHOWN = {
    "public": frozenset({"public"}),
    "convoy": frozenset({"public", "convoy"}),
    "full": frozenset({"public", "convoy", "private"}),
}
#: readings of sensors that come along with a track
READINGS = {"public": (), "convoy": OF_THE_DRIVE, "full": tuple(MORE)}

#: cars that are named one by one; of more one sentence is told, not a sentence each
_NAMED = 3


#: a degree of latitude is nowhere shorter, WGS84; at the equator 110,574 m
LEAST_M_PER_DEGREE = 110_570.0


@dataclass(frozen=True, slots=True)
class Home:
    """A circle to hide: degrees and metres. Its centre was moved by a stored random offset."""

    lat: float
    lon: float
    radius_m: float = 500.0


@dataclass(frozen=True, slots=True)
class Cut:
    """logbook: what is left. left_out: sentences that say how much is missing, whose and why."""

    logbook: Logbook
    left_out: tuple[str, ...]


def cut(
    logbook: Logbook, level: Level, *, mine: Collection[str] = (), homes: Collection[Home] = ()
) -> Cut:
    """The logbook as people of a level may see it.

    mine: ids of the cars of whoever writes the report; of these, everything but what is marked
    private goes into a report, and their tracks keep their ends.
    """
    if level == "full":
        return Cut(logbook, ())
    names = {car.id: car.name for car in logbook.cars}
    shares = {car.id: car.share for car in logbook.cars}
    said: list[str] = []

    def shown(entry: Entry) -> bool:
        own = entry.share or shares.get(entry.car, "convoy")
        if entry.car in mine:
            return own != "private"
        return own in SHOWN[level]

    kept = [entry for entry in logbook.entries if shown(entry)]
    hidden = [entry for entry in logbook.entries if not shown(entry)]
    kept = _as_missed(kept, {entry.car for entry in hidden if entry.kind == "fuel"})
    said += _entries_not_shared(_by_name((entry.car for entry in hidden), names))
    told = {(e.car, sha) for e in kept for sha in e.photos}
    secret = {(e.car, sha) for e in hidden for sha in e.photos} - told

    def shows(photo: RecordedPhoto) -> bool:
        if (photo.car, photo.sha256) in secret:
            return False
        if photo.car in mine:
            return shares.get(photo.car) != "private"
        return shares.get(photo.car, "convoy") in SHOWN[level] or (photo.car, photo.sha256) in told

    photos = [photo for photo in logbook.photos if shows(photo)]
    gone = [photo for photo in logbook.photos if not shows(photo)]
    said += _photos_not_shared(_by_name((photo.car for photo in gone), names))
    tracks = _without_ends(logbook.tracks, mine)
    cut_ends = {a.car for a, b in zip(logbook.tracks, tracks, strict=True) if a is not b}
    if cut_ends:
        said.append(_ends_left_out(cut_ends, {track.car for track in logbook.tracks}, names))
    tracks = [_with_less(track, READINGS[level]) for track in tracks]
    if homes:
        tracks = [_outside(track, homes) for track in tracks]
        photos = [_without_position(photo, homes) for photo in photos]
        kept = [
            replace(e, position=None) if e.position and _inside_one(*e.position, homes) else e
            for e in kept
        ]
        said.append(Phrase("What lies within a home zone is left out."))
    left = replace(logbook, entries=tuple(kept), photos=tuple(photos), tracks=tuple(tracks))
    if hidden or gone:
        shared = {e.share or shares.get(e.car, "convoy") for e in hidden}
        shared |= {shares.get(photo.car, "convoy") for photo in gone}
        if level == "public" and "convoy" in shared:
            option = Phrase("The option --privacy convoy shows what is shared with the other cars.")
            said.append(option)
        if "private" in shared:
            said.append(Phrase("The option --privacy full shows what is private, for yourself."))
    return Cut(left, tuple(said))


def _ends_left_out(cut_ends: Set[str], recorded: Set[str], names: Mapping[str, str]) -> Phrase:
    """Whose ends are left out, in as few names as say it. cut_ends, recorded: ids of cars."""
    kept = names.keys() - cut_ends
    if len(cut_ends) > _NAMED and not kept:
        return Phrase(
            "The first and last {radius:m} of all {count} cars are left out.",
            radius=END_RADIUS_M,
            count=len(cut_ends),
        )
    # of a car without a track nobody must think that its ends are to be seen
    if len(cut_ends) > _NAMED * len(kept) and kept <= recorded:
        who = ", ".join(sorted(names[car] for car in kept))
        return Phrase(
            "The first and last {radius:m} of all cars but {who} are left out.",
            radius=END_RADIUS_M,
            who=who,
        )
    who = ", ".join(sorted({names.get(car, "?") for car in cut_ends}))
    return Phrase(
        "The first and last {radius:m} of {who} are left out.", radius=END_RADIUS_M, who=who
    )


def _entries_not_shared(rows: Sequence[tuple[str, int]]) -> list[Phrase]:
    """rows: names of cars, and how many entries of each."""
    if len(rows) > _NAMED:
        return [Phrase("Entries not shared for this report: {counts}.", counts=_counts(rows))]
    return [
        Phrase("1 entry of {name} not shared for this report.", name=name)
        if count == 1
        else Phrase("{count} entries of {name} not shared for this report.", count=count, name=name)
        for name, count in rows
    ]


def _photos_not_shared(rows: Sequence[tuple[str, int]]) -> list[Phrase]:
    """rows: names of cars, and how many photos of each."""
    if len(rows) > _NAMED:
        return [Phrase("Photos not shared for this report: {counts}.", counts=_counts(rows))]
    return [
        Phrase("1 photo of {name} not shared for this report.", name=name)
        if count == 1
        else Phrase("{count} photos of {name} not shared for this report.", count=count, name=name)
        for name, count in rows
    ]


def _counts(rows: Sequence[tuple[str, int]]) -> str:
    """ "Heron (3), Juniper (1)"."""
    return ", ".join(f"{name} ({count})" for name, count in rows)


def _as_missed(kept: list[Entry], cars: Collection[str]) -> list[Entry]:
    """Fills of cars that hide some of theirs: what was taken between two of them nobody can tell.

    Without that a hidden fill would make a car look frugal. All of a car's, since where a hidden
    one lay is not to be seen either.
    """
    return [replace(e, missed=True) if e.kind == "fuel" and e.car in cars else e for e in kept]


def _by_name(cars: Iterable[str], names: Mapping[str, str]) -> list[tuple[str, int]]:
    """Names of cars and how often each came. cars: ids."""
    return sorted(Counter(names.get(car, "?") for car in cars).items())


def _without_ends(tracks: tuple[RecordedTrack, ...], mine: Collection[str]) -> list[RecordedTrack]:
    """Other drivers' tracks without what lies around their very first and very last point."""
    ends = {car: _ends([t for t in tracks if t.car == car]) for car in {t.car for t in tracks}}
    result = []
    for track in tracks:
        circles = ends[track.car]
        if track.car in mine or not circles:
            result.append(track)
            continue
        homes = [Home(lat, lon, END_RADIUS_M) for lat, lon in circles]
        result.append(_outside(track, homes))
    return result


def _ends(tracks: list[RecordedTrack]) -> list[tuple[float, float]]:
    """First and last position of a car, by time where there is one, else by order."""
    first: tuple[float, float, float] | None = None
    last: tuple[float, float, float] | None = None
    for recorded in tracks:
        for track in recorded.recording.tracks:
            known = np.flatnonzero(np.isfinite(track.time))
            order = (
                known[np.argsort(track.time[known], kind="stable")]
                if len(known)
                else np.arange(len(track))
            )
            if not len(order):
                continue
            a, b = order[0], order[-1]
            start = (float(np.nan_to_num(track.time[a])), float(track.lat[a]), float(track.lon[a]))
            end = (float(np.nan_to_num(track.time[b])), float(track.lat[b]), float(track.lon[b]))
            first = start if first is None or start < first else first
            last = end if last is None or end > last else last
    return [row[1:] for row in (first, last) if row is not None]


def _outside(recorded: RecordedTrack, homes: Collection[Home]) -> RecordedTrack:
    """The recording without the points inside the circles; a hole stays a break."""
    tracks = tuple(cut_track(track, homes) for track in recorded.recording.tracks)
    if all(a is b for a, b in zip(tracks, recorded.recording.tracks, strict=True)):
        return recorded
    return replace(recorded, recording=replace(recorded.recording, tracks=tracks))


def _with_less(recorded: RecordedTrack, readings: Collection[str]) -> RecordedTrack:
    """The recording with these readings only, and without waypoints.

    A device writes all it ever marked into a file, homes of friends included.
    """
    tracks = tuple(
        replace(track, more={key: track.more[key] for key in track.more if key in readings})
        if track.more.keys() - set(readings)
        else track
        for track in recorded.recording.tracks
    )
    return replace(recorded, recording=replace(recorded.recording, tracks=tracks, waypoints=()))


def cut_track(track: Track, homes: Collection[Home]) -> Track:
    """The track without the points inside any circle; itself if none is."""
    inside: NDArray[np.bool_] = np.zeros(len(track), dtype=bool)
    for home in homes:
        # nearly all of a day lies too far to the north or south, and costs no geodesic
        north = np.abs(track.lat - home.lat) * LEAST_M_PER_DEGREE
        near = np.flatnonzero(north <= home.radius_m)
        apart = geo.apart_m(track.lat[near], track.lon[near], home.lat, home.lon)
        inside[near[apart <= home.radius_m]] = True
    if not inside.any():
        return track
    left = take(track, ~inside)
    # what lies on both sides of a cut is not joined by a line
    breaks = np.cumsum(np.diff(inside.astype(np.int64), prepend=0) == 1)
    segment = (track.segment * (len(track) + 1) + breaks)[~inside]
    numbers = np.unique(segment, return_inverse=True)[1] if len(segment) else segment
    return replace(left, segment=_frozen(numbers.astype(np.int64)))


def _frozen(column: NDArray[np.int64]) -> NDArray[np.int64]:
    column.flags.writeable = False
    return column


def _inside_one(lat: float, lon: float, homes: Collection[Home]) -> bool:
    return any(geo.distance_m(lat, lon, home.lat, home.lon) <= home.radius_m for home in homes)


def _without_position(photo: RecordedPhoto, homes: Collection[Home]) -> RecordedPhoto:
    facts = photo.photograph
    if facts.lat is None or facts.lon is None or not _inside_one(facts.lat, facts.lon, homes):
        return photo
    return replace(photo, photograph=replace(facts, lat=None, lon=None, ele=None))
