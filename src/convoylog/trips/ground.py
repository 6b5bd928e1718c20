"""What the trip asks about places, in one seam, so that thinking is tested without maps."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, TypeVar

from numpy import bool_
from numpy.typing import NDArray

from convoylog.model.borders import Region
from convoylog.model.tracks import Floats, Ints

Part_co = TypeVar("Part_co", covariant=True)


class Cover(Protocol[Part_co]):
    """The ground in numbered parts, such as states or time zones; -1 is none of them."""

    def numbers(self, lat: Floats, lon: Floats) -> Ints:
        """The part of each place; degrees, within ±180."""

    def clear_of(
        self, before: int, after: int, lat: Floats, lon: Floats, metres: float
    ) -> NDArray[bool_]:
        """Whether places, all in one part, are at least so far from another.

        lon: continuous, beginning within ±180.
        """

    def cuts(self, lat: Floats, lon: Floats) -> Floats | None:
        """Where a line of places meets borders: hop + share of the hop, ascending.

        None where the borders' lines are not known: they are then found by asking for places.
        """

    def at(self, number: int) -> Part_co | None:
        """The part of a number, None for -1."""


class Ground(Protocol):
    """Zones, towns and regions. Degrees; instants in UTC seconds."""

    def zone_at(self, lat: float, lon: float) -> str:
        """IANA zone of a place, "" if unknown."""

    def offset_at(self, zone: str, at: float) -> int:
        """Seconds east of UTC in a zone at an instant."""

    def instants_of(self, zone: str, naive: datetime) -> tuple[float, ...]:
        """Instants at which clocks of the zone show a time: none, one, or two in order."""

    def end_name(self, lat: float, lon: float) -> str:
        """What a leg's end is called; never "" where a place is."""

    def stop_name(self, lat: float, lon: float) -> str:
        """The town one stands in, "" if none is near."""

    def end_names(self, lat: Floats, lon: Floats) -> list[str]:
        """`end_name` of n places in one go."""

    def stop_names(self, lat: Floats, lon: Floats) -> list[str]:
        """`stop_name` of n places in one go."""

    @property
    def regions(self) -> Cover[Region]:
        """States and provinces."""

    @property
    def scale_m(self) -> float | None:
        """Metres the borders of regions are right to, None where nobody says."""

    @property
    def zones(self) -> Cover[str]:
        """Time zones, by IANA name."""

    def towns_along(
        self, lat: Floats, lon: Floats
    ) -> list[tuple[str, float, float, int, int, float]]:
        """Towns that a line of places comes through, once for each time.

        (name, latitude, longitude, people, number of the nearest place, metres away).
        """

    def region_name(self, lat: float, lon: float) -> str:
        """The state or province, "" if unknown."""
