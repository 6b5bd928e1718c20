"""Who drove with whom where there are too many cars to compare two by two: in slices, from the disk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from convoylog.cli import here, screen, units

if TYPE_CHECKING:
    from convoylog.model.convoy import Convoy
    from convoylog.model.logbook import Logbook

#: pairs and companies in the tables; `--json` has all
_SHOWN = 20


def find(whole: Logbook) -> Convoy:
    """The company of all cars of a logbook, one car's recordings in memory at a time."""
    from convoylog.files.columns import Columns
    from convoylog.model.tracks import let_go
    from convoylog.trips import account
    from convoylog.trips.convoy import fleet

    with Columns(here.cache_folder()) as columns:
        members = []
        for number, car in enumerate(screen.progress(whole.cars, "reading")):
            track = account.track_of(whole, car)
            if len(track) > 1:
                columns.put(number, track)
                ends = float(track.time[0]), float(track.time[-1])
                members.append(
                    fleet.Member(car.id, *ends, len(track), partial(columns.part, number))
                )
            for recorded in whole.tracks:
                if recorded.car == car.id:
                    for row in recorded.recording.tracks:
                        let_go(row)
        return fleet.find_company(members, whole.convoy)


def tell(found: Convoy, names: dict[str, str]) -> None:
    """The longest companies and the closest pairs."""
    if not found.pairs:
        screen.talk("no two cars were together")
        return
    cars = {car for group in found.groups for car in group.cars}
    screen.tell(
        f"{units.counted(len(found.pairs), 'pair')} together, {len(cars)} of {len(names)} cars,"
        f" {units.counted(len(found.groups), 'company', 'companies')}"
    )
    screen.tell("")
    groups = sorted(found.groups, key=lambda g: (-len(g.cars), g.from_at - g.to_at))[:_SHOWN]
    rows = [
        [
            str(len(group.cars)),
            f"{_instant(group.from_at)}",
            units.duration(group.to_at - group.from_at),
            ", ".join(names.get(car, "?") for car in group.cars[:6])
            + (" …" if len(group.cars) > 6 else ""),
        ]
        for group in groups
    ]
    screen.table(["cars", "from, UTC", "for", "who"], rows, right={0, 2})
    screen.tell("")
    pairs = sorted(found.pairs, key=lambda pair: (-pair.together_s, pair.a, pair.b))[:_SHOWN]
    screen.table(
        ["cars", "together", "share", "times"],
        [
            [
                f"{names.get(pair.a, '?')} – {names.get(pair.b, '?')}",
                units.duration(pair.together_s),
                f"{100 * pair.share:.0f} %" if pair.share is not None else units.UNKNOWN,
                str(len(pair.episodes)),
            ]
            for pair in pairs
        ],
        right={1, 2, 3},
    )
    if len(found.pairs) > _SHOWN or len(found.groups) > _SHOWN:
        screen.talk("the first of each; `--json` has all. Order, gaps and meetings: `--car NAME`")


def _instant(at: float) -> str:
    from convoylog.cli.rows import instant

    when = instant(at)
    return f"{when:%Y-%m-%d %H:%M}" if when else "?"
