"""Is everything there and whole? Only reads.

Receipts say what was written, seals say what is as it was written, kept versions say what an entry
was. Neither of them is a backup.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from convoylog.errors import BadInput, ConvoylogError, Problem
from convoylog.files import door, layout, receipts, renditions, toml
from convoylog.files.receipts import Receipt
from convoylog.files.scan import LARGEST, EntryFile, Scan, kept_versions, scan
from convoylog.files.source import Folder
from convoylog.model.holding import kind_of, main_logbook, removed_media
from convoylog.model.versions import Version, View, view

_WRITTEN = ("version", "adopted", "entry", "media", "other")


@dataclass(slots=True)
class Checked:
    """problems: what is wrong. notices: what is fine, but good to know. counts: what was seen.

    found, views, kept: what was read, for whoever goes on from here.
    """

    found: Scan
    kept: Mapping[str, tuple[Version, ...]]
    views: Mapping[str, View]
    listed: Mapping[str, Receipt]
    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    media_hashes: dict[str, str] = field(default_factory=dict)


def check(source: Folder) -> Checked:
    """Look at every file of a logbook."""
    found = scan(source)
    kept, damaged = kept_versions(source)
    words, torn = receipts.read_all(source.root, source.disk)
    groups: dict[str, dict[str, Version]] = {}
    for version in (
        *(entry.version for entry in found.entries),
        *(version for group in kept.values() for version in group),
    ):
        groups.setdefault(version.id, {}).setdefault(version.hash, version)
    views = {key: view(rows.values()) for key, rows in groups.items()}
    result = Checked(found, kept, views, receipts.last_words(words))
    result.problems += [*found.problems, *damaged, *torn]
    if not words and any(entry.version.seal == "sealed" for entry in found.entries):
        told = "no receipts: nobody can say what should be here"
        result.problems.append(Problem(layout.RECEIPTS, "receipts", told, "convoylog doctor"))
    elif not words and found.entries:
        told = "written by hand as a whole: nobody can say what should be here"
        result.notices.append(Problem(layout.RECEIPTS, "receipts", told))
    _check_entries(result)
    _check_versions(result)
    _check_missing_entries(result)
    _check_media(result, source)
    _check_listed(result, source, bool(words))
    _check_renditions(result)
    _check_leftovers(result, source)
    _check_references(result)
    result.problems = list(dict.fromkeys(result.problems))
    result.counts = {
        "cars": len(found.folders),
        "entries": len(found.entries),
        "versions": sum(len(group) for group in kept.values()),
        "originals": len(found.media),
        "receipts": len(words),
    }
    return result


def _check_entries(result: Checked) -> None:
    for entry in result.found.entries:
        version = entry.version
        if version.format > layout.FORMAT:
            result.problems.append(
                Problem(
                    entry.path,
                    "newer",
                    f"of format {version.format}, read as far as it is understood",
                    "update convoylog",
                )
            )
        if version.seal == "edited":
            line, told = _changed_lines(result, version)
            result.problems.append(
                Problem(entry.path, "edited", f"changed by hand since it was written{told}",
                        "if that was you, `convoylog doctor` seals it", line)
            )  # fmt: skip
        elif version.seal == "unsealed" and result.kept.get(version.id):
            result.problems.append(
                Problem(entry.path, "cut", "has no seal, though it was written with one: it may be cut",
                        f"convoylog resolve {version.id}")
            )  # fmt: skip
        elif version.seal == "unsealed":
            result.notices.append(
                Problem(entry.path, "hand-written", "written by hand, sealed at its next change")
            )
        else:
            _check_line_ends(result, entry)
        for key, resembles in door.unknown_keys(version.fields):
            if resembles:
                line = _line_of(version.text, key)
                result.notices.append(
                    Problem(
                        entry.path,
                        "unknown-key",
                        f'unknown key "{key}" (did you mean "{resembles}"?)',
                        line=line,
                    )
                )
        for key in ("at", "until"):
            at = version.fields.get(key)
            if at is not None and getattr(at, "tzinfo", None) is None:
                result.notices.append(
                    Problem(entry.path, "no-offset", f"`{key}` has no UTC offset: read as the car's local time",
                            line=_line_of(version.text, key))
                )  # fmt: skip


def _check_line_ends(result: Checked, entry: EntryFile) -> None:
    """A seal forgives line ends and a byte order mark, and nothing else."""
    wanted = entry.version.text.encode()
    plain = entry.content.removeprefix(b"\xef\xbb\xbf")
    body = toml.sealed(toml.split_seal(entry.version.text)[0]).encode()
    if wanted != body:
        result.problems.append(
            Problem(
                entry.path, "damaged", "the line with the seal is not whole", "convoylog doctor"
            )
        )
    elif entry.content != wanted:
        if plain in (wanted, wanted.replace(b"\n", b"\r\n")):
            result.notices.append(
                Problem(entry.path, "line-ends", "another program changed the line ends")
            )
        else:
            result.problems.append(
                Problem(entry.path, "damaged", "some line ends were changed", "convoylog doctor")
            )


def _changed_lines(result: Checked, version: Version) -> tuple[int, str]:
    """(first changed line, what it says now) of a hand edit, where the sealed text is kept."""
    for old in result.kept.get(version.id, ()):
        if old.hash in version.made_from:
            before = old.text.splitlines()
            after = version.text.splitlines()
            for tag, _, _, start, end in difflib.SequenceMatcher(None, before, after).get_opcodes():
                if tag != "equal":
                    shown = after[start] if start < min(end, len(after)) else "(lines taken out)"
                    return start + 1, f": {shown[:60]}"
    return 0, ""


def _line_of(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith(key):
            return number
    return 0


def _check_versions(result: Checked) -> None:
    """What the tree shows must be kept, and what was edited must still be there to look at."""
    for entry in result.found.entries:
        version = entry.version
        hashes = {v.hash for v in result.kept.get(version.id, ())}
        if version.seal == "sealed" and version.hash not in hashes:
            path = layout.version_path(version.id, version.hash)
            result.problems.append(
                Problem(path, "missing", f"the kept copy of {entry.path}", "convoylog doctor")
            )


def _check_missing_entries(result: Checked) -> None:
    """Live versions that the tree does not show: removed by hand, or a command that was stopped."""
    shown: dict[str, set[str]] = {}
    for entry in result.found.entries:
        shown.setdefault(entry.version.id, set()).add(entry.version.hash)
    main = {main_logbook(result.views.values())}
    for key, v in sorted(result.views.items()):
        if v.deleted or kind_of(v) == "removal" or (kind_of(v) == "logbook" and key not in main):
            # a tombstone hides the entry: a file that is back by hand or from an old copy is told
            if v.deleted and key in shown:
                result.problems.append(
                    Problem(
                        key,
                        "deleted",
                        "was removed, but its file is in the tree",
                        "convoylog doctor",
                    )
                )
            continue
        for version in v.live:
            if version.hash in shown.get(key, ()):
                continue
            what = (
                "removed by hand, or not finished"
                if key not in shown
                else "an older state is in the tree"
            )
            result.problems.append(
                Problem(layout.version_path(key, version.hash), "missing-entry", f"{kind_of(v)} {key}: {what}",
                        f"`convoylog doctor` puts it back, `convoylog remove {key}` removes it for good")
            )  # fmt: skip
        live = {version.hash for version in v.live}
        if live <= shown.get(key, set()):
            for entry in result.found.entries:
                if entry.version.id == key and entry.version.hash not in live:
                    told = "an older state beside the newer one, as shared folders bring back"
                    result.problems.append(Problem(entry.path, "old", told, "convoylog doctor"))


def _check_media(result: Checked, source: Folder) -> None:
    removed = removed_media(result.views.values())
    for media in result.found.media:
        try:
            content = source.read(media.path, LARGEST[media.kind])
        except FileNotFoundError:
            continue
        except (BadInput, ConvoylogError, OSError) as error:
            result.problems.append(Problem(media.path, "unreadable", str(error)))
            continue
        sha256 = hashlib.sha256(content).hexdigest()
        result.media_hashes[media.path] = sha256
        named = layout.read_media_name(media.path.rpartition("/")[2])
        said = result.listed.get(media.path)
        if (named and not sha256.startswith(named[1])) or (
            said and said.act == "media" and said.sha256 != sha256
        ):
            result.problems.append(
                Problem(
                    media.path,
                    "damaged",
                    "not the bytes that were added",
                    "take it again from where it came, with `convoylog add`",
                )
            )
        elif (media.car, sha256) in removed:
            result.problems.append(
                Problem(
                    media.path, "deleted", "was removed, but is in the tree", "convoylog doctor"
                )
            )


def _check_listed(result: Checked, source: Folder, any_words: bool) -> None:
    """What receipts name and isn't there; what is there and no receipt names."""
    ids = set(result.views)
    hashes = set(result.media_hashes.values())
    removed = {sha for _, sha in removed_media(result.views.values())}
    for path, said in sorted(result.listed.items()):
        if said.act not in _WRITTEN or not path or source.disk.exists(source.root / path):
            continue
        if said.act == "media" and (said.sha256 in hashes or said.sha256 in removed):
            continue  # under another name now, or removed by somebody it was merged from
        if said.act == "entry" and said.id in ids:
            continue  # told by its versions, or under another name
        result.problems.append(
            Problem(
                path,
                "missing",
                "was written here and is gone",
                "look in the trash, or merge it again",
            )
        )
    if not any_words:
        return
    for media in result.found.media:
        if media.path not in result.listed and result.media_hashes.get(media.path) not in {
            r.sha256 for r in result.listed.values() if r.act == "media"
        }:
            result.problems.append(
                Problem(media.path, "unlisted", "no receipt names it", "convoylog doctor")
            )
    written = {(r.id, r.sha256) for r in result.listed.values()}
    names = {r.path for r in result.listed.values()}
    for entry in result.found.entries:
        sha256 = hashlib.sha256(entry.content).hexdigest()
        known = entry.path in names or (entry.version.id, sha256) in written
        if not known and entry.version.seal == "sealed":
            result.problems.append(
                Problem(entry.path, "unlisted", "no receipt names it", "convoylog doctor")
            )
    for key, group in result.kept.items():
        for version in group:
            path = layout.version_path(key, version.hash)
            if path not in names:
                result.problems.append(
                    Problem(path, "unlisted", "no receipt names it", "convoylog doctor")
                )


def _check_renditions(result: Checked) -> None:
    """GPX that was made from originals: nothing is lost with it, so nothing is wrong without it."""
    for path in renditions.missing(result.found):
        told = "not made yet, or removed: the GPX that other programs read"
        result.notices.append(Problem(path, "no-rendition", told, "convoylog doctor"))
    for path in renditions.orphans(result.found):
        told = "was made from an original that is not here any more"
        result.notices.append(Problem(path, "old-rendition", told, "convoylog doctor"))


def _check_leftovers(result: Checked, source: Folder) -> None:
    """Temporary files of a write that was stopped, and files where none belong."""
    for folder in _our_folders(result):
        for name in sorted(
            source.disk.list_dir(source.root / folder) if source.is_folder(folder) else []
        ):
            path = f"{folder}/{name}" if folder else name
            if name.startswith(".convoylog-"):
                # nobody was told that this was saved, and the command given again wrote it whole
                told = "left over from a write that was stopped; harmless"
                result.notices.append(Problem(path, "leftover", told, "convoylog doctor"))
            elif (
                folder.endswith(("/notes", "/legs"))
                and not name.endswith(".toml")
                and not name.startswith(".")
            ):
                result.problems.append(
                    Problem(path, "stray", "not an entry; originals belong to `convoylog add`")
                )


def _our_folders(result: Checked) -> Iterable[str]:
    yield from ("", layout.OURS, layout.RECEIPTS)
    for folder in result.found.folders:
        base = f"{layout.CARS}/{folder}"
        yield from (base, *(f"{base}/{part}" for part in ("notes", "legs", "tracks", "photos")))
    for key in result.kept:
        yield f"{layout.VERSIONS}/{key}"


def _check_references(result: Checked) -> None:
    here = set(result.media_hashes.values())
    copied = {str(v.fields.get("of")) for v in result.views.values() if kind_of(v) == "copy"}
    for entry in result.found.entries:
        for sha in entry.version.fields.get("photos", []) or []:  # type: ignore[attr-defined]
            if sha not in here and sha not in copied:
                result.notices.append(
                    Problem(
                        entry.path, "no-photo", f"shows a photo that is not here ({str(sha)[:8]})"
                    )
                )
        answered = entry.version.fields.get("reply_to")
        if answered and answered not in result.views:
            result.notices.append(
                Problem(entry.path, "no-note", f"answers {answered}, which has not arrived yet")
            )
