"""`convoy` as typed: two cars that meet, drive together and part; broken and lonely logbooks."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from convoylog.model.tracks import Track
from tests.journeys.typed import Typed
from tests.trips.convoy.cars import drive
from tests.trips.drives import plan

NAMES = ("Anna", "Ben")


def gpx(track: Track) -> str:
    points = "".join(
        f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}"><time>{at}Z</time></trkpt>'
        for lat, lon, at in zip(
            track.lat.tolist(),
            track.lon.tolist(),
            (track.time * 1000).astype("int64").astype("datetime64[ms]").astype(str).tolist(),
            strict=True,
        )
    )
    return (
        '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="t"><trk><trkseg>'
        f"{points}</trkseg></trk></gpx>"
    )


@pytest.fixture
def met(rally: Path, home: Path, typed: Typed) -> Path:
    """Anna waits at 90 km; Ben comes a quarter of an hour behind, and half an hour on he stops."""
    anna = plan((3000.0, 30.0), (1800.0, 0.0), (4000.0, 30.0))
    ben = plan((900.0, 0.0), (3000.0, 30.0), (930.0, 0.0), (1800.0, 30.0), (2400.0, 0.0))
    for name, way, begin in (("Anna", anna, 0.0), ("Ben", ben, 900.0)):
        (home / f"{name}.gpx").write_text(gpx(drive(way, np.arange(begin, 8800.0, 5.0))))
    typed("car", "add", "Ben")
    typed("add", "Anna.gpx", "--car", "Anna")
    typed("add", "Ben.gpx", "--car", "Ben")
    return rally


def test_a_strip_the_meetings_and_a_table(met: Path, typed: Typed) -> None:
    told = typed("convoy")
    lines = told.splitlines()
    rows = {name: next(row for row in lines if row.startswith(f"{name} ")) for name in NAMES}
    anna, ben = (rows[name][len("Anna  ") :] for name in NAMES)
    assert {"A", "a", "-", "."} <= set(anna), told
    # letters stand at the same columns in both rows
    assert re.sub("[^Aa]", " ", anna).upper().rstrip() == re.sub("[^Aa]", " ", ben).upper().rstrip()
    assert "Anna and Ben meet" in told
    assert "Anna and Ben part" in told
    assert "Anna 15 min" in told
    assert "Anna – Ben" in told
    assert all(len(line) <= 80 for line in told.splitlines()), told
    assert "\x1b" not in told


def test_json_keeps_its_contract(met: Path, typed: Typed) -> None:
    found = json.loads(typed("convoy", "--json"))
    assert {"pairs", "groups", "events", "rendezvous", "convergence", "warnings", "rules"} <= set(
        found
    )
    (pair,) = found["pairs"]
    assert {
        "a", "b", "both_known_s", "together_s", "share", "episodes", "gap_s", "lead_s",
        "overtakes", "closest", "same_route",
    } <= set(pair)  # fmt: skip
    assert ("Anna", "Ben") == (pair["a"], pair["b"])
    assert {"min", "median", "p95", "max"} == set(pair["gap_s"])
    assert {"distance_m", "at", "a", "b"} <= set(pair["closest"])
    assert {"shared_m", "of_a", "of_b"} <= set(pair["same_route"])
    assert {"Anna", "Ben"} == set(pair["lead_s"])
    assert pair["episodes"][0]["from"].endswith("Z")
    assert ["join", "split"] == [event["kind"] for event in found["events"]]
    assert {"at", "kind", "cars", "lat", "lon"} <= set(found["events"][0])
    (met_,) = found["rendezvous"]
    assert {"from", "to", "cars", "lat", "lon", "place", "waited_s"} <= set(met_)
    assert {"car", "alone_m", "joined_at", "joined"} <= set(found["convergence"][0])
    assert {"from", "to", "cars", "order", "length_s"} <= set(found["groups"][0])
    assert 300.0 == found["rules"]["gap_s"]


def test_in_a_pipe_no_line_is_longer_than_80_letters(met: Path, typed: Typed) -> None:
    for name in NAMES:
        typed("car", "set", name, f"name={name} and the whole of the second family from there")
    whole = typed("convoy")
    assert all(len(line) <= 80 for line in whole.splitlines()), whole
    # the sentence goes on beside its time, and nothing of it is lost
    lines = whole.splitlines()
    begin = next(
        n for n, line in enumerate(lines) if re.match(r"\w{3} +\d+ \w{3} ..:.. \w+  Anna", line)
    )
    first, second, third = lines[begin : begin + 3]
    assert {first.index("Anna")} == {len(line) - len(line.lstrip()) for line in (second, third)}
    sentence = " ".join(" ".join(line.split()) for line in (first, second, third))
    assert "Ben and the whole of the second family from there meet" in sentence


def test_a_logbook_sets_its_own_numbers(met: Path, typed: Typed) -> None:
    toml = met / "logbook.toml"
    toml.write_text(toml.read_text() + "\n[convoy]\ngap_s = 1000\n")
    assert 1000.0 == json.loads(typed("convoy", "--json"))["rules"]["gap_s"]
    told = typed("convoy", "--rules")
    (row,) = [line for line in told.splitlines() if line.startswith("gap_s")]
    assert "1000" in row
    assert "usually 300" in told
    # a quarter of an hour behind is together now
    (pair,) = json.loads(typed("convoy", "--json"))["pairs"]
    assert pair["together_s"] > 6500.0


@pytest.mark.parametrize("line", ["gap_s = -5", 'gap_s = "five"', "corridor_m = 1e9"])
def test_numbers_that_cannot_be_are_told_and_not_used(line: str, met: Path, typed: Typed) -> None:
    toml = met / "logbook.toml"
    toml.write_text(toml.read_text() + f"\n[convoy]\n{line}\n")
    found = json.loads(typed("convoy", "--json"))
    assert (300.0, 75.0) == (found["rules"]["gap_s"], found["rules"]["corridor_m"])
    typed("check", code=1)
    assert "convoy" in typed.out + typed.err


def test_one_day_one_leg_one_car(met: Path, typed: Typed) -> None:
    whole = json.loads(typed("convoy", "--json"))
    assert whole["pairs"] == json.loads(typed("convoy", "--day", "1", "--json"))["pairs"]
    assert "no day" in typed.refuses("convoy", "--day", "9", code=2)
    assert "no leg" in typed.refuses("convoy", "--leg", "Atlantis", code=2)
    leg = json.loads(typed("leg", "list", "--json"))["cars"][1]["legs"][0]["title"]
    part = json.loads(typed("convoy", "--leg", leg, "--car", "Ben", "--json"))
    assert 0.0 < part["pairs"][0]["both_known_s"] <= whole["pairs"][0]["both_known_s"]
    assert all("Ben" in group["cars"] for group in part["groups"])
    # the others' rows are whole also in one car's strip: alone is not unknown
    strip = typed("convoy", "--car", "Ben").splitlines()
    anna = next(line for line in strip if line.startswith("Anna "))
    assert {"-", ".", "A"} <= set(anna[len("Anna") :]), strip


def test_a_lonely_car_and_an_empty_logbook(rally: Path, typed: Typed) -> None:
    assert "" == typed("convoy")
    assert "two cars" in typed.err
    assert [] == json.loads(typed("convoy", "--json"))["pairs"]
