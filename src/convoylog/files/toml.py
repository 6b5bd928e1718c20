"""Entries as text: TOML under a seal.

A version's hash is the SHA-256 of its text above the seal line, in UTF-8 with LF line ends and
without byte order mark, so a tool that changes line ends does not make another version.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, cast

import tomli
import tomli_w

from convoylog.errors import BadInput
from convoylog.files import layout
from convoylog.model.versions import BOOKKEEPING, Seal, Version

#: bytes of one entry: a long evening's note is 10 KiB
LARGEST = 64 * 1024
#: parts of a dotted key: nobody writes more, and 32 KiB of dots can cost a parser a gigabyte
#: (tomli#298, cpython#149231). Words of a note are looked at too: 100 sentences of one word pass
MOST_DOTS = 128

_SEAL = re.compile(r"(?:\A|(?<=\n))# seal ([0-9a-f]{64})\n?\Z")
# from the beginning of a word and never back into it: else 60,000 letters in a row take half a
# minute
_DOTS = re.compile(rf"(?<![\w\"'-])(?:[\w\"'-]++\s*+\.\s*+){{{MOST_DOTS}}}")
#: letters of a line that cannot be read, shown to say which it is
_SHOWN = 60
_CONFLICT = re.compile(r"^(?:<{7} |={7}$|>{7} )", re.MULTILINE)

#: keys in the order a person reads them; what is not here follows, tables last
_ORDER = ("format", "id", "kind", "car", "at", "until", "title", "name", "text")


def plain_text(content: bytes) -> str:
    """The text of a file as hashes see it. Raises BadInput if it isn't UTF-8 or is too large."""
    if len(content) > LARGEST:
        raise BadInput(f"larger than {LARGEST // 1024} KiB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"not UTF-8 text at byte {error.start}") from None
    return text.replace("\r\n", "\n")


def hash_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def split_seal(text: str) -> tuple[str, str]:
    """(text above the seal line, seal); the seal is "" where there is none."""
    match = _SEAL.search(text)
    return (text[: match.start()], match[1]) if match else (text, "")


def sealed(body: str) -> str:
    """The body with its seal as last line."""
    if not body.endswith("\n"):
        body += "\n"
    return f"{body}# seal {hash_text(body)}\n"


def parse(text: str) -> dict[str, object]:
    """TOML of unknown origin. Raises BadInput with the line, as a person counts it."""
    if not text.strip("\x00 \t\n"):
        raise BadInput("empty")
    if _CONFLICT.search(text):
        line = text[: cast("re.Match[str]", _CONFLICT.search(text)).start()].count("\n") + 1
        raise BadInput("two versions joined by git (conflict markers)", line)
    if _DOTS.search(text):
        raise BadInput(f"a key of more than {MOST_DOTS} parts")
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise _told(error, text) from None
    except (RecursionError, ValueError, OverflowError) as error:
        raise BadInput(f"cannot be read: {type(error).__name__}") from None


def _told(error: tomli.TOMLDecodeError, text: str) -> BadInput:
    """The parser's words, its line, and what stands there."""
    match = re.search(r"^(.*) \(at line (\d+), column (\d+)\)$", str(error), re.DOTALL)
    if match is None:
        return BadInput(str(error).splitlines()[0])
    line = int(match[2])
    there = text.split("\n")[line - 1].strip()
    shown = there if len(there) <= _SHOWN else f"{there[:_SHOWN]}…"
    return BadInput(
        f"{match[1][0].lower()}{match[1][1:]}" + (f": `{shown}`" if shown else ""), line
    )


def read_version(content: bytes, *, id_hint: str = "") -> Version:
    """One version from a file's bytes.

    id_hint: the id where the file has none (car.toml and logbook.toml of a hand).
    Raises BadInput. Types are checked at the door (`files/door.py`), not here.
    """
    text = plain_text(content)
    body, seal = split_seal(text)
    table = parse(text)
    state: Seal = "unsealed"
    if seal:
        state = "sealed" if hash_text(body) == seal else "edited"
    version_hash = seal if state == "sealed" else hash_text(text)
    at = table.get("at")
    entry_id = table.get("id") or id_hint
    if entry_id and not (isinstance(entry_id, str) and layout.is_id(entry_id)):
        raise BadInput(f"`id` is not one of ours: {str(entry_id)[:60]!r}")
    if not entry_id:
        entry_id = layout.id_from(text.encode(), at if isinstance(at, datetime) else None)
    made_from = table.get("made_from", [])
    if not _hashes(made_from):
        raise BadInput("`made_from` is not a list of hashes")
    number = table.get("format", layout.FORMAT)
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise BadInput("`format` is not a number")
    return Version(
        id=cast("str", entry_id),
        hash=version_hash,
        made_from=(seal,) if state == "edited" else tuple(cast("list[str]", made_from)),
        fields={key: value for key, value in table.items() if key not in BOOKKEEPING},
        text=text,
        deleted=table.get("deleted") is True,
        undecided=_undecided(table.get("undecided", [])),
        seal=state,
        format=number,
    )


def _hashes(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(h, str) and layout.HASH.fullmatch(h) for h in value
    )


def _undecided(value: object) -> dict[str, tuple[object, ...]]:
    if not isinstance(value, list):
        return {}
    result: dict[str, tuple[object, ...]] = {}
    for row in value:
        if isinstance(row, dict) and isinstance(row.get("field"), str):
            name = row["field"]
            result[name] = (*result.get(name, ()), *([row["value"]] if "value" in row else []))
    return result


def write_version(
    fields: Mapping[str, object],
    *,
    entry_id: str,
    made_from: tuple[str, ...] = (),
    deleted: bool = False,
    undecided: tuple[tuple[str, object], ...] = (),
) -> Version:
    """A new sealed version from values, parsed back and compared before it is returned.

    undecided: (field, value) pairs; a value of None stands for "absent there".
    Raises BadInput for a value TOML cannot hold.
    """
    table: dict[str, object] = {"format": layout.FORMAT, "id": entry_id}
    rest = {key: value for key, value in fields.items() if key not in BOOKKEEPING}
    for key in _ORDER:
        if key in rest:
            table[key] = _plain(rest.pop(key))
    for key, value in sorted(rest.items(), key=lambda pair: isinstance(pair[1], Mapping)):
        if not isinstance(value, Mapping):
            table[key] = _plain(value)
    if deleted:
        table["deleted"] = True
    if made_from:
        table["made_from"] = list(made_from)
    for key, value in rest.items():
        if isinstance(value, Mapping):
            table[key] = _plain(value)
    if undecided:
        table["undecided"] = [
            {"field": name} if value is None else {"field": name, "value": _plain(value)}
            for name, value in undecided
        ]
    return _sealed_version(table)


def _sealed_version(table: dict[str, object]) -> Version:
    for multiline in (True, False):
        # multi-line strings are kinder to people, but not every text survives them
        text = sealed(tomli_w.dumps(table, multiline_strings=multiline))
        if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
            raise BadInput(f"longer than {LARGEST // 1024} KiB")
        try:
            # \r is kept only by the escaped form
            if tomli.loads(text) == table and "\r" not in text:
                return read_version(text.encode())
        except (tomli.TOMLDecodeError, UnicodeEncodeError):
            continue
    raise BadInput("a text that TOML cannot hold")


def _plain(value: object) -> object:
    """Values as TOML has them: lists for tuples, tables for mappings, no control surprises."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, str):
        return value.replace("\r\n", "\n").encode("utf-8", "replace").decode()
    if isinstance(value, bool | int | float | datetime | date | time):
        return value
    raise BadInput(f"a value of type {type(value).__name__}")


def reseal(
    text: str, *, made_from: tuple[str, ...], add: Mapping[str, object] | None = None
) -> Version:
    """A version from text that a hand wrote or edited: every other byte of it stays.

    add: keys to put where they are missing (id, car, kind). Raises BadInput.
    """
    before = parse(split_seal(text)[0])
    missing = {key: value for key, value in (add or {}).items() if key not in before}
    return rewrite(text, missing, made_from=made_from)


def rewrite(text: str, changes: Mapping[str, object], *, made_from: tuple[str, ...]) -> Version:
    """The sealed version of a text with some keys changed; comments, order, all else stays.

    changes: key → value; an empty string or list takes the key out. Raises BadInput.
    """
    import tomlkit  # keeps comments, order and unknown keys; slow, so only here
    from tomlkit.exceptions import TOMLKitError

    body, _ = split_seal(text)
    before = parse(body)
    wanted = {key: _plain(value) for key, value in changes.items()}
    wanted["made_from"] = list(made_from)
    after = {key: value for key, value in {**before, **wanted}.items() if value not in ("", [])}
    # what an edit over several versions left open is open no more, or passes on to its parents
    if after != before:
        try:
            document = tomlkit.parse(body)
            for key, value in wanted.items():
                if key not in after:
                    if key in document:
                        document.remove(key)
                elif key not in document:
                    _insert(document, key, value)
                elif before[key] != value:
                    _set(document, key, before[key], value)
            body = tomlkit.dumps(document)
        except (TOMLKitError, ValueError, RecursionError) as error:
            raise BadInput(f"cannot be rewritten: {type(error).__name__}") from None
    result = read_version(sealed(body).encode())
    if parse(split_seal(result.text)[0]) != after:
        raise BadInput("cannot be rewritten without changing it")
    return result


def _set(table: Any, key: str, before: object, value: object) -> None:
    """Change a key; of a table only what differs, so that its other keys keep their comments."""
    if not (isinstance(before, Mapping) and isinstance(value, Mapping) and value):
        table[key] = _item(value)
        return
    inner = table[key]
    for name in [name for name in before if name not in value]:
        inner.remove(name)
    for name, part in value.items():
        if name not in before:
            inner.append(name, _item(part))
        elif before[name] != part:
            _set(inner, name, before[name], part)


def _item(value: object) -> Any:
    """A value as tomlkit writes it; long texts over several lines, as people read them."""
    import tomlkit

    if isinstance(value, str) and "\n" in value and "\r" not in value:
        return tomlkit.string(value, multiline=True)
    return tomlkit.item(value)


def _insert(document: object, key: str, value: object) -> None:
    """Put a new key before the first table, where it belongs to the entry itself."""
    import tomlkit
    from tomlkit.items import AoT, Table

    doc = cast("tomlkit.TOMLDocument", document)
    tables = [name for name, held in doc.items() if isinstance(held, Table | AoT)]
    kept = [(name, doc[name]) for name in tables]
    for name in tables:
        doc.remove(name)
    doc.add(key, _item(value))
    for name, held in kept:
        doc.add(name, held)
