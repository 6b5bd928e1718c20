"""A note's words as HTML: a small Markdown, raw HTML off, no pictures, plain links."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

#: signs that may mean mark-up; a text without any needs no parser
_SIGNS = re.compile(r"[*_`\[\]<>#\\~|]|^\s*(?:[-+]|\d+[.)])\s|https?:", re.MULTILINE)


def note_html(text: str, cars: Mapping[str, str] | None = None) -> Markup:
    """Paragraphs, emphasis, lists, quotes, code and http(s) or mailto links; all else is text.

    One element of the class `words`: of one paragraph, that paragraph itself.

    cars: words of the text that speak to a car, `@pepper` → the car's place in the page.
    """
    linked = _linker(cars or {})
    if not _SIGNS.search(text):
        paragraphs = [part for part in re.split(r"\n\s*\n", text.strip()) if part]
        rows = (
            Markup("<br>").join(linked(line) for line in part.split("\n")) for part in paragraphs
        )
        return _words(Markup("").join(Markup("<p>{}</p>").format(row) for row in rows))
    rendered = _parser().render(text, {"linked": linked}).strip()
    return _words(Markup(rendered))  # noqa: S704 - the parser escapes, raw HTML is off


def _words(blocks: Markup) -> Markup:
    end = Markup("</p>")
    if blocks.startswith("<p>") and blocks.find(end) == len(blocks) - len(end):
        return Markup('<p class="words">') + blocks[len("<p>") :]
    return Markup('<div class="words">') + blocks + Markup("</div>")


def _linker(cars: Mapping[str, str]) -> Callable[[str], Markup]:
    """What escapes a piece of text and makes links of the cars it speaks to."""
    if not cars:
        return escape
    longest = sorted(cars, key=len, reverse=True)
    words = re.compile(rf"(?<![\w@/.+-])({'|'.join(map(re.escape, longest))})(?!\w)")

    def linked(text: str) -> Markup:
        link = Markup('<a class="mention" href="#{}">{}</a>')
        parts = words.split(text)  # text, word, text, word, …
        return Markup("").join(
            link.format(cars[part], part) if n % 2 else part for n, part in enumerate(parts)
        )

    return linked


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "xhtmlOut": False})
    # headings would break the page's order; pictures would be fetched
    parser.disable(["image", "heading", "lheading", "html_block", "html_inline", "hr"])
    parser.validateLink = _allowed  # type: ignore[method-assign]
    parser.add_render_rule("link_open", _link)
    parser.add_render_rule("text", _text)
    return parser


def _allowed(url: str) -> bool:
    return re.match(r"(?:https?://|mailto:)[^\s]+\Z", url, re.IGNORECASE) is not None


def _link(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    tokens[index].attrSet("rel", "noopener noreferrer nofollow ugc")
    return str(renderer.renderToken(tokens, index, options, env))


def _text(_: Any, tokens: Any, index: int, _options: Any, env: Any) -> str:
    """Text with its mentions; within a link they stay words."""
    opened = sum(token.nesting for token in tokens[:index] if token.tag == "a")
    content = tokens[index].content
    return str(escape(content) if opened else env["linked"](content))
