"""A report as CommonMark: a post that reads well as plain text, with its pictures beside it."""

from __future__ import annotations

from convoylog.model.pages import Pages
from convoylog.reports import words
from convoylog.reports.draw.chart import OnMap, draw_map
from convoylog.reports.draw.png import png
from convoylog.reports.markdown.escape import block, inline
from convoylog.reports.outline import CREDIT, Item, Report

#: the map's picture: drawn 1000 wide, so that its names stay readable, painted 1600 wide
_DRAWN = (1000, 562)
_PAINTED = 1600


def render(report: Report) -> Pages:
    """`<slug>/README.md` and its pictures. The same report gives the same bytes."""
    base = report.slug
    pictures: dict[str, bytes] = {}
    parts = [f"# {inline(report.title)}"]
    drawing = draw_map(
        [OnMap(member.trip, member.colour, member.label) for member in report.cast],
        width=_DRAWN[0],
        height=_DRAWN[1],
        title=report.title,
        description=report.lede,
    )
    if drawing is not None:
        pictures["map.png"] = png(drawing, _PAINTED)
        pictures["map-dark.png"] = png(drawing, _PAINTED, theme="dark")
        parts.append(f"![{inline(_map_alt(report))}](map.png)")
    parts.append(inline(report.lede))
    if report.chapters:
        parts.append(_days_table(report))
    names: dict[str, str] = {}
    for chapter in report.chapters:
        parts.append(f"## Day {chapter.number}: {inline(chapter.heading)}")
        parts.append(inline(chapter.line))
        for item in chapter.items:
            parts += _entry(item, 0, names, pictures)
    if report.undated:
        parts.append("## When is not known")
        for item in report.undated:
            parts += _entry(item, 0, names, pictures)
    parts.append(_cars(report))
    if report.legs:
        parts.append(_legs(report))
    if report.visited:
        parts.append("## Regions crossed")
        parts.append(
            "\n".join(
                f"- {inline(v.name)}: {', '.join(inline(c.name) for c in v.cars)}"
                for v in report.visited
            )
        )
    if report.notices:
        parts.append("## What this post does not know or show")
        parts.append("\n".join(f"- {inline(notice)}" for notice in report.notices))
    parts.append(f"{CREDIT}.")
    text = "\n\n".join(parts) + "\n"
    files = {f"{base}/README.md": text.encode()}
    files |= {f"{base}/{name}": content for name, content in pictures.items()}
    return Pages(files, f"{base}/README.md")


def _map_alt(report: Report) -> str:
    visited = [v.name for v in report.visited]
    through = f" through {words.join_words(visited)}" if visited else ""
    return f"Map: {report.lede.rstrip('.')}{through}"


def _days_table(report: Report) -> str:
    rows = ["| Day | Where | Distance |", "| --- | --- | ---: |"]
    for chapter in report.chapters:
        metres = sum(chapter.metres.values())
        title = f"{inline(chapter.heading, cell=True)}, {words.short_day(chapter.day)}"
        rows.append(
            f"| {chapter.number} | {title} | {words.distance_km(metres) if metres else '–'} |"
        )
    return "\n".join(rows)


def _entry(item: Item, depth: int, names: dict[str, str], pictures: dict[str, bytes]) -> list[str]:
    """One entry and, as quotes below it, its answers."""
    mark = "> " * depth
    head = " · ".join(inline(word) for word in (item.clock, item.car.name, item.place) if word)
    # a title in a line of its own would be taken for a heading
    parts = [f"**{head}**" + (f" · {inline(item.title)}" if item.title else "")]
    if item.quoted:
        who = f"{inline(item.quoted[0])}: " if item.quoted[0] else ""
        parts.append(f"> {who}{inline(item.quoted[1])}")
    if item.text:
        parts.append(block(item.text))
    if item.facts:
        parts.append(inline(", ".join(item.facts)) + ".")
    for photo in item.photos:
        if photo.picture.sha256 not in names:
            names[photo.picture.sha256] = f"photo-{len(names) + 1:03d}.jpg"
            pictures[names[photo.picture.sha256]] = photo.picture.jpeg
        name = names[photo.picture.sha256]
        parts.append(f'![{inline(photo.alt)}]({name} "{inline(photo.caption)}")')
        parts.append(inline(photo.caption) + ".")
    if item.broken:
        parts.append(f"({item.broken} photos could not be shown.)")
    if item.tags:
        parts.append(" ".join(f"\\#{inline(tag)}" for tag in item.tags))
    result = [_marked(part, mark) for part in parts]
    # answers of answers stand beside each other: nobody reads a fourth quotation mark
    level = min(depth + 1, 2)
    gap = f"\n{('> ' * level).rstrip()}\n"
    answers = [part for answer in item.answers for part in _entry(answer, level, names, pictures)]
    if answers:
        result.append(gap.join(answers))
    return result


def _marked(part: str, mark: str) -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in part.split("\n")) if mark else part


def _cars(report: Report) -> str:
    rows = [
        "## Cars",
        "",
        "| Car | Driver | Distance | Moving | Unknown |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for member in report.cast:
        trip = member.trip
        known = trip.from_at is not None
        name = f"{inline(member.label, cell=True)} {inline(member.name, cell=True)}"
        rows.append(
            f"| {name} | {inline(member.driver, cell=True)} "
            f"| {words.distance_km(trip.distance_m) if known else '–'} "
            f"| {words.duration(trip.moving_s) if known else '–'} "
            f"| {words.duration(trip.unknown_s) if known else '–'} |"
        )
    return "\n".join(rows)


def _legs(report: Report) -> str:
    rows = [
        "## Legs",
        "",
        "| Car | Day | Leg | Distance | Moving |",
        "| --- | --- | --- | ---: | ---: |",
    ]
    for leg in report.legs:
        note = f" ({leg.note})" if leg.note else ""
        rows.append(
            f"| {inline(leg.car.name, cell=True)} | {words.short_day(leg.day)} "
            f"| {inline(leg.title, cell=True)}{note} | {leg.distance} | {leg.moving} |"
        )
    return "\n".join(rows)
