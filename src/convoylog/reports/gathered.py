"""What is one thing to who reads: a burst of photos of one car, an hour at one fire, ten cars at one pump.

Twenty cars come home with a hundred photos a day; one under another they bury the words between them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from convoylog.geo import distance_m
from convoylog.model.trip import Told

#: metres: one parking place, one camp ground
_NEAR_M = 300.0
#: seconds without a photo after which people do something else, and how long one thing lasts
_SOON_S, _LASTS_S = 1200.0, 3600.0
#: a burst out of the window: the same car, this quickly, on this much of the road
_BURST_S, _ROAD_M = 120.0, 4000.0
#: photos that still fit into a column of the printed book, together
MOST = 24
#: entries that are often no more than an amount
_AMOUNTS = ("fuel", "expense", "odometer")


def gathered(rows: Iterable[Told], answered: Collection[str]) -> list[tuple[Told, ...]]:
    """The story's rows; photos that belong together as one, amounts of several cars too, where the first was.

    rows: in order of time. answered: ids of rows that somebody answers; they stand alone.
    """
    found: list[list[Told]] = []
    growing: list[list[Told]] = []
    filling: list[list[Told]] = []
    for row in rows:
        if is_amount(row) and row.id not in answered:
            # nobody says anything there, so it parts no photos
            filling = [group for group in filling if _lasts(row, group)]
            group = next((group for group in filling if _beside(row, group)), None)
            if group:
                group.append(row)
            else:
                found.append([row])
                filling.append(found[-1])
            continue
        if not _bare(row) or row.id in answered:
            # what is said there comes between the photos before and after it
            growing = [group for group in growing if not _at(row, group)]
            found.append([row])
            continue
        growing = [group for group in growing if _lasts(row, group)]
        group = next((group for group in growing if _belongs(row, group)), None)
        if group:
            group.append(row)
        else:
            found.append([row])
            growing.append(found[-1])
    return [tuple(group) for group in found]


def _bare(row: Told) -> bool:
    """A photo and no words."""
    return row.entry is None and bool(row.photos) and not (row.text or row.title or row.reply_to)


def is_amount(row: Told) -> bool:
    """What was filled in, paid or read off, and no words."""
    more = row.photos or row.text or row.title or row.reply_to or row.tags
    return row.kind in _AMOUNTS and not more


def _beside(row: Told, group: list[Told]) -> bool:
    """Whether another car did the same at the same place."""
    away = _metres(row, group[0])
    return (
        row.kind == group[0].kind
        and away is not None
        and away <= _NEAR_M
        and all(row.car != other.car for other in group)
    )


def _lasts(row: Told, group: list[Told]) -> bool:
    first, last, at = group[0].placed.at, group[-1].placed.at, row.placed.at
    if first is None or last is None or at is None:
        # nobody knows when, so only the car tells
        return first is last is at is None
    return at - last <= _SOON_S and at - first <= _LASTS_S


def _belongs(row: Told, group: list[Told]) -> bool:
    if len(group) >= MOST:
        return False
    away = _metres(row, group[0])
    if away is not None and away <= _NEAR_M:
        return True
    last, at = group[-1].placed.at, row.placed.at
    quickly = last is None or at is None or at - last <= _BURST_S
    return row.car == group[-1].car and quickly and (away is None or away <= _ROAD_M)


def _at(row: Told, group: list[Told]) -> bool:
    """Whether it was said by who took these photos, or where they did."""
    away = _metres(row, group[0])
    return any(row.car == photo.car for photo in group) or (away is not None and away <= _NEAR_M)


def _metres(a: Told, b: Told) -> float | None:
    if a.placed.lat is None or a.placed.lon is None or b.placed.lat is None or b.placed.lon is None:
        return None
    return distance_m(a.placed.lat, a.placed.lon, b.placed.lat, b.placed.lon)
