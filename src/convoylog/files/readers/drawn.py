"""What a map draws, as it comes in: lines, points one by one, and the folders they lie in.

KML and GeoJSON fill these; `drives` then says which of it is a drive.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field

import numpy as np

from convoylog.model.tracks import Floats


def _numbers() -> array[float]:
    return array("d")


@dataclass(slots=True)
class Columns:
    """Positions of one line, track or heap of points, as they come in."""

    time: array[float] = field(default_factory=_numbers)
    lat: array[float] = field(default_factory=_numbers)
    lon: array[float] = field(default_factory=_numbers)
    ele: array[float] = field(default_factory=_numbers)
    more: dict[str, array[float]] = field(default_factory=dict)

    def extend(
        self,
        time: Floats | None,
        lat: Floats,
        lon: Floats,
        ele: Floats,
        more: dict[str, Floats] | None = None,
    ) -> None:
        before, count = len(self.lat), len(lat)
        times = np.full(count, np.nan) if time is None else time
        for column, values in zip(
            (self.time, self.lat, self.lon, self.ele), (times, lat, lon, ele), strict=True
        ):
            column.frombytes(np.ascontiguousarray(values, dtype=np.float64).tobytes())
        for key, values in (more or {}).items():
            found = self.more.setdefault(key, array("d"))
            found.extend([math.nan] * (before - len(found)))
            found.frombytes(np.ascontiguousarray(values, dtype=np.float64).tobytes())

    def filled(self) -> dict[str, Floats]:
        """The further columns, NaN to the end where they stopped earlier."""
        count = len(self.lat)
        for column in self.more.values():
            column.extend([math.nan] * (count - len(column)))
        return {key: np.array(column) for key, column in self.more.items()}


@dataclass(slots=True)
class Folder:
    """A Folder or Document. above: index of the one around it."""

    above: int = 0
    document: bool = False
    name: str = ""
    begin: float = math.nan
    end: float = math.nan


@dataclass(slots=True)
class Drawn:
    """A thing drawn as a line. home: its folder. starts: of segments.

    recorded: it was drawn with times of its own, such as a gx:Track. plan: known to be one.
    joined: its pieces were drawn apart.
    """

    home: int
    recorded: bool = False
    plan: bool = False
    name: str = ""
    columns: Columns = field(default_factory=Columns)
    starts: list[int] = field(default_factory=list)
    span: tuple[float, float] = (math.nan, math.nan)
    joined: bool = False

    def segment(
        self,
        time: Floats | None,
        lat: Floats,
        lon: Floats,
        ele: Floats,
        more: dict[str, Floats] | None = None,
        *,
        join: bool = False,
    ) -> None:
        """One more segment. join: one that begins where the one before ends goes on in it."""
        columns = self.columns
        before = len(columns.lat)
        if before and join and len(lat) and _touches(columns, lat[0], lon[0]):
            columns.extend(None, lat[1:], lon[1:], ele[1:])
        else:
            self.starts.append(before)
            columns.extend(time, lat, lon, ele, more)

    def spanned(self, begin: float, end: float) -> None:
        """The first and the last point get the times between which the line was driven."""
        self.span = (begin, end)
        if len(self.columns.lat):
            self.columns.time[-1] = end
            if len(self.columns.lat) > 1 or math.isnan(end):
                self.columns.time[0] = begin

    def goes_on_in(self, other: Drawn) -> bool:
        """The other is the next piece of one line: drawn in pieces to colour them by speed."""
        return (
            not self.recorded
            and self.home == other.home
            and self.name == other.name
            and _touches(self.columns, other.columns.lat[0], other.columns.lon[0])
        )

    def take(self, other: Drawn) -> None:
        mine, its = self.columns, other.columns
        if math.isnan(mine.time[-1]):
            mine.time[-1] = its.time[0]
        before = len(mine.lat) - 1
        self.starts.extend(before + start for start in other.starts if start)
        for column, more in (
            (mine.time, its.time), (mine.lat, its.lat), (mine.lon, its.lon), (mine.ele, its.ele)
        ):  # fmt: skip
            column.extend(more[1:])
        self.joined = True

    @property
    def timed(self) -> bool:
        return any(not math.isnan(at) for at in self.columns.time)


def _touches(columns: Columns, lat: float, lon: float) -> bool:
    return columns.lat[-1] == lat and columns.lon[-1] == lon


class Marks:
    """Points drawn one by one, in file order. segment: a number that changes at a break."""

    def __init__(self) -> None:
        self.columns = Columns()
        self.home = array("q")
        self.segment = array("q")
        self.names: list[str] = []
        self.texts: list[str] = []

    def __len__(self) -> int:
        return len(self.names)

    def add(
        self,
        home: int,
        name: str,
        text: str,
        values: tuple[float, float, float, float],
        more: dict[str, float],
        segment: int = 0,
    ) -> None:
        """values: time, lat, lon, ele."""
        columns = self.columns
        for column, value in zip(
            (columns.time, columns.lat, columns.lon, columns.ele), values, strict=True
        ):
            column.append(value)
        for key, value in more.items():
            found = columns.more.setdefault(key, array("d"))
            found.extend([math.nan] * (len(self.names) - len(found)))
            found.append(value)
        self.home.append(home)
        self.segment.append(segment)
        self.names.append(name)
        self.texts.append(text)
