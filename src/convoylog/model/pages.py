"""What a renderer returns: the files of a report, before anybody writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pages:
    """files: relative path with slashes → content. first: the path a person opens."""

    files: Mapping[str, bytes]
    first: str
