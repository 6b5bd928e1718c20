"""`convoylog convoy`: who drove with whom, who led, where they met, waited and parted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from convoylog.cli import context, here, screen, units
from convoylog.cli.options import (
    DayOption,
    JsonOption,
    LegOption,
    LogbookOption,
    OnlyCarOption,
)
from convoylog.cli.rows import instant
from convoylog.cli.visible import width
from convoylog.errors import UsageError

if TYPE_CHECKING:
    from convoylog.model.convoy import Convoy, ConvoyRules, Event, Pair
    from convoylog.model.logbook import Car
    from convoylog.model.trip import CarTrip, Trip

#: more cars are not compared two by two: 1,225 pairs, each asked whole, take a minute
FLEET = 50
#: what each rule is, as `--rules` says it
MEANINGS = {
    "gap_s": "longest gap of two cars together",
    "near_m": "so near they are together whatever the roads",
    "corridor_m": "how far beside another's way is still his road",
    "course_deg": "courses further apart are another road",
    "slow_mps": "slower has no course",
    "look_back_s": "how long ago a car may have passed",
    "bridge_s": "apart for less is not apart",
    "shortest_s": "together for less is chance",
    "hole_s": "longest hole or parting within one company",
    "meet_m": "how far apart cars stop at one rendezvous",
    "meet_s": "how long they stand there at once",
    "order_s": "smaller gaps change no order",
    "held_s": "how long an overtake lasts on both sides",
    "tick_s": "the common clock; fixed",
}


def convoy(
    car: OnlyCarOption = None,
    leg: LegOption = "",
    day: DayOption = "",
    rules: Annotated[
        bool, typer.Option("--rules", help="Print the numbers company is judged by.")
    ] = False,
    json: JsonOption = False,
    logbook: LogbookOption = None,
) -> int:
    """Who drove with whom, when and how far apart; who led; where they met and parted.

    A car without data is unknown: neither together nor apart. A logbook may
    set its own numbers in its logbook.toml; `--rules` prints those in use.
    Of more than 50 cars it tells who was together, and of `--car` all.

    Example:

        convoylog convoy --day 2
    """
    from convoylog.files import load
    from convoylog.trips.account import work_out
    from convoylog.trips.convoy import convoy_of

    root = context.find_logbook(logbook)
    whole = load.load(root, memory=here.memory())
    if rules and not json:
        _tell_rules(whole.convoy)
        return 0
    wanted = here.pick_car(load.read_cars(root), car).id if car is not None else ""
    if len(whole.cars) > FLEET:
        from convoylog.cli import convoy_fleet

        company = convoy_fleet.find(whole)
        names = _names(whole.cars)
        near = {i for pair in company.pairs if wanted in (pair.a, pair.b) for i in (pair.a, pair.b)}
        if not wanted or len(near) > FLEET:
            if day or leg:
                raise UsageError(
                    f"{len(whole.cars)} cars: a day or leg is told of one car's company",
                    hint="convoylog convoy --car NAME --day 2",
                )
            shown = _only(company, wanted) if wanted else company
            if json:
                screen.json_out(document(shown, names))
            else:
                convoy_fleet.tell(shown, names)
            return 0
        # those who were ever near that car are few: they are told like any convoy
        whole = replace(whole, cars=tuple(c for c in whole.cars if c.id in near | {wanted}))
    trip = work_out(whole)
    window = _window(trip, day, leg, wanted)
    found = convoy_of(trip, now=context.now().timestamp(), window=window)
    told = _only(found, wanted) if wanted else found
    names = _names([c.car for c in trip.cars])
    if json:
        screen.json_out(document(told, names))
        return 0
    if sum(c.from_at is not None for c in trip.cars) < 2:
        screen.talk("a convoy needs the tracks of two cars: `convoylog merge` what others hand you")
    else:
        # one car's strip stands among those it ever was with, and those are told whole
        mine = {i for group in told.groups for i in group.cars} | {wanted}
        rows = [c for c in trip.cars if not wanted or c.car.id in mine]
        _tell_strip(rows, found, names, window)
        _tell(told, names)
    for problem in trip.problems:
        screen.warn_problem(problem)
    return 0


def _names(cars: Sequence[Car]) -> dict[str, str]:
    """Car id → its name; cars of one name with their folders."""
    names = Counter(car.name for car in cars)
    return {
        car.id: car.name if names[car.name] == 1 else f"{car.name} ({car.folder})" for car in cars
    }


def _window(trip: Trip, day: str, leg: str, car: str) -> tuple[float, float] | None:
    """The span of time meant, UTC seconds; None for all. Raises UsageError."""
    from convoylog.trips.part import part_of

    if not day and not leg:
        return None
    part = part_of(
        trip,
        cars={car} if car else None,
        day=here.pick_day(trip, day) if day else None,
        legs=here.pick_legs(trip, leg) if leg else None,
    )
    if leg and not part.cars:
        raise UsageError(f"no leg {leg!r}", hint="`convoylog leg list` shows who drove which")
    known = [at for c in part.cars for at in (c.from_at, c.to_at) if at is not None]
    if not known:
        raise UsageError(f"no recording of {leg or day!r}", hint="`convoylog stats --by day`")
    return min(known), max(known)


def _only(found: Convoy, car: str) -> Convoy:
    """What concerns one car."""
    return replace(
        found,
        pairs=tuple(pair for pair in found.pairs if car in (pair.a, pair.b)),
        groups=tuple(group for group in found.groups if car in group.cars),
        events=tuple(e for e in found.events if car in (*e.cars, *e.others)),
        rendezvous=tuple(row for row in found.rendezvous if car in row.cars),
        convergence=tuple(row for row in found.convergence if car in (row.car, *row.joined)),
    )


# --- in words


def _tell_rules(rules: ConvoyRules) -> None:
    from convoylog.model.convoy import ConvoyRules

    usual = ConvoyRules()
    rows = []
    for field in fields(rules):
        value, default = getattr(rules, field.name), getattr(usual, field.name)
        said = "" if value == default else f"this logbook's own, usually {default:g}"
        rows.append([field.name, f"{value:g}", MEANINGS[field.name], said])
    screen.table(["rule", "value", "means", ""], rows, right={1})


def _tell(found: Convoy, names: dict[str, str]) -> None:
    if found.events:
        screen.tell("")
        for event in found.events:
            day, clock = _local(event.at, event.zone)
            screen.tell_beside(f"{day} {clock}  ", *_told(event, names))
    _tell_rendezvous(found, names)
    _tell_convergence(found, names)
    _tell_pairs(found, names)
    for warning in found.warnings:
        screen.talk(("? ", "yellow"), screen.visible(warning))


def _tell_strip(
    cars: Sequence[CarTrip],
    found: Convoy,
    names: dict[str, str],
    window: tuple[float, float] | None,
) -> None:
    from convoylog.cli.convoy_strip import LEGEND, draw

    shown = {c.car.id: screen.visible(names[c.car.id]) for c in cars}
    label = min(max(map(width, shown.values()), default=0), 20)
    zones = sorted((leg.from_at, leg.zone) for c in cars for leg in c.legs if leg.zone)

    def told(at: float) -> tuple[str, str]:
        zone = next(
            (z for begin, z in reversed(zones) if begin <= at), zones[0][1] if zones else ""
        )
        day, clock = _local(at, zone)
        return day, clock[:2]

    strip = draw(cars, found, min(screen.columns(), 160) - label - 2, told, window)
    if strip is None:
        screen.talk("nothing is known of that time")
        return
    for head in strip.heads:
        screen.tell((" " * (label + 2) + head, "dim"))
    for c, row in zip(cars, strip.rows, strict=True):
        for number, part in enumerate(screen.in_pieces(shown[c.car.id], label)):
            text = row if number == 0 else ""
            screen.tell((part + " " * (label - width(part)), "bold"), f"  {text}".rstrip())
    for line in LEGEND:
        screen.tell((line, "dim"))
    screen.tell((f"a column: {units.duration(strip.column_s)}", "dim"))


def _local(at: float, zone: str) -> tuple[str, str]:
    """("Sat 20 Jun", "13:46 MDT") in a zone; UTC where it is unknown."""
    when = instant(at)
    if when is None:
        return "?", "--:--"
    try:
        local = when.astimezone(ZoneInfo(zone)) if zone else when
    except (KeyError, ValueError, OverflowError, OSError):
        local, zone = when, ""
    return f"{local:%a} {local.day:>2} {local:%b}", f"{local:%H:%M %Z}"


def _listed(cars: Sequence[str], names: dict[str, str]) -> str:
    shown = [screen.visible(names.get(car, "?")) for car in cars]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _company(cars: Sequence[str], names: dict[str, str]) -> str:
    """Who was there; of nearly all, who was not."""
    missing = [car for car in names if car not in cars]
    if not missing:
        return "all"
    if len(missing) == 1 and len(cars) > 2:
        return f"all but {_listed(missing, names)}"
    return _listed(cars, names)


def _told(event: Event, names: dict[str, str]) -> tuple[str, str]:
    """Who, and what they did."""
    cars = _listed(event.cars, names)
    one = len(event.cars) == 1
    if event.kind == "join":
        verb = ("joins" if one else "join") if event.others else "meet"
    elif event.kind == "leave":
        verb = "leaves" if one else "leave"
    else:
        verb = "become one" if event.kind == "merge" else "part"
    others = f" {_listed(event.others, names)}" if event.others else ""
    place = f", {screen.visible(event.place)}" if event.place else ""
    return cars, f"{verb}{others}{place}"


def _tell_rendezvous(found: Convoy, names: dict[str, str]) -> None:
    if not found.rendezvous:
        return
    screen.tell("")
    rows = []
    for met in found.rendezvous:
        day, clock = _local(met.from_at, met.zone)
        longest = max(met.waited_s, key=lambda car: met.waited_s[car])
        waited = met.waited_s[longest]
        rows.append(
            [
                f"{day} {clock}",
                met.place,
                _company(met.cars, names),
                units.duration(met.to_at - met.from_at),
                # less than two minutes is finding a parking place
                f"{names.get(longest, '?')} {units.duration(waited)}" if waited >= 120.0 else "",
            ]
        )
    screen.table(["stood together", "place", "cars", "for", "who waited"], rows, right={3})


def _tell_convergence(found: Convoy, names: dict[str, str]) -> None:
    rows = []
    for row in found.convergence:
        if row.alone_m < 1000.0:
            continue
        day, clock = _local(row.joined_at, row.zone)
        rows.append(
            [
                names.get(row.car, "?"),
                units.km(row.alone_m),
                units.duration(row.alone_s),
                _listed(row.joined, names),
                f"{day} {clock}, {row.place}",
            ]
        )
    if rows:
        screen.tell("")
        screen.table(["car", "alone", "for", "then found", "where"], rows, right={1, 2})


def _tell_pairs(found: Convoy, names: dict[str, str]) -> None:
    rows = []
    for pair in found.pairs:
        if not pair.both_known_s:
            continue
        rows.append(
            [
                f"{names[pair.a]} – {names[pair.b]}",
                units.duration(pair.together_s) if pair.together_s else units.UNKNOWN,
                f"{100 * pair.share:.0f} %" if pair.share is not None else units.UNKNOWN,
                _gap(pair),
                _lead(pair, names),
                str(len(pair.overtakes)) if pair.together_s else units.UNKNOWN,
                units.metres(pair.closest.distance_m) if pair.closest else units.UNKNOWN,
            ]
        )
    if rows:
        screen.tell("")
        screen.table(
            ["cars", "together", "share", "gap", "in front", "passed", "nearest"],
            rows,
            right={1, 2, 3, 5, 6},
        )


def _gap(pair: Pair) -> str:
    return f"{pair.gap_s.median:.0f} s" if pair.gap_s else units.UNKNOWN


def _lead(pair: Pair, names: dict[str, str]) -> str:
    """Who was in front for the larger part, and for how much of it."""
    whole = sum(pair.lead_s.values())
    if not whole:
        return units.UNKNOWN
    leader = max(pair.lead_s, key=lambda car: pair.lead_s[car])
    return f"{names[leader]} {100 * pair.lead_s[leader] / whole:.0f} %"


# --- for programs


def document(found: Convoy, names: dict[str, str]) -> dict[str, object]:
    """The account as `docs/cli.md` promises it. names: car id → what it is called there."""

    def named(cars: Sequence[str]) -> list[str]:
        return [names[car] for car in cars]

    return {
        "pairs": [_pair_row(pair, names) for pair in found.pairs],
        "groups": [
            {
                "from": instant(g.from_at), "to": instant(g.to_at), "cars": named(g.cars),
                "order": named(g.order), "length_s": g.length_s,
                "orders": [{"at": instant(o.at), "order": named(o.cars)} for o in g.orders],
                "lead_s": {names[car]: s for car, s in g.lead_s.items()},
            }
            for g in found.groups
        ],
        "events": [
            {
                "at": instant(e.at), "kind": e.kind, "cars": named(e.cars), "others": named(e.others),
                "lat": e.lat, "lon": e.lon, "place": e.place or None, "zone": e.zone or None,
            }
            for e in found.events
        ],
        "rendezvous": [
            {
                "from": instant(r.from_at), "to": instant(r.to_at), "cars": named(r.cars),
                "lat": r.lat, "lon": r.lon, "place": r.place or None, "zone": r.zone or None,
                "waited_s": {names[car]: s for car, s in r.waited_s.items()},
            }
            for r in found.rendezvous
        ],
        "convergence": [
            {
                "car": names[c.car], "alone_m": c.alone_m, "alone_s": c.alone_s,
                "joined_at": instant(c.joined_at), "joined": named(c.joined),
                "lat": c.lat, "lon": c.lon, "place": c.place or None, "zone": c.zone or None,
            }
            for c in found.convergence
        ],
        "warnings": list(found.warnings),
        "rules": asdict(found.rules),
    }  # fmt: skip


def _pair_row(pair: Pair, names: dict[str, str]) -> dict[str, object]:
    closest, route = pair.closest, pair.same_route
    return {
        "a": names[pair.a], "b": names[pair.b], "a_id": pair.a, "b_id": pair.b,
        "both_known_s": pair.both_known_s, "together_s": pair.together_s, "share": pair.share,
        "episodes": [{"from": instant(e.from_at), "to": instant(e.to_at)} for e in pair.episodes],
        "gap_s": asdict(pair.gap_s) if pair.gap_s else None,
        "lead_s": {names[car]: s for car, s in pair.lead_s.items()},
        "overtakes": [{"at": instant(o.at), "leader": names[o.leader]} for o in pair.overtakes],
        "closest": {
            "distance_m": closest.distance_m, "at": instant(closest.at),
            "a": list(closest.a), "b": list(closest.b),
        } if closest else None,
        "same_route": {
            "shared_m": route.shared_m, "of_a": route.of_a, "of_b": route.of_b,
            "reversed_m": route.reversed_m, "likeness": route.likeness or None,
        } if route else None,
    }  # fmt: skip
