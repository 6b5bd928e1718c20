"""Who met whom over several trips: pairs of cars, places, and cars of different logbooks near each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from convoylog.model.clocks import local_time
from convoylog.model.convoy import Passing, Rendezvous
from convoylog.reports.cast import Cast
from convoylog.reports.hub_cast import HubCast
from convoylog.reports.hub_kept import KeptTrip
from convoylog.reports.words import UNKNOWN, Words


@dataclass(frozen=True, slots=True)
class Company:
    """Two cars over all trips: how long they drove together, of the time both are known, and how often
    they stood at one place. width: of the longest company, 0 … 1. last: when and where they last met."""

    a: Cast
    b: Cast
    driven: str
    share: str
    met: int
    trips: tuple[int, ...]
    width: float
    last: str


@dataclass(frozen=True, slots=True)
class MeetingPlace:
    """Where cars stood together. times: how often. when: days; trips: numbers."""

    place: str
    times: str
    stood: str
    when: str
    cars: tuple[Cast, ...]
    trips: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Encounter:
    """Two cars of different logbooks near each other."""

    a: Cast
    b: Cast
    trips: tuple[int, int]
    when: str
    text: str


@dataclass(slots=True)
class _Tally:
    """What adds up of two cars, or of one place."""

    driven_s: float = 0.0
    together_s: float = 0.0
    known_s: float = 0.0
    stood_s: float = 0.0
    met: list[tuple[float, int, Rendezvous]] = field(default_factory=list)
    trips: set[int] = field(default_factory=set)


class Meetings:
    """What the cars of a cast had of each other on some trips, in order of time."""

    def __init__(self, trips: Sequence[KeptTrip], cast: HubCast, words: Words) -> None:
        self._trips, self._cast, self._words = trips, cast, words

    def companies(self) -> tuple[Company, ...]:
        """Those that drove together longest first, then those that met most often."""
        tallies: dict[tuple[str, str], _Tally] = {}
        for number, trip in enumerate(self._trips, 1):
            for pair in trip.pairs:
                key = self._pair(pair.a, pair.b)
                if key is None:
                    continue
                tally = tallies.setdefault(key, _Tally())
                tally.known_s += pair.both_known_s
                tally.together_s += pair.together_s
                if pair.episodes:
                    tally.driven_s += sum(pair.lead_s.values())
                    tally.trips.add(number)
            for met in trip.rendezvous:
                for n, a in enumerate(met.cars):
                    for b in met.cars[n + 1 :]:
                        if (key := self._pair(a, b)) is not None:
                            tally = tallies.setdefault(key, _Tally())
                            tally.met.append((met.to_at, number, met))
                            tally.trips.add(number)
        rows = [(key, tally) for key, tally in tallies.items() if tally.trips]
        longest = max((tally.driven_s for _, tally in rows), default=0.0)
        rows.sort(key=lambda row: (-row[1].driven_s, -len(row[1].met), row[0]))
        return tuple(self._company(key, tally, longest) for key, tally in rows)

    def _pair(self, a: str, b: str) -> tuple[str, str] | None:
        """The ids of two cars here, in the order of the cast; None if they are one, or not here."""
        members = self._cast.of((a, b))
        return (members[0].id, members[1].id) if len(members) == 2 else None

    def _company(self, key: tuple[str, str], tally: _Tally, longest: float) -> Company:
        last = max(tally.met, key=lambda row: row[0], default=None)
        told = (self._day(last[2]), self._words.of(last[2].place)) if last else ()
        return Company(
            a=self._cast.members[key[0]],
            b=self._cast.members[key[1]],
            driven=self._words.duration(tally.driven_s) if tally.driven_s else UNKNOWN,
            share=self._words.percent(tally.together_s / tally.known_s if tally.known_s else None),
            met=len(tally.met),
            trips=tuple(sorted(tally.trips)),
            width=tally.driven_s / longest if longest else 0.0,
            last=", ".join(filter(None, told)),
        )

    def places(self) -> tuple[MeetingPlace, ...]:
        """Where cars stood together, the place of most meetings first."""
        tallies: dict[str, _Tally] = {}
        for number, trip in enumerate(self._trips, 1):
            for met in trip.rendezvous:
                tally = tallies.setdefault(met.place or f"{met.lat:.2f}, {met.lon:.2f}", _Tally())
                tally.met.append((met.from_at, number, met))
                tally.stood_s += met.to_at - met.from_at
                tally.trips.add(number)
        rows = sorted(
            tallies.items(),
            key=lambda row: (-len(row[1].trips), -len(row[1].met), -row[1].stood_s, row[0]),
        )
        return tuple(
            MeetingPlace(
                place=self._words.of(place),
                times=self._words.say("hub_times", count=len(tally.met)),
                stood=self._words.duration(tally.stood_s),
                when=self._words.span_of_days(
                    [_local_day(met.from_at, met.zone) for _, _, met in tally.met]
                ),
                cars=self._cast.of({car for _, _, met in tally.met for car in met.cars}),
                trips=tuple(sorted(tally.trips)),
            )
            for place, tally in rows
        )

    def _day(self, met: Rendezvous) -> str:
        return self._words.span_of_days([_local_day(met.from_at, met.zone)])


def encounter(
    passing: Passing, trips: tuple[int, int], cast: HubCast, words: Words, *, hide_times: bool
) -> Encounter:
    """What two cars of different logbooks had of each other, in words. trips: their numbers."""
    local = local_time(passing.at, passing.zone)
    clock = f"{local:%H:%M}" if local and not hide_times else ""
    day = words.span_of_days([_local_day(passing.at, passing.zone)])
    parts = []
    if passing.together_s:
        parts.append(words.say("hub_drove", driven=words.duration(passing.together_s)))
    if passing.stood_s:
        parts.append(words.say("hub_stood", stood=words.duration(passing.stood_s)))
    if passing.closest_m is not None and not parts:
        parts.append(words.say("hub_passed", distance=words.height(passing.closest_m)))
    told = ", ".join(filter(None, (day, clock, words.of(passing.place))))
    return Encounter(cast.one(passing.a), cast.one(passing.b), trips, told, words.joined(parts))


def _local_day(at: float, zone: str) -> str:
    """ISO date at a place, "" where it cannot be told."""
    local = local_time(at, zone)
    return local.date().isoformat() if local else ""
