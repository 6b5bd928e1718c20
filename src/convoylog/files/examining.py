"""What a file is that may be added: told by its content, never by its name alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from convoylog.errors import BadInput, ConvoylogError
from convoylog.files.candidates import Candidate, content_of
from convoylog.files.memory import Memory, no_memory
from convoylog.files.readers import READERS, reader_for, recognise, sidecar
from convoylog.model.photos import Photograph, Sidecar
from convoylog.model.tracks import Recording

#: endings of files that may tell about a photo beside them; their content decides
_SIDECARS = (".xmp", ".json")


@dataclass(frozen=True, slots=True)
class Examined:
    """One file as `add` sees it.

    result: added, already, refused (with --dry-run: what it would be), or beside: it tells about
    another file. kind: track, photo or "". reason: why refused, or where it is already.
    path: in the logbook, once it is there; before, the ending it will have. same_as: the path of
    a recording that this one is an export of. sidecar: what it tells about a photo.
    converted: the GPX another program made of it.
    record: what is written down about it beside it.
    """

    file: str
    result: str
    kind: str = ""
    format: str = ""
    reason: str = ""
    path: str = ""
    sha256: str = ""
    recording: Recording | None = None
    photograph: Photograph | None = None
    warnings: tuple[str, ...] = ()
    same_as: str = ""
    converted: bytes = b""
    sidecar: Sidecar | None = None
    record: Mapping[str, object] = field(default_factory=dict)


def examine(
    candidate: Candidate, memory: Memory | None = None, columns: Mapping[str, str] | None = None
) -> tuple[Examined, bytes]:
    """Read one file and say what it is; its bytes if it can be kept, else none.

    columns: what the person says about the columns of tables.
    """
    shown = candidate.shown
    if candidate.why:
        return Examined(shown, "refused", reason=candidate.why), b""
    memory = memory or no_memory()
    try:
        content = content_of(candidate, memory.limits)
    except FileNotFoundError:
        return Examined(shown, "refused", reason="no such file"), b""
    except (BadInput, ConvoylogError) as error:
        return Examined(shown, "refused", reason=str(error)), b""
    except OSError as error:
        return Examined(shown, "refused", reason=(error.strerror or "cannot be read").lower()), b""
    if candidate.member and recognise(content) is READERS["zip"]:
        return Examined(shown, "refused", reason="a zip inside a zip: unpack it first"), b""
    row = recognised(content, shown, memory, columns)
    return row, content if row.result in ("added", "beside") else b""


def examine_via(candidate: Candidate, form: str, memory: Memory) -> tuple[Examined, bytes]:
    """As `examine`, of a file that GPSBabel reads as `form`."""
    from convoylog.files import babel

    shown = candidate.shown
    try:
        content = content_of(candidate, memory.limits)
        made = babel.convert(content, form, memory.limits.track_bytes)
        row = recognised(made, shown, memory)
    except BadInput as error:
        return Examined(shown, "refused", reason=str(error)), b""
    except OSError as error:
        return Examined(shown, "refused", reason=(error.strerror or "cannot be read").lower()), b""
    if row.result != "added" or row.recording is None:
        return row, b""
    ending = candidate.name.rpartition(".")[2].lower()
    plain = ending.isalnum() and ending.isascii() and len(ending) <= 5 and ending != "gpx"
    record = {"gpx": row.sha256, "made_by": f"gpsbabel {form}"}
    return replace(
        row,
        sha256=hashlib.sha256(content).hexdigest(),
        format=f"{form} through GPSBabel",
        path=f".{ending if plain else 'bin'}",
        converted=made,
        record=record,
    ), content


def recognised(
    content: bytes,
    shown: str,
    memory: Memory | None = None,
    columns: Mapping[str, str] | None = None,
) -> Examined:
    """What some bytes are. shown: the file's path or name, as the person knows it."""
    memory = memory or no_memory()
    sha256 = hashlib.sha256(content).hexdigest()
    name = Path(shown).name
    try:
        if name.lower().endswith(_SIDECARS) and (told := sidecar.recognise(content)) is not None:
            ending = f".{name.rpartition('.')[2].lower()}"
            return Examined(shown, "beside", "sidecar", told.source, sha256=sha256,
                            path=ending, sidecar=told, warnings=told.warnings)  # fmt: skip
        reader = READERS["csv"] if columns else reader_for(content, name)
        if reader.kind in ("entry", "bundle"):
            reader.read(content)  # says what to do with it
        found = memory.read(content, sha256, name, columns)
    except BadInput as error:
        return Examined(shown, "refused", reason=str(error), sha256=sha256)
    row = Examined(shown, "added", format=found.format, sha256=sha256, warnings=found.warnings)
    if columns:
        row = replace(row, record={"columns": dict(columns)})
    if isinstance(found, Photograph):
        ending = f".{found.ending}" if found.ending else reader.ending
        return replace(row, kind="photo", photograph=found, path=ending)
    if found.points or found.waypoints or found.routes:
        return replace(row, kind="track", recording=found, path=reader.ending)
    reason = "; ".join(("it holds no point, waypoint or route", *found.warnings))
    return replace(row, result="refused", kind="track", reason=reason)
