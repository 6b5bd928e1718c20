"""Feeds for those who could not come along: what happened, newest first, with photos.

Source: RFC 4287 (Atom), RFC 4685 (which entry one answers), JSON Feed 1.1.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape

from convoylog.errors import ConvoylogError
from convoylog.model.mentions import CLOSE, OPEN, marked
from convoylog.model.pages import Pages
from convoylog.reports.edition import Edition
from convoylog.reports.outline import Report
from convoylog.reports.posts.front import every_item
from convoylog.reports.share import PAGE, place_of
from convoylog.reports.story import Item
from convoylog.reports.turning import straight
from convoylog.reports.words import Words

#: entries in a feed; readers fetch it whole every hour
_MOST = 200
#: letters of a heading made from a text
_HEADING = 80
#: what XML 1.0 allows no writer to write
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: where RFC 4685 has its words
_ANSWERS = "http://purl.org/syndication/thread/1.0"
#: an entry's id makes the same address on every laptop, wherever the feed is published
_NAMES = uuid.UUID("5d1f4f0e-8a57-4d0c-9f6e-2b1d1c0f7a3e")


@dataclass(frozen=True, slots=True)
class _Row:
    """One entry of a feed. answers: the id of the entry it answers, "" for none.

    photos: (address, alt, bytes).
    """

    id: str
    answers: str
    title: str
    at: str
    author: str
    html: str
    photos: tuple[tuple[str, str, int], ...]
    tags: tuple[str, ...]


def feeds(report: Report, edition: Edition) -> Pages:
    """`atom.xml`, `feed.json` and their pictures. Raises ConvoylogError where nothing has a time.

    A part of a trip is published in a folder of its own, beside the feed of the whole.
    """
    folder = f"{report.part}/" if report.part else ""
    base = f"{edition.base_url}/{folder}".rstrip("/")
    files: dict[str, bytes] = {}
    rows = []
    undated = 0
    whole = report.trip.everyone or [car.car for car in report.trip.cars]
    page = f"{edition.base_url}/{PAGE}#" if edition.page else ""
    places = {car.id: f"{page}{place_of(n)}" for n, car in enumerate(whole, 1) if page}
    by_id = {item.told.id: item for item in every_item(report)}
    for item in by_id.values():
        if not item.iso:
            undated += 1
            continue
        answered = by_id.get(item.told.reply_to)
        rows.append(_row(item, answered, base, files, report.words, places))
    if not rows:
        raise ConvoylogError(
            "nothing with a known time is public yet",
            hint='mark what everybody may read: convoylog note "…" --share public',
        )
    rows.sort(key=lambda row: (datetime.fromisoformat(row.at), row.id), reverse=True)
    rows = rows[:_MOST]
    shown = {address.rpartition("/")[2] for row in rows for address, _, _ in row.photos}
    files = {path: content for path, content in files.items() if path.rpartition("/")[2] in shown}
    files["atom.xml"] = straight(_atom(report, base, rows)).encode()
    files["feed.json"] = straight(_json(report, base, rows)).encode()
    told: tuple[str, ...] = ()
    if undated:
        entries = "1 entry is" if undated == 1 else f"{undated} entries are"
        told = (f"{entries} not in the feed: when is not known.",)
    named = {f"{folder}{path}": content for path, content in files.items()}
    return Pages(named, f"{folder}atom.xml", told=told)


def _row(
    item: Item,
    answered: Item | None,
    base: str,
    files: dict[str, bytes],
    words: Words,
    places: Mapping[str, str],
) -> _Row:
    """places: car id → where the page tells of it, empty without a page."""
    photos = []
    for photo in item.photos:
        name = photo.picture.name
        files[f"photos/{name}"] = photo.picture.jpeg
        photos.append((f"{base}/photos/{name}", photo.alt, len(photo.picture.jpeg)))
    parts = []
    where = " · ".join(word for word in (item.clock, item.who, item.place) if word)
    parts.append(f"<p><b>{escape(where)}</b></p>")
    # in a feed every entry stands alone
    if quoted := item.quoted or (answered and _quoted(answered, words)):
        who, said = quoted
        told = words.say("said", who=who, words=said) if who else said
        parts.append(f"<blockquote><p>{escape(told)}</p></blockquote>")
    parts += _paragraphs(item, places)
    if facts := item.facts_in_a_line(words):
        parts.append(f"<p>{escape(facts)}</p>")
    parts += [
        f'<p><img src="{escape(address)}" alt="{escape(alt)}" width="{photo.picture.width}"'
        f' height="{photo.picture.height}"></p>'
        for photo, (address, alt, _) in zip(item.photos, photos, strict=True)
    ]
    title = item.title or _first_words(item.text) or _named(item, words)
    return _Row(
        _name(item.told.id),
        _name(item.told.reply_to) if item.told.reply_to else "",
        title,
        item.iso,
        item.car.driver or item.car.name,
        "\n".join(parts),
        tuple(photos),
        item.tags,
    )


def _paragraphs(item: Item, places: Mapping[str, str]) -> list[str]:
    """An entry's words; who is spoken to stands out, and leads to the car's place in the page."""
    spoken_to = iter(item.mentions)

    def spoken(found: re.Match[str]) -> str:
        place = places.get(next(spoken_to).car)
        return f'<a href="{escape(place)}">{found[1]}</a>' if place else f"<b>{found[1]}</b>"

    text = escape(marked(item.text, item.mentions).strip())
    text = re.sub(f"{OPEN}(.*?){CLOSE}", spoken, text, flags=re.DOTALL)
    paragraphs = re.split(r"\n\s*\n", text)
    return [f"<p>{'<br>'.join(part.splitlines())}</p>" for part in paragraphs if part]


def _name(text: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMES, text)}"


def _named(item: Item, words: Words) -> str:
    """What an entry without words is called."""
    kind = item.told.kind.capitalize()
    if f"kind_{item.told.kind}" in words.texts:
        kind = words.say(f"kind_{item.told.kind}")
    if item.place:
        return words.say("kind_by_at", kind=kind, who=item.who, place=item.place)
    return words.say("kind_by", kind=kind, who=item.who)


def _quoted(item: Item, words: Words) -> tuple[str, str]:
    """Who said something, and how it begins."""
    return item.car.name, _first_words(item.text or item.title) or _named(item, words)


def _first_words(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _HEADING else f"{line[:_HEADING].rsplit(' ', 1)[0]} …"


def _atom(report: Report, base: str, rows: list[_Row]) -> str:
    here = {row.id for row in rows}
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        (
            f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="{_ANSWERS}"'
            f' xml:lang="{report.words.locale}">'
        ),
        f"<title>{_xml(report.title)}</title>",
        f"<subtitle>{_xml(report.lede)}</subtitle>",
        f"<id>{_name(base)}</id>",
        f"<updated>{rows[0].at}</updated>",
        f'<link rel="self" type="application/atom+xml" href="{_xml(base)}/atom.xml"/>',
        f'<link rel="alternate" type="text/html" href="{_xml(base)}/"/>',
        "<generator>convoylog</generator>",
    ]
    for row in rows:
        lines += [
            "<entry>",
            f"<title>{_xml(row.title)}</title>",
            f"<id>{row.id}</id>",
            f"<published>{row.at}</published>",
            f"<updated>{row.at}</updated>",
            f"<author><name>{_xml(row.author)}</name></author>",
            # what is not in the feed nobody could look up
            *([f'<thr:in-reply-to ref="{row.answers}"/>'] if row.answers in here else []),
            *(f'<category term="{_xml(tag)}"/>' for tag in row.tags),
            *(
                f'<link rel="enclosure" type="image/jpeg" length="{size}" href="{_xml(address)}"/>'
                for address, _, size in row.photos
            ),
            f'<content type="html">{_xml(row.html)}</content>',
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""])


def _xml(text: str) -> str:
    return escape(_NO_XML.sub("", text))


def _json(report: Report, base: str, rows: list[_Row]) -> str:
    items = []
    for row in rows:
        item: dict[str, object] = {
            "id": row.id,
            "title": row.title,
            "content_html": row.html,
            "date_published": row.at,
            "authors": [{"name": row.author}],
            "tags": list(row.tags),
        }
        if row.photos:
            item["image"] = row.photos[0][0]
            item["attachments"] = [
                {"url": address, "mime_type": "image/jpeg", "size_in_bytes": size}
                for address, _, size in row.photos
            ]
        items.append(item)
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": report.title,
        "description": report.lede,
        "home_page_url": f"{base}/",
        "feed_url": f"{base}/feed.json",
        "language": report.words.locale,
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
