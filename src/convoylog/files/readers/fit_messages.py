"""The bytes of FIT files taken apart: headers, definitions, and messages as columns.

One pass notes where each message begins; numpy then picks a field out of all messages of a kind
at once. What the messages mean is the reader's business.
Source: Garmin FIT Protocol, https://developer.garmin.com/fit/protocol/
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from convoylog.errors import BadInput
from convoylog.model.tracks import Floats, Ints

#: FIT files behind each other in one file; the most met are 2
MAX_FILES = 1_000
#: definitions that differ, of which each becomes an object; the most met in a file are 60
MAX_DEFINITIONS = 4_000
#: messages of one kind with a name; a course has hundreds
MAX_TEXTS = 50_000
#: the field that holds the instant in every kind of message
TIMESTAMP = 253

_SIGN = b".FIT"
#: bytes of the two headers there are; the longer ends with a checksum of its own
_HEADERS = (12, 14)
_CRC = 2
#: bits in the first byte of a message: it defines others, also fields of a device's own programs;
#: it is a value whose instant is in this byte
_DEFINES, _DEVELOPERS, _SHORT_STAMP = 0x40, 0x20, 0x80
#: code of a base type, without the bit for "has an order of bytes" → numpy's, and what means unknown
_BASES: dict[int, tuple[str, int | None]] = {
    0x00: ("u1", 0xFF),
    0x01: ("i1", 0x7F),
    0x02: ("u1", 0xFF),
    0x03: ("i2", 0x7FFF),
    0x04: ("u2", 0xFFFF),
    0x05: ("i4", 0x7FFFFFFF),
    0x06: ("u4", 0xFFFFFFFF),
    0x08: ("f4", None),  # all bits set is a NaN already
    0x09: ("f8", None),
    0x0A: ("u1", 0),
    0x0B: ("u2", 0),
    0x0C: ("u4", 0),
    0x0D: ("u1", 0xFF),
    0x0E: ("i8", 0x7FFFFFFFFFFFFFFF),
    0x0F: ("u8", 0xFFFFFFFFFFFFFFFF),
    0x10: ("u8", 0),
}
_STRING = 0x07


@dataclass(frozen=True, slots=True)
class Definition:
    """How messages of one kind are laid out, and where those with this layout begin.

    number: the kind. size: bytes of a message with its header. big: most significant byte first.
    fields: number → place in the message, bytes, base type.
    """

    number: int
    size: int
    big: bool
    fields: Mapping[int, tuple[int, int, int]]
    at: array[int] = field(default_factory=lambda: array("I"))


class Messages:
    """Messages in file order. at: where each begins in the file."""

    def __init__(self, content: bytes, definitions: list[Definition]) -> None:
        self._content = content
        self._bytes = np.frombuffer(content, dtype=np.uint8)
        self._groups = [(d, np.array(d.at, dtype=np.int64)) for d in definitions if d.at]
        every = np.concatenate([np.empty(0, dtype=np.int64), *(at for _, at in self._groups)])
        self._order = np.argsort(every, kind="stable")
        self.at: Ints = every[self._order]

    def __len__(self) -> int:
        return len(self.at)

    def numbers(self, number: int) -> Floats:
        """The first value of a field in each message, NaN where it is missing or unknown."""
        found = [self._numbers(definition, at, number) for definition, at in self._groups]
        return np.concatenate([np.empty(0), *found])[self._order]

    def _numbers(self, definition: Definition, at: Ints, number: int) -> Floats:
        place, size, base = definition.fields.get(number, (0, 0, 0))
        code, unknown = _BASES.get(base, ("u1", None))
        kind = np.dtype((">" if definition.big else "<") + code)
        # a size that does not fit the type is of a device that counts wrongly: no value to trust
        if not size or base not in _BASES or size % kind.itemsize:
            return np.full(len(at), np.nan)
        windows = np.lib.stride_tricks.sliding_window_view(self._bytes, kind.itemsize)
        raw = windows[at + place].view(kind)[:, 0]
        with np.errstate(invalid="ignore"):  # a NaN of the signalling kind
            values = raw.astype(np.float64)
        values[~np.isfinite(values) if unknown is None else raw == unknown] = np.nan
        return values

    def texts(self, number: int) -> list[str]:
        """A field of text in each message, "" where it is missing. Raises BadInput."""
        if len(self) > MAX_TEXTS:
            raise BadInput(f"more than {MAX_TEXTS:,} named places or devices")
        found = []
        for definition, at in self._groups:
            place, size, base = definition.fields.get(number, (0, 0, 0))
            size = size if base == _STRING else 0
            for start in (at + place).tolist():
                raw = self._content[start : start + size].partition(b"\0")[0]
                found.append(raw.decode("utf-8", "replace").strip())
        return [found[i] for i in self._order.tolist()]

    def stamps(self) -> Floats:
        """The instant of each as FIT counts: that of its field or of its header, else NaN.

        A header holds only the last five bits; the rest is that of the last instant before.
        Needs every message of a file, of whatever kind.
        """
        stamps = self.numbers(TIMESTAMP)
        stamps[(stamps < 0) | (stamps > 2**32)] = np.nan  # of another type than FIT says
        heads = self._bytes[self.at]
        short = np.flatnonzero(heads & _SHORT_STAMP)
        if not len(short):
            return stamps
        stamps[short] = np.nan
        known = np.isfinite(stamps)
        # which known instant each goes by, 0 for those before the first
        by = np.cumsum(known)[short]
        reference = np.concatenate([[np.nan], stamps[known]])[by]
        bits = (heads[short] & 31).astype(np.int64)
        before = np.concatenate([[0], bits[:-1]])
        first = np.concatenate([[True], by[1:] != by[:-1]])
        before[first] = np.nan_to_num(reference[first]).astype(np.int64) & 31
        passed = np.cumsum((bits - before) & 31)
        begun = np.maximum.accumulate(np.where(first, np.arange(len(short)), 0))
        stamps[short] = reference + passed - (passed - ((bits - before) & 31))[begun]
        return stamps


class FitFile:
    """One FIT file: its messages, and what was wrong with it.

    faults: in plain words. damage: why not all of it could be read, "" if it could.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.definitions: list[Definition] = []
        self.faults: list[str] = []
        self.damage = ""
        self._stamps: tuple[Ints, Floats] | None = None

    def count(self, number: int) -> int:
        """How many messages of a kind there are."""
        return sum(len(d.at) for d in self.definitions if d.number == number)

    def messages(self, number: int) -> Messages:
        return Messages(self._content, [d for d in self.definitions if d.number == number])

    def stamps(self, messages: Messages) -> Floats:
        """The instant of each, seconds as FIT counts them, NaN where it has none."""
        if self._stamps is None:
            every = Messages(self._content, self.definitions)
            self._stamps = every.at, every.stamps()
        at, stamps = self._stamps
        return stamps[np.searchsorted(at, messages.at)]


@dataclass(slots=True)
class _Budget:
    """What may still come, over all files in one."""

    messages: int
    definitions: int = MAX_DEFINITIONS
    files: int = MAX_FILES


def fit_files(content: bytes, most: int) -> Iterator[FitFile]:
    """Each of the FIT files that follow each other in one file.

    most: messages that are read, over all. Raises BadInput.
    """
    if content[8:12] != _SIGN:
        raise BadInput("it does not begin as a FIT file does")
    budget = _Budget(most)
    start = 0
    while start >= 0:
        budget.files -= 1
        if budget.files < 0:
            raise BadInput(f"more than {MAX_FILES:,} FIT files in one")
        found = FitFile(content)
        after = _read_file(content, start, found, budget)
        start = _next_header(content, after)
        rest = (start if start >= 0 else len(content)) - after
        # two bytes may be a checksum whose place was not sure
        if rest > _CRC and not found.damage:
            found.faults.append(f"{rest:,} bytes that follow its end were not read")
        yield found


def _next_header(content: bytes, at: int) -> int:
    """Where a FIT file begins, at this place or behind it; -1 for nowhere."""
    sign = content.find(_SIGN, at + 8)
    while sign >= 0 and content[sign - 8] not in _HEADERS:
        sign = content.find(_SIGN, sign + 1)
    return sign - 8 if sign >= 0 else -1


def _read_file(content: bytes, start: int, found: FitFile, budget: _Budget) -> int:
    """Fills `found`; returns the place behind what could be read."""
    head = content[start]
    if head not in _HEADERS:
        found.faults.append(f"its header gives itself an impossible length of {head} bytes")
        # what follows the header is always a definition, mostly of the local type 0
        head = 14 if content[start + 14 : start + 15] == b"@" else 12
    stored = content[start + 12 : start + head]
    if len(stored) == _CRC and any(stored) and stored != crc(content[start : start + 12]):
        found.faults.append("the checksum of its header does not match")
    first = start + head
    size = int.from_bytes(content[start + 4 : start + 8], "little")
    end = first + size
    walk = _Walk(content, first, found, budget)
    if size and end <= len(content):
        walk.run(end)
        if walk.at == end:
            behind = end + _CRC
            right = content[end:behind] == crc(content[start:end])
            if right or behind >= len(content) or content[behind + 8 : behind + 12] == _SIGN:
                if not right:
                    found.faults.append("its checksum is missing or does not match")
                return min(behind, len(content))
    # the size is no help: on to the next file or the end
    last = _next_header(content, first)
    last = last if last >= 0 else len(content)
    walk.run(last)
    if last - walk.at > _CRC:
        what = "cut off" if walk.cut and last == len(content) else "damaged"
        found.damage = f"{what} at byte {walk.at:,}"
    elif end > len(content):
        found.damage = f"cut off at byte {len(content):,}"
    else:
        found.faults.append(f"its header gives a wrong size of {size:,} bytes; read to the end")
    return walk.at


class _Walk:
    """Goes from message to message, once. at: the next one. cut: it is longer than the file."""

    def __init__(self, content: bytes, at: int, found: FitFile, budget: _Budget) -> None:
        self._content = content
        self._found = found
        self._budget = budget
        self._known: dict[tuple[int, bytes], Definition] = {}
        # first byte of a message → bytes until the next, and what notes where it begins
        self._table: list[tuple[int, Callable[[int], None]] | None] = [None] * 256
        self.at = at
        self.cut = False

    def run(self, end: int) -> None:
        """Goes on to `end`, or to what cannot be a message or is not whole."""
        content, table, at = self._content, self._table, self.at
        self.cut = False
        count = 0
        for count in range(self._budget.messages):  # noqa: B007 - the quickest way to count
            if at >= end:
                break
            entry = table[content[at]]
            if entry is None:
                after = self._define(at, end)
                if after < 0:
                    break
                at = after
                continue
            size, note = entry
            if at + size > end:
                self.cut = True
                break
            note(at)
            at += size
        else:
            raise BadInput("more messages than any recording has")
        self._budget.messages -= count
        self.at = at

    def _define(self, at: int, end: int) -> int:
        """Notes a definition; returns the place behind it, -1 if it is none or not whole."""
        content = self._content
        head = content[at]
        if not _DEFINES <= head < _SHORT_STAMP:
            return -1
        after = at + 6 + (3 * content[at + 5] if at + 5 < end else 0)
        developers = after
        if head & _DEVELOPERS:
            after += 1 + (3 * content[after] if after < end else 0)
        if after > end:
            self.cut = True
            return -1
        if content[at + 2] > 1:  # neither order of bytes
            return -1
        key = (head & _DEVELOPERS, content[at + 1 : after])
        definition = self._known.get(key)
        if definition is None:
            self._budget.definitions -= 1
            if self._budget.definitions < 0:
                raise BadInput(f"more than {MAX_DEFINITIONS:,} definitions of messages")
            definition = _definition(content, at, developers, after)
            self._known[key] = definition
            self._found.definitions.append(definition)
        local = head & 15
        entry = (definition.size, definition.at.append)
        for unused in (0x00, 0x10, 0x20, 0x30):
            self._table[local | unused] = entry
        if local < 4:
            place = _SHORT_STAMP | local << 5
            self._table[place : place + 32] = [entry] * 32
        return after


def _definition(content: bytes, at: int, developers: int, after: int) -> Definition:
    big = content[at + 2] == 1
    number = int.from_bytes(content[at + 3 : at + 5], "big" if big else "little")
    fields: dict[int, tuple[int, int, int]] = {}
    place = 1
    for i in range(at + 6, developers, 3):
        # some devices leave out the bit that says that the bytes have an order
        fields.setdefault(content[i], (place, content[i + 1], content[i + 2] & 0x1F))
        place += content[i + 1]
    # what a device's own programs add is passed over
    place += sum(content[i + 1] for i in range(developers + 1, after, 3))
    return Definition(number, place, big, fields)


# The checksum is CRC-16/ARC. It is linear: that of a block is that of its first half, carried over
# as many zeros as the second half is long, XOR that of the second half. So neighbours are joined
# pair by pair, all pairs at once, instead of 700,000 bytes one after another.

#: bytes taken at once: the columns of a larger piece leave the processor's cache
_PIECE = 2**18


def crc(content: bytes) -> bytes:
    """The two bytes of FIT's checksum.

    Source: FIT Protocol, "CRC"; CRC-16/ARC, polynomial 0x8005 reflected, from 0.
    """
    total = 0
    for at in range(0, len(content), _PIECE):
        piece = np.frombuffer(content[at : at + _PIECE], dtype=np.uint8)
        state = _carried(0)[piece]
        # the state so far belongs to the first two bytes
        for i in range(min(_CRC, len(state))):
            state[i] = _carried(0)[piece[i] ^ (total >> 8 * i & 0xFF)]
        if len(state) == 1:
            state[0] ^= total >> 8
        step = 0
        while len(state) > 1:
            # a zero in front changes nothing
            if len(state) % 2:
                state = np.concatenate([np.zeros(1, dtype=np.uint16), state])
            state = _carried(step)[state[::2]] ^ state[1::2]
            step += 1
        total = int(state[0])
    return total.to_bytes(2, "little")


@cache
def _carried(step: int) -> NDArray[np.uint16]:
    """Every checksum carried over 2**step zeros."""
    if step:
        half = _carried(step - 1)
        return half[half]
    state = np.arange(2**16, dtype=np.uint16)
    for _ in range(8):
        state = np.where(state & 1, state >> 1 ^ 0xA001, state >> 1).astype(np.uint16)
    return state
