"""What the trip asks about places, in one seam, so that thinking is tested without maps."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from convoylog.model.tracks import Floats


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

    def regions_along(self, lat: Floats, lon: Floats) -> tuple[tuple[str, str, str], ...]:
        """(country code, region code, name) in order of first visit."""

    def region_name(self, lat: float, lon: float) -> str:
        """The state or province, "" if unknown."""
