"""The day a person means: `2010-08-05`, `yesterday`, `5 Aug`, `Freitag`. Times are not for here."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from convoylog.errors import UsageError

HINT = "write the day as `2010-08-05`"

#: tried in this order; a word of several languages means the first's
LANGUAGES = ["en", "de", "fr", "es"]

_NEAR = {
    **dict.fromkeys(("", "today", "heute", "aujourd'hui", "hoy"), 0),
    **dict.fromkeys(("yesterday", "gestern", "hier", "ayer"), -1),
    **dict.fromkeys(("tomorrow", "morgen", "demain", "mañana"), 1),
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon montag lundi lunes",
            "tuesday tue tues dienstag mardi martes",
            "wednesday wed mittwoch mercredi miércoles",
            "thursday thu thur thurs donnerstag jeudi jueves",
            "friday fri freitag vendredi viernes",
            "saturday sat samstag sonnabend samedi sábado",
            "sunday sun sonntag dimanche domingo",
        )
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,4})\s*([/.-])\s*(\d{1,2})\s*(?:\2\s*(\d{0,4}))?", re.ASCII)


def day_from_words(words: str, today: date) -> date | None:
    """The day, or None if the words cannot be read. today: where the person is.

    Without a year it is the last such day, tomorrow at most. Raises UsageError for words that can
    be read as two days, or that contradict themselves.
    """
    text = words.strip(" ,").lower()
    if text in _NEAR:
        return today + timedelta(days=_NEAR[text])
    first, _, rest = text.partition(" ")
    weekday = _WEEKDAYS.get(first.strip(",."))
    if text.startswith("last ") and rest in _WEEKDAYS:
        weekday, rest = _WEEKDAYS[rest], ""
        return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    if weekday is not None and not rest:
        return today - timedelta(days=(today.weekday() - weekday) % 7)
    day = _calendar_day(rest if weekday is not None else text, today)
    if day is not None and weekday is not None and day.weekday() != weekday:
        raise UsageError(f"{day} is not a {first.strip(',.')}", hint=HINT)
    return day


def _calendar_day(text: str, today: date) -> date | None:
    iso = _ISO.fullmatch(text)
    numbers = _NUMBERS.fullmatch(text)
    try:
        if iso is not None:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if numbers is not None:
            return _from_numbers(numbers, text)
    except ValueError as error:
        raise UsageError(f"`{text}` is no day: {error}", hint=HINT) from error
    return _from_dateparser(text, today)


def _from_numbers(match: re.Match[str], text: str) -> date:
    """13/04/2010 and 04/13/2010 can be read one way; 5.8.2010 too, a dot is day first."""
    first, second, year = int(match[1]), int(match[3]), match[4] or ""
    if len(match[1]) == 4 and match[4] and len(match[4]) <= 2:
        return date(first, second, int(match[4]))
    if len(year) != 4 or len(match[1]) > 2:
        raise UsageError(f"`{text}` can be read as more than one day", hint=HINT)
    if match[2] == "." or first > 12 or first == second:
        return date(int(year), second, first)
    if second > 12:
        return date(int(year), first, second)
    raise UsageError(
        f"`{text}` can be {date(int(year), second, first)} or {date(int(year), first, second)}",
        hint="write the one meant that way",
    )


def _from_dateparser(text: str, today: date) -> date | None:
    """Other words, by dateparser: they must name a day and nothing finer."""
    numbers = re.findall(r"\d+", text)
    short = [n for n in numbers if len(n) <= 2]
    # one day's number and a whole year at most: "5 Aug 18" may mean a year or an hour
    if len(short) > 1 or len(numbers) > 2 or not any(c.isalpha() for c in text):
        return None
    from dateparser.date import DateDataParser

    def read(base: datetime) -> datetime | None:
        parser = DateDataParser(
            languages=LANGUAGES,
            settings={
                "PARSERS": ["relative-time", "absolute-time"],
                "RELATIVE_BASE": base,
                "PREFER_DATES_FROM": "past",
                "REQUIRE_PARTS": ["day", "month"],
                "TIMEZONE": "UTC",
                "RETURN_AS_TIMEZONE_AWARE": False,
            },
        )
        try:
            seen = parser.get_date_data(text)
        except (ValueError, OverflowError, TypeError, AttributeError, KeyError):
            return None  # whatever strange words do to it, they name no day
        found: datetime | None = seen.date_obj
        return found if seen.period == "day" else None

    # noon, so that a zone in the text would show itself by moving the clock
    noon = datetime(today.year, today.month, today.day, 12)  # noqa: DTZ001  a local day
    found, later = read(noon), read(noon + timedelta(days=1))
    if found is None or later is None or (found.hour, found.minute) not in ((0, 0), (12, 0)):
        return None
    # "two days ago" moves with the base; "7 Aug" typed on the 6th is tomorrow, not last year
    return (found if later - found == timedelta(days=1) else later).date()
