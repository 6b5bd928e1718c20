"""What the pages share: how their templates are filled, and what is done to the finished text."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from convoylog.reports.turning import straight

#: control characters that HTML forbids, also as numbers
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def templates() -> Environment:
    """The templates beside this file. Whatever is put into them is escaped."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_read),
    )
    environment.filters["dots"] = _dots
    environment.filters["heading"] = _heading
    # an element less, where there are hundreds; a dot of Overpass has no width, so more room on its right
    environment.filters["wide_dots"] = lambda text: text.replace(" · ", "\u2002·\u2002\u2005")
    return environment


def _dots(text: str) -> Markup:
    """Text whose middle dots have room: some faces swallow the blanks beside them."""
    return Markup('<span class="sep"> · </span>').join(text.split(" · "))


def _heading(text: str) -> str:
    """No line begins with a dash, nor with the number of a day."""
    return re.sub(r" (?=\d+:)", "\N{NO-BREAK SPACE}", text).replace(" – ", "\N{NO-BREAK SPACE}– ")


def _read(name: str) -> str:
    return files("convoylog.reports.web").joinpath(name).read_text("utf-8")


def no_templates(page: str) -> str:
    """What somebody wrote must not become a template of a blog engine that serves the page.

    Nor may a control character, which HTML forbids also as a number, nor a mark that turns the words
    behind a name around.
    """
    page = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", straight(page))
    parts = re.split(r"(<(?:style|script)\b.*?</(?:style|script)>)", page, flags=re.DOTALL)
    return "".join(
        part if n % 2 else re.sub(r"\{([{%#])", lambda found: f"{{&#{ord(found[1])};", part)
        for n, part in enumerate(parts)
    )


def digest(text: str) -> str:
    """A source as a content security policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
