"""Carrying out a merge: the union of logbooks, laid down as files.

Every step adds or moves and can be repeated: stopped anywhere, the same merge again finishes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from convoylog.errors import BadInput, ConvoylogError, Problem
from convoylog.files import layout, receipts, safely, tree
from convoylog.files.revisions import adopt
from convoylog.files.scan import Scan
from convoylog.files.store import Writer
from convoylog.model.holding import Claim, Holding, join, removed_media
from convoylog.model.versions import Version

#: gives the bytes of a claimed original
Fetch = Callable[[Claim], bytes]

T = TypeVar("T")

#: receipts are put on disk after so many files: at most these are unlisted after a power cut
_BATCH = 200


def adopted(found: Holding) -> tuple[Holding, list[Problem]]:
    """The holding with every hand-written and hand-edited version sealed.

    Text without a seal beside sealed versions stays as it is: it may be a file that was cut, and
    supersedes nothing until a person says so.
    """
    problems: list[Problem] = []
    result: dict[str, tuple[Version, ...]] = {}
    for key, group in found.versions.items():
        others = any(version.seal == "sealed" for version in group)
        rows: dict[str, Version] = {}
        for version in group:
            kept = version
            if version.seal == "edited" or (version.seal == "unsealed" and not others):
                try:
                    kept = replace(adopt(version), fields=version.fields)
                except BadInput as error:
                    problems.append(Problem(key, "damaged", f"kept as it is: {error}"))
            rows[kept.hash] = kept
        result[key] = tuple(rows.values())
    return Holding(result, found.claims), problems


def carry_out(
    writer: Writer,
    found: Scan,
    ours: Holding,
    theirs: Sequence[tuple[Holding, Fetch]],
    tick: Callable[[], None] = lambda: None,
) -> list[Problem]:
    """Make the logbook the union of itself and the others.

    found, ours: a fresh scan of the logbook and its holding. tick: called after each file.
    Returns what could not be taken. Raises ConvoylogError or OSError where nothing can go on.
    """
    problems: list[Problem] = []
    ours, wrong = adopted(ours)
    problems += wrong
    sides: list[tuple[Holding, Fetch]] = []
    for side, fetch in theirs:
        sealed, wrong = adopted(side)
        problems += wrong
        sides.append((sealed, fetch))
    union = join(ours, *(side for side, _ in sides))
    views = union.views()
    folders = tree.folders_of(views.values(), union.claims)
    listed = {r.path for r in receipts.read_all(writer.root, writer.disk)[0]}
    own = {version.hash for group in ours.versions.values() for version in group}
    batch = _Batch(writer, tick)

    have = {entry.path: entry for entry in found.entries}
    wanted = tree.all_places(views, folders)

    def keep(version: Version) -> None:
        path = layout.version_path(version.id, version.hash)
        if path not in listed or not writer.disk.exists(writer.root / path):
            # a hand edit of ours that was sealed for this is ours, and stays after an undo
            writer.keep(version, "adopted" if version.hash in own else "version", again=True)

    early: set[str] = set()
    for path, version in wanted.items():
        if version.kind == "car" and path not in have:
            early.add(path)
            # before its originals: a folder of photos without a car.toml would be another car to
            # whoever goes on after a death in between
            keep(version)
            writer.lay({path: version}, {})
            batch.step()
    writer.commit()
    _lay_media(batch, union, ours, sides, folders, removed_media(views.values()), problems)
    for versions in _batches([v for _, group in sorted(union.versions.items()) for v in group]):
        with safely.together(writer.disk):
            for version in versions:
                keep(version)
                tick()
        writer.commit()
    for places in _batches(list(wanted.items())):
        with safely.together(writer.disk):
            for path, version in places:
                if path in early:
                    continue
                writer.lay({path: version}, {path: have[path]} if path in have else {})
                if path in have and path not in listed:
                    writer.create(path, version.text.encode(), entry_id=version.id)
                tick()
        writer.commit()
    for path in have:
        if path not in wanted:
            writer.to_trash(path)
            batch.step()
    writer.commit()
    return problems


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for begin in range(0, len(rows), _BATCH):
        yield rows[begin : begin + _BATCH]


class _Batch:
    """Counts written files and puts the receipts on disk now and then."""

    def __init__(self, writer: Writer, tick: Callable[[], None]) -> None:
        self.writer = writer
        self.tick = tick

    def step(self) -> None:
        self.tick()
        if len(self.writer.pending) >= _BATCH:
            self.writer.commit()


def _lay_media(
    batch: _Batch,
    union: Holding,
    ours: Holding,
    sides: Sequence[tuple[Holding, Fetch]],
    folders: dict[str, str],
    removed: set[tuple[str, str]],
    problems: list[Problem],
) -> None:
    writer = batch.writer
    mine: dict[tuple[str, str], list[Claim]] = {}
    for claim in ours.claims:
        mine.setdefault((claim.car, claim.sha256), []).append(claim)
    sources: dict[tuple[str, str], tuple[Claim, Fetch]] = {}
    for side, fetch in sides:
        for claim in side.claims:
            sources.setdefault((claim.car, claim.sha256), (claim, fetch))
    wanted = tree.media_places(union.claims, folders, removed)
    moves = {
        path: mine[claim.car, claim.sha256]
        for path, claim in wanted.items()
        if (claim.car, claim.sha256) in mine
        and all(c.source != path for c in mine[claim.car, claim.sha256])
    }
    while moves:
        leaving = {here[0].source for here in moves.values()}
        # a name that another original is about to leave waits for it; a ring of names is broken
        # through the trash, where nothing is lost and the next run finds it missing
        free = [path for path in moves if path not in leaving] or [next(iter(moves))]
        for path in free:
            here = moves.pop(path)
            if writer.disk.exists(writer.root / path):
                writer.to_trash(path, note="another file was in the way")
            writer.move(here[0].source, path)
            here[:] = [replace(here[0], source=path), *here[1:]]
            batch.step()
    for path, claim in wanted.items():
        held = mine.get((claim.car, claim.sha256))
        if held is not None:
            if (claim.car, claim.sha256) in sources and held[0].source == path:
                # a run that died may have brought it and not said so
                writer.assure(path, claim.sha256, held[0].size)
            continue
        source, fetch = sources[claim.car, claim.sha256]
        try:
            content = fetch(source)
        except (BadInput, ConvoylogError, OSError) as error:
            problems.append(Problem(source.source, "unreadable", str(error)))
            continue
        if hashlib.sha256(content).hexdigest() != claim.sha256:
            problems.append(Problem(source.source, "changed", "changed while it was read"))
            continue
        writer.create(path, content, act="media")
        batch.step()
    for key, here in mine.items():
        for claim in here:
            # the same original twice in one car, or one that somebody removed
            if claim.source not in wanted and (key in removed or here[0] is not claim):
                writer.to_trash(claim.source)
                batch.step()
