"""One state of an entry, and what all states of it together say.

Everything here is a pure function of a *set* of versions: no clock, no order of arrival, no file
name decides. That is what makes merging commutative, associative and repeatable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from convoylog.model.logbook import Disputed
from convoylog.model.phrase import Phrase

Seal = Literal["sealed", "edited", "unsealed"]

#: keys that tell about the version itself and are never merged as fields
BOOKKEEPING = frozenset({"format", "id", "made_from", "undecided", "deleted"})
#: lists merged word by word: an addition and a removal made apart both count
WORDS = frozenset({"tags", "photos"})

AFTER_DELETION = Phrase("edited elsewhere after deletion")
MAY_BE_CUT = Phrase("has no seal: the file may be cut")


@dataclass(frozen=True, slots=True)
class Version:
    """One state of an entry.

    hash: SHA-256 in hex of the text above the seal line (of the whole text without one).
    made_from: the hashes of the versions it was edited from.
    fields: every key but the bookkeeping ones. deleted: a tombstone.
    undecided: field → the values it left undecided, absent values left out.
    seal: sealed (text as we wrote it), edited (by hand, after the version in made_from), unsealed.
    text: the whole file, LF line ends, no byte order mark.
    format: the number the file states.
    """

    id: str
    hash: str
    made_from: tuple[str, ...]
    # the text says all of it, so equality and hash need not look inside
    fields: Mapping[str, object] = field(compare=False)
    text: str
    deleted: bool = False
    undecided: Mapping[str, tuple[object, ...]] = field(default_factory=dict, compare=False)
    seal: Seal = "sealed"
    format: int = 1

    @property
    def kind(self) -> str:
        return str(self.fields.get("kind", ""))

    @property
    def car(self) -> str:
        return str(self.fields.get("car", ""))


@dataclass(frozen=True, slots=True)
class View:
    """What the live versions of one entry say together.

    live: sorted by hash; tombstones only if nothing else is live. fields: settled values; for a
    disputed field the value of the first live version that has it. deleted: nothing but
    tombstones is live.
    """

    id: str
    live: tuple[Version, ...]
    fields: Mapping[str, object]
    disputed: tuple[Disputed, ...]
    unsure: tuple[str, ...]
    deleted: bool


def _parents(version: Version, known: Mapping[str, Version]) -> list[str]:
    """Hashes of the versions at hand that this one supersedes. Unsealed text supersedes nothing."""
    if version.seal == "unsealed":
        return []
    return [h for h in version.made_from if h in known and h != version.hash]


def _ancestors(known: Mapping[str, Version]) -> dict[str, frozenset[str]]:
    """Version → all versions it was made from, directly or not. A hostile ring ends by itself."""
    found: dict[str, frozenset[str]] = {}
    for start in known:
        seen: set[str] = set()
        waiting = _parents(known[start], known)
        while waiting:
            parent = waiting.pop()
            if parent not in seen:
                seen.add(parent)
                waiting.extend(_parents(known[parent], known))
        found[start] = frozenset(seen)
    return found


def ancestors(versions: Iterable[Version]) -> dict[str, frozenset[str]]:
    """Hash of a version → the hashes of all versions it was made from, directly or not."""
    return _ancestors({version.hash: version for version in versions})


def heads(versions: Iterable[Version]) -> tuple[Version, ...]:
    """The versions that nothing supersedes, sorted by hash. Of a ring, every member."""
    known = {version.hash: version for version in versions}
    above = _ancestors(known)
    beaten = {
        old for new, olds in above.items() for old in olds if new not in above[old]
    }  # in a ring both are ancestors of each other, and neither beats the other
    return tuple(known[h] for h in sorted(known) if h not in beaten)


def view(versions: Iterable[Version]) -> View:
    """What a set of versions of one entry says. Raises ValueError for an empty set."""
    known = {version.hash: version for version in versions}
    if not known:
        raise ValueError("an entry without versions")
    if len(known) == 1:
        return _alone(next(iter(known.values())))
    return _together(known)


def _together(known: Mapping[str, Version]) -> View:
    top = heads(known.values())
    alive = tuple(version for version in top if not version.deleted)
    unsure = []
    if alive and len(alive) < len(top):
        unsure.append(AFTER_DELETION)
    if any(version.seal == "unsealed" for version in alive) and len(alive) > 1:
        unsure.append(MAY_BE_CUT)
    live = alive or top
    above = _ancestors(known)
    settled: dict[str, object] = {}
    disputed = []
    for name in _in_order(live):
        if name in WORDS:
            words = _merged_words(name, live, known, above)
            if words:
                settled[name] = words
            continue
        values = _values(name, live, known, above)
        present = [value for _, value in values if value is not None]
        if present:
            settled[name] = present[0]
        if len(values) > 1:
            disputed.append(Disputed(name, values))
    entry_id = live[0].id
    return View(entry_id, live, settled, tuple(disputed), tuple(unsure), deleted=not alive)


def _alone(version: Version) -> View:
    """What one version says by itself, as most do: everything that it does not leave undecided."""
    if version.undecided or any(not isinstance(version.fields.get(n, []), list) for n in WORDS):
        return _together({version.hash: version})
    fields = {
        name: _words(value) if name in WORDS else value for name, value in version.fields.items()
    }
    kept = {name: value for name, value in fields.items() if name not in WORDS or value}
    return View(version.id, (version,), kept, (), (), deleted=version.deleted)


def _words(given: object) -> list[object]:
    return list(dict.fromkeys(w for w in _as_list(given) if isinstance(w, str)))


def _in_order(live: tuple[Version, ...]) -> list[str]:
    """Every field of the live versions, in the order the files give them."""
    return list(dict.fromkeys(name for version in live for name in version.fields))


class _Absent:
    """Stands for a field a version does not have, told from every value TOML can hold."""


_ABSENT = _Absent()


def _origins(
    name: str, versions: tuple[Version, ...], known: Mapping[str, Version], word: object = _ABSENT
) -> set[str]:
    """The versions that last gave the field its value in each of `versions`.

    A version that changed nothing against its parents passes the question on to them; so does a
    version that left the field undecided. One whose ancestors are not at hand answers itself.
    With `word`, the question is whether the list holds that word.
    """

    def value(version: Version) -> object:
        given = version.fields.get(name, _ABSENT)
        if word is _ABSENT:
            return given
        return word in given if isinstance(given, list | tuple) else False

    origins: set[str] = set()
    seen: set[str] = set()
    waiting = [version.hash for version in versions]
    while waiting:
        current = known[waiting.pop()]
        if current.hash in seen:
            continue
        seen.add(current.hash)
        parents = _parents(current, known)
        complete = len(parents) == len(set(current.made_from)) and parents
        left_open = name in current.undecided
        same = all(_same(value(known[parent]), value(current)) for parent in parents)
        if complete and (left_open or same):
            waiting.extend(parents)
        else:
            origins.add(current.hash)
    return origins


def _same(a: object, b: object) -> bool:
    # True == 1 in Python, but not in a file
    return type(a) is type(b) and a == b


def _unbeaten(origins: set[str], above: Mapping[str, frozenset[str]]) -> list[str]:
    return sorted(
        h for h in origins if not any(h in above[o] and o not in above[h] for o in origins)
    )


def _values(
    name: str,
    live: tuple[Version, ...],
    known: Mapping[str, Version],
    above: Mapping[str, frozenset[str]],
) -> tuple[tuple[str, object], ...]:
    """The different values of a field with the hash of a version that gave each."""
    found: list[tuple[str, object]] = []
    for h in _unbeaten(_origins(name, live, known), above):
        value = known[h].fields.get(name)
        if not any(_same(value, other) for _, other in found):
            found.append((h, value))
        # a version that had to leave the field undecided, its ancestors not at hand, says them all
        for other in known[h].undecided.get(name, ()):
            if not any(_same(other, seen) for _, seen in found):
                found.append((h, other))
    return tuple(found)


def _merged_words(
    name: str,
    live: tuple[Version, ...],
    known: Mapping[str, Version],
    above: Mapping[str, frozenset[str]],
) -> list[object]:
    words: dict[object, None] = {}
    for version in known.values():
        given = version.fields.get(name)
        if isinstance(given, list | tuple):
            words.update((word, None) for word in given if isinstance(word, str))
    kept = set()
    for word in words:
        origins = _unbeaten(_origins(name, live, known, word), above)
        lists = [known[h].fields.get(name) for h in origins]
        # added on one side and taken away on another, apart: kept, since nothing may be lost
        if any(isinstance(given, list | tuple) and word in given for given in lists):
            kept.add(word)
    ordered = [w for v in live for w in _as_list(v.fields.get(name)) if w in kept]
    return list(dict.fromkeys([*ordered, *sorted(kept - set(ordered), key=str)]))


def _as_list(given: object) -> list[object]:
    return list(given) if isinstance(given, list | tuple) else []
