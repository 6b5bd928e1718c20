"""Small logbooks in real folders, written as the program writes them."""

from __future__ import annotations

import hashlib
import io
import itertools
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

from convoylog.errors import Problem
from convoylog.files import carry, check, layout, revisions, store, toml, undo
from convoylog.files.disk import REAL, Disk
from convoylog.files.scan import LARGEST, holding, kept_versions, scan
from convoylog.files.source import Folder
from convoylog.model.holding import Claim
from convoylog.model.versions import View, view

START = datetime(2027, 5, 3, 10, 0, tzinfo=UTC)
#: what a laptop keeps for itself, and no merge carries
_OWN = (layout.RECEIPTS, layout.TRASH, layout.LOCK)


@dataclass
class Book:
    """A logbook of one laptop. clock: what it believes the time is, a minute more each command."""

    root: Path
    device: str
    clock: datetime = START
    disk: Disk = field(default=REAL)

    def now(self) -> datetime:
        self.clock += timedelta(minutes=1)
        return self.clock

    def source(self) -> Folder:
        return Folder(self.root)

    def init(self, title: str = "Rally") -> Book:
        self.root.mkdir(parents=True, exist_ok=True)
        store.init(self.root, title, now=self.now(), device=self.device)
        return self

    def add_car(self, name: str) -> str:
        now = self.now()
        fields = {"kind": "car", "name": name, "share": "convoy"}
        car = toml.write_version(fields, entry_id=layout.new_id(now))
        with store.writing(self.root, "car", now=now, device=self.device) as writer:
            writer.put(car, store.open_scan(writer))
        return car.id

    def folder_of(self, car: str) -> str:
        return next(name for name, owner in scan(self.source()).folders.items() if owner == car)

    def note(self, car: str, text: str, **more: object) -> str:
        now = self.now()
        fields = {"kind": "note", "car": car, "at": now, "text": text, **more}
        note = toml.write_version(fields, entry_id=layout.new_id(now))
        with store.writing(self.root, "note", now=now, device=self.device) as writer:
            writer.add(note, self.folder_of(car))
        return note.id

    def edit(self, entry: str, **changes: object) -> None:
        with store.writing(self.root, "edit", now=self.now(), device=self.device) as writer:
            store.edit(writer, entry, changes)

    def delete(self, entry: str) -> None:
        with store.writing(self.root, "remove", now=self.now(), device=self.device) as writer:
            store.delete(writer, entry)

    def views(self) -> dict[str, View]:
        return holding(scan(self.source()))[0].views()

    def resolve(self, entry: str, value: int) -> None:
        """Settle the first field in dispute with one of its values, as `resolve` does."""
        with store.writing(self.root, "resolve", now=self.now(), device=self.device) as writer:
            found, everything = store.current(writer, entry)
            now = view(everything)
            if not now.disputed:
                return
            dispute = now.disputed[0]
            chosen = {dispute.field: dispute.values[value % len(dispute.values)][1]}
            version = revisions.settle(now, {**now.fields, **chosen}, chosen)
            for old in now.live:
                writer.keep(old)
            writer.put(version, found)

    def photo(self, car: str, shade: int) -> str:
        """Lay a photo down as `add` does; its path."""
        content = picture(shade)
        path = f"{layout.CARS}/{self.folder_of(car)}/photos"
        name = layout.media_names([("undated", check_sum(content), "jpg")])[check_sum(content)]
        with store.writing(self.root, "add", now=self.now(), device=self.device) as writer:
            writer.create(f"{path}/{name}", content, act="media")
        return f"{path}/{name}"

    def remove_photo(self, car: str, shade: int) -> None:
        """Say that nobody wants this photo of the car, as `remove` does."""
        sha256 = check_sum(picture(shade))
        fields = {"kind": "removal", "car": car, "media": sha256}
        now = self.now()
        gone = toml.write_version(fields, entry_id=layout.new_id(now), deleted=True)
        with store.writing(self.root, "remove", now=now, device=self.device) as writer:
            writer.keep(gone)
            for media in scan(self.source()).media:
                if media.path.endswith(".jpg") and sha256[:8] in media.path:
                    writer.to_trash(media.path)

    def write_by_hand(self, car: str, name: str, text: str) -> None:
        path = self.root / layout.CARS / self.folder_of(car) / "notes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit_by_hand(self, entry: str, old: str, new: str) -> None:
        path = self.root / self.path_of(entry)
        path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")

    def path_of(self, entry: str) -> str:
        return next(e.path for e in scan(self.source()).entries if e.version.id == entry)

    def text_of(self, entry: str) -> list[str]:
        """The `text` of each file of an entry, sorted; none if it is not in the tree."""
        return sorted(
            str(e.version.fields["text"])
            for e in scan(self.source()).entries
            if e.version.id == entry
        )

    def merge(self, *others: Book) -> list[Problem]:
        sides = []
        for other in others:
            source = other.source()

            def fetch(claim: Claim, source: Folder = source) -> bytes:
                return source.read(claim.source, LARGEST[claim.kind])

            sides.append((holding(scan(source))[0], fetch))
        with store.writing(
            self.root, "merge", now=self.now(), device=self.device, disk=self.disk
        ) as writer:
            found = store.open_scan(writer)
            return carry.carry_out(writer, found, holding(found)[0], sides)

    def undo(self) -> list[str]:
        with store.writing(self.root, "undo", now=self.now(), device=self.device) as writer:
            return undo.undo(writer, undo.last_run(self.root, self.device))

    def copy_to(self, root: Path, device: str = "") -> Book:
        shutil.copytree(self.root, root)
        return Book(root, device or self.device, self.clock)

    def linked_to(self, root: Path, device: str) -> Book:
        """A copy as `copy_to` makes, of second names: no file but receipts is written in place."""

        def link(src: str, dst: str) -> str:
            if src.endswith(".jsonl"):
                return str(shutil.copy2(src, dst))
            os.link(src, dst)
            return dst

        shutil.copytree(self.root, root, copy_function=link)
        return Book(root, device, self.clock, self.disk)

    def tree(self) -> dict[str, bytes]:
        """Every file but those that a laptop keeps for itself."""
        return {
            path: content
            for path, content in files_of(self.root).items()
            if not path.startswith(_OWN)
        }

    def versions(self) -> set[str]:
        """Hashes of all versions kept or shown."""
        kept, _ = kept_versions(self.source())
        shown = {entry.version.hash for entry in scan(self.source()).entries}
        return shown | {version.hash for group in kept.values() for version in group}

    def originals(self) -> set[tuple[str, str]]:
        """(car, SHA-256) of all photos and tracks in the tree."""
        return {(claim.car, claim.sha256) for claim in holding(scan(self.source()))[0].claims}

    def problems(self) -> list[Problem]:
        return check.check(self.source()).problems


class Quick(Disk):
    """The real disk without waiting for it: what lies there is the same, a power cut aside."""

    def sync(self, handle: int) -> None:
        pass

    def sync_folder(self, path: Path) -> None:
        pass


def files_of(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def check_sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def picture(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (shade * 20 % 256, 90, 90)).save(out, "JPEG")
    return out.getvalue()


def union(folder: Path, *books: Book) -> dict[str, bytes]:
    """The tree of the first book after it merged the others one after another, in a copy."""
    first = books[0].copy_to(folder / fresh(), "ffffffffffffffff")
    for other in books[1:]:
        assert [] == first.merge(other)
    return first.tree()


_COUNT = itertools.count()


def fresh() -> str:
    return f"copy-{next(_COUNT)}"


def orders(books: Sequence[Book]) -> list[tuple[Book, ...]]:
    return list(itertools.permutations(books))
