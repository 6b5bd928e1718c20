"""The same values, the same fingerprint: what a drawing is remembered by."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal

import numpy as np

_PLAIN = (bool, int, float, str, bytes, date, time, Decimal, type(None))


def fingerprint(value: object, without: Collection[type] = ()) -> str:
    """SHA-256 of a tree of dataclasses, columns, collections and plain values, as hexadecimal.

    without: types whose values do not count. Raises TypeError for a value of any other kind: what
    cannot be told from another must not be remembered by it.
    """
    return _of(value, tuple(without), {}).hex()


def _of(value: object, without: tuple[type, ...], seen: dict[int, bytes]) -> bytes:
    if isinstance(value, without):
        return b""
    if isinstance(value, _PLAIN):
        return _digest(type(value), repr(value).encode())
    # the same car stands in many places, and has columns of millions
    if id(value) not in seen:
        seen[id(value)] = _of_whole(value, without, seen)
    return seen[id(value)]


def _of_whole(value: object, without: tuple[type, ...], seen: dict[int, bytes]) -> bytes:
    def of(part: object) -> bytes:
        return _of(part, without, seen)

    if isinstance(value, np.ndarray):
        # an array of objects would be told by their addresses
        if value.dtype.hasobject:
            raise TypeError("a column of objects")
        head = f"{value.dtype.str} {value.shape}".encode()
        return _digest(np.ndarray, head, np.ascontiguousarray(value).tobytes())
    if is_dataclass(value) and not isinstance(value, type):
        return _digest(type(value), *(of(getattr(value, field.name)) for field in fields(value)))
    if isinstance(value, Mapping):
        rows = sorted((of(key), of(part)) for key, part in value.items())
        return _digest(dict, *(digest for row in rows for digest in row))
    if isinstance(value, tuple | list):
        return _digest(tuple, *(of(part) for part in value if not isinstance(part, without)))
    if isinstance(value, frozenset | set):
        return _digest(frozenset, *sorted(map(of, value)))
    raise TypeError(f"no fingerprint of a {type(value).__qualname__}")


def _digest(kind: type, *parts: bytes) -> bytes:
    whole = hashlib.sha256(kind.__qualname__.encode())
    for part in parts:
        whole.update(len(part).to_bytes(8))
        whole.update(part)
    return whole.digest()
