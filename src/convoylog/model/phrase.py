"""Sentences made where things are worked out: English, and able to be said in another language."""

from __future__ import annotations

from string import Formatter
from typing import Any


class Phrase(str):
    """English words that remember what they were made from.

    pattern: a literal text with named places, by which a catalogue finds it. values: numbers in SI
    units, texts, phrases. How a number is written stands behind its name: `{away:m}` metres, `{way:km}`
    metres as kilometres with a decimal, `{way:whole_km}` without, `{speed:kmh}` metres a second,
    `{late:s}` seconds, `{late:span}` seconds in the unit that fits, `{share:.2f}` a bare number.
    """

    __slots__ = ("pattern", "values")

    pattern: str
    values: dict[str, Any]

    def __new__(cls, pattern: str, **values: Any) -> Phrase:
        phrase = super().__new__(cls, _ENGLISH.vformat(pattern, (), values))
        phrase.pattern, phrase.values = pattern, values
        return phrase

    def made_of(self, **values: Any) -> Phrase:
        """The same sentence of other values."""
        return type(self)(self.pattern, **values)

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        return (self.pattern,), self.values


def span_text(seconds: float) -> str:
    """ "40 s", "12 min", "3 h", "2 days": two of a unit at least."""
    number, unit = span_of(seconds)
    return f"{number:.0f} {'s' if unit == 'second' else _SHORT[unit]}"


def span_of(seconds: float) -> tuple[float, str]:
    """How many of which unit: the largest of which there are two."""
    for size, unit in ((86_400.0, "day"), (3600.0, "hour"), (60.0, "minute")):
        if seconds >= 2 * size:
            return seconds / size, unit
    return seconds, "second"


_SHORT = {"day": "days", "hour": "h", "minute": "min"}


class _English(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "m":
            return f"{value:.0f} m"
        if format_spec == "km":
            return f"{value / 1000:.1f} km"
        if format_spec == "whole_km":
            return f"{value / 1000:.0f} km"
        if format_spec == "kmh":
            return f"{value * 3.6:.0f} km/h"
        if format_spec == "s":
            return f"{value:.0f} s"
        if format_spec == "span":
            return span_text(value)
        return str(super().format_field(value, format_spec))


_ENGLISH = _English()
