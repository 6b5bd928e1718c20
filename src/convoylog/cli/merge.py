"""`convoylog merge`, `convoylog pack`, `convoylog resolve`: handing logs around."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, here, screen, units
from convoylog.cli.options import DryRunOption, JsonOption, LogbookOption
from convoylog.errors import BadInput, ConvoylogError, Problem, UsageError

if TYPE_CHECKING:
    from convoylog.files.source import Source
    from convoylog.merge import CarPlan, Plan
    from convoylog.model.holding import Claim, Holding
    from convoylog.model.photos import Photograph
    from convoylog.model.tracks import Recording

_WORDS = {
    "note": ("note", "notes"), "fuel": ("fuel stop", "fuel stops"), "expense": ("expense", "expenses"),
    "odometer": ("odometer reading", "odometer readings"), "rendezvous": ("rendezvous", "rendezvous"),
    "leg": ("leg", "legs"), "copy": ("copy record", "copy records"),
    "original": ("record of an original", "records of originals"),
    "tracks": ("track", "tracks"), "photos": ("photo", "photos"),
}  # fmt: skip


def merge(
    others: Annotated[
        list[Path],
        typer.Argument(metavar="OTHER...", help="Bundles or logbook folders of the others."),
    ],
    dry_run: DryRunOption = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also where much of this logbook would be hidden.")
    ] = False,
    json: JsonOption = False,
    logbook: LogbookOption = None,
) -> int:
    """Join other logs into this logbook: every word of both sides is kept.

    Example:

        convoylog merge ~/Downloads/anna.convoylog.zip /media/stick/rally
    """
    from convoylog import merge as planning
    from convoylog.files import carry, renditions, scan, store
    from convoylog.files.source import Folder

    root = context.find_logbook(logbook)
    sides: list[tuple[Holding, Source]] = []
    problems: list[Problem] = []
    for path in screen.progress(others, "reading"):
        if path.resolve() == root.resolve():
            raise UsageError(f"{path} is this logbook itself")
        source = open_other(path)
        found = scan.scan(source)
        held, wrong = scan.holding(found)
        newer = [v for group in held.versions.values() for v in group if v.format > 1]
        if newer:
            raise ConvoylogError(
                f"{path} is of format {newer[0].format}, newer than this program",
                hint="update convoylog",
            )
        problems += [
            Problem(f"{source.name}: {p.file}", p.kind, p.message, "", p.line)
            for p in (*found.problems, *wrong)
        ]
        sides.append((held, source))
    with ExitStack() as stack:
        ours = scan.scan(Folder(root))
        mine, _ = scan.holding(ours)
        plan = planning.make_plan(mine, [held for held, _ in sides], here.own_cars(_book_id(mine)))
        _tell_plan(plan, problems, json, dry_run)
        if plan.refused and not force:
            raise ConvoylogError(
                f"refused: {plan.refused}",
                hint="look at what you were given; --force does it all the same",
            )
        if dry_run:
            return 1 if problems else 0
        writer = stack.enter_context(
            store.writing(root, "merge", now=context.now(), device=here.device())
        )
        # what another program wrote while the plan was made counts too
        ours = store.open_scan(writer)
        mine, _ = scan.holding(ours)
        problems_writing = carry.carry_out(
            writer, ours, mine, [(held, fetching(source)) for held, source in sides]
        )
        for problem in problems_writing:
            screen.warn_problem(problem)
        renditions.complete(writer, store.open_scan(writer), here.memory())
        writer.commit()
    if not json:
        screen.tell("merged" if not plan.nothing else "nothing new: all of it is here already")
    return 1 if problems or problems_writing else 0


def _book_id(held: Holding) -> str:
    from convoylog.model.holding import main_logbook

    return main_logbook(held.views().values())


def fetching(source: Source) -> Callable[[Claim], bytes]:
    """What gives the bytes of an original that a source claims to hold."""
    from convoylog.files.scan import LARGEST

    def fetch(claim: Claim) -> bytes:
        return source.read(claim.source, LARGEST[claim.kind])

    return fetch


def open_other(path: Path) -> Source:
    """A bundle or a logbook's folder. Raises ConvoylogError."""
    from convoylog.files import bundle
    from convoylog.files.source import Folder

    if path.is_dir():
        if not (path / "logbook.toml").exists():
            raise ConvoylogError(
                f"no `logbook.toml` in {path}",
                hint="name the logbook's own folder, or a bundle from `convoylog pack`",
            )
        return Folder(path)
    try:
        return bundle.open_bundle(path)
    except BadInput as error:
        raise ConvoylogError(
            f"{path}: {error}", hint="ask for a new bundle, made with `convoylog pack`"
        ) from None
    except OSError as error:
        raise ConvoylogError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None


def _tell_plan(plan: Plan, problems: Sequence[Problem], json: bool, dry_run: bool) -> None:
    if json:
        screen.json_out(
            {
                "dry_run": dry_run,
                "cars": [
                    {
                        "id": car.id, "car": car.name, "new": car.new, "added": car.added, "tracks": car.tracks,
                        "photos": car.photos, "edited": car.edited, "disputed": car.disputed,
                        "deleted": car.deleted, "removed": car.removed,
                    }
                    for car in plan.cars
                ],
                "touched": list(plan.touched), "hidden": plan.hidden, "records": plan.records,
                "title": plan.title or None, "refused": plan.refused or None,
                "rejected": [{"file": p.file, "reason": p.message} for p in problems],
            }
        )  # fmt: skip
        return
    if plan.title:
        screen.tell(f'this becomes part of "{screen.visible(plan.title)}", which was begun first')
    for car in plan.cars:
        screen.tell(f"{screen.visible(car.name)}: {_words(car)}")
    for entry in plan.touched:
        screen.tell(f"  of your own: {entry}")
    for problem in problems:
        screen.warn_problem(problem)


def _words(car: CarPlan) -> str:
    parts = ["a new car"] if car.new else []
    counts = {**car.added, "tracks": car.tracks, "photos": car.photos}
    parts += [
        f"{n} new {_WORDS.get(kind, (kind, kind))[n != 1]}"
        for kind, n in counts.items()
        if n and kind not in ("copy", "original")  # these come with their photos and tracks
    ]
    for n, word in (
        (len(car.edited), "edited"), (len(car.disputed), "edited on both sides, both kept"),
        (len(car.deleted) + car.removed, "removed"),
    ):  # fmt: skip
        if n:
            parts.append(f"{n} {word}")
    return ", ".join(parts)


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
    from convoylog.files import bundle, layout, load, safely, scan
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
        raise UsageError(f"{target} is there already", hint="name another with -o")
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
        raise UsageError(f"{target} is there already", hint="name another with -o") from None
    except OSError as error:
        raise safely.told(error, target) from None
    screen.tell(f"packed {target} ({units.size(len(content))})")
    return 1 if packed.problems else 0


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(
        f"{n} {_WORDS.get(kind, (kind, kind))[n != 1]}"
        for kind, n in counts.items()
        if kind not in ("copy", "original")
    )


def resolve(
    entry: Annotated[
        str, typer.Argument(metavar="ID", help="An entry that was changed in two ways.")
    ],
    take: Annotated[
        list[str] | None,
        typer.Option(
            "--take",
            metavar="FIELD=N",
            help="Settle a field without asking: its N-th value.",
            show_default=False,
        ),
    ] = None,
    logbook: LogbookOption = None,
) -> int:
    """Choose between values that were written apart. What you don't choose stays open.

    Example:

        convoylog resolve 20270503t101500z-k7 --take text=1
    """
    from convoylog.files import load, store
    from convoylog.model.versions import view

    root = context.find_logbook(logbook)
    found = here.pick_entry(load.read_book(root).entries, entry)
    chosen: dict[str, int] = {}
    for choice in take or []:
        field, _, number = choice.partition("=")
        if not number.isdigit() or int(number) < 1:
            raise UsageError(f"{choice!r} is no FIELD=N", hint="--take text=1")
        chosen[field] = int(number)
    with store.writing(root, "resolve", now=context.now(), device=here.device()) as writer:
        seen, everything = store.current(writer, found.id)
        now = view(everything)
        if len(now.live) == 1 and not now.disputed:
            screen.tell(f"{found.id} says one thing only; nothing to choose")
            return 0
        fields = dict(now.fields)
        settled: dict[str, object] = {}
        for dispute in now.disputed:
            screen.tell(f"{screen.visible(dispute.field)}:")
            for place, (_, value) in enumerate(dispute.values, 1):
                screen.tell(
                    f"  {place}  {screen.visible(str(value)) if value is not None else '(taken out)'}"
                )
            wanted = chosen.pop(dispute.field, 0) or _asked(len(dispute.values))
            if not wanted:
                continue
            if wanted > len(dispute.values):
                raise UsageError(f"{dispute.field} has only {len(dispute.values)} values")
            settled[dispute.field] = dispute.values[wanted - 1][1]
        if chosen:
            raise UsageError(
                f"{', '.join(chosen)}: not in dispute here", hint=f"convoylog show {found.id}"
            )
        version = store.settle(now, {**fields, **settled}, settled)
        for old in now.live:
            writer.keep(old)
        writer.put(version, seen)
    left = len(now.disputed) - len(settled)
    screen.tell(
        f"settled {units.counted(len(settled), 'field')}" + (f", {left} left open" if left else "")
    )
    return 0


def _asked(most: int) -> int:
    """A number typed on a terminal; 0 leaves it open."""
    import sys

    if not sys.stdin.isatty():
        return 0
    screen.talk(f"which one? 1 to {most}, or nothing to leave it open")
    answer = sys.stdin.readline().strip()
    return int(answer) if answer.isdigit() and 0 < int(answer) <= most else 0
