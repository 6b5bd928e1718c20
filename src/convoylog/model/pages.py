"""What a renderer returns: the files of a report, before anybody writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: stands in the head of every HTML page that is replaced whole; a page without it is somebody's own
GENERATOR = b'<meta name="generator" content="convoylog">'


@dataclass(frozen=True, slots=True)
class Pages:
    """files: relative path with slashes → content. first: the path a person opens.

    archives: path of a zip → its members, packed when written, so that they can be looked into until
    then. shared: paths of texts whose part outside our marks belongs to the author (see `marked`).
    site: what the folder to write to must be, if it is not new: (name, files one of which it has).
    told: what the person should know about these files, a sentence each. by_content: paths whose
    name says what is in them; what lies there with other content is somebody's, and stays.
    """

    files: Mapping[str, bytes]
    first: str
    archives: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    site: tuple[str, tuple[str, ...]] | None = None
    told: tuple[str, ...] = ()
    by_content: frozenset[str] = frozenset()

    def contents(self) -> dict[str, bytes]:
        """Every file, those within archives too, by a path that says where it is."""
        inside = {
            f"{path}/{name}": content
            for path, members in self.archives.items()
            for name, content in members.items()
        }
        return {**self.files, **inside}
