"""Where things live in a logbook, and what they are called.

Names are for people: a listing sorts by time. What a file is, its content says.
Paths are relative to the logbook, with slashes.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

LOGBOOK = "logbook.toml"
CARS = "cars"
OURS = ".convoylog"
LOCK = f"{OURS}/lock"
RECEIPTS = f"{OURS}/receipts"
VERSIONS = f"{OURS}/versions"
TRASH = f"{OURS}/trash"

#: how our temporary files begin: hidden, and passed over by whoever lists entries
TEMPORARY = ".convoylog-"

FORMAT = 1

#: what other programs should not carry from one laptop to another, or change
KEEP_OUT = {
    ".gitignore": "reports/\n.convoylog/lock\n.convoylog/cache/\n.convoylog/trash/\n",
    ".stignore": "/reports\n/.convoylog/lock\n/.convoylog/cache\n/.convoylog/trash\n",
    ".gitattributes": "* -text\n",
}


# Crockford's base 32: no letter that is taken for another when read aloud or typed
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

ID = re.compile(r"[0-9]{8}t[0-9]{6}z-[0-9a-hjkmnp-tv-z]{10}")
HASH = re.compile(r"[0-9a-f]{64}")
_MEDIA = re.compile(r"([0-9]{8}t[0-9]{6}z|undated)-([0-9a-f]{8,64})\.([a-z0-9]{1,5})")
_RENDITION = re.compile(r"(?:[0-9]{8}t[0-9]{6}z|undated)-[0-9a-f]{8,64}-from-[a-z0-9]{1,5}\.gpx")
_FOLDER = re.compile(r"[0-9a-z](?:[0-9a-z-]{0,62}[0-9a-z])?")
# names Windows keeps for devices, whatever the ending
DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}
)


def _letters(content: bytes) -> str:
    number = int.from_bytes(content[:8], "big")
    return "".join(_ALPHABET[(number >> (5 * i)) & 31] for i in range(10))


def stamp(at: datetime) -> str:
    """`20270503t101500z`: the second in UTC, as names and ids begin."""
    return at.astimezone(UTC).strftime("%Y%m%dt%H%M%Sz").zfill(16)


def new_id(at: datetime) -> str:
    """A fresh id for something that happened at `at`. Order is time, then chance."""
    return f"{stamp(at)}-{_letters(secrets.token_bytes(8))}"


def id_from(content: bytes, at: datetime | None) -> str:
    """The id of a file a hand wrote without one: the same content gets the same id everywhere."""
    prefix = stamp(at) if at is not None and at.tzinfo else "19700101t000000z"
    return f"{prefix}-{_letters(hashlib.sha256(content).digest())}"


def is_id(text: str) -> bool:
    return ID.fullmatch(text) is not None


def slug(text: str, longest: int = 40) -> str:
    """Lower-case ASCII words joined by hyphens, "" if nothing is left of the text."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^0-9a-z]+", "-", plain.lower()).strip("-")
    return words[:longest].strip("-")


def car_folder(name: str, number: str = "") -> str:
    """The folder a new car would like: `44-anna`."""
    wanted = slug(f"{number} {name}") or "car"
    return f"car-{wanted}" if wanted in DEVICES else wanted


def is_folder(text: str) -> bool:
    return _FOLDER.fullmatch(text) is not None and text not in DEVICES


def folders(wanted: Mapping[str, str]) -> dict[str, str]:
    """Car id → folder, for all cars of a logbook.

    wanted: car id → folder its car.toml names. Cars that want the same folder all get the random
    part of their id behind it, so that the tree does not depend on who merged with whom.
    """
    result = {}
    for car, folder in wanted.items():
        base = folder if is_folder(folder) else "car"
        rivals = [c for c, f in wanted.items() if (f if is_folder(f) else "car") == base]
        result[car] = f"{base[:48]}-{car[-10:]}" if len(rivals) > 1 else base
    # a name made longer could be one that somebody wanted: then every car says its id
    if len(set(result.values())) < len(result):
        result = {car: f"{folder[:40]}-{car[-10:]}" for car, folder in result.items()}
    return result


def media_prefix(at: datetime | None) -> str:
    """`20270503t101512z`, or `undated`: how a photo's or track's name begins."""
    return stamp(at) if at is not None else "undated"


def read_media_name(name: str) -> tuple[str, str, str] | None:
    """(prefix, start of the SHA-256, ending) of a name we gave, else None."""
    match = _MEDIA.fullmatch(name)
    return (match[1], match[2], match[3]) if match else None


def rendition_name(original: str) -> str:
    """The name of the GPX rendition of an original: `20270503t101512z-9be0417d-from-fit.gpx`."""
    stem, _, ending = original.rpartition(".")
    # 33 digits of a SHA-256 that had to be written out are as good as 46
    return f"{stem[:50]}-from-{ending}.gpx"


def is_rendition(name: str) -> bool:
    """True for a file that was made from an original beside it, and can be made again."""
    return _RENDITION.fullmatch(name) is not None


def media_names(claims: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """SHA-256 → file name, for all photos or all tracks of one car.

    claims: (prefix, SHA-256, ending) as found, in any order; the same photo may come under two
    prefixes, of which the smaller (a time before "undated") counts. Eight digits of the SHA-256
    are enough unless two files of one second share them; then both get all 64.
    """
    best: dict[str, tuple[str, str]] = {}
    for prefix, sha, ending in claims:
        best[sha] = min(best.get(sha, (prefix, ending)), (prefix, ending))
    short: dict[tuple[str, str], int] = {}
    for sha, (prefix, _) in best.items():
        short[prefix, sha[:8]] = short.get((prefix, sha[:8]), 0) + 1
    # 16 + 1 + 46 characters: a whole SHA-256 would pass the length of our names
    return {
        sha: f"{prefix}-{sha[: 8 if short[prefix, sha[:8]] == 1 else 46]}.{ending}"
        for sha, (prefix, ending) in best.items()
    }


def entry_folder(kind: str) -> str:
    return "legs" if kind == "leg" else "notes"


def entry_path(folder: str, kind: str, entry_id: str, short_hash: str = "") -> str:
    """Path of an entry. With several live versions each name carries eight digits of its hash."""
    tail = f"-{short_hash[:8]}" if short_hash else ""
    if kind == "logbook":
        return f"logbook{tail}.toml"
    if kind == "car":
        return f"{CARS}/{folder}/car{tail}.toml"
    return f"{CARS}/{folder}/{entry_folder(kind)}/{entry_id}{tail}.toml"


def version_path(entry_id: str, version_hash: str) -> str:
    return f"{VERSIONS}/{entry_id}/{version_hash}.toml"
