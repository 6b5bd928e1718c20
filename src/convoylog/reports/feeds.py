"""Feeds for those who could not come along: what happened, newest first, with photos.

Source: RFC 4287 (Atom), JSON Feed 1.1.
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from html import escape

from convoylog.errors import ConvoylogError
from convoylog.model.pages import Pages
from convoylog.reports.edition import Edition
from convoylog.reports.outline import Item, Report
from convoylog.reports.posts.body import photo_name
from convoylog.reports.posts.front import every_item

#: entries in a feed; readers fetch it whole every hour
_MOST = 200
#: letters of a heading made from a text
_HEADING = 80
#: what XML 1.0 allows no writer to write
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: an entry's id makes the same address on every laptop, wherever the feed is published
_NAMES = uuid.UUID("5d1f4f0e-8a57-4d0c-9f6e-2b1d1c0f7a3e")


@dataclass(frozen=True, slots=True)
class _Row:
    """One entry of a feed. photos: (address, alt, bytes)."""

    id: str
    title: str
    at: str
    author: str
    html: str
    photos: tuple[tuple[str, str, int], ...]
    tags: tuple[str, ...]


def feeds(report: Report, edition: Edition) -> Pages:
    """`atom.xml`, `feed.json` and their pictures. Raises ConvoylogError where nothing has a time."""
    files: dict[str, bytes] = {}
    rows = []
    undated = 0
    for item in every_item(report):
        if not item.iso:
            undated += 1
            continue
        rows.append(_row(item, edition.base_url, files))
    if not rows:
        raise ConvoylogError(
            "nothing with a known time is public yet",
            hint='mark what everybody may read: convoylog note "…" --share public',
        )
    rows.sort(key=lambda row: (datetime.fromisoformat(row.at), row.id), reverse=True)
    rows = rows[:_MOST]
    shown = {address.rpartition("/")[2] for row in rows for address, _, _ in row.photos}
    files = {path: content for path, content in files.items() if path.rpartition("/")[2] in shown}
    files["atom.xml"] = _atom(report, edition, rows).encode()
    files["feed.json"] = _json(report, edition, rows).encode()
    told: tuple[str, ...] = ()
    if undated:
        entries = "1 entry is" if undated == 1 else f"{undated} entries are"
        told = (f"{entries} not in the feed: when is not known.",)
    return Pages(files, "atom.xml", told=told)


def _row(item: Item, base: str, files: dict[str, bytes]) -> _Row:
    photos = []
    for photo in item.photos:
        name = photo_name(photo.picture.jpeg)
        files[f"photos/{name}"] = photo.picture.jpeg
        photos.append((f"{base}/photos/{name}", photo.alt, len(photo.picture.jpeg)))
    parts = []
    where = " · ".join(word for word in (item.clock, item.car.name, item.place) if word)
    parts.append(f"<p><b>{escape(where)}</b></p>")
    if item.quoted:
        who = f"{item.quoted[0]}: " if item.quoted[0] else ""
        parts.append(f"<blockquote><p>{escape(who + item.quoted[1])}</p></blockquote>")
    for paragraph in re.split(r"\n\s*\n", item.text.strip()):
        if paragraph:
            parts.append(f"<p>{'<br>'.join(escape(line) for line in paragraph.splitlines())}</p>")
    if item.facts:
        parts.append(f"<p>{escape(', '.join(item.facts))}</p>")
    parts += [
        f'<p><img src="{escape(address)}" alt="{escape(alt)}"></p>' for address, alt, _ in photos
    ]
    kind = "Photo" if item.told.kind == "photo" else item.told.kind.capitalize()
    named = f"{kind} by {item.car.name}" + (f", {item.place}" if item.place else "")
    title = item.title or _first_words(item.text) or named
    return _Row(
        f"urn:uuid:{uuid.uuid5(_NAMES, item.told.id)}",
        title,
        item.iso,
        item.car.driver or item.car.name,
        "\n".join(parts),
        tuple(photos),
        item.tags,
    )


def _first_words(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _HEADING else f"{line[:_HEADING].rsplit(' ', 1)[0]} …"


def _atom(report: Report, edition: Edition, rows: list[_Row]) -> str:
    base = edition.base_url
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{_xml(report.title)}</title>",
        f"<subtitle>{_xml(report.lede)}</subtitle>",
        f"<id>urn:uuid:{uuid.uuid5(_NAMES, base)}</id>",
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


def _json(report: Report, edition: Edition, rows: list[_Row]) -> str:
    base = edition.base_url
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
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
