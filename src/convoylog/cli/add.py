"""`convoylog add`: tracks and photos, told apart by content."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, here, screen, units
from convoylog.cli.options import CarOption, DryRunOption, JsonOption, LogbookOption

if TYPE_CHECKING:
    from convoylog.files.adding import Examined
    from convoylog.model.logbook import Car
    from convoylog.model.photos import Photograph
    from convoylog.model.versions import View


def add(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Files and folders; they are copied, never moved."),
    ],
    car: CarOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
    logbook: LogbookOption = None,
) -> int:
    """Bring tracks and photos into your car's log.

    Example:

        convoylog add ~/Downloads/day1.gpx ~/Pictures/rally
    """
    from convoylog.errors import ConvoylogError
    from convoylog.files import adding, load, store

    root = context.find_logbook(logbook)
    book = load.read_cars(root)
    whose = here.pick_car(book, car)
    shelf = adding.Shelf(book.found, whose.id, whose.folder)
    # tracks first: they tell in which zone a photo without one was taken
    gathered = list(adding.gather(paths, skip=root.resolve()))
    files = sorted(gathered, key=lambda row: row[0].suffix.lower() in _PICTURES)
    along = _Along(root, whose)
    rows: list[Examined] = []

    def work(writer: store.Writer | None) -> None:
        views = removals(root) if writer else {}
        for path, why in screen.progress(files, "adding"):
            if why:
                row = adding.Examined(str(path), "refused", reason=why)
            else:
                seen, content = adding.examine(path, str(path))
                row = adding.add_one(
                    writer,
                    seen,
                    content,
                    shelf,
                    views.values(),
                    lambda r: instant_of(r, along.zone_of(r) or whose.zone),
                )
            rows.append(row)
            if not json:
                _tell(row, dry_run)

    try:
        if dry_run:
            work(None)
        else:
            with store.writing(root, "add", now=context.now(), device=here.device()) as writer:
                work(writer)
            here.remember_car(book.id, whose.id)
    except KeyboardInterrupt:
        done = sum(row.result != "refused" for row in rows)
        stopped = ConvoylogError(
            f"{done} of {len(files)} added",
            hint="repeat the command to go on; what is here is not added twice",
        )
        stopped.code = 130
        raise stopped from None
    if json:
        screen.json_out({"files": [_row(row) for row in rows]})
    else:
        _sum_up(rows, dry_run, whose)
    return 1 if any(row.result == "refused" for row in rows) or not rows else 0


_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic"})


class _Along:
    """The zone at a car's place when a photo was taken; its tracks are read at the first one."""

    def __init__(self, root: Path, car: Car) -> None:
        self._root, self._car = root, car
        self._zones: Callable[[float], str] | None = None

    def zone_of(self, row: Examined) -> str:
        """IANA zone, "" for a track, for a photo that says its own time, and where no track tells."""
        photo = row.photograph
        if (
            photo is None
            or photo.offset_s is not None
            or photo.gps_at is not None
            or not photo.taken
        ):
            return ""
        try:
            # the zone half a day off is the right one but on the days a car crosses a border
            wall = datetime.fromisoformat(photo.taken).replace(tzinfo=UTC).timestamp()
        except ValueError:
            return ""
        if self._zones is None:
            from convoylog.files import load
            from convoylog.trips import account

            self._zones = account.zone_of(load.load(self._root, memory=here.memory()), self._car)
        return self._zones(wall)


def removals(root: Path) -> dict[str, View]:
    """Views of the removals of originals: tombstones live among the kept versions only."""
    from convoylog.files.scan import kept_versions
    from convoylog.files.source import Folder
    from convoylog.model.versions import view

    kept, _ = kept_versions(Folder(root))
    return {
        key: view(group) for key, group in kept.items() if any(v.kind == "removal" for v in group)
    }


def instant_of(row: Examined, zone: str) -> datetime | None:
    """When a recording began or a photo was taken, as far as its name needs to know.

    zone: the car's home zone, for a photo that does not say its own.
    """
    from convoylog.files.adding import first_instant

    if row.recording is not None:
        return first_instant(row.recording)
    return None if row.photograph is None else photo_instant(row.photograph, zone)


def photo_instant(photo: Photograph, zone: str) -> datetime | None:
    """The instant a photo says itself, else its wall time in the car's home zone, else None."""
    if photo.taken:
        try:
            taken = datetime.fromisoformat(photo.taken)
            if photo.offset_s is not None:
                return datetime.fromtimestamp(
                    taken.replace(tzinfo=UTC).timestamp() - photo.offset_s, UTC
                )
            if photo.gps_at is None and zone:
                from zoneinfo import ZoneInfo

                return taken.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        except (ValueError, OverflowError, OSError):
            return None
    return None if photo.gps_at is None else datetime.fromtimestamp(photo.gps_at, UTC)


def _tell(row: Examined, dry_run: bool) -> None:
    name = screen.visible(Path(row.file).name)
    if row.result == "refused":
        screen.tell(("refused", "red"), f"  {name}: {screen.visible(row.reason)}")
        return
    result = {"added": "would add" if dry_run else "added", "already": "already"}[row.result]
    screen.tell(
        (f"{result:<7}", "green" if row.result == "added" else "dim"),
        f"  {name}: {_described(row)}",
    )
    for warning in row.warnings:
        screen.tell(f"         {screen.visible(warning)}")


def _described(row: Examined) -> str:
    if row.result == "already":
        return screen.visible(row.reason)
    if row.recording is not None:
        found = row.recording
        bounds = found.bounds()
        when = f", {_short(bounds[0])} to {_short(bounds[1])}" if bounds else ", no times"
        extras = [
            units.counted(len(found.waypoints), "waypoint") if found.waypoints else "",
            units.counted(len(found.routes), "route") if found.routes else "",
        ]
        more = "".join(f", {extra}" for extra in extras if extra)
        by = f" by {screen.visible(found.creator[:40])}" if found.creator else ""
        return f"{found.format}{by}, {units.counted(found.points, 'point')}{more}, {units.km(length(row))}{when}"
    photo = row.photograph
    assert photo is not None  # noqa: S101 - an added row holds one of the two
    camera = " ".join(word for word in (photo.make, photo.model) if word)
    when = f", {screen.visible(photo.taken.replace('T', ' '))}" if photo.taken else ", no time"
    offset = "" if photo.offset_s is not None or not photo.taken else " (no zone)"
    where = ", with position" if photo.lat is not None else ""
    return f"{photo.format}{' by ' + screen.visible(camera[:40]) if camera else ''}{when}{offset}{where}"


def _short(at: float) -> str:
    try:
        return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%MZ}"
    except (ValueError, OverflowError, OSError):
        return "?"


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


def _row(row: Examined) -> dict[str, object]:
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
            "from": _iso(bounds[0]) if bounds else None, "to": _iso(bounds[1]) if bounds else None,
            "distance_m": round(length(row), 3),
        }  # fmt: skip
    elif row.photograph is not None:
        photo = row.photograph
        document |= {
            "width": photo.width, "height": photo.height, "taken": photo.taken or None,
            "offset_s": photo.offset_s, "lat": photo.lat, "lon": photo.lon,
        }  # fmt: skip
    path = row.path if "/" in row.path else None
    return document | {"path": path, "reason": row.reason or None, "warnings": list(row.warnings)}


def _iso(at: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(at, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _sum_up(rows: list[Examined], dry_run: bool, car: Car) -> None:
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
