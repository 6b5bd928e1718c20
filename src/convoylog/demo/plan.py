"""Who drives which road when: four days in June, planned by the minute and shaken by the seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from convoylog.demo.cast import CAST
from convoylog.demo.drive import DayDriven, Drive, Place, Recorder, drive, ride

#: Thursday to the longest day, which is a Sunday and Father's Day
DAYS = ((2026, 6, 18), (2026, 6, 19), (2026, 6, 20), (2026, 6, 21))
#: hours east of UTC in June
_CENTRAL, _MOUNTAIN, _ARIZONA = -5, -6, -7

_SOFA, _KUMQUAT, _DOLORES, _GECKO, _PLAN_B = (member.name for member in CAST)


@dataclass(frozen=True, slots=True, eq=False)
class _Days:
    """What one number makes of the plan."""

    rng: np.random.Generator

    def departs(self, day: int, hour: int, minute: int, zone: int) -> float:
        """UTC seconds, up to three minutes later than planned."""
        y, m, d = DAYS[day - 1]
        planned = datetime(y, m, d, tzinfo=UTC).timestamp() + (hour - zone) * 3600 + minute * 60
        return planned + float(np.floor(self.rng.random() * 180))

    def drive(self, name: str, departs: float, pace: float = 1.0, **stops: float) -> Drive:
        named = {stop.replace("_", " "): minutes for stop, minutes in stops.items()}
        pace *= 0.985 + 0.03 * self.rng.random()
        return drive(name, departs, named, pace=pace, wobble=6.0 * self.rng.random())


def _paces() -> dict[str, float]:
    return {member.name: member.pace for member in CAST}


def drive_all(rng: np.random.Generator) -> dict[str, tuple[DayDriven, ...]]:
    """Every car's four days."""
    days = _Days(rng)
    by_day = [_thursday(days), _friday(days), _saturday(days), _sunday(days)]
    recorders = _recorders()
    driven: dict[str, tuple[DayDriven, ...]] = {}
    for slot, member in enumerate(CAST):
        driven[member.name] = tuple(
            ride(
                plan[member.name], rng, recorders.get((member.name, number), _usual(member.name)),
                slot, f"{member.name}, day {number}",
            )
            for number, plan in enumerate(by_day, 1)
        )  # fmt: skip
    return _met(driven)


_Plan = Mapping[str, tuple[tuple[Drive, Place], ...]]


def _thursday(days: _Days) -> _Plan:
    """Each on a road of their own, until two are in one town."""
    pace = _paces()
    return {
        _SOFA: ((days.drive(
            "Milwaukee – Des Moines", days.departs(1, 7, 40, _CENTRAL), pace[_SOFA],
            Mount_Horeb=25, Dubuque=40, Grinnell=45), Place()),),
        _KUMQUAT: ((days.drive(
            "Minneapolis – Des Moines", days.departs(1, 14, 20, _CENTRAL), pace[_KUMQUAT],
            Clear_Lake=20), Place()),),
        _DOLORES: ((days.drive(
            "Fort Worth – Amarillo", days.departs(1, 8, 10, _CENTRAL), pace[_DOLORES],
            Decatur=12, Wichita_Falls=30, Childress=45, Clarendon=12), Place()),),
        _GECKO: ((days.drive(
            "Phoenix – Kayenta", days.departs(1, 4, 50, _ARIZONA), pace[_GECKO],
            Sunset_Point=40, Flagstaff=290, Cameron=60, Tsegi=140), Place()),),
        _PLAN_B: ((days.drive(
            "Boise – Tremonton", days.departs(1, 17, 50, _MOUNTAIN), pace[_PLAN_B],
            Glenns_Ferry=15, Burley=25), Place()),),
    }  # fmt: skip


def _friday(days: _Days) -> _Plan:
    """Two across Nebraska, where one passes the other; three still alone."""
    pace = _paces()
    nebraska = days.drive(
        "Des Moines – North Platte", days.departs(2, 8, 30, _CENTRAL),
        Adair=20, Lincoln=55, Kearney=25,
    )  # fmt: skip
    # the old car comes from behind before the milestone and stays in front
    passing = Place(35.0, {"Aurora": 40.0, "Grand Island": -30.0, "North Platte": -24.0})
    return {
        _SOFA: ((nebraska, passing),),
        _KUMQUAT: ((nebraska, Place()),),
        _DOLORES: ((days.drive(
            "Amarillo – Trinidad", days.departs(2, 8, 40, _CENTRAL), pace[_DOLORES],
            Dumas=12, Dalhart=40, Clayton=25, Capulin=60, Raton=20), Place()),),
        _GECKO: ((days.drive(
            "Kayenta – Alamosa", days.departs(2, 6, 30, _MOUNTAIN), pace[_GECKO],
            Four_Corners=45, Cortez=25, Durango=75, Pagosa_Springs=35, Wolf_Creek_Pass=35),
            Place()),),
        _PLAN_B: ((days.drive(
            "Tremonton – Laramie", days.departs(2, 7, 15, _MOUNTAIN), pace[_PLAN_B],
            Evanston=20, Little_America=35, Rawlins=50, Arlington=12), Place()),),
    }  # fmt: skip


def _saturday(days: _Days) -> _Plan:
    """Two and one are three in Sterling, one and one are two in Walsenburg, five in Denver."""
    pace = _paces()
    platte = days.drive(
        "North Platte – Sterling", days.departs(3, 8, 15, _CENTRAL), Ogallala=20, Julesburg=12
    )
    prairie = days.drive(
        "Laramie – Sterling", days.departs(3, 6, 55, _MOUNTAIN), pace[_PLAN_B], New_Raymer=8
    )
    three = days.drive(
        "Sterling – Denver", max(platte.ends, prairie.ends) + 75 * 60.0, 0.97, Fort_Morgan=20
    )
    up = days.drive("Trinidad – Walsenburg", days.departs(3, 8, 45, _MOUNTAIN), pace[_DOLORES])
    over = days.drive(
        "Alamosa – Walsenburg", days.departs(3, 7, 25, _MOUNTAIN), pace[_GECKO], La_Veta_Pass=20
    )
    two = days.drive(
        "Walsenburg – Denver", max(up.ends, over.ends) + 65 * 60.0, 0.95, Colorado_Springs=60
    )
    return {
        _SOFA: ((platte, Place()), (three, Place())),
        _KUMQUAT: ((platte, Place(22.0, {"Julesburg": 45.0})), (three, Place(19.0))),
        # the mechanic last, to hear the belt
        _PLAN_B: ((prairie, Place()), (three, Place(41.0, {"Roggen": 28.0}))),
        _DOLORES: ((up, Place()), (two, Place())),
        _GECKO: ((over, Place()), (two, Place(25.0, {"Monument": 50.0}))),
    }


def _sunday(days: _Days) -> _Plan:
    """Five together; one takes the wrong road in the rain and comes back to the others."""
    up = days.drive("Denver – Frisco", days.departs(4, 10, 50, _MOUNTAIN), 0.97, Georgetown=35)
    four = days.drive("Frisco – Fairplay", up.ends + 12 * 60.0, Breckenridge=25, Hoosier_Pass=20)
    one = days.drive(
        "Frisco – Leadville – Fairplay", up.ends + 13 * 60.0, Leadville=20, Buena_Vista=8
    )
    home = days.drive(
        "Fairplay – Denver", max(four.ends, one.ends) + 55 * 60.0, 0.97,
        Kenosha_Pass=35, Bailey=40, Morrison=30,
    )  # fmt: skip
    behind = {_PLAN_B: 0.0, _DOLORES: 14.0, _SOFA: 31.0, _GECKO: 44.0, _KUMQUAT: 58.0}
    plan = {
        name: ((up, Place(b)), (four, Place(b)), (home, Place(b))) for name, b in behind.items()
    }
    plan[_KUMQUAT] = (
        # already falling back where the rain begins
        (up, Place(58.0, {"Silverthorne": 60.0, "Frisco": 85.0})),
        (one, Place()),
        # the last shall be first
        (home, Place(-20.0)),
    )
    return plan


def _recorders() -> dict[tuple[str, int], Recorder]:
    """Days on which something about the recording is not as usual."""
    tunnel = ("East Portal", "West Portal")
    found = {(member.name, 4): Recorder(every=8.0, tunnel=tunnel) for member in CAST}
    found[_SOFA, 4] = Recorder(every=8.0, tunnel=tunnel, after=90 * 60.0)
    # switched on with the first thermos
    found[_SOFA, 1] = Recorder(before=12 * 60.0)
    found[_DOLORES, 3] = Recorder(after=60 * 60.0)
    found[_KUMQUAT, 3] = Recorder(every=8.0, late=11 * 60.0)
    return found


def _usual(name: str) -> Recorder:
    return Recorder(every=8.0) if name == _KUMQUAT else Recorder()


def _met(driven: dict[str, tuple[DayDriven, ...]]) -> dict[str, tuple[DayDriven, ...]]:
    """Adds what happened between cars to their events: the diner, the barbecue, the finding."""
    y, m, d = DAYS[2]
    grill = datetime(y, m, d, 17 - _MOUNTAIN, 30, tzinfo=UTC).timestamp()
    diner = driven[_KUMQUAT][0].events["end"][0] + 14 * 60.0
    found = driven[_KUMQUAT][3].events["Fairplay"][0]
    between: tuple[dict[str, float], ...] = (
        {"diner": diner},
        {},
        {"barbecue": grill},
        {"found": found},
    )
    return {
        name: tuple(
            DayDriven(one.track, {**one.events, **{k: (v, v) for k, v in more.items()}}, one.along)
            for one, more in zip(rows, between, strict=True)
        )
        for name, rows in driven.items()
    }
