"""`convoylog camera list|set|check`: what each camera's clock shows, and how we know."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import screen, units
from convoylog.cli.cameras import cameras, change_camera, doubts_of, pick, told_after, told_name
from convoylog.cli.options import JsonOption, LogbookOption
from convoylog.cli.rows import instant
from convoylog.errors import UsageError

if TYPE_CHECKING:
    from convoylog.model.logbook import Camera
    from convoylog.trips.cameras import Seen
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

    _, found = cameras(logbook, car)
    if json:
        screen.json_out({"cameras": [_row(seen) for seen in found]})
        return
    rows = [
        [seen.car.name, told_name(seen), str(len(seen.shots)), str(seen.placed), belief(seen)]
        for seen in found
    ]
    if rows:
        screen.table(["car", "camera", "photos", "placed", "its clock"], rows, right=(2, 3))
    else:
        screen.talk("no photos yet: bring some with `convoylog add`")
    for seen in found:
        for doubt in doubts_of(seen):
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
    root, found = cameras(logbook, car)
    seen = pick(found, name)

    def change(row: Mapping[str, object]) -> dict[str, object]:
        gone = CLOCK if offset or zone or clear else ()
        kept = {key: value for key, value in row.items() if key not in gone}
        kept |= clock
        if called is not None:
            kept["name"] = called.strip()
        return {key: value for key, value in kept.items() if value != ""}

    lost = len(seen.camera.sync) if seen.camera and (offset or zone or clear) else 0
    change_camera(root, seen, "camera set", change)
    if lost:
        told = units.counted(lost, "sync point")
        screen.talk(
            f"{told} taken out; `convoylog undo` brings {'it' if lost == 1 else 'them'} back"
        )
    return told_after(root, seen)


def check(car: WhoseOption = None, json: JsonOption = False, logbook: LogbookOption = None) -> None:
    """Compare each camera's clock with its photos and the tracks. Changes nothing.

    A suggestion comes with its evidence and the command to type; where the photos cannot tell,
    it says so.

    Example:

        convoylog camera check
    """
    from convoylog.trips.clock_hints import check_clock

    _, found = cameras(logbook, car)
    checked = [(seen, check_clock(seen)) for seen in found if seen.shots]
    if json:
        screen.json_out({"cameras": [_checked_row(seen, told) for seen, told in checked]})
        return
    for seen, told in checked:
        _tell_checked(seen, told)
    if not checked:
        screen.talk("no photos to compare")


def _offset(text: str) -> str:
    from convoylog.model.offsets import offset_text, read_offset

    seconds = read_offset(text)
    if seconds is None:
        raise UsageError(
            f"{text!r} is no offset from UTC", hint="with its sign: -06:00 or +01:03:20"
        )
    return offset_text(seconds)


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
        "believed": belief(seen), "unsure": doubts_of(seen),
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
        (screen.visible(told_name(seen)), "bold"),
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
