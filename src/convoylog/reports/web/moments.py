"""When things are on the page: the days of the time axis, and the clock of each car."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import numpy as np

from convoylog.model.clocks import local_time
from convoylog.model.trip import CarTrip, Placed, Told
from convoylog.places import zones
from convoylog.reports.company import Happening
from convoylog.reports.draw.axis import Axis, make_axis
from convoylog.reports.draw.ribbon import Together
from convoylog.reports.outline import Chapter, Report
from convoylog.reports.story import Item

#: seconds between places whose zone is asked for; where it changes, the instant is narrowed down
_SAMPLE_S = 1800.0
#: seconds to which a change of zone is told
_NARROW_S = 30.0
_DAY_S = 86_400.0
#: seconds after the last car stopped within which a note still makes the day longer
_EVENING_S = 5400.0


def flat(items: tuple[Item, ...]) -> list[Item]:
    """Items with their answers, in order."""
    return [part for item in items for part in (item, *flat(item.answers))]


def rows_of(report: Report, chapter: Chapter) -> list[Item | Happening]:
    """A chapter's items with what was driven and happened between the cars, in order of time."""
    rows: list[Item | Happening] = list(chapter.items)
    happened = sorted((*report.driven, *report.happenings), key=lambda row: row.at)
    for happening in (h for h in happened if h.day == chapter.day):
        # what stands under another keeps its place, so only the rows themselves are looked at
        later = [
            k
            for k, row in enumerate(rows)
            if isinstance(row, Item) and (row.told.placed.at or 0.0) > happening.at
        ]
        rows.insert(later[0] if later else len(rows), happening)
    return rows


def together_of(report: Report) -> tuple[Together, ...]:
    """Groups of two or more in the order they drove, a value for every order, leader first."""
    number = {member.id: n for n, member in enumerate(report.cast)}
    rows = []
    for group in report.convoy.groups:
        if len(group.cars) < 2 or group.to_at <= group.from_at:
            continue
        orders = [(o.at, o.cars) for o in group.orders] or [(group.from_at, group.order)]
        ends = [*(at for at, _ in orders[1:]), group.to_at]
        for (at, cars), end in zip(orders, ends, strict=True):
            members = tuple(number[car] for car in cars if car in number)
            if end > at and len(members) > 1:
                rows.append(Together(at, end, members))
    return tuple(sorted(rows, key=lambda row: (row.begin, row.cars)))


def axis_of(report: Report) -> Axis:
    """The driving days; without any track, the days somebody wrote on."""
    spans = []
    for chapter in report.chapters:
        begin, end = day_bounds(report, chapter)
        if begin is not None and end is not None:
            spans.append((chapter.number, begin, end))
    return make_axis(spans)


def day_bounds(report: Report, chapter: Chapter) -> tuple[float | None, float | None]:
    """First and last instant of a day: from the first departure to the last arrival.

    A note shortly before or after counts, one by the fire at midnight does not. Without any driving
    the notes alone count; None where nothing has a time.
    """
    legs = [leg for m in report.cast for leg in m.trip.legs if leg.day == chapter.day]
    # of a recorder that wakes every quarter of an hour all is a hole, and the day has hours still
    legs = [leg for leg in legs if leg.recorded] or legs
    told = [at for i in flat(chapter.items) if (at := i.told.placed.at) is not None]
    if not legs:
        seen = [at for member in report.cast for at in _recorded_on(member.trip, chapter.day)]
        stood = any(m.trip.legs for m in report.cast) and not any(chapter.metres.values())
        all_of_it = told if stood else [*told, *seen]
        return (min(all_of_it), max(all_of_it)) if all_of_it else (None, None)
    begin, end = min(leg.from_at for leg in legs), max(leg.to_at for leg in legs)
    near = [at for at in told if begin - _EVENING_S <= at <= end + _EVENING_S]
    return min([begin, *near]), max([end, *near])


def _recorded_on(trip: CarTrip, day: str) -> tuple[float, ...]:
    """A car's first and last fix on a local date, UTC seconds: all there is where a recorder woke so
    seldom that no leg is known."""
    try:
        midnight = datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()
    except ValueError:
        return ()
    time = trip.track.time
    found: list[float] = []
    for stay in trip.zones:
        begin = midnight - zones.offset_at(stay.zone, midnight + _DAY_S / 2)
        first, last = max(begin, stay.from_at), min(begin + _DAY_S, stay.to_at)
        here = time[(time >= first) & (time <= last)]
        found += [float(here[0]), float(here[-1])] if len(here) else []
    return (min(found), max(found)) if found else ()


def clock_of(trip: CarTrip, story: Iterable[Told]) -> list[tuple[float, int, str]]:
    """(UTC seconds from which on, seconds east of UTC, abbreviation) as the car moves on.

    story: what is told of any car. Where this one recorded nothing yet or no more, its clock is that
    of what it told.
    """
    mine = [row for row in story if row.car == trip.car.id and row.placed.at is not None]
    told = sorted((_step_of(row.placed) for row in mine), key=lambda step: step[0])
    driven = _driven_clock(trip)
    first, last = (trip.track.time[0], trip.track.time[-1]) if driven else (np.inf, np.inf)
    steps = [step for step in told if step[0] < first]
    steps += [*driven, *(step for step in told if step[0] > last)]
    return [b for a, b in zip([None, *steps], steps, strict=False) if a is None or a[1:] != b[1:]]


def _step_of(placed: Placed) -> tuple[float, int, str]:
    at = placed.at or 0.0
    name = _abbreviation(placed.zone, at) if placed.zone else _from_utc(placed.offset_s)
    return at, placed.offset_s, name


def _driven_clock(trip: CarTrip) -> list[tuple[float, int, str]]:
    """The clock at the car's recorded places."""
    t = trip.track
    if not len(t):
        return []
    at = np.arange(float(t.time[0]), float(t.time[-1]) + _SAMPLE_S, _SAMPLE_S)

    def known(time: float) -> tuple[int, str]:
        k = min(int(np.searchsorted(t.time, time)), len(t) - 1)
        zone = zones.zone_at(float(t.lat[k]), float(t.lon[k]))
        return zones.offset_at(zone, time), _abbreviation(zone, time)

    steps = [(float(at[0]), *known(float(at[0])))]
    for a, b in zip(at.tolist(), at[1:].tolist(), strict=False):
        if (offset := known(b))[0] != steps[-1][1]:
            steps.append((_narrowed(known, a, b, steps[-1][1]), *offset))
    return steps


def _narrowed(known: Callable[[float], tuple[int, str]], a: float, b: float, offset: int) -> float:
    """When the offset ceased to be what it was at a."""
    while b - a > _NARROW_S:
        middle = (a + b) / 2
        if known(middle)[0] == offset:
            a = middle
        else:
            b = middle
    return b


def _abbreviation(zone: str, time: float) -> str:
    """ "MDT"; zones without letters of their own are told by their offset."""
    local = local_time(time, zone) if zone else None
    name = (local.tzname() or "") if local else ""
    return name if name[:1].isalpha() else _from_utc(zones.offset_at(zone, time))


def _from_utc(offset: int) -> str:
    """ "UTC+5:45". offset: seconds east."""
    sign, minutes = ("−" if offset < 0 else "+"), abs(offset) // 60
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02d}" if minutes % 60 else "")


def local_day(at: float, offset: int) -> str:
    """The local date of an instant, ISO; "" outside of the calendar."""
    try:
        return f"{datetime.fromtimestamp(at, UTC) + timedelta(seconds=offset):%Y-%m-%d}"
    except (ValueError, OverflowError, OSError):
        return ""
