"""The story: everybody's entries in words, with their photos, and answers under what they answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from convoylog.errors import UsageError
from convoylog.model.amounts import GALLONS, Kind, read_amount
from convoylog.model.mentions import Mention
from convoylog.model.photos import Picture
from convoylog.model.trip import HOW, Told, Trip
from convoylog.reports.cast import Cast
from convoylog.reports.gathered import gathered
from convoylog.reports.words import Words, decimals

#: kinds of entries whose facts need a word before them
_TOLD_KINDS = ("fuel", "expense", "rendezvous")


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
    """One thing of the story: what somebody told, or photos or amounts that belong together.

    group: those, else `told` alone, which is the first. company: the cars they are of; who: their names.
    anchor: unique within the report. clock: local time, "" if unknown or hidden. iso: the same with
    offset. facts: short ones ("32.1 l", "45.20 EUR"), of several cars what all of them have ("Fuel");
    each: then a car, and what it alone has, its clock first. how: how it was placed, in a few words.
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
    each: tuple[tuple[Cast, tuple[str, ...]], ...] = ()

    def facts_in_a_line(self, words: Words) -> str:
        """All facts, with their cars where there are several."""
        of_cars = (
            words.say("said", who=car.name, words=", ".join(facts)) for car, facts in self.each
        )
        return words.clauses(filter(None, (", ".join(self.facts), *of_cars)))


class Storyteller:
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
        facts, each = self._facts(group, clocks)
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
            facts=facts,
            each=each,
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

    def _facts(
        self, group: Sequence[Told], clocks: Sequence[str]
    ) -> tuple[tuple[str, ...], tuple[tuple[Cast, tuple[str, ...]], ...]]:
        """What all of them have, and the rest of each."""
        rows = [_facts(row, self.words) for row in group]
        if len(rows) < 2 or not any(rows):
            return rows[0], ()
        # the word for what they did
        word = 1 if group[0].kind in _TOLD_KINDS else 0
        return rows[0][:word], tuple(
            (self.cast[told.car], tuple(filter(None, (clock, *row[word:]))))
            for told, clock, row in zip(group, clocks, rows, strict=True)
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
    facts += [
        _amount(entry.amount, _COUNTED.get(entry.kind), words),
        _amount(entry.cost, "money", words),
    ]
    if entry.odometer:
        facts.append(words.say("fact_odometer", reading=entry.odometer))
    if entry.partial:
        facts.append(words.say("fact_partial"))
    return tuple(fact for fact in facts if fact)


#: what the amount of an entry is of
_COUNTED: dict[str, Kind] = {"fuel": "fuel", "expense": "money"}


def _amount(text: str, kind: Kind | None, words: Words) -> str:
    """With the digits and in the unit it was written, but a gallon says whose it is."""
    if not text or kind is None:
        return text
    try:
        amount = read_amount(text, kind)
    except UsageError:
        return text
    if amount.unit not in GALLONS:
        return f"{words.written(amount.number)} {amount.unit}"
    return words.amount(amount.number, amount.unit, decimals(amount.number))
