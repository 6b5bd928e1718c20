"""What the logbook means, worked out: the one account every output tells from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from convoylog.errors import Problem
from convoylog.model.borders import Crossing, Passed, Stay, ZoneStay
from convoylog.model.carlog import NO_LOG, CarLog
from convoylog.model.convoy import ConvoyRules
from convoylog.model.logbook import Car, Entry, Share
from convoylog.model.mentions import Mention
from convoylog.model.tracks import NO_TRACK, Track

HOW = ("given", "gps", "between", "parked", "held", "unplaced")


@dataclass(frozen=True, slots=True)
class Placed:
    """When and where something happened, and how we know.

    at: UTC seconds or None. zone: IANA zone of the place, "" if unknown. offset_s: seconds east of
    UTC at that instant and zone. lat, lon: degrees or None. how: one of HOW.
    error_m: radius in metres or None. unsure: doubts. evidence: steps in plain words, for `explain`.
    """

    at: float | None
    how: str
    zone: str = ""
    offset_s: int = 0
    lat: float | None = None
    lon: float | None = None
    error_m: float | None = None
    unsure: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One thing of the story: an entry, or a photo that no entry shows.

    id: the entry's id; for a photo the stem of its file name. photos: SHA-256 of the originals.
    place: name of the place, "" if unknown. leg: title of the leg it falls in, or "".
    entry: the entry itself, None for a bare photo. share: the level after car and default.
    mentions: where `text` speaks to cars.
    """

    id: str
    kind: str
    car: str
    placed: Placed
    text: str = ""
    title: str = ""
    tags: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    reply_to: str = ""
    share: Share = "convoy"
    place: str = ""
    leg: str = ""
    entry: Entry | None = None
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Spent:
    """Where the time went, in seconds: moving + halted + unknown = elapsed, to the millisecond."""

    elapsed_s: float
    moving_s: float
    halted_s: float
    unknown_s: float

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            round(self.elapsed_s + other.elapsed_s, 3),
            round(self.moving_s + other.moving_s, 3),
            round(self.halted_s + other.halted_s, 3),
            round(self.unknown_s + other.unknown_s, 3),
        )


@dataclass(frozen=True, slots=True)
class OnDay:
    """What a car did on one local date, or one of its legs. distance_m: metres of the hops that begin
    on it. unrecorded_m: those of them over holes, as the crow flies."""

    distance_m: float
    spent: Spent
    unrecorded_m: float = 0.0

    def __add__(self, other: OnDay) -> OnDay:
        return OnDay(
            self.distance_m + other.distance_m,
            self.spent + other.spent,
            self.unrecorded_m + other.unrecorded_m,
        )


@dataclass(frozen=True, slots=True)
class Stop:
    """Stood still a while. from_at, to_at: UTC seconds. overnight: 4 h or more, or over 03:00."""

    from_at: float
    to_at: float
    lat: float
    lon: float
    place: str = ""
    overnight: bool = False

    @property
    def duration_s(self) -> float:
        return self.to_at - self.from_at


@dataclass(frozen=True, slots=True)
class Leg:
    """The driving between stops. day: local date of its departure, ISO. zone: IANA, at departure.

    moving_s + halted_s + unknown_s = elapsed_s; what a declared leg has beyond the recordings is
    unknown. recorded: False for the crossing of a hole, of which only the ends are known. by_day: local
    date → what of it falls on that, all of it together.
    """

    title: str
    from_at: float
    to_at: float
    distance_m: float
    moving_s: float
    day: str
    zone: str = ""
    to_zone: str = ""
    start_place: str = ""
    end_place: str = ""
    declared: bool = False
    recorded: bool = True
    halted_s: float = 0.0
    unknown_s: float = 0.0
    by_day: Mapping[str, OnDay] = field(default_factory=dict)

    @property
    def elapsed_s(self) -> float:
        return round(self.moving_s + self.halted_s + self.unknown_s, 3)

    @property
    def spent(self) -> Spent:
        return Spent(self.elapsed_s, self.moving_s, self.halted_s, self.unknown_s)

    @property
    def unrecorded_m(self) -> float:
        """Metres of it over holes, as the crow flies."""
        return sum(part.unrecorded_m for part in self.by_day.values())


@dataclass(frozen=True, slots=True, eq=False)
class CarTrip:
    """One car's account. moving + halted + unknown = elapsed, all seconds; distances in metres.

    from_at, to_at: first and last known instant, None without any. track: cleaned and fused, in
    time order. max_speed_mps, ascent_m, descent_m: None where the recordings cannot tell.
    climb_error_m: how wrong ascent and descent may be. barometric: whether all recorders told
    heights by air pressure. crept_m: metres slower than at walking pace,
    which count as standing.
    dropped: reason → points left out. points: trackpoints recorded, dropped ones included.
    regions: (country code, region code, name) in order of first visit. log: fuel, bills, odometer.
    stays: region by region, tiling the time and the metres. crossings, zones, towns: in time order.
    untimed: what was recorded without a clock; either direction may be the driven one.
    """

    car: Car
    track: Track
    from_at: float | None = None
    to_at: float | None = None
    elapsed_s: float = 0.0
    moving_s: float = 0.0
    halted_s: float = 0.0
    unknown_s: float = 0.0
    distance_m: float = 0.0
    unrecorded_m: float = 0.0
    crept_m: float = 0.0
    max_speed_mps: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    highest_m: float | None = None
    climb_error_m: float | None = None
    barometric: bool | None = None
    points: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    stops: tuple[Stop, ...] = ()
    legs: tuple[Leg, ...] = ()
    regions: tuple[tuple[str, str, str], ...] = ()
    log: CarLog = NO_LOG
    stays: tuple[Stay, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    zones: tuple[ZoneStay, ...] = ()
    towns: tuple[Passed, ...] = ()
    start_place: str = ""
    end_place: str = ""
    untimed: Track = NO_TRACK

    def leg_at(self, at: float | None) -> Leg | None:
        """The leg at an instant: at a leg's very end its own, at a begin the one's that begins."""
        inside = [leg for leg in self.legs if at is not None and leg.from_at <= at <= leg.to_at]
        return inside[-1] if inside else None


@dataclass(frozen=True, slots=True)
class Day:
    """One local date. day: ISO. number: 1 for the first. title: "Omaha – Denver" or what people said.

    distance_m: car id → metres on that date, where there are any; unrecorded_m: those of them over
    holes, as the crow flies. told: ids of the story in order. spent: car id → where the seconds of that
    date went, for the part its recordings span.
    """

    day: str
    number: int
    title: str
    distance_m: Mapping[str, float]
    told: tuple[str, ...]
    spent: Mapping[str, Spent] = field(default_factory=dict)
    unrecorded_m: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trip:
    """The account of all cars. cars: in the order of the logbook. story: by instant, then id;
    what has no instant comes last, by id. convoy_rules: for `trips.convoy.convoy_of`, which tells who
    drove with whom from these very cars, for those who ask. part: where this is a part of a trip, the
    whole's title and what part, for the names of files. everyone: there, all cars of the whole: a car
    looks the same in every part, and those that only answer have a name."""

    title: str
    cars: tuple[CarTrip, ...]
    story: tuple[Told, ...]
    days: tuple[Day, ...]
    from_at: float | None = None
    to_at: float | None = None
    problems: tuple[Problem, ...] = ()
    convoy_rules: ConvoyRules = field(default_factory=ConvoyRules)
    part: tuple[str, ...] = ()
    everyone: tuple[Car, ...] = ()
