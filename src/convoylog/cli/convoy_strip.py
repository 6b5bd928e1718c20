"""The convoy over time as rows of letters: a row a car, a column a piece of time.

Cars with the same letter in a column were together then: capitals on the move, small ones while
they stood. Told without colour, in as few columns as are there; hours in which nobody drove shrink.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from convoylog.model.convoy import Convoy, Group
from convoylog.model.trip import CarTrip

ALONE, ALONE_STANDING, UNKNOWN, NIGHT = "-", ".", " ", ":"
LEGEND = (
    "same letter: together, small: standing   - alone  . alone, standing",
    "blank: no data, unknown                  : hours in which nobody drove",
)
#: whatever lasts longer without anybody moving is squeezed into one column
NIGHT_S = 3 * 3600.0
#: a column is never shorter: a leg of an hour still fills a line
COLUMN_S = 60.0

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Strip:
    """heads: lines above; rows: one text a car, all as long."""

    heads: tuple[str, ...]
    rows: tuple[str, ...]
    column_s: float


def draw(
    cars: Sequence[CarTrip],
    convoy: Convoy,
    wide: int,
    told: Callable[[float], tuple[str, str]],
    window: Span | None = None,
) -> Strip | None:
    """The strip in at most `wide` columns. told: UTC seconds → (day, hour) in words, local.

    None where nothing is known.
    """
    groups = [group for group in convoy.groups if _cut((group.from_at, group.to_at), window)]
    if not groups:
        return None
    begin = min(g.from_at for g in groups)
    end = max(g.to_at for g in groups)
    if window is not None:
        begin, end = max(begin, window[0]), min(end, window[1])
    nights = [n for n in _quiet(cars, begin, end) if n[1] - n[0] >= NIGHT_S]
    busy = (end - begin) - sum(n[1] - n[0] for n in nights)
    room = max(8, wide - len(nights))
    each = max(COLUMN_S, busy / room)
    cells = list(_cells(begin, end, nights, each))[: max(wide, 1)]
    letters = _letters(groups)
    rows = [_row(car, groups, letters, cells) for car in cars]
    return Strip(_heads(cells, told, wide), tuple(rows), each)


def _cut(span: Span, window: Span | None) -> bool:
    return window is None or (span[0] < window[1] and span[1] > window[0])


def _quiet(cars: Sequence[CarTrip], begin: float, end: float) -> list[Span]:
    """Spans in which no car is known to drive: standing, or without data."""
    busy: list[Span] = []
    for car in cars:
        at = car.from_at
        if at is None or car.to_at is None:
            continue
        for stop in car.stops:
            busy.append((at, stop.from_at))
            at = stop.to_at
        busy.append((at, car.to_at))
    quiet: list[Span] = []
    at = begin
    for low, high in sorted(span for span in busy if span[1] > span[0]):
        if low > at:
            quiet.append((at, min(low, end)))
        at = max(at, high)
    if end > at:
        quiet.append((at, end))
    return [span for span in quiet if span[1] > span[0]]


def _cells(
    begin: float, end: float, nights: Sequence[Span], each: float
) -> Sequence[tuple[float, float, bool]]:
    """(from, to, whether it is a night) end to end; the pieces between nights evenly cut."""
    cells: list[tuple[float, float, bool]] = []
    at = begin
    for night in [*nights, (end, end)]:
        many = max(1, round((night[0] - at) / each)) if night[0] > at else 0
        step = (night[0] - at) / many if many else 0.0
        cells += [(at + n * step, at + (n + 1) * step, False) for n in range(many)]
        if night[1] > night[0]:
            cells.append((night[0], night[1], True))
        at = night[1]
    return cells


def _letters(groups: Sequence[Group]) -> dict[int, str]:
    """A letter for each group of several, by its place: kept while most of its cars stay."""
    letters: dict[int, str] = {}
    free = list(ascii_uppercase)
    running: list[int] = []
    for number in sorted(range(len(groups)), key=lambda n: (groups[n].from_at, groups[n].cars)):
        group = groups[number]
        if len(group.cars) < 2:
            continue
        ended = [n for n in running if groups[n].to_at <= group.from_at]
        taken = {letters[n] for n in running if n not in ended}
        mine = set(group.cars)
        # the largest company it grew from lends its letter
        heirs = sorted(
            (n for n in letters if mine & set(groups[n].cars) and letters[n] not in taken),
            key=lambda n: (-groups[n].to_at, -len(mine & set(groups[n].cars)), letters[n]),
        )
        if heirs:
            letters[number] = letters[heirs[0]]
        else:
            spare = [letter for letter in free if letter not in letters.values()]
            spare = spare or [letter for letter in free if letter not in taken] or ["Z"]
            letters[number] = spare[0]
        running = [n for n in running if n not in ended] + [number]
    return letters


def _row(
    car: CarTrip,
    groups: Sequence[Group],
    letters: dict[int, str],
    cells: Sequence[tuple[float, float, bool]],
) -> str:
    mine = [n for n, group in enumerate(groups) if car.car.id in group.cars]
    row = []
    for low, high, night in cells:
        if night:
            row.append(NIGHT)
            continue
        shares: dict[str, float] = {}
        for n in mine:
            seconds = _overlap((groups[n].from_at, groups[n].to_at), (low, high))
            if seconds > 0:
                mark = letters.get(n, ALONE)
                shares[mark] = shares.get(mark, 0.0) + seconds
        shares[UNKNOWN] = (high - low) - sum(shares.values())
        mark = max(shares, key=lambda key: (shares[key], key))
        stood = sum(_overlap((s.from_at, s.to_at), (low, high)) for s in car.stops)
        if stood > (high - low) / 2 and mark != UNKNOWN:
            mark = ALONE_STANDING if mark == ALONE else mark.lower()
        row.append(mark)
    return "".join(row)


def _overlap(a: Span, b: Span) -> float:
    return max(0.0, min(a[1], b[1]) - max(a[0], b[0]))


def _heads(
    cells: Sequence[tuple[float, float, bool]],
    told: Callable[[float], tuple[str, str]],
    wide: int,
) -> tuple[str, ...]:
    """The day where it begins, and hours below, each where there is room."""
    lines = ["", ""]
    day_before = hour_before = ""
    for column, (low, _, night) in enumerate(cells):
        day, hour = told(low)
        if night:
            continue
        if day != day_before and (not lines[0] or len(lines[0]) < column):
            lines[0] = lines[0].ljust(column) + day
            day_before = day
        if hour != hour_before and (not lines[1] or len(lines[1]) + 3 < column):
            lines[1] = lines[1].ljust(column) + hour
            hour_before = hour
    # an hour that does not fit whole is none: of 19 there would be a 1
    fits = len(lines[1]) <= wide
    hours = lines[1] if fits else lines[1].rpartition(" ")[0]
    return lines[0][:wide].rstrip(), hours[:wide].rstrip()
