"""What the shell offers when Tab is pressed: cars, legs, tags and ids of the logbook meant.

Completion must never print and never fail: where anything is wrong, nothing is offered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from convoylog.files.load import Book

#: letters a shell acts on: a name from another car must not run in this one
ACTS = frozenset("`$\"'\\;|&<>!(){}*?~#")

Offers = list[tuple[str, str]]


def _offered(choose: Callable[[Book], Offers]) -> Callable[[typer.Context, str], Offers]:
    @wraps(choose)
    def complete(ctx: typer.Context, incomplete: str) -> Offers:
        from convoylog.cli.context import find_logbook, given_logbook
        from convoylog.cli.visible import visible

        try:
            from convoylog.files.load import read_book

            offers = choose(read_book(find_logbook(given_logbook(ctx))))
        except Exception:  # noqa: BLE001, RUF100  whatever it is, Tab is not the place to tell it
            return []
        # a shell would run what a hostile name holds: only what needs no quoting tricks is offered
        return [
            (word, visible(told)[:60])
            for word, told in offers
            if word.startswith(incomplete) and word.isprintable() and not set(word) & ACTS
        ]

    # Typer looks at the signature of the function itself
    del complete.__dict__["__wrapped__"]
    complete.__annotations__ = {"ctx": typer.Context, "incomplete": str}
    return complete


@_offered
def cars(book: Book) -> Offers:
    """Folders of cars: they never need quotes, and every command takes them."""
    return [(car.folder, car.name) for car in book.cars]


@_offered
def entries(book: Book) -> Offers:
    """Ids, the latest first."""
    told = ((entry.id, f"{entry.kind}: {entry.title or entry.text}") for entry in book.entries)
    return sorted(told, reverse=True)


@_offered
def tags(book: Book) -> Offers:
    return sorted({(tag, "") for entry in book.entries for tag in entry.tags})


@_offered
def legs(book: Book) -> Offers:
    """Words that stand in one title alone: a part of a title is enough, and bash would break a whole
    one at its spaces."""
    titles = {entry.title for entry in book.entries if entry.kind == "leg"}
    words = Counter(word for title in titles for word in set(title.split()))
    return sorted((w, title) for title in titles for w in set(title.split()) if words[w] == 1)
