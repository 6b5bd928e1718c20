"""A report as one HTML page. Every text in it is escaped; what may be marked up is a small Markdown."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Sequence

from markupsafe import Markup

from convoylog.model.pages import Pages
from convoylog.model.photos import Picture
from convoylog.reports.company import in_company_s
from convoylog.reports.draw.card import draw_card
from convoylog.reports.draw.chart import OnMap, Spot, draw_map, whole_view
from convoylog.reports.draw.series import series_of, step_of
from convoylog.reports.draw.shapes import MapDrawing
from convoylog.reports.draw.svg import svg
from convoylog.reports.draw.view import View
from convoylog.reports.edition import PLAIN, Edition
from convoylog.reports.outline import Cast, Chapter, Item, Report
from convoylog.reports.share import CARD, TEXT, card_line, describe, make_share, on_map
from convoylog.reports.web.moments import axis_of, day_bounds, flat, rows_of, together_of
from convoylog.reports.web.notes import note_html
from convoylog.reports.web.payload import payload, told_seconds
from convoylog.reports.web.silhouettes import silhouette
from convoylog.reports.web.sources import script_source, style_source
from convoylog.reports.web.templates import digest, no_templates, templates
from convoylog.reports.web.timeline import draw_timeline
from convoylog.reports.words import UNKNOWN

#: the map of the whole trip, and of a day, in pixels; screens scale them
_WHOLE, _DAY = (1000, 620), (700, 380)
#: pixels at the top of the whole map that days and cars cover
_ABOVE = 50
#: how far the ground goes on beyond the whole map: enough for a screen of another shape
_BLEED = (0.45, 0.3)
#: pixels the ground's lines may lose: nothing one sees, also a day's zoom nearer
_THIN_PX = 0.2


def render(report: Report, edition: Edition = PLAIN) -> Pages:
    """The page, and where its address is known what goes along with a link to it.

    The same report and edition give the same bytes.
    """
    items = [item for group in _groups(report) for item in flat(group)]
    axis = axis_of(report)
    step = step_of(axis, len(report.cast))
    series = [series_of(member.trip, axis, step) for member in report.cast]
    together = together_of(report)
    timeline = draw_timeline(report, axis, series, together)
    view = whole_view(on_map(report), _spots(items), *_WHOLE, _BLEED, _ABOVE)
    drawing = _whole_map(report, items, view, edition) if view else None
    script, told = "", ""
    if drawing:
        script = script_source()
        told = payload(report, drawing, items, axis, series, step, together)
    style = style_source(report, timeline)
    photos = [photo.name for item in items for photo in item.photos]
    before = dict(zip(photos[1:], photos, strict=False))
    after = dict(itertools.pairwise(photos))
    name, card, text = _names(report)
    picture = (
        draw_card(on_map(report), report.title, card_line(report), roads=edition.roads)
        if edition.base_url
        else None
    )
    share = make_share(
        report.title, describe(report), edition, name, card if picture else "", report.words
    )
    page = (
        templates()
        .get_template("page.html.jinja")
        .render(
            report=report,
            share=share,
            style=Markup(style),  # noqa: S704 - our own file and numbers
            style_hash=digest(style),
            script=Markup(script),  # noqa: S704 - our own files
            script_hash=digest(script),
            told=Markup(told),  # noqa: S704 - escaped by payload
            map=svg(drawing, "whole") if drawing else None,
            day_maps={c.anchor: _day_map(report, c, view) for c in report.chapters},
            timeline=timeline,
            rows_of=lambda chapter: rows_of(report, chapter),
            of_car={member.id: member for member in report.cast},
            told_at=lambda time: round(float(told_seconds(report, axis, time))),
            lane={member.id: n for n, member in enumerate(report.cast)},
            car_rows=[{"car": member, "cells": _cells(member, report)} for member in report.cast],
            per_day=lambda chapter, member: _per_day(chapter, member, report),
            words=report.words,
            say=report.words.say,
            unknown=UNKNOWN,
            # on a phone the number alone
            split_day=str(report.words.texts["day"]).split("{number}"),
            note=note_html,
            cars_of=lambda item: _cars_of(item, report),
            # addresses of pictures beside the page are of its own origin, in `file:` too (decisions.md)
            beside=edition.beside,
            source=_address if edition.beside else _data_uri,
            silhouettes=[silhouette(visit) for visit in report.visited],
            american={visit.country_code for visit in report.visited} == {"US"},
            turn={name: (before.get(name), after.get(name)) for name in photos},
        )
    )
    pages = {name: no_templates(page).encode()}
    if share.address:
        pages[text] = share.text()
    if picture:
        pages[card] = picture
    shown = [photo.picture for item in items for photo in item.photos] if edition.beside else []
    photos_beside = {_address(one): one.jpeg for one in shown}
    return Pages(pages | photos_beside, name, by_content=frozenset(photos_beside))


def _names(report: Report) -> tuple[str, str, str]:
    """Page, card and text to share: a day's lie beside the whole trip's."""
    return tuple(  # type: ignore[return-value]
        name.replace(".", f"-{report.part}.") if report.part else name
        for name in ("report.html", CARD, TEXT)
    )


def _cars_of(item: Item, report: Report) -> dict[str, str]:
    """The words of an entry that speak to a car → where that car stands in the page."""
    places = {member.id: f"car-{n}" for n, member in enumerate(report.cast, 1)}
    return {item.text[m.begin : m.end]: places[m.car] for m in item.mentions}


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
        roads=edition.roads,
    )


def _day_map(report: Report, chapter: Chapter, whole: View | None) -> Markup:
    """The map of one day, on the ground of the whole one; none where nobody drove."""
    begin, end = day_bounds(report, chapter)
    if whole is None or begin is None or not any(chapter.metres.values()):
        return Markup()
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
    )
    return svg(drawing, f"{chapter.anchor}-map", ground=whole) if drawing else Markup()


def _cells(member: Cast, report: Report) -> list[str]:
    trip, words = member.trip, report.words
    if trip.from_at is None:
        return [UNKNOWN] * 8
    recorded = trip.distance_m - trip.unrecorded_m
    average = recorded / trip.moving_s if trip.moving_s else None
    return [
        words.bare_distance(trip.distance_m),
        words.duration(trip.moving_s),
        words.duration(trip.halted_s),
        words.duration(trip.unknown_s) if trip.unknown_s >= 30 else words.number(0),
        words.bare_speed(average),
        words.bare_speed(trip.max_speed_mps),
        words.bare_height(trip.highest_m),
        words.duration(in_company_s(report.convoy, member.id)) if report.pairs else UNKNOWN,
    ]


def _per_day(chapter: Chapter, member: Cast, report: Report) -> str:
    return report.words.bare_distance(chapter.metres.get(member.id) or None)


def _address(picture: Picture) -> str:
    return f"photos/{picture.name}"


def _data_uri(picture: Picture) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(picture.jpeg).decode()}"
