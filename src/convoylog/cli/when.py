"""What people type as a time, understood as an instant.

ISO 8601 first, then the time of day and the day apart from each other: `18:30`, `yesterday 9pm`,
`5 Aug 18:30`, `2 hours ago`. Only the day's words ever reach dateparser, and only if they are no
ISO date. A time without offset is in the zone of the car's position then. Nothing is filled in:
a day without a time of day is refused where an instant is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal

from convoylog.cli.days import day_from_words
from convoylog.cli.localtime import instants_of, neighbours, zoned
from convoylog.errors import UsageError

HINT = "write it as `2010-08-05 18:30` or `2010-08-05T18:30-06:00`"
#: nobody types a longer time; what is longer came from somewhere else
_LONGEST = 80
#: years that can be meant: from the first road trips on, and where zones are known
_YEARS = range(1900, 2200)

_ISO = re.compile(
    r"(?P<y>\d{4})-?(?P<m>\d\d)-?(?P<d>\d\d)"
    r"(?:(?:\s*[Tt]\s*|\s+)(?P<H>\d\d)(?::?(?P<M>\d\d)(?::?(?P<S>\d\d)(?:[.,](?P<f>\d{1,9}))?)?)?)?"
    r"\s*(?P<zone>[Zz]|[+\u2212-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
_AGO = re.compile(
    r"(?:(?P<n>\d{1,5}(?:\.\d+)?|half an|[a-z]+(?=\s))\s*(?P<unit>[a-z]+)"
    r"(?:\s*(?:and\s+)?(?P<n2>\d{1,3})\s*(?P<unit2>[a-z]+))?)\s+ago",
    re.ASCII | re.IGNORECASE,
)
_COUNTS = {"a": 1.0, "an": 1.0, "half an": 0.5} | {
    word: float(number)
    for number, word in enumerate(("one", "two", "three", "four", "five", "six"), 1)
}
_SECONDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600),
}
# a time of day: 18:30, 18:30:05, 18h30, 9pm, 9:30 p.m., 18 Uhr, noon, midnight
_TIME = re.compile(
    r"(?<![\w:.+-])(?:at\s+|um\s+|à\s+|a las\s+)?(?:"
    r"(?P<h>\d{1,2})(?:[:hH](?P<m>\d\d)(?::(?P<s>\d\d)(?:\.(?P<f>\d{1,6}))?)?)?"
    r"\s*(?:(?P<half>[ap])\.?m\.?|(?P<uhr>Uhr\b))?"
    r"|(?P<word>noon|midnight))(?![\w:])",
    re.ASCII | re.IGNORECASE,
)
_OFFSET = re.compile(r"\s*(?:\b(UTC|GMT)\b|(?<=\d)\s*(Z)\b)?\s*([+\u2212-]\d\d:?\d\d)?$", re.ASCII)
_ZONE = re.compile(r"\s+([A-Za-z_]+(?:/[A-Za-z_+-]+){1,2})$", re.ASCII)
# letters that stand for several offsets, or for one half of the year only
_LETTERS = re.compile(r"\b([A-IK-Z]{1,3}[SD]?T|CES?T|WES?T|EES?T|BST|MSK)$", re.ASCII)

WholeDay = Literal["refuse", "start", "end"]


@dataclass(frozen=True, slots=True)
class Understood:
    """instant: aware, in the zone or at the offset understood. zone: IANA name, "" for an offset.

    sentence: what was understood, to be shown. ahead: how far after now, 0 if not.
    """

    instant: datetime
    zone: str
    sentence: str
    ahead: timedelta = timedelta(0)


def understand(
    text: str,
    *,
    now: datetime,
    zone_of: Callable[[float], str],
    whole_day: WholeDay = "refuse",
) -> Understood:
    """The instant a person means.

    now: aware. zone_of: UTC seconds → IANA zone of the car's position then, "" if nobody knows.
    whole_day: what a day without a time of day gives: an error, its first instant, or the first
    instant of the next day. Raises UsageError, saying why.
    """
    words = " ".join(text.split())
    if not words or len(words) > _LONGEST:
        raise UsageError("no time given" if not words else "too long for a time", hint=HINT)
    if words.lower() == "now":
        return _told(zoned(now.timestamp(), zone_of, now), now)
    ago = _AGO.fullmatch(words)
    if ago is not None and (instant := _ago(ago, now)) is not None:
        return _told(zoned(instant.timestamp(), zone_of, instant), now)
    today = zoned(now.timestamp(), zone_of, now)[0].date()
    day, clock, offset, zone = _parts(words, today)
    if day.year not in _YEARS:
        raise UsageError(f"`{words}`: no logbook is of the year {day.year}", hint=HINT)
    if clock is None:
        if whole_day == "refuse":
            raise UsageError(f"`{words}` has no time of day", hint=f"add it: `{day} 18:30`")
        day += timedelta(days=1 if whole_day == "end" else 0)
        clock = time(0)
    naive = datetime.combine(day, clock)
    if offset is not None:
        return _told((naive.replace(tzinfo=offset), ""), now)
    return _resolved(naive, (lambda _: zone) if zone else zone_of, now, by_day=whole_day)


def _ago(match: re.Match[str], now: datetime) -> datetime | None:
    """Hours, minutes and seconds are counted on the instant: a DST night has no say in them."""
    total = 0.0
    for number, unit in ((match["n"], match["unit"]), (match["n2"], match["unit2"])):
        if number is None:
            continue
        seconds = _SECONDS.get(unit.lower())
        count = _COUNTS.get(number.lower()) or (float(number) if number[0].isdigit() else None)
        if seconds is None or count is None:
            return None
        total += count * seconds
    try:
        return now - timedelta(seconds=total)
    except OverflowError:
        return None


def _parts(words: str, today: date) -> tuple[date, time | None, timezone | None, str]:
    """Day, time of day or None, offset or None, zone or ""."""
    iso = _ISO.fullmatch(words)
    if iso is not None:
        return _iso(iso, words)
    zone = ""
    named = _ZONE.search(words)
    if named is not None:
        zone = _checked_zone(named[1])
        words = words[: named.start()]
        iso = _ISO.fullmatch(words)
        if iso is not None and iso["zone"] is None:
            return (*_iso(iso, words)[:3], zone)
    letters = _LETTERS.search(words)
    if letters is not None:
        raise UsageError(f"`{letters[1]}` does not say which offset from UTC", hint=HINT)
    offset = None
    tail = _OFFSET.search(words)
    if tail is not None and any(tail.groups()) and _TIME.search(words[: tail.start()] or " "):
        offset = _offset(tail[3] or "Z", words)
        words = words[: tail.start()]
    found = [match for match in _TIME.finditer(words) if _is_time(match)]
    if len(found) > 1:
        raise UsageError(f"`{words}` has two times of day", hint=HINT)
    clock = _clock(found[0], words) if found else None
    rest = words
    if found:
        rest = f"{words[: found[0].start()]} {words[found[0].end() :]}".strip(" ,")
    day = day_from_words(rest, today)
    if day is None:
        raise UsageError(f"cannot read `{words}` as a time", hint=HINT)
    return day, clock, offset, zone


def _iso(match: re.Match[str], words: str) -> tuple[date, time | None, timezone | None, str]:
    try:
        day = date(int(match["y"]), int(match["m"]), int(match["d"]))
        clock = None
        if match["H"]:
            micro = int((match["f"] or "0").ljust(6, "0")[:6])
            clock = time(int(match["H"]), int(match["M"] or 0), int(match["S"] or 0), micro)
    except ValueError as error:
        raise UsageError(f"`{words}` is no time: {error}", hint=HINT) from error
    if match["zone"] and clock is None:
        raise UsageError(f"`{words}` has an offset but no time of day", hint=HINT)
    return day, clock, _offset(match["zone"], words) if match["zone"] else None, ""


def _offset(text: str, words: str) -> timezone:
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    # no place has ever been further from UTC than 15 h 13 min (Alaska before 1867)
    if minutes > 16 * 60 or int(digits[2:]) > 59:
        raise UsageError(f"`{words}`: no place is {text} from UTC", hint=HINT)
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))


def _checked_zone(name: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"no time zone `{name}`", hint="such as `America/Denver`") from error


def _is_time(match: re.Match[str]) -> bool:
    """A bare number ("5" of "5 Aug") is none."""
    return bool(match["word"] or match["m"] or match["half"] or match["uhr"])


def _clock(match: re.Match[str], words: str) -> time:
    if match["word"]:
        if match["word"].lower() == "midnight":
            # the night before or the night after? people mean either
            raise UsageError("`midnight` may begin or end the day", hint="write 00:00 with its day")
        return time(12)
    hour, minute, second = (int(match[key] or 0) for key in "hms")
    if match["half"]:
        if not 1 <= hour <= 12:
            raise UsageError(f"`{words}` is no time of day", hint=HINT)
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    try:
        return time(hour, minute, second, int((match["f"] or "0").ljust(6, "0")))
    except ValueError as error:
        raise UsageError(f"`{words}` is no time of day: {error}", hint=HINT) from error


def _resolved(
    naive: datetime, zone_of: Callable[[float], str], now: datetime, *, by_day: WholeDay
) -> Understood:
    """A wall clock's time where the car was then. Twice there: the earlier. Never there: refused,
    except for the edge of a whole day, which then is the first instant after it."""
    found = instants_of(naive, zone_of)
    if not found:
        before, after = neighbours(naive, zone_of)
        if by_day != "refuse":
            return _told(after, now)
        last, first = before[0], after[0]
        raise UsageError(
            f"{naive:%H:%M} on {naive:%Y-%m-%d} did not happen where the car was: clocks went"
            f" from {last:%H:%M:%S} ({before[1]}) to {first:%H:%M:%S} ({after[1]})",
            hint=f"write {last:%H:%M} or {first:%H:%M}, or give the offset: "
            f"`{first.isoformat(timespec='minutes')}`",
        )
    told = _told(found[0], now)
    if len(found) == 1:
        return told
    later = found[-1][0].isoformat(timespec="minutes")
    twice = f"{told.sentence}; that time came twice, this is the earlier, the later is {later}"
    return Understood(told.instant, told.zone, twice, told.ahead)


def _told(found: tuple[datetime, str], now: datetime) -> Understood:
    instant, zone = found
    ahead = max(instant - now, timedelta(0))
    return Understood(instant, zone, say_back(instant, zone, now), ahead)


def say_back(instant: datetime, zone: str, now: datetime) -> str:
    """The sentence to show: "Thu 5 Aug 2010, 18:30 in America/Denver (00:30 UTC on 6 Aug)".

    instant: aware. zone: IANA name, "" if only its offset is known. now: aware; a minute or more
    ahead of it is said.
    """
    clock = "%H:%M" if not (instant.second or instant.microsecond) else "%H:%M:%S"
    utc = instant.astimezone(UTC)
    where = f"in {zone}" if zone else f"at UTC{_sign(instant)}"
    sentence = f"{_day(instant)} {instant.year:04}, {instant.strftime(clock)} {where}"
    if instant.utcoffset():
        other = "" if utc.date() == instant.date() else f" on {_day(utc)[4:]}"
        sentence += f" ({utc.strftime(clock)} UTC{other})"
    if instant - now >= timedelta(minutes=1):
        sentence += f", {_ahead(instant - now)} from now"
    return sentence


def _sign(instant: datetime) -> str:
    text = instant.strftime("%z")
    return f"{text[:3]}:{text[3:5]}" if instant.utcoffset() else ""


# strftime's names follow the computer's language
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _day(at: datetime) -> str:
    return f"{_DAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]}"


def _ahead(gap: timedelta) -> str:
    from convoylog.cli.units import duration

    return duration(gap.total_seconds())
