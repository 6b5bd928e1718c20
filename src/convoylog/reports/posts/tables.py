"""The tables and lists of a post, in Markdown; each is "" where there is nothing to tell."""

from __future__ import annotations

from collections.abc import Iterable

from convoylog.reports.cast import Cast
from convoylog.reports.outline import Report
from convoylog.reports.posts.escape import inline
from convoylog.reports.regions import Land, lands_of
from convoylog.reports.words import UNKNOWN, Words


def _head(words: Words, *columns: str, above: str = "") -> list[str]:
    """A table's heading and head. columns: keys of the catalogue, `>` behind those set to the right."""
    names = " | ".join(words.say(column.rstrip(">")) for column in columns)
    sides = " | ".join("---:" if column.endswith(">") else "---" for column in columns)
    heading = [f"## {words.say(above)}", ""] if above else []
    return [*heading, f"| {names} |", f"| {sides} |"]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(inline(cell, cell=True) for cell in cells)} |"


def days(report: Report) -> str:
    if not report.chapters:
        return ""
    words = report.words
    rows = _head(words, "day_head", "where", "distance>")
    for chapter in report.chapters:
        metres = sum(chapter.metres.values())
        title = f"{inline(chapter.heading, cell=True)}, {words.short_day(chapter.day)}"
        told = words.way(metres, sum(chapter.unrecorded.values())) if metres else UNKNOWN
        rows.append(f"| {chapter.number} | {title} | {told} |")
    return "\n".join(rows)


def pairs(report: Report) -> str:
    """Who drove with whom, how long and who was in front."""
    if not report.pairs:
        return ""
    names = {member.id: member.name for member in report.cast}
    rows = _head(report.words, "cars", "driven_together>", "share>", "mostly_in_front")
    for pair in report.pairs:
        cars = f"{names.get(pair.a, '?')} – {names.get(pair.b, '?')}"
        cells = (cars, pair.driven, pair.share, pair.led)
        rows.append(_row(cells))
    return "\n".join(rows)


def cars(report: Report) -> str:
    if not report.cast:
        return ""
    words = report.words
    rows = _head(words, "car", "driver", "distance>", "moving>", "unknown>", above="cars")
    return "\n".join(rows + [_car_row(member, words) for member in report.cast])


def _car_row(member: Cast, words: Words) -> str:
    trip = member.trip
    known = trip.from_at is not None
    cells = [
        f"{inline(member.label, cell=True)} {inline(member.name, cell=True)}",
        inline(member.driver, cell=True),
        words.distance(trip.distance_m if known else None),
        words.duration(trip.moving_s if known else None),
        words.duration(trip.unknown_s if known else None),
    ]
    return f"| {' | '.join(cells)} |"


def legs(report: Report) -> str:
    if not report.legs:
        return ""
    words = report.words
    rows = _head(words, "car", "day_head", "leg", "distance>", "moving>", above="legs")
    for leg in report.legs:
        note = f" ({leg.note})" if leg.note else ""
        rows.append(
            f"| {inline(leg.car.name, cell=True)} | {words.short_day(leg.day)} "
            f"| {inline(leg.title, cell=True)}{note} | {leg.distance} | {leg.moving} |"
        )
    return "\n".join(rows)


def logs(report: Report) -> str:
    if not report.logs:
        return ""
    names = {member.id: member.name for member in report.cast}
    columns = ("car", "fuel>", "used>", "spent>", "odometer>")
    rows = _head(report.words, *columns, above="log")
    for line in report.logs:
        cells = (names[line.car], line.fuel, line.used, line.spent, line.odometer)
        rows.append(_row(cells))
    return "\n".join(rows)


def regions(report: Report) -> str:
    if not report.visited:
        return ""
    lines = [
        f"- {inline(v.name)}: {', '.join(inline(c.name) for c in v.cars)}" for v in report.visited
    ]
    if lands := lands_of(report.visited):
        lines = [_land(land, report.words) for land in lands]
    return f"## {report.words.say('regions_crossed')}\n\n" + "\n".join(lines)


def _land(land: Land, words: Words) -> str:
    parts = ", ".join(inline(visit.name) for visit in land.parts)
    name = f"**{inline(words.country(land.code, land.code))}**"
    return f"- {name}: {parts}" if parts else f"- {name}"


def notices(report: Report) -> str:
    if not report.notices:
        return ""
    lines = [f"- {inline(notice)}" for notice in report.notices]
    return f"## {report.words.say('notices_post')}\n\n" + "\n".join(lines)
