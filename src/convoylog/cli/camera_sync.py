"""`convoylog camera sync`: a photo of a GPS clock, or of the odometer, puts its camera right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, here, screen
from convoylog.cli.camera import OverruleOption
from convoylog.cli.cameras import change_camera, picked_photo, told_after
from convoylog.cli.options import LogbookOption
from convoylog.errors import ConvoylogError, UsageError

if TYPE_CHECKING:
    from convoylog.model.logbook import Logbook
    from convoylog.trips.by_odometer import Reading
    from convoylog.trips.cameras import Seen, Shot


def sync(
    photo: Annotated[
        str,
        typer.Argument(metavar="PHOTO", help="A photo's id, its name, or the file it came from."),
    ],
    shows: Annotated[
        str,
        typer.Option(
            "--shows",
            metavar="WHEN",
            help="The time on the GPS clock in the picture.",
            show_default=False,
        ),
    ] = "",
    odometer: Annotated[
        str,
        typer.Option(
            "--odometer",
            metavar="DISTANCE",
            help="The odometer in the picture: 154010 mi.",
            show_default=False,
        ),
    ] = "",
    overrule: OverruleOption = False,
    logbook: LogbookOption = None,
) -> int:
    """Make a photo of a GPS clock, or of the odometer, a sync point of its camera.

    One point tells how wrong the clock is, several also how it drifts. An odometer is looked up
    along the car's track, from the readings that fuel and odometer entries hold.

    Example:

        convoylog camera sync 20270503t150500z-9be041aa --shows "2027-05-03 09:05:32"
    """
    from convoylog.cli.units import duration
    from convoylog.model.offsets import offset_text
    from convoylog.trips.instants import moment

    if bool(shows) == bool(odometer):
        raise UsageError(
            "one of --shows and --odometer", hint='convoylog camera sync PHOTO --shows "18:30:05"'
        )
    root, whole, seen, shot = picked_photo(logbook, photo)
    if shot.wall is None:
        raise UsageError(f"{shot.photo.path} says no time it was taken at", hint="another photo")
    if shows:
        at, error_s, said = _shown_time(root, seen, shot, shows)
    else:
        at, error_s, said = _shown_odometer(whole, seen, odometer)
    off = shot.wall - at
    change = _with_point(at, off, error_s, overrule)
    change_camera(root, seen, "camera sync", change)
    for line in said:
        screen.tell(screen.visible(line))
    wide = f", ±{duration(error_s)}" if error_s else ""
    screen.tell(
        f"sync point: the clock showed {moment(shot.wall)[:-4]} at {moment(at)}{wide}, "
        f"{offset_text(off)} from UTC"
    )
    return told_after(root, seen)


def _with_point(
    at: float, off: float, error_s: float, overrule: bool
) -> Callable[[Mapping[str, object]], dict[str, object]]:
    """A camera's table with one more sync point; one of the same reading is replaced."""
    from datetime import UTC, datetime, timedelta

    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=round(at, 3))
    exact = when.timestamp()
    point = [when, round(at + off - exact, 3)]

    def same(row: object) -> bool:
        """Whether a point is of the same reading of the camera's clock, so of the same photo."""
        from convoylog.files.door import read_point

        known = read_point(row)
        return known is not None and abs(sum(known) - (at + off)) < 0.5

    def change(row: Mapping[str, object]) -> dict[str, object]:
        points = [p for p in _rows(row.get("sync")) if not same(p)]
        kept = {key: value for key, value in row.items() if key not in ("offset", "sync_error")}
        kept["sync"] = [*points, point]
        instants = [p[0] for p in points]
        errors = [e for e in _rows(row.get("sync_error")) if e[0] in instants]
        if error_s:
            errors.append([when, round(error_s, 1)])
        if errors:
            kept["sync_error"] = errors
        if overrule:
            kept["overrule"] = True
        return kept

    return change


def _rows(given: object) -> list[list[object]]:
    """Pairs of a table; checked when the car was read."""
    return [list(row) for row in given] if isinstance(given, list | tuple) else []


def _shown_time(root: Path, seen: Seen, shot: Shot, text: str) -> tuple[float, float, list[str]]:
    """The instant on a clock in a picture: (UTC seconds, ± seconds, words)."""
    from datetime import UTC, datetime, timedelta

    from convoylog.cli.when import say_back, understand
    from convoylog.files import load

    believed = shot.instant.at if shot.instant.at is not None else shot.wall
    assert believed is not None  # noqa: S101  the caller refuses photos without a time
    day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=believed)
    zone_of = here.ZoneOf(root, load.read_cars(root), seen.car)
    # a time of day alone is of the photo's day, or of the one beside it when it is near midnight
    read = []
    for days in (0, -1, 1):
        told = understand(text, now=day + timedelta(days=days), zone_of=zone_of)
        read.append((abs(told.instant.timestamp() - believed), days != 0, told))
    _, _, best = min(read, key=lambda row: row[:2])
    return best.instant.timestamp(), 0.0, [say_back(best.instant, best.zone, context.now())]


def _shown_odometer(whole: Logbook, seen: Seen, text: str) -> tuple[float, float, list[str]]:
    """The instant at which the odometer showed so: (UTC seconds, ± seconds, words)."""
    from convoylog.model.amounts import read_amount
    from convoylog.trips.by_odometer import when_shown

    shown = read_amount(text, "distance")
    readings, unread = _readings(whole, seen)
    found = when_shown(seen.where.ledger, readings, shown.metres or 0.0, _step(shown.text))
    for line in unread:
        screen.talk(screen.visible(line))
    if found.at is None:
        raise ConvoylogError(
            f"{shown.text} tells no time: {found.why}",
            hint="`convoylog camera sync PHOTO --shows WHEN` takes a photo of a clock",
        )
    return found.at, found.error_s, list(found.evidence)


def _step(text: str) -> float:
    """Metres of the last digit of a distance as it was typed: "154010.5 mi" has 160.9."""
    from decimal import Decimal

    from convoylog.model.amounts import read_amount

    number, _, unit = text.partition(" ")
    exponent = Decimal(number).as_tuple().exponent
    one = read_amount(f"1 {unit}", "distance").metres or 0.0
    return float(one * 10.0 ** (exponent if isinstance(exponent, int) else 0))


def _readings(whole: Logbook, seen: Seen) -> tuple[list[Reading], list[str]]:
    """Odometer readings of a car whose time is known, and what could not be read."""
    from convoylog.model.amounts import read_amount
    from convoylog.trips.by_odometer import Reading
    from convoylog.trips.instants import instant_of_time, moment
    from convoylog.trips.packed import PackedGround

    ground, found, unread = PackedGround(), [], []
    told: list[tuple[str, float | None, str]] = []
    time = seen.where.ledger.time
    if seen.car.odometer and len(time):
        told.append((seen.car.odometer, float(time[0]), "the car's start"))
    for entry in whole.entries:
        if entry.car == seen.car.id and entry.odometer:
            at = instant_of_time(entry.at, seen.where, ground, seen.zones, entry.position).at
            told.append((entry.odometer, at, "" if at is None else f"the reading of {moment(at)}"))
    for text, at, said in told:
        try:
            amount = read_amount(text, "distance")
        except UsageError:
            unread.append(f"the odometer reading {text!r} cannot be read: not used")
            continue
        # readings outside the recording have no place along the track
        if at is not None and len(time) and time[0] <= at <= time[-1]:
            found.append(Reading(at, amount.metres or 0.0, _step(amount.text), said))
    return found, unread
