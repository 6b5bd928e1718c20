"""The formats a report can be told in: a line each."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Protocol, cast

from convoylog.model.pages import Pages
from convoylog.reports.edition import PLAIN, Edition
from convoylog.reports.outline import Report


class Render(Protocol):
    """What a renderer looks like: the same report and edition give the same bytes."""

    def __call__(self, report: Report, edition: Edition = ...) -> Pages: ...


def _from(module: str, name: str) -> Render:
    """A renderer imported when first used: each knows libraries the others need not pay for."""

    def render(report: Report, edition: Edition = PLAIN) -> Pages:
        whole = import_module(f"convoylog.reports.{module}")
        return cast("Callable[[Report, Edition], Pages]", getattr(whole, name))(report, edition)

    return render


FORMATS: dict[str, Render] = {
    "html": _from("web.render", "render"),
    "markdown": _from("posts.targets", "markdown"),
    "hugo": _from("posts.targets", "hugo"),
    "jekyll": _from("posts.targets", "jekyll"),
    "eleventy": _from("posts.targets", "eleventy"),
    "astro": _from("posts.targets", "astro"),
    "wordpress": _from("posts.wordpress", "wordpress"),
    "ghost": _from("posts.ghost", "ghost"),
    "thread": _from("posts.thread", "thread"),
}
