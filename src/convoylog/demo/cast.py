"""Who drives in the demo, in what, and with which cameras."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Device:
    """A camera. zone: what its clock shows; "" is the place's own, as phones do.

    wrong_s: clock minus what it should show. tells_offset, tells_place: what it writes into EXIF.
    declared: the logbook knows of it; synced: with sync points.
    """

    make: str
    model: str
    serial: str
    zone: str = ""
    wrong_s: float = 0.0
    tells_offset: bool = False
    tells_place: bool = False
    declared: bool = False
    synced: bool = False

    @property
    def key(self) -> str:
        """As docs/format.md makes it: the model in small letters and six digits of a digest."""
        slug = re.sub(r"[^a-z0-9]+", "-", self.model.lower()).strip("-")
        whole = f"{self.make}|{self.model}|{self.serial}"
        return f"{slug}-{hashlib.sha256(whole.encode()).hexdigest()[:6]}"


@dataclass(frozen=True, slots=True)
class Member:
    """A car and its people. odometer_mi: at the start."""

    name: str
    driver: str
    vehicle: str
    number: str
    colour: str
    zone: str
    odometer_mi: float
    device: Device
    pace: float


CAST = (
    Member(
        "The Sofa", "Ingrid & Walt Lindqvist", "Buick Estate '89", "3", "blue",
        "America/Chicago", 99_385.0,
        # set at home and never again, without saying in which zone: `check` and `camera` tell
        Device("Halberg", "Trillium 20", "HT20-55120", zone="America/Chicago"), 1.0,
    ),
    Member(
        "Kumquat", "Mai Tran & Teddy Novak", "Honda Fit '09", "7", "orange",
        "America/Chicago", 143_870.0,
        Device("Quince", "Q5", "", tells_offset=True, tells_place=True), 1.0,
    ),
    Member(
        "Big Dolores", "The Okafors: Ada, Ben, Zuri, Kit", "Toyota Sienna '14", "12", "magenta",
        "America/Chicago", 88_206.0,
        Device("Tern", "Pocket 3", "TP3-0093771", tells_offset=True), 0.99,
    ),
    Member(
        "Gecko", "Noor Haddad", "Suzuki Samurai '88", "21", "green",
        "America/Phoenix", 61_044.0,
        Device("Kestrel", "KF-2", "20031877", zone="America/Phoenix", wrong_s=-220.0,
               declared=True, synced=True), 0.96,
    ),
    Member(
        "Plan B", "Dell Amaya and Gasket (dog)", "Ford F-100 '79", "40", "violet",
        "America/Boise", 212_655.0,
        # an hour and 13 minutes slow, and nobody has said so but its owner, in a note
        Device("Optex", "D100", "4471", zone="America/Boise", wrong_s=-4380.0, declared=True), 0.98,
    ),
)  # fmt: skip
