"""What joining another logbook into ours will do, before anything is done.

Merging itself is a union of sets (`model/holding.py`); here it is counted and judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from convoylog.model.holding import Holding, join, kind_of, main_logbook, removed_media
from convoylog.model.versions import View

#: a merge that hides more of our records than this share is refused unless forced: it is rather
#: a wrong folder or a hostile bundle than a wish (after vdirsyncer, which stops at all of them)
MOST_HIDDEN = 0.20


@dataclass(slots=True)
class CarPlan:
    """What one car gains and loses. Counts of entries by kind, and of originals."""

    id: str
    name: str
    new: bool = False
    added: dict[str, int] = field(default_factory=dict)
    tracks: int = 0
    photos: int = 0
    edited: list[str] = field(default_factory=list)
    disputed: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    removed: int = 0

    def empty(self) -> bool:
        return not (
            self.new or self.added or self.tracks or self.photos or self.edited
            or self.disputed or self.deleted or self.removed
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """cars: those that change, by name. touched: our own cars' entries that change, by id.

    hidden: records of ours that would no longer show; records: those that show now.
    lost_cars: names of our cars of which nothing would show. title: the new title, "" if it stays.
    """

    cars: tuple[CarPlan, ...]
    touched: tuple[str, ...]
    hidden: int
    records: int
    lost_cars: tuple[str, ...]
    title: str = ""

    @property
    def nothing(self) -> bool:
        return not self.cars and not self.title

    @property
    def refused(self) -> str:
        """Why this merge needs a yes of its own, or ""."""
        if self.lost_cars:
            return f"it would hide everything of {', '.join(self.lost_cars)}"
        if self.records and self.hidden / self.records > MOST_HIDDEN:
            return f"it would hide {self.hidden} of {self.records} records"
        return ""


def make_plan(ours: Holding, theirs: Iterable[Holding], mine: Iterable[str] = ()) -> Plan:
    """What the union would change for us.

    mine: ids of the cars the person writes for; changes to their entries are told one by one.
    """
    union = join(ours, *theirs)
    before, after = ours.views(), union.views()
    rows: dict[str, CarPlan] = {}

    def row(car: str) -> CarPlan:
        if car not in rows:
            rows[car] = CarPlan(car, _car_name(after, car), new=car in after and car not in before)
        return rows[car]

    touched = []
    own_cars = set(mine)
    for key in sorted(after):
        now, then = after[key], before.get(key)
        if kind_of(now) in ("logbook", "removal"):
            continue
        car = key if kind_of(now) == "car" else str(now.fields.get("car", ""))
        if then is None:
            if not now.deleted and kind_of(now) != "car":
                counts = row(car).added
                counts[kind_of(now)] = counts.get(kind_of(now), 0) + 1
            elif kind_of(now) == "car":
                row(car)
            continue
        if [v.hash for v in then.live] == [v.hash for v in now.live]:
            continue
        if now.deleted and not then.deleted:
            row(car).deleted.append(key)
        elif now.disputed and now.disputed != then.disputed:
            row(car).disputed.append(key)
        else:
            row(car).edited.append(key)
        if car in own_cars:
            touched.append(key)

    gone_before, gone_after = removed_media(before.values()), removed_media(after.values())
    have = {(c.car, c.kind, c.sha256) for c in ours.claims if (c.car, c.sha256) not in gone_before}
    will = {(c.car, c.kind, c.sha256) for c in union.claims if (c.car, c.sha256) not in gone_after}
    for car, kind, _ in sorted(will - have):
        if kind == "tracks":
            row(car).tracks += 1
        else:
            row(car).photos += 1
    for car, _, _ in sorted(have - will):
        row(car).removed += 1

    shown = _records(before, have)
    lost = shown - _records(after, will)
    lost_cars = tuple(
        _car_name(before, car)
        for car in sorted({car for car, _ in shown})
        if (car in before and car in after and after[car].deleted and not before[car].deleted)
        or (
            {r for r in shown if r[0] == car} <= lost and len([r for r in shown if r[0] == car]) > 1
        )
    )
    title = _title(after)
    return Plan(
        cars=tuple(
            sorted((r for r in rows.values() if not r.empty()), key=lambda r: (r.name, r.id))
        ),
        touched=tuple(touched),
        hidden=len(lost),
        records=len(shown),
        lost_cars=lost_cars,
        title=title if title != _title(before) else "",
    )


def _records(
    views: Mapping[str, View], media: Iterable[tuple[str, str, str]]
) -> set[tuple[str, str]]:
    """(car, id or SHA-256) of everything that shows."""
    entries = {
        (str(v.fields.get("car", "")), key)
        for key, v in views.items()
        if not v.deleted and kind_of(v) not in ("logbook", "car", "removal")
    }
    return entries | {(car, sha256) for car, _, sha256 in media}


def _car_name(views: Mapping[str, View], car: str) -> str:
    found = views.get(car)
    return (
        str(found.fields.get("name", ""))
        if found and found.fields.get("name")
        else f"car {car[-10:]}"
    )


def _title(views: Mapping[str, View]) -> str:
    main = main_logbook(views.values())
    return str(views[main].fields.get("title", "")) if main else ""
