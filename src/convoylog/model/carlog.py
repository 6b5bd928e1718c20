"""What a car's fuel stops, bills and odometer readings mean, worked out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from convoylog.model.amounts import GALLONS, LITRES, METRES, Amount, Gallon

#: how the distance of a stretch is known
By = Literal["odometer", "gps", ""]
#: what the odometer says against the track: agrees; differs, by more than the tolerance; falls;
#: unknown, where the recordings do not span both readings
Verdict = Literal["agrees", "differs", "falls", "unknown"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one full tank to the next. from_id, to_id: the fills; ids of entries.

    amount: what went in after the first, up to and with the last; unit: l, kWh or kg. fills: how many
    that were. distance_m: None where neither odometer nor track tells it. by: which did.
    unrecorded_m: metres of holes in it, counted as the crow flies. cost: currency → what these fills
    cost; empty unless every one of them has a price.
    """

    from_id: str
    to_id: str
    from_at: float
    to_at: float
    amount: Decimal
    unit: str
    fills: int
    distance_m: float | None
    by: By
    unrecorded_m: float = 0.0
    cost: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def per_100km(self) -> float | None:
        """Units per 100 km; None where the distance is not known."""
        return float(self.amount) / self.distance_m * 100_000.0 if self.distance_m else None


def mpg(per_100km: float | None, gallon: Gallon) -> float | None:
    """Miles per gallon of litres per 100 km."""
    if not per_100km:
        return None
    return 100_000.0 / float(METRES["mi"]) * float(LITRES[gallon]) / per_100km


@dataclass(frozen=True, slots=True)
class Compared:
    """Two odometer readings, one after the other, against the track between them.

    from_id: "" for the reading at the start that the car itself tells. odometer_m: the difference of
    the readings. track_m: of the track, holes as the crow flies (unrecorded_m of them), None where it
    does not span both. tolerance_m: how far the two may be apart without a word.
    """

    from_id: str
    to_id: str
    from_at: float
    to_at: float
    odometer_m: float
    track_m: float | None
    unrecorded_m: float
    tolerance_m: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Paid:
    """A bill. fuel: for fuel. what: its title or words."""

    id: str
    at: float | None
    amount: Decimal
    currency: str
    fuel: bool
    what: str = ""


@dataclass(frozen=True, slots=True)
class Fill:
    """A fuel entry. at: UTC seconds, None if unknown. amount: as typed, None if nobody can read it."""

    id: str
    at: float | None
    amount: Amount | None


@dataclass(frozen=True, slots=True)
class CarLog:
    """A car's log. fillings: every fuel entry, in order of time.

    scale: metres of the track for each metre of the odometer, None where too little was compared.
    unsure: what could not be used, in plain words.
    """

    fillings: tuple[Fill, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    compared: tuple[Compared, ...] = ()
    paid: tuple[Paid, ...] = ()
    scale: float | None = None
    unsure: tuple[str, ...] = ()

    @property
    def fills(self) -> int:
        """How many fuel entries there are."""
        return len(self.fillings)

    @property
    def filled(self) -> dict[str, Decimal]:
        """Unit (l, kWh, kg) → all that went in."""
        return _sums(fill.amount.base for fill in self.fillings if fill.amount)

    @property
    def typed(self) -> dict[str, Decimal]:
        """As `filled`, by the units people typed: gal, impgal as well."""
        known = [fill.amount for fill in self.fillings if fill.amount]
        return _sums((amount.unit, amount.number) for amount in known)

    @property
    def gallons(self) -> tuple[Gallon, ...]:
        """Whose gallons people typed, if any."""
        return tuple(gallon for gallon in GALLONS if gallon in self.typed)

    def of(self, ids: Collection[str]) -> CarLog:
        """What some entries say by themselves; a stretch, or a comparison, with both its ends."""
        return CarLog(
            tuple(fill for fill in self.fillings if fill.id in ids),
            tuple(s for s in self.stretches if s.from_id in ids and s.to_id in ids),
            tuple(c for c in self.compared if c.from_id in ids and c.to_id in ids),
            tuple(bill for bill in self.paid if bill.id in ids),
        )

    def per_100km(self, unit: str = "l") -> float | None:
        """Over all stretches whose distance is known; None without any."""
        known = [s for s in self.stretches if s.unit == unit and s.distance_m]
        metres = sum(s.distance_m or 0.0 for s in known)
        return float(sum(s.amount for s in known)) / metres * 100_000.0 if metres else None

    def cost_per_100km(self, unit: str = "l") -> dict[str, float]:
        """Currency → what the fuel of 100 km cost, over the stretches that tell distance and price.

        Of several currencies each is a part of it; they are never added up.
        """
        known = [s for s in self.stretches if s.unit == unit and s.distance_m and s.cost]
        metres = sum(s.distance_m or 0.0 for s in known)
        sums = _sums(pair for s in known for pair in s.cost.items())
        return {currency: float(n) / metres * 100_000.0 for currency, n in sums.items()}

    def spent(self, *, fuel: bool | None = None) -> dict[str, Decimal]:
        """Currency → sum, never converted. fuel: only for fuel, or only for the rest."""
        rows = [row for row in self.paid if fuel is None or row.fuel == fuel]
        return _sums((row.currency, row.amount) for row in rows)


def _sums(pairs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Unit or currency → sum, by their letters."""
    sums: dict[str, Decimal] = {}
    for unit, number in pairs:
        sums[unit] = sums.get(unit, Decimal(0)) + number
    return dict(sorted(sums.items()))


NO_LOG = CarLog()
