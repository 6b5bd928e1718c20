"""`convoylog init`: a new logbook with one car."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convoylog.cli import context, here, screen
from convoylog.errors import UsageError


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", show_default=False)] = Path(),
    title: Annotated[str, typer.Option("--title", help="What the trip is called.")] = "",
    car: Annotated[str, typer.Option("--car", help="Your car's name.")] = "",
    driver: Annotated[str, typer.Option("--driver", help="Who drives it.")] = "",
    number: Annotated[str, typer.Option("--number", help="The number on its door.")] = "",
    zone: Annotated[str, typer.Option("--zone", help="Home time zone, like America/Denver.")] = "",
    share: Annotated[
        str, typer.Option("--share", help="Who may see this car's log: public, convoy, private.")
    ] = "convoy",
) -> None:
    """Begin a logbook: a folder with one car in it.

    DIR is the folder to begin in, this one if none is named; it is made if it is not there.

        convoylog init rally --title "Five Cars to Denver" --car Pepper
    """
    from convoylog.cli.car import car_version, check_share, check_zone
    from convoylog.files import store

    if not title.strip():
        raise UsageError("a logbook needs a title", hint='--title "Five Cars to Denver"')
    if not car.strip():
        raise UsageError("a logbook needs its first car", hint="--car Pepper")
    check_zone(zone)
    check_share(share)
    now = context.now()
    device = here.device()
    # what cannot be written is told before anything is
    version = car_version(
        car, {"driver": driver, "number": number, "zone": zone, "share": share}, now, ()
    )
    with context.as_typed():
        logbook_id = store.init(folder, title.strip(), zone=zone, now=now, device=device)
    with store.writing(folder, "init", now=now, device=device) as writer:
        writer.add(version, str(version.fields["folder"]))
    here.remember_car(logbook_id, version.id)
    screen.tell(
        f"{screen.visible(title)}: a logbook in {folder.resolve()}, with the car {screen.visible(car)}"
    )
    screen.talk("next: `convoylog add PATH...` brings tracks and photos, `convoylog note` writes")
