"""What a report says: chosen and worded once, told by every renderer.

Text here is text, never HTML or Markdown. Metres and UTC come in, what people read goes out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from convoylog.model.convoy import Convoy
from convoylog.model.photos import Picture
from convoylog.model.trip import Day, Trip
from convoylog.places.names import from_afar
from convoylog.reports.carlog import LogLine, log_lines
from convoylog.reports.cast import Cast, cast_of, faces_of, guests_of
from convoylog.reports.company import Happening, PairLine, happenings, pair_lines
from convoylog.reports.crossed import CrossingLine, crossing_lines
from convoylog.reports.driven import driven
from convoylog.reports.fitting import Reduced, sentences
from convoylog.reports.lede import lede_of
from convoylog.reports.legs import LegLine, leg_lines
from convoylog.reports.parties import Party, parties_of
from convoylog.reports.regions import Visited, visited_by
from convoylog.reports.story import Item, Storyteller
from convoylog.reports.words import Words, words_for

#: metres from which on a car drove that day; less is a fix that wanders
_DRIVEN_M = 50.0

#: cars of each of which a sentence may say what is not known
_NAMED = 3

#: nothing known of anybody's company
NO_CONVOY = Convoy()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A day. heading: like on a highway sign. line: date, cars and distance.

    metres: car id → how far; unrecorded: how much of that over holes.
    """

    number: int
    day: str
    anchor: str
    heading: str
    line: str
    items: tuple[Item, ...]
    metres: Mapping[str, float]
    unrecorded: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. figures: (number, word). notices: what is unknown, left out or doubtful.

    logs: the cars' fuel and bills. happenings: meetings and partings. driven: legs of cars
    that told nothing that day. pairs: who drove with whom.
    crossings: borders passed. part: a slug of what part of a trip it tells, "" for all of it.
    guests: cars that are no part of it and only answer. parties: many cars in groups.
    hide_times: dates and order are told, clock times are not. words: how all of it speaks.
    """

    title: str
    kicker: str
    lede: str
    slug: str
    figures: tuple[tuple[str, str], ...]
    cast: tuple[Cast, ...]
    chapters: tuple[Chapter, ...]
    undated: tuple[Item, ...]
    legs: tuple[LegLine, ...]
    visited: tuple[Visited, ...]
    notices: tuple[str, ...]
    trip: Trip
    words: Words
    hide_times: bool = False
    logs: tuple[LogLine, ...] = ()
    convoy: Convoy = NO_CONVOY
    happenings: tuple[Happening, ...] = ()
    driven: tuple[Happening, ...] = ()
    pairs: tuple[PairLine, ...] = ()
    crossings: tuple[CrossingLine, ...] = ()
    part: str = ""
    guests: tuple[Cast, ...] = ()
    parties: tuple[Party, ...] = ()


def make_report(
    trip: Trip,
    *,
    pictures: Mapping[str, Picture],
    left_out: tuple[str, ...] = (),
    hide_times: bool = False,
    convoy: Convoy = NO_CONVOY,
    words: Words | None = None,
    without: Collection[str] = (),
    reduced: Reduced | None = None,
) -> Report:
    """Choose and word a report.

    pictures: SHA-256 of a photo → what can be shown of it. left_out: what privacy took away.
    convoy: who drove with whom. words: English and kilometres if None. without: SHA-256 of photos left
    out on purpose. reduced: what was done to the photos so that they fit.
    """
    words = words or words_for()
    faces = faces_of(trip.everyone or [car.car for car in trip.cars])
    cast = tuple(cast_of(car, *faces[car.car.id], words) for car in trip.cars)
    guests = guests_of(trip, faces, words)
    by_car = {member.id: member for member in (*guests, *cast)}
    writer = Storyteller(trip, by_car, pictures, words, hide_times, without)
    chapters = tuple(_chapter(day, writer, cast) for day in trip.days)
    in_days = {told for day in trip.days for told in day.told}
    undated = [t for t in trip.story if t.id not in in_days and t.car in by_car]
    photos = sum(len(item.photos) for item in writer.made)
    visited = visited_by(cast)
    metres = sum(car.distance_m for car in trip.cars)
    dates = [day.day for day in trip.days]
    return Report(
        title=words.of(trip.title) or words.say("untitled"),
        kicker=" · ".join(filter(None, (words.say("kicker"), words.span_of_days(dates)))),
        lede=lede_of(trip, words),
        slug=_named(trip.part or (trip.title,)),
        part=_named(trip.part[1:]) if trip.part else "",
        figures=_figures(cast, metres, visited, trip, photos, words),
        cast=cast,
        guests=guests,
        chapters=chapters,
        undated=tuple(writer.items(undated)),
        legs=leg_lines(cast, words, hide_times=hide_times),
        visited=visited,
        notices=_notices(trip, cast, left_out, writer, reduced),
        trip=trip,
        words=words,
        hide_times=hide_times,
        convoy=convoy,
        parties=parties_of(cast, convoy, words),
        happenings=happenings(convoy, cast, words, hide_times=hide_times),
        driven=driven(trip, cast, words, hide_times=hide_times),
        pairs=pair_lines(convoy, cast, words),
        crossings=crossing_lines(trip.cars, words, hide_times=hide_times),
        logs=log_lines(((member.id, member.trip.log) for member in cast), words),
    )


def _named(parts: tuple[str, ...]) -> str:
    """A slug of several texts, so that a part of a trip never has the name of the whole."""
    return "-".join(slug_of(part) or "trip" for part in parts)


def slug_of(text: str) -> str:
    import re
    import unicodedata

    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^0-9a-z]+", "-", plain).strip("-")[:60].strip("-")


def _figures(
    cast: tuple[Cast, ...],
    metres: float,
    visited: tuple[Visited, ...],
    trip: Trip,
    photos: int,
    words: Words,
) -> tuple[tuple[str, str], ...]:
    countries = {v.country_code for v in visited}
    if len(countries) > 1:
        crossed = ("figure_countries", Decimal(len(countries)))
    else:
        kind = "figure_states" if countries == {"US"} else "figure_regions"
        crossed = (kind, Decimal(len(visited)))
    way = words.far(metres)
    # below ten, a digit more; what is no way at all is not told
    counts = (
        ("figure_cars", Decimal(len(cast))),
        (f"figure_{words.units}", Decimal(f"{way:.{0 if way >= 10 else 1}f}")),
        crossed,
        ("figure_days", Decimal(len(trip.days))),
        ("figure_photos", Decimal(photos)),
    )
    told = {key: words.say(key, count=count) for key, count in counts if count}
    unrecorded = sum(member.trip.unrecorded_m for member in cast)
    key = f"figure_{words.units}"
    if key in told and (distance := words.unrecorded(metres, unrecorded)):
        told[key] = words.say("figure_unrecorded", word=told[key], distance=distance)
    return tuple((words.written(count), told[key]) for key, count in counts if count)


def _chapter(day: Day, writer: Storyteller, cast: tuple[Cast, ...]) -> Chapter:
    told = [writer.by_id[key] for key in day.told if key in writer.by_id]
    moving = [c for c in cast if day.distance_m.get(c.id, 0) >= _DRIVEN_M]
    words = writer.words
    date_told = words.long_day(day.day)
    heading = words.of(from_afar(day.title)) or date_told
    parts = [date_told] if heading != date_told else []
    if moving:
        way = words.way(sum(day.distance_m.values()), sum(day.unrecorded_m.values()))
        parts.append(words.say("cars_driving", count=len(moving)))
        parts.append(words.say("distance_in_all", distance=way) if len(moving) > 1 else way)
    return Chapter(
        day.number,
        day.day,
        f"day-{day.number}",
        heading,
        " · ".join(parts),
        tuple(writer.items(told, day.day)),
        day.distance_m,
        day.unrecorded_m,
    )


def _unknown(cast: tuple[Cast, ...], words: Words) -> list[str]:
    """For how long nothing is known of whom: a sentence each, of many cars one with all of them."""
    missed = [
        member for member in cast if member.trip.from_at is not None and member.trip.unknown_s >= 60
    ]
    many = len(missed) > _NAMED
    alone, on_a_way = (
        ("unknown_of", "unknown_way_of") if many else ("notice_unknown", "notice_unknown_way")
    )
    said = []
    for member in missed:
        car, lasting = member.trip, words.duration(member.trip.unknown_s)
        way = {"distance": words.distance(car.unrecorded_m)} if car.unrecorded_m else {}
        said.append(words.say(on_a_way if way else alone, who=member.name, duration=lasting, **way))
    return [words.say("notice_unknown_cars", cars=", ".join(said))] if many else said


def _notices(
    trip: Trip,
    cast: tuple[Cast, ...],
    left_out: tuple[str, ...],
    writer: Storyteller,
    reduced: Reduced | None,
) -> tuple[str, ...]:
    """What the reader should know that the story does not say."""
    words = writer.words
    said = [words.of(sentence) for sentence in left_out]
    said += [
        words.say("notice_no_times", who=member.name)
        for member in cast
        if member.trip.from_at is None
    ]
    said += _unknown(cast, words)
    lost = [t for t in trip.story if t.placed.how == "unplaced"]
    if lost:
        said.append(words.say("notice_unplaced", count=len(lost), all=len(trip.story)))
    unseen = [photo for item in writer.made for photo in item.unseen]
    broken = sum(photo.broken for photo in unseen)
    if broken:
        said.append(words.say("notice_broken", count=broken))
    if reduced:
        said += sentences(reduced, words)
    elif len(unseen) > broken:
        said.append(words.say("notice_left_out", count=len(unseen) - broken))
    return tuple(said)
