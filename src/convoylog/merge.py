"""What joining other logs into ours will do, before anything is done.

Merging itself is a union of sets (`model/holding.py`); here it is counted and judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from convoylog.model.alike import Clash, find_clashes, one_car
from convoylog.model.holding import Holding, join, kind_of, main_logbook, removed_media
from convoylog.model.versions import Version, View, ancestors, view

#: a merge that hides more of our records than this share is refused unless forced: it is rather
#: a wrong folder or a hostile bundle than a wish (after vdirsyncer, which stops at all of them)
MOST_HIDDEN = 0.20


@dataclass(slots=True)
class CarPlan:
    """What one car gains and loses.

    added: kind → count of new entries. edited, disputed, deleted: ids of entries that change.
    disputed: edited on both sides, both shown. removed: originals that somebody took out.
    kinds: id → kind, of the entries named.
    """

    id: str
    name: str
    new: bool = False
    mine: bool = False
    added: dict[str, int] = field(default_factory=dict)
    tracks: int = 0
    photos: int = 0
    edited: list[str] = field(default_factory=list)
    disputed: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    removed: int = 0
    kinds: dict[str, str] = field(default_factory=dict)

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
    clashes: names, numbers and colours that cars would share from now on.
    joined: names of cars that would count as one with a car of ours from now on.
    """

    cars: tuple[CarPlan, ...]
    touched: tuple[str, ...]
    hidden: int
    records: int
    lost_cars: tuple[str, ...]
    title: str = ""
    clashes: tuple[Clash, ...] = ()
    joined: tuple[tuple[str, str], ...] = ()

    @property
    def nothing(self) -> bool:
        return not self.cars and not self.title

    @property
    def refused(self) -> str:
        """Why this merge needs a yes of its own, or ""."""
        if self.joined:
            other, own = self.joined[0]
            return f"it says that {other} and your {own} are one car"
        if self.lost_cars:
            return f"it would hide everything of {', '.join(self.lost_cars)}"
        if self.records and self.hidden / self.records > MOST_HIDDEN:
            return f"it would hide {self.hidden} of {self.records} records"
        return ""


@dataclass(frozen=True, slots=True)
class Held:
    """A version of somebody else that would hide words of our own car. deletes: a tombstone."""

    version: Version
    car: str
    kind: str
    deletes: bool


def hold_back(
    ours: Holding, theirs: Iterable[Holding], mine: Collection[str]
) -> tuple[list[Holding], tuple[Held, ...]]:
    """Theirs without what would change our own cars' entries under our hands, and what that is.

    An edit made apart from ours hides nothing and stays. mine: ids of the cars the person writes
    for. Holding back is for one merge: the same one again with a yes takes it.
    """
    theirs = list(theirs)
    held: dict[str, Held] = {}
    joined = join(ours, *theirs)
    for key, group in joined.versions.items():
        own = {version.hash: version for version in ours.versions.get(key, ())}
        if len(own) == len(group):
            continue  # nothing new
        car = _car_of(key, group)
        if car not in mine or (not own and not _removes(group)):
            continue
        above = ancestors(group)
        live = {version.hash for version in view(own.values()).live} if own else set()
        for version in group:
            changes = above[version.hash] & live or not own
            if version.hash not in own and changes:
                kind = version.kind or "note"
                held[version.hash] = Held(version, car, kind, version.deleted)
    if not held:
        return theirs, ()
    kept = [
        Holding(
            {
                key: rows
                for key, group in side.versions.items()
                if (rows := tuple(v for v in group if v.hash not in held))
            },
            side.claims,
        )
        for side in theirs
    ]
    return kept, tuple(held[h] for h in sorted(held))


def _removes(group: Iterable[Version]) -> bool:
    """A record that takes an original of the car out."""
    return any(version.kind == "removal" and version.deleted for version in group)


def _car_of(key: str, group: Iterable[Version]) -> str:
    """The car an entry belongs to, by whichever version says so; a car belongs to itself."""
    for version in sorted(group, key=lambda version: version.hash):
        if version.kind == "car":
            return key
        if version.car:
            return version.car
    return ""


def make_plan(ours: Holding, theirs: Iterable[Holding], mine: Iterable[str] = ()) -> Plan:
    """What the union would change for us.

    mine: ids of the cars the person writes for; changes to their entries are told one by one.
    """
    union = join(ours, *theirs)
    before = ours.views()
    # what nobody changed need not be worked out again: most of a logbook, in most merges
    after = {
        key: before[key] if key in before and len(group) == len(ours.versions[key]) else view(group)
        for key, group in union.versions.items()
    }
    rows: dict[str, CarPlan] = {}
    own_cars = set(mine)

    def row(car: str) -> CarPlan:
        if car not in rows:
            new = car in after and car not in before
            rows[car] = CarPlan(car, _car_name(after, car), new=new, mine=car in own_cars)
        return rows[car]

    touched = []
    for key in sorted(after):
        now, then = after[key], before.get(key)
        kind = kind_of(now)
        if now is then or kind in ("logbook", "removal"):
            continue
        car = key if kind == "car" else str(now.fields.get("car", ""))
        if then is None:
            if not now.deleted and kind != "car":
                counts = row(car).added
                counts[kind] = counts.get(kind, 0) + 1
            elif kind == "car":
                row(car)
            continue
        if [v.hash for v in then.live] == [v.hash for v in now.live]:
            continue
        row(car).kinds[key] = kind if not now.deleted else kind_of(then)
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
    for car, media, _ in sorted(will - have):
        if media == "tracks":
            row(car).tracks += 1
        else:
            row(car).photos += 1
    for car, _, _ in sorted(have - will):
        row(car).removed += 1

    shown = _records(before, have)
    lost = shown - _records(after, will)
    cars_shown: dict[str, set[tuple[str, str]]] = {}
    for record in shown:
        cars_shown.setdefault(record[0], set()).add(record)
    lost_cars = tuple(
        _car_name(before, car)
        for car, records in sorted(cars_shown.items())
        if (car in before and car in after and after[car].deleted and not before[car].deleted)
        or (records <= lost and len(records) > 1)
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
        clashes=tuple(c for c in _clashes(after) if c not in _clashes(before)),
        joined=_joined(before, after, own_cars),
    )


def _cars(views: Mapping[str, View]) -> dict[str, View]:
    return {key: v for key, v in views.items() if kind_of(v) == "car" and not v.deleted}


def _clashes(views: Mapping[str, View]) -> list[Clash]:
    return find_clashes({key: v.fields for key, v in _cars(views).items()})


def _joined(
    before: Mapping[str, View], after: Mapping[str, View], own: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """(name of another car, name of ours) for those that would count as one from now on."""
    was = one_car({key: v.fields.get("same_as") for key, v in _cars(before).items()})
    now = one_car({key: v.fields.get("same_as") for key, v in _cars(after).items()})
    return tuple(
        (_car_name(after, other), _car_name(after, mine))
        for mine in sorted(own)
        for other in sorted(now)
        if other != mine and now.get(mine, mine) == now[other]
        and was.get(mine, mine) != was.get(other, other)
    )  # fmt: skip


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
