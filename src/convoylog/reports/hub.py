"""Several trips told together: the trips, the cars over all of them, and where they met.

Each logbook is reduced to what this page shows before the next one is read (`hub_kept`); the page is
chosen and worded of what was kept. Metres and UTC come in, what people read goes out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from convoylog.model.alike import COLOURS
from convoylog.model.clocks import local_time
from convoylog.model.convoy import Passing, Rendezvous
from convoylog.model.logbook import Car
from convoylog.model.trip import CarTrip
from convoylog.reports.cast import Cast, labels_of
from convoylog.reports.hub_kept import KeptTrip, same_cars
from convoylog.reports.regions import Visited
from convoylog.reports.words import UNKNOWN, Words, words_for


@dataclass(frozen=True, slots=True)
class Ride:
    """A car on one trip. metres: None where no recording tells. again: it is told of another logbook
    already, of the same time, and counts once."""

    trip: int
    metres: float | None
    again: bool = False


@dataclass(frozen=True, slots=True)
class HubCar:
    """A car over all trips. rides: one for each trip it was on. metres: of all of them, None if unknown."""

    cast: Cast
    rides: tuple[Ride, ...]
    metres: float | None

    @property
    def name(self) -> str:
        return self.cast.name

    def on(self, trip: int) -> Ride | None:
        return next((ride for ride in self.rides if ride.trip == trip), None)


@dataclass(frozen=True, slots=True, eq=False)
class TripCard:
    """A trip. number: 1 for the first in time. cars: each once; riders: one for each of kept.cars.

    facts: short ones ("3 days", "1,204 km"). through: states or countries, in words.
    """

    number: int
    anchor: str
    title: str
    when: str
    facts: tuple[str, ...]
    through: str
    cars: tuple[Cast, ...]
    riders: tuple[Cast, ...]
    kept: KeptTrip


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


@dataclass(frozen=True, slots=True)
class Crossed:
    """A state or country and on how many trips somebody was there."""

    visited: Visited
    trips: int


@dataclass(frozen=True, slots=True)
class Hub:
    """The whole page. cards: newest first. span: the years. described: the sentence for links."""

    title: str
    kicker: str
    lede: str
    span: str
    figures: tuple[tuple[str, str], ...]
    cards: tuple[TripCard, ...]
    cars: tuple[HubCar, ...]
    companies: tuple[Company, ...]
    places: tuple[MeetingPlace, ...]
    encounters: tuple[Encounter, ...]
    crossed: tuple[Crossed, ...]
    american: bool
    notices: tuple[str, ...]
    words: Words
    metres: float = 0.0


def make_hub(
    trips: Iterable[KeptTrip],
    passings: Iterable[tuple[int, int, Passing]] = (),
    *,
    title: str = "",
    copies: Iterable[str] = (),
    unread: int = 0,
    hide_times: bool = False,
    words: Words | None = None,
) -> Hub:
    """Choose and word the page.

    passings: places in `trips` of the two cars' logbooks, and what happened. title: of the page, ""
    for one made of the trips. copies: titles of logbooks given twice, in one form or another. unread: how
    many logbooks could not be read.
    """
    words = words or words_for()
    names = dict.fromkeys(name or words.say("untitled") for name in copies)
    notices = [words.say("hub_copy", title=name) for name in names]
    if unread:
        notices.append(words.say("hub_unread", count=unread))
    return _Writer(tuple(trips), words, hide_times).hub(passings, title, tuple(notices))


@dataclass(slots=True)
class _Tally:
    """What adds up of two cars, or of one place."""

    driven_s: float = 0.0
    together_s: float = 0.0
    known_s: float = 0.0
    stood_s: float = 0.0
    met: list[tuple[float, int, Rendezvous]] = field(default_factory=list)
    trips: set[int] = field(default_factory=set)


class _Writer:
    """Words for several trips; numbers them in order of time."""

    def __init__(self, trips: Sequence[KeptTrip], words: Words, hide_times: bool) -> None:
        self.words, self.hide_times = words, hide_times
        self.untitled = words.say("untitled")
        order = sorted(range(len(trips)), key=lambda n: (trips[n].days or ("9999",), n))
        self.trips = [trips[n] for n in order]
        #: place in the trips as given → number on the page
        self.number = {n: place for place, n in enumerate(order, 1)}
        self.under = same_cars(trips)
        self.cast = {member.id: member for member in self._cast()}

    def hub(
        self, passings: Iterable[tuple[int, int, Passing]], title: str, notices: tuple[str, ...]
    ) -> Hub:
        say = self.words.say
        cars = self._cars()
        crossed = self._crossed()
        american = {row.visited.country_code for row in crossed} == {"US"}
        companies = self._companies()
        span = self._years()
        metres = sum(car.metres or 0.0 for car in cars)
        return Hub(
            title=title or say("hub_untitled", count=len(self.trips)),
            kicker=" · ".join(filter(None, (say("hub_kicker"), span))),
            lede=self._lede(cars, companies, crossed, metres),
            span=span,
            figures=self._figures(cars, crossed, american, metres),
            cards=tuple(self._card(n, trip) for n, trip in enumerate(self.trips, 1))[::-1],
            cars=cars,
            companies=companies,
            places=self._places(),
            encounters=tuple(self._encounter(*row) for row in passings),
            crossed=crossed,
            american=american,
            notices=(*notices, *self._twice(cars), *self._left_out()),
            words=self.words,
            metres=metres,
        )

    # --- cars

    def _cast(self) -> list[Cast]:
        """Every car once, as its latest trip tells it; colours differ within every trip if they can."""
        told: dict[str, CarTrip] = {}
        beside: dict[str, set[str]] = {}
        for trip in self.trips:
            ids = [self.under[car.car.id] for car in trip.cars]
            for key, car in zip(ids, trip.cars, strict=True):
                told[key] = car
                beside.setdefault(key, set()).update(ids)
        colours = _colours({key: car.car for key, car in told.items()}, beside)
        labels = labels_of([car.car for car in told.values()])
        names = self._names({key: car.car for key, car in told.items()})
        return [
            Cast(key, names[key], label, colours[key], car.car.driver, car.car.vehicle, "", car)
            for (key, car), label in zip(told.items(), labels, strict=True)
        ]

    def _names(self, cars: Mapping[str, Car]) -> dict[str, str]:
        """Names; of cars that share one, each with the last trip it was on."""
        rivals: dict[str, list[str]] = {}
        for key, car in cars.items():
            rivals.setdefault(car.name.strip().casefold(), []).append(key)
        names = {key: car.name for key, car in cars.items()}
        for group in rivals.values():
            if len(group) > 1:
                for key in group:
                    names[key] = f"{names[key]} ({self._last_title(key)})"
        return names

    def _last_title(self, key: str) -> str:
        titles = [t.title for t in self.trips if any(self.under[c.car.id] == key for c in t.cars)]
        return titles[-1] or self.untitled

    def _cars(self) -> tuple[HubCar, ...]:
        """The farthest first."""
        rows = []
        for key, member in self.cast.items():
            rides = self._rides(key)
            known = [ride.metres for ride in rides if ride.metres is not None and not ride.again]
            rows.append(HubCar(member, rides, sum(known) if known else None))
        return tuple(sorted(rows, key=lambda row: (-(row.metres or 0.0), row.name)))

    def _rides(self, key: str) -> tuple[Ride, ...]:
        """By trip. Of those that lie over each other in time the farthest counts."""
        found = [
            (n, car)
            for n, trip in enumerate(self.trips, 1)
            for car in trip.cars
            if self.under[car.car.id] == key
        ]
        counted: list[CarTrip] = []
        again = set()
        for n, car in sorted(found, key=lambda row: -row[1].distance_m):
            if any(_at_one_time(car, other) for other in counted):
                again.add(n)
            else:
                counted.append(car)
        return tuple(
            Ride(n, car.distance_m if car.from_at is not None else None, n in again)
            for n, car in found
        )

    def _of(self, ids: Collection[str]) -> tuple[Cast, ...]:
        """The cars of some ids, each once, in the order of the cast."""
        keys = {self.under[i] for i in ids if i in self.under}
        return tuple(member for key, member in self.cast.items() if key in keys)

    # --- the head of the page

    def _years(self) -> str:
        years = sorted(day[:4] for trip in self.trips for day in trip.days if day[:4].isdigit())
        return "" if not years else "–".join(dict.fromkeys((years[0], years[-1])))

    def _lede(
        self,
        cars: Sequence[HubCar],
        companies: Sequence[Company],
        crossed: Sequence[Crossed],
        metres: float,
    ) -> str:
        say = self.words.say
        counted = {
            "trips": say("hub_trips", count=len(self.trips)),
            "cars": say("hub_cars", count=len(cars)),
        }
        distance = self.words.distance(metres)
        through = self._through([row.visited for row in crossed])
        if not metres:
            text = say("hub_lede_no_track", **counted)
        elif through:
            text = say("hub_lede", **counted, distance=distance, through=through)
        else:
            text = say("hub_lede_nowhere", **counted, distance=distance)
        if companies and companies[0].driven != UNKNOWN:
            best = companies[0]
            text += " " + say("hub_lede_company", a=best.a.name, b=best.b.name, driven=best.driven)
        return text

    def _through(self, visited: Sequence[Visited]) -> str:
        """Countries; of one country alone its states."""
        codes = list(dict.fromkeys(v.country_code for v in visited))
        if len(codes) > 1:
            return self.words.joined([self.words.country(code, code) for code in codes])
        return self.words.joined([v.name for v in visited])

    def _figures(
        self, cars: Sequence[HubCar], crossed: Sequence[Crossed], american: bool, metres: float
    ) -> tuple[tuple[str, str], ...]:
        words = self.words
        days = {day for trip in self.trips for day in trip.days}
        countries = {row.visited.country_code for row in crossed}
        far = round(words.far(metres))
        rows = [("hub_figure_trips", len(self.trips)), ("figure_cars", len(cars))]
        rows += [(f"figure_{words.units}", far)] if far else []
        rows += [("figure_days", len(days))] if days else []
        if len(countries) > 1:
            rows.append(("figure_countries", len(countries)))
        elif crossed:
            rows.append(("figure_states" if american else "figure_regions", len(crossed)))
        return tuple((words.number(count), words.say(key, count=count)) for key, count in rows)

    # --- trips

    def _card(self, number: int, trip: KeptTrip) -> TripCard:
        words = self.words
        facts = [words.say("hub_days", count=len(trip.days))] if trip.days else []
        if trip.metres:
            facts.append(words.distance(trip.metres))
        if trip.cars:
            facts.append(words.say("cars_driving", count=len(trip.cars)))
        regions = dict.fromkeys(region for car in trip.cars for region in car.regions)
        return TripCard(
            number=number,
            anchor=f"trip-{number}",
            title=trip.title or self.untitled,
            when=words.span_of_days(trip.days),
            facts=tuple(facts),
            through=self._through([Visited(*region, ()) for region in regions]),
            cars=self._of([car.car.id for car in trip.cars]),
            riders=tuple(self.cast[self.under[car.car.id]] for car in trip.cars),
            kept=trip,
        )

    def _crossed(self) -> tuple[Crossed, ...]:
        """Every region once: by country, most trips first."""
        found: dict[tuple[str, str, str], tuple[set[int], list[str]]] = {}
        for n, trip in enumerate(self.trips):
            for car in trip.cars:
                for region in car.regions:
                    numbers, ids = found.setdefault(region, (set(), []))
                    numbers.add(n)
                    ids.append(car.car.id)
        rows = [
            Crossed(Visited(*region, self._of(ids)), len(numbers))
            for region, (numbers, ids) in found.items()
        ]
        first = {row.visited.country_code: n for n, row in reversed(list(enumerate(rows)))}
        return tuple(sorted(rows, key=lambda row: (first[row.visited.country_code], -row.trips)))

    # --- who met whom

    def _companies(self) -> tuple[Company, ...]:
        tallies: dict[tuple[str, str], _Tally] = {}
        for number, trip in enumerate(self.trips, 1):
            for pair in trip.pairs:
                tally = self._tally(tallies, pair.a, pair.b)
                if tally is None:
                    continue
                tally.known_s += pair.both_known_s
                tally.together_s += pair.together_s
                if pair.episodes:
                    tally.driven_s += sum(pair.lead_s.values())
                    tally.trips.add(number)
            for met in trip.rendezvous:
                for n, a in enumerate(met.cars):
                    for b in met.cars[n + 1 :]:
                        tally = self._tally(tallies, a, b)
                        if tally is not None:
                            tally.met.append((met.to_at, number, met))
                            tally.trips.add(number)
        rows = [(key, tally) for key, tally in tallies.items() if tally.trips]
        longest = max((tally.driven_s for _, tally in rows), default=0.0)
        rows.sort(key=lambda row: (-row[1].driven_s, -len(row[1].met), row[0]))
        return tuple(self._company(key, tally, longest) for key, tally in rows)

    def _tally(self, tallies: dict[tuple[str, str], _Tally], a: str, b: str) -> _Tally | None:
        if a not in self.under or b not in self.under or self.under[a] == self.under[b]:
            return None
        one, two = (member.id for member in self._of((a, b)))
        return tallies.setdefault((one, two), _Tally())

    def _company(self, key: tuple[str, str], tally: _Tally, longest: float) -> Company:
        last = max(tally.met, key=lambda row: row[0], default=None)
        told = ", ".join(filter(None, (self._day(last[2]), last[2].place))) if last else ""
        return Company(
            a=self.cast[key[0]],
            b=self.cast[key[1]],
            driven=self.words.duration(tally.driven_s) if tally.driven_s else UNKNOWN,
            share=self.words.percent(tally.together_s / tally.known_s if tally.known_s else None),
            met=len(tally.met),
            trips=tuple(sorted(tally.trips)),
            width=tally.driven_s / longest if longest else 0.0,
            last=told,
        )

    def _places(self) -> tuple[MeetingPlace, ...]:
        """Where cars stood together, the place of most meetings first."""
        tallies: dict[str, _Tally] = {}
        for number, trip in enumerate(self.trips, 1):
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
                place=place,
                times=self.words.say("hub_times", count=len(tally.met)),
                stood=self.words.duration(tally.stood_s),
                when=self.words.span_of_days(
                    [_local_day(met.from_at, met.zone) for _, _, met in tally.met]
                ),
                cars=self._of({car for _, _, met in tally.met for car in met.cars}),
                trips=tuple(sorted(tally.trips)),
            )
            for place, tally in rows
        )

    def _encounter(self, ours: int, theirs: int, passing: Passing) -> Encounter:
        words = self.words
        (a,), (b,) = self._of((passing.a,)), self._of((passing.b,))
        local = local_time(passing.at, passing.zone)
        clock = f"{local:%H:%M}" if local and not self.hide_times else ""
        day = _local_day(passing.at, passing.zone)
        when = [words.span_of_days([day]), clock, passing.place]
        parts = []
        if passing.together_s:
            parts.append(words.say("hub_drove", driven=words.duration(passing.together_s)))
        if passing.stood_s:
            parts.append(words.say("hub_stood", stood=words.duration(passing.stood_s)))
        if passing.closest_m is not None and not parts:
            parts.append(words.say("hub_passed", distance=words.height(passing.closest_m)))
        return Encounter(
            a, b, (self.number[ours], self.number[theirs]), ", ".join(filter(None, when)),
            words.joined(parts),
        )  # fmt: skip

    def _day(self, met: Rendezvous) -> str:
        return self.words.span_of_days([_local_day(met.from_at, met.zone)])

    # --- what the reader should know besides

    def _twice(self, cars: Sequence[HubCar]) -> list[str]:
        """Cars of two logbooks at one time."""
        return [
            self.words.say(
                "hub_twice", car=car.name, trip=self.trips[ride.trip - 1].title or self.untitled
            )
            for car in cars
            for ride in car.rides
            if ride.again
        ]

    def _left_out(self) -> list[str]:
        return [
            f"{trip.title or self.words.say('untitled')}: {sentence}"
            for trip in self.trips
            for sentence in trip.left_out
        ]


def _local_day(at: float, zone: str) -> str:
    """ISO date at a place, "" where it cannot be told."""
    local = local_time(at, zone)
    return local.date().isoformat() if local else ""


def _at_one_time(a: CarTrip, b: CarTrip) -> bool:
    if a.from_at is None or a.to_at is None or b.from_at is None or b.to_at is None:
        return False
    return a.from_at < b.to_at and b.from_at < a.to_at


def _colours(cars: Mapping[str, Car], beside: Mapping[str, Collection[str]]) -> dict[str, int]:
    """A colour a car: its own, else the one fewest have among those its company has not."""
    given: dict[str, int] = {}
    for key, car in cars.items():
        near = {given[other] for other in beside[key] if other in given}
        if car.colour in COLOURS and COLOURS.index(car.colour) not in near:
            given[key] = COLOURS.index(car.colour)
    for key in cars:
        near = {given[other] for other in beside[key] if other in given}
        used = list(given.values())
        free = [n for n in range(len(COLOURS)) if n not in near] or list(range(len(COLOURS)))
        given.setdefault(key, min(free, key=lambda n: (used.count(n), n)))
    return given
