"""`convoylog merge`: the logs of others joined into this one, the plan first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, here, screen, units
from convoylog.cli.car import clash_words
from convoylog.cli.options import DryRunOption, JsonOption, LogbookOption
from convoylog.errors import BadInput, ConvoylogError, Problem, UsageError

if TYPE_CHECKING:
    from convoylog.files.others import Other
    from convoylog.files.source import Source
    from convoylog.merge import CarPlan, Held, Plan
    from convoylog.model.holding import Claim, Holding
    from convoylog.model.versions import Version, View

#: kinds as people say them: one, several
WORDS = {
    "note": ("note", "notes"), "fuel": ("fuel stop", "fuel stops"), "expense": ("expense", "expenses"),
    "odometer": ("odometer reading", "odometer readings"), "rendezvous": ("rendezvous", "rendezvous"),
    "leg": ("leg", "legs"), "copy": ("copy record", "copy records"),
    "original": ("record of an original", "records of originals"),
    "tracks": ("track", "tracks"), "photos": ("photo", "photos"), "car": ("car", "cars"),
}  # fmt: skip
#: these come with their photos and tracks, and are no news by themselves
_SILENT = ("copy", "original")
#: own entries told one by one; more than this nobody reads
_MOST_TOLD = 10

OwnOption = Annotated[
    bool,
    typer.Option(
        "--own", help="Take also what others changed in your own car's entries, without asking."
    ),
]


def merge(
    others: Annotated[
        list[Path],
        typer.Argument(
            metavar="OTHER...", help="Bundles, logbook folders, or a folder with several of them."
        ),
    ],
    dry_run: DryRunOption = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also where much of this logbook would be hidden.")
    ] = False,
    own: OwnOption = False,
    json: JsonOption = False,
    logbook: LogbookOption = None,
) -> int:
    """Join other logs into this logbook: every word of both sides is kept.

    What others changed in your own car's entries waits for your yes. What cannot be read is told,
    and the rest is taken.

    Example:

        convoylog merge ~/Downloads/anna.convoylog.zip /media/stick
    """
    from convoylog import merge as planning
    from convoylog.files import aside, carry, renditions, scan, store
    from convoylog.files import others as elsewhere
    from convoylog.files.source import Folder
    from convoylog.model.holding import main_logbook

    root = context.find_logbook(logbook)
    found, problems = _gather(root, others)
    before, _ = scan.holding(scan.scan(Folder(root)))
    views = before.views()
    mine = _own_cars(views)
    known = _known(before, found)
    found = [elsewhere.without_cut(other, known) for other in found]
    problems += [problem for other in found for problem in other.problems]
    sides = [other.holding for other in found]
    plan, held = _planned(before, sides, () if own else mine, mine)
    _tell_plan(plan, held, problems, views, len(found), json=json, dry_run=dry_run)
    if plan.refused and not force:
        raise ConvoylogError(
            f"refused: {plan.refused}",
            hint="look at what you were given; --force does it all the same",
        )
    if dry_run:
        return 1 if problems or held else 0
    if held and not json and screen.ask_yes("take the changes to your own entries too?"):
        own, held = True, ()
    # before anything is written: a merge that is stopped must not leave own entries unguarded
    here.write_on(main_logbook(views.values()), _joined_logbook(known))
    with store.writing(root, "merge", now=context.now(), device=here.device()) as writer:
        # what another program wrote while the plan was made counts too
        ours = store.open_scan(writer)
        now, _ = scan.holding(ours)
        if not own:
            sides, held = planning.hold_back(now, sides, mine)
        problems_writing = carry.carry_out(
            writer, ours, now, [(side, o.fetch) for side, o in zip(sides, found, strict=True)]
        )
        for problem in problems_writing:
            screen.warn_problem(problem)
        left = [row for other in found for row in other.damaged]
        left += [(f"{h.version.id}.toml", h.version.text.encode(), _WAITS) for h in held]
        kept_aside = aside.lay_aside(writer, left)
        renditions.complete(writer, store.open_scan(writer), here.memory())
        writer.commit()
    if not json:
        screen.tell("merged" if not plan.nothing else "nothing new: all of it is here already")
        if kept_aside:
            screen.talk(f"{units.counted(kept_aside, 'file')} laid aside: `convoylog trash list`")
        if held:
            screen.talk("the same merge with `--own` takes the changes to your own entries")
    return 1 if problems or problems_writing or held else 0


_WAITS = "changes an entry of your own car: waits for your yes (merge --own)"


def _gather(root: Path, paths: Sequence[Path]) -> tuple[list[Other], list[Problem]]:
    """Every log at the paths, read. One that cannot be taken does not stop its neighbours.

    Raises ConvoylogError if nothing at all can be taken, UsageError for this logbook itself.
    """
    from convoylog.files import others as elsewhere
    from convoylog.files.source import Folder

    here_root = root.resolve()
    found: list[Other] = []
    refused: list[Problem] = []
    seen: set[Path] = set()
    for path in screen.progress(list(dict.fromkeys(paths)), "reading"):
        if path.resolve() == here_root and len(paths) == 1 and len(_nested(path)) <= 1:
            raise UsageError(f"{path} is this logbook itself")
        try:
            sources, wrong = elsewhere.find(path)
        except ConvoylogError as error:
            refused.append(Problem("", "refused", error.message, error.hint))
            continue
        refused += wrong
        if not sources and not wrong:
            told = f"no `logbook.toml` in {path}, nor a bundle"
            hint = "name the logbook's own folder, or a bundle from `convoylog pack`"
            refused.append(Problem("", "refused", told, hint))
        for source in sources:
            if isinstance(source, Folder):
                place = source.root.resolve()
                if place == here_root or place in seen:
                    continue  # this logbook itself, or named twice
                seen.add(place)
            try:
                found.append(elsewhere.look_into(source))
            except BadInput as error:
                refused.append(Problem(source.name, "newer", str(error), "update convoylog"))
    if not found and refused:
        first = refused[0]
        more = f" (and {len(refused) - 1} more that cannot be taken)" if len(refused) > 1 else ""
        told = f"{first.file}: {first.message}" if first.file else first.message
        raise ConvoylogError(f"{told}{more}", hint=first.hint or "ask for a new bundle")
    return found, refused


def _nested(path: Path) -> list[Source]:
    from convoylog.files import others as elsewhere

    return elsewhere.find(path)[0]


def _known(ours: Holding, others: Iterable[Other]) -> dict[str, tuple[Version, ...]]:
    from convoylog.model.holding import join

    return dict(join(ours, *(other.holding for other in others)).versions)


def _joined_logbook(known: dict[str, tuple[Version, ...]]) -> str:
    """The id the logbook has once all this is in it."""
    from convoylog.model.holding import main_logbook
    from convoylog.model.versions import view

    is_one = (g for g in known.values() if any(v.fields.get("kind") == "logbook" for v in g))
    return main_logbook(view(group) for group in is_one)


def _planned(
    ours: Holding, sides: Sequence[Holding], guarded: Sequence[str], mine: Sequence[str]
) -> tuple[Plan, tuple[Held, ...]]:
    from convoylog import merge as planning

    left, held = planning.hold_back(ours, sides, guarded) if guarded else (list(sides), ())
    return planning.make_plan(ours, left, mine), held


def _own_cars(views: dict[str, View]) -> tuple[str, ...]:
    """Ids of the cars this laptop writes for, those said to be one with them too."""
    from convoylog.model.alike import one_car
    from convoylog.model.holding import kind_of, main_logbook

    own = here.own_cars(main_logbook(views.values()))
    tops = one_car({k: v.fields.get("same_as") for k, v in views.items() if kind_of(v) == "car"})
    mine = {tops.get(car, car) for car in own}
    return tuple(sorted({*own, *(car for car, top in tops.items() if top in mine)}))


def fetching(source: Source) -> Callable[[Claim], bytes]:
    """What gives the bytes of an original that a source claims to hold."""
    from convoylog.files.scan import LARGEST

    def fetch(claim: Claim) -> bytes:
        return source.read(claim.source, LARGEST[claim.kind])

    return fetch


# -- the plan in words


def _tell_plan(
    plan: Plan,
    held: Sequence[Held],
    problems: Sequence[Problem],
    views: dict[str, View],
    sources: int,
    *,
    json: bool,
    dry_run: bool,
) -> None:
    if json:
        screen.json_out(
            {
                "dry_run": dry_run,
                "sources": sources,
                "cars": [
                    {
                        "id": car.id, "car": car.name, "new": car.new, "mine": car.mine, "added": car.added,
                        "tracks": car.tracks, "photos": car.photos, "edited": car.edited,
                        "disputed": car.disputed, "deleted": car.deleted, "removed": car.removed,
                    }
                    for car in plan.cars
                ],
                "touched": list(plan.touched), "hidden": plan.hidden, "records": plan.records,
                "title": plan.title or None, "refused": plan.refused or None,
                "rejected": [{"file": p.file, "kind": p.kind, "reason": p.message} for p in problems],
                "held": [
                    {"id": h.version.id, "version": h.version.hash, "kind": h.kind, "deletes": h.deletes}
                    for h in held
                ],
                "clashes": [
                    {"key": c.key, "value": c.value, "cars": list(c.cars), "free": c.free or None}
                    for c in plan.clashes
                ],
            }
        )  # fmt: skip
        return
    if plan.title:
        screen.tell(f'this becomes part of "{screen.visible(plan.title)}", which was begun first')
    theirs = [car for car in plan.cars if not car.mine]
    yours = [car for car in plan.cars if car.mine]
    apart = _edited_by_both([entry for car in yours for entry in car.disputed], yours)
    for car in theirs:
        tail = f"; {apart}" if apart and len(theirs) == 1 else ""
        screen.tell(f"{screen.visible(car.name)}: {_words(car)}{tail}")
    for car in yours:
        words = _words(car, told_apart=True)
        if words:
            screen.tell(f"{screen.visible(car.name)} (yours): {words}")
    if apart and len(theirs) != 1:
        screen.tell(apart)
    for entry in plan.touched[:_MOST_TOLD]:
        both = any(entry in car.disputed for car in yours)
        way = f"both kept, `convoylog resolve {entry}`" if both else f"`convoylog show {entry}`"
        screen.tell(f"  {_first_words(views.get(entry)) or entry}: {way}")
    if len(plan.touched) > _MOST_TOLD:
        screen.tell((f"  and {len(plan.touched) - _MOST_TOLD} more of yours", "dim"))
    for clash in plan.clashes:
        screen.tell((clash_words(clash, "NAME"), "yellow"))
        if clash.key == "name":
            screen.tell(
                "  `convoylog car list` shows them; `convoylog car same` says that they are one"
            )
    for change in held[:_MOST_TOLD]:
        what = "take away" if change.deletes else "change"
        screen.tell(
            (
                f"not taken: would {what} your {WORDS.get(change.kind, (change.kind,))[0]} ",
                "yellow",
            ),
            f"{_first_words(views.get(change.version.id))} {change.version.id}",
        )
    if len(held) > _MOST_TOLD:
        screen.tell((f"not taken: {len(held) - _MOST_TOLD} more changes to yours", "yellow"))
    for problem in problems:
        screen.warn_problem(problem)


def _first_words(entry: View | None) -> str:
    if entry is None:
        return ""
    text = str(
        entry.fields.get("title") or entry.fields.get("text") or entry.fields.get("name", "")
    )
    line = " ".join(text.split())
    return f'"{screen.visible(line[:40])}{"…" if len(line) > 40 else ""}"' if line else ""


def _edited_by_both(entries: Sequence[str], cars: Sequence[CarPlan]) -> str:
    """ "one of your notes was edited by both of you", or "" if none was."""
    kinds = {
        car.kinds.get(entry, "note") for car in cars for entry in entries if entry in car.kinds
    }
    word = WORDS.get(next(iter(kinds)), ("entry", "entries"))[1] if len(kinds) == 1 else "entries"
    if not entries:
        return ""
    if kinds == {"car"}:
        return "what is said about your car was edited by both of you"
    if len(entries) == 1:
        return f"one of your {word} was edited by both of you"
    return f"{len(entries)} of your {word} were edited by both of you"


def _words(car: CarPlan, *, told_apart: bool = False) -> str:
    """ "14 new notes, 212 photos, 3 edits". told_apart: entries edited by both are told elsewhere."""
    parts = ["a new car"] if car.new else []
    new = "new "
    for kind, n in {**car.added, "tracks": car.tracks, "photos": car.photos}.items():
        if n and kind not in _SILENT:
            parts.append(f"{n} {new}{WORDS.get(kind, (kind, kind))[n != 1]}")
            new = ""  # once is enough: "14 new notes, 212 photos"
    if car.edited:
        parts.append(units.counted(len(car.edited), "edit"))
    if car.disputed and not told_apart:
        parts.append(f"{len(car.disputed)} edited on both sides, both kept")
    for gone, word in ((len(car.deleted), "entry"), (car.removed, "original")):
        if gone:
            plural = "entries" if word == "entry" else "originals"
            parts.append(f"{gone} {word if gone == 1 else plural} removed")
    return ", ".join(parts)
