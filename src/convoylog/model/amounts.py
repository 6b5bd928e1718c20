"""Amounts with units as people type them: `32.1 l`, `8.5 gal`, `45.20 EUR`, `154010 mi`.

What is kept in the file is canonical text: digits, a point, no grouping, one unit; trailing
zeros stay, since they say how exactly somebody read the pump. A number that can be read as two
is refused: `1.234 km` is a kilometre in London and a thousand in Berlin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from convoylog.errors import UsageError

Kind = Literal["fuel", "distance", "money"]

#: litres in a unit of volume; exact by definition (NIST SP 811, Weights and Measures Act 1985).
#: kWh and kg, of cars that take those, are no volume
LITRES = {"l": Decimal(1), "gal": Decimal("3.785411784"), "impgal": Decimal("4.54609")}
#: metres in a unit of length, exact
METRES = {"km": Decimal(1000), "mi": Decimal("1609.344"), "m": Decimal(1)}
#: a fifth apart, so that whoever tells one says which
Gallon = Literal["gal", "impgal"]
GALLONS: tuple[Gallon, ...] = ("gal", "impgal")
_UNITS: dict[str, tuple[Kind, str]] = {
    **dict.fromkeys(("l", "lt", "ltr", "litre", "litres", "liter", "liters", "ℓ"), ("fuel", "l")),
    **dict.fromkeys(("gal", "gals", "gallon", "gallons", "us gal", "usgal"), ("fuel", "gal")),
    **dict.fromkeys(
        ("impgal", "imp gal", "imperial gallon", "imperial gallons", "uk gal"), ("fuel", "impgal")
    ),
    "kwh": ("fuel", "kWh"),
    "kg": ("fuel", "kg"),
    **dict.fromkeys(
        ("km", "kms", "kilometre", "kilometres", "kilometer", "kilometers"), ("distance", "km")
    ),
    **dict.fromkeys(("mi", "mile", "miles"), ("distance", "mi")),
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters"), ("distance", "m")),
    "€": ("money", "EUR"),
    "£": ("money", "GBP"),
    "euro": ("money", "EUR"),
    "euros": ("money", "EUR"),
}
#: signs that several countries use for their own money
_SHARED = {"$": "USD", "¥": "JPY", "kr": "SEK", "kr.": "DKK", "fr": "CHF", "fr.": "CHF", "₤": "GBP"}

_EXAMPLES = {"fuel": "`32.1 l` or `8.5 gal`", "distance": "`154010 km` or `95700 mi`",
             "money": "`45.20 EUR`"}  # fmt: skip

#: more than any odometer or bill has; what is longer is a slip of the hand
_DIGITS = 12

_AMOUNT = re.compile(
    r"(?P<before>[^\d\s.,+\u2212-]*)\s*"
    r"(?P<number>\d[\d.,'’\s]*\d|\d)\s*"
    r"(?P<after>\D*)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """number: as typed, without grouping. unit: l, gal, impgal, kWh, kg, km, mi, m or ISO 4217."""

    kind: Kind
    number: Decimal
    unit: str

    @property
    def text(self) -> str:
        """As it is kept in a file: "32.1 l"."""
        return f"{self.number:f} {self.unit}"

    @property
    def litres(self) -> float | None:
        """None for what is not measured by volume."""
        factor = LITRES.get(self.unit)
        return None if factor is None else float(self.number * factor)

    @property
    def base(self) -> tuple[str, Decimal]:
        """(unit, number) in litres for all volumes; else as it is. Exact."""
        factor = LITRES.get(self.unit)
        return (self.unit, self.number) if factor is None else ("l", self.number * factor)

    @property
    def metres(self) -> float | None:
        """None for what is no distance."""
        factor = METRES.get(self.unit)
        return None if factor is None else float(self.number * factor)


def read_amount(text: str, kind: Kind) -> Amount:
    """The amount a person means. Raises UsageError, saying what to write instead."""
    words = " ".join(text.split())
    if re.match(r"[+\u2212-]", words):
        raise UsageError(
            f"`{words}` has a sign", hint=f"an amount is counted up from 0: {_say(kind)}"
        )
    match = _AMOUNT.fullmatch(words)
    if match is None:
        raise UsageError(f"cannot read `{words}` as an amount", hint=f"write it as {_say(kind)}")
    before, after = match["before"].strip(), match["after"].strip()
    if before and (after or kind != "money"):
        raise UsageError(f"cannot read `{words}` as an amount", hint=f"write it as {_say(kind)}")
    unit = _unit(before or after, kind, words, match["number"])
    number = _number(match["number"], kind, unit)
    if kind == "fuel" and not number:
        raise UsageError(f"`{words}` is nothing", hint=f"write what went in: {_say(kind)}")
    return Amount(kind, number, unit)


def _say(kind: Kind) -> str:
    return _EXAMPLES[kind]


def _unit(word: str, kind: Kind, words: str, number: str) -> str:
    if not word:
        raise UsageError(f"`{words}` has no unit", hint=f"write it as {_say(kind)}")
    found = _UNITS.get(word.lower())
    if found is None and kind == "money" and re.fullmatch("[A-Za-z]{3}", word, re.ASCII):
        found = ("money", word.upper())
    if kind == "money" and word.lower() in _SHARED:
        code = _SHARED[word.lower()]
        raise UsageError(
            f"`{word}` is the money of several countries",
            hint=f"write its letters, such as `{number} {code}`",
        )
    if found is None or found[0] != kind:
        what = {"fuel": "an amount of fuel", "distance": "a distance", "money": "money"}[kind]
        raise UsageError(f"`{word}` is no unit of {what}", hint=f"write it as {_say(kind)}")
    return found[1]


def _number(text: str, kind: Kind, unit: str) -> Decimal:
    """Digits with at most one decimal sign; thousands grouped by a space, an apostrophe, or the
    other sign."""
    if sum(c.isdigit() for c in text) > _DIGITS:
        raise UsageError(f"`{text}` is too large", hint=f"write it as {_say(kind)}")
    simple = re.fullmatch(r"(\d+)(?:[.,](\d+))?", text, re.ASCII)
    grouped = re.fullmatch(r"(\d{1,3}(?:([ '’,.])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d+))?", text)
    if simple is not None:
        whole, rest = simple[1], simple[2] or ""
        # pumps show three decimals, and nobody fills up with a thousand litres; any other number
        # of this form may be grouped or not
        both = len(rest) == 3 and 1 <= len(whole.lstrip("0")) <= 3
        if both and kind != "fuel":
            raise UsageError(
                f"`{text}` can be {whole}{rest} or {whole}.{rest}",
                hint=f"write `{whole}{rest} {unit}` or `{whole}.{rest}0 {unit}`",
            )
    elif grouped is not None:
        whole, rest = re.sub(r"\D", "", grouped[1]), grouped[3] or ""
    else:
        raise UsageError(f"cannot read `{text}` as a number", hint=f"write it as {_say(kind)}")
    return Decimal(f"{int(whole)}.{rest}" if rest else str(int(whole)))
