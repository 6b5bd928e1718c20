"""A note's words as HTML: a small Markdown, raw HTML off, no pictures, plain links."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

#: signs that may mean mark-up; a text without any needs no parser
_SIGNS = re.compile(r"[*_`\[\]<>#\\~|]|^\s*(?:[-+]|\d+[.)])\s|https?:", re.MULTILINE)


def note_html(text: str) -> Markup:
    """Paragraphs, emphasis, lists, quotes, code and http(s) or mailto links; all else is text."""
    if not _SIGNS.search(text):
        paragraphs = [part for part in re.split(r"\n\s*\n", text.strip()) if part]
        rows = (
            Markup("<br>").join(escape(line) for line in part.split("\n")) for part in paragraphs
        )
        return Markup("").join(Markup("<p>{}</p>").format(row) for row in rows)
    return Markup(_parser().render(text))  # noqa: S704 - the parser escapes, raw HTML is off


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    # headings would break the page's order; pictures would be fetched
    parser.disable(["image", "heading", "lheading", "html_block", "html_inline", "hr"])
    parser.validateLink = _allowed  # type: ignore[method-assign]
    parser.add_render_rule("link_open", _link)
    return parser


def _allowed(url: str) -> bool:
    return re.match(r"(?:https?://|mailto:)[^\s]+\Z", url, re.IGNORECASE) is not None


def _link(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    tokens[index].attrSet("rel", "noopener noreferrer nofollow ugc")
    return str(renderer.renderToken(tokens, index, options, env))
