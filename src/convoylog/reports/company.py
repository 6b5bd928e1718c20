"""Who drove with whom, in words: happenings between the notes, and a table of pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from convoylog.model.clocks import local_time
from convoylog.model.convoy import Convoy, Event, Rendezvous
from convoylog.reports.words import Words

#: a wait or a stop together that is worth a line of its own, seconds
_WAITED_S, _STOOD_S = 600.0, 2700.0


class Member(Protocol):
    """A car of the report."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Happening:
    """Something between the cars. at: UTC seconds. clock, iso: local time, "" if hidden. cars: ids."""

    at: float
    day: str
    clock: str
    iso: str
    text: str
    place: str
    cars: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two cars, ids. driven: time both moved together. share: of the time both are known. overtakes: how
    often one passed the other. led: who was in front how much. driven_s: driven, in seconds."""

    a: str
    b: str
    driven: str
    share: str
    overtakes: str
    led: str
    driven_s: float


def happenings(
    convoy: Convoy, cast: Sequence[Member], words: Words, *, hide_times: bool = False
) -> tuple[Happening, ...]:
    """Meetings and partings in order of time. What a meeting says, a join at its place need not."""
    names = {member.id: member.name for member in cast}
    rows = [
        happening(
            event.at,
            event.zone,
            words.of(event.place),
            _of_event(event, names, words),
            event.cars + event.others,
            hide_times,
        )
        for event in convoy.events
    ]
    rows += [
        happening(
            met.from_at,
            met.zone,
            words.of(met.place),
            _of_meeting(met, names, words),
            met.cars,
            hide_times,
        )
        for met in convoy.rendezvous
        if max(met.waited_s.values(), default=0.0) >= _WAITED_S
        or met.to_at - met.from_at >= _STOOD_S
    ]
    return tuple(sorted(rows, key=lambda row: (row.at, row.text)))


def pair_lines(convoy: Convoy, cast: Sequence[Member], words: Words) -> tuple[PairLine, ...]:
    """A line for every two cars that drove together, the longest company first."""
    names = {member.id: member.name for member in cast}
    rows = []
    for pair in convoy.pairs:
        driven = sum(pair.lead_s.values())
        if not pair.episodes or pair.a not in names or pair.b not in names:
            continue
        leader = max(sorted(pair.lead_s), key=lambda car: pair.lead_s[car], default="")
        led = (
            f"{names[leader]} {words.percent(pair.lead_s[leader] / driven)}"
            if driven and leader in names
            else ""
        )
        rows.append(
            (
                -driven,
                PairLine(
                    pair.a,
                    pair.b,
                    words.duration(driven),
                    words.percent(pair.share),
                    words.number(len(pair.overtakes)),
                    led,
                    driven,
                ),
            )
        )
    return tuple(line for _, line in sorted(rows, key=lambda row: row[0]))


def in_company_s(convoy: Convoy, car: str) -> float:
    """Seconds a car was under way in a group of two or more."""
    groups = [g for g in convoy.groups if car in g.cars and len(g.cars) > 1]
    return sum(sum(g.lead_s.values()) for g in groups)


def happening(
    at: float, zone: str, place: str, text: str, cars: tuple[str, ...], hide_times: bool
) -> Happening:
    """At the local time of a zone, UTC if it has none."""
    local = local_time(at, zone)
    if local is None:
        return Happening(at, "", "", "", text, place, cars)
    day = f"{local:%Y-%m-%d}"
    if hide_times:
        return Happening(at, day, "", "", text, place, cars)
    return Happening(
        at, day, f"{local:%H:%M}", local.isoformat(timespec="seconds"), text, place, cars
    )


def _of_event(event: Event, names: Mapping[str, str], words: Words) -> str:
    who = words.joined([names.get(car, "?") for car in event.cars])
    others = words.joined([names.get(car, "?") for car in event.others])
    if event.kind == "join" and others:
        return words.say("joins", count=len(event.cars), who=who, others=others)
    if event.kind in ("join", "merge"):
        return words.say("meet", who=who)
    if event.kind == "leave" and others:
        return words.say("leaves", count=len(event.cars), who=who, others=others)
    return words.say("part", who=who)


def _of_meeting(met: Rendezvous, names: Mapping[str, str], words: Words) -> str:
    who = words.joined([names.get(car, "?") for car in met.cars])
    text = words.say("stood", who=who, duration=words.duration(met.to_at - met.from_at))
    longest = max(met.waited_s.items(), key=lambda row: (row[1], row[0]), default=("", 0.0))
    if longest[1] < _WAITED_S:
        return text
    waiting = [names.get(c, "?") for c, s in met.waited_s.items() if s >= longest[1] / 2]
    waited = words.say(
        "waited",
        count=len(waiting),
        who=words.joined(waiting),
        duration=words.duration(longest[1]),
    )
    return words.clauses((text, waited))
