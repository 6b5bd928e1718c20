"""What `add` tells of each file: in lines for people, in rows for programs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from convoylog.cli import screen, units
from convoylog.cli.rows import instant

if TYPE_CHECKING:
    from convoylog.files.examining import Examined
    from convoylog.model.logbook import Car
    from convoylog.model.tracks import Recording


def _called(file: Path) -> str:
    """A file's name; what lies in a zip with the zip's: many zips hold a `track.gpx`."""
    if file.parent.is_dir():
        return file.name
    archive = next((above for above in file.parents if above.is_file()), file.parent)
    return str(file.relative_to(archive.parent))


def tell(row: Examined, dry_run: bool) -> None:
    name = screen.visible(_called(Path(row.file)))
    if row.result == "refused":
        screen.tell(("refused", "red"), f"  {name}: {screen.visible(row.reason)}")
        return
    result = {"added": "would add" if dry_run else "added", "already": "already"}[row.result]
    screen.tell(
        (f"{result:<7}", "green" if row.result == "added" else "dim"),
        f"  {name}: {_described(row)}",
    )
    if row.result == "added" and row.recording is not None:
        screen.tell(f"         {_contents(row.recording, length(row))}")
    if row.same_as:
        screen.tell(f"         the same recording as {screen.visible(row.same_as)}")
    for warning in row.warnings:
        screen.tell(f"         {screen.visible(warning)}")


def _described(row: Examined) -> str:
    if row.result == "already":
        return screen.visible(row.reason)
    if row.recording is not None:
        found = row.recording
        by = f" by {screen.visible(found.creator[:40])}" if found.creator else ""
        return f"{row.format}{by}"
    photo = row.photograph
    if photo is None:
        return f"{row.format}, about a photo beside it"
    # "Canon" and "Canon EOS 600D"
    repeated = photo.make and photo.model.lower().startswith(photo.make.lower())
    camera = photo.model if repeated else " ".join(filter(None, (photo.make, photo.model)))
    when = f", {screen.visible(photo.taken.replace('T', ' '))}" if photo.taken else ", no time"
    offset = "" if photo.offset_s is not None or not photo.taken else " (no zone)"
    where = ", with position" if photo.lat is not None else ""
    return f"{photo.format}{' by ' + screen.visible(camera[:40]) if camera else ''}{when}{offset}{where}"


def _contents(found: Recording, metres: float) -> str:
    """How much a recording holds, how far, how long, and when."""
    parts = [
        units.counted(number, one)
        for number, one in (
            (len(found.tracks) if len(found.tracks) > 1 else 0, "track"),
            (found.points, "point"),
            (len(found.waypoints), "waypoint"),
            (len(found.routes), "route"),
        )
        if number
    ]
    bounds = found.bounds()
    if found.points:
        lasting = f" in {units.duration(bounds[1] - bounds[0])}" if bounds else ", no times"
        parts.append(f"{units.km(metres)}{lasting}")
    if bounds:
        begin, end = (_short(at) for at in bounds)
        # the day is said once
        parts.append(f"{begin} to {end[11:] if end[:10] == begin[:10] else end}")
    return ", ".join(parts)


def _short(at: float) -> str:
    when = instant(at)
    return f"{when:%Y-%m-%d %H:%MZ}" if when else "?"


def length(row: Examined) -> float:
    """Metres along the recorded points, within segments, nothing cleaned."""
    import numpy as np

    from convoylog import geo

    total = 0.0
    for track in row.recording.tracks if row.recording else ():
        if len(track) > 1:
            hops = geo.hops_m(track.lat, track.lon)
            total += float(np.nansum(hops[track.segment[1:] == track.segment[:-1]]))
    return total


def row_of(row: Examined) -> dict[str, object]:
    """A file as `cli.md` promises it to programs."""
    document: dict[str, object] = {
        "file": row.file,
        "result": row.result,
        "kind": row.kind,
        "format": row.format,
    }
    if row.recording is not None:
        found = row.recording
        bounds = found.bounds()
        document |= {
            "tracks": len(found.tracks), "segments": found.segments, "points": found.points,
            "waypoints": len(found.waypoints), "routes": len(found.routes),
            "from": instant(bounds[0]) if bounds else None, "to": instant(bounds[1]) if bounds else None,
            "distance_m": round(length(row), 3),
        }  # fmt: skip
    elif row.photograph is not None:
        photo = row.photograph
        document |= {
            "width": photo.width, "height": photo.height, "taken": photo.taken or None,
            "offset_s": photo.offset_s, "lat": photo.lat, "lon": photo.lon,
        }  # fmt: skip
    path = row.path if "/" in row.path else None
    if row.recording is not None:
        document |= {"device": row.recording.creator or None, "time_from": row.recording.time_from or None,
                     "columns": _columns_of(row), "same_as": row.same_as.partition(",")[0] or None}  # fmt: skip
    return document | {"path": path, "reason": row.reason or None, "warnings": list(row.warnings)}


def _columns_of(row: Examined) -> list[str]:
    """Names of the further columns that some track of a recording has."""
    tracks = row.recording.tracks if row.recording else ()
    return sorted({name for track in tracks for name in track.more})


def sum_up(rows: list[Examined], dry_run: bool, car: Car) -> None:
    if not rows:
        screen.talk("nothing to add: no file there")
        return
    tracks = sum(row.result == "added" and row.kind == "track" for row in rows)
    photos = sum(row.result == "added" and row.kind == "photo" for row in rows)
    already = sum(row.result == "already" for row in rows)
    refused = sum(row.result == "refused" for row in rows)
    verb = "would add" if dry_run else "added"
    parts = [
        f"{verb} {units.counted(tracks, 'track')} and {units.counted(photos, 'photo')} of {screen.visible(car.name)}"
    ]
    if already:
        parts.append(f"{already} here already")
    if refused:
        parts.append(f"{refused} refused")
    screen.talk("; ".join(parts))
    hint = next(filter(None, map(_limit_hint, rows)), "")
    if hint:
        screen.talk(hint)


#: what a refusal over a limit says → what raises it
_LIMITS = (
    ("megapixels, over the limit", "megapixels=150"),
    (r"more than [\d,]+ points", "points=5000000"),
    ("larger than", "track=200MB --limit photo=1GB"),
)


def _limit_hint(row: Examined) -> str:
    """How to read a file that was refused for its size, "" for any other."""
    if row.result != "refused":
        return ""
    raised = next((words for what, words in _LIMITS if re.search(what, row.reason)), "")
    return f"hint: `--limit {raised}` reads more, if you trust the file" if raised else ""
