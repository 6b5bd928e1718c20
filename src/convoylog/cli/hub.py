"""`convoylog report --hub`: several logbooks on one page, each read, cut and worked out by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from convoylog.cli import context, here
from convoylog.cli.report_audit import audited, forbidden
from convoylog.errors import BadInput, ConvoylogError, Problem, UsageError

if TYPE_CHECKING:
    from convoylog.model.convoy import Passing
    from convoylog.model.logbook import Logbook
    from convoylog.model.trip import Trip
    from convoylog.reports.edition import Edition
    from convoylog.reports.hub_kept import KeptTrip
    from convoylog.reports.words import Words
    from convoylog.trips.convoy.strangers import Reach

FIND = "name folders that are logbooks or hold some: `convoylog report --hub ~/rally2025 ~/club`"


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """What is kept of a logbook that was read. forbidden: texts that must not go out."""

    root: Path
    kept: KeptTrip
    reaches: tuple[Reach, ...]
    forbidden: tuple[str, ...]
    problems: int


def build_hub(
    roots: Sequence[Path],
    target: Path,
    *,
    privacy: str,
    hide_times: bool,
    edition: Edition,
    title: str = "",
    words: Words | None = None,
) -> tuple[Path, tuple[str, ...], list[Problem]]:
    """Write the page. Returns (the file to open, what the person should know, problems).

    A logbook that cannot be read is a problem; the others are told. Raises ConvoylogError where none
    can be read, or where the audit objects.
    """
    from convoylog.files import output
    from convoylog.reports.hub import make_hub
    from convoylog.reports.web.hub import render_hub

    read: list[_Read] = []
    unread: list[Problem] = []
    said: list[str] = []
    first: dict[str, _Read] = {}
    copies: list[str] = []
    for root in roots:
        try:
            twin = first.get(_id_of(root))
            if twin is not None:
                copies.append(twin.kept.title)
                said.append(
                    f"{root} is a copy of {twin.root}; counted once, as in {twin.root}: "
                    f"`convoylog --logbook {twin.root} merge {root}` joins them"
                )
                continue
            found = _read(root, privacy)
        except (BadInput, ConvoylogError, OSError) as error:
            told = error.message if isinstance(error, ConvoylogError) else str(error)
            unread.append(
                Problem(str(root), "unread-logbook", told, f"convoylog --logbook {root} check")
            )
            continue
        read.append(found)
        if found.kept.book:
            first[found.kept.book] = found
        if found.problems:
            said.append(
                f"{root}: {found.problems} to look at with `convoylog --logbook {root} check`"
            )
    if not read:
        raise ConvoylogError(
            "no logbook could be read: "
            + "; ".join(f"{problem.file}: {problem.message}" for problem in unread),
            hint="convoylog --logbook DIR check",
        )
    read, merged = _without_parts(read)
    for part, whole in merged:
        copies.append(part.kept.title)
        said.append(f"{part.root} is all in {whole.root}; counted once")
    said += _namesakes(read)
    hub = make_hub(
        _with_reports(read, target),
        _passings(read, privacy),
        title=title,
        copies=copies,
        unread=len(unread),
        hide_times=hide_times,
        words=words,
    )
    pages = audited(
        render_hub(hub, edition),
        [text for found in read for text in found.forbidden],
    )
    output.write_pages(pages, target)
    return target / pages.first, tuple(said), unread


def find_logbooks(folders: Sequence[Path], given: Path | None) -> list[Path]:
    """The logbooks meant, each once: the folders given, or the logbooks one level below them.

    given: the logbook named by `--logbook`, which comes first. Without any folder the logbook found
    as always, else those below the working folder. Raises UsageError for a folder without any.
    """
    found: list[Path] = []
    if given is not None:
        found.append(context.find_logbook(given))
    if not folders and not found:
        try:
            found.append(context.find_logbook())
        except ConvoylogError:
            folders = [Path()]
    for folder in folders:
        if not folder.is_dir():
            what = "is no folder" if folder.exists() else "does not exist"
            raise UsageError(f"{folder} {what}", hint=FIND)
        below = list(context.logbooks_in(folder))
        if not below:
            raise UsageError(f"no logbook in {folder}, nor one level below", hint=FIND)
        found += below
    once = {path.resolve(): path for path in reversed(found)}
    return list(reversed(once.values()))


def _id_of(root: Path) -> str:
    from convoylog.files import load

    # one without an id is nobody's copy
    return load.read_cars(root).id or str(root)


def _read(root: Path, privacy: str) -> _Read:
    """One logbook, reduced before the next one is read. Raises ConvoylogError, BadInput, OSError."""
    from convoylog.reports.hub_kept import keep_trip
    from convoylog.trips.convoy import convoy_of
    from convoylog.trips.convoy.strangers import reach_of

    whole, seen, left_out, trip = _worked_out(root, privacy)
    if not whole.cars and whole.problems:
        worst = whole.problems[0]
        raise ConvoylogError(f"{worst.file}: {worst.message}")
    kept = keep_trip(
        trip,
        convoy_of(trip, routes=False, closest=False),
        book=whole.id,
        folder=root.resolve().name,
        left_out=left_out,
    )
    reaches = tuple(reach for car in trip.cars if (reach := reach_of(car)))
    return _Read(root, kept, reaches, tuple(forbidden(whole, seen, trip, root)), len(trip.problems))


def _worked_out(root: Path, privacy: str) -> tuple[Logbook, Logbook, tuple[str, ...], Trip]:
    """The logbook, what its level shows of it, what was left out, and the account of that."""
    from dataclasses import replace

    from convoylog.files import load
    from convoylog.privacy import cut
    from convoylog.trips.account import work_out

    whole = load.load(root, memory=here.memory())
    mine = here.own_of(whole.id, whole.cars)
    seen = cut.cut(whole, privacy, mine=mine)  # type: ignore[arg-type]
    # the page shows no entry and no photo, so it need not say whose are missing
    ways = replace(whole, entries=(), photos=())
    left_out = cut.cut(ways, privacy, mine=mine).left_out  # type: ignore[arg-type]
    return whole, seen.logbook, left_out, work_out(seen.logbook)


def _with_reports(read: Sequence[_Read], target: Path) -> Iterator[KeptTrip]:
    """Each trip with the address of its own report, where one lies in a folder of its name."""
    from dataclasses import replace

    from convoylog.reports.hub_kept import folders_of

    names = [folders_of(found.kept) for found in read]
    taken = [name for row in names for name in set(row)]
    for found, row in zip(read, names, strict=True):
        # a name that two trips have tells neither
        there = [
            f"{name}/report.html"
            for name in row
            if taken.count(name) == 1 and (target / name / "report.html").is_file()
        ]
        yield replace(found.kept, report=there[0]) if there else found.kept


def _passings(read: Sequence[_Read], privacy: str) -> Iterator[tuple[int, int, Passing]]:
    """Cars of different logbooks that were near each other; two logbooks in memory at a time."""
    from convoylog.trips.convoy.strangers import find_passings
    from convoylog.trips.packed import PackedGround

    same = _same_cars(read)
    for a, b in combinations(range(len(read)), 2):
        ours, theirs = _near(read[a], read[b], same)
        if not ours:
            continue
        one, two = (_worked_out(read[n].root, privacy)[3] for n in (a, b))
        for passing in find_passings(
            [car for car in one.cars if car.car.id in ours],
            [car for car in two.cars if car.car.id in theirs],
            one.convoy_rules,
            ground=PackedGround(),
        ):
            yield a, b, passing


def _without_parts(read: list[_Read]) -> tuple[list[_Read], list[tuple[_Read, _Read]]]:
    """The logbooks without those that were merged into another, and which in which."""
    from convoylog.reports.hub_kept import is_within

    # the smaller ones first, so that of two equal ones the first given stays
    order = sorted(range(len(read)), key=lambda n: (len(read[n].kept.cars), -n))
    gone: dict[int, int] = {}
    for place, n in enumerate(order):
        larger = [m for m in order[place + 1 :] if is_within(read[n].kept, read[m].kept)]
        if larger:
            gone[n] = larger[-1]
    left = [row for n, row in enumerate(read) if n not in gone]
    return left, [(read[n], read[m]) for n, m in sorted(gone.items())]


def _same_cars(read: Sequence[_Read]) -> dict[str, str]:
    """Car id → the id it is told under on this page."""
    from convoylog.reports.hub_kept import same_cars

    return same_cars([found.kept for found in read])


def _near(a: _Read, b: _Read, same: dict[str, str]) -> tuple[set[str], set[str]]:
    """Cars of two logbooks that may have met, by their boxes; a car of both is no stranger."""
    ours, theirs = {r.car for r in a.reaches}, {r.car for r in b.reaches}
    both = {same[car] for car in ours} & {same[car] for car in theirs}
    pairs = [
        (one.car, two.car)
        for one in a.reaches
        for two in b.reaches
        if same[one.car] not in both and same[two.car] not in both and one.could_meet(two)
    ]
    return {one for one, _ in pairs}, {two for _, two in pairs}


def _namesakes(read: Sequence[_Read]) -> list[str]:
    """Cars of one name in several logbooks that nobody said are one."""
    same = _same_cars(read)
    named: dict[str, dict[str, tuple[str, Path, str]]] = {}
    for found in read:
        for car in found.kept.cars:
            row = named.setdefault(car.car.name.strip().casefold(), {})
            row.setdefault(same[car.car.id], (car.car.name, found.root, car.car.id))
    said = []
    for cars in named.values():
        rows = sorted(cars.values(), key=lambda row: row[2])
        if len({root for _, root, _ in rows}) < 2:
            continue
        name, root, _ = rows[1]
        said.append(
            f"{len(rows)} cars of different logbooks are called {name}, told as {len(rows)}; if they "
            f'are one: `convoylog --logbook {root} car same "{name}" --elsewhere {rows[0][2]}`'
        )
    return said
