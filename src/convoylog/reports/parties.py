"""Many cars in a few groups a reader understands: where they set out, else whom they drove with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from convoylog.geo import distance_m
from convoylog.model.convoy import Convoy
from convoylog.model.trip import CarTrip
from convoylog.reports.words import Words

#: cars that are overlooked without groups; their names still fit beside each other
FEW = 6
#: metres between starts that are one city with its suburbs
_CITY_M = 60_000.0


class Member(Protocol):
    """A car of the report."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def trip(self) -> CarTrip: ...


@dataclass(frozen=True, slots=True)
class Party:
    """short: a name for a narrow place. cars: ids, in the order of the logbook."""

    name: str
    short: str
    cars: tuple[str, ...]


def parties_of(cast: Sequence[Member], convoy: Convoy, words: Words) -> tuple[Party, ...]:
    """Every car in one group; no groups of few cars, and a single one where nothing parts them."""
    if len(cast) <= FEW:
        return ()
    for found in (_by_start(cast, words), _by_company(cast, convoy, words)):
        # groups of one car are no help
        if 2 <= len(found) <= len(cast) / 2:
            return found
    return (Party(words.say("all_cars"), "", tuple(member.id for member in cast)),)


def _by_start(cast: Sequence[Member], words: Words) -> tuple[Party, ...]:
    cities: list[tuple[float, float, list[Member]]] = []
    elsewhere = []
    for member in cast:
        track = member.trip.track
        if not len(track) or not member.trip.start_place:
            elsewhere.append(member.id)
            continue
        lat, lon = float(track.lat[0]), float(track.lon[0])
        for city in cities:
            if distance_m(city[0], city[1], lat, lon) <= _CITY_M:
                city[2].append(member)
                break
        else:
            cities.append((lat, lon, [member]))
    parties = []
    for _, _, members in cities:
        places = Counter(member.trip.start_place for member in members)
        place = places.most_common(1)[0][0]
        name = words.say("from_place", place=place)
        parties.append(
            Party(name[:1].upper() + name[1:], place, tuple(member.id for member in members))
        )
    return (*parties, *_rest(elsewhere, words))


def _by_company(cast: Sequence[Member], convoy: Convoy, words: Words) -> tuple[Party, ...]:
    """Each car with the one it drove together with longest, chained."""
    longest: dict[str, tuple[float, str]] = {}
    for pair in convoy.pairs:
        for car, other in ((pair.a, pair.b), (pair.b, pair.a)):
            if pair.together_s > longest.get(car, (0.0, ""))[0]:
                longest[car] = (pair.together_s, other)
    party = {member.id: member.id for member in cast}
    for car, (_, other) in longest.items():
        if car in party and other in party:
            old, new = party[car], party[other]
            party = {key: new if value == old else value for key, value in party.items()}
    groups: dict[str, list[Member]] = {}
    for member in cast:
        groups.setdefault(party[member.id], []).append(member)
    alone = [member.id for members in groups.values() if len(members) == 1 for member in members]
    together = [
        Party(
            words.say("party_with", who=members[0].name),
            members[0].name,
            tuple(member.id for member in members),
        )
        for members in groups.values()
        if len(members) > 1
    ]
    return (*together, *_rest(alone, words))


def _rest(cars: Sequence[str], words: Words) -> tuple[Party, ...]:
    return (Party(words.say("party_rest"), "", tuple(cars)),) if cars else ()
