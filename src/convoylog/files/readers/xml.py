"""What every XML reader shares: caps, feeding expat in pieces, encodings, and careful numbers.

Nothing is fetched, no entity is expanded: a document that declares any is refused at once.
"""

from __future__ import annotations

import codecs
import math
from collections.abc import Callable, Iterator
from xml.parsers import expat

from convoylog.errors import BadInput

#: one name or description. Longer is no text for people, and 1,000 of these fit the file cap
MAX_TEXT = 64 * 2**10
#: GPX itself needs 6 levels, extensions rarely 10
MAX_DEPTH = 64
#: one tag, comment or attribute: expat holds it whole
MAX_TOKEN = 4 * 2**20
#: different names of elements and attributes, of which expat and Python keep each one for good;
#: the most met, with 3,000 needless namespaces, are 3,020
MAX_NAMES = 50_000
#: fed at once: large, since old expats look again at an unfinished tag with every piece
_PIECE = 2**20

_BLANKS = b" \t\r\n"

_CUT = {
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
}


def new_parser(content: bytes) -> expat.XMLParserType:
    """A parser for this content that refuses DOCTYPE and entities. Raises BadInput."""
    if not content.strip(b"\x00 \t\r\n"):
        raise BadInput("the file is empty" if not content else "the file holds nothing but blanks")
    # namespaces are not asked for: 3,000 of them then cost nothing
    parser = expat.ParserCreate("utf-8" if _wide(content) else None)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    return parser


def feed(parser: expat.XMLParserType, content: bytes) -> Iterator[None]:
    """Feeds everything, stopping after each piece so that the caller can look at what came.

    Raises BadInput, and expat.ExpatError where the document is cut or broken.
    """
    given = 0
    try:
        for piece in _pieces(content):
            parser.Parse(piece, False)
            given += len(piece)
            if given - max(parser.CurrentByteIndex, 0) > MAX_TOKEN + _PIECE:
                raise BadInput(f"a single tag of over {MAX_TOKEN // 2**20} MiB")
            if len(parser.intern) > MAX_NAMES:
                raise BadInput(f"more than {MAX_NAMES:,} different names of elements")
            yield
        parser.Parse(b"", True)
    except (UnicodeError, LookupError, ValueError) as error:
        # LookupError: a declared encoding that Python does not know
        raise BadInput("its text is not in the encoding it says") from error


class Passing:
    """Handlers for an element that is passed over with everything below it.

    count: called with the name of each of these elements. back: called behind the end of the first,
    to set the parser's handlers as they were.
    """

    def __init__(
        self, parser: expat.XMLParserType, count: Callable[[str], None], back: Callable[[], None]
    ) -> None:
        self._parser, self._count, self._back = parser, count, back
        self._above = self._levels = 0

    def over(self, name: str, above: int) -> None:
        """Pass over the element that has just begun. above: how many levels there are above it."""
        self._above, self._levels = above, 0
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = None
        self._start(name, {})

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._count(name)
        self._levels += 1
        if self._levels + self._above > MAX_DEPTH:
            raise BadInput(f"nested deeper than {MAX_DEPTH} levels")

    def _end(self, _name: str) -> None:
        self._levels -= 1
        if not self._levels:
            self._back()


def lines_before(content: bytes) -> int:
    """Line ends in the blanks that are not fed, to be added to the parser's line numbers."""
    return 0 if _wide(content) else content[: blanks_before(content)].count(b"\n")


def blanks_before(content: bytes) -> int:
    """Bytes of blanks that are not fed: before a declaration they are an error to expat."""
    return len(content) - len(content.lstrip(_BLANKS))


def fault(error: expat.ExpatError, parser: expat.XMLParserType, content: bytes) -> str:
    """What is wrong with the document at the place of the error, in a few words."""
    if error.code in _CUT:
        return "cut off"
    at = blanks_before(content) + parser.ErrorByteIndex
    if not _wide(content) and content[at : at + 1] >= b"\x80":
        return "text in another encoding than the file says"
    return "broken XML"


def number(text: str) -> float:
    """As float() reads it, but ASCII digits only; NaN if it is no number.

    float() takes other scripts' digits and "1_0" as well, which no writer of GPX means.
    """
    if text.isascii() and "_" not in text:
        try:
            return float(text)
        except ValueError:
            pass
    return math.nan


def _refuse_doctype(*_: object) -> None:
    raise BadInput("it declares a document type or entities, which no recording needs")


def _wide(content: bytes) -> str:
    """The codec of UTF-16 and UTF-32, which writers declare wrongly; "" for all others."""
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if content.startswith(b"<\x00"):
        return "utf-16-le"
    if content.startswith(b"\x00<"):
        return "utf-16-be"
    return ""


def _pieces(content: bytes) -> Iterator[bytes]:
    """The content in UTF-8 if it was wide, else as it is, less blanks before and zeros behind."""
    wide = _wide(content)
    view = memoryview(content)
    if wide:
        decoder = codecs.getincrementaldecoder(wide)()
        for at in range(0, len(view), _PIECE):
            yield decoder.decode(view[at : at + _PIECE]).encode()
        yield decoder.decode(b"", True).encode()
        return
    # blanks before the declaration are an error to expat, and harmless
    start = blanks_before(content)
    # a card that was pulled leaves zeros behind the end
    end = len(content.rstrip(b"\x00"))
    for at in range(start, end, _PIECE):
        yield bytes(view[at : min(at + _PIECE, end)])
