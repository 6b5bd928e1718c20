"""Which file belongs where: the folder of a logbook as a pure function of what it holds.

Whoever merged with whom, in whatever order, the same versions and originals give the same tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from convoylog.files import layout
from convoylog.files.door import car_folder_of
from convoylog.model.holding import Claim, MediaKind, kind_of, main_logbook
from convoylog.model.versions import Version, View


def folders_of(views: Iterable[View], claims: Iterable[Claim] = ()) -> dict[str, str]:
    """Car id → folder, also for cars of which only entries or originals are here."""
    views = list(views)
    wanted = {v.id: car_folder_of(v.fields) for v in views if kind_of(v) == "car"}
    speaking = {
        version.car for v in views if kind_of(v) not in ("car", "logbook") for version in v.live
    }
    for car in sorted(speaking | {claim.car for claim in claims}):
        if layout.is_id(car):
            wanted.setdefault(car, f"car-{car[-10:]}")
    return layout.folders(wanted)


def entry_places(v: View, folders: Mapping[str, str]) -> dict[str, Version]:
    """Path → version, for every live version of one entry that has a file of its own."""
    kind = kind_of(v)
    if v.deleted or kind == "removal":
        return {}
    several = len(v.live) > 1
    result = {}
    for n, version in enumerate(v.live):
        # the logbook is found by its plain name, so one version always keeps it
        tail = version.hash if several and not (kind == "logbook" and n == 0) else ""
        folder = folders.get(v.id if kind == "car" else version.car, "")
        if kind == "logbook" or folder:
            result[layout.entry_path(folder, version.kind or "note", v.id, tail)] = version
    return result


def all_places(views: Mapping[str, View], folders: Mapping[str, str]) -> dict[str, Version]:
    """Path → version for a whole logbook: the logbook itself first, then cars, then entries."""
    main = main_logbook(views.values())
    rank = {"logbook": 0, "car": 1}
    result: dict[str, Version] = {}
    for v in sorted(views.values(), key=lambda v: (rank.get(kind_of(v), 2), v.id)):
        if kind_of(v) != "logbook" or v.id == main:
            result.update(entry_places(v, folders))
    return result


def media_places(
    claims: Iterable[Claim], folders: Mapping[str, str], removed: set[tuple[str, str]]
) -> dict[str, Claim]:
    """Path → claim, for every original that nobody removed."""
    groups: dict[tuple[str, MediaKind], list[Claim]] = {}
    for claim in claims:
        if (claim.car, claim.sha256) not in removed and claim.car in folders:
            groups.setdefault((claim.car, claim.kind), []).append(claim)
    result: dict[str, Claim] = {}
    for (car, kind), group in sorted(groups.items()):
        names = layout.media_names((c.prefix, c.sha256, c.ending) for c in group)
        for claim in group:
            path = f"{layout.CARS}/{folders[car]}/{kind}/{names[claim.sha256]}"
            result.setdefault(path, claim)
    return result
