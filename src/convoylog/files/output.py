"""Writing what was told: our own pages are replaced whole, texts shared with an author only between our marks."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from convoylog.errors import BadInput, ConvoylogError
from convoylog.files import carefully, disk_errors, safely
from convoylog.model import marked
from convoylog.model.pages import GENERATOR, Pages

#: every member of an archive has one date, so that the same content is the same archive
_DATE = (1980, 1, 1, 0, 0, 0)
#: bytes of a text; an author's words beside 10,000 of our notes
_LONGEST_POST = 32 * 2**20
#: bytes of a file that may be compared before it is written anew
_LARGEST_EXPORT = 8 * 2**30


def write_pages(pages: Pages, folder: Path) -> tuple[str, ...]:
    """Put the files of a report into a folder; files of ours from before are replaced.

    Returns what the person should know of what lay there: pictures somebody changed by hand, which
    stay so, and pictures of earlier reports that this one does not show.

    Raises ConvoylogError, and has written nothing where a text was changed by hand within our marks,
    where a file of somebody else is in the way, or where the folder is no site of that engine.
    """
    files = dict(pages.files)
    files |= {path: packed(members) for path, members in pages.archives.items()}
    for path in files:
        if path.startswith("/") or ".." in path.split("/"):
            raise ConvoylogError(f"a page would lead out of its folder: {path}")
    folder = folder.absolute()
    if pages.site is not None:
        _check_site(folder, *pages.site)
    if pages.shared and not any((folder / path).exists() for path in pages.shared):
        _check_room(folder, files)
    _check_pages(folder, files)
    for path in sorted(pages.shared):
        files[path] = _joined(folder / path, files[path])
    changed: list[str] = []
    for path, content in sorted(files.items()):
        target = folder / path
        try:
            if not target.exists():
                safely.create(target, content)
            elif target.read_bytes() == content:
                continue
            elif path in pages.by_content:
                changed.append(path)
            else:
                safely.replace(target, content, expected=None)
        except OSError as error:
            raise disk_errors.told(error, target) from None
    return _found(folder, pages.by_content, changed)


def _found(folder: Path, ours: frozenset[str], changed: Sequence[str]) -> tuple[str, ...]:
    said = [f"{path} was changed by hand and stays as it is" for path in changed]
    for place in sorted({path.rpartition("/")[0] for path in ours}):
        names = {path.name for path in (folder / place).glob("photo-*.jpg")}
        older = sorted(names - {path.rpartition("/")[2] for path in ours})
        if older:
            which = f"{len(older)} photos" if len(older) > 1 else older[0]
            said.append(
                f"{place}/ still holds {which} that this page does not show;"
                " look before you publish the folder"
            )
    return tuple(said)


def write_export(pages: Pages, folder: Path, known: Mapping[str, str]) -> dict[str, str]:
    """Put the files of an export where a person said; SHA-256 of each by its absolute path.

    known: what was written before, path → SHA-256. Whatever else has the name of a file to write is
    somebody's. Raises ConvoylogError and has written nothing then.
    """
    files = dict(pages.files)
    files |= {path: packed(members) for path, members in pages.archives.items()}
    written = {}
    waiting: list[tuple[Path, bytes, bytes | None]] = []
    for path, content in sorted(files.items()):
        target = folder.absolute() / path
        written[str(target)] = hashlib.sha256(content).hexdigest()
        try:
            there = carefully.read_file(target, cap=_LARGEST_EXPORT)
        except FileNotFoundError:
            waiting.append((target, content, None))
            continue
        except OSError as error:
            raise disk_errors.told(error, target) from None
        if there == content:
            continue
        if hashlib.sha256(there).hexdigest() != known.get(str(target)):
            raise ConvoylogError(
                f"{target} is there already, and not as it was written from here",
                hint="move it out of the way, or give another name with -o",
            )
        waiting.append((target, content, there))
    for target, content, before in waiting:
        try:
            if before is None:
                safely.create(target, content)
            else:
                safely.replace(target, content, expected=before)
        except OSError as error:
            raise disk_errors.told(error, target) from None
    return written


def write_export_by(
    fill: Callable[[BinaryIO], None], target: Path, known: Mapping[str, str]
) -> dict[str, str]:
    """As `write_export`, of one file that is written piece by piece, since it may not fit into memory.

    fill: writes it; nothing has its name before all of it is there.
    """
    target = target.absolute()
    refused = ConvoylogError(
        f"{target} is there already, and not as it was written from here",
        hint="move it out of the way, or give another name with -o",
    )
    try:
        there = carefully.sha256_of(target)
        if there != known.get(str(target)):
            raise refused
    except FileNotFoundError:
        there = None
    except OSError as error:
        raise disk_errors.told(error, target) from None
    try:
        return {str(target): safely.write_by(target, fill, expected=there)}
    except FileExistsError:
        raise refused from None
    except OSError as error:
        raise disk_errors.told(error, target) from None


def left_from_before(written: Mapping[str, str], known: Mapping[str, str]) -> list[str]:
    """Pictures of earlier exports in the folders just written to that this one does not show."""
    folders = {str(Path(path).parent) for path in written if path.endswith(".jpg")}
    return sorted(
        path
        for path in known
        if path not in written and str(Path(path).parent) in folders and Path(path).exists()
    )


def _check_site(folder: Path, engine: str, known: tuple[str, ...]) -> None:
    """A folder that is new or empty will do; any other must be a site of the engine."""
    try:
        names = {path.name for path in folder.iterdir()} if folder.exists() else set()
    except OSError as error:
        raise disk_errors.told(error, folder) from None
    ours = names <= {"content", "_posts", "_drafts", "assets", "posts", "src"}
    if names & set(known) or ours:
        return
    raise ConvoylogError(
        f"no {engine} site in {folder}: none of {', '.join(known[:3])} is there",
        hint="give the folder of the site with -o, or a new folder",
    )


def _check_room(folder: Path, files: Mapping[str, bytes]) -> None:
    """Where a post does not lie yet, whatever has the name of one of its pictures is not ours."""
    for path, content in sorted(files.items()):
        if _there(folder / path) not in (None, content):
            raise _not_ours(folder / path, "no post of ours beside it")


def _check_pages(folder: Path, files: Mapping[str, bytes]) -> None:
    """A page is written over one of ours only: `index.html` of a site may be its owner's."""
    for path in sorted(path for path, content in files.items() if GENERATOR in content):
        there = _there(folder / path)
        if there is not None and GENERATOR not in there:
            # pages once had no mark
            hint = (
                "a report by an older convoylog may be deleted;"
                " move anything else out of the way, or give another folder with -o"
            )
            raise _not_ours(folder / path, "no page of ours", hint)


def _there(target: Path) -> bytes | None:
    """What a file holds already; None if there is none."""
    try:
        return target.read_bytes() if target.exists() else None
    except OSError as error:
        raise disk_errors.told(error, target) from None


def _not_ours(
    target: Path, why: str, hint: str = "move it out of the way, or give another folder with -o"
) -> ConvoylogError:
    return ConvoylogError(f"{target} is there already, and {why}; nothing was written", hint=hint)


def _joined(target: Path, fresh: bytes) -> bytes:
    """The text to write: what the author has outside our marks stays as it is."""
    try:
        before = carefully.read_file(target, cap=_LONGEST_POST).decode()
    except FileNotFoundError:
        return fresh
    except UnicodeDecodeError:
        raise ConvoylogError(
            f"{target}: no text in UTF-8", hint="move it away, then try again"
        ) from None
    except OSError as error:
        raise disk_errors.told(error, target) from None
    try:
        return marked.join(before, fresh.decode()).encode()
    except BadInput as error:
        raise ConvoylogError(
            f"{target}: {error}; nothing was written",
            hint="move your words out of the marked part, or the file out of the way",
        ) from None


def packed(members: Mapping[str, bytes]) -> bytes:
    """A zip of these members, the same bytes every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(members.items()):
            packed = name.endswith((".jpg", ".png"))
            archive.writestr(
                zipfile.ZipInfo(name, _DATE),
                content,
                zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED,
            )
    return buffer.getvalue()
