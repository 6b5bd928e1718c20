"""What the page's script gets: tracks, time axis, minute series, places, words; as one JSON value."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from convoylog.model.tracks import Floats
from convoylog.reports.draw.axis import Axis, AxisDay
from convoylog.reports.draw.naming import Name, Named, name_regions, name_towns
from convoylog.reports.draw.ribbon import Together
from convoylog.reports.draw.series import Series
from convoylog.reports.draw.shapes import MapDrawing
from convoylog.reports.draw.svg import FINE
from convoylog.reports.draw.vertices import LANE_STEPS, Packed, encode, pack_tracks
from convoylog.reports.draw.view import View
from convoylog.reports.outline import Report
from convoylog.reports.story import Item
from convoylog.reports.web.moments import clock_of, flat, local_day

#: rounding of a series: metres of height, km/h, metres driven
_HEIGHT, _SPEED, _METRES = 2.0, 1.0 / 3.6, 50.0
_DAY_S = 86_400.0


def payload(
    report: Report,
    drawing: MapDrawing,
    items: Sequence[Item],
    axis: Axis,
    series: Sequence[Sequence[Series]],
    step: float,
    together: Sequence[Together],
) -> dict[str, object]:
    """The value, as JSON has it, still without the pins' pictures."""
    view = drawing.view
    start = start_of(axis)

    def when(time: Floats | float) -> Floats:
        return told_seconds(report, axis, time)

    packed = pack_tracks([member.trip for member in report.cast], view, when)
    clocks = [] if report.hide_times else [clock_of(m.trip, report.trip.story) for m in report.cast]
    route = [line for way in drawing.ways for line in way.lines]
    spots = [
        (item.told.place, item.told.placed.lat, item.told.placed.lon)
        for item in items
        if item.told.placed.lat is not None and item.told.placed.lon is not None
    ]
    towns = name_towns(view, route, Named.of([member.trip for member in report.cast], spots))
    chapter_of = {i.anchor: c.number for c in report.chapters for i in flat(c.items)}
    number = {member.id: n for n, member in enumerate(report.cast)}
    entries = [
        _entry(item, view, when, number, chapter_of.get(item.anchor, 0))
        for item in items
        # an answer of a car that has no track here stands in the story alone
        if item.car.id in number
    ]
    return {
        "size": [view.width, view.height],
        "frame": [round(edge) for edge in view.frame],
        "box": _box(packed, entries, view),
        "fine": FINE,
        "metres": 1 / view.scale,
        "world": not view.names_regions,
        "unit": packed.unit,
        "lanes": LANE_STEPS,
        "start": 0 if report.hide_times else start,
        "step": step,
        "cars": [
            {
                "name": member.name,
                "label": member.label,
                "colour": member.colour,
                "track": packed.cars[n],
                "clock": [[_whole(when(at)), *rest] for at, *rest in clocks[n]] if clocks else [],
                "series": [[_whole(when(s.time[0])), _series(s)] for s in series[n]],
            }
            for n, member in enumerate(report.cast)
        ],
        "axis": [_day(day, when) for day in axis.days],
        "together": [[_whole(when(g.begin)), _whole(when(g.end)), list(g.cars)] for g in together],
        "entries": entries,
        "towns": [_town(name) for name in towns if not name.end],
        "ends": [_town(name) for name in towns if name.end],
        "regions": [
            [r.text, round(r.x, 1), round(r.y, 1), round(r.wide)] for r in name_regions(view)
        ],
        "dates": {} if report.hide_times else _dates(report, clocks, axis),
        "hide": report.hide_times,
        "words": report.words.of_script(),
        "per": report.words.per_metre(),
    }


def with_pins(value: Mapping[str, object], items: Sequence[Item]) -> str:
    """The JSON text, safe inside a `<script>`, a template of a blog engine and an old parser."""
    pins = {item.anchor: item.photos[0].picture.pin for item in items if item.photos}
    entries = [
        [*row[:-1], base64.b64encode(pins.get(row[0], b"")).decode() if row[4] is not None else ""]
        for row in value["entries"]  # type: ignore[attr-defined]
    ]
    told = json.dumps({**value, "entries": entries}, ensure_ascii=False, separators=(",", ":"))
    return escape(told)


def start_of(axis: Axis) -> float:
    """The whole UTC second from which the page counts."""
    return float(min((d.begin for d in axis.days), default=0.0) // 1)


def told_seconds(report: Report, axis: Axis, time: Floats | float) -> Floats:
    """Seconds since the trip began; with hidden times, as if every night were short."""
    return axis.at(time) if report.hide_times else np.asarray(time) - start_of(axis)


def escape(text: str) -> str:
    """JSON that nothing around it can mistake for an end, an entity or a template."""
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.replace("{{", "{\\u007b").replace("{%", "{\\u0025")


def _whole(value: Floats | float) -> int:
    return round(float(value))


def _day(day: AxisDay, when: Callable[[float], Floats]) -> list[int]:
    """[number, begin, end, the same on the axis]."""
    begin, end = _whole(when(day.begin)), _whole(when(day.end))
    return [day.number, begin, end, _whole(day.left), _whole(day.right)]


def _entry(
    item: Item, view: View, when: Callable[[float], Floats], number: Mapping[str, int], day: int
) -> list[object]:
    """[anchor, car, seconds or null, offset, x, y or null, chapter or 0, "" for the pin]."""
    placed = item.told.placed
    x = y = None
    if placed.lat is not None and placed.lon is not None:
        x, y = (
            round(float(v), 2)
            for v in view.pixels(np.array([placed.lon]), np.array([placed.lat]))[0]
        )
    return [
        item.anchor,
        number[item.car.id],
        None if placed.at is None else _whole(when(placed.at)),
        placed.offset_s,
        x,
        y,
        day,
        "",
    ]


def _box(packed: Packed, entries: Sequence[Sequence[Any]], view: View) -> list[float]:
    """[left, top, right, bottom] around all tracks and entries, in pixels of the view."""
    places = [*packed.corners, *((row[4], row[5]) for row in entries if row[4] is not None)]
    if not places:
        return [0, 0, view.width, view.height]
    x, y = zip(*places, strict=True)
    return [round(edge, 2) for edge in (min(x), min(y), max(x), max(y))]


def _town(name: Name) -> list[object]:
    return [name.text, round(name.x, 1), round(name.y, 1)]


def _series(s: Series) -> str:
    """Heights, speeds and metres as differences; where the speed is not known it is -1."""
    speed = np.where(np.isfinite(s.speed), s.speed, -_SPEED)
    columns = [(s.height, _HEIGHT), (speed, _SPEED), (s.metres, _METRES)]
    return encode(np.concatenate([_steps(*column) for column in columns]))


def _steps(values: Floats, unit: float) -> np.ndarray:
    """The differences of a column in whole units; what is not known repeats what was."""
    known = np.isfinite(values)
    filled = values[np.maximum.accumulate(np.where(known, np.arange(len(values)), 0))]
    whole = np.round(np.nan_to_num(filled) / unit).astype(np.int64)
    return np.diff(whole, prepend=0)


def _dates(
    report: Report, clocks: Sequence[Sequence[tuple[float, int, str]]], axis: Axis
) -> dict[str, list[str]]:
    """ISO date → how it is said, short and long, for every date the clock may show."""
    say = report.words
    found = {chapter.day for chapter in report.chapters}
    for rows, member in zip(clocks, report.cast, strict=True):
        # a day of one instant begins before it, maybe on another date
        for at in (edge for day in axis.days if rows for edge in (day.begin, day.end)):
            offsets = [offset for begin, offset, _ in rows if begin <= at] or [rows[0][1]]
            found.add(local_day(at, offsets[-1]))
        begin, last = member.trip.from_at, member.trip.to_at
        if rows and begin is not None and last is not None:
            at = begin - _DAY_S / 2
            # a logbook over years has one date a day, too
            while at < last + _DAY_S and len(found) < 1000:
                found.add(local_day(at, rows[0][1]))
                at += _DAY_S / 2
    return {day: [say.short_day(day), say.long_day(day)] for day in sorted(found - {""})}
