"""Several trips as one HTML page, by the same rules as a trip's own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from convoylog.model.pages import Pages
from convoylog.places.world import World
from convoylog.reports.draw.card import draw_card
from convoylog.reports.draw.chart import OnMap, Sign, draw_map, whole_view
from convoylog.reports.draw.svg import svg
from convoylog.reports.draw.view import View
from convoylog.reports.edition import PLAIN, Edition
from convoylog.reports.hub import Hub, TripCard
from convoylog.reports.regions import lands_of
from convoylog.reports.share import CARD, TEXT, make_share
from convoylog.reports.web.silhouettes import silhouette
from convoylog.reports.web.sources import hub_script, hub_style
from convoylog.reports.web.templates import digest, no_templates, templates

#: the page a web server shows for its folder
PAGE = "index.html"
#: the map beside the title on a desk, alone on a phone (from one height to another), and on a card, in pixels
_WIDE, _NARROW, _CARD_MAP = (1240, 640), (480, 300, 460), (420, 240)
#: how much higher the phone's map is than its trips
_ROOM = 1.6
#: pixels at the left of the wide map that the title covers
_TITLE_PX = 400
#: how far the ground goes on beyond the wide map, for screens of another shape
_BLEED = (0.35, 0.3)
#: pixels lines of the ground may lose: on a card nobody looks closely
_THIN_PX, _THIN_CARD_PX = 0.4, 0.8
#: rows of a table before the rest is folded away
_SHOWN = 12
#: outlines of regions before the rest is folded away: three rows on a desk
_WALL = 30


def render_hub(hub: Hub, edition: Edition = PLAIN) -> Pages:
    """The page, and where its address is known what goes along with a link to it.

    The same value and edition give the same bytes.
    """
    cars = [row for card in reversed(hub.cards) for row in _on_map(card, card.number)]
    signs = [sign for card in reversed(hub.cards) if (sign := _sign(card))]
    roads = edition.roads
    wide, narrow = _atlas(hub, cars, signs, roads)
    line = " · ".join(filter(None, (hub.span, *(f"{n} {word}" for n, word in hub.figures[:3]))))
    picture = draw_card(cars, hub.title, line, signs, roads=roads) if edition.base_url else None
    share = make_share(hub.title, hub.lede, edition, "", CARD if picture else "", hub.words)
    style = hub_style(len(hub.cards), [row.width for row in hub.companies])
    script = hub_script()
    lands = lands_of([row.visited for row in hub.crossed])
    page = templates().get_template("hub.html.jinja").render(
        hub=hub,
        share=share,
        words=hub.words,
        say=hub.words.say,
        style=Markup(style),  # noqa: S704 - our own files and numbers
        style_hash=digest(style),
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=digest(script),
        wide=wide,
        narrow=narrow,
        maps={card.number: _card_map(card, roads) for card in hub.cards},
        lands=lands,
        trips_through={row.visited: row.trips for row in hub.crossed},
        silhouettes=[] if lands else [silhouette(row.visited) for row in hub.crossed],
        shown=_SHOWN,
        wall=_WALL,
    )  # fmt: skip
    files = {PAGE: no_templates(page).encode()}
    if share.address:
        files[TEXT] = share.text()
    if picture:
        files[CARD] = picture
    return Pages(files, PAGE)


def _on_map(card: TripCard, number: int = 0) -> list[OnMap]:
    """A trip's cars in their colours over all trips."""
    rows = zip(card.kept.cars, card.riders, strict=True)
    return [OnMap(trip, member.colour, member.label, number) for trip, member in rows]


def _sign(card: TripCard) -> Sign | None:
    """The trip's plate: half way of the car that drove the farthest."""
    cars = [car for car in card.kept.cars if len(car.track)]
    if not cars:
        return None
    track = max(cars, key=lambda car: (car.distance_m, car.car.id)).track
    x, y = track.lon * np.cos(np.radians(track.lat)), track.lat
    way = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    middle = int(np.searchsorted(way, way[-1] / 2))
    return Sign(
        float(track.lat[middle]), float(track.lon[middle]), str(card.number), card.anchor,
        f"{card.number}: {card.title}",
    )  # fmt: skip


def _atlas(
    hub: Hub, cars: Sequence[OnMap], signs: Sequence[Sign], roads: World | None
) -> tuple[Markup, Markup]:
    """The map of all trips for a desk, and for a phone on the same ground; empty without any way."""
    view = whole_view(cars, (), *_WIDE, _BLEED, aside=_TITLE_PX)
    if view is None:
        return Markup(), Markup()
    title = hub.words.say("map_titled", title=hub.title)
    wide = draw_map(
        cars, whole=view, signs=signs, starts=False, title=title, description=hub.lede,
        thin_px=_THIN_PX, reserved=(_TITLE_PX, _WIDE[1]), roads=roads,
    )  # fmt: skip
    narrow = draw_map(
        cars, width=_NARROW[0], height=_high(cars, view), within=view, signs=signs, starts=False,
        title=title, description=hub.lede,
    )  # fmt: skip
    if wide is None or narrow is None:
        return Markup(), Markup()
    return svg(wide, "wide"), svg(narrow, "narrow", ground=view)


def _high(cars: Sequence[OnMap], view: View) -> int:
    """Pixels of the phone's map: trips side by side in the world need no sea above and below them."""
    tracks = [car.trip.track for car in cars]
    lon, lat = (np.concatenate([getattr(track, at) for track in tracks]) for at in ("lon", "lat"))
    wide, high = np.ptp(view.pixels(lon, lat), axis=0).tolist()
    return int(np.clip(_NARROW[0] * _ROOM * high / max(wide, 1.0), *_NARROW[1:]))


def _card_map(card: TripCard, roads: World | None) -> Markup:
    drawing = draw_map(
        _on_map(card), width=_CARD_MAP[0], height=_CARD_MAP[1], thin_px=_THIN_CARD_PX,
        title=card.title, description=card.through, roads=roads,
    )  # fmt: skip
    if drawing is None:
        return Markup()
    return svg(drawing, f"{card.anchor}-map", ground_id=f"{card.anchor}-ground")
