"""Who drove with whom: pairs, groups, meetings, as worked out of the tracks.

Seconds, metres, degrees WGS84, UTC. Cars are named by their ids. Unknown is None, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

EventKind = Literal["join", "leave", "split", "merge"]
Likeness = Literal["same", "part", "partly", ""]


@dataclass(frozen=True, slots=True)
class ConvoyRules:
    """Numbers a logbook may override. A reason stands at each.

    The clock ticks at UTC multiples of tick_s; a tick at t stands for [t, t + tick_s).
    """

    #: longest gap of two cars together: five minutes behind is still "in sight at the next stop"
    gap_s: float = 300.0
    #: cars so near are together whatever their roads: side by side in a town
    near_m: float = 500.0
    #: half the width of a road with its noise: both tracks' errors and the lanes
    corridor_m: float = 75.0
    #: courses further apart are another road, or the other direction
    course_deg: float = 60.0
    #: slower than walking there is no course to trust
    slow_mps: float = 1.5
    #: how long ago a car may have passed to count as ahead
    look_back_s: float = 7200.0
    #: apart for less than this, and together again, they never parted
    bridge_s: float = 600.0
    #: shorter companionship is chance
    shortest_s: float = 600.0
    #: whatever lies inside of an episode, known or not, is shorter than this
    hole_s: float = 1800.0
    #: stops of cars so near each other, for so long at once, are a rendezvous
    meet_m: float = 250.0
    meet_s: float = 120.0
    #: gaps below this change no order; an overtake is held so long on both sides
    order_s: float = 3.0
    held_s: float = 30.0
    tick_s: int = 10


@dataclass(frozen=True, slots=True)
class Episode:
    """Two cars together, from and to as UTC seconds."""

    from_at: float
    to_at: float


@dataclass(frozen=True, slots=True)
class Overtake:
    """One car passed the other: the instant of no gap, and who leads from then on."""

    at: float
    leader: str


@dataclass(frozen=True, slots=True)
class Closest:
    """The exact smallest distance of two cars at one instant, and where each was (lat, lon)."""

    distance_m: float
    at: float
    a: tuple[float, float]
    b: tuple[float, float]


@dataclass(frozen=True, slots=True)
class GapSpread:
    """Gaps while together, in seconds."""

    min: float
    median: float
    p95: float
    max: float


@dataclass(frozen=True, slots=True)
class SameRoute:
    """How much of two ways is one road, whenever driven. of_a, of_b: shares of each, 0 … 1.

    reversed_m: what the one drove in the other's opposite direction. likeness: of the whole ways.
    runs: how many pieces shared_m is made of.
    """

    shared_m: float
    of_a: float
    of_b: float
    reversed_m: float = 0.0
    likeness: Likeness = ""
    runs: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cars. share: ticks known for both inside episodes, of those known for both; None if none.

    lead_s: car id → seconds in front while known, moving and together; gap_s: while together.
    """

    a: str
    b: str
    both_known_s: float = 0.0
    together_s: float = 0.0
    share: float | None = None
    episodes: tuple[Episode, ...] = ()
    gap_s: GapSpread | None = None
    lead_s: Mapping[str, float] = field(default_factory=dict)
    overtakes: tuple[Overtake, ...] = ()
    closest: Closest | None = None
    same_route: SameRoute | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order of driving, leader first, and since when."""

    at: float
    cars: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Cars chained by episodes over a span; one car alone is a group too.

    cars: by the order of the logbook. order: leader first, as it was longest while moving.
    orders: every order with its begin, the first at from_at. length_s: median gap from the last car
    to the first while moving; None for one car, for cars that only stood or where nothing tells.
    lead_s: seconds in front.
    For every car its groups lie end to end over its known ticks, and nowhere else.
    """

    from_at: float
    to_at: float
    cars: tuple[str, ...]
    order: tuple[str, ...]
    orders: tuple[Ordered, ...] = ()
    length_s: float | None = None
    lead_s: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """Cars found or lost each other, seen by data on both sides; a hole in a recording is none.

    join: single cars become part of a group; merge: groups become one; leave: single cars part from
    a group; split: a group falls apart. cars: who joined or left; for merge and split all of them.
    others: the group joined or left. lat, lon: where the joining or the rear car was.
    """

    at: float
    kind: EventKind
    cars: tuple[str, ...]
    lat: float
    lon: float
    others: tuple[str, ...] = ()
    place: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Rendezvous:
    """Cars stopped at one place at one time: from the last arrival to the first departure.

    waited_s: car id → seconds from its arrival to the last one's.
    """

    from_at: float
    to_at: float
    cars: tuple[str, ...]
    lat: float
    lon: float
    waited_s: Mapping[str, float]
    place: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Converged:
    """How a car found the others first: metres and seconds alone before, where and with whom."""

    car: str
    alone_m: float
    alone_s: float
    joined_at: float
    joined: tuple[str, ...]
    lat: float
    lon: float
    place: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Convoy:
    """The whole account of the cars' company.

    pairs: every two cars, in the order of the logbook. groups, events, rendezvous, convergence: by
    time. warnings: hints about clocks, never applied.
    """

    pairs: tuple[Pair, ...] = ()
    groups: tuple[Group, ...] = ()
    events: tuple[Event, ...] = ()
    rendezvous: tuple[Rendezvous, ...] = ()
    convergence: tuple[Converged, ...] = ()
    warnings: tuple[str, ...] = ()
    rules: ConvoyRules = field(default_factory=ConvoyRules)


@dataclass(frozen=True, slots=True)
class Passing:
    """Two cars of different logbooks that came near each other. at, lat, lon: where they first did.

    together_s: in company on the road; stood_s: stopped at one place at one time; closest_m: the
    smallest distance at one instant, None where nothing tells.
    """

    a: str
    b: str
    at: float
    lat: float
    lon: float
    together_s: float = 0.0
    stood_s: float = 0.0
    closest_m: float | None = None
    place: str = ""
    zone: str = ""
