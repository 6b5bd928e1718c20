"""The neutral body of a post: Markdown that reads well as plain text, and the pictures it shows.

Every target takes this body; they differ in where files lie and in what stands above it.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from convoylog.errors import BadInput
from convoylog.exports.exported import Choice, choose
from convoylog.exports.formats import FORMS
from convoylog.model.mentions import CLOSE, OPEN, marked
from convoylog.reports.company import Happening
from convoylog.reports.draw.card import draw_card
from convoylog.reports.draw.chart import draw_map
from convoylog.reports.draw.png import png
from convoylog.reports.draw.shapes import MapDrawing
from convoylog.reports.edition import Edition
from convoylog.reports.outline import Chapter, Report, slug_of
from convoylog.reports.posts import tables
from convoylog.reports.posts.escape import block, inline
from convoylog.reports.posts.strips import elevation_picture, ribbon_picture
from convoylog.reports.share import CARD, card_line, on_map
from convoylog.reports.story import Item, Shown
from convoylog.reports.words import Words

#: the map's picture: drawn 1000 wide, so that its names stay readable, painted 1600 wide
_DRAWN = (1000, 562)
_PAINTED = 1600

#: a picture's name → the address it has in this target
Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Body:
    """text: Markdown without a first heading. pictures: name → content. alts: name → what it shows.
    downloads: name → content of the ways as GPX, where the target has room for them."""

    text: str
    pictures: Mapping[str, bytes]
    alts: Mapping[str, str]
    downloads: Mapping[str, bytes]


def write_body(
    report: Report, edition: Edition, address: Address, download: Address | None = None
) -> Body:
    """The body of a post. The same report gives the same bytes. Raises BadInput for a bad template.

    download: the address of a file to take away; None: this target has no room for any.
    """
    writer = _Writer(report, edition, address, download)
    parts = writer.parts()
    if edition.template:
        text = _by_template(edition.template, report, parts)
    else:
        text = "\n\n".join(part for part in parts.values() if part)
    return Body(text.strip() + "\n", writer.pictures, writer.alts, writer.downloads)


def _by_template(template: str, report: Report, parts: Mapping[str, str]) -> str:
    """The driver's own words around our parts. Other drivers' templates never come here."""
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    room = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    room.filters |= {"text": inline, "paragraphs": block}
    try:
        return room.from_string(template).render(**parts, report=report)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise BadInput(f"line {line}: {error.message}" if line else str(error.message)) from error
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise BadInput(str(error)) from error


class _Writer:
    """Writes the parts of one body and remembers the pictures they show."""

    def __init__(
        self, report: Report, edition: Edition, address: Address, download: Address | None
    ) -> None:
        self.report, self.edition, self.address = report, edition, address
        self.download = download
        self.words, self.say = report.words, report.words.say
        self.pictures: dict[str, bytes] = {}
        self.downloads: dict[str, bytes] = {}
        self.alts: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def parts(self) -> dict[str, str]:
        """The parts in their order, by the name a template knows them by."""
        report = self.report
        return {
            "map": self._map(),
            "lede": inline(report.lede),
            "days": tables.days(report),
            "story": "\n\n".join(
                part
                for chapter in report.chapters
                for part in self._section(
                    self.say("day_titled", number=chapter.number, title=chapter.heading), chapter
                )
            ),
            "undated": "\n\n".join(self._undated()),
            "company": self._company(),
            "elevation": self._picture("elevation.png", elevation_picture, _elevation_alt(report)),
            "cars": tables.cars(report),
            "legs": tables.legs(report),
            "logs": tables.logs(report),
            "regions": tables.regions(report),
            "notices": tables.notices(report),
            "download": self._download(),
            "credit": f"{self.say('credit')}.",
        }

    def _map(self) -> str:
        drawing = _drawn(self.report, self.edition)
        if drawing is None:
            return ""
        alt = _map_alt(self.report)
        self._keep("map.png", png(drawing, _PAINTED), alt)
        card = draw_card(
            on_map(self.report),
            self.report.title,
            card_line(self.report),
            roads=self.edition.roads,
        )
        if card is not None:
            self._keep(CARD, card, alt)
        if self.edition.figures:
            self._keep("map-dark.png", png(drawing, _PAINTED, theme="dark"), alt)
            dark, light = (html.escape(self.address(n)) for n in ("map-dark.png", "map.png"))
            return (
                f'<figure><picture><source srcset="{dark}" media="(prefers-color-scheme: dark)">'
                f'<img src="{light}" alt="{_attribute(alt)}"></picture></figure>'
            )
        return f"![{inline(alt)}]({self.address('map.png')})"

    def _company(self) -> str:
        """Who drove with whom: the ribbon, what happened between the cars, a table of pairs."""
        report = self.report
        ribbon = self._picture("convoy.png", ribbon_picture, f"{self.say('ribbon_title')}.")
        if not ribbon or not (report.happenings or report.pairs):
            return ""
        parts = [f"## {self.say('who_with_whom')}", ribbon]
        if report.happenings:
            parts.append("\n".join(f"- {_happened(row, self.words)}" for row in report.happenings))
        if report.pairs:
            parts.append(tables.pairs(report))
        return "\n\n".join(parts)

    def _picture(self, name: str, paint: Callable[[Report], bytes | None], alt: str) -> str:
        """A picture of the trip, "" where there is nothing to paint."""
        content = paint(self.report)
        if content is None:
            return ""
        self._keep(name, content, alt)
        return f"![{inline(alt)}]({self.address(name)})"

    def _download(self) -> str:
        """The ways as GPX: all cars in one file, and each in its own."""
        report = self.report
        driven = [member for member in report.cast if len(member.trip.track)]
        if self.download is None or not driven:
            return ""
        chosen = [(self.say("all_cars"), "trip.gpx", frozenset(member.id for member in driven))]
        if len(driven) > 1:
            chosen += [
                (
                    member.name,
                    f"{n:02d}-{slug_of(member.name) or 'car'}.gpx",
                    frozenset({member.id}),
                )
                for n, member in enumerate(driven, 1)
            ]
        lines = []
        for said, name, cars in chosen:
            choice = Choice(cars, hide_times=report.hide_times)
            ways = choose(report.trip, choice, slug=report.slug, pictures={})
            self.downloads[name] = FORMS["gpx"].write(ways)
            lines.append(
                f"- [{inline(self.say('download_gpx', what=said))}]({self.download(name)})"
            )
        return f"## {self.say('download')}\n\n" + "\n".join(lines)

    def _keep(self, name: str, content: bytes, alt: str) -> None:
        self.pictures[name] = content
        self.alts[name] = alt

    def _section(self, heading: str, chapter: Chapter) -> list[str]:
        parts = [f"## {inline(heading)}", inline(chapter.line)]
        driven = [row for row in self.report.driven if row.day == chapter.day]
        if driven:
            lines = (" · ".join(filter(None, (row.clock, inline(row.text)))) for row in driven)
            parts.append("\n".join(f"- {line}" for line in lines))
        for item in chapter.items:
            parts += self._entry(item, 0)
        return parts

    def _undated(self) -> list[str]:
        if not self.report.undated:
            return []
        parts = [f"## {self.say('undated')}"]
        for item in self.report.undated:
            parts += self._entry(item, 0)
        return parts

    def _entry(self, item: Item, depth: int) -> list[str]:
        """One entry and, as quotes below it, its answers."""
        mark = "> " * depth
        head = " · ".join(inline(word) for word in (item.clock, item.who, item.place) if word)
        # a title in a line of its own would be taken for a heading
        parts = [f"**{head}**" + (f" · {inline(item.title)}" if item.title else "")]
        if item.quoted:
            who, said = item.quoted
            told = self.say("said", who=who, words=said) if who else said
            parts.append(f"> {inline(told)}")
        if item.text:
            # a post has no place for each car to link to
            spoken = block(marked(item.text, item.mentions))
            parts.append(spoken.replace(OPEN, "**").replace(CLOSE, "**"))
        if facts := item.facts_in_a_line(self.report.words):
            parts.append(inline(facts) + ".")
        for photo in item.photos:
            parts += self._photo(photo)
        parts += [f"({inline(photo.text)})" for photo in item.unseen]
        if item.tags:
            parts.append(" ".join(f"\\#{inline(tag)}" for tag in item.tags))
        result = [_quoted(part, mark) for part in parts]
        # answers of answers stand beside each other: nobody reads a fourth quotation mark
        level = min(depth + 1, 2)
        gap = f"\n{('> ' * level).rstrip()}\n"
        answers = [part for answer in item.answers for part in self._entry(answer, level)]
        if answers:
            result.append(gap.join(answers))
        return result

    def _photo(self, photo: Shown) -> list[str]:
        picture = photo.picture
        if picture.sha256 not in self._names:
            self._names[picture.sha256] = picture.name
        name = self._names[picture.sha256]
        self._keep(name, picture.jpeg, photo.alt)
        address = self.address(name)
        if self.edition.figures:
            return [
                (
                    f'<figure><img src="{html.escape(address)}" alt="{_attribute(photo.alt)}" '
                    f'width="{picture.width}" height="{picture.height}">'
                    f"<figcaption>{_attribute(photo.caption)}</figcaption></figure>"
                )
            ]
        # a lone emphasised line would read as a heading, so the caption is a plain sentence
        return [
            f'![{inline(photo.alt)}]({address} "{_title(photo.caption)}")',
            inline(photo.caption) + ".",
        ]


def _happened(row: Happening, words: Words) -> str:
    """A line of what happened between the cars: when, what, where."""
    when = ", ".join(word for word in (words.short_day(row.day), row.clock) if word)
    place = f", {inline(row.place)}" if row.place else ""
    return f"{when}: {inline(row.text)}{place}"


def _elevation_alt(report: Report) -> str:
    heights = [member.trip.highest_m for member in report.cast]
    known = [height for height in heights if height is not None]
    words = report.words
    if not known:
        return f"{words.say('elevation_title')}."
    return words.say("elevation_alt", height=words.height(max(known)))


def _title(text: str) -> str:
    """A picture's title, within quotation marks."""
    return inline(text).replace('"', "&quot;")


def _attribute(text: str) -> str:
    """Foreign text within HTML, braces included, which template engines see first."""
    safe = html.escape(" ".join(text.split()))
    return safe.replace("{", "&#123;").replace("}", "&#125;")


def _drawn(report: Report, edition: Edition) -> MapDrawing | None:
    return draw_map(
        on_map(report),
        width=_DRAWN[0],
        height=_DRAWN[1],
        title=report.title,
        description=report.lede,
        roads=edition.roads,
    )


def _quoted(part: str, mark: str) -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in part.split("\n")) if mark else part


def _map_alt(report: Report) -> str:
    visited = [v.name for v in report.visited]
    words = report.words
    if not visited:
        return words.say("map_titled", title=report.lede)
    return words.say("map_alt", lede=report.lede, regions=words.joined(visited))
