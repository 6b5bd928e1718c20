"""The car's log in `stats`: fuel, money and odometer, in lines for people and rows for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convoylog.cli import screen, units

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from convoylog.model.carlog import CarLog, Compared


def lines(log: CarLog) -> list[tuple[str, str]]:
    """(word, what is known) for the table of a car; nothing for what nobody wrote down."""
    rows = []
    if log.fills:
        rows.append(("fuel", f"{units.counted(log.fills, 'fill')}, {_amounts(log.filled)}"))
        rows += [("", text) for text in _consumption(log)]
    if log.paid:
        rows.append(("spent", _money(log.spent())))
        fuel = log.spent(fuel=True)
        if fuel and log.spent(fuel=False):
            rows.append(("", f"of it {_money(fuel)} for fuel"))
    whole = [row for row in log.compared if row.track_m is not None and row.verdict != "falls"]
    if whole:
        rows.append(("odometer", _odometer(whole, log.scale)))
    return rows


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


def _money(sums: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{number:,f} {screen.visible(currency)}" for currency, number in sums.items())


def _consumption(log: CarLog) -> list[str]:
    from convoylog.model.carlog import mpg

    found = []
    for unit in log.filled:
        used = log.per_100km(unit)
        if used is None:
            continue
        over = sum(s.distance_m or 0.0 for s in log.stretches if s.unit == unit)
        gallons = f", {mpg(used):.1f} mpg" if unit == "l" else ""
        by = {s.by for s in log.stretches if s.unit == unit and s.by}
        how = {"gps": " by the track", "odometer": " by the odometer"}.get(
            next(iter(by)) if len(by) == 1 else "", ""
        )
        found.append(f"{used:.1f} {unit}/100 km{gallons}, full to full over {units.km(over)}{how}")
    return found


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
        "per_100km": {unit: log.per_100km(unit) for unit in log.filled},
        "mpg": mpg(log.per_100km()),
        "cost": {currency: f"{n:f}" for currency, n in log.spent(fuel=True).items()},
        "stretches": [
            {
                "from_id": s.from_id, "to_id": s.to_id, "from": instant(s.from_at), "to": instant(s.to_at),
                "amount": float(s.amount), "unit": s.unit, "fills": s.fills, "distance_m": s.distance_m,
                "by": s.by or None, "unrecorded_m": s.unrecorded_m, "per_100km": s.per_100km,
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
