"""A car's log: fuel from full tank to full tank, bills by currency, the odometer against the track.

Nothing here turns a slip of the hand into a number: an odometer that falls, an amount nobody can
read, a fill that was missed are told, and what hangs on them is left unknown.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from convoylog.errors import UsageError
from convoylog.model.amounts import Amount, Kind, read_amount
from convoylog.model.carlog import NO_LOG, By, CarLog, Compared, Fill, Paid, Stretch, Verdict
from convoylog.model.logbook import Car, Entry
from convoylog.trips.by_odometer import COMPARED_M, DETOUR, ODOMETER, PLAUSIBLE
from convoylog.trips.ledger import Ledger

#: kinds of entries that belong to a car's log
KINDS = ("fuel", "expense", "odometer")
#: an instant so near to an end of the recording is of it: the pump stands where the car does
_NEAR_S = 600.0
#: metres a second nobody drives on average through a hole in the recording: 144 km/h
_FASTEST = 40.0


@dataclass(frozen=True, slots=True)
class _Reading:
    """id: "" for the car's own reading at the start. step_m: its last digit."""

    id: str
    at: float
    metres: float
    step_m: float
    said: str


def keep_carlog(car: Car, entries: Iterable[tuple[Entry, float | None]], ledger: Ledger) -> CarLog:
    """The log of one car. entries: with the UTC second each happened at, None if unknown.

    The order of `entries` does not matter.
    """
    rows = sorted(
        ((e, at) for e, at in entries if e.kind in KINDS or e.odometer or e.cost or e.amount),
        # of one instant the full fill is last: after both the tank was full
        key=lambda row: (row[1] is None, row[1] or 0.0, not row[0].partial, row[0].id),
    )
    if not rows:
        return NO_LOG
    unsure: list[str] = []
    paid = _paid(rows, unsure)
    readings = _readings(car, rows, ledger, unsure)
    fillings, stretches = _fuel(rows, paid, readings, ledger, unsure)
    compared = tuple(_compare(a, b, ledger) for a, b in itertools.pairwise(readings))
    for (a, b), row in zip(itertools.pairwise(readings), compared, strict=True):
        if row.verdict == "falls":
            unsure.append(
                f"the odometer falls from {a.said} to {b.said}: turned over, replaced, or a slip of the hand"
            )
    return CarLog(
        tuple(fillings), tuple(stretches), compared, tuple(paid), _scale(compared), tuple(unsure)
    )


def _read(text: str, kind: Kind, entry: Entry, unsure: list[str]) -> Amount | None:
    """An amount somebody wrote; one that cannot be read is told."""
    if not text:
        return None
    try:
        return read_amount(text, kind)
    except UsageError as error:
        unsure.append(f"{entry.id}: {error.message}")
        return None


def _paid(rows: Sequence[tuple[Entry, float | None]], unsure: list[str]) -> list[Paid]:
    found = []
    for entry, at in rows:
        cost = _read(entry.cost, "money", entry, unsure)
        # an expense typed by hand may say its money as the amount
        if cost is None and entry.kind == "expense" and not entry.cost:
            cost = _read(entry.amount, "money", entry, unsure)
        if cost is not None:
            what = " ".join((entry.title or entry.text).split())
            found.append(Paid(entry.id, at, cost.number, cost.unit, entry.kind == "fuel", what))
    return found


def _readings(
    car: Car, rows: Sequence[tuple[Entry, float | None]], ledger: Ledger, unsure: list[str]
) -> list[_Reading]:
    """In the order of time; of one instant the car's own at the start, then the lower first."""
    found = []
    # without a recording the trip begins with what was first written down
    known = ledger.time[:1].tolist() or [at for _, at in rows if at is not None]
    begin = known[0] if known else None
    if car.odometer and begin is not None:
        try:
            found.append(_reading("", begin, read_amount(car.odometer, "distance")))
        except UsageError as error:
            unsure.append(f"the car's odometer at the start: {error.message}")
    for entry, at in rows:
        amount = _read(entry.odometer, "distance", entry, unsure)
        if amount is None:
            continue
        if at is None:
            unsure.append(f"{entry.id}: when the odometer showed {amount.text} is not known")
            continue
        found.append(_reading(entry.id, at, amount))
    return sorted(found, key=lambda r: (r.at, r.id != "", r.metres, r.id))


def _reading(entry_id: str, at: float, amount: Amount) -> _Reading:
    metres = amount.metres or 0.0
    exponent = amount.number.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    step_m = Amount("distance", step, amount.unit).metres or 0.0
    return _Reading(entry_id, at, metres, step_m, amount.text)


def _on_track(ledger: Ledger, begin: float, end: float) -> tuple[float, float] | None:
    """(metres, metres of holes among them) of the track between two instants it spans, or None."""
    time = ledger.time
    if not len(time) or begin < float(time[0]) - _NEAR_S or end > float(time[-1]) + _NEAR_S:
        return None
    inside = ledger.hole & (time[1:] > begin) & (time[:-1] < end)
    return ledger.metres_between(begin, end), float(ledger.hop_m[inside].sum())


def _compare(a: _Reading, b: _Reading, ledger: Ledger) -> Compared:
    shown = b.metres - a.metres
    track = _on_track(ledger, a.at, b.at)
    metres, unrecorded = track if track is not None else (None, 0.0)
    tolerance = ODOMETER * abs(shown) + a.step_m + b.step_m + DETOUR * unrecorded
    verdict: Verdict = "unknown"
    if shown < 0:
        verdict = "falls"
    elif metres is not None:
        verdict = "agrees" if abs(shown - metres) <= tolerance else "differs"
    return Compared(a.id, b.id, a.at, b.at, shown, metres, unrecorded, tolerance, verdict)


def _scale(compared: Sequence[Compared]) -> float | None:
    """Over all that is recorded without holes; None where that is too little to tell."""
    whole = [
        (c.odometer_m, c.track_m)
        for c in compared
        if c.track_m is not None and not c.unrecorded_m and c.odometer_m > 0
        and PLAUSIBLE[0] <= c.track_m / c.odometer_m <= PLAUSIBLE[1]
    ]  # fmt: skip
    shown = sum(odometer for odometer, _ in whole)
    return sum(track for _, track in whole) / shown if shown >= COMPARED_M else None


@dataclass(slots=True)
class _Tank:
    """What is known of one kind of fuel since it was last full. full: that fill, None if never."""

    full: tuple[Entry, float] | None = None
    amount: Decimal = Decimal(0)
    fills: int = 0
    cost: dict[str, Decimal] = field(default_factory=dict)
    priced: bool = True

    def pay(self, bill: Paid | None) -> None:
        """Add the bill of a fill; without one the cost of them all is not known."""
        if bill is None:
            self.priced = False
        else:
            self.cost[bill.currency] = self.cost.get(bill.currency, Decimal(0)) + bill.amount


def _fuel(
    rows: Sequence[tuple[Entry, float | None]],
    paid: Sequence[Paid],
    readings: Sequence[_Reading],
    ledger: Ledger,
    unsure: list[str],
) -> tuple[list[Fill], list[Stretch]]:
    """The fills, and the stretches from full to full."""
    bills = {bill.id: bill for bill in paid}
    fillings: list[Fill] = []
    tanks: dict[str, _Tank] = {}
    stretches = []
    # where a fill without a time belongs nobody knows, so no stretch can be told
    placed = all(at is not None for entry, at in rows if entry.kind == "fuel")
    for entry, at in rows:
        if entry.kind != "fuel":
            continue
        amount = _read(entry.amount, "fuel", entry, unsure)
        fillings.append(Fill(entry.id, at, amount))
        if amount is None or at is None:
            # what is missing from the sum makes every stretch over it unknown
            unsure.append(f"{entry.id}: a fill whose {'time' if amount else 'amount'} is not known")
            tanks.clear()
            continue
        unit, number = amount.base
        tank = tanks.setdefault(unit, _Tank())
        if entry.missed:
            tank = tanks[unit] = _Tank()
        tank.amount += number
        tank.fills += 1
        tank.pay(bills.get(entry.id))
        if entry.partial:
            continue
        if tank.full is not None and placed:
            stretches.append(_stretch(tank, (entry, at), unit, readings, ledger, unsure))
        tanks[unit] = _Tank(full=(entry, at))
    return fillings, stretches


def _stretch(
    tank: _Tank,
    last: tuple[Entry, float],
    unit: str,
    readings: Sequence[_Reading],
    ledger: Ledger,
    unsure: list[str],
) -> Stretch:
    assert tank.full is not None  # noqa: S101 - a stretch begins with a full tank
    (first, begin), (entry, end) = tank.full, last
    metres: float | None = None
    by: By = ""
    holes = 0.0
    track = _on_track(ledger, begin, end)
    shown = _shown(first.id, entry.id, readings)
    # which of two that contradict each other is wrong, or the time of a fill, nobody can tell
    if shown and track is not None and not _agree(shown, track, begin, end, ledger):
        unsure.append(
            f"how much fuel the way from {first.id} to {entry.id} took is not known: the odometer counted"
            f" {shown / 1000:,.1f} km, the track {track[0] / 1000:,.1f} km"
        )
    elif shown:
        metres, by = shown, "odometer"
    elif track is not None and track[0] > 0:
        (metres, holes), by = track, "gps"
    else:
        unsure.append(f"how far the car went between {first.id} and {entry.id} is not known")
    cost = dict(sorted(tank.cost.items())) if tank.priced else {}
    return Stretch(
        first.id, entry.id, begin, end, tank.amount, unit, tank.fills, metres, by, holes, cost
    )


def _shown(first: str, last: str, readings: Sequence[_Reading]) -> float | None:
    """Metres the odometer counted between two entries; None without both, or where it falls."""
    order = [reading.id for reading in readings]
    if first not in order or last not in order:
        return None
    between = readings[order.index(first) : order.index(last) + 1]
    if not between or any(b.metres < a.metres for a, b in itertools.pairwise(between)):
        return None
    return between[-1].metres - between[0].metres


def _agree(
    shown: float, track: tuple[float, float], begin: float, end: float, ledger: Ledger
) -> bool:
    """Whether a car can have driven as far as the odometer shows where the track says this much.

    What was recorded it drove at least; more than that only in the time of the holes.
    """
    metres, holes = track
    time = ledger.time
    hole_s = (np.minimum(time[1:], end) - np.maximum(time[:-1], begin))[ledger.hole]
    room = _FASTEST * float(np.maximum(hole_s, 0.0).sum())
    low, high = PLAUSIBLE
    return metres - holes <= high * shown and low * shown <= metres + room
