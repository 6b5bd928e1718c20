"""What a page draws of a report, whatever its photos: the costly part, drawn once and remembered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from convoylog.model.photos import Picture
from convoylog.reports.draw.chart import OnMap, Spot, draw_map, whole_view
from convoylog.reports.draw.series import series_of, step_of
from convoylog.reports.draw.shapes import MapDrawing, Roundel
from convoylog.reports.draw.svg import svg
from convoylog.reports.draw.view import View
from convoylog.reports.edition import Edition
from convoylog.reports.fingerprint import fingerprint
from convoylog.reports.outline import Chapter, Report
from convoylog.reports.share import on_map
from convoylog.reports.story import Item, Shown, Unseen
from convoylog.reports.web.moments import axis_of, day_bounds, flat, together_of
from convoylog.reports.web.payload import payload
from convoylog.reports.web.timeline import Timeline, draw_timeline

#: the map of the whole trip, and of a day, in pixels; screens scale them
_WHOLE, _DAY = (1000, 620), (700, 380)
#: how many times as large marks and names are on a phone, so that one can read them
_WHOLE_ENLARGED, _DAY_ENLARGED = 2.0, 1.7
#: pixels at the top of the whole map that days and cars cover
_ABOVE = 50
#: how far the ground goes on beyond the whole map: enough for a screen of another shape
_BLEED = (0.45, 0.4)
#: pixels the ground's lines may lose: nothing one sees, also a day's zoom nearer
_THIN_PX = 0.2


@dataclass(frozen=True, slots=True)
class Drawn:
    """map, day_maps: SVG, the latter by the chapter's anchor; "" where nobody drove. told: what the
    script is told, without the pins' pictures; None without a map. scale: whether the map has one.
    timeline: None without instants."""

    map: str
    day_maps: Mapping[str, str]
    told: Mapping[str, object] | None
    scale: bool
    timeline: Timeline | None


def drawn_of(report: Report, edition: Edition) -> Drawn:
    """Maps and charts, remembered by what they show."""
    # photos, and what is said of them, change nothing that is drawn
    shown = replace(report, figures=(), notices=())
    try:
        known = fingerprint((shown, edition.roads), without=(Picture, Shown, Unseen))
    except TypeError:  # roads, or whatever else cannot be told from others
        return _from_json(_draw(report, edition))
    return _from_json(edition.remembered(known, lambda: _draw(report, edition)))


def _draw(report: Report, edition: Edition) -> str:
    """A JSON text, so that what was drawn now and what is remembered are the same."""
    items = items_of(report)
    axis = axis_of(report)
    step = step_of(axis, len(report.cast))
    series = [series_of(member.trip, axis, step) for member in report.cast]
    together = together_of(report)
    view = whole_view(on_map(report), _spots(items), *_WHOLE, _BLEED, _ABOVE)
    drawing = _whole_map(report, items, view, edition) if view else None
    marks = drawing.roundels if drawing else ()
    timeline = draw_timeline(report, axis, series, together)
    return json.dumps(
        {
            "map": svg(drawing, "whole") if drawing else "",
            "day_maps": {c.anchor: _day_map(report, c, view, marks) for c in report.chapters},
            "told": payload(report, drawing, items, axis, series, step, together)
            if drawing
            else None,
            "scale": bool(drawing and drawing.bar),
            "timeline": timeline
            and [
                timeline.ribbon,
                timeline.elevation,
                timeline.speed,
                timeline.ticks,
                timeline.days,
            ],
        }
    )


def _from_json(text: str) -> Drawn:
    value = json.loads(text)
    timeline = None
    if value["timeline"]:
        ribbon, elevation, speed, ticks, days = value["timeline"]
        timeline = Timeline(Markup(ribbon), Markup(elevation), Markup(speed), ticks, days)  # noqa: S704 - drawn by us
    return Drawn(value["map"], value["day_maps"], value["told"], value["scale"], timeline)


def items_of(report: Report) -> list[Item]:
    """All things of the story, answers after what they answer."""
    return [item for group in _groups(report) for item in flat(group)]


def _groups(report: Report) -> list[tuple[Item, ...]]:
    return [*(chapter.items for chapter in report.chapters), report.undated]


def _spots(items: Sequence[Item]) -> list[Spot]:
    return [
        Spot(
            lat,
            lon,
            item.car.colour,
            item.anchor,
            " ".join(word for word in (item.car.name, item.clock, item.place) if word),
            item.told.place,
        )
        for item in items
        if (lat := item.told.placed.lat) is not None and (lon := item.told.placed.lon) is not None
    ]


def _whole_map(
    report: Report, items: Sequence[Item], view: View, edition: Edition
) -> MapDrawing | None:
    return draw_map(
        on_map(report),
        _spots(items),
        title=report.words.say("map_titled", title=report.title),
        description=report.lede,
        whole=view,
        thin_px=_THIN_PX,
        reserved=(_WHOLE[0], _ABOVE),
        roads=edition.roads,
        words=report.words,
        enlarged=_WHOLE_ENLARGED,
    )


def _day_map(
    report: Report, chapter: Chapter, whole: View | None, marks: tuple[Roundel, ...]
) -> str:
    """The map of one day, on the ground of the whole one and with its roundels; none where nobody drove."""
    begin, end = day_bounds(report, chapter)
    if whole is None or begin is None or not any(chapter.metres.values()):
        return ""
    drawing = draw_map(
        [OnMap(m.trip, m.colour, m.label) for m in report.cast if chapter.metres.get(m.id)],
        _spots(flat(chapter.items)),
        width=_DAY[0],
        height=_DAY[1],
        begin=begin,
        end=end,
        title=report.words.say("map_of_day", number=chapter.number, title=chapter.heading),
        description=chapter.line,
        within=whole,
        words=report.words,
        enlarged=_DAY_ENLARGED,
    )
    return svg(drawing, f"{chapter.anchor}-map", ground=whole, marks=marks) if drawing else ""
