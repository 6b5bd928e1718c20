"""Short posts for microblogs: each day cut into texts of a given length, with pictures and their words.

Nothing is sent: the texts are there to be pasted, or taken from the JSON by a program.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from convoylog.model.mentions import CLOSE, OPEN, marked
from convoylog.model.pages import Pages
from convoylog.reports.edition import PLAIN, Edition
from convoylog.reports.outline import Chapter, Report
from convoylog.reports.story import Item, Shown
from convoylog.reports.turning import straight
from convoylog.reports.words import Words

#: pictures that Mastodon and Bluesky take with one post
_MOST_PICTURES = 4
#: room kept for the sign that a text goes on
_GOES_ON = " …"


@dataclass(frozen=True, slots=True)
class Short:
    """One short post. text: of at most the edition's length, in code points."""

    day: int
    text: str
    photos: tuple[Shown, ...] = ()


def thread(report: Report, edition: Edition = PLAIN) -> Pages:
    """`thread.md` to paste from, `thread.json` for programs, and the pictures."""
    names = {member.id: member.name for member in (*report.guests, *report.cast)}
    posts = [
        post
        for chapter in report.chapters
        for post in _day(chapter, edition.length, report.words, names)
    ]
    folder = f"{report.slug}-thread"
    files: dict[str, bytes] = {}
    rows = []
    title = straight(report.title)
    lines = [f"# {' '.join(title.split())}"]
    for number, post in enumerate(posts, 1):
        pictures = []
        for photo in post.photos:
            name = photo.picture.name
            files[f"{folder}/{name}"] = photo.picture.jpeg
            pictures.append({"file": name, "alt": straight(photo.alt)})
        rows.append({"day": post.day, "text": post.text, "pictures": pictures})
        sizes = {"number": number, "all": len(posts), "day": post.day}
        lines.append(f"---- {report.words.say('short_post', count=len(post.text), **sizes)}")
        lines.append(post.text)
        lines += [f"[{picture['file']}: {picture['alt']}]" for picture in pictures]
    files[f"{folder}/thread.md"] = ("\n\n".join(lines) + "\n").encode()
    document = {"title": title, "length": edition.length, "posts": rows}
    files[f"{folder}/thread.json"] = (
        json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    ).encode()
    return Pages(files, f"{folder}/thread.md", told=("nothing was sent: paste what you like",))


def _day(chapter: Chapter, length: int, words: Words, names: Mapping[str, str]) -> Iterator[Short]:
    heading = " ".join(chapter.heading.split())
    titled = words.say("day_titled", number=chapter.number, title=heading)
    head = straight(f"{titled}\n{chapter.line}")
    for piece in pieces(head, length):
        yield Short(chapter.number, piece)
    for item in chapter.items:
        yield from _item(chapter.number, item, length, words, names)


def _item(
    day: int, item: Item, length: int, words: Words, names: Mapping[str, str], to: str = ""
) -> Iterator[Short]:
    """An entry and, after it, its answers. names: of the cars. to: whom it answers."""
    head = " · ".join(word for word in (item.clock, item.who, item.place) if word)
    if to:
        head = words.say("head_answering", head=head, who=to)
    head = straight(head)
    facts = item.facts_in_a_line(words)
    tags = " ".join(f"#{_hashtag(tag)}" for tag in item.tags if _hashtag(tag))
    parts = [item.title, _spoken(item, names), f"{facts}." if facts else "", tags]
    text = "\n".join([head, *(kept for part in parts if (kept := straight(part)))])
    texts = pieces(text, length)
    photos = list(item.photos)
    for n, piece in enumerate(texts):
        # pictures go with the first text, those it has no room for with the next
        share, photos = photos[:_MOST_PICTURES], photos[_MOST_PICTURES:]
        yield Short(day, piece, tuple(share))
        if n == len(texts) - 1:
            while photos:
                share, photos = photos[:_MOST_PICTURES], photos[_MOST_PICTURES:]
                yield Short(day, pieces(head, length)[0], tuple(share))
    for answer in item.answers:
        yield from _item(day, answer, length, words, names, item.car.name)


def _spoken(item: Item, names: Mapping[str, str]) -> str:
    """An entry's words with the names of the cars it speaks to: on a microblog `@pepper` would call
    somebody who has that account."""
    spoken_to = iter(item.mentions)
    text = marked(item.text, item.mentions).strip()
    return re.sub(f"{OPEN}.*?{CLOSE}", lambda _: names[next(spoken_to).car], text, flags=re.DOTALL)


def _hashtag(tag: str) -> str:
    """A tag as microblogs read it: letters and digits of any script, no blanks."""
    return "".join(c for c in tag if c.isalnum() or c == "_")


def pieces(text: str, length: int) -> list[str]:
    """The text in pieces of at most `length` code points, cut between sentences or else words.

    Put together, less the signs that a piece goes on, they have every word. length: 20 or more.
    """
    if length < 20:
        raise ValueError("pieces of fewer than 20 letters")
    rest = text.strip()
    found = []
    while len(rest) > length:
        room = rest[: length - len(_GOES_ON) + 1]
        # a sentence's end behind the first third, else a blank, else somewhere in a very long word
        ends = [room.rfind(sign) + 1 for sign in (". ", "! ", "? ", "\n")]
        at = max(ends)
        if at <= length // 3:
            at = max(room.rfind(" "), room.rfind("\n"))
        if at <= 0:
            at = length - len(_GOES_ON)
        found.append(rest[:at].rstrip() + _GOES_ON)
        rest = rest[at:].lstrip()
    return [*found, rest] if rest or not found else found
