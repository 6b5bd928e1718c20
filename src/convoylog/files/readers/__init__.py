"""The kinds of files that can be added, told apart by what is in them, never by their ending.

A new kind is a module with `read(content, limits)`, raising only BadInput, and a line in READERS.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Literal, Protocol, cast

from convoylog.errors import BadInput
from convoylog.files.readers.limits import LIMITS, Limits

if TYPE_CHECKING:
    # columns need numpy, which who only recognises a file, or reads photos, need not wait for
    from convoylog.model.photos import Photograph
    from convoylog.model.tracks import Recording

Kind = Literal["track", "photo", "bundle", "entry"]

#: bytes from the start of a file that are enough to recognise it; a licence in an XML comment is
#: the longest thing seen before a root
HEAD = 8192


class Read(Protocol):
    """What a reader's function looks like. Raises BadInput."""

    def __call__(self, content: bytes, limits: Limits = ...) -> Recording | Photograph: ...


@dataclass(frozen=True, slots=True)
class Reader:
    """One line of the table.

    name: what the person is told it is. ending: of a stored copy.
    read: the values; raises BadInput.
    """

    name: str
    kind: Kind
    ending: str
    read: Read


# Each module is imported when first used: Pillow costs 40 ms that a folder of tracks need not pay


def _module(name: str) -> ModuleType:
    try:
        return import_module(f"convoylog.files.readers.{name}")
    except ModuleNotFoundError as error:
        raise BadInput("not read yet by this version") from error


def _track(module: str) -> Read:
    def read(content: bytes, limits: Limits = LIMITS) -> Recording:
        return cast("Recording", _module(module).read(content, limits))

    return read


def _photo(module: str) -> Read:
    def read(content: bytes, limits: Limits = LIMITS) -> Photograph:
        return cast("Photograph", _module(module).read(content, limits))

    return read


def _bundle(content: bytes, limits: Limits = LIMITS) -> Recording:  # noqa: ARG001
    raise BadInput("a zip: another driver's bundle is taken in with `convoylog merge`")


def _entry(content: bytes, limits: Limits = LIMITS) -> Recording:  # noqa: ARG001
    raise BadInput("a TOML file: entries belong into a car's `notes` folder")


READERS = {
    "gpx": Reader("a GPX recording", "track", ".gpx", _track("gpx")),
    "fit": Reader("a FIT recording", "track", ".fit", _track("fit")),
    "tcx": Reader("a TCX recording", "track", ".tcx", _track("tcx")),
    "kml": Reader("a KML document", "track", ".kml", _track("kml")),
    "kmz": Reader("a KMZ document", "track", ".kmz", _track("kmz")),
    "nmea": Reader("an NMEA recording", "track", ".nmea", _track("nmea")),
    "json": Reader("a JSON file", "track", ".json", _track("jsons")),
    "csv": Reader("a table of positions", "track", ".csv", _track("tables")),
    # the usual short ending: a name in a logbook has room for five letters
    "parquet": Reader("a GeoParquet table", "track", ".pq", _track("parquet")),
    "gzip": Reader("a gzip archive", "track", ".gz", _track("unpacking")),
    "bzip2": Reader("a bzip2 archive", "track", ".bz2", _track("unpacking")),
    "jpeg": Reader("a JPEG picture", "photo", ".jpg", _photo("photo")),
    "png": Reader("a PNG picture", "photo", ".png", _photo("photo")),
    "webp": Reader("a WebP picture", "photo", ".webp", _photo("photo")),
    "heif": Reader("heif", "photo", ".heic", _photo("heif")),
    "avif": Reader("avif", "photo", ".avif", _photo("heif")),
    "raw": Reader("a raw picture", "photo", ".raw", _photo("raw")),
    "video": Reader("a video", "photo", ".mp4", _photo("video")),
    "zip": Reader("a zip", "bundle", ".zip", _bundle),
    "toml": Reader("a TOML file", "entry", ".toml", _entry),
}

NOT_READ = "no track or photo that this version reads"

#: (place, bytes there) → a line of the table, or what the file is
_SIGNS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (8, b"WEBP", "webp"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (8, b".FIT", "fit"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"BZh", "bzip2"),
    (0, b"\xfd7zXZ\x00", "an xz archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (0, b"Rar!", "a RAR archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"GIF8", "a GIF picture"),
    (0, b"BM", "a BMP picture"),
    (0, b"II*\x00", "raw"),
    (0, b"MM\x00*", "raw"),
    (0, b"FUJIFILMCCD-RAW", "raw"),
    (0, b"IIRO", "raw"),
    (0, b"IIRS", "raw"),
    (0, b"MMOR", "raw"),
    (0, b"IIU\x00", "raw"),
    (0, b"\x1aE\xdf\xa3", "a Matroska video"),
    (0, b"SQLite format 3\x00", "a database"),
    (0, b"PAR1", "parquet"),
)
#: the brand in an ISO media file, the four bytes after "ftyp"
_BRANDS = {
    b"heic": "heif",
    b"heix": "heif",
    b"hevc": "heif",
    b"mif1": "heif",
    b"msf1": "heif",
    b"avif": "avif",
    b"crx ": "raw",
    b"qt  ": "video",
}
_ROOTS = {
    "gpx": "gpx",
    "kml": "kml",
    "trainingcenterdatabase": "tcx",
    "html": "an HTML page",
    "svg": "an SVG drawing",
    "osm": "an OpenStreetMap extract",
    "loc": "a LOC file",
}

_ARCHIVES = {"an xz archive", "a 7-Zip archive", "a RAR archive", "a tar archive"}
#: never a recording or a photo
_NEVER = {"an HTML page", "a PDF document", "a database", "an XML document", "an SVG drawing"}

_BEFORE_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ROOT = re.compile(r"<(?:!DOCTYPE\s+)?(?:[\w.-]{1,64}:)?([\w.-]{1,64})[\s/>\[]", re.IGNORECASE)
#: a position sentence at the start of a line, perhaps behind a time stamp of the logger
_NMEA = re.compile(r"^[^$\n]{0,40}\$[A-Z]{2}(?:RMC|GGA|GLL|GNS),", re.MULTILINE)
#: a line of column names of which one is a latitude
_TABLE = re.compile(r"(?:^|[,;\t|])\W?\s*(?:[a-z]+[ _.])?(?:lat|breite)", re.IGNORECASE)
#: and one a longitude, which titles and remarks above such a line have not both
_TABLE_LON = re.compile(r"[,;\t|]\W?\s*(?:[a-z]+[ _.])?(?:lon|lng|l(?:ä|ae)nge)", re.IGNORECASE)
#: lines before the line of names: as the reader of tables looks
_MOST_BEFORE = 40
#: a message as OwnTracks' recorder keeps it, behind its time and topic
_RECORDED = re.compile(r"^\d{4}-\d\d-\d\dT[^\s{]{1,30}\t[^\t\n]{0,200}\t\{", re.MULTILINE)
#: the length of a member's name, in a zip before the member and in the list at its end
_ZIPPED = re.compile(rb"PK(?:\x03\x04.{22}(..)|\x01\x02.{24}(..))", re.DOTALL)
#: bytes at the end of a zip that hold the list of a KMZ's members
_LIST = 2**16
_TOML = re.compile(r"(?:format|id|kind|at|car|title|text) *=")


def recognise(head: bytes, name: str = "") -> Reader | None:
    """The line of the table for a file that starts with `head`, HEAD bytes or all there are.

    name: as the person knows it; it does not decide, content does.
    """
    del name
    return READERS.get(_what(head))


def reader_for(head: bytes, name: str = "") -> Reader:
    """As `recognise`, but raises BadInput that says what the file is instead."""
    del name
    what = _what(head)
    if what in READERS:
        return READERS[what]
    if not head:
        raise BadInput("the file is empty")
    if not what:
        raise BadInput(NOT_READ)
    if what in _ARCHIVES:
        raise BadInput(f"{what}: unpack it first")
    raise BadInput(f"{what}: " + (NOT_READ if what in _NEVER else "not read yet by this version"))


def _what(head: bytes) -> str:
    """A key of READERS, what the file is in plain words, or "" if it is nothing we know."""
    whole, head = head, head[:HEAD]
    for place, sign, what in _SIGNS:
        if head.startswith(sign, place) and not (what == "webp" and head[:4] != b"RIFF"):
            return "kmz" if what == "zip" and _is_kmz(whole) else what
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video")
    return _what_text(_as_text(head))


def _is_kmz(zipped: bytes) -> bool:
    """A zip with `doc.kml`, or with one KML at its root and besides it only folders and icons.

    Seen are the names of members in the head and, if all of the zip is there, in its list. Other
    zips with a KML are folders of files that somebody packed.
    """
    if zipped.startswith(b"doc.kml", 30):
        return True
    seen: set[bytes] = set()
    listed: set[bytes] = set()
    for found in _ZIPPED.finditer(zipped[:HEAD] + zipped[HEAD:][-_LIST:]):
        size = int.from_bytes(found[1] or found[2], "little")
        start = found.end() + (16 if found[2] else 2)
        (listed if found[2] else seen).add(found.string[start : start + size].lower())
    root = {name for name in listed if b"/" not in name and not name.endswith((b".png", b".gif"))}
    only = len(root) == 1 and root.pop().endswith(b".kml")
    return only or b"doc.kml" in seen | listed


def _as_text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return head[: len(head) // 4 * 4].decode("utf-32", "replace")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    if head.startswith(b"<\x00"):
        return head[: len(head) // 2 * 2].decode("utf-16-le", "replace")
    if head.startswith(b"\x00<"):
        return head[: len(head) // 2 * 2].decode("utf-16-be", "replace")
    return head.decode("utf-8-sig", "replace")


def _what_text(text: str) -> str:
    at = 0
    while match := _BEFORE_ROOT.match(text, at):
        at = match.end()
    if text.startswith("<", at) or (at == len(text) and "<" in text):
        root = _ROOT.match(text, at)
        # a root behind the head, or broken: the reader of recordings says what is wrong with it
        return "gpx" if root is None else _ROOTS.get(root[1].lower(), "an XML document")
    if text.startswith(("{", "["), at) and not text.startswith("[["):
        return "json"
    if _NMEA.search(text):
        return "nmea"
    if _RECORDED.match(text):
        return "json"
    lines = [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ][:_MOST_BEFORE]
    if lines and _TOML.match(lines[0]):
        return "toml"
    if lines and _TABLE.search(lines[0]):
        return "csv"
    return "csv" if any(_TABLE.search(line) and _TABLE_LON.search(line) for line in lines) else ""
