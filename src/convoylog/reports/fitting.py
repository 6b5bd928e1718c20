"""Making a page's photos fit into so many bytes: smaller, then coarser, then fewer.

Every step goes only as far as it must: of two sizes one step apart, as many photos as fit have the
larger one. Who comes first is fair: starred photos, then days and cars in turn, early and late.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from convoylog.errors import ConvoylogError
from convoylog.model.pages import Pages
from convoylog.model.photos import Picture, PictureSize
from convoylog.model.trip import Told
from convoylog.reports.words import Words

#: tag of notes whose photos stay longest
STAR = "star"
#: a step takes a fifth of the bytes: so little that photos of two steps look alike
_SHRINK = 0.88
#: pixels: a column of the page on a phone; smaller, faces are no longer known
_LEAST_EDGE = 640
#: below, blocks show in skies and snow
_LEAST_QUALITY, _COARSER = 54, 6
#: bytes kept free for the sentence that tells, and for numbers with other digits
_SENTENCE = 400
#: so many photos tell, to a few percent, what all will be in a size
_SAMPLE = 12

#: pictures to show, SHA-256 of those left out for their size, what was done → the page
Tell = Callable[[Mapping[str, Picture], Collection[str], "Reduced | None"], Pages]
#: pictures, and the size they shall have
Smaller = Callable[[Mapping[str, Picture], PictureSize], Mapping[str, Picture]]


@dataclass(frozen=True, slots=True)
class Limit:
    """most: bytes of all files of a page together. said: the same as people write it."""

    most: int
    said: str


@dataclass(frozen=True, slots=True)
class Reduced:
    """What was done to the photos so that they fit.

    said: the limit as people write it. was: the size asked for. edges, qualities: the least and the
    largest now. shown, of: photos.
    """

    said: str
    was: PictureSize
    edges: tuple[int, int]
    qualities: tuple[int, int]
    shown: int
    of: int


def fit(
    pictures: Mapping[str, Picture],
    size: PictureSize,
    limit: Limit,
    order: Sequence[str],
    *,
    tell: Tell,
    smaller: Smaller,
    cost: Callable[[Picture], int],
) -> Pages:
    """The page with its pictures at their best within the limit, which it never exceeds.

    pictures: SHA-256 → picture, made in `size`. order: those to keep first in front.
    cost: bytes a picture takes in the page, give or take what is the same for all.
    Raises ConvoylogError where the page is too large without any photo.
    """
    whole = tell(pictures, (), None)
    if weight(whole) <= limit.most:
        return whole
    order = [sha256 for sha256 in order if sha256 in pictures]
    ladder = _Ladder(pictures, size, smaller, cost)
    around = weight(whole) - ladder.total(0)
    pages = ladder.mixed(order, limit, around, tell) or ladder.fewer(order, limit, around, tell)
    if weight(pages) > limit.most:
        raise ConvoylogError(
            f"the page takes {weight(pages):,} bytes without any photo, more than {limit.said}",
            hint="a larger --max-size, or a part of the trip, such as --day 1",
        )
    return pages


class _Ladder:
    """The same pictures in every size that is tried, each made when first asked for."""

    def __init__(
        self,
        pictures: Mapping[str, Picture],
        size: PictureSize,
        smaller: Smaller,
        cost: Callable[[Picture], int],
    ) -> None:
        self.sizes = steps(size)
        self._made = {0: pictures}
        self._smaller, self._cost = smaller, cost

    def at(self, step: int) -> Mapping[str, Picture]:
        if step not in self._made:
            self._made[step] = self._smaller(self._made[0], self.sizes[step])
        return self._made[step]

    def costs(self, step: int) -> dict[str, int]:
        return {sha256: self._cost(picture) for sha256, picture in self.at(step).items()}

    def total(self, step: int) -> int:
        return sum(self.costs(step).values())

    def mixed(self, order: Sequence[str], limit: Limit, around: int, tell: Tell) -> Pages | None:
        """All of them, in the two largest neighbouring sizes that fit; None if not even the least."""
        room = limit.most - around - _SENTENCE
        step = self._likely(order, room)
        while step < len(self.sizes) and self.total(step) > room:
            step += 1
        while step < len(self.sizes):
            low, high = self.costs(step), self.costs(step - 1)
            more = {sha256: high[sha256] - low[sha256] for sha256 in order}
            larger = that_fit(order, more, room - sum(low.values()))
            if step > 1 and len(larger) == len(order):
                step -= 1  # the sample promised too little
                continue
            chosen = {
                sha256: self.at(step - 1 if sha256 in larger else step)[sha256]
                for sha256 in self._made[0]
            }
            used = {self.sizes[step - 1 if sha256 in larger else step] for sha256 in chosen}
            pages = tell(chosen, (), self._reduced(limit, used, len(chosen)))
            over = weight(pages) - limit.most
            if over <= 0:
                return pages
            room -= over
            while step < len(self.sizes) and self.total(step) > room:
                step += 1
        return None

    def fewer(self, order: Sequence[str], limit: Limit, around: int, tell: Tell) -> Pages:
        """As many as fit of the least size; the page without any, where even that is too large."""
        last = len(self.sizes) - 1
        everyone = self._made[0]
        none = self._reduced(limit, {self.sizes[last]}, 0)
        pages = tell({}, everyone.keys(), none)
        room = limit.most - weight(pages)
        # what stands around each picture: caption, buttons
        apiece = (around - weight(pages)) // max(1, len(everyone))
        costs = {sha256: max(1, one + apiece) for sha256, one in self.costs(last).items()}
        while room > 0 and (kept := that_fit(order, costs, room)):
            chosen = {sha256: self.at(last)[sha256] for sha256 in everyone if sha256 in kept}
            reduced = self._reduced(limit, {self.sizes[last]}, len(chosen))
            fuller = tell(chosen, everyone.keys() - chosen.keys(), reduced)
            over = weight(fuller) - limit.most
            if over <= 0:
                return fuller
            room -= over
        return pages

    def _likely(self, order: Sequence[str], room: int) -> int:
        """The first step that should fit, going by some of the photos."""
        some = order[:_SAMPLE]
        sample = {sha256: self._made[0][sha256] for sha256 in some}
        full = sum(map(self._cost, sample.values()))
        wanted = full * room / max(1, self.total(0))

        def fits(step: int) -> bool:
            made = self._smaller(sample, self.sizes[step]) if step else sample
            return sum(map(self._cost, made.values())) <= wanted

        return max(1, bisect_left(range(len(self.sizes) - 1), True, key=fits))

    def _reduced(self, limit: Limit, used: Collection[PictureSize], shown: int) -> Reduced:
        edges, qualities = {s.edge for s in used}, {s.quality for s in used}
        return Reduced(
            limit.said,
            self.sizes[0],
            (min(edges), max(edges)),
            (min(qualities), max(qualities)),
            shown,
            len(self._made[0]),
        )


def weight(pages: Pages) -> int:
    """Bytes of all files together."""
    return sum(len(content) for content in pages.contents().values())


def steps(start: PictureSize) -> tuple[PictureSize, ...]:
    """The sizes to try, from the one asked for down: first the edge falls, then the quality."""
    edges = [start.edge]
    while edges[-1] > _LEAST_EDGE:
        edges.append(max(_LEAST_EDGE, round(edges[-1] * _SHRINK / 8) * 8))
    qualities = range(start.quality - _COARSER, _LEAST_QUALITY - 1, -_COARSER)
    return (
        *(PictureSize(edge, start.quality) for edge in edges),
        *(PictureSize(edges[-1], quality) for quality in qualities),
    )


def in_turn(story: Iterable[Told], day_of: Mapping[str, int]) -> tuple[str, ...]:
    """SHA-256 of the story's photos, those to keep first in front.

    day_of: id of a told thing → number of its day. Starred ones come first; then every car of every
    day gives one after the other, and each gives what lies farthest from what it gave before.
    """
    starred: dict[str, None] = {}
    groups: dict[tuple[int, str], dict[str, None]] = {}
    for told in story:
        for sha256 in told.photos:
            if STAR in told.tags:
                starred[sha256] = None
            groups.setdefault((day_of.get(told.id, 0), told.car), {})[sha256] = None
    rows = [_spread(list(groups[key])) for key in sorted(groups)]
    turns = itertools.chain.from_iterable(itertools.zip_longest(*rows))
    return tuple(dict.fromkeys((*starred, *(sha256 for sha256 in turns if sha256 is not None))))


def _spread(things: Sequence[str]) -> list[str]:
    """The middle one, then the middles of what is left on both sides, and so on."""
    order, spans = [], [(0, len(things))]
    for begin, end in spans:  # grows while it is walked
        if begin < end:
            middle = (begin + end) // 2
            order.append(things[middle])
            spans += [(begin, middle), (middle + 1, end)]
    return order


def that_fit(order: Sequence[str], costs: Mapping[str, int], room: int) -> frozenset[str]:
    """As many as fit, asked in order. costs: bytes each takes more than without it."""
    taken = []
    for sha256 in order:
        if costs[sha256] <= room:
            room -= costs[sha256]
            taken.append(sha256)
    return frozenset(taken)


def sentences(reduced: Reduced, words: Words) -> tuple[str, ...]:
    """What was reduced, as the page and the terminal say it."""
    said = []
    if reduced.shown and reduced.edges[0] < reduced.was.edge:
        edges = _span(reduced.edges, words)
        said.append(words.say("fit_smaller", edges=edges, was=reduced.was.edge))
    if reduced.shown and reduced.qualities[0] < reduced.was.quality:
        qualities = _span(reduced.qualities, words)
        said.append(words.say("fit_coarser", qualities=qualities, was=reduced.was.quality))
    if reduced.shown < reduced.of:
        said.append(words.say("fit_fewer", count=reduced.of - reduced.shown, all=reduced.of))
    return (words.say("fit_within", size=reduced.said, done=words.clauses(said)),) if said else ()


def _span(ends: tuple[int, int], words: Words) -> str:
    return "–".join(words.number(value) for value in dict.fromkeys(ends))
