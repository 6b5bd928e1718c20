"""Front matter: what an engine reads above a post, in YAML that nobody's words can break out of."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from convoylog.reports.outline import Report
from convoylog.reports.story import Item
from convoylog.reports.turning import straight

#: tags of one post; a trip with hundreds of words has no tags but words
_MOST_TAGS = 12


class Stamp(str):
    """An ISO 8601 date, or date and time with offset, written without quotes."""

    __slots__ = ()


def front_matter(rows: Mapping[str, object]) -> str:
    """The block between two lines of dashes. Rows that are None or "" are left out."""
    lines = [
        f"{key}: {_value(value)}" for key, value in rows.items() if value not in (None, "", ())
    ]
    return "\n".join(["---", *lines, "---", ""])


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Stamp):
        return str(value)
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, Sequence):
        return f"[{', '.join(quote(str(one)) for one in value)}]"
    raise TypeError(f"no front matter of {type(value)}")


def quote(text: str) -> str:
    """A JSON string, which YAML reads the same; control and unassigned characters left out."""
    flat = " ".join(text.split())
    kept = "".join(c for c in flat if unicodedata.category(c) not in ("Cc", "Cs", "Cn", "Co"))
    return json.dumps(straight(kept), ensure_ascii=False)


def every_item(report: Report) -> Iterator[Item]:
    """Everything told, answers too, in the order of the report."""

    def below(item: Item) -> Iterator[Item]:
        yield item
        for answer in item.answers:
            yield from below(answer)

    for item in (*(i for c in report.chapters for i in c.items), *report.undated):
        yield from below(item)


def tags_of(report: Report) -> tuple[str, ...]:
    """The tags of the notes, the most used first."""
    counts: dict[str, int] = {}
    for item in every_item(report):
        for tag in item.tags:
            counts[tag] = counts.get(tag, 0) + 1
    return tuple(sorted(counts, key=lambda tag: -counts[tag])[:_MOST_TAGS])


def stamp_of(report: Report) -> Stamp | None:
    """When the last thing told happened, local time with offset; where times are hidden, its day."""
    clocks = [item.iso for item in every_item(report) if item.iso]
    if clocks:
        return Stamp(max(clocks, key=datetime.fromisoformat))
    return Stamp(report.chapters[-1].day) if report.chapters else None


def in_utc(stamp: Stamp | None) -> Stamp | None:
    if stamp is None or "T" not in stamp:
        return stamp
    return Stamp(f"{datetime.fromisoformat(stamp).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
