"""`convoylog pack`: one file to hand to the others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, here, screen, units
from convoylog.cli.merge import WORDS
from convoylog.cli.options import DryRunOption, LogbookOption
from convoylog.errors import ConvoylogError, UsageError

if TYPE_CHECKING:
    from convoylog.model.photos import Photograph
    from convoylog.model.tracks import Recording


def pack(
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="The bundle. [default: TITLE.convoylog.zip here]",
            show_default=False,
        ),
    ] = None,
    share: Annotated[
        str, typer.Option("--share", metavar="LEVEL", help="Who it is for: public or convoy.")
    ] = "convoy",
    originals: Annotated[
        bool, typer.Option("--originals", help="Photos and tracks as they are, with all they tell.")
    ] = False,
    dry_run: DryRunOption = False,
    logbook: LogbookOption = None,
) -> int:
    """Make one file to hand to the others, and say what goes out.

    Example:

        convoylog pack -o anna.convoylog.zip
    """
    from convoylog.files import bundle, disk_errors, layout, load, safely, scan
    from convoylog.files import pack as packing
    from convoylog.files.pictures import PictureMaker
    from convoylog.files.source import Folder
    from convoylog.trips.place import camera_key

    if share not in ("public", "convoy"):
        raise UsageError(f"no level {share!r}", hint="--share convoy or --share public")
    root = context.find_logbook(logbook)
    whole = load.load(root, memory=here.memory())
    title = whole.title
    known: dict[tuple[str, str], Recording | Photograph] = {
        **{(t.car, t.sha256): t.recording for t in whole.tracks},
        **{(p.car, p.sha256): p.photograph for p in whole.photos},
    }
    target = output or Path(f"{layout.slug(title) or 'logbook'}.convoylog.zip")
    if target.exists() and not dry_run:
        raise ConvoylogError(f"{target} is there already", hint="name another with -o")
    with PictureMaker() as maker:
        packed = packing.choose(
            scan.scan(Folder(root)),
            level=share,
            originals=originals,
            facts=lambda car, sha256: known.get((car, sha256)),
            remake=lambda content, sha256: maker.make(content, sha256, edges=(2048,), quality=82)[
                0
            ],
            cut=lambda _car, track: track,
            camera_key=camera_key,
        )
    screen.tell(f"for {share}:" if not dry_run else f"would pack for {share}:")
    for car in sorted(set(packed.counts) | set(packed.kept_back)):
        out = _listed(packed.counts.get(car, {}))
        back = _listed(packed.kept_back.get(car, {}))
        screen.tell(
            f"  {screen.visible(car)}: {out or 'nothing'}"
            + (f"; kept back: {back}" if back else "")
        )
    for car in sorted(packed.kept_back):
        if packed.kept_back[car].get("fuel") and packed.counts.get(car, {}).get("fuel"):
            screen.talk(
                f"{screen.visible(car)}: over fills kept back the others will work out too little fuel"
            )
    for problem in packed.problems:
        screen.warn_problem(problem)
    if originals:
        screen.talk("originals carry all that cameras and phones wrote into them, homes included")
    if dry_run:
        return 0
    content = bundle.build(packed.members)
    try:
        safely.create(target.absolute(), content)
    except FileExistsError:
        raise ConvoylogError(f"{target} is there already", hint="name another with -o") from None
    except OSError as error:
        raise disk_errors.told(error, target) from None
    screen.tell(f"packed {target} ({units.size(len(content))})")
    return 1 if packed.problems else 0


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(
        f"{n} {WORDS.get(kind, (kind, kind))[n != 1]}"
        for kind, n in counts.items()
        if kind not in ("copy", "original")
    )
