"""The formats a report can be told in: a line each."""

from __future__ import annotations

from collections.abc import Callable

from convoylog.model.pages import Pages
from convoylog.reports.outline import Report


def _html(report: Report) -> Pages:
    from convoylog.reports.web.render import render

    return render(report)


def _markdown(report: Report) -> Pages:
    from convoylog.reports.markdown.render import render

    return render(report)


FORMATS: dict[str, Callable[[Report], Pages]] = {"html": _html, "markdown": _markdown}
