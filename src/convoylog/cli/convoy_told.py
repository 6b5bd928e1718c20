"""What `convoy` tells people: a strip a car, who met and parted, tables of meetings and pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from convoylog.cli import screen, units
from convoylog.cli.visible import width

if TYPE_CHECKING:
    from convoylog.model.convoy import Convoy, ConvoyRules, Event, Pair
    from convoylog.model.trip import CarTrip

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


def tell_rules(rules: ConvoyRules) -> None:
    from convoylog.model.convoy import ConvoyRules

    usual = ConvoyRules()
    rows = []
    for field in fields(rules):
        value, default = getattr(rules, field.name), getattr(usual, field.name)
        said = "" if value == default else f"this logbook's own, usually {default:g}"
        rows.append([field.name, f"{value:g}", MEANINGS[field.name], said])
    screen.table(["rule", "value", "means", ""], rows, right={1})


def tell(found: Convoy, names: dict[str, str]) -> None:
    if found.events:
        screen.tell("")
        for event in found.events:
            day, clock = local(event.at, event.zone)
            screen.tell_beside(f"{day} {clock}  ", *_told(event, names))
    _tell_rendezvous(found, names)
    _tell_convergence(found, names)
    _tell_pairs(found, names)
    for warning in found.warnings:
        screen.talk(("? ", "yellow"), screen.visible(warning))


def tell_strip(
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
        day, clock = local(at, zone)
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


def local(at: float, zone: str) -> tuple[str, str]:
    """("Sat 20 Jun", "13:46 MDT") in a zone; UTC where it is unknown."""
    from convoylog.model.clocks import local_time

    shown = local_time(at, zone) or local_time(at, "")
    if shown is None:
        return "?", "--:--"
    return f"{shown:%a} {shown.day:>2} {shown:%b}", f"{shown:%H:%M %Z}"


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
        day, clock = local(met.from_at, met.zone)
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
        day, clock = local(row.joined_at, row.zone)
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
