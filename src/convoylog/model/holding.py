"""All that a logbook or a bundle holds, as a set: versions of entries and claims of originals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from convoylog.model.versions import Version, View, view

MediaKind = Literal["tracks", "photos"]


@dataclass(frozen=True, slots=True)
class Claim:
    """An original as it was found.

    kind: tracks or photos. prefix: a UTC second as names begin, or "undated". ending: without dot.
    source: where its bytes are, in words of whoever found it. size: bytes.
    """

    car: str
    kind: MediaKind
    sha256: str
    prefix: str
    ending: str
    source: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Holding:
    """id → versions, and the claims of originals."""

    versions: Mapping[str, tuple[Version, ...]]
    claims: tuple[Claim, ...]

    def views(self) -> dict[str, View]:
        return {key: view(group) for key, group in self.versions.items()}


def join(*holdings: Holding) -> Holding:
    """The union: every version and every original of each side."""
    versions: dict[str, dict[str, Version]] = {}
    claims: dict[tuple[str, str, str, str, str], Claim] = {}
    for holding in holdings:
        for key, group in holding.versions.items():
            rows = versions.setdefault(key, {})
            for version in group:
                rows.setdefault(version.hash, version)
        for claim in holding.claims:
            key5 = (claim.car, claim.kind, claim.sha256, claim.prefix, claim.ending)
            claims.setdefault(key5, claim)
    return Holding(
        {key: tuple(rows.values()) for key, rows in versions.items()}, tuple(claims.values())
    )


def kind_of(v: View) -> str:
    return str(v.fields.get("kind", "note"))


def removed_media(views: Iterable[View]) -> set[tuple[str, str]]:
    """(car, SHA-256) of originals that somebody removed."""
    return {
        (str(v.fields.get("car", "")), str(v.fields.get("media", "")))
        for v in views
        if kind_of(v) == "removal" and v.deleted
    }


def main_logbook(views: Iterable[View]) -> str:
    """The id of the logbook begun first: it lends its title to all that joined; "" without any."""
    return min((v.id for v in views if kind_of(v) == "logbook" and not v.deleted), default="")
