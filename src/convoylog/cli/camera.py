"""`convoylog camera list|set|sync|check`: what each camera's clock shows, and how we know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, here, screen, units
from convoylog.cli.options import JsonOption, LogbookOption
from convoylog.cli.stats import instant
from convoylog.errors import ConvoylogError, UsageError

if TYPE_CHECKING:
    from convoylog.model.logbook import Camera, Logbook, RecordedPhoto
    from convoylog.trips.by_odometer import Reading
    from convoylog.trips.cameras import Seen, Shot
    from convoylog.trips.clock_hints import Checked, Hint

#: what `--clear` takes out of a camera's table: all that tells its clock
CLOCK = ("offset", "zone", "sync", "sync_error", "overrule")

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="A camera: any part of its name or key.")
]
WhoseOption = Annotated[
    str | None,
    typer.Option("--car", metavar="NAME", help="Only the cameras of this car.", show_default=False),
]
OverruleOption = Annotated[
    bool,
    typer.Option("--overrule", help="Let it count before the offset a photo says itself."),
]


def list_cameras(
    car: WhoseOption = None, json: JsonOption = False, logbook: LogbookOption = None
) -> None:
    """The cameras of every car: their photos, and what their clocks are believed to show.

    Example:

        convoylog camera list
    """
    from convoylog.trips.cameras import belief

    _, found = _cameras(logbook, car)
    if json:
        screen.json_out({"cameras": [_row(seen) for seen in found]})
        return
    rows = [
        [seen.car.name, _told_name(seen), str(len(seen.shots)), str(seen.placed), belief(seen)]
        for seen in found
    ]
    if rows:
        screen.table(["car", "camera", "photos", "placed", "its clock"], rows, right=(2, 3))
    else:
        screen.talk("no photos yet: bring some with `convoylog add`")
    for seen in found:
        for doubt in _doubts(seen):
            screen.talk((f"{screen.visible(seen.key)}: ", "yellow"), screen.visible(doubt))


def set_camera(
    name: NameArgument,
    offset: Annotated[
        str,
        typer.Option(
            "--offset",
            metavar="±HH:MM:SS",
            help="What the clock shows, minus UTC: -06:03:20.",
            show_default=False,
        ),
    ] = "",
    zone: Annotated[
        str,
        typer.Option(
            "--zone",
            metavar="IANA",
            help="The zone whose time it shows; `follow`: that of the place.",
            show_default=False,
        ),
    ] = "",
    called: Annotated[
        str | None,
        typer.Option(
            "--name", metavar="NAME", help="What people call the camera.", show_default=False
        ),
    ] = None,
    overrule: OverruleOption = False,
    clear: Annotated[
        bool, typer.Option("--clear", help="Forget what was said of its clock.")
    ] = False,
    car: WhoseOption = None,
    logbook: LogbookOption = None,
) -> int:
    """Say what a camera's clock shows. What was said of it before is replaced, and kept.

    A camera left on Denver time that is 3 min 20 s behind is -06:03:20 in summer.

    Example:

        convoylog camera set ixus --offset -06:03:20 --name "Canon of Tom"
    """
    from convoylog.cli.car import check_zone

    if sum(map(bool, (offset, zone, clear))) > 1:
        raise UsageError("one of --offset, --zone and --clear", hint="convoylog camera set --help")
    if not (offset or zone or clear or overrule or called is not None):
        raise UsageError("nothing to set", hint="convoylog camera set NAME --offset -06:03:20")
    if zone != "follow":
        check_zone(zone)
    clock: dict[str, object] = {}
    if offset:
        clock["offset"] = _offset(offset)
    if zone:
        clock["zone"] = zone
    if overrule:
        clock["overrule"] = True
    root, found = _cameras(logbook, car)
    seen = _pick(found, name)

    def change(row: Mapping[str, object]) -> dict[str, object]:
        gone = CLOCK if offset or zone or clear else ()
        kept = {key: value for key, value in row.items() if key not in gone}
        kept |= clock
        if called is not None:
            kept["name"] = called.strip()
        return {key: value for key, value in kept.items() if value != ""}

    lost = len(seen.camera.sync) if seen.camera and (offset or zone or clear) else 0
    _change(root, seen, "camera set", change)
    if lost:
        told = units.counted(lost, "sync point")
        screen.talk(f"{told} taken out; `convoylog undo` brings them back")
    return _told_after(root, seen)


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
    root, whole, seen, shot = _picked_photo(logbook, photo)
    if shot.wall is None:
        raise UsageError(f"{shot.photo.path} says no time it was taken at", hint="another photo")
    if shows:
        at, error_s, said = _shown_time(root, seen, shot, shows)
    else:
        at, error_s, said = _shown_odometer(whole, seen, odometer)
    off = shot.wall - at
    change = _with_point(at, off, error_s, overrule)
    _change(root, seen, "camera sync", change)
    for line in said:
        screen.tell(screen.visible(line))
    wide = f", ±{duration(error_s)}" if error_s else ""
    screen.tell(
        f"sync point: the clock showed {moment(shot.wall)[:-4]} at {moment(at)}{wide}, "
        f"{offset_text(off)} from UTC"
    )
    return _told_after(root, seen)


def check(car: WhoseOption = None, json: JsonOption = False, logbook: LogbookOption = None) -> None:
    """Compare each camera's clock with its photos and the tracks. Changes nothing.

    A suggestion comes with its evidence and the command to type; where the photos cannot tell,
    it says so.

    Example:

        convoylog camera check
    """
    from convoylog.trips.clock_hints import check_clock

    _, found = _cameras(logbook, car)
    checked = [(seen, check_clock(seen)) for seen in found if seen.shots]
    if json:
        screen.json_out({"cameras": [_checked_row(seen, told) for seen, told in checked]})
        return
    for seen, told in checked:
        _tell_checked(seen, told)
    if not checked:
        screen.talk("no photos to compare")


# --- finding


def _cameras(logbook: Path | None, car: str | None) -> tuple[Path, tuple[Seen, ...]]:
    from convoylog.files import load
    from convoylog.trips.cameras import cameras_of

    root = context.find_logbook(logbook)
    wanted = None if car is None else {here.pick_car(load.read_cars(root), car).id}
    return root, cameras_of(load.load(root, memory=here.memory()), cars=wanted)


def _pick(found: tuple[Seen, ...], name: str) -> Seen:
    """The camera a person means: by key, name, or any part of them. Raises UsageError."""
    wanted = name.casefold().strip()
    exact = [seen for seen in found if wanted in (seen.key.casefold(), seen.name.casefold())]
    chosen = (exact or [seen for seen in found if wanted in _words(seen)]) if wanted else []
    if len(chosen) == 1:
        return chosen[0]
    among = ", ".join(f"{_told_name(s)} of {s.car.name}" for s in (chosen or found)) or "none"
    if len({seen.key for seen in chosen}) == 1:
        raise UsageError(
            f"{len(chosen)} cars have a camera {name!r}", hint="say it with --car NAME"
        )
    raise UsageError(
        f"{'more than one' if chosen else 'no'} camera {name!r} here; there is {among}",
        hint="convoylog camera list",
    )


def _words(seen: Seen) -> str:
    return f"{seen.key}\n{seen.name}\n{seen.make} {seen.model}".casefold()


def _told_name(seen: Seen) -> str:
    return f"{seen.name} ({seen.key})" if seen.name else seen.key


def _picked_photo(logbook: Path | None, wanted: str) -> tuple[Path, Logbook, Seen, Shot]:
    from convoylog.files import load
    from convoylog.trips.cameras import cameras_of

    root = context.find_logbook(logbook)
    whole = load.load(root, memory=here.memory())
    photo = find_photo(whole, wanted)
    for seen in cameras_of(whole, cars={photo.car}):
        for shot in seen.shots:
            if shot.photo == photo:
                return root, whole, seen, shot
    raise UsageError(f"{photo.path} belongs to no car here", hint="convoylog car list")


def find_photo(whole: Logbook, wanted: str) -> RecordedPhoto:
    """A photo by its id, the beginning of it, its file name, or the file it was copied from.

    Raises UsageError.
    """
    import hashlib
    from pathlib import PurePosixPath

    text = wanted.strip().lower()
    stems = [(PurePosixPath(photo.path).stem, photo) for photo in whole.photos]
    found = [photo for photo in whole.photos if photo.path == wanted.strip()]
    if not found and "/" not in text:
        bare = text.rpartition(".")[0] or text
        found = [photo for stem, photo in stems if text and stem.startswith(bare)]
        found = found or [photo for stem, photo in stems if text and stem[17:].startswith(bare)]
    if not found and Path(wanted).is_file():
        with Path(wanted).open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        found = [photo for photo in whole.photos if photo.sha256 == sha256]
    if len(found) != 1:
        several = f"{len(found)} photos are called {wanted!r}"
        raise UsageError(
            several if found else f"no photo {wanted!r} here", hint="`convoylog log` shows the ids"
        )
    return found[0]


# --- writing


def _offset(text: str) -> str:
    from convoylog.model.offsets import offset_text, read_offset

    seconds = read_offset(text)
    if seconds is None:
        raise UsageError(
            f"{text!r} is no offset from UTC", hint="with its sign: -06:00 or +01:03:20"
        )
    return offset_text(seconds)


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


def _change(
    root: Path,
    seen: Seen,
    command: str,
    change: Callable[[Mapping[str, object]], dict[str, object]],
) -> None:
    """Write a camera's table anew, as a new version of its car. Raises UsageError."""
    from convoylog.errors import BadInput
    from convoylog.files import store
    from convoylog.model.versions import view

    with store.writing(root, command, now=context.now(), device=here.device()) as writer:
        _, versions = store.current(writer, seen.car.id)
        cameras = view(versions).fields.get("cameras", {})
        tables = dict(cameras) if isinstance(cameras, Mapping) else {}
        before = tables.get(seen.key, {})
        after = change(before if isinstance(before, Mapping) else {})
        if after:
            tables[seen.key] = after
        else:
            tables.pop(seen.key, None)
        try:
            store.edit(writer, seen.car.id, {"cameras": tables or ""})
        except BadInput as error:
            raise UsageError(f"this cannot be written: {error}") from None


def _told_after(root: Path, seen: Seen) -> int:
    """Say what is believed of a camera now."""
    from convoylog.files import load
    from convoylog.trips.cameras import belief, cameras_of

    whole = load.load(root, memory=here.memory())
    now = next((s for s in cameras_of(whole, cars={seen.car.id}) if s.key == seen.key), None)
    if now is None:
        screen.tell(f"{screen.visible(seen.key)}: nothing is said of it any more")
        return 0
    screen.tell(
        f"{screen.visible(_told_name(now))} of {screen.visible(now.car.name)}: {belief(now)}; "
        f"{now.placed} of {units.counted(len(now.shots), 'photo')} placed"
    )
    for doubt in _doubts(now):
        screen.talk((f"{screen.visible(now.key)}: ", "yellow"), screen.visible(doubt))
    return 0


def _doubts(seen: Seen) -> list[str]:
    """What a person should know about a camera."""
    from convoylog.trips.cameras import drift_s_per_day, set_back
    from convoylog.trips.instants import DRIFT_S

    found = list(seen.camera.unsure) if seen.camera else []
    own = sum(shot.instant.by in ("photo", "gps") for shot in seen.shots)
    said = seen.camera is not None and (seen.camera.sync or seen.camera.offset_s is not None)
    if said and own:
        found.append(
            f"{units.counted(own, 'photo')} tell their own offset, which counts first; "
            "`--overrule` changes that"
        )
    if seen.camera is not None and set_back(seen.camera):
        found.append("between two sync points its clock was set back; each counts until the next")
    elif seen.camera is not None and abs(drift_s_per_day(seen.camera)) > DRIFT_S:
        found.append("its clock drifts more than 10 s a day: is a sync point wrong?")
    if seen.shots and not (seen.make or seen.model or seen.camera):
        found.append("its photos name no camera: they may come from several")
    return found


# --- what a picture shows


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
    from convoylog.cli.amounts import read_amount
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

    from convoylog.cli.amounts import read_amount

    number, _, unit = text.partition(" ")
    exponent = Decimal(number).as_tuple().exponent
    one = read_amount(f"1 {unit}", "distance").metres or 0.0
    return float(one * 10.0 ** (exponent if isinstance(exponent, int) else 0))


def _readings(whole: Logbook, seen: Seen) -> tuple[list[Reading], list[str]]:
    """Odometer readings of a car whose time is known, and what could not be read."""
    from convoylog.cli.amounts import read_amount
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


# --- telling


def _row(seen: Seen) -> dict[str, object]:
    """A camera as `docs/cli.md` promises it."""
    from collections import Counter

    from convoylog.trips.cameras import belief

    instants = [shot.instant.at for shot in seen.shots if shot.instant.at is not None]
    return {
        "key": seen.key, "name": seen.name or None, "car": seen.car.name, "make": seen.make or None,
        "model": seen.model or None, "serial": seen.serial, "photos": len(seen.shots),
        "placed": seen.placed, "unplaced": len(seen.shots) - seen.placed,
        "how": dict(sorted(Counter(shot.placed.how for shot in seen.shots).items())),
        "from": instant(min(instants, default=None)), "to": instant(max(instants, default=None)),
        "clock": _clock_row(seen.camera) | {
            "by": dict(sorted(Counter(s.instant.by or "nothing" for s in seen.shots).items())),
        },
        "believed": belief(seen), "unsure": _doubts(seen),
    }  # fmt: skip


def _clock_row(camera: Camera | None) -> dict[str, object]:
    from convoylog.trips.cameras import drift_s_per_day

    if camera is None:
        return {
            "zone": None,
            "offset_s": None,
            "overrule": False,
            "sync": [],
            "drift_s_per_day": None,
        }
    wrong = dict(camera.sync_error)
    sync = [
        {"at": instant(at), "offset_s": off, "error_s": wrong.get(at, 0.0)}
        for at, off in camera.sync
    ]
    return {
        "zone": camera.zone or None, "offset_s": camera.offset_s, "overrule": camera.overrule,
        "sync": sync, "drift_s_per_day": drift_s_per_day(camera) if len(sync) > 1 else None,
    }  # fmt: skip


def _checked_row(seen: Seen, told: Checked) -> dict[str, object]:
    return {
        "key": seen.key, "name": seen.name or None, "car": seen.car.name,
        "photos": len(seen.shots), "verdict": told.verdict, "evidence": list(told.evidence),
        "suggestions": [
            {
                "offset_s": hint.offset_s, "unsure_s": hint.unsure_s, "behind_s": hint.behind_s,
                "zone": hint.zone or None, "by": hint.by, "fits": hint.fits,
                "now_fits": hint.now_fits, "of": hint.of, "commands": _commands(seen, hint),
            }
            for hint in told.hints
        ],
    }  # fmt: skip


def _commands(seen: Seen, hint: Hint) -> list[str]:
    """What to type to believe a suggestion."""
    from shlex import quote

    from convoylog.model.offsets import offset_text
    from convoylog.trips.instants import moment

    own = sum(shot.instant.by in ("photo", "gps") for shot in seen.shots)
    tail = " --overrule" if 2 * own > len(seen.shots) else ""
    if hint.sync:
        names = {s.photo.sha256: Path(s.photo.path).stem for s in seen.shots}
        return [
            f'convoylog camera sync {quote(names[sha])} --shows "{moment(at)[:-4]}Z"{tail}'
            for sha, at in hint.sync
        ]
    what = f"--zone {hint.zone}" if hint.zone else f"--offset {offset_text(round(hint.offset_s))}"
    return [f"convoylog camera set {quote(seen.key)} --car {quote(seen.car.folder)} {what}{tail}"]


def _tell_checked(seen: Seen, told: Checked) -> None:
    from convoylog.trips.cameras import belief

    screen.tell(
        (screen.visible(_told_name(seen)), "bold"),
        f" of {screen.visible(seen.car.name)}, {units.counted(len(seen.shots), 'photo')}",
    )
    screen.tell(f"  believed: {belief(seen)}")
    words = {"fits": "fits", "suggested": "perhaps wrong", "unknown": "not enough evidence"}
    screen.tell(f"  checked:  {words[told.verdict]}")
    for line in told.evidence:
        screen.tell(f"  - {screen.visible(line)}")
    for hint in told.hints:
        screen.tell(f"  {_amount(hint)}; if you believe it, type")
        for command in _commands(seen, hint):
            screen.tell(f"      {screen.visible(command)}")
    if told.verdict == "unknown":
        screen.tell("  a photo of a GPS clock would tell: convoylog camera sync PHOTO --shows WHEN")


def _amount(hint: Hint) -> str:
    """ "the clock may be 1 h behind: -07:00 from UTC, ±12 s"."""
    from convoylog.cli.units import duration
    from convoylog.model.offsets import offset_text

    side = "behind" if hint.behind_s > 0 else "ahead"
    moved = f"{duration(abs(hint.behind_s))} {side}" if abs(hint.behind_s) >= 0.5 else "off"
    wide = f", ±{duration(hint.unsure_s)}" if hint.unsure_s >= 0.5 else ""
    return f"the clock may be {moved}: {offset_text(round(hint.offset_s))} from UTC{wide}"
