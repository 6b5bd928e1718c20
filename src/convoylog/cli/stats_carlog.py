"""The car's log in `stats`: fuel, money and odometer, in lines for people and rows for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convoylog.cli import screen, units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from convoylog.model.carlog import CarLog, Compared, Stretch
    from convoylog.model.trip import CarTrip, Trip

_WHOSE = {"gal": "US", "impgal": "imperial"}
#: what is told of the log of no leg, and of no day
BETWEEN, UNDATED = "between legs", "at no known time"


def lines(log: CarLog) -> list[tuple[str, str]]:
    """(word, what is known) for the table of a car; nothing for what nobody wrote down."""
    rows = []
    if log.fills:
        rows.append(("fuel", f"{units.counted(log.fills, 'fill')}, {_filled(log)}"))
        rows += [("", text) for text in _consumption(log)]
    if log.paid:
        rows.append(("spent", _money(log.spent())))
        fuel = log.spent(fuel=True)
        if fuel and log.spent(fuel=False):
            rows.append(("", f"of it {_money(fuel)} for fuel"))
    shown = [row for row in log.compared if row.verdict != "falls"]
    whole = [row for row in shown if row.track_m is not None]
    if whole:
        rows.append(("odometer", _odometer(whole, log.scale)))
    elif shown:
        metres = sum(row.odometer_m for row in shown)
        rows.append(("odometer", f"{units.km(metres)}, no recording spans it"))
    return rows


def by_day(c: CarTrip, trip: Trip) -> list[tuple[str, CarLog]]:
    """(what it is called, the log of it) for every day, and for what has no known time."""
    return [*((day.day, c.log.of(day.told)) for day in trip.days), _undated(c.log)]


def by_leg(c: CarTrip) -> list[tuple[str, CarLog]]:
    """As `by_day` for every leg of the car, what happened between legs, and what has no known time."""
    at = _instants(c.log)
    driven = {id_: c.leg_at(when) for id_, when in at.items()}
    between = {id_ for id_, leg in driven.items() if leg is None and at[id_] is not None}
    # a car may drive around one town twice
    legs = [
        (f"{leg.day}  {leg.title}", c.log.of({id_ for id_, own in driven.items() if own is leg}))
        for leg in c.legs
    ]
    return [*legs, (BETWEEN, c.log.of(between)), _undated(c.log)]


def _instants(log: CarLog) -> dict[str, float | None]:
    return {fill.id: fill.at for fill in log.fillings} | {bill.id: bill.at for bill in log.paid}


def _undated(log: CarLog) -> tuple[str, CarLog]:
    return UNDATED, log.of({id_ for id_, at in _instants(log).items() if at is None})


def tell_parts(of: str, cars: Sequence[tuple[CarTrip, list[tuple[str, CarLog]]]]) -> None:
    """A line for every part of which a car's log says something. of: what the parts are."""
    rows = [
        [c.car.name, name, _filled(log) if log.fills else "", _money(log.spent())]
        for c, parts in cars
        for name, log in parts
        if log.fills or log.paid
    ]
    if rows:
        screen.tell("")
        screen.table(["car", of, "fuel", "spent"], rows)


def part_row(log: CarLog) -> dict[str, object]:
    """What of a car's log belongs to a leg or a day in `stats --json`."""
    return {
        "fills": log.fills,
        "filled": {unit: float(number) for unit, number in log.filled.items()},
        "spent": {currency: f"{n:f}" for currency, n in log.spent().items()},
    }


def left_rows(c: CarTrip) -> dict[str, object]:
    """The keys of a car for what belongs to no leg, or has no known time."""
    parts = dict(by_leg(c)[len(c.legs) :])
    return {"between_legs": part_row(parts[BETWEEN]), "undated": part_row(parts[UNDATED])}


def doubts(log: CarLog) -> list[str]:
    """What a driver should look at."""
    found = list(log.unsure)
    for row in log.compared:
        if row.verdict == "differs" and row.track_m is not None:
            apart = abs(row.odometer_m - row.track_m)
            holes = f", {units.km(row.unrecorded_m)} of it over holes" if row.unrecorded_m else ""
            found.append(
                f"from {row.from_id or 'the start'} to {row.to_id} the odometer counted"
                f" {units.km(row.odometer_m)} and the track {units.km(row.track_m)}{holes}:"
                f" {units.km(apart)} apart, more than {units.km(row.tolerance_m)}"
            )
    return found


def _amounts(filled: Mapping[str, Decimal]) -> str:
    return " and ".join(f"{number:,.1f} {unit}" for unit, number in filled.items()) or units.UNKNOWN


def _filled(log: CarLog) -> str:
    """As typed: "8.5 gal (32.2 l)", "30.0 l and 8.5 gal (62.2 l)", "32.1 l"."""
    typed, filled = log.typed, log.filled
    return _amounts(typed) + (f" ({_amounts(filled)})" if typed != filled else "")


def _money(sums: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{number:,f} {screen.visible(currency)}" for currency, number in sums.items())


def _consumption(log: CarLog) -> list[str]:
    found = []
    for unit in log.filled:
        known = [s for s in log.stretches if s.unit == unit and s.distance_m]
        if not known:
            continue
        used = _used(log.per_100km(unit), unit, log)
        found.append(", ".join([used, *_price(log.cost_per_100km(unit))]))
        found.append(f"full to full over {_way(known)}")
    return found


def _used(per_100km: float | None, unit: str, log: CarLog) -> str:
    """ "8.0 l/100 km, 29.4 mpg (US)": with whichever gallons the car's people typed."""
    from convoylog.model.carlog import mpg

    if not per_100km:
        return units.UNKNOWN
    told = [f"{per_100km:.1f} {unit}/100 km"]
    if unit == "l":
        told += [f"{mpg(per_100km, own):.1f} mpg ({_WHOSE[own]})" for own in log.gallons]
    return ", ".join(told)


def _price(per_100km: Mapping[str, float]) -> list[str]:
    """What 100 km cost; of several currencies every one is a part of it."""
    parts = [f"{number:,.2f} {screen.visible(code)}" for code, number in per_100km.items()]
    return [f"{' and '.join(parts)}/100 km"] if parts else []


def _way(stretches: list[Stretch]) -> str:
    """ "690.4 km by the odometer"; what lies over holes is said."""
    metres = sum(s.distance_m or 0.0 for s in stretches)
    holes = sum(s.unrecorded_m for s in stretches)
    how = {"gps": "by the track", "odometer": "by the odometer", "": ""}
    by = " and ".join(sorted({how[s.by] for s in stretches}))
    return f"{units.km(metres)} {by}" + (f", {units.km(holes)} over holes" if holes else "")


def about(log: CarLog, entry_id: str) -> list[str]:
    """What follows from one entry, for `explain`: the fuel since the last full tank, the odometer
    against the track since the last reading."""
    found = []
    for s in log.stretches:
        if s.to_id == entry_id:
            took = f"{float(s.amount):,.1f} {s.unit} in {units.counted(s.fills, 'fill')}"
            way = f" over {_way([s])}: {_used(s.per_100km, s.unit, log)}" if s.distance_m else ""
            found.append(f"{took} since the full tank of {s.from_id}{way}")
    for c in log.compared:
        if c.to_id == entry_id:
            since = (
                f"since {c.from_id or 'the start'} the odometer counted {units.km(c.odometer_m)}"
            )
            found.append(f"{since}, {_against(c)}")
    return found + [doubt for doubt in log.unsure if entry_id in doubt]


def _against(c: Compared) -> str:
    if c.verdict == "falls":
        return "less than before: turned over, replaced, or a slip of the hand"
    if c.track_m is None:
        return "and no recording spans both readings"
    # of less than a kilometre the last digits are more than any per cent
    far = min(c.odometer_m, c.track_m) >= 1000.0
    off = f" ({(c.odometer_m - c.track_m) / c.track_m:+.1%})" if far else ""
    holes = f", {units.km(c.unrecorded_m)} of it over holes" if c.unrecorded_m else ""
    within = "within" if c.verdict == "agrees" else "more than"
    return (
        f"the track {units.km(c.track_m)}{holes}: {units.km(abs(c.odometer_m - c.track_m))}{off} apart,"
        f" {within} the {units.km(c.tolerance_m)} an odometer may be wrong"
    )


def _odometer(rows: list[Compared], scale: float | None) -> str:
    shown = sum(row.odometer_m for row in rows)
    track = sum(row.track_m or 0.0 for row in rows)
    # what the odometer shows too much is how people know it from their own car
    off = 1 / scale - 1 if scale else 0.0
    more = f", it shows {abs(off):.1%} {'more' if off > 0 else 'less'}" if abs(off) >= 5e-4 else ""
    return f"{units.km(shown)}, the track {units.km(track)}{more}"


def fuel_row(log: CarLog) -> dict[str, object]:
    """The key "fuel" of a car in `stats --json`; money as text, since it is exact."""
    from convoylog.cli.rows import instant
    from convoylog.model.carlog import mpg

    return {
        "fills": log.fills,
        "filled": {unit: float(number) for unit, number in log.filled.items()},
        "typed": {unit: float(number) for unit, number in log.typed.items()},
        "per_100km": {unit: log.per_100km(unit) for unit in log.filled},
        "mpg": mpg(log.per_100km(), "gal"), "mpg_imperial": mpg(log.per_100km(), "impgal"),
        "cost_per_100km": {unit: log.cost_per_100km(unit) for unit in log.filled},
        "cost": {currency: f"{n:f}" for currency, n in log.spent(fuel=True).items()},
        "stretches": [
            {
                "from_id": s.from_id, "to_id": s.to_id, "from": instant(s.from_at), "to": instant(s.to_at),
                "amount": float(s.amount), "unit": s.unit, "fills": s.fills, "distance_m": s.distance_m,
                "by": s.by or None, "unrecorded_m": s.unrecorded_m, "per_100km": s.per_100km,
                "cost": {currency: f"{n:f}" for currency, n in s.cost.items()},
            }
            for s in log.stretches
        ],
    }  # fmt: skip


def odometer_row(log: CarLog) -> dict[str, object]:
    """The key "odometer" of a car in `stats --json`."""
    from convoylog.cli.rows import instant

    return {
        "track_per_odometer": log.scale,
        "compared": [
            {
                "from_id": c.from_id or None, "to_id": c.to_id, "from": instant(c.from_at),
                "to": instant(c.to_at), "odometer_m": c.odometer_m, "track_m": c.track_m,
                "unrecorded_m": c.unrecorded_m, "tolerance_m": c.tolerance_m, "verdict": c.verdict,
            }
            for c in log.compared
        ],
    }  # fmt: skip


def expenses_row(log: CarLog) -> dict[str, object]:
    """The key "expenses" of a car in `stats --json`: every bill, and the sums by currency."""
    from convoylog.cli.rows import instant

    return {
        "total": {currency: f"{n:f}" for currency, n in log.spent().items()},
        "paid": [
            {
                "id": p.id, "at": None if p.at is None else instant(p.at), "amount": f"{p.amount:f}",
                "currency": p.currency, "fuel": p.fuel, "what": p.what,
            }
            for p in log.paid
        ],
    }  # fmt: skip
