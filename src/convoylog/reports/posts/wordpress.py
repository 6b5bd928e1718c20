"""A post for WordPress: its blocks to paste, numbered pictures, and an import file.

Source: WordPress block editor handbook, "Markup representation of a block"; the WXR 1.2 that
WordPress itself exports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from convoylog.model.pages import Pages
from convoylog.reports.edition import PLAIN, Edition
from convoylog.reports.outline import Report
from convoylog.reports.posts.body import Body, write_body
from convoylog.reports.posts.front import in_utc, stamp_of, tags_of
from convoylog.reports.turning import straight

_SIDES = re.compile(r' style="text-align:(left|center|right)"')
#: what XML 1.0 allows no writer to write
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def wordpress(report: Report, edition: Edition = PLAIN) -> Pages:
    """`post.html` to paste and its pictures; with a base URL also `wordpress.xml` to import."""
    numbers: dict[str, str] = {}

    def numbered(name: str) -> str:
        numbers.setdefault(name, f"{len(numbers) + 1:03d}-{name}")
        return numbers[name]

    base = f"{edition.base_url}/{report.slug}/" if edition.base_url else ""
    body = write_body(report, edition, lambda name: f"{base}{numbered(name)}")
    blocks = _blocks(body.text)
    folder = report.slug
    files = {f"{folder}/post.html": blocks.encode()}
    files |= {
        f"{folder}/{numbered(name)}": body.pictures[name]
        for name in body.pictures
        if name in numbers
    }
    told = [f"paste {folder}/post.html into the code editor and upload the numbered pictures"]
    if base:
        wxr = _wxr(report, edition, blocks, body, {n: f"{base}{numbers[n]}" for n in numbers})
        files[f"{folder}/wordpress.xml"] = wxr.encode()
        told = [
            f"put the pictures at {base} before you import {folder}/wordpress.xml: it fetches them"
        ]
    return Pages(files, f"{folder}/post.html", told=tuple(told))


def _blocks(text: str) -> str:
    """Markdown as blocks. Square brackets in text would be shortcodes, so none is left."""
    parser = MarkdownIt("commonmark").enable("table")
    return _wrapped(parser, parser.parse(text)).replace("[", "&#91;") + "\n"


def _wrapped(parser: MarkdownIt, tokens: Sequence[Token]) -> str:
    blocks = []
    at = 0
    while at < len(tokens):
        end = at + 1
        while tokens[at].nesting == 1 and tokens[end].level > tokens[at].level:
            end += 1
        end += tokens[at].nesting == 1
        blocks.append(_block(parser, tokens[at:end]))
        at = end
    return "\n\n".join(block for block in blocks if block)


def _block(parser: MarkdownIt, tokens: Sequence[Token]) -> str:
    kind = tokens[0].type
    shown = parser.renderer.render(tokens, parser.options, {}).strip()
    if kind == "paragraph_open":
        inside = tokens[1].children or []
        if len(inside) == 1 and inside[0].type == "image":
            picture = shown.removeprefix("<p>").removesuffix("</p>")
            return _named("image", f'<figure class="wp-block-image">{picture}</figure>')
        return _named("paragraph", shown)
    if kind == "heading_open":
        level = int(tokens[0].tag[1])
        said = "" if level == 2 else f' {{"level":{level}}}'
        return _named("heading", shown.replace(">", ' class="wp-block-heading">', 1), said)
    if kind == "table_open":
        table = _SIDES.sub(r' class="has-text-align-\1" data-align="\1"', shown)
        return _named("table", f'<figure class="wp-block-table">{table}</figure>')
    if kind == "blockquote_open":
        inner = _wrapped(parser, tokens[1:-1])
        return _named("quote", f'<blockquote class="wp-block-quote">{inner}</blockquote>')
    if kind == "bullet_list_open":
        items = shown.removeprefix("<ul>").removesuffix("</ul>").strip()
        items = re.sub(r"<li>.*?</li>", lambda m: _named("list-item", m[0]), items, flags=re.DOTALL)
        return _named("list", f'<ul class="wp-block-list">{items}</ul>')
    return _named("html", shown) if shown else ""


def _named(kind: str, inside: str, said: str = "") -> str:
    return f"<!-- wp:{kind}{said} -->\n{inside}\n<!-- /wp:{kind} -->"


def _cdata(text: str) -> str:
    kept = straight(_NO_XML.sub("", text))
    return f"<![CDATA[{kept.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _wxr(
    report: Report, edition: Edition, blocks: str, body: Body, addresses: dict[str, str]
) -> str:
    local, utc = stamp_of(report), in_utc(stamp_of(report))
    dates = [
        f"<wp:post_date>{_cdata(_date(local))}</wp:post_date>",
        f"<wp:post_date_gmt>{_cdata(_date(utc))}</wp:post_date_gmt>",
    ]
    tags = [
        f'<category domain="post_tag" nicename="{escape(_slug(tag), {chr(34): "&quot;"})}">{_cdata(tag)}</category>'
        for tag in tags_of(report)
    ]
    post = [
        f"<title>{_cdata(report.title)}</title>",
        "<dc:creator><![CDATA[convoylog]]></dc:creator>",
        f"<content:encoded>{_cdata(blocks)}</content:encoded>",
        f"<excerpt:encoded>{_cdata(report.lede)}</excerpt:encoded>",
        "<wp:post_id>1</wp:post_id>",
        *dates,
        f"<wp:post_name>{_cdata(report.slug)}</wp:post_name>",
        f"<wp:status>{_cdata('draft' if edition.draft else 'publish')}</wp:status>",
        "<wp:post_parent>0</wp:post_parent>",
        "<wp:post_type><![CDATA[post]]></wp:post_type>",
        *tags,
    ]
    rows = [post]
    for number, (name, address) in enumerate(addresses.items(), 2):
        rows.append(
            [
                f"<title>{_cdata(body.alts.get(name, name))}</title>",
                "<dc:creator><![CDATA[convoylog]]></dc:creator>",
                "<content:encoded><![CDATA[]]></content:encoded>",
                f"<wp:post_id>{number}</wp:post_id>",
                *dates,
                "<wp:status><![CDATA[inherit]]></wp:status>",
                "<wp:post_parent>1</wp:post_parent>",
                "<wp:post_type><![CDATA[attachment]]></wp:post_type>",
                f"<wp:attachment_url>{_cdata(address)}</wp:attachment_url>",
                (
                    "<wp:postmeta><wp:meta_key><![CDATA[_wp_attachment_image_alt]]></wp:meta_key>"
                    f"<wp:meta_value>{_cdata(body.alts.get(name, ''))}</wp:meta_value></wp:postmeta>"
                ),
            ]
        )
    items = "\n".join(f"<item>\n{chr(10).join(row)}\n</item>" for row in rows)
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0"'
        ' xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:wp="http://wordpress.org/export/1.2/">\n<channel>\n'
        f"<title>{_cdata(report.title)}</title>\n<link>{escape(edition.base_url)}</link>\n"
        f"<description>{_cdata(report.lede)}</description>\n<wp:wxr_version>1.2</wp:wxr_version>\n"
        f"<wp:base_site_url>{escape(edition.base_url)}</wp:base_site_url>\n"
        f"<wp:base_blog_url>{escape(edition.base_url)}</wp:base_blog_url>\n"
        "<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[convoylog]]></wp:author_login>"
        f"</wp:author>\n{items}\n</channel>\n</rss>\n"
    )


def _date(stamp: str | None) -> str:
    if stamp is None:
        return "0000-00-00 00:00:00"
    return f"{datetime.fromisoformat(stamp):%Y-%m-%d %H:%M:%S}"


def _slug(text: str) -> str:
    return re.sub(r"[^0-9a-z]+", "-", text.lower()).strip("-") or "tag"
