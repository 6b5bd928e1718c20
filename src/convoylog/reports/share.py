"""What goes along with a link: the sentence, the card picture, and a text to paste."""

from __future__ import annotations

from dataclasses import dataclass

from convoylog.reports.draw.chart import OnMap
from convoylog.reports.edition import Edition
from convoylog.reports.outline import Report
from convoylog.reports.words import Words

#: a page; the card beside it or among a post's pictures, the text beside it
PAGE, CARD, TEXT = "report.html", "og.png", "share.txt"
#: letters of a description: networks cut after some 200, feed readers later
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Share:
    """How a page is told of elsewhere. title and sentence are unlike those of every other page.

    Absolute addresses, each "" where the site is not known: address, of the page; picture, of its card;
    feed, of what to subscribe to. alt: what the picture shows.
    """

    title: str
    sentence: str
    address: str = ""
    picture: str = ""
    feed: str = ""
    alt: str = ""

    def text(self) -> bytes:
        """Title, sentence and address, a line each, to paste into a message."""
        return f"{_plain(self.title)}\n{_plain(self.sentence)}\n{self.address}\n".encode()


def place_of(number: int) -> str:
    """Where a page tells of the car of this number, from 1."""
    return f"car-{number}"


def on_map(report: Report) -> list[OnMap]:
    """The cars of a report, for a map."""
    return [OnMap(member.trip, member.colour, member.label) for member in report.cast]


def make_share(
    title: str, sentence: str, edition: Edition, page: str, card: str, words: Words
) -> Share:
    """page, card: names of the files below the base address; page "" for its index, card "" for none."""
    base, sentence = edition.base_url, shortened(sentence)
    if not base:
        return Share(title, sentence)
    return Share(
        title,
        sentence,
        f"{base}/{page}",
        f"{base}/{card}" if card else "",
        f"{base}/atom.xml" if edition.feed else "",
        words.say("map_titled", title=title),
    )


def describe(report: Report) -> str:
    """When, who, from where to where. The date tells a day's page from the next day's."""
    when = report.words.span_of_days([chapter.day for chapter in report.chapters])
    return report.words.say("dated", when=when, lede=report.lede) if when else report.lede


def card_line(report: Report) -> str:
    """What a card says below the title: when, how many cars, how far."""
    when = report.words.span_of_days([chapter.day for chapter in report.chapters])
    metres = sum(member.trip.distance_m for member in report.cast)
    count = len(report.cast)
    words = report.words
    cars = words.say("cars_driving", count=count) if count else ""
    return " · ".join(filter(None, (when, cars, words.distance(metres) if metres else "")))


def shortened(text: str) -> str:
    """One line of at most _LONGEST letters, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 2].rsplit(' ', 1)[0]} …"


def _plain(text: str) -> str:
    """One line that looks the same wherever it is pasted: signs that turn or hide others fall away."""
    line = " ".join(text.split())
    # the two joiners hold letters and faces together
    return "".join(c for c in line if c.isprintable() or c in "\u200c\u200d")
