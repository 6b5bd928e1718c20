"""What a report says: chosen and worded once, told by every renderer.

Text here is text, never HTML or Markdown. Metres and UTC come in, what people read goes out.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from convoylog.errors import UsageError
from convoylog.model.amounts import GALLONS, read_amount
from convoylog.model.convoy import Convoy
from convoylog.model.logbook import Car, Entry
from convoylog.model.mentions import Mention
from convoylog.model.photos import Picture
from convoylog.model.tracks import make_track
from convoylog.model.trip import CarTrip, Day, Leg, Told, Trip
from convoylog.reports.carlog import LogLine, log_lines
from convoylog.reports.company import Happening, PairLine, happenings, pair_lines
from convoylog.reports.crossed import CrossingLine, crossing_lines
from convoylog.reports.fitting import Reduced, sentences
from convoylog.reports.gathered import gathered
from convoylog.reports.lede import lede_of
from convoylog.reports.parties import Party, parties_of
from convoylog.reports.words import UNKNOWN, Words, decimals, words_for

#: colours in the order cars get them; the style sheet knows each by its number
COLOURS = (
    "blue", "orange", "magenta", "green", "violet", "sky",
    "brown", "lilac", "red", "olive", "navy", "slate",
)  # fmt: skip

#: how a place is known, each with its words
HOW = ("given", "gps", "between", "parked", "held", "unplaced")
#: kinds of entries whose facts need a word before them
_TOLD_KINDS = ("fuel", "expense", "rendezvous")

#: how often the colours of many cars come, each time in dashes of their own
ROUNDS = 3

#: metres from which on a car drove that day; less is a fix that wanders
_DRIVEN_M = 50.0

#: nothing known of anybody's company
NO_CONVOY = Convoy()


@dataclass(frozen=True, slots=True)
class Cast:
    """A car as the reader meets it. colour: number of its colour, from 0. label: on its roundel."""

    id: str
    name: str
    label: str
    colour: int
    driver: str
    vehicle: str
    from_to: str
    trip: CarTrip


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo in the story. alt: a sentence for those who cannot see it. car: who took it."""

    picture: Picture
    car: Cast
    alt: str
    caption: str
    name: str


@dataclass(frozen=True, slots=True)
class Unseen:
    """A photo of the story that is not shown. text: what stands there, with its caption.

    broken: nobody could show it; else it was left out on purpose.
    """

    text: str
    broken: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of the story: what somebody told, or photos that belong together.

    group: those photos, else `told` alone, which is the first. company: the cars they are of; who: their names.
    anchor: unique within the report. clock: local time, "" if unknown or hidden. iso: the same with
    offset. facts: short ones ("32.1 l", "45.20 EUR"). how: how it was placed, in a few words.
    evidence: how, at length. answers: what others answered. quoted: (name, words) it answers, where
    that stands somewhere else; unseen: photos without a picture. mentions: where `text` speaks to
    cars of the cast.
    """

    anchor: str
    told: Told
    car: Cast
    clock: str
    iso: str
    zone_note: str
    title: str
    text: str
    place: str
    how: str
    evidence: tuple[str, ...]
    facts: tuple[str, ...]
    photos: tuple[Shown, ...]
    unseen: tuple[Unseen, ...]
    tags: tuple[str, ...]
    group: tuple[Told, ...]
    company: tuple[Cast, ...]
    who: str
    quoted: tuple[str, str] | None = None
    mentions: tuple[Mention, ...] = ()
    answers: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A day. heading: like on a highway sign. line: date, cars and distance."""

    number: int
    day: str
    anchor: str
    heading: str
    line: str
    items: tuple[Item, ...]
    metres: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class LegLine:
    """A leg in the table. at: its begin, UTC seconds."""

    car: Cast
    at: float
    day: str
    title: str
    clock: str
    distance: str
    moving: str
    note: str


@dataclass(frozen=True, slots=True)
class Visited:
    """A state or country crossed. code: ISO 3166-2 or the country's. cars: whose tracks touch it.

    at: UTC seconds when the first of them came there, None where that is not known; by: its id.
    """

    country_code: str
    code: str
    name: str
    cars: tuple[Cast, ...]
    at: float | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. figures: (number, word). notices: what is unknown, left out or doubtful.

    logs: the cars' fuel and bills. happenings: meetings and partings. pairs: who drove with whom.
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
    first_day: str
    trip: Trip
    words: Words
    hide_times: bool = False
    logs: tuple[LogLine, ...] = ()
    convoy: Convoy = NO_CONVOY
    happenings: tuple[Happening, ...] = ()
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
    faces = _faces(trip.everyone or [car.car for car in trip.cars])
    cast = tuple(_cast(car, *faces[car.car.id], words) for car in trip.cars)
    guests = _guests(trip, faces, words)
    by_car = {member.id: member for member in (*guests, *cast)}
    writer = _Writer(trip, by_car, pictures, words, hide_times, without)
    chapters = tuple(_chapter(day, writer, cast) for day in trip.days)
    in_days = {told for day in trip.days for told in day.told}
    undated = [t for t in trip.story if t.id not in in_days and t.car in by_car]
    photos = sum(len(item.photos) for item in writer.made)
    visited = _visited(cast)
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
        legs=tuple(
            _leg(member, leg, words, hide_times) for member in cast for leg in member.trip.legs
        ),
        visited=visited,
        notices=_notices(trip, cast, left_out, writer, reduced),
        first_day=trip.days[0].day if trip.days else "",
        trip=trip,
        words=words,
        hide_times=hide_times,
        convoy=convoy,
        parties=parties_of(cast, convoy, words),
        happenings=happenings(convoy, cast, words, hide_times=hide_times),
        pairs=pair_lines(convoy, cast, words),
        crossings=crossing_lines(trip.cars, words, hide_times=hide_times),
        logs=log_lines(((member.name, member.trip.log) for member in cast), words),
    )


def _named(parts: tuple[str, ...]) -> str:
    """A slug of several texts, so that a part of a trip never has the name of the whole."""
    return "-".join(slug_of(part) or "trip" for part in parts)


def slug_of(text: str) -> str:
    import re
    import unicodedata

    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^0-9a-z]+", "-", plain).strip("-")[:60].strip("-")


def _faces(cars: Sequence[Car]) -> dict[str, tuple[str, int]]:
    """Car id → what stands on its roundel, and the number of its colour."""
    return {
        car.id: (label, colour)
        for car, label, colour in zip(cars, labels_of(cars), _colours(cars), strict=True)
    }


def _colours(cars: Sequence[Car]) -> list[int]:
    """A colour for every car: the one it chose, else the next that nobody has."""
    chosen: list[int] = []
    for car in cars:
        wanted = COLOURS.index(car.colour) if car.colour in COLOURS else -1
        # of two that chose the same the first keeps it
        chosen.append(wanted if wanted not in chosen else -1)
    free = [n for n in range(len(COLOURS)) if n not in chosen]
    given = iter(free)
    # from the thirteenth car on, colours come again with other dashes, and their numbers go on
    most = len(COLOURS) * ROUNDS
    return [c if c >= 0 else next(given, n % most) for n, c in enumerate(chosen)]


def labels_of(cars: Sequence[Car]) -> list[str]:
    """What stands on each car's roundel, at most three signs, no two alike."""
    wanted = [car.number[:3] for car in cars]
    given: list[str] = []
    for label in wanted:
        # a number that two cars have gets a letter with the second
        tails = (f"{label[:2]}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")
        taken = label and label in given
        given.append(next((t for t in tails if t not in given), "") if taken else label)
    free = (str(n) for n in itertools.count(1) if str(n) not in given)
    return [label or next(free) for label in given]


def _guests(trip: Trip, faces: Mapping[str, tuple[str, int]], words: Words) -> tuple[Cast, ...]:
    """Cars that are no part of what is told and have an answer in it. Of their way nothing is told."""
    told = {row.car for row in trip.story} - {car.car.id for car in trip.cars}
    return tuple(
        _cast(CarTrip(car, make_track((), (), ())), *faces[car.id], words)
        for car in trip.everyone
        if car.id in told
    )


def _cast(car: CarTrip, label: str, colour: int, words: Words) -> Cast:
    ends = [place for place in (car.start_place, car.end_place) if place]
    without = "no_clock" if len(car.untimed) else "no_recording"
    from_to = words.say("from_place", place=words.of(ends[0])) if ends else words.say(without)
    return Cast(
        car.car.id, car.car.name, label, colour, car.car.driver,
        car.car.vehicle, from_to, car,
    )  # fmt: skip


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
    return tuple(
        (words.written(count), words.say(key, count=count)) for key, count in counts if count
    )


def _chapter(day: Day, writer: _Writer, cast: tuple[Cast, ...]) -> Chapter:
    told = [writer.by_id[key] for key in day.told if key in writer.by_id]
    moving = [c for c in cast if day.distance_m.get(c.id, 0) >= _DRIVEN_M]
    words = writer.words
    date_told = words.long_day(day.day)
    heading = words.of(day.title) or date_told
    parts = [date_told] if heading != date_told else []
    if moving:
        way = words.distance(sum(day.distance_m.values()))
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
    )


class _Writer:
    """Words for the things of the story; remembers what it made."""

    def __init__(
        self,
        trip: Trip,
        cast: Mapping[str, Cast],
        pictures: Mapping[str, Picture],
        words: Words,
        hide_times: bool,
        without: Collection[str] = (),
    ) -> None:
        self.trip, self.cast, self.pictures = trip, cast, pictures
        self.words, self.hide_times = words, hide_times
        self.without = without
        self.by_id = {told.id: told for told in trip.story if told.car in cast}
        self.anchors = {told.id: f"e{n}" for n, told in enumerate(trip.story, 1)}
        self.answers: dict[str, list[Told]] = {}
        for told in trip.story:
            if told.reply_to in self.by_id and told.car in cast and told.reply_to != told.id:
                self.answers.setdefault(told.reply_to, []).append(told)
        self.made: list[Item] = []
        self.zone_notes = _zone_notes(trip)

    def items(self, told: list[Told], day: str = "") -> list[Item]:
        """Items in order. An answer told on the same day stands under what it answers.

        day: ISO, the one they are told on; where something happened on another, its date is told.
        """
        here = {row.id for row in told}
        rows = (row for row in told if row.reply_to not in here or self._in_circle(row))
        return [
            self._item(group, here, {group[0].id}, day) for group in gathered(rows, self.answers)
        ]

    def _in_circle(self, row: Told) -> bool:
        """Hostile answers may answer each other: then none stands under another."""
        seen = {row.id}
        while row.reply_to in self.by_id:
            row = self.by_id[row.reply_to]
            if row.id in seen:
                return True
            seen.add(row.id)
        return False

    def _item(self, group: tuple[Told, ...], here: set[str], above: set[str], day: str) -> Item:
        told = group[0]
        company = tuple(dict.fromkeys(self.cast[row.car] for row in group))
        clocks = [self._clock(row, day)[0] for row in group]
        _, iso, zone_note = self._clock(told, day)
        answers = [
            self._item((answer,), here, above | {answer.id}, day)
            for answer in self.answers.get(told.id, [])
            if answer.id in here and answer.id not in above and not self._in_circle(answer)
        ]
        seen = [self._photos(row, clock) for row, clock in zip(group, clocks, strict=True)]
        quoted = None
        if told.reply_to and (told.reply_to not in here or self._in_circle(told)):
            other = self.by_id.get(told.reply_to)
            quoted = (
                (self.cast[other.car].name, _first_words(other.text or other.title))
                if other
                else ("", self.words.say("note_missing"))
            )
        item = Item(
            anchor=self.anchors[told.id],
            told=told,
            group=group,
            company=company,
            who=self.words.joined([car.name for car in company]),
            car=company[0],
            clock="–".join(dict.fromkeys((clocks[0], clocks[-1]))),
            iso=iso,
            zone_note=zone_note,
            title=told.title if told.kind != "leg" else "",
            text=told.text
            if told.kind != "leg"
            else (told.text or self.words.say("leg_entry", title=self.words.of(told.title))),
            place=self.words.of(told.place),
            how=" · ".join(
                dict.fromkeys(_how(row, self.words, alone=not group[1:]) for row in group)
            ),
            # the steps name clock times
            evidence=() if self.hide_times else self._evidence(group, clocks),
            facts=_facts(told, self.words),
            photos=tuple(photo for photos, _ in seen for photo in photos),
            unseen=tuple(photo for _, unseen in seen for photo in unseen),
            tags=told.tags,
            quoted=quoted,
            mentions=tuple(m for m in told.mentions if m.car in self.cast) if told.text else (),
            answers=tuple(answers),
        )
        self.made.append(item)
        return item

    def _clock(self, told: Told, day: str) -> tuple[str, str, str]:
        """(local time, the same in ISO 8601, the zone where it is another than the car's last).

        The time has its date where it is not that day's.
        """
        at = told.placed.at
        if at is None or self.hide_times:
            return "", "", ""
        try:
            local = datetime.fromtimestamp(at, UTC) + timedelta(seconds=told.placed.offset_s)
        except (ValueError, OverflowError, OSError):
            return "", "", ""
        minutes = told.placed.offset_s // 60
        sign = "-" if minutes < 0 else "+"
        iso = f"{local:%Y-%m-%dT%H:%M:%S}{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
        date = f"{self.words.short_day(iso[:10])}, " if day and iso[:10] != day else ""
        return f"{date}{local:%H:%M}", iso, self.zone_notes.get(told.id, "")

    def _evidence(self, group: tuple[Told, ...], clocks: Sequence[str]) -> tuple[str, ...]:
        """Step by step; of photos that belong together a line each."""
        if len(group) == 1:
            return _evidence(group[0], self.words)
        return tuple(
            f"{clock} {self.cast[row.car].name}: {'; '.join(_evidence(row, self.words))}"
            for row, clock in zip(group, clocks, strict=True)
        )

    def _photos(self, told: Told, clock: str) -> tuple[tuple[Shown, ...], tuple[Unseen, ...]]:
        car = self.cast[told.car]
        shown, unseen = [], []
        for n, sha in enumerate(told.photos, 1):
            caption = " · ".join(
                part for part in (car.name, self.words.of(told.place), clock) if part
            )
            picture = self.pictures.get(sha)
            if picture is None:
                broken = sha not in self.without
                key = "photo_broken" if broken else "photo_left_out"
                unseen.append(Unseen(self.words.say(key, photo=caption), broken))
                continue
            parts = [self.words.say("photo_by", who=car.name), self.words.of(told.place), clock]
            alt = ", ".join(part for part in parts if part)
            shown.append(Shown(picture, car, alt, caption, f"{self.anchors[told.id]}p{n}"))
        return tuple(shown), tuple(unseen)


def _zone_notes(trip: Trip) -> dict[str, str]:
    """Id → the zone, where a car's clocks have changed since it last spoke."""
    last: dict[str, tuple[str, int]] = {}
    notes = {}
    for told in trip.story:
        zone, offset = told.placed.zone, told.placed.offset_s
        if not zone:
            continue
        if told.car in last and last[told.car][1] != offset:
            notes[told.id] = zone.replace("_", " ")
        last[told.car] = (zone, offset)
    return notes


def _first_words(text: str, most: int = 90) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0]} …"


def _how(told: Told, words: Words, *, alone: bool) -> str:
    """How it was placed; of one alone, how sure that is."""
    how = words.say(f"how_{told.placed.how}") if told.placed.how in HOW else told.placed.how
    error = told.placed.error_m
    return (
        how
        if error is None or not alone
        else words.say("metres_off", how=how, radius=words.height(error))
    )


def _evidence(told: Told, words: Words) -> tuple[str, ...]:
    doubts = (words.say("doubt", doubt=words.of(doubt)) for doubt in told.placed.unsure)
    return (*map(words.of, told.placed.evidence), *doubts)


def _facts(told: Told, words: Words) -> tuple[str, ...]:
    """Amounts as somebody wrote them, in the units they chose."""
    entry = told.entry
    if entry is None:
        return ()
    if told.kind == "odometer":
        reading = entry.odometer
        return (words.say("fact_odometer_alone", reading=reading),) if reading else ()
    facts = [words.say(f"fact_{told.kind}") if told.kind in _TOLD_KINDS else ""]
    facts += [_amount(entry, words), entry.cost]
    if entry.odometer:
        facts.append(words.say("fact_odometer", reading=entry.odometer))
    if entry.partial:
        facts.append(words.say("fact_partial"))
    return tuple(fact for fact in facts if fact)


def _amount(entry: Entry, words: Words) -> str:
    """As it was written, but a gallon says whose it is."""
    try:
        amount = read_amount(entry.amount, "fuel") if entry.kind == "fuel" else None
    except UsageError:
        return entry.amount
    if amount is None or amount.unit not in GALLONS:
        return entry.amount
    return words.amount(amount.number, amount.unit, decimals(amount.number))


def _leg(member: Cast, leg: Leg, words: Words, hide_times: bool) -> LegLine:
    from zoneinfo import ZoneInfo

    def local(at: float, zone: str) -> str:
        try:
            instant = datetime.fromtimestamp(at, UTC)
            return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}" if zone else f"{instant:%H:%MZ}"
        except (KeyError, ValueError, OverflowError, OSError):
            return "?"

    begin, end = local(leg.from_at, leg.zone), local(leg.to_at, leg.to_zone or leg.zone)
    note = "" if leg.recorded else words.say("leg_unrecorded")
    if leg.recorded and leg.declared:
        note = words.say("leg_declared")
    return LegLine(
        member,
        leg.from_at,
        leg.day,
        words.of(leg.title),
        "" if hide_times else f"{begin}–{end}",
        words.distance(leg.distance_m),
        words.duration(leg.moving_s) if leg.recorded else UNKNOWN,
        note,
    )


def _visited(cast: tuple[Cast, ...]) -> tuple[Visited, ...]:
    """States crossed, in the order anybody first came there."""
    rows: dict[tuple[str, str, str], list[Cast]] = {}
    came: dict[tuple[str, str, str], tuple[float, str]] = {}
    for member in cast:
        for region in member.trip.regions:
            rows.setdefault(region, []).append(member)
        for stay in member.trip.stays:
            if (r := stay.region) is not None:
                region = (r.country_code, r.code, r.name)
                began = (stay.from_at, member.id)
                came[region] = min(came.get(region, began), began)
    return tuple(
        Visited(*region, tuple(cars), *came.get(region, (None, "")))
        for region, cars in rows.items()
    )


def _notices(
    trip: Trip,
    cast: tuple[Cast, ...],
    left_out: tuple[str, ...],
    writer: _Writer,
    reduced: Reduced | None,
) -> tuple[str, ...]:
    """What the reader should know that the story does not say."""
    words = writer.words
    said = [words.of(sentence) for sentence in left_out]
    for member in cast:
        car = member.trip
        if car.from_at is None:
            said.append(words.say("notice_no_times", who=member.name))
        elif car.unknown_s >= 60:
            lasting = words.duration(car.unknown_s)
            if car.unrecorded_m:
                way = words.distance(car.unrecorded_m)
                said.append(
                    words.say("notice_unknown_way", who=member.name, duration=lasting, distance=way)
                )
            else:
                said.append(words.say("notice_unknown", who=member.name, duration=lasting))
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


def as_date(day: str) -> date | None:
    """A local date from its ISO form."""
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None
