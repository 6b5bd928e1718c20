"""One run of `add`: every file to its place, in order, with what lies beside it and what it repeats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from convoylog.cli import context, here, units
from convoylog.cli.rows import instant

if TYPE_CHECKING:
    from convoylog.files.candidates import Candidate
    from convoylog.files.examining import Examined
    from convoylog.files.load import Book
    from convoylog.files.memory import Memory
    from convoylog.files.store import Writer
    from convoylog.model.logbook import Car
    from convoylog.model.photos import Photograph
    from convoylog.model.tracks import Recording
    from convoylog.model.versions import View
    from convoylog.trips.same import Outline

#: what is read after the tracks, by its ending; what it is, its content says
PICTURES = (
    ".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif", ".mov", ".mp4", ".m4v", ".3gp",
    ".cr2", ".cr3", ".nef", ".arw", ".dng", ".orf", ".rw2", ".raf", ".pef", ".srw",
)  # fmt: skip


class Adder:
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
            if candidate.name.lower().endswith(PICTURES):
                self._pictures.setdefault(candidate.folder, []).append(candidate.name)
        self._removals = removals(self._root) if writer else {}

    def examine(self, candidate: Candidate) -> tuple[Examined, bytes]:
        """What a file is; called ahead, in threads, so it touches nothing of this object."""
        from convoylog.files import examining

        if self._via:
            return examining.examine_via(candidate, self._via, self._memory)
        return examining.examine(candidate, self._memory, self._columns)

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
    last = instant(bounds[1]) if bounds else None
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
