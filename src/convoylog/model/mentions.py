"""Cars that a text speaks to: `@pepper`, `@44`, `@The Sofa`, `@the-sofa`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convoylog.model.logbook import Car

#: no mail address, no path of a web address, no second sign
_BEGIN = re.compile(r"(?<![\w@/.+-])@(?=[^\s@])")
#: looked at in one text; a note that mentions more is no note
_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Mention:
    """Letters from begin to end of a text, the sign included, and the id of the car they name."""

    begin: int
    end: int
    car: str


def caller(cars: Iterable[Car]) -> Callable[[str], tuple[Mention, ...]]:
    """What finds the cars a text speaks to, by name, number or folder, in any case.

    The longest that fits counts, and only whole words. What several cars are called names none.
    """
    known: dict[str, set[str]] = {}
    for car in cars:
        for word in (car.name, *car.called, car.folder, car.number):
            if folded := _fold(word):
                known.setdefault(folded, set()).add(car.id)
    table = {word: next(iter(ids)) for word, ids in known.items() if len(ids) == 1}
    # a word two cars share must not give way to a shorter one that means another
    lengths = sorted({len(word) for word in known}, reverse=True)

    def find(text: str) -> tuple[Mention, ...]:
        if "@" not in text:
            return ()
        found = []
        for n, sign in enumerate(_BEGIN.finditer(text)):
            if n >= _MOST:
                break
            begin = sign.end()
            for length in lengths:
                # names may come in composed letters or not, so the text may be longer
                end = _end_of(text, begin, length)
                word = _fold(text[begin:end])
                if len(word) == length and word in known and _is_whole(text, end):
                    if word in table:
                        found.append(Mention(sign.start(), end, table[word]))
                    break
        return tuple(found)

    return find


def _fold(text: str) -> str:
    """As names are compared: composed, without case, any white space alike."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _end_of(text: str, begin: int, length: int) -> int:
    """Where `length` letters after `begin` end; marks on a letter belong to it."""
    end = begin
    while end < len(text) and length:
        end += 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        length -= 1
    return end


def _is_whole(text: str, end: int) -> bool:
    """Whether a word ends here: `@44` is not in `@445`, `@ben` not in `@benny`."""
    return end >= len(text) or not (text[end].isalnum() or text[end] == "_")


#: stand around a mention while a renderer turns a text into its own; foreign ones become U+FFFD
OPEN, CLOSE = "\ue000", "\ue001"
_FOREIGN = str.maketrans({OPEN: "\ufffd", CLOSE: "\ufffd"})


def marked(text: str, mentions: Iterable[Mention]) -> str:
    """The text with OPEN before and CLOSE behind each mention, for a renderer to replace."""
    plain = text.translate(_FOREIGN)
    parts, at = [], 0
    for mention in mentions:
        parts += [plain[at : mention.begin], OPEN, plain[mention.begin : mention.end], CLOSE]
        at = mention.end
    return "".join([*parts, plain[at:]])
