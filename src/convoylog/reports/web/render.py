"""A report as one HTML page. Every text in it is escaped; what may be marked up is a small Markdown."""

from __future__ import annotations

import base64
import hashlib
import itertools
from importlib.resources import files

import numpy as np
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from convoylog.model.pages import Pages
from convoylog.model.photos import Picture
from convoylog.places import world
from convoylog.reports import words
from convoylog.reports.draw.chart import OnMap, Spot, draw_map
from convoylog.reports.draw.project import fit
from convoylog.reports.draw.svg import path, svg
from convoylog.reports.draw.thin import kept
from convoylog.reports.outline import CREDIT, Cast, Chapter, Item, Report, Visited
from convoylog.reports.web.notes import note_html

#: the map of the whole trip, and of a day, in pixels; screens scale them
_WHOLE = (1000, 860)
_DAY = (440, 270)
#: silhouettes of regions, in pixels
_STATE = (56.0, 48.0)


def render(report: Report) -> Pages:
    """The page. The same report gives the same bytes."""
    style = _style(report)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = files("convoylog.reports.web").joinpath("page.html.jinja").read_text("utf-8")
    template = environment.from_string(source)
    shown = [*(c.items for c in report.chapters), report.undated]
    items = [item for group in shown for item in _flat(group)]
    photos = [photo.name for item in items for photo in item.photos]
    before = dict(zip(photos[1:], photos, strict=False))
    after = dict(itertools.pairwise(photos))
    page = template.render(
        report=report,
        style=Markup(style),  # noqa: S704 - our own file and numbers
        style_hash=f"sha256-{digest}",
        map=_whole_map(report, items),
        day_maps={c.anchor: _day_map(report, c) for c in report.chapters},
        lanes=report.cast,
        lane={member.id: n for n, member in enumerate(report.cast)},
        car_rows=[{"car": member, "cells": _cells(member)} for member in report.cast],
        per_day=_per_day,
        short_day=words.short_day,
        words=note_html,
        data_uri=_data_uri,
        silhouettes=[_silhouette(visit) for visit in report.visited],
        american={visit.country_code for visit in report.visited} == {"US"},
        turn={name: (before.get(name), after.get(name)) for name in photos},
        credit=CREDIT,
    )
    return Pages({"report.html": page.encode()}, "report.html")


def _flat(items: tuple[Item, ...]) -> list[Item]:
    return [part for item in items for part in (item, *_flat(item.answers))]


def _style(report: Report) -> str:
    """The style sheet, with a lane for each car of this report."""
    css = files("convoylog.reports.web").joinpath("style.css").read_text("utf-8")
    # lanes take at most a fifth of a phone
    step = min(8.0, 56.0 / max(len(report.cast), 1))
    lanes = "".join(f".x{n}{{left:{6 + n * step:.1f}px}}" for n in range(len(report.cast)))
    width = 6 + len(report.cast) * step + 14
    return f"{css}:root{{--lanes:{width:.0f}px}}{lanes}"


def _on_map(report: Report) -> list[OnMap]:
    return [OnMap(member.trip, member.colour, member.label) for member in report.cast]


def _spots(items: list[Item]) -> list[Spot]:
    return [
        Spot(lat, lon, item.car.colour, item.anchor, f"{item.car.name} {item.clock} {item.place}")
        for item in items
        if (lat := item.told.placed.lat) is not None and (lon := item.told.placed.lon) is not None
    ]


def _whole_map(report: Report, items: list[Item]) -> Markup:
    drawing = draw_map(
        _on_map(report),
        _spots(items),
        width=_WHOLE[0],
        height=_WHOLE[1],
        title=f"Map: {report.title}",
        description=report.lede,
        bleed=0.45,
        reserved=(620.0, 66.0),
    )
    return svg(drawing, "whole") if drawing else Markup()


def _day_map(report: Report, chapter: Chapter) -> Markup:
    """The map of one day; none where nobody drove."""
    begin, end = day_bounds(report, chapter)
    if begin is None or not any(chapter.metres.values()):
        return Markup()
    cars = [OnMap(m.trip, m.colour, m.label) for m in report.cast if chapter.metres.get(m.id)]
    drawing = draw_map(
        cars,
        _spots([part for item in chapter.items for part in (item, *_flat(item.answers))]),
        width=_DAY[0],
        height=_DAY[1],
        begin=begin,
        end=end,
        title=f"Map of day {chapter.number}: {chapter.heading}",
        description=chapter.line,
    )
    return svg(drawing, chapter.anchor + "-map") if drawing else Markup()


def day_bounds(report: Report, chapter: Chapter) -> tuple[float | None, float | None]:
    """First and last instant of a day, from midnight to midnight where the cars were."""
    from datetime import UTC, datetime, timedelta

    from convoylog.reports.outline import as_date

    found = as_date(chapter.day)
    if found is None:
        return None, None
    midnight = datetime(found.year, found.month, found.day, tzinfo=UTC)
    offsets = [i.told.placed.offset_s for i in _flat(chapter.items)] or [0]
    legs = [leg for m in report.cast for leg in m.trip.legs if leg.day == chapter.day]
    middle = offsets[len(offsets) // 2]
    begin = (midnight - timedelta(seconds=middle)).timestamp()
    end = begin + 86_400
    if legs:  # a leg belongs to the day it begins on, also past midnight
        begin = min(leg.from_at for leg in legs)
        end = max(leg.to_at for leg in legs)
    return begin, end


def _cells(member: Cast) -> list[str]:
    trip = member.trip
    if trip.from_at is None:
        return [words.UNKNOWN] * 7
    recorded = trip.distance_m - trip.unrecorded_m
    average = recorded / trip.moving_s if trip.moving_s else None
    return [
        f"{trip.distance_m / 1000:,.0f}",
        words.duration(trip.moving_s),
        words.duration(trip.halted_s),
        words.duration(trip.unknown_s) if trip.unknown_s >= 30 else "0",
        words.speed_kmh(average),
        words.speed_kmh(trip.max_speed_mps),
        words.metres(trip.highest_m),
    ]


def _per_day(chapter: Chapter, member: Cast) -> str:
    metres = chapter.metres.get(member.id)
    return f"{metres / 1000:,.0f}" if metres else words.UNKNOWN


def _data_uri(picture: Picture) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(picture.jpeg).decode()}"


def _silhouette(visit: Visited) -> Markup:
    """The outline of a region, its small islands left out."""
    for shape in world.load_world().regions:
        if (shape.country_code, shape.code, shape.name) == (
            visit.country_code,
            visit.code,
            visit.name,
        ):
            break
    else:
        return Markup()
    points = np.concatenate(shape.rings)
    projection = fit(points[:, 0], points[:, 1])
    rings = [np.stack(projection(ring[:, 0], ring[:, 1]), axis=1) * (1, -1) for ring in shape.rings]
    whole = np.concatenate(rings)
    low, size = whole.min(axis=0), np.ptp(whole, axis=0)
    scale = min((_STATE[0] - 4) / size[0], (_STATE[1] - 4) / size[1])
    rest = (np.array(_STATE) - size * scale) / 2
    d = ""
    for ring in rings:
        pixels = (ring - low) * scale + rest
        if np.ptp(pixels, axis=0).max() > 2:
            d += path(pixels[kept(pixels[:, 0], pixels[:, 1], 0.3)], closed=True)
    return Markup(  # noqa: S704 - numbers only
        f'<svg viewBox="0 0 {_STATE[0]:.0f} {_STATE[1]:.0f}" aria-hidden="true">'
        f'<path fill-rule="evenodd" d="{d}"/></svg>'
    )
