"""Answers at what they answer, in any order of arrival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar


class _Row(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def reply_to(self) -> str: ...


R = TypeVar("R", bound=_Row)


def threaded(rows: Sequence[R]) -> list[tuple[int, R]]:
    """(depth, row): every row once, in order, an answer below what it answers.

    An answer to what is not among the rows stands where its own time puts it, at depth 0. So do
    all of a ring of answers, which only a hostile file makes.
    """
    here = {row.id: row for row in rows}
    rings = _rings(here)
    answers: dict[str, list[R]] = {}
    tops = []
    for row in rows:
        if row.reply_to in here and row.id not in rings:
            answers.setdefault(row.reply_to, []).append(row)
        else:
            tops.append(row)
    result: list[tuple[int, R]] = []
    waiting = [(0, row) for row in reversed(tops)]
    while waiting:
        depth, row = waiting.pop()
        result.append((depth, row))
        waiting += [(depth + 1, answer) for answer in reversed(answers.get(row.id, ()))]
    return result


def _rings(here: Mapping[str, R]) -> set[str]:
    """Ids of rows that answer, over others, themselves. Each row is looked at once."""
    rings: set[str] = set()
    done: set[str] = set()
    for start in here:
        way: dict[str, int] = {}
        at = start
        while at in here and at not in done and at not in way:
            way[at] = len(way)
            at = here[at].reply_to
        if at in way:
            rings.update(key for key, place in way.items() if place >= way[at])
        done.update(way)
    return rings
