"""`convoylog demo`: a whole example trip, made on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import screen
from convoylog.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from convoylog.demo.story import Demo, DemoCar, DemoNote
    from convoylog.files.adding import Shelf
    from convoylog.files.store import Writer
    from convoylog.model.versions import Version

#: the demo's own names of devices: this laptop's has no business in it
_DEVICE = "demo00000000000{}"


def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", show_default=False)] = Path(
        "demo-logbook"
    ),
    seed: Annotated[int, typer.Option("--seed", help="Another number, another trip.")] = 1,
) -> None:
    """Make a five-car trip with tracks, notes and photos, merge it, and tell it.

    DIR must not be there yet, or be empty; without one, it is `demo-logbook` here.

        convoylog demo
    """
    from convoylog.cli.report_build import build, sizes
    from convoylog.demo.story import make_demo

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} is there already", hint="name another folder: `convoylog demo my-demo`"
        )
    screen.talk("drawing five cars' worth of roads, weather and pictures ...")
    told = make_demo(seed)
    now = min(note.at for car in told.cars for note in car.notes)
    cars = folder / "cars-apart"
    for number, car in enumerate(told.cars, 1):
        one_logbook(cars / _slug(car.name), told, car, now, _DEVICE.format(number))
    book = folder / "logbook"
    join(book, told, [cars / _slug(car.name) for car in told.cars], now)
    page, _, _ = build(book, "html", book / "reports" / "html", "full")
    screen.tell(f"five cars apart:   {cars}")
    screen.tell(f"merged logbook:    {book}")
    screen.tell(f"its report:        {page} ({sizes(page.parent)})")
    screen.talk(f"open the report in a browser; then try `convoylog --logbook {book} log`")


def _slug(name: str) -> str:
    from convoylog.files import layout

    return layout.slug(name) or "car"


def one_logbook(root: Path, told: Demo, car: DemoCar, now: datetime, device: str) -> None:
    """One car's own logbook, written through the store as its driver would."""
    from convoylog.cli.car import car_version
    from convoylog.files import adding, scan, store, toml
    from convoylog.files.source import Folder

    store.init(root, told.title, now=now, device=device)
    keys = ("driver", "vehicle", "number", "colour", "zone", "share", "odometer")
    settings = {key: str(getattr(car, key)) for key in keys}
    with store.writing(root, "demo", now=now, device=device) as writer:
        first = car_version(car.name, settings, now, ())
        fields = {**first.fields, **_cameras(car)}
        version = toml.write_version(fields, entry_id=_id(told, car.name, now))
        folder = str(fields["folder"])
        writer.add(version, folder)
        shelf = adding.Shelf(scan.scan(Folder(root)), version.id, folder)
        photos = _bring_media(writer, car, shelf)
        for note in car.notes:
            writer.add(_note(told, note, version.id, photos), folder)


def _id(told: Demo, key: str, at: datetime) -> str:
    """The same thing of the demo has the same id wherever the demo is made."""
    from convoylog.files import layout

    return layout.id_from(f"{told.title} {key}".encode(), at)


def _cameras(car: DemoCar) -> dict[str, object]:
    from datetime import UTC, datetime

    rows: dict[str, object] = {}
    for camera in car.cameras:
        row: dict[str, object] = {"name": camera.name}
        if camera.zone:
            row["zone"] = camera.zone
        if camera.sync:
            row["sync"] = [[datetime.fromtimestamp(at, UTC), offset] for at, offset in camera.sync]
        rows[camera.key] = row
    return {"cameras": rows} if rows else {}


def _bring_media(writer: Writer, car: DemoCar, shelf: Shelf) -> dict[str, str]:
    """Tracks and photos through the same door as anybody's. Returns file name → SHA-256."""
    from convoylog.cli.adder import instant_of
    from convoylog.exports.gpx import write_gpx
    from convoylog.files import adding, examining

    files = [
        (f"{car.name}-day{number}.gpx", write_gpx((track,), title=f"{car.name}, day {number}"))
        for number, track in enumerate(car.tracks, 1)
    ]
    files += [(photo.file_name, photo.content) for photo in car.photos]
    known: dict[str, str] = {}
    for name, content in files:
        row = examining.recognised(content, name)
        done = adding.add_one(writer, row, content, shelf, (), lambda r: instant_of(r, car.zone))
        known[name] = done.sha256
    return known


def _note(told: Demo, note: DemoNote, car_id: str, photos: dict[str, str]) -> Version:
    from convoylog.files import toml

    by_key = {other.key: other for car in told.cars for other in car.notes}
    fields: dict[str, object] = {
        "kind": note.kind, "car": car_id, "at": note.at, "until": note.until, "title": note.title,
        "text": note.text, "tags": list(note.tags), "photos": [photos[name] for name in note.photos],
        "reply_to": _id(told, note.reply_to, by_key[note.reply_to].at) if note.reply_to else "",
        "share": note.share, "amount": note.amount, "cost": note.cost, "odometer": note.odometer,
        "partial": note.partial,
    }  # fmt: skip
    kept = {key: value for key, value in fields.items() if value not in ("", (), [], None, False)}
    return toml.write_version(kept, entry_id=_id(told, note.key, note.at))


def join(book: Path, told: Demo, others: list[Path], now: datetime) -> None:
    """An organiser's empty logbook into which all five are merged."""
    from convoylog.cli.merge import fetching
    from convoylog.files import carry, scan, store
    from convoylog.files.source import Folder

    device = _DEVICE.format(0)
    store.init(book, told.title, now=now, device=device)
    sides = [
        (scan.holding(scan.scan(Folder(other)))[0], fetching(Folder(other))) for other in others
    ]
    with store.writing(book, "demo", now=now, device=device) as writer:
        found = store.open_scan(writer)
        carry.carry_out(writer, found, scan.holding(found)[0], sides)
