"""The picture that networks and chats show with a link: the map, and on it a highway sign with the title."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from convoylog.places.world import World
from convoylog.reports.draw.chart import OnMap, Sign, draw_map, whole_view
from convoylog.reports.draw.faces import drawable, face
from convoylog.reports.draw.png import FINE, SIGN, paint, saved

#: 1200 × 630 as networks ask for; drawn smaller, so that names stay readable in a chat's column
CARD_SIZE = (1200, 630)
_DRAWN = (800, 420)
#: pixels of the card: from its edge to the sign, from the sign's edge to its letters
_OUT, _IN = 34, 32
#: sizes of the title, the largest that lets it stand in two lines; of the line below
_TITLES, _LINE = (66, 56, 48), 29
_MOST_LINES, _LEADING = 2, 1.08
#: letters; more stand in no two lines
_LONGEST = 120
_WHITE = "#ffffff"
#: a title of which more letters than this would be "?" is left to the page
_UNREADABLE = 0.3


def draw_card(
    cars: Sequence[OnMap],
    title: str,
    line: str,
    signs: Sequence[Sign] = (),
    *,
    roads: World | None = None,
) -> bytes | None:
    """The card as PNG bytes; None where there is nothing to put on a map.

    line: what stands below the title, "" for nothing. signs: plates of several trips, in place of the
    cars' roundels.
    """
    sign = Title(title, line)
    shrunk = _DRAWN[0] / CARD_SIZE[0]
    covered = (sign.right * shrunk, sign.bottom * shrunk)
    view = whole_view(cars, (), *_DRAWN, above=round(covered[1]))
    if view is None:
        return None
    drawing = draw_map(
        cars,
        width=_DRAWN[0],
        height=_DRAWN[1],
        whole=view,
        reserved=covered,
        signs=signs,
        starts=not signs,
        roads=roads,
    )
    if drawing is None:
        return None
    image = paint(drawing, CARD_SIZE[0], "light")
    sign.paint(image)
    return saved(image, CARD_SIZE[0])


class Title:
    """A title's lines on a green plate, measured before the map is drawn around it."""

    def __init__(self, title: str, line: str) -> None:
        self.lines: list[str] = []
        # the face's middle dot has no width of its own: it stands in the blanks behind it
        self.line = drawable(line).replace(" · ", "  ·   ")
        words = drawable(" ".join(title.split())[:_LONGEST])
        if not words or words.count("?") - title.count("?") > _UNREADABLE * len(words):
            words = ""
        widest = CARD_SIZE[0] - 2 * (_OUT + _IN)
        for self.size in _TITLES:
            self.lines = _wrapped(words, face(self.size, 800), widest)
            if len(self.lines) <= _MOST_LINES:
                break
        else:
            self.lines = [*self.lines[: _MOST_LINES - 1], f"{self.lines[_MOST_LINES - 1]} …"]
        spans = [face(self.size, 800).getlength(row) for row in self.lines]
        if self.line:
            spans.append(face(_LINE, 600).getlength(self.line))
        inner = len(self.lines) * self.size * _LEADING + (_LINE * 1.5 if self.line else 0)
        self.right = _OUT + 2 * _IN + min(max(spans), widest) if spans else 0.0
        self.bottom = _OUT + 2 * _IN + inner - 22 if spans else 0.0

    def paint(self, image: Image.Image) -> None:
        """Onto a card FINE times as large."""
        if not self.right:
            return
        pen = ImageDraw.Draw(image)
        box = [n * FINE for n in (_OUT, _OUT, self.right, self.bottom)]
        pen.rounded_rectangle(box, 20 * FINE, fill=SIGN)
        rim = [box[0] + 7 * FINE, box[1] + 7 * FINE, box[2] - 7 * FINE, box[3] - 7 * FINE]
        pen.rounded_rectangle(rim, 14 * FINE, outline=_WHITE, width=4 * FINE)
        x, y = (_OUT + _IN) * FINE, (_OUT + _IN - 4) * FINE
        for row in self.lines:
            # a capital is 0.7 of the size high
            at = (x, y + round(0.76 * self.size * FINE))
            pen.text(at, row, font=face(self.size * FINE, 800), fill=_WHITE, anchor="ls")
            y += round(_LEADING * self.size * FINE)
        if self.line:
            at = (x, y + _LINE * FINE)
            pen.text(at, self.line, font=face(_LINE * FINE, 600), fill=_WHITE, anchor="ls")


def _wrapped(
    words: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, most: float
) -> list[str]:
    """The words in lines of at most `most` pixels; a word longer than that is cut."""
    rows: list[str] = []
    for whole in words.split():
        fits = next((n for n in range(len(whole), 0, -1) if font.getlength(whole[:n]) <= most), 0)
        word = whole[:fits]
        if rows and font.getlength(f"{rows[-1]} {word}") <= most:
            rows[-1] = f"{rows[-1]} {word}"
        else:
            rows.append(word)
    return rows
