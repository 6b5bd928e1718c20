"""What cars drove on days of which nobody in them told anything: recordings alone are a story too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from convoylog.model.trip import Leg, Trip
from convoylog.reports.cast import Cast
from convoylog.reports.company import Happening, happening
from convoylog.reports.words import Words

#: metres below which a leg is told by the tables alone
_LEAST_M = 1_000.0
#: seconds at the wheel below which they would be told as none
_SEEN_S = 30.0
#: legs of one day that are told, the longest: a day of errands is no list
_MOST = 5


def driven(
    trip: Trip, cast: Sequence[Cast], words: Words, *, hide_times: bool
) -> tuple[Happening, ...]:
    """The longest legs of each day by cars that told nothing that day, in order of time.

    Cars that drove the same way are told together.
    """
    teller = {told.id: told.car for told in trip.story}
    rows: list[Happening] = []
    for day in trip.days:
        told = {teller[id_] for id_ in day.told if id_ in teller}
        rows += _of_day(_ways(cast, told, day.day), words, hide_times)
    return tuple(sorted(rows, key=lambda row: (row.at, row.text)))


_Way = Sequence[tuple[Cast, Leg]]


def _ways(cast: Sequence[Cast], told: Collection[str], day: str) -> list[_Way]:
    """Legs of the same name on a day, one of each car, the longest first."""
    ways: dict[tuple[str, int], list[tuple[Cast, Leg]]] = {}
    for member in cast:
        # who drives around one town twice drove two ways
        driven_before: Counter[str] = Counter()
        for leg in member.trip.legs if member.id not in told else ():
            if leg.day == day and leg.recorded and leg.distance_m >= _LEAST_M:
                ways.setdefault((leg.title, driven_before[leg.title]), []).append((member, leg))
                driven_before[leg.title] += 1
    return sorted(ways.values(), key=lambda way: -max(leg.distance_m for _, leg in way))


def _of_day(ways: Sequence[_Way], words: Words, hide_times: bool) -> list[Happening]:
    rows = []
    for way in ways[:_MOST]:
        first = min((leg for _, leg in way), key=lambda leg: leg.from_at)
        names = list(dict.fromkeys(member.name for member, _ in way))
        # of a way that hardly anything recorded nobody knows how long it took at the wheel
        seen = any(leg.moving_s >= _SEEN_S for _, leg in way)
        text = words.say(
            "drove" if seen else "drove_unseen",
            who=words.joined(names),
            leg=words.of(first.title),
            distance=_from_to(
                [words.way(leg.distance_m, leg.unrecorded_m) for _, leg in _by_length(way)]
            ),
            moving=_from_to([words.duration(leg.moving_s) for _, leg in _by_time(way)]),
        )
        cars = tuple(dict.fromkeys(member.id for member, _ in way))
        rows.append(happening(first.from_at, first.zone, "", text, cars, hide_times))
    return rows


def _by_length(way: _Way) -> _Way:
    return sorted(way, key=lambda row: row[1].distance_m)


def _by_time(way: _Way) -> _Way:
    return sorted(way, key=lambda row: row[1].moving_s)


def _from_to(amounts: Sequence[str]) -> str:
    return " – ".join(dict.fromkeys((amounts[0], amounts[-1])))
