"""How a report speaks: texts from the catalogue of its language, measures and dates as CLDR has them.

The words travel with the report as a value; nothing here asks what language the machine is set to.
Babel is imported where a word is made, so that other commands need not wait for it.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from convoylog.errors import UsageError
from convoylog.model.amounts import LITRES, METRES, Gallon
from convoylog.model.carlog import mpg
from convoylog.model.phrase import Phrase, span_of

if TYPE_CHECKING:
    from babel import Locale

UNKNOWN = "–"

#: a catalogue each, `catalogue/<language>.toml`; the first is the one others are held against
LANGUAGES = ("en", "de", "fr", "es")
UNITS = ("km", "mi")
#: where signs on the road tell miles and heights are told in feet; elsewhere `--units mi` does
_MILES = frozenset({"US"})

#: a text, or one for each plural form of CLDR
Text = str | Mapping[str, str]

#: "Idaho" and "Hidalgo", not "Hierro"
_SOUNDS_I = re.compile(r"h?[ií](?!e)", re.IGNORECASE)

_MILE_M, _FOOT_M = float(METRES["mi"]), 0.3048
#: share of a way over holes from which on that is said: less, an odometer errs by
_UNRECORDED = 0.04
#: where a gallon is the imperial one, unless somebody typed another
_IMPERIAL = frozenset({"GB"})


@dataclass(frozen=True, slots=True)
class _Measures:
    """CLDR's names of the units, what makes them of metres and metres a second, and below how much of
    `far` a distance is told in `near`."""

    far: str
    near: str
    speed: str
    per_far: float
    per_near: float
    per_speed: float
    least_far: float


_MEASURES = {
    "km": _Measures(
        "length-kilometer", "length-meter", "speed-kilometer-per-hour", 0.001, 1.0, 3.6, 0.95
    ),
    # signs tell feet up to a thousand or so
    "mi": _Measures(
        "length-mile", "length-foot", "speed-mile-per-hour",
        1 / _MILE_M, 1 / _FOOT_M, 3600 / _MILE_M, 0.19,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """locale: as in HTML's lang, "de-AT". units: "km" or "mi". texts: the language's catalogue.

    Metres, seconds and ISO dates come in, what people read goes out. None is told as a dash.
    """

    locale: str
    units: str
    texts: Mapping[str, Text]
    script: Mapping[str, str]
    phrases: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """A text with its values filled in; a whole number is written as the language does.

        Raises KeyError for a text or value that is not there.
        """
        text = self.texts[key]
        if not isinstance(text, str):
            count = values["count"]
            if not isinstance(count, int | Decimal):
                raise TypeError(f"{key}: how many is a number")
            text = text.get(self._cldr.plural_form(count), text["other"])
        told = {
            name: self.number(value) if isinstance(value, int) else value
            for name, value in values.items()
        }
        return text.format_map(told)

    def of(self, text: str) -> str:
        """What was put into words where it was worked out; any other text as it is."""
        if not isinstance(text, Phrase):
            return text
        pattern = self.phrases.get(text.pattern, text.pattern)
        return _Phrases(self).vformat(pattern, (), text.values)

    # --- numbers

    def number(self, value: float | Decimal, digits: int = 0) -> str:
        from babel.numbers import format_decimal

        return format_decimal(value, self._pattern(value, digits), self._cldr)

    def written(self, value: Decimal) -> str:
        """A number with the decimals somebody gave it: "58.40"."""
        return self.number(value, decimals(value))

    def percent(self, share: float | None) -> str:
        from babel.numbers import format_percent

        return UNKNOWN if share is None else format_percent(share, locale=self._cldr)

    # --- measures

    def distance(self, metres: float | None) -> str:
        """ "12.3 km"; from 100 km on without decimals, short ones as "350 m"."""
        if metres is None:
            return UNKNOWN
        value = self.far(metres)
        if value < self._measures.least_far:
            near = round(metres * self._measures.per_near, -1)
            return self._unit(near, self._measures.near, 0)
        return self._unit(value, self._measures.far, 0 if value >= 99.95 else 1)

    def unrecorded(self, metres: float, unrecorded_m: float) -> str:
        """How much of a way nobody recorded, "8,800 km"; "" where an odometer errs by as much."""
        told = unrecorded_m > _UNRECORDED * metres
        return self.round_distance(unrecorded_m) if told else ""

    def way(self, metres: float, unrecorded_m: float) -> str:
        """ "9,320 km, 8,800 km of it not recorded"."""
        told = self.distance(metres)
        over = self.unrecorded(metres, unrecorded_m)
        return self.say("figure_unrecorded", word=told, distance=over) if over else told

    def far(self, metres: float) -> float:
        """Kilometres or miles."""
        return metres * self._measures.per_far

    def bare_distance(self, metres: float | None) -> str:
        """Kilometres or miles, without their name; below ten with a decimal."""
        if metres is None:
            return UNKNOWN
        value = self.far(metres)
        return self.number(value, 1 if 0 < value < 9.95 else 0)

    def round_distance(self, metres: float) -> str:
        """ "12 km", never less than one."""
        return self._unit(max(1.0, self.far(metres)), self._measures.far, 0)

    def speed(self, metres_per_second: float) -> str:
        """ "87 km/h"."""
        return self._unit(metres_per_second * self._measures.per_speed, self._measures.speed, 0)

    def height(self, metres: float | None) -> str:
        """ "2,140 m"; for a radius, too."""
        if metres is None:
            return UNKNOWN
        return self._unit(metres * self._measures.per_near, self._measures.near, 0)

    def bare_height(self, metres: float | None) -> str:
        return UNKNOWN if metres is None else self.number(metres * self._measures.per_near)

    def bare_speed(self, metres_per_second: float | None) -> str:
        if metres_per_second is None:
            return UNKNOWN
        return self.number(metres_per_second * self._measures.per_speed)

    @property
    def height_unit(self) -> str:
        return self._symbol(self._measures.near)

    @property
    def speed_unit(self) -> str:
        return self._symbol(self._measures.speed)

    @property
    def distance_unit(self) -> str:
        return self._symbol(self._measures.far)

    @property
    def per_height(self) -> float:
        """What makes a height as it is told of metres."""
        return self._measures.per_near

    @property
    def per_speed(self) -> float:
        """What makes a speed as it is told of metres a second."""
        return self._measures.per_speed

    @property
    def gallon(self) -> Gallon:
        """The one that is meant where nobody typed any."""
        return "impgal" if self.locale.partition("-")[2] in _IMPERIAL else "gal"

    def amount(self, number: Decimal, unit: str, digits: int = 1) -> str:
        """ "32.1 l", "8.5 US gal". unit: l, gal, impgal, kWh or kg."""
        if unit == "l":
            return self._unit(float(number), "volume-liter", digits)
        told = self.number(number, digits)
        key = f"amount_{unit}"
        said = self.say(key, amount=told) if key in self.texts else f"{told} {unit}"
        return said.replace(" ", "\u00a0")

    def fuel(self, typed: Mapping[str, Decimal], gallon: Gallon) -> str:
        """What went in as it was typed, with the sum in the reader's unit where that is another:
        "8.5 US gal (32.2 l)". typed: unit → amount. gallon: for readers of miles."""
        told = self.joined([self.amount(number, unit) for unit, number in typed.items()])
        volumes = {unit: number for unit, number in typed.items() if unit in LITRES}
        own = gallon if self.units == "mi" else "l"
        if set(volumes) <= {own}:
            return told or UNKNOWN
        litres = sum((LITRES[unit] * number for unit, number in volumes.items()), Decimal(0))
        return f"{told} ({self.amount(litres / LITRES[own], own)})"

    def consumption(self, per_100km: float, unit: str, gallon: Gallon) -> str:
        """ "7.5 l/100 km", or how far a gallon or another unit goes: "31.4 mpg (US)"."""
        if self.units == "mi":
            if unit == "l":
                miles = self.number(mpg(per_100km, gallon) or 0.0, 1)
                return self.say(f"mpg_{gallon}", miles=miles).replace(" ", "\u00a0")
            return f"{self._unit(100_000.0 / _MILE_M / per_100km, 'length-mile', 1)}/{unit}"
        if unit == "l":
            told = self._unit(per_100km, "consumption-liter-per-100-kilometer", 1)
            # a litre has one sign in a table
            return told.replace("L/", "l/") if self._symbol("volume-liter") == "l" else told
        return self.say("per_100km", amount=self.number(per_100km, 1), unit=unit)

    def seconds(self, seconds: float) -> str:
        """ "40 s"."""
        return self.say("seconds", seconds=round(seconds))

    def span(self, seconds: float) -> str:
        """ "40 s", "12 min", "3 h", "2 days": in the largest unit of which there are two."""
        number, unit = span_of(seconds)
        whole = round(number)
        if unit == "day":
            return self.say("days_long", count=whole)
        if unit == "hour":
            return self.say("whole_hours", hours=whole)
        return self.say("minutes", minutes=whole) if unit == "minute" else self.seconds(whole)

    def duration(self, seconds: float | None) -> str:
        """ "3 h 05" or "12 min", which no line breaks in two; from a week on, days."""
        if seconds is None:
            return UNKNOWN
        if seconds >= 7 * 86_400:
            return self.say("days_long", count=round(seconds / 86_400))
        minutes = round(seconds / 60)
        said = (
            self.say("minutes", minutes=minutes)
            if minutes < 60
            else self.say("hours", hours=minutes // 60, minutes=f"{minutes % 60:02d}")
        )
        return said.replace(" ", "\u00a0")

    # --- days

    def long_day(self, day: str) -> str:
        """ "Thursday, 11 June 2026"."""
        from babel.dates import format_date

        found = _parsed(day)
        return day if found is None else self._first(format_date(found, "full", self._cldr))

    def short_day(self, day: str) -> str:
        """ "Thu 11 Jun"."""
        from babel.dates import format_skeleton

        found = _parsed(day)
        if found is None:
            return day
        return self._first(format_skeleton("MMMEd", found, locale=self._cldr))

    def weekday(self, day: str) -> str:
        """ "Thu"."""
        from babel.dates import format_date

        found = _parsed(day)
        return "" if found is None else format_date(found, "ccc", self._cldr)

    def span_of_days(self, days: Sequence[str]) -> str:
        """From the first to the last: "11 – 14 June 2026"."""
        from babel.dates import format_date

        found = [day for day in map(_parsed, days) if day is not None]
        if not found:
            return ""
        a, b = min(found), max(found)
        if a == b:
            return self._first(format_date(a, "long", self._cldr))
        formats = self._cldr.interval_formats
        # where CLDR has no pattern for the month in full, the short one's is widened: UTS #35, 2.6.2
        patterns = formats.get("yMMMMd") or formats["yMMMd"]
        differs = "y" if a.year != b.year else "M" if a.month != b.month else "d"
        return self._first(
            "".join(
                format_date(day, re.sub("M+", "MMMM", pattern), self._cldr)
                for day, pattern in zip((a, b), patterns[differs], strict=True)
            )
        )

    def _first(self, day: str) -> str:
        """The first of a month is "1er" in French, which CLDR leaves to programs."""
        if not self.locale.startswith("fr"):
            return day
        return re.sub(r"(?<!\d)1(?=\s?[–-]|\s[a-zû])", "1er", day)

    # --- lists and names

    def joined(self, parts: Sequence[str]) -> str:
        """ "A, B and C"; more than six are counted."""
        from babel.lists import format_list

        if len(parts) > 6:
            parts = [*parts[:5], self.say("others", count=len(parts) - 5)]
        said = format_list(list(parts), locale=self._cldr)
        # "y" is "e" before its own sound, which CLDR leaves to programs
        if self.locale.startswith("es") and len(parts) > 1 and _SOUNDS_I.match(parts[-1]):
            said = f"{said.removesuffix(f' y {parts[-1]}')} e {parts[-1]}"
        return said

    def clauses(self, parts: Iterable[str]) -> str:
        """ "A; B", with the thin blank that French has before it."""
        return ("\u202f; " if self.locale.startswith("fr") else "; ").join(parts)

    def country(self, code: str, otherwise: str) -> str:
        """A country's name. code: ISO 3166-1, two letters."""
        return str(self._cldr.territories.get(code, otherwise))

    # --- for the page's script

    def of_script(self) -> dict[str, str]:
        """What the script says; `{0}` is where it fills in."""
        m = self._measures
        units = {"far": m.far, "near": m.near, "speed": m.speed}
        return {**self.script, **{key: self._name(unit, "{0}") for key, unit in units.items()}}

    def per_metre(self) -> tuple[float, float, float, float]:
        """far and near of a metre, speed of a km/h, and below how much of far near is told."""
        m = self._measures
        return m.per_far, m.per_near, m.per_speed / 3.6, m.least_far

    @property
    def _cldr(self) -> Locale:
        return _cldr(self.locale)

    @property
    def _measures(self) -> _Measures:
        return _MEASURES[self.units]

    def _pattern(self, value: float | Decimal, digits: int) -> str:
        # Spain groups from five digits on, which CLDR knows and Babel does not
        sparse = self.locale in ("es", "es-ES") and abs(float(value)) < 9999.5
        return ("0" if sparse else "#,##0") + (f".{'0' * digits}" if digits else "")

    def _unit(self, value: float, unit: str, digits: int) -> str:
        from babel.units import format_unit

        told = format_unit(value, unit, "short", self._pattern(value, digits), self._cldr)
        # a number is not left alone at the end of a line
        return told.replace(" ", "\u00a0")

    def _name(self, unit: str, number: str) -> str:
        """A unit beside a number that is text already."""
        from babel.units import format_unit

        return format_unit(number, unit, "short", locale=self._cldr).replace(" ", "\u00a0")

    def _symbol(self, unit: str) -> str:
        return self._name(unit, "").strip()


class _Phrases(string.Formatter):
    """Fills in what a `Phrase` was made of, as the words write it."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def format_field(self, value: Any, format_spec: str) -> str:
        words = self.words
        if isinstance(value, str):
            said = words.of(value)
            return _of_place(said) if format_spec == "de" else said
        if format_spec.startswith("."):
            return words.number(value, int(format_spec[1:-1]))
        told: dict[str, Callable[[float], str]] = {
            "": words.number,
            "m": words.height,
            "km": words.distance,
            "whole_km": words.round_distance,
            "kmh": words.speed,
            "s": words.seconds,
            "span": words.span,
        }
        return told[format_spec](value)


#: letters French swallows an e before: vowels, and y where it is one; before an h foreign names keep it
_VOWEL = re.compile(r"[AEIOUaeiouÀ-ÆÈ-ÏÒ-ÖÙ-ÜŒ]|[Yy](?![AEIOUaeiou])")


def _of_place(name: str) -> str:
    """ "de" and a name as French has them: "de Moab", "d’Ames", "du Mans"."""
    for article, instead in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return instead + name.removeprefix(article)
    return f"d’{name}" if _VOWEL.match(name) else f"de {name}"


def decimals(value: Decimal) -> int:
    """How many somebody gave it."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def words_for(locale: str = "en", units: str = "") -> Words:
    """The words of a locale: "de", "de-AT", "fr_CA", where a region nobody knows counts as none.

    units: km or mi, "" for what is usual there. Raises UsageError.
    """
    tag = locale.partition(".")[0].replace("_", "-")
    language, _, region = tag.partition("-")
    language = language.lower()
    if language not in LANGUAGES:
        raise UsageError(
            f"no locale {locale!r}",
            hint=f"one of {', '.join(LANGUAGES)}, with a region if you like: de-AT, en-US",
        )
    if units and units not in UNITS:
        raise UsageError(f"no units {units!r}", hint=f"one of {', '.join(UNITS)}")
    known = f"{language}-{region.upper()}" if _is_known(language, region.upper()) else language
    miles = region.upper() in _MILES
    texts = dict(_catalogue(language))
    script = texts.pop("script")
    phrases = texts.pop("phrases", {})
    return Words(
        known,
        units or ("mi" if miles else "km"),
        MappingProxyType(texts),
        script,  # type: ignore[arg-type]
        phrases,  # type: ignore[arg-type]
    )


@cache
def _catalogue(language: str) -> Mapping[str, Text]:
    source = files("convoylog.reports").joinpath("catalogue", f"{language}.toml")
    return MappingProxyType(tomllib.loads(source.read_text("utf-8")))


@cache
def _cldr(locale: str) -> Locale:
    """CLDR's numbers, dates and units. Plain English is written as where one drives kilometres."""
    from babel import Locale

    return Locale.parse({"en": "en-GB"}.get(locale, locale), sep="-")


def _is_known(language: str, region: str) -> bool:
    from babel.core import Locale, UnknownLocaleError

    try:
        Locale.parse(f"{language}_{region}")
    except (UnknownLocaleError, ValueError):
        return False
    return bool(region)


def _parsed(day: str) -> date | None:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None
