"""The page's ribbon and elevation chart, painted to stand in a post."""

from __future__ import annotations

from convoylog.reports.draw.axis import Axis
from convoylog.reports.draw.png import strip_png
from convoylog.reports.draw.profile import draw_profile
from convoylog.reports.draw.ribbon import draw_ribbon
from convoylog.reports.draw.series import series_of, step_of
from convoylog.reports.draw.strip import Strip
from convoylog.reports.outline import Report
from convoylog.reports.web.moments import axis_of, together_of
from convoylog.reports.web.timeline import known_spans, parked_spans

#: pixels of a picture in a post; a ribbon is as high as it has cars
_WIDE, _CHART_HIGH = 1600, 400
_LANE_HIGH, _EDGES_HIGH = 52, 90
#: roundels beside each other need no more room; beyond, numbers in a strip say nothing
_MOST_CARS = 20


def ribbon_picture(report: Report) -> bytes | None:
    """Who drove with whom, a line a car; None where fewer than two cars recorded anything."""
    axis = axis_of(report)
    known = [known_spans(member.trip) for member in report.cast]
    if sum(map(bool, known)) < 2 or len(known) > _MOST_CARS or not axis.days:
        return None
    parked = [parked_spans(member.trip) for member in report.cast]
    lanes = draw_ribbon(axis, known, parked, together_of(report))
    count = len(report.cast)
    strip = Strip(
        lines=tuple((report.cast[lane.car].colour, lane.lines) for lane in lanes),
        hollow=tuple(line for lane in lanes for line in lane.hollow),
        heads=tuple((m.colour, m.label, (n + 0.5) / count) for n, m in enumerate(report.cast)),
        days=_days(report, axis),
    )
    return strip_png(strip, _WIDE, _EDGES_HIGH + _LANE_HIGH * count)


def elevation_picture(report: Report) -> bytes | None:
    """Height of every car over the days; None where no recording tells any."""
    axis = axis_of(report)
    if not axis.days:
        return None
    step = step_of(axis, len(report.cast))
    rows = [
        [(s.time, s.height * report.words.per_height) for s in series_of(member.trip, axis, step)]
        for member in report.cast
    ]
    profile = draw_profile(axis, rows, from_zero=False)
    if profile is None:
        return None
    strip = Strip(
        lines=tuple(
            (member.colour, lines) for member, lines in zip(report.cast, profile.lines, strict=True)
        ),
        ticks=tuple(
            (share, f"{report.words.number(value)} {report.words.height_unit}")
            for share, value in profile.ticks
        ),
        days=_days(report, axis),
    )
    return strip_png(strip, _WIDE, _CHART_HIGH)


def _days(report: Report, axis: Axis) -> tuple[tuple[str, float, float], ...]:
    iso = {chapter.number: chapter.day for chapter in report.chapters}
    return tuple(
        (
            report.words.say(
                "day_in_strip", number=day.number, day=report.words.short_day(iso[day.number])
            ),
            day.left / axis.length,
            day.right / axis.length,
        )
        for day in axis.days
    )
