"""The door: what came out of a file as loose values goes in as typed ones, or not at all.

Unknown keys pass: a newer program may have written them, and they stay in the file.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
)

from convoylog.errors import BadInput
from convoylog.files import layout
from convoylog.model.convoy import ConvoyRules
from convoylog.model.logbook import Camera, Car, Entry
from convoylog.model.offsets import LARGEST_S, read_offset
from convoylog.model.versions import BOOKKEEPING, View

KINDS = ("note", "fuel", "expense", "odometer", "rendezvous", "leg", "copy")

Level = Literal["public", "convoy", "private"]
Hash = Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{64}$")]
Line = Annotated[StrictStr, Field(max_length=500)]
Number = StrictInt | StrictFloat


class _Row(BaseModel):
    model_config = ConfigDict(extra="allow", allow_inf_nan=False)


class EntryRow(_Row):
    """The keys of an entry, in every kind. Times are TOML date-times, never text."""

    kind: Line
    car: Line = ""
    at: datetime | None = Field(default=None, strict=True)
    until: datetime | None = Field(default=None, strict=True)
    title: Line = ""
    text: StrictStr = ""
    tags: list[Line] = []
    photos: list[Hash] = []
    reply_to: Line = ""
    share: Level | None = None
    lat: Annotated[Number, Field(ge=-90, le=90)] | None = None
    lon: Annotated[Number, Field(ge=-180, le=180)] | None = None
    amount: Line = ""
    cost: Line = ""
    odometer: Line = ""
    partial: StrictBool = False
    missed: StrictBool = False


class CameraRow(_Row):
    """A camera in car.toml. Offsets: camera minus UTC, as text or, from a hand, seconds."""

    name: Line = ""
    zone: Line = ""
    sync: list[tuple[Annotated[datetime, Field(strict=True)], Number | Line]] = []
    sync_error: list[tuple[Annotated[datetime, Field(strict=True)], Number]] = []
    offset: Number | Line | None = None
    overrule: StrictBool = False


class CarRow(_Row):
    """The keys of car.toml."""

    kind: Literal["car"] = "car"
    name: Annotated[StrictStr, Field(min_length=1, max_length=100)]
    folder: Line = ""
    driver: Line = ""
    vehicle: Line = ""
    number: Line | StrictInt = ""
    colour: Line = ""
    zone: Line = ""
    share: Level = "convoy"
    odometer: Line = ""
    hole_s: Annotated[StrictInt, Field(ge=30, le=3600)] | None = None
    same_as: Line = ""
    cameras: dict[Line, CameraRow] = {}


class ConvoyRow(_Row):
    """The table `convoy` of logbook.toml: what company means on this trip. Seconds and metres."""

    gap_s: Annotated[Number, Field(ge=1, le=86_400)] | None = None
    near_m: Annotated[Number, Field(ge=0, le=10_000)] | None = None
    corridor_m: Annotated[Number, Field(ge=10, le=1000)] | None = None
    course_deg: Annotated[Number, Field(ge=1, le=180)] | None = None
    slow_mps: Annotated[Number, Field(ge=0, le=10)] | None = None
    look_back_s: Annotated[Number, Field(ge=60, le=86_400)] | None = None
    bridge_s: Annotated[Number, Field(ge=0, le=86_400)] | None = None
    shortest_s: Annotated[Number, Field(ge=0, le=86_400)] | None = None
    hole_s: Annotated[Number, Field(ge=0, le=86_400)] | None = None
    meet_m: Annotated[Number, Field(ge=1, le=10_000)] | None = None
    meet_s: Annotated[Number, Field(ge=0, le=86_400)] | None = None
    order_s: Annotated[Number, Field(ge=0, le=3600)] | None = None
    held_s: Annotated[Number, Field(ge=0, le=3600)] | None = None


class LogbookRow(_Row):
    """The keys of logbook.toml."""

    kind: Literal["logbook"] = "logbook"
    title: Line = ""
    zone: Line = ""
    convoy: ConvoyRow = ConvoyRow()

    def convoy_rules(self) -> ConvoyRules:
        """The usual numbers, with those this logbook sets itself."""
        given = {key: getattr(self.convoy, key) for key in ConvoyRow.model_fields}
        own: dict[str, Any] = {k: float(n) for k, n in given.items() if n is not None}
        return ConvoyRules(**own)


class CopyRow(_Row):
    """The keys of a copy record: what a photo or track said before it was made again to share.

    of: SHA-256 of the original. file: SHA-256 of the copy.
    """

    kind: Literal["copy"]
    car: Line
    of: Hash
    file: Hash
    media: Literal["track", "photo"]
    taken: Line = ""
    offset_s: Annotated[StrictInt, Field(ge=-86400, le=86400)] | None = None
    gps_at: datetime | None = Field(default=None, strict=True)
    lat: Annotated[Number, Field(ge=-90, le=90)] | None = None
    lon: Annotated[Number, Field(ge=-180, le=180)] | None = None
    ele: Annotated[Number, Field(ge=-11000, le=100000)] | None = None
    camera: Line = ""


class OriginalRow(_Row):
    """The keys of a record about an original: what a person or the files beside it said of it.

    media: SHA-256 of the original. name: the file's name when it was added. columns: of a table,
    as `add --columns` was told. gpx: SHA-256 of the GPX that another program made of it, which is
    read in its place; made_by: that program. sidecars: SHA-256 of files that tell about a photo.
    """

    kind: Literal["original"]
    car: Line
    media: Hash
    name: Line = ""
    columns: dict[Line, Line] = {}
    gpx: Hash | None = None
    made_by: Line = ""
    sidecars: list[Hash] = []


_ROWS: dict[str, type[_Row]] = {
    "car": CarRow,
    "logbook": LogbookRow,
    "copy": CopyRow,
    "original": OriginalRow,
}


def row_of(kind: str) -> type[_Row]:
    return _ROWS.get(kind, EntryRow)


def check(fields: Mapping[str, object]) -> None:
    """Raises BadInput, naming the key, where a known key has a value of the wrong type or range."""
    try:
        row_of(str(fields.get("kind", "note"))).model_validate(dict(fields))
    except ValidationError as error:
        raise BadInput(_told(error)) from None


def _told(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"] if isinstance(part, str | int)).split(".")[0]
    message = str(first["msg"])
    return f"`{key}`: {message[0].lower()}{message[1:]}"


def unknown_keys(fields: Mapping[str, object]) -> list[tuple[str, str]]:
    """(key, the known key it resembles or "") for each key this version does not know."""
    known = [*row_of(str(fields.get("kind", "note"))).model_fields, *BOOKKEEPING]
    found = [(key, _resembles(key, known)) for key in fields if key not in known]
    convoy = fields.get("convoy")
    if fields.get("kind") == "logbook" and isinstance(convoy, Mapping):
        rules = list(ConvoyRow.model_fields)
        found += [(f"convoy.{k}", _resembles(k, rules)) for k in convoy if k not in rules]
    return found


def _resembles(key: str, known: list[str]) -> str:
    return next(iter(difflib.get_close_matches(key, known, 1, 0.75)), "")


def entry_from(view: View) -> Entry:
    """The typed entry of a view. Raises BadInput."""
    fields = dict(view.fields)
    fields.setdefault("kind", "note")
    check(fields)
    row = EntryRow.model_validate(fields)
    # one half of a position is no position
    position = (
        (float(row.lat), float(row.lon)) if row.lat is not None and row.lon is not None else None
    )
    return Entry(
        id=view.id,
        kind=row.kind,
        car=row.car,
        at=row.at,
        until=row.until,
        title=row.title,
        text=row.text,
        tags=tuple(row.tags),
        photos=tuple(row.photos),
        reply_to=row.reply_to,
        share=row.share,
        position=position,
        amount=row.amount,
        cost=row.cost,
        odometer=row.odometer,
        partial=row.partial,
        missed=row.missed,
        versions=tuple(version.hash for version in view.live),
        disputed=view.disputed,
        unsure=view.unsure,
    )


def car_from(view: View, folder: str) -> Car:
    """The typed car of a view. Raises BadInput."""
    fields = {"kind": "car", **view.fields}
    check(fields)
    row = CarRow.model_validate(fields)
    cameras = tuple(_camera(key, camera) for key, camera in sorted(row.cameras.items()))
    return Car(
        id=view.id,
        name=row.name,
        folder=folder,
        driver=row.driver,
        vehicle=row.vehicle,
        number=str(row.number),
        colour=row.colour,
        zone=row.zone,
        share=row.share,
        odometer=row.odometer,
        hole_s=row.hole_s,
        cameras=cameras,
    )


def _camera(key: str, row: CameraRow) -> Camera:
    """A camera's clock; what a hand wrote and cannot be used is left out, and said."""
    unsure = []
    sync = set()
    for at, given in row.sync:
        seconds = _seconds(given)
        if at.tzinfo is None:
            unsure.append(f"the sync point {at} has no offset from UTC: not used")
        elif seconds is None:
            unsure.append(f"the sync point {at} says {str(given)[:40]!r}, which is no offset")
        else:
            sync.add((at.timestamp(), seconds))
    offset = None if row.offset in (None, "") else _seconds(row.offset)
    if offset is None and row.offset not in (None, ""):
        unsure.append(f"its offset {str(row.offset)[:40]!r} is none: not used")
    errors = sorted(
        (at.timestamp(), float(s))
        for at, s in row.sync_error
        if at.tzinfo is not None and 0 <= s <= LARGEST_S
    )
    return Camera(
        key,
        row.name,
        row.zone,
        tuple(sorted(sync)),
        offset,
        row.overrule,
        tuple(errors),
        tuple(unsure),
    )


def read_point(row: object) -> tuple[float, float] | None:
    """A `[instant, offset]` row as (UTC seconds, camera minus UTC); None if it is none."""
    if not (isinstance(row, list | tuple) and len(row) == 2 and isinstance(row[0], datetime)):
        return None
    seconds = _seconds(row[1]) if isinstance(row[1], str | int | float) else None
    return None if seconds is None or row[0].tzinfo is None else (row[0].timestamp(), seconds)


def _seconds(given: Number | str | None) -> float | None:
    if isinstance(given, str):
        return read_offset(given)
    return float(given) if given is not None and abs(given) <= LARGEST_S else None


def car_folder_of(fields: Mapping[str, object]) -> str:
    """The folder a car's fields ask for."""
    wanted = fields.get("folder")
    if isinstance(wanted, str) and layout.is_folder(wanted):
        return wanted
    return layout.car_folder(str(fields.get("name", "")), str(fields.get("number", "")))
