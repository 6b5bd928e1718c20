"""Several trips told together: the trips, the cars over all of them, and where they met.

Each logbook is reduced to what this page shows before the next one is read (`hub_kept`); the page is
chosen and worded of what was kept. Metres and UTC come in, what people read goes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from convoylog.model.convoy import Passing
from convoylog.reports.cast import Cast
from convoylog.reports.hub_cast import HubCar, HubCast
from convoylog.reports.hub_kept import KeptTrip, same_cars
from convoylog.reports.hub_met import Company, Encounter, MeetingPlace, Meetings, encounter
from convoylog.reports.regions import Visited
from convoylog.reports.words import UNKNOWN, Words, words_for


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


class _Writer:
    """Words for several trips; numbers them in order of time."""

    def __init__(self, trips: Sequence[KeptTrip], words: Words, hide_times: bool) -> None:
        self.words, self.hide_times = words, hide_times
        self.untitled = words.say("untitled")
        order = sorted(range(len(trips)), key=lambda n: (trips[n].days or ("9999",), n))
        self.trips = [trips[n] for n in order]
        #: place in the trips as given → number on the page
        self.number = {n: place for place, n in enumerate(order, 1)}
        self.cast = HubCast(self.trips, same_cars(trips), self.untitled)

    def hub(
        self, passings: Iterable[tuple[int, int, Passing]], title: str, notices: tuple[str, ...]
    ) -> Hub:
        say = self.words.say
        cars = self.cast.cars()
        crossed = self._crossed()
        american = {row.visited.country_code for row in crossed} == {"US"}
        met = Meetings(self.trips, self.cast, self.words)
        companies = met.companies()
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
            places=met.places(),
            encounters=tuple(
                encounter(
                    passing,
                    (self.number[ours], self.number[theirs]),
                    self.cast,
                    self.words,
                    hide_times=self.hide_times,
                )
                for ours, theirs, passing in passings
            ),
            crossed=crossed,
            american=american,
            notices=(*notices, *self._twice(cars), *self._left_out()),
            words=self.words,
            metres=metres,
        )

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
            cars=self.cast.of([car.car.id for car in trip.cars]),
            riders=tuple(self.cast.one(car.car.id) for car in trip.cars),
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
            Crossed(Visited(*region, self.cast.of(ids)), len(numbers))
            for region, (numbers, ids) in found.items()
        ]
        first = {row.visited.country_code: n for n, row in reversed(list(enumerate(rows)))}
        return tuple(sorted(rows, key=lambda row: (first[row.visited.country_code], -row.trips)))

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
            f"{trip.title or self.untitled}: {self.words.of(sentence)}"
            for trip in self.trips
            for sentence in trip.left_out
        ]
