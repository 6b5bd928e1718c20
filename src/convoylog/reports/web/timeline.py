"""The dock below the map, without script: ribbon, elevation, speed, days, all on one time axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from convoylog.model.trip import CarTrip
from convoylog.reports.cast import Cast
from convoylog.reports.draw import profile, ribbon
from convoylog.reports.draw.axis import Axis
from convoylog.reports.draw.profile import Profile, draw_profile
from convoylog.reports.draw.ribbon import PARKED_S, Together, draw_ribbon
from convoylog.reports.draw.series import Series
from convoylog.reports.draw.svg import path
from convoylog.reports.outline import Report
from convoylog.reports.words import Words

_FIXED = ' vector-effect="non-scaling-stroke"'
#: pixels the speed's line may lose: it trembles with every bend, and nobody reads the tremble
_SPEED_PX = 1.2


@dataclass(frozen=True, slots=True)
class Timeline:
    """ribbon, elevation, speed: SVG, empty where nothing is known. ticks: of a chart, for the style:
    (class, share from the top, text). days: (class, number, share of the left edge, of the width)."""

    ribbon: Markup
    elevation: Markup
    speed: Markup
    ticks: Mapping[str, tuple[tuple[str, float, str], ...]]
    days: tuple[tuple[str, int, float, float], ...]


def draw_timeline(
    report: Report, axis: Axis, series: Sequence[Sequence[Series]], together: Sequence[Together]
) -> Timeline | None:
    """The timeline; None where no instant is known."""
    if not axis.days or not any(len(member.trip.track) for member in report.cast):
        return None
    words = report.words
    heights = [[(s.time, s.height * words.per_height) for s in rows] for rows in series]
    speeds = [[(s.time, s.speed * words.per_speed) for s in rows] for rows in series]
    up = draw_profile(axis, heights, from_zero=False)
    fast = draw_profile(axis, speeds, from_zero=True, thin_px=_SPEED_PX)
    return Timeline(
        _ribbon(report, axis, together),
        _chart(report, axis, up, "elevation", words.say("elevation_title")),
        _chart(report, axis, fast, "speed", words.say("speed_title")),
        {
            "elevation": _ticks(up, "e", words, words.height_unit),
            "speed": _ticks(fast, "s", words, words.speed_unit),
        },
        tuple(
            (f"d{k}", day.number, day.left / axis.length, (day.right - day.left) / axis.length)
            for k, day in enumerate(axis.days)
        ),
    )


def in_parties(report: Report) -> list[Cast]:
    """The cars from the top of the ribbon down: those of one party beside each other."""
    by_id = {member.id: member for member in report.cast}
    return [by_id[car] for party in report.parties for car in party.cars] or list(report.cast)


def known_spans(trip: CarTrip) -> list[tuple[float, float]]:
    """When a car's whereabouts are known, driving or standing, but for its nights: UTC seconds."""
    t = trip.track
    if not len(t):
        return []
    cuts = np.flatnonzero(np.diff(t.segment) != 0) + 1
    spans = [(float(part[0]), float(part[-1])) for part in np.split(t.time, cuts)]
    for night in (stop for stop in trip.stops if stop.overnight):
        spans = [
            part
            for a, b in spans
            for part in ((a, min(b, night.from_at)), (max(a, night.to_at), b))
        ]
    return sorted({(a, b) for a, b in spans if b >= a})


def parked_spans(trip: CarTrip) -> list[tuple[float, float]]:
    """When a car stood long enough to be drawn hollow, but for its nights: UTC seconds."""
    return [
        (s.from_at, s.to_at) for s in trip.stops if s.duration_s >= PARKED_S and not s.overnight
    ]


def _ribbon(report: Report, axis: Axis, together: Sequence[Together]) -> Markup:
    cast = in_parties(report)
    known = [known_spans(member.trip) for member in cast]
    parked = [parked_spans(member.trip) for member in cast]
    title = report.words.say("ribbon_title" if together else "ribbon_alone_title")
    out = [_open("ribbon", title), _days(axis)]
    at = {member.id: n for n, member in enumerate(cast)}
    home = [at[member.id] for member in report.cast]
    groups = [Together(g.begin, g.end, tuple(home[car] for car in g.cars)) for g in together]
    lanes = draw_ribbon(axis, known, parked, groups)
    for lane in lanes:
        member = cast[lane.car]
        d = "".join(path(line) for line in lane.lines)
        if d:
            named = f"<title>{escape(member.name)}</title>"
            out.append(f'<path class="lane c{member.colour}"{_FIXED} d="{d}">{named}</path>')
    for lane in lanes:
        d = "".join(path(line) for line in lane.hollow)
        if d:
            out.append(f'<path class="hollow"{_FIXED} d="{d}"/>')
    return Markup("".join([*out, "</svg>"]))  # noqa: S704 - names were escaped above


def _chart(report: Report, axis: Axis, seen: Profile | None, kind: str, title: str) -> Markup:
    if seen is None:
        return Markup()
    out = [_open(f"profile {kind}", title), _days(axis)]
    for share, _ in seen.ticks:
        y = f"{share * profile.HEIGHT:.1f}"
        out.append(f'<path class="grid"{_FIXED} d="M0 {y}H{profile.WIDTH:g}"/>')
    for member, lines in zip(report.cast, seen.lines, strict=True):
        d = "".join(path(line) for line in lines)
        if d:
            out.append(f'<path class="course c{member.colour}"{_FIXED} d="{d}"/>')
    return Markup("".join([*out, "</svg>"]))  # noqa: S704 - numbers only


def _open(kind: str, title: str) -> str:
    ident = kind.rpartition(" ")[2]
    return (
        f'<svg class="{kind}" viewBox="0 0 {ribbon.WIDTH:g} {ribbon.HEIGHT:g}" '
        f'preserveAspectRatio="none" role="img" aria-labelledby="{ident}-t">'
        f'<title id="{ident}-t">{escape(title)}</title>'
    )


def _days(axis: Axis) -> str:
    """The ground each day stands on; between them lie the nights."""
    return "".join(
        f'<rect class="day" x="{day.left / axis.length * ribbon.WIDTH:.1f}" y="0" '
        f'width="{(day.right - day.left) / axis.length * ribbon.WIDTH:.1f}" height="{ribbon.HEIGHT:g}"/>'
        for day in axis.days
    )


def _ticks(
    seen: Profile | None, prefix: str, words: Words, unit: str
) -> tuple[tuple[str, float, str], ...]:
    if seen is None:
        return ()
    rows = [(f"{prefix}{k}", share, words.number(v)) for k, (share, v) in enumerate(seen.ticks)]
    # the unit once, at the top
    return tuple(
        (name, share, f"{text} {unit}" if k == len(rows) - 1 else text)
        for k, (name, share, text) in enumerate(rows)
    )
