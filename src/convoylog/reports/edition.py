"""Where and how a report is published: what a renderer must know besides the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from convoylog.places.world import World


def drawn_anew(fingerprint: str, draw: Callable[[], str]) -> str:  # noqa: ARG001
    """No memory."""
    return draw()


@dataclass(frozen=True, slots=True)
class Edition:
    """base_url: absolute address of the site, without slash at the end, "" if unknown.

    layout: the engine's own name for the page around a post, "" for its usual one.
    draft: the engine is told to keep the post back. figures: photos and map as HTML figures, for
    engines that let HTML through. template: the driver's own Jinja2 text for the body, "" for ours.
    length: letters of a short post. feed: an `atom.xml` lies beside what is written; page: the whole
    trip's, at the base address. roads: a layer
    for the maps, None without.
    beside: the page's photos are files beside it, not in it.
    remembered: gives the text of a drawing by the fingerprint of what it shows, from a memory or made
    by the function given along.
    """

    base_url: str = ""
    layout: str = ""
    draft: bool = False
    figures: bool = False
    template: str = ""
    length: int = 500
    feed: bool = False
    page: bool = False
    roads: World | None = None
    beside: bool = False
    remembered: Callable[[str, Callable[[], str]], str] = drawn_anew


PLAIN = Edition()
