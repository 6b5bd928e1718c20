"""What legs and stops are called."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convoylog.model.phrase import Phrase
from convoylog.model.tracks import make_track
from convoylog.trips.ledger import keep_ledger
from convoylog.trips.legs import Span
from convoylog.trips.naming import local_day, name_legs
from convoylog.trips.whereabouts import whereabouts
from tests.trips.drives import NOON, drive, plan
from tests.trips.plain_ground import TOWNS, PlainGround

GROUND = PlainGround()


class TwoAuroras(PlainGround):
    """Where both Denver and Dodge City are called Aurora."""

    def end_name(self, lat: float, lon: float) -> str:
        name = super().end_name(lat, lon)
        return "Aurora" if name in ("Denver", "Dodge City") else name


def title(names: list[str], ground: PlainGround = GROUND) -> str:
    lat, lon = zip(*(TOWNS[name] for name in names), strict=True)
    time = NOON + np.arange(len(names)) * 7200.0
    where = whereabouts(keep_ledger(make_track(time, lat, lon)), ground)
    return name_legs((Span(NOON, float(time[-1])),), where, ground, ("", 0))[0][0].title


def test_a_leg_is_called_after_its_ends() -> None:
    assert title(["Dodge City", "Lamar", "Denver"]) == "Dodge City – Denver"


def test_a_round_trip_is_called_after_its_farthest_place() -> None:
    assert title(["Lamar", "Garden City", "Dodge City", "Lamar"]) == "Lamar – Dodge City – Lamar"


def test_equal_names_at_both_ends_get_the_state() -> None:
    assert title(["Dodge City", "Denver"], TwoAuroras()) == "Aurora (Kansas) – Aurora (Colorado)"


def test_a_drive_about_town_is_around_it() -> None:
    t = np.arange(0.0, 1201.0, 10.0)
    there_and_back = plan((600.0, 8.0), (600.0, -8.0))
    where = whereabouts(keep_ledger(drive(there_and_back, t)), GROUND)
    assert (
        name_legs((Span(NOON, NOON + 1200.0),), where, GROUND, ("", 0))[0][0].title
        == "Around Dodge City"
    )


class Valley(PlainGround):
    """One town; what is no town of it is called after it."""

    def end_name(self, lat: float, lon: float) -> str:
        if (lat, lon) == TOWNS["Lamar"]:
            return "Lamar"
        return Phrase("{away:whole_km} {wind} of {town}", away=6000.0, wind="E", town="Lamar")


@pytest.mark.parametrize("stops", [("Lamar", "Denver", "Lamar"), ("Denver", "Lamar", "Denver")])
def test_a_drive_whose_farthest_place_is_called_after_the_same_town_is_around_it(
    stops: tuple[str, ...],
) -> None:
    assert title(list(stops), Valley()) == "Around Lamar"


def test_what_people_called_it_stays() -> None:
    where = whereabouts(keep_ledger(drive(np.array([0.0, 1e5]), np.array([0.0, 4000.0]))), GROUND)
    span = replace(Span(NOON, NOON + 4000.0), title="Over the Divide", declared=True)
    leg = name_legs((span,), where, GROUND, ("", 0))[0][0]
    assert (leg.title, leg.start_place) == ("Over the Divide", "Dodge City")


def test_a_date_beyond_the_calendar_is_its_last() -> None:
    assert local_day(NOON, -18_000) == "2026-05-02"
    assert (local_day(1e15, 0), local_day(-1e15, 0)) == ("9999-12-31", "0001-01-01")
