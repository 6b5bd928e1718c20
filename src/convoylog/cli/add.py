"""`convoylog add`: tracks and photos, told apart by content."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, here, screen, units
from convoylog.cli.options import CarOption, DryRunOption, JsonOption, LogbookOption

if TYPE_CHECKING:
    from convoylog.files.adding import Candidate, Examined
    from convoylog.files.load import Book
    from convoylog.files.memory import Memory
    from convoylog.files.store import Writer
    from convoylog.model.logbook import Car
    from convoylog.model.photos import Photograph
    from convoylog.model.tracks import Recording
    from convoylog.model.versions import View
    from convoylog.trips.same import Outline


def add(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...", help="Files, folders and zips; they are copied, never moved."
        ),
    ],
    car: CarOption = None,
    columns: Annotated[
        str,
        typer.Option(
            metavar="COLUMNS",
            help="The columns of a table, where their names do not tell: time=Stamp,lat=Y,lon=X",
        ),
    ] = "",
    via: Annotated[
        str,
        typer.Option(
            metavar="PROGRAM:FORMAT",
            help="Let another program read the files first: gpsbabel:igc",
        ),
    ] = "",
    limit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT=NUMBER",
            help="Read more of one file, from now on: points=5000000, track=200MB, photo=1GB,"
            " megapixels=150",
        ),
    ] = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
    logbook: LogbookOption = None,
) -> int:
    """Bring tracks and photos into your car's log, whatever recorded them.

    GPX, FIT, TCX, KML and KMZ, NMEA, GeoJSON, tables (CSV), phone timelines, packed with gzip,
    bzip2 or zip; JPEG, PNG, WebP, HEIC, AVIF and raw photos, clips, and the files beside them.

    Example:

        convoylog add ~/Downloads/day1.gpx ~/Pictures/rally
    """
    from convoylog.errors import ConvoylogError
    from convoylog.files import adding, ahead, load, store

    for words in limit or ():
        _raise_limit(words)
    root = context.find_logbook(logbook)
    book = load.read_cars(root)
    whose = here.pick_car(book, car)
    memory = here.memory()
    # tracks first: they tell in which zone a photo without one was taken
    files = sorted(
        adding.gather(paths, skip=root.resolve()), key=lambda c: c.name.lower().endswith(_PICTURES)
    )
    told = _columns(columns)
    adder = _Adder(root, book, whose, memory, via=_via(via), columns=told, dry_run=dry_run)
    recordings = [c.path for c in files if not (c.member or c.name.lower().endswith(_PICTURES))]
    ahead.warm(recordings, here.cache_folder(), memory.limits)

    def work(writer: store.Writer | None) -> None:
        adder.begin(writer, files)
        # closed at once also when interrupted, since threads wait behind it
        with closing(ahead.in_order(files, adder.examine, lambda c: c.size)) as seen:
            for candidate in screen.progress(files, "adding"):
                row = adder.take(candidate, *next(seen))
                if row is not None and not json:
                    _tell(row, dry_run)
        for row in adder.finish():
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
        done = sum(row.result != "refused" for row in adder.rows)
        stopped = ConvoylogError(
            f"{done} of {len(files)} added",
            hint="repeat the command to go on; what is here is not added twice",
        )
        stopped.code = 130
        raise stopped from None
    rows = adder.rows
    if json:
        screen.json_out({"files": [_row(row) for row in rows]})
    else:
        _sum_up(rows, dry_run, whose)
    return 1 if any(row.result == "refused" for row in rows) or not rows else 0


#: what is read after the tracks, by its ending; what it is, its content says
_PICTURES = (
    ".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif", ".mov", ".mp4", ".m4v", ".3gp",
    ".cr2", ".cr3", ".nef", ".arw", ".dng", ".orf", ".rw2", ".raf", ".pef", ".srw",
)  # fmt: skip


def _columns(text: str) -> dict[str, str]:
    """ "time=Stamp,lat=Y" as a table; "," between quotes is not meant to be used. Raises UsageError."""
    from convoylog.errors import UsageError

    found = {}
    for part in filter(None, text.split(",")):
        key, equals, value = part.partition("=")
        if not equals or not key.strip() or not value:
            raise UsageError(
                f"not understood: --columns {text!r}", hint="--columns time=Stamp,lat=Y,lon=X"
            )
        found[key.strip()] = value
    return found


def _via(text: str) -> str:
    """The format of GPSBabel that is meant, "" for none. Raises UsageError."""
    from convoylog.errors import UsageError

    program, _, form = text.partition(":")
    if text and (program != "gpsbabel" or not form):
        raise UsageError(f"not understood: --via {text!r}", hint="--via gpsbabel:igc")
    return form


def _raise_limit(text: str) -> None:
    from convoylog.errors import UsageError

    match = re.fullmatch(r"(points|track|photo|megapixels)=([0-9]{1,12})(?:(M|G)B)?", text)
    if match is None:
        raise UsageError(f"not understood: --limit {text!r}", hint="--limit track=200MB")
    what, number, unit = match.groups()
    value = int(number) * {"M": 10**6, "G": 10**9, None: 1}[unit]
    name = {"points": "points", "track": "track_bytes", "photo": "photo_bytes"}.get(what, "pixels")
    here.raise_limits(**{name: value * 10**6 if what == "megapixels" else value})


class _Adder:
    """One run of `add`: takes examined files one by one, in order."""

    def __init__(
        self,
        root: Path,
        book: Book,
        car: Car,
        memory: Memory,
        *,
        via: str,
        columns: dict[str, str],
        dry_run: bool,
    ) -> None:
        from convoylog.files import adding

        self.rows: list[Examined] = []
        self._root, self._book, self._car, self._memory = root, book, car, memory
        self._via, self._columns, self._dry_run = via, columns, dry_run
        self._shelf = adding.Shelf(book.found, car.id, car.folder)
        self._along = _Along(root, car)
        self._twins = _Twins(root, book, car, memory)
        self._writer: Writer | None = None
        #: folder → names of its pictures; files that tell about some of them, waiting
        self._pictures: dict[str, list[str]] = {}
        self._beside: dict[str, list[tuple[str, Examined, bytes]]] = {}
        self._used: list[Examined] = []
        self._removals: Mapping[str, View] = {}

    def begin(self, writer: Writer | None, files: list[Candidate]) -> None:
        self._writer = writer
        for candidate in files:
            if candidate.name.lower().endswith(_PICTURES):
                self._pictures.setdefault(candidate.folder, []).append(candidate.name)
        self._removals = removals(self._root) if writer else {}

    def examine(self, candidate: Candidate) -> tuple[Examined, bytes]:
        """What a file is; called ahead, in threads, so it touches nothing of this object."""
        from convoylog.files import adding

        if self._via:
            return adding.examine_via(candidate, self._via, self._memory)
        return adding.examine(candidate, self._memory, self._columns)

    def take(self, candidate: Candidate, row: Examined, content: bytes) -> Examined | None:
        """Put an examined file where it belongs, and say what it is; None if that comes later."""
        from convoylog.files import adding
        from convoylog.files.readers import sidecar

        if row.result == "beside":
            self._beside.setdefault(candidate.folder, []).append((candidate.name, row, content))
            return None
        about = self._about(candidate) if row.photograph is not None else []
        for _, beside, _ in about:
            if row.photograph is not None and beside.sidecar is not None:
                photo = sidecar.told_by(row.photograph, beside.sidecar)
                row = replace(row, photograph=photo, warnings=photo.warnings)
        if row.recording is not None and (odd := ahead_of(row.recording, context.now())):
            row = replace(row, warnings=(*row.warnings, odd))
        row = adding.add_one(
            self._writer,
            row,
            content,
            self._shelf,
            self._removals.values(),
            lambda r: instant_of(r, self._along.zone_of(r) or self._car.zone),
            made_from=candidate.name if self._columns or self._via else "",
        )
        if row.result == "added" and row.recording is not None:
            row = replace(row, same_as=self._twins.find(row))
            self._twins.add(row)
        self.rows.append(row)
        if row.result != "refused":
            at = instant_of(row, self._car.zone)
            for found in about:
                self._used.append(adding.add_beside(self._writer, *found[1:], self._shelf, row, at))
                self._beside[candidate.folder].remove(found)
        return row

    def _about(self, candidate: Candidate) -> list[tuple[str, Examined, bytes]]:
        """The files in the same folder that tell about a photo."""
        from convoylog.files.readers import sidecar

        names = self._pictures.get(candidate.folder, [])
        return [
            found
            for found in self._beside.get(candidate.folder, ())
            if found[1].sidecar is not None
            and sidecar.partner(found[0], found[1].sidecar, names) == candidate.name
        ]

    def finish(self) -> list[Examined]:
        """What the files beside photos came to."""
        rows = list(self._used)
        for waiting in self._beside.values():
            rows += [
                replace(row, result="refused", reason=f"{row.format}: its photo is not beside it")
                for _, row, _ in waiting
            ]
        self.rows += rows
        return rows


class _Twins:
    """The car's recordings, to tell when a new one is one of them, exported once more."""

    def __init__(self, root: Path, book: Book, car: Car, memory: Memory) -> None:
        self._root, self._memory = root, memory
        self._paths = [m.path for m in book.found.media if m.kind == "tracks" and m.car == car.id]
        self._known: list[tuple[str, Recording, Outline]] = []
        self._loaded = False

    def find(self, row: Examined) -> str:
        """In plain words, of which recording the row's is a copy; "" if of none."""
        from convoylog.errors import BadInput, ConvoylogError
        from convoylog.trips.same import may_be_same, outline, same_recording

        if not self._loaded:
            self._loaded = True
            for path in self._paths:
                with suppress(BadInput, ConvoylogError, OSError):
                    self._know(path, self._memory.recording(self._root / path)[1])
        assert row.recording is not None  # noqa: S101 - asked of recordings only
        off_by = ""
        mine = outline(row.recording)
        for path, recording, its in self._known:
            if not may_be_same(mine, its):
                continue
            found = same_recording(row.recording, recording)
            if found is not None and not found.shift_s:
                return f"{path}, exported once more: both are kept and counted once"
            if found is not None and not off_by:
                ahead = "ahead" if found.shift_s > 0 else "behind"
                off_by = (
                    f"{path}, its clock {units.duration(abs(found.shift_s))} {ahead}:"
                    " `convoylog remove` the one that is wrong, or it counts twice"
                )
        return off_by

    def add(self, row: Examined) -> None:
        if row.recording is not None:
            self._know(row.path, row.recording)

    def _know(self, path: str, recording: Recording) -> None:
        from convoylog.trips.same import outline

        self._known.append((path, recording, outline(recording)))


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


#: a GPS receiver counts weeks up to 1,024 and begins again. Source: IS-GPS-200, 20.3.3.3.1.1
_WEEKS = timedelta(weeks=1024)


def ahead_of(recording: Recording, now: datetime) -> str:
    """What is odd about a recording whose times are still to come; "" if they are not."""
    bounds = recording.bounds()
    last = _iso(bounds[1]) if bounds else None
    # a day: a clock in another zone, taken for UTC
    if last is None or last < now + timedelta(days=1):
        return ""
    told = f"its times are in the future, until {last:%Y-%m-%d}"
    if last - _WEEKS > now:
        return told
    return (
        f"{told}: a receiver that lost count of the weeks? 1,024 back is {last - _WEEKS:%Y-%m-%d}"
    )


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


def _called(file: Path) -> str:
    """A file's name; what lies in a zip with the zip's: many zips hold a `track.gpx`."""
    if file.parent.is_dir():
        return file.name
    archive = next((above for above in file.parents if above.is_file()), file.parent)
    return str(file.relative_to(archive.parent))


def _tell(row: Examined, dry_run: bool) -> None:
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
    if row.recording is not None:
        document |= {"device": row.recording.creator or None, "time_from": row.recording.time_from or None,
                     "columns": _columns_of(row), "same_as": row.same_as.partition(",")[0] or None}  # fmt: skip
    return document | {"path": path, "reason": row.reason or None, "warnings": list(row.warnings)}


def _columns_of(row: Examined) -> list[str]:
    """Names of the further columns that some track of a recording has."""
    tracks = row.recording.tracks if row.recording else ()
    return sorted({name for track in tracks for name in track.more})


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
