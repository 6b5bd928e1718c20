"""A report as one HTML page. Every text in it is escaped; what may be marked up is a small Markdown."""

from __future__ import annotations

import base64
import itertools
import re

from markupsafe import Markup

from convoylog.model.pages import Pages
from convoylog.model.photos import Picture
from convoylog.reports.cast import Cast
from convoylog.reports.company import in_company_s
from convoylog.reports.crossed import days_of
from convoylog.reports.draw.card import draw_card
from convoylog.reports.edition import PLAIN, Edition
from convoylog.reports.outline import Chapter, Report
from convoylog.reports.regions import lands_of
from convoylog.reports.share import (
    CARD,
    PAGE,
    TEXT,
    card_line,
    describe,
    make_share,
    on_map,
    place_of,
)
from convoylog.reports.story import Item
from convoylog.reports.web.drawn import drawn_of, items_of
from convoylog.reports.web.matrix import MANY, matrix_of
from convoylog.reports.web.moments import axis_of, rows_of
from convoylog.reports.web.notes import note_html
from convoylog.reports.web.payload import told_seconds, with_pins
from convoylog.reports.web.silhouettes import silhouette
from convoylog.reports.web.sources import (
    named_parties,
    script_source,
    shape_of,
    soon_script,
    style_source,
)
from convoylog.reports.web.templates import digest, no_templates, templates
from convoylog.reports.web.timeline import in_parties
from convoylog.reports.words import UNKNOWN

#: metres within which a place that nobody doubts needs no word on paper
_SURE_M = 100.0
_PLACE = re.compile(r"<photo (\w+)>")


def render(report: Report, edition: Edition = PLAIN) -> Pages:
    """The page, and where its address is known what goes along with a link to it.

    The same report and edition give the same bytes.
    """
    items = items_of(report)
    axis = axis_of(report)
    drawn = drawn_of(report, edition)
    script = script_source() if drawn.map else ""
    soon = soon_script()
    told = with_pins(drawn.told, items) if drawn.told else ""
    pictures = [photo for item in items for photo in item.photos]
    photos = [photo.name for photo in pictures]
    style = style_source(report, drawn.timeline, [photo.picture for photo in pictures])
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
    lands = lands_of(report.visited)
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
            soon=Markup(soon),  # noqa: S704 - our own file
            soon_hash=digest(soon),
            told=Markup(told),  # noqa: S704 - escaped by payload
            map=Markup(drawn.map) if drawn.map else None,  # noqa: S704 - drawn by us
            # drawn by us, as the map
            day_maps={key: Markup(drawing) for key, drawing in drawn.day_maps.items()},  # noqa: S704
            scale=drawn.scale,
            timeline=drawn.timeline,
            rows_of=lambda chapter: rows_of(report, chapter),
            of_car={member.id: member for member in report.cast},
            told_at=lambda time: round(float(told_seconds(report, axis, time))),
            lane={member.id: n for n, member in enumerate(report.cast)},
            car_rows=[{"car": member, "cells": _cells(member, report)} for member in report.cast],
            many=len(report.cast) > MANY,
            named_parties=named_parties(report),
            in_order=in_parties(report),
            # cars of one party beside each other, as they stand in the crew and the ribbon
            crew=[car for party in report.parties for car in party.cars],
            matrix=lambda crew: matrix_of(crew, report.pairs, report.words),
            legs_by_car=[
                [leg for leg in report.legs if leg.car is member] for member in report.cast
            ],
            border_days=days_of(report.crossings, [member.id for member in report.cast]),
            per_day=lambda chapter, member: _per_day(chapter, member, report),
            # of a logbook with nothing in it a table of dashes tells less than the sentence below
            told_cars=bool(items or drawn.map),
            words=report.words,
            say=report.words.say,
            unknown=UNKNOWN,
            # on a phone the number alone
            split_day=str(report.words.texts["day"]).split("{number}"),
            note=note_html,
            cars_of=lambda item: _cars_of(item, report),
            # addresses of pictures beside the page are of its own origin, in `file:` too (decisions.md)
            beside=edition.beside,
            source=_address if edition.beside else _place,
            shape=shape_of,
            lands=lands,
            silhouettes=[] if lands else [silhouette(visit) for visit in report.visited],
            american={visit.country_code for visit in report.visited} == {"US"},
            sure=_sure,
            plain_places=report.words.say("places_on_paper", radius=report.words.height(_SURE_M))
            if any(item.evidence and _sure(item) for item in items)
            else "",
            turn={name: (before.get(name), after.get(name)) for name in photos},
        )
    )
    pages = {name: _with_photos(no_templates(page), items)}
    if share.address:
        pages[text] = share.text()
    if picture:
        pages[card] = picture
    shown = [photo.picture for photo in pictures] if edition.beside else []
    photos_beside = {_address(one): one.jpeg for one in shown}
    return Pages(pages | photos_beside, name, by_content=frozenset(photos_beside))


def _sure(item: Item) -> bool:
    """Whether nobody who reads on paper needs to be told how its place is known."""
    placed = item.told.placed
    known = placed.how in ("given", "gps", "between", "parked") and not placed.unsure
    return known and (placed.error_m or 0) <= _SURE_M


def _names(report: Report) -> tuple[str, str, str]:
    """Page, card and text to share: a day's lie beside the whole trip's."""
    return tuple(  # type: ignore[return-value]
        name.replace(".", f"-{report.part}.") if report.part else name
        for name in (PAGE, CARD, TEXT)
    )


def _cars_of(item: Item, report: Report) -> dict[str, str]:
    """The words of an entry that speak to a car → where that car stands in the page, if it does."""
    places = {member.id: place_of(n) for n, member in enumerate(report.cast, 1)}
    return {item.text[m.begin : m.end]: places[m.car] for m in item.mentions if m.car in places}


def _dots(text: str) -> Markup:
    """Text whose middle dots have room: some faces swallow the blanks beside them."""
    return Markup('<span class="sep"> · </span>').join(text.split(" · "))


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


def _per_day(chapter: Chapter, member: Cast, report: Report) -> str | Markup:
    words, metres = report.words, chapter.metres.get(member.id) or None
    told = words.bare_distance(metres)
    over = words.unrecorded(metres or 0.0, chapter.unrecorded.get(member.id, 0.0))
    if not over:
        return told
    return Markup("{}<small>{}</small>").format(told, words.say("way_unrecorded", distance=over))


def _address(picture: Picture) -> str:
    return f"photos/{picture.name}"


def _place(picture: Picture) -> Markup:
    """Where a photo goes once the page is written: no text looks like this, its `<` is escaped."""
    return Markup(f"<photo {picture.sha256}>")  # noqa: S704 - letters of a digest


def _with_photos(page: str, items: list[Item]) -> bytes:
    """The page with its photos in their places; megabytes of them are looked through no more."""
    pictures = {photo.picture.sha256: photo.picture for item in items for photo in item.photos}
    parts = [part.encode() for part in _PLACE.split(page)]
    for n in range(1, len(parts), 2):
        parts[n] = b"data:image/jpeg;base64," + base64.b64encode(pictures[parts[n].decode()].jpeg)
    return b"".join(parts)
