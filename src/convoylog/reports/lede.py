"""The sentence under the title: who went from where to where, and in how many days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from convoylog import geo
from convoylog.model.phrase import Phrase
from convoylog.model.trip import CarTrip, Trip
from convoylog.reports.words import Words

#: a car is back where it ends this near to its start, metres and share of its way; or, in the same town,
#: by that share of how far off it had been
_BACK_M, _BACK_SHARE = 2000.0, 0.2
#: texts of a town, of what is beside one, of a point on the map
_START = ("start_town", "start_beside", "start_point")
_GOAL = ("goal_town", "goal_beside", "goal_point")
#: places that each have their own preposition; of more the towns are named first
_EACH = 3
#: goals that a sentence tells; more say only that everybody went home
_GOALS = 3


def lede_of(trip: Trip, words: Words) -> str:
    """One sentence, of what is known."""
    if not trip.cars:
        return words.say("lede_no_car")
    # of a car without a recording nobody knows that it went along
    cars = [car for car in trip.cars if car.start_place] or trip.cars
    who = words.joined([car.car.name for car in cars])
    starts = _unlike(car.start_place for car in cars)
    goals = _unlike(car.end_place for car in cars)
    if not starts:
        return words.say(_without_track(trip), who=who)
    took = _took(trip, words)
    if len(goals) == len(starts) == 1 and goals == starts:
        if all(_came_back(car) for car in cars if len(car.track)):
            return words.say("lede_round", who=who, start=words.of(starts[0]), took=took)
        return words.say("lede_within", who=who, where=_where(goals, _GOAL, words), took=took)
    if len(cars) == 1:
        start, goal = words.of(starts[0]), words.of(goals[0] if goals else starts[0])
        return words.say("lede_way", who=who, start=start, goal=goal, took=took)
    said = _where(starts, _START, words)
    if len(goals) > _GOALS:
        return words.say("lede_convoy_open", who=who, starts=said, took=took)
    return words.say(
        "lede_convoy", who=who, starts=said, goals=_where(goals, _GOAL, words), took=took
    )


def _unlike(places: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(place for place in places if place))


def _without_track(trip: Trip) -> str:
    if any(len(car.untimed) for car in trip.cars):
        return "lede_no_clock"
    return "lede_no_track" if trip.story else "lede_nothing"


def _took(trip: Trip, words: Words) -> str:
    """As many days as the story has; those of a trip with pauses are not in one go."""
    days = [date.fromisoformat(day.day) for day in trip.days]
    in_one_go = not days or (max(days) - min(days)).days < len(days)
    return words.say("took" if in_one_go else "took_of", count=max(1, len(days)))


def _came_back(car: CarTrip) -> bool:
    lat, lon = car.track.lat, car.track.lon
    off = geo.apart_m(float(lat[0]), float(lon[0]), lat, lon)
    near = max(min(_BACK_M, _BACK_SHARE * car.distance_m), _BACK_SHARE * float(off.max()))
    return float(off[-1]) <= near and car.distance_m > 0


def _where(places: Sequence[str], role: tuple[str, str, str], words: Words) -> str:
    """Places as the end of a sentence: towns have one preposition together, what is beside a town or
    only a point on the map has its own."""
    town, beside, point = role
    towns = [words.of(place) for place in places if not isinstance(place, Phrase)]
    if towns and len(places) > _EACH:
        # the rest is counted, and nobody asks beside which town the others lie
        others = [words.of(place) for place in places if isinstance(place, Phrase)]
        return words.say(town, place=words.joined([*towns, *others]))
    said = [words.say(town, place=words.joined(towns))] if towns else []
    for place in places:
        if isinstance(place, Phrase):
            key = point if "lat" in place.values else beside
            said.append(words.say(key, place=words.of(place)))
    return words.joined(said)
