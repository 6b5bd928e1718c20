"""A logbook read whole: typed cars and entries, recordings and photo facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import TypeVar

from convoylog.errors import BadInput, ConvoylogError, Problem
from convoylog.files import door, layout, tree
from convoylog.files.carefully import read_file
from convoylog.files.disk import REAL, Disk
from convoylog.files.memory import Memory, no_memory
from convoylog.files.readers import sidecar
from convoylog.files.scan import Scan, kept_versions, scan
from convoylog.files.source import Folder
from convoylog.model.alike import join_cars, one_car, told_under
from convoylog.model.convoy import ConvoyRules
from convoylog.model.holding import kind_of, main_logbook
from convoylog.model.logbook import Car, Entry, Logbook, RecordedPhoto, RecordedTrack
from convoylog.model.pairs import pairs
from convoylog.model.photos import Photograph
from convoylog.model.versions import Version, View, view

_Original = TypeVar("_Original", RecordedTrack, RecordedPhoto)


@dataclass(frozen=True, slots=True)
class Book:
    """The written part of a logbook: what its entries say, without tracks and photos.

    under: car id → the id it is told under, of cars that are said to be one.
    apart: the cars as their files say, not joined.
    """

    id: str
    title: str
    zone: str
    cars: tuple[Car, ...]
    entries: tuple[Entry, ...]
    views: Mapping[str, View]
    found: Scan
    problems: tuple[Problem, ...]
    under: Mapping[str, str]
    apart: tuple[Car, ...]
    convoy: ConvoyRules


def read_cars(root: Path, disk: Disk = REAL) -> Book:
    """The logbook and its cars, no entry read. Raises ConvoylogError if the folder is no logbook."""
    return read_book(root, disk, cars_only=True)


def read_book(root: Path, disk: Disk = REAL, *, cars_only: bool = False) -> Book:
    """Cars and entries. Raises ConvoylogError if the folder is no logbook."""
    book = _read_book(root, disk, cars_only=cars_only)
    if not book.under:
        return book
    cars = {car.id: car for car in book.apart}
    return replace(book, entries=tuple(told_under(e, book.under, cars) for e in book.entries))


def _read_book(root: Path, disk: Disk, *, cars_only: bool) -> Book:
    """The book with every entry under its own car's id."""
    source = Folder(root, disk)
    if not disk.exists(root / layout.LOGBOOK):
        raise ConvoylogError(
            f"no `{layout.LOGBOOK}` in {root}", hint="make a logbook with `convoylog init`"
        )
    found = scan(source, cars_only=cars_only)
    problems = list(found.problems)
    groups: dict[str, list[Version]] = {}
    for entry in found.entries:
        groups.setdefault(entry.version.id, []).append(entry.version)
    # only where versions were made apart does the story need what they were made from
    several = [key for key, group in groups.items() if len(group) > 1]
    if several:
        kept, wrong = kept_versions(source, several)
        problems += wrong
        for key, group in kept.items():
            groups[key] += [v for v in group if all(v.hash != g.hash for g in groups[key])]
    views = {key: view(group) for key, group in groups.items()}
    main = main_logbook(views.values())
    heading = door.LogbookRow.model_validate({**views[main].fields}) if main else door.LogbookRow()
    entries = []
    for v in views.values():
        if kind_of(v) in ("logbook", "car", "copy", "original", "removal") or v.deleted:
            continue
        try:
            entries.append(door.entry_from(v))
        except BadInput as error:
            problems.append(Problem(v.id, "damaged", str(error), f"convoylog show {v.id}"))
    apart = _cars(found, views, problems)
    said = {car.id: _same_as(views, car.id) for car in apart}
    tops = one_car(said)
    return Book(
        id=main,
        title=heading.title,
        zone=heading.zone,
        cars=tuple(sorted((_elsewhere(c, said) for c in join_cars(apart, tops)), key=_by_number)),
        entries=tuple(sorted(entries, key=_by_time)),
        views=views,
        found=found,
        problems=tuple(problems),
        under={car: top for car, top in tops.items() if car != top},
        apart=apart,
        convoy=heading.convoy_rules(),
    )


def _same_as(views: Mapping[str, View], car: str) -> object:
    return views[car].fields.get("same_as") if car in views else None


def _elsewhere(car: Car, said: Mapping[str, object]) -> Car:
    """With the cars of other logbooks that its files say it is."""
    named = {said[key] for key in (car.id, *car.also)} - set(said)
    ids = sorted(name for name in named if isinstance(name, str) and name)
    return replace(car, elsewhere=tuple(ids)) if ids else car


def _by_time(entry: Entry) -> tuple[bool, float, str]:
    """By instant, then id. A time without an offset is ordered as if it were UTC until placed."""
    if entry.at is None:
        return (True, 0.0, entry.id)
    at = entry.at if entry.at.tzinfo else entry.at.replace(tzinfo=UTC)
    return (False, at.timestamp(), entry.id)


def _cars(found: Scan, views: Mapping[str, View], problems: list[Problem]) -> tuple[Car, ...]:
    cars = []
    for folder, car in sorted(found.folders.items()):
        v = views.get(car)
        if v is None:
            problems.append(
                Problem(
                    f"{layout.CARS}/{folder}",
                    "no-car",
                    "no car.toml that can be read",
                    hint=f'convoylog car add "{folder}"',
                )
            )
            cars.append(Car(car, folder, folder))
        elif kind_of(v) == "car" and not v.deleted:
            try:
                cars.append(door.car_from(v, folder))
            except BadInput as error:
                problems.append(Problem(f"{layout.CARS}/{folder}/car.toml", "damaged", str(error)))
                cars.append(Car(car, folder, folder))
    # one car in two folders (a copy by another program) is one car
    known = {car.id: car for car in reversed(cars)}
    return tuple(sorted(known.values(), key=_by_number))


def _by_number(car: Car) -> tuple[int, str]:
    """Cars in the order of the numbers on their doors, those without one after, by folder."""
    number = int(car.number) if car.number.isdecimal() and len(car.number) < 9 else 10**9
    return number, car.folder


def folder_of(book: Book, car: str) -> str:
    """The folder of a car, as it is called on this disk."""
    for folder, car_id in book.found.folders.items():
        if car_id == car:
            return folder
    return tree.folders_of(book.views.values()).get(car, "")


def load(root: Path, *, memory: Memory | None = None, disk: Disk = REAL) -> Logbook:
    """The whole logbook, recordings read. memory: what was read before, by content.

    Raises ConvoylogError if the folder is no logbook; all else is a problem in the result.
    """
    book = _read_book(root, disk, cars_only=False)
    remembered = memory or no_memory()
    problems = list(book.problems)
    tracks: list[RecordedTrack] = []
    photos: list[RecordedPhoto] = []
    seen: set[tuple[str, str]] = set()
    copies = _copies(book)
    records = _originals(book)
    beside = {(row.car, sha) for row in records.values() for sha in row.sidecars}
    sidecars: dict[tuple[str, str], Path] = {}
    for media in book.found.media:
        path = root / media.path
        try:
            # only where something is written down about originals does the content tell which
            key = (media.car, remembered.sha256(path, disk)) if records else ("", "")
            record = records.get(key)
            if record is not None and record.gpx:
                continue  # what another program made of it is read in its place
            if key in beside:
                sidecars[key] = path
                continue
            if media.kind == "tracks":
                columns = record.columns if record is not None else None
                sha256, recording = remembered.recording(path, disk, columns)
            else:
                sha256, photograph = remembered.photograph(path, disk)
        except (BadInput, ConvoylogError, OSError) as error:
            problems.append(Problem(media.path, "unreadable", str(error), "convoylog check"))
            continue
        if (media.car, sha256) in seen:
            continue  # the same original twice is one
        seen.add((media.car, sha256))
        if media.kind == "tracks":
            tracks.append(RecordedTrack(media.car, media.path, sha256, recording))
        else:
            photos.append(RecordedPhoto(media.car, media.path, sha256, photograph))
    photos = [_with_sidecars(p, records, sidecars, disk) for p in photos]
    # a copy that was cut to be shared gives way to its original
    tracks = [t for t in tracks if not _has_original(copies, seen, t.car, t.sha256)]
    photos = [
        replace(p, photograph=_told_by(copies[p.car, p.sha256], p.photograph))
        if (p.car, p.sha256) in copies
        else p
        for p in photos
        if not _has_original(copies, seen, p.car, p.sha256)
    ]
    photos, main = _together(photos)
    entries = tuple(_with_copies(entry, copies, seen, main) for entry in book.entries)
    if book.under:
        cars = {car.id: car for car in book.apart}
        entries = tuple(told_under(entry, book.under, cars) for entry in entries)
        tracks = _once(replace(t, car=book.under.get(t.car, t.car)) for t in tracks)
        photos = _once(replace(p, car=book.under.get(p.car, p.car)) for p in photos)
    return Logbook(
        book.id,
        book.title,
        book.zone,
        book.cars,
        entries,
        tuple(tracks),
        tuple(photos),
        tuple(problems),
        book.convoy,
    )


def _once(originals: Iterable[_Original]) -> list[_Original]:
    """The same original of one car once, where two folders of it hold it."""
    known: dict[tuple[str, str], _Original] = {}
    for original in originals:
        known.setdefault((original.car, original.sha256), original)
    return list(known.values())


def _originals(book: Book) -> dict[tuple[str, str], door.OriginalRow]:
    """(car, SHA-256 of an original) → what is written down about it."""
    result: dict[tuple[str, str], door.OriginalRow] = {}
    for _, v in sorted(book.views.items()):
        if kind_of(v) != "original" or v.deleted:
            continue
        try:
            row = door.OriginalRow.model_validate(dict(v.fields))
        except ValueError:
            continue  # checked when it was read; a view of disputed records may not fit together
        before = result.get((row.car, row.media))
        if before is not None:
            # what is said twice, the later record says; sidecars of both count
            sidecars = list(dict.fromkeys([*before.sidecars, *row.sidecars]))
            row = row.model_copy(
                update={
                    "columns": row.columns or before.columns,
                    "gpx": row.gpx or before.gpx,
                    "sidecars": sidecars,
                }
            )
        result[row.car, row.media] = row
    return result


def _copies(book: Book) -> dict[tuple[str, str], door.CopyRow]:
    """(car, SHA-256 of a copy) → what was recorded about its original."""
    result = {}
    for v in book.views.values():
        if kind_of(v) == "copy" and not v.deleted:
            try:
                row = door.CopyRow.model_validate(dict(v.fields))
            except ValueError:
                continue  # checked when it was read; a view of disputed copies may not fit together
            result[row.car, row.file] = row
    return result


def _has_original(
    copies: Mapping[tuple[str, str], door.CopyRow],
    seen: set[tuple[str, str]],
    car: str,
    sha256: str,
) -> bool:
    row = copies.get((car, sha256))
    return row is not None and row.of != sha256 and (car, row.of) in seen


def _told_by(row: door.CopyRow, seen: Photograph) -> Photograph:
    """The facts of a copied photo: size from its pixels, the rest from its record."""
    return replace(
        seen,
        taken=row.taken,
        offset_s=row.offset_s,
        gps_at=row.gps_at.timestamp() if row.gps_at and row.gps_at.tzinfo else None,
        lat=None if row.lat is None else float(row.lat),
        lon=None if row.lon is None else float(row.lon),
        ele=None if row.ele is None else float(row.ele),
        make="",
        model="",
        serial="",
        camera=row.camera,
    )


def _with_sidecars(
    photo: RecordedPhoto,
    records: Mapping[tuple[str, str], door.OriginalRow],
    sidecars: Mapping[tuple[str, str], Path],
    disk: Disk,
) -> RecordedPhoto:
    """The photo with what the files beside it tell, where it says nothing itself."""
    record = records.get((photo.car, photo.sha256))
    for sha256 in record.sidecars if record is not None else ():
        path = sidecars.get((photo.car, sha256))
        if path is None:
            continue  # not arrived yet
        try:
            found = sidecar.recognise(read_file(path, cap=sidecar.LARGEST, disk=disk))
        except (BadInput, ConvoylogError, OSError):
            continue  # `check` tells what cannot be read
        if found is not None:
            photo = replace(photo, photograph=sidecar.told_by(photo.photograph, found))
    return photo


def _together(
    photos: list[RecordedPhoto],
) -> tuple[list[RecordedPhoto], dict[tuple[str, str], str]]:
    """(photos, (car, SHA-256 of a companion that counts with its photo) → SHA-256 of that photo).

    Companions are raw files and moving parts.
    """
    main: dict[tuple[str, str], str] = {}
    for car in {photo.car for photo in photos}:
        found = pairs({p.sha256: p.photograph for p in photos if p.car == car})
        main |= {(car, companion): photo for companion, photo in found.items()}
    return [p for p in photos if (p.car, p.sha256) not in main], main


def _with_copies(
    entry: Entry,
    copies: Mapping[tuple[str, str], door.CopyRow],
    seen: set[tuple[str, str]],
    main: Mapping[tuple[str, str], str],
) -> Entry:
    """An entry names originals; where only a copy is here, it shows the copy.

    main: what a companion is shown as.
    """
    if not entry.photos:
        return entry
    by_original = {(row.car, row.of): row.file for row in copies.values()}
    here = (
        sha if (entry.car, sha) in seen else by_original.get((entry.car, sha), sha)
        for sha in entry.photos
    )
    shown = tuple(dict.fromkeys(main.get((entry.car, sha), sha) for sha in here))
    return replace(entry, photos=shown) if shown != entry.photos else entry
